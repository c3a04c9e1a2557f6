"""Line ends and spaces: what becomes of them between Han, marks and Latin."""

from __future__ import annotations

import pytest

from publish.source import pandoc
from publish.source.document import text
from publish.source.joining import count_gaps, join_lines, sets_gaps


def joined(markdown, *, spaced=True):
    """The texts of a Markdown text's paragraphs with their lines joined."""
    (blocks,), _ = pandoc.read([("a.md", markdown)])
    return [text(block["c"]) for block in join_lines(blocks, spaced=spaced)]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("中\n文", "中文"),
        ("“引\n号”", "“引号”"),
        ("引”\n“号", "引”“号"),
        ("引，\nAI", "引，AI"),
        ("AI\n，引", "AI，引"),
        ("中——\n文……\n完", "中——文……完"),
        ("用\nAI\n写", "用 AI 写"),
        ("two\nwords", "two words"),
        ("re\u00ad\nport", "re\u00adport"),
        ("well-\nknown", "well-known"),
        ("a -\nb", "a - b"),
        ("用 \n写", "用写"),
        ("*中*\n*文*", "中文"),
        ("a *b*\n*c*", "a b c"),
        ("中\u3000\n文", "中\u3000文"),
        ("用  AI   写", "用 AI 写"),
        ("中 文", "中 文"),
        ("カナ\nかな", "カナかな"),
        ("한국\n말", "한국 말"),
        ("２\n３", "２３"),
        ("中\\\n文", "中 文"),
        ("𠀀\n𠀁", "𠀀𠀁"),
    ],
)
def test_a_line_end_is_nothing_between_wide_characters_and_a_space_between_words(markdown, expected):
    assert joined(markdown) == [expected]


def test_between_han_and_latin_a_line_end_is_what_the_author_sets_there():
    assert joined("用\nAI\n写", spaced=False) == ["用AI写"]
    assert joined("two\nwords", spaced=False) == ["two words"]
    assert sets_gaps([count_gaps("用 AI 写，用AI 写")])
    assert not sets_gaps([count_gaps("用AI写，用 AI写")])
    assert count_gaps("用AI写，用 AI写") == (4, 1)
    assert sets_gaps([(4, 1), (2, 2)])
    assert sets_gaps([])
    assert count_gaps("没有") == (0, 0)


@pytest.mark.parametrize(
    ("markdown", "nodes"),
    [
        ("用 **AI** 写", "Str Space Strong Space Str"),
        ("用 *AI*\n写", "Str Space Emph Space Str"),
    ],
)
def test_spaces_stay_nodes_of_their_own(markdown, nodes):
    (blocks,), _ = pandoc.read([("a.md", markdown)])
    assert " ".join(one["t"] for one in join_lines(blocks)[0]["c"]) == nodes


def test_of_spaces_that_meet_over_markup_one_is_kept(make_book):
    book = make_book("用<b> </b> AI，用 <b> AI</b>，a[ ]{.x} b\n", ("zh-CN",))
    assert book.page("zh-CN") == '<p>用<b> </b>AI，用 <b>AI</b>，a<span class="x"></span> b</p>'
