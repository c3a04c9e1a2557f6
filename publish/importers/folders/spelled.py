"""Marks that the original's reader takes for more than CommonMark does: headings, notes, attribute lists, icons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publish.importers.folders.masked import Masked

if TYPE_CHECKING:
    from publish.importers.folders.outline import FolderPage, FolderReading

_TIGHT = re.compile(r"(?m)^(?P<marks>#{1,6})(?=[^#\s{!])(?P<title>[^\n]*)$")
_NOTE = re.compile(r"(?m)^ {0,3}\[\^(?P<label>[^\]\n]*[ \t][^\]\n]*)\]:")
# `- [名称]:` alone in its line, where no address follows: pandoc takes the next line for the address of a link.
_NAME_ALONE = re.compile(
    r"(?m)^(?P<lead>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*)(?=\[[^\[\]\n^@][^\[\]\n]*\]:[ \t]*$)"
    r"(?!.*\n[ \t>]*<?[!-~]*[#./:][!-~]*[ \t]*$)"
)
_ICON_NAME = r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:(?:\{[^{}\n]*\})?"
_ICON = re.compile(rf"[ \t]+{_ICON_NAME}(?=[，。；：、！？）,.;:!?)\n]|$)|{_ICON_NAME}[ \t]?")
# Python-Markdown's and kramdown's: `{: #id .class key="value" }` behind what it belongs to, or on a line below it.
_BEHIND = re.compile(r"(?<=[)\]*`_~])\{:[ \t]*(?P<said>[^{}\n]*?)[ \t]*\}")
_BEHIND_HEADING = re.compile(
    r"(?m)^(?P<head> {0,3}#{1,6}[ \t][^\n{]*?)[ \t]*\{:[ \t]*(?P<said>[^{}\n]*?)[ \t]*\}[ \t]*$"
)
_BELOW = re.compile(r"(?m)(?P<line>^[^\n]*\S)?\n(?P<indent>[ \t]*)\{:[ \t]*(?P<said>[^{}\n]*?)[ \t]*\}[ \t]*$")
_CAPTIONED = re.compile(
    r"(?m)^(?P<indent>[ \t]*)!\[(?P<alt>[^\[\]\n]*)\](?P<rest>\([^()\n]*\)(?:\{[^{}\n]*\})?)[ \t]*\n(?:[ \t]*\n)*"
    r"[ \t]*(?P<words>[^\s!#|>*-][^\n]*)\n[ \t]*\{:[^{}\n]*\.(?:caption|figcaption|figure-caption)\b[^{}\n]*\}[ \t]*$"
)
_ID = re.compile(r"#([\w:.-]+)")


def with_spaced_headings(text: str, page: FolderPage, reading: FolderReading) -> str:
    """A text whose `##标题` are headings; `#标签 #标签` stays."""
    first: list[str] = []

    def spaced(match: re.Match[str]) -> str:
        if len(match["marks"]) == 1 and re.search(r"\s#\S", match["title"]):
            return match[0]
        first.append(match[0])
        return f"{match['marks']} {match['title']}"

    masked = Masked(text)
    changed = masked.unmask(_TIGHT.sub(spaced, masked.text))
    if first:
        reading.ledger.decide(
            "heading-spaced", page.line(first[0]), first[0], "made a heading", "the original's tool reads it as one"
        )
    return changed


def with_plain_labels(text: str) -> str:
    """A text whose notes have labels without spaces, and whose `- [名称]:` is a name and no link's."""
    masked = Masked(text)
    labels = {match["label"] for match in _NOTE.finditer(masked.text)}
    for label in labels:
        plain = re.sub(r"\s+", "-", label.strip())
        masked.text = masked.text.replace(f"[^{label}]", f"[^{plain}]")
    return masked.unmask(_NAME_ALONE.sub(r"\g<lead>\\", masked.text))


def without_icons(text: str, page: FolderPage, reading: FolderReading) -> str:
    """A text without the pictures of a theme's font, which say nothing that its words do not."""
    masked = Masked(text)
    found = _ICON.search(masked.text)
    if not found:
        return text
    number = len(_ICON.findall(masked.text))
    reading.ledger.decide(
        "icon-dropped",
        page.line(found[0].strip()),
        found[0].strip(),
        f"{number} left out",
        "an icon of the theme's font",
    )
    return masked.unmask(_ICON.sub("", masked.text))


def with_attributes(text: str) -> str:
    """A text whose attribute lists stand where publish reads them: ids and sizes stay, looks are the theme's.

    A paragraph of the class caption below a picture is the picture's caption.
    """
    masked = Masked(text)
    current = _CAPTIONED.sub(_captioned, masked.text)
    current = _BEHIND_HEADING.sub(r"\g<head> {\g<said>}", current)
    current = _BEHIND.sub(lambda match: f"{{{match['said']}}}" if match["said"] else "", current)
    return masked.unmask(_BELOW.sub(_named, current))


def _captioned(match: re.Match[str]) -> str:
    """A picture with the caption that stood below it; what the picture was described by stays its description."""
    alt = match["alt"].replace('"', "'").strip()
    said = f'{{alt="{alt}"}}' if alt and alt not in match["words"] and "{" not in match["rest"] else ""
    return f"{match['indent']}![{match['words']}]{match['rest']}{said}"


def _named(match: re.Match[str]) -> str:
    """What stands above an attribute list, with its id."""
    line = match["line"] or ""
    found = _ID.search(match["said"])
    if not found:
        return line
    return f"{line} []{{#{found[1]}}}" if line else f"\n{match['indent']}[]{{#{found[1]}}}"
