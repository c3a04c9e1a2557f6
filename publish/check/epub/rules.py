"""Our own rules for an EPUB: what readers, libraries and shops miss in books that the validators pass.

Each rule is a function from a book to findings. They follow the checks of Standard Ebooks, EPUB 3.3 and EPUB
Accessibility 1.1.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

import tinycss2
from lxml import etree
from PIL import Image, UnidentifiedImageError

from publish.check.epub.container import NCX_TYPE, XHTML_TYPE, Book, ManifestItem, is_remote, resolve
from publish.edition.markup.xhtml import EPUB, MATHML, SVG, XML, Element, H, plain
from publish.findings import Finding

Rule = Callable[[Book], Iterator[Finding]]

TYPE = f"{{{EPUB}}}type"
LANG = f"{{{XML}}}lang"
HEADINGS = tuple(f"{H}h{level}" for level in range(1, 7))
MEDIA_TYPES = {
    ".xhtml": {XHTML_TYPE},
    ".html": {XHTML_TYPE},
    ".htm": {XHTML_TYPE},
    ".css": {"text/css"},
    ".ncx": {NCX_TYPE},
    ".jpg": {"image/jpeg"},
    ".jpeg": {"image/jpeg"},
    ".png": {"image/png"},
    ".gif": {"image/gif"},
    ".webp": {"image/webp"},
    ".svg": {"image/svg+xml"},
    ".otf": {"font/otf", "application/vnd.ms-opentype", "application/font-sfnt"},
    ".ttf": {"font/ttf", "application/vnd.ms-opentype", "application/font-sfnt", "application/x-font-ttf"},
    ".woff": {"font/woff", "application/font-woff"},
    ".woff2": {"font/woff2"},
    ".mp3": {"audio/mpeg"},
    ".js": {"text/javascript", "application/javascript", "application/ecmascript"},
}
SIGNATURES = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG",),
    "image/gif": (b"GIF8",),
    "font/otf": (b"OTTO",),
    "font/ttf": (b"\x00\x01\x00\x00", b"true"),
    "font/woff": (b"wOFF",),
    "font/woff2": (b"wOF2",),
}
PORTABLE = re.compile(r"^[A-Za-z0-9._/-]+$")
MODIFIED = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
TAG = re.compile(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")
GENERIC = frozenset(
    "serif sans-serif monospace cursive fantasy system-ui math emoji fangsong ui-serif ui-sans-serif inherit".split()
)
COVER_SIDE = 1000  # pixels: less than this on the long side, and shops refuse a cover
ACCESSIBILITY = ("accessMode", "accessibilityFeature", "accessibilityHazard")
FIXED = re.compile(r"^(?:px|pt|pc|cm|mm|in|q)$", re.IGNORECASE)
INHERITED = frozenset(["inherit", "initial", "unset", "revert", "currentcolor", "transparent", "none"])
# What holds running text: its colour is the reader's.
TEXT = re.compile(r"(?:^|[\s>+~,])(?:html|body|p|div|span|li|section|\*)(?:[.:#\[][^\s>+~]*)?$")


def names(book: Book) -> Iterator[Finding]:
    """File names in ASCII without spaces: some readers and shops unpack no others (EPUB 3.3 §4.2.3)."""
    for name in book.members:
        if not PORTABLE.match(name):
            remedy = "Use letters a–z, digits, hyphens and full stops"
            yield book.finding("epub-name", name, 0, "the file's name is not plain ASCII", remedy)
    for name in sorted(_strangers(book)):
        yield book.finding("epub-stray", name, 0, "the manifest does not list this file", "List it, or remove it")


def _strangers(book: Book) -> set[str]:
    known = {item.path for item in book.items} | {"mimetype", book.package_path}
    return {name for name in book.members if name not in known and not name.startswith("META-INF/")}


def media_types(book: Book) -> Iterator[Finding]:
    """The media type of each item agrees with its name and with its first bytes."""
    for item in book.items:
        suffix = PurePosixPath(item.path).suffix.lower()
        data = book.data.get(item.path, b"")
        other = next((kind for kind, marks in SIGNATURES.items() if data.startswith(marks)), "")
        expected = (
            {other} if other and other not in MEDIA_TYPES.get(suffix, {other}) else MEDIA_TYPES.get(suffix, set())
        )
        if expected and item.media_type not in expected:
            problem = f'"{item.path}" is declared {item.media_type or "without a type"}'
            remedy = f"Declare it {' or '.join(sorted(expected))}"
            yield book.finding("epub-media-type", book.package_path, item.line, problem, remedy)


def metadata(book: Book) -> Iterator[Finding]:
    """Title, creator, identifier, language and the date of the last change are there and sound."""

    def fault(code: str, problem: str, remedy: str = "", element: Element | int = 0) -> Finding:
        return book.finding(code, book.package_path, element, problem, remedy)

    for name in ("title", "creator", "language"):
        if not any((row.text or "").strip() for row in book.package.iterfind(f".//{{*}}metadata//{{*}}{name}")):
            code = "epub-lang" if name == "language" else "epub-metadata"
            yield fault(code, f"the metadata has no dc:{name}", "Add it")
    unique = book.package.get("unique-identifier")
    rows = list(book.package.iterfind(".//{*}metadata//{*}identifier"))
    own = next((row for row in rows if row.get("id") == unique), None)
    if own is None or not (own.text or "").strip():
        yield fault("epub-identifier", "the package has no unique identifier", "Give it an ISBN or a UUID")
    for row in rows:
        problem = _identifier_fault((row.text or "").strip())
        if problem:
            yield fault("epub-identifier", problem, "Check its digits", row)
    modified = [row.text or "" for row in _metas(book, "dcterms:modified")]
    if not _is_old(book) and (len(modified) != 1 or not MODIFIED.match(modified[0].strip())):
        problem = "dcterms:modified must appear once, in the form 2026-01-31T12:00:00Z"
        yield fault("epub-modified", problem, "State when the book was last changed")
    if _is_old(book):
        yield fault(
            "epub-version", f"this is EPUB {book.version or 'without a version'}", "Make it EPUB 3", book.package
        )


def _identifier_fault(text: str) -> str:
    digits = re.sub(r"^(urn:isbn:|isbn[: -]*)", "", text, flags=re.IGNORECASE).replace("-", "").replace(" ", "").upper()
    if re.match(r"^(urn:)?isbn", text, re.IGNORECASE) and not _is_isbn(digits):
        return f'"{text}" is not an ISBN'
    uuid = re.match(r"^urn:uuid:(.*)$", text, re.IGNORECASE)
    if uuid and not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", uuid[1], re.IGNORECASE):
        return f'"{text}" is not a UUID'
    return ""


def _is_isbn(digits: str) -> bool:
    """Whether the check digit is right (ISO 2108)."""
    if re.fullmatch(r"\d{13}", digits):
        return sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits)) % 10 == 0
    if re.fullmatch(r"\d{9}[\dX]", digits):
        numbers = [10 if digit == "X" else int(digit) for digit in digits]
        return sum(number * (10 - index) for index, number in enumerate(numbers)) % 11 == 0
    return False


def languages(book: Book) -> Iterator[Finding]:
    """Each document says its language, one that the package states; reading aloud and glyphs depend on it."""
    stated = {(row.text or "").strip().lower() for row in book.package.iterfind(".//{*}metadata//{*}language")}
    for path, tree in book.documents.items():
        tag = (tree.get(LANG) or tree.get("lang") or "").strip()
        if not tag:
            yield book.finding(
                "epub-lang", path, tree, "the document does not say its language", "Add lang and xml:lang"
            )
        elif not TAG.match(tag):
            yield book.finding(
                "epub-lang", path, tree, f'"{tag}" is not a language tag', "Write a tag such as zh-Hant-TW"
            )
        elif tree.get(LANG) and tree.get("lang") and tree.get(LANG) != tree.get("lang"):
            yield book.finding("epub-lang", path, tree, "lang and xml:lang differ", "Write the same in both")
        elif stated and not any(_related(tag.lower(), one) for one in stated):
            problem = f'the document is in "{tag}", the package in {", ".join(sorted(stated))}'
            yield book.finding("epub-lang", path, tree, problem, "Make them agree")


def _related(first: str, second: str) -> bool:
    return first == second or first.startswith(f"{second}-") or second.startswith(f"{first}-")


def titles(book: Book) -> Iterator[Finding]:
    """Each document has a title: readers show it, screen readers say it first."""
    for path, tree in book.documents.items():
        title = tree.find(f".//{H}title")
        if title is None or not (title.text or "").strip():
            yield book.finding("epub-title", path, tree, "the document has no title", "Add <title>")


def cover(book: Book) -> Iterator[Finding]:
    """There is a cover that shops take."""
    item = _cover(book)
    if item is None:
        yield book.finding("epub-cover", book.package_path, 0, "no image is declared as the cover", "Add cover-image")
        return
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(book.data.get(item.path, b""))) as image:
            longest = max(image.size)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        if item.media_type != "image/svg+xml":
            yield book.finding("epub-cover", item.path, 0, "the cover cannot be read", "Save it as JPEG")
        return
    if longest < COVER_SIDE:
        problem = f"the cover is {image.width} × {image.height} pixels"
        yield book.finding("epub-cover", item.path, 0, problem, "Shops ask for 1600 × 2560")


def _cover(book: Book) -> ManifestItem | None:
    named = next((row.get("content") for row in book.package.iterfind(".//{*}meta[@name='cover']")), None)
    found = (item for item in book.items if "cover-image" in item.properties)
    return next(found, None) or next((item for item in book.items if item.id == named), None)


# --- contents ---------------------------------------------------------------------------------------------------------


def navigation(book: Book) -> Iterator[Finding]:
    """There are contents, in which every line leads somewhere, and landmarks."""
    nav = book.documents.get(book.nav)
    if nav is None:
        if not _is_old(book):
            yield book.finding("epub-nav", book.package_path, 0, "there is no navigation document", "Add nav.xhtml")
        return
    lists = {kind: one for one in nav.iter(f"{H}nav") for kind in (one.get(TYPE) or "").split()}
    if "toc" not in lists:
        yield book.finding("epub-nav", book.nav, nav, "the navigation document has no contents", 'Add epub:type="toc"')
    if "landmarks" not in lists:
        problem = "there are no landmarks, which lead readers to the cover and the start of the text"
        yield book.finding("epub-landmarks", book.nav, nav, problem, 'Add <nav epub:type="landmarks">')
    else:
        kinds = {kind for link in lists["landmarks"].iter(f"{H}a") for kind in (link.get(TYPE) or "").split()}
        missing = [kind for kind in ("toc", "bodymatter") if kind not in kinds]
        if missing:
            problem = f"the landmarks lack {' and '.join(missing)}"
            yield book.finding("epub-landmarks", book.nav, lists["landmarks"], problem, "Add them")


def headings(book: Book) -> Iterator[Finding]:
    """Every heading is in the contents (Standard Ebooks t-040; EPUB Accessibility 1.1 §3.2)."""
    targets = _contents(book)
    if not targets:
        return
    for path, tree in book.texts():
        if any("cover" in (body.get(TYPE) or "").split() for body in tree.iter(f"{H}body")):
            continue
        first = True
        for heading in tree.iter(*HEADINGS):
            text = " ".join(plain(heading).split())
            opening, first = first, False
            if text and not _is_listed(heading, path, targets, opening=opening):
                problem = f'the heading "{text[:40]}" is not in the contents'
                yield book.finding("epub-heading", path, heading, problem, "Add it to the navigation document")


def _contents(book: Book) -> set[tuple[str, str]]:
    """Where the lines of the contents lead, path and fragment; those of the NCX in EPUB 2."""
    nav = book.documents.get(book.nav)
    if nav is not None:
        links = (
            link for one in nav.iter(f"{H}nav") if "toc" in (one.get(TYPE) or "").split() for link in one.iter(f"{H}a")
        )
        return {resolve(book.nav, str(link.get("href"))) for link in links if link.get("href")}
    found = set()
    for item in book.items:
        if item.media_type == NCX_TYPE and item.path in book.data:
            try:
                tree = etree.fromstring(book.data[item.path], etree.XMLParser(resolve_entities=False))
            except etree.XMLSyntaxError:
                continue
            found |= {resolve(item.path, str(row.get("src"))) for row in tree.iterfind(".//{*}content")}
    return found


def _is_listed(heading: Element, path: str, targets: set[tuple[str, str]], *, opening: bool) -> bool:
    """Whether a line leads to the heading, to what it opens, or to something in it; the first also to its file."""
    if opening and (path, "") in targets:
        return True
    near = [heading, *heading.iterdescendants(etree.Element)]
    for parent in heading.iterancestors():
        if next(parent.iter(*HEADINGS), None) is not heading:
            break
        near.append(parent)
    before = heading.getprevious()
    if before is not None and before.get("id") and not "".join(map(str, before.itertext())).strip():
        near.append(before)
    return any((path, str(one.get("id"))) in targets for one in near if one.get("id"))


def links(book: Book) -> Iterator[Finding]:
    """Every address inside the book leads to a file and an id that exist; nothing is loaded from other hosts."""
    ids = {path: _ids(tree) for path, tree in book.documents.items()}
    for path, tree in book.documents.items():
        for element in tree.iter(etree.Element):
            for name in ("href", "src", "{http://www.w3.org/1999/xlink}href"):
                address = element.get(name)
                if address is not None:
                    yield from _link(book, path, element, str(address), ids)


def _link(book: Book, path: str, element: Element, address: str, ids: dict[str, set[str]]) -> Iterator[Finding]:
    target, fragment = resolve(path, address.strip())
    if is_remote(target):
        if etree.QName(element).localname != "a" and not target.startswith("data:"):
            problem = f'"{target[:80]}" is loaded from another host'
            yield book.finding("epub-remote", path, element, problem, "Put it into the book")
    elif target not in book.data:
        yield book.finding(
            "epub-link", path, element, f'"{address[:80]}" leads to no file of the book', "Correct the link"
        )
    elif fragment and target in ids and fragment not in ids[target]:
        yield book.finding(
            "epub-link", path, element, f'"{address[:80]}" leads to no id of that file', "Correct the link"
        )


def _ids(tree: Element) -> set[str]:
    return {str(one.get("id")) for one in tree.iter(etree.Element) if one.get("id")}


# --- notes ------------------------------------------------------------------------------------------------------------


def notes(book: Book) -> Iterator[Finding]:
    """Each call leads to a note of its own, which has a text and leads back to where it was called."""
    by_id = {
        (path, str(one.get("id"))): one for path, tree in book.documents.items() for one in tree.iter(etree.Element)
    }
    called: dict[tuple[str, str], list[tuple[str, Element]]] = {}
    for path, tree in book.texts():
        for call in _calls(tree):
            target = resolve(path, str(call.get("href")))
            if target not in by_id or not target[1]:
                problem = f'the note "{plain(call).strip()[:20]}" leads to nothing'
                yield book.finding("epub-note-link", path, call, problem, "Link it to its note")
            else:
                called.setdefault(target, []).append((path, call))
    for target, calls in called.items():
        yield from _note(book, target, by_id[target], calls)


def _calls(tree: Element) -> Iterator[Element]:
    for link in tree.iter(f"{H}a"):
        kinds = {*(link.get(TYPE) or "").split(), *(link.get("role") or "").split(), *(link.get("class") or "").split()}
        if kinds & {"noteref", "doc-noteref", "duokan-footnote"} and link.get("href"):
            yield link


def _note(book: Book, target: tuple[str, str], note: Element, calls: list[tuple[str, Element]]) -> Iterator[Finding]:
    path, name = target
    backs = {resolve(path, str(link.get("href"))): link for link in note.iter(f"{H}a") if link.get("href")}
    words = "".join(plain(note).split())
    said = "".join("".join(plain(link).split()) for link in backs.values())
    if len(words) - len(said) <= 0 and note.find(f".//{H}img") is None:
        yield book.finding(
            "epub-note-text", path, note, f'the note "{name}" has no text', "Write it, or remove its call"
        )
    homes = {(where, str(one.get("id"))) for where, call in calls for one in _around(call) if one.get("id")}
    if not homes & set(backs):
        problem = f'the note "{name}" has no link back to its call'
        yield book.finding("epub-note-back", path, note, problem, "End it with a link to its call")
    marks = {"".join(plain(call).split()).strip("[]()（）〔〕") for _, call in calls}
    item = next(note.iter(f"{H}li"), None)
    number = item.get("value") if item is not None else None
    if number is not None and marks and all(mark.isdigit() and mark != number for mark in marks):
        problem = f"the note numbered {number} is called by {', '.join(sorted(marks))}"
        yield book.finding("epub-note-link", path, note, problem, "Link each call to its own note")


def _around(call: Element) -> Iterator[Element]:
    """A call, what it holds, and what holds it up to its paragraph."""
    yield call
    yield from call.iterdescendants(etree.Element)
    for parent in call.iterancestors():
        yield parent
        if parent.tag in (f"{H}p", f"{H}li", f"{H}td", f"{H}div", *HEADINGS):
            return


# --- images and accessibility -----------------------------------------------------------------------------------------


def alternatives(book: Book) -> Iterator[Finding]:
    """Every image has an alt; one in a figure is not an ornament, so its alt says something."""
    for path, tree in book.documents.items():
        for image in tree.iter(f"{H}img"):
            alt = image.get("alt")
            ornament = image.get("role") in ("presentation", "none")
            if alt is None and not ornament:
                yield book.finding("epub-alt", path, image, "an image has no alt", 'Say what it shows, or write alt=""')
            elif (
                not (alt or "").strip()
                and not ornament
                and any(one.tag == f"{H}figure" for one in image.iterancestors())
            ):
                yield book.finding(
                    "epub-alt", path, image, "the image of a figure has an empty alt", "Say what it shows"
                )


def accessibility(book: Book) -> Iterator[Finding]:
    """The accessibility metadata is there, and the content bears it out."""
    if _is_old(book):
        return
    stated = {name: _schema(book, name) for name in (*ACCESSIBILITY, "accessModeSufficient", "accessibilitySummary")}
    missing = [name for name in ACCESSIBILITY if not stated[name]]
    if missing:
        problem = f"the metadata lacks {', '.join(f'schema:{name}' for name in missing)}"
        yield book.finding("epub-a11y", book.package_path, 0, problem, "State it: shops and EU law ask for it")
    for problem in _untrue(book, stated):
        yield book.finding("epub-a11y-claim", book.package_path, 0, problem, "Claim only what is true")


def _untrue(book: Book, stated: dict[str, set[str]]) -> Iterator[str]:
    trees = [tree for path, tree in book.texts() if path != _cover_page(book)]
    images = [one for tree in trees for one in tree.iter(f"{H}img", f"{{{SVG}}}svg")]
    formulas = [one for tree in trees for one in tree.iter(f"{{{MATHML}}}math")]
    described = all(_described(image) for image in images)
    features = stated["accessibilityFeature"]
    if "alternativeText" in features and not (images and described):
        yield (
            "it claims alternativeText, but not every image is described"
            if images
            else ("it claims alternativeText but has no image")
        )
    if "MathML" in features and not formulas:
        yield "it claims MathML but has no formula in MathML"
    if "describedMath" in features and not (formulas and all(one.get("alttext") for one in formulas)):
        yield "it claims describedMath, but not every formula is described"
    if "tableOfContents" in features and not _contents(book):
        yield "it claims a tableOfContents but has none"
    if "pageNavigation" in features and not _has_nav(book, "page-list"):
        yield "it claims pageNavigation but has no page list"
    if stated["accessMode"] and "visual" not in stated["accessMode"] and images:
        yield "it has images, but its accessMode does not name visual"
    if "textual" in stated["accessModeSufficient"] and not described:
        yield "it claims that its text is sufficient, but not every image is described"
    if stated["accessibilityHazard"] & {"none", "noFlashingHazard"} and any(
        item.media_type.startswith("video/") for item in book.items
    ):
        yield "it claims to have no hazards but contains a video"
    conforming = [row.text or "" for row in _metas(book, "dcterms:conformsTo")]
    if any("accessib" in text.lower() for text in conforming) and not list(_metas(book, "a11y:certifiedBy")):
        yield "it claims to conform to EPUB Accessibility but does not say who certified it"


def _described(image: Element) -> bool:
    if image.get("role") in ("presentation", "none"):
        return True
    title = image.findtext(f"{{{SVG}}}title") or ""
    if (
        image.tag == f"{H}img"
        and image.get("alt") == ""
        and not any(one.tag == f"{H}figure" for one in image.iterancestors())
    ):
        return True  # an ornament (HTML §4.8.4.4.4)
    return bool((image.get("alt") or image.get("aria-label") or title).strip())


def _cover_page(book: Book) -> str:
    """The document that shows the cover and nothing else."""
    item = _cover(book)
    for path in book.spine[:1]:
        tree = book.documents[path]
        sources = {resolve(path, str(one.get("src")))[0] for one in tree.iter(f"{H}img")}
        body = tree.find(f"{H}body")
        if item is not None and sources == {item.path} and body is not None and not plain(body).strip():
            return path
    return ""


def _has_nav(book: Book, kind: str) -> bool:
    nav = book.documents.get(book.nav)
    return nav is not None and any(kind in (one.get(TYPE) or "").split() for one in nav.iter(f"{H}nav"))


def _schema(book: Book, name: str) -> set[str]:
    return {(row.text or "").strip() for row in _metas(book, f"schema:{name}")} - {""}


def _metas(book: Book, name: str) -> Iterator[Element]:
    return (row for row in book.package.iterfind(".//{*}metadata/{*}meta") if row.get("property") == name)


def _is_old(book: Book) -> bool:
    return not book.version.startswith("3")


# --- styles -----------------------------------------------------------------------------------------------------------


def styles(book: Book) -> Iterator[Finding]:
    """Stylesheets leave size and colour of the text to the reader, and end each list of families with a generic one."""
    embedded: set[str] = set()
    sheets = [
        (item.path, _rules(book.data.get(item.path, b""))) for item in book.items if item.media_type == "text/css"
    ]
    for _, rules in sheets:
        embedded |= {
            name for selector, declarations in rules if selector == "@font-face" for name in _families(declarations)
        }
    for path, rules in sheets:
        for selector, declarations in rules:
            for declaration in declarations if selector != "@font-face" else ():
                yield from _declaration(book, path, selector, declaration, embedded)
    for item in book.items:
        if book.data.get(item.path, b"").startswith(b"wOF2"):
            problem = "Kobo readers do not support WOFF2"
            yield book.finding("epub-font", item.path, 0, problem, "Embed the font as OTF or TTF")


def _rules(data: bytes) -> list[tuple[str, list[tinycss2.ast.Declaration]]]:
    """The rules of a stylesheet, those inside of @media too: selector and declarations."""
    rules, _ = tinycss2.parse_stylesheet_bytes(data, skip_comments=True, skip_whitespace=True)
    found = []
    waiting = list(rules)
    while waiting:
        rule = waiting.pop(0)
        if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports", "layer") and rule.content:
            if "prefers-color-scheme" not in tinycss2.serialize(rule.prelude):
                waiting += tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        elif rule.type in ("qualified-rule", "at-rule") and rule.content:
            name = (
                tinycss2.serialize(rule.prelude).strip()
                if rule.type == "qualified-rule"
                else f"@{rule.lower_at_keyword}"
            )
            declarations = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            found.append((name, [one for one in declarations if one.type == "declaration"]))
    return found


def _families(declarations: Iterable[tinycss2.ast.Declaration]) -> list[str]:
    """The families of a rule's font-family, lower case."""
    for one in declarations:
        if one.lower_name == "font-family":
            parts = re.split(r"\s*,\s*", tinycss2.serialize(one.value).strip())
            return [part.strip("\"' ").lower() for part in parts]
    return []


