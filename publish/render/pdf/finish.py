"""What WeasyPrint leaves out of a PDF: PDF/A-2a together with PDF/UA-1, page labels, crop marks; it is saved then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from lxml import etree

from publish.findings import Finding
from publish.regions import Words
from publish.render import RenderContext
from publish.source.settings.page import Page, Press

VARIANT = "pdf/a-2a"  # WeasyPrint's name; level A is tagged
FRONT, TEXT = "-front", "-text"  # ids in print.html: where the front matter and the text begin
POINTS = 72 / 25.4  # a millimetre
MARK, _EDGE = 5.0, 1.0  # millimetres: a crop mark, and the rest of the sheet beyond it
_OBJECT_STREAMS = "1.5"  # the first version of PDF that has them
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMED = re.compile(rb"/[A-Za-z0-9_.+-]+")  # WeasyPrint escapes no name
BY_NAME = frozenset(("/ExtGState", "/XObject", "/Pattern", "/Shading", "/Font"))
# PDF/UA-1 §5 wants its part in the metadata, and PDF/A-2 §6.6.2.3.3 a description of each schema that it does not know.
_UA = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the document conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


@dataclass(frozen=True)
class Label:
    """How pages are labelled from `page` on, counted from 0: a prefix, and a style of PDF (r, D) that counts from 1."""

    page: int
    style: str = ""
    prefix: str = ""


def labels(pages: Sequence[Any], words: Words) -> list[Label]:
    """The labels of laid-out pages, which are their printed folios: the cover by name, i ii iii, then 1 2 3."""
    starts: dict[str, int] = {}
    for number, page in enumerate(pages):
        for name in page.anchors:
            starts.setdefault(name, number)
    text = starts.get(TEXT, 0)
    front = min(starts.get(FRONT, 0), text)
    covers = [Label(0, prefix=words.cover), Label(1, prefix=words.inside_cover)][:front]
    return [*covers, *([Label(front, "r")] if front < text else []), Label(text, "D")]


def finish(pdf: pikepdf.Pdf, tag: str, page_labels: Sequence[Label], page: Page) -> None:
    """Write into WeasyPrint's PDF what it leaves out; `tag` is the book's language (BCP 47)."""
    trim(pdf, page)
    pdf.Root.Lang = pikepdf.String(tag)
    preferences = pdf.Root.get("/ViewerPreferences") or pikepdf.Dictionary()
    preferences["/DisplayDocTitle"] = True
    pdf.Root["/ViewerPreferences"] = preferences
    pdf.Root["/PageLabels"] = pikepdf.Dictionary(
        Nums=[part for one in page_labels for part in (one.page, label_of(one))]
    )
    pdf.Root.Metadata.write(with_ua(pdf.Root.Metadata.read_bytes()))
    own = OwnResources(pdf)
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream):
            mend(each, own)
    for sheet in pdf.pages:
        sheet.obj.Resources = own.of(sheet.obj.Resources, content_of(sheet.obj))


def trim(pdf: pikepdf.Pdf, page: Page) -> None:
    """State the bleed of all pages, where there is one, and draw the marks of their edges."""
    for sheet in pdf.pages if page.bleed else ():
        _trim(pdf, sheet, page)


def mend(stream: pikepdf.Stream, own: OwnResources) -> None:
    """Remove from images what PDF/A forbids, and leave forms and patterns what they draw with and no more."""
    if stream.get("/Subtype") == "/Image" and "/Interpolate" in stream:
        del stream["/Interpolate"]  # PDF/A-2 §6.2.8
    drawn = stream.get("/Subtype") == "/Form" or "/PatternType" in stream
    if drawn and "/Resources" in stream:
        stream["/Resources"] = own.of(stream["/Resources"], stream.read_bytes())


def content_of(page: Any) -> bytes:
    """What draws a page."""
    contents = page.get("/Contents", pikepdf.Array())
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams)


class OwnResources:
    """What each page, form and pattern draws with, taken from the dictionary that WeasyPrint has them all share.

    Readers' programs load a form's fonts at each use, and a page that is taken out of a book takes along whatever its
    resources name: every picture of the book.
    """

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._made: dict[bytes, pikepdf.Object] = {}

    def of(self, shared: Any, content: bytes) -> pikepdf.Object:
        """Those of some resources that a content stream names; one object for all streams that name the same."""
        named = {name.decode() for name in _NAMED.findall(content)}
        own = pikepdf.Dictionary(shared)
        for kind in BY_NAME & set(shared.keys()):
            kept = {name: value for name, value in shared[kind].items() if name in named}
            if kept:
                own[kind] = pikepdf.Dictionary(kept)
            else:
                del own[kind]
        looks = own.unparse()
        if looks not in self._made:
            self._made[looks] = self._pdf.make_indirect(own)
        return self._made[looks]


def _trim(pdf: pikepdf.Pdf, sheet: pikepdf.Page, page: Page) -> None:
    """State the bleed, which WeasyPrint limits to 10 points, and draw the marks outside it."""
    left, bottom, right, top = (float(number) for number in sheet.trimbox)
    bleed = page.bleed * POINTS
    # WeasyPrint rounds to a hair less, and the bleed has to lie on the sheet (ISO 32000-1 §14.11.2).
    sheet.mediabox = sheet.bleedbox = pikepdf.Array([left - bleed, bottom - bleed, right + bleed, top + bleed])
    if page.crop_marks:
        slug = bleed + (MARK + _EDGE) * POINTS
        sheet.mediabox = pikepdf.Array([left - slug, bottom - slug, right + slug, top + slug])
        marks = _crop_marks((left, right), (bottom, top), bleed)
        sheet.contents_add(pdf.make_stream(marks.encode()), prepend=True)


def _crop_marks(across: tuple[float, float], along: tuple[float, float], bleed: float) -> str:
    """Two hairlines at each corner, in line with the trimmed edges, from the bleed outwards, as an artifact."""
    end = bleed + MARK * POINTS
    lines = []
    for x, side in zip(across, (-1, 1), strict=True):
        for y, rise in zip(along, (-1, 1), strict=True):
            lines.append(f"{x + side * bleed:.3f} {y:.3f} m {x + side * end:.3f} {y:.3f} l")
            lines.append(f"{x:.3f} {y + rise * bleed:.3f} m {x:.3f} {y + rise * end:.3f} l")
    return f"/Artifact BMC q 0 G 0.25 w {' '.join(lines)} S Q EMC\n"


def label_of(label: Label) -> pikepdf.Dictionary:
    """A label as PDF has it."""
    made = pikepdf.Dictionary()
    if label.style:
        made["/S"] = pikepdf.Name(f"/{label.style}")
    if label.prefix:
        made["/P"] = pikepdf.String(label.prefix)
    return made


def with_ua(packet: bytes) -> bytes:
    """An XMP packet that names PDF/UA-1 too."""
    root = etree.fromstring(packet)
    for rdf in root.iter(f"{{{_RDF}}}RDF"):
        rdf.extend(list(etree.fromstring(_UA)))
    return etree.tostring(root.getroottree(), encoding="utf-8")


def save(
    pdf: pikepdf.Pdf, file: Path, press: Press | None, context: RenderContext, *, universal: bool = False
) -> list[Finding]:
    """Write a PDF that is done, made ready for the press that it is for; say what the press cannot have.

    `universal`: one for readers is made PDF/UA-2.
    """
    if press is None and universal:
        from publish.render.pdf.universal import VERSION, make_universal  # noqa: PLC0415  # few books are

        make_universal(pdf)
        packed = pikepdf.ObjectStreamMode.generate
        pdf.save(file, deterministic_id=True, object_stream_mode=packed, force_version=VERSION)
        return []
    if press is None:
        pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return []
    from publish.render.pdf.press import VERSIONS, prepare  # noqa: PLC0415  # a book for readers alone pays nothing

    findings = prepare(pdf, press, context.modified, context.cache)
    version = VERSIONS[press.standard]
    packed = pikepdf.ObjectStreamMode.generate if version >= _OBJECT_STREAMS else pikepdf.ObjectStreamMode.disable
    pdf.save(file, deterministic_id=True, object_stream_mode=packed, force_version=version)
    return findings


def font_names(pdf: pikepdf.Pdf) -> list[str]:
    """The names of all fonts, while all pages share them."""
    names = {str(font["/BaseFont"]) for page in pdf.pages for _, font in _fonts(page)}
    return sorted(re.sub(r"^/(?:[A-Z]{6}\+)?", "", name) for name in names)


def _fonts(page: Any) -> Any:
    """The fonts of a page by the names it uses."""
    return page.get("/Resources", {}).get("/Font", {}).items()
