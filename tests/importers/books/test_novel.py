# ruff: noqa: E501  # markup and prose are read as they stand
"""Plain texts: encodings found out, chapters told by their words, lines joined, nothing taken out but what is named."""

from __future__ import annotations

import textwrap

import pytest
import yaml

from publish.errors import PublishError
from publish.importers import import_source
from publish.importers.shared import heading_level

SAID = "他走到山下，天已經黑了。遠處的燈火一點一點地亮起來，像是誰在對他說話。她說：「你來了。」他沒有回答，只是把手裡的傘放下，望著窗外的雨。"
BOOK = f"書名：山中書\n作者：李四\n\n第一回　夜雨\n\n　　{SAID}\n\n　　{SAID}\n\n第二回　晨雪\n　　{SAID}\n"


def run(folder, data, **choices):
    path = folder / "night.txt"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    report = import_source(path, folder / "book", choices=choices)
    book = yaml.safe_load((folder / "book" / "book.yaml").read_text(encoding="utf-8"))
    names = [name for one in book["chapters"] for name in (one["chapters"] if isinstance(one, dict) else [one])]
    return report, book, [(folder / "book" / name).read_text(encoding="utf-8") for name in names]


def codes(report):
    return [one.code for one in report.decisions]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_found_out_and_said(tmp_path, encoding):
    report, book, chapters = run(tmp_path, BOOK.encode(encoding))
    assert (book["title"], book["author"]) == ("山中書", "李四")
    assert chapters[0] == f"# 第一回 夜雨\n\n{SAID}\n\n{SAID}\n"
    assert len(chapters) == 2
    assert ("encoding-converted" in codes(report)) == (not encoding.startswith("utf-8"))


def test_what_is_no_text_is_refused(tmp_path):
    with pytest.raises(PublishError, match="encoding"):
        run(tmp_path, bytes(range(256)) * 40)
    assert not (tmp_path / "book").exists()


def test_a_damaged_byte_is_told_with_its_line_and_the_rest_read(tmp_path):
    data = (BOOK * 20).encode("gb18030")
    at = data.index("燈".encode("gb18030"))
    report, _, chapters = run(tmp_path, data[:at] + b"\xff" + data[at + 2 :])
    assert any(one.code == "encoding-damaged" and one.line == 6 for one in report.decisions)
    assert "\ufffd" in chapters[0]


@pytest.mark.parametrize("indent", ["　　", ""])
def test_wrapped_lines_are_joined_to_paragraphs(tmp_path, indent):
    wrapped = "\n".join(textwrap.wrap(SAID, 24))
    gap = "\n" if indent else "\n\n"
    report, _, (chapter,) = run(tmp_path, "第一回 夜\n\n" + gap.join(f"{indent}{wrapped}" for _ in range(5)) + "\n")
    assert chapter == "# 第一回 夜\n\n" + "\n\n".join([SAID] * 5) + "\n"
    assert "lines-joined" in codes(report)


def test_contents_and_repeated_titles_stand_once_and_advertisements_stay(tmp_path):
    body = "".join(f"第{n}章 {t}\n\n第{n}章 {t}\n　　{SAID}\n\n" for n, t in (("一", "夜"), ("二", "雨"), ("三", "雪")))
    text = f"目录\n第一章 夜\n第二章 雨\n第三章 雪\n\n{body}手机用户请浏览 m.example.com 阅读\n"
    report, _, chapters = run(tmp_path, text)
    assert [one.count("第") for one in chapters] == [1, 1, 1]
    assert "m.example.com" in chapters[-1]
    assert {"contents-left-out", "title-repeated", "advertisement-proposed"} <= set(codes(report))


def test_parts_hold_their_chapters_and_odd_chapters_stand_beside(tmp_path):
    text = f"楔子\n{SAID}\n第一卷 风起\n第一章 夜\n{SAID}\n第二章\n{SAID}\n第二卷 云涌 第三章 雪\n{SAID}\n番外 一年后\n{SAID}\n"
    _, book, chapters = run(tmp_path, text)
    assert len(chapters) == 5
    assert [one["part"] for one in book["chapters"] if isinstance(one, dict)] == ["第一卷 风起", "第二卷 云涌"]


