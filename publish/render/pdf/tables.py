"""Tables fitted to the page: columns shared out by what is in them, smaller type, turned on a page, or divided."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import SVG, Element, H
from publish.render.tables import LONG_WORD, MATH, ROOM, SEAM, Grid, measure, read_grid

LEAST = 6.5  # points: 小六, the smallest type that Chinese books set tables in
STEP = 0.5  # points between two sizes that are tried
LEADING = 1.58  # of the size of its type, as in the style sheet
LOOSE, TIGHT = 12.0, 6.0  # points: both sides of a cell, as in the style sheet; where columns are short of room
ABOVE_AND_BELOW = 7.0  # points: what a row has beside its lines
SHORT_CELL = 8.0  # em of a cell that stays on one line
LINE = 0.5  # em: by how much a column is widened at a time
SLACK = 1.05  # of a caption's own width: what its numbers may be wider in bold
WORTH = 1.25  # as high as columns shared by what is in them: a table with widths of its own may be
HEAVY = 120  # rows of which the highest are looked at where a table has more
_FEW, _SHORT = 7, 600  # rows, and characters, of a table that no page divides
CAPTION = 3.0  # lines of a caption with its gap
_ENOUGH = 0.4  # of a page, in text: a page with less looks empty
_LINE = 1.85  # of the size of text, the distance of its lines at most
_TITLES = {f"{H}h{level}": lines for level, lines in ((1, 9.0), (2, 3.5), (3, 2.5), (4, 2.5), (5, 2.5), (6, 2.5))}
# What narrows the measure: points by which each element stands in from both sides, in em of the body.
_INDENTS = {f"{H}ul": 2.0, f"{H}ol": 2.0, f"{H}dd": 2.0, f"{H}blockquote": 4.0}
_BOX = 2.5


@dataclass(frozen=True)
class Area:
    """The type area in points, the size of its text, and the usual size of a table's."""

    width: float
    height: float
    size: float
    note: float


@dataclass(frozen=True)
class Fit:
    """How a table is set: the size of its type and both sides of a cell in points, its columns in points."""

    size: float
    padding: float
    columns: tuple[float, ...]

    def widths(self) -> list[float]:
        """What each column has for its text, in em."""
        return [(width - self.padding) / self.size for width in self.columns]


def fit_tables(tree: Element, area: Area, continued: str) -> list[str]:
    """Fit each table of a chapter to the type area; `continued` stands behind the caption of what goes on.

    The first words of those that are too wide for any page and had to be divided.
    """
    tables = list(tree.iter(f"{H}table"))
    firsts = [xhtml.first_words(table) for table in tables]
    return [words for table, words in zip(tables, firsts, strict=True) if not _fitted(table, area, continued)]


def _fitted(table: Element, area: Area, continued: str) -> bool:
    """Fit one table; whether it could be done without dividing it."""
    grid = read_grid(table)
    if grid is None:
        return True
    _keep_whole(table)
    room = _room(table, area)
    if _fits_as_it_is(grid, room, area.note):
        stated = _stated(grid)
        most = grid.most()
        widths = [share * room / area.note - LOOSE / area.note for share in stated] or most
        spare = 0.0 if stated else room / area.note - LOOSE / area.note * grid.columns - sum(most)
        _keep_short_cells(grid, widths)
        _say_rooms(grid, [width + spare for width in widths])
        if not stated:
            _give_caption_room(table, sum(grid.most()) * area.note + LOOSE * grid.columns, room, area.note)
        return True
    fit = _shared(grid, room, area.note, grid.least())
    if fit:
        _set(grid, fit, area.note)
        return True
    if _turned(grid, area, continued):
        return True
    fit = _shared(grid, room, area.note, grid.tight())
    if fit:
        _set(grid, fit, area.note)
        return True
    parts = _divided(grid, room, area.note)
    if parts:
        _divide(grid, parts, area, continued)
    else:
        _set(grid, _squeezed(grid, room), area.note)
    return False


