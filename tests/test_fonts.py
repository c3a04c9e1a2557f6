"""Fonts: the face of a region, whether it may be copied, and what is left of it when it is cut to a text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publish import fonts
from publish.regions import REGIONS
from publish.render.epub import fonts as epub_fonts
from tests.render.epub.test_renderer import dc, meta, opened, package
from tests.tiny import SETTINGS, make, write_book

installed = pytest.mark.skipif(
    not fonts.find(("Noto Serif CJK SC",), "bold"), reason="Noto Serif CJK is not installed as fontconfig knows it"
)
RARE = "𠮷"  # U+20BB7, in Extension B


@pytest.fixture(scope="module")
def gb2312() -> list[int]:
    """The 3,755 commonest Han of GB 2312, of which the first 3,000 are a large book's."""
    pairs = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return [ord(pair.decode("gb2312")) for pair in pairs if pair < b"\xd7\xfa"]


@installed
def test_a_chinese_face_for_code_has_lines_as_wide_as_han():
    assert fonts.full_width(("None Such", "Noto Sans Mono CJK SC"), "0─│a") == {"─", "│"}
    assert fonts.full_width(("None Such",), "─") == frozenset()


@installed
def test_each_region_has_its_own_face_of_the_collection():
    faces = {key: fonts.find(REGIONS[key].fonts.body, "regular")[0] for key in ("zh-CN", "zh-TW", "zh-HK")}
    assert [face.family[-2:] for face in faces.values()] == ["SC", "TC", "HK"]
    cut = {key: fonts.subset(face, map(ord, "骨直返")) for key, face in faces.items()}
    assert len(set(cut.values())) == 3, "glyphs of three regions"


@installed
def test_a_subset_has_the_texts_characters_its_licence_and_the_same_bytes(tmp_path):
    [face, *_] = fonts.find(("Noto Serif CJK SC",), "regular")
    data = fonts.subset(face, map(ord, "发头发，"))
    assert data == fonts.subset(face, map(ord, "，发头"))
    path = tmp_path / "cut.otf"
    path.write_bytes(data)
    cut = fonts.Face(path, 0, "Noto Serif CJK SC", 400)
    assert fonts.covered(cut) == set(map(ord, "发头，"))
    assert "OFL" in fonts.credit(cut).licence
    twice = fonts.credit_line([fonts.credit(cut), fonts.credit(cut)])
    assert twice == "Noto Serif CJK SC、Noto Serif CJK SC（SIL Open Font License 1.1）"
    assert "Adobe" in fonts.credit(cut).copyright


@installed
@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_three_thousand_characters_weigh_less_than_a_megabyte(gb2312, weight):
    [face, *_] = fonts.find(("Noto Serif CJK SC",), weight)
    assert len(fonts.subset(face, gb2312[:3000])) < 1_000_000


@installed
def test_a_free_face_may_be_embedded_and_a_file_that_is_no_font_may_not(tmp_path):
    [face, *_] = fonts.find(("Noto Serif CJK SC",), "regular")
    assert fonts.may_be_embedded(face, chosen=False)
    no_font = tmp_path / "x.ttf"
    no_font.write_bytes(b"nothing")
    assert not fonts.may_be_embedded(fonts.Face(no_font, 0, "X", 400), chosen=True)


@installed
def test_a_face_without_a_free_licence_goes_in_only_where_the_author_names_it(tmp_path):
    import uharfbuzz as hb

    [face, *_] = fonts.find(("Noto Serif CJK SC",), "regular")
    wanted = hb.SubsetInput()
    wanted.unicode_set.add(ord("发"))
    wanted.name_id_set.clear()
    wanted.name_id_set.update((1, 2))
    path = tmp_path / "own.otf"
    path.write_bytes(hb.subset(hb.Face(hb.Blob.from_file_path(str(face.path)), face.index), wanted).blob.data)
    own = fonts.Face(path, 0, "Own", 400)
    assert not fonts.may_be_embedded(own, chosen=False)
    assert fonts.may_be_embedded(own, chosen=True)


