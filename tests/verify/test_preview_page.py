"""The preview in Chromium: saves shown where the reader stands, errors, findings, the PDF beside the page."""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager

import pytest

from publish.serve.command import PreviewWish, preview
from publish.serve.editor import Editor
from tests.verify import validators
from tests.verify.sites import windows

pytestmark = pytest.mark.verify

DESKTOP = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN"}
SCREENS = ({"width": 360, "height": 740}, {"width": 820, "height": 1100}, DESKTOP["viewport"])
PARAGRAPHS = [
    f"第{number}段。他说的话我记得很清楚，后来的事情却模糊了。{'头发长了又剪。' * (number % 5)}" for number in range(80)
]
SETTINGS = "title: 长书\nslug: long\neditions: [zh-CN, zh-TW]\nformats: [html, pdf]\nchapters: [a.md, b.md]\n"


@pytest.fixture
def book(tmp_path):
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "book.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "a.md").write_text("# 甲\n\n" + "\n\n".join(PARAGRAPHS) + "\n", encoding="utf-8")
    (folder / "b.md").write_text("# 乙\n\n另一章的文字。\n", encoding="utf-8")
    return folder


@pytest.fixture
def serving(book):
    with preview(PreviewWish(book, editor=Editor("x", url="x://open{file}:{line}")), print) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def open_page(chromium, serving):
    """`open_page(**screen)` opens the page; a fault of its script fails the test."""
    there = "() => document.documentElement.dataset.arrived"
    with windows(
        chromium, serving.address, DESKTOP, lambda page: page.wait_for_function(there, timeout=90_000)
    ) as opened:
        yield opened


def front(page):
    """The frame that is seen."""
    return next(one for one in page.frames if one.parent_frame and one.frame_element().get_attribute("class"))


def go(page, name):
    front(page).evaluate(f"location.href = '{name}'")
    page.wait_for_function(f"() => place && place.page === '{name}'")


def reads(page, text, present=True):
    """Wait until the page that is seen has a text."""
    page.wait_for_function(
        "([text, present]) => document.querySelector('iframe.front').contentDocument.body.textContent"
        ".includes(text) === present",
        arg=[text, present],
        timeout=90_000,
    )


def height(page, text):
    """How far below the top of the pane a paragraph stands, in pixels."""
    return front(page).evaluate(
        "(text) => [...document.querySelectorAll('body p')].find((one) => one.textContent.includes(text))"
        ".getBoundingClientRect().top",
        text,
    )


def scroll_to(page, text):
    front(page).evaluate(
        "(text) => { const one = [...document.querySelectorAll('body p')].find((p) => p.textContent.includes(text));"
        " scrollBy({ top: one.getBoundingClientRect().top - 100, behavior: 'instant' }); }",
        text,
    )
    page.wait_for_timeout(300)


@contextmanager
def edited(file, before, after):
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    yield
    file.write_text(text, encoding="utf-8")


def test_a_save_is_shown_where_the_reader_stands_whatever_grew_above(open_page, book):
    page = open_page()
    go(page, "a.html")
    scroll_to(page, "第60段")
    before = height(page, "第60段")
    with edited(book / "a.md", "第58段。", "新的一段。\n\n" * 20 + "第58段。改过了。"):
        reads(page, "第58段。改过了。")
        assert height(page, "第60段") == pytest.approx(before, abs=2)
    reads(page, "改过了", present=False)
    # Of the paragraph in view itself what stood before it keeps its place.
    above = height(page, "第59段")
    with edited(book / "a.md", "第60段。", "第六十段。"):
        reads(page, "第六十段。")
        assert height(page, "第59段") == pytest.approx(above, abs=2)


def test_a_change_out_of_sight_is_one_click_away_and_the_page_does_not_jump(open_page, book):
    page = open_page()
    go(page, "a.html")
    scroll_to(page, "第30段")
    before = height(page, "第30段")
    with edited(book / "b.md", "另一章", "另外一章"):
        page.wait_for_selector("#moved:not([hidden])", timeout=60_000)
        assert height(page, "第30段") == before
        page.click("#moved")
        reads(page, "另外一章的文字")
        assert page.locator("#moved").is_hidden()


