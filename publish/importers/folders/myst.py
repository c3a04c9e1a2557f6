"""MyST, Jupyter Book and Sphinx with MyST: _toc.yml, myst.yml or toctrees, notebooks, directives and roles."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from publish.importers.documents.markup import as_markdown, lists_markdown, sphinx_pages, title_alone, toctrees
from publish.importers.folders.addresses import find_page
from publish.importers.folders.engine import FolderImporter, walk
from publish.importers.folders.hexo import read_config
from publish.importers.folders.literature import cited
from publish.importers.folders.masked import Masked, fenced
from publish.importers.folders.outline import ContentsEntry, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.posts import people
from publish.importers.folders.tree import IMAGES, Tree
from publish.importers.protocol import SURE, Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of
from publish.source.features.myst import named, statement

SIGNS = ("myst.yml", "_toc.yml")
FOLDERS = ("", "book", "doc", "docs", "lectures", "source", "content", "src")
_DIRECTIVE = re.compile(
    r"(?m)^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*\{(?P<name>[\w:+.-]+)\}[ \t]*(?P<argument>[^\n]*)(?:\n|\Z)(?P<body>.*?)(?:^[ \t]*(?P=fence)[ \t]*$|\Z)",  # noqa: E501  # one pattern or row on one line
    re.DOTALL,
)
_BLOCK = re.compile(
    r"(?m)^[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?P<mark>`{3,}|~{3,}|:{3,}(?=[ \t]*\{))[^\n]*(?:\n|\Z)"
    r".*?(?:^[ \t]*(?P=mark)[ \t]*$|\Z)",
    re.DOTALL,
)  # what begins first wins: a directive or a plain fence
_IN_PARAGRAPH = r"(?:(?!\n[ \t]*\n).)+?"
# A role, or a code span, in which `{note}` is the name of a thing.
_ROLE = re.compile(
    rf"\{{(?P<name>[\w:+.-]+)\}}(?P<ticks>`+)(?P<text>{_IN_PARAGRAPH})(?P=ticks)(?!`)"
    rf"|(?<!`)(?P<code>`+)(?!`){_IN_PARAGRAPH}(?<!`)(?P=code)(?!`)",
    re.DOTALL,
)
_TARGET = re.compile(
    r"(?m)^\((?P<name>[^()\s]+)\)=[ \t]*\n+(?P<hashes>#{1,6})[ \t]+(?P<title>.+?)[ \t]*$|^\((?P<alone>[^()\s]+)\)=[ \t]*$"  # noqa: E501  # one pattern or row on one line
)
_LINK = re.compile(r"(?<!!)\[(?P<title>[^\[\]\n]*)\]\(<?#?(?P<label>[\w:/.-]+)>?\)")
# A class or a function in a program, which Sphinx describes on pages that it makes.
_PROGRAMS = re.compile(r"(?:[A-Za-z_]\w*\.)+(?!(?:md|rst|py|ipynb|html?|txt|com|org|cn|io)$)[A-Za-z_]\w*")
_NAMED = re.compile(r"(?m)^[ \t]*:(?:name|label):[ \t]*(?P<label>\S+)")
# A directive that its author has taken out: its end would begin code.
_COMMENTED = re.compile(r"(?m)^[ \t]*<!--(?:(?!-->).)*?`{3}(?:(?!-->).)*-->[ \t]*$", re.DOTALL)
_TOCTREE = re.compile(r"(?m)^(?P<fence>`{3,}|:{3,})\{toctree\}[^\n]*\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.DOTALL)
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


class MystImporter(FolderImporter):
    """Folders of MyST and Jupyter Book."""

    name = "jupyter-book"
    about = "MyST and Jupyter Book (_toc.yml, myst.yml, Sphinx's conf.py, notebooks)"

    def sign(self, folder: Path) -> Claim | None:
        """_toc.yml, myst.yml, or conf.py beside a page with a toctree, here or in the usual folders."""
        found = _settings(folder)
        return Claim(SURE, found.relative_to(folder).as_posix()) if found else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The entries of the contents, the metadata of _config.yml or myst.yml."""
        found = _settings(tree.root)
        base = posixpath.dirname(found.relative_to(tree.root).as_posix()) if found else ""
        toc = _listed(tree, base, ledger)
        project = read_config(tree, (posixpath.join(base, "myst.yml"),), ledger).get("project")
        project = project if isinstance(project, dict) else {}
        config = read_config(tree, (posixpath.join(base, "_config.yml"),), ledger)
        entries = tuple(_entries(project.get("toc") or toc, tree, base, ledger))
        if not entries and found and found.stem == "index":  # Sphinx's
            first = _listing(found.relative_to(tree.root).as_posix(), tree, ledger, set())
            entries = (*([replace(first, children=())] if first.file else []), *first.children)
        entries = entries or walk(tree, base, ledger)
        metadata = {
            "title": str(project.get("title") or config.get("title") or _said(tree, base, "project")),
            "author": people(project.get("authors") or config.get("author") or _said(tree, base, "author")),
            "description": str(project.get("description") or config.get("description") or ""),
            "lang": lang_of(
                str(
                    (config.get("sphinx") or {}).get("config", {}).get("language", "")
                    if isinstance(config.get("sphinx"), dict)
                    else ""
                )
                or _said(tree, base, "language").replace("_", "-")
            ),
        }
        metadata["bibliography"] = _literature(project, config, base, tree)
        repository = str(project.get("github") or (config.get("repository") or {}).get("url") or "").rstrip("/")
        return FolderOutline(metadata, entries, base, f"{repository}/blob/HEAD" if "github.com" in repository else "")

    def plain(self, source: str, file: str, reading: FolderReading) -> str:
        """A page's file as Markdown; one in reStructuredText through pandoc."""
        if file.endswith(".rst"):
            return as_markdown(source, reading.tree.path(file), reading.tree.root, reading.ledger)
        return super().plain(source, file, reading)

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Directives, roles and targets."""
        _names(reading)  # while all pages are as they were written
        _labels(reading)
        text = _directives(_COMMENTED.sub("", page.text), page, reading, 0)
        masked = Masked(text, spans=False)
        masked.text = _FORMULA_LABEL.sub(lambda found: f"$$ {{#{_name('eq', found['label'])}}}", masked.text)
        current = _ROLE.sub(lambda match: masked.keep(_role(match, page, reading)), masked.text)
        current = _LINK.sub(lambda match: _led_by_label(match, page, reading), current)
        current = _TARGET.sub(_target, current)
        current = re.sub(r"(?m)^%[^\n]*\n?", "", current)
        current = re.sub(r"(?m)^\+\+\+[^\n]*$", "", current)
        return masked.unmask(current)


def _literature(project: dict[str, Any], config: dict[str, Any], base: str, tree: Tree) -> list[str]:
    """The files of literature that myst.yml, _config.yml or conf.py name; MyST takes those of its folder too."""
    sphinx = config.get("sphinx")
    inner = sphinx.get("config") if isinstance(sphinx, dict) else None
    said = project.get("bibliography") or config.get("bibtex_bibfiles")
    said = said or (inner.get("bibtex_bibfiles") if isinstance(inner, dict) else None)
    if not said and (file := tree.find(posixpath.join(base, "conf.py"))):
        listed = re.search(r"(?m)^bibtex_bibfiles\s*=\s*\[([^\]]*)\]", tree.text(file))
        said = re.findall(r"[\"']([^\"']+)[\"']", listed[1]) if listed else None
    if not said and project:
        said = [one for one in tree.files if one.endswith(".bib") and posixpath.dirname(one) == base]
    elif not said and tree.find(posixpath.join(base, "conf.py")):  # its list is made by a program there
        said = [posixpath.relpath(one, base or ".") for one in tree.files if one.endswith(".bib")]
    return [str(one) for one in said] if isinstance(said, list) else [str(said)] if said else []


def _settings(root: Path) -> Path | None:
    found = (root / folder / name for folder in FOLDERS for name in SIGNS)
    return next((one for one in found if one.is_file()), None) or _sphinx(root)


def _sphinx(root: Path) -> Path | None:
    """Sphinx's first page beside its conf.py: in Markdown with contents, or one whose contents name such pages."""
    listing = (one for one in sphinx_pages(root, "index.md") if any(_contents_of(one.read_text("utf-8", "ignore"))))
    return next(listing, None) or next(filter(lists_markdown, sphinx_pages(root, "index.rst")), None)


