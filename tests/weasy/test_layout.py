"""WeasyPrint as it comes, in a process that has taught it Chinese lines: the way out where something of ours fails."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.weasy.test_compose import SIMPLIFIED, page

pytest.importorskip("publish.weasy.compose", reason="Pango is not installed")

from publish.weasy import compose, emphasis, grid, ruby
from publish.weasy.layout import lay_out, plainly

HTML = f"""<html lang="zh-CN"><meta charset="utf-8"><title>题</title><style>
html {{ font: 10.5pt/18pt "Noto Serif CJK SC"; --line-grid: 40pt 18pt; text-align: justify }}
</style><body><h2 style="--block-step:center">题</h2><p>{SIMPLIFIED}</p>
<p>甲<em style="--text-emphasis:dot">乙</em>丙</p><ruby style="display:inline-block">字<rt>zì</rt></ruby>
</body></html>"""
STOCK = "import sys, weasyprint; sys.stdout.buffer.write(weasyprint.HTML(string=sys.stdin.read()).write_pdf())"
FAULTS = (
    (compose.inline, "split_inline_box"),
    (compose.preferred, "inline_max_content_width"),
    (compose.measure, "next_line"),
    (compose.shape, "shape"),
    (compose.shape.SetText, "reactivate"),
    (emphasis, "draw_text"),
    (grid.block, "iter_line_boxes"),
    (grid.block, "block_level_layout"),
    (ruby.inline, "inline_block_baseline"),
)


def write(html):
    return lay_out(html, {}).write_pdf()


def stock(html):
    """What WeasyPrint makes of it in a process that knows nothing of publish."""
    run = subprocess.run([sys.executable, "-c", STOCK], input=html.encode(), capture_output=True, check=True)
    return run.stdout


def test_plainly_is_what_stock_weasyprint_does():
    ours = write(HTML)
    with plainly():
        plain = write(HTML)
    assert plain == stock(HTML)
    assert plain != ours


def test_afterwards_lines_are_composed_again():
    before = write(HTML)
    with plainly(), plainly():
        write(HTML)
    assert write(HTML) == before


@pytest.mark.parametrize(("place", "name"), FAULTS)
def test_a_fault_in_what_is_ours_leaves_the_plain_way(monkeypatch, place, name):
    def fault(*_arguments, **_options):
        raise ZeroDivisionError

    with plainly():
        plain = write(HTML)
    if place is emphasis:  # it is found under the name that it was put at
        place = emphasis.draw
    monkeypatch.setattr(place, name, fault)
    with pytest.raises(ZeroDivisionError):
        page(f"<p>{SIMPLIFIED}</p>" + HTML)
    with plainly():
        assert write(HTML) == plain


def test_an_exception_inside_puts_ours_back():
    write(HTML)
    hook = compose.inline.split_inline_box

    def fail():
        with plainly():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert compose.inline.split_inline_box is hook is compose.split_inline_box
