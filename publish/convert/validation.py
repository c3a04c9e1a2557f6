"""A YAML document validated by a pydantic model, with the first error at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from publish.errors import PublishError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from publish.yamlfile import KeyPath, YamlDocument

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], document: YamlDocument, remedy: str, nested: str) -> Model:
    """What a document says, as the model has it.

    `nested` says which keys there are below the first level, and `remedy` is that of any error but a wrong key. Raises
    `PublishError` with the line of what is wrong.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        # Where a value may have one of two shapes, the error that lies deepest is of the shape that was meant.
        found = [(_written(one["loc"], document), one) for one in error.errors(include_url=False)]
        path, first = max(found, key=lambda row: len(row[0]))
        if first["type"] == "extra_forbidden":
            keys = ", ".join(field.alias or name for name, field in model.model_fields.items())
            known = f"Allowed are {keys}" if len(path) == 1 else nested
            raise PublishError(f'unknown key "{path[-1]}"', known, document.place(path)) from error
        if first["type"] == "missing":
            raise PublishError(f'"{first["loc"][-1]}" is missing', "Add it", document.place(path)) from error
        wide = path and str(path[-1]).partition("：")
        if wide and wide[1] and first["input"] is None:
            problem = f'the colon behind "{wide[0]}" is a full-width one (：)'
            raise PublishError(
                problem, f"Write {wide[0]}: with an ASCII colon and a space", document.place(path)
            ) from error
        raise PublishError(_expected(first), remedy, document.place(path)) from error


# What the types of a model are to people.
_SHAPES = {
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
    "string_type": "text",
}


def _expected(error: ErrorDetails) -> str:
    shape = _SHAPES.get(error["type"])
    if shape is None:
        return f"{error['msg'][0].lower()}{error['msg'][1:]}, not {error['input']!r:.60}"
    if error["input"] is None:
        return f"{shape} is expected, and nothing is there"
    return f'{shape} is expected, not "{error["input"]!s:.60}"'


def _written(location: tuple[int | str, ...], document: YamlDocument) -> KeyPath:
    """Pydantic's location without the names of models that it threads in."""
    path: KeyPath = ()
    for step in location:
        if (*path, step) in document.lines:
            path = (*path, step)
    return path
