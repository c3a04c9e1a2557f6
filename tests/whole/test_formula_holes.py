"""The proof of a PDF knows formulas: no hole where a drawing stands in a line."""

import pytest

from publish.check.files import check_file
from tests.tiny import make, write_book

PARAGRAPH = "设一部稿子里一对多的字有$nnnnn$个，每个字转错的概率是$ppp+qqq$，那么全书$r$处不错的概率就很小了。" * 4


@pytest.mark.parametrize("text", [PARAGRAPH])
def test_a_formula_in_a_line_is_no_hole(text, tmp_path):
    book = write_book(
        tmp_path / "book", {"book.yaml": "title: 书\neditions: zh-CN\n", "01.md": f"# 题\n\n{text}\n", "02.md": None}
    )
    make(book, tmp_path / "out", "pdf")
    [path] = (tmp_path / "out" / "zh-CN").glob("*.pdf")
    found = [one.code for one in check_file(path, "pdf")]
    assert "line-gap" not in found
    assert "line-hole" not in found
