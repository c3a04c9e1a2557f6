"""Images: found, found sound, made harmless, named in ASCII; and what is said of those that are not."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image, ImageFile

from publish.edition.markup import xhtml
from publish.errors import PublishError
from publish.pipeline import refuse_warnings
from publish.source.pictures.assets import AssetError, Assets, examine

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="20">{}</svg>'
)


def sources(book, edition="zh-TW"):
    """The addresses of all images of an edition, in order."""
    return [
        str(image.get("src"))
        for chapter in book.editions[edition].chapters
        for image in xhtml.read(chapter.xhtml).iter(f"{xhtml.H}img")
    ]


def content(book, address, edition="zh-TW"):
    """The bytes of an image of an edition."""
    return book.editions[edition].assets[address].path.read_bytes()


FAULTS = ("img-missing", "img-damaged", "img-outside")


def fault(make_book, files):
    """The message of the error that a book's image is, a cover at once, any other in a strict build."""
    with pytest.raises(PublishError) as caught:
        refuse_warnings([one for one in make_book(files).findings if one.code in FAULTS])
    return str(caught.value)


def test_an_edition_takes_its_own_image_and_others_the_common_one(make_book, png):
    files = {
        "book.yaml": "title: t\neditions: {zh-CN: {}, zh-TW: {}, my: {base: zh-TW}, mine: {base: zh-TW}, zh-HK: {}}\n",
        "a.md": "![图](i/map.png)\n",
        "i/map.png": png,
        "i/map.zh-TW.png": png + b"tw",
        "i/map.my.png": png + b"my",
    }
    book = make_book(files, ("zh-CN", "zh-TW", "my", "mine", "zh-HK"))
    ends = {key: content(book, sources(book, key)[0], key)[len(png) :] for key in book.editions}
    assert ends == {"zh-CN": b"", "zh-TW": b"tw", "my": b"my", "mine": b"tw", "zh-HK": b""}


def test_an_image_of_one_edition_only_is_missing_in_the_others(make_book, png):
    files = {"a.md": "![图](map.png)\n", "map.zh-TW.png": png}
    assert sources(make_book(files, ("zh-TW",)))
    book = make_book(files, ("zh-HK",))
    assert [(one.code, str(one.place)) for one in book.findings if one.code in FAULTS] == [("img-missing", "a.md:1")]
    assert "map.png" in content(book, sources(book, "zh-HK")[0], "zh-HK").decode(), "a frame with its name is there"


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("# 题\n\n![图](none.png)\n", 3),
        ("# 题\n\n段\n接着 ![图](none.png) 有字\n", 4),
        ("- 项\n\n    ![图](none.png)\n", 3),
        ("| a |\n|---|\n| ![图](none.png) |\n", 3),
        ("文[^1]\n\n[^1]: 注\n\n    ![图](none.png)\n", 5),
        ("文\n\n<p>\n<img src='none.png' alt=''>\n</p>\n", 4),
        ("文\n\n![图][r]\n\n[r]: none.png\n", 5),
    ],
)
def test_a_missing_image_is_told_with_its_line(markdown, line, make_book):
    message = fault(make_book, {"a.md": markdown})
    assert message.startswith(f'a.md:{line}: image "none.png" not found. Add it to ')


def test_a_missing_cover_is_told_with_its_key(make_book):
    message = fault(make_book, {"book.yaml": "title: t\ncover-image: none.png\n", "a.md": "x\n"})
    assert message.startswith('book.yaml:2: cover-image: image "none.png" not found')


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html><body>not an image</body></html>", "is an HTML page and not an image"),
        (b"plain text", "is not an image that can be read"),
        (b"%PDF-1.4", "is a PDF and not an image"),
        (b"BM" + b"\0" * 60, "is not an image that can be read"),
        ("cut", "is damaged"),
        ("bomb", "has 40000 × 40000 pixels"),
        (SVG.format("<g>").encode(), "is not well-formed SVG"),
        (b"<svg", "is not well-formed SVG"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "defines entities"),
        (b'<?xml version="1.0"?><html><svg xmlns="http://www.w3.org/2000/svg"/></html>', "is not an SVG"),
    ],
)
def test_what_is_no_sound_image_is_told_with_its_line(data, problem, make_book, png):
    data = {"cut": png[:-30], "bomb": png[:16] + (40000).to_bytes(4, "big") * 2 + png[24:]}.get(data, data)
    message = fault(make_book, {"a.md": "# 题\n\n![图](x.png)\n", "x.png": data})
    assert message.startswith('a.md:3: image "x.png" ')
    assert problem in message or "is not an image that can be read" in message or "is damaged" in message


