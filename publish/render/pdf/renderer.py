"""The PDF edition: cover, title page, colophon, true page numbers, notes at the foot; WeasyPrint sets it."""

from __future__ import annotations

import io
import logging
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
from markupsafe import Markup

from publish import fonts
from publish.cache import NONE, Cache
from publish.edition.publication import Publication
from publish.errors import Place, PublishError
from publish.findings import Finding
from publish.han import CIRCLED
from publish.regions import Fonts, Region
from publish.render import (
    RenderContext,
    Rendering,
    byline,
    colophon,
    contents,
    families_css,
    fill,
    id_pages,
    imprint_lines,
    prepare_kept,
    stylesheet,
)
from publish.render.article import below_title, is_article
from publish.render.cover_face import cover_face
from publish.render.pdf.cut import CUT, SIDE, cut, sided
from publish.render.pdf.emoji import in_one_ink
from publish.render.pdf.finish import POINTS, TEXT, VARIANT, Label, finish, labels
from publish.render.pdf.folios import folios
from publish.render.pdf.heads import running_head
from publish.render.pdf.job import LENGTHS, Job, Numbers, held_name, measured, own_name, settled_name
from publish.render.pdf.locators import ASKS_FOLIOS, asked_folios, say_folios
from publish.render.pdf.notes import in_margin, with_gathered
from publish.render.pdf.opening import begins_right
from publish.render.pdf.printed import Printing, print_chapters
from publish.render.pdf.tables import Area
from publish.render.pictures import Measure, fit, fitted
from publish.source.settings.page import Press
from publish.steps import Key, Plan, Step, first, then
from publish.themes import read_theme
from publish.weasy.layout import (
    Log,
    lay_out,
    listening,
    one_annotation_a_link,
    plainly,
    tested,
    uncovered,
    without_collector,
    write_pdf,
)
from publish.weasy.records import NotApartError, PageRecord

_log = logging.getLogger("publish")
WHOLE = "whole.html"
_TARGET = re.compile(r"#([^\s\"'<>()]+)")  # whatever in HTML may name a place
ASKS_PAGES = "data-target="  # in HTML that says numbers of pages
# Parts are joined before those of the next book are made: their files and their memory are free then.
JOINING = -1
# Not a hook's fault: the user is told as of any other error.
_EXPECTED = (PublishError, MemoryError, OSError)
_REPORT = "Nothing is missing from the book. Please report this with the text that causes it"
MILLIMETRES = 25.4  # of an inch
TALLEST = 0.6  # of the page's height, that the style sheet lets a picture have
# Dots per inch of photographs, and how many times finer drawings are: what printers ask for, and less where a book has
# so many pictures that its file would be too large to hand on.
RESOLUTIONS = ((300, 2), (300, 1), (220, 1), (150, 1))
MOST_PICTURES = 120_000_000  # bytes
NOTE = 0.81  # of the body size
NOTES_GAP, NOTES_EDGE = 4.5, 6.0  # millimetres between the text and notes in the margin, and between these and the edge
CODE, CODE_LEADING = 0.76, 1.57  # of the body size, of its own
A5_HEIGHT = 210  # millimetres: title pages are designed on this one
GETA = "〓"  # what compositors set for a missing piece of type (U+3013)

# Notes are ① where [1] is a source.
NOTES_BESIDE_NUMBERS = f"""
@counter-style circled {{ system: fixed; symbols: {" ".join(CIRCLED)}; suffix: ""; }}
.footnote::footnote-call, .noteref {{ font-size: 7.5pt; }}
.footnote:not(.said):not(.by-page)::footnote-call {{ content: counter(footnote, circled); }}
.footnote:not(.said):not(.by-page)::footnote-marker {{ content: counter(footnote, circled) " "; }}
"""

OBJECT_STREAMS = "1.5"  # the first version of PDF that has them

Failure = tuple[str, bool]  # why there is no part, and whether the fault is ours


