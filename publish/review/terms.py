"""The command that lists the term packs, searches them, and checks those that a book takes against its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publish.convert.terms import FOLDER, Pack, PackEntry, describe, disagreements, names, read_pack, search
from publish.findings import Finding
from publish.findings import as_lines as finding_lines
from publish.language import tell
from publish.source.document import block_text
from publish.source.manuscript import read_manuscript
from publish.source.project import Project, read_project
from publish.source.settings.editions import EditionSettings

_MOST_UNMET = 12  # terms that one finding names


@dataclass(frozen=True)
class Use:
    """How many of a pack's terms occur in an edition, of how many that have an effect there."""

    edition: str
    pack: str
    met: int
    terms: int


@dataclass(frozen=True)
class TermsReport:
    """What a book's packs do in it, and what a person should look at."""

    uses: tuple[Use, ...]
    findings: tuple[Finding, ...]

    def lines(self) -> list[str]:
        """The report for people."""
        rows = [f"{one.edition:<8} {one.pack:<16} {tell(f'{one.met} of {one.terms} terms found')}" for one in self.uses]
        count = len(self.findings)
        return [*rows, *finding_lines(self.findings), tell(f"{count} finding{'' if count == 1 else 's'}")]

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        uses = [{"edition": u.edition, "pack": u.pack, "met": u.met, "terms": u.terms} for u in self.uses]
        return {"packs": uses, "findings": [one.as_dict() for one in self.findings]}


def packs(wanted: Sequence[str]) -> tuple[Pack, ...]:
    """The packs of these names or files; without names, all that come with the program."""
    return tuple(read_pack(name, Path() if wanted else FOLDER) for name in wanted or names())


def as_rows(query: str, chosen: Sequence[Pack], *, entries: bool) -> list[dict[str, Any]]:
    """The packs, or with `entries` their terms that contain the query, for programs."""
    if not entries:
        return describe(chosen)
    return [_row(pack, entry) for pack, entry in search(query, chosen)]


def as_lines(query: str, chosen: Sequence[Pack], *, entries: bool) -> list[str]:
    """The same for people."""
    if not entries:
        rows = ((row["name"], tell(f"{row['terms']:>4} terms"), tell(row["description"])) for row in describe(chosen))
        return [f"{name:<16} {count}  {description}" for name, count, description in rows]
    found = [_line(pack, entry) for pack, entry in search(query, chosen)]
    return found or [tell(f'no pack has "{query}"')]


def _row(pack: Pack, entry: PackEntry) -> dict[str, Any]:
    return {
        "pack": pack.name,
        "term": entry.text,
        "forms": dict(entry.forms),
        "when": entry.when,
        "with": list(entry.near),
        "not": list(entry.contrary),
        "back": entry.back,
        "also": {key: list(words) for key, words in entry.also.items()},
        "why": entry.why,
    }


def _line(pack: Pack, entry: PackEntry) -> str:
    also = (f"{key} {word}" for key, words in entry.also.items() for word in words)
    forms = "  ".join([*(f"{key} {form}" for key, form in entry.forms.items()), *also]) or tell("never converted")
    return f"{entry.text}  {forms}  ({pack.name}, {entry.when})"


def check(book: Path) -> TermsReport:
    """What the packs that a book names do in each edition.

    Codes: `terms-unmet` (a term of the book's own pack that the text never has, or a pack of ours of which it has
    none), `terms-disagree` (two packs give a term different forms for the edition; a note where a book's own pack
    corrects one of ours) and `terms-overridden` (the glossary has the term as well, and wins).
    """
    project = read_project(book)
    text = "\n".join(block_text(chapter.blocks) for chapter in read_manuscript(project).chapters)
    lines = [line for line in text.split("\n") if line]
    uses: list[Use] = []
    findings: list[Finding] = []
    taken: dict[str, Pack] = {}
    unmet: dict[str, set[str]] = {}
    for edition in project.editions:
        for pack in edition.packs:
            met, terms = _met(pack, project, edition, lines)
            if terms:
                uses.append(Use(edition.key, pack.name, len(met), len(terms)))
                taken[pack.name] = pack
                unmet[pack.name] = unmet.get(pack.name, terms) & (terms - met)
        findings += _disagreements(edition)
        findings += _overridden(project, edition)
    findings += [one for name, terms in unmet.items() for one in _unmet(project, taken[name], terms, uses)]
    return TermsReport(tuple(uses), tuple(dict.fromkeys(findings)))


def _met(pack: Pack, project: Project, edition: EditionSettings, lines: Iterable[str]) -> tuple[set[str], set[str]]:
    """The terms of a pack that occur in the text, and all that have an effect in the edition."""
    phrases = pack.phrases(project.source, edition.region)
    terms = {text for text, phrase in phrases.table.items() if phrase.form}
    found = Counter(one.phrase.text for line in lines for one in phrases.find(line, [(0, len(line))]))
    return terms & found.keys(), terms


def _unmet(project: Project, pack: Pack, terms: set[str], uses: Sequence[Use]) -> Iterator[Finding]:
    if pack.file is None:
        if not any(use.met for use in uses if use.pack == pack.name):
            problem = f'no term of the pack "{pack.name}" occurs in the book'
            yield Finding("terms-unmet", "note", project.place("terms"), problem, f"Remove {pack.name} from terms:")
        return
    for term in sorted(terms, key=lambda one: pack.lines.get(one, 0))[:_MOST_UNMET]:
        problem = f'the term "{term}" never occurs in the book'
        yield Finding("terms-unmet", "note", pack.place(term), problem, "Correct it, or remove it")
    if len(terms) > _MOST_UNMET:
        problem = f"{len(terms) - _MOST_UNMET} more terms of this pack never occur"
        yield Finding("terms-unmet", "note", pack.place(""), problem, "Remove what the book does not need")


def _disagreements(edition: EditionSettings) -> Iterator[Finding]:
    by_name: Mapping[str, Pack] = {pack.name: pack for pack in edition.packs}
    for one in disagreements(edition.packs):
        if one.region not in edition.keys:
            continue
        said = ", ".join(f"{form} in {name}" for name, form in one.forms)
        problem = f'the term "{one.term}" has two forms for {one.region}: {said}'
        last, form = one.forms[-1]
        remedy = f"{last} comes last and wins with {form}; decide it in the glossary if that is wrong"
        meant = by_name[last].file is not None and all(by_name[name].file is None for name, _ in one.forms[:-1])
        yield Finding("terms-disagree", "note" if meant else "warning", by_name[last].place(one.term), problem, remedy)


def _overridden(project: Project, edition: EditionSettings) -> Iterator[Finding]:
    glossary = {
        term.text: form
        for term in project.glossary.terms
        if (form := term.form(edition.key, edition.region.key)) is not None
    }
    for pack in edition.packs:
        phrases = pack.phrases(project.source, edition.region)
        for text in sorted(glossary.keys() & phrases.table.keys()):
            ours = phrases.table[text].form
            if ours and ours != glossary[text]:
                problem = f'the glossary has "{glossary[text]}" for "{text}", and the pack {pack.name} "{ours}"'
                remedy = "The glossary wins; if that is right, there is nothing to do"
                yield Finding("terms-overridden", "note", pack.place(text), problem, remedy)
