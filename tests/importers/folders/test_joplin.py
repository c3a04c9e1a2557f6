"""Joplin's exports: notes in notebooks, without their fields, links by key led to notes and pictures."""

from __future__ import annotations

import io
import tarfile

import pytest

from publish.errors import PublishError
from publish.importers import import_source
from tests.importers.folders.test_folders import codes, paths
from tests.tiny import picture

BOOK, BELOW, ONE, TWO, RESOURCE = (char * 32 for char in "abcde")


def item(title, key, kind, parent="", body="", **more):
    said = {"id": key, "parent_id": parent, "author": "", **more, "type_": kind}
    fields = "\n".join(f"{name}: {value}" for name, value in said.items())
    return "\n\n".join(one for one in (title, body, fields) if one)


EXPORT = {
    f"{BOOK}.md": item("山居", BOOK, 2),
    f"{BELOW}.md": item("水", BELOW, 2, BOOK),
    f"{ONE}.md": item("第一篇", ONE, 1, BOOK, f"见[第二篇](:/{TWO})。\n\n![图](:/{RESOURCE})\n\n键: 值"),
    f"{TWO}.md": item("第二篇", TWO, 1, BELOW, "- [ ] 做"),
    f"{RESOURCE}.md": item("图.png", RESOURCE, 4),
    f"resources/{RESOURCE}.png": picture(),
}


def packed(rows):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in rows.items():
            data = content if isinstance(content, bytes) else content.encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def test_notes_stand_in_their_notebooks_without_their_fields(run):
    report, book, read = run(EXPORT)
    assert (report.importer, book["title"]) == ("joplin", "山居")
    assert list(paths(book["chapters"])) == ["山居/第一篇.md", "山居/水/第二篇.md"]
    first = read("山居/第一篇.md")
    assert "见[第二篇](水/第二篇.md)。" in first
    assert f"![图](../resources/{RESOURCE}.png)" in first
    assert "键: 值" in first
    assert "id:" not in first
    assert set(codes(report)) == {"headings"}


def test_an_archive_is_unpacked_and_what_leads_out_of_it_is_not(tmp_path):
    (tmp_path / "笔记.jex").write_bytes(packed({**EXPORT, "../out.md": "# 外"}))
    report = import_source(tmp_path / "笔记.jex", tmp_path / "book")
    assert report.importer == "joplin"
    assert "file-outside" in codes(report)
    assert not (tmp_path.parent / "out.md").exists()


def test_a_note_that_is_encrypted_is_told(run):
    locked = item("锁", TWO, 1, BELOW, "JED01", encryption_applied=1)
    report, _, _ = run({**EXPORT, f"{TWO}.md": locked})
    assert "note-locked" in codes(report)


def test_an_archive_that_ends_too_early_is_refused(tmp_path):
    (tmp_path / "a.jex").write_bytes(packed(EXPORT)[:1300])
    with pytest.raises(PublishError, match="the archive is damaged"):
        import_source(tmp_path / "a.jex", tmp_path / "book")
