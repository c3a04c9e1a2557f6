"""Fonts of a PDF in parts: each part is written without fonts and reports its glyphs; all share one subset."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pydyf
import weasyprint.pdf
from weasyprint import DEFAULT_OPTIONS
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.text.ffi import ffi, fontconfig, harfbuzz, pangoft2

from publish.cache import Cache
from publish.weasy import hooks, speed, tags
from publish.weasy.layout import one_annotation_a_link, write_pdf
from publish.weasy.records import FontRecord, NotApartError
from publish.weasy.replace import replaced

ffi.cdef(
    """
    FcPattern *pango_fc_font_get_pattern(PangoFcFont *font);
    hb_blob_t *hb_blob_create_from_file(const char *file_name);
    hb_face_t *hb_face_create(hb_blob_t *blob, unsigned int index);
    """,
    override=True,
)
_OPTIONS = {**DEFAULT_OPTIONS, "pdf_version": "1.7"}
_SHOWN = ("widths", "to_unicode")  # of the glyphs that were shown


@dataclass
class _Fonts:
    """The fonts that a part has used, and the file and index of each by the `id` of WeasyPrint's object."""

    used: list[Any] = field(default_factory=list)
    sources: dict[int, tuple[str, int]] = field(default_factory=dict)


def write_part(
    whole: Any, variant: str | None, name: str, *, identified: bool = False
) -> tuple[bytes, tuple[FontRecord, ...]]:
    """A document's PDF without its fonts, with links to anchors in other parts; the fonts it needs.

    `name` keeps the ids in its structure apart from those of other parts; `identified`: as `write_pdf` has it.
    """
    hooks.install()
    one_annotation_a_link(whole)
    seen = _Fonts()
    with ExitStack() as replacements:
        replacements.enter_context(replaced(weasyprint.pdf, "resolve_links", _every_link))
        replacements.enter_context(replaced(weasyprint.pdf, "add_outlines", lambda *_: None))
        replacements.enter_context(replaced(weasyprint.pdf, "build_fonts_dictionary", _not_embedded(seen)))
        replacements.enter_context(replaced(pdf_fonts.Font, "__init__", _sourced(seen)))
        replacements.enter_context(tags.named(name))
        data = write_pdf(whole, variant, identified=identified) if variant else whole.write_pdf()
    return data, tuple(_font_record(font, *seen.sources[id(font)]) for font in seen.used)


def _every_link(made: Sequence[Any]) -> Iterator[Any]:
    """WeasyPrint's `resolve_links`, which keeps the links to other parts."""
    known: set[str] = set()
    for page in made:
        anchors = []
        for name, (x, y, _, _) in page.anchors.items():
            if name not in known:
                anchors.append((name, x, y))
                known.add(name)
        yield list(page.links), anchors


def _not_embedded(seen: _Fonts) -> Any:
    def fonts_dictionary(_pdf: Any, used: Mapping[Any, Any], *_others: Any) -> Any:
        seen.used += used.values()
        return pydyf.Dictionary()

    return fonts_dictionary


def _sourced(seen: _Fonts) -> Any:
    """WeasyPrint's `Font.__init__`, noting the file that the font comes from."""
    make = pdf_fonts.Font.__init__

    def read(font: Any, pango_font: Any, *others: Any) -> None:
        make(font, pango_font, *others)
        pattern = pangoft2.pango_fc_font_get_pattern(ffi.cast("PangoFcFont *", pango_font))
        with ffi.new("FcChar8 **") as name:
            if fontconfig.FcPatternGetString(pattern, b"file", 0, name) != 0:
                raise NotApartError("a font has no file")
            seen.sources[id(font)] = (ffi.string(name[0]).decode(), int(font.index))

    return read


def _font_record(font: Any, file: str, index: int) -> FontRecord:
    if font.missing:  # their numbers are made up, and each part makes up its own
        raise NotApartError("glyphs are missing")
    kept = {key: value for key, value in vars(font).items() if key not in ("hb_font", "hb_face", "file_content")}
    return FontRecord(kept, file, index)


