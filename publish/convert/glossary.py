"""The glossary: terms with a form for each edition, and names that are never converted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from publish.convert.decisions import KeyPath, edition_key
from publish.errors import Faults, Place, PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_WORD = "0-9A-Za-z_"
_ALNUM = re.compile("[0-9A-Za-z]")


@dataclass(frozen=True)
class Term:
    """A term as the source writes it.

    `forms` are what it becomes, by edition; `keep` protects it instead, in `editions` (None: in all).
    """

    text: str
    forms: Mapping[str, str] = field(default_factory=dict)
    editions: frozenset[str] | None = None
    keep: bool = False

    def form(self, edition: str, base: str | None = None) -> str | None:
        """What the term becomes in an edition, or else in the edition it is based on; None where it does nothing."""
        keys = (edition,) if base is None else (edition, base)
        if self.keep:
            return self.text if self.editions is None or not self.editions.isdisjoint(keys) else None
        return next((self.forms[key] for key in keys if key in self.forms), None)


@dataclass(frozen=True)
class Glossary:
    """All terms of a book."""

    terms: tuple[Term, ...] = ()
    empty: ClassVar[Glossary]

    @property
    def editions(self) -> frozenset[str]:
        """The keys of all editions that the glossary names."""
        return frozenset(key for term in self.terms for key in (*term.forms, *(term.editions or ())))

    def matcher(self, edition: str, base: str | None = None) -> Matcher | None:
        """What finds the terms that do something in this edition; None where none does."""
        forms: dict[str, tuple[str, bool]] = {}
        for term in self.terms:
            form = term.form(edition, base)
            if form is not None and (term.keep or term.text not in forms):
                forms[term.text] = (form, term.keep)
        return Matcher(forms) if forms else None


Glossary.empty = Glossary()


@dataclass(frozen=True)
class Match:
    """A term found at code points `start` to `end`, and what it becomes."""

    start: int
    end: int
    term: str
    form: str
    keep: bool


class Matcher:
    """One edition's terms as a regular expression: leftmost first, longest wins."""

    def __init__(self, forms: Mapping[str, tuple[str, bool]]) -> None:
        self._forms = dict(forms)
        self._pattern = re.compile(_pattern(self._forms))

    def matches(self, text: str, start: int, end: int) -> Iterator[Match]:
        """The terms in `text[start:end]`, both ends of which count as word boundaries."""
        for found in self._pattern.finditer(text[start:end]):
            form, keep = self._forms[found.group()]
            yield Match(start + found.start(), start + found.end(), found.group(), form, keep)


def _pattern(terms: Mapping[str, object]) -> str:
    """One alternation. Its branches begin with distinct literal characters, which `re` looks for in C."""
    by_first: dict[str, list[str]] = {}
    for term in sorted(terms, key=len, reverse=True):
        by_first.setdefault(term[0], []).append(_branch(term))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(branches)})" for first, branches in by_first.items())


def _branch(term: str) -> str:
    first, rest = re.escape(term[0]), re.escape(term[1:])
    # Looking back over the first character keeps that character in front, where `re` can search for it.
    before = f"(?<![{_WORD}]{first})" if _ALNUM.match(term[0]) else ""
    after = f"(?![{_WORD}])" if _ALNUM.match(term[-1]) else ""
    return f"{before}{rest}{after}"


def read_glossary_data(data: object, place: Place, lines: Callable[[KeyPath], int] = lambda _: 0) -> Glossary:
    """A glossary from what its YAML file holds: `terms` (term to edition to form) and `keep` (names).

    `place` names the file, and `lines` tells the line of a key path such as `("terms", "软件", "zh-TW")` or
    `("keep", 0)`. Edition keys may be written as any tag of a region. Raises `PublishError` with the place of each
    thing that is wrong.
    """
    faults = Faults()
    glossary = _GlossaryReader(place.file, lines, faults).read(data)
    faults.tell()
    return glossary


