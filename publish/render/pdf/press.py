"""A PDF made ready for a printing press: inks instead of colours, no links, and PDF/X's words about itself.

WeasyPrint lays out and writes the same parts for a press as for any page, so that what is kept of them serves both, and
its own PDF/X variants, which leave colours as they are and state the time of the clock, are not used. What a press
needs is made of the whole book's PDF (ISO 15930-4 for PDF/X-1a:2003, ISO 15930-7 for PDF/X-4).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageChops

from publish.affine import Matrix, matrix_of, times
from publish.cache import Cache
from publish.errors import Place
from publish.findings import Finding
from publish.render.pdf.flatten import Flat, bare_fonts, drop_groups, flat_picture, is_clear
from publish.render.pdf.ink_stream import (
    AWAY,
    OVER,
    InkStream,
    StreamState,
    as_colour,
    as_rgb,
)
from publish.render.pdf.inks import Inks
from publish.source.settings.page import Press

ObjectKey = tuple[int, int]  # of an object of a PDF
VERSIONS = {"PDF/X-4": "1.6", "PDF/X-1a": "1.4"}  # of PDF
_QUALITY = 92  # of a photograph that is written a second time
_OVERPRINT = {
    OVER: {"/Type": Name.ExtGState, "/OP": True, "/op": True, "/OPM": 1},
    AWAY: {"/Type": Name.ExtGState, "/OP": False, "/op": False, "/OPM": 1},
}
_XMP = {"pdfxid": "http://www.npes.org/pdfx/ns/id/"}
_REGISTRY = "http://www.color.org"


def prepare(pdf: pikepdf.Pdf, press: Press, modified: dt.datetime, cache: Cache) -> list[Finding]:
    """Make a finished PDF one for a press, in place; say what of it the press cannot have.

    Raises `PublishError` for a profile that is damaged.
    """
    inks = Inks(press)
    masks = set(_masks(pdf))
    flattens = press.standard == "PDF/X-1a"
    streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
    pages = [Flat() if flattens else None for _ in pdf.pages]
    done = dict.fromkeys(masks)
    for page, flat in zip(pdf.pages, pages, strict=True):
        _drop_annotations(page.obj)
        page.obj.Contents = pdf.make_stream(_Inked(pdf, inks, done, flat).content(page.obj, page.obj.Resources))
    lost = 0
    for each in streams:
        if each.get("/Subtype") == "/Image":
            lost += not _convert_picture(pdf, each, inks, cache, flattens=flattens)
        elif each.get("/Subtype") == "/Form" or each.get("/PatternType") == 1:
            _convert_rest(pdf, each, inks, done, mask=each.objgen in masks)
    findings = [_kept(page.label, flat) for page, flat in zip(pdf.pages, pages, strict=True) if flat and flat.kept]
    findings += [_unread(lost)] if lost else []
    if flattens:
        bare_fonts(pdf)
        if not findings:
            drop_groups(pdf)
    for resources in list(_resources(pdf)):
        _convert_shadings(resources, inks)
        if "/ColorSpace" in resources:
            del resources["/ColorSpace"]
    _drop_references(pdf)
    _say(pdf, press, inks, modified, keeps=not findings)
    return findings


def _kept(label: str, flat: Flat) -> Finding:
    problem = f"page {label}: {flat.kept[0]}, which cannot be made flat, so the PDF does not call itself PDF/X-1a"
    remedy = "Make it opaque, or a picture, or write page: {standard: PDF/X-4} where the printer takes it"
    return Finding("press-clear", "warning", Place(""), problem, remedy)


def _unread(count: int) -> Finding:
    some = "a picture is" if count == 1 else f"{count} pictures are"
    problem = f"{some} packed in a way that publish cannot read, and left in the colours of screens"
    return Finding("press-rgb", "warning", Place(""), problem, "Save it as an ordinary PNG or JPEG")


def _convert_rest(
    pdf: pikepdf.Pdf, stream: pikepdf.Stream, inks: Inks, done: dict[ObjectKey, None], *, mask: bool
) -> None:
    """A form or a pattern that no page draws by itself, and the colour space of any group."""
    if "/Group" in stream and "/CS" in stream.Group:
        stream.Group.CS = Name.DeviceGray if mask else Name.DeviceCMYK
    if mask or stream.objgen not in done:
        stream.write(_Inked(pdf, inks, done, None, mask).content(stream, stream.get("/Resources", Dictionary())))


@dataclass
class _Inked:
    """The content of pages and forms in inks; their resources learn what it uses."""

    pdf: pikepdf.Pdf
    inks: Inks
    done: dict[ObjectKey, None]  # the forms that have been converted, and those that are masks
    flat: Flat | None
    mask: bool = False

    def content(self, holder: Any, resources: Any, state: StreamState | None = None) -> bytes:
        """The content of a page or a form, which may begin with the state of what draws it."""

        def inside(form: Any, given: StreamState) -> Any:
            if self.flat and (min(*given.alpha, given.group) < 1 or is_clear(form)):
                return self._flat_form(form, given, resources)
            if form.objgen not in self.done:
                self.done[form.objgen] = None
                begins = StreamState(_inner(form, given.ctm))
                form.write(self.content(form, form.get("/Resources", resources), begins))
            return None

        run = InkStream(self.inks, resources, self.mask, self.flat, inside)
        instructions = pikepdf.parse_content_stream(holder)
        content = pikepdf.unparse_content_stream(run.run(instructions, state or StreamState()))
        if run.overprints:
            if "/ExtGState" not in resources:
                resources["/ExtGState"] = Dictionary()
            for name, given in _OVERPRINT.items():
                resources.ExtGState[str(name)] = Dictionary(given)
        return content

    def _flat_form(self, form: Any, given: StreamState, resources: Any) -> Any:
        """A form as it is drawn in one place, flat; the name that it has from now on."""
        begins = StreamState(_inner(form, given.ctm), given.fill, given.stroke, alpha=given.alpha, group=given.group)
        if "/Group" in form:  # its own content begins opaque, and is seen through as a whole
            begins = replace(begins, alpha=(1, 1), group=given.group * given.alpha[0])
        own: Any = Dictionary(form.Resources) if "/Resources" in form else Dictionary()
        for kind in ("/XObject", "/ExtGState"):
            own[kind] = Dictionary(own[kind]) if kind in own else Dictionary()
        made = self.pdf.make_stream(self.content(form, own, begins))
        made.update({key: value for key, value in form.items() if key not in ("/Length", "/Filter", "/Group")})
        made.Resources = own
        name = f"/Flat{len(resources.XObject)}"
        resources.XObject[name] = made
        return Name(name)


def _inner(form: Any, ctm: Matrix) -> Matrix:
    """The way from a form's own space to that of the page."""
    return times(matrix_of(form.Matrix), ctm) if "/Matrix" in form else ctm


