"""Citation styles: CSL files, read far enough to know what kind they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from publish.errors import Place, PublishError
from publish.source.literature import AUTHOR_DATE, NUMERIC, STYLES
from publish.textfile import shown

_CSL = "{http://purl.org/net/xbiblio/csl}"


@dataclass(frozen=True)
class CitationStyle:
    """A style: its file, whether it cites by number, and whether it is one of ours, of the national standard.

    `notes` is whether it cites in notes.
    """

    file: Path
    numeric: bool
    standard: bool
    notes: bool

    @property
    def by_script(self) -> bool:
        """Whether its list has Chinese sources first (GB/T 7714-2025, 著者-出版年制)."""
        return self.standard and not self.numeric


def read_style(path: Path) -> CitationStyle:
    """Read a style. Raises `PublishError` with its line for a file that is no CSL style of its own."""
    name = shown(path)
    try:
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        place = Place(name, error.lineno or 0)
        raise PublishError(f"this is not XML: {error.msg}", "Download the style again", place) from error
    if root.tag != f"{_CSL}style":
        raise PublishError("this is no CSL style", "Take one from https://www.zotero.org/styles", Place(name))
    info = root.find(f"{_CSL}info")
    links = info.findall(f"{_CSL}link") if info is not None else []
    parent = next((one.get("href") for one in links if one.get("rel") == "independent-parent"), "")
    if parent or root.find(f"{_CSL}citation") is None:
        other = f": {parent}" if parent else ""
        raise PublishError(f"this CSL style only points to another{other}", "Take that style's file", Place(name))
    categories = info.findall(f"{_CSL}category") if info is not None else []
    numeric = any(one.get("citation-format") in ("numeric", "label") for one in categories)
    standard = path.parent == STYLES and path.stem in (NUMERIC, AUTHOR_DATE)
    return CitationStyle(path, numeric, standard, root.get("class") == "note")
