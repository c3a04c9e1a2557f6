"""What an author says of a book, laid over what was said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publish.source.settings.metadata import AUTHOR, EDITOR, TRANSLATOR, Accessibility, Identifier, Metadata, Person

if TYPE_CHECKING:
    from publish.source.settings.schema import MetadataModel


def of_format(model: MetadataModel, name: str) -> MetadataModel | None:
    """What a book or an edition says of a format; None where it says nothing."""
    found: MetadataModel | None = getattr(model, name, None)
    return found


def merge_metadata(metadata: Metadata, values: Mapping[str, Any]) -> Metadata:
    """`metadata` with the values of a schema model laid over it; what is not given stays."""
    changes: dict[str, Any] = {}
    if "title" in values:
        changes |= _titles(values["title"])
    for name in ("subtitle", "date", "publisher", "rights", "description", "coverage", "source", "cover_image"):
        if name in values:
            changes[name] = values[name].strip()
    if "abstract" in values and "description" not in values:
        changes["description"] = values["abstract"].strip()
    if "colophon" in values:
        changes["colophon"] = tuple((label, value.strip()) for label, value in values["colophon"].items())
    subjects = [*values.get("subject", ()), *values.get("keywords", ())]
    if subjects:
        changes["subjects"] = tuple(dict.fromkeys(subjects))
    if "author" in values or "creator" in values:
        changes["creators"] = tuple(
            _person(one, AUTHOR) for one in (*values.get("author", ()), *values.get("creator", ()))
        )
    changes |= _contributors(metadata, values)
    if "identifier" in values:
        changes["identifiers"] = tuple(
            Identifier(one) if isinstance(one, str) else Identifier(one.text, one.scheme)
            for one in values["identifier"]
        )
    for name, key in (
        ("collection", "belongs_to_collection"),
        ("position", "group_position"),
        ("progression", "page_progression_direction"),
    ):
        if key in values:
            changes[name] = values[key]
    accessibility = _accessibility(metadata.accessibility, values)
    return replace(metadata, accessibility=accessibility, **changes)


def _titles(titles: list[Any]) -> dict[str, str]:
    changes: dict[str, str] = {}
    for one in titles:
        text, kind, file_as = (one, "main", "") if isinstance(one, str) else (one.text, one.type, one.file_as)
        if kind == "main" and "title" not in changes:
            changes |= {"title": text.strip(), "title_file_as": file_as}
        elif kind == "subtitle":
            changes["subtitle"] = text.strip()
        elif kind == "collection":
            changes["collection"] = text.strip()
    return changes


def _person(one: Any, role: str) -> Person:
    if isinstance(one, str):
        return Person(one.strip(), role)
    codes = {"author": "aut", "translator": "trl", "editor": "edt", "illustrator": "ill"}
    return Person((one.name or one.text or "").strip(), codes.get(one.role or role, one.role or role), one.file_as)


def _contributors(metadata: Metadata, values: Mapping[str, Any]) -> dict[str, Any]:
    """The contributors given here; those of the book stay whose role is not given anew."""
    before, own = list(metadata.contributors), list[Person]()
    for key, role in (("contributor", "ctb"), ("translator", TRANSLATOR), ("editor", EDITOR)):
        if key in values:
            given_here = [_person(one, role) for one in values[key]]
            roles = {one.role for one in given_here}
            before = [] if key == "contributor" else [one for one in before if one.role not in roles]
            own += given_here
    return {"contributors": (*before, *own)} if own or before != list(metadata.contributors) else {}


def _accessibility(stated: Accessibility, values: Mapping[str, Any]) -> Accessibility:
    names = {
        "access_modes": "access_modes",
        "access_mode_sufficient": "access_mode_sufficient",
        "features": "accessibility_features",
        "hazards": "accessibility_hazards",
    }
    changes: dict[str, Any] = {field: tuple(values[key]) for field, key in names.items() if key in values}
    if "accessibility_summary" in values:
        changes["summary"] = values["accessibility_summary"]
    if "accessibility_certified_by" in values:
        changes["certified_by"] = values["accessibility_certified_by"]
    return replace(stated, **changes)
