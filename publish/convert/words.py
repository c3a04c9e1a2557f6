"""Words: a text segmented by jieba, and each word converted by itself with OpenCC's dictionaries.

The second opinion. OpenCC takes the longest phrase from the left and so reads 是只读 as 是隻|讀; a segmenter weighs
whole readings and finds 是|只读. jieba's dictionary (0.42.1) and its model for unknown words, run by jieba-rs.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from publish.convert.native import native

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_CACHED_WORDS = 1 << 16


def segment(text: str) -> list[str]:
    """The words of a text; together they are the text."""
    return _cut()(text, True)  # the library takes no keyword


@cache
def _cut() -> Callable[[str, bool], list[str]]:
    import rjieba  # noqa: PLC0415  # which loads its dictionary

    cut: Callable[[str, bool], list[str]] = rjieba.cut
    return cut


titles: dict[str, frozenset[int]] = {}  # where the words of titles begin, as far as they were asked for


def words_of_title(text: str) -> frozenset[int]:
    """Where the words of a title begin, in whatever script: jieba knows few Traditional words, and t2s keeps length."""
    found = titles.get(text)
    if found is None:
        found = titles[text] = frozenset(accumulate(map(len, segment(native("t2s")(text))), initial=0))
    return found


def known_words(text: str) -> list[str]:
    """The same by the dictionary alone, without guesses at unknown words."""
    return _cut()(text, False)


@cache
def of_word(configuration: str) -> Callable[[str], str]:
    """The conversion of one word, with an OpenCC configuration that preserves length; words come again and again."""
    return lru_cache(maxsize=_MAX_CACHED_WORDS)(native(configuration))


def by_words(configuration: str) -> Callable[[str], str]:
    """The conversion of a text word by word."""
    convert = of_word(configuration)
    return lambda text: "".join(map(convert, segment(text)))
