"""A library's books are built each by itself; what came of each stands in the ledger."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from publish.errors import MissingToolError, PublishError, UsageError
from publish.library import executors
from publish.library.executors import Here, Processes
from publish.library.ledger import LibraryLedger
from publish.library.run import LibraryWish, build_library, wanted
from publish.library.work import Done, Work, build_book


def make_library(folder: Path, names=("a", "b", "c")) -> Path:
    """A catalog of small books in HTML; one whose name is "broken" can't be built."""
    for name in names:
        (folder / "books" / name).mkdir(parents=True)
        key = "titel" if name == "broken" else "title"
        settings = f"{key}: 书{name}\nslug: {name}\neditions: [zh-CN]\nformats: [html]\n"
        (folder / "books" / name / "book.yaml").write_text(settings, encoding="utf-8")
        (folder / "books" / name / "01.md").write_text(f"# 头发\n\n第{name}本书。\n", encoding="utf-8")
    (folder / "library.yaml").write_text("books: [books/*]\n", encoding="utf-8")
    return folder / "library.yaml"


def work_of(folder: Path, name: str) -> Work:
    return Work(name, str(folder / "books" / name), str(folder / "out" / name), str(folder / "out/library.jsonl"), "r")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A run in this process of two books and a broken one, and the run after it."""
    folder = tmp_path_factory.mktemp("library")
    file = make_library(folder, ("a", "broken", "c"))
    told = []
    one = build_library(file, LibraryWish(executor="here"), told.append)
    return folder, one, told, build_library(file, LibraryWish(executor="here"))


def test_a_book_that_fails_stops_none_of_the_others(first):
    folder, report, _, _ = first
    assert {one.key: one.state for one in report.books} == {"a": "built", "broken": "failed", "c": "built"}
    assert "unknown key" in report.of("failed")[0].errors[0]
    assert (folder / "build/a/zh-CN/html/index.html").is_file()
    assert (folder / "build/c/manifest.json").is_file()
    assert not (folder / "build/broken").exists()


def test_the_ledger_has_what_was_begun_and_what_came_of_it(first):
    folder, report, told, _ = first
    lines = [line for line in LibraryLedger(report.ledger).lines() if line["run"] == told[0]["run"]]
    assert [line["event"] for line in lines] == ["run", "begun", "built", "begun", "failed", "begun", "built", "ended"]
    assert [line for line in lines if line["event"] != "begun"] == told
    built = next(line for line in lines if line["event"] == "built")
    manifest = json.loads((folder / "build/a/manifest.json").read_bytes())
    assert built["files"] == len(manifest["artifacts"])
    assert built["bytes"] == sum(one["bytes"] for one in manifest["artifacts"])


def test_the_next_run_builds_only_what_was_not_built(first):
    _, _, _, again = first
    assert {one.key: one.state for one in again.books} == {"a": "unchanged", "broken": "failed", "c": "unchanged"}


def test_a_fault_of_our_own_is_the_book_s_failure_too(tmp_path, monkeypatch):
    make_library(tmp_path)

    def fail(_work):
        raise ZeroDivisionError

    monkeypatch.setattr("publish.library.work._build", fail)
    done = build_book(work_of(tmp_path, "a"))
    assert done.state == "failed"
    assert "publish itself failed" in done.errors[0]
    assert "ZeroDivisionError" in done.errors[0]


def dies_once(work: Work) -> Done:
    """Stands for a build: the book "a" ends its process at the first try, "b" at each."""
    mark = Path(work.output).with_suffix(".tried")
    if work.key == "b" or (work.key == "a" and not mark.exists()):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
        os._exit(9)
    return Done(work.key, "built", 0.1, "w")


def test_a_process_that_dies_takes_no_book_with_it_but_one_that_kills_it_each_time(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "build_book", dies_once)
    done = {one.key: one for one in Processes(2).run([work_of(tmp_path, name) for name in "abc"])}
    assert {key: one.state for key, one in done.items()} == {"a": "built", "b": "failed", "c": "built"}
    assert "the worker was ended (exit code 9)" in done["b"].errors[0]


def test_one_process_builds_as_this_one_does(tmp_path):
    make_library(tmp_path, ("a",))
    apart = list(Processes(1).run([work_of(tmp_path, "a")]))
    here = list(Here().run([work_of(tmp_path, "a")]))
    assert [one.state for one in apart] == ["built"]
    assert [one.state for one in here] == ["unchanged"]
    assert apart[0].worker != here[0].worker


def test_dask_is_asked_for_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingToolError, match=r"publish\[cluster\]"):
        list(executors.Dask().run([]))


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        (LibraryWish(executor="slurm"), 'there is no executor "slurm"'),
        (LibraryWish(executor="here", scheduler="tcp://localhost:1"), "Dask is not the executor"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path, wish, problem):
    with pytest.raises(UsageError, match=problem):
        build_library(make_library(tmp_path), wish)
    assert not (tmp_path / "build").exists()


def test_the_command_line_wins_over_the_catalog(tmp_path):
    from publish.library.catalog import read_catalog

    file = make_library(tmp_path)
    file.write_text("books: [books/*]\nexecutor: here\nworkers: 3\nstrict: true\n", encoding="utf-8")
    chosen = wanted(read_catalog(file), LibraryWish(output=tmp_path / "o", scheduler="tcp://s:1", workers=5))
    assert (chosen.executor, chosen.workers, chosen.output, chosen.strict) == ("dask", 5, tmp_path / "o", True)


def test_two_runs_do_not_write_into_one_folder(tmp_path):
    from publish.library.run import _alone

    with (
        _alone(tmp_path / "build"),
        pytest.raises(PublishError, match="another run of the library writes here"),
        _alone(tmp_path / "build"),
    ):
        pass


@pytest.mark.verify  # five runs of the command
def test_the_command_tells_what_failed_and_exits_with_1(first):
    folder, _, _, _ = first
    command = [sys.executable, "-m", "publish", "library", "build", "library.yaml", "--executor", "here"]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "broken: failed\n  error: books/broken/book.yaml:1: titel: unknown key" in done.stdout
    assert "3 books in build: 2 unchanged, 1 failed" in done.stdout
    assert "1/3  a: unchanged" in done.stderr
    chinese = subprocess.run([*command, "--lang", "zh-CN"], cwd=folder, capture_output=True, text=True, check=False)
    assert "broken：没做成\n  错误：books/broken/book.yaml:1: titel: 没有“titel”这个键" in chinese.stdout
    assert chinese.stdout.endswith("build 里 3 本书：2 本没有变化、失败 1\n")
    assert "2/3  broken: 没做成" in chinese.stderr
    lines = subprocess.run([*command, "--json"], cwd=folder, capture_output=True, text=True, check=False).stdout
    assert [json.loads(line)["event"] for line in lines.splitlines()] == [
        "run",
        "unchanged",
        "failed",
        "unchanged",
        "ended",
    ]
