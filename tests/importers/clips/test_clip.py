"""Importing clips of every shape that html2text writes: wraps undone, markup protected, nothing lost."""

from __future__ import annotations

import json
import re

import pypandoc
import pytest
import yaml

from publish.errors import PublishError
from publish.importers import deliver, import_clip
from publish.importers.clips import wechat, writing

HEAD = """# 山中一夜

文章作者: 山房
发布时间: 2025-03-01 08:05
发布地: 杭州
原文链接: http://mp.weixin.qq.com/s?__biz=QUJD==&mid=12&idx=3&sn=abc&chksm=def#rd

"""
LONG = (
    "山里的夜很静只听见溪水从石头上流过的声音和远处偶尔传来的一两声狗叫我们几"
    "个人围着火堆坐着谁也不说话直到天边慢慢地亮了起来才有人站起来伸了伸腰"
)

EVERYTHING = "\n".join(  # two-space line ends stay visible
    [
        "## **小节**",
        "",
        "    def f(a_b):",
        "",
        "        return a_b * 2  # 注",
        "",
        "```python",
        'x = "**不是强调**"  ',
        "```",
        "",
        "  * 甲",
        "    * 乙 ，丙",
        "  * 丁  ",
        "续行",
        "",
        "  1. 一",
        "  2. 二",
        "",
        "名| 值  ",
        "---|---  ",
        "a_b| 1 \\* 2  ",
        "[链](http://example.org)|",
        "",
        "框里的字  ",
        "---  ",
        "第二行",
        "",
        "* * *",
        "",
        "> 引一  ",
        "> 引二",
        ">",
        "> > 内引",
    ]
)


@pytest.fixture
def run(tmp_path):
    def run(body, head=HEAD, name="night.md"):
        clip = tmp_path / name
        clip.write_bytes((head + body).encode())
        report = import_clip(clip, tmp_path / "book")
        return report, (tmp_path / "book" / f"{report.metadata['slug']}.md").read_text(encoding="utf-8")

    return run


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def html(markdown):
    return pypandoc.convert_text(markdown, "html", format="markdown-smart", extra_args=["--wrap=none"]).strip()


def codes(report):
    return [decision.code for decision in report.decisions]


@pytest.mark.parametrize(
    ("clip", "expected"),
    [
        (f"{LONG}（Pre-Training\nModel）。", f"{LONG}（Pre-Training Model）。"),
        (f"{LONG} 12345 model-\nbased", f"{LONG} 12345 model-based"),
        (f"{LONG} 今年\nGPT-4 很热", f"{LONG} 今年 GPT-4 很热"),
        (f"{LONG} 一二三\n{LONG}", f"{LONG} 一二三{LONG}"),
        (f"{LONG}，“夜色”\n{LONG}", f"{LONG}，“夜色”{LONG}"),
        (f"{LONG} a word\nhttps://example.org", f"{LONG} a word <https://example.org>"),
        (f"{LONG} https://example.org/a-long-\nname-of-page_x", f"{LONG} <https://example.org/a-long-name-of-page_x>"),
        (f"[{LONG}](https://example.org/one-\ntwo)", f"[{LONG}](https://example.org/one-two)"),
        (f'[{LONG}](https://example.org/one\n"夜")', f'[{LONG}](https://example.org/one "夜")'),
        (f"**{LONG}一二**\n三四五", f"**{LONG}一二**三四五"),
    ],
)
def test_wraps_are_joined_as_the_words_want(run, clip, expected):
    report, markdown = run(clip)
    assert markdown == expected + "\n"
    assert report.counts["wraps"] == 1


def test_a_break_after_a_sentence_is_kept_and_told_unless_a_quotation_is_open(run):
    report, markdown = run(f"第一段完了。\n第二段。\n\n{LONG}四五。\n{LONG}。\n\n他说：「{LONG}。\n{LONG}。」")
    assert markdown.split("\n\n")[:4] == ["第一段完了。", "第二段。", f"{LONG}四五。", f"{LONG}。"]
    assert markdown.split("\n\n")[4] == f"他说：「{LONG}。{LONG}。」\n"
    kept = [decision for decision in report.decisions if decision.code == "break-kept"]
    assert ["no wrap" in decision.reason for decision in kept] == [True, False]
    assert codes(report).count("wrap-joined") == 1


