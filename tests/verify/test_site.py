"""The reading site as readers have it: in Chromium, on a phone and a desktop, from a server and from disk."""

from __future__ import annotations

import functools
import gzip
import html
import http.server
import re
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.tiny import SETTINGS, picture, write_book
from tests.verify import validators
from tests.verify.conftest import publish

pytestmark = pytest.mark.verify

EDITIONS = ("zh-CN", "zh-TW", "zh-HK")
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
TABLET = {"viewport": {"width": 820, "height": 1180}}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
SCREENS = (PHONE, TABLET, DESKTOP)
KINDS = ("index", "05-control", "07-figures", "08-notes", "09-code", "yi-gao-duo-ban")
TERM = {"zh-CN": "软件", "zh-TW": "軟體", "zh-HK": "軟件"}
ARRIVED = """(name) => {
  const { top } = document.getElementById(name).getBoundingClientRect();
  return top >= 0 && top < 160;
}"""
TOP = "(one) => one.getBoundingClientRect().top"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """A test's own server says nothing."""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The handbook's web editions on disk."""
    folder = tmp_path_factory.mktemp("site")
    publish("build", "source", "--output", folder, "--format", "html", "--quiet")
    return folder


@pytest.fixture(scope="session")
def server(site):
    """The address of a plain static server of them."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


@pytest.fixture(scope="session", params=["server", "disk"])
def place(request, site, server):
    """Where the pages are: on a server, or opened from disk."""
    return server if request.param == "server" else site.as_uri()


@dataclass
class Reader:
    """A window of the browser that notes what pages ask for and complain of; each test ends with neither."""

    context: Any
    own: str
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, address: str) -> Any:
        page = self.context.new_page()
        page.on("console", lambda said: said.type in ("error", "warning") and self.faults.append(said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("requestfailed", lambda request: self.faults.append(f"not loaded: {request.url}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(address)
        return page

    @property
    def strangers(self) -> list[str]:
        return [url for url in self.asked if not url.startswith((self.own, "data:", "blob:"))]


@pytest.fixture
def window(chromium):
    """Opens windows: `window(own, **options)`, where `own` begins the addresses that pages may ask for."""
    readers: list[Reader] = []

    def opened(own: str, **options: Any) -> Reader:
        reader = Reader(chromium.new_context(**{**DESKTOP, **options}), own)
        reader.context.set_default_timeout(10_000)
        readers.append(reader)
        return reader

    yield opened
    for reader in readers:
        reader.context.close()
    assert not [fault for reader in readers for fault in reader.faults]
    assert not [url for reader in readers for url in reader.strangers]


def search(page, query):
    """Ask the search and wait for its answer."""
    page.keyboard.press("Control+k")
    page.fill("dialog.search input", query)
    page.wait_for_function("(query) => document.querySelector('dialog.search').dataset.query === query", arg=query)
    return page.locator(".results")


# --- validators -------------------------------------------------------------------------------------------------------


def test_nu_finds_no_error_in_any_page(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 50
    assert validators.nu(pages) == []


def test_nu_and_axe_find_no_fault_in_a_site_with_address_and_cover(tmp_path, window):
    write_book(tmp_path / "book", {"book.yaml": f"{SETTINGS}url: https://books.example/tiny\n"})
    publish("build", tmp_path / "book", "--output", tmp_path / "build", "--format", "html", "--quiet")
    pages = sorted((tmp_path / "build").rglob("*.html"))
    assert validators.nu(pages) == []
    page = window(tmp_path.as_uri()).open((tmp_path / "build/zh-TW/html/index.html").as_uri())
    assert page.locator("img.cover").is_visible()
    assert validators.axe(page) == []


def test_nu_and_axe_find_faults(tmp_path, window):
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html><title>页</title><img src='data:,'><p><div>块</div></p>", encoding="utf-8")
    assert any("alt" in error for error in validators.nu([page]))
    assert any("image-alt" in fault for fault in validators.axe(window(tmp_path.as_uri()).open(page.as_uri())))


# The editions have the same markup: each colour is tried in the first, and one in each other.
LOOKS = [*(("zh-CN", theme) for theme in ("light", "dark", "sepia")), ("zh-TW", "dark"), ("zh-HK", "sepia")]


@pytest.mark.parametrize(("edition", "theme"), LOOKS)
def test_axe_finds_no_fault(server, window, edition, theme):
    faults = []
    for screen in (PHONE, DESKTOP):
        reader = window(server, **screen, color_scheme="dark" if theme == "dark" else "light")
        chosen = '{"theme":"sepia"}' if theme == "sepia" else "{}"
        reader.context.add_init_script(f"localStorage.setItem('publish.display', '{chosen}')")
        for kind in KINDS:
            faults += [(kind, one) for one in validators.axe(reader.open(f"{server}/{edition}/html/{kind}.html"))]
    assert not faults


THEMED = """# 头发 {#hair}

