"""Han: what counts as a Chinese character, as ranges for a regular expression's class."""

from __future__ import annotations

import re

# The ideographs, those of compatibility and the planes reserved for more included (Unicode 17 §18.1).
IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Radicals, as which some PDFs copy out their ideographs.
RADICALS = "\u2e80-\u2fdf"
# All that stands in a Chinese line as a letter: ideographs, radicals, 々〆〇 and 〡–〩, kana, zhuyin.
LETTERS = f"{RADICALS}\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f{IDEOGRAPHS}"

IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
IDEOGRAPH_RUN = re.compile(f"[{IDEOGRAPHS}]+")
