"""Chapters begin on right pages where the book says so, or where they are so long that few pages stay blank."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from publish.render.pdf.opening import begins_right

A_PAGE = 600


def book(pages, *, chapters=12, theme="book", start="", two_sided=True, level=0, pictures=0):
    body = f"<p>{'字' * int(pages * A_PAGE * 0.8)}</p>" + '<img src="a.png"/>' * pictures
    return SimpleNamespace(
        page=SimpleNamespace(two_sided=two_sided, chapter_start=start),
        theme=theme,
        chapters=[SimpleNamespace(xhtml=body, level=level if number else 0) for number in range(chapters)],
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (book(4), False),  # a novel's chapters
        (book(12), True),
        (book(4, start="right"), True),
        (book(12, start="any"), False),
        (book(12, theme="report"), False),
        (book(12, theme="report", start="right"), True),
        (book(12, two_sided=False, start="right"), False),
        (book(2, chapters=30, level=1), True),  # one chapter of many files
        (book(2, pictures=12), True),
    ],
)
def test_chapters_begin_on_the_right_where_that_is_said_or_they_are_long(given, expected):
    assert begins_right(given, A_PAGE) == expected
