"""Texts in other markup (reStructuredText, Org, LaTeX, Typst, AsciiDoc …), and Sphinx's folders, through pandoc."""

from __future__ import annotations

import posixpath
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from publish.errors import Place, PublishError
from publish.han import IDEOGRAPH_RUN
from publish.importers import shared
from publish.importers.encoding import decode
from publish.importers.protocol import LIKELY, SURE, Claim, File, ImportChoice, Imported, ImportedChapter
from publish.importers.report import Ledger
from publish.importers.settings import settings_files
from publish.source import pandoc
from publish.source.document import Block, Inline, string, text
from publish.source.slugs import slugify
from publish.textfile import shown

# Files' endings, and what pandoc calls the markup in them.
FORMS = {
    ".rst": "rst", ".rest": "rst", ".org": "org", ".tex": "latex", ".ltx": "latex", ".typ": "typst",
    ".adoc": "asciidoc", ".asciidoc": "asciidoc", ".asc": "asciidoc", ".textile": "textile",
    ".mediawiki": "mediawiki", ".muse": "muse", ".t2t": "t2t", ".fb2": "fb2", ".docbook": "docbook",
    ".dbk": "docbook", ".opml": "opml",
}  # fmt: skip
# How a text takes in another file, and what is a remark of its author's.
_INCLUDES = {
    "rst": r"(?m)^[ \t]*\.\.[ \t]+include::[ \t]*(?P<file>\S+)[ \t]*$",
    "latex": r"\\(?:input|include|subfile)[ \t]*\{(?P<file>[^{}]+)\}",
    "typst": r"(?m)^[ \t]*#include[ \t]+\"(?P<file>[^\"]+)\"[ \t]*$",
    "org": r"(?mi)^[ \t]*#\+include:[ \t]*\"?(?P<file>[^\"\s]+)\"?[^\n]*$",
    "asciidoc": r"(?m)^include::(?P<file>[^\[\]\n]+)\[[^\]\n]*\][ \t]*$",
}
_REMARKS = {
    # What is defined for others to use (a target, a substitution) is no text either.
    "rst": r"(?m)^(?P<in>[ \t]*)\.\.[ \t]+(?![\w:+.-]+::|_|\[|\|)[^\n]*(?:\n(?P=in)[ \t]+[^\n]*)*"
    r"|^[ \t]*\.\.[ \t]+(?:_[^\n]*:|\|)[^\n]*",
    "latex": r"(?<!\\)%[^\n]*",
    "typst": r"(?m)//[^\n]*|/\*[\s\S]*?\*/",
    "org": r"(?m)^[ \t]*#[ \t][^\n]*",
    "asciidoc": r"(?m)^//(?!/)[^\n]*|^/{4,}\n[\s\S]*?^/{4,}$",
    "docbook": r"<!--[\s\S]*?-->",
    "fb2": r"<!--[\s\S]*?-->|<binary\b[\s\S]*?</binary>",
}
_BOXES = {
    "note": "注", "tip": "提示", "hint": "提示", "warning": "警告", "caution": "小心", "danger": "危险",
    "important": "重要", "attention": "注意", "error": "错误", "seealso": "参见",
    "admonition": "", "versionadded": "", "versionchanged": "", "deprecated": "",
}  # fmt: skip
# Directives of reStructuredText that show nothing: lists that Sphinx makes, settings.
_SILENT = {"contents", "highlight", "index", "program", "currentmodule", "module", "meta", "sectnum", "tabularcolumns"}
_TOCTREE = re.compile(r"(?m)^(?P<in>[ \t]*)\.\. toctree::[^\n]*\n(?P<body>(?:(?P=in)[ \t]+[^\n]*\n?|[ \t]*\n)*)")
_EQUATION = re.compile(r"\\begin\{(?P<name>(?:equation|displaymath)\*?)\}(?P<formula>[\s\S]*)\\end\{(?P=name)\}")
_ORG_SETTINGS = re.compile(
    r"(?mi)^#\+(?:startup|options|filetags|property|(?:seq_)?todo|typ_todo|tags|archive|category|columns|constants|link"
    r"|priorities|setupfile|select_tags|exclude_tags|(?:latex|html|texinfo|beamer)_\w+|bind|macro)\+?:[^\n]*$"
)
_ORG_PICTURE = re.compile(r"(?mi)^#\+caption:[^\n]*\n(?:#\+\w+:[^\n]*\n)*[ \t]*\[\[[^\[\]\n]+\]\][ \t]*\n(?=\S)")
DEEPEST = 12  # files that take in one another


