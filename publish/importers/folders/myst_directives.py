"""MyST's directives as Markdown: boxes, figures, listings, formulas, panels, glossaries, what is included."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from publish.importers.documents.markup import as_markdown
from publish.importers.folders.masked import fenced
from publish.importers.folders.myst_labels import numbered_name, numbered_names
from publish.importers.folders.outline import FolderPage, FolderReading
from publish.importers.folders.tree import IMAGES
from publish.source.features.myst import named, statement

_DIRECTIVE = re.compile(
    r"(?m)^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*\{(?P<name>[\w:+.-]+)\}[ \t]*(?P<argument>[^\n]*)(?:\n|\Z)(?P<body>.*?)(?:^[ \t]*(?P=fence)[ \t]*$|\Z)",  # noqa: E501  # one pattern or row on one line
    re.DOTALL,
)
_BLOCK = re.compile(
    r"(?m)^[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?P<mark>`{3,}|~{3,}|:{3,}(?=[ \t]*\{))[^\n]*(?:\n|\Z)"
    r".*?(?:^[ \t]*(?P=mark)[ \t]*$|\Z)",
    re.DOTALL,
)  # what begins first wins: a directive or a plain fence
_OPTION = re.compile(r"\A:(?P<key>[\w-]+):[ \t]*(?P<value>[^\n]*)(?:\n|\Z)")
_BOXES = {
    "note": "note", "tip": "tip", "hint": "tip", "warning": "warning", "attention": "warning", "caution": "caution",
    "danger": "danger", "error": "danger", "important": "important", "seealso": "info", "admonition": "note",
    "theorem": "note", "proof": "note", "definition": "note", "lemma": "note",
    "example": "note", "remark": "note", "topic": "note", "sidebar": "note",
    "margin": "note", "dropdown": "note", "card": "note", "tab-item": "note", "tab": "note",
    "tabbed": "note", "toggle": "note", "versionadded": "info",
}  # fmt: skip
_DROPPED = {"toctree", "tableofcontents", "contents", "index", "meta"}
_SCREENS = re.compile(
    r"\b(?:html|builder_html|epub|website|web|all)\b"
)  # of what a passage is for, what a book is, too
_CODE = {"code-cell", "code", "code-block", "sourcecode", "cell"}
_PLAIN = {
    "container",
    "grid",
    "grid-item",
    "grid-item-card",
    "tab-set",
    "div",
    "epigraph",
    "pull-quote",
    "highlights",
    "centered",
    "panels",
    "card-carousel",
    "tabs",
}


def translate_directives(text: str, page: FolderPage, reading: FolderReading, depth: int) -> str:
    """A text with its directives translated, nested ones too; plain fences stay as they are."""

    def either(match: re.Match[str]) -> str:
        found = _DIRECTIVE.match(match[0])
        return _directive(found, page, reading, depth) if found else match[0]

    return _BLOCK.sub(either, text)


def take_options(body: str) -> tuple[dict[str, str], str]:
    """The options at a directive's beginning, as lines of :key: or as YAML, and what is left."""
    options: dict[str, str] = {}
    if match := re.match(r"\A---[ \t]*\n(.*?)^---[ \t]*\n", body, re.DOTALL | re.MULTILINE):
        pairs = re.findall(r"(?m)^([\w-]+):[ \t]*(.*)$", match[1])
        return {key: value.strip() for key, value in pairs}, body[match.end() :]
    while match := _OPTION.match(body):
        options[match["key"]] = match["value"].strip()
        body = body[match.end() :]
    return options, body


def _directive(match: re.Match[str], page: FolderPage, reading: FolderReading, depth: int) -> str:
    name, argument = match["name"].lower(), match["argument"].strip()
    indent = match["indent"]
    body = "\n".join(line.removeprefix(indent) for line in match["body"].split("\n"))
    options, body = take_options(body)
    if depth > 12:  # noqa: PLR2004  # deeper than any page
        return match[0]
    made = _made(name, argument, options, body, page, reading, depth)
    if made is None:
        reading.ledger.unread("directive-unread", page.line(match[0].split("\n")[0]), match[0], f"the directive {name}")
        return match[0]
    reading.ledger.count("directives")
    anchor = options.get("name") or options.get("label", "")
    own = name in ("figure", "math", "subfigure") or named(name.removesuffix("-start"), anchor)
    head = f"[]{{#{anchor}}}\n\n" if anchor and not own else ""
    return "\n".join(f"{indent}{line}" if line else "" for line in f"\n{head}{made}\n".split("\n"))


