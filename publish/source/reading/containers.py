"""Boxes of many tools (alerts, ::: containers, !!! admonitions) read as pandoc's divisions, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import dropwhile, pairwise, takewhile

from publish.source.features.myst import statement as statement_of
from publish.source.reading.elements import KNOWN
from publish.source.reading.kinds import BOX, kind_of
from publish.source.reading.rows import ReadingNotes, Row, fenced, stretches

_ALERT = re.compile(r"^(?P<indent>\s*)>\s?\[!(?P<kind>[\w-]+)(?P<looks>\|[^\]]*)?\](?P<fold>[+-]?)[ \t]*(?P<title>.*)$")
_QUOTE = re.compile(r"^\s*>\s?")
_ADMONITION = re.compile(
    r"^(?P<indent>[ \t]*)(?P<sign>!!!|\?\?\?\+?)[ \t]+(?P<words>[\w-]+(?:[ \t]+[\w-]+)*)?[ \t]*"
    r"(?P<title>\"[^\n]*\")?[ \t]*$"
)
_TAB = re.compile(r"^(?P<indent>[ \t]*)={3}[!+]?[ \t]+\"(?P<title>[^\"\n]*)\"[ \t]*$")
_COLONS = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>:{3,})[ \t]*(?P<info>.*?)[ \t]*:*$")
_PANDOC = re.compile(r"^(?:\{[^{}]*\}|[A-Za-z][\w.:-]*)$")
_INFO = re.compile(
    r"^(?P<name>[A-Za-z][\w-]*)(?:\[(?P<label>[^\]]*)\])?(?:#[\w:.-]+)?(?:(?=\{)|[ \t]|$)[ \t]*(?P<rest>.*)$"
)
_ATTRIBUTES = re.compile(r"\{(?P<inner>[^{}]*)\}\s*$")
_HEADING = re.compile(
    r"^(?P<indent>[ ]*)(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t]*#*[ \t]*"
    r"(?:\{(?P<name>#[^{}\s]+)[^{}]*\}|\{[^{}]*\})?[ \t]*$"
)
_TITLE = re.compile(r"""\btitle\s*=\s*(?:"([^"]*)"|'([^']*)'|“([^”]*)”)""")
_CONTENTS = re.compile(
    r"^\s*(?:\[\[?_?toc_?\]\]?|@\[toc\](?:\([^)]*\))?|\$\{toc\}|<!--\s*toc\s*-->)\s*$", re.IGNORECASE
)
# MyST's boxes and other directives, in a fence or behind colons: {note} 标题.
_BRACED = re.compile(r"^\{(?P<name>(?:prf:)?[A-Za-z][\w-]*)\}[ \t]*(?P<title>[^{}]*)$")
_DIRECTIVE = re.compile(
    r"^(?P<indent>[ ]*)(?:`{3,}|~{3,}|:{3,})[ \t]*"
    r"\{(?P<name>(?:prf:)?[A-Za-z][\w-]*)\}[ \t]*(?P<title>(?:[^{}`]|\$[^$]*\$)*)$"
)
_OPTION = re.compile(r"^[ ]*:[\w-]+:")
_LABEL = re.compile(r"^[ ]*:?(?:label|name):[ \t]*(?P<label>\S+)")
_DIRECTIVES = frozenset(
    "toctree list-table table csv-table grid card tab-set tab-item eval-rst include literalinclude"
    " bibliography glossary index contents margin sidebar".split()
)
# Tags on lines of their own that enclose a box, in Liquid (Hexo, GitBook, Jekyll) and Hugo.
_BOXES = "note|subnote|hint|tip|info|warning|danger|callout|admonition|notice|alert|message|details|fold|spoiler|tab"
_DROPPED_TAGS = frozenset(["raw", "tabs"])
_TAG = re.compile(
    rf"^(?P<indent>[ \t]*)(?:\{{%-?[ \t]*(?P<liquid>{_BOXES}|raw|tabs)\b(?P<liquid_words>[^%]*?)-?%\}}"
    rf"|\{{\{{(?P<edge>[<%])[ \t]*(?P<hugo>{_BOXES}|tabs)\b(?P<hugo_words>[^%>]*?)[>%]\}}\}})[ \t]*$"
)
_NEXT_TAB = re.compile(r"^[ \t]*<!--[ \t]*(?P<end>end)?tab\b(?P<words>.*?)-->[ \t]*$")  # of Hexo's theme NexT
_KEYED = re.compile(r"[\w-]+=(?:\"[^\"]*\"|'[^']*'|\S+)|<[^<>]*>")
_VALUES = re.compile(r"\b(?:style|type|kind|class)=[\"']?([\w-]+)")
_SAID = re.compile(r"\b(?:title|name|summary|header|label)=[\"']([^\"']*)[\"']")
_LOOKS = frozenset(
    "true false simple modern flat disabled no-icon default primary success open close icon outline".split()
)
_TABS = re.compile(r"^(?:code-)?tabs(?:#\S+)?$")
_AT_TAB = re.compile(r"^[ \t]*(?:@tab(?::\w+)?|==)[ \t]+(?P<title>[^#\n]+?)(?:#\S+)?[ \t]*$")
_BOX_IN_ITEM = re.compile(r"^(?P<item>[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)(?P<rest>:{3,}[ \t]*(?P<name>[A-Za-z]+).*)$")
_SLASHED_OPTION = re.compile(r"^[ \t]+(?:type|open|attrs|name|prefix)[ \t]*:")
_ELEMENT = re.compile(r"^(?P<indent>[ \t]*)<(?P<name>[A-Za-z]\w*)(?P<words>(?:\s[^<>]*)?)>[ \t]*$")
_COMMENT = re.compile(r"^\s*%%\s*$")
_ASIDE = re.compile(r"^(?P<indent>[ \t]*)<aside>[ \t]*$", re.IGNORECASE)  # how Notion exports a callout


