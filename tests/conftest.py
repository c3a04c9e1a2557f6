"""Books for tests: small ones from texts, the handbook once, Markdown fixtures (input, a line holding `.`, output)."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock
from PIL import Image

from publish import formats
from publish.edition.derive import derive
from publish.edition.markup import xhtml
from publish.edition.markup.prune import prune
from publish.edition.publication import Publication
from publish.findings import Finding
from publish.source.manuscript import Manuscript, read_manuscript
from publish.source.project import Project, read_project
from tests.plug_ins import write_plug_in

hypothesis.settings.register_profile("unhurried", deadline=None)  # the first example of all loads dictionaries
hypothesis.settings.load_profile("unhurried")
os.environ["LC_ALL"] = "C.UTF-8"  # messages are compared in English, whatever the tester speaks
HERE = Path(__file__).parent
HANDBOOK = HERE.parent / "source"
# Ids that are made from a hash; fixtures leave them out.
_MADE_ID = re.compile(r' id="(?:h|p|fn|fig|tbl|x)-[0-9a-f]{10}(?:-\d+)?"')


@dataclass(frozen=True)
class Case:
    """One case of a Markdown fixture: what it shows, its edition and format, the Markdown, the expected XHTML."""

    title: str
    edition: str
    format: str
    given: str
    expected: str


@dataclass(frozen=True)
class Book:
    """A book that was read, and its editions by key."""

    project: Project
    manuscript: Manuscript
    editions: Mapping[str, Publication]

    @property
    def findings(self) -> list[Finding]:
        """Those of the manuscript and of all editions, each once."""
        found = [*self.manuscript.findings]
        for publication in self.editions.values():
            found += publication.findings
        return list(dict.fromkeys(found))

    def page(self, edition: str = "zh-TW", chapter: int = 0, format_name: str = "") -> str:
        """A chapter's XHTML without its outer div, pruned where a format is named."""
        root = xhtml.read(self.editions[edition].chapters[chapter].xhtml)
        if format_name:
            prune(root, format_name)
        return inner(root)


def inner(root: xhtml.Element) -> str:
    """The XHTML of a chapter without its outer div, the ids that we make and the mark where it starts."""
    page = xhtml.serialize(root).replace(f' xmlns="{xhtml.XHTML}"', "")
    page = page.partition(">")[2].removesuffix("</div>")
    page = re.sub(r'<div id="start-[^"]*" class="start"></div>', "", page)
    return re.sub(r"\n{2,}", "\n", _MADE_ID.sub("", page)).strip()


def picture(width: int = 3, height: int = 2) -> bytes:
    """A small sound picture."""
    data = io.BytesIO()
    Image.new("RGB", (width, height)).save(data, "PNG")
    return data.getvalue()


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return folder