def plan_pages(publication: Publication, context: RenderContext) -> Rendering | Plan[Rendering]:
    """Write a short book's PDF at once; cut a long one into parts, each of which can be laid out by itself."""
    publication = with_gathered(publication)
    html, findings = document(publication, CUT, context.cache)
    html = in_one_ink(html)
    region = publication.edition.region
    absent = _absent(html, region, context.cache)
    html = html.translate({ord(char): GETA for char in absent})
    book = replace(publication, chapters=(), units=(), record=())
    right = _measure(publication)["chapter_break"] == "right"
    job = Job(
        book,
        context,
        tuple(findings),
        tuple(sorted(map(ord, absent))),
        _pictures(publication, context.cache),
        2 if right else 1,
    )
    pieces = cut(html, publication, right=right) if tested() else None
    # Numbers that move their own lines, on pages whose sides are not known either, would settle late or never.
    if pieces is None or (any(SIDE in text for text in pieces.texts) and any(map(_asks_pages, pieces.texts))):
        return _whole(job, html.replace(CUT, ""))
    job.folder.mkdir(parents=True)
    (job.folder / WHOLE).write_text(html.replace(CUT, ""), encoding="utf-8")
    for name, text in (("front", pieces.front), ("margins", pieces.bare)):
        (job.folder / f"{name}.html").write_text(text, encoding="utf-8")
    for number, text in enumerate(pieces.texts):
        (job.folder / f"{number}.html").write_text(text, encoding="utf-8")
    asking = {number: ASKS_FOLIOS in text for number, text in enumerate(pieces.texts) if _asks_pages(text)}
    turning = tuple(SIDE in text for text in pieces.texts)
    if any(turning):
        return _plan_turning(job, turning)
    if asking:
        job.say(LENGTHS, [_measured(text, number in asking, context.cache) for number, text in enumerate(pieces.texts)])
    return _plan(job, len(pieces.texts), asking)


def _absent(html: str, region: Region, cache: Cache) -> frozenset[str]:
    """The characters of a book that no font can show; the cache's keys know of the fonts."""
    characters = "".join(sorted(set(html)))
    key = cache.key("uncovered", characters, region.fonts.body, region.layout_tag)
    return cache.made(key, lambda: uncovered(characters, region.fonts.body, region.layout_tag), sorted, frozenset)


def _measured(html: str, asks: bool, cache: Cache) -> tuple[float, dict[str, float]]:  # a step's arguments
    """How long a part's text is, and where its ids stand, as it is kept where it was measured before."""
    return cache.made(cache.key("length", html, asks), lambda: measured(html, asks=asks), list, tuple)


def _asks_pages(html: str) -> bool:
    return ASKS_PAGES in html or ASKS_FOLIOS in html


def _pictures(publication: Publication, cache: Cache) -> dict[str, Path]:
    """The files of the book's images by address: as fine as printers ask for, the cover's for the whole page."""
    page = publication.page
    block = page.width - page.inner - page.outer, page.height * TALLEST
    ladder = [_dots(*block, dpi, sharper) for dpi, sharper in RESOLUTIONS]
    files = {href: picture.path for href, picture in fitted(publication, ladder, MOST_PICTURES, cache).items()}
    cover = publication.metadata_for("pdf").cover_image
    if cover in files and not publication.original_images:
        sides = page.width + 2 * page.bleed, page.height + 2 * page.bleed
        files[cover] = fit(publication.assets[cover], _dots(*sides, *RESOLUTIONS[0]), cache).path
    return files


def _dots(width: float, height: float, dpi: int, sharper: int) -> Measure:
    """A measure in millimetres at a resolution."""
    across, down = (round(side / MILLIMETRES * dpi) for side in (width, height))
    return Measure(f"print-{width:g}-{dpi}-{sharper}", across, down, sharper=sharper, quality=90, plain=True)


