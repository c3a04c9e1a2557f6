"""Renderers: the protocol, the registry, and what all formats share: pruned chapters, contents, the colophon's rows."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

import jinja2
from lxml import etree
from markupsafe import Markup

from publish.edition import xhtml
from publish.edition.content_model import conform
from publish.edition.publication import Publication, PublishedChapter
from publish.errors import UsageError
from publish.findings import Finding
from publish.render.cover_face import cover_face
from publish.source.metadata import EDITOR, TRANSLATOR, Metadata
from publish.themes import THEMES, read_theme

GROUP = "publish.renderers"
EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # ZIP's first year
DEFAULT_NAMESPACE: Any = {None: xhtml.XHTML}  # lxml's form of it
ZIP_EPOCH = 1980  # the first year that a ZIP archive can state


@dataclass(frozen=True)
class EditionLink:
    """Another edition of the book that web pages may lead to."""

    key: str
    tag: str
    name: str


@dataclass(frozen=True)
class RenderContext:
    """What a renderer may know beside the publication: where to write, whose web pages stand by, the date to state."""

    folder: Path
    editions: tuple[EditionLink, ...] = ()
    modified: dt.datetime = dt.datetime(ZIP_EPOCH, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Rendering:
    """What a renderer made: files, by their paths below the context's folder, and findings."""

    files: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    notes: dict[str, Any] = field(default_factory=dict)


class Renderer(Protocol):
    """A format: a name, and how a publication becomes files in the context's folder: same inputs, same bytes."""

    name: str

    def render(self, publication: Publication, context: RenderContext) -> Rendering:
        """Write the publication; raise `PublishError` where it cannot be written."""


@dataclass(frozen=True)
class Call:
    """A call of one of a renderer's own methods, which may run in a process of its own."""

    method: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Work:
    """A rendering in stages, one after another; the calls of a stage may run at the same time.

    From the second stage on each call gets what those of the stage before gave, in order, as its last argument. The
    last stage is one call, which gives the `Rendering`.
    """

    stages: tuple[tuple[Call, ...], ...]


class PartedRenderer(Renderer, Protocol):
    """A renderer that can share its work out; `render` is then what `carry_out` makes of it."""

    def begin(self, publication: Publication, context: RenderContext) -> Rendering | Work:
        """Do what is best done at once, and tell what is left."""


def carry_out(one: PartedRenderer, begun: Rendering | Work) -> Rendering:
    """Do what is left of a rendering in this process."""
    if isinstance(begun, Rendering):
        return begun
    results: list[Any] | None = None
    for stage in begun.stages:
        results = [call(one, each, results) for each in stage]
    rendering: Rendering = (results or [])[0]
    return rendering


def call(one: Renderer, each: Call, results: Sequence[Any] | None) -> Any:
    """Make a call of a renderer's method, with the results of the stage before; None: it is of the first stage."""
    return getattr(one, each.method)(*each.arguments, *([] if results is None else [results]))


@cache
def registered() -> dict[str, Any]:
    """The renderers' entry points by name: built-in ones and strangers' register in the same group."""
    return {point.name: point for point in entry_points(group=GROUP)}


def renderer(name: str) -> Renderer:
    """The renderer of a format. Raises `UsageError` for an unknown name, listing those that are registered."""
    points = registered()
    if name not in points:
        raise UsageError(f'unknown format "{name}"', f"Choose from {', '.join(sorted(points))}")
    made: Renderer = points[name].load()()
    return made


@dataclass(frozen=True)
class PreparedChapter:
    """A chapter pruned for one format: its tree may be changed by the renderer that asked for it."""

    chapter: PublishedChapter
    tree: xhtml.Element


def prepare(publication: Publication, format_name: str) -> list[PreparedChapter]:
    """The chapters of a publication, parsed and pruned for a format; one that says no title has the book's."""
    name = publication.metadata.title or publication.slug
    return [
        PreparedChapter(replace(one, title=one.title or name), conform(xhtml.prune(xhtml.read(one.xhtml), format_name)))
        for one in publication.chapters
    ]


