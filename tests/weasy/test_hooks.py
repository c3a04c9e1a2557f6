"""The fence around WeasyPrint: one table of what ours touches, installed and taken out together."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("publish.weasy.hooks", reason="Pango is not installed")

from publish.weasy import hooks
from publish.weasy.hooks import HOOKS, TOUCHED
from publish.weasy.layout import listening

ROOM = Path(hooks.__file__).parent
EVERY = [pytest.param(hook, id=hook.place) for hook in (*HOOKS, *TOUCHED)]


@pytest.mark.parametrize("hook", EVERY)
def test_a_function_of_weasyprint_is_the_one_that_was_tested(hook):
    assert hook.digest() == hook.tested, (
        f"{hook.place} is not the function that publish was written against.\n"
        f"Read what changed, mend {getattr(hook.ours, '__module__', None) or 'what uses it in publish/weasy'}, "
        "then run: make hooks"
    )


def test_a_function_that_differs_is_named(monkeypatch):
    other = replace(HOOKS[1], tested="0" * 64)
    monkeypatch.setattr(hooks, "HOOKS", (HOOKS[0], other, *HOOKS[2:]))
    assert [hook.place for hook in hooks.changed()] == ["weasyprint.layout.inline.justify_line"]


def test_importing_the_fence_leaves_weasyprint_as_it_is():
    script = """
import pkgutil
from importlib import import_module
import publish.weasy
for module in pkgutil.iter_modules(publish.weasy.__path__):
    import_module(f"publish.weasy.{module.name}")
from publish.weasy.hooks import HOOKS, install, remove
here = lambda: [vars(hook.owner)[hook.name] for hook in HOOKS]
stock, ours = [hook.stock for hook in HOOKS], [hook.ours for hook in HOOKS]
assert here() == stock and not any(f.__module__.startswith("publish") for f in stock if hasattr(f, "__module__"))
install(); install()
assert here() == ours
remove(); remove()
assert here() == stock
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert not run.returncode, run.stderr


def test_inside_plainly_nothing_is_installed():
    hooks.install()
    with hooks.plainly():
        hooks.install()
        assert all(vars(hook.owner)[hook.name] is hook.stock for hook in HOOKS)
    assert all(vars(hook.owner)[hook.name] is hook.ours for hook in HOOKS)


def test_what_was_not_installed_is_not_installed_by_leaving_plainly():
    hooks.remove()
    with hooks.plainly():
        pass
    assert all(vars(hook.owner)[hook.name] is hook.stock for hook in HOOKS)


def test_another_version_of_weasyprint_is_left_as_it_is_and_a_warning_says_so(monkeypatch):
    hooks.remove()
    monkeypatch.setattr(hooks, "version", "71.0")
    hooks.install()
    assert all(vars(hook.owner)[hook.name] is hook.stock for hook in HOOKS)
    with listening() as log:
        pass
    assert any("70.0" in warning for warning in log.warnings)


def test_what_is_replaced_for_a_while_has_its_row_in_the_table():
    names = {hook.name for hook in (*HOOKS, *TOUCHED)}
    replaced = {
        name
        for path in ROOM.glob("*.py")
        for name in re.findall(r'replaced\([\w.]+, "(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert "lookup_target" in replaced
    assert replaced <= names


def test_weasyprint_is_imported_inside_the_fence_alone():
    package = ROOM.parent
    found = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if path.parent != ROOM and re.search(r"^\s*(?:import|from) weasyprint\b", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert not found


def test_typography_imports_nothing_of_weasyprint_pango_or_lxml():
    for path in (ROOM.parent / "typography").glob("*.py"):
        imported = re.findall(r"^\s*(?:import|from) (\S+)", path.read_text("utf-8"), re.MULTILINE)
        assert not [name for name in imported if re.match(r"weasyprint|pydyf|lxml|cffi|publish\.weasy", name)], path
