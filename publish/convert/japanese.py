"""Japanese in a Chinese text: what a sentence with kana writes in Han is Japanese, and is converted into nothing.

国会 and 体 are Simplified Chinese and Japanese alike, so that a quotation would come out half converted: 国会図書館 as
國會図書館. A sentence is told by its kana, and by its having no Han that Japan's standard lacks (JIS X 0208 has no 说
and no 给); a Chinese sentence that quotes a word in kana (在日本吃すし) stays Chinese. Beside Japanese sentences a row
of words with kana (学校、図書館、気持ち) is one as well, if the block has nothing else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_SENTENCE = re.compile("[^。！？!?\n]+")
# Han and kana that stand together; a mark, a space or a Latin letter parts them.
_RUN = re.compile("[\u3400-\u9fff々〆ヶーぁ-ゖァ-ヺ]+")
_HAN = re.compile("[\u3400-\u9fff]")
# Kana that Japanese writes behind a Han: particles, and the ends of verbs and adjectives. の alone is none, for
# Chinese signs have it as well (優の良品).
_GRAMMAR = re.compile(
    "(?<=[\u3400-\u9fff々ァ-ヺー」』）])(?:[はがをにでともへや]|から|まで|です|だ|し[てたまよないる]|する|され|さん|い[るまたて]|[るれらりきくけえっ])"
)
_SHARE = 0.2  # of a sentence's Han and kana are kana, at least


def japanese(text: str) -> list[tuple[int, int]]:
    """Where Japanese stands in a text, as ranges of Han and kana in order; marks and spaces are in none."""
    if not _KANA.search(text):
        return []
    sentences = [found.span() for found in _SENTENCE.finditer(text)]
    if len(sentences) > 1 and _is_wholly_japanese([text[slice(*span)] for span in sentences]):
        return [found.span() for found in _RUN.finditer(text)]
    return [span for sentence in sentences for span in _in_sentence(text, *sentence)]


def _is_wholly_japanese(sentences: Sequence[str]) -> bool:
    """Whether each sentence of a block has kana and no Han that Japan lacks, and most have its grammar."""
    grammar = [_is_japanese(one) for one in sentences]
    return 2 * sum(grammar) > len(sentences) and all(
        known or (_KANA.search(one) and all(map(_in_standard, _HAN.findall(one))))
        for known, one in zip(grammar, sentences, strict=True)
    )


def _in_sentence(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """All of a Japanese sentence; of a Chinese one, the stretches between marks that are Japanese by themselves."""
    spans = [found.span() for found in _RUN.finditer(text, start, end)]
    if _is_japanese(text[start:end]):
        yield from spans
    else:
        yield from (span for span in spans if _is_japanese(text[slice(*span)]))


def _is_japanese(text: str) -> bool:
    kana, han = len(_KANA.findall(text)), _HAN.findall(text)
    if kana < _SHARE * (kana + len(han)) or not all(map(_in_standard, han)):
        return False
    return _GRAMMAR.search(text) is not None


@lru_cache(maxsize=1 << 13)
def _in_standard(character: str) -> bool:
    try:
        character.encode("shift_jis")
    except UnicodeEncodeError:
        return False
    return True