def test_merged_sections_are_parted_but_not_after_emphasis_or_before_who_said_it(run):
    _, markdown = run(
        "前一节。 后一节。\n\n**重点。** 后文。\n\n“走吧。” 他说。\n\n见图 2。 ![](http://example.org/a.png)"
    )
    parts = markdown.strip().split("\n\n")
    assert parts == [
        "前一节。",
        "后一节。",
        "**重点。**后文。",
        "“走吧。”他说。",
        "见图 2。",
        "![](http://example.org/a.png)",
    ]


def test_the_head_is_read_in_any_order_with_either_colon(tmp_path):
    clip = tmp_path / "夜 话.md"
    clip.write_bytes(
        "\ufeff发布时间：2025年3月1日\r\n文章作者： 山房\r\n\r\n# 夜话\r\n\r\n正文。  \r\n第二段。\r\n".encode()
    )
    report = import_clip(clip, tmp_path / "book")
    book = yaml.safe_load((tmp_path / "book" / "book.yaml").read_text(encoding="utf-8"))
    assert (book["title"], book["author"], book["date"], book["slug"]) == ("夜话", "山房", "2025-03-01", "ye-hua")
    assert (tmp_path / "book" / "ye-hua.md").read_text(encoding="utf-8") == "正文。\n\n第二段。\n"
    assert {"identifier", "source", "cover-image", "coverage"}.isdisjoint(book)
    assert sum(decision.code == "metadata-missing" for decision in report.decisions) == 3


def test_a_traditional_clip_says_so(run):
    report, _ = run(
        "這是繁體中文的內容，說明軟體與網頁。", head="# 繁體標題與內容\n\n發布時間: 2025-03-01 08:05\n發布地: 香港\n"
    )
    assert report.metadata["lang"] == "zh-HK"
    assert report.metadata["date"] == "2025-03-01T08:05:00+08:00"
    assert "lang" in codes(report)


@pytest.mark.parametrize(
    "plain",
    [
        "1. 不是列表",
        "a) 不是列表",
        "(1) 不是列表",
        "+ 不是列表",
        "# 不是标题",
        "> 不是引用",
        ": 不是定义",
        "| 不是行块",
        "::: 不是块",
        "关注 @foo 与 a@b.com",
        "价 $5 与 $6，$x$",
        "上 ^1^ 下 ~2~ ^[注]",
        "[1] 与 [x](不是链接 和 {.a}",
        "List<int> 与 a < b &copy= &lt",
        r"路径 \alpha 与 C:\dir",
        "3 * 4 * 5 与 *",
        "snake_case 与 __init__ 与 ____",
        "Table: 不是表题",
        "--- 不是线",
        "% 不是题",
        "`未闭合",
    ],
)
def test_text_that_pandoc_would_take_for_markup_stays_text(run, plain):
    clip = re.sub(r"^(\d+)\.", r"\1\\.", plain)
    clip = re.sub(r"^([+#>])", r"\\\1", clip)
    _, markdown = run(f"前文。\n\n{clip}\n\n后文。")
    blocks = json.loads(pypandoc.convert_text(markdown, "json", format="markdown-smart"))["blocks"]
    assert [block["t"] for block in blocks] == ["Para"] * 3
    shown = pypandoc.convert_text(markdown, "plain", format="markdown-smart", extra_args=["--wrap=none"]).split("\n\n")[
        1
    ]
    assert shown == plain
    assert "<span" not in html(markdown)
    assert "<em>" not in html(markdown)


