"""Numbers of pages in an index: those of an entry sorted, each once, three and more that follow each other as a range.

What is written depends on the numbers themselves, which a style sheet cannot merge. So the HTML of a part is written
anew for each layout: with a guess first, then with the numbers that the last one has found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_ASKED = re.compile(r'<span class="folios" data-targets="([^"]*)"></span>')
ASKS_FOLIOS = "data-targets="  # in HTML that asks for them
_GUESS = 100  # the number of a page that is not known yet
_RANGE = 3  # so many pages in a row are a range


def asked_folios(html: str) -> set[str]:
    """The anchors whose pages HTML asks for."""
    return {name for names in _ASKED.findall(html) for name in names.split()}


def say_folios(html: str, numbers: Mapping[str, int] | None) -> tuple[str, dict[str, int]]:
    """The HTML with the numbers of pages by anchor put in, and those that it says.

    Without numbers it says as many as there may be. An anchor that no page has is left out.
    """
    if ASKS_FOLIOS not in html:
        return html, {}
    told: dict[str, int] = {}

    def say(asked: re.Match[str]) -> str:
        names = asked[1].split()
        if numbers is None:
            guessed = {_GUESS + 2 * at: name for at, name in enumerate(names)}
            return _links(guessed)
        first: dict[int, str] = {}
        for name in names:
            if name in numbers:
                told[name] = numbers[name]
                first.setdefault(numbers[name], name)
        return _links(first)

    return _ASKED.sub(say, html), told


def _links(first: Mapping[int, str]) -> str:
    """The pages of one entry as links, by number the first anchor on each."""
    links = (f'<a href="#{first[run[0]]}">{_said(run)}</a>' for run in _runs(sorted(first)))
    return f'<span class="folios">{", ".join(links)}</span>'


def _said(run: Sequence[int]) -> str:
    return str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}"


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """The numbers in ranges; two in a row stay two."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [part for run in runs for part in ([run] if len(run) >= _RANGE else [[one] for one in run])]
