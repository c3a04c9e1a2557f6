"""A saved web page: its article found among all that surrounds it, with pictures, tables and code."""

from __future__ import annotations

import base64
import binascii
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
from lxml import etree
from readability import Document

from publish.errors import Place, PublishError
from publish.importers import looks, shared
from publish.importers.books.epub_notes import CalledNotes, with_notes
from publish.importers.books.epub_page import SpinePage, words_of
from publish.importers.encoding import decode
from publish.importers.marks import with_marks
from publish.importers.mhtml import SavedPage, is_mhtml, read_mhtml
from publish.importers.origin import plain_source, read_date, read_identifier
from publish.importers.protocol import LIKELY, Claim, File, ImportChoice, Imported, ImportedChapter
from publish.importers.report import Ledger
from publish.source import pandoc
from publish.source.document import Block, text
from publish.source.slugs import slugify
from publish.textfile import shown

# Where pages keep their article, the surest first; used if it occurs once and holds text.
ARTICLES = (
    "//*[@id='js_content']",
    "//*[@itemprop='articleBody']",
    "//article",
    "//*[contains(concat(' ', @class, ' '), ' markdown-body ')]",
    # What blogs, forums and makers of books call it.
    *(
        f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"
        for name in (
            "markdown-section",
            "vp-doc",
            "theme-default-content",
            "theme-doc-markdown",
            "post-content",
            "entry-content",
            "article-content",
            "post-body",
            "Post-RichText",
            "article__content",
        )
    ),
    "//*[@id='cnblogs_post_body']",
    "//*[@id='content_views']",
    "//main",
    "//*[@role='main']",
)
# What pandoc reads a page as: formulas between \( and \) are TeX.
PAGE = "html-auto_identifiers+tex_math_single_backslash"
LONGEST_ARTICLE = 40_000  # letters; a longer page is a book, its headings chapters
FIRST_BLOCKS = 4  # among which a page repeats its title
FEWEST_LETTERS = 80  # of an article
SHARE_HELD = 0.95  # of the letters that the extractor found
# Pages' metadata: where, and in which attribute ("": in the text); the surest first.
_SAVED = re.compile(
    r"(?:saved with|processed by) SingleFile\s+url:\s*(https?://\S+)|saved from url=\(\d+\)(https?://\S+)"
)
METADATA: dict[str, tuple[tuple[str, str], ...]] = {
    "title": (
        ("//*[@id='activity-name']", ""),
        ("//meta[@property='og:title']", "content"),
        ("//meta[@name='twitter:title']", "content"),
        ("//title", ""),
    ),
    "author": (
        ("//meta[@name='author']", "content"),
        ("//meta[@property='og:article:author']", "content"),
        ("//meta[@property='article:author']", "content"),
        ("//*[@id='js_author_name']", ""),
        ("//*[@rel='author']", ""),
        ("//*[@itemprop='author']", ""),
        ("//*[@id='js_name']", ""),
    ),
    "publisher": (("//*[@id='js_name']", ""), ("//meta[@property='og:site_name']", "content")),
    "date": (
        ("//meta[@property='article:published_time']", "content"),
        ("//*[@id='publish_time']", ""),
        ("//meta[@name='date']", "content"),
        ("//*[@itemprop='datePublished']", "datetime"),
        ("//time[@datetime]", "datetime"),
    ),
    "source": (("//link[@rel='canonical']", "href"), ("//meta[@property='og:url']", "content")),
    "description": (("//meta[@property='og:description']", "content"), ("//meta[@name='description']", "content")),
    "cover-image": (("//meta[@property='og:image']", "content"),),
}
_FURNITURE = ("nav", "aside", "footer", "header", "form")
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "button", "input", "select", "textarea")
LAZY = ("data-src", "data-original", "data-lazy-src", "data-actualsrc")
SUFFIX = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
}


