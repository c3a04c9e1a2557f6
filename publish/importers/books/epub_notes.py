"""The notes of an EPUB's pages: found by their calls, lifted out, and set where they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from publish.importers import shared
from publish.importers.books.epub_page import SpinePage, detach, resolve
from publish.importers.report import Ledger
from publish.source.document import Block

MARK_LENGTH = 8  # letters of a call: [12], 注①
NOTE = re.compile("\ue000(\\d+)\ue001")  # marks a note's call until pandoc has read the text


class CalledNotes:
    """The notes of a book: each call, and the body, which is taken from its place. Back-links are removed."""

    def __init__(self, pages: Sequence[SpinePage], ledger: Ledger) -> None:
        self.pages, self.ledger = pages, ledger
        self.bodies: dict[int, tuple[str, Any]] = {}
        self.marks: list[str] = []
        self.ids = {
            (page.path, identifier): element
            for page in pages
            for element in page.root.iter()
            if isinstance(element.tag, str)
            for identifier in (element.get("id"), element.get("name") if element.tag == "a" else None)
            if identifier
        }

    def gather(self) -> None:
        """Find the notes: called by an epub:type, a role, or a link whose target links back."""
        calls = [(page, one) for page in self.pages for one in page.root.iter("a") if one.get("href")]
        done: set[int] = set()
        for page, call in calls:
            body = self._body(page, call)
            if body is None or id(body) in done or any(above is body for above in call.iterancestors()):
                continue
            done.add(id(body))
            self._move(call, body, self._target(page, call)[0])
        if done:
            self.ledger.count("notes found", len(done))

    def _target(self, page: SpinePage, call: Any) -> tuple[str, Any]:
        href = call.get("href")
        parts = urlsplit(href)
        if parts.scheme or not parts.fragment:
            return "", None
        path = resolve(page.path, href) if parts.path else page.path
        return path, self.ids.get((path, unquote(parts.fragment)))

    def _body(self, page: SpinePage, call: Any) -> Any:
        path, target = self._target(page, call)
        if target is None:
            return None
        kind = f"{call.get('data-epub-type') or call.get('epub:type') or ''} {call.get('role') or ''}"
        holder = _holder(target)
        named = "noteref" in kind or "footnote" in " ".join(
            str(one.get(key) or "")
            for one in (target, holder)
            for key in ("data-epub-type", "epub:type", "role", "class")
        )
        words = "".join("".join(call.itertext()).split())
        mark = len(words) <= MARK_LENGTH and bool(
            re.fullmatch(
                r"[\[［【〔(（]?(?:注|註|note)?[0-9０-９①-⑳㉑-㊿*＊†‡a-zA-Z一二三四五六七八九十]{0,4}[\]］】〕)）]?",
                words,
            )
        )
        if not mark or any(above is holder for above in call.iterancestors()):
            return None
        back = [one for one in holder.iter("a") if one.get("href")]
        returns = any(self._is_near(self._target_of(path, one), call) for one in back)
        return holder if named or returns else None

    def _target_of(self, path: str, link: Any) -> Any:
        page = next(one for one in self.pages if one.path == path)
        return self._target(page, link)[1]

    @staticmethod
    def _is_near(element: Any, call: Any) -> bool:
        """Whether a back-link leads to the call: to itself, to what holds it, or to what it holds."""
        if element is None:
            return False
        return (
            element is call
            or any(one is element for one in call.iterancestors())
            or any(one is element for one in call.iter())
        )

    def _move(self, call: Any, body: Any, path: str) -> None:
        number = len(self.bodies) + 1
        self.marks.append("".join(call.itertext()))
        for link in list(body.iter("a")):
            words = "".join("".join(link.itertext()).split())
            if link.get("href", "").find("#") >= 0 and re.fullmatch(
                r"\W*(?:注|註)?[\w①-⑳]{0,4}\W*|返回.{0,4}|back|return", words, re.IGNORECASE
            ):
                self.marks.append(words)
                _unlink(link)
            elif self._is_near(self._target_of(path, link), call):  # a note that is one link back to where it is called
                link.tag = "span"
                link.attrib.clear()
        parent = body.getparent()
        if parent is not None:
            detach(body)
            _clear(parent)
        body.tag = "div"
        body.attrib.clear()
        self.bodies[number] = (path, body)
        call.text = f"\ue000{number}\ue001"
        for child in list(call):
            call.remove(child)
        call.tag = "span"
        call.attrib.clear()
        holder = call.getparent()
        if holder is not None and holder.tag == "sup" and "".join(holder.itertext()).strip() == call.text:
            holder.tag = "span"


def _holder(target: Any) -> Any:
    """What holds a note's whole text: the target, or the paragraph or item around it."""
    element = target
    while (
        element.tag in ("a", "span", "sup", "b", "i", "em", "strong", "small", "font")
        and element.getparent() is not None
    ):
        element = element.getparent()
    parent = element.getparent()
    if parent is not None and parent[0] is element and (parent.tag in ("li", "aside", "dd") or _is_note(parent)):
        return parent
    return element


