"""Chapters derived before: what each was made from, hashed, and what deriving it gives, as the cache has it."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from publish.cache import Cache, as_json, digest
from publish.convert.converter import Converter, Memory
from publish.convert.decisions import Decision
from publish.edition.context import Context
from publish.edition.only import known_editions
from publish.edition.publication import Formula
from publish.edition.text import Gathered
from publish.edition.units import Unit, in_reading_order, rows
from publish.findings import Finding
from publish.formulas.tex import Macros
from publish.source.manuscript import Chapter, Manuscript
from publish.source.pictures.assets import AssetError
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings
from publish.trail import hashed

SETTINGS = "the edition's settings"  # what is read of them all in all, as a trail calls it
_UNITS = b"\n"  # before a chapter's units, where it is kept
Answer = list[Any]  # what became of an image: its address, type and size; or None and what is wrong with it


@dataclass
class Derived:
    """A chapter of an edition by itself: its canonical XHTML without numbers, and all that was met on the way.

    `gone`: the edition has nothing of it. `part` is the converted title of the part that it opens. `gathered` comes of
    its conversion, `written` of its writing. `images` is what became of each image that it asks for. `key` is the hash
    of all that it is made from but words, "" where nothing is kept; `words` is that of those that it has met,
    `reads` those of all by name; `known`: it was made before.
    """

    key: str = ""
    words: str = ""
    reads: Mapping[str, str] = field(default_factory=dict)
    known: bool = False
    gone: bool = False
    part: str = ""
    page: str = ""
    formulas: dict[str, Formula] = field(default_factory=dict)
    gathered: Gathered = field(default_factory=Gathered)
    written: list[Finding] = field(default_factory=list)
    tally: Counter[tuple[str, str]] = field(default_factory=Counter)
    decided: set[Decision] = field(default_factory=set)
    images: dict[str, Answer] = field(default_factory=dict)
    kept: bytes = b""  # its units as they are kept, where it was made before

    @cached_property
    def units(self) -> list[Unit]:
        """The texts that were converted."""
        return [_unit(one) for one in json.loads(self.kept)] if self.kept else self.gathered.units

    @cached_property
    def record(self) -> str:
        """Its rows in the record of the edition."""
        return rows(in_reading_order(self.units))

    @property
    def origin(self) -> str:
        """The hash of all that it was made from; "" where nothing is kept."""
        return digest(self.key, self.words) if self.key else ""


@dataclass(frozen=True)
class Wordlist:
    """The terms of the glossary and of the decisions that hold in an edition, each with all that is said of it.

    A chapter in whose texts a term does not stand is the same whatever is said of it.
    """

    rows: tuple[tuple[str, list[Any]], ...]

    @cached_property
    def digest(self) -> str:
        """The hash of all."""
        return digest(self.rows)

    def standing(self, units: Iterable[Unit]) -> list[tuple[str, list[Any]]]:
        """Those terms that stand in the texts of a chapter, with what is said of them."""
        text = "\n".join(one.text for one in units)
        return [row for row in self.rows if row[0] in text]

    def met(self, units: Iterable[Unit]) -> str:
        """The hash of what is said of those terms that stand in the texts of a chapter."""
        return digest(self.standing(units))


def wordlist(context: Context) -> Wordlist:
    """The words of a context's edition."""
    project, keys = context.project, (context.edition.key, context.edition.region.key)
    terms = [(one.text, [one.form(*keys), one.keep]) for one in project.glossary.terms if one.form(*keys) is not None]
    return Wordlist((*terms, *((one.term, _values(one)) for one in project.decisions.of(*keys))))


def apart(context: Context) -> Context:
    """The context of one chapter: what it meets and uses is its own, whatever the others have."""
    return replace(context, converter=context.converter.fresh(), assets=context.assets.apart())


def apart_again(context: Context, chapter: Chapter, book: str) -> Context:
    """The context of a chapter that is to be converted, knowing what its texts became the last time.

    `book` is the hash of the edition's settings, without which nothing is known.
    """
    noted = context.cache.recall(_memory(context, chapter.key)) or {}
    return replace(context, converter=_reminded(context, noted, book), assets=context.assets.apart())


def note_memory(own: Context, chapter: Chapter, book: str) -> None:
    """Note what the texts of a chapter became, for the next time that it is converted."""
    own.cache.note(_memory(own, chapter.key), _remembered(own, book))


@contextmanager
def remembered(context: Context, what: str) -> Iterator[Context]:
    """A context for texts of no chapter (`what` says of which), which knows what they became the last time."""
    book, slot = _book(context), _memory(context, "", what)
    noted = context.cache.recall(slot) or {}
    own = replace(context, converter=_reminded(context, noted, book))
    yield own
    if as_json(now := _remembered(own, book)) != as_json(noted):
        context.cache.note(slot, now)
    context.converter.tally.update(own.converter.tally)
    context.converter.decided.update(own.converter.decided)


def _reminded(context: Context, noted: Mapping[str, Any], book: str) -> Converter:
    """A context's converter that has met nothing yet and knows what was noted, where it was noted of the same."""
    same = noted.get("made by") == [context.cache.program, book]
    return context.converter.fresh(Memory(noted["texts"], noted["units"]) if same else Memory())


def _remembered(own: Context, book: str) -> dict[str, Any]:
    memory = own.converter.memory or Memory()
    return {"made by": [own.cache.program, book], "texts": memory.texts, "units": memory.units}


def _memory(context: Context, chapter: str, what: str = "") -> str:
    return digest("converted", context.project.slug, context.edition.key, chapter, what)


