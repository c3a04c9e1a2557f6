import re

import pytest
from lxml import etree

from publish.edition.markup.xhtml import MATHML
from publish.formulas.engine import Wish, typeset
from publish.formulas.mathml import clean, enlarge, letter, part, rule


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


def test_a_line_over_or_under_more_than_a_letter_is_an_open_frame():
    def ruled(tag, base, sign):
        math = etree.fromstring(f'<math xmlns="{MATHML}"><{tag}>{base}<mo accent="true">{sign}</mo></{tag}></math>')
        rule(math)
        return etree.tostring(math[0], encoding="unicode").replace(f' xmlns="{MATHML}"', "")

    assert ruled("munder", '<mspace width="2em"/>', "_").startswith('<menclose notation="bottom"><mspace')
    assert ruled("mover", "<mrow><mi>A</mi><mi>B</mi></mrow>", "\u2015").startswith('<menclose notation="top"><mrow>')
    for kept in (("mover", "<mi>x</mi>", "\u00af"), ("mover", "<mrow><mi>A</mi></mrow>", "\u2192")):
        assert ruled(*kept).startswith("<mover>")


def test_the_label_of_an_arrow_is_as_wide_as_it_says():
    padded = '<mpadded width="+0.8em" lspace="0.3em" voffset="-.2em" height="-.2em"><mtext>热</mtext></mpadded>'
    math = clean(f'<math xmlns="{MATHML}"><mover><mo>\u2192</mo>{padded}</mover></math>', "x")
    label = next(math.iter(f"{{{MATHML}}}mover"))[1]
    assert [(one.tag.split("}")[1], one.get("width")) for one in label] == [
        ("mspace", "0.3em"),
        ("mtext", None),
        ("mspace", "0.5em"),
    ]
    assert not label.attrib


def test_the_rows_of_a_derivation_are_as_large_as_a_displayed_formula():
    def sizes(tex, count):
        math = etree.fromstring(f'<math xmlns="{MATHML}">{"<mtable><mtr/></mtable>" * count}</math>')
        enlarge(math, tex)
        return [one.get("displaystyle") for one in math]

    assert sizes(
        r"\begin{equation}\begin{aligned} a &= \begin{pmatrix} 1 \end{pmatrix} \end{aligned}\end{equation}", 2
    ) == [
        "true",
        None,
    ]
    assert sizes(r"\begin{align*} a &= b \end{align*}", 1) == ["true"]
    assert sizes(r"\begin{cases} a \end{cases}\substack{a \\\\ b}", 2) == [None, None]
    assert sizes(r"\begin{aligned} a \end{aligned}", 0) == []


def test_a_long_formula_of_a_line_is_parted_behind_its_signs():
    def signs(text):
        return "".join(f"<mo>{one}</mo>" if not one.isalnum() else f"<mi>{one}</mi>" for one in text)

    def parts(text):
        row = f"<semantics><mrow>{signs(text)}</mrow><annotation>TEX</annotation></semantics>"
        paragraph = etree.fromstring(f'<p><math xmlns="{MATHML}">{row}</math>。</p>')
        part(paragraph[0])
        assert paragraph[-1].tail == "。"
        assert [one.get("class") for one in paragraph[1:]] == ["part"] * (len(paragraph) - 1)
        return ["".join(one.itertext()).replace("TEX", "") for one in paragraph]

    assert parts("f(x,y)=a+b+c+d") == ["f(x,y)=a+b+c+d"]
    long = "f(x,y)=-a+(b+c)+d=abcdefghijk"
    assert parts(long) == ["f(x,y)=", "-a+", "(b+c)+", "d=", "abcdefghijk"]
    assert parts("(" + "a+" * 13 + "b)") == ["(" + "a+" * 12, "a+b)"], "in brackets where there is no other way"


def test_the_lines_of_an_array_are_those_of_its_cells():
    tex = r"\begin{array}{|c|c} \hline a & b \\ \hline c & d \\ \hline \end{array}"
    cells = "<mtd><mi>a</mi></mtd><mtd style='text-align: center'><mi>b</mi></mtd>"
    math = etree.fromstring(
        f'<math xmlns="{MATHML}"><mtable>{f"<mtr>{cells}</mtr>" * 2}<mtr><mtd/></mtr></mtable></math>'
    )
    enlarge(math, tex)
    sides = [re.findall(r"border-(\w+)", one.get("style") or "") for one in math.iter(f"{{{MATHML}}}mtd")]
    assert sides == [["left", "right", "top"], ["top"], ["left", "right", "top", "bottom"], ["top", "bottom"], []]
