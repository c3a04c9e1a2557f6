"""The comparison of a folder with the book made of it tells each run that is missing, and no other."""

from __future__ import annotations

import zipfile

import pytest

from scripts.imported import DOCUMENTS, compare, folded, prose, web_blocks


@pytest.mark.parametrize(
    ("pages", "missing"),
    [
        (["山中一夜听雨Rust2021"], 0),
        (["山中一夜", "听雨Rust2021"], 0),  # over the end of a page
        (["山中一夜注一", "听雨Rust2021"], 0),  # with a note at its foot
        (["山中一夜听Rust2021"], 1),
        (["山中一夜听雨2021"], 1),
        (["听雨山中一夜"], 3),
    ],
)
def test_a_run_is_missing_where_it_stands_nowhere_whole(pages, missing, capsys):
    assert compare("试", [("a.md", "山中一夜听雨 Rust 2021")], pages) == missing
    assert f"{missing} missing" in capsys.readouterr().out


def test_a_run_must_stand_as_often_as_in_the_original(capsys):
    assert compare("试", [("a.md", "听雨"), ("b.md", "听雨")], ["听雨"]) == 1
    assert "a.md: 听雨 (1 of 2)" in capsys.readouterr().out


def test_blocks_of_a_site_are_its_chapters_without_navigation(tmp_path):
    page = (
        "<html><body><nav>目录</nav><main><p>一<b>二</b></p><ul><li>三</li></ul><nav>下一章</nav></main></body></html>"
    )
    for name in ("index.html", "book.html", "a.html"):
        (tmp_path / name).write_text(page, encoding="utf-8")
    assert web_blocks(tmp_path, "book") == ["一二", "三"]


def test_prose_is_what_a_reader_sees_of_markdown():
    assert prose("---\ntitle: 题\n---\n\n# 章\n\n文`码`。\n\n```\n码\n```\n").split() == ["章", "文", "。"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("着后里干记账", "著後裡乾記帳"), ("余下的头发", "餘下的頭髮"), ("軟體裏", "软体里"), ("為只", "爲衹")],
)
def test_what_conversions_make_of_a_text_is_the_same_when_folded(one, other):
    assert folded(one) == folded(other)
    assert folded("软件") != folded("软体")


def test_a_word_files_text_is_read_without_what_was_deleted_and_fields_codes(tmp_path):
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f"<w:document {space}><w:body><w:p><w:r><w:t>山</w:t></w:r><w:r><w:t>中</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as file:
        file.writestr("word/document.xml", body)
        file.writestr("word/footnotes.xml", f"<w:footnotes {space}><w:p><w:r><w:t>注</w:t></w:r></w:p></w:footnotes>")
        file.writestr("word/header1.xml", f"<w:hdr {space}><w:p><w:r><w:t>眉</w:t></w:r></w:p></w:hdr>")
    assert DOCUMENTS[".docx"]((tmp_path / "a.docx").read_bytes()).split() == ["山中", "注"]


def test_an_open_documents_text_is_read_without_annotations(tmp_path):
    spaces = "xmlns:text='t' xmlns:office='o'"
    note = "<office:annotation>批</office:annotation>"
    body = f"<body {spaces}><text:p>山<text:span>中</text:span>一{note}夜</text:p></body>"
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as file:
        file.writestr("content.xml", body)
    assert DOCUMENTS[".odt"]((tmp_path / "a.odt").read_bytes()).split() == ["山中一夜"]
