"""What stands for itself in Pandoc's Markdown: a text's characters escaped, a line's start protected."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"(?<![^\s⺀-鿿：，（])[0-9A-Za-z.+-]+@[0-9A-Za-z-]+\.[0-9A-Za-z.-]+")


def escape(text: str) -> str:
    """Text with a backslash before each character that Pandoc's Markdown would take for markup."""
    return "".join(f"\\{char}" if _is_markup(text, index) else char for index, char in enumerate(text))


def _is_markup(text: str, index: int) -> bool:
    char, before, after = text[index], text[index - 1 : index] if index else "", text[index + 1 : index + 2]
    if char in "\\`*[]{}$~^" or (char in "!<&" and not after):  # ![, <b, &lt; may go on
        return True
    if char == "_":
        return not (before.isalnum() and after.isalnum())
    if char == "@":
        return not any(email.start() < index < email.end() for email in _EMAIL.finditer(text))
    if char == "<":
        return bool(re.match(r"[\w/!?]", after))
    return char == "&" and bool(re.match(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9xXA-Fa-f]+);", text[index:]))


_NUMBER = re.compile(r"(\(?(?:[0-9]+|[A-Za-z]|[ivxlcdmIVXLCDM]+|\#))([.)])(?=\s|$)")
_CAPTION = re.compile(r"([Tt]able)?(:)(?=\s|$)")
_STARTER = re.compile(r"(?:[-+*~:](?=\s|$)|[|>%]|#{1,6}(?=\s|$)|:::|---+|===+|~~~|\+[-=]|-{2,})")


def protect_start(line: str) -> str:
    """A line escaped so that Pandoc's Markdown reads its beginning as text, not as a list, heading, table or rule."""
    if match := _NUMBER.match(line):
        return f"{match[1]}\\{line[match.start(2) :]}"
    if match := _CAPTION.match(line):
        return f"{line[: match.start(2)]}\\{line[match.start(2) :]}"
    return f"\\{line}" if _STARTER.match(line) else line


def is_hidden(char: str) -> bool:
    """Control characters that XML forbids, zero-width spaces, byte order marks; not emoji joiners."""
    return (
        (char < " " and char not in "\t\n\r")
        or "\x7f" <= char <= "\x9f"
        or char in "\u200b\u2060\ufeff\u00ad\ufffe\uffff"
    )
