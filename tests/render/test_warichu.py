"""Notes within the line stand in brackets where no line is set in two."""

from __future__ import annotations

import pytest

from publish.edition.markup import xhtml
from publish.render.warichu import bracket


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("同类也", "（同类也）"),
        ("同<em>类</em>", "（同类）"),
        ("<em>同</em>类", "（同类）"),
        ("（同类也）", "（同类也）"),
        ("", ""),
    ],
)
def test_a_note_is_in_brackets_once(inner, expected):
    root = xhtml.parse(f'<p>朋<span class="warichu">{inner}</span>来</p>', soup=False)
    bracket(root)
    assert "".join(map(str, root.itertext())).strip() == f"朋{expected}来"
