"""The design of covers: titles that stand or lie, lines that break where a reader would, sizes that fit."""

from __future__ import annotations

import io
import shutil

import pytest
from PIL import Image

from publish.render.cover_face import HEIGHT, LEADING, WIDTH, broken, cover_face, measure
from publish.render.drawn_cover import cover_jpeg
from publish.source.settings.metadata import Metadata

TITLES = {
    "百年孤独与霍乱": ("百年孤独", "与霍乱"),
    "百年孤独与霍乱时期的爱情": ("百年孤独", "与霍乱", "时期的爱情"),
    "从零开始：中文书的编辑、转换与制作": ("从零开始：", "中文书的编辑、", "转换与制作"),
    "EPUB 3.3 電子書製作實務": ("EPUB 3.3", "電子書", "製作實務"),
    "Structure and Interpretation": ("Structure and", "Interpretation"),
    "预训练将结束：数据压榨到头了": ("预训练将结束：", "数据压榨到头了"),
    "認知升級篇：怎樣讀一本書": ("認知升級篇：", "怎樣讀一本書"),
    "大模型时代的软件工程：从入门到放弃": ("大模型时代的", "软件工程：", "从入门到放弃"),
    "诗": ("诗",),
}


@pytest.mark.parametrize("title", TITLES)
def test_lines_break_at_marks_and_between_words(title):
    lines, _ = broken(title, WIDTH, HEIGHT, 15.0, 5.2)
    assert lines == TITLES[title]


@pytest.mark.parametrize("length", [1, 5, 12, 30, 60])
def test_every_title_fits_its_label_and_no_line_begins_with_a_mark(length):
    title = ("天地玄黄，宇宙洪荒。日月盈昃、辰宿列张；寒来暑往：" * 3)[:length]
    lines, size = broken(title, WIDTH, HEIGHT, 15.0, 3.0)
    assert "".join(lines) == title
    assert max(map(measure, lines)) * size <= WIDTH + 0.1
    assert len(lines) * size * LEADING <= HEIGHT + 0.1
    assert not any(line[0] in "，。、；：" for line in lines)


def test_a_short_han_title_stands_on_the_cover_and_lies_in_print():
    assert cover_face(Metadata(title="雨巷旧事", subtitle="江南札记"), "a", may_stand=True).subtitle_stands
    assert not cover_face(Metadata(title="雨巷旧事"), "a").standing
    for title in ("EPUB 制作", "一二三四五六七八", "雨，巷"):
        assert not cover_face(Metadata(title=title), "a", may_stand=True).standing


def test_a_long_subtitle_lies_beside_a_standing_title_and_breaks_at_its_marks():
    face = cover_face(Metadata(title="一稿多版", subtitle="中文書的編輯、轉換與排版印刷"), "a", may_stand=True)
    assert (face.standing, face.subtitle_stands) == (True, False)
    assert face.subtitle == ("中文書的編輯、", "轉換與排版印刷")


def test_a_traditional_title_breaks_between_words_too():
    for title in ("阳台气象站使用手册", "陽臺氣象站使用手冊"):
        assert "".join(map(str, map(len, cover_face(Metadata(title=title), "a").title))) == "54"


def test_all_editions_of_a_book_have_one_colour():
    faces = {cover_face(Metadata(title=title), "one").colour for title in ("头发", "頭髮")}
    assert len(faces) == 1
    assert len({cover_face(Metadata(title="头"), slug).colour for slug in "abcdefghijklmnop"}) > 3


def test_a_book_without_a_title_has_a_cover_all_the_same():
    face = cover_face(Metadata(), "a")
    assert (face.title, face.subtitle) == ((), ())


@pytest.mark.skipif(shutil.which("fc-list") is None, reason="no fontconfig")
def test_the_same_metadata_give_the_same_picture_of_1600_by_2560_and_each_region_its_own_glyphs(make_book):
    book = make_book("---\ntitle: 骨直返角\nauthor: 甲\n---\n\n# 甲\n\n文。\n", ("zh-CN", "zh-TW", "zh-HK"))
    pictures = []
    for publication in book.editions.values():
        data = cover_jpeg(publication, publication.metadata)
        assert data == cover_jpeg(publication, publication.metadata)
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == (1600, 2560)
        pictures.append(data)
    assert len(set(pictures)) == 3
