"""Settings that their schema has found right, kept: a build of the same again loads neither the schema nor pydantic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish.cache import NONE, Cache
from publish.errors import Faults
from publish.findings import Finding
from publish.formats import names as format_names
from publish.yamlfile import YamlDocument

if TYPE_CHECKING:
    from publish.source.settings.page_schema import PageModel
    from publish.source.settings.schema import BookModel, EditionModel


@dataclass(frozen=True)
class Settings:
    """What settings say, and a note of what in them is other tools'.

    `numbers` are those that the chapters have in the list that was written; `edition` and `page` say nothing.
    """

    book: BookModel
    numbers: Sequence[int]
    edition: EditionModel
    page: PageModel
    findings: tuple[Finding, ...]


class KeptModel:
    """A model that was kept: its attributes, and what else is asked of one."""

    def __init__(self, values: Mapping[str, Any], written: Sequence[str], about: Sequence[str]) -> None:
        vars(self).update(values)
        self._values, self.model_fields_set, self._about = dict(values), frozenset(written), about

    def model_copy(self, update: Mapping[str, Any]) -> KeptModel:
        """The model with other values."""
        return KeptModel(self._values | dict(update), [*self.model_fields_set, *update], self._about)

    def given(self) -> dict[str, Any]:
        """The metadata that the author wrote, by their names in Python."""
        return {name: self._values[name] for name in self._about if self._values[name] is not None}


def read_settings(head: Path, document: YamlDocument, faults: Faults, cache: Cache = NONE) -> Settings:
    """The settings in a document, of the file `head`; each fault of theirs goes to `faults`.

    Raises `PublishError` where too little of them is right.
    """
    lines = [[list(path), line] for path, line in document.lines.items()]
    key = cache.key("settings", head.name, document.file, document.data, lines, format_names())
    kept = cache.get_json(key)
    if kept is not None:
        return Settings(**{name: _again(kept[name]) for name in ("book", "numbers", "edition", "page")}, **_told(kept))
    from publish.source.settings import page_schema, schema, validated  # noqa: PLC0415  # loads pydantic

    known, findings = validated.own_keys(head, document)
    book, numbers = validated.validated(known, document, faults)
    edition, page = schema.EditionModel.model_construct(), page_schema.PageModel.model_construct()
    if not faults:
        parts = {"book": book, "numbers": [*numbers], "edition": edition, "page": page}
        told = [one.as_dict() for one in findings]
        cache.put_json(key, {name: _plain(one) for name, one in parts.items()} | {"findings": told})
    return Settings(book, numbers, edition, page, findings)


def _told(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {"findings": tuple(Finding.from_dict(one) for one in kept["findings"])}


_MODEL, _MAP = "model", "map"


def _plain(value: Any) -> Any:
    """A value of a model as JSON has it; maps and models under a name of their kind."""
    from publish.source.settings.schema import MetadataModel  # noqa: PLC0415  # loads pydantic
    from publish.source.settings.values import StrictModel  # noqa: PLC0415  # loads pydantic

    if isinstance(value, StrictModel):
        fields = {name: _plain(getattr(value, name)) for name in type(value).model_fields}
        about = [*MetadataModel.model_fields] if isinstance(value, MetadataModel) else []
        return {_MODEL: [fields, sorted(value.model_fields_set), about]}
    if isinstance(value, dict):
        return {_MAP: {key: _plain(one) for key, one in value.items()}}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _again(kept: Any) -> Any:
    """A value as `_plain` has written it."""
    if isinstance(kept, list):
        return [_again(one) for one in kept]
    if not isinstance(kept, dict):
        return kept
    if _MAP in kept:
        return {key: _again(one) for key, one in kept[_MAP].items()}
    values, written, about = kept[_MODEL]
    return KeptModel({name: _again(one) for name, one in values.items()}, written, about)