def _plan(job: Job, count: int, asking: Mapping[int, bool]) -> Plan[Rendering]:
    """The steps of a book in parts: its text, then what comes before it and in its margins, then the join.

    Parts that say page numbers, `asking`, come after the others, those that list them in an index (true) last. Where
    the numbers were not those of the pages that all parts then have, they are laid out again, until they hold.
    """

    def key(part: str) -> Key:
        return Key(job.publication.edition.key, "pdf", part)

    plain = [number for number in range(count) if number not in asking]
    texts = [
        first(key(str(number)), lay_out_text, job, number, number < count - 1, already=has_text) for number in plain
    ]

    def settled(number: int, known: Sequence[int], after: Sequence[Step[Failure | None]]) -> Step[Failure | None]:
        name, arguments = key(settled_name(number)), (job, number, known, count)
        if not after:
            return first(name, settle_text, *arguments, already=has_settled)
        return then(name, settle_text, *arguments, after=after, already=has_settled)

    told = [settled(number, plain, texts) for number, lists in asking.items() if not lists]
    known = [number for number in range(count) if not asking.get(number)]
    listed = [settled(number, known, [*texts, *told]) for number, lists in asking.items() if lists]
    made = [*texts, *told, *listed]
    again = [
        then(key(held_name(number)), settle_again, job, number, count, after=made, already=holds) for number in asking
    ]
    held = [then(key("held"), hold_text, job, count, tuple(asking), after=again)] if asking else []
    edges = [
        then(key("front"), lay_out_front, job, count, after=held or made, priority=JOINING),
        then(key("margins"), set_margins, job, count, after=held or made, priority=JOINING),
    ]
    joined = then(key("join"), join_parts, job, count, after=edges, priority=JOINING)
    return Plan((*made, *again, *held, *edges), joined)


def _plan_turning(job: Job, turning: tuple[bool, ...]) -> Plan[Rendering]:
    """The steps of a book whose chapters begin on any page: its text, as if all of it began on the right.

    Then what begins on the left after all is laid out again, and the rest is done as above.
    """
    count = len(turning)

    def key(part: str) -> Key:
        return Key(job.publication.edition.key, "pdf", part)

    texts = [
        first(key(str(number)), lay_out_text, job, number, number < count - 1, already=has_text)
        for number in range(count)
    ]
    turned = [
        then(key(held_name(number)), turn_text, job, number, turning, after=texts)
        for number in range(count)
        if turning[number]
    ]
    edges = [
        then(key("front"), lay_out_front, job, count, after=[*texts, *turned], priority=JOINING),
        then(key("margins"), set_margins, job, count, after=[*texts, *turned], priority=JOINING),
    ]
    joined = then(key("join"), join_parts, job, count, True, after=edges, priority=JOINING)
    return Plan((*texts, *turned, *edges), joined)


def turn_text(job: Job, number: int, turning: Sequence[bool], before: Sequence[Failure | None]) -> Failure | None:
    """Lay out again, from a left page on, a run of chapters that begins on one."""
    for failed in before:
        if failed:
            return failed
    if _begin_right(job, turning)[number]:
        return None
    return lay_out_text(job, number, number < len(turning) - 1, right=False)


def _begin_right(job: Job, turning: Sequence[bool]) -> list[bool]:
    """Whether each part begins on a right page, by the lengths of those before it; one that does not turn does."""
    found = [True]
    for number, turns in enumerate(turning[1:]):
        even = len(job.anchors(number, held=False)) % 2 == 0
        found.append(not turns or found[-1] == even)
    return found


