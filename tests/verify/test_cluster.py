"""A library on a cluster: a killed worker loses nothing, and machines share what they keep through S3's protocol."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from publish.library.ledger import LibraryLedger

pytestmark = pytest.mark.verify

BOOKS = 24
BIN = Path(sys.executable).parent


def make_library(folder: Path, count: int = BOOKS) -> Path:
    for number in range(count):
        book = folder / f"books/{number:03}"
        book.mkdir(parents=True)
        settings = f"title: 书{number}\nslug: book-{number}\neditions: [zh-CN, zh-TW]\nformats: [html, epub]\n"
        (book / "book.yaml").write_text(settings, encoding="utf-8")
        (book / "01.md").write_text(f"# 头发\n\n第{number}本书的软件。\n" * 5, encoding="utf-8")
    (folder / "library.yaml").write_text("books: [books/*]\nexecutor: dask\n", encoding="utf-8")
    return folder / "library.yaml"


@contextmanager
def started(*command: str, ready: str, **environment: str):
    """A program that runs until the end of the block, from the moment when it says that it is ready."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=os.environ | environment,
    )
    drain = threading.Thread()
    try:
        line = next(line for line in process.stdout if ready in line)
        drain = threading.Thread(target=process.stdout.read, daemon=True)  # a full pipe would stop it
        drain.start()
        yield process, line
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if drain.is_alive():
            drain.join(timeout=5)
        process.stdout.close()


@contextmanager
def scheduler():
    command = [str(BIN / "dask"), "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    with started(*command, ready="Scheduler at:") as (_, line):
        yield line.split()[-1]


def worker(address: str):
    command = [str(BIN / "dask"), "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    return started(*command, ready="Starting established connection")


def library(*arguments: str, cwd: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "publish", "library", "build", "library.yaml", *arguments]
    return subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_worker_that_is_killed_half_way_loses_nothing_and_has_nothing_made_twice_but_what_it_held(tmp_path):
    make_library(tmp_path)
    ledger = LibraryLedger(tmp_path / "build/library.jsonl")
    with scheduler() as address, worker(address), worker(address) as (victim, _):
        run = library("--scheduler", address, cwd=tmp_path)
        while sum(line["event"] == "built" for line in ledger.lines()) < BOOKS // 2:
            assert run.poll() is None, run.communicate()
            time.sleep(0.05)
        os.killpg(victim.pid, signal.SIGKILL)
        said, told = run.communicate(timeout=300)
    assert run.returncode == 0, said + told
    lines = list(ledger.lines())
    # What it had built and not told of is found unchanged by the other.
    built = Counter(line["book"] for line in lines if line["event"] in ("built", "unchanged"))
    begun = Counter(line["book"] for line in lines if line["event"] == "begun")
    assert built == dict.fromkeys((f"{number:03}" for number in range(BOOKS)), 1)
    held = {line["book"] for line in lines if line["event"] == "begun" and line["worker"].endswith(f":{victim.pid}")}
    assert held, "the worker that was killed had begun nothing"
    again = {book for book, times in begun.items() if times > 1}
    assert again <= held
    found = {line["book"] for line in lines if line["event"] == "unchanged"}
    assert sum(begun.values()) <= BOOKS + 1 + len(again & found)  # what is found unchanged is not made again
    for number in range(BOOKS):
        assert (tmp_path / f"build/{number:03}/manifest.json").is_file()


def test_a_run_that_is_killed_is_gone_on_with(tmp_path):
    make_library(tmp_path, 8)
    ledger = LibraryLedger(tmp_path / "build/library.jsonl")
    run = library("--executor", "processes", cwd=tmp_path)
    while sum(line["event"] == "built" for line in ledger.lines()) < 3:
        assert run.poll() is None, run.communicate()
        time.sleep(0.05)
    run.kill()
    run.communicate()
    before = {line["book"] for line in ledger.lines() if line["event"] == "built"}
    again = library("--executor", "processes", cwd=tmp_path)
    said, told = again.communicate(timeout=300)
    assert again.returncode == 0, said + told
    second = [line for line in ledger.lines() if line.get("run") == list(ledger.lines())[-1]["run"]]
    states = {line["book"]: line["event"] for line in second if line["event"] in ("built", "unchanged")}
    assert len(states) == 8
    assert {book for book, state in states.items() if state == "unchanged"} >= before


def test_machines_share_what_they_keep_through_a_store_of_objects(tmp_path):
    pytest.importorskip("moto")
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        make_library(folder, 2)
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
    with started(str(BIN / "moto_server"), "-p", "0", ready="Running on", PYTHONUNBUFFERED="1", **keys) as (_, line):
        endpoint = line.split()[-1]
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/books", method="PUT")).close()
        surroundings = os.environ | keys | {"AWS_ENDPOINT_URL": endpoint}

        def build(folder: Path) -> tuple[dict, str]:
            command = [sys.executable, "-m", "publish", "build", "books/000", "--json", "--jobs", "1"]
            command += ["--shared-cache", "s3://books/cache"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, env=surroundings)
            return json.loads(done.stdout.splitlines()[-1]), done.stderr

        first, _ = build(one)
        second, told = build(two)
    assert "is not used" not in told
    assert first["pandoc-starts"] > second["pandoc-starts"]
    assert [row["sha256"] for row in first["artifacts"]] == [row["sha256"] for row in second["artifacts"]]
