"""Style sheets and scripts without what nobody reads: spaces, comments, rules for what a book does not have."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial

# Strings stay as they are.
_STRING = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_CSS = re.compile(rf"{_STRING}|/\*(?!!).*?\*/\s*|\s*([{{}};,])\s*|(:)\s+", re.DOTALL)
_SCRIPT = re.compile(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|(?<=[(,=!]\s)/(?![/*])(?:[^/\\\n]|\\.)+/"""
    r"""|(?<=[(,=!])/(?![/*])(?:[^/\\\n]|\\.)+/)"""
    r"""|\s*//[^\n]*|/\*.*?\*/|\s*([;,])\s*|\s*([})\]])[ \t]*|[ \t]*([{(\[=<>?:*&|!])\s*|(\n)\s*""",
    re.DOTALL,
)
_RULE = re.compile(r"(?:^|(?<=[{};]))([^{}@;]+)\{([^{}]*)\}")
_EMPTY = re.compile(r"@(?:media|supports)[^{}]*\{\}")
# What of a selector names no element and no class: what it asks of attributes, states, and of what it is not.
_ASIDE = re.compile(r"\[[^\]]*\]|::?[\w-]+(?:\([^()]*\))?|\d+%|#[\w-]+")
_AROUND = re.compile(r"\s*([>+~])\s*")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_BETWEEN = re.compile(r",(?![^()]*\))")
_STEPS = frozenset(("from", "to"))  # of an animation


def lean_css(text: str) -> str:
    """A style sheet without spaces around its marks and without comments."""
    return _CSS.sub(lambda found: found[1] or found[2] or found[3] or "", text).replace(";}", "}").strip()


def lean_script(text: str) -> str:
    """A script without spaces around its marks and without comments; a line's end that may end a statement stays."""
    return _SCRIPT.sub(lambda found: "".join(filter(None, found.groups())), text).strip() + "\n"


def used_css(sheet: str, names: Collection[str]) -> str:
    """A lean style sheet without rules for elements and classes that are not among `names`.

    What a selector asks within brackets is not looked at: such a rule may stay.
    """
    return _EMPTY.sub("", _RULE.sub(partial(_used, names=names), sheet))


def _used(rule: re.Match[str], names: Collection[str]) -> str:
    left = [_AROUND.sub(r"\1", one) for one in _BETWEEN.split(rule[1]) if all(name in names for name in _names(one))]
    return f"{','.join(left)}{{{rule[2]}}}" if left else ""


def _names(selector: str) -> set[str]:
    """The elements and classes that a selector asks for."""
    return set(_NAME.findall(_ASIDE.sub("", selector))) - _STEPS