def lay_out_text(
    job: Job,
    number: int,
    leads_out: bool,
    *,
    right: bool = True,  # a step's arguments have no names
) -> Failure | None:
    """Lay out and write a run of chapters that begins on a right page, where it may on a left one."""
    from publish.weasy import parts  # noqa: PLC0415  # needs Pango

    name = number if right else held_name(number)

    def lay() -> None:
        html, leads = sided(job.html(number), right=right)
        whole, pages, told = parts.lay_out_text(html, job.files, leads_out=leads_out, leads=leads)
        job.write(name, whole, pages, VARIANT, told)

    return _attempt(job, name, lay, (), lambda: _text_reads(job, number, leads_out, right=right))


def _text_reads(job: Job, number: int, leads_out: bool, *, right: bool = True) -> tuple[object, ...]:
    return sided(job.html(number), right=right)[0], leads_out


def has_text(job: Job, number: int, leads_out: bool) -> bool:  # with the arguments of the step, as all of these
    """Whether a run of chapters was laid out before; its pages are in their place then."""
    return _recalled(job, number, _text_reads(job, number, leads_out)) is None


def settle_text(
    job: Job, number: int, known: Sequence[int], count: int, before: Sequence[Failure | None] = ()
) -> Failure | None:
    """Lay out a run of chapters that says numbers of pages; those of parts that are not `known` are guessed.

    Others are settled at the same time, and what is half written is not read.
    """
    return _settle(job, number, settled_name(number), lambda: job.numbers(count, known), count, before)


def has_settled(job: Job, number: int, known: Sequence[int], count: int, before: Sequence[Failure | None] = ()) -> bool:
    """Whether a run of chapters was laid out before with the numbers of pages that it says."""
    if any(before):
        return False
    reads = _settled_reads(job, number, count, job.numbers(count, known))
    return _recalled(job, settled_name(number), reads) is None


def _settled_reads(job: Job, number: int, count: int, numbers: Numbers) -> tuple[object, ...]:
    html = job.html(number)
    quoted = _quoted(html, numbers.of)
    return html, number < count - 1, quoted, (numbers.sure(number, quoted), numbers.reach(number, quoted))


def settle_again(job: Job, number: int, count: int, before: Sequence[Failure | None]) -> Failure | None:
    """Lay out again what has said a number that is not true, for others have other pages than was thought.

    What others are laid out again meanwhile is not read.
    """
    for failed in before:
        if failed:
            return failed
    numbers = job.numbers(count, held=False)
    if job.says(number).items() <= numbers.of.items():
        return None
    return _settle(job, number, held_name(number), lambda: numbers, count, ())


def holds(job: Job, number: int, count: int, before: Sequence[Failure | None]) -> bool:
    """Whether a part says no number that is not true, or was laid out before with those that are."""
    if any(before):
        return False
    numbers = job.numbers(count, held=False)
    if job.says(number).items() <= numbers.of.items():
        return True
    return _recalled(job, held_name(number), _settled_reads(job, number, count, numbers)) is None


def _settle(  # what a part is, and where its numbers come from
    job: Job, number: int, name: str, find: Callable[[], Numbers], count: int, before: Sequence[Failure | None]
) -> Failure | None:
    """Lay out a run of chapters with numbers of pages until those of its own are true, or take what was so laid out.

    Where it asks for pages of others that are not laid out yet, its own can wait for them.
    """
    html, leads_out, numbers = job.html(number), number < count - 1, cache(find)
    quoted = cache(lambda: _quoted(html, numbers().of))

    def lay() -> None:
        from publish.weasy import parts  # noqa: PLC0415  # needs Pango

        said = numbers()
        for _ in range(parts.MOST_PASSES if said.sure(number, quoted()) else 1):
            text, listed = say_folios(html, said.of)
            whole, pages, told = parts.lay_out_text(text, job.files, leads_out=leads_out, numbers=said.of)
            told, said = told | listed, said.once_laid(number, pages)
            if told.items() <= said.of.items():
                break
        job.write(name, whole, pages, VARIANT, told)

    return _attempt(job, name, lay, before, lambda: _settled_reads(job, number, count, numbers()))


