"""The review's page as an editor has it: in Chromium, by keys and by hand, on a phone and a desktop."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time

import pytest

from publish.convert import Choice, Converter
from publish.review.session import Session
from publish.serve.command import review
from tests.verify import validators
from tests.verify.sites import windows

pytestmark = pytest.mark.verify

TEXT = "# 手记\n\n他的手又干又痒。树干上刻着字。又干又冷。[^1]\n\n[^1]: 又干了。\n\n# 其次\n\n能干。头**发**长了。\n"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
DESKTOP = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN"}


@pytest.fixture
def book(tmp_path):
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "book.yaml").write_text("title: 书\neditions: [zh-CN, zh-TW, zh-HK]\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def server(book, monkeypatch):
    def choices(self, text, opaque=()):
        del opaque
        found = re.finditer("干", text) if self.configurations else ()
        said = (("opencc", "幹"), ("words", "乾"))
        return [
            Choice(one.start(), one.end(), "干", "幹", ("乾",), "opinions", 0.8 - one.start() / 100, "试", said)
            for one in found
        ]

    monkeypatch.setattr(Converter, "choices", choices)
    with review(Session(book)) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving
        serving.shutdown()


@pytest.fixture
def open_page(chromium, server):
    """`open_page(**screen)` opens the page; a fault of its script fails the test."""
    with windows(chromium, server.address, DESKTOP, lambda page: page.wait_for_selector("#options button")) as opened:
        yield opened


def rows(book):
    path = book / "decisions.yaml"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [line.strip() for line in lines if line[:1] != "#"]


def told(page, words):
    page.wait_for_function("(words) => document.getElementById('notice').textContent.includes(words)", arg=words)


def test_an_editor_decides_by_keys_and_sees_the_edition_change(open_page, book):
    page = open_page()
    assert page.inner_text("#count") == "已定 0 处，还有 6 处"
    assert page.inner_text("#source mark") == "干"
    assert page.inner_text("#text [aria-current]") == "乾"
    page.keyboard.press("1")
    told(page, "已写入：干 → 幹")
    first = rows(book)
    assert first[:2] == ["zh-HK:", "干:"], "the other edition that has the same doubt"
    assert first[3:5] == ["zh-TW:", "干:"]
    assert (len(first), first[2]) == (6, first[5])
    assert page.inner_text("#count") == "已定 1 处，还有 5 处"
    page.wait_for_selector("#text a.decided")
    assert page.locator("#text a.decided").all_inner_texts() == ["幹"]
    page.keyboard.press("p")
    told(page, "已写入：干 → 干")
    assert sum("keep: true" in row for row in rows(book)) == 2
    page.keyboard.press("u")
    told(page, "已撤销")
    page.keyboard.press("u")
    page.wait_for_function("() => document.getElementById('undo').disabled")
    assert rows(book) == []
    assert page.inner_text("#count") == "已定 0 处，还有 6 处"


def test_one_decision_settles_all_like_it(open_page, book):
    page = open_page()
    page.locator("#questions button", has_text="3 处").click()
    page.keyboard.press("a")
    assert page.inner_text("#scopes [aria-checked=true]").startswith("“干”前接“又”的各处")
    page.keyboard.press("2")
    told(page, "共 3 处")
    assert rows(book) == [line for key in ("zh-HK:", "zh-TW:") for line in (key, "干:", "- {before: 又, as: 乾}")]
    assert page.inner_text("#count") == "已定 3 处，还有 3 处"
    assert "香港繁體版也照此定下" in page.inner_text("#notice")
    page.get_by_role("button", name="香港繁體版").click()
    page.wait_for_function("() => document.getElementById('target').lang === 'zh-Hant-HK'")
    assert page.inner_text("#count") == "已定 3 处，还有 3 处"


def test_a_decision_can_be_kept_to_its_own_edition(open_page, book):
    page = open_page()
    page.uncheck("#shared-on")
    page.keyboard.press("2")
    told(page, "已写入")
    assert [row for row in rows(book) if row.startswith("zh-")] == ["zh-TW:"]


def test_keys_are_never_dropped_and_each_shows_at_once(open_page, book):
    page = open_page()
    page.route("**/api/steps", lambda route: (time.sleep(0.15), route.continue_())[1])
    first = page.inner_text("#number"), page.inner_text("#where")
    page.evaluate(
        """() => {
          const press = () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "2", bubbles: true }));
          const before = performance.now();
          for (let i = 0; i < 5; i++) press();
          window.took = (performance.now() - before) / 5;
        }"""
    )
    assert page.evaluate("window.took") < 50  # milliseconds to the next question
    assert (page.inner_text("#number"), page.inner_text("#where")) != first
    assert page.inner_text("#count") == "已定 5 处，还有 1 处", "before any of them is written"
    page.wait_for_function("() => steps.length === 0")
    assert sum("as: 乾" in row for row in rows(book)) == 2 * 5
    assert page.inner_text("#count") == "已定 5 处，还有 1 处"


@pytest.mark.parametrize("way", ["the tab closed", "another address", "the server ended", "the server killed"])
def test_ten_fast_presses_are_never_lost(chromium, tmp_path, way):
    """Each end comes right after the tenth key, before most of the decisions have left the page."""
    text = "".join(f"{one}{two}在木牌上写着“{two}干{one}”。\n\n" for one in "山水日月" for two in "春夏秋冬")
    (tmp_path / "a.md").write_text(f"# 牌\n\n{text}", encoding="utf-8")
    (tmp_path / "book.yaml").write_text("title: 书\neditions: [zh-TW]\n", encoding="utf-8")
    context, (serving, address) = chromium.new_context(**DESKTOP), served(tmp_path)
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("#options button")
        page.wait_for_selector("#opening", state="hidden")
        for _ in range(10):
            page.keyboard.press("1")
        if way == "the tab closed":
            page.close()
        elif way == "another address":
            page.goto("about:blank")
        elif way == "the server ended":
            serving.terminate()
        else:
            serving.kill()
            serving.communicate()
            serving, again = served(tmp_path)
            assert again.partition("#")[0] == address.partition("#")[0]
            later = context.new_page()
            later.goto(again)
            told(later, "按过")
            later.wait_for_function("() => !document.getElementById('count').textContent.includes('已定 0')")
        until = time.monotonic() + 20
        while len([row for row in rows(tmp_path) if "as: " in row]) < 10 and time.monotonic() < until:
            time.sleep(0.1)
        assert len([row for row in rows(tmp_path) if "as: " in row]) == 10
    finally:
        context.close()
        serving.terminate()
        serving.communicate(timeout=30)
    assert not (tmp_path / ".decisions.yaml.journal").exists()


def served(book):
    """`publish review --serve` in a process of its own, and its address."""
    command = [sys.executable, "-m", "publish", "review", str(book), "--serve", "--no-open"]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    return serving, re.search(r"http://\S+", serving.stdout.readline())[0]


def test_what_could_not_be_written_stands_open_again(open_page):
    page = open_page()
    place = page.inner_text("#where")

    def full(route):
        done = [] if route.request.post_data_json["steps"] else [{"number": 1, "problem": "满了"}]
        route.fulfill(json={"done": done})

    page.route("**/api/steps", full)
    page.keyboard.press("1")
    told(page, "没有写入")
    assert page.inner_text("#count") == "已定 0 处，还有 6 处"
    assert page.inner_text("#where") == place
    assert not page.locator("#done").is_visible()


def test_keys_walk_and_the_filters_narrow(open_page, book):
    page = open_page()
    numbers = [page.inner_text("#number")]
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
        numbers.append(page.inner_text("#number"))
    assert [re.findall(r"\d+", number)[0] for number in numbers] == ["1", "2", "3", "2"]
    page.select_option("#reason", "join")
    assert page.inner_text("#source mark") == "头发"
    assert page.inner_text("#number") == "第 1 处，共 1 处"
    page.select_option("#reason", "")
    page.select_option("#chapter", label="其次")
    assert re.findall(r"\d+", page.inner_text("#number")) == ["2", "2"]
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("2")
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    assert rows(book) == []


def test_another_form_is_written_by_hand_and_keys_in_the_field_are_text(open_page, book):
    page = open_page()
    page.keyboard.press("e")
    page.locator("#own-form").fill("")
    page.keyboard.type("乾1p")
    page.keyboard.press("Enter")
    told(page, "已写入：干 → 乾1p")
    assert rows(book)[-1].endswith('as: "乾1p"}')


def test_a_term_goes_to_the_glossary_after_a_question(open_page, book):
    page = open_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("g")
    told(page, "已收进术语表：干 → 幹")
    assert (book / "glossary.yaml").read_text("utf-8") == "terms:\n  干: {zh-TW: 幹}\n"


def test_a_change_on_disk_is_seen_without_asking(open_page, book):
    page = open_page()
    (book / "decisions.yaml").write_text("zh-TW:\n  干: [{as: 乾}]\n", encoding="utf-8")
    told(page, "在别处改过，已经重新读入")
    assert page.inner_text("#count") == "已定 5 处，还有 1 处"


def test_a_book_that_cannot_be_read_is_told_and_nothing_written(open_page, book):
    page = open_page()
    (book / "decisions.yaml").write_text("zh-TW: [\n", encoding="utf-8")
    page.keyboard.press("1")
    page.wait_for_function("() => document.getElementById('notice').className === 'problem'")
    assert "没有写入" in page.inner_text("#notice")
    assert (book / "decisions.yaml").read_text("utf-8") == "zh-TW: [\n"


def test_the_other_edition_is_one_click_away(open_page):
    page = open_page()
    page.get_by_role("button", name="香港繁體版").click()
    page.wait_for_function("() => document.getElementById('target').lang === 'zh-Hant-HK'")
    assert page.get_by_role("button", name="香港繁體版").get_attribute("aria-pressed") == "true"


def test_the_token_leaves_the_address_and_a_reload_still_works(open_page, server):
    page = open_page()
    assert server.keys.token not in page.url
    page.reload()
    page.wait_for_selector("#options button")


def test_without_the_token_the_page_says_what_to_do(chromium, server):
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(server.address.partition("#")[0])
    told(page, "请用终端里现在显示的地址重新打开")
    assert page.inner_text("#source") == ""
    context.close()


def test_a_page_of_another_host_can_neither_read_nor_write(chromium, server, book):
    """Even one that knows the token: the browser asks first, and the server does not allow it."""
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.route("http://evil.example/*", lambda route: route.fulfill(body="<p>evil", content_type="text/html"))
    page.goto("http://evil.example/")
    attack = """async ([address, token]) => {
      const done = [];
      for (const [path, method] of [["api/state", "GET"], ["api/decide", "POST"]])
        for (const headers of [{ "X-Publish-Token": token }, {}])
          for (const mode of ["cors", "no-cors"])
            done.push(await fetch(address + path, {
              method, headers, mode, body: method === "POST" ? "{}" : undefined,
            }).then((answer) => answer.type === "opaque" ? "opaque" : answer.status, () => "refused"));
      return [...new Set(done)];
    }"""
    base, _, token = server.address.partition("#")
    assert set(page.evaluate(attack, [base, token])) <= {"refused", "opaque"}
    assert rows(book) == []
    context.close()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_page_fits_and_everybody_can_use_it(open_page, screen, colours):
    page = open_page(**screen, color_scheme=colours)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
    assert validators.axe(page) == []
    page.hover("#editions [aria-pressed=true]")
    assert validators.axe(page) == [], "the name of the edition that is shown, under the pointer"
    page.keyboard.press("2")
    told(page, "已写入")
    assert page.get_by_role("button", name="撤销", exact=True).get_attribute("aria-keyshortcuts") == "u"
    page.keyboard.press("?")
    assert validators.axe(page) == []


def test_any_word_of_the_text_is_corrected_by_hand(open_page, book):
    page = open_page()
    page.wait_for_selector("#text p[data-unit]")
    page.evaluate(
        """() => {
          const inside = [...document.querySelectorAll('#text p')].find((one) => one.textContent.includes('刻'));
          const walk = document.createTreeWalker(inside, NodeFilter.SHOW_TEXT);
          while (!walk.nextNode().textContent.includes('刻')) {}
          const at = walk.currentNode.textContent.indexOf('刻');
          getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + 1);
        }"""
    )
    page.wait_for_selector("#correct:not(:disabled)")
    page.click("#correct")
    page.wait_for_selector("#own:not([hidden])")
    assert page.inner_text("#source mark") == "刻"
    page.fill("#own-form", "鐫")
    page.fill("#note", "照底本")
    page.click("#own button[type=submit]")
    told(page, "已写入")
    assert any("as: 鐫" in row and "note: 照底本" in row for row in rows(book))


def test_places_are_ordered_found_settled_undone_and_done_again(open_page):
    page = open_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.select_option("#order", "place")
    assert page.inner_text("#number") == "第 1 处，共 6 处"
    page.fill("#find", "能干")
    page.wait_for_function("() => document.querySelectorAll('#questions li:not([hidden])').length <= 2")
    page.fill("#find", "")
    page.click("#settle")
    told(page, "已定下 4 处")
    assert page.inner_text("#count") == "已定 4 处，还有 2 处"
    page.keyboard.press("u")
    told(page, "已撤销")
    page.keyboard.press("r")
    told(page, "已重做")
    assert page.inner_text("#count") == "已定 4 处，还有 2 处"


@pytest.mark.parametrize(
    ("locale", "lang", "words"),
    [("en-GB", "en", ["Places of doubt", "only here"]), ("zh-HK", "zh-Hant", ["疑處", "只這一處"])],
)
def test_the_page_speaks_as_the_browser_does(open_page, locale, lang, words):
    page = open_page(viewport={"width": 820, "height": 1100}, locale=locale)
    assert page.get_attribute("html", "lang") == lang
    assert [one for one in words if one not in page.inner_text("main")] == []
