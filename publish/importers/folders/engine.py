"""What all folders share: pages in the order of their contents, links mended, pictures taken along."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from publish.errors import Place, PublishError
from publish.importers.folders.addresses import mended
from publish.importers.folders.front import Front, read_front
from publish.importers.folders.headings import with_one_title
from publish.importers.folders.languages import LANGUAGE, in_one_language
from publish.importers.folders.links import mend_links
from publish.importers.folders.listings import with_listings
from publish.importers.folders.literature import (
    LITERATURE,
    check_citations,
    take_literature,
)
from publish.importers.folders.masked import Masked
from publish.importers.folders.notebook import read_notebook
from publish.importers.folders.outline import (
    INDEXES,
    PAGES,
    ContentsEntry,
    FolderOutline,
    FolderPage,
    FolderReading,
    files_of,
    plain_path,
    route_of,
    within,
)
from publish.importers.folders.spelled import with_plain_labels, with_spaced_headings
from publish.importers.folders.targets import check_references
from publish.importers.folders.tree import Tree, is_document
from publish.importers.protocol import Claim, File, ImportChoice, Imported, ImportedChapter
from publish.importers.report import Ledger
from publish.textfile import shown

# What the first page of any book may be called: not the book's title.
_ANY_BOOKS = re.compile(
    r"(?:readme|index|home|intro(?:duction)?|about|preface|foreword|overview|table of contents|summary"
    r"|[简簡]介|介[绍紹]|前言|序言?|目[录錄]|首[页頁]|[主封]页|引言|[导導][读讀言]|概述|[说說]明|[关關][于於].{0,2}|[写寫]在前面)"
    r"[\W_]*",
    re.IGNORECASE,
)
_RULE_FIRST = re.compile(r"\A---[ \t]*$", re.MULTILINE)  # a rule at a text's head opens no front matter
# A class that is publish's own mark of a formula, around TeX that has its dollars already.
_MATH_CLASS = re.compile(r"(?P<tag><(?:span|div|p)\b(?:\s+(?!class\b)[^<>\s]+)*)\s+class=[\"']math[\"']")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
UNLISTED = ImportChoice(
    "unlisted", ("leave", "append"), "pages that the contents do not name: left out, or a last part"
)
LAST_PART = "其他"  # what that part is called, in both scripts
# Texts that are none of Markdown's.
_NOT_MARKDOWN = {
    ".rst": "reStructuredText",
    ".adoc": "AsciiDoc",
    ".asciidoc": "AsciiDoc",
    ".org": "Org mode",
    ".textile": "Textile",
    ".typ": "Typst",
    ".rnw": "Sweave",
    ".docx": "a Word document beside pages",
    ".doc": "a document of old Word",
    ".odt": "a document of LibreOffice beside pages",
    ".wps": "a document of WPS",
    ".txt": "a plain text beside pages",
    ".rtf": "a document in RTF",
    ".epub": "an e-book beside pages",
}


class FolderImporter:
    """A kind of folder; kinds differ in their signs, contents, syntax and addresses."""

    name = ""
    about = ""
    choices: tuple[ImportChoice, ...] = (LANGUAGE, UNLISTED)
    wanted = ""  # the language to take of a folder in several
    statics: tuple[str, ...] = ()  # folders that hold /x.png
    title_wins = False  # the front matter's title is the page's, whatever headings say
    tight_headings = False  # whether the tool reads `##标题`, without a space, as a heading
    bare_front = False  # whether front matter may lack its opening line

    def matches(self, source: Path) -> Claim | None:
        """Whether `source` is a folder with this kind's signs."""
        return self.sign(source) if source.is_dir() else None

    def sign(self, folder: Path) -> Claim | None:
        """The claim of this kind on a folder."""
        raise NotImplementedError

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The folder's settings and contents."""
        raise NotImplementedError

    def plain(self, source: str, file: str, reading: FolderReading) -> str:
        """A page's file as Markdown; a notebook's text, code and outputs."""
        return read_notebook(source, file, reading.ledger, reading.keep) if file.lower().endswith(".ipynb") else source

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """A page's text as publish reads it: the tool's own syntax for links, includes, images and code translated."""
        del reading
        return page.text

    def routes(self, page: FolderPage, reading: FolderReading) -> Iterable[str]:
        """Addresses below the site's root that lead to a page besides its file's: permalinks, slugs."""
        del page, reading
        return ()

    def title(self, entry: ContentsEntry, front: Front) -> str:
        """A page's title outside its text."""
        return front.text("title") or entry.title if self.title_wins else entry.title or front.text("title")

    def named(self, file: str) -> str:
        """The path of a page as the new folder has it, before its ending is settled."""
        return file

    def byline(self, front: Front, file: str) -> str:
        """The line below a page's title: a post's date and author."""
        del front, file
        return ""

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read the folder whole. Raises `PublishError` where it holds no page."""
        if not source.is_dir():
            raise PublishError(
                "this is a file, and no folder", "Leave --from out, or name the folder", Place(shown(source))
            )
        self.wanted = choices.get(LANGUAGE.name, "")
        tree = Tree(source, ledger)
        outline = self.contents(tree, ledger)
        outline = replace(outline, entries=in_one_language(outline.entries, tree, self.wanted, ledger))
        if choices.get(UNLISTED.name) == "append":
            outline = replace(outline, entries=(*outline.entries, *_appended(outline, tree, ledger)))
        reading = FolderReading(tree, ledger, outline)
        chapters = tuple(self._chapters(outline.entries, reading))
        if not reading.pages:
            raise PublishError(
                "no page was found in this folder",
                "Name the folder that holds its contents, or another kind with --from",
                Place(shown(source)),
            )
        reading.literature = take_literature(reading)
        for page in reading.pages.values():
            reading.ledger.file = page.file
            self._mend(page, reading)
        ledger.file = ""
        check_references(reading.pages.values(), reading)
        if reading.literature:
            check_citations(reading.pages.values(), reading)
        _note_unlisted(reading)
        ledger.count("chapters", len(reading.pages))
        ledger.counts["images"] = len(reading.assets) - len(reading.literature.files) - ledger.counts["listings"]
        return Imported(
            metadata=_metadata(reading),
            chapters=tuple(_with_texts(chapters, reading)),
            assets=tuple(reading.assets.values()),
            originals=tuple(File(plain_path(file), tree.path(file)) for file in tree.used),
        )

    def _chapters(self, entries: Sequence[ContentsEntry], reading: FolderReading) -> Iterator[ImportedChapter]:
        """The chapters that the contents name, each read once; `text` is for now the file in the tree."""
        for entry in entries:
            page = self._page(entry, reading) if entry.file else None
            children = tuple(self._chapters(entry.children, reading))
            if page:
                yield ImportedChapter(page.path, page.file, entry.title, children)
            elif children:
                yield ImportedChapter("", "", entry.title, children)
            elif not entry.file:
                reading.ledger.decide(
                    "chapter-empty", 0, entry.title, "left out", "the contents name it, but it has no page"
                )

    def _page(self, entry: ContentsEntry, reading: FolderReading) -> FolderPage | None:
        file = reading.tree.find(entry.file)
        if not file:
            reading.ledger.unread("chapter-missing", 0, f"{entry.title} ({entry.file})", "there is no such file")
            return None
        if file in reading.pages:
            reading.ledger.decide(
                "chapter-twice", 0, file, "set once, where it first appears", "the contents name it twice"
            )
            return None
        source = reading.tree.text(file)
        reading.ledger.file = file
        text = self.plain(source, file, reading)
        front, body = read_front(text, bare=self.bare_front)
        if front.fault:
            reading.ledger.unread("front-matter", 1, front.fault, "the front matter cannot be read")
        path = reading.free(posixpath.splitext(within(self.named(file), reading.outline.base))[0] + ".md")
        page = FolderPage(file, path, self.title(entry, front), front, body, source, self.byline(front, file))
        reading.pages[file] = page
        for route in self.routes(page, reading):
            reading.routes.setdefault(route_of(route), page)
        reading.ledger.file = ""
        return page

    def _mend(self, page: FolderPage, reading: FolderReading) -> None:
        page.text = with_plain_labels(self.translate(page, reading))
        page.text = masked_sub(page.text, _MATH_CLASS, r"\g<tag>")
        if self.tight_headings:
            page.text = with_spaced_headings(page.text, page, reading)
        page.text = with_listings(page.text, page, reading)
        page.text = mend_links(page.text, lambda address: mended(address, page, reading, self.statics))
        page.text, done = with_one_title(page.text.strip("\n"), page.title, wins=self.title_wins)
        if done:
            reading.ledger.decide("headings", 0, page.title, done, "a chapter has one title")
        if page.byline:
            page.text = _below_title(page.text, page.byline)
        page.text = _RULE_FIRST.sub("* * *", page.text.strip("\n")) + "\n"


def _appended(outline: FolderOutline, tree: Tree, ledger: Ledger) -> Iterator[ContentsEntry]:
    """A last part of the pages that the contents do not name, in natural order."""
    named = set(files_of(outline.entries)) | tree.left
    rest = tuple(without_named(walk(tree, outline.base, ledger), named))
    if rest:
        yield ContentsEntry(LAST_PART, "", rest)


def without_named(entries: Iterable[ContentsEntry], named: set[str]) -> Iterator[ContentsEntry]:
    """The entries without files that are named, of a menu, or a contents."""
    for one in entries:
        children = tuple(without_named(one.children, named))
        name = posixpath.basename(one.file)
        if one.file and one.file not in named and not name.startswith("_") and name != "SUMMARY.md":
            yield replace(one, children=children)
        elif children:
            yield replace(
                one, title=one.title or posixpath.basename(posixpath.dirname(one.file)), file="", children=children
            )


def _metadata(reading: FolderReading) -> dict[str, Any]:
    """What book.yaml says: the outline's settings, with the literature as it was taken along."""
    said = {key: value for key, value in reading.outline.metadata.items() if value and key not in LITERATURE}
    if "title" in said:
        said["title"] = " ".join(_TAG.sub("", str(said["title"])).split()) or _title(reading)
    return {"title": _title(reading), **said, **reading.literature.metadata}