def _said(tree: Tree, base: str, name: str) -> str:
    """A text that conf.py gives a name to."""
    file = tree.find(posixpath.join(base, "conf.py"))
    found = re.search(rf"(?m)^{name}\s*=\s*u?([\"'])(?P<said>.*?)\1", tree.text(file)) if file else None
    return found["said"].strip() if found else ""


def _contents_of(text: str) -> Iterator[tuple[str, bool, list[str]]]:
    """Each contents in a page: its caption, whether its names are patterns, the names; in both ways of writing."""
    for found in _TOCTREE.finditer(text):
        options, body = _options(found["body"])
        lines = [re.sub(r"^.*<([^<>]+)>$", r"\1", line.strip()) for line in body.split("\n")]
        yield options.get("caption", ""), "glob" in options, [one for one in lines if one]
    yield from toctrees(text)


def _listing(file: str, tree: Tree, ledger: Ledger, seen: set[str]) -> ContentsEntry:
    """A page with what its contents name; one with nothing else is no page, but their title."""
    below = tuple(_toctrees(file, tree, ledger, seen))
    title = title_alone(tree.text(file)) if below and file.endswith(".rst") else ""
    return ContentsEntry(title, "" if title else file, below)


def _toctrees(file: str, tree: Tree, ledger: Ledger, seen: set[str]) -> Iterator[ContentsEntry]:
    """The pages in a page's contents, with those in their own; contents with a caption are a part."""
    seen.add(file)
    for caption, patterns, names in _contents_of(tree.text(file)):
        pages: list[ContentsEntry] = []
        for name in names:
            if name in ("self", "genindex", "modindex", "search") or "://" in name:
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file), name.lstrip("/")))
            listed = [one.file for one in _globbed(path, tree, "")] if patterns else [_page_of(tree, path)]
            if not any(listed):
                ledger.unread("chapter-missing", 0, name, "there is no such file")
            pages += [_listing(one, tree, ledger, seen) for one in listed if one and one not in seen]
        yield from [ContentsEntry(caption, "", tuple(pages))] if caption and pages else pages