def note(derived: Derived, own: Context, words: Wordlist) -> None:
    """Note what a chapter, with a context of its own, has met and used."""
    met = words.standing(derived.units)
    derived.words = digest(met)
    derived.tally, derived.decided, derived.images = own.converter.tally, own.converter.decided, own.assets.asked
    said = hashed({f"the term {term}": row for term, row in met})
    derived.reads = {
        **derived.reads,
        **said,
        **hashed({f"the picture {url}": own for url, own in derived.images.items()}),
    }


def chapter_reads(context: Context, macros: Mapping[str, Macros]) -> Iterator[dict[str, str]]:
    """For each chapter of the manuscript the hashes of all that deriving it by itself reads; none where it cannot be.

    Images and words are not in it: what became of each image and which words stand in it is noted, and asked again.
    """
    book = _book(context)
    lines = {name: digest(rows) for name, rows in context.manuscript.lines.items()}
    for chapter in context.manuscript.chapters:
        own = [getattr(chapter, one.name) for one in fields(chapter) if one.name not in ("text", "folder")]
        own.append(os.path.relpath(chapter.folder, context.project.root))  # a book that has moved is the same
        if not chapter.text.key:
            yield {}
            continue
        yield {
            "its text, or a link in it": chapter.text.key,
            "its title or place in the book": digest(own),
            "the lines of its file": lines[chapter.file],
            "the macros that it may use": digest(macros[chapter.key]),
            SETTINGS: book,
        }


def _book(context: Context) -> str:
    """The hash of what is the same for all chapters: the edition's writing, its style."""
    return book_digest(context.project, context.edition, context.manuscript, context.converter)


def book_digest(project: Project, edition: EditionSettings, manuscript: Manuscript, converter: Converter) -> str:
    """The hash of what converts the texts of an edition, beside its glossary and its decisions."""
    region = {one.name: getattr(edition.region, one.name) for one in fields(edition.region) if one.name != "fonts"}
    return digest(
        project.source,
        sorted(known_editions(project)),
        project.register,
        converter.subject,
        converter.book,
        edition.keys,
        region,
        edition.configurations,
        edition.quotes,
        edition.style,
        edition.sort_by if manuscript.cites else "",
        edition.indexed_by if manuscript.defines else "",
        manuscript.indexes,
    )


def recall(
    key: str, context: Context, chapter: Chapter, words: Wordlist, cache: Cache
) -> tuple[Derived, Context] | None:
    """What a chapter gave before, and its context; None where nothing was kept.

    Nor is anything taken where one of its images is another now, or something else is said of a word in it.
    """
    whole = cache.get(key) if key else None
    if whole is None:
        return None
    first, _, units = whole.partition(_UNITS)
    record = json.loads(first.decode("utf-8", "surrogatepass"))
    own, derived = apart(context), _from_record(key, record)
    derived.kept = units
    if record["wordlist"] != words.digest and words.met(derived.units) != derived.words:
        return None
    for url, before in derived.images.items():
        if _asked(own, chapter, url) != before:
            return None
    return derived, own


def _asked(own: Context, chapter: Chapter, url: str) -> Answer:
    """What becomes of an image now; a frame stands for it where it cannot be used."""
    try:
        own.assets.add(url, chapter.folder)
    except AssetError:
        own.assets.placeholder(url)
    return own.assets.asked[url]


def keep(derived: Derived, words: Wordlist, cache: Cache) -> None:
    """Keep what a chapter gave: its units, which few ask for, behind the rest."""
    if derived.key:
        first = as_json({**_as_record(derived), "wordlist": words.digest})
        cache.put(derived.key, first + _UNITS + as_json([_values(one) for one in derived.units]))


def _as_record(derived: Derived) -> dict[str, Any]:
    gathered = derived.gathered
    return {
        "words": derived.words,
        "reads": derived.reads,
        "gone": derived.gone,
        "part": derived.part,
        "page": derived.page,
        "formulas": [[name, one.tex, one.line] for name, one in derived.formulas.items()],
        "record": derived.record,
        "findings": [one.as_dict() for one in gathered.findings],
        "elsewhere": sorted(gathered.elsewhere),
        "written": [one.as_dict() for one in derived.written],
        "tally": [[term, form, count] for (term, form), count in derived.tally.items()],
        "decided": [_values(one) for one in sorted(derived.decided)],
        "images": derived.images,
    }


def _from_record(key: str, record: Mapping[str, Any]) -> Derived:
    derived = Derived(
        key,
        record["words"],
        record["reads"],
        known=True,
        gone=record["gone"],
        part=record["part"],
        page=record["page"],
        formulas={name: Formula(tex, line) for name, tex, line in record["formulas"]},
        gathered=Gathered(
            [],
            [Finding.from_dict(one) for one in record["findings"]],
            {(there, here) for there, here in record["elsewhere"]},
        ),
        written=[Finding.from_dict(one) for one in record["written"]],
        tally=Counter({(term, form): count for term, form, count in record["tally"]}),
        decided={Decision(*one) for one in record["decided"]},
        images=record["images"],
    )
    vars(derived)["record"] = record["record"]
    return derived


def _values(record: Any) -> list[Any]:
    return [getattr(record, one.name) for one in fields(record)]


def _unit(values: Sequence[Any]) -> Unit:
    """A unit whose lists are tuples again."""
    cuts, opaque, borders, level, running = values[7:]
    tuples = tuple(cuts), tuple(map(tuple, opaque)), tuple(borders)
    return Unit(*[*values[:7], *tuples, level, tuple(running)])
