"""A decisions file as rows: many decisions written into it or taken out at once, where each has a line of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from publish.convert import Decision, Decisions

_ROW = re.compile(r"(\s*- )\{[^#]*\}\s*")
_HEAD = re.compile(r"""(\s*)(?:"[^"#]*"|'[^'#]*'|[^\s"'#&*!|>{}\[\]]+):\s*""")

Written = Callable[[Decision], str]  # a decision as its row has it


@dataclass(eq=False)
class _Line:
    """A line of the file, the same one however many stand before it."""

    text: str


class _OtherFormError(Exception):
    """The file is not in this form."""


@dataclass
class _Term:
    """A term's head and its rows, by what stands before and after it."""

    head: _Line
    rows: dict[tuple[str, str], _Line] = field(default_factory=dict)


def changed(
    text: str,
    before: Decisions,
    made: Sequence[Decision],
    gone: Sequence[Decision],
    written: Written,
    key: Callable[[str], str],
) -> str | None:
    """The text of a file that says `before`, with the `made` and without the `gone`; None where it has another form.

    `written` and `key` give a decision, and the name of an edition or a term, as YAML.
    """
    try:
        sheet = _Sheet([_Line(one) for one in text.split("\n")], before, written, key)
        for one in gone:
            sheet.remove(one)
        for one in made:
            sheet.put(one)
    except _OtherFormError:
        return None
    return sheet.text


class _Sheet:
    """The lines of a file, and which of them are an edition's head, a term's, a decision's."""

    def __init__(self, lines: list[_Line], before: Decisions, written: Written, key: Callable[[str], str]) -> None:
        self._lines, self._written, self._key = lines, written, key
        self._terms: dict[tuple[str, str], _Term] = {}
        self._editions: dict[str, _Line] = {}
        for one in sorted(before.all, key=lambda one: one.line):
            self._read(one)
        if not before.all and any(one.text.strip() and not one.text.startswith("#") for one in lines):
            raise _OtherFormError

    def _read(self, one: Decision) -> None:
        number = one.line - 1
        line = self._lines[number]
        if not _ROW.fullmatch(line.text):
            raise _OtherFormError
        place = one.edition, one.term
        if place not in self._terms:
            number -= 1
            self._terms[place] = _Term(self._head(number))
            if one.edition not in self._editions:
                self._editions[one.edition] = self._head(number - 1)
        self._terms[place].rows[one.before, one.after] = line

    def _head(self, number: int) -> _Line:
        if number < 0 or not _HEAD.fullmatch(self._lines[number].text):
            raise _OtherFormError
        return self._lines[number]

    @property
    def text(self) -> str:
        """The file as it is now."""
        return "\n".join(one.text for one in self._lines)

    def remove(self, one: Decision) -> None:
        """Take a decision out, with the heads that have nothing left below them; there may be none."""
        place = one.edition, one.term
        term = self._terms.get(place)
        if term is None or (one.before, one.after) not in term.rows:
            return
        self._lines.remove(term.rows.pop((one.before, one.after)))
        if not term.rows:
            self._lines.remove(term.head)
            del self._terms[place]
            if not any(edition == one.edition for edition, _ in self._terms):
                self._lines.remove(self._editions.pop(one.edition))

    def put(self, one: Decision) -> None:
        """Put a decision in its sorted place, or in the place of the one that it replaces."""
        term = self._terms.get((one.edition, one.term)) or self._new_term(one)
        pair = one.before, one.after
        if pair in term.rows:
            term.rows[pair].text = self._row(term, one)
            return
        lower = [row for key, row in term.rows.items() if key < pair]
        line = _Line(self._row(term, one))
        self._lines.insert(self._behind(lower or [term.head]), line)
        term.rows[pair] = line

    def _new_term(self, one: Decision) -> _Term:
        """A head for a term that the edition does not have yet, and for an edition that the file does not have."""
        if one.edition not in self._editions:
            self._editions[one.edition] = self._new_edition(one.edition)
        others = {term: each for (edition, term), each in self._terms.items() if edition == one.edition}
        lower = [row for term, each in others.items() if term < one.term for row in each.rows.values()]
        pad = _pad(next(iter(others.values())).head) if others else "  "
        head = _Line(f"{pad}{self._key(one.term)}:")
        self._lines.insert(self._behind(lower or [self._editions[one.edition]]), head)
        made = self._terms[one.edition, one.term] = _Term(head)
        return made

    def _new_edition(self, name: str) -> _Line:
        lower = [row for (edition, _), each in self._terms.items() if edition < name for row in each.rows.values()]
        first = min((self._lines.index(head) for head in self._editions.values()), default=self._end())
        head = _Line(f"{self._key(name)}:")
        self._lines.insert(self._behind(lower) if lower else first, head)
        return head

    def _end(self) -> int:
        """Behind the last line that says something; the last of a text is empty."""
        while len(self._lines) > 1 and not self._lines[-1].text.strip() and not self._lines[-2].text.strip():
            self._lines.pop()
        return len(self._lines) - 1 if not self._lines[-1].text.strip() else len(self._lines)

    def _behind(self, lines: Sequence[_Line]) -> int:
        numbers = {one: number for number, one in enumerate(self._lines)}
        return max(numbers[one] for one in lines) + 1

    def _row(self, term: _Term, one: Decision) -> str:
        """A decision as the other rows of its term are indented."""
        found = _ROW.fullmatch(next(iter(term.rows.values())).text) if term.rows else None
        indent = found[1] if found else f"{_pad(term.head)}  - "
        return f"{indent}{self._written(one)}"


def _pad(line: _Line) -> str:
    """The spaces that a line begins with."""
    return line.text[: len(line.text) - len(line.text.lstrip())]
