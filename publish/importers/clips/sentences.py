"""Where sentences end in a clip's text, and the spaces between its words: split where they were joined, tidied."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from publish.importers.clips.emphasis import paragraph_after, paragraph_before
from publish.importers.clips.spans import Span, merge, plain
from publish.importers.report import Ledger
from publish.source.document import AMBIGUOUS_MARKS, is_latin, is_wide

SENTENCE_END = re.compile(r"[。？！?!…]+[”’」』）》】)]*$")


def split_sentences(spans: list[Span], ledger: Ledger) -> list[Span]:
    """Spaces after a sentence's end become paragraph ends: sibling sections that html2text merged.

    A space after a closing mark is html2text's own; one inside a quotation, or before the speaker, stays.
    """
    result: list[Span] = []
    for index, span in enumerate(spans):
        if span.kind != "text" or span.text != span.raw:
            result.append(span)
            continue
        rest = span
        while match := re.search(r"[ \t]+", rest.text):
            before = _since_break(result) + rest.text[: match.start()]
            after = rest.text[match.end() :] + _until_break(spans[index + 1 :])
            first, last = match.start() == 0, match.end() == len(rest.text)
            artefact = _beside_image(result, spans[index + 1 :], first=first, last=last) or (
                first and _closed_before(result)
            )
            head = replace(rest, text=rest.text[: match.start()], raw=rest.raw[: match.start()])
            result.append(head)
            excerpt = f"{before[-14:]}␣{after[:14]}"
            if artefact or not ends_sentence(before) or not after.strip():
                result.append(replace(rest, text=match[0], raw=match[0]))
            elif reason := inside(before, after):
                ledger.decide("wrap-joined", span.line, excerpt, "joined", reason)
                result.append(replace(rest, text=match[0], raw=match[0]))
            else:
                reason = "a space after a sentence's end: two sections were merged"
                ledger.decide("break-kept", span.line, excerpt, "a new paragraph", reason)
                result.append(Span("break", "", "", span.line))
            rest = replace(rest, text=rest.text[match.end() :], raw=rest.raw[match.end() :])
        result.append(rest)
    return [span for span in result if span.kind != "text" or span.text]


def _beside_image(before: Sequence[Span], after: Sequence[Span], *, first: bool, last: bool) -> bool:
    """Whether a space is next to an image, which separates paragraphs anyway."""
    left = next((span for span in reversed(before) if span.kind != "mark" and (span.text or span.kind != "text")), None)
    right = next((span for span in after if span.kind != "mark"), None)
    return bool((first and left and left.kind == "image") or (last and right and right.kind == "image"))


def _since_break(spans: list[Span]) -> str:
    return plain(reversed(list(paragraph_before(spans, len(spans)))))


def _until_break(spans: list[Span]) -> str:
    return plain(paragraph_after([Span("mark", "", "", 0), *spans], 0))


def _closed_before(spans: list[Span]) -> bool:
    """Whether emphasised text has just ended: html2text adds a space after it."""
    if not spans or spans[-1].kind != "mark":
        return False
    text = next(
        (span for span in reversed(spans) if span.kind in ("text", "link", "code") and span.text + span.url), None
    )
    return bool(text and text.styles)


def ends_sentence(text: str) -> bool:
    """Whether a Chinese sentence ends here: 。？！ and what closes a quotation. A closing mark alone ends none."""
    match = SENTENCE_END.search(text.rstrip())
    return bool(match and re.search(r"[。？！]|[⺀-鿿][…!?]", text.rstrip()[max(0, match.start() - 1) :]))


_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】"}
_SAID = re.compile(
    r"[^，。？！：“「]{0,8}(?:说|說|问|問|答|道|表示|指出|称|稱|写道|寫道|补充|補充|回忆|回憶|解释|解釋)"
)


def inside(before: str, after: str) -> str:
    """Why no paragraph can end between the two texts; empty where one can."""
    stack: list[str] = []
    for char in before:
        if char in _PAIRS:
            stack.append(_PAIRS[char])
        elif char in stack:
            del stack[stack.index(char) :]
    if stack and stack[-1] in after:
        return f"inside {stack[-1]}"
    if before.rstrip().endswith(("”", "」")) and _SAID.match(after.lstrip()):
        return "who said it follows"
    return ""


def writes_han_latin_spaces(text: str) -> bool:
    """Whether a text sets spaces between Han and Latin more often than not. Spaces after closing marks do not count."""
    spaced = len(re.findall(r"[⺀-鿿] [0-9A-Za-z]|(?<!\*)[0-9A-Za-z] [⺀-鿿]", text))
    tight = len(re.findall(r"[⺀-鿿][0-9A-Za-z]|[0-9A-Za-z][⺀-鿿]", text))
    return spaced > tight


def tidy_spaces(spans: list[Span], ledger: Ledger, *, han_latin_spaces: bool) -> list[Span]:
    """Drop spaces that Chinese does not set: by full-width punctuation, at the ends, html2text's own after a mark."""
    chars = plain(spans)
    result: list[Span] = []
    offset = 0
    for span in spans:
        if span.kind != "text" or span.text not in {span.raw, " "}:
            result.append(span)
            offset += len(plain([span]))
            continue
        text = ""
        for match in re.finditer(r"\s+|\S+", span.text):
            if not match[0].isspace():
                text += match[0]
                continue
            start, end = offset + match.start(), offset + match.end()
            before, after = chars[:start].rstrip(" ")[-1:], chars[end:].lstrip(" ")[:1]
            closed = match.start() == 0 and _closed_before(result)
            if _needless(before, after) or (closed and _artefact(before, after, han_latin_spaces=han_latin_spaces)):
                if before.strip() and after.strip() and not closed:
                    excerpt = f"{chars[:start][-8:]}␣{chars[end:][:8]}"
                    reason = "no space beside full-width punctuation"
                    ledger.decide("space-dropped", span.line, excerpt, "dropped", reason)
            elif not text.endswith(" "):
                text += " "
        offset += len(span.text)
        result.append(replace(span, text=text, raw=span.raw if span.text != span.raw else text))
    return merge([span for span in result if span.text or span.kind != "text"])


def _needless(before: str, after: str) -> bool:
    if not before.strip() or not after.strip():
        return True
    return (
        _full_width_mark(before)
        or _full_width_mark(after)
        or (before in AMBIGUOUS_MARKS and (is_wide(after) or after in AMBIGUOUS_MARKS))
        or (after in AMBIGUOUS_MARKS and is_wide(before))
    )


def _full_width_mark(char: str) -> bool:
    return is_wide(char) and unicodedata.category(char)[0] in "PS" and ord(char) <= 0xFFFF  # noqa: PLR2004  # no emoji


def _artefact(before: str, after: str, *, han_latin_spaces: bool) -> bool:
    if is_wide(before) and is_wide(after):
        return True
    mixed = (is_wide(before) and is_latin(after)) or (is_latin(before) and is_wide(after))
    return mixed and not han_latin_spaces