def variable_font(path: Path) -> Path:
    """A font of one square whose width follows its weight, from 400 to 700."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib.tables.TupleVariation import TupleVariation

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 700), (400, 700), (400, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord("一"): "square"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": square})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "square": (500, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Variable", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.setupFvar([("wght", 400, 400, 700, "Weight")], [])
    wider = [(0, 0), (0, 0), (300, 0), (300, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
    builder.setupGvar({"square": [TupleVariation({"wght": (0, 1, 1)}, wider)]})
    builder.save(path)
    return path


@pytest.mark.parametrize(("weight", "width"), [(400, 400), (700, 700)])
def test_a_variable_font_is_fixed_at_the_weight_that_is_wanted(tmp_path, weight, width):
    from fontTools.ttLib import TTFont

    face = fonts.Face(variable_font(tmp_path / "v.ttf"), 0, "Variable", weight, variable=True)
    path = tmp_path / "cut.ttf"
    path.write_bytes(fonts.subset(face, [ord("一")]))
    cut = TTFont(path)
    assert "fvar" not in cut
    assert cut["glyf"][cut.getBestCmap()[ord("一")]].xMax == width


def book(folder: Path, settings: str = "", body: str = "文。") -> tuple[dict, str]:
    """The members of one edition's EPUB, and what was reported."""
    files = {"book.yaml": SETTINGS.replace("[zh-CN, zh-TW, zh-HK]", "[zh-CN]") + settings, "01.md": f"# 甲\n\n{body}\n"}
    report = make(write_book(folder / "book", {**files, "02.md": "# 乙\n"}), folder / "out", "epub")
    return opened(folder / "out/zh-CN/tiny.epub"), " ".join(one.code for one in report.findings)


def faces(members: dict) -> list[str]:
    return sorted(name for name in members if "/fonts/" in name)


def test_an_article_carries_no_font(tmp_path):
    members, found = book(tmp_path)
    assert faces(members) == []
    assert b"@font-face" not in members["EPUB/book.css"]
    assert found == ""


@installed
def test_a_rare_character_goes_in_alone_and_before_all_families(tmp_path):
    members, _ = book(tmp_path, body=f"{RARE}野家。")
    [name] = faces(members)
    assert len(members[name]) < 5_000
    css = members["EPUB/book.css"].decode()
    assert all(row.startswith('"Book Body"') for row in re.findall(r"font-family: ([^;]+(?:serif|monospace));", css))
    assert not meta({"EPUB/content.opf": package(members)}, "ibooks:specified-fonts")


@installed
def test_a_book_carries_its_body_face(tmp_path, monkeypatch):
    monkeypatch.setattr(epub_fonts, "BOOK_LENGTH", 10)
    members, _ = book(tmp_path, body="一二三四五六七八九十。")
    assert faces(members) == ["EPUB/fonts/body-400.otf"]


@installed
def test_fonts_embed_puts_the_face_first_and_a_generic_family_last(tmp_path):
    members, _ = book(tmp_path, "epub: {fonts: embed}\n")
    css = members["EPUB/book.css"].decode()
    assert css.startswith("/* Noto Serif CJK SC. ©"), "the licence stands beside the face"
    assert "scripts.sil.org/OFL" in css[:200]
    [body] = re.findall(r"^body .*font-family: ([^;]+);", css, re.MULTILINE)
    assert body.startswith('"Book Body", "Noto Serif CJK SC"')
    assert body.endswith(", serif")
    assert meta(members, "ibooks:specified-fonts") == ["true"]
    [item] = package(members).findall(".//{*}item[@media-type='font/otf']")
    assert item.get("href") == "fonts/body-400.otf"
    assert "Noto Serif CJK SC（SIL Open Font License 1.1）" in "".join(members["EPUB/colophon.xhtml"].itertext())


