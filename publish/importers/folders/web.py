"""A folder of web pages: a saved or built site, its pages in the order of its contents, each one's article alone."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html

from publish.importers import shared
from publish.importers.books.epub_page import words_of
from publish.importers.books.page import LAZY, PAGE, SUFFIX, find_article, opened
from publish.importers.folders.engine import FolderImporter, walk
from publish.importers.folders.outline import PAGES, ContentsEntry, FolderOutline, FolderReading, files_of, is_within
from publish.importers.folders.tree import Tree
from publish.importers.looks import end_lines
from publish.importers.protocol import POSSIBLE, Claim
from publish.importers.report import Ledger
from publish.importers.settings import SKIPPED, lang_of
from publish.source import pandoc

ENDINGS = (".html", ".htm", ".xhtml")
DEEPEST = 4  # folders down to the first page
# Pages that a site makes of the others, or for its visitors alone.
ASIDE = frozenset("print 404 search genindex py-modindex modindex toc navbar tags categories archives sitemap".split())
SHARE_LISTED = 0.5  # of the pages: a contents that names fewer is none
# A page that holds the others: so many at least, so much of their letters, shown by some from the middle of each.
FEWEST_HELD, SHARE_HELD, SAMPLE = 2, 0.8, 30
_SERIAL = re.compile(r"[ _-][0-9a-f]{32}(?=\.html?$|$)")  # how Notion names its pages
_LISTS = frozenset(["ul", "ol", "dl"])


class WebImporter(FolderImporter):
    """Folders of web pages."""

    name = "web"
    about = "a folder of web pages (HTML)"

    def sign(self, folder: Path) -> Claim | None:
        """A page, and nothing that people write such pages in."""
        for depth in range(DEEPEST + 1):
            found = sorted(one for one in folder.glob("/".join(["*"] * (depth + 1))) if one.is_file())
            found = [one for one in found if not SKIPPED.intersection(one.relative_to(folder).parts)]
            if any(one.suffix.lower() in PAGES for one in found):
                return None
            page = next((one for one in found if one.suffix.lower() in ENDINGS), None)
            if page:
                return Claim(POSSIBLE, page.relative_to(folder).as_posix())
        return None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The pages in the order in which the first one links to them; in natural order where it links to few."""
        pages = [file for file in tree.files if file.lower().endswith(ENDINGS)]
        pages = [file for file in pages if not _is_aside(file, ledger)]
        first = _first(pages)
        base = posixpath.dirname(first)
        roots = {file: _parsed(tree, file) for file in pages if is_within(file, base)}
        articles = _each(_articles(roots, ledger), ledger)
        roots = {file: root for file, root in roots.items() if file in articles}
        self._titles = {file: _title(root) for file, root in roots.items()}
        entries = tuple(_nested(list(_linked(roots[first], first, set(roots))))) if first in roots else ()
        listed = {first, *files_of(entries)}
        if len(listed) < SHARE_LISTED * len(roots):
            ledger.decide("contents", 0, f"{len(roots)} pages", "the pages in natural order", "no page lists them")
            shown = Tree.__new__(Tree)
            shown.files = list(roots)
            entries = walk(shown, base, ledger, suffixes=ENDINGS)
        elif first not in files_of(entries):
            entries = (ContentsEntry("", first), *entries)
        taken = set(files_of(entries))
        self._texts, self._pictures = _texts({file: articles[file] for file in roots if file in taken}, ledger)
        for file in sorted(set(roots) - taken):
            ledger.file = file
            ledger.decide("page-unlisted", 0, file, "not taken", "the contents do not name it")
        ledger.file = ""
        root = roots.get(first)
        lang = root.get("lang", "") if root is not None else ""
        metadata = {
            "title": _said(root, "//meta[@property='og:site_name']/@content") or self._titles.get(first, ""),
            "author": _said(root, "//meta[@name='author']/@content"),
            "description": _said(root, "//meta[@name='description']/@content"),
            "lang": lang_of(lang),
        }
        return FolderOutline(metadata, entries, base)

    def named(self, file: str) -> str:
        """A page's path without the numbers that Notion gives its pages."""
        return "/".join(_SERIAL.sub("", step) or step for step in file.split("/"))

    def plain(self, source: str, file: str, reading: FolderReading) -> str:
        """A page's article as Markdown, below its title."""
        del source
        markdown = self._texts[file]
        for name, content in self._pictures.get(file, {}).items():
            markdown = markdown.replace(name, reading.keep(content, f"{posixpath.splitext(file)[0]}-{name}"))
        return markdown if re.match(r"#{1,6} ", markdown) else f"# {self._titles[file] or file}\n\n{markdown}"


def _is_aside(file: str, ledger: Ledger) -> bool:
    aside = posixpath.splitext(posixpath.basename(file))[0].lower() in ASIDE
    if aside:
        ledger.file = file
        ledger.decide("page-aside", 0, file, "left out", "a site makes it of its other pages")
        ledger.file = ""
    return aside


def _articles(roots: dict[str, Any], ledger: Ledger) -> dict[str, Any]:
    articles: dict[str, Any] = {}
    for file, root in roots.items():
        ledger.file = file
        articles[file] = find_article(root, lxml.html.tostring(root, encoding="unicode"), "article", ledger)
    ledger.file = ""
    return articles


