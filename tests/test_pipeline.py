"""The spine: one reading, one derivation an edition, every renderer served; and what a build leaves in its folder."""

from __future__ import annotations

import importlib
import json

import pytest

from publish.build.request import Request
from publish.errors import MissingToolError, PublishError, UsageError
from publish.pipeline import build, check
from publish.source import pandoc
from tests.plug_ins import write_plug_in
from tests.tiny import FIRST, SETTINGS, command, everything, make, picture, state, write_book

SPY = """
from publish.render import Rendering

seen = []


class Spy:
    name = "spy"

    def render(self, publication, context):
        seen.append((publication, context))
        (context.folder / "spy.txt").write_text(publication.edition.key, encoding="utf-8")
        return Rendering(("spy.txt",))
"""


@pytest.fixture
def spy(plug_in):
    """A stranger's renderer that remembers what it was given."""
    plug_in("spy", SPY)
    return importlib.import_module("spy_renderer")


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "book")


def test_a_strangers_renderer_gets_one_publication_an_edition(book, tmp_path, spy):
    before = pandoc.starts.count
    report = make(book, tmp_path / "out", "spy", "html")
    keys = [publication.edition.key for publication, _ in spy.seen]
    assert keys == ["zh-CN", "zh-TW", "zh-HK"]
    assert [(tmp_path / f"out/{key}/spy.txt").read_text() for key in keys] == keys
    assert pandoc.starts.count - before == report.pandoc_starts == 4, "one start to read, one an edition to write"


def test_what_a_renderer_gets_is_converted_and_lacks_nothing(book, tmp_path, spy):
    make(book, tmp_path / "out", "spy", editions=("zh-TW",))
    [(publication, context)] = spy.seen
    assert publication.metadata.title == "小書"
    assert [chapter.title for chapter in publication.chapters] == ["頭髮", "軟件"]
    assert "「網絡」" in publication.chapters[0].xhtml
    assert "只在臺灣" in publication.chapters[1].xhtml
    assert 'data-format="pdf"' in publication.chapters[1].xhtml, "marks for formats are the renderer's to prune"
    assert len(publication.assets) == 2
    assert context.folder.is_relative_to(tmp_path / "out")
    assert not context.folder.exists(), "the staging is gone after the build"


@pytest.mark.usefixtures("spy")
def test_each_format_costs_no_start_of_pandoc(book, tmp_path):
    report = make(book, tmp_path / "out", "spy", "html", "epub", editions=("zh-CN",))
    assert report.pandoc_starts == 2


@pytest.mark.usefixtures("spy")
def test_an_unknown_format_lists_those_that_are_installed(book, tmp_path):
    with pytest.raises(UsageError, match="Choose from html, epub, pdf, spy"):
        make(book, tmp_path / "out", "docx")
    assert not (tmp_path / "out").exists()


def test_a_renderer_that_fails_leaves_the_output_as_it_was(book, tmp_path, spy, monkeypatch):
    out = tmp_path / "out"
    make(book, out, "spy")
    before = everything(out), state(out)

    def fail(*_):
        raise PublishError("no ink", "Buy some")

    monkeypatch.setattr(spy.Spy, "render", fail)
    with pytest.raises(PublishError, match="no ink"):
        make(book, out, "spy", "html")
    assert (everything(out), state(out)) == before


