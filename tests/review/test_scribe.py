"""The scribe and its journal: what is pressed is kept before it is done, done once, and not lost by any end."""

from __future__ import annotations

import json
import threading

import pytest

from publish.errors import PublishError
from publish.review.journal import Journal, Pressed
from publish.review.scribe import Scribe


class Notes:
    """A session that notes what is done, and writes it as one."""

    def __init__(self, file):
        self.file, self.revision, self.notice, self.said = file, 0, "", []
        self.before_writing = lambda _text: None
        self.broken = ""

    def together(self):
        return self

    def __enter__(self):
        self.said.clear()

    def __exit__(self, kind, *_):
        if kind is None and self.said:
            if self.broken in self.said and self.broken:
                raise PublishError("cannot write", "Help it")
            old = self.file.read_text("utf-8") if self.file.exists() else ""
            new = old + "".join(self.said)
            self.before_writing(new)
            self.file.write_text(new, encoding="utf-8")


def say(session, body):
    if body["text"] == "fault":
        raise ZeroDivisionError
    if body["text"] == "gone":
        raise PublishError("it is gone", "Look again")
    session.said.append(body["text"])
    session.revision += 1
    return {"said": body["text"]}


def steps(tab, *texts, first=1):
    return [Pressed(tab, number, "say", {"text": text}) for number, text in enumerate(texts, first)]


@pytest.fixture
def notes(tmp_path):
    return Notes(tmp_path / "decisions.yaml")


@pytest.fixture
def scribe(notes):
    made = Scribe(lambda: notes, Journal(notes.file), {"say": say})
    yield made
    made.close(5)


def test_steps_are_done_in_order_and_each_once_however_often_it_comes(scribe, notes):
    scribe.take("t", steps("t", "甲", "乙"))
    done = scribe.take("t", steps("t", "甲", "乙", "丙"), seen=2)
    assert [(one.number, one.answer["said"]) for one in done] == [(3, "丙")]
    scribe.take("u", steps("u", "丁"))
    assert notes.file.read_text("utf-8") == "甲乙丙丁"
    assert not scribe.journal.path.exists()


def test_what_was_kept_before_the_end_is_done_by_the_next_run(notes):
    goes_on = threading.Event()
    killed = Scribe(lambda: goes_on.wait(10) and notes, Journal(notes.file), {"say": say})
    assert killed.take("t", steps("t", "甲", "乙"), patience=0) == []
    assert killed.close(0) == 2
    again = Scribe(lambda: notes, Journal(notes.file), {"say": say})
    assert [one.number for one in again.take("t", steps("t", "乙", first=2))] == [1, 2]
    assert notes.file.read_text("utf-8") == "甲乙"
    goes_on.set()


def test_what_was_written_before_the_end_is_not_done_again(notes):
    journal = Journal(notes.file)
    journal.keep(steps("t", "甲", "乙", "丙"))
    journal.about_to_write("甲乙", 2)
    assert [one.body["text"] for one in journal.left()] == ["甲", "乙", "丙"], "the end came before the writing"
    notes.file.write_text("甲乙", encoding="utf-8")
    assert [one.body["text"] for one in journal.left()] == ["丙"]


def test_a_line_that_was_broken_off_is_not_read(notes):
    journal = Journal(notes.file)
    journal.keep(steps("t", "甲"))
    with journal.path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"tab": "t", "number": 2})[:-4])
    assert [one.number for one in journal.left()] == [1]


def test_a_step_that_cannot_be_done_holds_up_no_other(scribe, notes, capsys):
    done = scribe.take("t", steps("t", "甲", "gone", "fault", "乙"))
    assert [one.problem and one.problem.problem for one in done] == [
        None,
        "it is gone",
        "a fault of publish: ZeroDivisionError()",
        None,
    ]
    assert notes.file.read_text("utf-8") == "甲乙"
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_where_the_whole_cannot_be_written_each_is_told_its_own_problem(notes):
    notes.broken = "乙"
    goes_on = threading.Event()
    scribe = Scribe(lambda: goes_on.wait(10) and notes, Journal(notes.file), {"say": say})
    scribe.take("t", steps("t", "甲", "乙", "丙"), patience=0)
    goes_on.set()
    assert [bool(one.problem) for one in scribe.take("t", [])] == [False, True, False]
    assert notes.file.read_text("utf-8") == "甲丙"
    scribe.close(5)


def test_a_journal_that_cannot_be_written_is_told_and_nothing_kept(scribe):
    scribe.journal.path.mkdir()
    with pytest.raises(PublishError, match="cannot write this file"):
        scribe.take("t", steps("t", "甲"))
    scribe.journal.path.rmdir()
    assert [one.number for one in scribe.take("t", steps("t", "甲"))] == [1]


def test_the_end_waits_for_what_an_answered_page_has_left(notes):
    goes_on = threading.Event()
    scribe = Scribe(lambda: goes_on.wait(10) and notes, Journal(notes.file), {"say": say})

    def press():
        scribe.take("t", steps("t", "甲"))
        scribe.take("t", steps("t", "乙", first=2))

    page = threading.Thread(target=press)
    page.start()
    while not scribe.waiting:
        pass
    threading.Timer(0.2, goes_on.set).start()
    assert scribe.close(5) == 0
    page.join()
    assert notes.file.read_text("utf-8") == "甲乙"
