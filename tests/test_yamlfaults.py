"""YAML that nobody can read: what is told is what an author has to mend, and never the words of a parser."""

from __future__ import annotations

import re

import pytest

from publish.errors import PublishError
from publish.yamlfile import read_yaml

FAULTS = [
    ("title: 甲: 乙", 1, "a colon with a space behind it stands inside this value"),
    ("title:甲\nlang: zh-CN", 1, "there is no space behind the colon"),
    ("title: 甲\nlang zh-CN\nslug: a", 2, "this line has no colon"),
    ("title: 甲\n author: 乙", 2, "this line is indented further than the key above it"),
    ("title: 甲\nchapters:\n  - a.md\n - b.md", 4, "this line does not go with those above it"),
    ("- a\ntitle: 甲", 2, "this line does not go with those above it"),
    ("title: 甲\n\tauthor: 乙", 2, "a tab stands where YAML allows spaces alone"),
    ("title: [甲\nlang: zh-CN", 1, "the bracket that opens here is not closed by ]"),
    ("title: 甲\nchapters: [", 2, "the bracket that opens here is not closed by ]"),
    ("title: 甲\nauthor: {name: 乙,\n\n", 2, "the bracket that opens here is not closed by }"),
    ("title: {a: b", 1, "the bracket that opens here is not closed by }"),
    ("title: '甲", 1, "a quotation mark opens here and never closes"),
    ("title: 'it's'", 1, "text stands behind the closing quotation mark"),
    ('title: "C:\\dir"', 1, "\\d means nothing between double quotation marks"),
    ("title: @甲", 1, "the value begins with @,"),
    ("title: %甲", 1, "the value begins with %,"),
    ("title: `甲`", 1, "the value begins with `,"),
    ("title: *甲*", 1, "the value begins with * or &"),
    ("title: *x", 1, "the value begins with * or &"),
    ("title: !甲", 1, "the value begins with !"),
    ("title: !x 甲", 1, "the value begins with !"),
    ("title: {{ 甲 }}", 1, "a list or a map stands where a key is due"),
    ("description: |甲\nlang: zh-CN", 1, "text stands behind | or > in its line"),
    ("%甲\ntitle: 乙", 1, "the line begins with %"),
    ("title: 甲\n---\nlang: zh-CN", 2, "a second part begins here with ---"),
    ("chapters: - a.md", 1, "a list begins in the line of its key"),
    ("title: 甲\nlang", 2, "this line has no colon"),
    ("title: ]", 1, "a value is missing here"),
    ("标题：甲", 1, 'the colon behind "标题" is a full-width one'),
    ("title: 甲\x07", 1, "this holds a character that no text has (U+0007)"),
]


@pytest.mark.parametrize(("text", "line", "problem"), FAULTS, ids=[text for text, _, _ in FAULTS])
def test_a_fault_is_told_where_it_is_mended(text, line, problem):
    with pytest.raises(PublishError) as caught:
        read_yaml(f"{text}\n", "book.yaml")
    (first, *others) = caught.value.all
    assert (first.place.line, first.problem[: len(problem)], others) == (line, problem, [])
    assert first.remedy


def test_nothing_that_a_parser_says_is_told():
    words = re.compile(r"token|scalar|mapping|block end|stream|expected|constructor|sequence")
    told = []
    for text, _, _ in FAULTS:
        with pytest.raises(PublishError) as caught:
            read_yaml(f"{text}\n", "book.yaml")
        told += [str(one) for one in caught.value.all]
    assert not [one for one in told if words.search(one)]
