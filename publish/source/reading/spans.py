"""The text of a paragraph narrowed to what its author meant: what pandoc would take for markup is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_plus

from publish.han import IDEOGRAPH, IDEOGRAPHS
from publish.source.features.latex import KINDS
from publish.source.features.notes import SAYS_WHOSE
from publish.source.reading import addresses
from publish.source.reading.elements import BLOCKS, DROPPED, EMPTY, KNOWN, OPEN_ENDED, RAW_TEXT, VERBATIM
from publish.source.reading.emphasis import DelimiterRun, pair
from publish.source.reading.formulas import Dollars, bracketed
from publish.source.reading.rows import ReadingNotes
from publish.source.reading.unread import escaped, literally, unread_at

_SPECIAL = re.compile(
    r"[`\\<~^$=:!\[\]{%*_]|(?<![\w+])\+\+(?=[a-z])|(?<![A-Za-z0-9])(?:https?|ftp)://|(?<![A-Za-z0-9./@-])www\."
    rf"|(?<=[A-Za-z0-9])\.(?:com|org|net|io|cn|dev|tw|hk|edu|gov|me)(?::\d+)?[/:](?=[!-~]*[{IDEOGRAPHS}])"
)
_EMPHASIS = ({"*"}, {"_"})
_TAG = re.compile(
    r"</?(?P<name>[A-Za-z][A-Za-z0-9:._-]*)(?P<rest>(?:\s+[^<>\"'=\s/\x80-\U0010ffff]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?)>"
)
_BARE = frozenset(["br", "hr", "wbr"])  # empty elements that mean something without attributes
_COMPARED = re.compile(r"(?:\s+(?!(?:checked|controls|disabled|hidden|open)\b)[A-Za-z][\w.-]*)+\s*")
_RULE = re.compile(r"<hr\b[^<>\n]*>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+)>")
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
_WIKI = re.compile(r"(?P<embed>!?)\[\[(?P<target>[^\[\]|\n]+?)(?:\\?\|(?P<words>[^\[\]\n]*))?\]\](?!\()")
_NUMBERS = re.compile(r"[\d\s,.;:\u2013-]+")
_TESTED = re.compile(r"\s(?=.*(?:[$<>=!]|-[a-z]\s)).*\s$")  # a shell's [[ $a == $b ]]
_CHARACTERS = re.compile(r"(?:\\\w|\w-\w|[^\w\s])+")  # of a pattern: [^\d], [^a-z]
_NOTE = re.compile(r"\[\^(?P<label>[^\]\s]+)\]")
# A citation, but no reference to a figure, table, formula, listing or section of the book's own.
_CITATION = re.compile(rf"\[-?@(?!(?i:{'|'.join(KINDS)})[:-])[\w:.#$%&+?<>~/-]+[^\]\n]*\](?![(\[:])")
_REFERENCE = re.compile(rf"@(?i:{'|'.join(KINDS)})[:-]")
_LABELLED = re.compile(r"\[(?P<label>[^\[\]\n^]*)\](?![(\[])")
_COMMENT = re.compile(r"%%(?P<inner>.+?)%%", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
# What stands behind a name of a tag in a sentence (换行写<br>，); no line begins with a comma.
_NAMED_TAG = re.compile(r"[，、；：）]|[ ]?(?:标签|標籤|元素)")
_KRAMDOWN = re.compile(r"\{::?[ \t]*(?P<own>[^{}\n]+?)[ \t]*\}")
_OURS = re.compile(r"\{\s*\.(?:index|keep|only|proper-name|book-title)\b|\{\s*(?:zh-[A-Z]{2}|lang)=")
_OF_MDX = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)
_OF_HEADING = re.compile(r"\{[^{}\n]*\}[ \t]*(?:\n|\Z)")
_SHORT = re.compile(r"[\w\s,.:+*/-]{0,4}|\d+", re.ASCII)  # an index of something, or a note's number
_SHOWN = 8  # characters before attributes, so that their place is found
# [词]（https://…）, as an input method types it
_IME_ADDRESS = re.compile(
    r"（\s*(?P<address>https?://[^\s（）<>]+|[^\s（）<>，。]+\.(?:png|jpe?g|gif|webp|svg|md|html?))\s*）"
)
_IME = re.compile(r"\{[^{}\n]*(?:=\s*[“”‘’「」＂]|＝)[^{}\n]*\}")
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
_FACTOR_AFTER = re.compile(r"\d|[A-Za-z](?![A-Za-z])|\((?![^()]*[A-Za-z]{4})[\w.+*/^, -]{1,24}\)(?!\*)")
# Names that Python gives a meaning, which are no bold words.
_STRUCK = re.compile(r"~~(?=[^\s~])(?:(?!\n[ \t>]*\n).)*?[^\s~]~~(?!~)", re.DOTALL)
_TONES = frozenset("呀啊哦噢喔哈吧啦呢嘛哟喽呗咯嘻嘿耶喵哇呐哒")  # 好呀~~ is drawn out, and strikes nothing
_SPECIAL_NAME = re.compile(
    r"__(?:init|main|name|file|doc|all|dict|class|call|str|repr|len|iter|next|new|del|enter|exit|eq|hash|bool|slots|path"
    r"|add|getitem|setitem|getattr|setattr|version|future|pycache|import|init_subclass|post_init|annotations)__"
)
_NUMBERED_BLANK = re.compile(r"(?<![\w_])(?P<marks>_{1,2})\d{1,3}(?P=marks)(?![\w_])")  # at __1__ six, of a test
# A pattern of files or of times: src/**/*.js, *.md, */5
_GLOB = re.compile(r"\*\*(?=/\*)|(?<=/)\*{1,2}(?=[/.])|(?<![\w*])\*(?=\.[a-z]{1,5}(?![\w*])|/\d)")
_REPEATS = re.compile(r"(?<=\.)\*(?=[?)$\]|\\/])|(?<=\\[dwsDWSb])\*(?!\*)")  # in a regular expression: .*? and \s*
_STRONG = re.compile(r"(?<!\w)___(?=[^\s_])[^\n_]*[^\s_]___(?!\w)")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|avif)$", re.IGNORECASE)
_DRAWS = (
    r"(?:https?:)?//(?:www\.zhihu\.com/equation\?tex=|math\.jianshu\.com/math\?formula="
    r"|latex\.codecogs\.com/(?:svg|png|gif)\.(?:image|latex)\?|render\.githubusercontent\.com/render/math\?math=)"
)
_DRAWN = re.compile(rf"!\[[^\[\]\n]*\]\({_DRAWS}(?P<formula>(?:[^\s()]|\([^\s()]*\))+)(?:\s+\"[^\"\n]*\")?\)")
_DRAWN_TAG = re.compile(rf"<img\s[^<>]*?\bsrc=[\"']{_DRAWS}(?P<formula>[^\"'\s]+)[\"'][^<>]*>", re.IGNORECASE)
# A picture that a page loads late, as WeChat and others write it: its address under another name.
_LATE = re.compile(
    r"<img\b(?![^<>]*\ssrc\s*=)[^<>]*?\s(?P<name>data-(?:src|original|actualsrc))\s*=[^<>]*>", re.IGNORECASE
)
_SIZED_ALT = re.compile(
    r"!\[(?P<alt>[^\[\]\n|]*)(?P<looks>(?:\\?\|[A-Za-z]+)*\\?\|(?P<width>\d{2,4})(?:x\d{2,4})?(?:\\?\|[A-Za-z]+)*)(?=\]\()"
)
_SIZE = re.compile(r"^\d+(?:x\d+)?$")


@dataclass
class Spans:
    """Narrows text; `notes` are the labels that the file defines, `closed` the elements that it closes somewhere.

    `addresses` are the names of addresses, in lower case; `named` the blocks that links of the file lead to.
    """

    ledger: ReadingNotes
    notes: Collection[str] = ()
    closed: Collection[str] = ()
    headings: Collection[str] = ()
    addresses: Collection[str] = ()
    named: Collection[str] = ()
    dollars: Dollars = field(default_factory=Dollars)
    table: bool = False
    _text: str = field(default="", init=False)
    _line_of: Callable[[int], int] = field(default=lambda _: 0, init=False)
    _linked: int = field(default=0, init=False)
    _product: int = field(default=-1, init=False)
    _width: str = field(default="", init=False)
    _struck: int = field(default=-1, init=False)
    _runs: list[tuple[int, DelimiterRun]] = field(default_factory=list, init=False)
    _begun: set[str] = field(default_factory=set, init=False)

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

    def _as_is(self, at: int, length: int = 1) -> tuple[str, int]:
        return self._text[at : at + length], at + length

    def _name(self, kind: str, at: int, words: str) -> None:
        self.ledger.name(kind, self._line_of(at), words)

    # --- code, tags ---

    def _code(self, at: int) -> tuple[str, int]:
        run = re.compile(r"`+").match(self._text, at)
        length = len(run[0]) if run else 1
        end = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(self._text, at + length)
        if end is None:
            return self._as_is(at, length)
        stop = end.end()
        attributes = _ATTRIBUTES.match(self._text, stop)
        made, behind = self._as_is(at, (attributes.end() if attributes else stop) - at)
        # In a table a bar in code is written with a backslash, which pandoc, for which it is code anyway, would show.
        return (made.replace("\\|", "|") if self.table else made), behind

    def _tag(self, at: int) -> tuple[str, int]:
        text = self._text
        if text.startswith("<!--", at):
            end = text.find("-->", at)
            if end < 0:
                self.ledger.leave("a comment that is never closed", self._line_of(at), text[at : at + 40])
            return self._as_is(at, end + 3 - at) if end >= 0 else ("\\<", at + 1)
        link = _AUTOLINK.match(text, at)
        if link:
            return self._as_is(at, len(link[0]))
        drawn = _DRAWN_TAG.match(text, at)
        if drawn:
            return self._drawn(at, drawn)
        if late := _LATE.match(text, at):
            return f"{text[at : late.start('name')]}src{text[late.end('name') : late.end()]}", late.end()
        found = _TAG.match(text, at)
        rule = None if found else _RULE.match(text, at)
        if rule:
            return "<hr>", rule.end()
        if not found:
            return ("\\<", at + 1) if re.match(r"</?[^\W\d_]", text[at : at + 3]) else self._as_is(at)
        if text[at - 1 : at].isalnum() and at and _COMPARED.fullmatch(found["rest"]):
            return "\\<", at + 1  # if a<b and c>d
        name = found["name"].lower()
        plain = not found["rest"].strip(" /")
        if name == "o:p":  # of Word, which puts it where a paragraph has nothing
            self._name("an element of Word", at, found[0])
            return "", found.end()
        if name not in KNOWN:
            if (
                not plain
                or ("-" in name and name in self.closed)
                or (found["name"][0].isupper() and name in self.closed)
            ):
                self.ledger.leave("an element of another tool", self._line_of(at), found[0])
            return self._escaped(at, len(found[0]))
        if found[0].startswith("</") and name in EMPTY - _BARE and name in self._begun:  # <img …></img>
            self._name("an end of what is empty", at, found[0])
            return "", found.end()
        if plain and name in EMPTY - _BARE:  # an image of nothing
            return self._escaped(at, len(found[0]))
        if name == "br" and plain and at and text[at - 1] not in "\n >" and _NAMED_TAG.match(text, found.end()):
            return self._escaped(at, len(found[0]))
        if name in DROPPED - EMPTY and self._is_named(found, name, plain=plain):
            return self._escaped(at, len(found[0]))
        within = name in OPEN_ENDED and re.match(r"[^<]*\w", text[text.rfind("\n", 0, at) + 1 : at])
        unclosed = plain and (within or name not in EMPTY | OPEN_ENDED) and name not in self.closed
        if unclosed and not text.startswith("</", at):
            line = text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]
            if line.strip() == found[0]:
                self.ledger.leave("an element that is never closed", self._line_of(at), found[0])
            return self._escaped(at, len(found[0]))
        if name in VERBATIM and not text.startswith("</", at):
            closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, at)
            return self._markup(name, at, (closing.end() if closing else len(text)) - at)
        return self._markup(name, at, len(found[0]))

    def _markup(self, name: str, at: int, length: int) -> tuple[str, int]:
        """A tag, its spaces plain; in a cell a block's as raw markup, for pandoc would drop the rest of the cell."""
        self._begun |= {name} & EMPTY
        made, behind = self._as_is(at, length)
        made = made.replace("\u00a0", " ").replace("\u3000", " ") if made.count("<") == 1 else made
        return (f"`{made}`{{=html}}" if self.table and name in BLOCKS and "`" not in made else made), behind

    def _drawn(self, at: int, found: re.Match[str]) -> tuple[str, int]:
        """A picture that a server draws of a formula, as the formula."""
        formula = " ".join(unquote_plus(found["formula"].replace("&amp;", "&")).split()).rstrip("\\ ")
        self._name("a formula's picture", at, found[0])
        return f"${formula}$" + (" " if self._text[found.end() : found.end() + 1].isdigit() else ""), found.end()

    def _is_named(self, found: re.Match[str], name: str, *, plain: bool) -> bool:
        """Whether a tag of an element that shows nothing is a word of its sentence (样式用 <style> 写), and not meant.

        One that is meant has attributes, or begins its line, and is closed. What is in it would be lost with it, and
        with some all that follows.
        """
        if found[0].startswith("</"):
            begun = name in self._begun
            self._begun.discard(name)
            return not begun
        closes = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self._text, found.end())
        begins = not self._text[self._text.rfind("\n", 0, found.start()) + 1 : found.start()].strip(" \t>")
        inner = self._text[found.end() : closes.start()] if closes else ""
        program = name in ("script", "style") and closes and not IDEOGRAPH.search(inner)
        named = (plain and not begins and not program) or (not closes and (name in RAW_TEXT or name not in self.closed))
        if not named:
            self._begun.add(name)
        return named

    def _escaped(self, at: int, length: int) -> tuple[str, int]:
        return escaped(self._text[at : at + length]), at + length

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
        found = _SPECIAL_NAME.match(self._text, at) or _NUMBERED_BLANK.match(self._text, at)
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

    def _bang(self, at: int) -> tuple[str, int]:
        drawn = _DRAWN.match(self._text, at)
        if drawn:
            return self._drawn(at, drawn)
        if self._text.startswith("![[", at):
            return self._wiki(at)
        sized = _SIZED_ALT.match(self._text, at)
        if sized:  # Obsidian's ![图|300](a.png)
            self._name("a picture's size", at, sized["looks"])
            self._width = f"{{width={sized['width']}px}}"
            return f"![{sized['alt']}", sized.end()
        return self._as_is(at)

    def _bracket(self, at: int) -> tuple[str, int]:
        text = self._text
        if text.startswith("[[", at):
            return self._wiki(at)
        note = _NOTE.match(text, at)
        if note:
            if text.startswith(":", note.end()) and not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t>"):
                return self._as_is(at, len(note[0]) + 1)  # where the note itself begins
            if note["label"] not in self.notes and (_CHARACTERS.fullmatch(note["label"]) or self._is_pattern(note)):
                return self._escaped(at, len(note[0]))
            if note["label"] not in self.notes:
                self.ledger.leave("the call of a note that is not there", self._line_of(at), note[0])
                return self._escaped(at, len(note[0]))
            return self._as_is(at, len(note[0]))
        cited = None if self.ledger.cites else _CITATION.match(text, at)
        if cited:
            self.ledger.leave("a citation without a bibliography", self._line_of(at), cited[0])
            return literally(cited[0]), cited.end()
        end = addresses.closing(text, at)
        if end and text[at + 1 : end - 1] in self.headings and text[end : end + 1] not in ("(", "[", "{", ":"):
            return "\\[", at + 1  # 见[引言] is not a link merely because a heading has that name
        if end and text.startswith("[", end) and text.startswith("](", addresses.closing(text, end) - 1):
            return "\\[", at + 1  # [remark][words](address): pandoc would take all of it for text
        label = _LABELLED.match(text, end) if end else None
        if label and text[at + 1 : end - 1] != label["label"] and self._lacks(at, end, label["label"]):
            self.ledger.leave("a link to an address that is not there", self._line_of(at), text[at : label.end()])
        if end and text[end : end + 1] in ("(", "["):
            self._linked = max(self._linked, end)
        return self._as_is(at)

    def _is_pattern(self, found: re.Match[str]) -> bool:
        """Whether a call of no note is a class of a regular expression: [^abc]+, a[^b]."""
        before, after = self._text[: found.start()][-1:], self._text[found.end() : found.end() + 1]
        beside = (before.isascii() and (before.isalnum() or before in "\\(/^\"'.")) or after in (
            "+",
            "*",
            "?",
            "{",
            "/",
        )
        return found["label"].isascii() and not found["label"].isdecimal() and bool(before or after) and bool(beside)

    def _lacks(self, at: int, end: int, label: str) -> bool:
        """Whether [words][label] wants an address that the file has not; a[i][j], [1][2] and [甲] [乙] want none."""
        words, before = self._text[at + 1 : end - 1], self._text[at - 1 : at] if at else ""
        name = " ".join((label or words).split()).lower()
        if not name or name in self.addresses or (before.isascii() and (before.isalnum() or before in "]_")):
            return False
        return not (_SHORT.fullmatch(words) and _SHORT.fullmatch(label))

    def _wiki(self, at: int) -> tuple[str, int]:
        found = _WIKI.match(self._text, at)
        if not found:
            return self._as_is(at)
        if found["words"] is None and (_NUMBERS.fullmatch(found["target"]) or _TESTED.match(found["target"])):
            return self._escaped(at, len(found[0]))
        target, words = found["target"].strip(), (found["words"] or "").strip()
        if found["embed"] and _PICTURE.search(target):
            alt = "" if _SIZE.match(words) else words
            width = f"{{width={words.partition('x')[0]}px}}" if _SIZE.match(words) else ""
            self._name("a picture's size", at, words if width else "")
            return f"![{alt}](<{target}>){width}", found.end()
        if found["embed"]:
            self.ledger.leave("a note that is put in from another file", self._line_of(at), found[0])
        page, _, heading = target.partition("#")
        shown = words or (f"{page} › {heading}" if page and heading else heading or page)
        shown = shown.replace("^", "\\^")
        address = f"{page}.md" if page and not re.search(r"\.[A-Za-z0-9]{1,5}$", page) else page
        fragment = f"#{heading.split('#')[-1].lstrip('^')}" if heading else ""
        return f"[{shown}]({quote(address, safe='/.-_')}{quote(fragment, safe='#-_')}){{.wikilink}}", found.end()

    def _close(self, at: int) -> tuple[str, int]:
        """A closing bracket, with the address or the attributes that follow it as they are."""
        text, end = self._text, at + 1
        if text.startswith("（", end) and (typed := _IME_ADDRESS.match(text, end)):
            words = text[max(text.rfind("[", 0, at), 0) : typed.end()]
            self.ledger.leave("a link in an input method's brackets", self._line_of(at), words)
        if text.startswith("(", end):
            sized = addresses.SIZED.match(text, end)
            if sized:
                width = f"{{width={sized['width']}px}}" if sized["width"] else ""
                self._name("a picture's size", at, sized[0])
                return f"]({sized['address']}{sized['title'] or sized['behind'] or ''}){width}", sized.end()
            behind, spaced = addresses.destination(text, end)
            if not behind:
                return "]\\(", end + 1
            if spaced:
                self._name("an address with spaces", end, spaced)
            pointed = addresses.pointed(text[end:behind])
            if pointed:  # 截图 (1).png: pandoc takes spaces, and brackets, but not both
                return f"]{pointed}", behind
            end = behind
        width, self._width = self._width, ""
        attributes = _ATTRIBUTES.match(text, end)
        if attributes and (own := _KRAMDOWN.fullmatch(attributes[0])):  # ![图](a.png){: width="300"}
            self._name("attributes", at, own[0])
            return text[at:end] + f"{{{own['own']}}}", attributes.end()
        if width and not attributes:
            return text[at:end] + width, end
        if attributes and _IME.match(text, end):
            self.ledger.leave("an attribute in an input method's marks", self._line_of(at), attributes[0])
            return text[at:end] + escaped(attributes[0]), attributes.end()
        end = attributes.end() if attributes else end
        return self._as_is(at, end - at)

    def _brace(self, at: int) -> tuple[str, int]:
        """Attributes of no element: their bracket is none of ASCII, or is never opened or closed."""
        text = self._text
        if comment := _OF_MDX.match(text, at):
            self._name("a comment", at, comment[0])
            return "\n" * comment[0].count("\n"), comment.end()
        attributes = _ATTRIBUTES.match(text, at)
        line = text[text.rfind("\n", 0, at) + 1 : at].lstrip()
        if attributes and line[:1] == "#" and _OF_HEADING.match(text, at):
            return self._as_is(at, len(attributes[0]))
        if not attributes or not _OURS.match(text, at) or not line or line[0] in "#:|" or line[-1] in " $>":
            return self._as_is(at)
        self.ledger.leave("an attribute behind no brackets", self._line_of(at), line[-_SHOWN:] + attributes[0])
        return escaped(attributes[0]), attributes.end()

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
