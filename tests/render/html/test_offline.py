"""A site that readers' devices may keep: what is kept, and that nobody keeps anything who was not asked to."""

from __future__ import annotations

import json
import re

import pytest

from tests.tiny import SETTINGS, make, write_book


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("offline")
    make(write_book(folder / "book", {"book.yaml": f"{SETTINGS}offline: true\n"}), folder / "out", "html")
    return folder / "out"


def kept(html):
    worker = (html / "sw.js").read_text("utf-8")
    return re.search(r'KEPT = PREFIX \+ "(.*?)"', worker)[1], json.loads(re.search(r"FILES = (.*);", worker)[1])


def test_pages_scripts_and_the_search_are_kept_at_once_and_each_is_there(site):
    html = site / "zh-TW/html"
    _, files = kept(html)
    assert {"./", "index.html", "01.html", "assets/style.css", "search/index.js", "icon.svg"} <= set(files)
    assert all((html / name).exists() for name in files)
    assert not [name for name in files if name.startswith(("images/", "tiny."))]


def test_the_manifest_tells_what_is_installed(site):
    said = json.loads((site / "zh-TW/html/site.webmanifest").read_text("utf-8"))
    assert (said["lang"], said["start_url"], said["scope"]) == ("zh-Hant-TW", "index.html", "./")
    assert (site / "zh-TW/html" / said["icons"][0]["src"]).is_file()
    assert '<link rel="manifest" href="site.webmanifest">' in (site / "zh-TW/html/01.html").read_text("utf-8")


def test_it_is_kept_under_another_name_when_any_of_it_has_changed(site, tmp_path):
    settings = f"{SETTINGS}offline: true\n"
    before, _ = kept(site / "zh-CN/html")
    for text, same in (("", True), ("\n多一句。\n", False)):
        book = write_book(tmp_path / f"book{same}", {"book.yaml": settings})
        (book / "01.md").write_text((book / "01.md").read_text("utf-8") + text, encoding="utf-8")
        make(book, tmp_path / f"out{same}", "html")
        assert (kept(tmp_path / f"out{same}" / "zh-CN/html")[0] == before) is same


def test_who_does_not_ask_for_it_has_none_of_it(tmp_path):
    make(write_book(tmp_path / "book", {"book.yaml": SETTINGS}), tmp_path / "out", "html", editions=("zh-CN",))
    html = tmp_path / "out/zh-CN/html"
    assert not {"sw.js", "site.webmanifest", "icon.svg"} & {path.name for path in html.iterdir()}
    assert "serviceWorker" not in (html / "assets/web.js").read_text("utf-8")
    assert "manifest" not in (html / "01.html").read_text("utf-8")
