"""Pictures from other hosts: fetched once, locked, used by every format, looked at again, credited."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import yaml
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from publish.errors import PublishError
from publish.fetch import fetch_pictures, remedy, report
from publish.fetch.credits import as_page, read_credits
from publish.source.pictures.locked import LOCK_FILE, read_lock
from publish.source.project import read_project
from tests.tiny import command, make, picture

DAY = "2026-03-04"


def signed(**words):
    info, out = PngInfo(), io.BytesIO()
    for key, value in words.items():
        info.add_text(key, value)
    Image.new("RGB", (24, 16), "green").save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.fixture
def book(tmp_path, server):
    server.bodies["/signed.png"] = signed(Author="王五", Copyright="CC BY 4.0")
    (tmp_path / "book").mkdir()
    path = tmp_path / "book" / "a.md"
    path.write_text(
        f"---\ntitle: 图\nlang: zh-CN\ncover-image: {server.url('/signed.png')}\neditions: [zh-CN, zh-TW]\n---\n\n"
        f"# 图\n\n![红点]({server.url('/dot.png?a=1&b=2')})\n\n字![绿点]({server.url('/signed.png#x')})中。\n\n"
        f'<p><img src="{server.url("/dot.png?a=1&amp;b=2")}" alt="又是红点"></p>\n\n'
        f"[![徽](<{server.url('/hop')}>)](b.html)\n",
        encoding="utf-8",
    )
    return path


def run(book, server, **options):
    return fetch_pictures(read_project(book), DAY, limits=server.limits, **options)


def states(outcomes):
    return [one.state for one in outcomes]


def test_each_picture_is_fetched_once_and_locked_with_what_is_known_of_it(book, server):
    outcomes = run(book, server)
    assert states(outcomes) == ["fetched"] * 3
    assert sorted(server.asked) == ["/dot.png", "/dot.png?a=1&b=2", "/hop", "/signed.png"]
    rows = yaml.safe_load((book.parent / LOCK_FILE).read_text(encoding="utf-8"))["images"]
    (row,) = [row for row in rows if row["url"] == server.url("/signed.png")]
    assert (row["type"], row["width"], row["height"], row["date"]) == ("image/png", 24, 16, DAY)
    assert (row["creator"], row["licence"], row["size"]) == ("王五", "CC BY 4.0", len(server.bodies["/signed.png"]))
    assert (book.parent / row["file"]).read_bytes() == server.bodies["/signed.png"]
    asked = len(server.asked)
    assert states(run(book, server)) == ["kept"] * 3
    assert len(server.asked) == asked


def test_builds_use_the_copies_in_every_format_and_no_network(book, server, tmp_path):
    before = make(book, tmp_path / "before", "html", editions=("zh-CN",))
    assert {one.code for one in before.findings} >= {"img-remote"}
    run(book, server)
    report_ = make(book, tmp_path / "out", "html", "epub", "pdf", strict=False)
    assert not [one for one in report_.findings if one.code == "img-remote"]
    for edition in ("zh-CN", "zh-TW"):
        files = list((tmp_path / "out" / edition).rglob("*"))
        pages = "".join(path.read_text(encoding="utf-8") for path in files if path.suffix == ".html")
        assert "127.0.0.1" not in pages
        assert pages.count('alt="红点"') + pages.count('alt="紅點"') >= 1
        assert 'class="remote-image"' not in pages
        (epub,) = [path for path in files if path.suffix == ".epub"]
        with zipfile.ZipFile(epub) as opened:
            pictures = [opened.read(name) for name in opened.namelist() if name.endswith(".png")]
        assert {server.picture, server.bodies["/signed.png"]} == set(pictures)
        assert any(path.suffix == ".pdf" for path in files)


def test_what_fails_is_told_with_its_line_and_the_rest_is_fetched(book, server):
    book.write_text(
        f"# 题\n\n![甲]({server.url('/missing.png')})\n\n![乙]({server.url('/page.png')})\n\n"
        f"![丙]({server.url('/to-loopback')})\n\n![丁]({server.url('/dot.png')})\n\n![戊](https://10.0.0.1/x.png)\n",
        encoding="utf-8",
    )
    outcomes = run(book, server)
    assert states(outcomes) == ["failed", "failed", "failed", "fetched", "failed"]
    lines = report(outcomes)
    assert "a.md:3: " in lines[0]
    assert "the server answered 404" in lines[0]
    assert "is an HTML page and not an image" in lines[1]
    assert "not a public address" in lines[3]
    assert lines[-1] == "5 pictures on other hosts: 4 failed, 1 fetched"
    assert remedy(outcomes)
    assert list(read_lock(book.parent).pictures) == [server.url("/dot.png").replace("http:", "https:")]


def test_a_change_at_the_far_end_is_seen_and_taken_only_when_told_to(book, server):
    run(book, server)
    lock = (book.parent / LOCK_FILE).read_text(encoding="utf-8")
    (book.parent / LOCK_FILE).write_text(lock.replace("CC BY 4.0", "CC BY-SA 4.0, asked"), encoding="utf-8")
    assert states(run(book, server, check=True)) == ["same"] * 3
    server.bodies["/signed.png"] = changed = picture(color="blue")
    checked = run(book, server, check=True)
    assert sorted(states(checked)) == ["changed", "same", "same"]
    assert "--update" in remedy(checked)
    assert states(run(book, server)) == ["kept"] * 3
    assert sorted(states(run(book, server, update=True))) == ["same", "same", "updated"]
    (entry,) = [one for key, one in read_lock(book.parent).pictures.items() if key.endswith("/signed.png")]
    assert (book.parent / entry.file).read_bytes() == changed
    assert entry.licence == "CC BY-SA 4.0, asked"


def test_a_lost_copy_comes_back_only_as_the_lock_has_it(book, server):
    run(book, server)
    for path in (book.parent / "fetched").iterdir():
        path.unlink()
    server.bodies["/signed.png"] = picture(color="blue")
    assert sorted(states(run(book, server))) == ["changed", "fetched", "fetched"]


def test_a_copy_that_somebody_changed_stops_the_build(book, server, tmp_path):
    run(book, server)
    copy = next((book.parent / "fetched").glob("signed-*"))
    copy.write_bytes(picture(color="blue"))
    with pytest.raises(PublishError, match="not the picture that"):
        make(book, tmp_path / "out", "html")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pictures: []", "no list of images"),
        ("images: [a]", "no keys"),
        ("images: [{url: https://a.example/}]", 'no "file"'),
        ("images: [{url: https://a.example/, file: ../x.png, sha256: aa}]", "outside the book"),
        ("images: [{url: https://a.example/, file: x.png, sha256: aa, size: big}]", "not a number"),
    ],
)
def test_a_lock_that_cannot_be_read_is_told_with_its_line(tmp_path, text, said):
    (tmp_path / LOCK_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(PublishError, match=said) as caught:
        read_lock(tmp_path)
    assert caught.value.place.line == 1


def test_the_credits_name_each_picture_once_and_invent_nothing(book, server):
    run(book, server)
    (book.parent / "own.png").write_bytes(picture())
    with book.open("a", encoding="utf-8") as file:
        file.write("\n![自己的*图*](own.png)\n")
    project = read_project(book)
    rows = read_credits(project)
    page = as_page(rows, project.source)
    assert page.startswith("# 图片来源 {.unnumbered}\n\n1. 绿点。作者：王五；许可：CC BY 4.0；来源：<http://127")
    assert "2. 红点。许可未知；来源：" in page
    assert "。许可未知；来源：`own.png`。\n" in page
    assert len(rows) == 4


@pytest.mark.verify
def test_the_commands_answer(tmp_path):
    (tmp_path / "a.md").write_text("# 题\n\n![甲](https://127.0.0.1/a.png)\n", encoding="utf-8")
    failed = command("fetch", tmp_path / "a.md", "--json")
    assert failed.returncode == 1
    assert json.loads(failed.stdout)[0]["state"] == "failed"
    assert "not a public address" in failed.stdout
    assert not (tmp_path / LOCK_FILE).exists()
    credited = command("credits", tmp_path / "a.md")
    assert credited.stdout == "# 图片来源 {.unnumbered}\n\n1. 甲。许可未知；来源：<https://127.0.0.1/a.png>。\n"