def _is_note(element: Any) -> bool:
    """Whether an element is a note by its id, as word processors write web pages: `sdfootnote1`, `ftn1`."""
    return element.tag == "div" and bool(
        re.fullmatch(r"(?:sd)?(?:foot|end)note\d+|(?:ftn|edn)\d+", element.get("id") or "")
    )


def _clear(element: Any) -> None:
    """Remove what held notes and now holds at most a rule, and its emptied parents."""
    empty = not "".join(element.itertext()).strip() and all(one.tag == "hr" for one in element)
    parent = element.getparent()
    if empty and parent is not None and element.tag in ("ol", "ul", "dl", "aside", "section", "div"):
        detach(element)
        _clear(parent)


def _unlink(link: Any) -> None:
    for child in list(link):
        link.remove(child)
    link.text = ""
    link.tag = "span"
    link.attrib.clear()


def with_notes(node: Any, bodies: Mapping[int, list[Block]]) -> Any:
    """A word of pandoc's tree with the notes that are called in it."""
    if node.get("t") != "Str" or "\ue000" not in node["c"]:
        return node
    out: list[Any] = []
    for at, piece in enumerate(NOTE.split(node["c"])):
        if at % 2:
            blocks = shared.mapped(bodies[int(piece)], lambda one: with_notes(one, {}) if bodies else one)
            out.append({"t": "Note", "c": [_stripped(one) for one in _opened(blocks)] or [{"t": "Para", "c": []}]})
        elif piece:
            out.append({**node, "c": piece})
    return out


def _opened(blocks: list[Block]) -> list[Block]:
    """The blocks of a note without the division, or the list of one, that held it."""
    if len(blocks) == 1 and blocks[0]["t"] == "Div":
        return _opened(blocks[0]["c"][1])
    if len(blocks) == 1 and blocks[0]["t"] == "OrderedList" and len(blocks[0]["c"][1]) == 1:
        return _opened(blocks[0]["c"][1][0])
    if len(blocks) == 1 and blocks[0]["t"] == "BulletList" and len(blocks[0]["c"]) == 1:
        return _opened(blocks[0]["c"][0])
    return blocks


_HOLDERS = ("Span", "Superscript", "Subscript", "Strong", "Emph", "Link")


def _stripped(block: Block) -> Block:
    """A note's paragraph without the spaces and marks around its number."""
    if block["t"] not in ("Para", "Plain"):
        return block
    inlines = list(block["c"])
    while inlines and (
        inlines[0]["t"] in ("Space", "SoftBreak")
        or (inlines[0]["t"] in _HOLDERS and not shared.tree_text([inlines[0]]).strip())
    ):
        inlines.pop(0)
    if inlines and inlines[0]["t"] == "Str":
        inlines[0] = {**inlines[0], "c": re.sub(r"^[\[\]［］【】〔〕()（）.．、:：]{1,3}", "", inlines[0]["c"])}
    return {**block, "t": "Para", "c": inlines}
