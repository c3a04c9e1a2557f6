"""Encodings: whatever Chinese text is in, it is found out by its bytes, and no text is read as another."""

from __future__ import annotations

import codecs

import pytest

from publish.encoding import find_encoding
from publish.errors import PublishError
from publish.textfile import read_text

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
def test_the_encoding_of_a_text_is_found(text, encoding):
    assert find_encoding(text.encode(encoding)) == encoding


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")])
def test_a_byte_order_mark_names_the_encoding(mark, encoding):
    assert find_encoding(mark + "plain\n".encode(encoding)) == encoding


def test_latin_text_in_utf_16_is_known_by_its_zeros():
    assert find_encoding("plain text\n".encode("utf-16-le")) == "utf-16-le"
    assert find_encoding("plain text\n".encode("utf-16-be")) == "utf-16-be"


@pytest.mark.parametrize(
    ("data", "said", "line"),
    [
        ("第一行。\n第二行\n".encode() + b"\xff\xff\xff" + "，后面还有很多字，都好好的。\n".encode(), "not UTF-8", 3),
        ("日本語のテキストです。これは長い文章でございます。\n".encode("shift_jis"), "not UTF-8", 1),
        ("# 题目\n\n话说那年冬天，雪下得极大。\n".encode("gb18030"), "not UTF-8: it looks like GB18030", 1),
        ("# 標題\n\n文字內容\n".encode("big5hkscs"), "not UTF-8: it looks like Big5-HKSCS", 1),
        ("# 标题\n\n文字\n".encode("utf-16-le"), "not UTF-8: it looks like UTF-16LE", 1),
        (codecs.BOM_UTF16_LE + "plain\n".encode("utf-16-le"), "not UTF-8: it looks like UTF-16LE", 1),
    ],
)
def test_a_text_in_another_encoding_is_refused_by_its_name(tmp_path, data, said, line):
    file = tmp_path / "a.md"
    file.write_bytes(data)
    with pytest.raises(PublishError, match=said) as raised:
        read_text(file)
    assert raised.value.place
    assert raised.value.place.line == line


def test_the_command_that_mends_an_encoding_is_told(tmp_path):
    file = tmp_path / "book.yaml"
    file.write_bytes("title: 我的书\nauthor: 某人的名字\n".encode("gb18030"))
    with pytest.raises(PublishError) as raised:
        read_text(file)
    assert "iconv -f GB18030 -t UTF-8" in raised.value.remedy
