"""The store: files appear whole or not at all, and nothing that a stranger made is lost."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from publish.build import inputs
from publish.build.artifact import Artifact
from publish.build.store import LOCK, Store, clean, differences, held, read_manifest, source_hash
from publish.errors import DiskError, Place, PublishError, disk_told
from publish.textfile import shown
from tests.tiny import everything, state

GONE = 2**22 + 1  # no process has this id: Linux's greatest is 2**22


def put(store, edition, format_name, **files):
    folder = store.stage(edition, format_name)
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {
        (edition, format_name): tuple(
            path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()
        )
    }


def publish(output, *targets, **files):
    with Store(output) as store:
        staged = {}
        for edition, format_name in targets or [("zh-CN", "epub")]:
            staged |= put(store, edition, format_name, **(files or {"a_epub": "book"}))
        rows = {edition: {"tag": edition, "name": edition} for edition, _ in staged}
        return store.publish(staged, {"editions": rows}, lambda found: f"{len(found)} files\n")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def test_what_is_staged_appears_with_its_size_and_hash(out):
    [artifact] = publish(out)
    assert artifact == Artifact("zh-CN", "epub", "zh-CN/a.epub", 4, state(out)["zh-CN/a.epub"])
    assert everything(out) == ["index.html", "manifest.json", "zh-CN", "zh-CN/a.epub"]
    assert read_manifest(out)["artifacts"][0]["sha256"] == artifact.sha256


def test_a_build_that_stops_between_two_files_is_cleaned_up_whole(out, monkeypatch):
    publish(out, ("zh-CN", "epub"))
    move, moved = Path.replace, []

    def fail_at_the_second(self, target):
        if ".staging-" in self.parts[-4]:
            if moved:
                raise OSError("the disk is full")
            moved.append(target)
        return move(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_second)
    with pytest.raises(PublishError, match="cannot write"):
        publish(out, ("zh-TW", "epub"), a_epub="first", b_epub="second")
    monkeypatch.undo()
    assert [target.is_file() for target in moved] == [True]
    clean(out)
    assert not out.exists(), "the manifest listed the new files before the first was moved"


def test_what_is_not_published_leaves_nothing(out):
    with Store(out / "deep") as store:
        put(store, "zh-CN", "epub", a_epub="book")
    assert not out.exists()


def test_a_file_that_a_target_no_longer_has_goes_with_its_folder(out):
    publish(out, ("zh-CN", "html"), html__x__old_html="old", html__index_html="one")
    publish(out, ("zh-CN", "html"), html__index_html="two")
    assert (out / "zh-CN/html/index.html").read_text() == "two"
    assert not (out / "zh-CN/html/x").exists()


def test_targets_that_were_not_built_stay(out):
    publish(out, ("zh-CN", "epub"), ("zh-TW", "epub"))
    publish(out, ("zh-TW", "epub"), b_epub="other")
    assert [row["path"] for row in read_manifest(out)["artifacts"]] == ["zh-CN/a.epub", "zh-TW/b.epub"]
    assert set(read_manifest(out)["editions"]) == {"zh-CN", "zh-TW"}


def test_a_file_that_a_user_deleted_is_not_listed_again(out):
    publish(out, ("zh-CN", "epub"), ("zh-TW", "epub"))
    (out / "zh-CN/a.epub").unlink()
    publish(out, ("zh-TW", "epub"))
    assert [row["path"] for row in read_manifest(out)["artifacts"]] == ["zh-TW/a.epub"]


@pytest.mark.parametrize("name", ["zh-CN/a.epub", "index.html", "zh-CN"])
def test_a_strangers_file_in_the_way_is_refused_and_kept(out, name):
    (out / name).parent.mkdir(parents=True)
    (out / name).write_text("mine")
    with pytest.raises(PublishError, match="in the way and no build made it"):
        publish(out)
    assert state(out) == state(out) | {name: state(out)[name]}
    assert everything(out) == sorted({name, *([name.rpartition("/")[0]] if "/" in name else [])})
    assert (out / name).read_text() == "mine"


def test_a_strangers_folder_of_a_files_name_is_refused(out):
    (out / "manifest.json").mkdir(parents=True)
    with pytest.raises(PublishError, match="in the way"):
        publish(out)
    assert everything(out) == ["manifest.json"]


def test_a_strangers_manifest_is_refused(out):
    out.mkdir()
    (out / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(PublishError, match="damaged or not ours"):
        publish(out)
    assert everything(out) == ["manifest.json"]


def test_an_output_that_is_a_file_is_refused(out):
    out.write_text("mine")
    with pytest.raises(PublishError, match="a file, not a folder"):
        publish(out)
    assert out.read_text() == "mine"


def test_an_output_below_a_file_is_refused(out):
    out.write_text("mine")
    with pytest.raises(PublishError, match="cannot write here"):
        publish(out / "build")
    assert out.read_text() == "mine"


def test_an_index_that_fails_changes_nothing(out):
    publish(out)
    before = state(out)

    def fail(_artifacts):
        raise ZeroDivisionError

    with Store(out) as store, pytest.raises(ZeroDivisionError):
        store.publish(put(store, "zh-CN", "epub", a_epub="new"), {"editions": {}}, fail)
    assert state(out) == before


def test_the_staging_of_a_dead_build_goes_and_that_of_a_living_one_stays(out):
    dead, living = out / f".staging-{GONE}-x", out / f".staging-{os.getppid()}-y"
    for folder in (dead, living, out / ".staging-notes"):
        (folder / "zh-CN").mkdir(parents=True)
    publish(out)
    assert not dead.exists()
    assert living.is_dir()
    assert (out / ".staging-notes").is_dir(), "not a name that a build gives"


def test_clean_deletes_what_the_manifest_lists_and_nothing_else(out):
    publish(out, ("zh-CN", "html"), html__index_html="page")
    (out / "zh-CN/html/mine.txt").write_text("mine")
    assert sorted(clean(out)) == ["index.html", "manifest.json", "zh-CN/html/index.html"]
    assert everything(out) == ["zh-CN", "zh-CN/html", "zh-CN/html/mine.txt"]
    assert clean(out) == []


def test_clean_takes_the_folder_along_where_nothing_else_is_in_it(out):
    publish(out)
    clean(out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("path", "../victim"),
        ("path", "zh-CN/../../victim"),
        ("path", "/etc/hostname"),
        ("path", "link/victim"),
        ("path", 7),
        ("extra", "x"),
    ],
)
def test_a_tampered_artifact_is_refused_and_nothing_is_deleted(out, tmp_path, key, value):
    publish(out)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (out / "link").symlink_to(tmp_path)
    manifest = read_manifest(out)
    manifest["artifacts"][0][key] = value
    (out / "manifest.json").write_text(json.dumps(manifest))
    before = state(out)
    for act in (clean, publish):
        with pytest.raises(PublishError, match="manifest"):
            act(out)
    assert state(out) == before
    assert victim.read_text() == "mine"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        '{"artifacts": {}, "index": "../x"}',
        '{"artifacts": [], "index": ["x"]}',
        '{"artifacts": [], "editions": []}',
        '{"artifacts": [], "editions": {"zh-CN": {}}}',
        '{"artifacts": "abc"}',
    ],
)
def test_a_damaged_manifest_is_refused(out, text):
    publish(out)
    (out / "manifest.json").write_text(text)
    before = state(out)
    for act in (clean, publish, read_manifest):
        with pytest.raises(PublishError, match="manifest"):
            act(out)
    assert state(out) == before


def test_a_manifest_may_be_put_into_a_pages_script(out):
    with Store(out) as store:
        store.publish({}, {"title": "</script><b>", "editions": {}}, lambda _: "")
    assert "</script>" not in (out / "manifest.json").read_text()
    assert read_manifest(out)["title"] == "</script><b>"


def test_differences_name_what_is_missing_and_what_was_changed(out):
    publish(out, ("zh-CN", "epub"), a_epub="one")
    publish(out, ("zh-TW", "epub"), a_epub="two")
    assert differences(out) == []
    (out / "zh-CN/a.epub").write_text("three")
    (out / "zh-TW/a.epub").unlink()
    assert differences(out) == [("zh-CN/a.epub", "has been changed"), ("zh-TW/a.epub", "is missing")]


def test_a_folder_without_a_manifest_cannot_be_verified(tmp_path):
    with pytest.raises(PublishError, match="no manifest"):
        differences(tmp_path)


WRITER = """
import sys
sys.path[:0] = {paths!r}
from pathlib import Path
from tests.build.test_store import publish
for _ in range(40):
    publish(Path({out!r}), ({edition!r}, "epub"), a_epub="x" * 4000)
