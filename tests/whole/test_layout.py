"""Tests stand where a reader looks for them, and names mean one thing."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Rooms of tests that mirror no module of publish/, and what they mirror.
ROOMS = {
    "docs": "pages of docs/, whose code is typed and run",
    "scripts": "scripts/",
    "verify": "finished files, held against slow validators and a browser",
    "whole": "what only several modules together do: a whole book, the pairs of texts, the wheel, this",
}
TESTS = sorted(path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py"))


def mirrored(test: Path) -> list[Path]:
    """What a test may be of: the module of its path and name, or the package of that name, beside it or around it."""
    name = test.stem.removeprefix("test_")
    around = [test.parent / "__init__.py"] if test.parent.name == name else []
    return [test.parent / f"{name}.py", test.parent / name / "__init__.py", *around]


@pytest.mark.parametrize("test", [one for one in TESTS if one.parts[0] not in ROOMS], ids=str)
def test_a_test_mirrors_a_module_by_path_and_name(test):
    assert any((ROOT / "publish" / path).is_file() for path in mirrored(test)), (
        f"tests/{test} tests no module: name it after one, or put it into a room of {', '.join(ROOMS)}"
    )


def test_a_test_of_a_script_is_named_after_it():
    of_scripts = [one for one in TESTS if one.parts[0] == "scripts"]
    assert of_scripts
    assert all((ROOT / "scripts" / f"{one.stem.removeprefix('test_')}.py").is_file() for one in of_scripts)


def test_every_room_of_its_own_is_in_use():
    assert set(ROOMS) <= {one.parts[0] for one in TESTS}


def test_no_two_public_classes_share_a_name():
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "publish").rglob("*.py"))
    names = Counter(name for text in texts for name in re.findall(r"(?m)^class ([A-Z]\w*)", text))
    assert names
    assert not {name for name, times in names.items() if times > 1}
