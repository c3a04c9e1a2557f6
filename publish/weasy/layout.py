"""WeasyPrint run: HTML and the book's images in, laid-out pages out, its log as messages."""

from __future__ import annotations

import gc
import io
import logging
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from publish.edition.markup.xhtml import remember_patterns
from publish.errors import MissingToolError
from publish.regions import HAN_ONLY

try:
    import weasyprint
    from weasyprint.css import ColorProfile
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    from publish.weasy import beside, coverage, faces, hooks, notes, tags
except OSError as problem:  # cffi cannot load Pango
    _missing: OSError | None = problem
else:
    _missing = None

_log = logging.getLogger("weasyprint")
BASE = "https://book.invalid/"


@dataclass
class Log:
    """WeasyPrint's log of a layout: the code points for which no font has a glyph, and other warnings."""

    missing: dict[int, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def add(self, other: Log) -> None:
        """Add another log."""
        for point, count in other.missing.items():
            self.missing[point] = self.missing.get(point, 0) + count
        self.warnings += other.warnings


class _Handler(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._into = log

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        points = re.findall(r"U\+([0-9A-Fa-f]{4,6})", message) if "notdef" in message else []
        for point in points:
            number = int(point, 16)
            self._into.missing[number] = self._into.missing.get(number, 0) + 1
        if not points:
            self._into.warnings.append(message)


@contextmanager
def listening() -> Iterator[Log]:
    """Collect what WeasyPrint logs."""
    log = Log()
    if _missing is None and not hooks.supported():
        log.warnings.append(
            f"WeasyPrint {weasyprint.__version__} is not {hooks.TESTED}, which Chinese typesetting needs: "
            "lines are set without it"
        )
    handler = _Handler(log)
    before, propagate, handlers = _log.level, _log.propagate, list(_log.handlers)
    _log.handlers[:] = [handler]
    _log.setLevel(logging.WARNING)
    _log.propagate = False
    try:
        yield log
    finally:
        _log.handlers[:] = handlers
        _log.propagate = propagate
        _log.setLevel(before)


@contextmanager
def without_collector() -> Iterator[None]:
    """Stop Python's garbage collector: it takes a fifth of a layout's time and finds nothing while the boxes live."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def fetcher(files: Mapping[str, Path]) -> Any:
    """A fetcher that gives the book's own images and data: addresses, and nothing else."""

    class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = files.get(url.removeprefix(BASE)) if url.startswith(BASE) else None
            if path is None:
                raise ValueError(f"{url[:80]} is not a file of the book")
            # Told what it is, WeasyPrint need not ask all of Pillow's plug-ins first.
            kind = mimetypes.guess_type(path.name)[0]
            return _Picture(url, path, {"Content-Type": kind} if kind else {})

    return Fetcher()


class _Picture(URLFetcherResponse):  # type: ignore[misc]  # WeasyPrint is untyped
    """An image of the book, which WeasyPrint reads again when it writes: very many do not fit into memory."""

    def __init__(self, url: str, path: Path, headers: Mapping[str, str]) -> None:
        super().__init__(url, path.read_bytes(), headers)
        self._file = path

    @property
    def path(self) -> str:
        """The file."""
        return str(self._file)


def uncovered(text: str, families: Sequence[str], language: str) -> frozenset[str]:
    """The characters of a text that no installed font can show. Raises `MissingToolError` without Pango."""
    _need_pango()
    return coverage.uncovered(text, families, language)


def tested() -> bool:
    """Whether this is the version of WeasyPrint that our hooks were written for."""
    _need_pango()
    return hooks.supported()


def _need_pango() -> None:
    if _missing is not None:
        raise MissingToolError("WeasyPrint cannot load Pango", "Run: publish doctor") from _missing


def lay_out(html: str, files: Mapping[str, Path], **options: Any) -> Any:
    """Lay an HTML document out; `files` are its images by address. The result is WeasyPrint's `Document`.

    Raises `MissingToolError` where Pango is not installed.
    """
    _need_pango()
    hooks.install()
    remember_patterns()
    page = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=fetcher(files))
    made = page.render(font_config=configuration(), **options)
    if beside.NOTE in html:
        beside.place(made.pages)
    if any(mark in html for mark in notes.BY_PAGE):
        notes.number_by_page(made.pages)
    return made


def plainly() -> AbstractContextManager[None]:
    """WeasyPrint unmodified: the fallback when one of our hooks fails."""
    return hooks.plainly()


def configuration() -> Any:
    """WeasyPrint's font configuration for all our pages."""
    return faces.configuration(HAN_ONLY)


def one_annotation_a_link(pages: Any) -> None:
    """Drop annotations of spans inside a link: only the link's own is tagged (PDF/UA-1 §7.18.5)."""
    for page in pages.pages:
        page.links[:] = [link for link in page.links if link[3].link]


def write_pdf(document: Any, variant: str, *, identified: bool = False) -> bytes:
    """A laid-out document as a PDF in one of WeasyPrint's variants, with sRGB colours.

    `identified`: structure elements have the names of the places that links lead to as their ids.
    """
    hooks.install()
    # WeasyPrint would open the same profile itself, and never close it.
    profile = (package_files("weasyprint") / "pdf/sRGB2014.icc").read_bytes()
    components = (["r"], ["g"], ["b"])
    document.color_profiles["srgb"] = ColorProfile(
        io.BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", components
    )
    with tags.identified() if identified else nullcontext():
        data: bytes = document.write_pdf(pdf_variant=variant, output_intent="the profile above")
    return data