def _keep_whole(table: Element) -> None:
    """Mark a table of few and short rows, which no page divides."""
    if sum(1 for _ in table.iter(f"{H}tr")) <= _FEW and len(xhtml.plain(table)) <= _SHORT:
        xhtml.add_class(table, "short")


def _room(table: Element, area: Area) -> float:
    """The measure where a table stands, in points."""
    inset = 0.0
    for above in table.iterancestors():
        boxed = above.tag == f"{H}div" and "admonition" in str(above.get("class") or "")
        inset += _INDENTS.get(above.tag, _BOX if boxed else 0.0)
    return max(area.width - inset * area.size, 4 * area.size)


def _fits_as_it_is(grid: Grid, room: float, size: float) -> bool:
    """Whether nothing has to be broken, or the source's own widths leave each column enough and do not waste room."""
    stated = _stated(grid)
    if not stated:
        return sum(grid.most()) * size + LOOSE * grid.columns <= room
    own = [share * room / size - LOOSE / size for share in stated]
    if any(width < need for width, need in zip(own, grid.least(), strict=True)):
        return False
    shared = _shared(grid, room, size, grid.least())
    # Pandoc takes dashes of any length for a wish; most are typed without one, three to a column.
    return shared is None or _height(grid, own) <= WORTH * _height(grid, shared.widths())


def _height(grid: Grid, widths: Sequence[float]) -> float:
    """The lines of all rows together, at widths in em."""
    return sum(_row_lines(grid, widths))


def _stated(grid: Grid) -> list[float]:
    """The shares of the measure that the source gives to the columns; empty where it does not to all."""
    shares = []
    for column in grid.table.iter(f"{H}col"):
        value = str(column.get("style") or "").replace(" ", "").removeprefix("width:").rstrip(";")
        if not value.endswith("%"):
            return []
        shares.append(float(value[:-1]) / 100)
    return shares if len(shares) == grid.columns else []


def _shared(grid: Grid, room: float, note: float, least: Sequence[float]) -> Fit | None:
    """The largest type, and the widths, at which each column has its least; None where none does."""
    for size in _sizes(note):
        for padding in (LOOSE, TIGHT):
            free = (room - padding * grid.columns) / size
            if sum(least) <= free:
                widths = _widened(grid, least, free)
                return Fit(size, padding, tuple(width * size + padding for width in widths))
    return None


def _sizes(note: float) -> Iterator[float]:
    size = note
    while size > LEAST:
        yield size
        size -= STEP
    yield min(LEAST, note)


def _widened(grid: Grid, least: Sequence[float], free: float) -> list[float]:
    """Widths from the least on: short columns whole, then ever wider where most rows have their highest cell."""
    widths, most = list(least), grid.most()
    cells = sorted(grid.cells, key=lambda one: one.area, reverse=True)
    heavy = {one.row for one in cells[: HEAVY * grid.columns]}
    left = free - sum(widths)
    for at in sorted(range(grid.columns), key=lambda one: most[one]):
        lacking = most[at] - widths[at]
        if most[at] <= SHORT_CELL and lacking <= left / 2:
            widths[at] += lacking
            left -= lacking
    while left > 0:
        scores = _scores(grid, widths, heavy)
        open_to = [at for at in range(grid.columns) if widths[at] < most[at]]
        if not open_to:
            break
        at = max(open_to, key=lambda one: (scores[one], most[one] / max(widths[one], 1.0)))
        step = min(LINE, left, most[at] - widths[at])
        widths[at] += max(step, 0.01)
        left -= max(step, 0.01)
    return widths


