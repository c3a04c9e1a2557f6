"""What is told of a library in BibTeX: an abbreviation that nothing defines, a field that an entry has twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from publish.errors import Place
from publish.findings import Finding
from publish.source.citations.fields import ENTRY, NO_ENTRIES, fields_of

_ABBREVIATION = re.compile(r"[A-Za-z][\w:.+/-]*")
_DEFINED = re.compile(r"@\s*string\s*[{(]\s*([^\s=,{}()]+)\s*=", re.IGNORECASE)
# What every style of BibTeX defines.
_USUAL = frozenset("jan feb mar apr may jun jul aug sep sept oct nov dec".split()) | frozenset(
    "january february march april june july august september october november december".split()
)


def doubts(source: str, file: str, cited: Callable[[str], bool]) -> Iterator[Finding]:
    """Findings at the entries that may be `cited` by their keys."""
    known = {name.lower() for name in _DEFINED.findall(source)} | _USUAL
    found = list(ENTRY.finditer(source))
    ends = [*(match.start() for match in found[1:]), len(source)][: len(found)]
    for match, end in zip(found, ends, strict=True):
        key = match["key"]
        if match["kind"].lower() in NO_ENTRIES or not cited(key):
            continue
        seen: dict[str, str] = {}
        for name, value, at in fields_of(source, match.end(), end):
            place = Place(file, source.count("\n", 0, at) + 1)
            if source[at] not in '{"' and (word := _unknown(value, known)):
                problem = (
                    f'the entry "{key}" has as its {name} the abbreviation {word}, which nothing defines (@string)'
                )
                yield Finding("citation-entry", "warning", place, problem, f"Define it, or write {{{word}}}")
            if seen.setdefault(name, value) != value:
                problem = f'the entry "{key}" has the field {name} twice: {seen[name]}, and {value}'
                yield Finding("citation-entry", "warning", place, problem, "Take one of them out")


def _unknown(value: str, known: set[str] | frozenset[str]) -> str:
    """The abbreviation in a value that is not quoted which nothing defines; empty for none."""
    words = (one.strip() for one in value.split("#"))
    return next((one for one in words if _ABBREVIATION.fullmatch(one) and one.lower() not in known), "")


__all__ = ["doubts"]