def _flatten_picture(pdf: pikepdf.Pdf, picture: pikepdf.Stream) -> None:
    """A picture on paper, what is clear in it left out (ISO 32000-1 §8.9.6.3)."""
    mask: Any = picture.SMask
    image, bits = flat_picture(_opened(picture), mask)
    del picture["/SMask"]
    picture.write(image.tobytes())
    for name in ("/Decode", "/DecodeParms"):
        if name in picture:
            del picture[name]
    if bits is not None:
        about = Dictionary(Type=Name.XObject, Subtype=Name.Image, ImageMask=True, BitsPerComponent=1)
        about.Width, about.Height = image.size
        picture.Mask = pdf.make_stream(bits, about)


def _masks(pdf: pikepdf.Pdf) -> Iterator[ObjectKey]:
    """The forms whose light is a mask, and those inside them."""
    for resources in _resources(pdf):
        for state in resources.get("/ExtGState", Dictionary()).values():
            mask = state.get("/SMask")
            if isinstance(mask, Dictionary) and mask.get("/S") == "/Luminosity":
                yield from _forms(mask.G)


def _forms(form: Any) -> Iterator[ObjectKey]:
    yield form.objgen
    resources = form.get("/Resources", Dictionary())
    for kind in ("/XObject", "/Pattern"):
        for each in resources.get(kind, Dictionary()).values():
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") != "/Image":
                yield from _forms(each)


