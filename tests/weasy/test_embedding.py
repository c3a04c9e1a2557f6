"""One subset of each font for all parts of a book, kept for the next time that the same glyphs are asked for."""

from __future__ import annotations

from weasyprint.pdf import fonts

from publish.cache import Cache
from publish.weasy.embedding import embed, write_part
from publish.weasy.layout import lay_out


def records(text):
    html = f'<html lang="zh-CN"><body style="font-family: Noto Serif CJK SC">{text}</body></html>'
    return write_part(lay_out(html, {}), None, "0")[1]


def test_a_subset_is_made_once_for_the_same_glyphs(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    cache, made = Cache(tmp_path / "cache", "this program"), []
    subset = fonts.Font._harfbuzz_subset  # WeasyPrint's own
    monkeypatch.setattr(fonts.Font, "_harfbuzz_subset", lambda *args: made.append(1) or subset(*args))
    plain = embed(records("书中的字"), Cache())
    assert embed(records("书中的字"), cache) == plain
    before = len(made)
    assert embed(records("中的书字"), cache) == plain, "in another order"
    assert len(made) == before
    assert embed(records("书中的字，多一个"), cache) != plain
    assert len(made) == before + 1
