"""A contents written in Markdown: SUMMARY.md and _sidebar.md, headings as parts, nested lists of links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from publish.importers.folders.outline import ContentsEntry
from publish.importers.report import Ledger

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(?P<title>.+?)[ \t#]*$")
# What a contents calls itself; no part of the book.
_OWN_TITLE = re.compile(r"summary|contents|table of contents|目\s*[录錄次]", re.IGNORECASE)
_ITEM = re.compile(r"^(?P<indent>[ \t]*)(?:[-*+]|\d+[.)])[ \t]+(?P<text>.*)$")
_LINK = re.compile(
    r"!?\[(?P<title>(?:\\.|[^\[\]\\]|\[[^\[\]]*\])*)\]\([ \t]*"
    r"(?:<(?P<angled>[^<>]*)>|(?P<plain>(?:[^()\"]|\([^()]*\))*?))(?:[ \t]+\"[^\"]*\"|[ \t]+'[^']*')?[ \t]*\)"
)
_BOLD = re.compile(r"^ {0,3}(\*\*|__)(?P<title>[^*_]+)\1[ \t]*$")  # a line that is bold throughout is a part's title
_SECTION = re.compile(r"\w#|\?id=")  # a place inside a page
_INSIDE = "\0"  # what marks a file that is named for such a place
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass
class _Item:
    title: str
    address: str | None  # None: not a link
    line: int
    indent: int = -1
    children: list[_Item] = field(default_factory=list)


def read_summary(text: str, find: Callable[[str], str], ledger: Ledger) -> tuple[ContentsEntry, ...]:
    """The entries of a contents; `find` tells the file that an address means ("": none)."""
    text = re.sub(r"<!--.*?-->", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)
    top: list[_Item] = []
    into = top
    stack: list[_Item] = []
    begun = False
    for number, line in enumerate(text.split("\n"), 1):
        if heading := _HEADING.match(line):
            link = _LINK.search(heading["title"])
            own = not begun and _OWN_TITLE.fullmatch(_plain(heading["title"]))
            if not own and (begun or len(heading[1]) > 1 or (link and _address(link))):
                part = _Item(_plain(heading["title"]), _address(link) or None if link else None, number)
                top.append(part)
                into, stack = part.children, []
            begun = begun or (len(heading[1]) > 1 and not own)
        elif item := _ITEM.match(line):
            begun = True
            one = _item(item["text"], number, len(item["indent"].expandtabs(4)))
            while stack and stack[-1].indent >= one.indent:
                stack.pop()
            (stack[-1].children if stack else into).append(one)
            stack.append(one)
        elif (links := _alone(line)) and not line.startswith((" ", "\t")):
            begun = True
            if stack:  # a suffix chapter: it is in no part
                into, stack = top, []
            into.extend(_Item(_plain(link["title"]), _address(link), number) for link in links)
        elif bold := _BOLD.match(line):
            part = _Item(_plain(bold["title"]), None, number)
            top.append(part)
            into, stack, begun = part.children, [], True
    return tuple(_without_sections(_entries(top, find, ledger), set()))


def _without_sections(entries: Iterable[ContentsEntry], seen: set[str]) -> Iterator[ContentsEntry]:
    """The entries without those that lead to a place inside a page that stands above: they are sections of it."""
    for one in entries:
        file = one.file.removesuffix(_INSIDE)
        inside = file != one.file and file in seen
        seen.add(file)
        children = tuple(_without_sections(one.children, seen))
        if inside:
            yield from children
        else:
            yield ContentsEntry(one.title, file, children)


def _alone(line: str) -> list[re.Match[str]]:
    """The links of a line that says nothing beside them: `**[a](a)**`, `[a](a) | [b](b)`."""
    links = list(_LINK.finditer(line))
    return links if links and not re.search(r"\w", _LINK.sub("", line).replace("_", "")) else []


def _item(text: str, line: int, indent: int) -> _Item:
    link = _LINK.search(text)
    if not link:
        return _Item(_plain(text), None, line, indent)
    return _Item(_plain(link["title"]), _address(link), line, indent)


def _address(link: re.Match[str]) -> str:
    written = link["angled"] if link["angled"] is not None else link["plain"]
    return _ESCAPE.sub(r"\1", written).strip()


def _plain(title: str) -> str:
    """A title without Markdown's marks and HTML's tags."""
    text = re.sub(r"<[^<>]*>", "", title)
    text = re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", text)
    text = re.sub(r"(\*\*|__|`|~~)(.+?)\1", r"\2", text)
    return _ESCAPE.sub(r"\1", text).strip()


def _entries(items: Iterable[_Item], find: Callable[[str], str], ledger: Ledger) -> Iterator[ContentsEntry]:
    for one in items:
        children = tuple(_entries(one.children, find, ledger))
        if one.address is None:
            if children:
                yield ContentsEntry(one.title, "", children)
            elif one.indent >= 0:
                ledger.decide("chapter-empty", one.line, one.title, "left out", "the contents give it no page")
            continue
        yield from _linked(one, children, find, ledger)


def _linked(
    one: _Item, children: tuple[ContentsEntry, ...], find: Callable[[str], str], ledger: Ledger
) -> Iterator[ContentsEntry]:
    address = one.address or ""
    if not address:
        ledger.decide("chapter-draft", one.line, one.title, "its title kept over what stands under it", "a draft")
    elif re.match(r"[a-z][a-z0-9+.-]*:|//", address, re.IGNORECASE):
        ledger.decide("chapter-elsewhere", one.line, f"{one.title} {address}", "left out", "it is on the web")
        address = ""
    else:
        file = find(unquote(address.partition("#")[0].partition("?")[0]) or address)
        if not file and not address.startswith("#"):
            ledger.unread("chapter-missing", one.line, f"{one.title} ({address})", "there is no such file")
        address = f"{file}{_INSIDE}" if file and _SECTION.search(address) else file
    if address:
        yield ContentsEntry(one.title, address, children)
    elif children:
        yield ContentsEntry(one.title, "", children)