@pytest.mark.parametrize(
    ("clip", "expected"),
    [
        ("开头_斜体_结尾", "开头*斜体*结尾"),
        ("**甲****乙** ，丙", "**甲乙**，丙"),
        ("**甲  \n乙**  \n丙", "**甲**\n\n**乙**\n\n丙"),
        ("前****甲，乙**** 后", "前**甲，乙**后"),
        ("****甲**乙**丙****", "**甲乙丙**"),
        ("甲****乙，丙****丁", "甲乙，丙丁"),
        ("  * 甲\n    * 乙\n    * ** **\n  * 丙", "- 甲\n  - 乙\n- 丙"),
        ("_未闭合的强调", "未闭合的强调"),
        ("前** **后", "前 后"),
        ("前**“引”**后", "前**“引”**后"),
        ("_https://example.org/a_b_", "<https://example.org/a_b>"),
        ('[**粗**](https://example.org/a\\(1\\) "题")', '[**粗**](<https://example.org/a(1)> "题")'),
        ("[点此](javascript:;)阅读", "点此阅读"),
        ("看`a_b * c`码", "看`a_b * c`码"),
        ("1\\. 甲  \n\\- 乙  \n\\*丙\\*", "1\\. 甲\n\n\\- 乙\n\n\\*丙\\*"),
        ("甲<br>乙<span>丙</span>x<sup>2</sup>", "甲\n\n乙丙x^2^"),
        ("[1]https://example.org/a", "\\[1\\]<https://example.org/a>"),
        (
            "![图片](http://example.org/1)字![夜](http://example.org/2)",
            "![](http://example.org/1)\n\n字\n\n![夜](http://example.org/2)",
        ),
        ("[![](http://example.org/1)](http://example.org)", "[![](http://example.org/1)](http://example.org)"),
        ("    全是空格缩进的正文，不是代码。", "全是空格缩进的正文，不是代码。"),
        ("\u3000\u3000首行缩进。", "首行缩进。"),
    ],
)
def test_marks_of_html2text_become_pandocs(run, clip, expected):
    assert run(clip)[1] == expected + "\n"


def test_code_tables_lists_and_headings_are_kept(run):
    report, markdown = run(EVERYTHING)
    shown = html(markdown)
    assert markdown.startswith("## 小节\n\n    def f(a_b):\n\n        return a_b * 2  # 注\n\n```python\n")
    assert "- 甲\n  - 乙，丙\n\n- 丁\n\n  续行\n\n1. 一\n2. 二\n\n| 名 | 值 |\n|---|---|\n" in markdown
    assert shown.count("<table") == 1
    assert shown.count("<blockquote>") == 2
    assert "框里的字\n\n第二行\n\n* * *\n\n> 引一\n>\n> 引二\n>\n> > 内引\n" in markdown
    assert report.counts["lists"] == 3
    assert report.counts["code_blocks"] == 2
    assert "table-opened" in codes(report)


def test_a_heading_of_level_one_in_the_body_makes_room_for_the_title(run):
    report, markdown = run("# 一\n\n字。\n\n## 二 {#x} ##\n\n字。")
    assert markdown == "## 一\n\n字。\n\n### 二 \\{\\#x\\}\n\n字。\n".replace("\\#", "#")
    assert codes(report).count("heading-shifted") == 2


def test_blank_lines_between_paragraphs_part_sections_unless_they_are_everywhere(run, tmp_path):
    _, markdown = run("甲。  \n乙。  \n丙。  \n丁。  \n  \n戊。  \n  \n  \n")
    assert markdown == "甲。\n\n乙。\n\n丙。\n\n丁。\n\n* * *\n\n戊。\n"
    (tmp_path / "b.md").write_text(HEAD + "甲。  \n  \n乙。  \n  \n丙。  \n", encoding="utf-8")
    assert "section-gap" in codes(import_clip(tmp_path / "b.md", tmp_path / "b"))
    assert "* * *" not in (tmp_path / "b" / "b.md").read_text(encoding="utf-8")


def test_bold_paragraphs_are_proposed_as_headings_not_made_ones(run):
    report, markdown = run("正文在此。\n\n**像标题的一行**\n\n正文又起。")
    assert "\n\n**像标题的一行**\n\n" in markdown
    assert "heading-proposed" in codes(report)


def test_a_line_under_a_figure_is_proposed_as_its_caption_not_made_one(run):
    report, markdown = run("![](http://example.org/1)  \n▲ 山中的夜。")
    assert markdown == "![](http://example.org/1)\n\n▲ 山中的夜。\n"
    assert "caption-proposed" in codes(report)


def test_labels_become_speakers_and_narration_stays_outside(run):
    body = (
        "引子。\n\n提问：来了吗？  \n**山人：** 来了。提问：好。 接下来是第二位提问者。  \n"
        "问：夜里冷吗？  \n**山人：** 冷。  \n还下雪。  \n答：是。"
    )
    report, markdown = run(body)
    first, narration, second = re.split(r"\n\n(接下来是第二位提问者。)\n\n", markdown)
    assert first.count("]{.speaker}") == 3
    assert second.startswith(
        "::: {.dialogue}\n[问：]{.speaker}夜里冷吗？\n\n[山人：]{.speaker}冷。\n\n还下雪。\n\n[答：]"
    )
    assert narration
    assert (report.counts["dialogues"], report.counts["speakers"], report.counts["spoken"]) == (2, 6, 7)


