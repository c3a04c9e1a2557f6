"""Ruby on its line: readings over characters (注音, 拼音), which WeasyPrint does not support (its #406).

`render/pdf/ruby.py` makes each base with its reading an inline block. It sits on the line by its base, not by its
last line as other inline blocks do.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import inline
from weasyprint.layout.table import find_in_flow_baseline

_inline_block_baseline = inline.inline_block_baseline


def inline_block_baseline(box: Any) -> Any:
    """WeasyPrint's `inline_block_baseline`; ruby sits on its first line."""
    if box.element_tag == "ruby" and not box.is_table_wrapper:
        baseline = find_in_flow_baseline(box)
        if baseline is not None:
            return baseline
    return _inline_block_baseline(box)
