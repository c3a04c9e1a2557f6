"""Chinese typography: what the page needs beyond what CSS and WeasyPrint give."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# The version of WeasyPrint whose internals the modules here were written against, and are tested with. Each leaves
# another version as it is; `render/layout.py` then says so.
TESTED = "70.0"

# What was put into WeasyPrint: the module or class, the name in it, WeasyPrint's own, ours.
_hooks: list[tuple[Any, str, Any, Any]] = []


def put(place: Any, name: str, ours: Any) -> None:
    """Put ours where WeasyPrint, in a module or class, has its own of that name; `plainly` takes it out again."""
    stock = vars(place)[name]
    if stock is not ours:
        _hooks.append((place, name, stock, ours))
        setattr(place, name, ours)


@contextmanager
def plainly() -> Iterator[None]:
    """Let WeasyPrint lay out and draw as it comes, without anything of ours that was `put` into it.

    The way out where something of ours fails. What was composed before can be drawn inside; what is laid out inside
    can be drawn outside.
    """
    for place, name, stock, _ours in reversed(_hooks):
        setattr(place, name, stock)
    try:
        yield
    finally:
        for place, name, _stock, ours in _hooks:
            setattr(place, name, ours)