class MarkupImporter:
    """A text in markup that pandoc reads, with what it takes in; a folder of Sphinx's."""

    name = "markup"
    about = "reStructuredText (a file, or Sphinx's folder), Org, LaTeX, Typst, AsciiDoc, Textile, DocBook, FictionBook"
    choices: tuple[ImportChoice, ...] = ()

    def matches(self, source: Path) -> Claim | None:
        """A file with the ending of such a text, or a folder with Sphinx's conf.py beside an index.rst."""
        if source.is_dir():
            index = _index(source)
            return Claim(SURE, index.relative_to(source).as_posix()) if index else None
        form = FORMS.get(source.suffix.lower())
        if form is None or not source.is_file():
            return None
        with source.open("rb") as opened:
            start = opened.read(200)
        return None if start.startswith((b"-----BEGIN PGP", b"%PDF", b"PK")) else Claim(LIKELY, source.suffix)

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read the text and those that it takes in. Raises `PublishError` for one that pandoc cannot read."""
        del choices
        first = _index(source) if source.is_dir() else source
        if first is None:
            raise PublishError("no index.rst in this folder", "Name the file of the text", Place(shown(source)))
        if first.suffix.lower() not in FORMS:
            known = ", ".join(sorted(FORMS))
            raise PublishError(
                "no markup that is known has this ending", f"Give it its own: {known}", Place(shown(source))
            )
        reading = _MarkupReading(source if source.is_dir() else source.parent, ledger)
        top = reading.document(first, 0)
        metadata = {key: value for key, value in top.said.items() if value}
        if source.is_dir():
            metadata |= {key: value for key, value in _said_by(first.parent / "conf.py", ledger).items() if value}
        slug = slugify(source.stem if source.is_file() else source.absolute().name)
        chapters = reading.chapters(top, metadata, slug) if top.below else reading.whole(top, metadata, slug)
        if not chapters:
            raise PublishError("the text is empty", "Choose another file", Place(shown(source)))
        ledger.file = ""
        metadata.setdefault("title", source.stem)
        return Imported(
            metadata, tuple(chapters), tuple(reading.assets.values()), tuple(reading.originals.values()), slug
        )


def _index(folder: Path) -> Path | None:
    """The index.rst of Sphinx's folder, unless its contents name pages in Markdown, which MyST's importer reads."""
    return next((one for one in sphinx_pages(folder, "index.rst") if not lists_markdown(one)), None)


def sphinx_pages(folder: Path, name: str) -> Iterator[Path]:
    """The pages of that name beside a conf.py, here or up to two folders deeper, the Chinese ones first."""
    for settings in settings_files(folder, "conf.py"):
        if (page := settings.with_name(name)).is_file():
            yield page


def lists_markdown(page: Path, depth: int = 0) -> bool:
    """Whether the contents of a page in reStructuredText, or of one that it names, name a page in Markdown."""
    for _, _, names in toctrees(page.read_text(encoding="utf-8", errors="ignore")):
        for name in names:
            there = page.parent / name.lstrip("/")
            if there.suffix == ".md" or there.with_name(f"{there.name}.md").is_file():
                return True
            below = there if there.suffix == ".rst" else there.with_name(f"{there.name}.rst")
            if depth < 2 and "*" not in name and below.is_file() and lists_markdown(below, depth + 1):  # noqa: PLR2004
                return True
    return False


def toctrees(markup: str) -> Iterator[tuple[str, bool, list[str]]]:
    """Each contents in a text: its caption, whether its names are patterns, the names."""
    for match in _TOCTREE.finditer(markup):
        lines = [line.strip() for line in match["body"].split("\n")]
        caption = next((line[9:].strip() for line in lines if line.startswith(":caption:")), "")
        names = [re.sub(r"^.*<([^<>]+)>$", r"\1", line) for line in lines if line and not line.startswith((":", ".."))]
        yield caption, ":glob:" in lines, names


def title_alone(markup: str) -> str:
    """The title of a page that has contents below it and nothing else; "" of one that says more."""
    left = re.sub(_REMARKS["rst"], "", _TOCTREE.sub("", markup))
    found = re.fullmatch(r"\s*(?:[^\w\s]{3,}\n)?(?P<title>.*\w.*)\n[^\w\s]{3,}\s*", left)
    return found["title"].strip() if found else ""


def as_markdown(markup: str, file: Path, root: Path, ledger: Ledger) -> str:
    """A page in reStructuredText as Markdown, without its contents; addresses stay as they are."""
    reading = _MarkupReading(root, ledger, placing=False)
    blocks, _ = reading.blocks(markup, "rst", file)
    return shared.written([blocks], file.name)[0]


def _said_by(settings: Path, ledger: Ledger) -> dict[str, str]:
    """Title and author as conf.py says them; it is read as text, and never run."""
    words = decode(settings.read_bytes(), settings.name, ledger).text if settings.is_file() else ""
    said = {}
    for key, name in (("title", "project"), ("author", "author")):
        found = re.search(rf"(?m)^{name}\s*=\s*[ur]?(?P<quote>['\"])(?P<value>.+?)(?P=quote)", words)
        said[key] = found["value"].strip() if found else ""
    return said


@dataclass(frozen=True)
class _Text:
    """One file: its blocks, what it says of the book, and the files that its contents name, under their titles."""

    path: Path
    blocks: list[Block]
    said: dict[str, Any]
    below: tuple[tuple[str, tuple[_Text, ...]], ...] = ()

    @property
    def title(self) -> str:
        return str(self.said.get("title") or shared.title_of(self.blocks))


@dataclass
class _MarkupReading:
    """The files that were read so far."""

    root: Path
    ledger: Ledger
    assets: dict[str, File] = field(default_factory=dict)
    originals: dict[str, File] = field(default_factory=dict)
    met: set[Path] = field(default_factory=set)
    placing: bool = True  # whether pictures are taken along

    def document(self, path: Path, depth: int) -> _Text:
        """A file, read, with those that its contents name."""
        form = FORMS[path.suffix.lower()]
        self.met.add(path.resolve())
        self.ledger.file = self._name(path)
        markup = self._included(path, form, 0)
        below = self._below(path, markup, depth) if form == "rst" and depth < DEEPEST else ()
        self.ledger.file = self._name(path)
        blocks, said = self.blocks(markup, form, path, whole=depth == 0)
        return _Text(path, blocks, said, below)

    def blocks(self, markup: str, form: str, path: Path, *, whole: bool = False) -> tuple[list[Block], dict[str, Any]]:
        """What a text says, and what it says of the book; what pandoc cannot read is code, unless it is all."""
        markup = _TOCTREE.sub("", markup) if form == "rst" else markup
        markup = self._without_settings(markup) if form == "org" else markup
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / f"text{path.suffix.lower()}"
            copy.write_text(markup, encoding="utf-8")
            try:
                read, warnings = pandoc.read_document(copy, form, None)
            except PublishError as error:
                if whole:
                    raise _placed_error(error, shown(path)) from error
                self.ledger.unread("file-unread", 0, self._name(path), f"as it stands, as code: {error.problem}")
                read, warnings = {"meta": {}, "blocks": [{"t": "CodeBlock", "c": [["", [], []], markup]}]}, []
        for warning in warnings:
            self.ledger.unread("pandoc", 0, warning, "pandoc says so of the text")
        said = {key: _words(read["meta"][key]) for key in _KEYS if key in read["meta"]}
        blocks: list[Block] = shared.mapped(read["blocks"], lambda node: self._plain(node, path, f"{folder}/"))
        kept = shared.tree_text(blocks) + "".join(shared.tree_text(one.get("c", "")) for one in read["meta"].values())
        self._account(markup, form, kept)
        return shared.tidied(blocks), said

    def _without_settings(self, markup: str) -> str:
        """A text of Org's without what it tells Org alone; a picture with a caption stands by itself."""
        for found in _ORG_SETTINGS.finditer(markup):
            line = markup.count("\n", 0, found.start()) + 1
            self.ledger.decide("settings-left-out", line, found[0], "left out", "it is for Org alone")
        return _ORG_PICTURE.sub(lambda found: f"{found[0]}\n", _ORG_SETTINGS.sub("", markup))

    def _name(self, path: Path) -> str:
        inside = path.resolve().is_relative_to(self.root.resolve())
        return path.resolve().relative_to(self.root.resolve()).as_posix() if inside else path.name

    def _text(self, path: Path) -> str:
        self.originals[self._name(path)] = File(self._name(path), path)
        return decode(path.read_bytes(), path.name, self.ledger).text

    def _included(self, path: Path, form: str, depth: int) -> str:
        """A file's text with the files that it takes in, if they are in the same folder or below it."""
        words = self._text(path)

        def taken(match: re.Match[str]) -> str:
            name = match["file"].strip()
            names = (name, f"{name}.tex") if form == "latex" else (name,)
            there = next((one for each in names if (one := (path.parent / each).resolve()).is_file()), None)
            there = there or next((one for each in names if (one := (self.root / each).resolve()).is_file()), None)
            if there is None or depth >= DEEPEST or not there.is_relative_to(self.root.resolve()):
                self.ledger.unread("include-missing", 0, name, "no such file beside the text: it is not taken in")
                return ""
            return self._included(there, form, depth + 1) + "\n"

        remarks = re.compile(_REMARKS[form]) if form == "latex" else None  # an \input that is taken out is none
        words = remarks.sub("", words) if remarks else words
        return re.sub(_INCLUDES[form], taken, words) if form in _INCLUDES else words

    def _below(self, path: Path, markup: str, depth: int) -> tuple[tuple[str, tuple[_Text, ...]], ...]:
        """What the contents of a page name, a group for each contents."""
        groups = []
        for caption, _, names in toctrees(markup):
            found = [one for name in names for one in self._entry(path, name, depth)]
            if found:
                groups.append((caption, tuple(found)))
        return tuple(groups)

    def _entry(self, path: Path, entry: str, depth: int) -> Iterator[_Text]:
        base = self.root if entry.startswith("/") else path.parent
        plain = entry.lstrip("/")
        if "*" in plain:
            files = sorted(base.glob(plain if plain.endswith(".rst") else f"{plain}.rst"))
        else:
            files = [base / plain if plain.endswith(".rst") else base / f"{plain}.rst"]
        for one in files:
            if one.is_file() and one.resolve().is_relative_to(self.root.resolve()):
                if one.resolve() not in self.met:
                    yield self.document(one, depth + 1)
            elif entry not in ("self", "genindex", "modindex", "search"):
                self.ledger.unread("chapter-missing", 0, entry, "the contents name it: no such file in .rst")

    # Blocks

    def _plain(self, node: Any, path: Path, copied: str) -> Any:
        """A node without what only its markup needed: roles, boxes, raw markup, keys of literature; pictures placed."""
        kind, content = node.get("t"), node.get("c")
        if kind == "Image":
            _, alt, (url, title) = content
            return {**node, "c": [["", [], []], alt, [self._placed(url.removeprefix(copied), path), title]]}
        if kind in ("RawBlock", "RawInline") and content[0] not in ("html", "markdown"):
            words = content[1].strip()
            if not re.search(r"\w", re.sub(r"\\[A-Za-z]+\*?|\{[^{}]*\}", "", words)) and not IDEOGRAPH_RUN.search(
                words
            ):
                return []
            self.ledger.unread("markup-unread", 0, words, "left as it stands, as code")
            return {"t": "CodeBlock" if kind == "RawBlock" else "Code", "c": [["", [], []], words]}
        if kind == "Code" and "interpreted-text" in content[0][1]:
            words = re.sub(r"\s*<[^<>]*>$", "", content[1])
            return [string(words)]
        if kind == "Cite":
            return content[1]
        if kind == "Span" and {"todo", "done", "tag"} & set(content[0][1]):  # Org's marks for its own lists
            return []
        if kind == "Math" and (match := _EQUATION.fullmatch(content[1].strip())):
            return {**node, "c": [content[0], match["formula"].strip()]}
        if kind == "Table" and content[5][1] and not any(body[2] or body[3] for body in content[4]):
            body = [["", [], []], 0, [], content[5][1]]  # the rows of a table that has a head and nothing else
            return {**node, "c": [*content[:4], [body], [content[5][0], []]]}
        if kind == "Div" and _SILENT & set(content[0][1]):
            return []
        if kind == "Div" and (name := next((one for one in content[0][1] if one in _BOXES), "")):
            return {"t": "BlockQuote", "c": _boxed(_BOXES[name], content[1])}
        if self.placing and kind == "Link" and not urlsplit(content[2][0]).scheme and not content[2][0].startswith("#"):
            return content[1]
        return node

    def _placed(self, url: str, path: Path) -> str:
        if urlsplit(url).scheme or url.startswith("//") or not self.placing:
            return url
        plain = unquote(url)
        base = self.root if plain.startswith("/") else path.parent
        names = [plain.lstrip("/"), *(f"{plain.lstrip('/')}{one}" for one in shared.IMAGE_KINDS)]
        homes = (
            base,
            self.root,
            *(self.root / one for one in ("images", "figures", "figs", "img", "media", "_static")),
        )
        for home in homes:
            for name in names:
                there = (home / name).resolve()
                if there.is_file() and there.is_relative_to(self.root.resolve()):
                    inside = f"images/{there.relative_to(self.root.resolve()).as_posix()}".replace(
                        "images/images/", "images/"
                    )
                    if there.suffix.lower() not in shared.IMAGE_KINDS:
                        self.ledger.unread(
                            "image-kind", 0, url, "not PNG, JPEG, GIF, WebP or SVG: save it as one of these"
                        )
                    self.assets[inside] = File(inside, there)
                    return inside
        self.ledger.unread("image-missing", 0, url, "no such file in the folder")
        return url

    def _account(self, markup: str, form: str, kept: str) -> None:
        """Tell each line of which Chinese words are not in what was read; remarks of the author's are none."""
        plain = (
            re.sub(_REMARKS[form], lambda match: "\n" * match[0].count("\n"), markup) if form in _REMARKS else markup
        )
        there = "".join(IDEOGRAPH_RUN.findall(kept))
        for number, line in enumerate(plain.split("\n"), 1):
            lost = [run for run in IDEOGRAPH_RUN.findall(line) if run not in there]
            if lost:
                self.ledger.decide(
                    "text-left-out",
                    number,
                    "…".join(lost),
                    "not in the book",
                    "see what the line is for",
                    kind="unread",
                )

    # Chapters

    def whole(self, top: _Text, metadata: dict[str, Any], slug: str) -> list[ImportedChapter]:
        """A text of one file: its headings are chapters."""
        blocks, title = shared.levelled(top.blocks, str(metadata.get("title", "")), self.ledger)
        if title:
            metadata["title"] = title
        shared.count_kinds(blocks, self.ledger)
        pieces = shared.cut(blocks)
        names = shared.Names(len(pieces))
        pieces = shared.cross_links(pieces, [names.next(shared.title_of(piece)) for piece in pieces], self.ledger)
        made = shared.as_chapters(pieces, slug, top.path.name, self.ledger)
        return [replace(one, text=self._homed(one)) for one in made]

    def chapters(self, top: _Text, metadata: dict[str, Any], slug: str) -> list[ImportedChapter]:
        """Files that their contents nest: a chapter each, the index first if it says anything."""
        flat = list(_flat(top))
        paths = {one.path: f"{posixpath.splitext(self._name(one.path))[0]}.md" for one in flat}
        titled = [_one_title(one) for one in flat]
        pieces = shared.cross_links(titled, [paths[one.path] for one in flat], self.ledger)
        texts = dict(zip(paths.values(), shared.written(pieces, slug), strict=True))
        shared.count_kinds(pieces, self.ledger)
        self.ledger.count("chapters", len(flat))
        metadata.setdefault("title", top.title)
        first = [] if not shared.tree_text(top.blocks).strip() else [self._chapter(top, texts, paths, ())]
        return [*first, *self._groups(top, texts, paths)]

    def _groups(self, one: _Text, texts: Mapping[str, str], paths: Mapping[Path, str]) -> list[ImportedChapter]:
        out: list[ImportedChapter] = []
        for caption, group in one.below:
            made = [self._chapter(each, texts, paths, tuple(self._groups(each, texts, paths))) for each in group]
            out += [ImportedChapter("", "", caption, tuple(made))] if caption else made
        return out

    def _chapter(
        self, one: _Text, texts: Mapping[str, str], paths: Mapping[Path, str], children: Sequence[ImportedChapter]
    ) -> ImportedChapter:
        path = paths[one.path]
        chapter = ImportedChapter(path, texts[path].rstrip("\n") + "\n", one.title, tuple(children))
        return replace(chapter, text=self._homed(chapter))

    def _homed(self, chapter: ImportedChapter) -> str:
        """A chapter's text with its pictures named from its own folder."""
        up = "../" * chapter.path.count("/")
        return chapter.text.replace("](images/", f"]({up}images/") if up else chapter.text