def test_what_looks_like_markup_stays_text(tmp_path):
    lines = ["1. 甲", "# 乙", "> 丙", "*丁*", "$x$ <b>", "C:\\新\\旧", "    戊", "[己](庚)", "--- 辛"]
    _, _, (chapter,) = run(tmp_path, "第一章 夜\n" + "\n".join(lines) + "\n")
    assert chapter.count("\n\n") == len(lines)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("第一章", 1), ("第十二回 夜雨", 1), ("　　第３章：雪", 1), ("第二卷 风起", 0), ("卷一 風起", 0), ("上卷", 0), ("第三节 甲", 2),
        ("楔子", 1), ("番外二 雪", 1), ("后记", 1), ("Chapter 12 Night", 1), ("序", 1),
        ("第一章里他说得明白。", None), ("序幕拉开以后，他走了。", None), ("第一次见面", None), ("后记者来了", None),
        ("引子弹", None), ("第二部手机", None),
    ],
)  # fmt: skip
def test_headings_are_told_from_sentences(line, level):
    assert heading_level(line) == level


def test_titles_of_chapters_in_other_habits(tmp_path):
    chapters = "".join(f"正文 第一卷 下山 第{n}章 {name}\n\n　　{SAID}\n\n" for n, name in enumerate("山水云", 1))
    toc = "目录\n第一卷 下山\n第1章 山\n第2章 水\n第3章 云\n\n"
    report, book, texts = run(tmp_path, f"夜行\n\n{toc}正文 第一卷 下山\n\n{chapters}大结局\n\n　　{SAID}\n")
    assert book["title"] == "夜行"
    assert [one["part"] for one in book["chapters"]] == ["第一卷 下山"]
    assert [text.partition("\n")[0] for text in texts] == ["# 第1章 山", "# 第2章 水", "# 第3章 云", "# 大结局"]
    assert "contents-left-out" in codes(report)


def test_a_bracketed_volume_before_a_title_that_stands_twice(tmp_path):
    text = "".join(
        f"【卷一】第{n}章：{name}（上）\n第{n}章：{name}（上）\n\n　　{SAID}\n"
        for n, name in (("十", "山"), ("一百零三", "水"))
    )
    report, _, texts = run(tmp_path, text)
    assert texts[0] == f"# 【卷一】第十章：山（上）\n\n{SAID}\n"
    assert codes(report).count("title-repeated") == 2


def test_numbers_that_follow_on_are_chapters_and_a_list_is_none(tmp_path):
    numbered = "".join(f"{n}、{name}\n\n　　{SAID * 2}\n\n" for n, name in enumerate("山水云", 1))
    _, _, texts = run(tmp_path, f"序\n\n　　{SAID}\n\n{numbered}")
    assert [text.partition("\n")[0] for text in texts] == ["# 序", "# 1、山", "# 2、水", "# 3、云"]
    (tmp_path / "list").mkdir()
    _, _, (text,) = run(tmp_path / "list", f"他要：\n\n1、米\n\n2、面\n\n3、油\n\n　　{SAID}\n")
    assert "1、米" in text


def test_the_region_of_a_text_is_found_out(tmp_path):
    assert run(tmp_path, BOOK)[1]["lang"] == "zh-TW"
    (tmp_path / "s").mkdir()
    assert "lang" not in run(tmp_path / "s", "第一章 雨\n\n他们说话时，风从窗里进来。\n\n第二章 雪\n\n没有人来。\n")[1]


def test_what_a_site_puts_before_each_heading_is_left_out(tmp_path):
    text = "".join(
        f"《》目录 第{n}回　{t}\n\n　　{SAID}\n\n" for n, t in (("一", "夜雨"), ("二", "晨雪"), ("三", "暮雲"))
    )
    report, _, chapters = run(tmp_path, text)
    assert [one.split("\n")[0] for one in chapters] == ["# 第一回 夜雨", "# 第二回 晨雪", "# 第三回 暮雲"]
    assert [one.excerpt for one in report.decisions if one.code == "prefix-dropped"] == ["《》目录"]


