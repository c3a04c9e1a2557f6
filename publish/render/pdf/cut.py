"""A long book's HTML cut between chapters, where the next begins on a page whose side is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from publish.edition.publication import Publication
from publish.render.article import is_article

CUT = "<!--cut here-->"
# Where a part begins on the side that the part before it leaves, one more page leads in for it to begin on the right.
SIDE = "<!--side-->"
_OUT = '<section class="chapter"></section>'
LONG = 120_000  # characters of HTML: a shorter book is laid out faster than it is split and joined
_USUAL, _MOST = 30_000, 100  # characters of a part; parts
_GAIN = 60_000  # characters outside the longest part: fewer are not worth joining
# What the book's own style may carry from chapter to chapter, or set for some pages only.
_CARRIED = re.compile(
    r"counter-|counters?\(|string-set|running\(|position\s*:\s*fixed|target-|:nth\(|:left|:right|<style"
)
_STYLED = re.compile(r'style="[^"]*counter-[\w-]+\s*:(?!\s*list-item\b)')  # what counts in a list ends with it


@dataclass(frozen=True)
class Pieces:
    """Whole HTML documents: the front matter; runs of chapters, led in and out; the style sheets alone.

    A text with `SIDE` begins on the page behind the text before it, on whichever side (see `sided`).
    """

    front: str
    texts: tuple[str, ...]
    bare: str


def sided(html: str, *, right: bool) -> tuple[str, int]:
    """A text that begins on a right page or, where it may, on a left one, and how many pages lead in."""
    return html.replace(SIDE, _OUT if right else ""), 1 + (right and SIDE in html)


def cut(html: str, publication: Publication, *, right: bool) -> Pieces | None:
    """Cut a book's HTML where `CUT` stands; None where it is short, or its chapters depend on one another.

    `right` says that chapters begin on right pages; otherwise, in pairs of pages, only parts do.
    How it is cut depends on the book alone, so that its PDF is the same wherever it is built.
    """
    if len(html) < LONG or is_article(publication, "pdf") or _CARRIED.search(publication.css) or _STYLED.search(html):
        return None
    front, opening, *chapters, closing = html.split(CUT)
    if len(chapters) != len(publication.chapters):
        return None
    known = right or not publication.page.two_sided
    forced = [bool(chapter.part) and not known for chapter in publication.chapters]
    runs = _runs([len(text) for text in chapters], [not chapter.level for chapter in publication.chapters], forced)
    longest = max(sum(len(chapters[number]) for number in run) for run in runs)
    if not 1 < len(runs) <= _MOST * 2 or sum(map(len, chapters)) - longest < _GAIN:
        return None
    head, body, _ = front.partition("<body>")
    texts = []
    for run in runs:
        side = "" if known or publication.chapters[run[0]].part else SIDE
        leads_in = f'<section class="lead"></section>{opening}' if run[0] == 0 else f"{opening}{_OUT}{side}"
        following = publication.chapters[run[-1] + 1 :]
        leads_out = "" if not following else '<section class="part"></section>' if following[0].part else _OUT
        text = "".join(chapters[number] for number in run)
        texts.append(f"{head}{body}{leads_in}{text}{leads_out}{closing}")
    leads_out = '<section class="chapter opening"></section>'
    return Pieces(f"{front}{opening}{leads_out}{closing}", tuple(texts), f"{head}{body}</body></html>")


def _runs(weights: Sequence[int], beginnings: Sequence[bool], forced: Sequence[bool]) -> list[range]:
    """Runs of chapters of about the same weight, each with a beginning that allows it, and one where it is forced.

    A part's blank page before it depends on the side that it would begin on, which is known only where a run begins.
    """
    pairs = max(1, min(_MOST // 2, round(sum(weights) / _USUAL / 2)))  # an even number, as processors mostly are
    enough = sum(weights) / (2 * pairs)
    runs: list[range] = []
    start, before = 0, 0
    for number, own in enumerate(weights):
        due = beginnings[number] and before + own / 2 > enough * (len(runs) + 1)
        if number > start and (due or forced[number]):
            runs.append(range(start, number))
            start = number
        before += own
    return [*runs, range(start, len(weights))]