def _page_of(tree: Tree, path: str) -> str:
    """The page that a path without its ending means, in Markdown or in reStructuredText; "" for none."""
    return find_page(tree, path) or tree.find(f"{path}.rst")


def _listed(tree: Tree, base: str, ledger: Ledger) -> Any:
    import yaml  # noqa: PLC0415  # needed here only

    file = tree.find(posixpath.join(base, "_toc.yml"))
    if not file:
        return None
    try:
        return yaml.safe_load(tree.text(file))
    except yaml.YAMLError as error:
        ledger.unread("settings", 0, " ".join(str(error).split()), "the contents cannot be read")
        return None


def _entries(value: Any, tree: Tree, base: str, ledger: Ledger) -> Iterator[ContentsEntry]:
    if isinstance(value, list):
        for one in value:
            yield from _entries(one, tree, base, ledger)
        return
    if not isinstance(value, dict):
        return
    inside = [
        value[key] for key in ("parts", "chapters", "sections", "subtrees", "entries", "children") if key in value
    ]
    children = tuple(entry for one in inside for entry in _entries(one, tree, base, ledger))
    title = str(value.get("caption") or value.get("title") or (value.get("part") or "")).strip()
    name = str(value.get("root") or value.get("file") or "").strip()
    if value.get("glob") or value.get("pattern"):
        yield from _globbed(str(value.get("glob") or value["pattern"]), tree, base)
    elif value.get("url") and not name:
        ledger.decide("chapter-elsewhere", 0, f"{title} {value['url']}", "left out", "it is on the web")
    elif name:
        file = find_page(tree, posixpath.normpath(posixpath.join(base, name)))
        if not file:
            ledger.unread("chapter-missing", 0, name, "there is no such file")
        if "root" in value or ("file" in value and "part" in value):
            yield from ([ContentsEntry(title, file)] if file else [])
            yield from children
        elif file or children:
            yield ContentsEntry(title, file, children)
    elif title and children:
        yield ContentsEntry(title, "", children)
    else:
        yield from children


def _globbed(pattern: str, tree: Tree, base: str) -> Iterator[ContentsEntry]:
    matcher = re.compile(
        re.escape(posixpath.join(base, pattern)).replace(r"\*\*", ".*").replace(r"\*", "[^/]*") + r"(?:\.\w+)?"
    )
    yield from (
        ContentsEntry("", file)
        for file in tree.files
        if matcher.fullmatch(file) and file.endswith((".md", ".ipynb", ".rst"))
    )


def _directives(text: str, page: FolderPage, reading: FolderReading, depth: int) -> str:
    """A text with its directives translated, nested ones too; plain fences stay as they are."""

    def either(match: re.Match[str]) -> str:
        found = _DIRECTIVE.match(match[0])
        return _directive(found, page, reading, depth) if found else match[0]

    return _BLOCK.sub(either, text)