@pytest.mark.parametrize("url", ["../out.png", "/../out.png", "sub/../../out.png", "link.png", "%2e%2e/out.png"])
def test_an_image_outside_the_book_is_refused(url, make_book, folder, png, tmp_path):
    (tmp_path / "out.png").write_bytes(png)
    root = folder({})
    (root / "link.png").symlink_to(tmp_path / "out.png")
    message = fault(make_book, {"a.md": f"![图]({url})\n", "sub/x.md": ""})
    assert message.startswith("a.md:1: image ")
    assert "lies outside the book" in message


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "/etc/passwd", "C:/x.png", "javascript:alert", "blob:x", "about:x"]
)
def test_an_address_that_is_no_file_of_the_book_is_refused(url, make_book):
    assert re.match(r"a\.md:1: image \"", fault(make_book, {"a.md": f"![图]({url})\n"}))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("my map.png", "<my map.png>"),
        ("my map.png", "my%20map.png"),
        ("100%.png", "100%.png"),
        ("a#b.png", "a%23b.png"),
        ("a#b.png", "a#b.png"),
        ("what?.png", "what?.png"),
        ("x.png", "x.png?raw=true"),
        ("x.png", "x.png#here"),
        ("a(1).png", "a(1).png"),
        ("[a].png", "[a].png"),
        ("a&b.png", "a&b.png"),
        ("a'b\".png", "a'b%22.png"),
        ("地图.png", "地图.png"),
        ("地图.png", "%E5%9C%B0%E5%9B%BE.png"),
        ("a:b.png", "./a:b.png"),
        ("UPPER.PNG", "UPPER.PNG"),
        ("no-suffix", "no-suffix"),
        ("i/x.png", "/i/x.png"),
        ("i/x.png", "./i/../i/x.png"),
        ("长" * 70 + ".png", "长" * 70 + ".png"),
    ],
)
def test_awkward_names_are_found_and_made_plain(name, written, make_book, png):
    book = make_book({"a.md": f"# 题\n\n![图]({written})\n", name: png})
    (address,) = sources(book)
    assert re.match(r"^images/[a-z0-9._-]{1,60}\.png$", address)
    assert content(book, address) == png


def test_files_of_the_same_name_in_two_folders_stay_two(make_book, png):
    files = {
        "book.yaml": "title: t\nchapters: [one/a.md, two/a.md]\n",
        "one/a.md": "![图](i/x.png)\n",
        "two/a.md": "![图](i/x.png) ![图](../one/i/x.png)\n",
        "one/i/x.png": png,
        "two/i/x.png": png + b"2",
    }
    book = make_book(files)
    first, second, again = sources(book)
    assert first == again != second
    assert content(book, second) == png + b"2"


def test_a_data_address_becomes_a_file(make_book, png):
    svg = SVG.format("<rect/>").replace('"', "'").replace("<", "%3C")
    encoded = base64.b64encode(png).decode()
    text = f"![图](data:image/png;base64,{encoded})\n\n<img alt='' src=\"data:image/svg+xml,{svg}\">\n"
    book = make_book({"a.md": text})
    first, second = sources(book)
    assert content(book, first) == png
    assert second.endswith(".svg")
    assert fault(make_book, {"a.md": "![图](data:image/png;base64,AAAA)\n"}).startswith('a.md:1: image "inline"')


def test_svg_is_made_harmless(make_book):
    inside = (
        '<script>alert(1)</script><style>@import "http://x/y.css"; a{fill:url(http://x)}</style><style>b{fill:red}</style>'
        '<rect onload="x()" fill="url(#a)" stroke="url(http://x/#a)"/><a xlink:href="http://x"><text>字</text></a>'
        '<image href="http://x/y.png"/><use href="#a"/><image href="data:image/png;base64,AAAA"/><!-- c --><?pi x?>'
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject><set attributeName="href" to="http://x"/>'
    )
    book = make_book({"a.md": "![图](x.svg)\n", "x.svg": SVG.format(inside)})
    (address,) = sources(book)
    made = content(book, address).decode()
    assert not re.search(r"script|onload|@import|foreignObject|<!--|<\?pi", made)
    assert not re.search(r"http://x\b", made)
    assert "字" in made
    assert "b{fill:red}" in made
    assert 'fill="url(#a)"' in made
    assert "data:image/png" in made


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('width="10" height="20"', ("10", "20")),
        ('width="10px" height="20.4px"', ("10", "20")),
        ('viewBox="0 0 30 40"', ("30", "40")),
        ('width="100%" height="100%" viewBox="0,0,30,40"', ("30", "40")),
        ("", (None, None)),
    ],
)
def test_an_svg_has_the_size_that_it_says(head, size, make_book):
    svg = f'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" {head}/>'
    book = make_book({"a.md": "![图](x.svg)\n", "x.svg": svg})
    image = next(xhtml.read(book.editions["zh-TW"].chapters[0].xhtml).iter(f"{xhtml.H}img"))
    assert (image.get("width"), image.get("height")) == size


