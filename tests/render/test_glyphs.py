"""Characters that no font has: each with its place, and what stops only a strict build."""

from __future__ import annotations

import pytest

from publish.errors import Place, PublishError
from publish.render.glyphs import missing_glyphs
from publish.source.manuscript import Manuscript
from publish.source.settings.metadata import Metadata
from tests.tiny import make, write_book

LINES = {"01.md": ("# 甲", "", "\U000e0041 \U0001fae8"), "02.md": ("乙 \U0010fffd",)}


def found(missing):
    return missing_glyphs(Manuscript((), Metadata(), LINES), missing)


def test_a_missing_glyph_is_reported_where_it_stands():
    [one] = found({("zh-CN", "pdf"): (0x10FFFD,), ("zh-TW", "pdf"): (0x10FFFD,)})
    assert (one.code, one.severity, one.place) == ("glyph-missing", "warning", Place("02.md", 1))
    assert one.problem == 'no font has a glyph for "\U0010fffd" (U+10FFFD), in zh-CN pdf, zh-TW pdf'


def test_those_of_one_place_are_told_together_and_invisible_ones_not_at_all():
    lines = found({("zh-CN", "pdf"): (0x1FAE8, 0x200D, 0xFE0F, 0xE0041, 0x4E00)})
    assert [one.place for one in lines] == [Place("01.md"), Place("01.md", 3)]
    assert found({("zh-CN", "pdf"): ()}) == []


def test_a_character_without_a_glyph_stops_a_strict_build_alone(tmp_path):
    book = write_book(tmp_path / "book", {"01.md": "# 甲 {#hair}\n\n![](images/dot.png){#fig-dot}\n\n字\U0010fffd。\n"})
    report = make(book, tmp_path / "out", "pdf", editions=("zh-CN",))
    [one] = [one for one in report.findings if one.code == "glyph-missing"]
    assert (one.place.file.rpartition("/")[2], one.place.line) == ("01.md", 5)
    with pytest.raises(PublishError, match=r"01\.md:3: image|01\.md:5: no font has a glyph"):
        make(book, tmp_path / "strict", "pdf", editions=("zh-CN",), strict=True)
    assert not (tmp_path / "strict").exists()
