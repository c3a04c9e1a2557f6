"""The script that a book is written in, Simplified or Traditional, held against what its settings say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from publish.errors import Place
from publish.findings import Finding
from publish.regions import Region

_SAMPLE = 50_000  # characters that are looked at
_LEAST = 20  # characters of one script alone, of which a few stand in any book: names, quotations
_PLAIN = 0.9  # of these, in a book that is written in that script


def check_script(texts: Iterable[str], said: Region, place: Place) -> list[Finding]:
    """A warning where a book is written in the script that its `lang` is not of: nothing would be converted."""
    found = script_of(texts)
    if not found or found == said.script:
        return []
    problem = (
        f"the book is written in {'Simplified' if found == 'Hans' else 'Traditional'} characters, "
        f"and is read as {said.key}"
    )
    remedy = "Write lang: zh-CN" if found == "Hans" else "Write lang: zh-TW, or zh-HK"
    return [Finding("lang-script", "warning", place, problem, remedy)]


def script_of(texts: Iterable[str]) -> str:
    """`Hans` or `Hant` (ISO 15924) for what is plainly of one script, "" else."""
    characters = Counter[str]()
    for text in texts:
        characters.update(islice(text, max(0, _SAMPLE - characters.total())))
    kinds = Counter[str]()
    for character, times in characters.items():
        kinds[_alone(character)] += times
    for script in ("Hans", "Hant"):
        if kinds[script] >= _LEAST and kinds[script] >= _PLAIN * (kinds["Hans"] + kinds["Hant"]):
            return script
    return ""


@lru_cache(maxsize=8192)
def _alone(character: str) -> str:
    """The script that a character is of, and the other not: it stands in one national standard alone."""
    if character < "\u3400":
        return ""
    simplified, traditional = _holds("gb2312", character), _holds("big5", character)
    return "" if simplified == traditional else "Hans" if simplified else "Hant"


def _holds(standard: str, character: str) -> bool:
    try:
        character.encode(standard)
    except UnicodeEncodeError:
        return False
    return True
