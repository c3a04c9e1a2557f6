"""The parts of a document that is a ZIP file: their names, their bytes, their XML."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

from publish.errors import Place, PublishError
from publish.importers.unknown import require_sound
from publish.textfile import shown

LARGEST_PART = 500_000_000  # bytes of XML within a document


def names_in(source: Path) -> frozenset[str]:
    """The names of a document's parts; none where it is no ZIP file."""
    if not source.is_file() or not zipfile.is_zipfile(source):
        return frozenset()
    try:
        with zipfile.ZipFile(source) as opened:
            return frozenset(opened.namelist())
    except (OSError, zipfile.BadZipFile):
        return frozenset()


def part_of(source: Path, name: str) -> bytes:
    """A part of the document; empty where it is missing."""
    try:
        with zipfile.ZipFile(source) as opened:
            require_sound(opened.infolist(), source)
            if opened.getinfo(name).file_size > LARGEST_PART:
                raise PublishError(
                    f"{name} in it is larger than {LARGEST_PART:,} bytes", "Split it", Place(shown(source))
                )
            return opened.read(name)
    except KeyError:
        return b""
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise PublishError(
            f"this file is damaged ({error})", "Open it in its program and save it again", Place(shown(source))
        ) from error


def xml_of(source: Path, name: str) -> etree._Element | None:
    """A part of the document as XML; None where it is missing, or no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    data = part_of(source, name)
    try:
        return etree.fromstring(data, parser) if data else None
    except etree.XMLSyntaxError as error:
        raise PublishError(
            f"{name} in it is damaged ({error.msg})", "Open it in its program and save it again", Place(shown(source))
        ) from error
