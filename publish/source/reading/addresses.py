"""Addresses in a text: bare ones, and those in the brackets behind words, however they were typed."""

from __future__ import annotations

import re

from publish.han import IDEOGRAPH, IDEOGRAPHS
from publish.source.reading.unread import escaped

_ADDRESS = re.compile(
    r"(?:(?:https?|ftp)://|www\.)"
    rf"(?:[A-Za-z0-9\-._~!*'();@&=+$,/?#%:\[\]]|(?:(?<=[/=#?&%_.:\-{IDEOGRAPHS}])|(?<=_\())[{IDEOGRAPHS}])+"
)
_PATH = re.compile(
    rf"\.[A-Za-z]+(?::\d+)?[/:](?:[A-Za-z0-9\-._~'@%+/?=&#]|(?<=[/=#?&%_.:\-{IDEOGRAPHS}])[{IDEOGRAPHS}])+"
)
# CSDN, HackMD, markdown-it-imsize: ![图](a.png =600x), ![图](a.png "题" =600x400)
SIZED = re.compile(
    r"\((?P<address><[^<>\n]+>|[^\s()<>\"]+(?:[ \t]+[^\s()<>=\"]+)*)(?P<title>\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?"
    r"\s+(?P<size>=(?P<width>\d*)x\d*)(?P<behind>\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
)
# An address that is a file's or a place's, although it has spaces.
_FILE = re.compile(r"[/\\#]|\.[A-Za-z0-9]{1,8}$|^[a-z]+:")
_DESTINATION = re.compile(
    r"\(\s*(?:<[^<>\n]*>|(?:[^\s()]|\\.|\([^()\s]*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
_LOOSE = re.compile(r"\((?:[^()\n]|\([^()\n]*\))*\)")
_TITLED = re.compile(r"\((?P<address>.*?)(?P<title>\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")


def _trimmed(url: str) -> str:
    """An address without the marks that end the sentence around it (GFM §6.9)."""
    while url and (
        url[-1] in "?!.,:*_~'\";("
        or (url[-1] == ")" and url.count(")") > url.count("("))
        or (url[-1] == "]" and url.count("]") > url.count("["))
    ):
        url = url[:-1]
    return url


def closing(text: str, at: int) -> int:
    """The index behind the bracket that closes the one at `at`; 0 where none does."""
    depth = 0
    position = at
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 1
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if not depth:
                return position + 1
        elif char == "\n" and text.startswith("\n\n", position):
            return 0
        position += 1
    return 0


def pointed(bracket: str) -> str:
    """An address with spaces and brackets in it, in pointed brackets, as pandoc wants one; "" for any other."""
    found = _TITLED.fullmatch(bracket)
    if not found or "<" in found["address"] or " " not in found["address"].strip() or "(" not in found["address"]:
        return ""
    return f"(<{found['address'].strip()}>{found['title'] or ''})"


def destination(text: str, at: int) -> tuple[int, str]:
    """The index behind an address in round brackets that opens at `at`, 0 for a remark; one with spaces in it."""
    if found := _DESTINATION.match(text, at):
        return found.end(), ""
    found = _LOOSE.match(text, at)
    titled = found and _TITLED.fullmatch(found[0])
    if not found or not titled or not _FILE.search(titled["address"].strip()):
        return 0, ""
    return found.end(), found[0]


def bare(text: str, at: int, *, linked: bool) -> tuple[str, int]:
    """An address that stands bare at `at`, as a link; as it is where it is `linked` already."""
    found = _ADDRESS.match(text, at)
    if not found or linked:
        end = at + (len(_trimmed(found[0].partition("](")[0])) if found else 1)
        return text[at:end], end
    url = _trimmed(found[0])
    if not re.search(rf"[A-Za-z0-9{IDEOGRAPHS}]", url.split("://")[-1].removeprefix("www.")):
        return found[0], found.end()
    if "://" in url:
        return f"<{url}>", at + len(url)
    return f"[{escaped(url)}](<https://{url}>){{.uri}}", at + len(url)


def path(text: str, at: int) -> str:
    """What is behind the host of an address without https://, github.com/某人/仓库; "" for none with Han."""
    found = _PATH.match(text, at)
    said = _trimmed(found[0]) if found else ""
    return said if IDEOGRAPH.search(said) else ""
