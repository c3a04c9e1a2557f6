"""How a book's chapters begin: on the next right page, or on the next."""

from __future__ import annotations

import re

from publish.edition.publication import Publication
from publish.themes import read_theme

_MARKUP = re.compile(r"<[^>]*>|\s")
_FILLED = 0.8  # of a page, that paragraphs fill: their last lines are short
_PICTURE = 0.4  # of a page, that a picture takes
# A chapter that begins on the right leaves half of a page blank, over all: of shorter ones, more than a twelfth of a
# book's pages. Houses begin such chapters on the next page (另面起), and only parts on the right (另页起).
_LONG = 6  # pages


def begins_right(publication: Publication, a_page: float) -> bool:
    """Whether chapters begin on right pages: as the book says, or where its theme does so and they are long.

    `a_page` is how many characters a full page has.
    """
    page = publication.page
    if not page.two_sided:
        return False
    if page.chapter_start:
        return page.chapter_start == "right"
    return read_theme(publication.theme).chapters == "recto" and _pages_each(publication, a_page) >= _LONG


def _pages_each(publication: Publication, a_page: float) -> float:
    """How many pages a chapter has, with the files under it, on an average."""
    letters = sum(len(_MARKUP.sub("", chapter.xhtml)) for chapter in publication.chapters)
    pictures = sum(chapter.xhtml.count("<img") for chapter in publication.chapters)
    chapters = sum(not chapter.level for chapter in publication.chapters) or 1
    return (letters / (a_page * _FILLED) + pictures * _PICTURE) / chapters
