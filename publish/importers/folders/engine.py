"""What all folders share: pages in the order of their contents, links mended, pictures taken along."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from publish.errors import Place, PublishError
from publish.importers.folders.front import Front, read_front
from publish.importers.folders.headings import with_one_title
from publish.importers.folders.languages import LANGUAGE, in_one_language
from publish.importers.folders.links import Address, mend_links
from publish.importers.folders.literature import (
    LITERATURE,
    NO_LITERATURE,
    ImportedLiterature,
    check_citations,
    take_literature,
)
from publish.importers.folders.masked import Masked
from publish.importers.folders.notebook import read_notebook
from publish.importers.folders.pictures import sound_name
from publish.importers.folders.spelled import with_plain_labels, with_spaced_headings
from publish.importers.folders.targets import check_references
from publish.importers.folders.tree import IMAGES, Tree, is_document
from publish.importers.protocol import Claim, File, ImportChoice, Imported, ImportedChapter
from publish.importers.report import Ledger
from publish.textfile import shown

PAGES = (".md", ".markdown", ".mkd", ".mdx", ".rmd", ".qmd", ".ipynb")
MOST_POSTS = 13  # from here on years are parts
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
_DATE = re.compile(r"(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?!\d)")
UNLISTED = ImportChoice(
    "unlisted", ("leave", "append"), "pages that the contents do not name: left out, or a last part"
)
LAST_PART = "其他"  # what that part is called, in both scripts
INDEXES = ("index", "readme", "_index")
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


@dataclass(frozen=True)
class ContentsEntry:
    """A line of the original's contents: its title, the file that it leads to ("": none), and the lines under it."""

    title: str
    file: str = ""
    children: tuple[ContentsEntry, ...] = ()


@dataclass(frozen=True)
class FolderOutline:
    """The original's settings and contents.

    Metadata for book.yaml, the contents, the folder `base` in which its pages are, the settings that were read; the
    repository's address for what the book does not hold; `home`, where it stands on the web.
    """

    metadata: Mapping[str, Any]
    entries: tuple[ContentsEntry, ...]
    base: str = ""
    repository: str = ""
    home: str = ""


@dataclass
class FolderPage:
    """A page while it is imported: `file` in the tree, `path` in the new folder, its text now and as it was."""

    file: str
    path: str
    title: str
    front: Front
    text: str
    source: str
    byline: str = ""
    routes: tuple[str, ...] = ()

    def line(self, written: str) -> int:
        """The line of the original where `written` first occurs; 0 where it does not."""
        at = self.source.find(written) if written else -1
        return self.source.count("\n", 0, at) + 1 if at >= 0 else 0


@dataclass
class FolderReading:
    """One import: the tree, the original's outline, its pages by file, the assets they use."""

    tree: Tree
    ledger: Ledger
    outline: FolderOutline
    pages: dict[str, FolderPage] = field(default_factory=dict)
    routes: dict[str, FolderPage] = field(default_factory=dict)
    assets: dict[str, File] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)  # path in lower case: the file that has it
    made: set[str] = field(default_factory=set)  # paths of pictures from inside pages
    literature: ImportedLiterature = NO_LITERATURE
    shared: dict[str, Any] = field(default_factory=dict)  # what an importer has found out of all pages

    def keep(self, content: bytes, file: str) -> str:
        """Save a picture from inside a page beside it; return its address from there."""
        path = self.free(_below(file, self.outline.base))
        self.assets[f"inside:{file}"] = File(path, content)
        self.made.add(path)
        return posixpath.basename(path)

    def below(self, file: str) -> str:
        """A file's path from the folder in which the pages are."""
        return _below(file, self.outline.base)

    def free(self, path: str) -> str:
        """A path of the new folder that no other file has, in any case."""
        stem, suffix = posixpath.splitext(_plain_path(path))
        number, unique = 1, f"{stem}{suffix}"
        while unique.lower() in self.paths or unique.lower() in ("book.yaml", "import-report.json"):
            number += 1
            unique = f"{stem}-{number}{suffix}"
        self.paths[unique.lower()] = path
        return unique


