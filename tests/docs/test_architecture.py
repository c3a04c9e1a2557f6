"""The page on how it works names modules, functions and files that exist."""

from __future__ import annotations

import importlib
import re

import pytest

from tests.docs.code import ROOT

PACKAGE = ROOT / "publish"
MODULES = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__").replace("/", ".")
    for path in PACKAGE.rglob("*.py")
    if path.name != "__main__.py" and "starter" not in path.parts
)
FILES = frozenset("css html js json lock lua md py tsv yaml".split())
PAGES = ["architecture.md", "cache.md", "conversion.md", "adding-a-feature.md"]


def mentions(page, pattern):
    """What stands in backticks on a page and looks so."""
    return sorted(set(re.findall(rf"`{pattern}", (ROOT / "docs" / page).read_text(encoding="utf-8"))))


def known(stem, name):
    """Whether a module of this name, in whichever room, has such a function, class, method or module."""
    for module in (one for one in MODULES if one.endswith(f".{stem}")):
        if f"{module}.{name}" in MODULES or hasattr(importlib.import_module(module), name):
            return True
    return False


@pytest.mark.parametrize("page", PAGES)
def test_the_functions_that_a_page_names_exist(page):
    stems = {module.rpartition(".")[2] for module in MODULES}
    named = [pair for pair in mentions(page, r"(?:\w+/)*(\w+)\.(\w+)\b") if pair[0] in stems and pair[1] not in FILES]
    assert [f"{stem}.{name}" for stem, name in named if not known(stem, name)] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_files_that_a_page_names_exist(page):
    suffixes = r"((?:[\w.-]+/)*[\w-]+(?:\.(?:py|lua|sh)|/))`"
    named = [name for name in mentions(page, suffixes) if not name.startswith((".", "build/", "images/", "<"))]
    homes = [ROOT, PACKAGE, *(path for path in PACKAGE.rglob("*") if path.is_dir())]
    assert [name for name in named if not any((home / name).exists() for home in homes)] == []
