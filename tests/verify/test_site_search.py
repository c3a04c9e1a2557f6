"""The search of the reading site in Chromium: words in every script, pinyin, places, and what is loaded for it."""

from __future__ import annotations

import re

import pytest

from tests.verify.conftest import publish
from tests.verify.sites import EDITIONS, search

pytestmark = pytest.mark.verify

TERM = {"zh-CN": "软件", "zh-TW": "軟體", "zh-HK": "軟件"}
TOP = "(one) => one.getBoundingClientRect().top"


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_word_is_found_in_whatever_way_it_is_written(place, window, edition):
    page = window(place).open(f"{place}/{edition}/html/index.html")
    for query in TERM.values():
        assert TERM[edition] in search(page, query).locator("mark").all_text_contents(), query


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


READ = {
    "zhuanhuan": "转换",
    "zhuan huan": "转换",
    "Zhuan'h": "转换",
    "shuyubiao": "术语表",
    "lüse": "绿色",
    "lvse": "绿色",
}


def test_pinyin_finds_what_is_read_so(place, window):
    page = window(place).open(f"{place}/zh-CN/html/index.html")
    for query, found in READ.items():
        assert found in search(page, query).locator("mark").all_inner_texts(), query


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
