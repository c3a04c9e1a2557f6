"""Parts of a PDF that were laid out before: only what a change reaches is laid out again, to the same bytes."""

from __future__ import annotations

import shutil

import pytest

from publish.cache import Cache
from publish.edition.derive import derive
from publish.render import RenderContext
from publish.render.pdf import PdfRenderer, cut, packed
from publish.render.pdf import parts as steps
from publish.render.pdf.job import held_name, settled_name
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from publish.weasy import parts
from tests.render.pdf.test_join import PARAGRAPH, write
from tests.tiny import picture

pytestmark = pytest.mark.verify  # many builds of a book one after another


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book in six parts: the second and fifth say the numbers of each other's pages, the last has an index."""
    monkeypatch.setattr(cut, "LONG", 0)
    monkeypatch.setattr(cut, "_USUAL", 1)
    monkeypatch.setattr(cut, "_GAIN", 1)
    folder = write(tmp_path / "book", "theme: book\nindex: index.yaml\n")
    (folder / "index.yaml").write_text("terms: [第二座]\n", encoding="utf-8")
    for n in (2, 5):
        change(folder, n, "也见[网站]", f"在[@fig-{7 - n}]{{.page}}，也见[网站]")
    change(folder, 6, "见[下一件]", "\n\n::: index\n:::\n\n见[下一件]")
    return folder


def change(folder, n, old, new):
    file = folder / f"0{n}.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def rendered(folder, output, cache):
    project = read_project(folder)
    publication = derive(project, read_manuscript(project), project.edition("zh-TW"), output / "scratch")
    shutil.rmtree(output / "pages", ignore_errors=True)
    rendering = PdfRenderer().render(publication, RenderContext(output / "pages", cache=cache))
    assert "pdf-whole" not in [one.code for one in rendering.findings]
    return rendering, (output / "pages" / rendering.files[0]).read_bytes()


def test_only_what_a_change_reaches_is_laid_out_again(book, tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    cache = Cache(tmp_path / "cache", "this program")
    laid: list[str] = []
    packs: list[int] = []
    pack = packed.pack
    monkeypatch.setattr(packed, "pack", lambda *args: packs.append(1) or pack(*args))
    lay, front, margins = parts.lay_out_text, parts.lay_out_front, parts.set_margins
    monkeypatch.setattr(
        parts,
        "lay_out_text",
        lambda *args, **how: laid.append("settled" if "numbers" in how else "text") or lay(*args, **how),
    )
    monkeypatch.setattr(parts, "lay_out_front", lambda *args: laid.append("front") or front(*args))
    monkeypatch.setattr(parts, "set_margins", lambda *args: laid.append("margins") or margins(*args))

    def again(what, changed=True):
        laid.clear()
        packs.clear()
        warm = rendered(book, tmp_path / "warm", cache)
        made = sorted(laid)
        assert len(packs) <= len(made), "what is as it was is not even opened"
        assert not changed or warm == rendered(book, tmp_path / "cold", Cache()), what
        return made

    first = again("first", changed=False)
    assert (first.count("front"), first.count("margins"), first.count("text")) == (1, 1, 3)
    assert 3 <= first.count("settled") <= 6, "each with guesses first, and again where these were wrong"
    assert again("nothing", changed=False) == []
    change(book, 3, "第3章的注", "第三章的注")  # what stands once in the book: its ids count equals
    assert again("a word") == ["text"]
    (book / "images/other.png").write_bytes(picture(color="black"))
    made = again("a picture of three chapters")
    assert made.count("text") == 1
    assert {*made} == {"text", "settled"}
    change(book, 4, "- 一项", f"{PARAGRAPH * 40}\n\n- 一项")
    made = again("pages more, so that all behind them move")
    assert made.count("text") == 1
    assert {"front", "margins", "settled"} <= {*made}, "what says the number of a page that has moved"
    change(book, 4, f"{PARAGRAPH * 40}\n\n- 一项", "- 一项")
    laid.clear()
    rendered(book, tmp_path / "warm", cache)
    assert laid == [], "all is as it was, those parts too that were laid out until their numbers held"


def test_a_plan_knows_which_parts_were_laid_out_before(book, tmp_path):
    (tmp_path / "cache").mkdir()
    cache, project = Cache(tmp_path / "cache", "this program"), read_project(book)
    rendered(book, tmp_path / "first", cache)

    def unknown():
        """The parts of which a plan does not know that they were, each done when its turn comes."""
        publication = derive(project, read_manuscript(project), project.edition("zh-TW"), tmp_path / "scratch")
        plan = PdfRenderer().plan(publication, RenderContext(tmp_path / "again", cache=cache))
        found = []
        for step in plan.steps:
            before = [[None] * len(step.after)] if step.after else []
            if step.already and not step.already(*step.arguments, *before):
                assert step.function(*step.arguments, *before) is None
                found.append(step.key.part)
        shutil.rmtree(tmp_path / "again")
        return found

    assert unknown() == []
    change(book, 3, "第3章的注", "第三章的注")
    assert unknown() == ["2"]
    change(book, 4, "- 一项", f"{PARAGRAPH * 40}\n\n- 一项")
    assert {"3", settled_name(1), settled_name(4), settled_name(5)} & {*unknown()} >= {"3", settled_name(1)}


def beside_others(function, name, monkeypatch):
    """Have parts settled while all others are written: half of each is there."""
    step = getattr(steps, function)

    def settle_beside_others(job, number, *rest):
        known = rest[0] if function == "settle_text" else ()
        others = [job.folder / f"{name(one)}.part" for one in range(6) if one not in (number, *known)]
        before = {file: file.read_bytes() for file in others if file.exists()}
        for file in others:
            file.write_text("{", encoding="utf-8")
        failed = step(job, number, *rest)
        for file in others:
            file.unlink()
        for file, data in before.items():
            file.write_bytes(data)
        return failed

    monkeypatch.setattr(steps, function, settle_beside_others)


def test_parts_that_are_settled_at_once_read_nothing_of_each_other(book, tmp_path, monkeypatch):
    beside_others("settle_text", settled_name, monkeypatch)
    beside_others("settle_again", held_name, monkeypatch)
    rendered(book, tmp_path / "pages", Cache())


@pytest.mark.verify
def test_a_damaged_part_is_laid_out_again(book, tmp_path):
    (tmp_path / "cache").mkdir()
    cache = Cache(tmp_path / "cache", "this program")
    first = rendered(book, tmp_path / "one", cache)
    for number, file in enumerate(path for path in sorted((tmp_path / "cache/entries").rglob("*")) if path.is_file()):
        data = file.read_bytes()
        file.write_bytes(data[: len(data) // 2] if number % 2 else data[:-1] + bytes([data[-1] ^ 1]))
    assert rendered(book, tmp_path / "two", cache) == first
