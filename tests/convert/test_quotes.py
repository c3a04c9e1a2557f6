"""Quotation marks: by pairs and by depth, apostrophes and strays left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.convert import Converter, Issue, convert_lines
from publish.convert.punctuation import faults
from publish.convert.quotes import pair, read, replacements, running_on
from publish.regions import CORNER, CURLY, REGIONS

CN, TW, HK, SG = (REGIONS[key] for key in ("zh-CN", "zh-TW", "zh-HK", "zh-SG"))


def to_corner(text: str, opaque=()) -> str:
    return requote(text, CORNER, opaque)


def to_curly(text: str) -> str:
    return requote(text, CURLY)


def requote(text, target, opaque=()):
    marks = replacements(text, pair(text, opaque), target, opaque)
    return "".join(marks.get(index, character) for index, character in enumerate(text))


@pytest.mark.parametrize(
    ("mainland", "taiwan"),
    [
        ("“一”", "「一」"),
        ("“一‘二’”", "「一『二』」"),
        ("“一‘二“三”二’一”", "「一『二「三」二』一」"),
        ("“一”，“二”", "「一」，「二」"),
        ("“一‘二’‘三’”", "「一『二』『三』」"),
        ("“”", "「」"),
        ("没有引号", "没有引号"),
    ],
)
def test_pairs_take_the_marks_of_their_depth_both_ways(mainland, taiwan):
    assert to_corner(mainland) == taiwan
    assert to_curly(taiwan) == mainland


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("只有‘单’的", "只有「单」的"),
        ("“一“二”一”", "「一『二』一」"),
        ("这“跨\n行”的", "这「跨\n行」的"),
    ],
)
def test_depth_decides_whatever_the_source_used(text, expected):
    assert to_corner(text) == expected


def test_outermost_inner_marks_become_outer_ones_on_the_mainland():
    assert to_curly("『單』") == "“單”"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("「一“二”」", "「一『二』」"),
        ("『一“二”』", "『一「二」』"),
        ("“一「二」”", "「一『二』」"),
        ("「一「二」」", "「一「二」」"),
        ("『单』", "『单』"),
    ],
)
def test_marks_of_the_target_stay_but_count(text, expected):
    assert to_corner(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "don’t 和 it’s",
        "’90s 的歌，‘90s 的歌",
        "the writers’ room",
        "他说 rock ’n’ roll",
        "身高5′11″，屏幕14”",
    ],
)
def test_apostrophes_and_primes_are_no_quotation_marks(text):
    assert to_corner(text) == text
    assert pair(text).unmatched == ()


def test_an_apostrophe_within_a_quotation_does_not_close_it():
    assert to_corner("他用‘don’t’这个词") == "他用「don’t」这个词"
    assert to_corner("“writers’ room”的人") == "「writers’ room」的人"
    assert to_corner("‘中文’abc") == "「中文」abc"


@pytest.mark.parametrize(
    "text",
    [
        "He said “go” and left.",
        "“Hello, world”",
        "“All ‘Latin’ here”",
        "题记：The paper “Transformers are SSMs” shows the way.",
        "《论文》We call it “state space” and we mean it，完。",
    ],
)
def test_a_latin_quotation_in_latin_text_stays(text):
    assert to_corner(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("题为“Transformers are SSMs”的论文", "题为「Transformers are SSMs」的论文"),
        ("点 “Export” 按钮", "点 「Export」 按钮"),
        ("React “state” API 是什么", "React 「state」 API 是什么"),
        ("“OK，好”", "「OK，好」"),
        ("标题：“Hello”", "标题：「Hello」"),
    ],
)
def test_a_latin_quotation_in_a_chinese_sentence_is_converted(text, expected):
    assert to_corner(text) == expected


def test_a_latin_quotation_in_corner_brackets_gets_curly_marks():
    assert to_curly("論文「Transformers are SSMs」說") == "論文“Transformers are SSMs”說"


@pytest.mark.parametrize(
    ("text", "unmatched"),
    [
        ("核心思想”状态空间二元性”SSD", [4, 12]),
        ("“第一段没有结束，", [0]),
        ("“甲‘乙”丙", [2]),
        ("甲”乙“丙", [1, 3]),
        ("“甲“和“乙”", [0, 2]),
        ("甲’乙", [1]),
        ("「甲』", [0, 2]),
    ],
)
def test_marks_without_a_partner_stay_and_are_reported(text, unmatched):
    converted = Converter(CN, TW).convert(text)
    assert [converted[index] for index in unmatched] == [text[index] for index in unmatched]
    assert Converter(CN, TW).issues(text) == [Issue("quote-unmatched", index, text[index]) for index in unmatched]


def test_an_unmatched_mark_does_not_deepen_the_others():
    assert to_corner("“甲“乙”") == "“甲「乙」"


def test_pairs_reach_across_opaque_ranges_and_look_into_none():
    text = "“用`a”b`吧”"
    assert to_corner(text, [(2, 7)]) == "「用`a”b`吧」"
    assert Converter(CN, TW).convert("“用\ufffc”") == "「用\ufffc」"


def test_words_of_code_make_no_latin_passage_but_protected_chinese_is_chinese():
    text = "x go get the thing “y” z 吧"
    assert to_corner(text) == text
    assert to_corner(text, [(0, 18)]) == "x go get the thing 「y」 z 吧"
    assert to_corner("皇后“Queen”", [(0, 2)]) == "皇后「Queen」"


def test_quotes_can_be_kept():
    made = Converter(CN, TW, quotes="keep")
    assert made.convert("“头发”") == "“頭髮”"
    assert made.issues("“头发") == []


def test_regions_of_one_writing_can_still_differ_in_quotes():
    assert Converter(TW, HK).convert("「裡」") == "「裏」"
    assert Converter(CN, SG).convert("「头发『里』」") == "“头发‘里’”"


def test_many_marks_without_partners_do_not_take_long():
    text = "“" * 20_000 + "」" * 20_000
    assert len(pair(text).unmatched) == 40_000


@given(st.text("“”‘’「」『』中文aB1 \n，`", max_size=40), st.sampled_from([CORNER, CURLY]))
def test_pairs_are_nested_and_every_mark_is_replaced_by_one_mark(text, target):
    found = pair(text)
    for index, each in enumerate(found.pairs):
        assert each.start < each.end
        for other in found.pairs[index + 1 :]:
            assert other.start > each.end or other.end < each.end
    marks = replacements(text, found, target)
    assert set(marks) <= {index for each in found.pairs for index in (each.start, each.end)}
    assert set(marks.values()) <= {*target.outer, *target.inner}
    assert len(requote(text, target)) == len(text)


# --- straight marks ---


@pytest.mark.parametrize(
    ("text", "taiwan", "mainland"),
    [
        ('他说"你好"。', "他說「你好」。", "他说“你好”。"),
        ("他说'你好'。", "他說「你好」。", "他说“你好”。"),
        ("他说\"你'好'吗\"", "他說「你『好』嗎」", "他说“你‘好’吗”"),
        ('“他说"好"的”', "「他說『好』的」", "“他说‘好’的”"),
        ("用'甲'和'乙'吧", "用「甲」和「乙」吧", "用“甲”和“乙”吧"),
        ('"中文"', "「中文」", "“中文”"),
        ('所谓"AI"时代，他说"OK"就走了', "所謂「AI」時代，他說「OK」就走了", "所谓“AI”时代，他说“OK”就走了"),
        ('设为 "true" 即可，键="name"的', '設為 "true" 即可，鍵="name"的', '设为 "true" 即可，键="name"的'),
        ('"软件 API"很多', "「軟件 API」很多", "“软件 API”很多"),
        ('屏幕14"的电脑，"便宜"得很', '屏幕14"的電腦，「便宜」得很', '屏幕14"的电脑，“便宜”得很'),
        ("don't 说'是'", "don't 說「是」", "don't 说“是”"),
        ("rock 'n' roll 和'民谣'", "rock 'n' roll 和「民謠」", "rock 'n' roll 和“民谣”"),
    ],
)
def test_straight_marks_around_chinese_become_the_regions_in_every_edition(text, taiwan, mainland):
    assert Converter(CN, TW).convert(text) == taiwan
    assert Converter(CN, CN, quotes="straight").convert(text) == mainland
    assert Converter(CN, TW).issues(text) == []


@pytest.mark.parametrize(
    "text",
    [
        '点 "Export" 按钮',
        "身高5'11\"的人",
        '设 alt="图片" 吧',
        '{"名字": "书"}',
        "'90年代",
        "用'A'和'B'",
        '尺寸：5" × 7"',
        "it's 这个 writers' room",
    ],
)
def test_straight_marks_around_latin_text_numbers_and_code_stay(text):
    assert read(text).text == text
    assert read(text).doubtful == ()


@pytest.mark.parametrize(
    ("text", "index"),
    [('一个"落单的引号', 2), ('"一"和"二"落"单', 0), ('He said "你好" to me.', 8), ('他 "说 " 完', 2)],
)
def test_straight_marks_that_can_be_read_in_two_ways_stay_and_are_reported_once(text, index):
    assert read(text).text == text
    assert Converter(CN, TW).issues(text) == [Issue("quote-straight", index, '"')]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"你知道"连珠"吗？"他问。', "「你知道『連珠』嗎？」他問。"),
        ('她说："他告诉我"不行"。"', "她說：「他告訴我『不行』。」"),
        ('他道："点他"凤尾"、"七坎"两穴，再上药。"', "他道：「點他『鳳尾』、『七坎』兩穴，再上藥。」"),
        ('他说"苹果"和"香蕉"。', "他說「蘋果」和「香蕉」。"),
        ('他说："好。"又说："走吧。"', "他說：「好。」又說：「走吧。」"),
        ('所谓"连珠"，是一种棋。"好"字', "所謂「連珠」，是一種棋。「好」字"),
        ('注意"-h"后面没有":"，不需要参数。', '注意"-h"後面沒有":"，不需要參數。'),
    ],
)
def test_four_straight_marks_are_two_and_two_where_they_make_sense_only_so(text, expected):
    assert Converter(CN, TW).convert(text) == expected


def test_straight_marks_in_code_are_not_looked_at_and_glossary_terms_are_chinese():
    assert read('把`"图"`放"好"', [(1, 6)]).text == '把`"图"`放“好”'
    assert read('"软件"', [(1, 3)]).text == "“软件”"


def test_with_keep_straight_marks_stay():
    assert Converter(CN, TW, quotes="keep").convert('"头发"') == '"頭髮"'


def test_in_the_sources_own_edition_only_straight_marks_change():
    made = Converter(CN, CN, quotes="straight")
    assert made.convert('「一」“二”"三"') == "「一」“二”“三”"
    assert made.pieces('"三"', [1, 2]) == ["“", "三", "”"]


@given(st.text("\"'“”中文aB1 \n，=`", max_size=30))
def test_reading_keeps_length_and_changes_straight_marks_only(text):
    reading = read(text)
    assert len(reading.text) == len(text)
    assert {index for index in range(len(text)) if text[index] != reading.text[index]} == reading.straight
    assert all(text[index] in "\"'" for index in (*reading.straight, *reading.doubtful))


def test_many_straight_marks_do_not_take_long():
    assert len(read('"甲"' * 20_000).straight) == 40_000
    assert len(read("'甲'乙" * 20_000).straight) == 40_000


# --- quotations of several paragraphs ---


def run_on(*paragraphs: str) -> list[list[int]]:
    return [sorted(found) for found in running_on([(text, ()) for text in paragraphs])]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (["他写道：“一。", "“二。", "“三。”"], [[4], [0], []]),
        (["“一。", "“二”是对的。"], [[0], []]),
        (["“‘一。", "“‘二。’", "“三。”"], [[0, 1], [0], []]),
        (["“一。", "  “二。”"], [[0], []]),
        (['他说："一。', '"二。"'], [[], []]),
        (["「一。", "「二。」"], [[0], []]),
        (["“一。", "二。”"], [[], []]),
        (["“一。", "“二。"], [[], []]),
        (["“一。", "二。", "“三。”"], [[], [], []]),
        (["“一。", "“二。", "三。"], [[], [], []]),
        (["“甲。”", "“乙。”"], [[], []]),
    ],
)
def test_a_quotation_runs_on_where_each_paragraph_reopens_and_the_last_closes(paragraphs, expected):
    assert run_on(*paragraphs) == expected


def test_the_mark_of_a_quotation_that_runs_on_is_the_regions_and_deepens_those_in_it():
    made = Converter(CN, TW)
    assert made.convert("他说：“有‘三’点。", {3}) == "他說：「有『三』點。"
    assert made.pieces("“甲‘乙’", [1, 3], running={0}) == ["「", "甲『", "乙』"]
    assert made.issues("“甲", running={0}) == []
    assert made.issues("“甲") == [Issue("quote-unmatched", 0, "“")]


def test_lines_of_plain_text_are_paragraphs_of_one_quotation():
    assert convert_lines("“一。\n\n“二。”\n“三", Converter(CN, TW)) == "「一。\n\n「二。」\n“三"


# --- ellipses and dashes ---


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("他走了。。。", "。。。"),
        ("他走了...然后", "..."),
        ("真的....", "...."),
        ("等等…", "…"),
        ("他--我", "--"),
        ("他---我", "---"),
        ("……好", ""),
        ("他——我", ""),
        ("北京—上海", ""),
        ("a...b", ""),
        ("[...]省略", ""),
        ("1...10", ""),
        ("a--b", ""),
        ("中文-中文", ""),
    ],
)
def test_ellipses_and_dashes_of_the_wrong_keys_are_found_beside_chinese_only(text, fault):
    found = [text[one.start : one.end] for one in faults(text, [(0, len(text))])]
    assert found == ([fault] if fault else [])
    assert [issue.text for issue in Converter(CN, TW).issues(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        '返回 {"name": "张三", "age": 18} 这样的值',
        '条件写 WHERE name = "张三" 就行',
        '列表 ["张三", "李四"] 有两项',
    ],
)
def test_a_value_of_a_program_keeps_its_straight_marks(text):
    assert read(text).text == text
    assert read(f'他说"好"，{text}').text == f"他说“好”，{text}"
