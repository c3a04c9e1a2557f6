"""The last build: told again where nothing has changed, made again whatever has."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from dataclasses import replace

import pytest
from PIL import Image

from publish.build import inputs
from publish.build.last import check_request, recall, slot, was_built
from publish.build.notebook import open_notebook
from publish.build.request import Request
from publish.cache import open_cache
from publish.errors import PublishError
from publish.parity import gate
from publish.parity.expected import expected as outline
from publish.pipeline import build, check
from tests.tiny import FIRST, SETTINGS, command, make, picture, state, write_book

GLOSSARY = "terms:\n  网络: {zh-TW: 網際網路}\n"


@pytest.fixture
def request_(tmp_path):
    """The request of a book that has just been built, for the web."""
    book = write_book(
        tmp_path / "book",
        {"glossary.yaml": GLOSSARY, "style.css": "p {}", "book.yaml": SETTINGS + "css: [style.css]\n"},
    )
    asked = Request(book, tmp_path / "out", ("zh-TW",), ("html",), 1)
    build(asked)
    return asked


def test_where_nothing_has_changed_the_same_is_told_and_nothing_is_written(request_):
    request = replace(request_, output=request_.output.with_name("other"))
    report = build(request)
    before = state(request.output)
    told, reason = recall(request)
    assert not reason
    assert (told.artifacts, told.targets, told.findings) == (report.artifacts, report.targets, report.findings)
    assert told.pandoc_starts == 0
    assert state(request.output) == before


def test_a_file_that_was_only_touched_is_the_same(request_):
    for path in (request_.source / "01.md", request_.output / "index.html", request_.source / "images/dot.png"):
        os.utime(path, (0, 0))
    assert recall(request_)[0]


CHANGES = {
    "a text": {"01.md": FIRST + "\n再一段。\n"},
    "a text of the same length": {"01.md": FIRST.replace("正文", "正字")},
    "a term": {"glossary.yaml": GLOSSARY.replace("網際", "互聯")},
    "a style sheet": {"style.css": "p { color: red }"},
    "an image": {"images/dot.png": picture(color="green")},
    "an image of one edition": {"images/dot.zh-TW.png": picture(color="green")},
    "the cover": {"images/cover.png": picture(color="green")},
    "a setting": {"book.yaml": SETTINGS.replace("小书", "大书") + "css: [style.css]\n"},
    "a decision": {"decisions.yaml": "[]\n"},
    "a locked picture": {"images.lock.yaml": "pictures: []\n"},
    "another file that may be part of it": {"03.md": "# 三\n"},
    "an image of a strange name": {"images/dot": picture()},
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_the_book_is_a_reason_to_build(request_, what):
    book = request_.source
    if what == "an image of a strange name":
        (book / "01.md").write_text(FIRST.replace("dot.png", "dot"))
        (book / "images/dot").write_bytes(picture(color="blue"))
        build(request_)
        assert recall(request_)[0]
    write_book(
        book, {"book.yaml": SETTINGS + "css: [style.css]\n", "01.md": (book / "01.md").read_text()} | CHANGES[what]
    )
    told, reason = recall(request_)
    assert told is None
    assert reason.startswith("the book has changed: ")


def test_a_file_that_is_gone_or_comes_is_a_reason(request_):
    (request_.source / "images/dot.png").unlink()
    assert recall(request_)[0] is None
    assert [one.code for one in build(request_).findings] == ["img-missing"]
    told, _ = recall(request_)
    assert [one.code for one in told.findings] == ["img-missing"], "told again"
    (request_.source / "images/dot.png").write_bytes(picture())
    assert recall(request_)[0] is None


def test_a_chapter_that_comes_into_a_folder_without_settings_is_a_reason(tmp_path):
    request = Request(write_book(tmp_path / "book", {"book.yaml": None}), tmp_path / "out", ("zh-TW",), ("epub",), 1)
    build(request)
    assert recall(request)[0]
    (request.source / "03.md").write_text("# 三\n")
    assert recall(request)[0] is None


def test_of_a_single_file_what_it_names_counts_and_its_neighbours_do_not(tmp_path):
    article = tmp_path / "a.md"
    article.write_text("---\ntitle: 文\nlang: zh-CN\n---\n\n![图](dot.png)\n\n![图](gone.png)\n")
    (tmp_path / "dot.png").write_bytes(picture())
    request = Request(article, tmp_path / "out", ("zh-TW",), ("epub",), 1)
    build(request)
    (tmp_path / "b.md").write_text("# 別的\n")
    assert recall(request)[0]
    for name in ("gone.png", "dot.zh-TW.png", "glossary.yaml", "a.decisions.yaml"):
        build(request)
        assert recall(request)[0]
        (tmp_path / name).write_bytes(picture() if name.endswith("png") else b"")
        assert recall(request)[0] is None, name


CODE = '# 一\n\n``` {.python include="code/a.py" lines="1-2"}\n```\n'
OWN_PACK = (
    "description: ours\nsource: ours\nlicence: ours\nterms:\n  - when: always\n    why: ours\n"
    "    terms: {盒饭: {zh-TW: %s}}\n"
)
SINGLE = "---\ntitle: 文\nlang: zh-CN\n---\n\n" + CODE


def page_of(request):
    return next((request.output / "zh-TW").glob("html/*01*.html")).read_text(encoding="utf-8")


def test_code_taken_from_a_file_of_the_book_is_taken_again_when_it_changes(tmp_path):
    book = write_book(tmp_path / "book", {"01.md": CODE, "02.md": "# 二\n", "code/a.py": "a = 1\nb = 2\n"})
    request = Request(book, tmp_path / "out", ("zh-TW",), ("html",), 1)
    build(request)
    assert recall(request)[0]
    (book / "code/a.py").write_text("a = 7\nb = 2\n")
    told, reason = recall(request)
    assert (told, reason.startswith("the book has changed: ")) == (None, True)
    build(request)
    assert "7" in page_of(request)
    assert recall(request)[0]
    (book / "code/a.py").unlink()
    assert recall(request)[0] is None
    with pytest.raises(PublishError, match="not found"):
        build(request)


def test_code_of_a_single_file_counts_and_so_does_code_behind_a_link(tmp_path):
    (tmp_path / "code").mkdir()
    for name, text in (("one", "a = 1\n\n"), ("two", "a = 2\n\n")):
        (tmp_path / "code" / name).write_text(text)
    (tmp_path / "code/a.py").symlink_to("one")
    (tmp_path / "a.md").write_text(SINGLE)
    request = Request(tmp_path / "a.md", tmp_path / "out", ("zh-TW",), ("html",), 1)
    build(request)
    assert recall(request)[0]
    (tmp_path / "code/a.py").unlink()
    (tmp_path / "code/a.py").symlink_to("two")
    assert recall(request)[0] is None


def test_a_picture_that_is_made_smaller_is_made_again_when_it_changes(tmp_path):
    book = write_book(tmp_path / "book", {"images/dot.png": _large("red")})
    request = Request(book, tmp_path / "out", ("zh-TW",), ("epub",), 1)
    before = {one.path: one.sha256 for one in build(request).artifacts if one.format == "epub"}
    assert recall(request)[0]
    (book / "images/dot.png").write_bytes(_large("green"))
    assert recall(request)[0] is None
    after = {one.path: one.sha256 for one in build(request).artifacts if one.format == "epub"}
    assert before.keys() == after.keys()
    assert before != after


def _large(color):
    out = io.BytesIO()
    Image.new("RGB", (4000, 3000), color).save(out, "PNG")
    return out.getvalue()


def test_the_copy_of_a_locked_picture_counts_whatever_its_name(tmp_path):
    copy = picture()
    lock = f"images:\n- url: https://example.org/a\n  file: kept/a.bin\n  sha256: {hashlib.sha256(copy).hexdigest()}\n"
    files = {"images.lock.yaml": lock, "kept/a.bin": copy, "01.md": "# 一\n\n![图](https://example.org/a)\n"}
    book = write_book(tmp_path / "book", files | {"02.md": "# 二\n"})
    request = Request(book, tmp_path / "out", ("zh-TW",), ("html",), 1)
    build(request)
    assert recall(request)[0]
    (book / "kept/a.bin").unlink()
    assert recall(request)[0] is None


def test_a_term_pack_outside_of_the_book_counts(tmp_path):
    pack = tmp_path / "ours.yaml"
    pack.write_text(OWN_PACK % "便當")
    book = write_book(tmp_path / "book", {"book.yaml": SETTINGS + "terms: [../ours.yaml]\n"})
    request = Request(book, tmp_path / "out", ("zh-TW",), ("html",), 1)
    build(request)
    assert recall(request)[0]
    pack.write_text(OWN_PACK % "餐盒")
    assert recall(request)[0] is None


@pytest.mark.parametrize("name", ["code/a.py", "images/dot.png"])
def test_what_goes_while_a_build_that_took_it_goes_on_is_not_noted(tmp_path, name):
    article = tmp_path / "a.md"
    article.write_text(SINGLE + "\n![图](images/dot.png)\n")
    for path, data in (("code/a.py", b"a = 1\n\n"), ("images/dot.png", picture())):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_bytes(data)
    request = Request(article, tmp_path / "out", ("zh-TW",), ("html",), 1)

    def go(event):
        if event.step.endswith("html"):
            (tmp_path / name).unlink()

    build(request, go)
    assert recall(request)[0] is None


def test_where_no_note_can_be_written_books_are_built_each_time(tmp_path):
    book = write_book(tmp_path / "book", {".publish-cache": "mine"})
    request = Request(book, tmp_path / "out", ("zh-TW",), ("html",), 1)
    assert build(request).artifacts
    assert recall(request)[0] is None
    assert (book / ".publish-cache").read_text() == "mine"


def test_the_note_of_another_version_is_no_note(request_):
    open_cache(request_.source).note(slot(request_), {"around": {}})
    assert recall(request_)[0] is None
    build(request_)
    assert recall(request_)[0]


def test_a_style_outside_of_the_book_counts(tmp_path):
    style, words = tmp_path / "house.yaml", "description: ours\nextends: zh-TW\ncharacters: {臺: %s}\n"
    style.write_text(words % "台")
    settings = SETTINGS.replace("[zh-CN, zh-TW, zh-HK]", "{zh-TW: {style: ../house.yaml}}")
    request = Request(write_book(tmp_path / "book", {"book.yaml": settings}), tmp_path / "out", (), ("html",), 1)
    build(request)
    assert recall(request)[0]
    style.write_text(words % "枱")
    assert recall(request)[0] is None


def test_what_has_become_of_the_output_is_a_reason(request_):
    page = request_.output / "zh-TW/html/index.html"
    page.write_text("mine")
    told, reason = recall(request_)
    assert told is None
    assert reason.startswith("the output has changed: ")
    build(request_)
    assert recall(request_)[0]
    page.unlink()
    assert recall(request_)[0] is None
    build(request_)
    make(request_.source, request_.output, "epub", editions=("zh-TW",))
    assert recall(request_)[0] is None, "its index leads to more"
    shutil.rmtree(request_.output)
    assert recall(request_)[0] is None


SURROUNDINGS = {
    "another version of a tool": ("packages", lambda: ["weasyprint-71.0.dist-info"]),
    "another day that a build states": ("environment", lambda: {"SOURCE_DATE_EPOCH": "86400"}),
    "another set of fonts": ("font_files", list),
    "fonts that nobody can tell": ("font_files", lambda: None),
    "other code of ours": ("program_files", lambda _plug_ins: []),
    "another library": ("libraries", list),
}


@pytest.mark.parametrize("what", SURROUNDINGS)
def test_what_surrounds_a_build_is_a_reason(request_, monkeypatch, what):
    assert recall(request_)[0]
    monkeypatch.setattr(inputs, *SURROUNDINGS[what])
    assert recall(request_)[0] is None


def test_a_font_file_that_was_changed_in_its_place_is_a_reason(request_, monkeypatch, tmp_path):
    font = tmp_path / "font.otf"
    font.write_bytes(b"old")
    monkeypatch.setattr(inputs, "font_files", lambda: [str(font)])
    build(request_)
    assert recall(request_)[0]
    font.write_bytes(b"new")
    assert recall(request_)[0] is None


def test_only_a_book_that_was_built_before_is_one(request_):
    assert was_built(request_)
    (request_.source / "01.md").write_text("# 新\n", encoding="utf-8")
    assert was_built(request_), "which may have changed since"
    assert open_notebook(request_).again
    for other in ({"formats": ("epub",)}, {"cache": False}):
        assert not was_built(replace(request_, **other))
        assert not open_notebook(replace(request_, **other)).is_warm


def test_another_request_is_another_build(request_):
    for other in ({"formats": ("html", "epub")}, {"editions": ()}, {"output": request_.output / "other"}):
        assert recall(replace(request_, **other))[0] is None
    assert recall(replace(request_, jobs=4))[0], "jobs make no difference"
    assert recall(replace(request_, cache=False))[0] is None


def test_a_build_that_told_a_warning_is_made_again_where_warnings_are_errors(request_):
    (request_.source / "images/dot.png").unlink()
    build(request_)
    assert recall(request_)[0]
    assert recall(replace(request_, strict=True))[0] is None


def test_a_damaged_note_is_no_note(request_):
    for file in (request_.source / ".publish-cache/slots").iterdir():
        file.write_bytes(file.read_bytes()[:-5])
    assert recall(request_)[0] is None


def test_a_book_that_changes_while_it_is_built_is_not_noted(request_):
    def change(*_):
        (request_.source / "01.md").write_text(FIRST + "\n新。\n")

    (request_.source / "02.md").write_text("# 二\n")
    build(request_, change)
    assert recall(request_)[0] is None


def test_the_command_tells_the_same_and_starts_nothing(tmp_path):
    book = write_book(tmp_path / "book")
    (book / "images/dot.png").unlink()
    first, second = (command("build", book, "-o", tmp_path / "out", "-f", "epub", "-j", 1) for _ in range(2))
    assert (second.returncode, second.stdout) == (0, first.stdout)
    assert "img-missing" in second.stderr
    assert "read" not in second.stderr
    data = json.loads(command("build", book, "-o", tmp_path / "out", "-f", "epub", "--json").stdout)
    assert data["pandoc-starts"] == 0
    assert len(data["artifacts"]) == 6
    assert "read" in command("build", book, "-o", tmp_path / "out", "-f", "epub", "-j", 1, "--no-cache").stderr


def test_no_cache_leaves_no_trace(tmp_path):
    make(write_book(tmp_path / "book"), tmp_path / "out", "epub", editions=("zh-TW",), cache=False)
    assert not (tmp_path / "book/.publish-cache").exists()


# --- a check ----------------------------------------------------------------------------------------------------------


def checked(book):
    """What is recalled of the last check of a book."""
    return recall(check_request(book, ("zh-TW",)))


def test_a_check_of_what_has_not_changed_tells_the_same_findings_again(request_):
    (request_.source / "images/dot.png").unlink()
    _, found = check(request_.source, ("zh-TW",))
    assert found
    told, reason = checked(request_.source)
    assert (told.findings, told.title, reason) == (found, "小书", "")


@pytest.mark.parametrize("what", CHANGES)
def test_a_check_is_made_again_where_the_book_has_changed(request_, what):
    check(request_.source, ("zh-TW",))
    assert checked(request_.source)[0]
    files = {"book.yaml": SETTINGS + "css: [style.css]\n", "01.md": (request_.source / "01.md").read_text()}
    write_book(request_.source, files | CHANGES[what])
    assert checked(request_.source)[0] is None or what == "an image of a strange name"


def test_a_check_of_what_was_never_built_leaves_nothing_beside_the_book(tmp_path):
    book = write_book(tmp_path / "book", {})
    check(book, ("zh-TW",))
    assert checked(book)[0] is None
    assert not (book / ".publish-cache").exists()


def test_a_build_does_not_stand_for_a_check(request_):
    assert checked(request_.source)[0] is None


def test_a_check_after_a_change_compares_only_what_has_changed_and_finds_the_same(request_, monkeypatch):
    files = {"02.md": "# 二 {#second}\n\n他披着链甲。\n\n一副链甲。\n"}
    write_book(request_.source, {"glossary.yaml": GLOSSARY, "style.css": "", "book.yaml": SETTINGS} | files)
    before = check(request_.source)[1]
    write_book(request_.source, {"book.yaml": SETTINGS, "01.md": FIRST + "\n再一段。\n"} | files)
    read: list[str] = []
    monkeypatch.setattr(gate, "expected", lambda one, rules: read.append(one.key) or outline(one, rules))
    warm = check(request_.source)[1]
    assert set(read) == {"01"}
    shutil.rmtree(request_.source / ".publish-cache")
    assert check(request_.source)[1] == warm
    assert any(one.code.startswith("parity-") for one in before), [one.code for one in before]