def _made(
    name: str, argument: str, options: dict[str, str], body: str, page: FolderPage, reading: FolderReading, depth: int
) -> str | None:
    if name in _DROPPED:
        return ""
    if name in _CODE:
        tags = options.get("tags", "")
        if "remove-cell" in tags:
            return ""
        language = re.sub(
            r"^ipython3?$", "python", argument.split(maxsplit=1)[0] if argument else "python" if "cell" in name else ""
        )
        return fenced(body, language + _titled(options)) if body.strip() else ""
    if name == "only":
        return _only(argument, body, page, reading, depth)
    if name in ("figure", "image"):
        argument = _any_format(argument, page, reading)
        caption = " ".join(translate_directives(body, page, reading, depth + 1).split()) or options.get("alt", "")
        width = options.get("width", "") or ""
        width = re.sub(r"\s+", "", width)
        width = f" width={width}" if re.fullmatch(r"[\d.]+(?:%|px|cm|in)", width) else ""
        label = options.get("name") or options.get("label")
        alt = options.get("alt", "").replace('"', "”")
        described = f' alt="{alt}"' if alt and caption and alt != caption else ""
        attributes = (f"#{numbered_name('fig', label)}" if label else "") + described + width
        return f"![{caption}](<{argument}>)" + (f"{{{attributes.strip()}}}" if attributes.strip() else "")
    if name == "math":
        formula = "\n".join(filter(None, [argument, body.strip()]))
        label = options.get("label") or options.get("name")
        return f"$$\n{formula}\n$$" + (f" {{#{numbered_name('eq', label)}}}" if label else "")
    if name == "include":
        file = reading.tree.find(posixpath.join(posixpath.dirname(page.file), argument))
        return translate_directives(reading.tree.text(file), page, reading, depth + 1) if file else None
    if name == "literalinclude":
        file = reading.tree.find(posixpath.join(posixpath.dirname(page.file), argument))
        return fenced(reading.tree.text(file), options.get("language", "") + _titled(options)) if file else None
    if name in ("exercise-end", "solution-end"):
        return ":::"
    if begun := _begun(name.removesuffix("-start"), argument, options, reading):
        inner = translate_directives(body, page, reading, depth + 1).strip()
        return begun + (f"\n{inner}" if inner else "") + ("" if name.endswith("-start") else "\n:::")
    if name in ("subfigure", "multi-figure"):
        return _panels(argument, options, translate_directives(body, page, reading, depth + 1))
    if name in _BOXES:
        body = re.sub(r"(?m)^[ \t]*(?:\^{3,}|\+{3,})[ \t]*$", "", body) if name == "card" else body
        title = re.sub(r"`|\n", "", argument) if name != "tab-item" else argument
        kind = next((one for one in options.get("class", "").split() if one in _BOXES), name)
        fence = ":" * 3
        return (
            f"{fence} {_BOXES[kind]} {title}".rstrip()
            + f"\n{translate_directives(body, page, reading, depth + 1).strip()}\n{fence}"
        )
    if name in _PLAIN:
        return "\n\n".join(
            filter(
                None,
                [argument if name == "tab-item" else "", translate_directives(body, page, reading, depth + 1).strip()],
            )
        )
    if name in ("list-table", "table", "csv-table", "quote", "epigraph"):
        inner = translate_directives(body, page, reading, depth + 1).strip()
        return "\n\n".join(filter(None, [f"**{argument}**" if argument else "", inner]))
    if name == "raw":
        return _raw(argument, body, page, reading)
    if name == "glossary":
        return _glossary(translate_directives(body, page, reading, depth + 1))
    if name == "bibliography":
        return _list_of_sources(reading)
    if name == "eval-rst":
        return as_markdown(body, reading.tree.path(page.file), reading.tree.root, reading.ledger).strip()
    if name == "mermaid":
        return fenced(body, "mermaid")
    if name == "rubric":
        return f"**{argument}**"
    if name in ("youtube", "iframe", "video"):
        return f"<{argument}>" if argument.startswith("http") else argument
    return None