def _title(reading: FolderReading) -> str:
    """The title of a book without one: its README's heading or front matter, or its folder's name."""
    folder = reading.tree.root.absolute().name
    first = next(iter(reading.pages.values()))
    if posixpath.splitext(posixpath.basename(first.file))[0].lower() not in INDEXES:
        return folder
    heading = re.match(r"# (.+?)(?: \{[^{}]*\})?$", first.text.partition("\n")[0])
    title = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]", r"\1", heading[1]).strip() if heading else ""
    return next((one for one in (title, first.front.text("title")) if one and not _ANY_BOOKS.fullmatch(one)), folder)


def _with_texts(chapters: Sequence[ImportedChapter], reading: FolderReading) -> Iterator[ImportedChapter]:
    for one in chapters:
        children = tuple(_with_texts(one.children, reading))
        text = reading.pages[one.text].text if one.path else ""
        yield replace(one, text=text, children=children)


def _below_title(text: str, byline: str) -> str:
    head, line_end, rest = text.partition("\n")
    if not head.startswith("# "):
        return f"{byline}\n\n{text}"
    rest = rest.lstrip("\n")
    return f"{head}\n\n{byline}\n{line_end}{rest}"


def _note_unlisted(reading: FolderReading) -> None:
    """Report pages that the contents leave out: they are not in the book."""
    base = f"{reading.outline.base}/" if reading.outline.base else ""
    read = (*PAGES, *{posixpath.splitext(file)[1].lower() for file in reading.pages})
    for file in reading.tree.files:
        known = file in reading.tree.used or file in reading.tree.left or "/." in f"/{file}"
        if file.startswith(base) and file.lower().endswith(read) and not known:
            reading.ledger.file = file
            if "_drafts" in file.split("/"):
                reading.ledger.decide("draft", 0, posixpath.basename(file), "left out", "it is a draft")
            else:
                reading.ledger.decide("page-unlisted", 0, file, "not taken", "the contents do not name it")
    reading.ledger.file = ""
    tell_documents([file for file in reading.tree.files if file.startswith(base)], read, reading.tree, reading.ledger)
    outside = Counter(
        file.partition("/")[0]
        for file in reading.tree.files
        if not file.startswith(base) and file.lower().endswith(PAGES) and file not in reading.tree.used
    )
    if outside:
        named = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in sorted(outside.items()))
        reading.ledger.decide("page-outside", 0, named, "not taken", f"{base} holds the book")