def test_a_heading_in_one_line_with_its_text_is_cut_off(tmp_path):
    text = "".join(
        f"第{n}回 {t}詩曰：山中有雨，窗外無人。\n\n　　{SAID}\n\n"
        for n, t in (("一", "夜雨歸人"), ("二", "晨雪問路"), ("三", "暮雲"), ("四", "殘燈"))
    )
    _, _, chapters = run(tmp_path, text)
    assert chapters[0] == f"# 第一回 夜雨歸人\n\n詩曰：山中有雨，窗外無人。\n\n{SAID}\n"
    assert len(chapters) == 4


def test_what_a_web_page_left_is_read(tmp_path):
    text = f"第一回 夜\n\n<p>他說&mdash;&mdash;</p>\n\n<em>{SAID}</em>\n\n1 < 2 > 0\n"
    report, _, (chapter,) = run(tmp_path, text)
    assert f"他說——\n\n{SAID}\n\n1 \\< 2 \\> 0" in chapter or f"他說——\n\n{SAID}\n\n1 < 2 > 0" in chapter
    assert "html-dropped" in codes(report)


def test_rows_of_a_table_are_no_chapters(tmp_path):
    rows = "\n\n".join(f"{n} 蘇聯 386.72 兩" for n in range(1, 6))
    _, _, chapters = run(tmp_path, f"{SAID}\n\n{rows}\n\n{SAID * 9}\n")
    assert len(chapters) == 1


def test_advertisements_are_left_out_where_this_is_asked_for(tmp_path):
    text = f"第一回 夜\n\n{SAID}\n\n看書網（www.example.com）免費下載\n\n{SAID}\n"
    report, _, (chapter,) = run(tmp_path, text, advertisements="drop")
    assert "example" not in chapter
    assert [one.choice for one in report.decisions if one.code == "advertisement-proposed"] == ["left out"]


def test_a_title_named_later_in_the_text_is_no_title_of_the_book(tmp_path):
    _, book, _ = run(tmp_path, f"一則報導\n\n{SAID}\n\n{SAID}\n\n　　《新報》\n\n{SAID}\n")
    assert book["title"] != "新報"


def test_titles_between_angle_brackets_are_words(tmp_path):
    _, _, (chapter,) = run(tmp_path, f"第一回 夜\n\n名曰<十全記>。{SAID}\n")
    assert "\\<十全記" in chapter


@pytest.mark.parametrize(
    ("shape", "titles"),
    [
        ("【第{n}章】 山中\n{text}", ["第1章 山中", "第2章 山中", "第3章 山中"]),
        ("第{n}章 对峙（1/2）\n{text}\n第{n}章 对峙（2/2）\n{text}", ["第1章 对峙", "第2章 对峙", "第3章 对峙"]),
        ("（{n}）\n{text}\n{text}", ["（1）", "（2）", "（3）"]),
        ("=====\n{n:03d} 远行\n=====\n{text}\n{text}", ["001 远行", "002 远行", "003 远行"]),
        ("\n故乡{n}\n\n　　{text}\n　　{text}\n", ["故乡1", "故乡2", "故乡3"]),
    ],
)
def test_headings_in_habits_of_sites(tmp_path, shape, titles):
    _, _, chapters = run(tmp_path, "\n".join(shape.format(n=n, text=SAID) for n in (1, 2, 3)))
    assert [one.partition("\n")[0] for one in chapters] == [f"# {title}" for title in titles]
    assert all(one.count("他走到山下") == 2 or "山中" in one for one in chapters)
    assert "* * *" not in "".join(chapters)


def test_short_lines_of_a_text_that_is_not_indented_are_no_titles(tmp_path):
    _, _, chapters = run(tmp_path, f"起\n\n{SAID}\n\n承\n\n{SAID}\n\n转\n\n{SAID}\n")
    assert len(chapters) == 1


