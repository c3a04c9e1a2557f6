"""The reading site as readers have it: in Chromium, on a phone and a desktop, from a server and from disk."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.tiny import SETTINGS, picture, write_book
from tests.verify import validators
from tests.verify.conftest import publish
from tests.verify.sites import DESKTOP, EDITIONS, PHONE, SCREENS, TABLET, search, serving, touch

pytestmark = pytest.mark.verify

ARRIVED = """(name) => {
  const { top } = document.getElementById(name).getBoundingClientRect();
  return top >= 0 && top < 160;
}"""


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_page_is_wider_than_its_screen(site, window, edition):
    page = window(site.as_uri()).open((site / edition / "html" / "index.html").as_uri())
    for file in sorted((site / edition / "html").glob("*.html")):
        page.goto(file.as_uri())
        for screen in SCREENS:
            page.set_viewport_size(screen["viewport"])
            width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert width <= 0, (file.name, screen)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_line_holds_thirty_to_forty_characters_where_there_is_room(server, window, edition):
    for screen in (TABLET, DESKTOP):
        page = window(server, **screen).open(f"{server}/{edition}/html/05-control.html")
        measure = "(one) => one.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize)"
        assert 30 <= page.locator("article > p").first.evaluate(measure) <= 40


FORMULAS = r"""# 式

又有 $f(x)=a_0+a_1x+a_2x^2+a_3x^3+a_4x^4+a_5x^5+a_6x^6+a_7x^7+a_8x^8+a_9x^9+b_0+b_1x+b_2x^2+b_3x^3+b_4x^4$ 一式。
"""


def test_a_long_formula_widens_no_page(tmp_path, window):
    book = write_book(tmp_path / "book", {"01.md": FORMULAS})
    publish("build", book, "--output", tmp_path / "out", "--format", "html", "--edition", "zh-TW", "--quiet")
    page = window(tmp_path.as_uri()).open((tmp_path / "out/zh-TW/html/01.html").as_uri())
    for width in (360, 560, 680):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


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
        touch(page).wait_for_timeout(300)  # the observer looks when the page is laid out
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
    card.wait_for()  # its script comes with the first that is asked for
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


def test_what_a_script_adds_comes_with_the_first_sign_of_a_reader_and_moves_nothing(server, window):
    lines = """() => [...document.querySelectorAll('article :is(p, h1, h2, pre, table, img)')]
      .map((one) => [one.getBoundingClientRect().top, one.getBoundingClientRect().height])"""
    for screen in SCREENS:
        for name in ("07-figures", "09-code"):
            reader = window(server, **screen)
            page = reader.open(f"{server}/zh-CN/html/{name}.html")
            page.wait_for_timeout(200)
            assert not [url for url in reader.asked if "asked" in url]
            before = page.evaluate(lines)
            after = touch(page).evaluate(lines)
            assert page.locator(".copy").count() if name == "09-code" else page.locator("figure").count()
            assert after == before


def test_the_first_key_is_obeyed_though_its_script_comes_with_it(server, window):
    page = window(server).open(f"{server}/zh-CN/html/05-control.html")
    page.route("**/assets/asked.js", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/06-house-style.html")


def test_code_is_copied(server, window):
    reader = window(server)
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = reader.open(f"{server}/zh-CN/html/09-code.html")
    text = touch(page).locator("pre").first.text_content()
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
    plain = touch(page).inner_text("article")
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
    with serving(tmp_path) as root:
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


def test_a_site_that_was_asked_to_is_read_and_searched_without_a_network(tmp_path, window):
    book = write_book(tmp_path / "book", {"book.yaml": f"{SETTINGS}offline: true\n"})
    publish("build", book, "--output", tmp_path / "out", "--format", "html", "--quiet")
    with serving(tmp_path / "out") as home:
        reader = window(home)
        page = reader.open(f"{home}/zh-CN/html/index.html")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("navigator.serviceWorker.controller")
    page.goto(f"{home}/zh-CN/html/02.html")
    assert page.is_visible("article p")
    assert search(page, "头发").locator("li a").count()


# --- print ------------------------------------------------------------------------------------------------------------


def test_a_page_prints_its_text_and_nothing_else(server, window):
    page = touch(window(server, color_scheme="dark").open(f"{server}/zh-CN/html/09-code.html"))
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
