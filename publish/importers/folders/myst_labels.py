"""What MyST refers to: labels, roles, and the names that formulas, figures and headings have for them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from publish.importers.folders.addresses import find_page
from publish.importers.folders.literature import cited
from publish.importers.folders.masked import Masked
from publish.importers.folders.outline import FolderPage, FolderReading
from publish.source.features.myst import named

_IN_PARAGRAPH = r"(?:(?!\n[ \t]*\n).)+?"
# A role, or a code span, in which `{note}` is the name of a thing.
ROLE = re.compile(
    rf"\{{(?P<name>[\w:+.-]+)\}}(?P<ticks>`+)(?P<text>{_IN_PARAGRAPH})(?P=ticks)(?!`)"
    rf"|(?<!`)(?P<code>`+)(?!`){_IN_PARAGRAPH}(?<!`)(?P=code)(?!`)",
    re.DOTALL,
)
TARGET = re.compile(
    r"(?m)^\((?P<name>[^()\s]+)\)=[ \t]*\n+(?P<hashes>#{1,6})[ \t]+(?P<title>.+?)[ \t]*$|^\((?P<alone>[^()\s]+)\)=[ \t]*$"  # noqa: E501  # one pattern or row on one line
)
LINK = re.compile(r"(?<!!)\[(?P<title>[^\[\]\n]*)\]\(<?#?(?P<label>[\w:/.-]+)>?\)")
# A class or a function in a program, which Sphinx describes on pages that it makes.
_PROGRAMS = re.compile(r"(?:[A-Za-z_]\w*\.)+(?!(?:md|rst|py|ipynb|html?|txt|com|org|cn|io)$)[A-Za-z_]\w*")
_NAMED = re.compile(r"(?m)^[ \t]*:(?:name|label):[ \t]*(?P<label>\S+)")
_NUMBERED = ("math", "figure", "subfigure")
# The labels of numbered things: a formula's behind it or in its directive, a figure's in its own.
FORMULA_LABEL = re.compile(r"(?m)\$\$[ \t]*\((?P<label>[^()\s]+)\)[ \t]*$")
_DIRECTIVE_LABEL = re.compile(
    r"(?m)^[ \t]*(?:`{3,}|:{3,})[ \t]*"
    r"\{(?P<directive>math|figure|subfigure|prf:\w+|(?:exercise|solution)(?:-start)?)\}[^\n]*\n"
    r"(?:[ \t]*(?!:(?:label|name):):[\w-]+:[^\n]*\n)*"
    r"(?:[ \t]*---[ \t]*\n(?:[ \t]*(?!(?:label|name):)[\w-]+:[^\n]*\n)*)?"  # options as YAML
    r"[ \t]*:?(?:label|name):[ \t]*(?P<label>\S+)"
)


def numbered_name(kind: str, label: str) -> str:
    """A label as references have it: eq_mean, a formula's, is eq:mean."""
    own = re.sub(rf"^{kind}[:_-]", "", label)
    safe = re.sub(r"[^\w.-]+", "-", own).strip("-.")
    return f"{kind}:{safe}"


def numbered_names(reading: FolderReading) -> Mapping[str, str]:
    """What the formulas and figures of all pages are called now, by their labels."""
    if "numbered" not in reading.shared:
        found: dict[str, str] = {}
        for page in reading.pages.values():
            for one in FORMULA_LABEL.finditer(Masked(page.text).text):
                found[one["label"]] = numbered_name("eq", one["label"])
            for one in _DIRECTIVE_LABEL.finditer(page.text):
                directive = one["directive"].removesuffix("-start")
                kind = "eq" if directive == "math" else "fig"
                name = named(directive, one["label"]) or (
                    numbered_name(kind, one["label"]) if directive in _NUMBERED else ""
                )
                found |= {one["label"]: name} if name else {}
        reading.shared["numbered"] = found
    known: Mapping[str, str] = reading.shared["numbered"]
    return known


def referred(role: str, title: str, target: str, name: str) -> str:
    """A reference to what has a number as one by name, which is numbered when the book is built; others as links."""
    number = re.compile(r"%s|\{(?:number|name)\}")
    if not name or (title and not number.search(title)):
        return f"[{number.sub(target, title) or target}](#{name or target})"
    if title:
        return number.sub(f"[-@{name}]", title)
    return f"[-@{name}]" if name.startswith("eq:") or role == "eq" else f"[@{name}]"


