"""Names of people that a book itself says are names: a surname is no other word, whatever follows it."""

from __future__ import annotations

from publish.han import IDEOGRAPH_RUN

# Surnames whose Simplified and Traditional form are one, though the character is also the Simplified form of another
# word (《百家姓》; 于 and 於, 余 and 餘, 范 and 範, 郁 and 鬱, 姜 and 薑 are two each).
SURNAMES = frozenset("于余范岳郁朴姜涂卜沈")
_LONGEST = 3  # characters: a longer one is more often a group's


def keeps_surname(name: str) -> bool:
    """Whether a name of a person begins with a surname that conversion could take for another word."""
    return name[:1] in SURNAMES and 1 < len(name) <= _LONGEST and IDEOGRAPH_RUN.fullmatch(name) is not None


def with_surname(name: str, converted: str) -> str:
    """The name of a person, converted, with the surname that it begins with as it is."""
    return name[0] + converted[1:] if keeps_surname(name) and len(converted) == len(name) else converted
