"""The text of a paragraph narrowed to what its author meant: what pandoc would take for markup is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from publish.han import IDEOGRAPH, IDEOGRAPHS
from publish.source.features.latex import KINDS
from publish.source.features.notes import SAYS_WHOSE
from publish.source.reading import addresses
from publish.source.reading.brackets import BracketReader
from publish.source.reading.emphasis import DelimiterRun, pair
from publish.source.reading.formulas import bracketed
from publish.source.reading.unread import escaped, literally, unread_at

_SPECIAL = re.compile(
    r"[`\\<~^$=:!\[\]{%*_]|(?<![\w+])\+\+(?=[a-z])|(?<![A-Za-z0-9])(?:https?|ftp)://|(?<![A-Za-z0-9./@-])www\."
    rf"|(?<=[A-Za-z0-9])\.(?:com|org|net|io|cn|dev|tw|hk|edu|gov|me)(?::\d+)?[/:](?=[!-~]*[{IDEOGRAPHS}])"
)
_EMPHASIS = ({"*"}, {"_"})
# Both ends in one short run of letters and digits, and a letter or a bracket before it.
_SUBSCRIPT = re.compile(
    r"~(?P<inner>[+\u2212-]?(?:[A-Za-z0-9\u0370-\u03ff]{1,10}|[0-9]{1,3}\.[0-9]{1,3})[+\u2212-]?)~(?!~)"
)
_RANGE = re.compile(r"~[A-Za-z]~[A-Za-z0-9]|(?<=\d)~\d\w*~\d")  # A~Z~a, 1~2km~3km
_SUPERSCRIPT = re.compile(
    r"\^(?P<inner>[+\u2212-]?[A-Za-z0-9\u0370-\u03ff]{1,10}[+\u2212-]?(?:\+[0-9])?|(?<=[A-Za-z)\]]\^)[+\u2212-])\^"
)
# Obsidian's at a line's end. One that nothing leads to and that it has not made itself may be a word of the author's.
_BLOCK_NAME = re.compile(r"\^(?P<name>[A-Za-z0-9][A-Za-z0-9-]{2,}|[a-z]\d)[ \t]*(?=\n|\Z)")
_MADE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{6}")
_FACE = re.compile(r"[oOvVwWuUqQxX]")  # ^o^ behind Han
_CITED = re.compile(r"\^\[(?P<inner>[0-9][0-9,，、\s\u2013-]*)\]\^?")
_MARKED = re.compile(r"==(?P<inner>[^\s=](?:[^\n=]|=(?!=))*?)(?<!\s)==(?!=)")
_EMOJI = re.compile(r"(?::[a-z0-9_+-]+:)+")
_REFERENCE = re.compile(rf"@(?i:{'|'.join(KINDS)})[:-]")
_COMMENT = re.compile(r"%%(?P<inner>.+?)%%", re.DOTALL)
_ARMS = re.compile(r"\\\([^\s()\\]{2,8}\)/")  # \(^o^)/
_SHRUG = re.compile(
    r"\\{1,2}(?:\\?_)(?P<face>\([^()\s\\]{1,3}\))\\?_(?=/)"
)  # ¯\_(ツ)_/¯, with what somebody escaped in it
_TEX_COMMAND = re.compile(
    r"(?P<head>\\(?:footnote|emph|text(?:bf|it|tt|sc|rm|sf)|underline|cite[a-z]*|ref|eqref|autoref|label|caption|input|include"
    r"|includegraphics|href|url|textcolor|color|documentclass|usepackage|(?:sub)*section|chapter|paragraph|title|author)\*?(?:\[[^\]\n]*\])*\{)[^{}\n]*\}(?:\{[^{}\n]*\})*"
)
_RUN = re.compile(r"[^\s，。；：（）“”|]+")
_CLASS = re.compile(r"(?<!\\)\\[dwsbDWSBnrt](?![A-Za-z])")
_NAMES = re.compile(r"\\(?:(?:ref|eqref|autoref|label)\{|@ref\()")
_UNC = re.compile(r"\\\\[\w.$-]+\\(?=[^\s\\])")
IN_FOLDER = re.compile(
    r"(?<![^\s，。；：（“])(?:[A-Za-z]:|\.{1,2})?\\\w[^\s\\，。；]*(?:\\[^\s\\，。；]+)*\Z"
)  # D:\资料
_DRIVE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]:\Z")
# What is multiplied: a number, or a single letter.
_FACTOR_BEFORE = re.compile(r"(?:(?<![\w.])(?:\d[\d.,]*|[A-Za-z])|\))\Z", re.ASCII)
_MEASURED = re.compile(r"(?<![\w.])\d[\d.,]*(?:[A-Za-z]{1,3}|%)\Z", re.ASCII)  # 60kg*8*4
_FACTOR_AFTER = re.compile(r"\d|[A-Za-z](?![A-Za-z])|\((?![^()]*[A-Za-z]{4})[\w.+*/^, -]{1,24}\)(?!\*)")
# Names that Python gives a meaning, which are no bold words.
_STRUCK = re.compile(r"~~(?=[^\s~])(?:(?!\n[ \t>]*\n).)*?[^\s~]~~(?!~)", re.DOTALL)
_TONES = frozenset("呀啊哦噢喔哈吧啦呢嘛哟喽呗咯嘻嘿耶喵哇呐哒")  # 好呀~~ is drawn out, and strikes nothing
_SPECIAL_NAME = re.compile(
    r"__(?:init|main|name|file|doc|all|dict|class|call|str|repr|len|iter|next|new|del|enter|exit|eq|hash|bool|slots|path"
    r"|add|getitem|setitem|getattr|setattr|version|future|pycache|import|init_subclass|post_init|annotations)__"
)
# _id_, __v where other names are of a program's, too
_NAME = re.compile(r"(?<![\w_])(?:_[a-z][a-z0-9]*_|__[a-z][a-z0-9]*)(?![A-Za-z0-9_])")
_NAME_BEFORE = re.compile(r"(?:(?:__[a-z]\w*|[a-z][a-z0-9]*_)、|[前后後][缀綴][ ：:]?|字段[ ：:]?)\Z")
_NAME_BEHIND = re.compile(r"、(?:__[a-z]|[a-z]\w*_(?!\w))")
_EYES = frozenset(["--", "><", "^^", "==", "→→", "←←", "¬¬", "⊙⊙", "@@", "··", "••", "°°"])  # -_-||, >_<, →_→
_FACE_AT = re.compile(r"_\((?=[^()\n]{0,6}[^\w\s()])[^()\n]{1,7}\)_")  # _(:з」∠)_
_NUMBERED_BLANK = re.compile(r"(?<![\w_])(?P<marks>_{1,2})\d{1,3}(?P=marks)(?![\w_])")  # at __1__ six, of a test
# A pattern of files or of times: src/**/*.js, *.md, */5
_GLOB = re.compile(r"\*\*(?=/\*)|(?<=/)\*{1,2}(?=[/.])|(?<![\w*])\*(?=\.[a-z]{1,5}(?![\w*])|/\d)")
_REPEATS = re.compile(r"(?<=\.)\*(?=[?)$\]|\\/])|(?<=\\[dwsDWSb])\*(?!\*)")  # in a regular expression: .*? and \s*
_STRONG = re.compile(r"(?<!\w)___(?=[^\s_])[^\n_]*[^\s_]___(?!\w)")


@dataclass
class Spans(BracketReader):
    """Narrows text."""

    def narrow(self, text: str, line_of: Callable[[int], int], *, table: bool = False) -> str:
        """The text, in as many lines, with all but markup escaped. `line_of` tells the line of an index."""
        self._text, self._line_of, self._linked, self.table = text, line_of, 0, table
        self._product = self._struck = -1
        self._runs = []
        out: list[str] = []
        at = 0
        while found := _SPECIAL.search(text, at):
            out.append(text[at : found.start()])
            start = found.start()
            made, at = self._at(start)
            if set(made) in _EMPHASIS:
                self._runs.append((len(out), DelimiterRun(text, start, at)))
            out.append(made)
        out.append(text[at:])
        self._emphasise(out)
        return "".join(out)

    def _emphasise(self, out: list[str]) -> None:
        """Put the runs of stars and underscores in their places, with what is in no pair escaped."""
        runs = [run for _, run in self._runs]
        for one in pair(runs, table=self.table):
            self.ledger.leave("stars among words", self._line_of(one.start), one.words)
        for place, run in self._runs:
            out[place] = run.written()
            if run.slipped and run.opening:
                out[place + 1] = out[place + 1].lstrip(" ")

    def _at(self, at: int) -> tuple[str, int]:
        unknown = unread_at(self._text, at)
        if unknown:
            meant = unknown[0] == "a template's variable" and self._line_of(at) in self.ledger.meant
            if not (meant or _NAMES.match(unknown[1])):
                self.ledger.leave(unknown[0], self._line_of(at), unknown[1])
            return literally(unknown[1]), at + len(unknown[1])
        return _HANDLERS[self._text[at]](self, at)

    # --- code, tags ---

    # --- backslash ---

    def _backslash(self, at: int) -> tuple[str, int]:
        text = self._text
        after = text[at + 1 : at + 2]
        if formula := bracketed(text, at, table=self.table):
            return formula
        if after.isascii() and not after.isalnum() and not after.isspace() and self._in_pattern(at):
            return f"\\\\{escaped(after)}", at + 2
        if after in _ESCAPABLE and _IN_PATH.search(text, max(text.rfind("\n", 0, at), 0), at + 1):
            return f"\\\\{escaped(after)}", at + 2
        shrug = _SHRUG.match(text, at) if text[at - 1 : at] == "\u00af" else None
        if shrug:
            return "\\\\\\_" + shrug["face"] + "\\_", shrug.end()
        if _ARMS.match(text, at) or text[at - 1 : at] == "\u00af":
            return f"\\\\{escaped(after)}", at + 2
        command = _TEX_COMMAND.match(text, at)
        if command and not _IN_PATH.search(text, max(text.rfind("\n", 0, at), 0), at + 1):
            if not _NAMES.match(command[0]):  # these are for publish.source.features.latex to read, and to tell of
                self.ledger.leave("a command of TeX", self._line_of(at), command[0])
            whole = "://" in command[0]
            return (escaped(command[0]), command.end()) if whole else (escaped(command["head"]), command.end("head"))
        unc = _UNC.match(text, at)
        if unc and text[at - 1 : at] != "\\":
            return unc[0].replace("\\", "\\\\"), unc.end()
        named = after == "@" and (self.ledger.cites or _REFERENCE.match(text, at + 1))
        if named:  # no citation, no reference: set apart, as pandoc's text does not tell
            return "[\\@]{.keep}", at + 2
        if after in ("", "\n") and self._is_line(at):
            self._name("an empty line of another editor", at, "\\")
            return "", at + 1
        if after in ("", "\n"):
            path = _DRIVE.search(text, max(at - 3, 0), at) or IN_FOLDER.search(text, max(at - 200, 0), at)
            return self._as_is(at) if after and not path else ("\\\\", at + 1)
        if after == " ":
            before, behind = text[at - 1 : at], text[at + 2 : at + 3]
            tied = before and behind and (before.isalnum() or before in ".)") and behind.isalnum() and before.isascii()
            tied = tied and not _IN_PATH.search(text, text.rfind("\n", 0, at) + 1, at + 1)
            return self._as_is(at, 2) if tied else ("\\\\", at + 1)
        if after.isascii() and not after.isalnum():
            return self._as_is(at, 2)
        return "\\\\", at + 1

    def _is_line(self, at: int) -> bool:
        """Whether a character is all that its line says, with a blank line above it: Typora's and Bear's empty line."""
        above, _, line = self._text[:at].rpartition("\n")
        return not line.strip(" \t>") and not above.rpartition("\n")[2].strip(" \t>")

    def _in_pattern(self, at: int) -> bool:
        """Whether a backslash stands in a regular expression or in a row of escapes."""
        begins = max(self._text.rfind(char, 0, at) for char in " \t\n，。；：（）“”|")
        run = _RUN.match(self._text, begins + 1)
        return bool(run and self._text[at : at + 1] and _CLASS.search(run[0]) and run.end() > at)

    # --- marks that stand beside each other by chance ---

    def _tilde(self, at: int) -> tuple[str, int]:
        run = re.compile(r"~+").match(self._text, at)
        if run and len(run[0]) > 2:  # noqa: PLR2004  # no mark of anything in a line
            return "\\~" * len(run[0]), run.end()
        if run and len(run[0]) > 1:
            if at == self._struck:
                return self._as_is(at, 2)
            end = None if self._text[at - 1 : at] in _TONES and at else _STRUCK.match(self._text, at)
            if not end:
                return "\\~\\~", at + 2
            self._struck = end.end() - 2
            return self._as_is(at, 2)
        found = None if _RANGE.match(self._text, at) else _SUBSCRIPT.match(self._text, at)
        before = self._text[at - 1 : at] if at else ""
        if found and before:
            base = (before.isascii() and (before.isalpha() or before in ")]*_^")) or "\u0370" <= before <= "\u03ff"
            if base and not self._text[found.end() : found.end() + 1].isspace() | (before == "^"):
                return self._as_is(at, len(found[0]))
            if base or (before.isdigit() and any(map(str.isalpha, found["inner"]))):
                return self._as_is(at, len(found[0]))
        return "\\~", at + 1

    def _caret(self, at: int) -> tuple[str, int]:
        block = _BLOCK_NAME.match(self._text, at)
        if block and (not at or self._text[at - 1].isspace() or self._text[at - 1] in "。！？…”"):
            if block["name"] not in self.named and not _MADE.fullmatch(block["name"]):
                self.ledger.leave("a block's own name", self._line_of(at), block[0])
                return self._escaped(at, len(block[0]))
            self._name("a block's name", at, block[0])
            return f"[]{{#{block['name']}}}", block.end()
        cited = _CITED.match(self._text, at)
        if cited:
            return "^\\[" + cited["inner"].strip().replace(" ", "\\ ") + "\\]^", cited.end()
        if self._text.startswith("^[", at):
            # A note that says whose it is (`notes.with_kinds`) is text before a span: a caret behind it raises nothing.
            return ("\\^[", at + 2) if self._says_whose(at + 1) else self._as_is(at, 2)
        found = _SUPERSCRIPT.match(self._text, at)
        before = self._text[at - 1 : at] if at else ""
        behind = self._text[found.end() : found.end() + 1] if found else ""
        if found and found["inner"].isalpha() and behind.isascii() and behind.isalnum():  # a^b^c
            return self._escaped(at, len(found[0]))
        if found and _FACE.fullmatch(found["inner"]) and IDEOGRAPH.match(before):
            return self._escaped(at, len(found[0]))
        if (
            found
            and before
            and (before.isalnum() or before in ")]*_~" or (not before.isspace() and found["inner"].isdecimal()))
        ):
            return self._as_is(at, len(found[0]))
        return "\\^", at + 1

    def _says_whose(self, at: int) -> bool:
        """Whether behind what stands in brackets a class says whose note it is."""
        depth = 0
        for end in range(at, len(self._text)):
            depth += {"[": 1, "]": -1}.get(self._text[end], 0) if self._text[end - 1] != "\\" else 0
            if not depth:
                return bool(SAYS_WHOSE.match(self._text, end + 1))
            if self._text.startswith("\n\n", end):
                return False
        return False

    def _equals(self, at: int) -> tuple[str, int]:
        run = re.compile(r"=+").match(self._text, at)
        length = len(run[0]) if run else 1
        if length == 1:
            return self._as_is(at)
        found = _MARKED.match(self._text, at) if length == 2 else None  # noqa: PLR2004  # the mark's length
        before = self._text[at - 1 : at] if at else ""
        compared = before.isascii() and before.isalnum() and self._text[at + 2 : at + 3].isascii()
        if found and not compared:
            inner = found["inner"]
            made = Spans(self.ledger, self.notes, self.closed, dollars=self.dollars).narrow(
                inner, lambda _: self._line_of(at)
            )
            behind = self._text[found.end() : found.end() + 1]
            reacts = before.isascii() and (before.isalnum() or before in ")]") and behind.isascii() and behind.isalnum()
            mark = "\\=\\=" if reacts else "=="  # 2H2+O2==点燃==2H2O
            return f"{mark}{made}{mark}", found.end()
        return "\\=" * length, at + length

    # --- multiplication, names of programs ---

    def _star(self, at: int) -> tuple[str, int]:
        text = self._text
        stars = re.compile(r"\*+").match(text, at)
        end = stars.end() if stars else at + 1
        if _GLOB.match(text, at) or _REPEATS.match(text, at):
            return "\\*" * (end - at), end
        factor = _FACTOR_BEFORE.search(text, max(at - 20, 0), at)
        if not factor and end - at == 1 and text[end : end + 1].isdigit():
            factor = _MEASURED.search(text, max(at - 20, 0), at)
        if factor and end - at > 1 and factor[0][-1] in ".,":  # 1.**甲** is an item
            factor = None
        opened = factor and text[factor.start() - 1 : factor.start()] == "*" and factor.start() != self._product
        number = factor and factor[0][0].isdigit() and re.compile("[A-Za-z]").match(text, end)
        bracket = factor and factor[0] == ")" and text[end : end + 1] == "(" and end - at > 1  # **甲(乙)**(丙)
        if factor and not opened and not bracket and (number or _FACTOR_AFTER.match(text, end)):
            self._product = end
            return "\\*" * (end - at), end
        return self._as_is(at, end - at)

    def _underscore(self, at: int) -> tuple[str, int]:
        run = re.compile("_+").match(self._text, at)
        if run and len(run[0]) > 2:  # noqa: PLR2004  # a blank to be filled in
            strong = _STRONG.match(self._text, at)
            return self._as_is(at, len(strong[0])) if strong else self._escaped(at, len(run[0]))
        if self._text[at - 1 : at] + self._text[at + 1 : at + 2] in _EYES and at:
            return "\\_", at + 1
        name = _NAME.match(self._text, at)
        if name and (
            _NAME_BEFORE.search(self._text, max(at - 40, 0), at) or _NAME_BEHIND.match(self._text, name.end())
        ):
            return self._escaped(at, len(name[0]))
        found = (
            _FACE_AT.match(self._text, at)
            or _SPECIAL_NAME.match(self._text, at)
            or _NUMBERED_BLANK.match(self._text, at)
        )
        return self._escaped(at, len(found[0])) if found else self._as_is(at, len(run[0]) if run else 1)

    def _colon(self, at: int) -> tuple[str, int]:
        found = _EMOJI.match(self._text, at)
        if not found:
            return self._as_is(at)
        before, after = self._text[at - 1 : at] if at else "", self._text[found.end() : found.end() + 1]
        if any(char.isascii() and (char.isalnum() or char in ":/") for char in (before, after) if char):
            return "\\:", at + 1
        return self._as_is(at, len(found[0]))

    # --- brackets ---

    def _percent(self, at: int) -> tuple[str, int]:
        found = _COMMENT.match(self._text, at)
        before = self._text[at - 1 : at] if at else ""
        if not found or (before.isascii() and before.isalnum()) or before == "%":
            return self._as_is(at)
        self._name("a comment", at, found["inner"])
        return "\n" * found[0].count("\n"), found.end()

    def _path(self, at: int) -> tuple[str, int]:
        """No edition converts what is behind the host of an address."""
        said = addresses.path(self._text, at) if at >= self._linked else ""
        return (literally(said), at + len(said)) if said else self._as_is(at)

    def _address(self, at: int) -> tuple[str, int]:
        return addresses.bare(self._text, at, linked=at < self._linked)

    def _dollar(self, at: int) -> tuple[str, int]:
        return self.dollars.read(self._text, at, table=self.table)


_HANDLERS: dict[str, Callable[[Spans, int], tuple[str, int]]] = {
    "`": Spans._code,  # noqa: SLF001  # a table of its own methods
    "\\": Spans._backslash,  # noqa: SLF001
    "<": Spans._tag,  # noqa: SLF001
    "~": Spans._tilde,  # noqa: SLF001
    "^": Spans._caret,  # noqa: SLF001
    "$": Spans._dollar,  # noqa: SLF001
    "=": Spans._equals,  # noqa: SLF001
    ":": Spans._colon,  # noqa: SLF001
    "!": Spans._bang,  # noqa: SLF001
    "[": Spans._bracket,  # noqa: SLF001
    "]": Spans._close,  # noqa: SLF001
    "{": Spans._brace,  # noqa: SLF001
    "%": Spans._percent,  # noqa: SLF001
    "*": Spans._star,  # noqa: SLF001
    "_": Spans._underscore,  # noqa: SLF001
    "+": Spans._as_is,  # noqa: SLF001
    ".": Spans._path,  # noqa: SLF001
    **dict.fromkeys("hfw", Spans._address),  # noqa: SLF001
}


# A path of Windows up to one of its backslashes: C:\\temp\\, .\\src\\.
_IN_PATH = re.compile(
    r"(?:(?<![A-Za-z0-9])[A-Za-z]:|(?<![\w.])\.{1,2}|\\\\[\w.$-]+)\\(?:[^\s\"“”<>|（）`，。；：、！？]*\\)?\Z"
)
_ESCAPABLE = frozenset("_*[]{}#+-.!()~^$&@%>")