def _recalled(job: Job, name: int | str, reads: tuple[Any, ...]) -> dict[str, str] | None:
    """None where a part was made before, which is in its place now; else the hashes of what it is made from."""
    made_from = job.reads(*reads) if job.context.cache.folder else {}
    if not job.recall(_part_key(job, name, made_from), name):
        return made_from
    job.reason(name, made_from, made=False)
    return None


def _part_key(job: Job, name: int | str, reads: Mapping[str, str]) -> str:
    """The hash of all that a part is laid out from; "" where nothing is kept."""
    return job.context.cache.key("pdf-part", own_name(name), reads) if reads else ""


def hold_text(job: Job, count: int, asking: Sequence[int], before: Sequence[Failure | None]) -> Failure | None:
    """Lay out again what still says a number that is not true, for what was laid out again has moved others."""
    from publish.weasy import parts  # noqa: PLC0415  # needs Pango

    for failed in before:
        if failed:
            return failed
    for _ in range(parts.MOST_PASSES):
        numbers = job.numbers(count)
        wrong = [one for one in asking if not job.says(one).items() <= numbers.of.items()]
        if not wrong:
            return None
        failed = _settle_all(job, wrong, numbers, count)
        if failed:
            return failed
    return "numbers of pages in the text move one another", False


def _settle_all(job: Job, wrong: Sequence[int], numbers: Numbers, count: int) -> Failure | None:
    return next(filter(None, (_settle(job, one, held_name(one), lambda: numbers, count, ()) for one in wrong)), None)


def lay_out_front(job: Job, count: int, before: Sequence[Failure | None]) -> Failure | None:
    """Lay out and write what comes before the text, its contents with the true page numbers."""
    from publish.weasy import parts  # noqa: PLC0415  # needs Pango

    html, numbers = job.html("front"), cache(lambda: job.numbers(count).of)

    def lay() -> None:
        whole, pages = parts.lay_out_front(html, job.files, numbers())
        job.write("front", whole, pages, VARIANT)

    return _attempt(job, "front", lay, before, lambda: (html, _quoted(html, numbers())))


def _quoted(html: str, numbers: Mapping[str, int]) -> dict[str, int | None]:
    """The number of each page that HTML may say."""
    return {name: numbers.get(name) for name in sorted({*_TARGET.findall(html), *asked_folios(html)})}


def set_margins(job: Job, count: int, before: Sequence[Failure | None]) -> Failure | None:
    """Lay out and write the margins of the text's pages: running heads and folios."""
    from publish.weasy import parts  # noqa: PLC0415  # needs Pango

    title, pages = job.publication.metadata_for("pdf").title, cache(partial(_all_pages, job, count))

    def lay() -> None:
        whole, shown = parts.set_margins(job.html("margins"), job.files, pages(), title)
        job.write("margins", whole, (), None, shown=shown)

    def reads() -> tuple[object, ...]:
        return job.html("margins"), title, [(page.type, page.height, page.strings) for page in pages()]

    return _attempt(job, "margins", lay, before, reads)


def _all_pages(job: Job, count: int) -> list[PageRecord]:
    return [page for number in range(count) for page in job.pages(number)]


def join_parts(job: Job, count: int, *rest: Any) -> Rendering:
    """Join what was written; where that fails, lay the book out in one piece.

    `rest` is what of it failed before, behind whether left and right pages are to alternate.
    """
    *alternate, before = rest
    done: list[Rendering] = []

    def join() -> None:
        if any(alternate):
            _require_pairs(_all_pages(job, count))
        done.append(_joined(job, count))

    failed = _attempt(job, "join", join, before)
    reasons = job.reasons()
    html = (job.folder / WHOLE).read_text(encoding="utf-8")
    shutil.rmtree(job.folder)
    if not failed:
        return replace(done[0], reasons=reasons)
    reason, fault = failed
    note = Finding(
        "pdf-whole",
        "warning" if fault else "note",
        Place(""),
        f"the pages are laid out in one piece, not by chapters, which takes longer: {reason}",
        _REPORT if fault else "",
    )
    return _whole(replace(job, findings=(*job.findings, note)), html)


