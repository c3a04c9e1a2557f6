"""ZIP files as sources: what is unpacked, what is refused, and what is told."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from publish.errors import PublishError
from publish.importers import archive, import_source

MDBOOK = {
    "山居-main/book.toml": '[book]\ntitle = "山居"\n',
    "山居-main/src/SUMMARY.md": "# 目录\n\n- [甲](a.md)\n",
    "山居-main/src/a.md": "# 甲\n\n山里有人家。\n\n![](a.png)\n",
    "山居-main/src/a.png": b"\x89PNG\r\n\x1a\n",
}


def _zip(path, files, **more):
    with zipfile.ZipFile(path, "w", **more) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def test_a_project_in_a_zip_file_is_read_as_its_folder_is(tmp_path):
    report = import_source(_zip(tmp_path / "山居-main.zip", MDBOOK), tmp_path / "book")
    assert (report.importer, report.source) == ("mdbook", "山居-main.zip")
    assert report.metadata["title"] == "山居"
    assert report.metadata["slug"] == "shan-ju"
    assert (tmp_path / "book" / "a.md").read_text(encoding="utf-8").startswith("# 甲\n\n山里有人家。")
    assert "山居" in (tmp_path / "book/raw/book.toml").read_text(encoding="utf-8")
    again = import_source(tmp_path / "山居-main.zip", tmp_path / "book")
    assert {one.state for one in again.changes} == {"same"}


def test_a_lone_file_in_a_zip_file_is_read_as_itself(tmp_path):
    novel = "第一章 山\n\n山里有人家。\n\n第二章 水\n\n门前一条河。\n" * 9
    report = import_source(_zip(tmp_path / "a.zip", {"小说/山水.txt": novel, "__MACOSX/小说/._山水.txt": "x"}), None)
    assert (report.importer, report.metadata["slug"]) == ("text", "shan-shui")
    assert [one.code for one in report.decisions if one.code.startswith("file-")] == []


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_are_read_in_the_encoding_of_their_authors_system(tmp_path, encoding):
    class Named(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):  # noqa: N802  # what Windows' own archives have: no mark of UTF-8
            return self.filename.encode(encoding), self.flag_bits

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        for name in ("笔记/第二章 水.md", "笔记/第一章 山.md"):
            made.writestr(Named(name), "# 题\n\n山里有人家，门前一条河。\n")
    report = import_source(tmp_path / "a.zip", None)
    assert list(report.originals) == ["第一章 山.md", "第二章 水.md"]


def test_archives_that_alone_are_in_an_archive_are_unpacked_too(tmp_path):
    inner = io.BytesIO()
    _zip(inner, {"甲.md": "# 甲\n\n山。\n", "乙.md": "# 乙\n\n水。\n"})
    report = import_source(_zip(tmp_path / "a.zip", {"Export-Part-1.zip": inner.getvalue()}), None)
    assert report.counts["chapters"] == 2


def test_what_would_stand_outside_of_the_folder_is_left_out_and_told(tmp_path):
    link = zipfile.ZipInfo("link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    files = {
        "a.md": "# 甲\n\n山。\n",
        "b.md": "# 乙\n",
        "../out.md": "x",
        "/etc/x.md": "x",
        "C:/x.md": "x",
        link: "a.md",
    }
    report = import_source(_zip(tmp_path / "deep.zip", files), tmp_path / "book")
    told = {one.excerpt for one in report.decisions if one.code == "file-outside"}
    assert told == {"../out.md", "/etc/x.md", "C:/x.md", "link.md"}
    assert set(report.originals) == {"a.md", "b.md"}
    assert not (tmp_path / "out.md").exists()


def test_an_archive_larger_than_any_book_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    with pytest.raises(PublishError, match="more than any book") as caught:
        import_source(_zip(tmp_path / "a.zip", {"a.md": "山" * 999}), None)
    assert caught.value.remedy


def test_a_damaged_or_locked_archive_says_so(tmp_path):
    data = _zip(tmp_path / "a.zip", {"a.md": "# 山\n" * 99, "b.md": "x"}).read_bytes()
    (tmp_path / "bad.zip").write_bytes(data.replace("# 山\n# 山".encode(), "# 水\n# 水".encode(), 1))
    with pytest.raises(PublishError, match="the archive is damaged"):
        import_source(tmp_path / "bad.zip", None)
    # The flag of a password, in the list at the archive's end.
    (tmp_path / "locked.zip").write_bytes(data.replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1", 1))
    with pytest.raises(PublishError, match="a password locks this archive"):
        import_source(tmp_path / "locked.zip", None)


def test_an_error_names_the_archive_and_not_where_it_was_unpacked(tmp_path):
    with pytest.raises(PublishError) as caught:
        import_source(_zip(tmp_path / "a.zip", {"a/x.bin": "x", "a/y.bin": "y"}), None)
    assert "publish-import" not in str(caught.value)
    assert "a.zip" in str(caught.value)
