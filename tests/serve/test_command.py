"""`publish serve` as a writer runs it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time

from publish.serve.guard import TOKEN
from tests.tiny import call, everything, write_book


def test_the_command_shows_each_save_until_ctrl_c_and_leaves_nothing_but_the_cache(tmp_path):
    book = write_book(tmp_path / "book")
    before = everything(book)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    line = [sys.executable, "-m", "publish", "serve", str(book), "--no-open", "--edition", "zh-TW", "--format", "html"]
    running = subprocess.Popen(
        line,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    try:
        address = running.stdout.readline()
        port, token = re.fullmatch(r"Preview at http://127\.0\.0\.1:(\d+)/#(\S+)\n", address).groups()

        def get(path):
            connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
            connection.request("GET", path, headers={TOKEN: token})
            answer = connection.getresponse().read().decode()
            connection.close()
            return answer

        start = json.loads(get("/api/start"))
        assert (start["edition"], start["format"]) == ("zh-TW", "html")
        assert re.fullmatch(r"\d\d:\d\d:\d\d  zh-TW html \([\d.]+ s\)\n", running.stderr.readline())
        page = f"/read/{start['key']}/book/zh-TW/html/01.html"
        assert "頭" in get(page)
        text = (book / "01.md").read_text("utf-8")
        (book / "01.md").write_text(text.replace("正文。", "已经存盘。"), encoding="utf-8")
        assert "zh-TW html" in running.stderr.readline()
        assert "已經存盤。" in get(page) or "已經" in get(page)
        assert '"title": "小书"' in get("/desk/api/state") or '"title":"小书"' in get("/desk/api/state")
        os.kill(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=20)
        assert (running.returncode, said) == (0, "preview ended\n")
    finally:
        running.kill()
        running.wait()
    assert everything(scratch) == []
    scratch.rmdir()
    assert [path for path in everything(book) if not path.startswith(".publish-cache")] == before


def test_an_open_event_stream_does_not_keep_the_server_from_ending(tmp_path):
    book = write_book(tmp_path / "book")
    line = [sys.executable, "-m", "publish", "serve", str(book), "--no-open", "--quiet"]
    running = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        port, token = re.search(r":(\d+)/#(\S+)", running.stdout.readline()).groups()
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
        connection.request("GET", "/api/start", headers={TOKEN: token})
        key = json.loads(connection.getresponse().read())["key"]
        connection.request("GET", f"/read/{key}/events?edition=zh-CN&format=html")
        stream = connection.getresponse()
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert json.loads(stream.readline().decode().partition(":")[2])["title"] == "小书"
        began = time.monotonic()
        os.kill(running.pid, signal.SIGTERM)
        _, said = running.communicate(timeout=20)
        assert time.monotonic() - began < 10  # the stream itself would notice after PING
        assert said == "preview ended\n"
        connection.close()
    finally:
        running.kill()
        running.wait()


def test_what_cannot_be_served_is_one_line_before_anything_begins(tmp_path):
    book = write_book(tmp_path / "book")
    for arguments, code, said in (
        (["nothing"], 1, 'error: "nothing" does not exist.'),
        ([book, "--format", "docx"], 2, 'error: unknown format "docx".'),
        ([book, "--editor", "vim"], 2, "error: vim runs in a terminal"),
        ([book, "--edition", "zh-XX"], 2, 'unknown edition "zh-XX"'),
    ):
        done = call("serve", *arguments, "--no-open", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (code, "")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
