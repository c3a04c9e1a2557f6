"""The script that a book is written in, Simplified or Traditional, held against what its settings say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from publish.cache import NONE, Cache
from publish.convert.scripts import Script, foreign
from publish.errors import Place
from publish.findings import Finding
from publish.regions import Region

_SAMPLE = 50_000  # characters that are looked at
_LEAST = 20  # characters of one script alone, of which a few stand in any book: names, quotations
_PLAIN = 0.9  # of these, in a book that is written in that script
_SCRIPTS: tuple[Script, ...] = get_args(Script)


def check_script(texts: Iterable[str], said: Region, place: Place, cache: Cache = NONE) -> list[Finding]:
    """A warning where a book is written in the script that its `lang` is not of: nothing would be converted."""
    sample = sample_of(texts)
    found = cache.made(cache.key("script", sample), lambda: script_of(sample) or "", str, str)
    if not found or found == said.script:
        return []
    problem = (
        f"the book is written in {'Simplified' if found == 'Hans' else 'Traditional'} characters, "
        f"and is read as {said.key}"
    )
    remedy = "Write lang: zh-CN" if found == "Hans" else "Write lang: zh-TW, or zh-HK"
    return [Finding("lang-script", "warning", place, problem, remedy)]


def sample_of(texts: Iterable[str]) -> str:
    """As much of texts as tells their script."""
    found, wanted = list[str](), _SAMPLE
    for text in texts:
        found.append(text[:wanted])
        wanted -= len(found[-1])
        if not wanted:
            break
    return "".join(found)


def script_of(sample: str) -> Script | None:
    """The script that a text is plainly of, by the characters that the other does not have; None where it is not."""
    own = {
        "Hans": sum(map(foreign("Hant").__contains__, sample)),
        "Hant": sum(map(foreign("Hans").__contains__, sample)),
    }
    for script in _SCRIPTS:
        if own[script] >= max(_LEAST, _PLAIN * sum(own.values())):
            return script
    return None
