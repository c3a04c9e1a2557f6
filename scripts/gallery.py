"""The pictures in docs/gallery/: one text by three engines, its faults framed, and pages of the handbook."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import samples
from pictures import EDITIONS, GAP, GROUND, ROOT, SLUG, opening, pages, row, save
from PIL import Image, ImageDraw

from publish.check.pdf.lines import lay_out
from publish.check.pdf.page import Box, Document
from publish.check.pdf.read import read_pdf
from publish.check.pdf.rules import findings
from publish.doctor import find_chromium, remedy
from publish.errors import MissingToolError, PublishError
from publish.pipeline import Request, build
from publish.starter import TEMPLATES

SCALE = 2.4  # pixels to a point
AROUND = 14  # points of paper around the text
FRAME = (206, 42, 42)
LINES = 14  # of the sample's text


def sample_box(document: Document) -> tuple[int, Box]:
    """The page of a sample that the text is on, and the text's place: its first lines, without heading and folio."""
    layout = lay_out(document)
    for page, lines in enumerate(layout.lines, 1):
        text = [line for line in lines if abs(line.size - layout.size) < 1 and line.han > 1]
        if len(text) >= LINES - 2:
            text = text[:LINES]
            left, right = min(one.left for one in text), max(one.right for one in text)
            return page, Box(left, text[0].box.top, right, text[-1].box.bottom)
    raise PublishError(f"{document.file} does not have the sample's text", "Look at it")


def sample(file: Path, *, framed: bool) -> Image.Image:
    """The text of a sample, enlarged; with a frame around each fault where wanted."""
    document = read_pdf(file)
    number, text = sample_box(document)
    with pypdfium2.PdfDocument(file) as pdf:
        image = pdf[number - 1].render(scale=SCALE).to_pil().convert("RGB")
    if framed:
        draw = ImageDraw.Draw(image)
        for one in findings(document):
            if one.page == number and one.box and one.code.startswith(("line-", "mark-")):
                box = one.box.grown(1)
                places = [round(value * SCALE) for value in (box.left, box.top, box.right, box.bottom)]
                draw.rectangle(places, outline=FRAME, width=3)
    # All engines' pictures are cut to one size, so that nothing but the setting differs.
    left, top = round((text.left - AROUND) * SCALE), round((text.top - AROUND) * SCALE)
    width, height = round((29 * 10.5 + 2 * AROUND) * SCALE), round((LINES * 18 + 2 * AROUND) * SCALE)
    return image.crop((left, top, left + width, top + height))


def part(document: Path, needle: str) -> int:
    """The first page, from 1, whose text has these characters."""
    for page in read_pdf(document).pages:
        if needle in "".join(glyph.text for glyph in page.glyphs):
            return page.number
    raise PublishError(f'{document.name} has no page with "{needle}"', "Build the handbook in source/")


def spread(file: Path, needle: str) -> Image.Image:
    """Two facing pages, one of which has these characters."""
    number = part(file, needle)
    return row(pages(file, number - number % 2, 2, 700), gap=1)


def editions(made: Path, chapter: str) -> Image.Image:
    """The opening of a chapter in the three editions."""
    files = [made / edition / f"{SLUG}.pdf" for edition in EDITIONS]
    return row([image for file in files for image in pages(file, opening(file, chapter), 1, 560)])


# A book for each theme, and words on the first of two pages that show it.
EXAMPLES = (("novel", "那年的春汛"), ("essays", "器物比人长久"), ("manual", "架设示意图"), ("report", "第一份年度报告"))


def example(name: str, needle: str, scratch: Path) -> Image.Image:
    """An example's cover and two of its pages."""
    report = build(Request(TEMPLATES / name, scratch / name, ("zh-CN",), ("pdf",), cache=False))
    file = scratch / name / report.artifacts[0].path
    number = part(file, needle)
    return row([*pages(file, 1, 1, 300), *pages(file, number, 2, 300)], gap=GAP // 3)


def themes(scratch: Path) -> Image.Image:
    """The four examples, two by two."""
    cells = [example(name, needle, scratch) for name, needle in EXAMPLES]
    width, height = max(one.width for one in cells), max(one.height for one in cells)
    width, height = width - GAP // 2, height - GAP // 2  # their margins overlap
    board = Image.new("RGB", (2 * width + GAP // 2, 2 * height + GAP // 2), GROUND)
    for number, cell in enumerate(cells):
        board.paste(cell, (number % 2 * width, number // 2 * height))
    return board


COVER = """identifier: 978-7-100-00001-7
page:
  size: 32开
  marks: crop
  cover:
    spine: 14mm
    flaps: 60mm
    back: |
      河还在，船没有了。

      一条河，一只渡船，三代摆渡的人。桥修通的那一年，渡口关了，留下来的人把船拖上岸，倒扣在榕树下面。
    front-flap: 沈砚秋，写河，也写河边的人。
    back-flap: 南窗书局
    price: 定价 38.00 元
"""


def cover(scratch: Path) -> Image.Image:
    """A novel's cover on its sheet: flaps, back, spine, front, barcode and marks; the spine as of a thicker book."""
    book = scratch / "cover"
    shutil.copytree(TEMPLATES / "novel", book)
    settings = (book / "book.yaml").read_text(encoding="utf-8").replace("page:\n  size: 32开\n", COVER)
    (book / "book.yaml").write_text(settings, encoding="utf-8")
    report = build(Request(book, scratch / "wrapped", ("zh-CN",), ("pdf",), cache=False))
    [file] = [one.path for one in report.artifacts if str(one.path).endswith("-cover.pdf")]
    return pages(scratch / "wrapped" / file, 1, 1, 900)[0]


def draw(made: Path, scratch: Path, program: str, output: Path) -> None:
    """Write all pictures."""
    engines = {
        "weasyprint": samples.stock(scratch),
        "chromium": samples.chromium(program, scratch),
        "publish": samples.ours(scratch),
    }
    for name, file in engines.items():
        save(sample(file, framed=False), output / f"text-{name}.png")
        save(sample(file, framed=True), output / f"faults-{name}.png")
    save(themes(scratch), output / "themes.png")
    save(cover(scratch), output / "cover.png")
    save(editions(made, "第二章"), output / "editions.png")
    book = made / "zh-CN" / f"{SLUG}.pdf"
    shown: Sequence[tuple[str, str]] = (
        ("contents", "第一章第一本书"),
        ("table", "pdf-subset"),
        ("notes", "这里的写法"),
    )
    for name, needle in shown:
        save(spread(book, needle), output / f"{name}.png")


def main() -> None:
    """Build the handbook, or take a build of it, and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", nargs="?", type=Path, help="a folder that publish has built source/ into")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "gallery", help="the folder to write to")
    arguments = parser.parse_args()
    program = find_chromium()
    if program is None:
        raise MissingToolError("Chromium is not installed", remedy("chromium"))
    with tempfile.TemporaryDirectory(prefix="publish-gallery-") as name:
        scratch = Path(name)
        made = arguments.build or scratch / "build"
        if arguments.build is None:
            build(Request(ROOT / "source", made, EDITIONS, ("pdf",)))
        draw(made, scratch, program, arguments.output)


if __name__ == "__main__":
    try:
        main()
    except PublishError as error:
        sys.exit(f"error: {error}")