@installed
def test_a_face_that_an_edition_prefers_and_lacks_leaves_the_place_to_the_next(tmp_path):
    settings = "editions: {zh-CN: {fonts: {body: [No Such Face], quote: [Other]}, epub: {fonts: embed}}}\n"
    files = {
        "book.yaml": re.sub("editions: .*\n", settings, SETTINGS),
        "01.md": "# 甲\n\n> 引文。\n",
        "02.md": "# 乙\n",
    }
    make(write_book(tmp_path / "book", files), tmp_path / "out", "epub")
    css = opened(tmp_path / "out/zh-CN/tiny.epub")["EPUB/book.css"].decode()
    assert '"Book Body", "No Such Face", "Noto Serif CJK SC"' in css
    assert '"KaiTi", "Book Body", "Noto Serif CJK SC"' in css, "behind the faces of quotations"


@installed
@pytest.mark.parametrize("weights", ["[regular, bold]", "[bold]"])
def test_two_weights_are_two_files(tmp_path, weights):
    members, _ = book(tmp_path, f"epub: {{fonts: {weights}}}\n")
    assert faces(members) == ["EPUB/fonts/body-400.otf", "EPUB/fonts/body-700.otf"]
    assert b"font-weight: 700" in members["EPUB/book.css"]


@installed
@pytest.mark.parametrize(("wanted", "most"), [("embed", 2_000_000), ("[regular, bold]", 4_000_000)])
def test_a_book_of_three_thousand_characters_is_small_enough_for_a_telephone(tmp_path, gb2312, wanted, most):
    text = "".join(map(chr, gb2312[:3_000]))
    lines = "\n\n".join(f"{text[at : at + 60]}，**{text[at : at + 20]}**。" for at in range(0, 3_000, 60))
    book(tmp_path, f"epub: {{fonts: {wanted}}}\n", lines)
    size = (tmp_path / "out/zh-CN/tiny.epub").stat().st_size
    assert most / 4 < size < most


@installed
def test_both_weights_are_of_one_family(tmp_path, monkeypatch):
    find = fonts.find

    def without_bold(families, weight):
        return [face for face in find(families, weight) if weight == "regular" or face.family != "Noto Serif CJK SC"]

    monkeypatch.setattr(fonts, "find", without_bold)
    members, found = book(tmp_path, "epub: {fonts: [regular, bold]}\n")
    assert (faces(members), found) == (["EPUB/fonts/body-400.otf"], "font-absent"), "no bold of another family"


def test_fonts_none_keeps_even_rare_characters_out(tmp_path):
    members, found = book(tmp_path, "epub: {fonts: none}\n", f"{RARE}。")
    assert (faces(members), found) == ([], "")


@pytest.mark.parametrize(("settings", "severity"), [("epub: {fonts: embed}\n", "warning"), ("", "note")])
def test_without_a_font_that_may_be_copied_the_book_has_none_and_says_so(tmp_path, monkeypatch, settings, severity):
    monkeypatch.setattr(fonts, "find", lambda *_: [])
    files = {"book.yaml": SETTINGS + settings, "01.md": f"# 甲\n\n{RARE}。\n", "02.md": "# 乙\n"}
    report = make(write_book(tmp_path / "book", files), tmp_path / "out", "epub", editions=("zh-CN",))
    members = opened(tmp_path / "out/zh-CN/tiny.epub")
    assert faces(members) == []
    assert [(one.code, one.severity) for one in report.findings] == [("font-absent", severity)]
    assert dc(members, "title")[0] == "小书"


def test_an_editions_own_setting_goes_before_the_books(project):
    read = project("epub: {fonts: none}\neditions: {zh-CN: {epub: {fonts: embed}}, zh-TW: {}}")
    assert [one.faces["epub"] for one in read.editions] == [("regular",), ()]


@installed
def test_a_font_of_han_has_no_italic():
    assert not fonts.has_italic(["Noto Serif CJK SC"])
    assert fonts.has_italic(["A Font That Nobody Has"]), "left to whoever sets it"
