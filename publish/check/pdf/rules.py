"""The rules of a page of Chinese: each a code, a function over a document's lines, what is wrong and what to do.

Those of lines are in `line_rules`, those of pages in `page_rules`; here are those of glyphs, fonts and the whole
document, and the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from publish.check.pdf.faults import PageFault, PageFinding, PageRule, found_at, in_order
from publish.check.pdf.fonts import NAMES, region_of, wanted_regions
from publish.check.pdf.line_rules import (
    LONG_LINE,
    hole,
    line_end,
    line_start,
    loose_marks,
    overfull,
    ragged,
    single,
    widest_gap,
)
from publish.check.pdf.lines import (
    Layout,
    is_han,
    lay_out,
)
from publish.check.pdf.page import Document, Font, Glyph, PrintedPage
from publish.check.pdf.page_rules import (
    empty,
    half_empty,
    image_resolution,
    orphan,
    untrue_contents,
    untrue_labels,
    widow,
)
from publish.check.pdf.read import fonts_used


def findings(document: Document) -> list[PageFinding]:
    """What is wrong with a document, in the order of its pages."""
    layout = lay_out(document)
    return in_order(found_at(document, rule, fault) for rule in RULES for fault in rule.find(layout))


# --- glyphs and fonts -------------------------------------------------------------------------------------------------


def missing_glyphs(layout: Layout) -> Iterator[PageFault]:
    """Glyphs for characters that the font lacks, and the compositor's 〓."""
    for page in layout.document.pages:
        for glyph in page.glyphs:
            if glyph.missing and glyph.right > glyph.left and not glyph.text.isspace():
                char = f'"{glyph.text}" (U+{ord(glyph.text[0]):04X})' if glyph.text else "a character"
                yield PageFault(page.number, glyph.box, glyph.text, f"the font has no glyph for {char}")
            elif glyph.text == "〓":
                yield PageFault(
                    page.number, glyph.box, glyph.text, "〓 stands for a character that no font has", "warning"
                )


def unknown_text(layout: Layout) -> Iterator[PageFault]:
    """Fonts whose glyphs have no text to copy or search, so that nothing is copied, searched or read aloud."""
    found: dict[Font, list[tuple[PrintedPage, Glyph]]] = {}
    known: Counter[Font] = Counter()
    for page in layout.document.pages:
        for glyph in page.glyphs:
            if glyph.right > glyph.left and not glyph.missing:
                font = layout.document.fonts[glyph.font]
                if glyph.text:
                    known[font] += 1
                else:
                    found.setdefault(font, []).append((page, glyph))
    for font, uses in found.items():
        if len(uses) > known[font]:
            page, glyph = uses[0]
            problem = f"{len(uses)} glyphs of the font {font.name or 'without a name'} have no text to copy or search"
            yield PageFault(page.number, glyph.box, "", problem)


def radicals(layout: Layout) -> Iterator[PageFault]:
    """Text that copies out as radicals (⼀ for 一), which no search finds."""
    found = [(page, glyph) for page in layout.document.pages for glyph in page.glyphs if _is_radical(glyph.text)]
    if found:
        page, glyph = found[0]
        problem = f'{len(found)} characters are copied as radicals, which a search does not find: "{glyph.text}"'
        yield PageFault(page.number, glyph.box, glyph.text, problem)


def _is_radical(text: str) -> bool:
    return bool(text) and "\u2e80" <= text[0] <= "\u2fdf"


def wrong_region(layout: Layout) -> Iterator[PageFault]:
    """Fonts with the glyphs of another region, by name and by the shapes of embedded glyphs."""
    found: dict[tuple[str, str, str], list[tuple[PrintedPage, Glyph]]] = {}
    for (font, lang), uses in _han_uses(layout.document).items():
        wanted = wanted_regions(lang)
        region = region_of(layout.document, font, uses, wanted) if wanted else ""
        if region and region not in wanted:
            found.setdefault((font.name or "a font without a name", region, lang), []).extend(uses)
    for (name, region, lang), uses in found.items():
        page, glyph = uses[0]
        problem = f"{len(uses)} ideographs have the glyphs of {NAMES[region]} ({name}) in text in {lang}"
        yield PageFault(page.number, glyph.box, glyph.text, problem)


def _han_uses(document: Document) -> dict[tuple[Font, str], list[tuple[PrintedPage, Glyph]]]:
    """The ideographs of each font and language; the pieces of a Type 3 font are one."""
    found: dict[tuple[Font, str], list[tuple[PrintedPage, Glyph]]] = {}
    for page in document.pages:
        for glyph in page.glyphs:
            if is_han(glyph.text[:1]) and not glyph.missing:
                found.setdefault((document.fonts[glyph.font], glyph.tag.lang or document.lang), []).append(
                    (page, glyph)
                )
    return found


