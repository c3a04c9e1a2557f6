"""The font of formulas: what it must have, and that a cut of it still grows its brackets."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont

from publish.formulas import mathfont


@pytest.mark.parametrize(
    ("markup", "has", "lacks"),
    [
        ("<p>a<math><mi>x</mi><mo>&lt;</mo><mi>sin</mi></math>b</p>", "x𝑥<sin√−0", "ab"),
        ("<math><mi>h</mi><mi>φ</mi><annotation>\\varphi q</annotation></math>", "ℎ𝜑", "vq"),
    ],
)
def test_a_font_has_the_letters_of_formulas_upright_and_in_italics(markup, has, lacks):
    found = mathfont.characters([markup])
    assert {char for char in has if ord(char) not in found} == set()
    assert {char for char in lacks if ord(char) in found} == set()


def test_a_book_without_formulas_needs_none():
    assert mathfont.characters(["<p>x</p>"]) == frozenset()


def test_a_cut_font_keeps_the_pieces_by_which_roots_and_brackets_grow():
    data = mathfont.cut(map(ord, "(√𝑥"), woff=True)
    font = TTFont(io.BytesIO(data))
    assert font.flavor == "woff2"
    assert font["MATH"].table.MathVariants.VertGlyphCount >= 2
    assert set(map(ord, "(√𝑥")) <= set(font.getBestCmap())
    assert len(data) < 10_000
    assert data == mathfont.cut(map(ord, "(√𝑥"), woff=True), "the same bytes"


def test_the_font_has_what_formulas_are_written_with():
    known = TTFont(mathfont.FONT).getBestCmap()
    assert not [char for char in "∑∏∫∮√∞≤≥≠≈∈∉⊂∪∩→⇒↔ℝℂℕℤ𝔤𝒜𝐀𝛼∂∇ℏ⟨⟩⌊⌋⌈⌉…⋯⋮⋱′‖" if ord(char) not in known]
