"""Code and tags in a paragraph: what pandoc is to read as such, and what stands there as it was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

from publish.han import IDEOGRAPH
from publish.source.reading.cursor import Cursor
from publish.source.reading.elements import BLOCKS, DROPPED, EMPTY, KNOWN, OPEN_ENDED, RAW_TEXT, VERBATIM

_TAG = re.compile(
    r"</?(?P<name>[A-Za-z][A-Za-z0-9:._-]*)(?P<rest>(?:\s+[^<>\"'=\s/\x80-\U0010ffff]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?)>"
)
_BARE = frozenset(["br", "hr", "wbr"])  # empty elements that mean something without attributes
_THOUGHTS = frozenset(["think", "thinking", "thought", "reasoning"])  # what a chat says to itself
_COMPARED = re.compile(r"(?:\s+(?!(?:checked|controls|disabled|hidden|open)\b)[A-Za-z][\w.-]*)+\s*")
_RULE = re.compile(r"<hr\b[^<>\n]*>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+)>")
ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
# What stands behind a name of a tag in a sentence (换行写<br>，); no line begins with a comma.
_NAMED_TAG = re.compile(r"[，、；：）]|[ ]?(?:标签|標籤|元素)")
DRAWS = (
    r"(?:https?:)?//(?:www\.zhihu\.com/equation\?tex=|math\.jianshu\.com/math\?formula="
    r"|latex\.codecogs\.com/(?:svg|png|gif)\.(?:image|latex)\?|render\.githubusercontent\.com/render/math\?math=)"
)
_DRAWN_TAG = re.compile(rf"<img\s[^<>]*?\bsrc=[\"']{DRAWS}(?P<formula>[^\"'\s]+)[\"'][^<>]*>", re.IGNORECASE)
# A picture that a page loads late, as WeChat and others write it: its address under another name.
_LATE = re.compile(
    r"<img\b(?![^<>]*\ssrc\s*=)[^<>]*?\s(?P<name>data-(?:src|original|actualsrc))\s*=[^<>]*>", re.IGNORECASE
)


@dataclass
class TagReader(Cursor):
    """Reads code and tags."""

    def _code(self, at: int) -> tuple[str, int]:
        run = re.compile(r"`+").match(self._text, at)
        length = len(run[0]) if run else 1
        end = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(self._text, at + length)
        if end is None:
            return self._as_is(at, length)
        stop = end.end()
        attributes = ATTRIBUTES.match(self._text, stop)
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
                or (name in _THOUGHTS and name in self.closed)
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
