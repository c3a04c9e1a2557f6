"""The words of our own pages in the reader's language: of their markup here, of their scripts by a list beside them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from publish.errors import PublishError
from publish.language import Phrasebook, of_request, phrasebook

# Text between tags that has a letter; and attributes that are read aloud or shown.
_TEXT = re.compile(r"(?<=>)(\s*)([^<>]*[A-Za-z]{2}[^<>]*?)(\s*)(?=<)")
_LABEL = re.compile(r'\b(aria-label|title|placeholder)="([^"]*)"')
_SAID = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
_UNSAID = re.compile(r"(?s)<(script|style|code|kbd)\b.*?</\1>")
_EMPTY = '<script id="words" type="application/json">{}'
_TAGS = {"en": "en", "zh-CN": "zh-Hans", "zh-TW": "zh-Hant"}


def page_words(page: str) -> list[str]:
    """What a page says in its markup, in English."""
    return [*map(_said, _texts(page)), *(html.unescape(one[2]) for one in _LABEL.finditer(page))]


def script_words(script: str) -> list[str]:
    """What a script says: the texts of its calls `t("…")`, values in braces."""
    return [json.loads(f'"{one}"') for one in _SAID.findall(script)]


def page_in(package: str, name: str, script: str, language: str) -> bytes:
    """A page in a language, with what its script says in it as JSON, in the element with the id `words`."""
    folder = resources.files(package).joinpath("page")
    page = folder.joinpath(name).read_text(encoding="utf-8")
    book = phrasebook(language)
    told, end = "", 0
    for one in _texts(page):
        told += page[end : one.start(2)] + html.escape(book.tell(_said(one)), quote=False)
        end = one.end(2)
    told = _LABEL.sub(lambda one: f'{one[1]}="{html.escape(book.tell(html.unescape(one[2])))}"', told + page[end:])
    words = book.words(script_words(folder.joinpath(script).read_text(encoding="utf-8")))
    data = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    return told.replace('lang="en"', f'lang="{_TAGS[language]}"', 1).replace(_EMPTY, f"{_EMPTY[:-2]}{data}", 1).encode()


def _said(text: re.Match[str]) -> str:
    return " ".join(html.unescape(text[2]).split())


def _texts(page: str) -> Iterator[re.Match[str]]:
    silent = [(one.start(), one.end()) for one in _UNSAID.finditer(page)]
    for one in _TEXT.finditer(page):
        if not any(start <= one.start(2) < end for start, end in silent):
            yield one


# --- what is answered -------------------------------------------------------------------------------------------------

_TOLD = frozenset({"problem", "remedy", "notice", "why", "words"})  # what an answer says to people


def book_for(request: Request) -> Phrasebook:
    """The phrasebook of who asks."""
    return phrasebook(of_request(request.headers.get("Accept-Language", "")))


def problem_in(error: PublishError, book: Phrasebook) -> str:
    """What is wrong, where, and what helps, in a language."""
    said = book.sentences(error.problem, error.remedy)
    return f"{error.place}: {said}" if error.place else said


def answer(request: Request, data: Any, status: int = 200) -> JSONResponse:
    """Data as JSON, what it says to people in the language of who asks."""
    return JSONResponse(told(data, book_for(request)), status)


def told(data: Any, book: Phrasebook) -> Any:
    """Data for a page with what it says to people told in a language."""
    if isinstance(data, dict):
        return {
            key: book.tell(value) if key in _TOLD and isinstance(value, str) else told(value, book)
            for key, value in data.items()
        }
    return [told(one, book) for one in data] if isinstance(data, list) else data
