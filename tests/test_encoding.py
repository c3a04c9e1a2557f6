"""Encodings: whatever Chinese text is in, it is found out by its bytes, and no text is read as another."""

from __future__ import annotations

import codecs

import pytest

from publish.encoding import called, find_encoding
from publish.errors import PublishError
from publish.textfile import read_encoded, read_text

SIMPLIFIED = [
    "# 标题\n\n文字内容\n",
    "头发\n",
    "# 第一章\r\n\r\n话说那年冬天，雪下得极大。“谁在敲门？”老张问。\r\n",
    "- 苹果：3 元\n- 香蕉：5 元\n\n```sh\nnpm install\n```\n\nplain English text around 一些汉字\n",
    "囧囧有神，犇犇奔跑，𠮷野家与㐂，玥玥、喆、昊、堃。\n",
]
TRADITIONAL = [
    "# 標題\n\n文字內容\n",
    "頭髮\n",
    "# 第一章\n\n話說那年冬天，雪下得極大。「誰在敲門？」老張問。\n",
    "臺灣軟體產業發展報告，國際競爭力分析。\n",
]
CASES = [
    *((text, one) for text in SIMPLIFIED for one in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")),
    *((text, one) for text in TRADITIONAL for one in ("utf-8", "big5hkscs", "utf-16-le", "utf-16-be")),
]


@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_a_text_is_read_in_the_encoding_that_it_is_in(tmp_path, text, encoding):
    file = tmp_path / "a.md"
    file.write_bytes(text.encode(encoding))
    read = read_encoded(file)
    assert read.text == text.replace("\r\n", "\n")
    assert read.encoding == ("" if encoding == "utf-8" else called(encoding))


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")])
def test_a_byte_order_mark_names_the_encoding_and_is_no_text(tmp_path, mark, encoding):
    file = tmp_path / "a.md"
    file.write_bytes(mark + "plain\n".encode(encoding))
    assert read_encoded(file) == ("plain\n", called(encoding))


def test_latin_text_in_utf_16_is_known_by_its_zeros():
    assert find_encoding("plain text\n".encode("utf-16-le")) == "utf-16-le"
    assert find_encoding("plain text\n".encode("utf-16-be")) == "utf-16-be"


@pytest.mark.parametrize(
    ("data", "said", "line"),
    [
        ("第一行。\n第二行\n".encode() + b"\xff\xff\xff" + "，后面还有很多字，都好好的。\n".encode(), "not UTF-8", 3),
        ("日本語のテキストです。これは長い文章でございます。\n".encode("shift_jis"), "not UTF-8", 1),
        (("话说那年冬天，雪下得极大。" * 9 + "\n").encode("gb18030") + b"\xff\xff\n", "in GB18030, but", 2),
    ],
)
def test_what_is_damaged_or_in_no_chinese_encoding_is_refused_with_its_line(tmp_path, data, said, line):
    file = tmp_path / "a.md"
    file.write_bytes(data)
    with pytest.raises(PublishError, match=said) as raised:
        read_encoded(file)
    assert raised.value.place
    assert raised.value.place.line == line


def test_settings_in_another_encoding_are_refused_by_its_name_with_the_command_that_mends_them(tmp_path):
    file = tmp_path / "book.yaml"
    file.write_bytes("title: 我的书\nauthor: 某人的名字\n".encode("gb18030"))
    with pytest.raises(PublishError, match="GB18030") as raised:
        read_text(file)
    assert "iconv -f GB18030 -t UTF-8" in raised.value.remedy


def test_a_chapter_in_another_encoding_is_in_the_book_and_told(make_book):
    book = make_book({"a.md": "# 题目\n\n话说那年冬天，雪下得极大。\n".encode("gb18030")}, ("zh-CN",))
    assert "话说那年冬天" in book.page("zh-CN")
    [said] = [one for one in book.findings if one.code == "encoding"]
    assert (said.severity, said.place.line, "GB18030" in said.problem) == ("note", 1, True)
