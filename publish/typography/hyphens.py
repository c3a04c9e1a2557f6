"""Where words of Latin letters may be parted by a hyphen, by the dictionary of their language.

CY/T 154-2017: an English word at a line's end is parted between syllables, with a hyphen. The dictionaries are
Pyphen's, those of LibreOffice. A name with capitals inside it (iPhone) and what is no word (HTTP, utf8) are not parted.
"""

from __future__ import annotations

import re
from functools import cache

import pyphen

SOFT_HYPHEN = "\u00ad"
HYPHEN = "-"
_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_WORD = re.compile(
    rf"(?<![{_LETTERS}0-9_’'@#$/\\.\-])[{_LETTERS}][a-z\u00df-\u00f6\u00f8-\u024f]{{5,}}"
    rf"(?![{_LETTERS}0-9_@/\\]|\.[{_LETTERS}0-9]|(?:-[{_LETTERS}0-9]+)+[_@/\\])"
)
_ENDS = 3  # letters that stay before and behind a hyphen
_FOR_CHINESE = "en_US"  # Western words in Chinese text that nobody has named the language of


def soft(text: str) -> list[int]:
    """The characters behind a soft hyphen: where an author has said that a word may be parted."""
    return [match.end() for match in re.finditer(f"(?<=.){SOFT_HYPHEN}(?=.)", text)]


def points(text: str, language: str | None) -> list[int]:
    """The characters of a text before which a line may begin, behind a hyphen; a soft one counts in any language."""
    found = soft(text)
    if not re.search("[a-z]{5}", text):
        return found
    for match in _WORD.finditer(text):
        last = len(match[0]) - _ENDS
        found += [match.start() + place for place in _joints(match[0], language or "") if _ENDS <= place <= last]
    return sorted(set(found))


parted: dict[str, tuple[int, ...]] = {}  # where words may be parted, each behind its language, as far as it was asked


def _joints(word: str, language: str) -> tuple[int, ...]:
    """Where a word may be parted; nowhere in a language without a dictionary."""
    key = f"{language} {word}"
    if key not in parted:
        dictionary = _dictionary(language)
        parted[key] = tuple(dictionary.positions(word)) if dictionary else ()
    return parted[key]


@cache
def _dictionary(language: str) -> pyphen.Pyphen | None:
    """A language's dictionary, English for Chinese; None where there is none."""
    tag = language.replace("-", "_")
    name = _FOR_CHINESE if not tag or tag.split("_")[0] in ("zh", "yue", "ja", "ko") else pyphen.language_fallback(tag)
    return pyphen.Pyphen(lang=name) if name else None