BROKEN = {
    "a missing chapter": ({"book.yaml": SETTINGS + "  - 03.md\n"}, "03.md"),
    "broken YAML": ({"book.yaml": "title: [小书\nlang: zh-CN\n"}, "is not closed by ]"),
    "a key twice": ({"book.yaml": SETTINGS + "title: 又一个\n"}, "twice"),
    "an unknown key": ({"book.yaml": SETTINGS + "titel: 又一个\n"}, 'Did you mean "title"'),
    "a missing image": ({"01.md": FIRST + "\n![图](images/none.png)\n"}, "none.png"),
    "a damaged image": ({"images/dot.png": picture()[:40]}, "dot"),
    "a file that is not UTF-8": ({"02.md": "# 软件".encode("gb18030")}, "not UTF-8"),
    "no text at all": ({"01.md": "", "02.md": ""}, "empty"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_bad_input_is_an_error_with_place_and_remedy_and_makes_nothing(name, tmp_path):
    files, words = BROKEN[name]
    if name == "a missing chapter":
        files = {"book.yaml": SETTINGS.replace("  - 01.md", "  - 03.md")}
    book = write_book(tmp_path / "book", files)
    with pytest.raises(PublishError) as caught:
        make(book, tmp_path / "deep/er/out", "html", strict=True)
    error = caught.value
    assert error.exit_code == 1
    assert words in str(error)
    assert "\n" not in str(error)
    assert error.place is not None
    assert error.remedy
    assert not (tmp_path / "deep").exists(), "folders made for a build that failed go with it"


@pytest.mark.parametrize("name", ["a missing image", "a file that is not UTF-8"])
def test_bad_input_leaves_an_earlier_build_byte_for_byte(name, book, tmp_path):
    out = tmp_path / "out"
    make(book, out, "html")
    before = everything(out), state(out)
    write_book(book, BROKEN[name][0])
    with pytest.raises(PublishError):
        make(book, out, "html", strict=True)
    assert (everything(out), state(out)) == before


def test_strict_refuses_every_warning_at_once_and_publishes_nothing(tmp_path):
    book = write_book(tmp_path / "book", {"01.md": FIRST + "\n[无处](#nowhere) 与 [无处](#elsewhere)\n"})
    with pytest.raises(PublishError, match=r"(?s)01\.md:13: .*nowhere.*01\.md:13: .*elsewhere") as caught:
        make(book, tmp_path / "out", "html", strict=True)
    assert caught.value.exit_code == 1
    assert not (tmp_path / "out").exists()
    report = make(book, tmp_path / "out", "html")
    assert [one.code for one in report.findings] == ["link-broken", "link-broken"]


WARY = """
from publish.errors import Place
from publish.findings import Finding
from publish.render import Rendering


class Wary:
    name = "wary"

    def render(self, publication, context):
        (context.folder / "wary.txt").write_text("")
        place = Place("01.md", 3)
        return Rendering(("wary.txt",), (Finding("ink-low", SEVERITY, place, "the ink is low", "Fill it up"),))
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_strict_refuses_a_warning_that_only_a_renderer_has_and_the_old_output_stays(book, tmp_path, jobs):
    out = tmp_path / "out"
    make(book, out, "html", editions=("zh-CN",))
    before = everything(out), state(out)
    site = write_plug_in(tmp_path / "site", "wary", WARY.replace("SEVERITY", '"warning"'))
    arguments = ("build", book, "-o", out, "-f", "wary", "-e", "zh-CN", "-j", jobs, "-q")
    refused = command(*arguments, "--strict", env={"PYTHONPATH": str(site)})
    assert (refused.returncode, refused.stderr) == (1, "error: 01.md:3: the ink is low. Fill it up.\n")
    assert (everything(out), state(out)) == before
    assert command(*arguments, env={"PYTHONPATH": str(site)}).returncode == 0
    assert (out / "zh-CN/wary.txt").is_file(), "without --strict it is told and built"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("[无处](#nowhere)", "link-broken", id="of the source"),
        pytest.param("<script>alert(1)</script>", "html-removed", id="of an edition"),
    ],
)
def test_strict_renders_nothing_of_a_book_with_a_warning(tmp_path, spy, text, code):
    book = write_book(tmp_path / "book", {"01.md": f"{FIRST}\n{text}\n"})
    assert [one.code for one in make(book, tmp_path / "out", "spy", editions=("zh-CN",)).findings] == [code]
    spy.seen.clear()
    with pytest.raises(PublishError, match=r"01\.md:13"):
        make(book, tmp_path / "out", "spy", editions=("zh-CN",), strict=True)
    assert spy.seen == [], "it is refused as soon as it is known"


def test_a_report_tells_findings_in_the_order_of_the_source_whoever_found_them(tmp_path, plug_in):
    plug_in("wary", WARY.replace("SEVERITY", '"note"').replace('Place("01.md", 3)', 'Place(".", 3)'))
    book = write_book(tmp_path / "book", {"01.md": f"{FIRST}\n[无处](#nowhere)\n"})
    found = make(book, tmp_path / "out", "wary", editions=("zh-CN",)).findings
    assert {one.code for one in found} == {"ink-low", "link-broken"}
    assert [one.place for one in found] == sorted(one.place for one in found)


def test_strict_lets_a_renderers_note_pass(book, tmp_path, plug_in):
    plug_in("wary", WARY.replace("SEVERITY", '"note"'))
    report = make(book, tmp_path / "out", "wary", editions=("zh-CN",), strict=True)
    assert [one.code for one in report.findings] == ["ink-low"]


def test_a_missing_pandoc_is_a_missing_tool(book, tmp_path, monkeypatch):
    monkeypatch.setenv("PYPANDOC_PANDOC", str(tmp_path / "pandoc"))
    monkeypatch.setattr("pypandoc.__pandoc_path", None)
    with pytest.raises(MissingToolError, match="pandoc is not installed") as caught:
        make(book, tmp_path / "out", "html")
    assert caught.value.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_missing_pango_is_a_missing_tool(book, tmp_path, monkeypatch):
    monkeypatch.setattr("publish.weasy.layout._missing", OSError("cannot load library 'libpango'"))
    with pytest.raises(MissingToolError, match="Pango") as caught:
        make(book, tmp_path / "out", "pdf", editions=("zh-CN",))
    assert caught.value.exit_code == 2
    assert make(book, tmp_path / "out", "html", editions=("zh-CN",)).artifacts, "other formats need no Pango"


def test_a_partial_build_replaces_only_what_it_targets(book, tmp_path):
    out = tmp_path / "out"
    make(book, out, "html", "epub")
    first, manifest = state(out), json.loads((out / "manifest.json").read_text())
    write_book(book, {"01.md": FIRST.replace("正文。", "新的正文。")})
    make(book, out, "epub", editions=("zh-TW",))
    second, after = state(out), json.loads((out / "manifest.json").read_text())
    changed = {path for path in first if first[path] != second[path]}
    assert changed == {"zh-TW/tiny.epub", "zh-TW/text.json", "manifest.json"} | (changed & {"index.html"})
    assert set(first) == set(second)
    assert {row["path"] for row in after["artifacts"]} == {row["path"] for row in manifest["artifacts"]}
    assert set(after["editions"]) == {"zh-CN", "zh-TW", "zh-HK"}
    index = (out / "index.html").read_text()
    assert all(f"{key}/tiny.epub" in index and f"{key}/html/index.html" in index for key in after["editions"])


def test_a_renamed_chapter_takes_its_old_page_along_and_a_readers_file_stays(book, tmp_path):
    out = tmp_path / "out"
    make(book, out, "html")
    mine = out / "zh-CN/html/mine.txt"
    mine.write_text("my own")
    (book / "02.md").rename(book / "03.md")
    write_book(book, {"02.md": None, "book.yaml": SETTINGS.replace("02.md", "03.md"), "01.md": "# 甲\n"})
    make(book, out, "html", editions=("zh-CN",))
    assert (out / "zh-CN/html/03.html").is_file()
    assert not (out / "zh-CN/html/02.html").exists()
    assert (out / "zh-TW/html/02.html").is_file(), "another edition stays as it was built"
    assert mine.read_text() == "my own"


def test_the_pages_of_a_kept_pdf_stay_in_the_manifest(book, tmp_path):
    out = tmp_path / "out"
    make(book, out, "html", editions=("zh-CN",))
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["editions"]["zh-CN"] |= {"pages": 9, "fonts": {"Noto": "1.0"}}
    (out / "manifest.json").write_text(json.dumps(manifest))
    make(book, out, "epub", editions=("zh-CN",))
    row = json.loads((out / "manifest.json").read_text())["editions"]["zh-CN"]
    assert (row["pages"], row["fonts"]) == (9, {"Noto": "1.0"})


def test_a_check_makes_no_file_and_finds_what_a_build_finds(tmp_path):
    book = write_book(tmp_path / "book", {"02.md": "# 乙 {#second}\n\n[无处](#nowhere)\n"})
    before = everything(tmp_path)
    _, findings = check(book)
    assert [one.code for one in findings] == ["link-broken"]
    assert everything(tmp_path) == before


@pytest.mark.parametrize(("number", "told"), [(28, "cannot write or read a file: full"), (None, "a bug")])
def test_a_disk_that_is_full_is_told_and_a_fault_of_ours_is_not_hidden(tmp_path, monkeypatch, number, told):
    book = write_book(tmp_path / "book", {"book.md": "---\ntitle: 书\n---\n\n# 一\n\n文。\n"})

    def refuse(*_: object) -> None:
        raise OSError(number, "full") if number else OSError("a bug")

    monkeypatch.setattr("publish.build.steps.write_record", refuse)
    with pytest.raises(PublishError if number else OSError, match=told):
        build(Request(book / "book.md", tmp_path / "out", ("zh-TW",), ("html",), 1))
    assert not [*(tmp_path / "out").glob("*")]