def _declaration(
    book: Book, path: str, selector: str, declaration: tinycss2.ast.Declaration, embedded: set[str]
) -> Iterator[Finding]:
    line, name = declaration.source_line, declaration.lower_name
    values = [one for one in declaration.value if one.type not in ("whitespace", "comment")]
    families = _families([declaration])
    if embedded & set(families) and families[-1] not in GENERIC:
        yield book.finding(
            "epub-font", path, line, f'"{selector[:40]}" names an embedded font without a generic family after it',
            "End the list with serif or sans-serif",
        )  # fmt: skip
    fixed = any(one.type == "dimension" and FIXED.match(one.unit) and one.value for one in values)
    if fixed and name in ("font-size", "line-height") and not selector.startswith("@"):
        problem = f'"{selector[:40]}" fixes {name} in {next(one.unit for one in values if one.type == "dimension")}'
        yield book.finding("epub-size", path, line, problem, "Use em or %, so that readers can change it")
    words = {one.lower_value for one in values if one.type == "ident"}
    coloured = name in ("color", "background-color") and not words & INHERITED
    if coloured and any(TEXT.search(f" {one.strip()}") for one in selector.split(",")):
        problem = f'"{selector[:40]}" fixes the {name} of the text, which makes it unreadable in night mode'
        yield book.finding("epub-color", path, line, problem, "Leave text colours to the reading system")


def _notes_for_old_readers(book: Book) -> Iterator[Finding]:
    """A book without an NCX shows no contents on old readers: a note, as EPUB 3 does not require one."""
    if not _is_old(book) and not any(item.media_type == NCX_TYPE for item in book.items):
        finding = book.finding(
            "epub-ncx", book.package_path, 0, "there is no NCX: old readers and Kindle show no contents"
        )
        yield replace(finding, severity="note")


RULES: tuple[Rule, ...] = (
    names,
    media_types,
    metadata,
    languages,
    titles,
    cover,
    navigation,
    headings,
    links,
    notes,
    alternatives,
    accessibility,
    styles,
    _notes_for_old_readers,
)