@dataclass(frozen=True)
class _GlossaryReader:
    file: str
    lines: Callable[[KeyPath], int]
    faults: Faults

    def read(self, data: object) -> Glossary:
        if data is None:
            return Glossary.empty
        entries = self._mapping(data, (), "the glossary is a mapping with the keys terms and keep")
        for key in entries:
            if key not in ("terms", "keep"):
                self.faults.add(self._error(f'unknown key "{key}"', "A glossary has the keys terms and keep", (key,)))
        terms = {term.text: term for term in self._terms(entries.get("terms"))}
        kept = list(self._kept(entries.get("keep")))
        for index, name in enumerate(kept):
            forms = terms[name.text].forms if name.text in terms else {}
            if any(name.form(edition) for edition in forms):
                remedy = "Take it out of one of the two, or limit the editions of keep"
                problem = f'"{name.text}" is both a term and a name to keep'
                self.faults.add(self._error(problem, remedy, ("keep", index)))
        return Glossary((*terms.values(), *kept))

    def _terms(self, data: object) -> Iterator[Term]:
        if data is None:
            return
        remedy = "Write a form for each edition: {zh-TW: 軟體, zh-HK: 軟件}"
        for text, forms in self._mapping(data, ("terms",), "terms is a mapping from a term to its forms").items():
            path: KeyPath = ("terms", text)
            read: list[tuple[str, str]] = []
            with self.faults.kept():
                self._check_term(text, path)
                if not isinstance(forms, dict) or not forms:
                    raise self._error("a term must map editions to forms", remedy, path)
                for key, form in forms.items():
                    with self.faults.kept():
                        read.append(self._form(key, form, path))
            yield Term(text, dict(read))

    def _form(self, key: object, form: object, path: KeyPath) -> tuple[str, str]:
        place: KeyPath = (*path, str(key))
        if not isinstance(key, str):
            raise self._error(f"the edition {key!r} is not text", "Write an edition's key, such as zh-TW", place)
        if not isinstance(form, str) or not form:
            edition, _, word = key.partition(" ")
            remedy = f"Write {edition}: {word}, with a colon between them" if form is None and word else ""
            raise self._error("the form is not text", remedy or f'Write it in quotation marks: {key}: "…"', place)
        return edition_key(key), form

    def _kept(self, data: object) -> Iterator[Term]:
        if data is None:
            return
        if not isinstance(data, list):
            raise self._error(
                "keep must be a list of names", "Write each name on a line of its own: - 于右任", ("keep",)
            )
        for index, entry in enumerate(data):
            with self.faults.kept():
                yield self._kept_one(entry, ("keep", index))

    def _kept_one(self, entry: object, path: KeyPath) -> Term:
        if isinstance(entry, dict):
            return self._kept_in(entry, path)
        self._check_term(entry, path)
        return Term(str(entry), keep=True)

    def _kept_in(self, entry: dict[object, object], path: KeyPath) -> Term:
        remedy = "Write {text: 台积电, editions: [zh-TW]}"
        unknown = [key for key in entry if key not in ("text", "editions")]
        if unknown:
            raise self._error(f'unknown key "{unknown[0]}"', remedy, (*path, str(unknown[0])))
        self._check_term(entry.get("text"), (*path, "text") if "text" in entry else path)
        editions = entry.get("editions")
        if editions is None:
            return Term(str(entry["text"]), keep=True)
        named = [editions] if isinstance(editions, str) else editions
        if not isinstance(named, list) or not named or not all(isinstance(key, str) for key in named):
            raise self._error("editions must be a list of edition keys", remedy, (*path, "editions"))
        return Term(str(entry["text"]), editions=frozenset(edition_key(key) for key in named), keep=True)

    def _check_term(self, text: object, path: KeyPath) -> None:
        if not isinstance(text, str) or not text.strip():
            raise self._error("a term must be text, and not empty", "Write it in quotation marks", path)

    def _mapping(self, data: object, path: KeyPath, problem: str) -> dict[str, object]:
        if not isinstance(data, dict):
            raise self._error(problem, "See the documentation of glossary.yaml", path)
        return data

    def _error(self, problem: str, remedy: str, path: KeyPath) -> PublishError:
        return PublishError(problem, remedy, Place(self.file, self.lines(path), ".".join(map(str, path))))
