"""ISBNs: which one is taken, however it is written, and whether it can be one."""

from __future__ import annotations

import pytest

from publish.source.project import read_project
from publish.source.settings.isbn import isbn_of
from publish.source.settings.metadata import Identifier
from tests.tiny import write_book


@pytest.mark.parametrize(
    ("text", "scheme", "printed", "digits"),
    [
        ("978-7-302-51260-8", "ISBN-13", "978-7-302-51260-8", "9787302512608"),
        ("ISBN 9787302512608", "", "9787302512608", "9787302512608"),
        ("urn:isbn:978 7 302 51260 8", "", "978 7 302 51260 8", "9787302512608"),
        ("7-302-51260-8", "ISBN-10", "978-7-302-51260-8", "9787302512608"),
        ("0-8044-2957-X", "", "978-0-8044-2957-3", "9780804429573"),
    ],
)
def test_an_isbn_is_known_however_it_is_written(text, scheme, printed, digits):
    found = isbn_of([Identifier("urn:uuid:12345678-1234-5678-1234-567812345678"), Identifier(text, scheme)])
    assert (found.printed, found.digits) == (printed, digits)


def test_one_whose_last_digit_is_wrong_is_told():
    assert isbn_of([Identifier("978-7-302-51260-0", "ISBN-13")]).wrong
    assert not isbn_of([Identifier("978-7-302-51260-8", "ISBN-13")]).wrong


@pytest.mark.parametrize("text", ["1234567890", "10.1000/182", "6901028075862", "urn:uuid:9787302512608", "一本书"])
def test_what_is_no_isbn_is_none(text):
    assert isbn_of([Identifier(text)]) is None


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ("identifier: 978-7-302-51260-0\n", 2),
        ("identifier: 978-7-302-51260-8\neditions:\n  zh-TW:\n    identifier: 978-957-12-3456-0\n", 5),
        ("editions:\n  zh-TW:\n    epub:\n      identifier: {scheme: ISBN-13, text: 978-957-12-3456-0}\n", 5),
    ],
)
def test_an_isbn_that_a_shop_would_refuse_is_told_where_it_stands(tmp_path, settings, line):
    folder = write_book(tmp_path, {"book.yaml": f"title: 书\n{settings}", "01.md": "# 一\n\n文。\n"})
    [found] = [one for one in read_project(folder).findings if one.code == "meta-isbn"]
    assert found.place.line == line
    assert "does not check the others" in found.problem
