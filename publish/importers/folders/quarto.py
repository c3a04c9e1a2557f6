"""Quarto and bookdown: their lists of chapters, parts in headings, chunks as code, figures that chunks include."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

from publish.han import IDEOGRAPHS
from publish.importers.folders.engine import FolderImporter
from publish.importers.folders.front import read_front
from publish.importers.folders.headings import headings
from publish.importers.folders.hexo import read_config
from publish.importers.folders.masked import Masked
from publish.importers.folders.outline import FolderOutline, FolderPage, FolderReading
from publish.importers.folders.quarto_contents import PART, bookdown_outline, quarto_outline
from publish.importers.folders.tree import Tree
from publish.importers.protocol import EDITED, LIKELY, SURE, Claim
from publish.importers.report import Ledger
from publish.source.features.theorems import NUMBERED
from publish.source.reading.kinds import kind_of

_CHUNK = re.compile(
    r"(?m)^(?P<indent>[ \t]*)(?P<fence>`{3,})[ \t]*\{(?P<engine>[\w.-]+)(?P<options>(?:\"[^\"\n]*\"|'[^'\n]*'|[^{}\n])*)\}[ \t]*\n(?P<body>.*?)^[ \t]*(?P=fence)[ \t]*$",  # noqa: E501  # one pattern or row on one line
    re.DOTALL,
)
_CAPTIONS = {"fig.cap": "fig", "fig-cap": "fig", "tab.cap": "tbl", "tbl.cap": "tbl", "tbl-cap": "tbl"}
_KABLE = re.compile(
    r"\b(?:kable|kbl|datatable|gt)\(.*?\bcaption\s*=\s*(?P<quote>[\"'])(?P<words>.+?)(?P=quote)", re.DOTALL
)
_REFERENCE = re.compile(r"\\@ref\((?P<kind>[a-z]+:)?(?P<label>[\w.-]+)\)")
_KINDS = {"fig": "fig", "tab": "tbl", "eq": "eq"}  # what bookdown calls them, what publish does
# A caption's own label: Table: (\#tab:x) 题, ![(\#fig:x) 题](a.png){width=50%}
_TABLE = re.compile(
    r"(?m)^(?P<mark>[ \t]*(?:Table)?:)[ \t]*\(\\#tab:(?P<label>[^()\s]+)\)[ \t]*(?P<words>.*(?:\n(?![ \t]*$).+)*)"
)
_PICTURE = re.compile(
    r"!\[\(\\#fig:(?P<label>[^()\s]+)\)\s*(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\](?P<address>\([^()\n]*\))"
    r"(?:\{(?P<more>[^{}\n]*)\})?"
)
_NUMBERED = re.compile(
    r"(?m)^[ \t]*\\begin\{(?P<name>equation|align|gather|multline|eqnarray)\*?\}"
    r"(?P<body>.*?)\\end\{(?P=name)\*?\}[ \t]*$",
    re.DOTALL,
)
_EQUATION = re.compile(r"[ \t]*\(\\#eq:(?P<label>[^()\s]+)\)")
_INNER = {"align": "aligned", "eqnarray": "aligned", "gather": "gathered", "multline": "gathered"}
# What a program would put into a line; text that only one kind of output has.
_INLINE = re.compile(r"`r[ \t]+(?P<code>[^`]{1,400})`")
_FOR_OUTPUT = re.compile(
    r"^if\s*\(\s*(?P<not>!?)\s*(?:knitr:{2,3})?(?:is_(?P<kind>html|latex)_output\(\))\s*\)\s*(?P<quote>[\"'])(?P<words>.*?)(?P=quote)"
    r"(?:\s*else\s*(?P<second>[\"'])(?P<others>.*?)(?P=second))?$",
    re.DOTALL,
)
# bookdown's environments.
_THEOREMS = frozenset([*NUMBERED.values(), "proof"])
# LaTeX's environments in which a block stands.
_ALIGNED = {"flushright": "right", "center": "center", "flushleft": "left"}
_INCLUDE = re.compile(r"(?<!\{)\{\{<\s*include\s+(?P<path>[^\s>]+)\s*>\}\}(?!\})")
_ALT = re.compile(r"(?<=[\s{])fig-alt=(?=[\"'][^\n{}]*\})")  # what describes a figure
_SPELLED = re.compile(r"\{(?P<shown>\{\{<[^<>\n]*>\}\})\}")  # how a page says what a shortcode looks like
_DEEPEST = 8  # includes within includes
_TEXT = re.compile(r"(?m)^\(ref:(?P<label>[\w:.-]+)\)[ \t]+(?P<words>\S[^\n]*)\n?")
# What LaTeX alone is told: where pages break, where lines begin.
_BREAK = re.compile(
    r"(?m)^\\(?:mainmatter|frontmatter|backmatter|appendix|cleardoublepage|clearpage|newpage)\b.*$"
    r"|(?<![\w\\:/])\\(?:(?:no)?indent|pagebreak|linebreak|(?:small|med|big)skip|centering|raggedright|[hv]fill"
    r"|[hv]space\*?\{[^{}\n]*\}|(?:chapter|section)mark\{[^{}\n]*\}|mark(?:both|right)(?:\{[^{}\n]*\}){1,2})"
    r"(?![A-Za-z])[ \t]?"
)
_SHORTCODE = re.compile(r"\{\{<\s*(?P<name>pagebreak|video|kbd)\b[ \t]*(?P<words>[^<>]*?)\s*>\}\}")
_GRAPHICS = re.compile(
    r"include_graphics\(\s*(?:path\s*=\s*)?(?:file\.path\()?(?:c\()?\s*(?P<paths>(?:['\"][^'\"]+['\"]\s*,?\s*)+)"
)


class QuartoImporter(FolderImporter):
    """Folders of Quarto and bookdown."""

    name = "quarto"
    about = "Quarto and bookdown (_quarto.yml, _bookdown.yml)"

    def sign(self, folder: Path) -> Claim | None:
        """_quarto.yml or _bookdown.yml; without either, documents for their programs."""
        found = next(
            (name for name in ("_quarto.yml", "_quarto.yaml", "_bookdown.yml") if (folder / name).is_file()), ""
        )
        if found:
            return Claim(SURE, found)
        if (folder / "index.Rmd").is_file():
            return Claim(LIKELY, "index.Rmd")
        document = min((one.name for one in folder.glob("*.[qR]md")), default="")
        return Claim(EDITED, document) if document else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The chapters that the settings list, else the .Rmd files in their order; metadata of index.Rmd too."""
        quarto = read_config(tree, ("_quarto.yml", "_quarto.yaml"), ledger)
        if quarto:
            return quarto_outline(quarto, tree, ledger)
        return bookdown_outline(tree, ledger)

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Chunks, references and includes; headings of parts are dropped, as the contents have them."""
        text = _with_includes(page.text, page.file, page, reading)
        text = _with_texts(_CHUNK.sub(lambda match: _chunk(match, page, reading), text))
        text = _with_inline(text, page, reading)
        masked = Masked(text)
        current = PART.sub("", _ALT.sub("alt=", masked.text))
        current = _named_sections(_labelled(current), _sections(reading))
        current = _BREAK.sub(lambda match: _left_out(match, page, reading), current)
        current = _SHORTCODE.sub(_shortcode, current)
        current = _REFERENCE.sub(lambda match: _referred(match, reading), current)
        return _SPELLED.sub(lambda match: match["shown"], masked.unmask(current))


def _with_includes(text: str, file: str, page: FolderPage, reading: FolderReading, depth: int = 0) -> str:
    """A text with what it includes, from where that stands, and what this includes in turn."""

    def included(match: re.Match[str]) -> str:
        path = match["path"].strip("\"'")
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
        found = reading.tree.find(beside) or reading.tree.find(path.lstrip("/"))
        if not found or depth == _DEEPEST:
            reading.ledger.unread("include-missing", page.line(match[0]), match[0], "no such file")
            return match[0]
        reading.ledger.count("includes")
        inner = read_front(reading.tree.text(found))[1].strip("\n")
        return _with_includes(inner, found, page, reading, depth + 1)

    return _INCLUDE.sub(included, text)


def _with_texts(text: str) -> str:
    """A text with each `(ref:label)` that stands for a caption as the words that a line of its own defines."""
    words = {found["label"]: found["words"].strip() for found in _TEXT.finditer(text)}
    used = {label for label in words if text.count(f"(ref:{label})") > 1}
    text = _TEXT.sub(lambda match: "" if match["label"] in used else match[0], text)
    for label in used:
        text = text.replace(f"(ref:{label})", words[label])
    return text


def _chunk(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    """A chunk as code; one that only includes pictures as figures; one that is never shown left out, and reported."""
    options = _options(match["options"], match["body"])
    body = re.sub(r"\A(?:[ \t]*(?:#|//|--|%%)\|.*\n)+", "", match["body"])
    body = re.sub(r"\A(?:[ \t]*\n)+", "", body)
    indent, label = match["indent"], options.get("label", "")
    if match["engine"] in ("asis", "block", "block2"):
        reading.ledger.count("boxes")
        return _box(options.get("type", ""), body.strip("\n"), match["indent"]) if match["engine"] != "asis" else body
    if match["engine"] in _THEOREMS:
        reading.ledger.count("boxes")
        return _theorem(match["engine"], options, body.strip("\n"), indent)
    if graphics := _GRAPHICS.search(body):
        reading.ledger.count("figures")
        return _figures(graphics, options, label, indent)
    if options.get("include", "").lower() == "false" or (
        options.get("echo", "").lower() == "false" and not body.strip()
    ):
        reading.ledger.decide("chunk-hidden", page.line(match[0][:60]), body, "left out", "the chunk is never shown")
        return ""
    reading.ledger.count("chunks")
    engine = {"eval": "r"}.get(match["engine"], match["engine"])
    code = f"{indent}{match['fence']}{engine}\n{body}{indent}{match['fence']}" if body.strip() else ""
    kind, caption = _captioned(options, body)
    if not caption:
        return code
    reading.ledger.decide(
        "figure-made", page.line(match[0][:60]), caption, "its code and its caption are set", "a program draws it"
    )
    if label:  # what the program draws is a figure that the text refers to
        return f"{indent}::: {{#{_name(label, kind)}}}\n{code}\n\n{indent}{caption}\n{indent}:::\n"
    return f"{code}\n\n{indent}{caption}\n"


def _captioned(options: Mapping[str, str], body: str) -> tuple[str, str]:
    """What a chunk's output is, a figure or a table, and its caption; "" for none."""
    for name, kind in _CAPTIONS.items():
        if options.get(name):
            return kind, options[name]
    table = _KABLE.search(body)
    return ("tbl", table["words"]) if table else ("fig", "")


