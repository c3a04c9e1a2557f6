"""Lists whose numbers have brackets."""

from __future__ import annotations

import pytest

from publish.edition.features.delimited import mark_delimited, take_delimited
from publish.edition.markup import xhtml
from publish.source import pandoc


def _lists(source: str) -> list[tuple[str | None, str | None]]:
    (blocks,), _ = pandoc.read([("a.md", source)])
    (page,), _ = pandoc.write([mark_delimited(blocks)])
    root = xhtml.parse(page, soup=False)
    take_delimited(root)
    assert not root.xpath("//*[contains(@class, 'delimited')]")
    return [(one.get("class"), one.get("type")) for one in root.iter(f"{xhtml.H}ol")]


@pytest.mark.parametrize(
    ("source", "lists"),
    [
        ("1. 甲\n2. 乙\n", [(None, "1")]),
        ("1) 甲\n2) 乙\n", [("paren", "1")]),
        ("a) 甲\nb) 乙\n", [("paren lower-alpha", "a")]),
        ("(@) 甲\n(@) 乙\n", [("parens", "1")]),
        ("1. 甲\n\n   1) 子\n   2) 丑\n\n2. 乙\n", [(None, "1"), ("paren", "1")]),
        ("1) 甲\n\n   1. 子\n   2. 丑\n\n2) 乙\n", [("paren", "1"), (None, "1")]),
        ("> A) 甲\n> B) 乙\n", [("paren upper-alpha", "A")]),
    ],
)
def test_a_list_keeps_the_brackets_of_its_numbers(source, lists):
    assert _lists(source) == lists
