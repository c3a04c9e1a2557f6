"""Colours in code on web pages: what each stretch of a listing is, told beside its text, which stays whole.

A page's own text is found, copied and read by machines as it was written: no element cuts its words. The page's script
lays the colours over it; without one, code is plain.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from publish.cache import NONE, Cache
from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H

# Pygments' kinds of tokens, the narrower ones first, and the class that the stylesheet colours; others stay plain.
_KINDS = (
    ("Comment.Preproc", "k"),
    ("Comment", "c"),
    ("Generic.Prompt", "c"),
    ("Generic.Heading", "k"),
    ("Generic.Subheading", "k"),
    ("Generic.Deleted", "k"),
    ("Generic.Inserted", "s"),
    ("Keyword.Constant", "n"),
    ("Keyword", "k"),
    ("Literal.String", "s"),
    ("Literal.Number", "n"),
    ("Name.Function", "f"),
    ("Name.Class", "f"),
    ("Name.Tag", "f"),
    ("Name.Attribute", "f"),
    ("Name.Decorator", "f"),
    ("Operator.Word", "k"),
)
# A listing longer than this is data: it would only make the page heavy.
_LONGEST = 50_000


# What stands in a `data-look` for a stretch that stays plain.
_PLAIN = "_"


def colour(tree: xhtml.Element, cache: Cache = NONE) -> None:
    """Say of each listing whose language is named and known what is what in it (`data-look`, read by web.js)."""
    for block in tree.iter(f"{H}pre"):
        code = block[0] if len(block) == 1 and xhtml.local(block[0]) == "code" else None
        names = str(block.get("class") or "").split()
        text = "".join(map(str, code.itertext())) if code is not None else ""
        if code is not None and names and len(text) <= _LONGEST and (look := _kept_look(text, names[0], cache)):
            code.set("data-look", look)


def _kept_look(text: str, language: str, cache: Cache) -> str:
    """What is what in code, as it was found before: what knows the languages takes long to load."""
    return cache.made(cache.key("look", text, language), lambda: look_of(text, language), str, str)


def look_of(text: str, language: str) -> str:
    """What is what in code: a letter and a length for each stretch, in order, the plain rest left out: `k3_4n1`.

    Lengths are UTF-16 units, as scripts count. Nothing for a language that is not known or code without a colour.
    """
    # Loaded only where a listing names its language.
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]  # noqa: PLC0415  # as above

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return ""
    tokens = [(_kind(str(kind)) or _PLAIN, value) for kind, value in lexer.get_tokens(text)]
    if "".join(value for _, value in tokens) != text:  # a lexer that mends line ends or drops what it does not know
        return ""
    stretches = [(kind, _units(value for _, value in run)) for kind, run in groupby(tokens, lambda token: token[0])]
    while stretches and stretches[-1][0] == _PLAIN:
        stretches.pop()
    return "".join(f"{kind}{length}" for kind, length in stretches)


def _units(pieces: Iterable[str]) -> int:
    """The length of a text as scripts count it: two for a character beyond the basic plane (𠮷)."""
    return sum(1 + (char > "\uffff") for piece in pieces for char in piece)


def _kind(token: str) -> str:
    path = token.removeprefix("Token.")
    return next((name for prefix, name in _KINDS if path == prefix or path.startswith(f"{prefix}.")), "")
