"""Measures a book of very many large pictures: the memory of the largest process, and how large each file becomes."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from watch import MEGABYTE, Subject, measure_once

COUNT, CHAPTERS = 861, 40
LIMIT = 1024 * MEGABYTE


def main() -> int:
    """Write the book, build it, print a table; 1 where a process took more than a gigabyte."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=COUNT)
    parser.add_argument("--format", action="append", default=[], help="of html, epub, pdf; all without it")
    parser.add_argument("--book", type=Path, help="keep the book here, or use the one that is here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="publish-bench-") as scratch:
        book, out = arguments.book or Path(scratch) / "pictures", Path(scratch) / "build"
        if not book.exists():
            write_book(book, arguments.pictures)
        size = sum(path.stat().st_size for path in (book / "images").iterdir())
        print(f"{arguments.pictures} pictures, {size / MEGABYTE:,.0f} MB")
        worst = 0
        for name in arguments.format or ["html", "epub", "pdf"]:
            worst = max(worst, _measure(book, out / name, name))
    return 0 if worst <= LIMIT else 1


def _measure(book: Path, out: Path, name: str) -> int:
    command = [str(Path(sys.executable).parent / "publish"), "build", str(book), "--output", str(out)]
    subject = Subject(name, [*command, "--edition", "zh-CN", "--format", name, "--quiet"], list)
    measure_once(subject)
    whole = max(out.rglob(f"pictures.{name}"), key=lambda path: path.stat().st_size)
    print(
        f"{name:5} {subject.seconds[-1]:7.1f} s {subject.memory.largest / MEGABYTE:8,.0f} MB"
        f" {whole.stat().st_size / MEGABYTE:8,.0f} MB in {whole.name}",
        flush=True,
    )
    return subject.memory.largest


def write_book(folder: Path, count: int) -> None:
    """A book of photographs, screens and drawings in equal parts, each larger than any page; the same each time."""
    (folder / "images").mkdir(parents=True)
    names = []
    for number in range(count):
        kind = (photograph, screen, drawing)[number % 3]
        names.append(kind(folder / "images", number).name)
    step = -(-count // CHAPTERS)
    for chapter in range(0, count, step):
        lines = [
            f"# 图集{chapter // step + 1}",
            *(f"说明文字一段。\n\n![第{name[:4]}图](images/{name})" for name in names[chapter:][:step]),
        ]
        (folder / f"{chapter // step + 1:02d}.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    (folder / "book.yaml").write_text("title: 图集\nslug: pictures\nlang: zh-CN\n", encoding="utf-8")


def photograph(folder: Path, number: int) -> Path:
    """A photograph of 12 megapixels: colours that run into each other, and grain."""
    chance = random.Random(number)  # noqa: S311  # pictures, no secrets
    small = Image.new("RGB", (40, 30))
    small.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(1200)])
    image = small.resize((1000, 750), Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", (1000, 750), chance.randbytes(750_000)).filter(ImageFilter.GaussianBlur(1))
    image = Image.blend(image, grain.convert("RGB"), 0.2).resize((4000, 3000), Image.Resampling.BICUBIC)
    path = folder / f"{number:04d}.jpg"
    image.save(path, quality=90)
    return path


def screen(folder: Path, number: int) -> Path:
    """A screen of 2880 × 1800 pixels: windows, rows of text."""
    chance = random.Random(number)  # noqa: S311  # as above
    image = Image.new("RGB", (2880, 1800), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(6):
        x, y, shade = chance.randrange(2000), chance.randrange(1200), chance.randrange(128, 256)
        draw.rectangle((x, y, x + 800, y + 500), fill=(shade, shade, 255), outline="black", width=2)
        for row in range(y + 20, y + 480, 28):
            draw.text((x + 20, row), chance.randbytes(40).hex(), fill="black", font_size=18)
    path = folder / f"{number:04d}.png"
    image.save(path)
    return path


def drawing(folder: Path, number: int) -> Path:
    """A drawing of thin lines in two colours, 4000 × 3000 pixels."""
    chance = random.Random(number)  # noqa: S311  # as above
    image = Image.new("L", (4000, 3000), 255)
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        draw.line([(chance.randrange(4000), chance.randrange(3000)) for _ in range(4)], fill=0, width=3)
    path = folder / f"{number:04d}.png"
    image.save(path)
    return path


if __name__ == "__main__":
    raise SystemExit(main())
