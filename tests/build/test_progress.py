"""What a build tells while it goes on: counts that add up, and an estimate of the rest that comes down to nothing."""

from __future__ import annotations

import time

import pytest

from publish.build import workers
from publish.build.progress import Tally
from publish.build.targets import choose_targets
from publish.pipeline import Request, build
from publish.source.project import read_project
from publish.steps import Key
from tests.tiny import write_book


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "book")


def test_each_step_is_told_once_and_counted_up_to_the_total(book, tmp_path):
    told = []
    build(Request(book, tmp_path / "out", ("zh-CN", "zh-TW"), ("html", "epub"), 1), told.append)
    assert [one.done for one in told] == list(range(1, 8))
    assert {one.total for one in told} == {7}
    assert told[0].step == "read"
    assert {one.step for one in told[1:]} == {
        f"{edition} {step}" for edition in ("zh-CN", "zh-TW") for step in ("convert", "html", "epub")
    }
    assert told[-1].left == 0


def test_the_parts_of_a_long_step_are_counted_and_share_its_weight(book, tmp_path):
    project = read_project(book)
    targets = choose_targets(project, Request(book, tmp_path, ("zh-CN",), ("pdf",)))
    told = []
    tally = Tally(told.append, targets, time.monotonic() - 10)
    tally.finished("read", 1)
    tally.finished("zh-CN convert", 1)
    tally.planned(Key("zh-CN", "pdf"), 4)
    for part in ("0", "1", "front", "join"):
        tally.part(Key("zh-CN", "pdf", part), 1)
    tally.finished("zh-CN pdf", 4)
    assert [(one.done, one.total, one.part) for one in told] == [
        (1, 3, False),
        (2, 3, False),
        (3, 7, True),
        (4, 7, True),
        (5, 7, True),
        (6, 7, True),
        (7, 7, False),
    ]
    left = [one.left for one in told]
    assert left == sorted(left, reverse=True)
    assert left[-1] == left[-2] == 0


def test_what_is_told_may_give_the_build_up_and_nothing_is_written(book, tmp_path):
    def stop(_event):
        raise KeyError

    with pytest.raises(KeyError):
        build(Request(book, tmp_path / "out", ("zh-CN",), ("html",), 1), stop)
    assert not (tmp_path / "out").exists()


def test_the_beat_goes_on_while_workers_work_and_may_end_them(book, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "BEAT", 0.001)  # a fast machine has all done within a beat
    beats = []

    def beat():
        beats.append(1)
        if len(beats) > 1:
            raise KeyError

    with pytest.raises(KeyError):
        build(Request(book, tmp_path / "out", ("zh-CN",), ("html",), 2), lambda _: None, beat)
    assert not (tmp_path / "out").exists()
