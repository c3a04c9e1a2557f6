"""The pictures in docs/pictures/: pages of the handbook as publish made them, on a quiet ground, side by side."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image

from publish.doctor import find_chromium, remedy
from publish.errors import MissingToolError, PublishError
from publish.pipeline import Request, build

ROOT = Path(__file__).parent.parent
SLUG = "yi-gao-duo-ban"
CHAPTER = "04-why"
SHOWN = "2.5"  # the section with a quotation and a poem
EDITIONS = ("zh-CN", "zh-TW", "zh-HK")
GROUND = (236, 234, 229)
BORDER = (200, 196, 188)
LARGEST = 400_000  # bytes of a picture
COLOURS = 256
GAP = 48  # pixels between pages, and around them
READER = (480, 768)  # CSS pixels: an e-reader of six inches
PHONE = (390, 820)
TABLET = (720, 820)
DESKTOP = (1180, 820)
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


@dataclass(frozen=True)
class Browser:
    """Headless Chromium, with a scratch folder for its profile and for the pages that frame others."""

    program: str
    scratch: Path

    def shoot(
        self, page: Path, size: tuple[int, int], scale: float, fragment: str = "", margin: int = 0
    ) -> Image.Image:
        """A page in a window of `size` CSS pixels, `scale` pixels each, scrolled to `fragment`, with a white margin.

        The page stands in a frame, for Chromium opens no window as narrow as a phone.
        """
        width, height = size
        inside = f"width:{width - 2 * margin}px;height:{height - 2 * margin}px;margin:{margin}px;border:0;display:block"
        address = page.resolve().as_uri() + (f"#{fragment}" if fragment else "")
        frame, shot = self.scratch / "frame.html", self.scratch / "shot.png"
        frame.write_text(
            f'<body style="margin:0;background:#fff"><iframe src="{address}" style="{inside}"></iframe>', "utf-8"
        )
        window = (f"--window-size={max(width, 500)},{height + 200}", f"--force-device-scale-factor={scale}")
        places = (f"--user-data-dir={self.scratch / 'profile'}", f"--screenshot={shot}")
        command = [self.program, *OPTIONS, *window, *places, frame.as_uri()]
        subprocess.run(command, check=True, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with Image.open(shot) as image:
            return image.convert("RGB").crop((0, 0, round(width * scale), round(height * scale)))


def pages(pdf: Path, first: int, count: int, width: int) -> list[Image.Image]:
    """Pages of a PDF, from page `first` counted from 1, each `width` pixels wide."""
    with pypdfium2.PdfDocument(pdf) as document:
        wanted = [document[number - 1] for number in range(first, first + count)]
        return [page.render(scale=width / page.get_width()).to_pil().convert("RGB") for page in wanted]


def opening(pdf: Path, number: str) -> int:
    """The page, from 1, on which a chapter or a section opens; `number` is how its bookmark begins: 第一章, 2.5."""
    with pypdfium2.PdfDocument(pdf) as document:
        for mark in document.get_toc():
            target = mark.get_dest()
            if mark.get_title().startswith(number) and target is not None:
                return int(target.get_index() or 0) + 1
    raise PublishError(f"{pdf.name} has no bookmark for {number}", "Build the handbook in source/")


def row(images: Sequence[Image.Image], gap: int = GAP) -> Image.Image:
    """Pictures side by side, their heads in line, each with a thin border, on the ground; no gap makes a spread."""
    width = sum(image.width for image in images) + gap * (len(images) - 1) + 2 * GAP
    board = Image.new("RGB", (width, max(image.height for image in images) + 2 * GAP), GROUND)
    left = GAP
    for image in images:
        board.paste(BORDER, (left - 1, GAP - 1, left + image.width + 1, GAP + image.height + 1))
        board.paste(image, (left, GAP))
        left += image.width + gap
    return board


def save(image: Image.Image, file: Path) -> None:
    """Write a picture in few colours. Raises `PublishError` for one that is too large for a page that people load."""
    file.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    if size > LARGEST:
        raise PublishError(f"{file.name} has {size:,} bytes, and {LARGEST:,} are allowed", "Make it smaller")
    print(f"{size // 1000:4d} kB  {image.width} × {image.height}  {file}")


def editions(made: Path) -> Image.Image:
    """The same page of the three PDFs."""
    files = [made / edition / f"{SLUG}.pdf" for edition in EDITIONS]
    return row([image for file in files for image in pages(file, opening(file, "第一章"), 1, 640)])


def spread(made: Path) -> Image.Image:
    """The two facing pages of the Taiwan PDF with a quotation and a poem; a page of even number is the left one."""
    file = made / "zh-TW" / f"{SLUG}.pdf"
    first = opening(file, SHOWN)
    return row(pages(file, first - first % 2, 2, 820), gap=1)


def screens(made: Path, browser: Browser) -> Image.Image:
    """A web page on a desktop, one in sepia on a tablet and one in dark on a phone, each of another edition."""
    desktop = browser.shoot(made / "zh-TW" / "html" / f"{CHAPTER}.html", DESKTOP, 1)
    with _coloured(made / "zh-CN" / "html" / "07-figures.html", "sepia") as page:
        tablet = browser.shoot(page, TABLET, 1)
    with _coloured(made / "zh-HK" / "html" / "05-control.html", "dark") as page:
        phone = browser.shoot(page, PHONE, 1)
    return row([desktop, tablet, phone])


@contextmanager
def _coloured(page: Path, colours: str) -> Iterator[Path]:
    """A copy beside a page, for a reader who has chosen these colours."""
    chosen = f"<head><script>localStorage.setItem('publish.display', '{{\"theme\":\"{colours}\"}}')</script>"
    copy = page.with_name(f"-{colours}.html")
    copy.write_text(page.read_text(encoding="utf-8").replace("<head>", chosen, 1), encoding="utf-8")
    try:
        yield copy
    finally:
        copy.unlink()


def reader(made: Path, browser: Browser) -> Image.Image:
    """The cover, the opening of a chapter and a place within it in an EPUB, as a reading device shows them."""
    folder = browser.scratch / "epub"
    with zipfile.ZipFile(made / "zh-TW" / f"{SLUG}.epub") as archive:
        archive.extractall(folder)
    content = folder / "EPUB"
    cover = browser.shoot(content / "cover.xhtml", READER, 1.4)
    text = [browser.shoot(content / f"{CHAPTER}.xhtml", READER, 1.4, place, margin=28) for place in ("", "punctuation")]
    return row([cover, *text])


def main() -> None:
    """Build the handbook, or take a build of it, and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", nargs="?", type=Path, help="a folder that publish has built source/ into")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "pictures", help="the folder to write to")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="publish-pictures-") as name:
        program = find_chromium()
        if program is None:
            raise MissingToolError("Chromium is not installed", remedy("chromium"))
        scratch = Path(name)
        made = arguments.build or scratch / "build"
        if arguments.build is None:
            build(Request(ROOT / "source", made, EDITIONS))
        browser = Browser(program, scratch)
        save(editions(made), arguments.output / "editions.png")
        save(spread(made), arguments.output / "spread.png")
        save(screens(made, browser), arguments.output / "web.png")
        save(reader(made, browser), arguments.output / "epub.png")


if __name__ == "__main__":
    try:
        main()
    except PublishError as error:
        sys.exit(f"error: {error}")
