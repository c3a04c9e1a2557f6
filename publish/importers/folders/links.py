"""Links and images of a Markdown text: each address is passed to a function and replaced by its result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from publish.importers.folders.masked import Masked

# ](address "title"): an address in <>, or without spaces, its brackets paired.
_PLAIN = r"(?:[^\s()<>\\]|\\.|\((?:[^\s()]|\([^\s()]*\))*\))"
_INLINE = re.compile(
    rf"\]\([ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<plain>{_PLAIN}+))"
    r"(?P<rest>(?:[ \t]*\n?[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)|=\d*x\d*))?[ \t]*)\)"
)
_SPACED = re.compile(
    r"\]\([ \t]*(?P<plain>[^()<>\n\"']*(?:\([^()\n\"']*\)[^()<>\n\"']*)*?)[ \t]*(?P<rest>[ \t]\"[^\"\n]*\")?\)"
)
_DEFINITION = re.compile(r"(?m)^(?P<head> {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*)(?:<(?P<angled>[^<>\n]*)>|(?P<plain>\S+))")
_TAG = re.compile(
    r"<(?P<tag>img|a|source|video|audio|image|embed|object)\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?P<head>(?<![\w-])(?:src|href|data)\s*=\s*)(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"(?<![\\$])\$\$(?!\$)(?:(?!\n[ \t]*\n).)+?\$\$|(?<![\\$])\$(?![\s$])[^$\n]+?(?<![\s\\])\$(?!\d)", re.DOTALL
)
_IMAGE_ENDING = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?)(?:[?#].*)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """An address in a text: without percent encoding, whether it is an image's, its position."""

    url: str
    image: bool
    written: str


Mend = Callable[[Address], str | None]


def mend_links(text: str, mend: Mend) -> str:
    """A text with the addresses of its links and images replaced by what `mend` gives; None leaves one as it is."""
    masked = Masked(text)
    changed = _FORMULA.sub(lambda match: masked.keep(match[0]), masked.text)
    changed = _INLINE.sub(lambda match: _inline(match, mend), changed)
    changed = _SPACED.sub(lambda match: _inline(match, mend) if re.search(r"\s", match["plain"]) else match[0], changed)
    changed = _DEFINITION.sub(lambda match: _definition(match, mend, masked.text), changed)
    changed = _TAG.sub(lambda match: _tag(match, mend), changed)
    return masked.unmask(changed)


def quoted(address: str) -> str:
    """An address as Markdown takes it: spaces, brackets and quotes written with percent signs."""
    return re.sub(r"[\s()<>\"'\\]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), address)


def _inline(match: re.Match[str], mend: Mend) -> str:
    groups = match.groupdict()
    written = groups.get("angled") if groups.get("angled") is not None else groups["plain"]
    if not written:
        return match[0]
    url = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written)
    mended = mend(Address(unquote(url), _is_image(match.string, match.start()), written))
    if mended is None:
        return match[0]
    rest = re.sub(r"\s*=\d*x\d*", "", groups["rest"] or "")
    return f"]({quoted(mended)}{rest})"


def _is_image(text: str, bracket: int) -> bool:
    """Whether the bracket that closes at `bracket` was opened by `![`."""
    depth = 0
    for at in range(bracket, max(-1, bracket - 2000), -1):
        char = text[at]
        if at and text[at - 1] == "\\":
            continue
        if char == "]":
            depth += 1
        elif char == "[":
            depth -= 1
            if not depth:
                return at > 0 and text[at - 1] == "!"
    return False


def _definition(match: re.Match[str], mend: Mend, text: str) -> str:
    written = match["angled"] if match["angled"] is not None else match["plain"]
    label = re.escape(match["head"].strip()[1:-2])
    image = bool(_IMAGE_ENDING.search(written)) and bool(re.search(rf"!\[[^\]]*\]\[{label}\]|!\[{label}\]", text))
    mended = mend(Address(unquote(written), image, written))
    return match[0] if mended is None else f"{match['head']}{quoted(mended)}"


def _tag(match: re.Match[str], mend: Mend) -> str:
    image = match["tag"].lower() != "a"

    def attribute(one: re.Match[str]) -> str:
        written = next(value for value in (one["double"], one["single"], one["bare"]) if value is not None)
        mended = mend(Address(unquote(written), image, written)) if written else None
        return one[0] if mended is None else f'{one["head"]}"{quoted(mended)}"'

    return f"<{match['tag']}{_ATTRIBUTE.sub(attribute, match['attributes'])}>"