"""


def test_writers_at_once_lose_nothing_of_each_other(out):
    here = str(Path(__file__).parents[2])
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER.format(paths=[here], out=str(out), edition=edition)])
        for edition in ("zh-CN", "zh-TW")
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    assert [row["path"] for row in read_manifest(out)["artifacts"]] == ["zh-CN/a.epub", "zh-TW/a.epub"]
    assert everything(out) == ["index.html", "manifest.json", "zh-CN", "zh-CN/a.epub", "zh-TW", "zh-TW/a.epub"]


def test_a_source_hash_tells_names_and_contents_apart(tmp_path):
    def digest(**files):
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, text in files.items():
            (folder / name).write_text(text)
        return source_hash(folder, folder.iterdir())

    first = digest(a="1", b="2")
    assert first == digest(b="2", a="1")
    assert len({first, digest(a="2", b="1"), digest(a="1"), digest(a="12", b=""), digest(c="1", b="2")}) == 5


HOLDING = """
import sys
import time
from pathlib import Path
from publish.build.store import held
folder, count = Path(sys.argv[1]), Path(sys.argv[1]) / "count"
for _ in range(60):
    with held(folder):
        number = int(count.read_text())
        count.write_text("")
        count.write_text(str(number + 1))
"""


def test_a_lock_is_held_by_one_and_leaves_no_file(tmp_path):
    (tmp_path / "count").write_text("0")
    at_once = [subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path)]) for _ in range(3)]
    assert [one.wait(60) for one in at_once] == [0, 0, 0]
    assert (tmp_path / "count").read_text() == "180"
    assert everything(tmp_path) == ["count"]


def test_a_lock_that_a_killed_process_left_is_taken_and_removed(out):
    out.mkdir()
    (out / LOCK).touch()
    publish(out)
    assert LOCK not in everything(out)
    with held(out), pytest.raises(Timeout), held(out, wait=False):
        pass


def test_a_book_is_not_built_into_its_own_folder(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    for output in (tmp_path, tmp_path / "link"):
        with Store(output) as store, pytest.raises(PublishError, match="the book itself") as caught:
            store.refuse_own_folder([tmp_path / "texts" / "1.md", tmp_path / "book.yaml"])
        assert str(output / "build") in caught.value.remedy
    with Store(tmp_path / "build") as store:
        store.refuse_own_folder([tmp_path / "1.md", tmp_path / "book.yaml"])


def test_a_full_disk_that_names_no_file_is_told_of_the_output(out):
    with pytest.raises(DiskError, match="No space left") as caught, Store(out), disk_told():
        raise OSError(errno.ENOSPC, "No space left on device", "<_io.BufferedWriter name='a.pdf'>")
    assert caught.value.place == Place(shown(out))


def test_what_cannot_be_cleaned_is_told(out, monkeypatch):
    publish(out)

    def refuse(*_arguments, **_options):
        raise OSError(errno.EROFS, "Read-only file system", str(out / LOCK))

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.raises(PublishError, match="Read-only file system"):
        clean(out)


def test_a_file_that_is_as_the_last_build_left_it_is_not_read(out, monkeypatch):
    files, old = {"a_html": "book", "b_html": "text"}, time.time() - 60
    publish(out, ("zh-CN", "html"), **files)
    left = {str(out / "zh-CN" / name): out / "zh-CN" / name for name in ("a.html", "b.html")}
    for file in left.values():
        os.utime(file, (old, old))
    monkeypatch.setattr(inputs, "_UNSETTLED", 0)
    rows = inputs.rows(left)
    (out / "zh-CN/b.html").write_text("TEXT")  # as long and as old, but for the inode's own time
    os.utime(out / "zh-CN/b.html", (old, old))
    read, read_bytes = list[Path](), Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda file: read.append(file) or read_bytes(file))
    with Store(out, rows) as store:
        staged = put(store, "zh-CN", "html", **files)
        store.publish(staged, {"editions": {"zh-CN": {"tag": "zh-CN", "name": "简"}}}, lambda _: "")
    assert [one.name for one in read if one.parent == out / "zh-CN"] == ["b.html"]
    assert (out / "zh-CN/b.html").read_text() == "text"