def _scores(grid: Grid, widths: Sequence[float], heavy: set[int]) -> list[float]:
    """How many lines each column makes rows higher by, together."""
    starts = list(accumulate(widths, initial=0.0))
    heights: dict[int, list[tuple[int, int, int]]] = {}
    for one in grid.cells:
        if one.row in heavy and one.rows == 1:
            lines = one.height(starts[one.column + one.columns] - starts[one.column])
            heights.setdefault(one.row, []).append((lines, one.column, one.columns))
    scores = [0.0] * grid.columns
    for row in heights.values():
        highest = max(lines for lines, _, _ in row)
        for lines, column, columns in row:
            if lines == highest > 1:
                for at in range(column, column + columns):
                    scores[at] += lines / columns
    return scores


def _squeezed(grid: Grid, room: float) -> Fit:
    """The least type with the columns in proportion to what they need: words break where they must."""
    tight = [max(need, 1.0) for need in grid.tight()]
    free = max(room - TIGHT * grid.columns, room / 2)
    padding = (room - free) / grid.columns
    return Fit(LEAST, padding, tuple(need / sum(tight) * free + padding for need in tight))


def _set(grid: Grid, fit: Fit, note: float) -> None:
    """Write a fit into the table: its columns, its type, what stays on one line."""
    table = grid.table
    for old in [child for child in table if child.tag in (f"{H}colgroup", f"{H}col")]:
        table.remove(old)
    group = table.makeelement(f"{H}colgroup")
    for width in fit.columns:
        group.append(table.makeelement(f"{H}col", {"style": f"width:{width:.2f}pt"}))
    table.insert(1 if len(table) and table[0].tag == f"{H}caption" else 0, group)
    style = f"table-layout:fixed;width:{sum(fit.columns):.2f}pt"
    if fit.size < note:
        style += f";font-size:{fit.size}pt;line-height:{fit.size * LEADING:.2f}pt"
    table.set("style", style)
    if fit.padding < LOOSE:
        xhtml.add_class(table, "tight")
    widths = [width + 0.05 for width in fit.widths()]
    _keep_short_cells(grid, widths)
    _say_rooms(grid, widths)
    for one in grid.cells:
        if one.columns == 1 and "whole" not in str(one.element.get("class") or ""):
            _open_seams(one.element, widths[one.column])


def _open_seams(cell: Element, room: float) -> None:
    """Let words that are too long for their column break where they are joined: at a hyphen, before a capital."""

    def opened(text: str | None) -> list[str]:
        words = re.split(r"(\s)", text or "")
        parted = (SEAM.sub("\0", word) if measure(word) > min(room, LONG_WORD) else word for word in words)
        return "".join(parted).split("\0")

    for element in list(cell.iter(f"{H}*")):
        first, *more = opened(element.text)
        element.text = first or None  # `<br></br>` would be two breaks
        for piece in reversed(more):
            element.insert(0, xhtml.seam(element, piece))
        for child in [one for one in element if isinstance(one.tag, str) and one.tail and one.tag != f"{H}wbr"]:
            first, *more = opened(child.tail)
            child.tail = first
            for piece in reversed(more):
                element.insert(element.index(child) + 1, xhtml.seam(element, piece))


def _give_caption_room(table: Element, width: float, room: float, size: float) -> None:
    """Let the caption of a narrow table stand out on both sides, as far as the measure goes."""
    caption = table.find(f"{H}caption")
    wanted = min(measure(xhtml.plain(caption)) * size * SLACK, room) if caption is not None else 0.0
    if caption is not None and wanted > width:
        out = (wanted - width) / 2
        caption.set("style", f"margin-left:-{out:.2f}pt;margin-right:-{out:.2f}pt")


def _keep_short_cells(grid: Grid, widths: Sequence[float]) -> None:
    """Keep what is short on one line where its column is wide enough for it."""
    starts = list(accumulate(widths, initial=0.0))
    for one in grid.cells:
        room = starts[one.column + one.columns] - starts[one.column]
        if one.most <= min(room, SHORT_CELL) and len(one.lines) <= 1:
            xhtml.add_class(one.element, "whole")