def _theorem(kind: str, options: Mapping[str, str], text: str, indent: str) -> str:
    """A theorem, a definition, a proof as a division that says its kind and name, which the text may refer to."""
    label, name = options.get("label", ""), options.get("name", "").replace('"', "”")
    said = [f".{kind}", *([f"#{_label(label)}"] if label else []), *([f'name="{name}"'] if name else [])]
    return f"{indent}::: {{{' '.join(said)}}}\n{text}\n{indent}:::"


def _box(kind: str, text: str, indent: str) -> str:
    """A block of text that is no code; `rmdnote` and its like are the boxes of bookdown's own books."""
    if side := _ALIGNED.get(kind.lower()):
        return f'{indent}<div align="{side}">\n\n{text}\n\n{indent}</div>'
    known = kind_of(re.sub(r"^rmd", "", kind.lower()))
    return f"{indent}::: {known or 'note'}\n{text}\n{indent}:::"


def _options(head: str, body: str) -> dict[str, str]:
    """A chunk's options, from its head (`label, echo=FALSE, fig.cap="…"`) and of its `#|` lines."""
    options: dict[str, str] = {}
    if named := re.match(r"\s*,?\s*([\w.:-]+)\s*(?:,|$)", head):
        options["label"] = named[1]
    for key, double, single, bare in re.findall(
        r"([\w.-]+)\s*=\s*(?:\"((?:\\.|[^\"\\])*)\"|'([^']*)'|([^,\s]+))", head
    ):
        options[key] = re.sub(r"\\(.)", r"\1", double or single or bare)
    if several := re.search(r"\bfig\.subcap\s*=\s*c\((?P<words>(?:\"[^\"]*\"|'[^']*'|[^()])*)\)", head):
        options["fig.subcap"] = several["words"]
    for key, value in re.findall(r"(?m)^[ \t]*(?:#|//|--|%%)\|[ \t]*([\w.-]+)[ \t]*[:=][ \t]*(.*)$", body):
        options[key] = value.strip().strip("\"'")
    return options