class PageImporter:
    """An HTML file, of which the article becomes a book."""

    name = "html"
    about = "a saved web page (HTML, MHTML)"
    choices: tuple[ImportChoice, ...] = (
        ImportChoice("take", ("article", "page"), "the article, or all that the page shows"),
    )

    def matches(self, source: Path) -> Claim | None:
        """A file *.html, or one that a browser has saved with all its parts."""
        if source.is_file() and (source.suffix.lower() in (".html", ".htm", ".xhtml") or is_mhtml(source)):
            return Claim(LIKELY, source.suffix)
        return None

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read the page. Raises `PublishError` for one without text, and for text that would be lost."""
        ledger.file = source.name
        try:
            data = source.read_bytes()
        except OSError as error:
            raise PublishError(
                f"cannot read this file: {error.strerror}", "Check its permissions", Place(shown(source))
            ) from error
        saved = read_mhtml(data) if is_mhtml(source) else SavedPage(data)
        stated = _named_encoding(saved.charset.encode(), saved.data) if saved.charset else _stated(saved.data)
        markup = decode(saved.data, source.name, ledger, stated).text
        if not markup.strip():
            raise PublishError("the page is empty", "Save it again", Place(shown(source)))
        root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", markup))
        metadata = _metadata(root, source.stem, saved.address, ledger)
        sheet = looks.looks_of(*(one.text or "" for one in root.iter("style")))
        article = find_article(root, markup, choices["take"], ledger)
        for frame in saved.frames:
            ledger.decide("frame-left-out", 0, frame, "not in the book", "a page within the page")
        assets = _pictures(article, source, str(metadata.get("source") or saved.address), ledger, saved.parts)
        looks.show(article, sheet)
        words = words_of(article)
        notes = CalledNotes([SpinePage(source.name, article)], ledger)
        notes.gather()
        texts = [article, *(body for _, body in notes.bodies.values())]
        pieces = [(source.name, lxml.html.tostring(one, encoding="unicode")) for one in texts]
        (read, *bodies), _ = pandoc.read(pieces, PAGE)
        told = dict(zip(notes.bodies, bodies, strict=True))
        read = shared.mapped(read, lambda node: with_notes(node, told))
        shared.account(words, shared.tree_text(read) + "".join(notes.marks), ledger, source.name)
        blocks = opened(shared.tidied(shared.mapped(read, with_marks)))
        metadata["title"] = _own_title(str(metadata["title"]), blocks)
        is_book = sum(shared.letters(shared.tree_text(blocks)).values()) > LONGEST_ARTICLE
        blocks = _without_title(blocks, str(metadata["title"]), ledger, is_book=is_book)
        if not blocks:
            raise PublishError("the page shows no text", "Save it again once it has loaded", Place(shown(source)))
        slug = slugify(source.stem)
        chapters = (_chapters if is_book else _article)(blocks, str(metadata["title"]), source, slug, ledger)
        return Imported(metadata, chapters, assets, (File(source.name, source),), slug)


def _article(blocks: list[Block], _title: str, source: Path, slug: str, ledger: Ledger) -> tuple[ImportedChapter, ...]:
    """An article: one chapter, whose headings are sections below the title in book.yaml."""
    top = min((one["c"][0] for one in blocks if one["t"] == "Header"), default=2)
    blocks = [
        {**one, "c": [min(6, one["c"][0] + 2 - top), *one["c"][1:]]} if one["t"] == "Header" else one for one in blocks
    ]
    shared.count_kinds(blocks, ledger)
    return shared.as_chapters([blocks], slug, source.name, ledger)


def _chapters(blocks: list[Block], title: str, source: Path, slug: str, ledger: Ledger) -> tuple[ImportedChapter, ...]:
    """A book in one page: its headings are chapters."""
    blocks, _ = shared.levelled(shared.promoted(blocks, ledger), title, ledger)
    shared.count_kinds(blocks, ledger)
    pieces = shared.cut(blocks)
    names = shared.Names(len(pieces))
    pieces = shared.cross_links(pieces, [names.next(shared.title_of(piece)) for piece in pieces], ledger)
    return shared.as_chapters(pieces, slug, source.name, ledger)


def _own_title(title: str, blocks: list[Block]) -> str:
    """A page's title without the name of its site, where the article's own first heading is what stands before that."""
    heading = next((text(one["c"][2]).strip() for one in blocks[:FIRST_BLOCKS] if one["t"] == "Header"), "")
    rest = title.removeprefix(heading) if heading else title
    return heading if rest != title and re.match(r"\s*[-–—|｜·_:：«»•]", rest) else title


def _stated(data: bytes) -> str:
    """The encoding that the page states, if it is a Chinese one and fits the bytes; else it is to be found out."""
    found = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data[:4096])
    return _named_encoding(found[1], data) if found else "auto"


def _named_encoding(name: bytes, data: bytes) -> str:
    named = {b"gb2312": "gb18030", b"gbk": "gb18030", b"gb18030": "gb18030", b"big5": "big5hkscs", b"utf-8": "utf-8"}
    encoding = named.get(name.lower(), "auto")
    if encoding == "auto":
        return "auto"
    return encoding if data.decode(encoding, "replace").count("\ufffd") * 1000 <= len(data) else "auto"


def _metadata(root: Any, stem: str, address: str, ledger: Ledger) -> dict[str, Any]:
    said = {key: words for key, places in METADATA.items() if (words := _first(root, places))}
    if address := address or _saved_from(root):
        said.setdefault("source", address)
    for key in ("title", "author", "date", "source"):
        if key not in said:
            ledger.decide(
                "metadata-missing",
                0,
                key,
                "the file's name" if key == "title" else f"no {key}",
                "the page does not say",
            )
    said.setdefault("title", stem)
    lang = next(iter(root.xpath("/html/@lang")), "")
    if re.match(r"zh[-_]", lang):
        said["lang"] = {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}.get(
            lang.lower().replace("_", "-"), lang.replace("_", "-")
        )
    if not re.match(r"https?://", said.get("source", "")):
        said.pop("source", None)
    if source := said.get("source"):
        said["source"] = plain_source(source)
        said["identifier"] = read_identifier(source, ledger)
    if "date" in said:
        said["date"] = read_date(re.sub(r"(\d{4}-\d\d-\d\d)T.*", r"\1", said["date"]), ledger)
    if not re.match(r"https?://", said.get("cover-image", "")):
        said.pop("cover-image", None)
    said["rights"] = "转载许可未知，发布前须取得权利人授权。"
    ledger.decide("permission-unknown", 0, "", "noted in rights: ask before you publish", "the page grants none")
    return {
        key: value
        for key, value in said.items()
        if value and (key != "lang" or value in ("zh-CN", "zh-TW", "zh-HK", "zh-MO", "zh-SG"))
    }


def _saved_from(root: Any) -> str:
    """The address that SingleFile or a browser has noted in a comment."""
    above = (one.text or "" for one in root.itersiblings(etree.Comment, preceding=True))
    comments = (one.text or "" for one in root.iter(etree.Comment))
    return next((found[1] or found[2] for one in itertools.chain(above, comments) if (found := _SAVED.search(one))), "")


def _first(root: Any, places: tuple[tuple[str, str], ...]) -> str:
    for path, attribute in places:
        for element in root.xpath(path):
            words = " ".join((element.get(attribute) if attribute else element.text_content() or "").split())
            if words:
                return words
    return ""


# The article ---------------------------------------------------------------------------------------------------------


def find_article(root: Any, markup: str, take: str, ledger: Ledger) -> Any:
    """The element that holds the article, without what is never seen; what is left out is told by its first words."""
    _formulas_as_text(root)
    for element in list(root.iter(*_UNSEEN, etree.Comment)):
        element.drop_tree()
    body = root.find("body")
    whole = body if body is not None else root
    if take == "page":
        return whole
    chosen = _chosen(root, whole, markup, ledger)
    outside = shared.letters(whole.text_content()) - shared.letters(chosen.text_content())
    if outside:
        around = " ".join(whole.text_content().replace(chosen.text_content(), " … ").split())
        reason = f"{sum(outside.values())} letters around the article; --with take=page takes all"
        ledger.decide("outside-left-out", 0, around, "not in the book", reason)
    return chosen


def _formulas_as_text(root: Any) -> None:
    """The TeX of formulas in place of what MathJax and KaTeX have drawn of it."""
    for element in list(root.iter("script")):
        kind = element.get("type") or ""
        if kind.startswith("math/tex"):
            _tex(element, element.text or "", display="mode=display" in kind)
    for element in root.xpath("//*[contains(concat(' ', @class, ' '), ' katex ')]"):
        found = element.xpath(".//*[local-name()='annotation' and @encoding='application/x-tex']")
        if found:
            above = element.getparent()
            display = above is not None and "katex-display" in (above.get("class") or "")
            _tex(element, found[0].text_content(), display=display)
    for element in root.xpath("//*[@data-tex] | //img[@data-formula]"):
        _tex(element, element.get("data-tex") or element.get("data-formula"), display=False)
    for element in root.xpath(
        "//*[starts-with(@class, 'MathJax') or starts-with(@class, 'mjx-')][not(self::script)][not(.//math)]"
    ):
        if element.getparent() is not None:
            element.drop_tree()


def _tex(element: Any, words: str, *, display: bool) -> None:
    made = lxml.html.Element("span")
    made.text = rf"\[{words.strip()}\]" if display else rf"\({words.strip()}\)"
    made.tail = element.tail
    if (parent := element.getparent()) is not None:
        parent.replace(element, made)


def _chosen(root: Any, whole: Any, markup: str, ledger: Ledger) -> Any:
    for path in ARTICLES:
        found = root.xpath(path)
        here = sum(shared.letters(found[0].text_content()).values()) if len(found) == 1 else 0
        if here >= min(FEWEST_LETTERS, sum(shared.letters(whole.text_content()).values()) / 2 or FEWEST_LETTERS):
            return found[0]
    if next(whole.iter(*_FURNITURE), None) is None:
        return whole
    summary: Any = lxml.html.fromstring(Document(markup).summary(html_partial=True))
    wanted = shared.letters(summary.text_content())
    if sum(wanted.values()) < FEWEST_LETTERS:
        ledger.decide("article-not-found", 0, "", "the whole page", "no part of it reads as an article")
        return whole
    return _holding(whole, wanted)


def _holding(element: Any, wanted: Counter[str]) -> Any:
    """The smallest element of the page that holds what the extractor found, which prunes small tables and lists."""
    for child in element:
        if isinstance(child.tag, str) and sum((shared.letters(child.text_content()) & wanted).values()) >= (
            SHARE_HELD * sum(wanted.values())
        ):
            return _holding(child, wanted)
    return element


def _pictures(
    article: Any, source: Path, base: str, ledger: Ledger, parts: Mapping[str, tuple[str, bytes]]
) -> tuple[File, ...]:
    """The pictures beside the page or within it, as files; those on other hosts keep their address, made whole.

    `parts` are those that were saved with the page, by their addresses.
    """
    found: dict[str, File] = {}
    for image in list(article.iter("img")):
        if _is_dot(image.get("src") or "") and not any(image.get(key) for key in LAZY):
            image.drop_tree()
            continue
        lazy = next((image.get(key) for key in LAZY if image.get(key)), "")
        url = lazy or image.get("src") or ""
        name, content = _saved(url, base, parts) or _local(url, source)
        if content is not None:
            path = f"images/{name}"
            if path in found and found[path].read() != File(path, content).read():
                path = f"images/{len(found) + 1}-{name}"
            found[path] = File(path, content)
            url = path
        elif url and not urlsplit(url).scheme and base:
            url = urljoin(base, url)
        elif url and not urlsplit(url).scheme and not url.startswith("//"):
            ledger.unread("image-missing", 0, url, "the picture is not beside the page")
        image.set("src", url)
        for key in [key for key in image.attrib if key not in ("src", "alt", "title")]:
            del image.attrib[key]
    return tuple(found.values())


def _is_dot(url: str) -> bool:
    """Whether a picture is one dot inside the page, which holds the place of another or counts readers."""
    return bool(re.match(r"data:image/gif;base64,R0lGOD[dl]hAQABA", url))  # GIF87a or GIF89a, 1 by 1


def _saved(url: str, base: str, parts: Mapping[str, tuple[str, bytes]]) -> tuple[str, bytes | Path] | None:
    """A picture that was saved with the page: a name for it, and its bytes."""
    kind, content = parts.get(url) or parts.get(urljoin(base, url)) or ("", b"")
    if not content:
        return None
    return f"{hashlib.sha256(content).hexdigest()[:12]}{SUFFIX.get(kind, '.img')}", content


def _local(url: str, source: Path) -> tuple[str, bytes | Path | None]:
    if data := re.match(r"data:(image/[\w+.-]+);base64,(.*)", url, re.DOTALL):
        try:
            content = base64.b64decode(data[2])
        except (binascii.Error, ValueError):
            return "", None
        return f"{hashlib.sha256(content).hexdigest()[:12]}{SUFFIX.get(data[1], '.img')}", content
    if urlsplit(url).scheme or url.startswith(("//", "/")) or not url:
        return "", None
    path = (source.parent / unquote(urlsplit(url).path)).resolve()
    inside = path.is_relative_to(source.parent.resolve()) and path.is_file()
    return (path.name.lower(), path) if inside else ("", None)


def opened(blocks: list[Block]) -> list[Block]:
    """The blocks without the divisions that a page is laid out with."""
    out: list[Block] = []
    for one in blocks:
        out += opened(one["c"][1]) if one["t"] == "Div" and not any(one["c"][0]) else [one]
    kept = [{**one, "t": "Para"} if one["t"] == "Plain" else one for one in out]
    return [one for one in kept if one["t"] != "Para" or one["c"]]


def _without_title(blocks: list[Block], title: str, ledger: Ledger, *, is_book: bool) -> list[Block]:
    """The blocks without the heading near their beginning that says no more than the title."""
    at = next((number for number, one in enumerate(blocks[:FIRST_BLOCKS]) if one["t"] == "Header"), None)
    if at is None:
        return blocks
    first = blocks[at]
    words = text(first["c"][2]).strip()
    others = [one for one in blocks[at + 1 :] if one["t"] == "Header" and one["c"][0] <= first["c"][0]]
    if words and re.sub(r"\W+", "", title).startswith(re.sub(r"\W+", "", words)) and not (is_book and others):
        ledger.decide("title-left-out", 0, words, "in book.yaml only", "the title is set from there")
        return [*blocks[:at], *blocks[at + 1 :]]
    return blocks
