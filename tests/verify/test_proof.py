"""The proof looks at our books, which it must find nothing in, and at one text by other engines, which each fail."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from publish.check.pdf import check as check_pdf
from publish.check.pdf.lines import NOT_FIRST, NOT_LAST, Layout, is_han, lay_out, unit
from publish.check.pdf.read import read_pdf
from publish.check.pdf.rules import findings
from publish.doctor import find_chromium
from publish.edition.derive import derive
from publish.edition.markup.xhtml import MATHML, H, plain
from publish.render import prepare
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from scripts.habits import BOOKS as HABITS
from scripts.habits import write
from scripts.samples import chromium, ours, stock
from tests.tiny import ROOT
from tests.verify.conftest import CLIPS, FEATURES, publish
from tests.verify.validators import MissingValidatorError

pytestmark = pytest.mark.verify
TIMES = 10  # the text so many times over: some pages
EDITIONS = ("zh-CN", "zh-TW", "zh-HK")
# What says something of the pages, and not of the pictures or characters that an author gave us.
OURS = ("line-", "mark-", "page-", "toc-", "font-", "pdf-", "text-")


@dataclass(frozen=True)
class Proofed:
    """A book: where its text is, and by edition the PDF and its lines, which are read once for all tests."""

    source: Path
    files: dict[str, Path]
    layouts: dict[str, Layout]


@pytest.fixture(scope="module", params=["handbook", "features", *(CLIPS or ["clips"])], ids=lambda one: Path(one).stem)
def book(request, handbook, features, built_clip):
    if request.param == "clips":
        pytest.skip("../shared/inputs has no clips")
    own = {"handbook": (ROOT / "source", handbook), "features": (FEATURES, features)}
    if request.param in own:
        source, build = own[request.param]
    else:
        build = built_clip(request.param)
        source = build.folder.parent / "source"
    files = {file.parent.name: file for file in build.pdfs}
    assert files.keys() == {*EDITIONS}
    return Proofed(source, files, {key: lay_out(read_pdf(file)) for key, file in files.items()})


def test_our_own_books_have_no_finding(book):
    found = {
        key: [str(one) for one in findings(layout.document) if one.severity != "note" and one.code.startswith(OURS)]
        for key, layout in book.layouts.items()
    }
    assert found == {key: [] for key in EDITIONS}


@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("kind", HABITS)
def test_books_of_other_habits_have_no_finding_that_a_typesetter_would_raise(kind, seed, tmp_path):
    """All findings, and not only those of lines: nothing in these books is an author's doing."""
    source = write(kind, tmp_path / "source", seed)
    publish("build", source, "--output", tmp_path / "out", "--format", "pdf", "--quiet", "--no-cache", "--strict")
    found = {
        key: [str(one) for one in check_pdf(tmp_path / "out" / key / "book.pdf") if one.severity != "note"]
        for key in ("zh-CN", "zh-TW")
    }
    assert found == {"zh-CN": [], "zh-TW": []}


def test_our_own_books_measure_as_a_typesetter_would_have_them(book):
    """From the glyphs of the PDF, and not by the rules that the findings come from."""
    for layout in book.layouts.values():
        fixed = [font.fixed for font in layout.document.fonts]
        broken = [
            (line, after, edge)
            for paragraph in layout.paragraphs
            for line, after, edge in paragraph.broken
            if edge is not None
            and line.han >= 8
            and not (line.fixed or line.beside or line.role.startswith(("H", "TD")))
        ]
        short = [abs(line.short(edge)) for line, _, edge in broken if abs(line.short(edge)) < line.size]
        assert max(short, default=0) <= 0.3
        gaps = [
            (two.left - one.right) / line.size
            for line, after, _ in broken
            if line.han >= 20 and unit(after.glyphs) <= 2.05 * line.size
            for one, two in pairwise(line.glyphs)
            if is_han(one.text)
            and is_han(two.text)
            and fixed[one.font] == fixed[two.font]  # code has a field around it
            and not any(  # a formula
                one.right < drawing.left < two.left and abs(drawing.bottom - line.base) < line.size
                for drawing in layout.document.pages[line.page - 1].drawings
            )
        ]
        assert max(gaps, default=0) <= 0.16
        assert not [after.text for _, after, _ in broken if after.text[0] in NOT_FIRST - {"."}]
        assert not [line.text for line, _, _ in broken if line.text[-1] in NOT_LAST]