def _options(body: str) -> tuple[dict[str, str], str]:
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
    options, body = _options(body)
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
        caption = " ".join(_directives(body, page, reading, depth + 1).split()) or options.get("alt", "")
        width = options.get("width", "") or ""
        width = re.sub(r"\s+", "", width)
        width = f" width={width}" if re.fullmatch(r"[\d.]+(?:%|px|cm|in)", width) else ""
        attributes = (
            f"#{_name('fig', named)}" if (named := options.get("name") or options.get("label")) else ""
        ) + width
        return f"![{caption}](<{argument}>)" + (f"{{{attributes.strip()}}}" if attributes.strip() else "")
    if name == "math":
        formula = "\n".join(filter(None, [argument, body.strip()]))
        label = options.get("label") or options.get("name")
        return f"$$\n{formula}\n$$" + (f" {{#{_name('eq', label)}}}" if label else "")
    if name == "include":
        file = reading.tree.find(posixpath.join(posixpath.dirname(page.file), argument))
        return _directives(reading.tree.text(file), page, reading, depth + 1) if file else None
    if name == "literalinclude":
        file = reading.tree.find(posixpath.join(posixpath.dirname(page.file), argument))
        return fenced(reading.tree.text(file), options.get("language", "") + _titled(options)) if file else None
    if name in ("exercise-end", "solution-end"):
        return ":::"
    if begun := _begun(name.removesuffix("-start"), argument, options, reading):
        inner = _directives(body, page, reading, depth + 1).strip()
        return begun + (f"\n{inner}" if inner else "") + ("" if name.endswith("-start") else "\n:::")
    if name in ("subfigure", "multi-figure"):
        return _panels(argument, options, _directives(body, page, reading, depth + 1))
    if name in _BOXES:
        body = re.sub(r"(?m)^[ \t]*(?:\^{3,}|\+{3,})[ \t]*$", "", body) if name == "card" else body
        title = re.sub(r"`|\n", "", argument) if name != "tab-item" else argument
        kind = next((one for one in options.get("class", "").split() if one in _BOXES), name)
        fence = ":" * 3
        return (
            f"{fence} {_BOXES[kind]} {title}".rstrip()
            + f"\n{_directives(body, page, reading, depth + 1).strip()}\n{fence}"
        )
    if name in _PLAIN:
        return "\n\n".join(
            filter(None, [argument if name == "tab-item" else "", _directives(body, page, reading, depth + 1).strip()])
        )
    if name in ("list-table", "table", "csv-table", "quote", "epigraph"):
        inner = _directives(body, page, reading, depth + 1).strip()
        return "\n\n".join(filter(None, [f"**{argument}**" if argument else "", inner]))
    if name == "raw":
        return _raw(argument, body, page, reading)
    if name == "glossary":
        return _glossary(_directives(body, page, reading, depth + 1))
    if name == "bibliography":
        return _list_of_sources(reading)
    if name == "eval-rst":
        return as_markdown(body, reading.tree.path(page.file), reading.tree.root, reading.ledger).strip()
    if name == "mermaid":
        return fenced(body, "mermaid")
    if name in ("youtube", "iframe", "video"):
        return f"<{argument}>" if argument.startswith("http") else argument
    return None


def _begun(name: str, argument: str, options: Mapping[str, str], reading: FolderReading) -> str:
    """How a theorem, an exercise or a solution begins; empty for all else. A solution says whose it is."""
    mark = statement(name, options.get("label") or options.get("name", ""))
    if not mark:
        return ""
    if name == "solution":
        argument = f"@{known}" if (known := _names(reading).get(argument, "")) else ""
    plain = not re.search(r'["\\`]', argument)
    said = f' name="{argument}"' if argument and plain else ""
    title = "" if plain else f"\n::: {{.title}}\n{argument}\n:::\n"
    return f"::: {{{mark}{said}}}{title}"


def _panels(layout: str, options: dict[str, str], body: str) -> str:
    """Pictures of one figure (sphinx-subfigure): their layout (AB|CD: two rows of two), what they are together."""
    label = options.get("name") or options.get("label", "")
    name = f"#{_name('fig', label)}" if label else ""
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
        return _directives(body, page, reading, depth + 1).strip()
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


_NUMBERED = ("math", "figure", "subfigure")
# The labels of numbered things: a formula's behind it or in its directive, a figure's in its own.
_FORMULA_LABEL = re.compile(r"(?m)\$\$[ \t]*\((?P<label>[^()\s]+)\)[ \t]*$")
_DIRECTIVE_LABEL = re.compile(
    r"(?m)^[ \t]*(?:`{3,}|:{3,})[ \t]*"
    r"\{(?P<directive>math|figure|subfigure|prf:\w+|(?:exercise|solution)(?:-start)?)\}[^\n]*\n"
    r"(?:[ \t]*(?!:(?:label|name):):[\w-]+:[^\n]*\n)*"
    r"(?:[ \t]*---[ \t]*\n(?:[ \t]*(?!(?:label|name):)[\w-]+:[^\n]*\n)*)?"  # options as YAML
    r"[ \t]*:?(?:label|name):[ \t]*(?P<label>\S+)"
)


