"""The pages that tell how to add something: a stranger who types what they say gets what they promise."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from publish import importers
from publish.check.epub import rules
from tests.docs.code import ROOT, blocks
from tests.tiny import write_book

PAGES = sorted(path.name for path in (ROOT / "docs").glob("adding-*.md"))


def loaded(path: Path):
    """A file as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_blocks(page: str, folder: Path) -> Path:
    """A folder with the files that a page shows."""
    folder.mkdir()
    for name, code in blocks(page).items():
        (folder / name).write_text(code, encoding="utf-8")
    return folder


def run(*arguments, site=None, **options):
    environment = os.environ | ({"PYTHONPATH": f"{site}{os.pathsep}{ROOT}"} if site else {})
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False, env=environment, **options
    )


@pytest.fixture(scope="module")
def outline(tmp_path_factory):
    """The plug-in of the page on formats, installed by pip beside nothing else."""
    folder = tmp_path_factory.mktemp("outline")
    package = write_blocks("adding-a-format.md", folder / "publish-outline")
    options = "--quiet --no-deps --no-build-isolation --disable-pip-version-check --target".split()
    made = run("-m", "pip", "install", *options, folder / "site", package)
    if "No module named" in made.stderr:
        pytest.skip("pip or hatchling is not installed here")
    assert made.returncode == 0, made.stderr
    return package, folder / "site"


def test_the_format_of_the_page_is_built_by_its_name(outline, tmp_path):
    _, site = outline
    book = write_book(tmp_path / "book")
    asked = ("-f", "outline", "-e", "zh-TW", "-o", tmp_path / "out", "-j", "2")
    made = run("-m", "publish", "build", book, *asked, site=site)
    assert made.returncode == 0, made.stderr
    assert "頭髮" in (tmp_path / "out/zh-TW/outline.json").read_text(encoding="utf-8")
    assert "outline.json" in (tmp_path / "out/manifest.json").read_text(encoding="utf-8")


@pytest.mark.verify
def test_the_test_of_the_page_on_formats_passes(outline):
    package, site = outline
    tested = run("-m", "pytest", "-p", "no:cacheprovider", package / "test_outline.py", site=site, cwd=package)
    assert tested.returncode == 0, tested.stdout


def test_the_check_of_the_page_passes_its_test_and_its_test_fails_without_it(tmp_path, monkeypatch):
    page = write_blocks("adding-a-check.md", tmp_path / "page")
    rule, test = loaded(page / "rule.py"), loaded(page / "test_rule.py")
    [mark] = test.test_a_table_without_header_cells_is_found.pytestmark
    first, *others = mark.args[1]
    (tmp_path / "without").mkdir()
    with pytest.raises(AssertionError):
        test.test_a_table_without_header_cells_is_found(*first, tmp_path / "without")
    monkeypatch.setattr(rules, "RULES", (*rules.RULES, rule.table_heads))
    monkeypatch.setattr("publish.check.epub.RULES", rules.RULES)
    for number, case in enumerate([first, *others]):
        (tmp_path / str(number)).mkdir()
        test.test_a_table_without_header_cells_is_found(*case, tmp_path / str(number))


def test_the_importer_of_the_page_reads_what_it_says(tmp_path, monkeypatch):
    fountain = loaded(write_blocks("adding-an-importer.md", tmp_path / "page") / "fountain.py")
    point = SimpleNamespace(load=lambda: fountain.FountainImporter)
    monkeypatch.setattr(importers, "registered", lambda: {"fountain": point})
    play = tmp_path / "夜.fountain"
    play.write_text("Title: 夜\nAuthor: 山房\n\nEXT. 山中\n\n[[改]]\n\nINT. 屋内\n\n有人说话。\n", encoding="utf-8")
    report = importers.import_source(play, tmp_path / "book")
    assert (report.importer, report.metadata["title"], report.metadata["author"]) == ("fountain", "夜", "山房")
    assert (tmp_path / "book/scenes.md").read_text(encoding="utf-8").startswith("# EXT. 山中")
    assert [one.line for one in report.decisions if one.kind == "unread"] == [6]
    assert (tmp_path / "book/raw/夜.fountain").read_bytes() == play.read_bytes()


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_points_at_is_there(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:publish|tests|source|docs|scripts)/[\w./-]*)`", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_is_sound(page):
    for name, code in blocks(page).items():
        compile(code, name, "exec") if name.endswith(".py") else tomllib.loads(code)
