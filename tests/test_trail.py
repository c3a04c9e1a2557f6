"""A trail: why a part is made again, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publish.cache import NONE, Cache
from publish.trail import GONE, NEW, STORED, UNKEPT, Trail, hashed

READS = {"its text": "一", "its title": "题"}


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / ".publish-cache", "this program")


def why(cache, reads, part="01", make=dict):
    """Why a part is made, or not."""
    trail = Trail(cache, "book", "zh-TW html")
    trail.taken(part, reads, make)
    return trail.close()[0].why


def test_what_changed_is_said_by_the_name_that_people_know_it_by(cache):
    assert why(cache, READS) == NEW
    assert why(cache, READS) == STORED
    assert why(cache, READS | {"its text": "二"}) == "its text changed"
    assert why(cache, {"its text": "三", "its title": "目"}) == "its text, its title changed"
    assert why(cache, READS) == STORED, "it was made so before"
    assert why(cache, READS | {"the term 软件": "軟體"}) == "the term 软件 changed", "it is said now"
    assert why(cache, READS | {str(number): number for number in range(5)}).endswith("and 3 other things changed")


def test_another_version_of_a_tool_is_a_reason_of_its_own(cache):
    why(cache, READS)
    assert why(replace(cache, program="another"), READS) == "publish, a tool or a font changed"


def test_an_entry_that_is_gone_and_a_store_that_is_not_used_are_reasons(cache):
    why(cache, READS)
    for entry in (cache.folder / "entries").rglob("*"):
        if entry.is_file():
            entry.unlink()
    assert why(cache, READS) == GONE
    assert why(NONE, READS) == UNKEPT


def test_books_that_share_a_store_do_not_speak_of_each_other(cache):
    why(cache, READS)
    other = Trail(cache, "another book", "zh-TW html")
    other.tell("01", hashed(READS), made=True)
    assert other.close()[0].why == NEW


def test_what_is_taken_is_what_was_made(cache):
    trail = Trail(cache, "book", "zh-TW html")
    made = trail.taken("01", READS, lambda: {"body": "文"})
    assert trail.taken("01", READS, dict) == made == {"body": "文"}
