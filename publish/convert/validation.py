"""A YAML document validated by a pydantic model, with the first error at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from publish.errors import PublishError

if TYPE_CHECKING:
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
        problem = f"{first['msg'][0].lower()}{first['msg'][1:]}, not {first['input']!r:.60}"
        raise PublishError(problem, remedy, document.place(path)) from error


def _written(location: tuple[int | str, ...], document: YamlDocument) -> KeyPath:
    """Pydantic's location without the names of models that it threads in."""
    path: KeyPath = ()
    for step in location:
        if (*path, step) in document.lines:
            path = (*path, step)
    return path
