"""What stands at a page's head, and on which line of the base grid."""

from __future__ import annotations

import pytest

from publish.weasy.layout import lay_out
from tests.printed import lines

LINE = 20  # points
STYLE = f"""
@page {{ size: 200pt {10 * LINE + 40}pt; margin: 20pt }}
html {{ font: 10pt/{LINE}pt "Noto Serif CJK SC" }} body {{ margin: 0 }}
div {{ page: text; --line-grid: 20pt {LINE}pt }}
p {{ margin: 0 }} p + p.stanza {{ margin-top: {LINE}pt }}
h2 {{ --block-step: end; font-size: 10pt; line-height: {LINE}pt; margin: 14pt 0 6pt; break-after: avoid }}
section {{ break-before: page; margin-top: {2 * LINE}pt }}
"""


def feet(body):
    """How far below the head of the second page its first two lines stand, in lines of the grid, by their baselines."""
    html = f'<html lang="zh-CN"><title>题</title><style>{STYLE}</style><body><div>{"<p>前</p>" * 10}{body}</div></body>'
    found = lines(lay_out(html, {}).write_pdf(), 1)
    text = lines(lay_out(html.replace(body, "<p>后</p>"), {}).write_pdf(), 1)[0]
    return [(text.baseline - one.baseline) / LINE for one in found[:2]]


def test_a_stanza_or_a_paragraph_at_a_page_s_head_has_no_margin_above_it():
    assert feet("<p class='stanza'>春</p><p class='stanza'>夏</p>") == pytest.approx([0, 2], abs=0.02)


def test_a_heading_at_a_page_s_head_is_amid_its_lines():
    assert feet("<h2>春</h2><p>夏</p>") == pytest.approx([0.5, 2], abs=0.02)


def test_what_an_author_begins_a_page_with_keeps_its_margin():
    assert feet("<section><p>春</p><p>夏</p></section>") == pytest.approx([2, 3], abs=0.02)