def tell_documents(files: Sequence[str], read: Sequence[str], tree: Tree, ledger: Ledger) -> None:
    """Report texts and documents that are not read here, but for those of endings that are."""
    strange = Counter(
        suffix
        for file in files
        if (suffix := posixpath.splitext(file)[1].lower()) in _NOT_MARKDOWN.keys() - {*read}
        and not posixpath.basename(file).startswith(("~", "."))
        and (suffix != ".txt" or is_document(tree.path(file)))
    )
    for suffix, count in sorted(strange.items()):
        listed = f"{count} files in {suffix}" if count > 1 else f"a file in {suffix}"
        ledger.decide("page-other", 0, listed, "not taken", f"{_NOT_MARKDOWN[suffix]} is not read here")


# Addresses


# What several kinds share


def walk(
    tree: Tree, base: str, ledger: Ledger, *, suffixes: Sequence[str] = PAGES, aside: tuple[str, ...] = (".", "_")
) -> tuple[ContentsEntry, ...]:
    """The pages below `base` in natural order, folders as entries with their README or index as page.

    Folders whose names begin with one of `aside` hold no pages.
    """
    prefix = f"{base}/" if base else ""
    files = [
        file
        for file in tree.files
        if file.startswith(prefix)
        and file.lower().endswith(tuple(suffixes))
        and not any(step.startswith(aside) for step in file[len(prefix) :].split("/")[:-1])
    ]
    del ledger
    return _nested(files, prefix)


def _nested(files: Sequence[str], prefix: str) -> tuple[ContentsEntry, ...]:
    entries: list[ContentsEntry] = []
    here: dict[str, list[str]] = {}
    for file in files:
        step, slash, _ = file[len(prefix) :].partition("/")
        here.setdefault(f"{step}/" if slash else step, []).append(file)
    for name, inside in here.items():
        if not name.endswith("/"):
            entries.append(ContentsEntry("", inside[0]))
            continue
        children = _nested(inside, f"{prefix}{name}")
        first = children[0] if children else None
        is_index = first and posixpath.splitext(posixpath.basename(first.file))[0].lower() in INDEXES
        if first and is_index and not first.children:
            entries.append(replace(first, title="", children=children[1:]))
        else:
            entries.append(ContentsEntry(name.rstrip("/"), "", children))
    return tuple(entries)


def masked_sub(text: str, pattern: str | re.Pattern[str], change: Any, *, flags: int = 0) -> str:
    """`re.sub` in a text's prose only."""
    masked = Masked(text)
    compiled = re.compile(pattern, flags) if isinstance(pattern, str) else pattern
    return masked.unmask(compiled.sub(change, masked.text))
