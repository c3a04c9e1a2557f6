import pytest
from lxml import etree

from publish.formulas.engine import Wish, typeset
from publish.formulas.mathml import clean, letter


def written(tex, *, display=False):
    wish = Wish(tex, display)
    return clean(typeset([wish])[wish].mathml, "TEX")


def test_the_authors_tex_stands_beside_it():
    root = written(r"\ce{H2O}", display=True)
    assert root.get("display") == "block"
    assert root[0].tag.endswith("semantics")
    assert root[0][-1].text == "TEX"


def test_nothing_is_left_that_only_mathjax_knows():
    text = etree.tostring(written(r"\begin{aligned}a&=b\\c&=d\end{aligned}"), encoding="unicode")
    assert "data-" not in text
    assert "text-align: right" in text


@pytest.mark.parametrize(
    ("char", "alphabet", "made"),
    [("R", "DOUBLE-STRUCK", "ℝ"), ("A", "DOUBLE-STRUCK", "𝔸"), ("L", "SCRIPT", "ℒ"), ("H", "FRAKTUR", "ℌ"),
     ("g", "FRAKTUR", "𝔤"), ("x", "BOLD", "𝐱"), ("α", "BOLD ITALIC", "𝜶"), ("h", "ITALIC", "ℎ"), ("7", "BOLD", "𝟕"),
     ("速", "BOLD", "速"), ("+", "BOLD", "+")],
)  # fmt: skip
def test_an_alphabet_is_its_characters(char, alphabet, made):
    assert letter(char, alphabet) == made
