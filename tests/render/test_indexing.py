"""An index in formats: it leads only to what they have, and says what its parts are."""

from __future__ import annotations

from publish.edition.markup.xhtml import EPUB, H, plain, read, serialize
from publish.render.indexing import ask_folios, lead, name_types, short_marks
from publish.render.pdf.locators import asked_folios, say_folios

INDEX = """<div xmlns="http://www.w3.org/1999/xhtml"><section class="index" aria-label="索引">\
<div class="index-entries">\
<div class="index-group"><div class="index-head">C</div><ul><li id="e1"><span class="index-term">重庆</span>　\
<span class="locators"><a class="locator" href="#a" data-also="b c">1</a>、<a class="locator" href="#d">2</a></span>\
</li></ul></div><div class="index-group"><div class="index-head">H</div><ul><li id="e2"><span class="index-term">河流\
</span><ul><li id="e3"><span class="index-term">长江</span>　<span class="locators"><a class="locator" href="#x">1</a>\
</span></li></ul></li></ul></div></div></section></div>"""


def test_entries_lead_to_the_first_place_that_a_format_has():
    tree = read(INDEX)
    lead(tree, {"b", "c", "d", "x"})
    assert [one.get("href") for one in tree.iter(f"{H}a")] == ["#b", "#d", "#x"]
    assert "data-also" not in serialize(tree)
    assert next(tree.iter(f"{H}section")).get("role") == "doc-index"


def test_what_leads_nowhere_goes_with_its_entry_and_group():
    tree = read(INDEX)
    lead(tree, {"d"})
    assert plain(tree) == "C重庆　2"
    tree = read(INDEX)
    ask_folios(tree, {"x"})
    assert "重庆" not in plain(tree)
    assert 'class="folios" data-targets="x"' in serialize(tree)


def test_no_sign_is_left_of_a_place_that_goes():
    for known, said in (({"d"}, "2"), ({"a"}, "1"), ({"a", "d"}, "1、2")):
        tree = read(INDEX)
        lead(tree, known)
        assert plain(tree) == f"C重庆　{said}"


def test_what_leads_to_an_entry_that_has_gone_is_no_link():
    led = '<span class="index-see-also"><span class="index-word">参见</span> <a href="#entry-2">江</a></span>'
    whole = INDEX.replace("</li></ul></div>", f"{led}</li></ul></div>", 1).replace('id="e2"', 'id="entry-2"')
    for change, linked in ((lambda tree: lead(tree, {"d"}), False), (lambda tree: lead(tree, {"d", "x"}), True)):
        tree = read(whole)
        change(tree)
        assert "参见 江" in plain(tree)
        assert ('href="#entry-2"' in serialize(tree)) is linked


def test_its_parts_are_named_for_readers_of_epub():
    tree = read(INDEX)
    name_types(tree)
    types = {one.get(f"{{{EPUB}}}type") for one in tree.iter()}
    assert types - {None} == {
        "index", "index-group", "index-entry-list", "index-entry", "index-term", "index-locator-list", "index-locator"
    }  # fmt: skip


def folios(numbers, names="a b c d e"):
    html, told = say_folios(f'甲<span class="folios" data-targets="{names}"></span>乙', numbers)
    return plain(read(f'<div xmlns="http://www.w3.org/1999/xhtml">{html}</div>')), told


def test_numbers_of_pages_are_sorted_and_merged():
    assert folios({"a": 9, "b": 3, "c": 4, "d": 4, "e": 5})[0] == "甲3–5, 9乙"
    assert folios({"a": 1, "b": 2})[0] == "甲1, 2乙"
    assert folios({"a": 1})[1] == {"a": 1}
    assert folios({})[0] == "甲乙"


def test_before_numbers_are_known_there_is_room_for_all():
    assert folios(None)[0] == "甲100, 102, 104, 106, 108乙"
    assert say_folios("甲", None) == ("甲", {})


def test_pages_of_a_passage_are_a_range_and_merge_with_others():
    assert folios({"a": 12, "b": 15}, "a–b")[0] == "甲12–15乙"
    assert folios({"a": 12, "b": 13}, "a–b") == ("甲12–13乙", {"a": 12, "b": 13})
    assert folios({"a": 12, "b": 12}, "a–b")[0] == "甲12乙"
    assert folios({"a": 12, "b": 15, "c": 16, "d": 3, "e": 4}, "a–b c d e")[0] == "甲3, 4, 12–16乙"
    assert folios({"b": 15}, "a–b")[0] == "甲15乙"
    assert folios(None, "a–b c")[0] == "甲100–101, 103乙"
    assert asked_folios('<span class="folios" data-targets="a–b c"></span>') == {"a", "b", "c"}


PASSAGE = """<div xmlns="http://www.w3.org/1999/xhtml"><section class="index"><div class="index-entries">\
<div class="index-group"><ul><li id="e1"><span class="index-term">甲</span>　<span class="locators">\
<span class="locator-range"><a class="locator" href="#a" data-to="b">1</a>–<a class="locator" href="#b">2</a></span>、\
<a class="locator" href="#c" data-to="d" data-also="e–f g">3</a></span></li></ul></div></div></section></div>"""


def test_a_passage_leads_to_the_ends_that_a_format_has():
    for known, said, targets in (
        ("abcdefg", "1–2、3", "a–b c–d e–f g"),
        ("ab", "1–2", "a–b"),
        ("a", "1", "a"),
        ("bd", "2、3", "b d"),
        ("f", "3", "f"),
    ):
        tree = read(PASSAGE)
        lead(tree, known)
        assert plain(tree) == f"甲　{said}"
        assert {one.get("href")[1:] for one in tree.iter(f"{H}a")} <= set(known)
        assert not {name for one in tree.iter() for name in one.attrib} & {"data-to", "data-also"}
        tree = read(PASSAGE)
        ask_folios(tree, known)
        assert f'data-targets="{targets}"' in serialize(tree)
    tree = read(PASSAGE)
    name_types(tree)
    assert "index-locator-range" in serialize(tree)


def test_marks_of_a_page_have_short_ids_and_those_that_would_share_one_keep_theirs():
    names = ["entry-35804908f3", "ix-1d393b0081", "ix-1d393b0081-3", "ix-22aa000000", "ix-22aa111111"]
    assert short_marks(names) == {
        "ix-1d393b0081": "-1d39",
        "ix-1d393b0081-3": "-1d39-3",
        "ix-22aa000000": "ix-22aa000000",
        "ix-22aa111111": "ix-22aa111111",
    }
