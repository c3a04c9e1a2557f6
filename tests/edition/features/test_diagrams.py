"""Diagrams: drawn by their programs where these are installed, else code and a finding; converted, kept, harmless."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from publish.cache import Cache
from publish.edition.derive import derive
from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H, plain, read
from publish.parity.gate import compare
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from tests.tiny import write_book

# A program that draws as `dot` and `mmdc` do: its source as the drawing's text, each run noted.
PROGRAM = """\
#!{python}
import pathlib, sys
words = sys.argv[1:]
source = pathlib.Path(words[words.index("-i") + 1]).read_text("utf-8") if "-i" in words else sys.stdin.read()
with open({log!r}, "a") as log:
    log.write("run\\n")
if "wrong" in source:
    sys.exit("Error: syntax error in line 2 near 'wrong'")
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="60pt" height="30pt" viewBox="0 0 60 30" onload="x()">'
svg += '<script>x()</script><text font-family="A">' + source.split()[-1] + "</text></svg>"
if "-o" in words:
    pathlib.Path(words[words.index("-o") + 1]).write_text(svg, "utf-8")
else:
    print(svg)
"""


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """`programs("dot")` puts programs of our own before all others and hides the rest; the file that notes each run."""
    monkeypatch.setenv("PUBLISH_CACHE", str(tmp_path / "cache"))
    folder, log = tmp_path / "bin", tmp_path / "log"
    folder.mkdir()

    def install(*names):
        for name in names:
            (folder / name).write_text(PROGRAM.format(python=sys.executable, log=str(log)))
            (folder / name).chmod(0o755 | stat.S_IXUSR)
        path = [one for one in os.get_exec_path() if not any((Path(one) / n).exists() for n in ("dot", "mmdc"))]
        monkeypatch.setenv("PATH", os.pathsep.join([str(folder), *path]))
        log.write_text("")
        return log

    return install


DOT = '# 章\n\n见@fig:a。\n\n```{.dot caption="流程" #fig:a}\n软件\n```\n'
MERMAID = "# 章\n\n```mermaid\n%%| fig-cap: 软件\n%%| label: fig-m\ngraph 软件\n```\n"


def made(book, edition="zh-TW"):
    publication = book.editions[edition]
    assert [str(one) for one in compare(book.project, book.manuscript, [publication])] == []
    return read(publication.chapters[0].xhtml), publication


@pytest.mark.parametrize(("program", "text"), [("dot", DOT), ("mmdc", MERMAID)])
def test_a_diagram_is_drawn_in_the_words_of_its_edition(make_book, programs, program, text):
    programs(program)
    root, publication = made(make_book(text))
    [image] = root.iter(f"{H}img")
    [caption] = root.iter(f"{H}figcaption")
    assert plain(caption).endswith("軟件" if program == "mmdc" else "流程")
    assert image.get("alt") == "圖：軟件"
    assert (image.get("width"), image.get("height")) == ("80", "40")
    svg = publication.assets[image.get("src")].path.read_text()
    assert "軟件</text>" in svg
    assert "script" not in svg
    assert "onload" not in svg
    assert "sans-serif" in svg
    assert not [one for one in publication.findings if one.code.startswith("diagram")]


def test_a_diagram_is_a_figure_that_may_be_referred_to(make_book, programs):
    programs("dot")
    root, _ = made(make_book({"book.yaml": "title: 书\nnumber-sections: true\nchapters: [a.md]\n", "a.md": DOT}))
    assert "見圖 1" in plain(root)


def test_what_was_drawn_once_is_kept(make_book, programs):
    log = programs("dot")
    for _ in range(2):
        made(make_book(DOT, ("zh-TW", "zh-HK")))
    assert log.read_text().count("run") == 2  # each edition has its own face


def test_without_its_program_it_stays_code_and_is_told_once(make_book, programs):
    programs()
    root, publication = made(make_book(f"{DOT}\n```dot\n二\n```\n"))
    assert len(list(root.iter(f"{H}pre"))) == 2
    [finding] = [one for one in publication.findings if one.code == "diagram-tool"]
    assert finding.place.line == 6
    assert "2 of them" in finding.problem
    assert {path.name for path in publication.probed} == {"dot"}


def test_one_that_cannot_be_drawn_stays_code_with_its_line(make_book, programs):
    programs("dot")
    root, publication = made(make_book("# 章\n\n```graphviz\n一\nwrong\n```\n"))
    assert len(list(root.iter(f"{H}pre"))) == 1
    [finding] = [one for one in publication.findings if one.code == "diagram-error"]
    assert finding.place.line == 5


def test_of_two_that_begin_alike_the_wrong_one_is_told_with_its_line(make_book, programs):
    programs("mmdc")
    first = "```mermaid\ngraph LR\n  甲\n```"
    second = "  ```mermaid\n  %%| label: fig-b\n  graph LR\n    wrong\n  ```"
    _, publication = made(make_book(f"# 章\n\n{first}\n\n- 项\n\n{second}\n"))
    [finding] = [one for one in publication.findings if one.code == "diagram-error"]
    assert finding.place.line == 13


def test_what_was_drawn_in_other_fonts_is_drawn_again(make_book, programs, monkeypatch):
    log = programs("dot")
    made(make_book(DOT))
    monkeypatch.setattr("publish.edition.features.drawing.versions", lambda _: {"another": "2"})
    made(make_book(DOT))
    assert log.read_text().count("run") == 2


def test_code_that_is_to_be_shown_is_shown(make_book, programs):
    log = programs("dot")
    root, _ = made(make_book("# 章\n\n```{.dot .code}\n一\n```\n\n```python\n二\n```\n"))
    assert len(list(root.iter(f"{H}pre"))) == 2
    assert not log.read_text()


def test_an_author_says_the_alternative_text(make_book, programs):
    programs("dot")
    root, _ = made(make_book('# 章\n\n```{.dot alt="软件的图"}\n一\n```\n'))
    assert [one.get("alt") for one in root.iter(f"{H}img")] == ["軟件的圖"]


def test_a_chapter_whose_diagrams_all_stay_code_is_not_walked_again(programs, tmp_path, monkeypatch):
    programs()
    (tmp_path / "kept").mkdir()
    cache, looked = Cache(tmp_path / "kept", "this program"), []
    book = write_book(tmp_path / "book", {"01.md": DOT, "02.md": "# 二\n\n文。\n"})
    monkeypatch.chdir(book)
    read_page = xhtml.read
    monkeypatch.setattr(xhtml, "read", lambda page: looked.append("<pre" in page) or read_page(page))

    def derived(kept):
        looked.clear()
        project = read_project(book)
        manuscript = read_manuscript(project, kept)
        one = derive(project, manuscript, project.edition("zh-TW"), tmp_path / "scratch", cache=kept)
        return one.chapters, one.findings

    first = derived(cache)
    assert any(looked)
    write_book(book, {"01.md": DOT, "02.md": "# 二\n\n别的文。\n"})
    warm = derived(cache)
    assert not any(looked)
    assert warm == derived(Cache())
    assert [one.code for one in first[1]] == [one.code for one in warm[1]] == ["diagram-tool"]
    programs("dot")
    drawn = derived(cache)
    assert drawn == derived(Cache())
    assert "<img" in drawn[0][0].xhtml


PLANTUML = "# 章\n\n```puml\n甲 -> 软件\n```\n"


def test_plantuml_is_told_where_its_program_is_not(make_book, programs):
    programs()
    _, publication = made(make_book(PLANTUML))
    [finding] = [one for one in publication.findings if one.code == "diagram-tool"]
    assert "plantuml" in finding.problem


def test_plantuml_without_its_frame_has_one(make_book, programs):
    programs("plantuml")
    root, publication = made(make_book(PLANTUML))
    assert not [one for one in publication.findings if one.code.startswith("diagram")]
    [image] = root.iter(f"{H}img")
    assert image.get("alt", "").endswith("@enduml"), "which is the last word that the program was given"