def test_a_line_of_a_web_page_ends_where_its_tag_says(tmp_path):
    _, _, chapters = run(tmp_path, f"第一章 夜\n{SAID}<br/>{SAID}</p>{SAID}\n第二章 雨\n{SAID}\n")
    assert chapters[0].count("\n\n他走到山下") == 3


def test_what_stands_behind_the_whole_book_is_in_none_of_its_parts(tmp_path):
    text = "第一卷 春\n第1章 开始\n春天来了。\n第2章 邻居\n隔壁有人。\n番外 那年\n那年下雪。\n后记\n写完了。\n附录 人名\n张三。\n"
    (tmp_path / "书.txt").write_text(text, encoding="utf-8")
    import_source(tmp_path / "书.txt", tmp_path / "book")
    book = yaml.safe_load((tmp_path / "book/book.yaml").read_text(encoding="utf-8"))
    assert [one if isinstance(one, str) else len(one["chapters"]) for one in book["chapters"]] == [
        3, "04-hou-ji.md", "05-fu-lu-ren-ming.md"
    ]  # fmt: skip
    (tmp_path / "两.txt").write_text(
        text.replace("附录 人名\n张三。\n", "第二卷 夏\n第3章 热\n热。\n后记\n完。\n"), encoding="utf-8"
    )
    import_source(tmp_path / "两.txt", tmp_path / "two")
    book = yaml.safe_load((tmp_path / "two/book.yaml").read_text(encoding="utf-8"))
    assert [len(one["chapters"]) for one in book["chapters"]] == [4, 2]


def test_an_address_on_the_web_is_told_as_one(tmp_path):
    with pytest.raises(PublishError, match=r"https://example.com/a.html: this is an address on the web"):
        import_source(tmp_path.__class__("https://example.com/a.html"), None)


def test_the_word_above_the_first_chapter_is_no_text(tmp_path):
    (tmp_path / "旧事.txt").write_text(
        "内容简介：\n　　一条街。\n\n【正文】\n\n第一章　开张\n　　清晨。\n第二章　换主\n　　隔壁。\n", "utf-8"
    )
    report = import_source(tmp_path / "旧事.txt", tmp_path / "out")
    assert not any("正文" in one.read_text("utf-8") for one in (tmp_path / "out").glob("*.md"))
    assert ("title-left-out", "【正文】") in [(one.code, one.excerpt) for one in report.decisions]


def test_lines_that_begin_with_the_word_for_the_text_are_chapters(tmp_path):
    words = "".join(f"正文 {n}.1 山{n}\n\n    山里有人家。\n\n" for n in (1, 2, 3))
    (tmp_path / "史.txt").write_text(words, "utf-8")
    report = import_source(tmp_path / "史.txt", tmp_path / "out")
    assert len(report.metadata["chapters"]) == 3
    assert [one.read_text("utf-8").split("\n")[0] for one in sorted((tmp_path / "out").glob("*.md"))] == [
        "# 1.1 山1",
        "# 2.1 山2",
        "# 3.1 山3",
    ]


def test_verse_is_set_in_and_who_signs_stands_at_the_right(tmp_path):
    text = (
        f"第一回　信\n　　{SAID}\n　　{SAID}\n　　{SAID}\n　　信上說：\n　　　　見字如面。\n　　　　勿念。\n"
        "　　　　　　　　　　　　　　阿滿\n　　　　　　　　　　　　　三月五日\n"
        f"　　{SAID}\n　　{SAID}\n　　{SAID}\n　　{SAID}\n第二回　夜\n　　{SAID}\n"
    )
    _, _, chapters = run(tmp_path, text)
    assert "信上說：\n\n> 見字如面。\\\n> 勿念。\n\n::: signature\n阿滿\\\n三月五日\n:::\n\n他走到" in chapters[0]


def test_a_text_that_is_laid_out_by_deep_indents_stays_paragraphs(tmp_path):
    text = "第一回　詩\n" + "".join(f"　　甲{n}\n　　　　　　乙{n}\n" for n in range(9)) + f"第二回　夜\n{SAID}\n"
    _, _, chapters = run(tmp_path, text)
    assert not {">", ":::"} & set(chapters[0].split())
