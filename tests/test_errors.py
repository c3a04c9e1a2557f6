"""Errors: a place, a problem, a remedy, on one line; and findings as people and programs read them."""

from __future__ import annotations

import pickle

import pytest

from publish.errors import Faults, GatheredError, MissingToolError, Place, PublishError, UsageError
from publish.findings import Finding, as_lines


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("03.md", 41), "03.md:41: no map. Add it."),
        (Place("book.yaml", 3, "page.size"), "book.yaml:3: page.size: no map. Add it."),
        (Place("book.yaml"), "book.yaml: no map. Add it."),
        (None, "no map. Add it."),
    ],
)
def test_an_error_says_place_problem_and_remedy(place, text):
    assert str(PublishError("no map", "Add it", place)) == text
    assert str(PublishError("no map.", "Add it.", place)) == text, "one full stop"


@pytest.mark.parametrize(("kind", "code"), [(PublishError, 1), (UsageError, 2), (MissingToolError, 2)])
def test_an_error_crosses_from_a_worker_as_it_is(kind, code):
    error = pickle.loads(pickle.dumps(kind("no map", "Add it", Place("03.md", 41))))
    assert type(error) is kind
    assert error.exit_code == code
    assert str(error) == "03.md:41: no map. Add it."


def finding(url="https://a.example/x.png", line=1):
    problem = f'image "{url}" is on another host and not in the book'
    return Finding("img-remote", "warning", Place("a.md", line), problem, "Save it into the book")


def test_a_finding_reads_as_one_line_and_as_data():
    one = finding()
    assert str(one) == (
        'a.md:1: image "https://a.example/x.png" is on another host and not in the book. '
        "Save it into the book. [img-remote]"
    )
    assert one.as_dict()["line"] == 1
    assert str(Finding("pandoc", "note", Place(""), "something.")) == "something. [pandoc]"


def test_one_remote_image_is_one_line_and_several_are_a_list():
    assert as_lines([finding()]) == [f"warning: {finding()}"]
    other = Finding("pandoc", "warning", Place(""), "something")
    lines = as_lines([finding(), other, finding("https://b.example/y.png", 7)])
    assert lines == [
        (
            "warning: 2 images are on other hosts and are not in the book; each is set as a caption with its link. "
            "Save it into the book. [img-remote]"
        ),
        "    a.md:1  https://a.example/x.png",
        "    a.md:7  https://b.example/y.png",
        "warning: something. [pandoc]",
    ]
    assert as_lines([]) == []


def test_one_problem_in_several_places_is_said_once_with_a_list():
    found = [
        Finding("quote-unmatched", "warning", Place("a.md", line), "it has no partner", "Mend it")
        for line in range(1, 51)
    ]
    lines = as_lines([*found, finding()])
    assert lines[:2] == ["warning: it has no partner, in 50 places. Mend it. [quote-unmatched]", "    a.md:1"]
    assert lines[40:] == ["    a.md:40", "    … and 10 more", f"warning: {finding()}"]


def test_failures_that_were_kept_are_told_together_each_once_in_the_order_of_their_places():
    faults = Faults()
    faults.tell()  # nothing
    for error in (PublishError("b", "x", Place("b.md", 9)), PublishError("b", "x", Place("b.md", 9)), UsageError("a")):
        with faults.kept():
            raise error
    with pytest.raises(GatheredError) as caught:
        faults.tell([finding()])
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value) == "a.\nb.md:9: b. x."
    assert (again.exit_code, again.findings, len(again.all)) == (2, (finding(),), 2)


def test_what_fails_is_kept_and_something_else_taken():
    faults = Faults()
    assert faults.tried(int, 0, "7") == 7
    assert not faults

    def fails():
        raise PublishError("b", "x")

    assert faults.tried(fails, "else") == "else"
    assert faults


def test_a_single_failure_is_raised_as_itself():
    faults = Faults()
    faults.add(UsageError("a"))
    with pytest.raises(UsageError):
        faults.tell()


@pytest.mark.parametrize(("remedy", "end"), [("Add it", "Add it."), ("Add it.", "Add it."), ("Did you mean x?", "x?")])
def test_a_message_ends_with_one_mark(remedy, end):
    assert str(PublishError("no such file", remedy)).endswith(end)
    assert str(Finding("c", "note", Place("a.md"), "a problem", remedy)) == f"a.md: a problem. {remedy.rstrip('.')}" + (
        " [c]" if remedy.endswith("?") else ". [c]"
    )
