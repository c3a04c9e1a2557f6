"""Web pages saved with all their parts in one file."""

from __future__ import annotations

import quopri

import pytest

from publish.importers import import_source
from publish.importers.mhtml import read_mhtml

WORDS = "山里有人家，门前一条河，河上有一座桥，桥那边是镇子，逢五逢十有集，人来人往，很是热闹。" * 3
PAGE = (
    '<html><head><meta charset="{charset}"><title>山居</title></head><body><nav>导航</nav><article><h1>山居</h1>'
    f'<p>{WORDS}</p><img src="https://example.com/img/a.png"><img src="cid:b@mhtml.blink"></article></body></html>'
)
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="


def _saved(charset):
    page = quopri.encodestring(PAGE.format(charset=charset).encode(charset)).decode()
    parts = [
        f"Content-Type: text/html; charset={charset}\nContent-ID: <r@x>\nContent-Transfer-Encoding: quoted-printable\n"
        f"Content-Location: https://example.com/山/a.html\n\n{page}".replace("山/", "s/", 1),
        f"Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Location: https://example.com/img/a.png\n\n{DOT}",
        f"Content-Type: image/gif\nContent-Transfer-Encoding: base64\nContent-ID: <b@mhtml.blink>\n\n{DOT}",
        "Content-Type: text/html\nContent-ID: <f@x>\nContent-Location: https://example.com/frame\n\n<p>框</p>",
    ]
    head = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://example.com/s/a.html\nSubject: a\n"
        'MIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype="text/html";\n\tboundary="B"\n\n'
    )
    return (head + "".join(f"\n--B\n{part}\n" for part in parts) + "\n--B--\n").replace("\n", "\r\n").encode()


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_page_saved_in_one_file_comes_with_its_pictures(tmp_path, charset):
    (tmp_path / "山居.mhtml").write_bytes(_saved(charset))
    report = import_source(tmp_path / "山居.mhtml", tmp_path / "book")
    assert (report.importer, report.metadata["title"]) == ("html", "山居")
    text = (tmp_path / "book/shan-ju.md").read_text(encoding="utf-8")
    assert WORDS in text
    assert text.count("](images/") == 2
    assert "导航" not in text
    assert [one.excerpt for one in report.decisions if one.code == "frame-left-out"] == ["https://example.com/frame"]


def test_a_message_without_a_page_has_no_page():
    assert (
        read_mhtml(b"Content-Type: multipart/related; boundary=B\n\n--B\nContent-Type: image/png\n\nx\n--B--\n").data
        == b""
    )
