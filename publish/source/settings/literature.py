"""What book.yaml says of literature: its files, its style, where the list stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from publish.errors import Faults, PublishError
from publish.textfile import shown_folder
from publish.yamlfile import YamlDocument

if TYPE_CHECKING:
    from publish.source.settings.schema import BookModel

STYLES = Path(__file__).parents[1] / "citations" / "csl"
NUMERIC, AUTHOR_DATE = "gb-t-7714-2025-numeric", "gb-t-7714-2025-author-date"
# The class of a list that each edition sorts; the attribute of an entry with the place of its script in such a list.
BY_NAME, SCRIPT = "by-name", "script"
# What pandoc reads a bibliography as, by the end of its name.
FORMS = {
    ".bib": "biblatex",
    ".bibtex": "bibtex",
    ".json": "csljson",
    ".yaml": "markdown",
    ".yml": "markdown",
    ".ris": "ris",
}


@dataclass(frozen=True)
class Citing:
    """The files of a book's literature, its style (a CSL file), and where its list stands.

    `nocite` are keys that are listed without being cited, "*" all. `title` is the list's, where it is not the edition's
    word. `listed` and `linked` are whether there is a list, and whether citations lead to it.
    """

    files: tuple[Path, ...] = ()
    style: Path = STYLES / f"{NUMERIC}.csl"
    by: Literal["book", "chapter"] = "book"
    title: str = ""
    nocite: tuple[str, ...] = ()
    listed: bool = True
    linked: bool = True

    def __bool__(self) -> bool:
        return bool(self.files)


def read_citing(root: Path, model: BookModel, document: YamlDocument, faults: Faults) -> Citing:
    """What a book says of its literature. A file that is missing or of an unknown kind goes to `faults`."""
    files, style = [], Citing.style
    for index, name in enumerate(model.bibliography or ()):
        with faults.kept():
            files.append(bibliography_file(root, name, document, ("bibliography", index)))
    with faults.kept():
        style = _style(root, model.csl or NUMERIC, document)
    return Citing(
        files=tuple(dict.fromkeys(files)),
        style=style,
        by=model.bibliography_by,
        title=model.reference_section_title or "",
        nocite=tuple(_keys(model.nocite or ())),
        listed=not model.suppress_bibliography,
        linked=model.link_citations,
    )


def chapter_files(folder: Path, settings: YamlDocument) -> tuple[Path, ...]:
    """The files of literature that a chapter's own front matter names, from its folder.

    Raises `PublishError` for one that is missing or of an unknown kind.
    """
    said = settings.data.get("bibliography") if isinstance(settings.data, dict) else None
    names = said if isinstance(said, list) else [said] if said else []
    return tuple(bibliography_file(folder, str(name), settings, ("bibliography",)) for name in names)


def bibliography_file(folder: Path, name: str, document: YamlDocument, key: tuple[str | int, ...]) -> Path:
    """The path of a file of literature. Raises `PublishError` for one that is missing or of an unknown kind."""
    path, place = folder / name, document.place(key)
    if path.suffix.lower() not in FORMS:
        raise PublishError(
            f'"{name}" is not a bibliography that publish can read', f"Its name must end in {', '.join(FORMS)}", place
        )
    if not path.is_file():
        raise PublishError(f'bibliography "{name}" not found', f"Add it to {shown_folder(folder)}", place)
    return path


def _style(root: Path, name: str, document: YamlDocument) -> Path:
    """The CSL file of a style: one of ours by its name, or a file of the book."""
    own = {path.stem: path for path in STYLES.glob("*.csl")}
    if name.removesuffix(".csl") in own and not (root / name).is_file():
        return own[name.removesuffix(".csl")]
    path = root / name if name.endswith(".csl") else root / f"{name}.csl"
    if not path.is_file():
        remedy = f"Add it to {shown_folder(root)}, or choose from {', '.join(sorted(own))}"
        raise PublishError(f'citation style "{name}" not found', remedy, document.place(("csl",)))
    return path


def _keys(said: Sequence[str]) -> Iterator[str]:
    for one in said:
        yield from (key.lstrip("@") for key in re.split(r"[\s,;，；]+", one) if key.strip("@"))