def not_embedded(layout: Layout) -> Iterator[PageFault]:
    """Fonts that are not embedded, so that the reader's machine must have them."""
    for font, page, glyph in fonts_used(layout.document):
        if not font.embedded:
            yield PageFault(
                page.number, glyph.box, glyph.text, f"the font {font.name or 'without a name'} is not embedded"
            )


def type3(layout: Layout) -> Iterator[PageFault]:
    """Fonts of drawings, which print without hinting and which printing houses refuse."""
    found: dict[str, list[tuple[PrintedPage, Glyph]]] = {}
    for font, page, glyph in fonts_used(layout.document):
        if font.subtype == "Type3":
            found.setdefault(font.name, []).append((page, glyph))
    for name, uses in found.items():
        page, glyph = uses[0]
        count = f" ({len(uses)} pieces)" if len(uses) > 1 else ""
        yield PageFault(page.number, glyph.box, glyph.text, f"the font {name or 'without a name'} is of Type 3{count}")


# --- the document -----------------------------------------------------------------------------------------------------


def untagged(layout: Layout) -> Iterator[PageFault]:
    """PDFs that programs cannot read aloud in order (PDF/UA-1 §7.1)."""
    if not layout.document.tagged:
        yield PageFault(0, None, "", "the PDF has no tags")


def untitled(layout: Layout) -> Iterator[PageFault]:
    """PDFs that do not say what they are (PDF/UA-1 §7.1)."""
    if not layout.document.title:
        yield PageFault(0, None, "", "the PDF has no title")


def without_language(layout: Layout) -> Iterator[PageFault]:
    """PDFs that do not say what language they are in (PDF/UA-1 §7.2)."""
    if not layout.document.lang:
        yield PageFault(0, None, "", "the PDF does not say what language it is in")


def vertical(layout: Layout) -> Iterator[PageFault]:
    """Vertical and turned text, whose lines are not judged."""
    turned = [(page, glyph) for page in layout.document.pages for glyph in page.glyphs if not glyph.upright]
    han = [(page, glyph) for page, glyph in turned if is_han(glyph.text[:1])]
    if len(han) >= LONG_LINE:
        page, glyph = han[0]
        yield PageFault(page.number, glyph.box, glyph.text, f"vertical text is not checked: {len(han)} ideographs")


_BREAK = "Keep the two marks on one line"
_SET = "Change a word, or set it with another program"
RULES: tuple[PageRule, ...] = (
    PageRule("line-start", "warning", line_start, _BREAK),
    PageRule("line-end", "warning", line_end, _BREAK),
    PageRule("line-ragged", "warning", ragged, "Justify between ideographs, so that lines end flush"),
    PageRule("line-over", "warning", overfull, "Allow a break, make it smaller, or change the text"),
    PageRule("line-gap", "warning", widest_gap, _SET),
    PageRule("line-hole", "warning", hole, "Spread the slack between ideographs, or change a word"),
    PageRule("mark-loose", "warning", loose_marks, "Trim the marks: text-spacing-trim, or the font's halt"),
    PageRule("line-single", "warning", single, _SET),
    PageRule("page-widow", "warning", widow, "Keep two lines together"),
    PageRule("page-orphan", "warning", orphan, "Keep two lines together"),
    PageRule("page-empty", "warning", empty, "Remove the page, or fill it"),
    PageRule("page-hole", "warning", half_empty, "Make it smaller, or let text that follows it go before it"),
    PageRule("page-label", "warning", untrue_labels, "Give the PDF page labels that agree with what is printed"),
    PageRule("toc-page", "error", untrue_contents, "Make the table of contents again"),
    PageRule("img-dpi", "warning", image_resolution, "Use a larger image, or set it smaller"),
    PageRule("glyph-missing", "error", missing_glyphs, "Choose a font that has it, or another character"),
    PageRule(
        "text-unknown", "warning", unknown_text, "Make the PDF with a program that keeps the text as it was written"
    ),
    PageRule("text-radicals", "warning", radicals, "Make the PDF with a program that keeps the text as it was written"),
    PageRule("font-region", "warning", wrong_region, "Name a font of the document's own region"),
    PageRule("font-embedded", "error", not_embedded, "Embed it"),
    PageRule("font-type3", "warning", type3, "Make the PDF with a program that embeds fonts as they are"),
    PageRule("pdf-tags", "warning", untagged, "Export it with tags"),
    PageRule("pdf-title", "warning", untitled, "Give it a title"),
    PageRule("pdf-lang", "warning", without_language, "Give it a language, such as zh-Hans-CN"),
    PageRule("line-vertical", "note", vertical, "Check it by eye"),
)
