"""A book laid out in one piece, and what is told of a PDF that is written, whole or joined."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pikepdf

from publish.errors import Place, PublishError
from publish.findings import Finding
from publish.render import Rendering
from publish.render.pdf.finish import TEXT, VARIANT, Label, finish, font_names, labels, save, trim
from publish.render.pdf.folios import begun, folios
from publish.render.pdf.job import Job
from publish.render.pdf.locators import asks_pages, say_folios
from publish.weasy.layout import (
    Log,
    lay_out,
    listening,
    one_annotation_a_link,
    plainly,
    uncovered,
    without_collector,
    write_pdf,
)

_log = logging.getLogger("publish")
# Not a hook's fault: the user is told as of any other error.
EXPECTED = (PublishError, MemoryError, OSError)
GETA = "〓"  # what compositors set for a missing piece of type (U+3013)
REPORT = "Nothing is missing from the book. Please report this with the text that causes it"


def lay_out_book(job: Job, html: str) -> Rendering:
    """The PDF of a book laid out in one piece; where one of our hooks fails, by WeasyPrint alone."""
    job.context.folder.mkdir(parents=True, exist_ok=True)
    with without_collector(), listening() as log:
        try:
            pages, data = _written(job, html)
        except EXPECTED:
            raise
        except Exception as error:  # noqa: BLE001  # as above
            _log.debug("pages of %s", job.publication.slug, exc_info=True)
            problem = f"the pages are set plainly, without the rules of Chinese typography: {in_words(error)}"
            job = replace(job, findings=(*job.findings, Finding("pdf-plain", "warning", Place(""), problem, REPORT)))
            with plainly():
                pages, data = _written(job, html)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = labels(pages, job.publication.edition.region.words)
        (embedded, found), told = save_book(pdf, job, numbers), folios(begun(pdf), len(pdf.pages), numbers)
    job = replace(job, findings=(*job.findings, *found))
    return replace(told_of(job, len(pages), embedded, log), folios=told)


def save_book(pdf: pikepdf.Pdf, job: Job, page_labels: Sequence[Label]) -> tuple[list[str], list[Finding]]:
    """Write the PDF with what WeasyPrint leaves out (`finish`); return its fonts' names, and what a press lacks."""
    publication = job.publication
    names = font_names(pdf)
    finish(pdf, publication.edition.region.tag, page_labels, publication.page)
    if publication.metadata_for("pdf").progression == "rtl":
        pdf.Root["/ViewerPreferences"]["/Direction"] = pikepdf.Name.R2L
    file = job.context.folder / f"{publication.slug}.pdf"
    return names, save(pdf, file, publication.page.press, job.context, universal=job.universal)


def save_joined(pieces: Sequence[bytes | memoryview], job: Job) -> list[Finding]:
    """Write a PDF whose parts were joined, of all its pieces; say what a press lacks."""
    page, file = job.publication.page, job.context.folder / f"{job.publication.slug}.pdf"
    if page.press is None and not page.bleed and not job.universal:
        with file.open("wb") as written:
            written.writelines(pieces)
        return []
    with pikepdf.open(io.BytesIO(b"".join(pieces))) as pdf:
        trim(pdf, page)
        return save(pdf, file, page.press, job.context, universal=job.universal)


def _written(job: Job, html: str) -> tuple[Sequence[Any], bytes]:
    """The pages of a whole book, and its PDF."""
    try:
        laid = _numbered(job, html) if asks_pages(html) else lay_out(html, job.files)
        one_annotation_a_link(laid)
        return laid.pages, write_pdf(laid, VARIANT, identified=job.universal)
    except RecursionError as error:
        raise PublishError(
            "the text nests too deeply for a page", "Nest lists and quotations less", Place(job.publication.slug)
        ) from error


def _numbered(job: Job, html: str) -> Any:
    """The pages of a whole book whose text says numbers of pages."""
    from publish.weasy import parts  # noqa: PLC0415  # needs Pango

    return parts.lay_out_whole(partial(say_folios, html), job.files, TEXT)


def in_words(error: Exception) -> str:
    """What went wrong, for a person, in a line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def told_of(job: Job, pages: int, embedded: Sequence[str], log: Log) -> Rendering:
    """What is told of a PDF that was written; its cover is, too, where it lies on a sheet of its own."""
    book = Rendering(
        (f"{job.publication.slug}.pdf",),
        (*job.findings, *_log_findings(log)),
        fonts=tuple(embedded),
        missing=tuple(sorted({*log.missing, *job.absent})),
        facts={"pages": pages},
    )
    return _with_wrap(job, book, pages) if job.publication.page.wrap else book


def _with_wrap(job: Job, book: Rendering, pages: int) -> Rendering:
    """A book with its cover, which lies on a sheet of its own and needs to know how thick the book is."""
    from publish.render.pdf.wrap import fold_marks, wrap_sheet  # noqa: PLC0415  # few books have one

    publication, region = job.publication, job.publication.edition.region
    sheet = wrap_sheet(publication, pages)
    absent = uncovered(sheet.html, region.fonts.body, region.layout_tag)
    with listening() as log:
        laid = lay_out(sheet.html.translate({ord(char): GETA for char in absent}), job.files)
        data = write_pdf(laid, VARIANT)
    name = f"{publication.slug}-cover.pdf"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts_there = font_names(pdf)
        finish(pdf, region.tag, [Label(0, prefix=region.words.cover)], sheet.page)
        if sheet.page.crop_marks:
            pdf.pages[0].contents_add(pdf.make_stream(fold_marks(sheet).encode()), prepend=True)
        found = save(pdf, job.context.folder / name, publication.page.press, job.context)
    return replace(
        book,
        files=(*book.files, name),
        findings=(*book.findings, *sheet.findings, *found, *_log_findings(log)),
        fonts=tuple(sorted({*book.fonts, *fonts_there})),
        missing=tuple(sorted({*book.missing, *log.missing, *map(ord, absent)})),
        facts={**book.facts, "spine": str(publication.page.wrap and publication.page.wrap.thickness(pages)) + " mm"},
    )


def _log_findings(log: Log) -> list[Finding]:
    """WeasyPrint's warnings about the book; those about unsupported CSS are dropped."""
    out = []
    for message in dict.fromkeys(log.warnings):
        if message.startswith(
            (
                "Ignored",
                "Unsupported",
                "Expected",
                "Invalid",
                "This table row has more columns",
                "Too many glyphs missing",
                'Image "',  # has no alternative text: told with its line where the book is read (img-alt)
            )
        ):
            continue
        if "harfbuzz" in message.lower() or "subset" in message.lower():
            out.append(
                Finding(
                    "pdf-subset",
                    "warning",
                    Place(""),
                    "fonts are subset slowly: the library harfbuzz-subset is missing",
                    "See: publish doctor",
                )
            )
        else:
            out.append(Finding("pdf-layout", "warning", Place(""), " ".join(message.split())[:300]))
    return list(dict.fromkeys(out))
