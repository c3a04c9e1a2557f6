"""A tiny book for tests, and how they build it: in this process, or by the command as a user does."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from PIL import Image

from publish.cli import main
from publish.pipeline import Report, Request, build

ROOT = Path(__file__).resolve().parent.parent

SETTINGS = """\
title: 小书
subtitle: 软件里的头发
author: {name: 张三, file-as: Zhang San}
translator: 李四
date: 2026-03-04
lang: zh-CN
publisher: 出版社
rights: © 2026
description: 一本<小>书 & 更多
slug: tiny
cover-image: images/cover.png
chapters:
  - 01.md
  - part: 第一部
    chapters: [02.md]
editions: [zh-CN, zh-TW, zh-HK]
"""
FIRST = """\
# 头发 {#hair}

他的头**发**，在“网络”里。[^1] 见[第二章](02.md#second)。

[^1]: 第一章的注：头发。

![一张图](images/dot.png){#fig-dot}

## 小节

正文。
"""
SECOND = """\
# 软件 {#second}

第二章[^1]，回[图](01.md#fig-dot)。

[^1]: 第二章的注：软件。

::: {.only edition="zh-TW"}
只在台湾。
:::

::: {.only format="pdf"}
只在纸上。
:::
"""

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def picture(kind: str = "PNG", color: str = "red") -> bytes:
    """A small image."""
    out = io.BytesIO()
    Image.new("RGB", (24, 16), color).save(out, kind)
    return out.getvalue()


def write_book(folder: Path, files: dict[str, str | bytes | None] | None = None) -> Path:
    """Write the tiny book into a folder, with files replaced, added or (None) left out."""
    book: dict[str, str | bytes | None] = {
        "book.yaml": SETTINGS,
        "01.md": FIRST,
        "02.md": SECOND,
        "images/dot.png": picture(),
        "images/cover.png": picture(color="blue"),
    }
    for name, content in (book | (files or {})).items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def make(source: Path, output: Path, *formats: str, editions: tuple[str, ...] = (), **options: object) -> Report:
    """Build in this process, with one job unless told otherwise."""
    return build(Request(source, output, editions, formats, **{"jobs": 1, **options}))  # type: ignore[arg-type]


def command(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run `publish` in a process of its own."""
    environment = {**os.environ, **options.pop("env", {})}  # type: ignore[dict-item]
    return subprocess.run(
        [sys.executable, "-m", "publish", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=environment,
        **options,  # type: ignore[call-overload]
    )


def call(
    *arguments: object, given: str = "", cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What `command` gives, in this process: for what the command says, and not for how it begins and ends."""
    told, code = (io.BytesIO(), io.BytesIO()), 0
    out, err = (io.TextIOWrapper(one, encoding="utf-8", write_through=True) for one in told)
    signals = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["publish", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8"))
        patch.chdir(cwd or Path.cwd())
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        finally:
            for one, handler in signals.items():
                signal.signal(one, handler)
    return subprocess.CompletedProcess(arguments, code, *(one.getvalue().decode() for one in told))


def state(folder: Path) -> dict[str, str]:
    """The files of a folder, by path, with the hashes of their bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def everything(folder: Path) -> list[str]:
    """All paths below a folder, hidden ones and folders too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
