"""The steps of a book's PDF in parts: each lays out, settles or holds one, and the last joins them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise
from typing import Any

from publish.cache import digest
from publish.errors import Place
from publish.findings import Finding
from publish.render import Rendering
from publish.render.pdf.cut import sided
from publish.render.pdf.finish import VARIANT, labels
from publish.render.pdf.folios import folios
from publish.render.pdf.job import Job, Numbers, held_name, own_name, settled_name
from publish.render.pdf.locators import asked_folios, say_folios
from publish.render.pdf.whole import EXPECTED, REPORT, in_words, lay_out_book, save_joined, told_of
from publish.render.titles import remembered, titles_remembered
from publish.steps import Key, Plan, Step, first, then
from publish.typography.hyphens import parted
from publish.weasy.layout import Log, listening, without_collector
from publish.weasy.records import NotApartError, PageRecord

_log = logging.getLogger("publish")
WHOLE = "whole.html"
_TARGET = re.compile(r"#([^\s\"'<>()]+)")  # whatever in HTML may name a place
# Parts are joined before those of the next book are made: their files and their memory are free then.
JOINING = -1

Failure = tuple[str, bool]  # why there is no part, and whether the fault is ours


def plan_parts(job: Job, count: int, asking: Mapping[int, bool]) -> Plan[Rendering]:
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


def plan_turning(job: Job, turning: tuple[bool, ...]) -> Plan[Rendering]:
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
    job.forget()
    if not failed:
        return replace(done[0], reasons=reasons)
    reason, fault = failed
    note = Finding(
        "pdf-whole",
        "warning" if fault else "note",
        Place(""),
        f"the pages are laid out in one piece, not by chapters, which takes longer: {reason}",
        REPORT if fault else "",
    )
    return lay_out_book(replace(job, findings=(*job.findings, note)), html)


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
    with without_collector(), listening() as log, _words_remembered(job, name):
        try:
            work()
        except NotApartError as reason:
            return str(reason), False
        except RecursionError:
            return "the text nests deeply", False
        except EXPECTED:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the plain way remains, and the book comes first
            _log.debug("part %s of %s", name, job.publication.slug, exc_info=True)
            return in_words(error), True
    job.say(f"{name}.log", [list(log.missing.items()), log.warnings])
    job.keep(_part_key(job, name, made_from), name)
    if made_from:
        job.reason(name, made_from, made=True)
    return None


@contextmanager
def _words_remembered(job: Job, name: int | str) -> Iterator[None]:
    """Within this the words of a part are known that an earlier build has looked up: it needs no dictionaries."""
    cache, part = job.context.cache, (job.publication.slug, job.publication.edition.key, own_name(name))
    with titles_remembered(cache, f"{' '.join(part)} pdf"), remembered(cache, digest("hyphens", part), parted, tuple):
        yield


def _require_pairs(pages: Sequence[PageRecord]) -> None:
    """Refuse pages of which two that follow one another are of one side: margins are not the same on both."""
    if any(one.type[0] == other.type[0] for one, other in pairwise(pages)):
        raise NotApartError("a chapter has another length on a left page than on a right one")


def _joined(job: Job, count: int) -> Rendering:
    from publish.render.pdf import join  # noqa: PLC0415  # needs Pango

    front, margins = job.piece("front"), job.piece("margins")
    texts = [job.piece(job.last(number)) for number in range(count)]
    pages = [page for piece in (front, *texts) for page in piece.part.pages]
    region, metadata = job.publication.edition.region, job.publication.metadata_for("pdf")
    said = join.OfTheBook(region.tag, labels(pages, region.words), metadata.progression == "rtl")
    made = join.joined(front, texts, margins, margins.part.shown, job.context.cache, said)
    job = replace(job, findings=(*job.findings, *save_joined(made.pieces, job)))
    log = Log()
    for name in ("front", *map(job.last, range(count)), "margins"):
        log.add(job.log(name))
    told = folios(made.begins, len(pages), said.labels)
    return replace(told_of(job, len(pages), made.fonts, log), folios=told)
