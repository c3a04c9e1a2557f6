"""Formulas on pages: on the baseline, in the measure, with the gap beside Han, and their words for those who hear."""

import io
import re
from itertools import pairwise

import pikepdf
import pytest
from lxml import etree

from publish.check.pdf.read import read_pdf
from publish.edition.derive import derive
from publish.render.pdf.document import document
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from tests.tiny import make, write_book

SETTINGS = "title: 数学\neditions: [zh-CN, zh-TW]\n"
LONG = r"p(w_1,\ldots,w_T)=p(w_1)\,p(w_2\mid w_1)\cdots p(w_T\mid w_1,\ldots,w_{T-1})=\prod_{t=1}^T p(w_t\mid w_1)"


def printed(folder, text, settings=SETTINGS, edition="zh-CN"):
    """The tree that WeasyPrint lays out, and the findings."""
    root = write_book(folder / "book", {"book.yaml": settings, "01.md": text, "02.md": None})
    project = read_project(root)
    publication = derive(project, read_manuscript(project), project.edition(edition), folder / "scratch")
    html, findings = document(publication)
    return etree.fromstring(html.encode(), etree.HTMLParser()), html, findings


def drawings(html):
    return re.findall(r'<svg[^>]*class="(?:formula|piece)".*?</svg>', html)


def built(folder, text, settings=SETTINGS, edition="zh-CN"):
    root = write_book(folder / "book", {"book.yaml": settings, "01.md": text, "02.md": None})
    report = make(root, folder / "out", "pdf", editions=(edition,))
    [path] = (folder / "out" / edition).glob("*.pdf")
    return pikepdf.open(io.BytesIO(path.read_bytes())), report, path


