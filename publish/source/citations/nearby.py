"""Literature that lies beside a book's chapters and that no setting names: a `.bib` whose keys the chapters cite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from publish.cache import NONE, Cache
from publish.errors import Place, PublishError
from publish.findings import Finding
from publish.source.citations.bibliography import read_bibliography
from publish.source.project import Project
from publish.source.sheets import SourceFile
from publish.textfile import read_text, shown

_ENTRY = re.compile(
    r"^[ \t]*@(?!comment\b|string\b|preamble\b)\w+\s*[{(]\s*([^\s,{}()]+)\s*,", re.IGNORECASE | re.MULTILINE
)
_BRACKETS = re.compile(r"\[[^\[\]\n]*@[^\[\]\n]*\]")  # what stands without may be a greeting, or a decorator
_KEY = re.compile(r"(?<![\w.])@\{?([^\s;,，；@{}\[\]]+)")
_FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})")


def with_nearby(project: Project, sources: Sequence[SourceFile], cache: Cache = NONE) -> tuple[Project, list[Finding]]:
    """The project with the `.bib` files of its folder that its chapters cite, and that this is so.

    A book that names its literature is as it was, and so is a single file, whose folder may be anyone's. A file that
    is broken is told and not used: nobody has asked for it.
    """
    if project.citing or project.single_file or any(one.literature for one in sources):
        return project, []
    cited = {key: place for one in reversed(sources) for key, place in _cited(one)}
    paths = sorted(path for path in project.root.glob("*.bib") if path.is_file()) if cited else []
    used = [(path, keys) for path in paths if (keys := cited.keys() & _keys_of(path))]
    broken = {path: error for path, _ in used if (error := _fault(path, set(cited), cache))}
    findings = [
        Finding("citation-nearby", "warning", error.place or Place(shown(path)), error.problem, error.remedy)
        for path, error in broken.items()
    ]
    used = [(path, keys) for path, keys in used if path not in broken]
    if not used:
        return project, findings
    findings += [
        Finding(
            "citation-nearby",
            "note",
            min((cited[key] for key in keys), key=lambda place: (place.file, place.line)),
            f"{path.name} is used for what is cited, though no setting names it",
            f"Write bibliography: {path.name} in book.yaml, or \\@ for what is no citation",
        )
        for path, keys in used
    ]
    files = tuple(path for path, _ in used)
    return replace(project, citing=replace(project.citing, files=files)), findings


def _keys_of(path: Path) -> set[str]:
    """The keys of a library; none of one that cannot be read, which nobody has asked for."""
    try:
        return {*_ENTRY.findall(read_text(path))}
    except PublishError:
        return set()


def _fault(path: Path, cited: set[str], cache: Cache) -> PublishError | None:
    """What is wrong with a library, as far as it is cited."""
    try:
        read_bibliography([path], cited.__contains__, cache)
    except PublishError as error:
        return error
    return None


def as_warnings(findings: Sequence[Finding]) -> list[Finding]:
    """What is found of citations, where nobody has asked for any: a key that is missing stops nothing."""
    return [replace(one, severity="warning") if one.code == "citation-missing" else one for one in findings]


def _cited(file: SourceFile) -> list[tuple[str, Place]]:
    """What may be keys of citations in a file, with their places; those in code are none."""
    found, code = [], False
    for number, line in enumerate(file.lines, 1):
        code ^= bool(_FENCE.match(line))
        if "@" in line and not code:
            text = re.sub(r"`[^`]*`", "", line)
            keys = [key for group in _BRACKETS.findall(text) for key in _KEY.findall(group)]
            found += [(key.rstrip(".:"), Place(file.name, number)) for key in keys]
    return found
