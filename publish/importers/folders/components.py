"""Components of a site's pages (Vue, MDX): programs draw them, a book has the words that stand in them."""

from __future__ import annotations

import re
from functools import partial

from publish.importers.folders.jsdata import JsFile
from publish.importers.folders.masked import Masked
from publish.importers.folders.outline import FolderPage, FolderReading

# A value in braces is an expression; one in it may have braces of its own.
_BRACES = r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}"
_NAME = r"[A-Z][\w.]*|[a-z]+(?:-[a-z]+)+"
_TAG = re.compile(
    rf"(?<![\w\\])<(?P<end>/?)(?P<name>{_NAME})(?=[\s/>])"
    rf"(?P<rest>(?:[^>\"'{{}}]|\"[^\"]*\"|'[^']*'|{_BRACES})*?)(?P<empty>/?)>"
)
_LINK = re.compile(rf"<(?P<name>{_NAME})\b(?P<rest>[^<>]*?\s(?:href|to|link)=[^<>]*)>(?P<text>[^<>\n]+)</(?P=name)>")
_ATTRIBUTE = re.compile(
    r"(?<![\w:@.-])(?P<key>[A-Za-z][\w-]*)=\{?(?P<quote>[\"'`])(?P<value>.*?)(?P=quote)\}?", re.DOTALL
)
# Attributes whose values a reader of the site sees.
_SHOWN = ("text", "title", "label", "name", "desc", "description", "content", "caption")
# What data that a component draws calls its words; other keys are for the program.
_TOLD = (*_SHOWN, "msg", "message", "question", "answer", "body", "summary", "quote", "details")
_DATA = re.compile(
    r"(?<![\w:@.-])(?:[A-Za-z][\w-]*=\{(?P<braced>\s*\[.*\]\s*)\}|:[\w-]+=\"(?P<quoted>\s*\[[^\"]*\]\s*)\")", re.DOTALL
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif)$", re.IGNORECASE)


def without_components(text: str, page: FolderPage, reading: FolderReading) -> str:
    """A text in which the words of components stand without their tags, pictures and links as Markdown has them.

    What is no component stays: `Map<K, V>`, and a tag that is neither closed nor has attributes.
    """
    masked = Masked(text)
    names: dict[str, list[str]] = {}
    paired = {match["name"] for match in _TAG.finditer(masked.text) if match["end"]}
    current = _LINK.sub(partial(_linked, names), masked.text)
    current = _TAG.sub(partial(_words, names, paired), current)
    for found in names.values():
        reading.ledger.decide(
            "component-plain",
            page.line(found[0]),
            found[0],
            "its words are kept",
            f"a program draws it, {len(found)} times in this file" if len(found) > 1 else "a program draws it",
        )
    return masked.unmask(current)


def _linked(names: dict[str, list[str]], match: re.Match[str]) -> str:
    attributes = _attributes(match["rest"])
    address = attributes.get("href") or attributes.get("to") or attributes.get("link") or ""
    if not address:
        return match[0]
    names.setdefault(match["name"], []).append(match[0])
    return f"[{match['text'].strip()}](<{address}>)"


def _words(names: dict[str, list[str]], paired: set[str], match: re.Match[str]) -> str:
    if not (match["empty"] or match["name"] in paired or "=" in match["rest"]):
        return match[0]
    names.setdefault(match["name"], []).append(match[0])
    if match["end"]:
        return ""
    attributes = _attributes(match["rest"])
    words = " ".join(attributes[key] for key in _SHOWN if attributes.get(key))
    source = attributes.get("src", "")
    if _PICTURE.search(source):
        return f"![{attributes.get('alt') or words}](<{source}>)"
    if drawn := _drawn(match["rest"]):
        return f"\n\n**{words}**\n\n{drawn}\n\n" if words else f"\n\n{drawn}\n\n"
    if not match["empty"] and match["name"] in paired:
        return f"\n\n**{words}**\n\n" if words else ""
    return words


def _drawn(rest: str) -> str:
    """The words of the data that a component draws, an item for each of its rows; "" where it has none."""
    found = _DATA.search(rest)
    data = JsFile(f"export default {found['braced'] or found['quoted']}").exported() if found else []
    rows = [_row(one) for one in data if isinstance(one, dict)] if isinstance(data, list) else []
    return "\n".join(f"- {row}" for row in rows if row)


def _row(data: dict[str, object]) -> str:
    """The words of a row in one paragraph, its lines apart, nothing in them markup."""
    words = [value.strip() for key, value in data.items() if key in _TOLD and isinstance(value, str) and value.strip()]
    lines = [re.sub(r"([\\`*_<>\[\]#])", r"\\\1", line.strip()) for text in words for line in text.split("\n")]
    return "  \n  ".join(filter(None, lines))


def _attributes(text: str) -> dict[str, str]:
    return {match["key"]: match["value"].strip() for match in _ATTRIBUTE.finditer(text)}
