"""A long book's PDF is laid out in parts: joined, it is what one piece would have been."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest

from publish.edition.derive import derive
from publish.render import RenderContext
from publish.render.pdf import PdfRenderer, cut
from publish.render.pdf.cut import CUT
from publish.render.pdf.document import document
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from publish.typography import measure
from publish.weasy import parts
from tests.likeness import likeness
from tests.tiny import SETTINGS, picture, write_book

PARAGRAPH = "他的头发在网络里长得很快，一直长到了第二天的早上；Markdown 写的书有 123 页，“也许”更多。"
CHAPTER = """\
# 第{n}件事 {{#thing-{n}}}

{text}[^a] 见[下一件](0{m}.md#thing-{m})，也见[网站](https://example.org/{n})与[那张图](01.md#fig-1)。

[^a]: 第{n}章的注，说的是`代码`与**粗体**。

## 小节 {{#section-{n}}}

{text}

- 一项，**粗体**
- 两项，*着重*[^b]

[^b]: 另一条注，长一些：{text}

| 桥 | 年 |
|:--|--:|
| 第一座 | 1400 |
| 第二座 | 1500 |

```sh
publish build source --edition zh-TW
```

![第{n}张图](images/{image}.png){{#fig-{n}}}

> {text}

{text} 😀 ﷽
"""
MARK = f"ix-{hashlib.sha256('第二座'.encode()).hexdigest()[:10]}"
PARTS = """\
chapters:
  - 01.md
  - part: 第一部
    chapters: [02.md, 03.md]
  - part: 第二部
    chapters: [04.md, 05.md]
  - 06.md
"""
KINDS = {
    "book": "theme: book\n",
    "book, one-sided, bleeding": "theme: book\npage: {size: A6, sides: one, bleed: 3mm, marks: crop}\n",
    "book, chapters on any page": "theme: book\npage: {size: A6, chapter-start: any}\n",
    "essay": "theme: essay\n",
    "manual": "theme: manual\nnumber-sections: true\n",
    "report": "theme: report\nnumber-sections: true\n",
    "report, two-sided": "theme: report\npage: {size: A6, sides: two}\n",
}

QUICK = ("report",)  # the others are among the slow tests


def chapters():
    for n in range(1, 7):
        text = PARAGRAPH * (n % 2 + 1)
        yield f"0{n}.md", CHAPTER.format(n=n, m=n % 6 + 1, text=text, image="dot" if n % 2 else "other")


def write(folder, settings):
    kept = re.sub(r"(?s)chapters:.*?(?=editions)", PARTS, SETTINGS).replace("cover-image: images/cover.png\n", "")
    page = "" if "page:" in settings else "page: {size: A6, chapter-start: right}\n"
    files = {"book.yaml": f"{kept}{settings}{page}", "images/other.png": picture(color="green"), **dict(chapters())}
    return write_book(folder, files)


def publication(folder, settings, edition="zh-TW"):
    project = read_project(write(folder / "book", settings))
    return derive(project, read_manuscript(project), project.edition(edition), folder / "scratch")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The book of the first kind, which no test changes."""
    return publication(tmp_path_factory.mktemp("book"), KINDS["book"])


def render(book, folder, monkeypatch, *, long=0):
    monkeypatch.setattr(cut, "LONG", long)
    monkeypatch.setattr(cut, "_USUAL", 1)
    monkeypatch.setattr(cut, "_GAIN", 1)
    shutil.rmtree(folder, ignore_errors=True)
    rendering = PdfRenderer().render(book, RenderContext(folder))
    return rendering, folder / rendering.files[0]


def codes(rendering):
    return [one.code for one in rendering.findings]


@pytest.mark.parametrize(
    "kind", [kind if kind in QUICK else pytest.param(kind, marks=pytest.mark.verify) for kind in KINDS]
)
def test_joined_parts_are_the_book_laid_out_in_one_piece(kind, tmp_path, monkeypatch):
    book = publication(tmp_path, KINDS[kind])
    laid_out = []
    lay = parts.lay_out_text
    monkeypatch.setattr(parts, "lay_out_text", lambda *args, **how: laid_out.append(1) or lay(*args, **how))
    joined, one = render(book, tmp_path / "parts", monkeypatch)
    turned = len(laid_out) - 6
    assert 0 < turned < 4 if "any" in kind or kind == "report, two-sided" else not turned
    whole, other = render(book, tmp_path / "whole", monkeypatch, long=10**9)
    assert joined == whole
    found, expected = likeness(one), likeness(other)
    for key, value in expected.items():
        assert found[key] == value, key
    assert len(found["links"]) > 12
    assert sum(map(len, found["links"])) > 24


def pages_of(listed):
    """The numbers that an index lists: 3, 5–7."""
    runs = [one.split("–") for one in listed.split(",")]
    return [number for run in runs for number in range(int(run[0]), int(run[-1]) + 1)]


@pytest.mark.verify
def test_numbers_of_pages_in_the_text_are_those_of_one_piece_and_true(tmp_path, monkeypatch):
    folder = write(tmp_path / "book", "theme: book\nindex: index.yaml\n")
    (folder / "index.yaml").write_text("terms: [头发, 第二座]\n")
    for n in range(1, 7):
        text = (folder / f"0{n}.md").read_text().replace("也见[网站]", f"在[@fig-{7 - n}]{{.page}}，也见[网站]")
        (folder / f"0{n}.md").write_text(text + ("\n::: {.list-of-figures}\n:::\n" if n == 2 else ""))
    (folder / "06.md").write_text((folder / "06.md").read_text() + "\n::: index\n:::\n")
    project = read_project(folder)
    book = derive(project, read_manuscript(project), project.edition("zh-TW"), tmp_path / "scratch")
    joined, one = render(book, tmp_path / "parts", monkeypatch)
    assert "pdf-whole" not in codes(joined)
    _, other = render(book, tmp_path / "whole", monkeypatch, long=10**9)
    found, expected = likeness(one), likeness(other)
    assert {key: found[key] for key in ("shown", "links")} == {key: expected[key] for key in ("shown", "links")}
    with pypdfium2.PdfDocument(one) as document:
        texts = [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in document]
    with pikepdf.open(one) as pdf:
        places = {str(key): value[0] for key, value in pikepdf.NameTree(pdf.Root.Names.Dests).items()}
        pages = [page.obj for page in pdf.pages]
        folios = [pages.index(places[f"fig-{n}"]) for n in range(1, 7)]
        marked = {name: pages.index(page) for name, page in places.items() if name.startswith(MARK)}
    first = min(number for number, text in enumerate(texts) if "在第" in text)
    said = sorted(int(number) for text in texts for number in re.findall(r"在第(\d+)頁", text))
    assert said == sorted(folio - first + 1 for folio in folios)
    index = next(text for text in texts if "ㄉ第二座" in text)
    listed = re.search(r"第二座([\d,–]+)", index)
    assert listed
    assert pages_of(listed[1]) == sorted({number - first + 1 for number in marked.values()})
    assert len(marked) == 6  # one in each chapter


@pytest.mark.verify
def test_the_same_parts_give_the_same_bytes(book, tmp_path, monkeypatch):
    assert (
        render(book, tmp_path / "one", monkeypatch)[1].read_bytes()
        == render(book, tmp_path / "other", monkeypatch)[1].read_bytes()
    )


def test_nothing_of_the_parts_is_left_behind_and_a_font_and_a_picture_are_in_it_once(book, tmp_path, monkeypatch):
    _, file = render(book, tmp_path / "out", monkeypatch)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["tiny.pdf"]
    with pikepdf.open(file) as pdf:
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        descriptors = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each]
        assert sum(each.get("/Subtype") == "/Image" for each in streams) == 2
        assert len({str(each.FontName) for each in descriptors}) == len(descriptors)


@pytest.mark.parametrize(
    "style",
    [
        ".text a::after { content: target-counter(attr(href), page) }",
        "h2::before { content: counter(page) }",
        "figure { counter-increment: figure }",
        "@page :nth(3) { margin: 0 }",
    ],
)
def test_a_style_that_makes_chapters_depend_on_each_other_keeps_the_book_in_one_piece(style, book, monkeypatch):
    monkeypatch.setattr(cut, "LONG", 0)
    monkeypatch.setattr(cut, "_USUAL", 1)
    monkeypatch.setattr(cut, "_GAIN", 1)
    html, _ = document(book, CUT)
    assert cut.cut(html, book, right=True)
    assert cut.cut(html, replace(book, css=style), right=True) is None
    assert cut.cut(html.replace("<p>", '<p style="counter-increment: figure">', 1), book, right=True) is None
    assert cut.cut(html.replace("<p>", '<p style="counter-set: list-item 9">', 1), book, right=True)


def test_a_book_of_one_giant_chapter_stays_in_one_piece(book):
    first, *others = document(book, CUT)[0].split(CUT)
    giant = CUT.join([first, others[0], others[1] * 200, *others[2:]])
    assert len(giant) > cut.LONG
    assert cut.cut(giant, book, right=True) is None
    assert cut.cut(CUT.join([first, others[0], others[1] * 50, others[2] * 50, *others[3:]]), book, right=True)


def test_a_part_that_cannot_be_laid_out_by_itself_is_found_out(book, tmp_path, monkeypatch):
    monkeypatch.setattr(cut, "_CARRIED", re.compile("never"))
    rendering, file = render(replace(book, css="h2::before { content: counter(page) }"), tmp_path / "out", monkeypatch)
    (note,) = [one for one in rendering.findings if one.code == "pdf-whole"]
    assert note.severity == "note"
    assert "page numbers" in note.problem
    assert file.is_file()


@pytest.mark.verify
def test_a_failing_part_costs_a_warning_and_not_the_book(book, tmp_path, monkeypatch):
    _, plain = render(book, tmp_path / "plain", monkeypatch, long=10**9)
    monkeypatch.setattr(parts, "_refuse_dependent", lambda *_: 1 / 0)
    rendering, file = render(book, tmp_path / "out", monkeypatch)
    (warning,) = [one for one in rendering.findings if one.code == "pdf-whole"]
    assert warning.severity == "warning"
    assert "ZeroDivisionError" in warning.problem
    assert file.read_bytes() == plain.read_bytes()


def test_a_failing_hook_of_the_lines_costs_a_warning_and_not_the_book(book, tmp_path, monkeypatch):
    def broken(*_arguments, **_options):
        raise KeyError("line")

    monkeypatch.setattr(measure, "next_line", broken)
    rendering, file = render(book, tmp_path / "out", monkeypatch)
    assert {"pdf-plain", "pdf-whole"} <= set(codes(rendering))
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) == rendering.facts["pages"] > 6


@pytest.mark.verify
def test_a_long_note_that_runs_on_behind_its_chapter_is_not_lost(tmp_path, monkeypatch):
    folder = write(tmp_path / "book", KINDS["report"])
    (folder / "03.md").write_text(f"# 短章 {{#thing-3}}\n\n正文[^z]\n\n[^z]: {PARAGRAPH * 60}\n", encoding="utf-8")
    project = read_project(folder)
    book = derive(project, read_manuscript(project), project.edition("zh-CN"), tmp_path / "scratch")
    rendering, one = render(book, tmp_path / "out", monkeypatch)
    assert "pdf-whole" in codes(rendering)
    _, other = render(book, tmp_path / "whole", monkeypatch, long=10**9)
    assert likeness(one)["shown"] == likeness(other)["shown"]
