"""The lines of a title: where they end, and how even they are."""

from __future__ import annotations

import pytest

from publish.convert.words import words_of_title
from publish.typography import marks, measure, titles


def _lines(text: str, width: float) -> list[str]:
    """The lines of a title in squares; a Latin letter is half of one."""
    kinds = marks.classes(text, "zh-CN")
    advances = [0.5 if char.isascii() else 1.0 for char in text]
    clusters = [True] * len(text)
    words = {
        at for at in range(1, len(text)) if not (text[at - 1 : at + 1].isascii() and text[at - 1 : at + 1].isalnum())
    }
    starts = [at for at in range(1, len(text)) if marks.may_start(kinds, at, clusters, words)]
    cells = measure.Cells(kinds, advances, [1.0] * len(text), starts, clusters)
    cost = titles.prices(text, words_of_title(text))
    found = titles.lines(cells, 0, width, cost)
    return [text[line.first : line.stop] for line in found] or [text]


@pytest.mark.parametrize(
    ("title", "width", "lines"),
    [
        ("炸裂宣判：预训练将结束", 8, ["炸裂宣判：", "预训练将结束"]),
        ("認知升級篇：從零開始理解機器學習", 12, ["認知升級篇：", "從零開始理解機器學習"]),
        ("城市基础设施建设的指导意见", 10, ["城市基础设施", "建设的指导意见"]),
        ("短的", 10, ["短的"]),
        ("炸裂宣判：预训练将结束，认知升级篇", 16, ["炸裂宣判：预训练将结束，", "认知升级篇"]),
        ("父亲的账本——兼论三百二十七笔旧账", 12, ["父亲的账本", "——兼论三百二十七笔旧账"]),
        ("动态频率缩放 (Dynamic Frequency Scaling)", 18, ["动态频率缩放", "(Dynamic Frequency Scaling)"]),
        ("Kubernetes 集群的 Service Mesh 详解", 13, ["Kubernetes 集群的", "Service Mesh 详解"]),
        ("周刊（第 216 期）：极简主义的胜利", 12, ["周刊（第 216 期）：", "极简主义的胜利"]),
        ("使用 flask.abort() 和 api.abort() 返回错误", 14, ["使用 flask.abort()", "和 api.abort() 返回错误"]),
        ("使用 Kubernetes 部署分布式数据库", 12, ["使用 Kubernetes", "部署分布式数据库"]),
    ],
)
def test_a_title_breaks_between_words_and_behind_its_colon(title, width, lines):
    assert _lines(title, width) == lines


@pytest.mark.parametrize("width", range(6, 14))
def test_no_line_of_a_title_is_too_long_or_begins_with_a_mark_or_with_a_word_that_leans(width):
    for title in ("我们为什么会在凌晨三点醒来，又在哪里睡去", "论语言：它从哪里来（以及到哪里去）的一点思考"):
        lines = _lines(title, width)
        assert "".join(lines) == title
        assert all(len(line) <= width + 0.5 for line in lines)
        assert not [line for line in lines[1:] if line[0] in "，：）的"]
        assert min(map(len, lines)) > 2


def test_a_title_that_has_no_place_to_break_is_left_to_the_filling_of_lines():
    assert _lines("A" * 40, 6) == ["A" * 40]
