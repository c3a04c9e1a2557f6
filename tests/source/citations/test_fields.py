"""Sources of each kind as GB/T 7714-2025 has them, by numbers and by names; what pandoc leaves out of an entry."""

from __future__ import annotations

import re

import pytest

from publish.edition.markup.xhtml import H, plain, read
from publish.source.citations.fields import RawEntry, for_standard, raw_entries, with_fields, with_percents
from tests.tiny import ROOT

# Each entry, and what the standard makes of it by numbers and by names.
ENTRIES = (ROOT / "tests/fixtures/gb-t-7714.txt").read_text("utf-8")
ROWS = [piece.rsplit("\n", 2) for piece in ENTRIES.strip().split("\n\n")]
KEYS = [re.search(r"\{(\w)", row[0])[1] for row in ROWS]


@pytest.fixture
def listed(make_book):
    def make(bib, keys, style="", text=""):
        cites = text or "、".join(f"[@{key}]" for key in keys)
        files = {
            "book.yaml": "title: 书\nauthor: 甲\nlang: zh-CN\nbibliography: r.bib\nchapters: [a.md]\n" + style,
            "r.bib": bib,
            "a.md": f"# 章\n\n{cites}\n\n::: {{#refs}}\n:::\n",
        }
        root = read(make_book(files, ("zh-CN",)).editions["zh-CN"].chapters[0].xhtml)
        found = [one for one in root.iter(f"{H}div") if one.get("class") == "csl-entry"]
        return [re.sub(r"↑$", "", " ".join(plain(one).split())) for one in found], plain(next(root.iter(f"{H}p")))

    return make


def test_sources_of_each_kind_are_as_the_standard_has_them_by_numbers(listed):
    entries, _ = listed("\n".join(row[0] for row in ROWS), KEYS)
    assert entries == [row[1] for row in ROWS]


def test_sources_of_each_kind_are_as_the_standard_has_them_by_names(listed):
    style = "csl: gb-t-7714-2025-author-date\n"
    entries, said = listed("\n".join(row[0] for row in ROWS), KEYS, style)
    assert sorted(entries) == sorted(row[2] for row in ROWS)
    assert "（佚名，[2026]）" in said
    assert "（秧苗农机厂，2008）" in said
    assert "（布鲁姆 等，2010）" in said
    assert "（克鲁格曼，2011）" in said


def test_other_styles_are_told_who_invented_and_both_addresses():
    def words(text):
        return {"t": "MetaString", "c": text}

    url = words("https://doi.org/10.5555/x")
    data = {"type": words("patent"), "author": words("何渠"), "URL": url, "DOI": words("10.5555/x")}
    made = with_fields(data, RawEntry("patent", {"holder": "秧苗农机厂"}))
    assert (made["author"], made["DOI"]) == (data["author"], data["DOI"])
    told = for_standard(made, numeric=True, eastern=True)
    assert told["author"]["c"][0]["c"]["literal"] == words("秧苗农机厂")
    assert "DOI" not in told


def test_two_of_a_name_and_a_year_stand_as_their_letters_do_whoever_else_wrote_them(listed):
    two = "@book{a, title={甲}, author={田穗 and 何渠 and 谷雨}, year=1999}\n"
    two += "@book{b, title={乙}, author={田穗 and 何渠}, year=1999}\n"
    entries, _ = listed(two, "ab", "csl: gb-t-7714-2025-author-date\n")
    assert [re.search(r"\d{4}\w", one)[0] for one in entries] == ["1999a", "1999b"]


def test_who_is_from_where_does_not_say_where_an_entry_stands(listed):
    two = "@book{a, title={甲}, author={[美] 田穗}, year=1999}\n@book{b, title={乙}, author={何渠}, year=1999}\n"
    entries, said = listed(two, "ab", "csl: gb-t-7714-2025-author-date\n", "@a 与 @b")
    assert [one[:3] for one in entries] == ["何渠，", "[美]"]
    assert said == "田穗（1999）与何渠（1999）"


def test_a_percent_sign_in_a_title_is_one_and_one_that_is_escaped_stays_so():
    source = '@book{a, title = {50% {x%}, \\% y}, url = {https://a.example/%20},\n % said\n note = "1%"}\n'
    made = with_percents(source)
    assert made == source.replace("50%", "50\\%").replace("x%", "x\\%").replace('"1%', '"1\\%')


def test_entries_are_read_as_they_are_typed():
    source = '@Article{a,\n  Title = "A {B} c",\n  eid={x{1}}, year = 2020}\n@comment{no, a={b}}\n'
    source += "@misc{b, note = {un{closed}\n"
    found = raw_entries(source)
    assert sorted(found) == ["a", "b"]
    assert (found["a"].kind, dict(found["a"].fields)) == (
        "article",
        {"title": "A {B} c", "eid": "x{1}", "year": "2020"},
    )
