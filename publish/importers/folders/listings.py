"""Code that a page takes from another file: the file comes along, and its fence names it where it stands now."""

from __future__ import annotations

import posixpath
import re

from publish.importers.folders.outline import FolderPage, FolderReading
from publish.importers.protocol import File

_FENCE = re.compile(r"^[ \t>]*(?P<marks>`{3,}|~{3,})(?P<info>.*)$")
_NAMED = re.compile(r"(?P<before>\b(?:include|file-path|file)=(?P<quote>[\"']?))(?P<name>[^\"'\s}]+)(?P=quote)")


def with_listings(text: str, page: FolderPage, reading: FolderReading) -> str:
    """A text whose fences lead to the files that they name; what is no file of the folder stays as it is."""
    if not _NAMED.search(text):
        return text
    lines, fence = text.split("\n"), ""
    for at, line in enumerate(lines):
        found = _FENCE.match(line)
        if fence:
            fence = "" if found and found["marks"].startswith(fence) and not found["info"].strip() else fence
        elif found:
            fence = found["marks"]
            lines[at] = line[: found.start("info")] + _NAMED.sub(
                lambda match: f"{match['before']}{_taken(match['name'], page, reading)}{match['quote']}", found["info"]
            )
    return "\n".join(lines)


def _taken(name: str, page: FolderPage, reading: FolderReading) -> str:
    file = reading.tree.find(posixpath.normpath(posixpath.join(posixpath.dirname(page.file), name)))
    if not file:
        return name
    if file not in reading.assets:
        reading.assets[file] = File(reading.free(reading.below(file)), reading.tree.path(file))
        reading.ledger.count("listings")
    return posixpath.relpath(reading.assets[file].path, posixpath.dirname(page.path) or ".")
