"""The language that people are spoken to: a message arises in English and is told in theirs where it is shown.

Code says what it has to say as a plain f-string. `scripts/messages.py` gathers these as templates, `image "{1}" not
found`, into catalogues of gettext (`publish/locale/`), and a `Phrasebook` reads a message back by its template: so
what crosses processes, is kept for the next build, is written as JSON or is compared in a test stays English, and
whatever is shown can be told in any language, wherever it came from.

In a translation `{1}` is the value as it is, `{1!t}` the value told as well, `{1!l}` each part of a list told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from publish.errors import UsageError, sentence

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh-CN", "zh-TW")
LOCALE = Path(__file__).with_name("locale")
DOMAIN = "publish"
_FIELD = re.compile(r"\{\{|\}\}|\{(\d+)(!\w)?\}")
_ENDS = ("。", "？", "！", "?", "!", "…")
_MARKS = {"zh-CN": ("“", "”"), "zh-TW": ("「", "」")}
_DEEPEST = 4  # values in values in values


@dataclass(frozen=True)
class Template:
    """A message with places for values, in English and in another language."""

    english: str
    told: str

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The English text before the first value, between values, behind the last one."""
        return tuple(map(_plain, split(self.english)[::2]))

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        """The pieces that any message of this template has."""
        return tuple(filter(None, self.pieces))

    @cached_property
    def shape(self) -> re.Pattern[str]:
        """What a message of this template looks like, a group for each value."""
        return re.compile("(.*?)".join(map(re.escape, self.pieces)), re.DOTALL)


class Phrasebook:
    """One language's catalogue: `tell` gives a message in it. English has none, and tells everything as it is."""

    def __init__(self, language: str) -> None:
        self.language = language

    @cached_property
    def _words(self) -> Mapping[str, str]:
        """What is told, by its English."""
        if self.language == ENGLISH:
            return {}
        return _catalogue(self.language)

    @cached_property
    def _templates(self) -> Sequence[Template]:
        """The templates with values, those that say most of a message first."""
        found = [Template(*row) for row in self._words.items() if len(split(row[0])) > 1]
        return sorted(found, key=lambda one: -sum(map(len, one.fixed)))

    def tell(self, text: str) -> str:
        """A message in this language; what no template says stays as it is."""
        return self._told(text, 0) if text and self.language != ENGLISH else text

    def sentences(self, *texts: str) -> str:
        """Messages as sentences, one after another; what is empty is left out."""
        said = ""
        for text in filter(None, texts):
            told = self.tell(text)
            told = sentence(text) if told == text else told if told.endswith(_ENDS) else f"{told}。"
            said += told if not said or said.endswith(_ENDS[:3]) else f" {told}"
        return said

    def words(self, wanted: Sequence[str]) -> dict[str, str]:
        """What of these texts is told otherwise here, for a page that fills in its values itself."""
        return {one: self._words[one] for one in wanted if one in self._words}

    @lru_cache(maxsize=4096)  # noqa: B019  # one phrasebook for a language, as long as the process lives
    def _told(self, text: str, depth: int) -> str:
        exact = self._words.get(text.replace("{", "{{").replace("}", "}}"))
        if exact is not None:
            return _plain(exact)
        for one in self._templates if depth < _DEEPEST else ():
            if all(piece in text for piece in one.fixed) and (found := one.shape.fullmatch(text)):
                return "".join(self._filled(one.told, found.groups(), depth + 1))
        return text

    def _filled(self, told: str, values: Sequence[str], depth: int) -> Iterator[str]:
        """The pieces of a translation with the values that the message had."""
        for at, piece in enumerate(split(told)):
            if at % 2 == 0:
                yield _plain(piece)
                continue
            number, _, way = piece.partition("!")
            value = values[int(number) - 1]
            if way == "l":
                yield "、".join(self._part(one, depth) for one in re.split(r", | and | or ", value))
            else:
                yield self._told(value, depth) if way else value

    def _part(self, text: str, depth: int) -> str:
        """A part of a list, told; what stands in quotation marks, in those of this language."""
        opening, closing = _MARKS[self.language]
        quoted = re.fullmatch('"([^"]*)"', text)
        return f"{opening}{quoted[1]}{closing}" if quoted else self._told(text, depth)


