"""The proof of our own PDFs: the handbook and clipped articles in three editions, and one text by other engines.

It prints the table of docs/proof.md: how many findings of each kind `publish check --format pdf` has, and the
processor time it takes. The clips are those of ../shared/inputs, and are left out where that folder is absent.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import habits
import samples

from publish.check.pdf.read import read_pdf
from publish.check.pdf.rules import findings
from publish.doctor import find_chromium
from publish.edition.derive import derive
from publish.errors import PublishError
from publish.importers import import_clip
from publish.pipeline import Request, build
from publish.render.pdf.document import document
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

ROOT = Path(__file__).parent.parent
CLIPS = ROOT.parent / "shared/inputs"
EDITIONS = ("zh-CN", "zh-TW", "zh-HK")
TIMES = 10  # the sample so many times over
COLUMNS = {
    "line starts, ends": ("line-start", "line-end"),
    "ragged": ("line-ragged",),
    "too long": ("line-over",),
    "gaps": ("line-gap",),
    "holes": ("line-hole",),
    "loose marks": ("mark-loose",),
    "single": ("line-single",),
    "widows, orphans": ("page-widow", "page-orphan"),
    "glyphs": ("glyph-missing", "text-radicals"),
    "contents": ("toc-page", "page-label"),
    "fonts": ("font-region", "font-embedded", "font-type3"),
    "document": ("pdf-tags", "pdf-title", "pdf-lang"),
}


def handbook_by_stock(folder: Path) -> Path:
    """The handbook's own HTML and CSS, laid out by WeasyPrint as it comes."""
    project = read_project(ROOT / "source")
    folder.mkdir()
    publication = derive(project, read_manuscript(project), project.edition("zh-CN"), folder)
    (folder / "book.html").write_text(document(publication)[0], encoding="utf-8")
    for asset in publication.assets.values():
        (folder / asset.href).parent.mkdir(parents=True, exist_ok=True)
        if asset.path != folder / asset.href:
            shutil.copyfile(asset.path, folder / asset.href)
    return samples.weasyprint(folder / "book.html", folder / "book.pdf")


def made(folder: Path) -> Iterator[tuple[str, Path]]:
    """What is measured: a name and a PDF."""
    build(Request(ROOT / "source", folder / "handbook", EDITIONS, ("pdf",)))
    for key in EDITIONS:
        yield f"handbook, {key}", next((folder / "handbook" / key).glob("*.pdf"))
    for number, clip in enumerate(sorted(CLIPS.glob("*.md")), 1):
        import_clip(clip, folder / f"clip-{number}")
        build(Request(folder / f"clip-{number}", folder / f"out-{number}", EDITIONS, ("pdf",)))
        for key in EDITIONS:
            yield f"clip {number}, {key}", next((folder / f"out-{number}" / key).glob("*.pdf"))
    for kind in habits.BOOKS:
        source = habits.write(kind, folder / "six" / kind, 1)
        build(Request(source, folder / "six-out" / kind, ("zh-CN",), ("pdf",)))
        yield f"{kind}, by chance", folder / "six-out" / kind / "zh-CN/book.pdf"
    yield "sample × 10", samples.ours(folder, TIMES)
    yield "the same by stock WeasyPrint", samples.stock(folder, TIMES)
    program = find_chromium()
    if program:
        yield "the same by Chromium", samples.chromium(program, folder, TIMES)
    yield "handbook's HTML by stock WeasyPrint", handbook_by_stock(folder / "stock")


def row(name: str, file: Path) -> str:
    """A line of the table."""
    began = time.process_time()
    read = read_pdf(file)
    found = Counter(one.code for one in findings(read) if one.severity != "note")
    seconds = time.process_time() - began
    cells = [sum(found[code] for code in codes) for codes in COLUMNS.values()]
    letters = sum(len(page.glyphs) for page in read.pages)
    return f"| {name} | {len(read.pages)} | {letters:,} | {seconds:.1f} | " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Build, proof, print."""
    print("| | pages | glyphs | seconds | " + " | ".join(COLUMNS) + " |")
    print("|:--|" + "--:|" * (len(COLUMNS) + 3))
    with tempfile.TemporaryDirectory(prefix="publish-proof-") as name:
        for title, file in made(Path(name)):
            print(row(title, file), flush=True)


if __name__ == "__main__":
    try:
        main()
    except PublishError as error:
        sys.exit(f"error: {error}")
