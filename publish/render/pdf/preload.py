"""What every process that lays out pages reads first, read once before any is made (`build/preload.py`)."""

from publish.convert.words import words_of_title
from publish.render.pdf import join, renderer  # noqa: F401  # loaded for their own sake, and what they import
from publish.typography.hyphens import points
from publish.weasy import speed

words_of_title("书名")  # the dictionary of words
points("words", "zh-CN")  # and that of hyphens
speed.read_types()
