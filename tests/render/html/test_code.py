"""Colours in code: what is marked, that no character changes, and that every colour can be read."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from publish.cache import NONE, Cache
from publish.edition.markup import xhtml
from publish.regions import REGIONS
from publish.render import fill
from publish.render.html import code
from publish.render.html.code import colour, look_of
from publish.themes import theme_names

CODE = """def greet(name):
    # 向人问好
    return f"你好，{name}" if name else None  # 3 次
"""


def coloured(text: str, language: str, cache: Cache = NONE) -> xhtml.Element:
    tree = xhtml.read(f'<div xmlns="{xhtml.XHTML}"><pre class="{language}"><code></code></pre></div>')
    tree[0][0].text = text
    colour(tree, cache)
    return tree[0][0]


def kinds(code: xhtml.Element) -> list[tuple[str, str]]:
    """(kind, text) of each stretch of code that has a colour, as the page's script cuts it."""
    units, at, found = str(code.text).encode("utf-16-le"), 0, []
    for kind, length in re.findall(r"([a-z_])(\d+)", code.get("data-look") or ""):
        found.append((kind, units[2 * at : 2 * (at + int(length))].decode("utf-16-le")))
        at += int(length)
    assert 2 * at <= len(units)
    return [(kind, text) for kind, text in found if kind != "_"]


def test_words_names_strings_and_comments_are_told_apart():
    found = kinds(coloured(CODE, "python"))
    assert ("k", "def") in found
    assert ("f", "greet") in found
    assert ("c", "# 向人问好") in found
    assert ("n", "None") in found
    assert ("f", "title") in kinds(coloured("title: 头发\\n", "yaml"))


def test_neighbours_of_one_colour_are_one_stretch():
    assert ("s", '"你好，\\n"') in kinds(coloured('print("你好，\\n")', "python"))
    assert kinds(coloured("# 一\n# 二", "python")) == [("c", "# 一"), ("c", "# 二")]


def test_characters_beyond_the_basic_plane_count_twice_as_scripts_count_them():
    assert kinds(coloured("s = '𠮷'  # 𠮷野", "python")) == [("s", "'𠮷'"), ("c", "# 𠮷野")]


@pytest.mark.parametrize(
    "language", ["python", "yaml", "bash", "json", "markdown", "html", "console", "no-such-language"]
)
@pytest.mark.parametrize("text", [CODE, "\n\n  头发：\t软件 \n", "", "a\r\nb", "<b>&amp;</b>\u2028$ ls\n> x"])
def test_no_element_cuts_the_text_of_code(language, text):
    code = coloured(text, language)
    assert (code.text, len(code)) == (text, 0)


def test_code_without_a_language_or_of_an_unknown_one_is_left_alone():
    assert coloured(CODE, "no-such-language").get("data-look") is None
    tree = xhtml.read(f'<div xmlns="{xhtml.XHTML}"><pre>def</pre><pre class="python"><b>def</b></pre></div>')
    before = etree.tostring(tree)
    colour(tree)
    assert etree.tostring(tree) == before


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", theme_names())
def test_every_colour_of_code_can_be_read_on_its_ground(theme):
    from publish.themes import read_theme

    values = {"fonts": dict.fromkeys(("body", "heading", "quote", "mono", "own", "text", "display"), "x")}
    css = fill(theme, "web.css", region=REGIONS["zh-CN"], theme=read_theme(theme), **values)
    schemes = [block for block in re.findall(r"\{([^{}]*--code-word:[^{}]*)\}", css) if "--paper: #fff;" not in block]
    assert len(schemes) >= 3
    for block in schemes:
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
        for name in ("soft", "code-word", "code-text", "code-number", "code-name"):
            light, dark = sorted((luminance(colours[name]), luminance(colours["shade"])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (name, colours[name], colours["shade"])


def test_code_is_coloured_once(tmp_path, monkeypatch):
    cache = Cache(tmp_path / "cache", "this program")
    (tmp_path / "cache").mkdir()
    asked: list[str] = []
    monkeypatch.setattr(code, "look_of", lambda text, language: asked.append(language) or look_of(text, language))
    looks = [
        coloured(CODE, language, cache).get("data-look") for language in ("python", "python", "no-such", "no-such")
    ]
    assert looks[0] == looks[1] == coloured(CODE, "python").get("data-look")
    assert looks[2] is looks[3] is None
    assert asked == ["python", "no-such", "python"]
