"""OpenCC's output aligned with its source."""

from __future__ import annotations

import pytest

from publish.convert.replay import patched


@pytest.mark.parametrize(
    ("units", "output"),
    [
        ([(1, "甲"), (1, "乙")], "甲子丑乙"),
        ([(1, "甲"), (1, "乙")], "子"),
        ([(1, "甲"), (1, "甲"), (1, "甲")], "甲甲"),
        ([(1, "甲")], "甲甲"),
        ([(1, "甲")], ""),
    ],
)
def test_a_rough_alignment_covers_source_and_output(units, output):
    found = patched(units, output)
    assert "".join(text for _, text in found) == output
    assert sum(length for length, _ in found) == sum(length for length, _ in units)
    assert all(length for length, _ in found)
