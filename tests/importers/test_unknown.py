"""What no importer knows is refused with what it is and what to do; what only has a wrong name is read."""

from __future__ import annotations

import os
import zipfile
from importlib.metadata import EntryPoint

import pytest

from publish.errors import PublishError
from publish.importers import detect, import_source, importer, registered, unknown

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
NOVEL = "第一章 山\n\n　　山里有人家，门前一条河。\n\n第二章 水\n\n　　水往东去，不回头。\n"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.docx", b"", "the file is empty"),
        ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "old Word"),
        ("a.docx", OLE + "EncryptionInfo".encode("utf-16-le"), "a password locks this document"),
        ("a.wps", OLE, "old Office or WPS"),
        ("a.docx", b"PK\x03\x04" + b"\1" * 90, "ends too early"),
        ("a.docx", bytes(range(128, 250)), "does not begin as a document does"),
        ("a.docx", b"{\\rtf1\\ansi }", "RTF"),
        ("a.pdf", b"%PDF-1.7\n", "PDF"),
        ("a.mobi", b"\0" * 60 + b"BOOKMOBI", "Kindle"),
        ("a.lake", b'<!doctype lake><meta name="doc-version" content="1" />', "a document of Yuque"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0", "archive"),
        ("a.bin", bytes(range(128, 250)), "nothing here that can be imported"),
    ],
)
def test_a_file_that_no_importer_knows_is_named(tmp_path, name, content, problem):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PublishError, match=problem) as caught:
        detect(tmp_path / name)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("part", "problem"), [("xl/workbook.xml", "workbook"), ("ppt/a.xml", "slides"), ("a.md", "ZIP archive")]
)
def test_a_zip_file_is_named_by_its_parts(tmp_path, part, problem):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as made:
        made.writestr(part, "文")
    with pytest.raises(PublishError, match=problem):
        detect(tmp_path / "a.docx")


def test_a_folder_without_text_says_what_it_holds(tmp_path):
    with pytest.raises(PublishError, match="the folder is empty"):
        detect(tmp_path)
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    with pytest.raises(PublishError, match=r"1 \.png"):
        detect(tmp_path)


def test_a_book_of_publish_is_built_and_not_imported(tmp_path):
    (tmp_path / "book.yaml").write_text("title: 山\n", encoding="utf-8")
    (tmp_path / "a.md").write_text("# 甲\n", encoding="utf-8")
    with pytest.raises(PublishError, match="a book of publish already") as caught:
        detect(tmp_path)
    assert "publish build" in caught.value.remedy
    assert import_source(tmp_path, None, name="folder").counts["chapters"] == 1


@pytest.mark.parametrize("name", ["novel.docx", "novel", "novel.bak"])
def test_a_text_with_a_wrong_ending_is_read_as_text(tmp_path, name):
    (tmp_path / name).write_bytes((NOVEL * 9).encode("gb18030"))
    report = import_source(tmp_path / name, None)
    assert (report.importer, report.counts["chapters"]) == ("text", 18)


def test_an_article_in_gb18030_is_read(tmp_path):
    (tmp_path / "a.md").write_bytes(("# 山中\n\n" + "山里有人家，门前一条河。\n\n" * 9).encode("gb18030"))
    report = import_source(tmp_path / "a.md", None)
    assert report.metadata["title"] == "山中"
    assert "encoding-converted" in [one.code for one in report.decisions]


def test_a_document_that_unpacks_to_far_more_than_text_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(unknown, "LARGE", 10_000)
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b"<a>" + b" " * 900_000)
    with pytest.raises(PublishError, match="times its size"):
        import_source(tmp_path / "a.docx", None)


@pytest.mark.parametrize("name", registered())
def test_whatever_is_said_to_be_of_a_kind_and_is_not_is_refused_with_a_remedy(tmp_path, name):
    (tmp_path / "junk.bin").write_bytes(bytes(range(128, 256)) * 9)
    (tmp_path / "empty").mkdir()
    for source in ("junk.bin", "empty"):
        with pytest.raises(PublishError) as caught:
            import_source(tmp_path / source, None, name=name)
        assert caught.value.remedy


def test_what_is_neither_a_file_nor_a_folder_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PublishError) as caught:
        import_source(tmp_path / "pipe", tmp_path / "book")
    assert "neither" in caught.value.problem


def test_a_knowledge_base_of_yuque_is_called_so(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "$meta.json").write_text("{}")
    with pytest.raises(PublishError, match="a knowledge base of Yuque"):
        detect(tmp_path)


def test_an_importer_whose_module_is_gone_is_told_in_a_sentence(monkeypatch):
    gone = EntryPoint("gone", "publish.importers.nowhere:Importer", "publish.importers")
    monkeypatch.setattr("publish.importers.registered", lambda: {"gone": gone})
    with pytest.raises(PublishError, match=r'the importer "gone" is not there: publish\.importers\.nowhere'):
        importer("gone")
