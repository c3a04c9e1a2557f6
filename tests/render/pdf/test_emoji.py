"""Emoji on pages of one ink."""

from __future__ import annotations

import pytest

from publish.render.pdf.emoji import in_one_ink


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("👋🏽好✌🏿，🏽", "👋好✌，🏽"),
        ("按1\ufe0f\u20e3或*\u20e3", '按<span class="keycap">1</span>或<span class="keycap">*</span>'),
        ("🇨🇳和🇫🇷", '<span class="keycap">CN</span>和<span class="keycap">FR</span>'),
        ("1 和 🇨", "1 和 🇨"),
        ('<h1 data-title="1\u20e3 一" id="1\u20e3">一</h1>', '<h1 data-title="1 一" id="1\u20e3">一</h1>'),
        ("<svg><text>1\u20e3</text></svg>", "<svg><text>1\u20e3</text></svg>"),
    ],
)
def test_skins_go_and_keycaps_and_flags_are_what_they_say_in_a_box(written, shown):
    assert in_one_ink(f"<title>1\u20e3</title><body>{written}</body>") == f"<title>1\u20e3</title><body>{shown}</body>"