def _each(articles: dict[str, Any], ledger: Ledger) -> dict[str, Any]:
    """The pages without one that holds all the others, as sites offer it for print."""
    words = {file: re.sub(r"\W+", "", one.text_content()) for file, one in articles.items()}
    whole = max(words, key=lambda file: len(words[file]), default="")
    others = [one for file, one in words.items() if file != whole and one]
    long = len(words.get(whole, "")) >= SHARE_HELD * sum(map(len, others))
    if len(others) < FEWEST_HELD or not long or not all(_sample(one) in words[whole] for one in others):
        return articles
    ledger.file = whole
    ledger.decide("page-aside", 0, whole, "left out", "it holds all the other pages")
    ledger.file = ""
    return {file: one for file, one in articles.items() if file != whole}


def _sample(words: str) -> str:
    return words[len(words) // 2 :][:SAMPLE]


def _first(pages: list[str]) -> str:
    """The page that a visitor sees first: the index that stands highest."""
    indexes = [one for one in pages if posixpath.splitext(posixpath.basename(one))[0].lower() in ("index", "default")]
    return min(indexes or pages, key=lambda file: file.count("/"), default="")


def _parsed(tree: Tree, file: str) -> Any:
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", tree.text(file))
    return lxml.html.document_fromstring(markup if markup.strip() else "<html><body></body></html>")


def _said(root: Any, path: str) -> str:
    found = root.xpath(path) if root is not None else []
    return " ".join(str(found[0]).split()) if found else ""


def _title(root: Any) -> str:
    """What a page is called: its one heading, else its title before the name of the site."""
    headings = [" ".join(one.text_content().split()) for one in root.iter("h1")]
    headings = [one for one in headings if one]
    title = " ".join((root.findtext(".//title") or "").split())
    return headings[0] if len(headings) == 1 else re.split(r"\s+[-|·—–_]\s+", title)[0]


# The contents


def _linked(root: Any, file: str, pages: set[str]) -> Iterator[tuple[int, str, str]]:
    """The pages that a page links to, each once: how deep its list is, the words of the link, the file."""
    seen = {file}
    for link in root.iter("a"):
        path = unquote(urlsplit(link.get("href") or "").path)
        if not path or urlsplit(link.get("href")).scheme:
            continue
        found = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
        found = next((one for one in (found, f"{found}/index.html", f"{found}.html") if one in pages), "")
        words = _SERIAL.sub("", " ".join(link.text_content().split()))
        words = words if words != _SERIAL.sub("", posixpath.basename(found)) else posixpath.splitext(words)[0]
        if found and found not in seen and words:
            seen.add(found)
            yield sum(1 for one in link.iterancestors() if one.tag in _LISTS), words, found


def _nested(rows: list[tuple[int, str, str]]) -> Iterator[ContentsEntry]:
    at = 0
    while at < len(rows):
        depth, words, file = rows[at]
        end = next((n for n in range(at + 1, len(rows)) if rows[n][0] <= depth), len(rows))
        yield ContentsEntry(words, file, tuple(_nested(rows[at + 1 : end])))
        at = end


# The pages


def _texts(articles: dict[str, Any], ledger: Ledger) -> tuple[dict[str, str], dict[str, dict[str, bytes]]]:
    """The Markdown of all pages, proved, and the pictures that stood inside them by the names that they have there."""
    pictures = {file: _settled(one) for file, one in articles.items()}
    linked = [_target(link) for one in articles.values() for link in one.iter("a")]
    markup = [(file, lxml.html.tostring(one, encoding="unicode")) for file, one in articles.items()]
    read, _ = pandoc.read(markup, f"{PAGE}-native_divs-native_spans")
    blocks: list[Any] = []
    for (file, article), tree in zip(articles.items(), read, strict=True):
        ledger.file = file
        shared.account(words_of(article), shared.tree_text(tree), ledger, file)
        blocks.append(opened(shared.tidied(tree, [tree, linked])))
    ledger.file = ""
    written = shared.written([one or [{"t": "Para", "c": []}] for one in blocks], "the pages")
    return dict(zip(articles, (one.strip("\n") + "\n" for one in written), strict=True)), pictures


def _target(link: Any) -> dict[str, Any]:
    """A link to the same fragment of any page, so that its id is kept."""
    fragment = unquote(urlsplit(link.get("href") or "").fragment)
    return {"t": "Link", "c": [["", [], []], [], [f"#{fragment}", ""]]}


def _settled(article: Any) -> dict[str, bytes]:
    """Give pictures that load late their addresses, take those inside the page out, and drop marks behind headings."""
    found: dict[str, bytes] = {}
    end_lines(article)
    for mark in article.xpath(".//h1//a|.//h2//a|.//h3//a|.//h4//a|.//h5//a|.//h6//a"):
        if (mark.get("href") or "").startswith("#") and not re.search(r"\w", mark.text_content()):
            mark.drop_tree()
    for image in article.iter("img"):
        url = next((image.get(key) for key in LAZY if image.get(key)), "") or image.get("src") or ""
        if data := re.match(r"data:(image/[\w+.-]+);base64,(.*)", url, re.DOTALL):
            try:
                content = base64.b64decode(data[2])
            except (binascii.Error, ValueError):
                content = b""
            url = f"inside-{len(found) + 1}{SUFFIX.get(data[1], '.img')}"
            found[url] = content
        image.set("src", url)
        for key in [key for key in image.attrib if key not in ("src", "alt", "title")]:
            del image.attrib[key]
    return found