def _attempt(
    job: Job,
    name: int | str,
    work: Callable[[], None],
    before: Sequence[Failure | None],
    reads: Callable[[], tuple[Any, ...]] | None = None,
) -> Failure | None:
    """Do a part of the work if all before it is done; return why it could not be done.

    `reads` gives the part's HTML and what else it depends on: what was done of the same before is not done again.
    """
    for failed in before:
        if failed:
            return failed
    made_from = _recalled(job, name, reads()) if reads else {}
    if made_from is None:
        return None
    with without_collector(), listening() as log:
        try:
            work()
        except NotApartError as reason:
            return str(reason), False
        except RecursionError:
            return "the text nests deeply", False
        except _EXPECTED:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the plain way remains, and the book comes first
            _log.debug("part %s of %s", name, job.publication.slug, exc_info=True)
            return _said(error), True
    job.say(f"{name}.log", [list(log.missing.items()), log.warnings])
    job.keep(_part_key(job, name, made_from), name)
    if made_from:
        job.reason(name, made_from, made=True)
    return None


def _require_pairs(pages: Sequence[PageRecord]) -> None:
    """Refuse pages of which two that follow one another are of one side: margins are not the same on both."""
    if any(one.type[0] == other.type[0] for one, other in pairwise(pages)):
        raise NotApartError("a chapter has another length on a left page than on a right one")


def _joined(job: Job, count: int) -> Rendering:
    from publish.render.pdf import join  # noqa: PLC0415  # needs Pango

    front, margins = job.piece("front"), job.piece("margins")
    texts = [job.piece(job.last(number)) for number in range(count)]
    pages = [page for piece in (front, *texts) for page in piece.part.pages]
    with join.joined(front, texts, margins, margins.part.shown, job.context.cache) as pdf:
        numbers = labels(pages, job.publication.edition.region.words)
        (embedded, found), told = _save(pdf, job, numbers), folios(pdf, numbers)
    job = replace(job, findings=(*job.findings, *found))
    log = Log()
    for name in ("front", *map(job.last, range(count)), "margins"):
        log.add(job.log(name))
    return replace(_rendering(job, len(pages), embedded, log), folios=told)


def _whole(job: Job, html: str) -> Rendering:
    """The PDF of a book laid out in one piece; where one of our hooks fails, by WeasyPrint alone."""
    job.context.folder.mkdir(parents=True, exist_ok=True)
    with without_collector(), listening() as log:
        try:
            pages, data = _written(job, html)
        except _EXPECTED:
            raise
        except Exception as error:  # noqa: BLE001  # as above
            _log.debug("pages of %s", job.publication.slug, exc_info=True)
            problem = f"the pages are set plainly, without the rules of Chinese typography: {_said(error)}"
            job = replace(job, findings=(*job.findings, Finding("pdf-plain", "warning", Place(""), problem, _REPORT)))
            with plainly():
                pages, data = _written(job, html)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = labels(pages, job.publication.edition.region.words)
        (embedded, found), told = _save(pdf, job, numbers), folios(pdf, numbers)
    job = replace(job, findings=(*job.findings, *found))
    return replace(_rendering(job, len(pages), embedded, log), folios=told)


def _written(job: Job, html: str) -> tuple[Sequence[Any], bytes]:
    """The pages of a whole book, and its PDF."""
    try:
        laid = _numbered(job, html) if _asks_pages(html) else lay_out(html, job.files)
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


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def _rendering(job: Job, pages: int, embedded: list[str], log: Log) -> Rendering:
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
        fonts_there = _font_names(pdf)
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