def _begun(name: str, argument: str, options: Mapping[str, str], reading: FolderReading) -> str:
    """How a theorem, an exercise or a solution begins; empty for all else. A solution says whose it is."""
    mark = statement(name, options.get("label") or options.get("name", ""))
    if not mark:
        return ""
    if name == "solution":
        argument = f"@{known}" if (known := numbered_names(reading).get(argument, "")) else ""
    plain = not re.search(r'["\\`]', argument)
    said = f' name="{argument}"' if argument and plain else ""
    title = "" if plain else f"\n::: {{.title}}\n{argument}\n:::\n"
    return f"::: {{{mark}{said}}}{title}"


def _panels(layout: str, options: dict[str, str], body: str) -> str:
    """Pictures of one figure (sphinx-subfigure): their layout (AB|CD: two rows of two), what they are together."""
    label = options.get("name") or options.get("label", "")
    name = f"#{numbered_name('fig', label)}" if label else ""
    columns = len(re.split(r"[|\n]", options.get("layout-lg") or options.get("layout-sm") or layout)[0]) or 1
    said = " ".join(filter(None, [name, f"layout-ncol={columns}" if columns > 1 else ""]))
    return f":::: {{{said}}}\n{body.strip()}\n::::" if said else body.strip()


def _titled(options: Mapping[str, str]) -> str:
    """A listing's caption, or the name of its file, as the title in a fence's info."""
    title = " ".join((options.get("caption") or options.get("filename") or "").replace('"', "”").split())
    return f' title="{title}"' if title else ""


def _only(wanted: str, body: str, page: FolderPage, reading: FolderReading, depth: int) -> str:
    """A passage for some outputs: one for the web is a book's too, one for another alone is left out and told."""
    if not wanted or "not " in wanted or _SCREENS.search(wanted):
        return translate_directives(body, page, reading, depth + 1).strip()
    line = page.line(next((row for row in body.split("\n") if row.strip()), ""))
    reading.ledger.decide("raw-other", line, body, "left out", f"it is for {wanted} alone")
    return ""


def _any_format(path: str, page: FolderPage, reading: FolderReading) -> str:
    """The picture that `map.*` means: the first one of that name."""
    if not path.endswith(".*"):
        return path
    stem = posixpath.normpath(posixpath.join(posixpath.dirname(page.file), path.lstrip("/")))[:-1]
    found = next((file for suffix in sorted(IMAGES) if (file := reading.tree.find(f"{stem}{suffix[1:]}"))), "")
    return path[:-2] + posixpath.splitext(found)[1] if found else path


def _glossary(body: str) -> str:
    """Terms, each with its indented text below, as a list of definitions."""
    out: list[str] = []
    for line in body.split("\n"):
        if not line.strip():
            out.append("")
        elif not line.startswith((" ", "\t")):
            out += ["", line.strip()] if not out or not out[-1].startswith(" ") else ["", "", line.strip()]
        else:
            begins = bool(out) and bool(out[-1]) and not out[-1].startswith((":", " "))
            out.append(f":   {line.strip()}" if begins else f"    {line.strip()}")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")


def _list_of_sources(reading: FolderReading) -> str:
    """The place of the list of literature, the first one that the book names."""
    if not reading.literature or reading.shared.setdefault("refs", 0):
        return ""
    reading.shared["refs"] = 1
    return "::: {#refs}\n:::"


def _raw(format_: str, body: str, page: FolderPage, reading: FolderReading) -> str:
    """What is written for one kind of output: HTML stays, what is for others (a notebook's header, TeX) is left out."""
    if format_ == "html":
        return body
    line = page.line(next((row for row in body.split("\n") if row.strip()), ""))
    reading.ledger.decide("raw-other", line, body, "left out", f"it is for {format_ or 'another output'} alone")
    return ""
