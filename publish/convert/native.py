"""OpenCC itself: one converter per configuration and process, and what is known of each configuration."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import opencc

from publish.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Whether every entry of a configuration's dictionaries is as long as its key (the tests hold this against the data).
PRESERVES_LENGTH: dict[str, bool] = {
    "s2t": True,
    "s2tw": True,
    "s2hk": True,
    "t2s": True,
    "t2tw": True,
    "t2hk": True,
    "tw2s": True,
    "tw2t": True,
    "hk2s": True,
    "hk2t": True,
    "s2twp": False,
    "s2hkp": False,
    "tw2sp": False,
    "hk2sp": False,
}


# The configurations to Simplified, which leave a choice as well.
TO_SIMPLIFIED = frozenset(["t2s", "tw2s", "tw2sp", "hk2s", "hk2sp"])


@cache
def native(configuration: str) -> Callable[[str], str]:
    """OpenCC's own conversion. It stops at NUL and raises `UnicodeEncodeError` for a lone surrogate.

    Without TSCharactersExt.txt, the dictionary that OpenCC marks as one of tofu risk: all 895 simplified forms in it
    lie beyond the Basic Multilingual Plane, 605 of them for characters within it, and few fonts have them. OpenCC's
    command leaves it out, too. The dictionary is part of t2s, tw2s, tw2sp, hk2s and hk2sp alike, so it is left out
    of all.
    """
    converter = opencc.OpenCC(configuration, include_tofu_risk_dictionaries=False)
    convert: Callable[[str], str] = converter.convert
    return convert


def known(configurations: Iterable[str]) -> tuple[str, ...]:
    """The names as they are. Raises `UsageError` for one that OpenCC does not have."""
    names = tuple(configurations)
    for name in names:
        if name not in PRESERVES_LENGTH:
            raise UsageError(f'unknown OpenCC configuration "{name}"', f"Choose one of {', '.join(PRESERVES_LENGTH)}")
    return names
