"""What every process that lays out pages reads first, read once before any is made (`build/preload.py`)."""

from contextlib import suppress

from publish.convert.words import words_of_title
from publish.render.pdf import join, renderer  # noqa: F401  # loaded for their own sake, and what they import
from publish.typography.hyphens import points
from publish.weasy import speed

words_of_title("书名")  # the dictionary of words
points("words", "zh-CN")  # and that of hyphens
for _name in speed.TYPES:
    with suppress(Exception):  # another version of WeasyPrint has others
        speed.ffi.typeof(_name)
