"""What stands in brackets in a paragraph: links, pictures, notes, attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from publish.source.features.latex import KINDS
from publish.source.reading import addresses
from publish.source.reading.tags import ATTRIBUTES, DRAWS, TagReader
from publish.source.reading.unread import escaped, literally

_WIKI = re.compile(r"(?P<embed>!?)\[\[(?P<target>[^\[\]|\n]+?)(?:\\?\|(?P<words>[^\[\]\n]*))?\]\](?!\()")
_NUMBERS = re.compile(r"[\d\s,.;:\u2013-]+")
_TESTED = re.compile(r"\s(?=.*(?:[$<>=!]|-[a-z]\s)).*\s$")  # a shell's [[ $a == $b ]]
_CHARACTERS = re.compile(r"(?:\\\w|\w-\w|[^\w\s])+")  # of a pattern: [^\d], [^a-z]
_NOTE = re.compile(r"\[\^(?P<label>[^\]\s]+)\]")
# A citation, but no reference to a figure, table, formula, listing or section of the book's own.
_CITATION = re.compile(rf"\[-?@(?!(?i:{'|'.join(KINDS)})[:-])[\w:.#$%&+?<>~/-]+[^\]\n]*\](?![(\[:])")
_LABELLED = re.compile(r"\[(?P<label>[^\[\]\n^]*)\](?![(\[])")
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
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|avif)$", re.IGNORECASE)
_DRAWN = re.compile(rf"!\[[^\[\]\n]*\]\({DRAWS}(?P<formula>(?:[^\s()]|\([^\s()]*\))+)(?:\s+\"[^\"\n]*\")?\)")
_SIZED_ALT = re.compile(
    r"!\[(?P<alt>[^\[\]\n|]*)(?P<looks>(?:\\?\|[A-Za-z]+)*\\?\|(?P<width>\d{2,4})(?:x\d{2,4})?(?:\\?\|[A-Za-z]+)*)(?=\]\()"
)
_SIZE = re.compile(r"^\d+(?:x\d+)?$")


@dataclass
class BracketReader(TagReader):
    """Reads brackets."""

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
        attributes = ATTRIBUTES.match(text, end)
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
        attributes = ATTRIBUTES.match(text, at)
        line = text[text.rfind("\n", 0, at) + 1 : at].lstrip()
        if attributes and line[:1] == "#" and _OF_HEADING.match(text, at):
            return self._as_is(at, len(attributes[0]))
        if not attributes or not _OURS.match(text, at) or not line or line[0] in "#:|" or line[-1] in " $>":
            return self._as_is(at)
        self.ledger.leave("an attribute behind no brackets", self._line_of(at), line[-_SHOWN:] + attributes[0])
        return escaped(attributes[0]), attributes.end()
