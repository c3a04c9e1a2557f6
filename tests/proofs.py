"""Small PDFs with faults on purpose: lines that are set one by one, exactly where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf
import weasyprint

WIDE, HIGH = 300, 400  # points
LEFT, TOP = 30, 60
EM, LEADING = 10, 17
MEASURE = 24  # characters
# Two paragraphs in lines of twenty-four characters, as a compositor would set them.
FIRST = (
    "　　傍晚的码头上堆着一排木箱，箱盖上用粉笔写着易碎",
    "两个字。老周蹲在最外面那只旁边，数了数缆绳一共七根",
    "其中两根已经起了毛。他说这样的绳子明天一早就得换掉",
    "旁边的年轻人点点头，又抬头看了看天色，问要不要先搬",
    "进仓库里去。",
)
SECOND = (
    "　　老周没有直接回答，只是把帽子往下拉了拉。风从海",
    "上来，带着一点柴油的味道，角落里的鱼骨还没有人收拾",
    "。等到路灯全部亮起来以后，记者才返回码头，把最后一",
    "只箱子抬进了门。",
)


def cut(lines: Sequence[str]) -> list[str]:
    """Lines with exactly so many characters as the measure has, but for the last."""
    text = "".join(lines)
    return [text[start : start + MEASURE] for start in range(0, len(text), MEASURE)]


PARAGRAPHS = (*cut(FIRST), *cut(SECOND))


def page(lines: Sequence[str] = PARAGRAPHS, top: float = TOP, more: str = "", folio: str = "") -> str:
    """A page of lines, HTML in them allowed, one under the other, with a number at its foot."""
    rows = [
        f'<p style="left:{LEFT}pt;top:{top + number * LEADING}pt">{line}</p>'
        for number, line in enumerate(lines)
        if line
    ]
    foot = f'<p style="left:150pt;top:370pt">{folio}</p>' if folio else ""
    return f"<section>{''.join(rows)}{more}{foot}</section>"


def write(
    file: Path,
    *pages: str,
    lang: str = "zh-CN",
    title: str = "码头",
    tags: bool = True,
    font: str = "Noto Serif CJK SC",
) -> Path:
    """Write a PDF of such pages."""
    html = f"""<html{f' lang="{lang}"' if lang else ""}><head><title>{title}</title><style>
        @page {{ size: {WIDE}pt {HIGH}pt; margin: 0 }}
        body {{ margin: 0 }}
        section {{ position: relative; width: {WIDE}pt; height: {HIGH}pt; break-after: page; overflow: hidden }}
        section:last-child {{ break-after: auto }}
        p {{ position: absolute; margin: 0; white-space: pre; font: {EM}pt/{LEADING}pt "{font}" }}
        a {{ color: inherit; text-decoration: none }}
        </style></head><body>{"".join(pages or (page(),))}</body></html>"""
    # A tag of its own for each line would part the paragraph; the line checks are for PDFs without tags as well.
    weasyprint.HTML(string=html, base_url=str(file.parent)).write_pdf(file, pdf_tags=False)
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        if tags:
            pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
            pdf.Root.StructTreeRoot = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        if not lang and "/Lang" in pdf.Root:
            del pdf.Root.Lang
        pdf.save(file)
    return file


def fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """The fonts of a PDF's first page."""
    return list(pdf.pages[0].obj.Resources.Font.values())


def raw(file: Path, content: bytes, page_settings: dict[str, object] | None = None, **font: object) -> Path:
    """Write a PDF of one page of 200 × 100 points with one content stream and one font, /F."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 100))
    leaf = pdf.pages[0].obj
    leaf.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pikepdf.Dictionary(Type=pikepdf.Name.Font, **font)))
    leaf.Contents = pdf.make_stream(content)
    for key, value in (page_settings or {}).items():
        leaf[key] = value
    pdf.save(file)
    return file
