"""What the Nu checker and axe say of the reading site: in each theme and colour, on a phone and a desktop."""

from __future__ import annotations

import html
import re

import pytest

from tests.tiny import SETTINGS, write_book
from tests.verify import validators
from tests.verify.conftest import publish, publish_all
from tests.verify.sites import DESKTOP, PHONE, search, touch

pytestmark = pytest.mark.verify

KINDS = ("index", "05-control", "07-figures", "08-notes", "09-code", "yi-gao-duo-ban")


def test_nu_finds_no_error_in_any_page(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 50
    assert validators.nu(pages) == []


def test_nu_and_axe_find_no_fault_in_a_site_with_address_and_cover(tmp_path, window):
    write_book(tmp_path / "book", {"book.yaml": f"{SETTINGS}url: https://books.example/tiny\n"})
    publish("build", tmp_path / "book", "--output", tmp_path / "build", "--format", "html", "--quiet")
    pages = sorted((tmp_path / "build").rglob("*.html"))
    assert validators.nu(pages) == []
    page = window(tmp_path.as_uri()).open((tmp_path / "build/zh-TW/html/index.html").as_uri())
    assert page.locator("img.cover").is_visible()
    assert validators.axe(page) == []


def test_nu_and_axe_find_faults(tmp_path, window):
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html><title>页</title><img src='data:,'><p><div>块</div></p>", encoding="utf-8")
    assert any("alt" in error for error in validators.nu([page]))
    assert any("image-alt" in fault for fault in validators.axe(window(tmp_path.as_uri()).open(page.as_uri())))


# Markup and colours are the same in all editions: each colour is tried in one of them, each page in all three.
@pytest.mark.parametrize(("edition", "theme"), [("zh-CN", "light"), ("zh-TW", "dark"), ("zh-HK", "sepia")])
def test_axe_finds_no_fault(server, window, edition, theme):
    kinds = KINDS if theme == "light" else KINDS[:-1]  # the whole book in one file is the chapters' markup again
    faults = []
    for screen in (PHONE, DESKTOP):
        reader = window(server, **screen, color_scheme="dark" if theme == "dark" else "light")
        chosen = '{"theme":"sepia"}' if theme == "sepia" else "{}"
        reader.context.add_init_script(f"localStorage.setItem('publish.display', '{chosen}')")
        for kind in kinds:
            page = touch(reader.open(f"{server}/{edition}/html/{kind}.html"))
            faults += [(kind, one) for one in validators.axe(page)]
    assert not faults


THEMED = """# 头发 {#hair}

有**粗体**、`码`、[苏轼]{.proper-name}、[链接](https://books.example/)，和注。[^1]

[^1]: 一条注。

## 一节 {#one}

```python
def greet(name):  # 向人问好
    return f"你好，{name}" if name else 3
```

### 一小节

| 名 | 实 |
|----|----|
| 甲 | 乙 |

: 一张表

词
:   解释。

> 引文。
"""


THEMES = ("essay", "manual", "report")


@pytest.fixture(scope="session")
def themed(once):
    """A small book in each theme, with the fonts that come with its pages."""

    def make(folder):
        for theme in THEMES:
            (folder / theme).mkdir()
            (folder / theme / "01.md").write_text(THEMED, encoding="utf-8")
            (folder / theme / "02.md").write_text("# 软件\n\n文。\n", encoding="utf-8")
            settings = f"title: 书\nslug: book\nlang: zh-CN\neditions: [zh-TW]\nnumber-sections: true\ntheme: {theme}\n"
            (folder / theme / "book.yaml").write_text(f"{settings}html: {{fonts: embed}}\n", encoding="utf-8")
        publish_all(folder, [{"source": theme, "formats": ["html"]} for theme in THEMES])

    return once("themed", make) / "build"


def test_nu_finds_no_error_in_any_theme(themed):
    pages = sorted(themed.rglob("*.html"))
    assert {page.relative_to(themed).parts[0] for page in pages} >= {*THEMES}
    assert validators.nu(pages) == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_no_fault_in_any_theme_and_colour(themed, window, theme):
    for colours in ("light", "dark", "sepia"):
        reader = window(themed.as_uri(), **PHONE)
        reader.context.add_init_script(f"localStorage.setItem('publish.display', '{{\"theme\":\"{colours}\"}}')")
        for name in ("index", "01", "book"):
            page = touch(reader.open((themed / theme / f"zh-TW/html/{name}.html").as_uri()))
            assert validators.axe(page) == [], (colours, name)


def test_the_script_lays_colours_over_code_and_changes_no_character(site, window, server):
    written = (site / "zh-CN/html/09-code.html").read_text(encoding="utf-8")
    assert "data-look=" in written
    page = window(server, **DESKTOP).open(f"{server}/zh-CN/html/09-code.html")
    shown = page.evaluate("[...document.querySelectorAll('code[data-look]')].map(one => one.textContent)")
    plain = re.findall(r"<code data-look[^>]*>(.*?)</code>", written, re.DOTALL)
    assert shown == [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in plain]  # lines with numbers have spans
    spans = "[...document.querySelectorAll('pre code > span')]"
    colours = page.evaluate(f"[...new Set({spans}.map(one => getComputedStyle(one).color))]")
    assert len(colours) >= 3


@pytest.mark.parametrize("theme", ["light", "dark", "sepia"])
def test_axe_finds_no_fault_in_what_opens(server, window, theme):
    scheme = "dark" if theme == "dark" else "light"
    # axe takes what is half faded for pale.
    reader = window(server, **PHONE, color_scheme=scheme, reduced_motion="reduce")
    chosen = '{"theme":"sepia"}' if theme == "sepia" else "{}"
    reader.context.add_init_script(f"localStorage.setItem('publish.display', '{chosen}')")
    page = reader.open(f"{server}/zh-TW/html/08-notes.html")
    for button in (".open-contents", ".open-editions", ".open-display", "a[role=doc-noteref]"):
        page.click(button)
        page.wait_for_selector(":popover-open")
        assert validators.axe(page) == [], button
        page.keyboard.press("Escape")
    search(page, "軟體")
    assert validators.axe(page) == []
    page = reader.open(f"{server}/zh-TW/html/07-figures.html")
    page.click("a.zoom")
    assert validators.axe(page) == []


def test_an_article_has_no_fault_and_the_address_of_its_chapter_leads_to_the_same_place(tmp_path, window):
    text = (
        "---\ntitle: 旧物\nauthor: 甲\n---\n\n# 旧物\n\n"
        + "一段。\n\n" * 80
        + "## 新居 {#later}\n\n一段，有注。[^a]\n\n[^a]: 注。\n"
    )
    (tmp_path / "post.md").write_text(text, encoding="utf-8")
    publish("build", tmp_path / "post.md", "--output", tmp_path / "build", "--format", "html", "--quiet")
    assert validators.nu(sorted((tmp_path / "build").rglob("*.html"))) == []
    folder = tmp_path / "build/zh-TW/html"
    for screen in (PHONE, DESKTOP):
        page = window(tmp_path.as_uri(), **screen).open((folder / "jiu-wu.html").as_uri() + "#later")
        page.wait_for_url("**/index.html#later")
        assert page.evaluate("Math.abs(document.getElementById('later').getBoundingClientRect().top) < innerHeight")
        assert validators.axe(page) == []
