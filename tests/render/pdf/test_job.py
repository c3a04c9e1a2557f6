"""Which pages the parts of a book have: counted where they are laid out, else guessed from their text."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from publish.render import RenderContext
from publish.render.pdf.job import LENGTHS, Job, Numbers, held_name, measured, settled_name
from publish.weasy.records import PageRecord, as_json
from tests.render.pdf.test_join import publication


@pytest.fixture
def job(tmp_path):
    """A book in four parts: a second and a last of a known length, two that say numbers of pages."""
    made = Job(publication(tmp_path, "theme: book\n"), RenderContext(tmp_path / "out"), (), (), {}, sides=2)
    made.folder.mkdir(parents=True)
    texts = [
        f'<p id="zero">{"字" * 550}</p><p id="zero-end">字</p>',
        "字" * 1000,
        f'<p>{"word " * 250}<a id="two"></a></p>',
        "字" * 1000,
    ]
    made.say(LENGTHS, [measured(f"<body>{text}</body>", asks=number in (0, 2)) for number, text in enumerate(texts)])
    laid(made, 1, 4, {2: "one"})
    laid(made, 3, 4, {0: "three"})
    return made


def laid(job, name, count, anchors):
    pages = tuple(PageRecord((), 1.0, (), {}, (anchors[page],) if page in anchors else ()) for page in range(count))
    (job.folder / f"{name}.part").write_text(json.dumps({"pages": as_json(pages), "told": as_json({})}))


def test_parts_that_are_not_laid_out_are_as_long_as_others_for_their_text(job):
    numbers = job.numbers(4, (1, 3))
    assert numbers.starts == (1, 3, 7, 9, 13), "550 characters, and 625 in Latin letters half as wide, at 250 a page"
    assert numbers.of == {"zero": 1, "zero-end": 2, "one": 5, "two": 8, "three": 9}


def test_a_part_has_both_sides_of_its_sheets_where_chapters_begin_on_right_pages(job):
    assert [end - start for start, end in pairwise(job.numbers(4, (1, 3)).starts)] == [2, 4, 2, 4]
    assert [end - start for start, end in pairwise(replace(job, sides=1).numbers(4, (1, 3)).starts)] == [2, 4, 2, 4]
    laid(job, 1, 5, {})
    assert [end - start for start, end in pairwise(replace(job, sides=1).numbers(4, (1, 3)).starts)] == [2, 5, 3, 4]


def test_what_was_laid_out_again_is_not_read_by_what_is_laid_out_beside_it(job):
    laid(job, settled_name(0), 2, {})
    laid(job, settled_name(2), 2, {1: "two"})
    laid(job, held_name(2), 4, {3: "two"})
    assert job.numbers(4, held=False).of["two"] == 8
    assert job.numbers(4).of["two"] == 10
    assert job.numbers(4).starts[-1] == job.numbers(4, held=False).starts[-1] + 2


def test_the_pages_of_a_part_move_those_behind_it():
    numbers = Numbers({"before": 1, "own": 4, "gone": 5, "behind": 7}, (1, 3, 6, 9), {"own": 1, "gone": 1})
    pages = [PageRecord((), 1.0, (), {}, anchors) for anchors in ((), ("own", "new"), (), (), ("new",))]
    moved = numbers.once_laid(1, pages)
    assert moved.of == {"before": 1, "own": 4, "new": 4, "behind": 9}
    assert moved.starts == (1, 3, 8, 11)


def test_a_part_is_sure_of_what_is_in_itself_or_laid_out():
    numbers = Numbers({"own": 4, "other": 7, "laid": 1}, (1, 3, 6, 9), {"own": 1, "other": 2})
    assert numbers.sure(1, ["own", "laid"])
    assert not numbers.sure(1, ["own", "other"])


@pytest.mark.parametrize(("asked", "reach"), [("before", (None, None)), ("own", (3, 3)), ("behind", (None, 3))])
def test_a_part_depends_on_where_it_begins_only_if_it_asks_for_pages_of_its_own_or_behind(asked, reach):
    assert Numbers({"before": 1, "own": 4, "behind": 7}, (1, 3, 6, 9), {}).reach(1, [asked]) == reach
