"""Lines that blanks have pushed to the right, and those that are only indented."""

from __future__ import annotations

import pytest

from publish.edition.markup import xhtml
from publish.render.pushed import let_shrink

FAR = "\u3000" * 9


@pytest.mark.parametrize(
    ("lines", "pushed"),
    [
        (f"敬礼<br/>\n{FAR}林晚<br/>\n{FAR}五月一日", ["林晚", "五月一日"]),
        (f"{FAR}林晚<br/>\n敬礼", ["林晚"]),
        (f"行<br/>\n\u3000\u3000缩进<br/>\n{FAR}<b>林</b>晚", []),
    ],
)
def test_a_line_that_blanks_push_to_the_right_is_in_two_parts_and_its_text_stays(lines, pushed):
    tree = xhtml.parse(f'<div class="line-block">{lines}</div>', soup=False)
    before = "".join(tree.itertext())
    let_shrink(tree)
    assert "".join(tree.itertext()) == before
    assert {one[0].text for one in tree.iter(f"{xhtml.H}span") if one.get("class") == "pushed"} <= {FAR}
    assert [one[1].text for one in tree.iter(f"{xhtml.H}span") if one.get("class") == "pushed"] == pushed