def _say_rooms(grid: Grid, widths: Sequence[float]) -> None:
    """Tell each formula how wide its column is, in em of the table's type."""
    starts = list(accumulate(widths, initial=0.0))
    for one in grid.cells:
        for math in one.element.iter(MATH):
            math.set(ROOM, f"{starts[one.column + one.columns] - starts[one.column]:.2f}")


# --- turned on a page of its own --------------------------------------------------------------------------------------


def _turned(grid: Grid, area: Area, continued: str) -> bool:
    """Turn a table that stands free in the text, its rows on as many pages as they need; whether it could be done."""
    table = grid.table
    if area.height <= area.width * 1.1 or not _stands_free(table) or _holds_more_than_text(table):
        return False
    length = area.height - 2
    with_title = length - _titles_above(table, area)
    fit = _shared(grid, with_title, area.note, grid.least()) if with_title > length / 2 else None
    if fit is not None:
        length = with_title
    else:
        fit = _shared(grid, length, area.note, grid.least())
    if fit is None:
        return False
    notes = _notes_below(table)
    below = _notes_height(notes, length, area)
    room = area.width - CAPTION * area.note * LEADING
    runs = _runs(grid, fit, room, below)
    if not runs:
        return False
    _set(grid, fit, area.note)
    pages = [_part(grid, run, continued if run[0] > grid.head else "") for run in runs]
    spare = room - below - sum(_row_heights(grid, fit)) if len(pages) == 1 else 0.0
    for page in pages:
        own = notes if page is pages[-1] else None
        table.addprevious(_page(page, area, length, max(spare / 2, 0.0), own))
    xhtml.remove(table)
    return True


def _notes_below(table: Element) -> Element | None:
    """The notes that belong to a table and can lie on their side with it."""
    after = table.getnext()
    if after is None or after.tag != f"{H}div" or after.get("class") != "table-notes":
        return None
    return None if _holds_more_than_text(after) else after


def _notes_height(notes: Element | None, length: float, area: Area) -> float:
    """The height in points that notes take below a table, with the gap before them."""
    if notes is None:
        return 0.0
    lines = sum(ceil(measure(xhtml.plain(one)) * area.note / length) for one in notes)
    return (lines + 1) * area.note * LEADING


def _titles_above(table: Element, area: Area) -> float:
    """The height of the headings whose page would be left almost empty, for too little text follows to fill it."""
    lines, before = 0.0, table.getprevious()
    while before is not None and before.tag in _TITLES:
        lines += _TITLES[before.tag]
        before = before.getprevious()
    height = lines * area.size * _LINE
    return height if _text_behind(table, area) < _ENOUGH * (area.height - height) else 0.0


def _text_behind(table: Element, area: Area) -> float:
    """The height of the paragraphs behind a table, which go on before it where it is turned (`weasy.figures`)."""
    lines, after = 0, table.getnext()
    while after is not None and (after.tag == f"{H}p" or after.get("class") == "table-notes"):
        lines += ceil(measure(xhtml.plain(after)) * area.size / area.width) if after.tag == f"{H}p" else 0
        after = after.getnext()
    return lines * area.size * _LINE


def _stands_free(table: Element) -> bool:
    return all(above.tag in (f"{H}div", f"{H}section") and not above.get("class") for above in table.iterancestors())


def _holds_more_than_text(table: Element) -> bool:
    """Whether a table has what lines alone do not measure, or notes, which stand at the foot of an upright page."""
    parts = (f"{H}img", f"{{{SVG}}}svg", f"{H}pre")
    return bool(xhtml.note_calls(table)) or next(table.iter(*parts), None) is not None