def split(template: str) -> list[str]:
    """Text, value, text, value, …, text: values are written in braces, and braces are doubled."""
    found = [""]
    end = 0
    for field in _FIELD.finditer(template):
        found[-1] += template[end : field.start()]
        end = field.end()
        if field[1]:
            found += [field[1] + (field[2] or ""), ""]
        else:
            found[-1] += field[0]
    found[-1] += template[end:]
    return found


def _plain(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")


def _catalogue(language: str) -> Mapping[str, str]:
    from gettext import translation  # noqa: PLC0415  # not needed for English

    read: Any = translation(DOMAIN, LOCALE, [language.replace("-", "_")])
    # Templates are looked through, which gettext has no call for.
    words: Mapping[str, str] = read._catalog  # noqa: SLF001
    return {english: told for english, told in words.items() if english and told}


@cache
def phrasebook(language: str) -> Phrasebook:
    """The phrasebook of a language."""
    return Phrasebook(language)


# --- which language ---------------------------------------------------------------------------------------------------


@dataclass
class SpokenChoice:
    """What this process speaks; `asked` where the command line says so, and JSON is to speak it as well."""

    language: str = ENGLISH
    asked: bool = False


spoken = SpokenChoice()


def tell(text: str) -> str:
    """A message in the language of this process."""
    return phrasebook(spoken.language).tell(text)


def duration(seconds: float) -> str:
    """A time as people say it: 40 s, 3 min."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"  # noqa: PLR2004  # the longest in seconds


def tell_sentences(*texts: str) -> str:
    """Messages as sentences in the language of this process."""
    return phrasebook(spoken.language).sentences(*texts)


def asked(text: str) -> str:
    """A text of JSON: English, unless the command line asks for another language."""
    return tell(text) if spoken.asked else text


def taken(arguments: Sequence[str]) -> tuple[list[str], str]:
    """The arguments without `--lang`, which may stand anywhere before `--`, and its value. Raises `UsageError`."""
    rest: list[str] = []
    wanted = ""
    given = iter(arguments)
    for one in given:
        if one == "--":
            rest += [one, *given]
        elif one == "--lang":
            wanted = _known(next(given, ""))
        elif one.startswith("--lang="):
            wanted = _known(one.removeprefix("--lang="))
        else:
            rest.append(one)
    return rest, wanted


def _known(name: str) -> str:
    for one in LANGUAGES:
        if name.lower().replace("_", "-") == one.lower():
            return one
    raise UsageError(f'unknown language "{name}" for --lang', f"Choose one of {', '.join(LANGUAGES)}")


def of_locale(environment: Mapping[str, str]) -> str:
    """The language of LC_ALL, LC_MESSAGES or LANG, whichever is set first; gettext's LANGUAGE goes before them."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    if named.partition(".")[0] in ("", "C", "POSIX"):
        return ENGLISH
    wished = environment.get("LANGUAGE", "").split(":")
    return next((found for one in (*wished, named) if (found := of_tag(one))), ENGLISH)


def of_tag(tag: str) -> str:
    """The language for a locale or a language tag: `zh_HK.UTF-8`, `zh-Hant`, `en-US`; "" for one not spoken here."""
    parts = re.split(r"[-_.@]", tag.lower())
    if parts[0] == "zh":
        return "zh-TW" if {"tw", "hk", "mo", "hant"} & {*parts} and "hans" not in parts else "zh-CN"
    return ENGLISH if parts[0] == "en" else ""


def of_request(accepted: str) -> str:
    """The language for a page: that of the command line, of the browser (`Accept-Language`), of this process."""
    if spoken.asked:
        return spoken.language
    tags = (one.partition(";")[0].strip() for one in accepted.split(","))
    return next((found for one in tags if (found := of_tag(one))), spoken.language)
