"""Marks in a text become ruby, underlines and listings."""

from publish.importers.marks import CODE, code_text, marked, with_code, with_marks


def _para(words):
    return {"t": "Para", "c": [{"t": "Str", "c": words}]}


def test_a_marked_word_becomes_ruby_amid_its_neighbours():
    made = with_marks({"t": "Str", "c": f"在{marked('邗沟', 'hán gōu')}入"})
    assert "".join(one["c"] if one["t"] == "Str" else one["c"][1] for one in made) == (
        "在<ruby>邗沟<rt>hán gōu</rt></ruby>入"
    )


def test_marked_lines_that_follow_one_another_are_one_listing():
    blocks = with_code([_para(CODE + code_text("if a:")), _para(CODE + code_text("  b()")), _para("文")])
    assert [one["t"] for one in blocks] == ["CodeBlock", "Para"]
    assert blocks[0]["c"][1] == "if a:\n  b()"


def test_marked_lines_within_a_quotation_are_a_listing_too():
    quoted = {"t": "BlockQuote", "c": [_para(CODE + code_text("a\nb")), _para("文")]}
    assert [one["t"] for one in with_code([quoted])[0]["c"]] == ["CodeBlock", "Para"]
    caption = {"t": "Table", "c": [None, [quoted]]}
    assert with_code([caption])[0]["c"][0] is None
