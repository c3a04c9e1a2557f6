"""The schedule: what waits, what is planned on the way, what is heard of each step, with one process and with two."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from publish.build.schedule import run
from publish.build.workers import Workers
from publish.errors import Place, PublishError
from publish.findings import Finding
from publish.source import pandoc
from publish.steps import Key, Plan, first, then


@dataclass(frozen=True)
class Page:
    """A result that tells of a finding, as publications and renderings do."""

    text: str
    findings: tuple[Finding, ...] = ()


def write(text):
    return Page(text, (Finding("a-code", "note", Place("a.md", 1), f"about {text}"),))


def part(number):
    pandoc.starts.count += 1  # as if pandoc had been started
    return Page(str(number), (Finding("part", "note", Place("a.md", number), "a part"),))


def join(before):
    return Page("+".join(page.text for page in before))


def share_out(count, _before):
    parts = [first(Key("zh-TW", "pdf", str(one)), part, one) for one in range(count)]
    return Plan(tuple(parts), then(Key("zh-TW", "pdf", "join"), join, after=parts))


def refuse(_before):
    raise PublishError("no ink", "Buy some")


@pytest.fixture(params=[1, 2])
def workers(request):
    with Workers(request.param) as made:
        yield made


def steps():
    derived = first(Key("zh-TW", "convert"), write, "text")
    shared = then(Key("zh-TW", "pdf"), share_out, 3, after=[derived])
    return derived, shared, then(Key("zh-TW", "html"), join, after=[derived])


def test_every_step_has_its_result_and_is_heard_of_once(workers):
    heard = []
    derived, shared, whole = steps()
    outcomes = run([derived, shared, whole], workers, lambda key, _: heard.append(str(key)))
    assert outcomes.result(derived).text == outcomes.result(whole).text == "text"
    assert outcomes.result(shared).text == "0+1+2"
    assert heard[0] == "zh-TW convert"
    assert sorted(heard[1:]) == ["zh-TW html", "zh-TW pdf"], "the parts of a plan are its own affair"


def test_the_order_in_which_steps_are_named_does_not_matter(workers):
    derived, shared, whole = steps()
    outcomes = run([whole, shared, derived], workers, lambda *_: None)
    assert (outcomes.result(whole).text, outcomes.result(shared).text) == ("text", "0+1+2")


def test_a_plan_tells_the_findings_and_the_starts_of_all_its_steps(workers):
    derived, shared, _ = steps()
    outcomes = run([derived, shared], workers, lambda *_: None)
    whole = outcomes.by_key[shared.key]
    assert sorted(one.code for one in whole.findings) == ["part"] * 3
    assert whole.starts == outcomes.starts == 3
    assert [one.code for one in outcomes.by_key[derived.key].findings] == ["a-code"]


def test_an_error_in_a_step_stops_the_rest(workers):
    derived, shared, _ = steps()
    with pytest.raises(PublishError, match="no ink"):
        run([derived, then(Key("zh-TW", "epub"), refuse, after=[derived]), shared], workers, lambda *_: None)


def test_whoever_hears_of_a_step_may_stop_the_rest(workers):
    heard = []

    def stop(key, _outcome):
        heard.append(key)
        raise PublishError("enough", "Stop")

    with pytest.raises(PublishError, match="enough"):
        run(steps(), workers, stop)
    assert heard == [Key("zh-TW", "convert")]


def failing(*_):
    raise AssertionError("it was done before")


def nothing_failed(_count, before):
    return before == [None]


def test_what_an_earlier_build_has_done_is_not_handed_out_and_has_no_result():
    done = first(Key("zh-TW", "pdf", "0"), failing, 1, already=lambda count: count == 1)
    behind = then(Key("zh-TW", "pdf", "front"), failing, 1, after=[done], already=nothing_failed)
    last = then(Key("zh-TW", "pdf"), len, after=[done, behind])
    with Workers(2, little=True) as workers:
        outcomes = run([first(Key("zh-TW", "convert"), write, "text"), last, behind, done], workers, lambda *_: None)
    assert outcomes.result(last) == 2
    assert outcomes.result(done) is None


def test_what_is_not_done_is_handed_out():
    asked = []
    step = first(Key("zh-TW", "pdf", "0"), write, "text", already=lambda text: bool(asked.append(text)))
    with Workers(2, little=True) as workers:
        outcomes = run([first(Key("zh-TW", "convert"), write, ""), step], workers, lambda *_: None)
    assert outcomes.result(step).text == "text"
    assert asked == ["text"]