def _runs(grid: Grid, fit: Fit, room: float, below: float) -> list[list[int]]:
    """The body's rows in runs that fit a turned page; empty where a row or those that belong together are too high.

    `below` are the points that the last run leaves for notes: what does not fit above them goes to one more page.
    """
    heights = _row_heights(grid, fit)
    body = range(grid.head, len(grid.rows) - grid.foot)
    room -= sum(heights[: grid.head]) + sum(heights[len(grid.rows) - grid.foot :])
    runs: list[list[int]] = []
    high = room + 1
    for group in _groups(grid, body):
        own = sum(heights[row] for row in group)
        if own > room:
            return []
        if high + own > room:
            runs.append([])
            high = 0.0
        runs[-1] += group
        high += own
    groups = list(_groups(grid, body))
    if below > room / 2 or not groups:
        return []
    if high + below > room and len(groups) > 1:
        last = groups[-1]
        runs[-1] = [row for row in runs[-1] if row not in last]
        runs = [*(run for run in runs if run), last]
    return runs


def _groups(grid: Grid, rows: range) -> Iterator[list[int]]:
    """Rows by themselves, or together where a cell spans them."""
    joined = {at for one in grid.cells for at in range(one.row + 1, one.row + one.rows)}
    group: list[int] = []
    for row in rows:
        if group and row not in joined:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _row_heights(grid: Grid, fit: Fit) -> list[float]:
    """The height of each row in points, rather too much than too little."""
    return [count * fit.size * LEADING + ABOVE_AND_BELOW for count in _row_lines(grid, fit.widths())]


def _row_lines(grid: Grid, widths: Sequence[float]) -> list[float]:
    """How many lines each row has, at widths in em."""
    starts = list(accumulate(widths, initial=0.0))
    high = [1.0] * len(grid.rows)
    for one in grid.cells:
        lines = one.height(starts[one.column + one.columns] - starts[one.column]) + one.rise / LEADING
        for row in range(one.row, one.row + one.rows):
            high[row] = max(high[row], lines / one.rows)
    return high


def _page(table: Element, area: Area, length: float, above: float, notes: Element | None) -> Element:
    """A page's worth of table, lying on its side, its head to the left as on all turned pages; notes below the last."""
    page = table.makeelement(f"{H}div", {"class": "turned", "style": f"height:{length:.2f}pt"})
    turn = f"width:{length:.2f}pt;height:{area.width - above:.2f}pt;padding-top:{above:.2f}pt"
    inner = table.makeelement(f"{H}div", {"style": f"{turn};transform:translate(0,{length:.2f}pt) rotate(-90deg)"})
    inner.append(table)
    if notes is not None:
        # No lines follow with which they would fall in.
        notes.set("style", f"margin:0;margin-top:{ABOVE_AND_BELOW:.2f}pt")
        inner.append(notes)
    page.append(inner)
    return page


def _part(grid: Grid, rows: Sequence[int], continued: str) -> Element:
    """A copy of a table with some rows of its body; what goes on has no ids, and says so in its caption."""
    wanted = {grid.rows[row] for row in rows} | set(grid.rows[: grid.head])
    wanted |= set(grid.rows[len(grid.rows) - grid.foot :]) if rows[-1] + 1 == len(grid.rows) - grid.foot else set()
    made = _copy(grid.table)
    for own, copied in zip(grid.rows, made.rows, strict=True):
        if own not in wanted:
            xhtml.remove(copied)
    return _continued(made.table, continued) if continued else made.table


def _continued(table: Element, words: str) -> Element:
    """A table that goes on: its caption says so, and what was said before loses its ids."""
    table.attrib.pop("id", "")
    caption = table.find(f"{H}caption")
    for part in (caption, table.find(f"{H}thead")):
        for element in part.iter(f"{H}*") if part is not None else ():
            element.attrib.pop("id", "")
    if caption is not None:
        last = caption[-1] if len(caption) and xhtml.local(caption[-1]) == "p" else caption
        mark = last.makeelement(f"{H}span", {"class": "continued"})
        mark.text = words
        last.append(mark)
    return table


# --- divided ----------------------------------------------------------------------------------------------------------