def _words(value: Any) -> Any:
    """What a value of a text's metadata says; a list of several as such."""
    if value["t"] == "MetaList":
        found = [words for one in value["c"] if (words := _words(one))]
        return found if len(found) > 1 else "".join(found)
    return " ".join(shared.tree_text(value.get("c", "")).split())


_KEYS = ("title", "subtitle", "author", "date", "abstract")


def _placed_error(error: PublishError, file: str) -> PublishError:
    """An error of pandoc's with the file that the user knows."""
    return PublishError(error.problem, "Correct the markup there, or save the text in another form", Place(file))


def _flat(one: _Text) -> Iterator[_Text]:
    yield one
    for _, group in one.below:
        for each in group:
            yield from _flat(each)


def _one_title(one: _Text) -> list[Block]:
    """A file's blocks with its title as the only heading of level 1."""
    blocks = one.blocks
    title = str(one.said.get("title", ""))
    if title:
        head: Block = {"t": "Header", "c": [1, ["", [], []], [string(title)]]}
        return [head, *(_deeper(block) for block in blocks)]
    heads = [block for block in blocks if block["t"] == "Header" and block["c"][0] == 1]
    if len(heads) > 1 and blocks[0] is heads[0]:
        return [heads[0], *(_deeper(block) for block in blocks[1:])]
    return blocks


def _deeper(block: Block) -> Block:
    return {**block, "c": [min(6, block["c"][0] + 1), *block["c"][1:]]} if block["t"] == "Header" else block


def _boxed(name: str, blocks: list[Block]) -> list[Block]:
    """What is in a box, under the box's name in the language of the book or its own title."""
    first = blocks[0] if blocks else None
    titled = first is not None and first["t"] == "Div" and "title" in first["c"][0][1]
    own = text(first["c"][1][0]["c"]) if titled and first is not None and first["c"][1] else ""
    words = own if own and not own.isascii() else name or own
    rest = blocks[1:] if titled else blocks
    head: list[Inline] = [{"t": "Strong", "c": [string(words)]}]
    return [{"t": "Para", "c": head}, *rest] if words else rest