def document(publication: Publication, cut: str = "", cache: Cache = NONE) -> tuple[str, list[Finding]]:
    """The HTML that WeasyPrint lays out, `cut` between its chapters, and what is set differently from the source."""
    chapters = prepare_kept(publication, "pdf", cache, {}, lambda *_: None)
    known = id_pages(chapters)
    outline = contents(chapters, publication.toc_depth)
    metadata = publication.metadata_for("pdf")
    measure = _measure(publication)
    cites = any(one.gist.by_number for one in chapters)
    area = _area(publication, measure)
    printing = Printing(publication, known, area, measure["characters"], cites)
    texts, findings = print_chapters(chapters, printing, cache)
    faces = publication.edition.region.fonts
    findings += _bold(faces)[1]
    head, rest = below_title(texts[0], publication.chapters[0])
    html = fill(
        publication.theme,
        "print.html",
        cut=Markup(cut),  # noqa: S704  # ours
        publication=publication,
        metadata=metadata,
        words=publication.edition.region.words,
        lang=publication.edition.region.layout_tag,
        cover=metadata.cover_image if metadata.cover_image in publication.assets else "",
        colophon=colophon(publication, metadata),
        contents=outline,
        head=partial(running_head, area=area, two_sided=publication.page.two_sided),
        article=is_article(publication, "pdf"),
        head_of_article=head,
        rest_of_article=rest,
        byline=byline(publication, metadata),
        imprint=imprint_lines(publication, metadata),
        half_title=measure["half_title"],
        chapters=[(prepared.chapter, text) for prepared, text in zip(chapters, texts, strict=True)],
        standing=cover_face(metadata, publication.slug, may_stand=True).standing,
        css=print_css(publication) + (NOTES_BESIDE_NUMBERS if cites else ""),
        cover_css=stylesheet(
            publication,
            "cover.css",
            width=f"{publication.page.width}mm",
            height=f"{publication.page.height}mm",
            bleed=publication.page.bleed,
        ),
    )
    return html, list(dict.fromkeys(findings))


def print_css(publication: Publication) -> str:
    """The style sheet of a publication's pages."""
    faces = publication.edition.region.fonts
    return stylesheet(
        publication,
        "print.css",
        issuer=css_string(publication.metadata_for("pdf").publisher),
        bold=_bold(faces)[0],
        latin=families_css(faces.latin and (*faces.latin, *faces.body)),
        latin_size=faces.latin_size,
        italic=fonts.has_italic((*faces.latin, *faces.body)),
        **_measure(publication),
    )


def _bold(faces: Fonts) -> tuple[str, list[Finding]]:
    """The families of bold text where the body's have no bold: WeasyPrint does not synthesize it (its issue 1470)."""
    family = fonts.without_bold(faces.body)
    if not family:
        return "", []
    problem = f'the font "{family}" has no bold: bold words are set in the font of headings'
    remedy = "Install its bold, or name another font under fonts: body"
    return families_css(faces.heading), [Finding("pdf-bold", "warning", Place("", key="fonts.body"), problem, remedy)]


def css_string(text: str) -> str:
    """A text as written between double quotes in CSS."""
    return re.sub(r'["\\\n\r<]', lambda match: f"\\{ord(match[0]):x} ", text)