# The classes of a box that a reader opens and closes, by the sign behind its kind.
_FOLDS = {"": "", "-": " .folded", "+": " .folded .open"}
# Blocks of pymdownx: /// caption, /// note | 标题.
_SLASHES = re.compile(r"^(?P<indent>[ \t]*)///[ \t]+(?P<name>[A-Za-z][\w-]*)(?:[ \t]*\|[ \t]*(?P<title>.*?))?[ \t]*$")


class Containers:
    """Rewrites the rows of a text, outermost box first."""

    def __init__(self, ledger: ReadingNotes) -> None:
        self._ledger = ledger
        self._open: list[Row] = []
        self._indents: dict[Row, str] = {}
        self._left: set[Row] = set()  # those that stand as they were typed

    def read(self, rows: list[Row]) -> list[Row]:
        """The rows with every box a division of pandoc's."""
        out = self._read(rows)
        for opened in reversed([one for one in self._open if one not in self._left]):
            self._ledger.leave("a container that is never closed", opened.line, opened.text.strip())
            out += [replace(rows[-1], text=""), replace(rows[-1], text=":::")]
        self._open.clear()
        return out

    def _read(self, rows: list[Row]) -> list[Row]:
        out: list[Row] = []
        at = 0
        while at < len(rows):
            end = fenced(rows, at)
            if end > at:
                made = self._directive(rows[at:end])
            else:
                end, made = self._box(rows, at)
            if made and made[0].text.lstrip().startswith(":::") and out and out[-1].text.strip():
                out.append(made[0].with_text(""))
            out += made
            at = end
        return out

    def _directive(self, rows: list[Row]) -> list[Row]:
        """Fenced rows: what a directive of MyST asks for, ```{note} 标题, where it is known; another is told."""
        found = _DIRECTIVE.match(rows[0].text)
        if not found:
            return rows
        name, kind = found["name"], kind_of(found["name"])
        if name == "tableofcontents" and not any(row.text.strip() for row in rows[1:-1]):
            self._ledger.name("a line that asks for contents", rows[0].line, rows[0].text)
            return [row.with_text("") for row in rows]
        statement = statement_of(name)
        if not kind and not statement and name not in _READ:
            if name in _DIRECTIVES:
                self._ledger.leave("a directive of another tool", rows[0].line, rows[0].text.strip())
            return rows
        options = _options(rows[1:-1])
        for row in options:
            self._ledger.name("attributes", row.line, row.text)
        self._ledger.name("a kind of box", rows[0].line, name)
        inner = rows[1 + len(options) : -1]
        if kind:
            return self._boxed(rows[0], rows[-1], found["indent"], kind, found["title"], inner)
        if statement:
            label = next((said["label"] for row in options if (said := _LABEL.match(row.text))), "")
            mark, title = statement_of(name, label), _title(rows[0], found["indent"], found["title"])
            return self._marked(rows[0], rows[-1], found["indent"], mark, title, inner)
        return [rows[0].with_text(""), *_READ[name](rows, found, inner), rows[-1].with_text("")]

    def _box(self, rows: list[Row], at: int) -> tuple[int, list[Row]]:
        """What stands at a row, and the index behind it."""
        row = rows[at]
        sign = row.text.lstrip()[:3]
        if sign.startswith(">") and (found := _ALERT.match(row.text)) and not _goes_on(rows, at):
            return self._alert(rows, at, found)
        if sign in ("!!!", "???") and (found := _ADMONITION.match(row.text)):
            return self._admonition(rows, at, found)
        if sign == "===" and (found := _TAB.match(row.text)):
            return self._indented(rows, at, found["indent"], "tab", found["title"])
        if sign == ":::" and (found := _COLONS.match(row.text)):
            if _TABS.match(found["info"]) and (end := self._end_of(rows, at, found["mark"])):
                return end + 1, self._tabs(rows[at : end + 1], found["indent"])
            if (myst := _BRACED.match(found["info"])) and _is_read(myst["name"]) and (end := _end_of_colons(rows, at)):
                return end + 1, self._directive(rows[at : end + 1])
            return self._headed(rows, at, self._colons(row, found, _in_item(rows, at, found["indent"].expandtabs(4))))
        if sign.startswith(("{%", "{{")) and (found := _TAG.match(row.text)) and (end := _end_of_tag(rows, at, found)):
            return end + 1, self._tag(rows[at : end + 1], found)
        if ":::" in row.text and (item := _BOX_IN_ITEM.match(row.text)) and kind_of(item["name"]):
            return at + 1, self._begun_in_item(row, item["item"], item["rest"])
        if sign == "///" and (found := _SLASHES.match(row.text)) and (end := self._end_of(rows, at, "///")):
            return end + 1, self._slashed(rows[at : end + 1], found)
        if sign == "<as" and (found := _ASIDE.match(row.text)) and (end := self._end_of(rows, at, "</aside>")):
            return end + 1, self._aside(rows[at : end + 1], _in_item(rows, at, found["indent"].expandtabs(4)))
        if sign == "%%" and _COMMENT.match(row.text):
            return self._comment(rows, at)
        if (
            sign[:1] == "<"
            and (found := _ELEMENT.match(row.text))
            and (end := _end_of_element(rows, at, found["name"]))
        ):
            return end + 1, self._element(rows[at : end + 1], found)
        if sign[:1] in ("[", "@", "$", "<") and _CONTENTS.match(row.text):
            self._ledger.name("a line that asks for contents", row.line, row.text)
            return at + 1, [row.with_text("")]
        return at + 1, [row]

    def _headed(self, rows: list[Row], at: int, opened: list[Row]) -> tuple[int, list[Row]]:
        """A container as it was opened; Quarto's callouts have the heading that they begin with as their title."""
        head = at + 1
        while head < len(rows) and not rows[head].text.strip():
            head += 1
        heading = _HEADING.match(rows[head].text) if head < len(rows) else None
        if not heading or len(opened) != 1 or "callout-" not in rows[at].text or BOX not in opened[0].text:
            return at + 1, opened
        title = heading["title"] if not heading["name"] else f"[{heading['title']}]{{{heading['name']}}}"
        self._ledger.name("attributes", rows[head].line, heading["marks"])
        return head + 1, [*opened, *_title(rows[head], heading["indent"], title)]

    def _end_of(self, rows: list[Row], at: int, mark: str) -> int:
        """The line that closes a container with the same mark, or 0."""
        return next((end for end in range(at + 1, len(rows)) if rows[end].text.strip() == mark), 0)

    def _begun_in_item(self, row: Row, item: str, rest: str) -> list[Row]:
        """A container that begins right behind an item's mark: - ::: tip."""
        indent = " " * len(item.expandtabs(4))
        found = _COLONS.match(indent + rest)
        made = self._colons(row.with_text(indent + rest), found, indent) if found else []
        return [made[0].with_text(item + made[0].text.lstrip()), *made[1:]] if made else [row]

    def _slashed(self, rows: list[Row], found: re.Match[str]) -> list[Row]:
        """A block of pymdownx: a box where its name is that of one, else what stands in it."""
        for row in (rows[0], rows[-1]):
            self._ledger.name("a kind of box", row.line, row.text)
        options = [*takewhile(lambda row: _SLASHED_OPTION.match(row.text), rows[1:-1])]
        for row in options:
            self._ledger.name("attributes", row.line, row.text)
        inner = rows[1 + len(options) : -1]
        kind = kind_of(found["name"])
        if kind:
            return self._boxed(rows[0], rows[-1], found["indent"], kind, found["title"] or "", inner)
        return [rows[0].with_text(""), *self._read(inner), rows[-1].with_text("")]

    def _tabs(self, rows: list[Row], indent: str) -> list[Row]:
        """VuePress's ::: tabs with lines of `@tab 甲` or `== 甲`: each a box with that title; without one, its text."""
        begins = [at for at, row in enumerate(rows) if _AT_TAB.match(row.text)]
        for row in (rows[0], rows[-1]):
            self._ledger.name("a kind of box", row.line, row.text)
        out = self._read(rows[1 : begins[0] if begins else -1])
        for at, end in pairwise([*begins, len(rows) - 1]):
            found = _AT_TAB.match(rows[at].text)
            title = found["title"] if found else ""
            self._ledger.name("a kind of box", rows[at].line, rows[at].text.replace(title, ""))
            out += self._boxed(rows[at], rows[end - 1], indent, "tab", title, rows[at + 1 : end])
        return out

    def _tag(self, rows: list[Row], found: re.Match[str]) -> list[Row]:
        """A box between two tags of Liquid or Hugo: {% note info 标题 %}, {{< notice tip >}}."""
        for row in (rows[0], rows[-1]):
            self._ledger.name("a kind of box", row.line, row.text)
        name, words, indent = _name_of(found), found["liquid_words"] or found["hugo_words"] or "", found["indent"]
        if name in _DROPPED_TAGS:
            inner = [row.with_text(_NEXT_TAB.sub(_as_tag, row.text)) for row in rows[1:-1]]
            return [rows[0].with_text(""), *self._read(inner), rows[-1].with_text("")]
        said = _SAID.search(words)
        bare = [one for one in _KEYED.sub("", words).replace('"', " ").split() if one not in _LOOKS]
        kinds = [*(kind_of(one) for one in [*_VALUES.findall(words), *bare]), kind_of(name)]
        title = (said[1] if said else "") or " ".join(one for one in bare if not kind_of(one))
        kind = "tab" if name == "tab" else next(filter(None, kinds), "note")
        return self._boxed(rows[0], rows[-1], indent, kind, title, rows[1:-1])

    def _aside(self, rows: list[Row], indent: str) -> list[Row]:
        """A callout of Notion's: <aside>, its sign and its text, </aside>."""
        for row in (rows[0], rows[-1]):
            self._ledger.name("a kind of box", row.line, row.text)
        return self._boxed(rows[0], rows[-1], indent, "note", "", rows[1:-1])

    def _element(self, rows: list[Row], found: re.Match[str]) -> list[Row]:
        """A box that is an element of a tool's own, Feishu's <callout>, Nextra's <Callout type="info">."""
        for row in (rows[0], rows[-1]):
            self._ledger.name("a kind of box", row.line, row.text)
        values = _VALUES.findall(found["words"])
        said = _SAID.search(found["words"])
        kind = next(filter(None, [*map(kind_of, values), kind_of(found["name"])]), "note")
        return self._boxed(rows[0], rows[-1], found["indent"], kind, said[1] if said else "", rows[1:-1])

    def _comment(self, rows: list[Row], at: int) -> tuple[int, list[Row]]:
        """A comment of Obsidian's over several lines."""
        end = next((number for number in range(at + 1, len(rows)) if _COMMENT.match(rows[number].text)), None)
        if end is None:
            return at + 1, [rows[at]]
        for row in rows[at : end + 1]:
            self._ledger.name("a comment", row.line, row.text)
        return end + 1, [row.with_text("") for row in rows[at : end + 1]]

    def _alert(self, rows: list[Row], at: int, found: re.Match[str]) -> tuple[int, list[Row]]:
        """A quotation that begins with [!NOTE]."""
        end = at + 1
        while end < len(rows) and rows[end].text.strip() and _QUOTE.match(rows[end].text):
            end += 1
        indent = _in_item(rows, at, found["indent"].expandtabs(4))
        inner = [row.with_text(_QUOTE.sub(indent, row.text, count=1)) for row in rows[at + 1 : end]]
        kind = kind_of(found["kind"])
        # A kind of its author's own is called by its name, as Obsidian does.
        title = found["title"].strip() or ("" if kind else found["kind"])
        self._ledger.name("a kind of box", rows[at].line, found["kind"] + (found["looks"] or ""))
        mark = (kind or "note") + _FOLDS[found["fold"]]
        return end, self._boxed(rows[at], rows[end - 1], indent, mark, title, inner)

    def _admonition(self, rows: list[Row], at: int, found: re.Match[str]) -> tuple[int, list[Row]]:
        """`!!! tip "标题"` and what is indented below it."""
        words = found["words"] or "note"
        kind = kind_of(words.split()[0])
        # A kind of its author's own is called by its name, as MkDocs does; "" is the wish for no title.
        title = words if not kind and found["title"] is None else (found["title"] or "")[1:-1]
        self._ledger.name("a kind of box", rows[at].line, words)
        fold = _FOLDS[{"???": "-", "???+": "+"}.get(found["sign"], "")]
        return self._indented(rows, at, found["indent"], (kind or "note") + fold, title)

    def _indented(self, rows: list[Row], at: int, indent: str, kind: str, title: str) -> tuple[int, list[Row]]:
        end, last = at + 1, at
        deep = len(indent.expandtabs(4)) + 4
        indent = _in_item(rows, at, indent.expandtabs(4))
        while end < len(rows):
            text = rows[end].text.expandtabs(4)
            if text.strip() and len(text) - len(text.lstrip()) < deep:
                break
            last = end if text.strip() else last
            end += 1
        inner = [row.with_text(indent + row.text.expandtabs(4)[deep:]) for row in rows[at + 1 : last + 1]]
        return last + 1, self._boxed(rows[at], rows[last], indent, kind, title, inner)

    def _boxed(self, first: Row, last: Row, indent: str, kind: str, title: str, inner: list[Row]) -> list[Row]:
        mark = ".tab" if kind == "tab" else f".{BOX} .{kind}"
        return self._marked(first, last, indent, mark, _title(first, indent, title), inner)

    def _marked(self, first: Row, last: Row, indent: str, mark: str, title: list[Row], inner: list[Row]) -> list[Row]:
        """A division with its attributes, its title and what stands in it."""
        return [
            first.with_text(f"{indent}::: {{{mark}}}"),
            *title,
            first.with_text(""),
            *self._read(inner),
            last.with_text(""),
            last.with_text(f"{indent}:::"),
            last.with_text(""),
        ]

    def _colons(self, row: Row, found: re.Match[str], indent: str) -> list[Row]:
        """A line of three colons or more: a container of any tool begins or ends."""
        info = found["info"]
        if not info:
            if not self._open:
                self._ledger.leave("the end of a container that never began", row.line, row.text.strip())
                return [row.with_text(indent + row.text.strip().replace(":", "\\:"))]
            opened = self._open.pop()
            if opened in self._left:
                return [row.with_text(indent + row.text.strip().replace(":", "\\:"))]
            if opened.text.split() == [":::", "v-pre"]:
                self._ledger.meant.update(range(opened.line, row.line))
            outer = self._indents.pop(opened, indent)  # Prettier puts the end below a list into its last item
            return [row.with_text((outer if len(outer) < len(indent) else indent) + row.text.strip())]
        read = self._opening(row, indent, info)
        if read is None:
            self._ledger.leave("a container of another tool", row.line, row.text.strip())
            self._left.add(row)
            self._open.append(row)
            return [row.with_text(indent + row.text.strip().replace(":", "\\:"))]
        self._open.append(row)
        self._indents[row] = indent
        return read

    def _opening(self, row: Row, indent: str, info: str) -> list[Row] | None:
        word = re.match(r"^[{]?\s*\.?(?P<name>[\w-]+)", info)
        name = word["name"] if word else ""
        kind = kind_of(name)
        if name and not name.isascii() and not info.startswith("{"):  # ::: 说明
            return [row.with_text(f"{indent}::: {{.{BOX} .{kind or 'note'}}}"), *_title(row, indent, info)]
        if _PANDOC.match(info) and not kind:
            return [row]
        myst = _BRACED.match(info)
        if myst and (kind := kind_of(myst["name"])):
            self._ledger.name("a kind of box", row.line, myst["name"])
            return [row.with_text(f"{indent}::: {{.{BOX} .{kind}}}"), *_title(row, indent, myst["title"])]
        if myst:
            return None
        if info.startswith("{"):
            return self._quarto(row, indent, info, kind) if "callout-" in info else [row]
        found = _INFO.match(info)
        if not found:
            return None
        rest = found["rest"]
        attributes = _ATTRIBUTES.search(rest)
        inner = attributes["inner"] if attributes else ""
        said = _TITLE.search(inner)
        title = found["label"] or (next(filter(None, said.groups()), "") if said else "")
        title = title or rest[: attributes.start() if attributes else None].strip()
        self._ledger.name("a kind of box", row.line, info[: found.start("rest")] if not found["label"] else name)
        if attributes:
            self._ledger.name("attributes", row.line, inner)
        return [
            row.with_text(f"{indent}::: {{.{BOX} .{kind}{_opened(inner)}}}" if kind else f"{indent}::: {{.{name}}}"),
            *_title(row, indent, title),
        ]

    def _quarto(self, row: Row, indent: str, info: str, kind: str) -> list[Row]:
        said = _TITLE.search(info)
        self._ledger.name("attributes", row.line, info)
        title = next(filter(None, said.groups()), "") if said else ""
        return [row.with_text(f"{indent}::: {{.{BOX} .{kind or 'note'}}}"), *_title(row, indent, title)]


