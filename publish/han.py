"""Han: what counts as a Chinese character, as ranges for a regular expression's class."""

from __future__ import annotations

import re

# The ideographs, those of compatibility and the planes reserved for more included (Unicode 17 §18.1).
IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Radicals, as which some PDFs copy out their ideographs.
RADICALS = "\u2e80-\u2fdf"
# All that stands in a Chinese line as a letter: ideographs, radicals, 々〆〇 and 〡–〩, kana, zhuyin.
LETTERS = f"{RADICALS}\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f{IDEOGRAPHS}"

# What closes a quotation, a bracket, a title, behind the mark that ends it; and the marks that end a Chinese sentence.
CLOSERS = "”’」』）)》】"
FULL_STOPS = "。！？…"
# A text that ends its sentence, in any script, and one that ends with a pause at least.
ENDED = re.compile(rf"[{FULL_STOPS}．.!?][{CLOSERS}]*$")
PAUSED = re.compile(rf"[{FULL_STOPS}，；、：—,.;:!?－-][{CLOSERS}]*$")
# The sentences of a text, their marks with them.
SENTENCE = re.compile(rf"[^。！？!?；\n]*[。！？!?；\n][{CLOSERS}]*|[^。！？!?；\n]+")

IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
IDEOGRAPH_RUN = re.compile(f"[{IDEOGRAPHS}]+")

# Surnames of two characters (the commoner ones of 《百家姓》).
COMPOUND_SURNAMES = frozenset(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 司徒 司空 夏侯 端木 独孤 獨孤 "
    "南宫 南宮 宇文 长孙 長孫 轩辕 軒轅 百里 呼延 东郭 東郭 西门 西門 公冶 澹台 澹臺 濮阳 濮陽 "
    "太史 申屠 钟离 鍾離 万俟".split()
)

# Numbers in circles from 1 to 50, as notes have them.
CIRCLED = f"①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳{''.join(map(chr, range(0x3251, 0x3260)))}{''.join(map(chr, range(0x32B1, 0x32C0)))}"