def _resources(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """The resources of all pages, forms and patterns, each once."""
    seen: set[ObjectKey] = set()
    holders = [*(page.obj for page in pdf.pages), *(each for each in pdf.objects if isinstance(each, pikepdf.Stream))]
    for holder in holders:
        resources = holder.get("/Resources")
        if resources is not None and (resources.objgen == (0, 0) or resources.objgen not in seen):
            seen.add(resources.objgen)
            yield resources


def _convert_picture(pdf: pikepdf.Pdf, picture: pikepdf.Stream, inks: Inks, cache: Cache, *, flattens: bool) -> bool:
    """A picture in the inks of the press, in place; what was made of it before is not made again. False: unread."""
    try:
        _put_inks(pdf, picture, inks, cache, flattens=flattens)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _put_inks(pdf: pikepdf.Pdf, picture: pikepdf.Stream, inks: Inks, cache: Cache, *, flattens: bool) -> None:
    if flattens and "/SMask" in picture:
        _flatten_picture(pdf, picture)
    space = picture.get("/ColorSpace")
    kept = (Name.DeviceGray,) if inks.press.one_ink else (Name.DeviceGray, Name.DeviceCMYK)  # inks that its maker chose
    if space is None or space in kept:
        return
    key = cache.key("press-picture", _hash(picture), _hash_of(inks)) if cache.folder else ""
    made = cache.get(key) if key else None
    if made is None:
        made = _encoded(picture, inks)
        if key:
            cache.put(key, made)
    kind, data = made[:4], made[4:]
    picture.ColorSpace = Name.DeviceGray if kind[:1] == b"L" else Name.DeviceCMYK
    picture.BitsPerComponent = 8
    for name in ("/Decode", "/DecodeParms"):
        if name in picture:
            del picture[name]
    if kind[1:] == b"DCT":
        if kind[:1] == b"C":
            picture.Decode = Array([1, 0] * 4)  # Adobe's habit, which Pillow follows
        picture.write(data, filter=Name.DCTDecode)
    else:
        picture.write(data)


def _encoded(picture: pikepdf.Stream, inks: Inks) -> bytes:
    """A letter for the colours, three for the way of packing, and the data: a photograph stays JPEG."""
    made = inks.picture(_opened(picture))
    letter = b"L" if made.mode == "L" else b"C"
    if picture.get("/Filter") != Name.DCTDecode:
        return letter + b"RAW" + made.tobytes()
    out = io.BytesIO()
    made.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return letter + b"DCT" + out.getvalue()


def _opened(picture: pikepdf.Stream) -> Image.Image:
    """The picture as it is shown, without its mask: WeasyPrint writes JPEG, and bytes of one to four colours."""
    if picture.get("/Filter") == Name.DCTDecode:
        image = Image.open(io.BytesIO(picture.read_raw_bytes()))
        # Pillow reads inks the way of Adobe's programs; a PDF that does not say that they are so has them as they are.
        return ImageChops.invert(image) if image.mode == "CMYK" and "/Decode" not in picture else image
    mode = {"/DeviceGray": "L", "/DeviceRGB": "RGB", "/DeviceCMYK": "CMYK"}[str(picture.ColorSpace)]
    return Image.frombytes(mode, (int(picture.Width), int(picture.Height)), picture.read_bytes())


def _hash(picture: pikepdf.Stream) -> str:
    space = picture.ColorSpace
    told = repr([int(picture.Width), int(picture.Height), str(picture.get("/Filter")), str(picture.get("/Decode"))])
    kind = space.unparse(resolved=True) if isinstance(space, pikepdf.Object) else b""
    return hashlib.sha256(told.encode() + kind + picture.read_raw_bytes()).hexdigest()


def _hash_of(inks: Inks) -> str:
    press = inks.press
    return hashlib.sha256(inks.profile + f"{press.one_ink} {press.ink_limit}".encode()).hexdigest()


def _convert_shadings(resources: Any, inks: Inks) -> None:
    spaces = {str(key): value for key, value in resources.get("/ColorSpace", {}).items()}
    shadings = [*resources.get("/Shading", Dictionary()).values()]
    patterns = resources.get("/Pattern", Dictionary()).values()
    shadings += [pattern.Shading for pattern in patterns if "/Shading" in pattern]
    for shading in shadings:
        space = shading.get("/ColorSpace")
        if space in (Name.DeviceCMYK, Name.DeviceGray):
            continue  # in inks already, or a mask
        _convert_function(shading.Function, space, spaces, inks)
        shading.ColorSpace = Name.DeviceCMYK


def _convert_function(function: Any, space: Any, spaces: dict[str, Any], inks: Inks) -> None:
    """The colours between which a gradient runs, in inks: WeasyPrint's gradients are straight lines, and these too."""
    for each in function.get("/Functions", ()):
        _convert_function(each, space, spaces, inks)
    for end in ("/C0", "/C1"):
        if end in function:
            colour = as_colour(space, list(function[end]), spaces)
            if colour is not None:
                function[end] = Array(_rounded(inks.of(as_rgb(colour))))
    if "/Range" in function:
        del function["/Range"]


def _rounded(numbers: Any) -> list[float]:
    return [round(float(one), 3) for one in numbers]


def _drop_annotations(page: Any) -> None:
    """Links are for screens: inside what is printed PDF/X allows none (ISO 15930-7 §6.21)."""
    if "/Annots" in page:
        del page["/Annots"]


def _drop_references(pdf: pikepdf.Pdf) -> None:
    """Take the links that were dropped out of the structure, too."""
    for each in pdf.objects:
        if isinstance(each, Dictionary) and "/K" in each and "/S" in each:
            kids = each.K
            if isinstance(kids, Array):
                each.K = Array([kid for kid in kids if not _refers(kid)])
            elif _refers(kids):
                each.K = Array()


def _refers(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and kid.get("/Type") == "/OBJR"


def _say(pdf: pikepdf.Pdf, press: Press, inks: Inks, modified: dt.datetime, *, keeps: bool) -> None:
    """Which PDF/X this is, for which press, and when it was made; no PDF/X where nobody knows the press."""
    is_x = bool(inks.profile) and keeps
    if inks.profile:
        pdf.Root.OutputIntents = Array([pdf.make_indirect(_intent(pdf, press, inks))])
    elif "/OutputIntents" in pdf.Root:
        del pdf.Root["/OutputIntents"]
    about = {
        name: str(pdf.docinfo[name]) for name in ("/Title", "/Author", "/Subject", "/Keywords") if name in pdf.docinfo
    }
    at = f"D:{modified:%Y%m%d%H%M%S}Z"
    about |= {"/Creator": "publish", "/Producer": str(pdf.docinfo.get("/Producer", "WeasyPrint"))}
    about |= {"/CreationDate": at, "/ModDate": at}
    old = is_x and press.standard == "PDF/X-1a"
    pdf.docinfo = pdf.make_indirect(Dictionary({name: String(value) for name, value in about.items()}))
    pdf.docinfo["/Trapped"] = Name("/False")
    if old:
        pdf.docinfo["/GTS_PDFXVersion"] = String("PDF/X-1a:2003")
    _say_again(pdf, about, modified, press.standard if is_x and not old else "")


def _intent(pdf: pikepdf.Pdf, press: Press, inks: Inks) -> Dictionary:
    """The output intent (ISO 32000-1 §14.11.5): the press, by its profile and, where it is registered, its name."""
    profile = pdf.make_stream(inks.profile)
    profile.N = 4
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(press.condition or "Custom"),
        Info=String(inks.name),
        DestOutputProfile=profile,
    )
    if press.condition:
        intent.RegistryName = String(_REGISTRY)
    return intent


def _say_again(pdf: pikepdf.Pdf, about: dict[str, str], modified: dt.datetime, version: str) -> None:
    """The same in XMP, which PDF/X-4 wants (ISO 15930-7 §6.7)."""
    for prefix, uri in _XMP.items():
        pikepdf.models.PdfMetadata.register_xml_namespace(uri, prefix)
    del pdf.Root["/Metadata"]
    stamp = f"{modified:%Y-%m-%dT%H:%M:%S}+00:00"
    name = hashlib.sha256("\n".join([*about.values(), stamp]).encode()).hexdigest()
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
        said["dc:title"] = about.get("/Title", "")
        if "/Author" in about:
            said["dc:creator"] = [about["/Author"]]
        said["dc:format"] = "application/pdf"
        said["xmp:CreatorTool"], said["pdf:Producer"] = about["/Creator"], about["/Producer"]
        for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            said[key] = stamp
        said["xmpMM:DocumentID"] = f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"
        said["xmpMM:VersionID"], said["xmpMM:RenditionClass"] = "1", "default"
        said["pdf:Trapped"] = "False"
        if version:
            said["pdfxid:GTS_PDFXVersion"] = version