def _opened(attributes: str) -> str:
    """The class of a box that is open from the beginning, ::: details 题 {open}."""
    return " .open" if re.search(r"(?:^|\s)open\b", attributes) else ""


def _options(rows: list[Row]) -> list[Row]:
    """The rows of a directive's options: `:name: x`, or `name: x` between two lines of ---."""
    if rows and rows[0].text.strip() == "---":
        end = next((at for at, row in enumerate(rows[1:], 1) if row.text.strip() == "---"), -1)
        return rows[: end + 1]
    return [*takewhile(lambda row: _OPTION.match(row.text), rows)]


def _formula(rows: list[Row], found: re.Match[str], inner: list[Row]) -> list[Row]:
    """```{math}."""
    edge = found["indent"] + "$$"
    return [rows[0].with_text(edge), *(row for row in inner if row.text.strip()), rows[-1].with_text(edge)]


def _figure(rows: list[Row], found: re.Match[str], inner: list[Row]) -> list[Row]:
    """```{figure} a.png, its caption the first paragraph below."""
    caption = [*takewhile(lambda row: row.text.strip(), dropwhile(lambda row: not row.text.strip(), inner))]
    words = " ".join(row.text.strip() for row in caption)
    rest = [row for row in inner if row not in caption]
    return [rows[0].with_text(f"{found['indent']}![{words}](<{found['title'].strip()}>)"), rows[0].with_text(""), *rest]


