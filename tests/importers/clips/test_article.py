"""Clips of every clipper are read: title, author, account, date and address however the head gives them."""
# ruff: noqa: E501  # heads are read as clippers write them

from __future__ import annotations

import pytest
import yaml

from publish.errors import PublishError
from publish.importers import detect, import_source

URL = "https://mp.weixin.qq.com/s/AbC_d"
BODY = "正文第一段，**重点**。\n\n![](https://mmbiz.qpic.cn/a/640?wx_fmt=png)\n\n第二段。"

HEADS = {
    "simpread": f"山中一夜\n====\n\n[mp.weixin.qq.com]({URL})山房 夜话社\n\n",
    "simpread-with-words": f"> 本文由 [简悦 SimpRead](http://ksria.com/simpread/) 转码， 原文地址 [mp.weixin.qq.com]({URL})\n\n# 山中一夜\n\n原创 山房 [夜话社](javascript:void(0);) _2025-03-01 08:05_ _杭州_\n\n",
    "obsidian": f'---\ntitle: "山中一夜"\nsource: "{URL}"\nauthor:\n  - "[[山房]]"\npublished: 2025-03-01\ncreated: 2025-05-05\ndescription: "一夜"\nsite: 夜话社\ntags:\n  - "clippings"\n---\n',
    "markdownload": f"---\ncreated: 2025-03-01T08:05:00 (UTC +08:00)\ntags: []\nsource: {URL}\nauthor: 山房\n---\n\n# 山中一夜\n\n",
    "notion": f"# 山中一夜\n\nURL: {URL}\n作者: 山房\n发布时间: 2025年3月1日 08:05\n公众号: 夜话社\n\n",
    "table": f"# 山中一夜\n\n| 作者 | 山房 |\n| --- | --- |\n| 公众号 | 夜话社 |\n| 发布时间 | 2025-03-01 |\n| 原文链接 | <{URL}> |\n\n",
    "bold": f"# 山中一夜\n\n**作者：** 山房\n**来源：** 夜话社\n**链接：** {URL}\n**时间：** 2025-03-01\n\n---\n\n",
    "list": f"# 山中一夜\n\n- 作者：山房\n- 公众号：夜话社\n- 原文：[{URL}]({URL})\n- 日期：2025/3/1\n\n",
    "turndown": f"山中一夜\n====\n\nOriginal [原文链接]({URL})\n\n",
    "none": "# 山中一夜\n\n",
    "no-title": "",
}  # fmt: skip


def run(folder, text, name="night.md"):
    (folder / name).write_text(text, encoding="utf-8")
    report = import_source(folder / name, folder / "book")
    book = yaml.safe_load((folder / "book" / "book.yaml").read_text(encoding="utf-8"))
    return report, book, (folder / "book" / book["chapters"][0]).read_text(encoding="utf-8")


def codes(report):
    return {one.code for one in report.decisions}


@pytest.mark.parametrize("name", HEADS)
def test_no_clip_is_refused_for_its_head_and_its_body_stays(tmp_path, name):
    report, book, text = run(tmp_path, HEADS[name] + BODY + "\n")
    assert text.endswith(BODY + "\n")
    assert book["title"] == ("night" if name == "no-title" else "山中一夜")
    assert ("许可未知" in book.get("rights", "")) == (name not in ("none", "no-title"))  # these are anybody's own
    assert report.importer == "wechat"


@pytest.mark.parametrize("name", ["simpread", "simpread-with-words", "obsidian", "notion", "table", "bold", "list"])
def test_author_account_and_address_are_found(tmp_path, name):
    _, book, text = run(tmp_path, HEADS[name] + BODY)
    assert (book["author"], book["publisher"], book["source"]) == ("山房", "夜话社", URL)
    assert text == BODY + "\n"


@pytest.mark.parametrize("name", ["simpread-with-words", "obsidian", "markdownload", "notion", "table", "bold", "list"])
def test_the_date_is_found_and_the_day_of_clipping_told_apart(tmp_path, name):
    report, book, _ = run(tmp_path, HEADS[name] + BODY)
    assert book["date"].startswith("2025-03-01")
    assert ("date-doubtful" in codes(report)) == (name == "markdownload")


def test_what_the_clip_does_not_say_is_said(tmp_path):
    report, book, _ = run(tmp_path, HEADS["none"] + BODY)
    missing = {one.excerpt for one in report.decisions if one.code == "metadata-missing"}
    assert missing == {"author", "date"}
    assert {"author", "source", "date"}.isdisjoint(book)


