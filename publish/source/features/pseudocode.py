r"""Pseudocode in the words of LaTeX's packages, `\begin{algorithm} … \STATE …`, made a named algorithm of set lines.

The environment stands in the text or in a fence of the class `pseudocode` or `pseudo`. It is read as `algorithmic`,
`algpseudocode` (`\State`), `pseudocode.js` or `algorithm2e` (`\For{…}{…}`). What has a command that nobody knows stays
code as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from publish.errors import Place
from publish.findings import Finding
from publish.formulas.tex import group
from publish.source.document import Block, Inline, rewrite, string
from publish.source.features.latex import name_of
from publish.source.phrase import words
from publish.source.places import line_of

PSEUDOCODE, NUMBERED = "pseudocode", "numbered"  # the class of its lines; of those that have numbers
GIVEN = "given"  # the class of a division of lines that have none, as what an algorithm is given
ENVIRONMENT = re.compile(r"algorithm(?:ic)?\*?")  # of TeX, which the reading makes code of the class
_CLASSES = frozenset([PSEUDOCODE, "pseudo"])
_MAY_HAVE = re.compile(r"\\begin\{algorithm|^[ \t>]*(?:```|~~~).*\bpseudo", re.MULTILINE)
_ALGORITHMIC = re.compile(
    r"\\begin\{algorithmic\}\s*(?:\[(?P<numbers>\d*)\])?(?P<body>.*?)\\end\{algorithmic\}", re.DOTALL
)
_AROUND = re.compile(r"\\(?:begin|end)\{algorithm\*?\}\s*(?:\[[^\]]*\])?")
_OPTION = re.compile(r"^\s*#\|\s*(?P<key>[\w-]+)\s*:\s*[\"']?(?P<value>.*?)[\"']?\s*$\n?", re.MULTILINE)
_COMMENT = re.compile(r"(?<!\\)%.*$", re.MULTILINE)
# What opens lines within: the word before its condition, the one behind; what goes on, and what ends. _ is a space.
_OPENS = {
    "IF": ("if", "then"), "FOR": ("for", "do"), "FORALL": ("for_all", "do"), "FOREACH": ("for_each", "do"),
    "WHILE": ("while", "do"), "LOOP": ("loop", ""), "REPEAT": ("repeat", ""), "FUNCTION": ("function", ""),
    "PROCEDURE": ("procedure", ""), "SWITCH": ("switch", "do"), "CASE": ("case", "do"), "OTHER": ("otherwise", ""),
    "PARFOR": ("for", "do_in_parallel"),
}  # fmt: skip
_GOES_ON = {"ELSE": ("else", ""), "ELSIF": ("else_if", "then"), "ELSEIF": ("else_if", "then")}
_CLOSES = {f"END{name}": f"end_{word}" for name, (word, _) in _OPENS.items() if name not in ("REPEAT", "FOREACH")} | {
    "ENDFOREACH": "end_for",
    "ENDFORALL": "end_for",
    "ENDPARFOR": "end_for",
}
_BARE = frozenset(["LOOP", "REPEAT", "ELSE", "OTHER"])  # which have no condition
_NAMED = frozenset(["FUNCTION", "PROCEDURE"])  # a name and what it is given
# What begins a line of its own with a word, and what is a word wherever it stands.
_BEGINS = {
    "REQUIRE": "Require:", "ENSURE": "Ensure:", "INPUT": "Input:", "OUTPUT": "Output:", "KWIN": "Input:",
    "KWOUT": "Output:", "KWDATA": "Data:", "KWRESULT": "Result:", "PRINT": "print", "GLOBALS": "global",
}  # fmt: skip
_WORDS = {
    "RETURN": "return", "TO": "to", "DOWNTO": "downto", "KWTO": "to", "AND": "and", "OR": "or", "NOT": "not",
    "XOR": "xor", "TRUE": "true", "FALSE": "false", "BREAK": "break", "CONTINUE": "continue",
}  # fmt: skip
_SAYS_NOTHING = frozenset(
    "SETALGOLINED SETALGONOLINE SETALGONOEND LINESNUMBERED LINESNOTNUMBERED DONTPRINTSEMICOLON PRINTSEMICOLON"
    " CENTERING SMALL FOOTNOTESIZE BLANKLINE INDENT NOINDENT HLINE".split()
)
_STYLES = {
    "textbf": "Strong", "mathbf": "Strong", "textit": "Emph", "emph": "Emph", "textrm": "", "text": "", "textsc": "",
    "texttt": "Code", "mbox": "", "textnormal": "", "textsf": "",
}  # fmt: skip
_PIECE = re.compile(
    r"\$\$(?P<twice>[^$]+)\$\$|\$(?P<math>(?:\\.|[^$\\])+)\$|\\\((?P<round>.+?)\\\)"
    r"|\\(?P<command>[A-Za-z]+)\*?|\\(?P<escaped>[{}_&%#$;,!: \\])|(?P<brace>[{}])|(?P<text>[^$\\{}]+|\$)",
    re.DOTALL,
)
_PLAIN = {";": "", ",": " ", "!": "", ":": " ", " ": " ", "\\": " "}  # what is escaped and no sign of its own


class _UnknownError(Exception):
    """A command that nobody knows."""


def algorithms(blocks: list[Block], file: str, lines: Sequence[str]) -> tuple[list[Block], list[Finding]]:
    """The blocks of a file with its pseudocode as algorithms, and what could not be read and stays code."""
    if not _MAY_HAVE.search("\n".join(lines)):
        return blocks, []
    findings: list[Finding] = []

    def block(one: Block) -> list[Block] | None:
        if one["t"] != "CodeBlock" or not _CLASSES & {*one["c"][0][1]} or "\\begin{algorithm" not in one["c"][1]:
            return None
        try:
            return [_algorithm(one)]
        except _UnknownError as error:
            place = Place(file, line_of(str(error) or "\\begin{algorithm", list(lines), one.get("line", 0)))
            problem = f"{error} is not known in pseudocode, which stays code"
            if not str(error):
                problem = "this pseudocode stays code: its braces do not pair, or it has no end"
            findings.append(
                Finding("markup-unread", "warning", place, problem, "Correct it, or write it in another way")
            )
            return None

    return rewrite(blocks, block), findings


def _algorithm(one: Block) -> Block:
    (identifier, _, _), code = one["c"]
    options = {found["key"]: found["value"] for found in _OPTION.finditer(code)}
    source = _COMMENT.sub("", _OPTION.sub("", code))
    source, caption = _taken(source, "caption")
    source, label = _taken(source, "label")
    found = _ALGORITHMIC.search(source)
    if not found and "\\begin{algorithmic}" in source:
        raise _UnknownError
    lined = _Lines(one.get("line", 0))
    lined.read(found["body"] if found else _AROUND.sub("", source))
    numbered = (found and found["numbers"]) or "\\LinesNumbered" in source or options.get("html-line-number") == "true"
    classes = [PSEUDOCODE, *([NUMBERED] if numbered else [])]
    lines = {"t": "Div", "c": [["", classes, []], lined.nested()], "line": one.get("line", 0)}
    name = label or identifier or options.get("label", "")
    caption = caption or options.get("title", "") or options.get("caption", "")
    if not name and not caption:
        return lines
    pairs = [["name", " ".join(caption.split())]] if caption else []
    return {
        "t": "Div",
        "c": [[name_of("alg", name) if name else "", ["algorithm"], pairs], [lines]],
        "line": one.get("line", 0),
    }


def _taken(source: str, command: str) -> tuple[str, str]:
    r"""A source without its `\caption{…}`, and what that says."""
    found = re.search(rf"\\{command}(?=\s*\{{)", source)
    body = group(source, found.end()) if found else None
    return (source[: found.start()] + source[body[1] :], body[0]) if found and body else (source, "")


@dataclass
class _Lines:
    """The lines of an algorithm, each with how deep it stands, as they are read; the last may be open still."""

    line: int
    lines: list[tuple[int, list[Inline]]] = field(default_factory=list)
    bare: set[int] = field(default_factory=set)
    depth: int = 0
    open: bool = False

    def read(self, source: str) -> None:
        """Read commands and text; raises `_UnknownError` at a command that nobody knows."""
        at = 0
        while piece := _PIECE.match(source, at):
            if piece["brace"]:
                body = group(source, at)
                if not body:
                    break
                self.read(body[0])
                at = body[1]
            else:
                at = self._command(piece["command"], source, piece.end()) if piece["command"] else self._text(piece)
        if at < len(source):
            raise _UnknownError

    def nested(self) -> list[Block]:
        """The lines as paragraphs, those that stand deeper in divisions."""
        root: list[Block] = []
        stack = [root]
        for number, (depth, inlines) in enumerate(self.lines):
            while len(stack) > depth + 1:
                stack.pop()
            while len(stack) <= depth:
                inner: list[Block] = []
                stack[-1].append({"t": "Div", "c": [["", [], []], inner]})
                stack.append(inner)
            trimmed = _trimmed(inlines)
            line = {"t": "Para", "c": trimmed, "line": self.line}
            bare = {"t": "Div", "c": [["", [GIVEN], []], [line]]}
            stack[-1] += [bare if number in self.bare else line] if trimmed else []
        return root

    def _text(self, piece: re.Match[str]) -> int:
        if self.open or not piece["text"] or piece["text"].strip():
            self._say(_plain(piece))
        self.open = self.open and piece["escaped"] not in (";", "\\")
        return piece.end()

    def _say(self, inlines: list[Inline]) -> None:
        if not self.open:
            self.lines.append((self.depth, []))
            self.open = True
        self.lines[-1][1].extend(inlines)

    def _begin(self, inlines: list[Inline], *, ends: bool = False) -> None:
        self.open = False
        self._say(inlines)
        self.open = not ends

    def _command(self, command: str, source: str, at: int) -> int:
        name = command.upper()
        if command in _STYLES or command in _LEADS or name in _STYLED:
            inlines, at = _styled(command, source, at)
            if name == "LINECOMMENT":
                self.open = False
            self._say(inlines)
            return at
        if name in ("STATE", "STATEX"):
            self.open = False
            self._say([])
            self.bare |= {len(self.lines) - 1} if name == "STATEX" else set()
            return at
        if name in _OPENS or name in ("EIF", "LIF", "UIF") or name in _GOES_ON:
            return self._opened(name, source, at)
        if name in _CLOSES or name == "UNTIL":
            return self._closed(name, source, at)
        if name in _BEGINS:
            self._begin([_strong(_BEGINS[name]), {"t": "Space"}])
            self.bare |= {len(self.lines) - 1} if _BEGINS[name].endswith(":") else set()
            return self._group(source, at)
        if name in _WORDS:
            if name != "RETURN":
                self._say([_strong(_WORDS[name])])
                return at
            self.open = self.open and not _trimmed(self.lines[-1][1])
            self._say([_strong(_WORDS[name]), {"t": "Space"}])
            return self._group(source, at)
        if name in _SAYS_NOTHING:
            return at
        raise _UnknownError(f"\\{command}")

    def _group(self, source: str, at: int) -> int:
        """Say what stands in the braces behind a command, where there are any."""
        body = group(source, at)
        if body:
            self._say(_inlines(body[0]))
            self.open = False
        return body[1] if body else at

    def _opened(self, name: str, source: str, at: int) -> int:
        if name in _GOES_ON:
            self.depth = max(self.depth - 1, 0)
        before, behind = (_OPENS | _GOES_ON).get(name, ("if", "then"))
        head: list[Inline] = [_strong(before)]
        count = 2 if name in _NAMED else 0 if name in _BARE else 1
        for number in range(count):
            body = group(source, at)
            if not body:
                raise _UnknownError(f"\\{name}")
            at = body[1]
            said = _inlines(body[0])
            head += [{"t": "Space"}, *said] if not number else [string("("), *said, string(")")]
        if behind:
            head += [{"t": "Space"}, _strong(behind)]
        self._begin(head, ends=True)
        self.depth += 1
        return self._braced(name, source, at)

    def _braced(self, name: str, source: str, at: int) -> int:
        r"""The body in braces of `algorithm2e`, one more for `\eIf`; what follows in lines else."""
        body = group(source, at)
        if not body:
            return at
        self.read(body[0])
        if name == "EIF":
            self.depth -= 1
            self._begin([_strong("else")], ends=True)
            self.depth += 1
            more = group(source, body[1])
            if not more:
                raise _UnknownError(f"\\{name}")
            self.read(more[0])
            body = more
        self.open = False
        self.depth -= 1
        if name == "REPEAT" and (until := group(source, body[1])):
            self._begin([_strong("until"), {"t": "Space"}, *_inlines(until[0])], ends=True)
            return until[1]
        return body[1]

    def _closed(self, name: str, source: str, at: int) -> int:
        self.depth = max(self.depth - 1, 0)
        if name != "UNTIL":
            self._begin([_strong(_CLOSES[name])], ends=True)
            return at
        body = group(source, at)
        if not body:
            raise _UnknownError(f"\\{name}")
        self._begin([_strong("until"), {"t": "Space"}, *_inlines(body[0])], ends=True)
        return body[1]


def _inlines(source: str) -> list[Inline]:
    """The inlines of a condition or a caption, in which nothing begins a line."""
    out: list[Inline] = []
    at = 0
    while piece := _PIECE.match(source, at):
        if piece["brace"] and (body := group(source, at)):
            out += _inlines(body[0])
            at = body[1]
            continue
        if piece["brace"]:
            break
        at = piece.end()
        name = (piece["command"] or "").upper()
        if name in _WORDS:
            out.append(_strong(_WORDS[name]))
        elif name:
            styled, at = _styled(piece["command"], source, at)
            out += styled
        else:
            out += _plain(piece)
    if at < len(source):
        raise _UnknownError
    return _trimmed(out)


def _plain(piece: re.Match[str]) -> list[Inline]:
    """The inlines of a piece that is no command."""
    tex, sign = piece["twice"] or piece["math"] or piece["round"], piece["escaped"] or ""
    if tex:
        return [{"t": "Math", "c": [{"t": "InlineMath"}, tex.strip()]}]
    if sign:
        return words(_PLAIN[sign]) if sign in _PLAIN else [string(sign)]
    return words(re.sub(r"\s+", " ", (piece["text"] or "").replace("~", "\u00a0")))


def _styled(command: str, source: str, at: int) -> tuple[list[Inline], int]:
    """What a command with one or two groups says, and where it ends."""
    name = command.upper()
    body = group(source, at)
    if body is None or (command not in _STYLES and command not in _LEADS and name not in _STYLED):
        raise _UnknownError(f"\\{command}")
    if command in _LEADS:  # typed as in any text, which is read for these next
        keys = "; ".join(f"@{key.strip()}" for key in body[0].split(","))
        said = f"[{keys}]" if command.startswith("cite") else f"\\{command}{{{body[0].strip()}}}"
        return ([] if command == "label" else [string(said)]), body[1]
    inner = _inlines(body[0])
    if name in ("CALL", "FUNC"):
        given = group(source, body[1])
        return [*inner, string("("), *(_inlines(given[0]) if given else []), string(")")], given[1] if given else body[
            1
        ]
    if name in _STYLED:
        return [{"t": "Space"}, string("//"), {"t": "Space"}, *inner], body[1]
    style = _STYLES[command]
    if style == "Code":
        return [{"t": "Code", "c": [["", [], []], body[0]]}], body[1]
    return ([{"t": style, "c": inner}] if style else inner), body[1]


# What leads to elsewhere; a label within an algorithm is led to by nothing.
_LEADS = frozenset("ref eqref autoref cref Cref cite citep citet label".split())
_STYLED = frozenset(["CALL", "FUNC", "COMMENT", "TCP", "TCC", "LINECOMMENT"])


def _strong(word: str) -> Inline:
    return {"t": "Strong", "c": words(word.replace("_", " "))}


def _trimmed(inlines: list[Inline]) -> list[Inline]:
    """Inlines without spaces at their ends and without two in a row."""
    out: list[Inline] = []
    for one in inlines:
        if one["t"] == "Space" and (not out or out[-1]["t"] == "Space"):
            continue
        out.append(one)
    while out and out[-1]["t"] == "Space":
        out.pop()
    return out
