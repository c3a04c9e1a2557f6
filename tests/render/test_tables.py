"""The grid of a table: which columns a cell takes, and how wide its text is, by arithmetic."""

from __future__ import annotations

import pytest

from publish.edition.markup.xhtml import XHTML, H, parse, read
from publish.render.tables import align_points, measure, read_grid, spread


def grid(rows):
    return read_grid(parse(f"<table><tbody>{rows}</tbody></table>", soup=False)[0])


def row(*cells):
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def test_han_are_squares_and_latin_is_narrower():
    assert measure("头发，。") == 4
    assert 1 < measure("abc") < 2


def test_a_short_cell_needs_one_line_and_a_long_one_as_much_as_reads_well():
    short, long = grid(row("说明", "他" * 100)).cells
    assert (short.least, short.most) == (2, 2)
    assert 9 < long.least < 14
    assert long.most == 100


def test_the_digits_of_a_number_stay_together():
    [cell] = grid(row("共 11,604,924 元")).cells
    assert cell.tight >= measure("11,604,924")


def test_a_long_name_may_be_parted_where_it_was_joined():
    [cell] = grid(row("conv2_bottleneck_block_of_many_layers")).cells
    assert cell.least < measure("bottleneck_b")


def math(text="", *widths, more=""):
    pieces = f' data-pieces="{" ".join(map(str, widths))}"' if widths else ""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"{pieces}{more}><mi>{text}</mi></math>'


def test_a_formula_is_a_word_as_wide_as_it_was_set_and_its_pieces_are_several():
    whole, parted, beside = grid(row(math("x", 17), math("x", 5, 4), f"沉淀（{math('x', 5)}）")).cells
    assert (whole.tight, whole.most) == (17, 17)
    assert parted.tight == 5
    assert 9 < parted.most < 9.5
    assert beside.tight == 7


def test_a_displayed_formula_has_a_line_of_its_own():
    displayed = math("x", 5, more=' display="block"')
    [cell] = grid(row(f"甲{displayed}乙")).cells
    assert cell.lines == (1, 5, 1)


def test_a_formula_that_nobody_has_set_is_one_word_of_its_characters():
    [cell] = grid(row(math("一二三四五六七八"))).cells
    assert cell.tight == 8


def test_cells_over_rows_and_columns_take_their_places():
    made = grid(
        '<tr><td rowspan="2">甲</td><td colspan="2">乙</td></tr><tr><td>丙</td><td>丁</td></tr><tr><td>一</td></tr>'
    )
    places = [(one.element.text, one.row, one.column) for one in made.cells]
    assert places == [("甲", 0, 0), ("乙", 0, 1), ("丙", 1, 1), ("丁", 1, 2), ("一", 2, 0)]
    assert made.columns == 3


def test_what_a_wide_cell_lacks_is_shared_by_its_columns():
    made = grid('<tr><td colspan="2">一二三四五六</td></tr>' + row("一", "二"))
    assert made.most() == [3, 3]


def test_a_line_break_and_paragraphs_part_the_lines_of_a_cell():
    [cell] = grid(row("一二<br/>三四五<p>六</p>")).cells
    assert cell.lines == (2, 3, 1)


@pytest.mark.parametrize("inside", ["<table><tbody><tr><td>甲</td></tr></tbody></table>"])
def test_a_table_in_a_table_is_left_alone(inside):
    assert grid(row(inside)) is None


def test_columns_of_a_wide_table_keep_their_least_width_on_a_screen():
    table = parse(f'<table xmlns="{XHTML}"><tbody>{row(*["一二三四五六"] * 8)}</tbody></table>', soup=False)[0]
    assert spread(table)
    assert [cell.get("style") for cell in table.iter(f"{H}td")] == ["min-width:5.8em"] * 8


def test_a_narrow_table_has_nothing_of_it():
    table = parse(f"<table><tbody>{row('一', '二')}</tbody></table>", soup=False)[0]
    assert not spread(table)
    assert not [cell for cell in table.iter(f"{H}td") if cell.get("style")]


CALL = '<span class="noteref" data-note="n"></span>'


def figures(*cells):
    rows = "".join(f'<tr><td style="text-align: right;">{cell}</td></tr>' for cell in cells)
    tree = parse(f"<div><table><tbody>{rows}</tbody></table></div>", soup=False)
    align_points(tree)
    return [
        next((pad.get("data-pad") for pad in cell.iter(f"{H}span") if pad.get("class") == "pad"), "")
        for cell in tree.iter(f"{H}td")
    ]


@pytest.mark.parametrize(
    ("cells", "pads"),
    [
        (("1,234.56", "12.5", "7", "—"), ["", "0", ".00", ""]),
        (("12.5%", "3.75%"), ["0", ""]),
        (("1.2", "3.4"), ["", ""]),
        (("12", "1,200"), ["", ""]),
        (("1.25", "见注"), ["", ""]),
        (("1.25 kg", "3 m"), ["", ""]),
        (("v1.2.3", "1.25"), ["", ""]),
        (("12%", "3.5", "100", "n/a"), [".0", "%", ".0%", ""]),
        (("0.35***", "(0.05)", "-1.2", "NaN"), [")", "***", "0)***", ""]),
        (("3 kg", "12.5 kg", "不适用"), [".0", "", ""]),
        (("1st", "24.5", "3"), ["", "", ""]),
        (("[1, 2]", "[3]", "1.5"), ["", "", ""]),
        (("<0.001", "0.02", ".5"), ["", "0", "00"]),
        ((f"1.5{CALL}", "12.75"), ["0", "\u00b9"]),
        ((".", "1.5"), ["", ""]),
    ],
)
def test_numbers_of_a_right_aligned_column_are_aligned_on_their_point(cells, pads):
    assert figures(*cells) == pads


def cells_of(rows):
    body = "".join(f"<tr>{''.join(f'<td{said}>{cell}</td>' for said, cell in row)}</tr>" for row in rows)
    head = '<thead><tr><th>名</th><th colspan="2">数</th></tr></thead>'
    tree = read(f'<div xmlns="{H[1:-1]}"><table>{head}<tbody>{body}</tbody></table></div>')
    align_points(tree)
    return tree


def test_a_column_of_numbers_that_is_not_aligned_stands_to_the_right_and_the_first_does_not():
    rows = (("1", "¥1,234.5", "甲"), ("2", "N/A", "3"), ("3", "¥8", "4"))
    tree = cells_of([[("", cell) for cell in row] for row in rows])
    styles = [str(cell.get("style") or "") for cell in tree.iter(f"{H}td")]
    assert styles == ["", "text-align:right", ""] * 3
    assert [one.get("data-pad") for one in tree.iter(f"{H}span")] == [".0"]
    assert next(one for one in tree.iter(f"{H}th") if one.get("colspan")).get("style") == "text-align:center"


def test_a_column_that_its_author_has_aligned_stays():
    left = ' style="text-align: left"'
    tree = cells_of([[("", "a"), (left, "1.5"), ("", "1")], [("", "b"), (left, "2"), ("", "2")]])
    assert [cell.get("style") for cell in tree.iter(f"{H}td")][1::3] == ["text-align: left"] * 2
    assert not list(tree.iter(f"{H}span"))