@pytest.mark.parametrize(
    "markdown",
    [
        "# 题\n\n![题](https://a.example/x.png)\n",
        "# 题\n\n文 ![题](https://a.example/x.png) 文\n",
        "# 题\n\n![题](//a.example/x.png)\n",
        "# 题\n\n<p><img src='https://a.example/x.png' alt='题'></p>\n",
        "# 题\n\n| a |\n|---|\n| ![题](https://a.example/x.png) |\n",
    ],
)
def test_a_remote_image_is_a_placeholder_with_its_link_and_one_finding(markdown, make_book):
    book = make_book(markdown)
    page = book.page()
    assert "<img" not in page
    assert "圖片未隨書收錄" in page
    assert "a.example" in page
    assert page.count('class="remote-image"') == 1
    (found,) = [one for one in book.findings if one.code == "img-remote"]
    assert found.place.line in (3, 5)
    with pytest.raises(PublishError, match=r"^a\.md:[35]: image \".*a\.example/x\.png\" is on another host"):
        refuse_warnings([found])


def test_each_remote_image_has_one_finding(make_book):
    book = make_book("![](https://a.example/1.png)![](https://a.example/2.png)\n\n![](https://a.example/3.png)\n")
    assert len([one for one in book.findings if one.code == "img-remote"]) == 3


def test_a_remote_cover_is_left_out_and_reported(make_book):
    book = make_book({"book.yaml": "title: t\ncover-image: https://a.example/c.png\n", "a.md": "x\n"})
    assert not book.editions["zh-TW"].metadata.cover_image
    assert [str(one.place) for one in book.findings if one.code == "img-remote"] == ["book.yaml:2: cover-image"]


def test_an_image_without_words_is_reported(make_book, png):
    text = '# 题\n\n![](x.png)\n\n![](x.png){alt=""}\n\n<img src="x.png">\n\n<img src="x.png" alt="">\n'
    book = make_book({"a.md": text, "x.png": png})
    assert [one.place.line for one in book.findings if one.code == "img-alt"] == [3, 7]


def test_images_have_their_size_unless_their_author_says_one(make_book, png):
    book = make_book({"a.md": "![图](x.png)\n\n![图](x.png){width=50%}\n\n![图](x.png){width=9}\n", "x.png": png})
    images = list(xhtml.read(book.editions["zh-TW"].chapters[0].xhtml).iter(f"{xhtml.H}img"))
    assert [(one.get("width"), one.get("height"), one.get("style")) for one in images] == [
        ("3", "2", None),
        (None, None, "width:50.0%"),
        ("9", None, None),
    ]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("images/map.png", "map.png"),
        ("C:\\Users\\a\\image-2.png", "image-2.png"),
        ("a/image-20210101120000000-20210101120000000.png", "…10101120000000.png"),
        ("图/" + "一二三四五六七八九十" * 3 + ".png", "…七八九十一二三四五六七八九十.png"),
    ],
)
def test_a_frame_for_a_missing_image_shows_the_end_of_its_name(url, shown, tmp_path):
    drawn = Assets(tmp_path, tmp_path, ()).placeholder(url).path.read_text("utf-8")
    assert f">{shown}</text>" in drawn


def test_a_picture_that_breaks_off_is_damaged_whatever_weasyprint_has_told_pillow(monkeypatch):
    out = io.BytesIO()
    Image.effect_noise((80, 80), 90).save(out, "PNG")
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(AssetError, match="truncated"):
        examine(out.getvalue()[: len(out.getvalue()) // 2], "half")
    assert ImageFile.LOAD_TRUNCATED_IMAGES
