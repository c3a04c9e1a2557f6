"""What book.yaml may say, told: as a JSON Schema for editors, and key by key for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from publish.source.settings.schema import MetadataModel, book_model, edition_model


def book_schema(say: Callable[[str], str]) -> dict[str, Any]:
    """The JSON Schema of book.yaml, draft 2020-12, its descriptions as `say` tells them."""

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            words = {"description": say(value["description"])} if isinstance(value.get("description"), str) else {}
            return {key: told(one) for key, one in value.items()} | words
        return [told(one) for one in value] if isinstance(value, list) else value

    schema = told(book_model().model_json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def described_keys(say: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Each key of book.yaml (`page.size`) with what it means; what an edition repeats of the book is told there."""
    yield from _described(book_model(), "", say)
    own = edition_model().model_fields.keys() - MetadataModel.model_fields.keys()
    for name, meaning in _described(edition_model(), "", say):
        if name.partition(".")[0].replace("-", "_") in own and "." not in name:
            yield f"editions.KEY.{name}", meaning


def _described(model: type[BaseModel], above: str, say: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        path = f"{above}{field.alias or name}"
        yield path, say(field.description or "")
        for inner in _maps(field.annotation):
            yield from _described(inner, f"{path}.", say)


def _maps(kind: Any) -> Iterator[type[BaseModel]]:
    """The models that a value itself may be, but not those in its lists and maps, nor what a plain text may be."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    elif get_origin(kind) in (Union, UnionType, Annotated):
        for one in get_args(kind):
            yield from _maps(one)