def test_a_bold_label_alone_makes_no_dialogue(run):
    assert "speaker" not in run("**编辑：** 山房\n\n**注：** 旧文。\n\n正文。")[1]


def test_boilerplate_moves_to_rights_and_references_stay(run):
    body = "正文。\n\n![](http://example.org/fig)\n\n— **完** —\n\n参考链接：\n\n关注我们\n\n![](http://example.org/qr)"
    report, markdown = run(body)
    assert markdown == "正文。\n\n![](http://example.org/fig)\n\n参考链接：\n"
    assert "关注我们" in report.metadata["rights"]
    listed = [decision.excerpt for decision in report.decisions if decision.code == "boilerplate"]
    assert {"关注我们", "http://example.org/qr", "— 完 —", "参考链接："} == set(listed)
    assert "permission-unknown" in codes(report)


def test_the_same_clip_gives_the_same_bytes(tmp_path):
    clip = tmp_path / "a.md"
    clip.write_text(f"{HEAD}**甲** 乙。\n\n  * 丙\n", encoding="utf-8")
    trees = []
    for name in ("one", "two"):
        import_clip(clip, tmp_path / name)
        trees.append(
            {str(p.relative_to(tmp_path / name)): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        )
    assert trees[0] == trees[1]
    assert sorted(trees[0]) == sorted(
        ["import-report.json", *import_clip(clip, tmp_path / "three", dry_run=True).files]
    )
    assert not (tmp_path / "three").exists()
    assert trees[0]["raw/a.md"] == clip.read_bytes()
    assert json.loads(trees[0]["import-report.json"])["source"] == "a.md"


def test_the_report_reads_as_text(run):
    text = run("前一节。 后一节。")[0].text()
    assert "title: 山中一夜\n" in text
    assert "line 8: break-kept: a new paragraph: 前一节。␣后一节。" in text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "no such file"),
        (bytes(range(128, 256)), "this is no text"),
        (b"", "the file is empty"),
    ],
)
def test_what_is_no_clip_is_refused_with_a_remedy(tmp_path, content, problem):
    if content is not None:
        (tmp_path / "a.md").write_bytes(content)
    with pytest.raises(PublishError, match=problem) as caught:
        import_clip(tmp_path / "a.md", tmp_path / "book")
    assert caught.value.remedy
    assert caught.value.place
    assert not (tmp_path / "book").exists()


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "a.md").write_text(HEAD, encoding="utf-8")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "mine.md").write_text("我的。", encoding="utf-8")
    before = names(tmp_path / "book")
    with pytest.raises(PublishError, match="not empty"):
        import_clip(tmp_path / "a.md", tmp_path / "book")
    assert names(tmp_path / "book") == before
    assert names(tmp_path) == ["a.md", "book"]


def test_a_character_lost_in_reading_stops_the_import(run, tmp_path, monkeypatch):
    honest = wechat.read_blocks
    monkeypatch.setattr(wechat, "read_blocks", lambda lines, ledger: honest(lines, ledger)[:-1])
    with pytest.raises(PublishError, match=r"night\.md:10: text was lost in the import: \"后文"):
        run("前文。\n\n后文。")
    assert not (tmp_path / "book").exists()


def test_a_character_lost_in_writing_stops_the_import(run, tmp_path, monkeypatch):
    honest = writing.write_spans
    monkeypatch.setattr(writing, "write_spans", lambda spans: honest(spans).replace("后", ""))
    with pytest.raises(PublishError, match='"后" was to be written, but pandoc reads "文'):
        run("前文。\n\n后文。")
    assert not (tmp_path / "book").exists()


def test_an_unescaped_mark_stops_the_import(run, monkeypatch):
    honest = writing.write_spans
    monkeypatch.setattr(writing, "write_spans", lambda spans: honest(spans).replace("\\", ""))
    with pytest.raises(PublishError, match="was to be written"):
        run("价 $x$ 与 @foo。")


def test_a_failed_write_leaves_nothing(run, tmp_path, monkeypatch):
    monkeypatch.setattr(
        deliver.Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(PublishError, match="No space left"):
        run("文。")
    assert names(tmp_path) == ["night.md"]