有**粗体**、`码`、[苏轼]{.proper-name}、[链接](https://books.example/)，和注。[^1]

[^1]: 一条注。

## 一节 {#one}

```python
def greet(name):  # 向人问好
    return f"你好，{name}" if name else 3
```

### 一小节

| 名 | 实 |
|----|----|
| 甲 | 乙 |

: 一张表

词
:   解释。

> 引文。
"""


@pytest.mark.parametrize("theme", ["essay", "manual", "report"])
def test_axe_finds_no_fault_in_any_theme_and_colour(tmp_path, window, theme):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/01.md").write_text(THEMED, encoding="utf-8")
    (tmp_path / "book/02.md").write_text("# 软件\n\n文。\n", encoding="utf-8")
    settings = f"title: 书\nslug: book\nlang: zh-CN\nnumber-sections: true\ntheme: {theme}\nhtml: {{fonts: embed}}\n"
    (tmp_path / "book/book.yaml").write_text(settings, encoding="utf-8")
    publish("build", tmp_path / "book", "--output", tmp_path / "build", "--format", "html", "--quiet")
    assert validators.nu(sorted((tmp_path / "build").rglob("*.html"))) == []
    for colours in ("light", "dark", "sepia"):
        reader = window(tmp_path.as_uri(), **PHONE)
        reader.context.add_init_script(f"localStorage.setItem('publish.display', '{{\"theme\":\"{colours}\"}}')")
        for name in ("index", "01", "book"):
            page = reader.open((tmp_path / f"build/zh-TW/html/{name}.html").as_uri())
            assert validators.axe(page) == [], (colours, name)


def test_the_script_lays_colours_over_code_and_changes_no_character(site, window, server):
    written = (site / "zh-CN/html/09-code.html").read_text(encoding="utf-8")
    assert "data-look=" in written
    page = window(server, **DESKTOP).open(f"{server}/zh-CN/html/09-code.html")
    shown = page.evaluate("[...document.querySelectorAll('code[data-look]')].map(one => one.textContent)")
    plain = re.findall(r"<code data-look[^>]*>(.*?)</code>", written, re.DOTALL)
    assert shown == [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in plain]  # lines with numbers have spans
    spans = "[...document.querySelectorAll('pre code > span')]"
    colours = page.evaluate(f"[...new Set({spans}.map(one => getComputedStyle(one).color))]")
    assert len(colours) >= 3


@pytest.mark.parametrize("theme", ["light", "dark", "sepia"])
def test_axe_finds_no_fault_in_what_opens(server, window, theme):
    scheme = "dark" if theme == "dark" else "light"
    # axe takes what is half faded for pale.
    reader = window(server, **PHONE, color_scheme=scheme, reduced_motion="reduce")
    chosen = '{"theme":"sepia"}' if theme == "sepia" else "{}"
    reader.context.add_init_script(f"localStorage.setItem('publish.display', '{chosen}')")
    page = reader.open(f"{server}/zh-TW/html/08-notes.html")
    for button in (".open-contents", ".open-editions", ".open-display", "a[role=doc-noteref]"):
        page.click(button)
        page.wait_for_selector(":popover-open")
        assert validators.axe(page) == [], button
        page.keyboard.press("Escape")
    search(page, "軟體")
    assert validators.axe(page) == []
    page = reader.open(f"{server}/zh-TW/html/07-figures.html")
    page.click("a.zoom")
    assert validators.axe(page) == []


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_page_is_wider_than_its_screen(site, window, edition):
    for screen in SCREENS:
        reader = window(site.as_uri(), **screen)
        page = reader.open((site / edition / "html" / "index.html").as_uri())
        for file in sorted((site / edition / "html").glob("*.html")):
            page.goto(file.as_uri())
            width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert width <= 0, (file.name, screen)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_line_holds_thirty_to_forty_characters_where_there_is_room(server, window, edition):
    for screen in (TABLET, DESKTOP):
        page = window(server, **screen).open(f"{server}/{edition}/html/05-control.html")
        measure = "(one) => one.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize)"
        assert 30 <= page.locator("article > p").first.evaluate(measure) <= 40


def test_contents_stand_beside_the_text_or_in_a_drawer(server, window):
    wide = window(server).open(f"{server}/zh-CN/html/05-control.html")
    assert wide.is_visible(".drawer nav")
    assert wide.locator(".drawer").evaluate("(one) => one.getBoundingClientRect().right") <= wide.locator(
        "main"
    ).evaluate("(one) => one.getBoundingClientRect().left")
    phone = window(server, **PHONE).open(f"{server}/zh-CN/html/05-control.html")
    assert not phone.is_visible(".drawer nav")
    phone.click(".open-contents")
    phone.click(".drawer a[href$='#glossary']")
    phone.wait_for_selector(".drawer nav", state="hidden")
    assert phone.url.endswith("#glossary")


def test_the_contents_beside_the_text_can_be_put_away_and_stay_so(server, window):
    page = window(server).open(f"{server}/zh-CN/html/07-figures.html")
    button = page.locator(".open-contents")
    assert (page.locator(".drawer").is_visible(), button.get_attribute("aria-expanded")) == (True, "true")
    button.click()
    assert (page.locator(".drawer").is_visible(), button.get_attribute("aria-expanded")) == (False, "false")
    page.reload()
    assert not page.locator(".drawer").is_visible()
    page.set_viewport_size({"width": 820, "height": 900})
    assert button.get_attribute("aria-expanded") is None
    button.click()
    assert page.locator(".drawer").is_visible(), "the drawer of a narrow window opens as ever"


def test_only_what_scrolls_is_a_tab_stop(server, window):
    tables = """() => [...document.querySelectorAll('.table')].map(
      (one) => [one.scrollWidth > one.clientWidth, one.tabIndex === 0])"""
    for screen in (PHONE, DESKTOP):
        page = window(server, **screen).open(f"{server}/zh-CN/html/10-print.html")
        page.wait_for_timeout(300)  # the observer looks when the page is laid out
        found = page.evaluate(tables)
        assert found
        assert all(scrolls == stop for scrolls, stop in found)


def test_calls_of_notes_and_their_ways_back_are_large_enough_for_a_finger(server, window):
    sizes = """() => [...document.querySelectorAll('.noteref a, .backlink')].filter(
      (one) => one.getClientRects().length).map((one) => {
      const { width, height } = one.getBoundingClientRect();
      return Math.min(width, height);
    })"""
    for screen in SCREENS:
        page = window(server, **screen).open(f"{server}/zh-CN/html/08-notes.html")
        assert min(page.evaluate(sizes)) >= 24


def test_everything_is_there_without_a_script(server, window):
    page = window(server, **PHONE, java_script_enabled=False).open(f"{server}/zh-TW/html/08-notes.html")
    assert page.is_visible("article p")
    page.click(".open-contents")
    assert page.is_visible(".drawer nav")
    page.keyboard.press("Escape")
    note = page.locator("a[role=doc-noteref]").first
    note.click()
    assert page.url.endswith(note.get_attribute("href"))
    page.click(".open-editions")
    page.click(".editions a[hreflang=zh-Hans-CN]")
    page.wait_for_url("**/zh-CN/html/08-notes.html")
    page.click("a[rel=next]")
    page.wait_for_url("**/09-code.html")
    assert not page.locator(".open-search, .open-display, .copy").count()


def test_arrows_lead_to_the_next_chapter_and_back(place, window):
    page = window(place).open(f"{place}/zh-HK/html/05-control.html")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/06-house-style.html")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/05-control.html")


def test_a_note_opens_in_place_and_gives_the_focus_back(place, window):
    page = window(place).open(f"{place}/zh-CN/html/08-notes.html")
    call = page.locator("a[role=doc-noteref]").first
    call.focus()
    before = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    card = page.locator(".note-card")
    assert card.is_visible()
    assert not card.locator(".backlink, [id]").count()
    assert page.evaluate("scrollY") == before
    assert card.bounding_box()["y"] >= call.bounding_box()["y"]
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert call.evaluate("(one) => one === document.activeElement")


def test_a_figure_is_enlarged(place, window):
    page = window(place).open(f"{place}/zh-CN/html/07-figures.html")
    before = page.locator("figure img").first.bounding_box()["width"]
    page.locator("a.zoom").first.click()
    assert page.locator("dialog.lightbox img").bounding_box()["width"] > before * 1.5
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.lightbox", state="detached")


def test_code_is_copied(server, window):
    reader = window(server)
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = reader.open(f"{server}/zh-CN/html/09-code.html")
    text = page.locator("pre").first.text_content()
    page.locator(".copy").first.click()
    page.wait_for_function("document.querySelector('.copy').textContent === '已复制'")
    assert page.evaluate("navigator.clipboard.readText()") == text


# --- colours, sizes, memory -------------------------------------------------------------------------------------------


def ground(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_the_system_decides_on_dark_until_the_reader_does(place, window):
    reader = window(place, color_scheme="dark")
    page = reader.open(f"{place}/zh-CN/html/05-control.html")
    dark = ground(page)
    assert max(map(int, re.findall(r"\d+", dark))) < 60
    page.click(".open-display")
    page.check("input[value=sepia]", force=True)
    sepia = ground(page)
    assert sepia != dark
    page.click(".step1")
    size = "getComputedStyle(document.querySelector('article p')).fontSize"
    larger = page.evaluate(size)
    page.goto(f"{place}/zh-CN/html/06-house-style.html")
    assert ground(page) == sepia
    assert page.evaluate(size) == larger


def test_lines_and_readings_are_as_the_reader_wants_them_and_stay_so(tmp_path, window):
    source = write_book(
        tmp_path / "book", {"01.md": "# 头\n\n<ruby>彷徨<rt>páng huáng</rt></ruby>着。" + "长句子。" * 80}
    )
    publish("build", source, "--output", tmp_path / "out", "--format", "html", "--quiet")
    home = (tmp_path / "out").as_uri()
    reader = window(home)
    page = reader.open(f"{home}/zh-CN/html/01.html")
    assert not [url for url in reader.asked if "display" in url], "it comes when it is asked for"
    style = "(name) => getComputedStyle(document.querySelector('article p'))[name]"
    before = page.evaluate(style, "lineHeight"), page.evaluate(style, "width")
    page.click(".open-display")
    for value in ("open", "narrow", "none"):
        page.check(f".display input[value={value}]", force=True)
    page.goto(f"{home}/zh-CN/html/02.html")
    page.goto(f"{home}/zh-CN/html/01.html")
    after = page.evaluate(style, "lineHeight"), page.evaluate(style, "width")
    assert float(after[0][:-2]) > float(before[0][:-2])
    assert float(after[1][:-2]) < float(before[1][:-2])
    assert not page.locator("rt").is_visible()
    page.click(".open-display")
    assert page.is_checked(".display input[value=none]")
    page = reader.open(f"{home}/zh-CN/html/02.html")
    page.click(".open-display")
    page.wait_for_selector(".display .width")
    assert not page.locator(".display .readings").count(), "nothing there has readings"


def test_the_contents_page_leads_back_to_where_one_has_read(place, window):
    reader = window(place)
    page = reader.open(f"{place}/zh-CN/html/05-control.html")
    page.locator("h2#quotes + p").evaluate("(one) => one.scrollIntoView()")
    name = page.locator("h2#quotes + p").get_attribute("id")
    page.wait_for_timeout(500)
    page.goto(f"{place}/zh-TW/html/index.html")
    assert page.text_content(".begin .resume").startswith("繼續閱讀")
    page.click(".begin .resume")
    page.wait_for_url(f"**/zh-TW/html/05-control.html#{name}")


# --- the switcher -----------------------------------------------------------------------------------------------------


def turn(page):
    """Read on a little, and turn back, which brings the bar."""
    page.evaluate("scrollBy(0, 60)")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.evaluate("scrollBy(0, -25)")
    page.wait_for_selector("html:not(.reading)")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_switcher_keeps_the_paragraph(place, window, screen):
    page = window(place, **screen).open(f"{place}/zh-CN/html/05-control.html")
    name = page.locator("h2#only + p").get_attribute("id")
    page.locator(f"#{name}").evaluate("(one) => one.scrollIntoView()")
    for edition, tag in (("zh-TW", "zh-Hant-TW"), ("zh-HK", "zh-Hant-HK"), ("zh-CN", "zh-Hans-CN")):
        turn(page)
        if screen is PHONE:
            page.click(".open-editions")
        page.click(f".editions a[hreflang={tag}]")
        page.wait_for_url(f"**/{edition}/html/05-control.html#{name}")
        page.wait_for_function(ARRIVED, arg=name)


# Which passages stand side by side, as (id, own text, their text, what is marked in either).
PAIRS = """() => [...document.querySelectorAll('.pair')].map((one) => [
  one.querySelector('[id]')?.id ?? '', one.children[0]?.textContent, one.children[1]?.textContent ?? null,
  [...one.children].map((side) => [...side.querySelectorAll('.differs')].map((mark) => mark.textContent)),
])"""


def compare(page, name):
    page.click(f".bar .beside[aria-label$='{name}']")
    page.wait_for_selector(f".bar .beside[aria-label$='{name}'][aria-pressed=true]")
    return {row[0]: row[1:] for row in page.evaluate(PAIRS) if row[0]}


def test_two_editions_stand_side_by_side_and_the_words_that_differ_are_marked(place, window):
    page = window(place).open(f"{place}/zh-CN/html/05-control.html")
    plain = page.inner_text("article")
    there = page.evaluate("[...document.querySelectorAll('article > p[id]')].map((one) => one.id)")
    rows = compare(page, "臺灣正體版")
    assert len(there) > 20
    assert set(there) <= rows.keys()
    own, theirs, (mine, other) = rows[there[0]]
    assert own.startswith("程序转得再好")
    assert theirs.startswith("程式轉得再好")
    assert (mine, other) == (["程序", "程序", "手工"], ["程式", "程式", "手動"]), "words, and no form of one character"
    page.click(".bar .beside[aria-pressed=true]")
    assert page.inner_text("article") == plain


def test_editions_of_one_script_differ_in_characters_too_and_the_next_page_is_compared_by_itself(server, window):
    page = window(server).open(f"{server}/zh-TW/html/05-control.html")
    rows = compare(page, "香港繁體版")
    assert {char for _, _, (mine, *_) in rows.values() for word in mine for char in word} & set("裡著為")
    page.click("a[rel=next]")
    page.wait_for_selector(".pair .theirs[lang=zh-Hant-HK]")
    assert page.locator(".beside[aria-pressed=true]").get_attribute("aria-label").endswith("香港繁體版")


@pytest.mark.parametrize("screen", SCREENS, ids=["phone", "tablet", "desktop"])
def test_what_is_compared_fits_the_screen_and_everybody_can_use_it(server, window, screen):
    page = window(server, **screen).open(f"{server}/zh-CN/html/10-print.html")
    page.evaluate("document.querySelector('.beside').click()")
    page.wait_for_selector(".pair .theirs")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert validators.axe(page) == []


def test_the_first_load_of_a_chapter_is_small(site):
    folder = site / "zh-CN/html"
    shared = sum(len(gzip.compress((folder / "assets" / name).read_bytes(), 9)) for name in ("style.css", "web.js"))
    sizes = sorted(len(gzip.compress(page.read_bytes(), 9)) for page in folder.glob("[0-9]*.html"))
    assert shared + sizes[len(sizes) // 2] <= 20_000
    for page in folder.glob("[0-9]*.html"):
        text = re.sub(r"<head>.*?</head>|<[^>]*>", "", page.read_text("utf-8"), flags=re.DOTALL)
        words = len(gzip.compress(text.encode(), 9))
        assert shared + len(gzip.compress(page.read_bytes(), 9)) <= max(20_000, words + 15_000), page.name


def test_a_link_of_the_bar_takes_the_focus_and_leaves_the_text_where_it_is(place, window):
    page = window(place).open(f"{place}/zh-CN/html/05-control.html")
    page.evaluate("document.querySelector('h2#only').scrollIntoView()")
    page.wait_for_selector("html.reading")
    before = page.evaluate("scrollY")
    page.evaluate("document.querySelector('.editions a').focus()")
    assert page.evaluate("scrollY") == before
    page.wait_for_function("getComputedStyle(document.querySelector('.bar')).opacity === '1'")


def test_a_paragraph_that_only_one_edition_has_leads_near_it(place, window):
    page = window(place).open(f"{place}/zh-TW/html/05-control.html")
    only = page.locator("h2#only ~ blockquote p[id]").first
    only.evaluate("(one) => one.scrollIntoView()")
    name = only.get_attribute("id")
    turn(page)
    page.click(".editions a[hreflang=zh-Hans-CN]")
    page.wait_for_url(f"**/zh-CN/html/05-control.html#{name}")
    assert not page.locator(f"#{name}").count()
    near = "() => { const top = document.getElementById('images-by-edition').getBoundingClientRect().top; return "
    page.wait_for_function(near + "-200 < top && top < 900 }")


def test_a_site_works_from_any_folder_with_any_names(tmp_path, window):
    book = tmp_path / "书 稿"
    (book / "图 片").mkdir(parents=True)
    (book / "图 片/图 一.png").write_bytes(picture())
    (book / "第一 章.md").write_text(
        "# 头发 {#a}\n\n![图](<图 片/图 一.png>)\n\n见[二](<第二 章.md#b>)。\n", encoding="utf-8"
    )
    (book / "第二 章.md").write_text("# 软件 {#b}\n\n回[一](<第一 章.md#a>)。\n", encoding="utf-8")
    (book / "book.yaml").write_text("title: 书\nurl: https://books.example/a/b/\n", encoding="utf-8")
    publish("build", book, "--output", tmp_path / "网 站/a b/书", "--format", "html", "--quiet")
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{serving.server_port}"
        page = window(root).open(f"{root}/网 站/a b/书/zh-CN/html/index.html")
        page.click(".begin a")
        page.wait_for_selector("figure img")
        page.wait_for_function("[...document.images].every((one) => one.complete && one.naturalWidth)")
        assert page.locator("link[rel=canonical]").get_attribute("href").startswith("https://books.example/a/b/zh-CN/")
        page.click("article p a")
        page.wait_for_url("**/*#b")
        page.click(".editions a[hreflang=zh-Hant-TW]")
        page.wait_for_url("**/zh-TW/html/*")
        search(page, "头发").locator("li a").first.click()
        page.wait_for_selector("h1#a")
        serving.shutdown()


def test_a_site_that_was_asked_to_is_read_and_searched_without_a_network(tmp_path, window):
    book = write_book(tmp_path / "book", {"book.yaml": f"{SETTINGS}offline: true\n"})
    publish("build", book, "--output", tmp_path / "out", "--format", "html", "--quiet")
    handler = functools.partial(_Quiet, directory=str(tmp_path / "out"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        home = f"http://127.0.0.1:{serving.server_port}"
        reader = window(home)
        page = reader.open(f"{home}/zh-CN/html/index.html")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("navigator.serviceWorker.controller")
        serving.shutdown()
    page.goto(f"{home}/zh-CN/html/02.html")
    assert page.is_visible("article p")
    assert search(page, "头发").locator("li a").count()


# --- the search -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("query", TERM.values())
def test_a_word_is_found_in_whatever_way_it_is_written(place, window, edition, query):
    page = window(place).open(f"{place}/{edition}/html/index.html")
    results = search(page, query)
    assert TERM[edition] in results.locator("mark").all_text_contents()


def test_the_search_is_loaded_only_when_it_is_asked_for(server, window):
    reader = window(server)
    page = reader.open(f"{server}/zh-TW/html/05-control.html")
    page.wait_for_load_state("networkidle")
    assert not [url for url in reader.asked if "search" in url]
    search(page, "字")
    assert [url for url in reader.asked if "search/text-0.js" in url]


def test_a_result_leads_to_its_paragraph(place, window):
    page = window(place).open(f"{place}/zh-TW/html/index.html")
    results = search(page, "余秋雨先生")
    link = results.locator("li a").first
    name = re.search(r"#(p-[0-9a-f]+)", link.get_attribute("href"))[1]
    link.click()
    page.wait_for_url("**/05-control.html*")
    assert 0 <= page.locator(f"#{name}").evaluate(TOP) < 800
    assert "余秋雨先生" in page.locator(f"#{name}").text_content()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zhuanhuan", "转换"),
        ("zhuan huan", "转换"),
        ("Zhuan'h", "转换"),
        ("shuyubiao", "术语表"),
        ("lüse", "绿色"),
        ("lvse", "绿色"),
    ],
)
def test_pinyin_finds_what_is_read_so(place, window, query, found):
    results = search(window(place).open(f"{place}/zh-CN/html/index.html"), query)
    assert found in results.locator("mark").all_inner_texts()


def test_what_is_written_as_it_was_typed_comes_before_what_is_read_so(server, window):
    reader = window(server)
    for word in ("pandoc", "long", "he"):  # syllables, and words of the book that are none
        results = search(reader.open(f"{server}/zh-CN/html/index.html"), word)
        marked = results.locator("mark").all_inner_texts()
        assert {re.sub(r"[^a-z\u4e00-\u9fff]", "", text.lower()) for text in marked} == {word}
    page = reader.open(f"{server}/zh-CN/html/index.html")
    assert not search(page, "qwx").locator("li").count()


def test_escape_closes_the_search_at_once(server, window):
    page = window(server).open(f"{server}/zh-CN/html/index.html")
    search(page, "转换")
    page.keyboard.press("Escape")
    assert not page.locator("dialog.search").is_visible()


def test_words_apart_are_looked_for_together_and_marks_do_not_matter(place, window):
    page = window(place).open(f"{place}/zh-CN/html/index.html")
    results = search(page, "余秋雨 于右任")
    assert {"余秋雨", "于右任"} <= set(results.locator("li").first.locator("mark").all_text_contents())
    assert search(page, "「余秋雨」").locator("li").count()


def test_what_is_not_in_the_book_is_not_found_and_what_is_written_is_no_markup(place, window):
    page = window(place).open(f"{place}/zh-CN/html/index.html")
    assert not search(page, "<b>龘龘龘</b>").locator("li").count()
    assert page.text_content("dialog.search .status") == "没有找到“<b>龘龘龘</b>”"


def test_a_large_book_is_searched_in_the_few_shards_that_may_hold_the_phrase(tmp_path, window):
    for number in range(30):
        body = "".join(f"第{chr(0x4E00 + 40 * number + one)}样东西摆在柜台里头。" * 16 + "\n\n" for one in range(40))
        extra = "这里只有一次：头发与软件。\n" if number == 17 else ""
        (tmp_path / f"{number:02}.md").write_text(f"# 第{number}篇\n\n{body}{extra}", encoding="utf-8")
    (tmp_path / "book.yaml").write_text("title: 大书\nlang: zh-CN\n", encoding="utf-8")
    publish("build", tmp_path, "--output", tmp_path / "build", "--format", "html", "--edition", "zh-TW", "--quiet")
    folder = tmp_path / "build/zh-TW/html"
    assert len(list(folder.glob("search/text-*.js"))) > 3
    reader = window(tmp_path.as_uri())
    page = reader.open((folder / "index.html").as_uri())
    assert search(page, "头发与软件").locator("mark").all_text_contents() == ["頭髮與軟件"]
    assert len([url for url in reader.asked if "/text-" in url]) == 1
    search(page, "柜台里")
    assert page.text_content("dialog.search .status").startswith("只列出前 400 處")


# --- print ------------------------------------------------------------------------------------------------------------


def test_a_page_prints_its_text_and_nothing_else(server, window):
    page = window(server, color_scheme="dark").open(f"{server}/zh-CN/html/09-code.html")
    page.emulate_media(media="print")
    assert ground(page) == "rgb(255, 255, 255)"
    for part in (".bar", ".drawer", ".turn", ".copy", ".anchor"):
        assert not page.locator(part).first.is_visible(), part
    assert page.is_visible("article p")


def test_the_single_file_needs_no_other_and_prints(site, window, tmp_path):
    alone = tmp_path / "book.html"
    alone.write_bytes((site / "zh-TW/html/yi-gao-duo-ban.html").read_bytes())
    reader = window(tmp_path.as_uri())
    page = reader.open(alone.as_uri())
    assert {url for url in reader.asked if not url.startswith("data:")} == {alone.as_uri()}
    assert page.evaluate("[...document.images].every((one) => one.complete && one.naturalWidth)")
    page.locator("figure .zoom").first.click()
    assert page.is_visible("dialog.lightbox img")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


# --- marks ------------------------------------------------------------------------------------------------------------

MARKS = """# 标点

“他说：‘好。’”（真的），《书》《报》。「这样」，『那样』。

用Git存稿，写publish的3章。

[苏轼]{.proper-name}写[赤壁赋]{.book-title}，[要点]{.dot}在此，**“真的！”**，就这样。
"""
# As a browser that knows neither property sets a paragraph: the style sheet's own rules for it, and nothing else.
WITHOUT = """() => {
  const rules = [...document.styleSheets].flatMap((one) => [...one.cssRules])
    .filter((one) => one.conditionText?.startsWith("not (text-"));
  const style = document.createElement("style");
  style.textContent = "* { text-spacing-trim: space-all !important; text-autospace: no-autospace !important; }"
    + rules.flatMap((one) => [...one.cssRules]).map((one) => one.cssText).join("");
  document.head.append(style);
  return rules.length;
}"""
LINE = "(one) => ['Line', 'Style'].map((name) => getComputedStyle(one)[`textDecoration${name}`])"
WIDTH = """(one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return range.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize);
}"""


@pytest.mark.parametrize("edition", EDITIONS)
def test_marks_stand_as_tight_in_browsers_that_do_not_trim(tmp_path, window, edition):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/01.md").write_text(MARKS, encoding="utf-8")
    (tmp_path / "book/book.yaml").write_text("title: 标点\nslug: marks\nlang: zh-CN\n", encoding="utf-8")
    publish("build", tmp_path / "book", "--output", tmp_path / "build", "--format", "html", "--quiet")
    page = window(tmp_path.as_uri()).open((tmp_path / f"build/{edition}/html/marks.html").as_uri())
    paragraphs = page.locator("article > p")
    page.add_style_tag(content="article p { text-indent: 0; text-align: start; }")
    with_both = [one.evaluate(WIDTH) for one in paragraphs.all()]
    text = page.locator("article").inner_text()
    assert page.evaluate(WITHOUT) == 2
    without = [one.evaluate(WIDTH) for one in paragraphs.all()]
    assert without == pytest.approx(with_both, abs=0.08)
    assert page.locator("article").inner_text() == text
    page.add_style_tag(
        content=".half { font-feature-settings: normal !important; } body { font-feature-settings: normal !important; }"
    )
    assert paragraphs.first.evaluate(WIDTH) > without[0] + 2, "which is more than nothing"
    for name, line in ((".proper-name", "solid"), (".book-title", "wavy")):
        style = page.locator(name).evaluate(LINE)
        assert style == ["underline", line]
    assert "・" in page.locator(".dot").evaluate("(one) => getComputedStyle(one).textEmphasisStyle")
