"""Formulas of an edition: converted, with their macros and tags, and with MathML that pandoc does not write."""

import re
from dataclasses import replace

import pytest

from publish.edition.markup import xhtml
from publish.errors import PublishError
from publish.parity.gate import compare, refuse

BOOK = r"""title: 数学
editions: [zh-CN, zh-TW]
chapters: [a.md, b.md]
math-macros:
  R: \mathbb{R}
  norm: '\left\lVert #1 \right\rVert'
  \vec: ['\mathbf{#1}', 1]
"""


def told(book):
    return [one for one in book.findings if one.code not in ("meta-title", "book-none")]


def tex_of(page):
    return re.findall(r'<annotation encoding="application/x-tex">([^<]*)</annotation>', page)


def test_a_macro_of_the_settings_is_known_in_every_chapter(make_book):
    book = make_book({"book.yaml": BOOK, "a.md": "# 甲\n\n$x\\in\\R^n$\n", "b.md": "# 乙\n\n$\\norm{\\vec{x}}=1$\n"})
    assert not told(book)
    assert "ℝ" in book.page()
    assert "𝐱" in book.page(chapter=1)
    assert tex_of(book.page(chapter=1)) == [r"\norm{\vec{x}}=1"], "the author's TeX stands beside it"


def test_a_macro_that_a_formula_defines_is_known_from_its_chapter_on(make_book):
    files = {"book.yaml": BOOK, "a.md": "# 甲\n\n$\\Q$\n", "b.md": "# 乙\n\n$\\newcommand{\\Q}{\\mathbb{Q}}$ $\\Q$\n"}
    book = make_book(files)
    assert [(one.code, one.place.file) for one in told(book)] == [("math-tex", "a.md")]
    assert "ℚ" in book.page(chapter=1)


def test_what_pandoc_cannot_write_is_written_all_the_same(make_book):
    book = make_book("# 甲\n\n$\\ce{2H2O}$ 与 $\\cfrac{a}{b}$\n")
    assert not told(book)
    assert len(re.findall("<math ", book.page())) == 2
    assert tex_of(book.page()) == [r"\ce{2H2O}", r"\cfrac{a}{b}"]
    assert 'alttext="\\ce{2H2O}"' in book.page()


def test_an_error_names_its_line_and_stands_there_as_tex(make_book):
    book = make_book("# 甲\n\n一\n\n$$\\begin{aligned}\na &= b \\\\\nc &= \\foo{1 < 2}\n\\end{aligned}$$\n")
    [finding] = told(book)
    assert (finding.code, finding.severity, finding.place.file, finding.place.line) == (
        "math-tex",
        "warning",
        "a.md",
        7,
    )
    assert r"Undefined control sequence \foo" in finding.problem
    assert '<span class="math error">' in book.page()
    assert r"\foo{1 &lt; 2}" in book.page()


def test_a_tag_stands_beside_its_formula(make_book):
    page = make_book("# 甲\n\n$$a=b \\tag{3.1}$$\n").page()
    assert re.search(r'<span class="equation"><math .*</math><span class="number">\(3\.1\)</span></span>', page)
    assert "tag" not in page


def test_a_number_that_a_tag_has_is_given_to_no_other_formula(make_book):
    page = make_book("# 甲\n\n式 [-@eq:x]。$$a=b \\tag{1}$$\n\n$$c=d$$ {#eq:x}\n").page()
    assert re.findall(r'class="number">([^<]*)<', page) == ["(1)", "(2)"]


def test_a_named_formula_with_a_tag_is_one_equation(make_book):
    page = make_book("# 甲\n\n[$$a=b \\tag{2}$$]{#eq:x .equation}\n").page()
    assert page.count("equation") == 1
    assert '<span class="number">(2)</span>' in page


@pytest.mark.parametrize(
    "text",
    [
        "# 题 $\\text{头发}^2$\n\n文\n",
        "# 题\n\n| $\\text{头}$ | 二 |\n|--|--|\n| $x$ | $$y$$ |\n\n: 表 $\\text{发}$\n",
        "# 题\n\n文[^1]\n\n[^1]: 注 $\\text{头发}$ 与 $$\\R \\tag{式}$$\n",
        "# 题\n\n[$\\text{头发}$]{.keep} [$\\text{头发}$]{lang=ja}\n",
        "# 题\n\n![图 $10 \\times \\text{头}$ 里](x.png)\n\n行内 ![图 $\\text{头}$](x.png) 里\n",
        "# 题\n\n- 项 $$\\foo{头发}$$ 后\n",
    ],
)
def test_the_gate_finds_nothing_wherever_a_formula_stands(text, make_book, png):
    book = make_book({"a.md": text, "x.png": png}, ("zh-CN", "zh-TW"))
    for publication in book.editions.values():
        refuse(book.project, book.manuscript, publication)


def test_a_formula_that_was_changed_does_not_pass_the_gate(make_book):
    book = make_book("# 题\n\n$\\text{头发}+1$\n")
    publication = book.editions["zh-TW"]
    for old, new in (("+1<", "+2<"), ("頭髮", "頭"), ("頭髮", "头发")):
        chapter = publication.chapters[0]
        broken = replace(publication, chapters=(replace(chapter, xhtml=chapter.xhtml.replace(old, new)),))
        if new == "头发":
            assert "parity-script" in {one.code for one in compare(book.project, book.manuscript, [broken])}
        else:
            with pytest.raises(PublishError):
                refuse(book.project, book.manuscript, broken)


def test_a_title_has_its_formula_as_plain_text(make_book):
    root = xhtml.read(make_book("# 关于 $a_1^2+\\frac{b}{c+1}=\\sqrt{\\alpha}$\n").editions["zh-TW"].chapters[0].xhtml)
    [heading] = xhtml.headings(root)
    assert heading.text == "關於 a₁²+b/(c+1)=√α"


@pytest.mark.parametrize("name", ["norm", "\\norm"])
def test_quotes_are_missing_around_a_macro_with_arguments(project, name):
    with pytest.raises(PublishError, match=r"book\.yaml:3: .*single quotes"):
        project(f"title: 书\nmath-macros:\n  {name}: \\lVert #1 \\rVert\n")
