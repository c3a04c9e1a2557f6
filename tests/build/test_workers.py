"""Workers: at most so many at once, errors that keep their form, and nobody left behind."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from publish.build.workers import FEW, Workers
from publish.errors import Place, PublishError


def square(number):
    return number * number


def process_id():
    return os.getpid()


def sleep_long():
    time.sleep(60)


def start_a_child_and_sleep(file):
    child = os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "60")
    file.write_text(f"{os.getpid()} {child}")
    time.sleep(60)


def refuse():
    raise PublishError("no ink", "Buy some", Place("book.yaml", 3, "ink"))


def have_a_bug():
    return {}["nothing"]


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def fill_memory():
    raise MemoryError


def fill_disk():
    raise OSError(28, "No space left on device")


def nest():
    return nest()


def alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(processes, seconds=5.0):
    """Whether all processes end within some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(map(alive, processes)):
        time.sleep(0.02)
    return not any(map(alive, processes))


@pytest.fixture(params=[1, 2])
def workers(request):
    with Workers(request.param) as made:
        yield made


def test_every_task_gives_its_result(workers):
    for number in range(5):
        workers.submit(str(number), square, number)
    assert sorted(workers.results()) == [(str(number), number * number) for number in range(5)]


def test_tasks_may_be_added_while_results_are_read(workers):
    workers.submit("1", square, 1)
    seen = []
    for name, result in workers.results():
        seen.append(name)
        if len(seen) < 3:
            workers.submit(str(int(name) + 1), square, result)
    assert seen == ["1", "2", "3"]


def test_lower_priority_goes_first():
    with Workers(1) as workers:
        for name, priority in (("c", 2), ("a", 0), ("d", 2), ("b", 1)):
            workers.submit(name, square, 1, priority=priority)
        assert [name for name, _ in workers.results()] == ["a", "b", "c", "d"]


def test_one_job_runs_here_and_two_run_elsewhere():
    for jobs, here in ((1, True), (2, False)):
        with Workers(jobs) as workers:
            workers.submit("who", process_id)
            [(_, process)] = workers.results()
        assert (process == os.getpid()) is here


def test_where_there_is_little_to_do_few_tasks_run_here_and_many_elsewhere():
    with Workers(2, little=True) as workers:
        for name in range(FEW - 1):
            workers.submit(name, process_id)
        assert {process for _, process in workers.results()} == {os.getpid()}
        for name in range(FEW):
            workers.submit(name, process_id)
        assert os.getpid() not in {process for _, process in workers.results()}
        workers.submit("last", process_id)
        assert [process == os.getpid() for _, process in workers.results()] == [False]


def test_an_expected_failure_keeps_its_place_and_remedy(workers):
    workers.submit("ink", refuse)
    with pytest.raises(PublishError) as caught:
        list(workers.results())
    assert (caught.value.problem, caught.value.remedy, caught.value.place) == (
        "no ink",
        "Buy some",
        Place("book.yaml", 3, "ink"),
    )


def test_a_bug_shows_the_workers_traceback():
    with Workers(2) as workers:
        workers.submit("bug", have_a_bug)
        with pytest.raises(RuntimeError, match=r"(?s)bug failed:.*have_a_bug.*KeyError: 'nothing'"):
            list(workers.results())


def test_a_worker_that_was_killed_is_an_error_and_not_a_wait_for_ever():
    with Workers(2) as workers:
        workers.submit("zh-TW pdf", die)
        with pytest.raises(PublishError, match=r"zh-TW pdf: the worker was ended \(exit code -9\)"):
            list(workers.results())


@pytest.mark.parametrize(
    ("function", "words"),
    [(fill_memory, r"not enough memory.*--jobs 1"), (fill_disk, r"cannot write.*No space left.*disk's space")],
)
def test_a_full_machine_is_an_error_with_a_remedy(function, words):
    with Workers(2) as workers:
        workers.submit("full", function)
        with pytest.raises(PublishError, match=words):
            list(workers.results())


def test_endless_nesting_is_an_error_of_the_text():
    with Workers(2) as workers:
        workers.submit("deep", nest)
        with pytest.raises(PublishError, match="nests too deeply"):
            list(workers.results())


def test_the_first_failure_ends_the_others():
    with Workers(2) as workers:
        workers.submit("long", sleep_long)
        workers.submit("ink", refuse)
        with pytest.raises(PublishError, match="no ink"):
            list(workers.results())
        assert len(workers._running) == 1
    assert workers._running == {}


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="reads /proc")
def test_leaving_ends_workers_and_what_they_started(tmp_path):
    file = tmp_path / "ids"
    with suppress(KeyboardInterrupt), Workers(2) as workers:
        workers.submit("long", start_a_child_and_sleep, file)
        workers.submit("short", square, 3)
        for _ in workers.results():
            while not file.is_file() or not file.read_text():
                time.sleep(0.02)
            raise KeyboardInterrupt
    assert gone([int(one) for one in file.read_text().split()])
