"""The proof looks at one text by other engines: stock WeasyPrint and Chromium fail, each by faults of its own."""

from __future__ import annotations

from collections import Counter

import pytest
from samples import chromium, ours, stock
from validators import MissingValidatorError

from publish.check.pdf import check as check_pdf
from publish.doctor import find_chromium

pytestmark = pytest.mark.verify
TIMES = 10  # the text so many times over: some pages


def found(file):
    """The codes of what is wrong with a PDF, each with how often."""
    return Counter(one.code for one in check_pdf(file))


def test_stock_weasyprint_fails_by_its_lines(tmp_path):
    codes = found(stock(tmp_path, TIMES))
    assert codes["line-ragged"] >= TIMES
    assert codes["line-hole"] >= TIMES
    assert codes["mark-loose"] >= TIMES
    assert codes["pdf-tags"] == 1


def test_chromium_fails_by_its_fonts_and_its_text(tmp_path):
    program = find_chromium()
    if program is None:
        raise MissingValidatorError("Chromium is not installed")
    codes = found(chromium(program, tmp_path, TIMES))
    assert codes["font-type3"] == 2, "a regular and a bold"
    assert codes["text-radicals"] == 1
    assert not codes["line-ragged"], "it justifies between ideographs"


def test_ours_has_none_of_their_faults(tmp_path):
    codes = found(ours(tmp_path, TIMES))
    theirs = (
        "line-start line-end line-ragged line-hole line-gap line-over pdf-tags font-type3 text-radicals font-region"
    )
    assert {code: codes[code] for code in theirs.split() if codes[code]} == {}