def _quotation(_rows: list[Row], found: re.Match[str], inner: list[Row]) -> list[Row]:
    """```{epigraph}."""
    return [row.with_text(f"{found['indent']}> {row.text.strip()}") for row in inner]


_READ: dict[str, Callable[[list[Row], re.Match[str], list[Row]], list[Row]]] = {
    "math": _formula,
    "figure": _figure,
    "image": _figure,
    "epigraph": _quotation,
    "pull-quote": _quotation,
}


def _is_read(directive: str) -> bool:
    """Whether a directive of MyST is one that is read."""
    return bool(kind_of(directive) or directive in _READ or statement_of(directive))


def _end_of_colons(rows: list[Row], at: int) -> int:
    """The line that ends what opens at a row with colons, and what opens in it; 0 where none does."""
    depth = 0
    for begun, _, code in stretches(rows[at:]):
        found = None if code else _COLONS.match(rows[at + begun].text)
        depth += (1 if found["info"] else -1) if found else 0
        if found and not depth:
            return at + begun
    return 0


def _end_of_element(rows: list[Row], at: int, name: str) -> int:
    """The line that ends a box written as an element; 0 where its name is no box's, or none does."""
    if not kind_of(name) or (name.lower() in KNOWN and name[0].islower()):
        return 0
    ends = (number for number in range(at + 1, len(rows)) if rows[number].text.strip() == f"</{name}>")
    return next(ends, 0)


