"""What Python compiles while modules are loaded is kept, and stands in the place of what it would compile."""

from __future__ import annotations

import subprocess
import sys
from ctypes import util
from importlib import import_module
from pathlib import Path

import pytest

from publish import compiled

MODULE = """
import re
from dataclasses import dataclass, field
PATTERN = re.compile(r"(?P<year>[0-9]{4})(?:-|年)[^\\d\\s一-龥]*(?<=b)", re.IGNORECASE)
@dataclass(frozen=True, order=True)
class Row:
    name: str
    rows: list = field(default_factory=list)
found = PATTERN.match("2024年xB")
assert found and found["year"] == "2024" and PATTERN.groupindex == {"year": 1} and PATTERN.flags & re.IGNORECASE
assert not PATTERN.match("2024年字B") and PATTERN.pattern.startswith("(?P<year>")
assert Row.__init__.__annotations__["return"] is None
assert Row("a") == Row("a") and Row("a") < Row("b") and hash(Row("a", ())) and Row("a").rows == []
try:
    Row("a").name = "b"
except AttributeError:
    pass
else:
    raise SystemExit("a frozen record was changed")
"""
RUN = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from publish import compiled
compiled._FEW = 0
import dataclasses, re
one = compiled.kept(Path({folder!r}))
before = len(one.patterns)
sys.path.insert(0, {folder!r})
as_it_came = re._compiler.compile, re._compiler._sre
with one.taken():
    import module_of_the_test
assert (re._compiler.compile, re._compiler._sre) == as_it_came and "exec" not in vars(dataclasses)
re.compile("of a book that is read [0-9]+")
print(before, ("(?P<year>[0-9]{{4}})(?:-|年)[^\\\\d\\\\s一-龥]*(?<=b)", 2) in one.patterns, one.new)
assert not any(text.startswith("of a book") for text, _ in one.patterns)
"""
ROOT = Path(compiled.__file__).parent.parent


@pytest.fixture
def run(tmp_path: Path):
    (tmp_path / "module_of_the_test.py").write_text(MODULE, "utf-8")
    script = RUN.format(root=str(ROOT), folder=str(tmp_path))

    def once() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONUTF8": "1"}
        )
        return done.stdout.split()

    return once


def kept(folder: Path) -> Path:
    [file] = [one for one in folder.iterdir() if one.name.startswith("compiled.")]
    return file


def test_what_was_compiled_while_a_module_was_loaded_is_kept_and_taken(run) -> None:
    before, there, new = run()
    assert (before, there) == ("0", "True")
    assert int(new) > 0
    before, there, new = run()
    assert int(before) > 0
    assert (there, new) == ("True", "0")


@pytest.mark.parametrize("damage", [b"", b"x" * 40, None])
def test_what_is_damaged_is_compiled_anew(run, tmp_path: Path, damage: bytes | None) -> None:
    run()
    file = kept(tmp_path)
    file.write_bytes(file.read_bytes()[:-7] if damage is None else damage)
    before, there, new = run()
    assert (before, there) == ("0", "True")
    assert int(new) > 0


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_used", [])
    monkeypatch.setattr(compiled.sys, "dont_write_bytecode", True)
    kept_at_the_end: list[object] = []
    monkeypatch.setattr(compiled.atexit, "register", lambda *asked: kept_at_the_end.append(asked))
    assert compiled.kept(tmp_path) is compiled.kept(tmp_path)
    assert not kept_at_the_end
    assert len(compiled._used) == 1


LATE = """
import sys
from publish.compiled import loading
with loading():
    from PIL import Image
    import tinycss2
assert "PIL.ExifTags" not in sys.modules and "tinycss2.parser" not in sys.modules
assert Image.new("RGB", (2, 3)).size == (2, 3) and isinstance(Image.new("L", (1, 1)), Image.Image)
assert tinycss2.parse_one_component_value("3px").value == 3
assert "PIL.ExifTags" in sys.modules and "tinycss2.parser" in sys.modules
"""


# As of Python 3.12, which loads what is of this very class, and else asks it again, for ever.
EXACT = """
import importlib.util
class Exact(importlib.util._LazyModule):
    def __getattribute__(self, name):
        assert object.__getattribute__(self, "__class__") is Exact, object.__getattribute__(self, "__class__")
        return super().__getattribute__(name)
if sys.version_info < (3, 12):
    importlib.util._LazyModule = Exact
"""


@pytest.mark.parametrize("before", ["", EXACT])
def test_a_library_that_is_seldom_needed_is_loaded_when_it_is(before: str) -> None:
    subprocess.run([sys.executable, "-B", "-c", f"import sys\n{before}{LATE}"], check=True, cwd=ROOT)


def test_libraries_are_opened_by_name_and_searched_for_only_where_that_fails(tmp_path, monkeypatch):
    searched = []
    monkeypatch.setattr(util, "find_library", lambda name: searched.append(name) or "/found")
    monkeypatch.syspath_prepend(tmp_path)
    by_name = "from ctypes import util\nfound = util.find_library('c') or 'by name'\n"
    for module, text, found, asked in (
        ("opens_by_name", by_name, "by name", []),
        ("must_search", f"{by_name}print('where is it?')\nif found == 'by name': raise OSError\n", "/found", ["c"]),
    ):
        (tmp_path / f"{module}.py").write_text(text, "utf-8")
        monkeypatch.setattr(compiled, "_OPENS", module)
        with compiled.loading():
            assert import_module(module).found == found
        assert searched == asked
        assert util.find_library("after") == "/found"
        searched.clear()


def test_a_function_that_is_taken_by_name_loads_its_library_when_it_is_called(tmp_path, monkeypatch):
    package = tmp_path / "seldom_needed"
    package.mkdir()
    (package / "__init__.py").write_text("import sys\nsys.seldom = ['package']\n", "utf-8")
    (package / "inner.py").write_text("import sys\nsys.seldom.append('inner')\ndef reckon(n): return n + 1\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "seldom", [], raising=False)
    monkeypatch.setattr(compiled, "_LATE", frozenset(["seldom_needed", "seldom_needed.inner"]))
    monkeypatch.setattr(compiled, "_CALLED", frozenset(["reckon"]))
    with compiled.loading():
        reckon = import_module("seldom_needed.inner").reckon
    assert sys.seldom == []
    assert reckon(1) == reckon(n=1) == 2
    assert "inner" in sys.seldom
