"""Words that a book defines: which lead to their definitions, and what is said of those that cannot."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.source.document import CONTAINERS, children
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

WORDS = """\
版心: 正文的地方。
书眉: {definition: 一行小字。, also: [页眉, 天头]}
Go: 语言。
暗词: {definition: 不标。, mark: false}
"""
LIST = "\n\n::: glossary\n:::\n"


@pytest.fixture
def led(folder):
    """`led(Markdown, definitions)` are paragraphs with [word](what it leads to), and findings' codes and lines."""

    def read(text, words=WORDS, place=LIST):
        settings = "title: 书\nlang: zh-CN\ndefinitions: d.yaml\nchapters: [a.md]\n"
        manuscript = read_manuscript(
            read_project(folder({"book.yaml": settings, "d.yaml": words, "a.md": text + place}))
        )
        blocks = manuscript.chapters[0].blocks
        entries = [entry for one in blocks if one["t"] == "Div" for entry in one["c"][1][-1]["c"][1]]
        names = {entry["c"][0][0]: shown(entry["c"][1][0]["c"][0][0], {}) for entry in entries}
        said = "/".join(shown(one["c"], names) for one in blocks if one["t"] == "Para")
        found = [(one.code, one.place.line) for one in manuscript.findings if one.code != "glossary-unused"]
        return said, found

    return read


def shown(inlines, names):
    out = ""
    for one in inlines:
        inner = shown(children(one), names) if one["t"] in CONTAINERS else ""
        if one["t"] == "Link":
            out += f"[{inner}]({names.get(one['c'][2][0][1:], one['c'][2][0])})"
        else:
            out += inner or {"Str": lambda one: one["c"], "Code": lambda one: one["c"][1]}.get(one["t"], lambda _: "")(
                one
            )
    return out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("版心、版心。\n\n版心。", "[版心](版心)、版心。/版心。"),
        ("页眉和**书眉**、`版心`。", "[页眉](书眉)和书眉、版心。"),
        ("**版心**里。", "[版心](版心)里。"),
        ("版**心**里。版心。", "版心里。[版心](版心)。"),
        ("[版心](https://example.org)，版心。", "[版心](https://example.org)，[版心](版心)。"),
        ("Gopher 用 Go。", "Gopher用[Go](Go)。"),
        ("暗词，[暗词]{.term}。", "暗词，[暗词](暗词)。"),
        ('版心，[那里]{.term key="版心"}。', "版心，[那里](版心)。"),
        ("| 版心 |\n|---|\n| 书眉 |\n\n版心。", "[版心](版心)。"),
        ("# 版心\n\n版心。", "[版心](版心)。"),
        ("版心。[^a]后。\n\n[^a]: 版心是也。\n", "[版心](版心)。后。"),
    ],
)
def test_the_first_of_a_word_in_running_text_leads_to_its_definition(led, text, said):
    assert led(text) == (said, [])


def test_a_mark_of_a_word_that_is_not_defined_is_told(led):
    assert led("一\n\n[版芯]{.term}。") == ("一/版芯。", [("glossary-unknown", 3)])


def test_a_book_without_a_place_for_the_list_is_told_and_nothing_leads_there(led):
    assert led("版心。", place="") == ("版心。", [("glossary-unplaced", 1)])


def test_a_word_that_stands_nowhere_is_told(folder):
    settings = "title: 书\nlang: zh-CN\ndefinitions: d.yaml\nchapters: [a.md]\n"
    project = read_project(folder({"book.yaml": settings, "d.yaml": WORDS, "a.md": f"# 章\n\n版心和 Go。{LIST}"}))
    [found] = [one for one in read_manuscript(project).findings if one.code == "glossary-unused"]
    assert (found.severity, found.place.line) == ("note", 2)


@pytest.mark.parametrize(
    ("words", "line", "problem"),
    [
        ("版心: 一\n书眉:\n", 2, "has no definition"),
        ("版心: {meaning: 一}\n", 1, 'unknown key "meaning"'),
        ("- 版心\n", 1, "not a map"),
    ],
)
def test_definitions_that_cannot_be_read_are_an_error_with_its_line(led, words, line, problem):
    with pytest.raises(PublishError, match=problem) as error:
        led("版心", words)
    assert error.value.place.line == line


def test_a_file_of_definitions_that_is_missing_is_an_error(folder):
    with pytest.raises(PublishError, match=r'definitions "d\.yaml" not found'):
        read_project(folder({"book.yaml": "title: 书\ndefinitions: d.yaml\n", "a.md": "# 一\n"}))
