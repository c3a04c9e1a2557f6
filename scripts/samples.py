"""One text for several engines: the same paragraphs, page and fonts, by stock WeasyPrint, Chromium and publish."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from publish.pipeline import Request, build

TITLE = "码头上的傍晚"
TEXT = (
    "傍晚的码头上堆着一排木箱，箱盖上用粉笔写着“易碎”两字。老周蹲在最外面的那一只旁边，数了数缆绳，一共七根，"
    "其中两根已经起了毛。他说：“这样的绳子，明天一早就得换。”旁边的年轻人点点头，在 notebook 里记下 rope × 2，"
    "又抬头看了看天色（西边的云压得很低），问要不要把箱子先搬进仓库去。\n"
    "老周没有回答，只是把帽子往下拉了拉。风从海上来，带着一点 diesel 的味道；《潮汐表》摊在桌上，页角被镇纸压着。"
    "码头办公室的窗户亮了，里面有人喊：“今晚十点以前（最迟十点半）必须装完！”喊声被风吹散了一半，"
    "剩下的一半落在水面上。\n"
    "年轻人把 notebook 合上，塞进外套里面的口袋。他来这里才三个星期，已经学会了看云、打结、认船，"
    "还学会了在老周不说话的时候不说话。仓库的门锁是旧的，要先往上提一下才转得动钥匙，这件事没有人教过他，"
    "是他自己发现的。\n"
    "第二天清早，新的缆绳到了，一共九根。老周挑出七根，把剩下的两根挂在墙上，说：“留着，总有用得上的时候。”"
).split("\n")
FONT = "Noto Serif CJK SC"
PAGE = (420, 595)  # points: A5; a line has twenty-nine characters
STYLE = f"""
@page {{ size: {PAGE[0]}pt {PAGE[1]}pt; margin: 56pt 57.75pt }}
body {{ margin: 0; font: 10.5pt/18pt "{FONT}"; text-align: justify; widows: 2; orphans: 2 }}
h1 {{ font: bold 16pt/28pt "{FONT}"; margin: 0 0 18pt; text-align: left }}
p {{ margin: 0; text-indent: 2em }}
"""
STOCK = "import sys, weasyprint; weasyprint.HTML(filename=sys.argv[1]).write_pdf(sys.argv[2])"
CHROMIUM = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --no-pdf-header-footer""".split()


def html(times: int = 1) -> str:
    """The text as a page of HTML, its paragraphs so many times over."""
    paragraphs = "".join(f"<p>{one}</p>\n" for one in TEXT * times)
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f"<style>{STYLE}</style></head><body><h1>{TITLE}</h1>\n{paragraphs}</body></html>"
    )


def stock(folder: Path, times: int = 1) -> Path:
    """The text by WeasyPrint as it comes, in a process that knows nothing of publish."""
    source, file = folder / "stock.html", folder / "stock.pdf"
    source.write_text(html(times), encoding="utf-8")
    return weasyprint(source, file)


def weasyprint(source: Path, file: Path) -> Path:
    """A page of HTML by WeasyPrint as it comes."""
    subprocess.run([sys.executable, "-c", STOCK, source, file], check=True, timeout=300, stderr=subprocess.DEVNULL)
    return file


def ours(folder: Path, times: int = 1) -> Path:
    """The text as publish makes a PDF of it."""
    source = folder / "dock.md"
    settings = f"---\ntitle: {TITLE}\nauthor: 林晚\nlang: zh-CN\neditions: [zh-CN]\nform: book\n---\n"
    source.write_text("\n\n".join([settings, f"# {TITLE}", *TEXT * times]) + "\n", encoding="utf-8")
    report = build(Request(source, folder / "out", ("zh-CN",), ("pdf",), jobs=1))
    return folder / "out" / report.artifacts[0].path


def chromium(program: str, folder: Path, times: int = 1) -> Path:
    """The text as Chromium prints it to a file."""
    source, file = folder / "chromium.html", folder / "chromium.pdf"
    source.write_text(html(times), encoding="utf-8")
    places = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={file}", source.as_uri()]
    command = [program, *CHROMIUM, *places]
    subprocess.run(command, check=True, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return file
