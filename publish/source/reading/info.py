"""The words behind a fence of code, in every tool's form: a language, a title, marked lines."""

from __future__ import annotations

import re

# Pandoc's own: in quotation marks there may be anything, a caption with a marked word too.
_PANDOC = re.compile(r"""^\{\s*[.#=](?:[^{}"']|"(?:[^"\\]|\\.)*"|'[^']*')*\}$|^\{\s*[.#=][^{}]*\}$|^\{\s*\}$""")
_BRACED = re.compile(r"^\{\s*(?P<name>[A-Za-z][\w+#.-]*)\}?(?P<rest>.*?)\}?\s*$")
_FIRST = re.compile(r"^(?P<name>[^\s{,:\[=\"]+)(?P<rest>.*)$")
_TITLE = re.compile(
    r"""\b(?:title|filename|name|caption|file)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s}]+))"""
)
_BRACKETS = re.compile(r"(?<![=\w])\[(?P<title>[^\]\n]+)\]")
# A file's name behind the language, js:src/app.js, or by itself: js app.js.
_NAMED = re.compile(r"(?:^:|(?<=\s))(?P<title>(?:[^\s{}=\"':]*/)?[^\s{}=\"':/]+\.[A-Za-z][A-Za-z0-9]{0,7})(?=[\s{]|$)")
_LINES = re.compile(
    r"""\{(?P<braces>[\d\s,-]+)\}|\b(?:hl_lines|highlight|emphasize-lines|marked|mark|lines)\s*=\s*["'{\[]?(?P<key>[\d\s,"'-]*\d)["'}]?"""
)
# Line numbers, as pandoc, MkDocs, VitePress, Docusaurus and Hugo spell the wish.
_NUMBERS = re.compile(
    r"""(?:\b(?:linenums|linenostart|startFrom|start)\s*=\s*["']?(?P<first>\d+)|:line-numbers(?:=(?P<own>\d+))?(?!\S)|\bshowLineNumbers\b"""
    r"""|\b(?:linenos|line-numbers|numberLines)\b(?!\s*=\s*["']?false))"""
)
# Languages whose names cannot be names of classes.
_SIGNED = {"c++": "cpp", "c#": "csharp", "f#": "fsharp", "obj-c": "objectivec", "objective-c": "objectivec"}
_CODE_CELLS = frozenset(["code-block", "code-cell", "code", "sourcecode", "highlight"])


def read_info(info: str) -> str:
    """What pandoc is to read behind a fence."""
    if not info or _PANDOC.match(info) or re.fullmatch(r"[^\s{}`~,:\[=\"]+", info):
        return info
    if info.startswith("{"):
        found = _BRACED.match(info)
        name, rest = (found["name"], found["rest"]) if found else ("", info)
        if name in _CODE_CELLS:
            name, _, rest = rest.strip().partition(" ")
    else:
        first = _FIRST.match(info)
        name, rest = (first["name"], first["rest"]) if first else ("", info)
        if name and _PANDOC.match(rest.strip()):  # a language before pandoc's own attributes
            return f" {{.{_name(name)} {rest.strip()[1:-1].strip()}}}"
    title = _TITLE.search(rest) or None
    shown = next((one for one in title.groups() if one), "") if title else ""
    if not shown and (bracket := _BRACKETS.search(rest)):
        shown = bracket["title"]
    if not shown and (named := _NAMED.search(rest)):
        shown = named["title"]
    lines = _LINES.search(rest)
    numbers = list(_NUMBERS.finditer(rest))
    pairs = {
        "startFrom": next((one for found in numbers for one in found.groups() if one), "1") if numbers else "",
        "title": shown,
        "marked": re.sub(r"\s+", ",", re.sub("[\"']", "", lines["braces"] or lines["key"]).strip()) if lines else "",
        "info": rest.strip(" ,{}"),
    }
    said = " ".join(f'{key}="{_quoted(value)}"' for key, value in pairs.items() if value)
    classes = f".{_name(name)} " if name else ""
    return f" {{{classes}{said}}}".replace(" }", "}")


def _name(name: str) -> str:
    name = name.lstrip(".").lower()
    return _SIGNED.get(name) or re.sub(r"[^\w-]", "-", name.replace("+", "p").replace("#", "sharp"))


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
