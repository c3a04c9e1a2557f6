"""The fonts that come with web pages, in Chromium: what a page shows is loaded, used, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.verify.conftest import publish
from tests.verify.sites import serving

pytestmark = pytest.mark.verify

# The sentences of a chapter: every chapter has characters of its own, and some are in all of them.
COMMON = "这一章的第一句话是大家都有的，**而且**有粗体。"
OWN = ("春眠不觉晓，处处闻啼鸟。", "床前明月光，疑是地上霜。", "白日依山尽，黄河入海流。", "千山鸟飞绝，万径人踪灭。")
BOOK = "title: 网页字体\nlang: zh-CN\nurl: https://books.example/\nhtml: {fonts: [regular, bold, heading]}\n"


STATES = """() => Object.fromEntries(["loaded", "error"].map((state) => [
  state, [...document.fonts].filter((one) => one.family.startsWith("Book") && one.status === state).length,
]))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """A book with fonts, on disk."""
    folder = tmp_path_factory.mktemp("fonts")
    for number, own in enumerate(OWN):
        (folder / f"{number}.md").write_text(
            f"# 第{'甲乙丙丁'[number]}篇\n\n{COMMON}{own}[^1]\n\n[^1]: 注。\n", encoding="utf-8"
        )
    (folder / "book.yaml").write_text(BOOK, encoding="utf-8")
    publish("build", folder, "--output", folder / "build", "--format", "html", "--quiet")
    return folder / "build"


@pytest.fixture(scope="module", params=["server", "disk"])
def place(request, site):
    """Where the pages are: on a server, or opened from disk."""
    if request.param == "disk":
        yield site.as_uri()
        return
    with serving(site) as address:
        yield address


def opened(chromium, address: str) -> tuple[Any, list[str]]:
    """A page with its fonts there, and all that it asked for."""
    page = chromium.new_context(viewport={"width": 1200, "height": 900}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => 0)")
    return page, asked


def faces_of(page: Any, selector: str) -> dict[str, bool]:
    """The fonts that an element's text is drawn in, and whether each came with the page."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    return {
        row["familyName"]: row["isCustomFont"]
        for row in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    }


@pytest.mark.parametrize("edition", ["zh-CN", "zh-TW"])
def test_a_page_loads_the_slices_that_it_shows_and_draws_its_text_in_them(chromium, place, site, edition):
    for key in ("index", "0", "3"):
        page, asked = opened(chromium, f"{place}/{edition}/html/{key}.html")
        declared = re.findall(r"url\(([^)]+)\)", (site / edition / f"html/{key}.html").read_text(encoding="utf-8"))
        loaded = {url.partition("/html/")[2] for url in asked if url.endswith(".woff2")}
        assert loaded, key
        assert loaded <= set(declared), key
        assert all(url.startswith((place, "data:")) for url in asked)
        assert page.evaluate(STATES) == {"loaded": len(loaded), "error": 0}
        text = "article p" if key != "index" else ".title-page h1"
        assert all(faces_of(page, text).values()), faces_of(page, text)
        page.context.close()


def test_no_page_loads_the_characters_of_another(chromium, place, site):
    every = len(list((site / "zh-CN/html/assets/fonts").glob("*.woff2")))
    page, asked = opened(chromium, f"{place}/zh-CN/html/1.html")
    assert 0 < sum(url.endswith(".woff2") for url in asked) < every / 2
    assert page.evaluate("document.fonts.check('16px \"Book Text\"', '床')")
    assert not page.evaluate("[...document.fonts].some((one) => one.unicodeRange.includes('U+6653'))"), "晓 is not here"
    page.context.close()


def test_the_note_that_opens_in_place_is_in_the_same_face(chromium, place):
    page, _ = opened(chromium, f"{place}/zh-CN/html/0.html")
    page.click("a[role=doc-noteref]")
    page.wait_for_selector(".note-card p")
    assert all(faces_of(page, ".note-card p").values())
    page.context.close()


def test_the_single_file_holds_its_fonts(chromium, site, tmp_path):
    [book] = (path for path in (site / "zh-HK/html").glob("*.html") if path.stem not in {"index", "0", "1", "2", "3"})
    alone = tmp_path / "book.html"
    alone.write_bytes(book.read_bytes())
    page, asked = opened(chromium, alone.as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [alone.as_uri()]
    assert all(faces_of(page, "article p").values())
    assert all(faces_of(page, "article strong").values())
    page.context.close()