@dataclass
class Entry:
    """A line of the contents: level 0 for parts, 1 for chapters, then sections; `key` is the chapter's page."""

    level: int
    id: str
    label: str
    title: str
    key: str
    children: list[Entry] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Number and title in one."""
        return f"{self.label} {self.title}".strip()


def contents(chapters: Iterable[PreparedChapter], depth: int) -> list[Entry]:
    """The contents, nested: parts hold chapters, chapters their sections down to `depth` (1: chapters only)."""
    top: list[Entry] = []
    for prepared in chapters:
        chapter = prepared.chapter
        if chapter.part:
            top.append(Entry(0, f"part-{chapter.key}", chapter.part_label, chapter.part, chapter.key))
        first = Entry(1, chapter.id, chapter.label, chapter.title, chapter.key)
        (top[-1].children if chapter.inside and top and top[-1].level == 0 else top).append(first)
        stack = [first]
        for heading in xhtml.headings(prepared.tree):
            if heading.id in ("", chapter.id) or heading.level > depth or not heading.text:
                continue
            entry = Entry(max(heading.level, 2), heading.id, heading.label, heading.text, chapter.key)
            while stack[-1].level >= entry.level:
                stack.pop()
            stack[-1].children.append(entry)
            stack.append(entry)
    return top


def id_pages(chapters: Iterable[PreparedChapter]) -> dict[str, str]:
    """The chapter that each id stands in."""
    return {name: one.chapter.key for one in chapters for name in xhtml.ids(one.tree)}


@dataclass(frozen=True)
class NumberedNote:
    """A note of a chapter with its number from 1 and its element."""

    number: int
    id: str
    element: xhtml.Element


def take_notes(tree: xhtml.Element) -> list[NumberedNote]:
    """Take the notes out of a chapter's tree, in the order of their calls."""
    by_id = {str(note.get("id")): note for note in xhtml.notes(tree)}
    taken = []
    for number, call in enumerate(xhtml.note_calls(tree), 1):
        name = str(call.get("data-note"))
        if name in by_id:
            note = by_id[name]
            xhtml.remove(note)
            taken.append(NumberedNote(number, name, note))
    return taken


def colophon(publication: Publication, metadata: Metadata) -> list[tuple[str, str]]:
    """The rows of the colophon (版权页): label and value, those that the book knows."""
    words = publication.edition.region.words
    rows = [(words.author, "、".join(metadata.authors()))]
    for word, role in ((words.translator, TRANSLATOR), (words.editor, EDITOR)):
        rows.append((word, "、".join(person.name for person in metadata.people(role))))
    named = {*metadata.authors(), *(one.name for role in (TRANSLATOR, EDITOR) for one in metadata.people(role))}
    others = [one.name for one in (*metadata.creators, *metadata.contributors) if one.name not in named]
    rows += [
        (words.contributor, "、".join(others)),
        (words.publisher, metadata.publisher),
        (words.edition, words.name),
        (words.date, metadata.date.partition("T")[0] if metadata.date[:4].isdigit() else metadata.date),
    ]
    rows += [
        (one.scheme or words.identifier, one.text)
        for one in metadata.identifiers
        if not one.text.startswith("urn:uuid:")
    ]
    rows += [(words.source, metadata.source), (words.rights, metadata.rights)]
    return [(label, value) for label, value in rows if value]


def modified_date(metadata: Metadata, environ: dict[str, str] | None = None) -> dt.datetime:
    """The date that a build states: SOURCE_DATE_EPOCH, else the book's own date, else a fixed one; never the clock."""
    epoch = (os.environ if environ is None else environ).get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    text = metadata.date.strip()
    month = re.match(r"^(\d{4})(?:-(\d\d))?$", text)
    for written in (f"{month[1]}-{month[2] or '01'}-01" if month else text, text[:10], f"{text[:4]}-01-01"):
        try:
            found = dt.datetime.fromisoformat(written)
            stated = (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            continue
        return max(stated, EARLIEST)
    return EARLIEST


@cache
def _environment(theme: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*read_theme(theme).folders, THEMES]),
        autoescape=jinja2.select_autoescape(disabled_extensions=("css",), default=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    environment.filters["cover_face"] = cover_face
    return environment


def fill(theme: str, template: str, /, **values: Any) -> str:
    """A theme's template filled; every value is escaped but for `Markup`."""
    return _environment(theme).get_template(template).render(**values)


def stylesheet(publication: Publication, name: str, **values: Any) -> str:
    """A theme's stylesheet for an edition, with the book's own style behind it; `values` go before the usual ones."""
    faces = publication.edition.region.fonts
    faces = faces if name.startswith("print") else faces.for_screens
    usual = {
        "fonts": {role: families_css(getattr(faces, role)) for role in ("body", "heading", "quote", "mono")},
        "region": publication.edition.region,
        "page": publication.page,
        "theme": read_theme(publication.theme),
    }
    sheet = fill(publication.theme, name, **usual | values)
    return f"{sheet}\n{publication.css}" if publication.css else sheet


def families_css(families: Sequence[str]) -> str:
    """Font families as CSS has them."""
    return ", ".join(f'"{name}"' for name in families)


def inner(tree: xhtml.Element) -> Markup:
    """A chapter's markup for a template."""
    if tree.prefix:  # a note taken out of its chapter: back to the default namespace
        whole = tree.makeelement(tree.tag, nsmap=DEFAULT_NAMESPACE)
        for name, value in tree.attrib.items():
            whole.set(name, value)
        whole.text = tree.text
        whole.extend(list(tree))
        etree.cleanup_namespaces(whole)
        tree = whole
    return Markup(xhtml.serialize(tree).replace(f' xmlns="{xhtml.XHTML}"', "", 1))  # noqa: S704  # canonical XHTML of our own