def test_the_edition_is_switched_at_the_same_paragraph(open_page):
    page = open_page()
    go(page, "a.html")
    scroll_to(page, "第40段")
    page.select_option("#edition", "zh-TW")
    reads(page, "頭髮")
    page.wait_for_timeout(300)
    assert height(page, "第40段") == pytest.approx(100, abs=60)
    # A reader who follows the book's own link to another edition takes the bar along.
    front(page).evaluate("location.href = '../../zh-CN/html/a.html'")
    page.wait_for_function("() => document.getElementById('edition').value === 'zh-CN'")


def test_an_error_stands_above_the_last_good_page_with_a_link_to_its_line(open_page, book):
    page = open_page()
    go(page, "a.html")
    with edited(book / "book.yaml", "title:", "titel:"):
        page.wait_for_selector("#failure:not([hidden])", timeout=60_000)
        assert "没有“titel”这个键" in page.inner_text("#failure")
        link = page.locator("#failure a.place")
        assert link.get_attribute("href") == f"x://open{(book / 'book.yaml').as_posix()}:1"
        reads(page, "第60段")
        page.reload()
        reads(page, "第60段")
        assert page.locator("#failure").is_visible()
    page.wait_for_selector("#failure", state="hidden", timeout=60_000)


def test_findings_are_listed_as_they_arise_and_go_when_they_are_mended(open_page, book):
    page = open_page()
    assert page.locator("#findings-open").is_disabled()
    with edited(book / "b.md", "另一章", "[断](#nowhere)另一章"):
        page.wait_for_function("() => !document.getElementById('findings-open').disabled", timeout=60_000)
        page.click("#findings-open")
        row = page.locator("#findings li")
        assert "link-broken" in row.inner_text()
        assert row.locator("a.place").get_attribute("href").endswith("b.md:3")
        with edited(book / "b.md", "另一章", "".join(f"[断](#nowhere{one})" for one in range(6)) + "另一章"):
            page.wait_for_selector("#findings summary", timeout=60_000)
            page.click("#findings summary")
            assert page.locator("#findings details li:visible").count() == 7
    page.wait_for_selector("#findings", state="hidden", timeout=60_000)


def test_the_pdf_beside_the_page_is_open_where_the_paragraph_stands_and_leads_back(open_page, book):
    page = open_page()
    go(page, "a.html")
    page.get_by_role("button", name="并排").click()
    page.wait_for_selector(".sheet img", timeout=120_000)

    def marked():
        """The text of the PDF beside the mark: on the page that it stands on, at its height."""
        number, share = page.evaluate(
            "() => { const mark = document.querySelector('.marker'); const sheet = mark.parentElement;"
            " return [Number(sheet.dataset.number), parseFloat(mark.style.top) / 100]; }"
        )
        with pdf_of(page) as document:
            sheet = document[number]
            high = sheet.get_height() * (1 - share)
            text = sheet.get_textpage().get_text_bounded(0, high - 16, sheet.get_width(), high - 4)
            return re.sub(r"\s", "", text)

    for name in ("第20段", "第70段"):
        scroll_to(page, name)
        assert marked().startswith(name)
        mark, pane = page.locator(".marker").bounding_box(), page.locator("#paper").bounding_box()
        assert pane["y"] <= mark["y"] < pane["y"] + pane["height"]
    sheet = page.locator(".sheet").nth(page.evaluate("() => papers.places[place.trail[0][0]][0]"))
    box = sheet.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, max(box["y"], 60) + 200)
    page.wait_for_timeout(800)
    with edited(book / "a.md", "第70段。", "第70段。印出来也改了。"):
        reads(page, "印出来也改了")
        page.wait_for_function("() => document.getElementById('status').className === ''", timeout=90_000)
        with pdf_of(page) as document:
            assert any("印出来也改了" in one.get_textpage().get_text_bounded() for one in document)


