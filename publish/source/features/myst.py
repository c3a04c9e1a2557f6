"""What MyST states in directives, {prf:theorem}, {exercise}, {solution}, as the divisions that theorems are here."""

from __future__ import annotations

from publish.source.features import latex
from publish.source.features.theorems import NUMBERED, PREFIXES, STATEMENT

_OTHERWISE = {"assumption": "hypothesis"}  # what sphinx-proof calls by another name
_PROVEN = frozenset([*NUMBERED.values(), "proof"])
_SET = frozenset(["exercise", "solution"])  # those of sphinx-exercise


def statement(directive: str, label: str = "") -> str:
    """The attributes of the division that a directive stands for; empty for one that states nothing."""
    kind = _kind(directive)
    if not kind:
        return ""
    name = named(directive, label)
    return f".{STATEMENT} .{kind}" + (f" #{name}" if name else "")


def named(directive: str, label: str) -> str:
    """The name under which a book has what a directive labels; empty where that is never referred to by a number."""
    kind = _kind(directive)
    return latex.name_of(PREFIXES[kind], label) if label and kind in PREFIXES else ""


def _kind(directive: str) -> str:
    name = directive.lower()
    kind = name.removeprefix("prf:")
    if name.startswith("prf:"):
        kind = _OTHERWISE.get(kind, kind)
        return kind if kind in _PROVEN else ""
    return kind if kind in _SET else ""
