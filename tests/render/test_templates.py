"""A theme's style sheets: which families each format has."""

from __future__ import annotations

from publish.regions import REGIONS, SYMBOLS


def test_pages_have_signs_in_one_ink_behind_the_texts_own_fonts_and_screens_and_code_do_not():
    for region in REGIONS.values():
        pages, screens = region.fonts.for_pages, region.fonts.for_screens
        for role in ("body", "heading", "quote"):
            assert getattr(pages, role) == (*getattr(region.fonts, role), *SYMBOLS)
            assert not {*SYMBOLS} & {*getattr(screens, role)}
        assert pages.mono == region.fonts.mono
