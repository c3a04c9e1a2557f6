"""Code from other files by a range of lines, and the wish for numbers in every tool's spelling."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.source.document import rewrite
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

CODE = "import os\n\nclass A:\n    def f(self):\n\n        return 1\n"


@pytest.fixture
def code(folder):
    """`code(Markdown)` is the first code of a book: its classes, its pairs and its text."""

    def read(text, files=None):
        files = {"a.py": CODE, "deep/b.py": "1\n", **(files or {})}
        book = folder({"book.yaml": "title: t\nchapters: [a.md]\n", "a.md": f"# 章\n\n{text}\n", **files})
        found = []

        def block(one):
            found.extend([one] if one["t"] == "CodeBlock" else [])

        rewrite(read_manuscript(read_project(book)).chapters[0].blocks, block)
        (_, classes, pairs), content = found[0]["c"]
        return classes, dict(pairs), content

    return read


def fence(attributes):
    return f"```{attributes}\nx\n```"


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("", CODE.rstrip("\n")),
        ('lines="3-4"', "class A:\n    def f(self):"),
        ('lines="4-"', "def f(self):\n\n    return 1"),
        ('lines="1"', "import os"),
        ('lines="4:6"', "def f(self):\n\n    return 1"),
    ],
)
def test_code_comes_from_a_file_by_its_lines_without_their_common_indent(code, lines, wanted):
    classes, pairs, content = code(fence(f'{{.python include="a.py" {lines}}}'))
    assert (classes, pairs, content) == (["python"], {}, wanted)


def test_its_lines_are_numbered_as_in_the_file(code):
    classes, pairs, _ = code(fence('{.python .numberLines include="a.py" lines="3-4"}'))
    assert (classes, pairs) == (["python", "numbered"], {"first": "3"})


def test_those_of_a_part_that_has_a_name_are_numbered_from_one(code):
    file = "# ANCHOR: two\n2\n# ANCHOR_END: two\n"
    assert code(fence('{.c .numberLines include="s.c" snippet="two"}'), {"s.c": file})[1] == {}


def test_a_fence_with_nothing_in_it_that_names_a_file_of_the_book_has_its_code(code):
    assert (
        code('```{.python file="a.py" lines="3-4"}\n```\n')[2] == code(fence('{.python include="a.py" lines="3-4"}'))[2]
    )
    assert code('```{.python file="a.py"}\nx = 1\n```\n')[2] == "x = 1"
    assert code('```{.python file="no.py"}\n```\n')[2] == ""


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("# --8<-- [start:two]", "# --8<-- [end:two]"),
        ("// ANCHOR: two", "// ANCHOR_END: two"),
        ("#region two", "#endregion"),
        ("// start snippet two", "// end snippet two"),
        ("# tag::two[]", "# end::two[]"),
    ],
)
def test_code_comes_from_a_file_by_the_name_of_its_part(code, begin, end):
    file = f"one\n{begin.replace('two', 'twofold')}\n{begin}\n    2\n{end}\n3\n"
    assert code(fence('{.c include="s.c" snippet="two"}'), {"s.c": file})[2] == "2"


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ('include="no.py"', 'a.md:3: the code "no.py" is not found'),
        ('include="../../etc/passwd"', "lies outside the book"),
        ('include="a.py" lines="3-99"', '"a.py" has 6 lines, not 3-99'),
        ('include="a.py" lines="x"', 'lines="x" is not a range'),
        ('include="a.py" snippet="two"', '"a.py" has no part "two"'),
    ],
)
def test_what_cannot_be_taken_is_an_error_with_its_line(code, attributes, problem):
    with pytest.raises(PublishError) as raised:
        code(fence(f"{{.python {attributes}}}"))
    assert problem in str(raised.value)
    assert "a.md:3" in str(raised.value)


@pytest.mark.parametrize(
    ("info", "first"),
    [
        ("{.js .numberLines}", None),
        ('{.js .number-lines startFrom="7"}', "7"),
        ('js linenums="5"', "5"),
        ("js showLineNumbers", "1"),
        ("js:line-numbers {1}", "1"),
        ("ts:line-numbers=2", "2"),
        ('js {1,3} title="a.js" showLineNumbers', "1"),
        ("js {.numberLines startFrom=9}", "9"),
    ],
)
def test_numbers_are_wished_for_in_the_words_of_many_tools(code, info, first):
    classes, pairs, _ = code(fence(info))
    assert "numbered" in classes
    assert pairs.get("first") == first


def test_a_language_may_stand_before_pandocs_own_attributes(code):
    classes, pairs, _ = code(fence('js {.numberLines startFrom=9 marked="2"}'))
    assert "js" in classes
    assert (pairs["first"], pairs["marked"]) == ("9", "2")


def test_code_that_wishes_for_none_has_none(code):
    assert code(fence("js {1,3-5}"))[:2] == (["js"], {"marked": "1,3-5"})
