"""Folders of other tools, imported."""

from __future__ import annotations

import textwrap

import pytest
import yaml

from publish.importers import import_source


@pytest.fixture
def run(tmp_path):
    def run(files, name="book"):
        folder = tmp_path / name
        for path, text in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).lstrip("\n").encode())
        out = tmp_path / f"{name}-out"
        report = import_source(folder, out)
        book = yaml.safe_load((out / "book.yaml").read_text(encoding="utf-8"))
        return report, book, lambda path: (out / path).read_text(encoding="utf-8")

    return run
