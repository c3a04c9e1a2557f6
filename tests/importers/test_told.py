"""An import's report tells each kind of thing once, with what to do about it."""

from __future__ import annotations

from publish.importers.report import ImportReport, Ledger


def _report(ledger: Ledger) -> str:
    return ImportReport("folder", "notes", {"title": "笔记"}, {}, ledger.sorted(), {}, {}).text()


def test_a_hundred_alike_are_one_line_with_the_most_frequent_first() -> None:
    ledger = Ledger()
    for number in range(100):
        ledger.file = f"第{number}章.md"
        ledger.unread("link-broken", 3, "旧页.html", "it leads to nothing in the folder")
        ledger.unread("link-broken", 9, f"{number}.html", "it leads to nothing in the folder")
    lines = _report(ledger).splitlines()
    assert "  link-broken: 200 in 100 files: left as it stands; it leads to nothing in the folder" in lines
    assert any(line.startswith("    旧页.html  ") and line.endswith(" and 99 more") for line in lines)
    assert "    → Correct the address, or make it plain text" in lines
    assert len(lines) < 15


def test_few_are_told_each_with_its_place() -> None:
    ledger = Ledger()
    ledger.file = "a.md"
    ledger.unread("image-missing", 7, "图.png", "no such file in the folder")
    assert "  a.md:7: image-missing: left as it stands: 图.png (no such file in the folder)" in _report(ledger)


def test_what_is_left_out_stands_apart_from_what_is_changed() -> None:
    ledger = Ledger()
    for name in ("甲.md", "乙.md", "丙.md", "丁.md", "戊.md", "己.md"):
        ledger.file = name
        ledger.decide("page-unlisted", 0, name, "not taken", "the contents do not name it")
        ledger.decide("headings", 0, name, "its title set as a heading", "a chapter has one title")
    text = _report(ledger)
    left, changed = text.index("6 left out of the book:"), text.index("6 changed:")
    assert left < text.index("page-unlisted: 6 in 6 files") < changed < text.index("headings: 6 in 6 files")
    assert text.count("丙.md") == 2, "each file is named once for each kind"