def test_a_pdf_alone_stays_where_it_is_read_and_the_web_page_goes_on_from_there(open_page, book):
    page = open_page()
    page.get_by_role("button", name="PDF").click()
    page.wait_for_selector(".sheet img", timeout=120_000)

    def in_view():
        """Where the paragraph stands that the reader looks at: the share of the pane above it."""
        return page.evaluate("(id) => paperPlace().find(([one]) => one === id)[1]", chosen)

    chosen = page.evaluate(
        "() => Object.entries(papers.places).filter(([id]) => id.startsWith('p-'))"
        ".sort(([, a], [, b]) => a[0] - b[0] || a[1] - b[1])[50][0]"
    )
    page.evaluate("(id) => scrollPaper(id, 0.3)", chosen)
    page.wait_for_timeout(500)
    before = in_view()
    with edited(book / "a.md", "第1段。", "先来一段。\n\n" * 30 + "第1段。"):
        page.wait_for_function("() => papers.number === 2", timeout=120_000)
        page.wait_for_timeout(500)
        assert in_view() == pytest.approx(before, abs=0.03)
        page.get_by_role("button", name="HTML").click()
        reads(page, "先来一段。")
        seen = front(page).evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", chosen)
        assert -400 < seen < 900


@contextmanager
def pdf_of(page):
    """The PDF that the preview shows, as the page itself gets it."""
    import pypdfium2

    data = page.evaluate(
        "async () => { const answer = await fetch(`${read}book/${state.targets.pdf.home}`);"
        " return [...new Uint8Array(await answer.arrayBuffer())]; }"
    )
    document = pypdfium2.PdfDocument(bytes(data))
    yield document
    document.close()


def test_the_epub_is_read_at_the_same_paragraph_and_its_pages_turn(open_page, book):
    with edited(book / "book.yaml", "[html, pdf]", "[html, epub]"):
        page = open_page()
        go(page, "a.html")
        scroll_to(page, "第40段")
        page.get_by_role("button", name="EPUB").click()
        page.wait_for_function("() => pathOf(front).endsWith('/a.xhtml')", timeout=60_000)
        page.wait_for_timeout(500)
        assert height(page, "第40段") == pytest.approx(100, abs=80)
        page.click("#next")
        reads(page, "另一章的文字")
        with edited(book / "b.md", "另一章", "又一章"):
            reads(page, "又一章的文字")
        page.get_by_role("button", name="HTML").click()
        page.wait_for_function("() => pathOf(front).endsWith('/b.html')", timeout=60_000)


def test_everything_fits_and_is_accessible_on_every_screen(open_page, book):
    pages = [open_page(viewport=screen, locale="zh-TW") for screen in SCREENS]
    with edited(book / "book.yaml", "title:", "titel:"):
        for page, screen in zip(pages, SCREENS, strict=True):
            page.wait_for_selector("#failure:not([hidden])", timeout=60_000)
            page.click("#findings-open")
            assert page.evaluate("() => document.documentElement.scrollWidth") <= screen["width"], screen
            assert validators.axe(page) == [], screen
            assert page.evaluate("() => document.documentElement.lang") == "zh-Hant"
            assert page.inner_text("#desk") == "審讀"
            for box in page.locator("header button:visible, header select, header a").all():
                assert box.bounding_box()["height"] >= 24


def test_the_review_is_one_click_away_on_the_same_server(open_page, serving):
    page = open_page()
    with page.context.expect_page() as opened:
        page.click("#desk")
    desk = opened.value
    desk.wait_for_selector("#title")
    desk.wait_for_function("() => document.getElementById('title').textContent.includes('长书')", timeout=60_000)
    assert re.match(rf"http://127\.0\.0\.1:{serving.port}/desk/", desk.url)


def test_when_the_server_ends_the_page_says_so(open_page, serving):
    page = open_page()
    serving.shutdown()
    page.wait_for_selector("#status.lost", timeout=20_000)
    assert page.inner_text("#status") == "与 publish serve 的连接断开了"


def test_a_save_is_on_the_screen_soon(open_page, book):
    """Of a small book, whose every build is short: what the watch, the events and the page take themselves."""
    page = open_page()
    go(page, "a.html")
    took = []
    for number in range(3):
        began = time.monotonic()
        with edited(book / "a.md", "第0段。", f"第零段{number}。"):
            reads(page, f"第零段{number}。")
            took.append(time.monotonic() - began)
        reads(page, f"第零段{number}。", present=False)
    built = float(re.search(r"[\d.]+", page.inner_text("#status"))[0])
    assert min(took) - built < 1.0