def _measure(publication: Publication) -> dict[str, Any]:
    """The type area in points: lines are a whole number of characters wide (clreq §2.3)."""
    page, theme = publication.page, read_theme(publication.theme)
    width = (page.width - page.inner - page.outer) * POINTS
    size = page.text_size or (theme.body_size if page.line_length else theme.size_for(width))
    characters = page.line_length or max(int(width / size), 8)
    spare = width - characters * size
    line = round(size * theme.leading, 3)
    lines = (page.height - page.top - page.bottom) * POINTS / line
    return {
        "size": size,
        "line": line,
        "note": round(size * NOTE * 2) / 2,
        "scale": min(max(page.height / A5_HEIGHT, 0.75), 1.3),
        "characters": characters,
        "inner": round(page.inner * POINTS + spare / 2, 2),
        "outer": round(page.outer * POINTS + spare / 2, 2),
        "top": round(page.top * POINTS, 2),
        "bottom": round(page.bottom * POINTS, 2),
        "width": round(page.width * POINTS, 2),
        "height": round(page.height * POINTS, 2),
        "bleed": round(page.bleed * POINTS, 2),
        "hanging": page.hanging,
        "punctuation": page.punctuation,
        "code_size": round(size * CODE * 4) / 4,
        "code_line": round(size * CODE * CODE_LEADING, 2),
        "code_ground": "#f5f4f1",
        "code_mark": "#e2dfd6",
        "aside": round((page.outer - NOTES_EDGE - NOTES_GAP) * POINTS, 2) if in_margin(publication) else 0,
        "aside_gap": round(NOTES_GAP * POINTS, 2),
        "two": page.two_sided,
        "half_title": page.two_sided and len(publication.chapters) > 1,
        # A single page has no right-hand side to wait for.
        "recto": "right" if page.two_sided else "page",
        "chapter_break": "right" if begins_right(publication, characters * lines) else "page",
        "numbered": publication.numbered,
        "opens_numbered": any(one.label and not one.part for one in publication.chapters[:1]),
    }


def _area(publication: Publication, measure: Mapping[str, Any]) -> Area:
    """The type area, in points."""
    page = publication.page
    height = (page.height - page.top - page.bottom) * POINTS
    return Area(measure["characters"] * measure["size"], height, measure["size"], measure["note"])


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


def _save(pdf: pikepdf.Pdf, job: Job, page_labels: Sequence[Label]) -> tuple[list[str], list[Finding]]:
    """Write the PDF with what WeasyPrint leaves out (`finish`); return its fonts' names, and what a press lacks."""
    publication = job.publication
    names = _font_names(pdf)
    finish(pdf, publication.edition.region.tag, page_labels, publication.page)
    if publication.metadata_for("pdf").progression == "rtl":
        pdf.Root["/ViewerPreferences"]["/Direction"] = pikepdf.Name.R2L
    file = job.context.folder / f"{publication.slug}.pdf"
    return names, save(pdf, file, publication.page.press, job.context, universal=job.universal)


def save(
    pdf: pikepdf.Pdf, file: Path, press: Press | None, context: RenderContext, *, universal: bool = False
) -> list[Finding]:
    """Write a PDF that is done, made ready for the press that it is for; say what the press cannot have.

    `universal`: one for readers is made PDF/UA-2.
    """
    if press is None and universal:
        from publish.render.pdf.universal import VERSION, make_universal  # noqa: PLC0415  # few books are

        make_universal(pdf)
        packed = pikepdf.ObjectStreamMode.generate
        pdf.save(file, deterministic_id=True, object_stream_mode=packed, force_version=VERSION)
        return []
    if press is None:
        pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return []
    from publish.render.pdf.press import VERSIONS, prepare  # noqa: PLC0415  # a book for readers alone pays nothing

    findings = prepare(pdf, press, context.modified, context.cache)
    version = VERSIONS[press.standard]
    packed = pikepdf.ObjectStreamMode.generate if version >= OBJECT_STREAMS else pikepdf.ObjectStreamMode.disable
    pdf.save(file, deterministic_id=True, object_stream_mode=packed, force_version=version)
    return findings


def _font_names(pdf: pikepdf.Pdf) -> list[str]:
    """The names of all fonts, while all pages share them."""
    names = {str(font["/BaseFont"]) for page in pdf.pages for _, font in _fonts(page)}
    return sorted(re.sub(r"^/(?:[A-Z]{6}\+)?", "", name) for name in names)


def _fonts(page: Any) -> Any:
    """The fonts of a page by the names it uses."""
    return page.get("/Resources", {}).get("/Font", {}).items()