def cases(name: str) -> list[Case]:
    """The cases of a fixture file: `edition[/format]: what it shows`, `.`, Markdown, `.`, XHTML, `.`."""
    pieces = re.split(r"^\.\n", (HERE / "fixtures" / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = []
    for heading, given, expected in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=False):
        where, _, title = heading.strip().partition(": ")
        edition, _, format_name = where.partition("/")
        found.append(Case(title, edition, format_name, given, expected.strip()))
    return found


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cases(name): run the test for each case of a fixture file")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("cases")
    if marker:
        found = cases(marker.args[0])
        metafunc.parametrize("case", found, ids=[f"{case.edition}: {case.title}" for case in found])


@pytest.fixture
def png() -> bytes:
    """A small sound picture, three pixels wide and two high."""
    return picture()


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """`plug_in("slides", "class Slides: …")` installs a stranger's renderer for this test."""
    modules = []

    def install(name: str, lines: str) -> None:
        monkeypatch.syspath_prepend(write_plug_in(tmp_path / "site", name, lines))
        formats.registered.cache_clear()
        modules.append(f"{name}_renderer")

    yield install
    for name in modules:
        sys.modules.pop(name, None)
    monkeypatch.undo()
    formats.registered.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """`folder({"a.md": "…"})` writes a book and makes its folder the current one, so that places are short."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "book"
        root.mkdir(exist_ok=True)
        monkeypatch.chdir(root)
        return write(root, files)

    return make


@pytest.fixture
def project(folder: Callable[..., Path]) -> Callable[..., Project]:
    """`project("title: …", {"a.md": "…"})` reads the settings of a book."""

    def make(settings: str = "", files: Mapping[str, str | bytes] | None = None) -> Project:
        files = {"a.md": "# 头\n", **(files or {})}
        return read_project(folder({**files, "book.yaml": settings} if settings else files))

    return make


@pytest.fixture
def make_book(folder: Callable[..., Path], tmp_path: Path) -> Callable[..., Book]:
    """`make_book(files, ["zh-TW"])` reads a book and derives editions of it; a text alone is its one chapter."""

    def make(files: Mapping[str, str | bytes] | str, editions: tuple[str, ...] = ("zh-TW",)) -> Book:
        read = read_project(folder({"a.md": files} if isinstance(files, str) else files))
        manuscript = read_manuscript(read)
        made = {key: derive(read, manuscript, read.edition(key), tmp_path / "out" / key) for key in editions}
        return Book(read, manuscript, made)

    return make


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """`once("name", make)` is a folder that `make(folder)` filled, once for all processes that run these tests."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once"

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        root.mkdir(exist_ok=True)
        made, done = root / name, root / f"{name}.done"
        with FileLock(root / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(made, ignore_errors=True)  # what failed half-way
                made.mkdir()
                make(made)
                done.touch()
        return made

    return folder


@pytest.fixture(scope="session")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The handbook in source/ with its three editions."""
    read = read_project(HANDBOOK)
    manuscript = read_manuscript(read)
    scratch = tmp_path_factory.mktemp("handbook")
    return Book(
        read,
        manuscript,
        {one.key: derive(read, manuscript, one, scratch / one.key) for one in read.editions},
    )


@pytest.fixture(scope="session")
def chapters_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Mapping[str, Publication]]:
    """All cases of a fixture file as the chapters of one book, derived once for each edition that a case asks for."""
    made: dict[tuple[str, str], dict[str, Publication]] = {}

    def derived(name: str, settings: str) -> Mapping[str, Publication]:
        if (name, settings) not in made:
            found = cases(name)
            root = tmp_path_factory.mktemp("cases")
            texts = {f"{number:03}.md": case.given for number, case in enumerate(found)}
            glossary = "terms:\n  软件: {zh-TW: 軟體, zh-HK: 軟件}\n"
            write(root, {**texts, "book.yaml": settings, "glossary.yaml": glossary, "x.png": picture()})
            read = read_project(root)
            manuscript = read_manuscript(read)
            made[name, settings] = {
                key: derive(read, manuscript, read.edition(key), root / "out" / key)
                for key in dict.fromkeys(case.edition for case in found)
            }
        return made[name, settings]

    return derived


@pytest.fixture
def rendered(
    chapters_of: Callable[[str, str], Mapping[str, Publication]], request: pytest.FixtureRequest
) -> Callable[[Case, str], str]:
    """The XHTML that a fixture's case becomes: `rendered(case, settings)`."""
    name = request.node.get_closest_marker("cases").args[0]

    def page(case: Case, settings: str) -> str:
        publication = chapters_of(name, settings)[case.edition]
        file = f"{cases(name).index(case):03}.md"
        out = []
        for chapter in publication.chapters:
            if chapter.file.endswith(file):
                root = xhtml.read(chapter.xhtml)
                out.append(inner(prune(root, case.format) if case.format else root))
        return "\n".join(out)

    return page


@pytest.fixture(scope="session", autouse=True)
def _formulas_of_their_own(tmp_path_factory):
    """Formulas that tests set are kept for this run alone."""
    before = os.environ.get("PUBLISH_CACHE")
    os.environ["PUBLISH_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    os.environ.pop("PUBLISH_CACHE") if before is None else os.environ.update(PUBLISH_CACHE=before)