def _plain_path(path: str) -> str:
    """A path that every system can hold."""
    return re.sub(r"[:\\?*\"<>|\x00-\x1f]", "-", path)


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
        ledger.counts["images"] = len(reading.assets) - len(reading.literature.files)
        return Imported(
            metadata=_metadata(reading),
            chapters=tuple(_with_texts(chapters, reading)),
            assets=tuple(reading.assets.values()),
            originals=tuple(File(_plain_path(file), tree.path(file)) for file in tree.used),
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
        path = reading.free(posixpath.splitext(_below(self.named(file), reading.outline.base))[0] + ".md")
        page = FolderPage(file, path, self.title(entry, front), front, body, source, self.byline(front, file))
        reading.pages[file] = page
        for route in self.routes(page, reading):
            reading.routes.setdefault(_route(route), page)
        reading.ledger.file = ""
        return page

    def _mend(self, page: FolderPage, reading: FolderReading) -> None:
        page.text = with_plain_labels(self.translate(page, reading))
        page.text = masked_sub(page.text, _MATH_CLASS, r"\g<tag>")
        if self.tight_headings:
            page.text = with_spaced_headings(page.text, page, reading)
        page.text = mend_links(page.text, lambda address: _mended(address, page, reading, self.statics))
        page.text, done = with_one_title(page.text.strip("\n"), page.title, wins=self.title_wins)
        if done:
            reading.ledger.decide("headings", 0, page.title, done, "a chapter has one title")
        if page.byline:
            page.text = _below_title(page.text, page.byline)
        page.text = _RULE_FIRST.sub("* * *", page.text.strip("\n")) + "\n"


def _appended(outline: FolderOutline, tree: Tree, ledger: Ledger) -> Iterator[ContentsEntry]:
    """A last part of the pages that the contents do not name, in natural order."""
    named = set(_files_of(outline.entries)) | tree.left
    rest = tuple(without_named(walk(tree, outline.base, ledger), named))
    if rest:
        yield ContentsEntry(LAST_PART, "", rest)


def _files_of(entries: Iterable[ContentsEntry]) -> Iterator[str]:
    for one in entries:
        yield one.file
        yield from _files_of(one.children)


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


def _below(file: str, base: str) -> str:
    return file[len(base) + 1 :] if base and file.startswith(f"{base}/") else file


def _route(address: str) -> str:
    """An address for comparison: without slashes at the ends, .html or index."""
    plain = re.sub(r"(?:^|/)index(?:\.html?)?$|\.html?$", "", address.strip("/"))
    return plain.strip("/").lower()


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


def _mended(address: Address, page: FolderPage, reading: FolderReading, statics: Sequence[str]) -> str | None:
    """Where an address leads in the new folder; None leaves it as it is."""
    url = address.url.strip()
    if url.startswith("#") or not url:
        return None
    if re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", url, re.IGNORECASE) and not re.match(r"[a-z]:\\", url, re.IGNORECASE):
        return _from_web(address, page, reading, statics)
    path, fragment = _split(url.replace("\\", "/"))
    if posixpath.join(posixpath.dirname(page.path), path) in reading.made:
        return None
    for candidate in _candidates(path, page, reading, statics):
        if found := _found(candidate, reading):
            return _led(found, fragment, address, page, reading)
    if address.image:
        reading.ledger.unread("image-missing", page.line(address.written), url, "no such file in the folder")
    elif url.startswith("/") and reading.outline.home.startswith("http") and not path.lower().endswith(PAGES):
        there = urljoin(reading.outline.home, url)
        reading.ledger.decide(
            "link-outside", page.line(address.written), url, "leads to the site", "not part of the book"
        )
        return there
    else:
        reading.ledger.unread("link-broken", page.line(address.written), url, "it leads to nothing in the folder")
    return None


def _split(url: str) -> tuple[str, str]:
    path, hash_, fragment = url.partition("#")
    return path.partition("?")[0], f"{hash_}{fragment}" if fragment else ""


def _candidates(path: str, page: FolderPage, reading: FolderReading, statics: Sequence[str]) -> Iterator[str]:
    """Files that a path may mean, the likeliest first: beside the page, below the root, below what is served as it is."""  # noqa: E501  # one pattern or row on one line
    base = reading.outline.base
    here = posixpath.dirname(page.file)
    bare = posixpath.normpath(path).lstrip("/") if path.startswith("/") else path
    if not path.startswith("/"):
        yield posixpath.join(here, path)
        if (
            posixpath.splitext(page.file)[0].rpartition("/")[2].lower() not in INDEXES
        ):  # a page served as page/index.html
            yield posixpath.join(posixpath.splitext(page.file)[0], path)
    for root in (base, *(posixpath.join(base, one) for one in statics), *statics, ""):
        yield posixpath.join(root, bare)
    if inner := without_site(bare, base, reading.tree):
        yield join(base, inner)
    home = urlsplit(reading.outline.home).path.strip("/")
    if home and bare.startswith(f"{home}/"):
        yield posixpath.join(base, bare.removeprefix(f"{home}/"))


def join(folder: str, path: str) -> str:
    """A path below a folder, without steps back."""
    return posixpath.normpath(posixpath.join(folder, path))


def without_site(path: str, base: str, tree: Tree) -> str:
    """A path without its first step, where that is no folder here but what a larger site calls this one; else "".

    Someone who imports the Chinese folder of a site alone finds its pages as /zh-cn/start.md.
    """
    first, _, rest = path.partition("/")
    return "" if not first or first in (".", "..") or tree.has_folder(posixpath.join(base, first)) else rest


def _found(candidate: str, reading: FolderReading) -> str:
    """The file that a candidate means: itself, or as sites write it, without .md, as a folder, as .html."""
    plain = posixpath.normpath(candidate) if candidate else ""
    if file := find_page(reading.tree, plain):
        return file
    below = _below(plain, reading.outline.base)
    if page := reading.routes.get(_route(below)):
        return page.file
    folder, name = posixpath.split(below)  # a file that stands beside a page, by that page's address
    beside = reading.routes.get(_route(folder)) if "." in name else None
    return reading.tree.find(posixpath.join(posixpath.dirname(beside.file), name)) if beside else ""


def find_page(tree: Tree, plain: str) -> str:
    """The file that a path without scheme, query and fragment means; "" for none."""
    if plain.startswith(".."):
        return ""
    if file := tree.find(plain):
        return file
    stem = re.sub(r"\.(?:html?|md|mdx)$", "", plain, flags=re.IGNORECASE)
    names = [f"{stem}{suffix}" for suffix in PAGES]
    names += [posixpath.join(stem if stem != "." else "", f"{index}{suffix}") for index in INDEXES for suffix in PAGES]
    if stem.lower().endswith("/index"):
        names += [f"{stem[:-5]}{index}{suffix}" for index in INDEXES for suffix in PAGES]
    return next((file for name in names if (file := tree.find(name))), "")


def _led(file: str, fragment: str, address: Address, page: FolderPage, reading: FolderReading) -> str | None:
    """The new address of a file of the tree."""
    suffix = posixpath.splitext(file)[1].lower()
    if file in reading.pages:
        there = reading.pages[file]
        reading.ledger.count("links")
        if there is page:
            return fragment or posixpath.basename(page.path)
        return _relative(there.path, page) + fragment
    if address.image or suffix in IMAGES:
        return take(file, page, reading, address.written)
    if reading.outline.repository:
        reading.ledger.decide(
            "link-outside", page.line(address.written), address.url, "leads to the repository", "not part of the book"
        )
        return f"{reading.outline.repository}/{file}{fragment}"
    why = "the contents do not name that page" if suffix in PAGES else "that file is not part of a book"
    reading.ledger.unread("link-outside", page.line(address.written), address.url, why)
    return None


def take(file: str, page: FolderPage, reading: FolderReading, written: str) -> str | None:
    """Take a picture along; return its address from the page, with its true suffix."""
    known = reading.assets.get(file)
    if not known:
        name, fault = sound_name(file, reading.tree.path(file))
        if fault:
            reading.ledger.unread("image-broken", page.line(written), file, fault)
        elif name != file:
            reading.ledger.decide(
                "image-renamed", page.line(written), file, posixpath.basename(name), "its suffix is wrong"
            )
        known = File(reading.free(_below(name, reading.outline.base)), reading.tree.path(file))
        reading.assets[file] = known
    return _relative(known.path, page)


def _relative(path: str, page: FolderPage) -> str:
    return posixpath.relpath(path, posixpath.dirname(page.path) or ".")


_RAW_HOSTS = (
    re.compile(
        r"^(?:https?:)?//raw\.(?:githubusercontent|githubusercontents)\.com/([^/]+/[^/]+)/(?:refs/heads/)?[^/]+/(.+)$"
    ),
    re.compile(
        r"^(?:https?:)?//(?:www\.)?(?:github|gitee|gitlab)\.com/([^/]+/[^/]+)/(?:-/)?(?:raw|blob|tree)/[^/]+/(.+)$"
    ),
    re.compile(r"^(?:https?:)?//[\w.]*jsdelivr\.net/gh/([^/@]+/[^/@]+)(?:@[^/]+)?/(.+)$"),
)


def _from_web(address: Address, page: FolderPage, reading: FolderReading, statics: Sequence[str]) -> str | None:
    """What an address on the web means within this folder: a picture of the same repository, a page of the same site."""  # noqa: E501  # one pattern or row on one line
    url = address.url.strip()
    for pattern in _RAW_HOSTS:
        if not (match := pattern.match(url)) or not _is_own(match[1], match[2], reading):
            continue
        path, fragment = _split(match[2])
        file = reading.tree.find(path)
        if file and (address.image or posixpath.splitext(file)[1].lower() in IMAGES or file in reading.pages):
            reading.ledger.decide(
                "image-found" if address.image else "link-found",
                page.line(address.written),
                url,
                file,
                "it is in this folder",
            )
            return _led(file, fragment, address, page, reading)
    home = reading.outline.home
    if home and url.startswith(home.rstrip("/") + "/"):
        path, fragment = _split(url[len(home.rstrip("/")) :])
        for candidate in _candidates(path, page, reading, statics):
            file = _found(candidate, reading)
            if file and (file in reading.pages or posixpath.splitext(file)[1].lower() in IMAGES):
                return _led(file, fragment, address, page, reading)
    return None


def _is_own(repository: str, path: str, reading: FolderReading) -> bool:
    """Whether a repository is this folder: its settings say so, or its name is the folder's."""
    known = reading.outline.repository.lower()
    name = repository.lower().removesuffix(".git")
    return (
        f"/{name}/" in f"{known}/"
        or name.rpartition("/")[2] == reading.tree.root.absolute().name.lower()
        or ("/" in path and bool(reading.tree.find(_split(path)[0])))
    )


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


def date_of(front: Front, file: str) -> str:
    """A post's date, from its front matter or its file's name; empty if neither has one."""
    match = _DATE.match(front.text("date", "publishDate", "created", "createTime", "pubDate"))
    match = match or _DATE.match(posixpath.basename(file))
    return "-".join(step.zfill(2) for step in match.groups()) if match else ""


def people(value: Any) -> list[str]:
    """Names: of a text, a list, or of maps with `name`."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, dict):
        return people(value.get("name") or value.get("title") or "")
    return [name for one in value for name in people(one)] if isinstance(value, list) else []


def byline(date: str, names: Sequence[str]) -> str:
    """The line below a post's title."""
    text = " · ".join(filter(None, [date, "、".join(names)]))
    return f"::: {{.byline}}\n{text}\n:::" if text else ""


def by_year(posts: Sequence[tuple[str, ContentsEntry]]) -> tuple[ContentsEntry, ...]:
    """Posts with their dates, the oldest first; where there are many years, a part for each."""
    ordered = sorted(posts, key=lambda one: one[0])
    years = list(dict.fromkeys(date[:4] for date, _ in ordered))
    if len(years) < 2 or len(ordered) < MOST_POSTS:  # noqa: PLR2004
        return tuple(entry for _, entry in ordered)
    return tuple(
        ContentsEntry(year or "…", "", tuple(one for date, one in ordered if date[:4] == year)) for year in years
    )


def slug_of(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    text = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return text.replace(" ", "-")


def masked_sub(text: str, pattern: str | re.Pattern[str], change: Any, *, flags: int = 0) -> str:
    """`re.sub` in a text's prose only."""
    masked = Masked(text)
    compiled = re.compile(pattern, flags) if isinstance(pattern, str) else pattern
    return masked.unmask(compiled.sub(change, masked.text))
