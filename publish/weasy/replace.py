"""Replacing something in WeasyPrint for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def replaced(owner: Any, name: str, ours: Any) -> Iterator[None]:
    """Put ours in place of a name in WeasyPrint's module or class; `hooks.TOUCHED` has a row for each."""
    before = vars(owner)[name]
    setattr(owner, name, ours)
    try:
        yield
    finally:
        setattr(owner, name, before)
