"""The check of EPUBs: each code on a book that deserves it, and none on one that does not."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from publish.check import epub as checker
from publish.check.epub import validators
from publish.check.files import check_file
from publish.errors import PublishError, UsageError
from tests.tiny import ROOT, SETTINGS, call, make, write_book

XHTML = (
    '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops" lang="zh-Hant" xml:lang="zh-Hant">\n'
    "<head><title>甲</title></head>\n<body>{}</body>\n</html>\n"
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = """\
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="zh-Hant">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:isbn:9787302511649</dc:identifier>
<dc:title>甲</dc:title>
<dc:creator>乙</dc:creator>
<dc:language>zh-Hant</dc:language>
<meta property="dcterms:modified">2026-01-31T12:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityHazard">none</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>
<item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
<item id="css" href="book.css" media-type="text/css"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
</manifest>
<spine toc="ncx"><itemref idref="a"/></spine>
</package>
"""
NAV = XHTML.format(
    '<nav epub:type="toc"><ol><li><a href="a.xhtml">甲</a></li><li><a href="a.xhtml#s">節</a></li></ol></nav>'
    '<nav epub:type="landmarks"><ol><li><a epub:type="toc" href="nav.xhtml">目錄</a></li>'
    '<li><a epub:type="bodymatter" href="a.xhtml">正文</a></li></ol></nav>'
)
CALL = '<a id="r1" epub:type="noteref" href="#n1">1</a>'
NOTE = '<aside id="n1" epub:type="footnote"><p>註文。<a href="#r1">↩</a></p></aside>'
TEXT = (
    f'<h1>甲</h1><p>文{CALL}</p><section id="s"><h2>節</h2>'
    f'<figure><img src="cover.jpg" alt="圖"/></figure></section>{NOTE}'
)
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap><navPoint id="p"><navLabel>'
    '<text>甲</text></navLabel><content src="a.xhtml"/></navPoint></navMap></ncx>'
)


def image(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height)).save(out, "JPEG")
    return out.getvalue()


COVER = image(1600, 2560)
SOUND: dict[str, str | bytes] = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OPS/package.opf": PACKAGE,
    "OPS/nav.xhtml": NAV,
    "OPS/a.xhtml": XHTML.format(TEXT),
    "OPS/cover.jpg": COVER,
    "OPS/book.css": 'body { font-family: "Own", serif; line-height: 1.75 } h1 { color: red; font-size: 1.5em }',
    "OPS/toc.ncx": NCX,
}


def packed(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return path


def codes(path) -> list[str]:
    return sorted({one.code for one in checker.own_rules(path)})


def edited(name: str, *changes: tuple[str, str]) -> dict[str, str | bytes]:
    """The sound book with changes in one member."""
    text = str(SOUND[name])
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return SOUND | {name: text}


ROW_NCX = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>\n'
IDENTIFIER = '<dc:identifier id="id">urn:isbn:9787302511649</dc:identifier>'
HAZARD = '<meta property="schema:accessibilityHazard">none</meta>'


def with_row(href: str, name: str, data: bytes = b"", kind: str = "text/css") -> dict[str, str | bytes]:
    """The sound book with one item more."""
    row = f'<item id="more" href="{href}" media-type="{kind}"/>'
    return SOUND | {"OPS/package.opf": PACKAGE.replace(ROW_NCX, ROW_NCX + row), f"OPS/{name}": data}


OPF, A, CSS = "OPS/package.opf", "OPS/a.xhtml", "OPS/book.css"
BROKEN: dict[str, tuple[str, dict[str, str | bytes]]] = {
    "mimetype is not first": ("epub-mimetype", {key: SOUND[key] for key in reversed(SOUND)}),
    "a wrong mimetype": ("epub-mimetype", SOUND | {"mimetype": "application/zip"}),
    "no container": ("epub-package", {key: data for key, data in SOUND.items() if "META" not in key}),
    "a listed file is missing": ("epub-package", {key: data for key, data in SOUND.items() if key != CSS}),
    "broken XHTML": ("epub-xml", edited(A, ("</h1>", ""))),
    "an undefined entity": ("epub-xml", edited(A, ("甲</h1>", "&nbsp;</h1>"))),
    "a Han file name": ("epub-name", with_row("樣式.css", "樣式.css")),
    "a space in a file name": ("epub-name", with_row("a%20b.css", "a b.css")),
    "a file that the manifest does not list": ("epub-stray", SOUND | {"OPS/x.css": ""}),
    "a type that the name belies": ("epub-media-type", edited(OPF, ("text/css", "text/plain"))),
    "a type that the bytes belie": (
        "epub-media-type",
        SOUND | {"OPS/cover.jpg": COVER.replace(b"\xff\xd8\xff", b"\x89PNG", 1)},
    ),
    "no title": ("epub-metadata", edited(OPF, ("<dc:title>甲</dc:title>", ""))),
    "an empty creator": ("epub-metadata", edited(OPF, ("<dc:creator>乙", "<dc:creator> "))),
    "no identifier": ("epub-identifier", edited(OPF, (IDENTIFIER, ""))),
    "an ISBN with a wrong digit": ("epub-identifier", edited(OPF, ("9787302511649", "9787302511645"))),
    "a UUID that is none": ("epub-identifier", edited(OPF, ("urn:isbn:9787302511649", "urn:uuid:1"))),
    "no date of change": ("epub-modified", edited(OPF, ("2026-01-31T12:00:00Z", "2026-01-31"))),
    "EPUB 2": ("epub-version", edited(OPF, ('version="3.0"', 'version="2.0"'))),
    "no dc:language": ("epub-lang", edited(OPF, ("<dc:language>zh-Hant</dc:language>", ""))),
    "a document without a language": ("epub-lang", edited(A, (' lang="zh-Hant" xml:lang="zh-Hant"', ""))),
    "a document in another language": ("epub-lang", edited(A, ('"zh-Hant"', '"ja"'))),
    "lang and xml:lang differ": ("epub-lang", edited(A, (' lang="zh-Hant"', ' lang="zh-Hant-TW"'))),
    "no language tag": ("epub-lang", edited(A, ('"zh-Hant"', '"中文"'))),
    "an empty title": ("epub-title", edited(A, ("<title>甲</title>", "<title> </title>"))),
    "no cover": ("epub-cover", edited(OPF, (' properties="cover-image"', ""))),
    "a small cover": ("epub-cover", SOUND | {"OPS/cover.jpg": image(300, 480)}),
    "a damaged cover": ("epub-cover", SOUND | {"OPS/cover.jpg": COVER[:20]}),
    "no navigation document": ("epub-nav", edited(OPF, (' properties="nav"', ""))),
    "no contents": ("epub-nav", edited("OPS/nav.xhtml", ('epub:type="toc"><ol>', 'epub:type="lot"><ol>'))),
    "no landmarks": ("epub-landmarks", edited("OPS/nav.xhtml", ('epub:type="landmarks"', 'epub:type="loi"'))),
    "landmarks without the text": ("epub-landmarks", edited("OPS/nav.xhtml", (' epub:type="bodymatter"', ""))),
    "a heading that is not in the contents": ("epub-heading", edited(A, ('<section id="s">', '<section id="t">'))),
    "a link to no file": ("epub-link", edited(A, ("<p>文", '<p><a href="b.xhtml">乙</a>'))),
    "a link to no id": ("epub-link", edited(A, ("<p>文", '<p><a href="a.xhtml#x">乙</a>'))),
    "an address that is none": ("epub-remote", edited(A, ('src="cover.jpg"', 'src="http://["'))),
    "an image on another host": ("epub-remote", edited(A, ('src="cover.jpg"', 'src="https://a.example/a.png"'))),
    "a call that leads nowhere": ("epub-note-link", edited(A, ('href="#n1"', 'href="#n9"'))),
    "a call of another number": (
        "epub-note-link",
        edited(A, ("<p>註文。", '<ol><li value="2"><p>註文。'), ("</p></aside>", "</p></li></ol></aside>")),
    ),
    "a note without a way back": ("epub-note-back", edited(A, ('<a href="#r1">↩</a>', ""))),
    "a note that leads back elsewhere": ("epub-note-back", edited(A, ('href="#r1"', 'href="#s"'))),
    "a note without a text": ("epub-note-text", edited(A, ("註文。", ""))),
    "an image without alt": ("epub-alt", edited(A, (' alt="圖"', ""))),
    "a figure with an empty alt": ("epub-alt", edited(A, ('alt="圖"', 'alt=""'))),
    "no accessibility metadata": ("epub-a11y", edited(OPF, (HAZARD, ""))),
    "alternative texts claimed without images": (
        "epub-a11y-claim",
        edited(A, ('<img src="cover.jpg" alt="圖"/>', "<p/>")),
    ),
    "MathML claimed": ("epub-a11y-claim", edited(OPF, ("alternativeText", "MathML"))),
    "described formulas claimed": ("epub-a11y-claim", edited(OPF, ("alternativeText", "describedMath"))),
    "a page list claimed": ("epub-a11y-claim", edited(OPF, ("alternativeText", "pageNavigation"))),
    "images hidden": ("epub-a11y-claim", edited(OPF, ('<meta property="schema:accessMode">visual</meta>', ""))),
    "conformance without a certifier": (
        "epub-a11y-claim",
        edited(OPF, ("</metadata>", '<meta property="dcterms:conformsTo">EPUB Accessibility 1.1</meta></metadata>')),
    ),
    "WOFF2": ("epub-font", with_row("f.woff2", "f.woff2", b"wOF2", "font/woff2")),
    "an embedded font without a generic family": (
        "epub-font",
        edited(CSS, ('"Own", serif', '"Own"'), ("body", '@font-face { font-family: "Own"; src: url(cover.jpg) } body')),
    ),
    "a size in pixels": ("epub-size", edited(CSS, ("1.5em", "20px"))),
    "a line height in points": ("epub-size", edited(CSS, ("1.75", "18pt"))),
    "black text": ("epub-color", edited(CSS, ("body {", "body { color: black;"))),
    "a white page": (
        "epub-color",
        edited(CSS, ("body {", "@media screen { html, body { background-color: #fff } } body {")),
    ),
    "no NCX": (
        "epub-ncx",
        {key: data for key, data in edited(OPF, (ROW_NCX, "")).items() if key != "OPS/toc.ncx"},
    ),
    "an encrypted text": (
        "epub-encrypted",
        SOUND
        | {"META-INF/encryption.xml": '<encryption xmlns="urn:x"><CipherReference URI="OPS/a.xhtml"/></encryption>'},
    ),
}


def test_a_sound_book_has_no_finding(tmp_path):
    assert checker.own_rules(packed(tmp_path / "a.epub", SOUND)) == []


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_has_its_code(tmp_path, name):
    code, members = BROKEN[name]
    assert code in codes(packed(tmp_path / "a.epub", members))


SPARED = {
    "an ornament": edited(A, ("<p>文", '<p><img src="cover.jpg" alt=""/>文')),
    "a coloured note in a box of its own": edited(CSS, ("h1 {", "aside { color: #333; background-color: #eee }\nh1 {")),
    "colours that ask for the night": edited(
        CSS, ("h1 {", "@media (prefers-color-scheme: dark) { body { color: #fff } } h1 {")
    ),
    "inherited colours": edited(CSS, ("body {", "body { color: inherit;")),
    "a heading in a listed section": edited(
        A, ('<section id="s"><h2>', '<section id="s"><div><h2>'), ("</h2>", "</h2></div>")
    ),
    "a call whose paragraph has the id": edited(A, (CALL, CALL.replace(' id="r1"', "")), ("<p>文", '<p id="r1">文')),
    "a note called twice": edited(A, (CALL, f"{CALL} {CALL.replace('r1', 'r2')}")),
    "a UUID": edited(OPF, ("urn:isbn:9787302511649", "urn:uuid:01eeb188-4745-4071-a759-bf3c48c7589d")),
    "an ISBN-10": edited(OPF, ("9787302511649", "080442957X")),
    "a link to another host": edited(A, ("<p>文", '<p><a href="https://a.example/">文</a>')),
}


@pytest.mark.parametrize("name", SPARED)
def test_what_is_sound_is_spared(tmp_path, name):
    assert codes(packed(tmp_path / "a.epub", SPARED[name])) == []


def test_what_is_no_archive_has_one_finding(tmp_path):
    path = tmp_path / "a.epub"
    for data in (b"", b"not a book", packed(tmp_path / "b.epub", SOUND).read_bytes()[:-200]):
        path.write_bytes(data)
        assert codes(path) == ["epub-zip"]


def test_a_finding_names_book_member_and_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    [found] = checker.own_rules(packed(tmp_path / "a.epub", edited(A, (' alt="圖"', ""))))[:1]
    assert str(found.place) == "a.epub:OPS/a.xhtml:4"


def test_our_own_books_have_no_finding(tmp_path):
    settings = SETTINGS.replace("cover-image: images/cover.png\n", "").replace(
        "[zh-CN, zh-TW, zh-HK]", "{zh-CN: {epub: {fonts: embed}}, zh-TW: {}, zh-HK-v: {base: zh-HK, writing: vertical}}"
    )
    report = make(write_book(tmp_path / "book", {"book.yaml": settings}), tmp_path / "out", "epub")
    paths = [tmp_path / "out" / one.path for one in report.artifacts if one.path.endswith(".epub")]
    assert len(paths) == 3
    assert [(path, checker.own_rules(path)) for path in paths] == [(path, []) for path in paths]


def test_every_code_is_in_the_handbook_and_has_a_book_that_deserves_it():
    folder = Path(checker.__file__).parent
    made = set(re.findall(r'"(epub-[a-z0-9-]+)"', "".join(path.read_text("utf-8") for path in folder.glob("*.py"))))
    told = set(re.findall(r"^\| `(epub-[a-z0-9-]+)`", (ROOT / "source/14-check.md").read_text("utf-8"), re.MULTILINE))
    assert made == told
    assert made - {code for code, _ in BROKEN.values()} == {"epub-zip", "epub-validators"}, "tested on their own"


# --- the validators ---------------------------------------------------------------------------------------------------


def test_epubchecks_messages_are_findings_and_the_expected_usage_is_not(tmp_path):
    rows = [
        ("CSS-028", "USAGE", "@font-face", []),
        ("ACC-009", "USAGE", "math", []),
        ("RSC-005", "ERROR", "bad", [{"path": "OPS/a.xhtml", "line": 3}] * 2),
        ("PKG-010", "WARNING", "name", [{"path": "x", "line": -1}]),
    ]
    messages = [dict(zip(("ID", "severity", "message", "locations"), row, strict=True)) for row in rows]
    found = list(validators.epubcheck_findings(tmp_path / "a.epub", json.dumps({"messages": messages})))
    assert [(one.severity, one.problem) for one in found] == [
        ("note", "ACC-009: math"),
        ("error", "RSC-005: bad (and 1 more)"),
        ("warning", "PKG-010: name"),
    ]
    assert found[1].place.file.endswith("a.epub:OPS/a.xhtml")
    assert (found[1].place.line, found[2].place.line) == (3, 0)


def test_aces_violations_are_findings_one_a_kind(tmp_path):
    fail = {
        "earl:test": {"earl:impact": "serious", "dct:title": "image-alt"},
        "earl:result": {"earl:outcome": "fail", "dct:description": "no\n alt"},
    }
    passed = {**fail, "earl:result": {"earl:outcome": "pass"}}
    documents = [{"earl:testSubject": {"url": url}, "assertions": [fail, passed]} for url in ("a.xhtml", "b.xhtml")]
    [found] = validators.ace_findings(tmp_path / "a.epub", json.dumps({"assertions": documents}))
    assert (found.code, found.severity, found.problem) == ("ace", "error", "image-alt: no alt (and 1 more)")


def test_a_validator_that_is_not_installed_is_named_in_a_note(tmp_path, monkeypatch):
    monkeypatch.setattr(validators, "epubcheck_command", list)
    monkeypatch.setattr(validators, "ace_command", list)
    found = checker.check(packed(tmp_path / "a.epub", SOUND))
    assert [(one.code, one.severity) for one in found] == [("epub-validators", "note")] * 2


def test_a_validator_that_dies_is_named_too(tmp_path, monkeypatch):
    monkeypatch.setattr(validators, "epubcheck_command", lambda: ["false"])
    monkeypatch.setattr(validators, "ace_command", lambda: [str(tmp_path / "nothing")])
    found = validators.run(packed(tmp_path / "a.epub", SOUND))
    assert [one.problem for one in found] == ["EPUBCheck wrote no report", "Ace wrote no report"]


def test_no_validator_is_troubled_with_a_file_that_is_no_book(tmp_path, monkeypatch):
    monkeypatch.setattr(validators, "run", lambda _: pytest.fail("it was"))
    (tmp_path / "a.epub").write_text("no archive", encoding="utf-8")
    assert [one.code for one in checker.check(tmp_path / "a.epub")] == ["epub-zip"]


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_exits_1_on_findings_0_without_2_on_bad_usage(tmp_path):
    quiet = {"PATH": str(tmp_path)}  # no Java, no browser: only our own rules
    sound, broken = packed(tmp_path / "a.epub", SOUND), packed(tmp_path / "b.epub", edited(A, (' alt="圖"', "")))
    done = call("check", "--format", "epub", sound, env=quiet)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "a.epub: 0 findings")
    done = call("check", "-f", "epub", broken, "--json", env=quiet)
    rows = json.loads(done.stdout)["findings"]
    assert done.returncode == 1
    assert "epub-alt" in {row["code"] for row in rows}
    done = call("check", "-f", "epub", env=quiet, cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_a_file_that_is_not_there_or_of_no_checked_format_is_refused(tmp_path):
    with pytest.raises(PublishError, match="no such file"):
        check_file(tmp_path / "a.epub", "epub")
    with pytest.raises(UsageError, match="Choose from epub"):
        check_file(packed(tmp_path / "a.epub", SOUND), "mobi")
