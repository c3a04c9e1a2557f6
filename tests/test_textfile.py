"""Text files: written whole or not at all."""

from __future__ import annotations

import os
import threading

import pytest

from publish.errors import PublishError
from publish.textfile import write_file, write_whole


def test_a_file_that_is_replaced_hands_on_its_permissions(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("旧", encoding="utf-8")
    path.chmod(0o600)
    write_whole(path, "新\n")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == ("新\n".encode(), 0o600)


def test_a_write_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("旧", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "旧"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, "字")
    reader.join(timeout=10)
    assert got == ["字".encode()]
    assert pipe.is_fifo()


def test_a_file_gets_its_folder_and_a_write_that_fails_says_where(tmp_path):
    write_file(tmp_path / "new" / "a.txt", b"a")
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"a"
    with pytest.raises(PublishError, match=r"b\.txt: cannot write this file"):
        write_file(tmp_path / "new" / "a.txt" / "b.txt", "b")