def _name(kind: str, label: str) -> str:
    """A label as references have it: eq_mean, a formula's, is eq:mean."""
    own = re.sub(rf"^{kind}[:_-]", "", label)
    safe = re.sub(r"[^\w.-]+", "-", own).strip("-.")
    return f"{kind}:{safe}"


def _names(reading: FolderReading) -> Mapping[str, str]:
    """What the formulas and figures of all pages are called now, by their labels."""
    if "numbered" not in reading.shared:
        found: dict[str, str] = {}
        for page in reading.pages.values():
            for one in _FORMULA_LABEL.finditer(Masked(page.text).text):
                found[one["label"]] = _name("eq", one["label"])
            for one in _DIRECTIVE_LABEL.finditer(page.text):
                directive = one["directive"].removesuffix("-start")
                kind = "eq" if directive == "math" else "fig"
                name = named(directive, one["label"]) or (_name(kind, one["label"]) if directive in _NUMBERED else "")
                found |= {one["label"]: name} if name else {}
        reading.shared["numbered"] = found
    known: Mapping[str, str] = reading.shared["numbered"]
    return known


def _referred(role: str, title: str, target: str, name: str) -> str:
    """A reference to what has a number as one by name, which is numbered when the book is built; others as links."""
    number = re.compile(r"%s|\{(?:number|name)\}")
    if not name or (title and not number.search(title)):
        return f"[{number.sub(target, title) or target}](#{name or target})"
    if title:
        return number.sub(f"[-@{name}]", title)
    return f"[-@{name}]" if name.startswith("eq:") or role == "eq" else f"[@{name}]"


def _labels(reading: FolderReading) -> Mapping[str, str]:
    """The labels of all pages, with the heading that one stands before ("": none)."""
    if "labels" not in reading.shared:
        found: dict[str, str] = {}
        for page in reading.pages.values():
            for one in _TARGET.finditer(page.text):
                found[one["name"] or one["alone"]] = one["title"] or ""
            for one in _NAMED.finditer(page.text):
                found.setdefault(one["label"], "")
        reading.shared["labels"] = found
    known: Mapping[str, str] = reading.shared["labels"]
    return known


def _led_by_label(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    """A link by a label leads to what has it; without words of its own it has those of the heading there."""
    label = match["label"]
    labels = _labels(reading)
    is_file = find_page(reading.tree, posixpath.normpath(posixpath.join(posixpath.dirname(page.file), label)))
    if is_file or (label not in labels and not _PROGRAMS.fullmatch(label)):
        return match[0]
    if label not in labels:
        reading.ledger.decide("link-unresolved", page.line(match[0]), match[0], "set as text", "a name in a program")
        return match["title"] or f"`{label}`"
    numbered = _names(reading).get(label, "")
    if numbered and not match["title"]:
        return _referred("ref", "", label, numbered)
    return f"[{match['title'] or labels[label] or label}](#{numbered or label})"


def _role(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    if match["code"]:
        return match[0]
    name, text = match["name"], match["text"]
    named = re.fullmatch(r"(?P<title>.*?)\s*<(?P<target>[^<>]+)>", text, re.DOTALL)
    title, target = (named["title"], named["target"]) if named else ("", text)
    reading.ledger.count("roles")
    if name in ("ref", "numref", "eq", "math:numref", "prf:ref", "std:ref", "eqref"):
        numbered, headed = _names(reading).get(target, ""), _labels(reading).get(target, "")
        if headed and not numbered and not title:
            return f"\\autoref{{{target}}}" if name == "numref" else f"[{headed}](#{target})"
        return _referred(name, title, target, numbered)
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


def _target(match: re.Match[str]) -> str:
    """A label before a heading is the heading's id; one before anything else an anchor."""
    if match["alone"]:
        return f"[]{{#{match['alone']}}}"
    if re.search(r"\{[^{}]*#[^{}]*\}$", match["title"]):
        return f"[]{{#{match['name']}}}\n\n{match['hashes']} {match['title']}"
    return f"{match['hashes']} {match['title']} {{#{match['name']}}}"