def embed(records: Iterable[FontRecord], cache: Cache, pack: Callable[[bytes], bytes] = bytes) -> bytes:
    """A PDF with one subset of each font and nothing else, named as by WeasyPrint, in `/Fonts` of its catalog, packed.

    It is kept so, and so is each subset, and taken where the same glyphs were asked of the fonts before.

    Raises `NotApartError` where two parts mean different faces by one name.
    """
    merged: dict[str, FontRecord] = {}
    for record in records:
        name = record.known["hash"]
        before = merged.get(name)
        if before is not None and (before.file, before.index) != (record.file, record.index):
            raise NotApartError("two fonts have the same name")
        merged[name] = record if before is None else _both(before, record)
    fonts = [_in_order(record) for record in merged.values()]
    key = cache.key("pdf-fonts", *map(_reads, fonts))
    kept = cache.get(key)
    if kept is None:
        kept = pack(_embedded(fonts, cache))
        cache.put(key, kept)
    return kept


def _both(one: FontRecord, other: FontRecord) -> FontRecord:
    """A font as two parts used it."""
    shown = {kind: {**other.known[kind], **one.known[kind]} for kind in _SHOWN}
    return replace(one, known={**one.known, **shown})


def _in_order(record: FontRecord) -> FontRecord:
    """A font with its glyphs in order, whichever part showed them first."""
    return replace(
        record, known={**record.known, **{kind: dict(sorted(record.known[kind].items())) for kind in _SHOWN}}
    )


def _reads(record: FontRecord) -> tuple[object, ...]:
    """All that is embedded of a font."""
    others = {name: value for name, value in record.known.items() if name not in _SHOWN}
    shown = [[*record.known[kind]] for kind in _SHOWN], [[*record.known[kind].values()] for kind in _SHOWN]
    return Path(record.file).name, record.index, others, shown


def _embedded(fonts: Sequence[FontRecord], cache: Cache) -> bytes:
    hooks.install()
    pdf = pydyf.PDF()
    with replaced(pdf_fonts.Font, "subset", _kept(cache, {one.known["hash"]: (one.file, one.index) for one in fonts})):
        opened = {one.known["hash"]: _opened(one) for one in fonts}
        dictionary = pdf_fonts.build_fonts_dictionary(pdf, opened, True, True, _OPTIONS)
    pdf.add_object(dictionary)
    pdf.catalog["Fonts"] = dictionary.reference
    output = io.BytesIO()
    pdf.write(output, b"1.7", compress=True)
    return output.getvalue()


def _kept(cache: Cache, sources: Mapping[str, tuple[str, int]]) -> Any:
    """WeasyPrint's `Font.subset`, unless what it makes was kept: that depends on the face and the glyphs."""
    make = pdf_fonts.Font.subset

    def subset(font: Any, to_unicode: Mapping[int, str], hinting: bool) -> None:
        file, index = sources[font.hash]
        key = cache.key("pdf-subset", font.hash, Path(file).name, index, sorted(to_unicode), hinting)
        kept = cache.get(key)
        if kept is None:
            make(font, to_unicode, hinting)
            cache.put(key, bytes(font.file_content))
        else:
            font.file_content = kept

    return subset


def _opened(record: FontRecord) -> Any:
    """WeasyPrint's `Font` from a part's record of it, its face opened again."""
    font = object.__new__(pdf_fonts.Font)
    font.__dict__.update({**record.known, "widths": {**record.known["widths"]}})
    blob = harfbuzz.hb_blob_create_from_file(record.file.encode())
    face = harfbuzz.hb_face_create(blob, record.index)
    harfbuzz.hb_blob_destroy(blob)
    font.hb_face = ffi.gc(face, harfbuzz.hb_face_destroy)
    font.file_content = speed.seen(font.hb_face)
    return font
