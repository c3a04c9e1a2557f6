"""Colours in code on web pages: spans that say what a piece of code is, around text that stays as it was."""

from __future__ import annotations

from lxml import etree

from publish.edition import xhtml
from publish.edition.xhtml import H

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


def colour(tree: xhtml.Element) -> None:
    """Mark the tokens of each listing whose language is named and known."""
    for block in tree.iter(f"{H}pre"):
        code = block[0] if len(block) == 1 and xhtml.local(block[0]) == "code" else None
        names = str(block.get("class") or "").split()
        if code is not None and len(code) == 0 and names and len(code.text or "") <= _LONGEST:
            _mark(code, names[0])


def _mark(code: xhtml.Element, language: str) -> None:
    # Loaded only where a listing names its language.
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]  # noqa: PLC0415  # as above

    text = code.text or ""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return
    tokens = [(_kind(str(kind)), value) for kind, value in lexer.get_tokens(text)]
    if "".join(value for _, value in tokens) != text:  # a lexer that mends line ends or drops what it does not know
        return
    code.text, last = "", None
    for kind, value in tokens:
        if kind:
            last = etree.SubElement(code, f"{H}span", {"class": kind})
            last.text = value
        elif last is None:
            code.text += value
        else:
            last.tail = (last.tail or "") + value


def _kind(token: str) -> str:
    path = token.removeprefix("Token.")
    return next((name for prefix, name in _KINDS if path == prefix or path.startswith(f"{prefix}.")), "")
