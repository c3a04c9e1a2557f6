"""A folder of documents, each a chapter or more, comes in as one book."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.importers import import_source
from tests.importers.folders.conftest import run as run  # noqa: PLC0414  # a fixture


def test_texts_and_documents_are_chapters_in_natural_order(run):
    report, book, read = run(
        {
            **{
                f"第{n}章.txt": f"第{n}章 山{n}\n\n　　山里有{n}家人，门前一条河。\n".encode("gb18030")
                for n in (2, 10, 1)
            },
            "附录/尾声.txt": "　　都走了，门前还是那条河。\n",
            "附录/空.txt": b"",
            "~$第1章.txt": "锁",
        },
        name="山中",
    )
    assert report.importer == "files"
    assert book["title"] == "山中"
    paths = [one if isinstance(one, str) else one["chapters"][0] for one in book["chapters"]]
    assert [read(one).split("\n")[0] for one in paths] == ["# 第1章 山1", "# 第2章 山2", "# 第10章 山10", "# 尾声"]
    assert book["chapters"][-1]["part"] == "附录"


def test_a_file_that_cannot_be_read_is_told_and_stops_nothing_else(run, tmp_path):
    report, book, _ = run({"1.txt": "第一章 山\n\n　　文。\n", "2.txt": bytes(range(128, 256)) * 9})
    assert len(book["chapters"]) == 1
    assert [(one.file, one.code) for one in report.decisions] == [("2.txt", "file-unread")]
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "2.txt").write_bytes(bytes(range(128, 256)) * 9)
    with pytest.raises(PublishError, match="this is no text"):
        import_source(tmp_path / "bad", None)


def test_word_documents_beside_pages_are_told(run):
    report, _, _ = run({"a.md": "# 甲\n", "b.docx": b"PK"})
    assert [one.excerpt for one in report.decisions if one.code == "page-other"] == ["a file in .docx"]


def test_a_readme_beside_texts_is_not_the_book(run):
    texts = {
        f"第{n}章.txt": f"第{n}章 山{n}\n\n　　山里有{n}家人，门前一条河，河上一座桥，桥边一棵树，很多年了。\n"
        for n in (1, 2)
    }
    report, book, _ = run({"README.md": "# 我的小说\n", "requirements.txt": "mkdocs\n", **texts})
    assert (report.importer, len(book["chapters"])) == ("files", 2)
    assert [(one.excerpt, one.code) for one in report.decisions] == [("README.md", "page-unlisted")]
    report, book, _ = run({"README.md": "# 书\n\n字。\n", "requirements.txt": "mkdocs\n"}, name="pages")
    assert (report.importer, len(book["chapters"]), [one.code for one in report.decisions]) == (
        "folder",
        1,
        ["contents"],
    )
    report, _, _ = run({"README.md": "# 书\n", "a.md": "# 甲\n", **texts, "b.html": "<p>网页里的话</p>"}, name="both")
    assert [one.excerpt for one in report.decisions if one.code == "page-other"] == [
        "2 files in .txt",
        "a file in .html",
    ]
    report, _, _ = run({"README.md": "# 长文\n\n" + "字。" * 200, "说明.txt": "短。\n", "a.epub": b"PK"}, name="long")
    assert report.importer == "folder"
    assert [one.excerpt for one in report.decisions if one.code == "page-other"] == [
        "a file in .epub",
        "a file in .txt",
    ]
