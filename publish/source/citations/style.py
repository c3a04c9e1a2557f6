"""Citation styles: CSL files, read far enough to know what kind they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from publish.errors import Place, PublishError
from publish.source.citations.multilingual import CSL, for_language, is_multilingual
from publish.source.settings.literature import AUTHOR_DATE, NUMERIC, STYLES
from publish.textfile import shown


@dataclass(frozen=True)
class CitationStyle:
    """A style: its file, whether it cites by number, and whether it is one of ours, of the national standard.

    `notes` is whether it cites in notes, `multilingual` whether it is in CSL-M.
    """

    file: Path
    numeric: bool
    standard: bool
    notes: bool
    multilingual: bool = False

    @property
    def by_script(self) -> bool:
        """Whether its list has Chinese sources first (GB/T 7714-2025, 著者-出版年制)."""
        return self.standard and not self.numeric

    @contextmanager
    def files(self, languages: list[str]) -> Iterator[list[Path]]:
        """A file in CSL for each language (BCP 47 tags), while they are needed."""
        if not self.multilingual:
            yield [self.file for _ in languages]
            return
        with TemporaryDirectory(prefix="publish-csl-") as name:
            made = [Path(name, f"{number}.csl") for number in range(len(languages))]
            for file, language in zip(made, languages, strict=True):
                file.write_bytes(for_language(self.file.read_bytes(), language.split("-")[0]))
            yield made


def read_style(path: Path) -> CitationStyle:
    """Read a style. Raises `PublishError` with its line for a file that is no CSL style of its own."""
    name = shown(path)
    try:
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        place = Place(name, error.lineno or 0)
        raise PublishError(f"this is not XML: {error.msg}", "Download the style again", place) from error
    if root.tag != f"{CSL}style":
        raise PublishError("this is no CSL style", "Take one from https://www.zotero.org/styles", Place(name))
    info = root.find(f"{CSL}info")
    links = info.findall(f"{CSL}link") if info is not None else []
    parent = next((one.get("href") for one in links if one.get("rel") == "independent-parent"), "")
    if parent or root.find(f"{CSL}citation") is None:
        other = f": {parent}" if parent else ""
        raise PublishError(f"this CSL style only points to another{other}", "Take that style's file", Place(name))
    categories = info.findall(f"{CSL}category") if info is not None else []
    notes = root.get("class") == "note"
    # A style of notes may say that it is numeric, as its notes have numbers.
    numeric = not notes and any(one.get("citation-format") in ("numeric", "label") for one in categories)
    standard = path.parent == STYLES and path.stem in (NUMERIC, AUTHOR_DATE)
    return CitationStyle(path, numeric, standard, notes, is_multilingual(root))