def test_text_is_copied_as_it_was_written(book):
    """Paragraph by paragraph, by another reader of PDFs: no space but where Han and Western text meet."""
    project = read_project(book.source)
    manuscript = read_manuscript(project)
    for key, file in book.files.items():
        with tempfile.TemporaryDirectory() as scratch:
            publication = derive(project, manuscript, project.edition(key), Path(scratch))
        wanted = [plain(one) for chapter in prepare(publication, "pdf") for one in _paragraphs(chapter.tree)]
        with pypdfium2.PdfDocument(file) as pdf:
            pages = [re.sub(r"[\r\n]", "", page.get_textpage().get_text_bounded()) for page in pdf]
        # Before a long word that nothing parts a line may be looser than a reader takes for whole.
        loose = [line.text for lines in book.layouts[key].lines for line in lines if _widest(line) > 0.16]
        seen, unclean = 0, []
        for text in wanted:
            bare = re.sub(r"\s", "", text)
            page = next((one for one in pages if bare in re.sub(r"\s", "", one)), None)
            if page is not None:  # else it goes over a page's end
                seen += 1
                if not re.search(_copied(text), page) and not any(line in bare for line in loose):
                    unclean.append(re.search(r"\s*".join(map(re.escape, bare)), page)[0])
        assert seen > 0.8 * len(wanted)
        assert unclean == []


def _widest(line):
    """The widest gap between two Han characters, in em."""
    pairs = [(one, two) for one, two in pairwise(line.glyphs) if is_han(one.text) and is_han(two.text)]
    return max(((two.left - one.right) / line.size for one, two in pairs), default=0)


def _paragraphs(tree):
    """Paragraphs of nothing but text: what a note, a formula, a reading or 割注 is copied as is settled elsewhere."""
    for paragraph in tree.iter(f"{H}p"):
        odd = (
            next(paragraph.iter(*(f"{H}{name}" for name in "sup ruby img br".split()), f"{{{MATHML}}}math"), None)
            is not None
        )
        odd = odd or bool(paragraph.xpath(".//*[contains(@class, 'warichu')]"))
        odd = odd or any(is_han(char) for code in paragraph.iter(f"{H}code") for char in plain(code))  # in a field
        if not odd and not paragraph.xpath("ancestor::*[local-name()='aside' or local-name()='section'][@role]"):
            yield paragraph


def _copied(text):
    """A pattern for a text with a space allowed where one was written, and beside Western characters."""
    parts, before = [], "a"
    for char in text.strip():
        if not char.isspace():
            parts.append(("" if ord(before) > 0x2E80 and ord(char) > 0x2E80 else r"\s*") + re.escape(char))
        before = "a" if char.isspace() else char
    return "".join(parts)


def found(file):
    """The codes of what is wrong with a PDF, each with how often."""
    return Counter(one.code for one in check_pdf(file))


def test_stock_weasyprint_fails_by_its_lines(tmp_path):
    codes = found(stock(tmp_path, TIMES))
    assert codes["line-ragged"] >= TIMES
    assert codes["line-hole"] >= TIMES
    assert codes["mark-loose"] >= TIMES
    assert codes["pdf-tags"] == 1


def test_chromium_fails_by_its_fonts_and_its_text(tmp_path):
    program = find_chromium()
    if program is None:
        raise MissingValidatorError("Chromium is not installed")
    codes = found(chromium(program, tmp_path, TIMES))
    assert codes["font-type3"] == 2, "a regular and a bold"
    assert codes["text-radicals"] == 1
    assert not codes["line-ragged"], "it justifies between ideographs"


def test_ours_has_none_of_their_faults(tmp_path):
    codes = found(ours(tmp_path, TIMES))
    theirs = (
        "line-start line-end line-ragged line-hole line-gap line-over pdf-tags font-type3 text-radicals font-region"
    )
    assert {code: codes[code] for code in theirs.split() if codes[code]} == {}