def _name(label: str, kind: str = "fig") -> str:
    """A chunk's label as what the text refers to: a table where it is named so, else of the kind of its caption."""
    clean = re.sub(r"[^\w-]+", "-", label).strip("-")
    return clean if clean.startswith(("tbl-", "fig-")) else f"{kind}-{_label(label)}"


def _label(label: str) -> str:
    return re.sub(r"^fig-", "", re.sub(r"[^\w-]+", "-", label).strip("-"))


def _figures(found: re.Match[str], options: dict[str, str], label: str, indent: str) -> str:
    caption = options.get("fig.cap", "") or options.get("fig-cap", "")
    paths = re.findall(r"['\"]([^'\"]+)['\"]", found["paths"])
    width = options.get("out.width") or options.get("out-width") or ""
    width = f" width={width}" if re.fullmatch(r"[\d.]+(?:%|px|cm|in)", width) else ""
    if len(paths) > 1 and caption and label:
        return _panels(paths, options, f"fig-{_label(label)}", caption, width.strip(), indent)
    lines = []
    for number, path in enumerate(paths):
        name = f"#fig-{_label(label)}" if label and not number else ""
        attributes = f"{{{(name + width).strip()}}}" if name or width else ""
        lines.append(f"{indent}![{caption if number == len(paths) - 1 else ''}](<{path}>){attributes}")
    return "\n\n".join(["", *lines, ""])


