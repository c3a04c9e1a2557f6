"""Titles on screens: a `wbr` where a line of one may end, for a style sheet that keeps all else together.

Pages in print choose their lines themselves (`publish.typography.titles`); a browser is told where words end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from markupsafe import Markup, escape

from publish.cache import Cache, digest
from publish.convert.words import titles, words_of_title
from publish.han import IDEOGRAPH
from publish.typography.titles import BAD_PLACE, prices

V = TypeVar("V", bound=Iterable[int])
SHORT = 8  # characters: what fits on one line of any screen
OPENING = frozenset("（《「『“")
_MOST = 5_000  # titles, or words, that are remembered of a book
BREAK = "<wbr/>"  # XHTML's way, which HTML's parsers read too
JOINT = '<span class="joint"></span>'  # between Han and Latin a `wbr` keeps browsers from setting their gap

_HEADING = re.compile(r"(<(h[1-3])\b[^>]*>)(.*?)(</\2>)", re.DOTALL)
_TOKEN = re.compile(r"<[^>]+>|&[^;\s]+;|.", re.DOTALL)
_OPAQUE = re.compile(r"<(/?)(?:code|kbd|samp|math|svg)\b[^>]*?(/?)>")


@contextmanager
def titles_remembered(cache: Cache, book: str) -> Iterator[None]:
    """Within this the words of a book's titles are known that an earlier build has found: it needs no dictionary."""
    with remembered(cache, digest("words of titles", book), titles, frozenset):
        yield


@contextmanager
def remembered(cache: Cache, slot: str, table: dict[str, V], read: Callable[[Sequence[int]], V]) -> Iterator[None]:
    """Within this a table of places by words knows what was asked of it within this in an earlier build."""
    noted = cache.recall(slot) or {}
    known: dict[str, list[int]] = noted["places"] if noted.get("made by") == cache.program else {}
    others = {**table}
    table.clear()
    table.update({word: read(places) for word, places in known.items()})
    try:
        yield
        if table.keys() - known.keys():
            rows = {**known, **{word: sorted(places) for word, places in table.items()}}
            cache.note(slot, {"made by": cache.program, "places": dict([*rows.items()][-_MOST:])})
    finally:
        table.update(others)


def break_headings(markup: str) -> Markup:
    """Markup whose headings of the first three levels may be broken between words."""
    return Markup(_HEADING.sub(lambda found: found[1] + _broken(found[3]) + found[4], markup))  # noqa: S704  # our own XHTML


def by_words(title: str) -> Markup:
    """A title that may be broken between words, escaped."""
    return Markup(_broken(str(escape(title))))  # noqa: S704  # escaped


def unbroken_words(title: str) -> Markup:
    """A title with a span around each stretch that no line's end may cut, escaped: for what breaks lines by itself."""
    if len(title) < SHORT or not IDEOGRAPH.search(title):
        return escape(title)
    cost = prices(title, words_of_title(title))
    ends = [at for at in range(1, len(title)) if cost[at] < BAD_PLACE and title[at].isalnum() | (title[at] in OPENING)]
    parts = (title[start:end] for start, end in pairwise((0, *ends, len(title))))
    return Markup().join(Markup('<span class="unbroken">{}</span>').format(part) for part in parts)


def _may_break(before: str, after: str) -> bool:
    """Whether a break that is written out is needed, and not beside a mark, where browsers know best."""
    if not (IDEOGRAPH.match(before) or IDEOGRAPH.match(after)):
        return False
    return all(char.isalnum() for char in (before, after)) or after in OPENING


@lru_cache(maxsize=4096)  # a title stands in the menu of each page
def _broken(markup: str) -> str:
    tokens = _TOKEN.findall(markup)
    places, depth = [], 0  # which tokens are characters of the title
    for index, token in enumerate(tokens):
        if found := _OPAQUE.match(token):
            depth += 0 if found[2] else -1 if found[1] else 1
        elif not token.startswith("<") and not depth:
            places.append(index)
    text = "".join("&" if tokens[index].startswith("&") else tokens[index] for index in places)
    if len(text) < SHORT or not IDEOGRAPH.search(text):
        return markup
    cost = prices(text, words_of_title(text))
    for at in range(1, len(text)):
        if cost[at] < BAD_PLACE and _may_break(text[at - 1], text[at]):
            joint = bool(IDEOGRAPH.match(text[at - 1])) != bool(IDEOGRAPH.match(text[at])) and text[at] not in OPENING
            tokens[places[at]] = JOINT * joint + BREAK + tokens[places[at]]
    return "".join(tokens)
