"""What the preview's page gets: what stands, the book's files, the pages of a PDF, the editor at a finding's line."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image
from starlette.testclient import TestClient

from publish.serve.builder import Builder, PreviewTarget
from publish.serve.editor import Editor
from publish.serve.guard import TOKEN, Keys
from publish.serve.preview import Preview
from publish.serve.server import guarded
from tests.serve.test_builder import watched
from tests.tiny import FIRST, write_book

PORT = 4321
KEYS = Keys("the-token", "the-key")
READ = "/read/the-key/"
TARGET, PDF = PreviewTarget("zh-CN", "html"), PreviewTarget("zh-CN", "pdf")


@pytest.fixture
def book(tmp_path, monkeypatch):
    book = write_book(tmp_path / "book", {"01.md": FIRST + "\n[断](#none)\n"})
    monkeypatch.chdir(tmp_path)
    return book


@pytest.fixture
def builder(book, tmp_path):
    one = Builder(book, tmp_path / "scratch")
    one.start()
    yield one
    one.close()


def is_red(pixel):
    return pixel[0] > 200 and pixel[1] < 60


def visit(builder, editor=None):
    """A client that comes as the page of this run."""
    app = guarded(Preview(builder, KEYS, editor).routes(), KEYS, PORT)
    own = f"http://127.0.0.1:{PORT}"
    return TestClient(app, base_url=own, headers={TOKEN: KEYS.token, "Origin": own})


def test_the_page_its_style_and_its_script_ask_no_other_host(builder):
    client = visit(builder)
    for path in ("/", "/serve.css", "/serve.js"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "http:" not in answer.text
        assert "https:" not in answer.text
        assert KEYS.token not in answer.text


def test_the_page_learns_its_key_and_what_to_show_first(builder):
    assert visit(builder).get("/api/start").json() == {"key": "the-key", "edition": "zh-CN", "format": "html"}


def test_what_stands_is_told_with_the_way_to_each_finding(builder, book):
    with watched(builder, TARGET):
        state = Preview(builder, KEYS, Editor("x", url="x://open{file}:{line}")).state([TARGET])
    assert state["title"] == "小书"
    assert [(one["key"], [each["name"] for each in one["formats"]]) for one in state["editions"]] == [
        ("zh-CN", ["html", "epub", "pdf"]),
        ("zh-TW", ["html", "epub", "pdf"]),
        ("zh-HK", ["html", "epub", "pdf"]),
    ]
    told = state["targets"]["html"]
    assert (told["number"], told["home"], told["failure"]) == (1, "zh-CN/html/index.html", None)
    [broken] = [one for one in told["findings"] if one["code"] == "link-broken"]
    line = FIRST.count("\n") + 2
    assert (broken["file"], broken["line"]) == ("book/01.md", line)
    assert broken["href"] == f"x://open{(book / '01.md').as_posix()}:{line}"
    json.dumps(state)


def test_an_error_stands_beside_the_page_of_the_last_good_build(builder, book):
    client = visit(builder)
    with watched(builder, TARGET) as settle:
        (book / "book.yaml").write_text("titel: x\n", encoding="utf-8")
        builder.touch()
        settle()
        state = Preview(builder, KEYS).state([TARGET])
    assert state["failure"]["line"] == 1
    assert state["targets"]["html"]["failure"] == state["failure"]
    assert "头" in client.get(f"{READ}book/zh-CN/html/01.html").text


def test_the_builds_files_are_served_and_nothing_outside_of_them(builder, tmp_path):
    client = visit(builder)
    with watched(builder, TARGET):
        assert client.get(f"{READ}book/zh-CN/html/index.html").headers["Content-Type"].startswith("text/html")
        assert "javascript" in client.get(f"{READ}book/zh-CN/html/assets/web.js").headers["Content-Type"]
        (tmp_path / "scratch/secret").write_text("x", encoding="utf-8")
        for path in ("../secret", "%2e%2e/secret", "..%2fsecret", "%2Fetc%2Fpasswd", "zh-CN", "zh-CN/html/none.html"):
            answer = client.get(f"{READ}book/{path}")
            assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")


def test_an_epub_is_shown_document_by_document_in_the_order_of_reading(builder):
    client, target = visit(builder), PreviewTarget("zh-CN", "epub")
    with watched(builder, target):
        spine = Preview(builder, KEYS).state([target])["targets"]["epub"]["spine"]
        pages = [client.get(f"{READ}book/{path}") for path in spine]
        assert {one.headers["Content-Type"] for one in pages} == {"application/xhtml+xml"}
        texts = [one.text for one in pages]
        first = next(number for number, text in enumerate(texts) if 'id="hair"' in text)
        assert any('id="second"' in text for text in texts[first + 1 :])
        inside = spine[first].rpartition("/")[0]
        style = texts[first].partition('rel="stylesheet"')[2].partition('href="')[2].partition('"')[0]
        assert client.get(f"{READ}book/{inside}/{style}").headers["Content-Type"].startswith("text/css")
        for path in (f"{inside}/none.xhtml", "zh-CN/tiny.epub!/../../secret", "zh-CN/text.json!/x"):
            assert client.get(f"{READ}book/{path}").status_code == 404


def test_a_pdf_is_shown_by_its_pages_with_the_place_of_each_paragraph(builder):
    client = visit(builder)
    with watched(builder, PDF):
        told = client.get("/api/paper", params={"edition": "zh-CN", "format": "pdf"}).json()
        assert [told["chapters"][told["places"][name][2]] for name in ("hair", "second")] == ["01", "02"]
        page, share, _ = told["places"]["fig-dot"]
        assert 0 < share < 1
        [width, height] = told["sheets"][page]
        image = Image.open(io.BytesIO(client.get(f"{READ}sheet/zh-CN/pdf/{page}.png?width=400").content))
        assert image.width == pytest.approx(400, abs=1)
        assert image.height == pytest.approx(400 * height / width, abs=1)
        red = [y for y in range(image.height) for x in range(image.width) if is_red(image.getpixel((x, y)))]
        assert 0 <= red[0] / image.height - share < 0.04  # the red picture stands where the figure is said to begin
        assert client.get(f"{READ}sheet/zh-CN/pdf/{len(told['sheets'])}.png").status_code == 404
    assert client.get(f"{READ}sheet/zh-TW/pdf/0.png").status_code == 404
    assert client.get("/api/paper", params={"edition": "../..", "format": "pdf"}).status_code == 404


def test_the_editor_opens_files_of_the_book_only(builder, book, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(Editor, "start", lambda _self, file, line: opened.append((file, line)))
    client = visit(builder, Editor("x", ("x", "{file}")))
    assert client.post("/api/open", json={"file": "book/01.md", "line": 3}).json() == {"opened": True}
    (tmp_path / "other.md").write_text("x", encoding="utf-8")
    for name in ("other.md", "book/../other.md", "/etc/passwd", "book/none.md", "book"):
        assert client.post("/api/open", json={"file": name, "line": 1}).status_code == 404
    for line in ("1; rm", True, 1.5):
        assert client.post("/api/open", json={"file": "book/01.md", "line": line}).status_code == 400
    assert opened == [(book / "01.md", 3)]
    assert visit(builder).post("/api/open", json={"file": "book/01.md", "line": 3}).status_code == 422