def _divided(grid: Grid, room: float, note: float) -> list[list[int]]:
    """The columns in runs, each with the first column before it, that fit at the least size; empty where none do."""
    size, padding = min(LEAST + 1, note), TIGHT
    widths = [need * size + padding for need in grid.least()]
    joined = [one for one in grid.cells if one.columns < grid.columns]  # a row of one cell stands in every part
    spanning = {at for one in joined for at in range(one.column + 1, one.column + one.columns)}
    if grid.columns < 3 or any(width > room - widths[0] for width in widths[1:]) or 1 in spanning:  # noqa: PLR2004  # a head column and two
        return []
    free = room - widths[0]
    groups = list[list[int]]()
    for group in _groups_of(range(1, grid.columns), spanning):
        # Columns under one head stay together where they can.
        fits = sum(widths[at] for at in group) <= free
        groups += [group] if fits else [[at] for at in group]
    needs = [sum(widths[at] for at in group) for group in groups]
    runs = _run_on(groups, needs, free)
    return [[0, *run] for run in _evened(groups, needs, free, len(runs)) or runs]


def _evened(groups: Sequence[Sequence[int]], needs: Sequence[float], free: float, count: int) -> list[list[int]]:
    """Groups of columns in so many runs about as wide as one another; empty where one would be too wide."""
    runs: list[list[int]] = [[] for _ in range(count)]
    wide = [0.0] * count
    for group, own, end in zip(groups, needs, accumulate(needs), strict=True):
        at = min(int((end - own / 2) / sum(needs) * count), count - 1)
        runs[at] += group
        wide[at] += own
    return runs if all(runs) and max(wide) <= free else []


def _run_on(groups: Sequence[Sequence[int]], needs: Sequence[float], free: float) -> list[list[int]]:
    """Groups of columns in runs that are at most `free` points wide."""
    runs: list[list[int]] = [[]]
    wide = 0.0
    for group, own in zip(groups, needs, strict=True):
        if runs[-1] and wide + own > free:
            runs.append([])
            wide = 0.0
        runs[-1] += group
        wide += own
    return runs


def _groups_of(columns: range, spanning: set[int]) -> Iterator[list[int]]:
    group: list[int] = []
    for at in columns:
        if group and at not in spanning:
            yield group
            group = []
        group.append(at)
    yield group


def _divide(grid: Grid, runs: Sequence[Sequence[int]], area: Area, continued: str) -> None:
    """Set one table under the other, each with some of the columns, all in the same type."""
    room = _room(grid.table, area)
    parts = [_columns(grid, run, continued if number else "") for number, run in enumerate(runs)]
    for part in parts:
        grid.table.addprevious(part)
    grids = [one for one in map(read_grid, parts) if one]
    sizes = [fit.size if fit else LEAST for fit in (_shared(one, room, area.note, one.least()) for one in grids)]
    for one in grids:
        _set(one, _shared(one, room, min(sizes), one.least()) or _squeezed(one, room), area.note)
    xhtml.remove(grid.table)


def _columns(grid: Grid, run: Sequence[int], continued: str) -> Element:
    """A copy of a table with some of its columns."""
    made = _copy(grid.table)
    for old in [child for child in made.table if child.tag in (f"{H}colgroup", f"{H}col")]:
        made.table.remove(old)
    for one in made.cells:
        kept = len(set(range(one.column, one.column + one.columns)) & set(run))
        if not kept:
            xhtml.remove(one.element)
            continue
        if kept < one.columns:
            one.element.set("colspan", str(kept))
        if continued and one.column < run[1]:  # in the first column, or begun in a part before
            _repeated(one.element)
    return _continued(made.table, continued) if continued else made.table


def _copy(table: Element) -> Grid:
    """The grid of a table's copy."""
    made = copy.deepcopy(table)
    made.tail = None
    grid = read_grid(made)
    assert grid is not None  # noqa: S101  # it is a copy of one that has a grid
    return grid


def _repeated(cell: Element) -> None:
    """A cell that was said before: no ids, and no notes a second time."""
    for call in xhtml.note_calls(cell):
        xhtml.remove(call)
    for element in cell.iter(f"{H}*"):
        element.attrib.pop("id", "")