def _panels(paths: list[str], options: dict[str, str], name: str, caption: str, width: str, indent: str) -> str:
    """Several pictures under one caption, as one figure; `fig.subcap` has the words of each."""
    said = re.findall(r"['\"]([^'\"]*)['\"]", options.get("fig.subcap") or options.get("fig-subcap") or "")
    columns = options.get("fig.ncol") or options.get("layout-ncol") or ""
    layout = f" layout-ncol={columns}" if columns.isdigit() else ""
    words = [*said, *[""] * len(paths)]
    attributes = f"{{{width}}}" if width and not layout else ""
    rows = [f"{indent}![{one}](<{path}>){attributes}" for one, path in zip(words, paths, strict=False)]
    return "\n".join(["", f"{indent}::: {{#{name}{layout}}}", *rows, "", f"{indent}{caption}", f"{indent}:::", ""])


def _left_out(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    """A command that is for LaTeX alone."""
    reading.ledger.decide("tex-command", page.line(match[0]), match[0], "left out", "breaks of pages are the theme's")
    return ""


def _shortcode(match: re.Match[str]) -> str:
    """Quarto's shortcodes that are no more than markup; a break of pages is for the theme to say."""
    words = match["words"].split()
    if not words or match["name"] == "pagebreak":
        return ""
    return f"<kbd>{match['words']}</kbd>" if match["name"] == "kbd" else f"<{words[0]}>"


def _referred(match: re.Match[str], reading: FolderReading) -> str:
    r"""`\\@ref(fig:x)` as a reference by name; its number is made when the book is built."""
    kind = (match["kind"] or "").rstrip(":")
    label = re.sub(r"[^\w-]+", "-", match["label"]).strip("-")
    reading.ledger.count("references")
    if kind in _KINDS:
        return f"@{_KINDS[kind]}-{_label(label)}"
    if kind in NUMBERED:
        return f"@{kind}:{label}"
    if (whole := f"{match['kind'] or ''}{match['label']}") in _sections(reading):
        return f"@{_section(whole)}"
    return f"[{match['label']}](#{kind + '-' if kind else ''}{label})"


# Labels


def _section(label: str) -> str:
    """The name of a heading that the text refers to by number."""
    own = re.sub(r"[^\w-]+", "-", label).strip("-")
    return own if own.startswith("sec-") else f"sec-{own}"


def _sections(reading: FolderReading) -> frozenset[str]:
    """The labels by which the book's texts refer to headings, which have them."""
    if "sections" not in reading.shared:
        used: set[str] = set()
        there: set[str] = set()
        for page in reading.pages.values():
            text = Masked(page.text).text
            used |= {f"{found['kind'] or ''}{found['label']}" for found in _REFERENCE.finditer(text)}
            there |= {name for heading in headings(text) if (name := _heading_label(heading.title))}
        reading.shared["sections"] = frozenset(used & there)
    known: frozenset[str] = reading.shared["sections"]
    return known


def _heading_label(title: str) -> str:
    """The label that a heading has: its own, or the one that pandoc makes of its words."""
    attributes = re.search(r"\{[^{}]*\}\s*$", title)
    own = re.search(r"#([^\s{}]+)", attributes[0]) if attributes else None
    if own:
        return own[1]
    words = re.sub(r"[^\w\s.-]", "", title[: attributes.start()] if attributes else title).strip().lower()
    return re.sub(f"^[^a-z{IDEOGRAPHS}]+", "", re.sub(r"\s+", "-", words))


def _named_sections(text: str, labels: frozenset[str]) -> str:
    """A text in which the headings with these labels, and the links to them, have names that can be referred to."""
    if not labels:
        return text
    lines = text.split("\n")
    for heading in headings(text):
        label = _heading_label(heading.title)
        if label in labels and lines[heading.at].lstrip().startswith("#"):
            lines[heading.at] = _renamed(lines[heading.at], label)
    return re.sub(
        r"(?<=[(#/\w])#(?P<label>[^()\s#]+)(?=\))|(?<=\]\()#(?P<own>[^()\s#]+)(?=\))",
        lambda match: f"#{_section(name)}" if (name := match["label"] or match["own"]) in labels else match[0],
        "\n".join(lines),
    )


def _renamed(line: str, label: str) -> str:
    if f"#{label}" in line:
        return re.sub(rf"#{re.escape(label)}(?=[\s}}])", f"#{_section(label)}", line)
    if attributes := re.search(r"\{(?P<inner>[^{}]*)\}\s*$", line):
        return f"{line[: attributes.start()]}{{#{_section(label)} {attributes['inner'].strip()}}}"
    return f"{line.rstrip()} {{#{_section(label)}}}"


def _labelled(text: str) -> str:
    """A text whose tables, pictures and formulas have their labels where publish has them."""
    text = _TABLE.sub(
        lambda found: f"{found['mark']} {found['words'].rstrip()} {{#tbl-{_label(found['label'])}}}", text
    )
    text = _PICTURE.sub(_picture, text)
    return _NUMBERED.sub(_equation, text) if "(\\#eq:" in text else text


def _picture(found: re.Match[str]) -> str:
    more = f" {found['more'].strip()}" if (found["more"] or "").strip() else ""
    return f"![{found['words']}]{found['address']}{{#fig-{_label(found['label'])}{more}}}"


def _equation(found: re.Match[str]) -> str:
    """A numbered formula; lines that have labels of their own keep them, as LaTeX writes them."""
    labels = [one["label"] for one in _EQUATION.finditer(found["body"])]
    if not labels:
        return found[0]
    if len(labels) > 1:
        return _EQUATION.sub(lambda one: rf" \label{{eq-{_label(one['label'])}}}", found[0])
    body = _EQUATION.sub("", found["body"]).strip("\n")
    inner = _INNER.get(found["name"], "")
    body = f"\\begin{{{inner}}}\n{body}\n\\end{{{inner}}}" if inner else body
    return f"$$\n{body}\n$$ {{#eq-{_label(labels[0])}}}"


def _with_inline(text: str, page: FolderPage, reading: FolderReading) -> str:
    """A text whose conditions on the output are decided for the web; what else a program would put in is told."""
    made: list[str] = []

    def one(found: re.Match[str]) -> str:
        chosen = _FOR_OUTPUT.match(found["code"].strip())
        if not chosen:
            made.append(found[0])
            return found[0]
        meant = (chosen["kind"] == "html") != bool(chosen["not"])
        return chosen["words"] if meant else chosen["others"] or ""

    text = _INLINE.sub(one, text)
    if made:
        many = f", {len(made)} times in this file" if len(made) > 1 else ""
        reading.ledger.unread("inline-code", page.line(made[0]), made[0], f"a program would put its result here{many}")
    return text