def test_headings_under_the_title_are_sections_and_code_is_left_alone(tmp_path):
    body = "小节\n--\n\n甲。\n\n大节\n====\n\n乙\n丙\n---\n\n```\n# 注释\n---\n```\n\n### 三级\n\n> 引\n---\n"
    report, _, text = run(tmp_path, HEADS["simpread"] + body)
    assert text.startswith(
        "### 小节\n\n甲。\n\n## 大节\n\n乙\n丙\n---\n\n```\n# 注释\n---\n```\n\n#### 三级\n\n> 引\n---\n"
    )
    assert "heading-shifted" in codes(report)


def test_links_to_the_scripts_of_a_page_become_words(tmp_path):
    report, _, text = run(tmp_path, HEADS["none"] + "前[点此](javascript:;)后，`[a](javascript:;)`。\n")
    assert text.startswith("前点此后")
    assert "link-dropped" in codes(report)


def test_a_first_paragraph_that_looks_like_a_field_is_text(tmp_path):
    for number, line in enumerate(
        ["他说：走吧。", "时间：总是不够用的，我们都知道。那么怎么办？", "作者在这里写道，一切都好。"]
    ):
        (tmp_path / str(number)).mkdir()
        _, _, text = run(tmp_path / str(number), f"# 题\n\n{line}\n\n后文。\n")
        assert line in text or number == 1


def test_a_damaged_front_matter_is_read_line_by_line(tmp_path):
    report, book, _ = run(tmp_path, f'---\ntitle: "山中"一夜"\nsource: {URL}\n---\n{BODY}')
    assert book["source"] == URL
    assert "front-matter" in codes(report)


def test_an_empty_clip_is_refused(tmp_path):
    with pytest.raises(PublishError, match="empty"):
        run(tmp_path, "\n\n")


def test_an_address_makes_the_importer_sure_enough(tmp_path):
    (tmp_path / "a.md").write_text(HEADS["simpread"], encoding="utf-8")
    assert detect(tmp_path / "a.md")[1].sign == URL


def test_a_text_of_the_author_s_own_is_no_clip(tmp_path):
    source = tmp_path / "one.md"
    source.write_text("---\ntitle: 试书\nauthor: 某人\nlang: zh-CN\n---\n\n早上九点。\n", encoding="utf-8")
    report = import_source(source, tmp_path / "book")
    assert "rights" not in report.metadata
    assert "publisher" not in report.metadata
    assert {one.code for one in report.decisions} <= {"lang", "metadata-missing"}


SIMPREAD = f"> 本文由 [简悦 SimpRead](http://ksria.com/simpread/) 转码， 原文地址 [mp.weixin.qq.com]({URL})"


@pytest.mark.parametrize(
    ("text", "title", "begins"),
    [
        (f"{SIMPREAD}\n\n前言\n==\n\n甲。\n\n正文\n==\n\n乙。\n", "night", "## 前言\n\n甲。"),
        (f"{SIMPREAD} 甲在一行里。\n\n乙。\n", "night", "甲在一行里。"),
        (f'{SIMPREAD.partition("[mp")[0]}{URL} 甲。 <link rel="stylesheet" href="a.css">\n\n乙。\n', "night", "甲。"),
        ("# 一、缘起\n\n甲。\n\n# 二、经过\n\n乙。\n", "night", "## 一、缘起\n"),
        ("# 前言\n\n甲。\n", "前言", "甲。"),
        ("# 山中\n\n# 山中\n\n甲。\n", "山中", "甲。"),
        ("---\ntitle: 山中\n---\n\n# 背景\n\n甲。\n", "山中", "## 背景\n\n甲。"),
        ("---\ntitle: 山中 Vue\n---\n\n# <center>山中vue</center>\n\n甲。\n", "山中 Vue", "甲。"),
    ],
)
def test_a_first_heading_is_the_title_or_stays_in_the_text(tmp_path, text, title, begins):
    _, book, body = run(tmp_path, text)
    assert book["title"] == title
    assert body.startswith(begins)
    assert book.get("source") == (URL if "简悦" in text else None)


def test_cubox_s_links_to_its_own_copy_are_left_out_and_told(tmp_path):
    links = f"[Read in Cubox](https://cubox.pro/web/card/7)  \n[Read Original]({URL})  \n\n---\n\n"
    report, book, body = run(tmp_path, f"# 山中一夜\n\n摘要。\n\n{links}正文。\n")
    assert (book["source"], body) == (URL, "摘要。\n\n\n\n\n\n\n正文。\n")
    assert [one.choice for one in report.decisions if one.code == "head-read"] == ["left out", "in book.yaml only"]
