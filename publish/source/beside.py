"""The files beside the chapters that a book's settings name: glossary, definitions, decisions, index, style sheets."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from publish.convert.decisions import Decisions, read_decisions_data
from publish.convert.glossary import Glossary, read_glossary_data
from publish.errors import Faults, Place, PublishError
from publish.findings import Finding
from publish.regions import REGIONS
from publish.source.features.defined import Definition, read_definitions
from publish.source.features.indexing import IndexTerm, read_index_terms
from publish.source.settings.editions import EditionSettings
from publish.textfile import MARKDOWN, read_text, shown, shown_folder
from publish.yamlfile import YamlDocument, read_yaml

if TYPE_CHECKING:
    from publish.source.settings.schema import BookModel

GLOSSARY_FILE = "glossary.yaml"
DECISIONS_FILE = "decisions.yaml"


def glossary_file(root: Path, model: BookModel, document: YamlDocument) -> YamlDocument:
    """The book's glossary file; an empty one where there is none and none was named."""
    path = root / (model.glossary or GLOSSARY_FILE)
    if path.is_file():
        return read_yaml(read_text(path), shown(path))
    if model.glossary:
        raise PublishError(
            f'glossary "{model.glossary}" not found', f"Add it to {shown_folder(root)}", document.place(("glossary",))
        )
    return YamlDocument(None, shown(path))


def glossary_of(terms: YamlDocument) -> Glossary:
    """The terms of a glossary file."""
    return read_glossary_data(terms.data, Place(terms.file), terms.line)


def read_glossary(path: Path) -> Glossary:
    """Read a glossary file. Raises `PublishError` with file, line and key for all that is not allowed in it."""
    return glossary_of(read_yaml(read_text(path), shown(path)))


def strange_terms(glossary: Glossary, editions: tuple[EditionSettings, ...], terms: YamlDocument) -> Iterator[Finding]:
    """Forms for an edition that neither the book nor the table of regions has, once for each."""
    known = {*REGIONS, *(edition.key for edition in editions)}
    strange = {key: term.text for term in reversed(glossary.terms) for key in term.forms if key not in known}
    for key, text in strange.items():
        close = difflib.get_close_matches(key, sorted(known), n=1)
        hint = f'Did you mean "{close[0]}"?' if close else f"Choose from {', '.join(sorted(known))}"
        problem = f'the term "{text}" has a form for the edition "{key}", which the book does not have'
        yield Finding("term-edition", "warning", terms.place(("terms", text, key)), problem, hint)


def decisions_file(root: Path, file: Path) -> Path:
    """`decisions.yaml` in the book's folder; for a book of one file, `name.decisions.yaml` beside `name.md`."""
    return root / (f"{file.stem}.{DECISIONS_FILE}" if file.suffix.lower() in MARKDOWN else DECISIONS_FILE)


def read_decisions(path: Path) -> Decisions:
    """Read a file of decisions; none where it does not exist. Raises `PublishError` with file and line."""
    if not path.is_file():
        return Decisions(file=shown(path))
    found = read_yaml(read_text(path), shown(path))
    return read_decisions_data(found.data, shown(path), found.line)


def strange_decisions(decisions: Decisions, editions: tuple[EditionSettings, ...]) -> list[Finding]:
    """Decisions for an edition that neither the book nor the table of regions has."""
    known = {*REGIONS, *(edition.key for edition in editions)}
    return [
        Finding(
            "decision-unused",
            "warning",
            decisions.place(one),
            f'the decision on "{one.term}" is for the edition "{one.edition}", which the book does not have',
            "Correct the edition's key, or remove the decision",
        )
        for one in decisions.all
        if one.edition not in known
    ]


def definitions(root: Path, model: BookModel, document: YamlDocument) -> tuple[Definition, ...]:
    """The words that the book's own file defines."""
    if not model.definitions:
        return ()
    path = root / model.definitions
    if not path.is_file():
        problem = f'definitions "{model.definitions}" not found'
        raise PublishError(problem, f"Add it to {shown_folder(root)}", document.place(("definitions",)))
    return read_definitions(read_yaml(read_text(path), shown(path)))


def index_terms(root: Path, model: BookModel, document: YamlDocument) -> tuple[IndexTerm, ...]:
    """The words that the book's own file names for its index."""
    if not model.index:
        return ()
    path = root / model.index
    if not path.is_file():
        raise PublishError(
            f'index "{model.index}" not found', f"Add it to {shown_folder(root)}", document.place(("index",))
        )
    return read_index_terms(read_yaml(read_text(path), shown(path)))


def style_sheets(root: Path, model: BookModel, document: YamlDocument, faults: Faults) -> tuple[Path, ...]:
    """The book's own style sheets; one that is missing, or fetches files, goes to `faults`."""
    found = []
    for index, name in enumerate(model.css or ()):
        with faults.kept():
            found.append(_css(root, name, index, document))
    return tuple(found)


def _css(root: Path, name: str, index: int, document: YamlDocument) -> Path:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise PublishError(
            f'stylesheet "{name}" not found in the book',
            f"Add it to {shown_folder(root)}",
            document.place(("css", index)),
        )
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if re.search(r"@import|url\(\s*['\"]?(?!['\"]?data:)", line, re.IGNORECASE):
            raise PublishError(
                "a book's stylesheet may not fetch files",
                "Put what it needs into it as data:",
                Place(shown(path), number),
            )
    return path
