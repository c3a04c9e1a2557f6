"""Leaves: the pieces of text in a run of inlines, and the run rebuilt around other pieces."""

from __future__ import annotations

import sys

import pytest

from publish.source import pandoc
from publish.source.document import string, text
from publish.source.leaves import OBJECT, leaves, rebuild


def run(markdown):
    """The inlines of a paragraph."""
    (blocks,), _ = pandoc.read([("a.md", markdown)])
    return blocks[0]["c"]


@pytest.mark.parametrize(
    ("markdown", "joined"),
    [
        ("头**发**里", "头发里"),
        ("头*发**里***", "头发里"),
        ("头[发](u){.c}[里]{#i}", "头发里"),
        ("头[^1]发\n\n[^1]: 注", "头发"),
        ("头<b>发</b>里<ruby>字<rt>zi</rt></ruby>", f"头发里字{OBJECT}zi{OBJECT}"),
        ("头<B class=x>发</B >", "头发"),
        ("头<kbd>发", f"头{OBJECT}发"),
        ("头`码`发$x$里![图](u)", f"头{OBJECT}发{OBJECT}里{OBJECT}"),
        ("头\\\n发", "头\n发"),
        ("头<br>发", f"头{OBJECT}发"),
        ("a b\nc", "a b c"),
        ("H~2~O^x^", "H2Ox"),
        ("~~头~~[发]{.smallcaps}", "头发"),
        ("`\\textbf{x}`{=tex}头", f"{OBJECT}头"),
    ],
)
def test_a_run_reads_as_one_text(markdown, joined):
    assert "".join(leaf.text for leaf in leaves(run(markdown))) == joined


def test_rebuilding_with_the_same_texts_changes_nothing_but_line_ends():
    inlines = run("头**发 *里* x**`c`[^1] <b>y</b> $z$ ![a](b) [l](m)\\\n末\n\n[^1]: 注")
    assert rebuild(inlines, [leaf.text for leaf in leaves(inlines)]) == inlines


def test_rebuilding_puts_each_text_in_its_place_and_leaves_what_is_no_text():
    inlines = run("头**发**`c`里 末")
    pieces = [leaf.text for leaf in leaves(inlines)]
    assert pieces == ["头", "发", OBJECT, "里", " ", "末"]
    made = rebuild(inlines, ["頭髮", "", OBJECT, "裡", " ", "末"])
    assert [one["t"] for one in made] == ["Str", "Strong", "Code", "Str", "Space", "Str"]
    assert made[1]["c"] == []
    assert text(made) == "頭髮c裡 末"


def test_rebuilding_leaves_its_argument_unchanged():
    inlines = [{"t": "Emph", "c": [string("头")]}, string("发")]
    rebuild(inlines, ["頭", "髮"])
    assert inlines == [{"t": "Emph", "c": [string("头")]}, string("发")]


def test_all_in_an_opaque_container_is_opaque():
    found = leaves(run("头[发*里* x]{.keep}末"), lambda node: node["t"] == "Span")
    assert [leaf.text for leaf in found if leaf.opaque] == ["发", "里", " ", "x"]
    assert [leaf.text for leaf in found if not leaf.opaque] == ["头", "末"]


@pytest.mark.parametrize("piece", ["词 word ", "头发里面，计算机", "头**发**“里”\n", "x[头](u)发`c` "])
def test_a_paragraph_of_very_many_words_takes_linear_work(piece, make_book):
    """Four times the text takes about four times the calls of Python's functions, not sixteen times."""
    make_book(piece)  # which loads what is loaded once
    counts = []
    for times in (500, 2_000):
        calls = 0

        def count(_frame, _event, _argument):
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            make_book(piece * times)
        finally:
            sys.setprofile(None)
        counts.append(calls)
    assert counts[1] < 6 * counts[0]
