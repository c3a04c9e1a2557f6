"""What is told of a library in BibTeX."""

from __future__ import annotations

from publish.source.citations.doubts import doubts


def told(source, cited=lambda _: True):
    return [(one.place.line, one.problem) for one in doubts(source, "refs.bib", cited)]


def test_an_abbreviation_that_nothing_defines_is_told_where_it_stands():
    fields = "publisher = known # { 北京},\n  month = jan, year = 2001,\n  series = nobody"
    source = f"@string{{known = {{某社}}}}\n@book{{a,\n  {fields}\n}}\n"
    assert told(source) == [
        (5, 'the entry "a" has as its series the abbreviation nobody, which nothing defines (@string)')
    ]
    assert not told(source, lambda key: key != "a")


def test_a_field_that_an_entry_has_twice_is_told_where_it_differs():
    first = '@book{a, title = {甲 = {乙}}, year = {2001}, note = "丙, year = 3",'
    source = f"{first}\n year = {{2002}}, title = {{甲 = {{乙}}}}}}\n@book{{b, year = 1}}\n"
    assert told(source) == [(2, 'the entry "a" has the field year twice: 2001, and 2002')]