def _as_tag(found: re.Match[str]) -> str:
    return "{% endtab %}" if found["end"] else f"{{% tab {found['words'].strip()} %}}"


def _name_of(found: re.Match[str]) -> str:
    return found["liquid"] or found["hugo"]


def _end_of_tag(rows: list[Row], at: int, found: re.Match[str]) -> int:
    """The line on which the tag that opens at a row is closed; 0 where none is."""
    name = re.escape(_name_of(found))
    closing = re.compile(
        rf"^[ \t]*(?:\{{%-?[ \t]*end{name}[ \t]*-?%\}}|\{{\{{[<%][ \t]*/[ \t]*{name}[ \t]*[>%]\}}\}})[ \t]*$"
    )
    depth = 0
    for number in range(at, len(rows)):
        again = _TAG.match(rows[number].text)
        depth += 1 if again and _name_of(again) == _name_of(found) else 0
        depth -= 1 if closing.match(rows[number].text) else 0
        if not depth:
            return number
    return 0


def _in_item(rows: list[Row], at: int, indent: str) -> str:
    """The indent of a box in a list's item as the item's text has it: MkDocs wants four spaces, pandoc these."""
    if len(indent) < 2:  # noqa: PLR2004  # one space is in no item
        return ""
    above = (row.text for row in reversed(rows[:at]) if row.text.strip())
    outer = next((text for text in above if len(text) - len(text.lstrip()) < len(indent)), "")
    found = _ITEM.match(outer)
    return " " * min(len(found[0]), len(indent)) if found else indent


_ITEM = re.compile(r"^ *(?:[-*+]|\d{1,9}[.)]) {1,4}(?=\S)")


def _goes_on(rows: list[Row], at: int) -> bool:
    """Whether a row of a quotation is not its first: there [!NOTE] begins no box."""
    return at > 0 and rows[at - 1].text.lstrip().startswith(">")


def _title(row: Row, indent: str, title: str) -> list[Row]:
    """The rows of a box's title, if it has one."""
    if not title.strip():
        return []
    return [row.with_text(f"{indent}{text}") for text in ("::: {.title}", title.strip(), "", ":::")]