def elements(pdf, name):
    """The structure elements of a kind."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == name:
                found.append(node)
            walk(node.get("/K"))
        elif isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)

    walk(pdf.Root["/StructTreeRoot"]["/K"])
    return found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("# 题 $x^2$\n\n文\n", 1),
        ("# 题\n\n| $x$ | 二 |\n|--|--|\n| $y$ | 文 |\n\n: 表 $z$\n", 3),
        ("# 题\n\n文[^1]\n\n[^1]: 注 $x$ 与 $$y \\tag{1}$$ 后\n", 2),
        ("# 题\n\n- 项 $$x$$ 后\n- $y$\n\n> 引 $z$\n\n词\n:   义 $$u$$ 后\n", 4),
    ],
)
def test_formulas_are_drawn_wherever_they_stand(text, count, tmp_path):
    _, html, findings = printed(tmp_path, text)
    assert len(drawings(html)) == count
    assert "<math" not in html
    assert not findings


def test_a_drawing_is_as_large_as_its_text_and_on_its_baseline(tmp_path):
    _, html, _ = printed(tmp_path, "# 题\n\n设 $\\frac{a}{b}$ 是\n")
    [svg] = drawings(html)
    height, down = (float(re.search(rf"{name}:(-?[\d.]+)em", svg)[1]) for name in ("height", "vertical-align"))
    assert 1 < height < 1.6
    assert -0.5 < down < -0.3


def test_han_in_a_drawing_are_the_editions_and_in_its_font(tmp_path):
    _, report, path = built(tmp_path, "# 题\n\n雞 $n_\\text{鸡}$\n", edition="zh-TW")
    assert not report.findings
    glyphs = [glyph for page in read_pdf(path).pages for glyph in page.glyphs if glyph.text == "雞"]
    assert len(glyphs) == 2
    assert glyphs[0].font == glyphs[1].font
    assert glyphs[1].size == pytest.approx(glyphs[0].size * 0.707, rel=0.02)


def test_text_stands_off_a_formula_as_off_latin(tmp_path):
    _, _, path = built(tmp_path, "# 题\n\n设$x$是\n\n设 $x$ 是\n")
    page = next(page for page in read_pdf(path).pages if any(glyph.text == "设" for glyph in page.glyphs))
    places = [
        (one.left, two.left)
        for one, two in pairwise(glyph for glyph in page.glyphs if glyph.text.strip())
        if (one.text, two.text) == ("设", "是")
    ]
    assert len(places) == 2, "the formula is no text"
    (first, second), (third, fourth) = places
    assert second - first == pytest.approx(fourth - third, abs=0.1), "a typed space is the gap, too"


def test_a_formula_is_tagged_and_has_its_words(tmp_path):
    pdf, _, _ = built(tmp_path, f"# 题\n\n设 $x^2$ 与 ${LONG}$ 与\n\n$$\\sum_i x_i$$\n")
    spoken = [str(one["/Alt"]) for one in elements(pdf, "/Formula")]
    assert set(spoken) == {"x^2", LONG, r"\sum_i x_i"}
    assert not elements(pdf, "/Figure")


def test_a_wide_formula_is_broken_and_nothing_is_said(tmp_path):
    _, html, findings = printed(tmp_path, f"# 题\n\n$${LONG}$$\n")
    [svg] = drawings(html)
    assert float(re.search(r"height:([\d.]+)em", svg)[1]) > 3
    assert not findings


IONS = r"$\ce{Cl2、HClO、H2O、H+、Cl- 、ClO- 、OH-}$"
REACTION = r"$\ce{Na2CO3 + CaCl2 \xlongequal{} CaCO3 v + 2NaCl}$"
WIDE = "$abcdefghijklmnopqrst$"


@pytest.mark.parametrize(
    "rows",
    [
        (["名", "液氯", "新制氯水", "久置氯水"], ["粒子", r"$\ce{Cl2}$", IONS, r"$\ce{H2O、H+、Cl- 、OH-}$"]),
        (["甲", "乙", "丙"], [f"一{WIDE}", f"二{WIDE}", "三"]),
        (["物质", "现象", "方程式"], ["碳酸钠" * 6, "白色沉淀" * 6, REACTION]),
        (["一", "二"], ["$x$", f"<br>{REACTION}"]),
    ],
)
def test_a_formula_in_a_cell_has_its_size_and_the_column_the_room(rows, tmp_path):
    head, *body = rows
    lines = "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body))
    tree, html, findings = printed(tmp_path, f"# 题\n\n{lines}\n")
    assert not findings
    for drawing in drawings(html):
        assert float(re.search(r"width:([\d.]+)em", drawing)[1]) == pytest.approx(
            float(re.search(r'viewBox="0 \S+ (\d+)', drawing)[1]) / 1000, rel=0.01
        )
    size = float((re.search(r"font-size:([\d.]+)pt;line", html) or [0, 8.5])[1])
    for column in tree.iter("col"):
        group = column.getparent()
        at = group.index(column)
        cells = [row[at] for row in group.getparent().iter("tr")]
        drawn = [one.get("style") for cell in cells for one in cell.iter("svg")]
        widest = max((float(re.search(r"width:([\d.]+)em", style)[1]) for style in drawn), default=0)
        assert widest * size < float(column.get("style")[6:-2])


def test_a_formula_too_wide_for_any_table_is_told_with_what_helps(tmp_path):
    wide = "".join(f"ABCDEFGH_{{{n}}}" for n in range(12))
    _, _, findings = printed(tmp_path, f"# 题\n\n| 名 | 式 |\n|---|---|\n| 甲 | ${wide}$ |\n")
    [found] = [one for one in findings if one.code == "pdf-math"]
    assert found.place.line == 5
    assert "its column" in found.problem


def test_what_cannot_be_broken_is_set_smaller_and_told_with_its_line(tmp_path):
    wide = r"\begin{bmatrix}" + "&".join("abcdefghijkl" for _ in range(8)) + r"\end{bmatrix}"
    _, html, findings = printed(tmp_path, f"# 题\n\n文\n\n$${wide}$$\n")
    [finding] = findings
    assert (finding.code, finding.place.line) == ("pdf-math", 5)
    assert "% of its size" in finding.problem
    [svg] = drawings(html)
    assert float(re.search(r"width:([\d.]+)em", svg)[1]) < 40


def test_a_long_formula_in_a_line_may_be_parted_by_the_line(tmp_path):
    tree, html, _ = printed(tmp_path, f"# 题\n\n设 ${LONG}$ 是\n")
    assert len(drawings(html)) == 3
    [whole] = [one for one in tree.iter("span") if one.get("class") == "formula"]
    assert whole.get("aria-label") == LONG


def test_the_text_goes_on_behind_a_formula_without_indent(tmp_path):
    tree, _, _ = printed(tmp_path, "# 题\n\n由此\n$$x$$\n**可**知。\n\n下一段。\n")
    [rest] = [one for one in tree.iter("span") if one.get("class") == "goes-on"]
    assert "".join(rest.itertext()).strip() == "可知。"


def test_a_number_ends_the_line_of_its_formula(tmp_path):
    _, _, path = built(
        tmp_path, "# 题\n\n由此可知这一行很长，长到了这一行的末尾还没有完，所以要转到下一行去。\n\n$$x=1 \\tag{3.1}$$\n"
    )
    page = next(page for page in read_pdf(path).pages if any(glyph.text == "由" for glyph in page.glyphs))
    right = max(glyph.right for glyph in page.glyphs if glyph.text != "\n")
    number = [glyph for glyph in page.glyphs if glyph.text in ("(", "3", ".", "1", ")")]
    assert number[-1].right == pytest.approx(right, abs=1.5)


def test_a_number_of_a_formula_as_wide_as_the_line_stays_on_one(tmp_path):
    terms = " + ".join(f"a_{{{n}}}^2" for n in range(1, 15))
    _, _, path = built(tmp_path, f"# 题\n\n由此\n\n$$ t = {terms} \\tag{{12.34}} $$\n")
    page = next(page for page in read_pdf(path).pages if any(glyph.text == "由" for glyph in page.glyphs))
    [opened] = [glyph for glyph in page.glyphs if glyph.text == "("]
    [closed] = [glyph for glyph in page.glyphs if glyph.text == ")"]
    assert opened.base == pytest.approx(closed.base, abs=0.5)


def test_an_error_is_shown_as_tex(tmp_path):
    tree, html, _ = printed(tmp_path, "# 题\n\n$\\foo{x}$\n")
    [error] = [one for one in tree.iter("span") if one.get("class") == "math error"]
    assert error.text == r"\foo{x}"
    assert not drawings(html)


def test_a_title_is_plain_text_in_contents_and_bookmarks(tmp_path):
    pdf, _, _ = built(tmp_path, "# 关于 $a^2$\n\n文\n\n## 与 $\\frac{b}{c}$\n\n文\n")
    with pdf.open_outline() as outline:
        titles = [one.title for one in outline.root]
    assert any("关于 a²" in title for title in titles)


def test_the_same_book_has_the_same_bytes_whether_its_formulas_are_kept_or_not(tmp_path, monkeypatch):
    files = []
    for name in ("cold", "cold", "other"):
        monkeypatch.setenv("PUBLISH_CACHE", str(tmp_path / name))
        files.append(built(tmp_path, "# 题\n\n$x^2$ $y$ $\\ce{H2O}$\n")[2].read_bytes())
    assert files[0] == files[1] == files[2]