def known_labels(reading: FolderReading) -> Mapping[str, str]:
    """The labels of all pages, with the heading that one stands before ("": none)."""
    if "labels" not in reading.shared:
        found: dict[str, str] = {}
        for page in reading.pages.values():
            for one in TARGET.finditer(page.text):
                found[one["name"] or one["alone"]] = one["title"] or ""
            for one in _NAMED.finditer(page.text):
                found.setdefault(one["label"], "")
        reading.shared["labels"] = found
    known: Mapping[str, str] = reading.shared["labels"]
    return known


def led_by_label(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    """A link by a label leads to what has it; without words of its own it has those of the heading there."""
    label = match["label"]
    labels = known_labels(reading)
    is_file = find_page(reading.tree, posixpath.normpath(posixpath.join(posixpath.dirname(page.file), label)))
    if is_file or (label not in labels and not _PROGRAMS.fullmatch(label)):
        return match[0]
    if label not in labels:
        reading.ledger.decide("link-unresolved", page.line(match[0]), match[0], "set as text", "a name in a program")
        return match["title"] or f"`{label}`"
    numbered = numbered_names(reading).get(label, "")
    if numbered and not match["title"]:
        return referred("ref", "", label, numbered)
    return f"[{match['title'] or labels[label] or label}](#{numbered or label})"


def translate_role(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    """A role as Markdown; one that is not known is told and stays."""
    if match["code"]:
        return match[0]
    name, text = match["name"], match["text"]
    named = re.fullmatch(r"(?P<title>.*?)\s*<(?P<target>[^<>]+)>", text, re.DOTALL)
    title, target = (named["title"], named["target"]) if named else ("", text)
    reading.ledger.count("roles")
    if name in ("ref", "numref", "eq", "math:numref", "prf:ref", "std:ref", "eqref"):
        numbered, headed = numbered_names(reading).get(target, ""), known_labels(reading).get(target, "")
        if headed and not numbered and not title:
            return f"\\autoref{{{target}}}" if name == "numref" else f"[{headed}](#{target})"
        return referred(name, title, target, numbered)
    if name in ("doc", "any", "download"):
        found = find_page(
            reading.tree, posixpath.normpath(posixpath.join(posixpath.dirname(page.file), target.lstrip("/")))
        )
        known = reading.pages.get(found)
        address = target if not found else posixpath.relpath(found, posixpath.dirname(page.file) or ".")
        return f"[{title or (known.title if known else '') or target}](<{address}>)"
    if name == "math":
        return f"${text}$"
    if name in ("kbd", "sub", "sup", "abbr", "del"):
        return f"<{name}>{text}</{name}>" if name != "abbr" else re.sub(r"\s*\([^)]*\)$", "", text)
    if name in (
        "code",
        "py:func",
        "py:class",
        "py:mod",
        "func",
        "class",
        "mod",
        "meth",
        "file",
        "command",
        "program",
        "guilabel",
        "data",
        "attr",
        "exc",
        "obj",
        "const",
        "envvar",
        "option",
        "samp",
        "py:meth",
        "py:attr",
        "py:data",
        "py:obj",
        "py:exc",
    ):
        return f"`{text.lstrip('~')}`"
    if name == "badge":
        return text.partition(",")[0]
    if name in ("term", "index", "dfn", "emphasis", "strong", "menuselection"):
        return title or text
    if name.startswith("cite"):
        return cited(text, in_text=bool(re.search(r":t|author|year", name))) if reading.literature else f"[{text}]"
    reading.ledger.unread("role-unread", page.line(match[0]), match[0], f"the role {name}")
    return match[0]


def labelled(match: re.Match[str]) -> str:
    """A label before a heading is the heading's id; one before anything else an anchor."""
    if match["alone"]:
        return f"[]{{#{match['alone']}}}"
    if re.search(r"\{[^{}]*#[^{}]*\}$", match["title"]):
        return f"[]{{#{match['name']}}}\n\n{match['hashes']} {match['title']}"
    return f"{match['hashes']} {match['title']} {{#{match['name']}}}"
