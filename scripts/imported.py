"""Compare a folder with the book that `publish import` made of it: every letter, digit and Han of its prose.

Usage: scripts/imported.py BOOK [BUILD]: the folder that an import has written, and the folder that a build has written.
The prose of the originals under raw/ is read by a reader that is not ours (markdown-it-py, CommonMark with tables); the
book is its Markdown read the same way or, with BUILD, its web pages. What is left out on purpose (import-report.json
says so) is shown beside what is missing. Exit code 1 where a word of a page that was taken is in neither.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml
from lxml import html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from publish.importers.folders.front import read_front

PAGES = {".md", ".markdown", ".mkd", ".mdx", ".rmd", ".qmd", ".ipynb"}
SHOWN = 20
# Runs of Han, of letters and of digits: the least that a reader would miss.
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[A-Za-z]+|\d+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_TEMPLATE = re.compile(
    r"\{[#.:][^{}\n]*\}|\{%-?\s*for\b.*?endfor\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}"
    r"|^[ \t]*:::[^\n]*$|^import [^;]*?from [\"'][^\n]*$|\[![A-Z]+\]|\{[\w:+.-]+\}(?=`)"
    r"|\[\^[^\]\s]+\]:?"
    # Targets, comments, options of directives, marks of parts, commands of LaTeX alone.
    r"|^\([\w-]+\)=$|^%[^\n]*$|^:[\w-]+:[^\n]*$"
    r"|\((?:PART|APPENDIX)\\?\*?\)|^\\(?:mainmatter|cleardoublepage|clearpage|newpage)[^\n]*$",
    re.DOTALL | re.MULTILINE,
)


def prose(text: str) -> str:
    """The text that a reader of a Markdown file sees, but for code: paragraphs, headings, cells, alternative texts."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return "\n".join(_texts(reader.parse(read_front(text, bare=True)[1])))


def _texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "\n" + "".join(_inlines(token.children or []))
        elif token.type == "html_block":
            yield _TAG.sub(" ", token.content)


def _inlines(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "text":
            yield token.content
        elif token.type == "softbreak":
            yield ""
        elif token.type in ("code_inline", "html_inline", "hardbreak", "link_open", "link_close"):
            yield "\n"
        elif token.type == "image":
            yield token.content


def han(text: str) -> Counter[str]:
    """How often each Han character stands in a text."""
    return Counter(_HAN.findall(text))


def originals(book: Path) -> dict[str, str]:
    """The prose of the pages that were taken, by their paths under raw/."""
    report = json.loads((book / "import-report.json").read_text(encoding="utf-8"))
    aside = {one["file"] for one in report["decisions"] if one["code"] in ("draft", "page-empty", "page-unlisted")}
    # What was taken as it was is kept once, as a chapter; two names that differ in case alone are kept under two names.
    at = {hash_: book / path for path, hash_ in report["files"].items()}
    taken = {path: at[hash_] for path, hash_ in report["originals"].items() if path not in aside}
    found: dict[str, str] = {}
    for path, file in taken.items():
        if (
            Path(path).suffix.lower() not in PAGES
            or not file.is_file()
            or Path(path).name in ("SUMMARY.md", "_sidebar.md")
        ):
            continue
        text = file.read_text(encoding="utf-8", errors="ignore")
        found[path] = _notebook(text) if path.endswith(".ipynb") else prose(_TEMPLATE.sub(" ", text))
    return found


def _notebook(text: str) -> str:
    cells = [cell for cell in json.loads(text).get("cells", []) if cell["cell_type"] == "markdown"]
    return "\n".join(prose(_TEMPLATE.sub(" ", "".join(cell["source"]))) for cell in cells)


def imported(book: Path) -> str:
    """The whole text of the imported chapters, code and all, and what a reader sees of it."""
    settings = yaml.safe_load((book / "book.yaml").read_text(encoding="utf-8"))
    texts = [(book / path).read_text(encoding="utf-8") for path in _paths(settings["chapters"])]
    return "\n".join(part for text in texts for part in (prose(text), text))


def _paths(entries: object) -> Iterator[str]:
    for one in entries if isinstance(entries, list) else [entries]:
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            for value in one.values():
                yield from _paths(value) if isinstance(value, list) else [value] if str(value).endswith(".md") else []


def built(build: Path) -> str:
    """The text of the web pages of the source's own edition, alternative texts and all."""
    pages = sorted(next(iter(sorted(build.glob("zh-*/html")))).rglob("*.html"))
    texts: list[str] = []
    for page in pages:
        tree = html.fromstring(page.read_bytes())
        texts += [str(tree.text_content()), *map(str, tree.xpath("//@alt | //@title"))]
    return "\n".join(texts)


def main(arguments: list[str]) -> int:
    """Print what is missing, most first."""
    book = Path(arguments[0])
    text = built(Path(arguments[1])) if len(arguments) > 1 else imported(book)
    squeezed = re.sub(r"\s+", "", text)
    words_there = set(_WORD.findall(text))
    there = han(text)  # of a book not built twice as many: prose, and all
    wanted: Counter[str] = Counter()
    missing: list[tuple[int, str, str]] = []
    runs = 0
    for path, words in originals(book).items():
        wanted += han(words)
        for run in _WORD.findall(words):
            runs += 1
            if run not in words_there and run not in squeezed:
                missing.append((len(run), path, run))
    lost = wanted - there
    left_out = [
        one for one in json.loads((book / "import-report.json").read_text())["decisions"] if one["choice"] == "left out"
    ]
    print(
        f"{book.name}: {sum(wanted.values()):,} Han, {runs:,} runs; {len(missing)} runs and {sum(lost.values())} Han not found"  # noqa: E501  # one pattern or row on one line
    )
    for size, path, run in sorted(missing, reverse=True)[:SHOWN]:
        print(f"  {path}: {run[:60]} ({size})")
    if lost:
        print("  fewer: " + " ".join(f"{char}-{number}" for char, number in lost.most_common(SHOWN)))
    if left_out:
        print(f"  left out and told: {Counter(one['code'] for one in left_out).most_common()}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
