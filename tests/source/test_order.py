"""Files stand as a reader would put them: by number, what opens a book first, Han by pinyin."""

from __future__ import annotations

import random

import pytest

from publish.source.order import natural

ORDERS = (
    "README.md 首页.md 读书.md 日记.md 摘录.md",
    "第2章.md 第二章-补.md 第10章.md",
    "第九章.md 第十章.md 第十一章.md",
    "一、缘起.md 二、经过.md 三、结局.md 十、尾.md",
    "甲、a.md 乙、b.md 丙、c.md",
    "上篇.md 中篇.md 下篇.md",
    "卷上/a.md 卷中/a.md 卷下/a.md",
    "目录.md 序.md 楔子.md 01-x.md 2-y.md 10-z.md B.md 海.md 番外.md 后记.md 附录A.md 附录B.md",
    "index.md a/2.md a/10.md b.md",
)


@pytest.mark.parametrize("order", ORDERS)
def test_names_are_sorted_as_a_book_has_them(order):
    names = order.split()
    shuffled = random.Random(1).sample(names, len(names))  # any order
    assert sorted(shuffled, key=natural) == names
