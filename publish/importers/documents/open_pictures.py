"""The pictures of an OpenDocument text where pandoc looks for them: in Pictures/, from wherever a program put them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from publish.importers.documents.opendocument import DRAW
from publish.importers.documents.parts import names_in, part_of
from publish.importers.pictures import picture_kind

HREF = "{http://www.w3.org/1999/xlink}href"
_READ = "Pictures"
_UNREAD = ".svm"  # what LibreOffice draws of an object where it draws no PNG


def addresses(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Each picture of a text with the part that holds it: the first of a frame's, the others are for want of it."""
    for one in root.iter(f"{DRAW}image"):
        if next(one.itersiblings(f"{DRAW}image", preceding=True), None) is None:
            yield one, posixpath.normpath(str(one.get(HREF, "")) or ".")


def moved_pictures(source: Path, root: etree._Element) -> dict[str, bytes]:
    """Point to Pictures/ what the text shows from elsewhere: Word's media/, what is drawn of a chart; the new parts."""
    names = names_in(source)
    moved: dict[str, bytes] = {}
    known: dict[str, str] = {}
    for image, part in addresses(root):
        if part not in names or posixpath.dirname(part) == _READ:
            continue
        if part not in known:
            data = part_of(source, part)
            suffix = posixpath.splitext(part)[1] or picture_kind(data) or _UNREAD
            name = posixpath.splitext(part)[0].replace("/", "-").replace(" ", "-")
            known[part] = f"{_READ}/{name}{suffix}"
            moved[known[part]] = data
        image.set(HREF, known[part])
    return moved
