"""Numbers of pages in an index: those of an entry sorted, each once, three and more that follow each other as a range.

The pages of a passage that its author marked from start to end are a range too, be they only two.

What is written depends on the numbers themselves, which a style sheet cannot merge. So the HTML of a part is written
anew for each layout: with a guess first, then with the numbers that the last one has found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

_ASKED = re.compile(r'<span class="folios" data-targets="([^"]*)"></span>')
ASKS_PAGES = "data-target="  # in HTML that says numbers of pages
ASKS_FOLIOS = "data-targets="  # in HTML that asks for those of an index
_GUESS = 100  # the number of a page that is not known yet
_RANGE = 3  # so many pages in a row are a range
_TO = "–"  # between the two ends of a passage


def asks_pages(html: str) -> bool:
    """Whether HTML says numbers of pages, in its text or in an index."""
    return ASKS_PAGES in html or ASKS_FOLIOS in html


def asked_folios(html: str) -> set[str]:
    """The anchors whose pages HTML asks for."""
    return {name for names in _ASKED.findall(html) for name in names.replace(_TO, " ").split()}


def say_folios(html: str, numbers: Mapping[str, int] | None) -> tuple[str, dict[str, int]]:
    """The HTML with the numbers of pages by anchor put in, and those that it says.

    Without numbers it says as many as there may be. An anchor that no page has is left out.
    """
    if ASKS_FOLIOS not in html:
        return html, {}
    told: dict[str, int] = {}

    def say(asked: re.Match[str]) -> str:
        passages = [one.split(_TO) for one in asked[1].split()]
        if numbers is None:
            return _links(*_guessed(passages))
        first: dict[int, str] = {}
        through: set[int] = set()
        for ends in passages:
            there = {name: numbers[name] for name in ends if name in numbers}
            told.update(there)
            for name, number in there.items():
                first.setdefault(number, name)
            if there and min(there.values()) < max(there.values()):
                through |= set(range(min(there.values()), max(there.values()) + 1))
        return _links(first, through)

    return _ASKED.sub(say, html), told


def _guessed(passages: Sequence[Sequence[str]]) -> tuple[dict[int, str], set[int]]:
    """As many numbers as there may be: each passage on two pages, no two beside each other."""
    first: dict[int, str] = {}
    through: set[int] = set()
    number = _GUESS
    for ends in passages:
        first[number] = ends[0]
        through |= {number, number + 1} if len(ends) > 1 else set()
        number += 1 + len(ends)
    return first, through


def _links(first: Mapping[int, str], through: Collection[int]) -> str:
    """The pages of one entry as links, by number the first anchor on each; `through` are those of whole passages."""
    runs = _runs(sorted({*first, *through}), through)
    links = (f'<a href="#{first[run[0]]}">{_said(run)}</a>' for run in runs)
    return f'<span class="folios">{", ".join(links)}</span>'


def _said(run: Sequence[int]) -> str:
    return str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}"


def _runs(numbers: Sequence[int], through: Collection[int]) -> list[list[int]]:
    """The numbers in ranges; two in a row stay two, but for those of a passage."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    kept = [len(run) >= _RANGE or (len(run) > 1 and run[0] in through) for run in runs]
    return [part for run, whole in zip(runs, kept, strict=True) for part in ([run] if whole else [[n] for n in run])]
