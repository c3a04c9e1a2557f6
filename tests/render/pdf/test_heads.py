"""Titles that are too long for a running head: their first part, or as much as there is room for."""

from __future__ import annotations

import pytest

from publish.render.pdf.heads import running_head
from publish.render.pdf.tables import Area

AREA = Area(280, 400, 10.5, 8.5)  # 35 characters of 8 points


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("集体养老金的最优策略", "集体养老金的最优策略"),
        ("保险：" + "一二三四五六七八九十" * 4, "保险：" + ("一二三四五六七八九十" * 4)[:31] + "…"),
        ("再保险的优化：" + "一二三四五六七八九十" * 4, "再保险的优化"),
        ("再保险的优化（" + "一二三四五六七八九十" * 4 + "）", "再保险的优化"),
        (
            "A Hybrid Framework for Reinsurance Optimization and Integrating Generative Models",
            "A Hybrid Framework for Reinsurance Optimization and…",
        ),
        ("甲、" * 30, ("甲、" * 17).rstrip("、") + "…"),
    ],
)
def test_a_head_is_no_wider_than_the_text_below_it(title, said):
    assert running_head(title, AREA, two_sided=True) == said


def test_of_two_titles_in_one_line_the_second_has_what_the_first_leaves():
    title = "一二三四五六七八九十" * 2
    assert running_head(title, AREA, two_sided=False) == "一二三四五六七八九十一二三四…"
    assert running_head(title, AREA, two_sided=False, beside="书名") == title
    assert running_head(title * 2, AREA, two_sided=False, beside="书名") == (title * 2)[:30] + "…"
