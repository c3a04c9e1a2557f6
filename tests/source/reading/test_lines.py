"""Line ends in paragraphs: kept where nothing explains them, joined where a habit of the file does, told in doubt."""

from itertools import pairwise

import pytest

from publish.source.reading import read_dialects
from publish.source.reading.lines import Habit, habit_of, line_ends

WHOLE = "这一段一行写到底，里面不止一句话。所以作者没有在段落里换行的习惯。"
WRAPPED = (
    "这一段文字是在固定的宽度折行的，每一行都写得满满的，所以行末往往不是一句\n话的末尾。读者不应当看到这里有什么换行。"
)
SENTENCES = (
    "这一段是按语义换行的，每一句话各占一行，这样在版本管理里容易比较。\n"
    "这一句接着前一句，读者看到的应当是一个段落，而不是好几行文字。"
)
LONG = "他在信里说，那一年的冬天特别冷，河上的冰结得很厚，孩子们都到冰上去玩。"


def kept(source, **settings):
    """How many lines within paragraphs end where they were typed: by a hard break, as verse, as paragraphs."""
    rows = [row.text for row in read_dialects(source.split("\n"), **settings).rows]
    hard = sum(1 for row in rows if row.endswith("  "))
    verse = sum(1 for before, after in pairwise(rows) if before[:2] == after[:2] == "| ")
    return hard + verse


def told(source):
    """The lines that were joined in doubt."""
    return [one.words for one in read_dialects(source.split("\n")).told]


@pytest.mark.parametrize(
    "lines",
    [
        "我来到这里。\n风停了。\n树也不说话。",
        "你从哪里来？\n你到哪里去？",
        "滚滚长江东逝水，浪花淘尽英雄。\n青山依旧在，几度夕阳红。\n一壶浊酒喜相逢，\n古今多少事。",
        "甲　你来了？\n乙　我来了。外面下着大雨，路上很不好走，我等了两班车才挤上来，所以迟到了。\n甲　坐吧。",
        "问：怎么安装？\n答：一路点下一步。\n注意要用管理员身份。\n问：怎么卸载？",
        "甲：您好啊？\n乙：嗐，吃什么呀——\n甲、乙（合）：没吃！",
        "【出版】把书稿做成书，发行于世，供人阅读、收藏和研究的活动。\n【校对】改错。",
        "预习：\n1．朗读课文。\n（1）读准字音；\n2．想一想：课文讲了什么？",
        "①读准字音。\n②圈出生字。\n（选自《老屋》，有删改）\n【注】老屋：在南边。",
        "1912年，设县公署。\n1937年冬，县立中学内迁，师生步行三百余里，历时二十一天。\n1949年，成立县政府。",
        "某某出版社\n北京市东城区某某胡同甲 12 号院 3 号楼 501 室（某某大厦西侧）。\n邮编 100010\n电话 010",
        "王五 敬上\n三月五日于北京",
        "著者　张三\n译者　李四\n责任编辑　王五",
        "文｜林晚　编辑｜周南\n图｜网络",
        "01\n为什么要早起",
        "tián zì gé\n田　字　格",
        "C       G        Am\n风吹过窗台 你还在不在\nF       C\n一个人等着",
        "1. 没有错别字的是（　　）\nA. 辩论　　B. 辨论",
        "雨还没有停\n我把名字写在\n窗上",
        "Latte ........ $4.5\nMocha ........ $5.0",
        "[Outro]\nla la la…\n(渐弱)",
        "1. 许多危险，试炼网罗，\n   我已安然经过；",
        "武康路人太多了\n//@小明:转发微博",
        "agent\nbrain dump\ncontext window",
        "#+TITLE: 周计划\n#+AUTHOR: 小满",
        "四是四，十是十，\n十四是十四，四十是四十；",
        "饭团　$90\n便当　$110（限量）",
        "对于 50% 的数据，1<=n,m<=10。\n对于 100% 的数据，1<=n,m<=100。",
        "{灯光渐暗}\n老王：走吧；\n小李：{停顿} 我不走；\n{幕落}",
        "拟态智灵\n变色龙\n积云，上午出现，傍晚消散",
        "To be, or not to be, that is the question:\n生存还是毁灭，这是一个值得考虑的问题；",
        "Twinkle, twinkle, little star,\nHow I wonder what you are!\nUp above the world so high",
        "software → 软件\nfile = 文件\nfolder -> 文件夹",
        "software → 软件\nfile = 文件\nbug =&gt; 臭虫？\nfolder -> 文件夹",
        "**哥布林**\nHP：30/30　AC：15",
        "谢邀。\n人在上海，刚下地铁。",
        "1\n00:00:01,000 --> 00:00:03,500\n你终于来了。",
        "2019.09—2023.06    某大学    本科\n2016.09—2019.06    某中学",
        "word /wɜːd/ n. 词；单词\nwork [wɜːk] vi.&vt. 工作\nU.S. abbr. = United States",
        "<张三> 在吗\n<lisi> 在的\n* lisi 离开了频道\n<张三> 好。",
        "【打】dǎ\n①敲击：打门。②殴打：挨打。\n另见 dá。",
        "设 x 元，依题意得\n2x + 3(x - 1) = 17\n2x+3x-3=17\n5x=20\nx=4",
        "∵ AB=AC，∠A=40°\n∴ ∠B=∠C=70°",
        "比例尺：\n1∶500000\n15′30″、30°15′N",
        "您常用的：【多选】\n□ 微信 □ 其他：____",
        "首页 | 关于 | 联系\n周一|周二|周三\nA|B 测试；文字|摄影：老王",
        "单号：SF1234567890\n[2024-01-01 10:00:00] 已签收",
        "Bridge:\nLa la la...",
        "take care of = 照顾\nI'm so tired. 我累得走不动了。",
        "体温：\n>37.3℃ 的请回。\n<60 岁免费。",
        "现价80元*\n*注：本表不含税。",
        "日志：\nINFO  2024-01-01 12:00:01 --- 启动完成\nERROR 2024-01-01 12:00:03 --- 连接失败: timeout=30s",
        "▪️材料▪️\n低筋麵粉　100g\n無鹽奶油　65g\n▪️作法▪️\n1️⃣ 奶油放室溫軟化，加糖粉打發。\n2️⃣ 拌入麵粉。",
        "2024-05-01 10:00:00 小明(123456)\n在吗",
        "推 user1: 推推          05/06 12:01\n噓 user2: 樓下          05/06 12:02\n→ user3: XD   05/06 12:03",
    ],
)
def test_lines_that_nothing_explains_stay_lines(lines):
    assert kept(lines) == lines.count("\n")


def test_the_indents_of_stairs_are_kept():
    rows = [
        row.text for row in read_dialects(["始祖张公，明初迁居此地。", "　　长子张文，务农。", "　　　　孙张武。"]).rows
    ]
    assert rows == ["| 始祖张公，明初迁居此地。", "| 　　长子张文，务农。", "| 　　　　孙张武。"]


@pytest.mark.parametrize(
    "source",
    [
        WRAPPED,
        "> " + WRAPPED.replace("\n", "\n> "),
        "\n\n".join([SENTENCES] * 3),
        "This is an English paragraph that somebody has wrapped at\nseventy columns, as editors do.",
        "用 `代码\n跨行。` 写。",
        "见（注一。\n注二。）",
        f"{WHOLE}\n\n他说这里的\n内容有误。",
        f"{WHOLE}\n\n结果会存进 session\n中。跳转。\n\n另请参阅 [手册](https://example.com/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p)\n了解更多。",
        "Words like `x = 1` and some\nmore text here, see 第3章 for\ndetails.",
        f"{SENTENCES}\n\n其中用 `x = 1` 这样的写法可以把\n前面的都省去。",
    ],
)
def test_lines_that_a_width_or_a_habit_explains_are_joined(source):
    assert kept(source) == 0


def test_generations_that_stand_a_blank_further_in_each_keep_their_places():
    lines = ["始祖　讳文远。", "　二世　长　讳守仁，配王氏，生子三。", "　　三世　明德　字峻亭，邑庠生。"]
    assert [row.text for row in read_dialects(lines).rows] == [f"| {line}" for line in lines]


def test_words_between_two_drawn_lines_stand_in_the_middle():
    rows = [row.text for row in read_dialects(["=========", " 每周读报　第 1 期", "=========", "", "文。"]).rows]
    assert rows.count("::: {.scene-break}") == 2
    assert "每周读报　第 1 期" in rows


def test_a_line_of_latin_that_goes_on_is_joined_however_short():
    assert kept("After tokenization,\nlet's plot it.") == 0
    assert kept("这样的列表：\n\nOne of them\nis this one.") == 0


def test_verse_in_a_book_that_was_wrapped_stays_verse():
    assert kept(f"{WRAPPED}\n\n{WRAPPED}\n\n风停了。\n雪落下。\n我走了。") == 2


def test_in_a_file_that_leaves_its_paragraphs_whole_a_line_that_ends_is_meant():
    source = f"{WHOLE}\n\n{LONG}\n后来他再也没有回过那个村子，只是每年冬天给孩子们寄一本书。"
    rows = [row.text for row in read_dialects(source.split("\n")).rows]
    assert rows[2:4] == [LONG, ""]  # of that length they are paragraphs
    assert not told(source)


def test_what_people_say_a_line_each_is_a_paragraph_each():
    rows = [row.text for row in read_dialects(["“你来了。”他说。", "她没有回答。", "窗外下着雨。"]).rows]
    assert rows == ["“你来了。”他说。", "", "她没有回答。", "", "窗外下着雨。"]


def test_a_novel_of_a_paragraph_a_line_may_break_off_at_its_end():
    source = f"{LONG}\n“进来吧。”他说。\n老周说：“门没锁。”\n{LONG}\n她没接话"
    assert [row.text for row in read_dialects(source.split("\n")).rows][1::2] == [""] * 4


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        (
            "出席：张三、李四、\n　　　王五（线上）\n列席：无",
            ["出席：张三、李四、  ", "　　　王五（线上）  ", "列席：无"],
        ),
        ("　　附件：1. 分工表\n　　　　　2. 办法", ["附件：1. 分工表  ", "　　　2. 办法"]),
        ("二世　　德公，早卒。\n　　　　仁公，庠生。", ["二世　　德公，早卒。  ", "　　　　仁公，庠生。"]),
    ],
)
def test_lines_below_what_another_begins_with_keep_their_indent(source, rows):
    assert [row.text for row in read_dialects(source.split("\n")).rows] == rows


def test_who_signs_below_other_lines_stands_at_the_right():
    day = " " * 40 + "2024年3月6日"
    rows = [row.text for row in read_dialects(["抄送：档案室", " " * 40 + "某某学校", day, "（此件公开发布）"]).rows]
    signed = ["::: {.signature}", "某某学校  ", "2024年3月6日", ":::"]
    assert [row for row in rows if row] == ["抄送：档案室", *signed, "（此件公开发布）"]


def test_a_formula_far_to_the_right_signs_nothing():
    assert ".signature" not in "".join(row.text for row in read_dialects(["两个事件：", " " * 20 + "P(A)=1"]).rows)


def test_the_indents_of_a_letter_are_those_of_paragraphs_though_its_end_is_at_the_right():
    letter = [
        "亲爱的妈妈：",
        "　　您好！",
        "　　我很好。",
        "　　　　　　　　　　　　王小明",
        "　　　　　　　　　　　　2024年5月1日",
    ]
    rows = [row.text for row in read_dialects(letter).rows]
    assert rows[0] == "::: {.continued}"
    assert not any(row.startswith("|") for row in rows)


@pytest.mark.parametrize("line", ["山东大学\t、浙江大学、\t某大学等。", "我現在   把麥克風交給他，請他說。"])
def test_a_gap_within_a_sentence_is_a_slip(line):
    assert [row.text for row in read_dialects([line]).rows] == [line]


def test_columns_are_as_wide_as_they_were_typed_but_in_a_table():
    rows = [row.text for row in read_dialects(["日期：    年  月", "", "首先。   其次", "", "- 甲   乙"]).rows]
    assert rows == ["日期：　　年　月", "", "首先。   其次", "", "- 甲   乙"]
    table = ["  甲      乙", "------  ------", "  丙      丁"]
    assert not any("\u3000" in row.text for row in read_dialects(table).rows)
    chords = ["C       G        Am", "风吹过窗台 你还在不在"]
    assert read_dialects(chords).rows[0].text == "C　　　G　　　　Am  "


def test_a_line_of_columns_or_in_brackets_ends_the_list_above_it():
    rows = [row.text for row in read_dialects(["- 甲", "【缺点】", "- 乙", "2019.07   某公司   工程师"]).rows]
    assert rows == ["- 甲", "", "【缺点】", "", "- 乙", "", "2019.07　某公司　工程师"]


def test_a_composition_below_a_title_that_spaces_have_centred_is_no_code():
    source = " " * 16 + "我的母亲\n" + " " * 12 + "王小明\n\n    我的母亲是一名护士。\n\n    有一次，我发烧了。"
    rows = [row.text for row in read_dialects(source.split("\n")).rows]
    assert rows == ["我的母亲  ", "王小明", "", "我的母亲是一名护士。", "", "有一次，我发烧了。"]


@pytest.mark.parametrize("line", ["====正文====", "-------我是分割线-------", "~~~~~~分割线~~~~~~"])
def test_words_in_a_drawn_line_stand_in_the_middle(line):
    rows = [row.text for row in read_dialects(["甲。", "", line, "", "**乙**。"]).rows]
    assert "::: {.scene-break}" in rows
    assert rows[-1] == "**乙**。"


def test_lines_in_doubt_are_joined_and_told():
    source = f"{SENTENCES}\n\n{SENTENCES}"
    assert kept(source) == 0
    assert [words[:4] for words in told(source)] == ["这一段是"] * 2
    assert not told("\n\n".join([SENTENCES] * 3))


def test_the_settings_overrule_what_the_text_shows():
    assert kept(f"{SENTENCES}\n\n{SENTENCES}", ends="keep") == 2
    assert kept("风停了。\n雪落下。", ends="join") == 0
    assert not read_dialects(SENTENCES.split("\n"), ends="join").told


@pytest.mark.parametrize(
    ("paragraphs", "breaks"),
    [
        ([[WHOLE]], False),
        ([WRAPPED.split("\n")], True),
        ([SENTENCES.split("\n")] * 3, True),
        ([SENTENCES.split("\n")], None),
        ([["短。"]], None),
    ],
)
def test_the_habit_of_a_file_is_told_by_its_long_lines(paragraphs, breaks):
    assert habit_of(paragraphs).breaks is breaks


def test_an_ornament_or_a_head_in_bold_between_indented_paragraphs_stands_for_itself():
    source = "　　她没有回答。\n＊＊＊\n　　第二天，天晴了。\n**二、门**\n　　邻居说。"
    rows = [row.text for row in read_dialects(source.split("\n")).rows]
    assert rows == [
        "她没有回答。",
        "",
        "::: {.scene-break}",
        "＊＊＊",
        ":::",
        "",
        "第二天，天晴了。",
        "",
        "**二、门**",
        "",
        "邻居说。",
    ]


def test_pictures_notes_and_elements_are_no_lines_to_ask_about():
    for source in ("文。\n![图](a.png)\n图 1 山", "<b>甲。\n乙。</b>", "词\n: 释"):
        assert kept(f"{WHOLE}\n\n{source}") == 0


def test_a_blank_to_fill_in_and_the_gap_between_choices_are_as_wide_as_typed():
    rows = [row.text for row in read_dialects(["填空（    ）。", "", "A. 天    B. 地\tC. 人"]).rows]
    assert rows == ["填空（　　）。", "", "A. 天　　B. 地　　C. 人"]


def test_nothing_ends_in_a_paragraph_of_one_line():
    assert line_ends(["甲。"], Habit()).kept == ()


def test_lines_among_which_one_is_too_long_for_a_block_are_paragraphs():
    long = "他要记的特点一共有三个，" * 6 + "在于："
    rows = [row.text for row in read_dialects([long, "(1) 甲；", "(2) 乙。"]).rows]
    assert rows == [long, "", "\\(1) 甲；", "", "\\(2) 乙。"]
    assert "" not in [row.text for row in read_dialects([long, "(1) 甲；", "(2) 乙。"], ends="keep").rows]


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("姓名：张三  性别：男", ["姓名：张三　性别：男"]),
        ("上海市  徐汇区  某路", ["上海市　徐汇区　某路"]),
        ("時間  Mon May  6 12:00  民國", ["時間　Mon May  6 12:00　民國"]),
        ("这句话  没事，对。", ["这句话  没事，对。"]),
        ("选(    )。", ["选(　　)。"]),
        ("01. 甲\n02. 乙\n\n1. 丙", ["01\\. 甲  ", "02\\. 乙", "", "1. 丙"]),
        ("副歌\n我在等风", ["副歌  ", "我在等风"]),
        ("甲\n==> 注意\n云\n~ 一堆", ["甲  ", "\\=\\=> 注意  ", "云  ", "\\~ 一堆"]),
        ("李老师\n-----原始邮件-----", ["李老师  ", "-----原始邮件-----"]),
        ("遗失声明\n▲张三遗失身份证。", ["遗失声明  ", "▲张三遗失身份证。"]),
        ("[选项A] 接受\n[选项B] 拒绝", ["[选项A] 接受  ", "[选项B] 拒绝"]),
        ("（旦云）红娘。\n（末唱）来也。", ["（旦云）红娘。  ", "（末唱）来也。"]),
        ("( ) 4. —It's.\n( ) 5. I", ["( ) 4. —It's.  ", "( ) 5. I"]),
        ("> 联系人：小周\\\n> 电话：8812", ["> 联系人：小周\\", "> 电话：8812"]),
        ("- 路——\n  ——佚名", ["- 路——  ", "  ——佚名"]),
        (
            "甲：春风，\n　　百花。\n乙：金蛇，\n　　骏马。",
            ["甲：春风，  ", "　　百花。  ", "乙：金蛇，  ", "　　骏马。"],
        ),
        ("早上 05:00　起床\n　　 05:30　早課", ["早上 05:00　起床  ", "　　05:30　早課"]),
        (
            "- 引用 `a = b` 这样的\n  写法，版本是\n  2.0 以上。",
            ["- 引用 `a = b` 这样的", "  写法，版本是", "  2.0 以上。"],
        ),
        ("<p>&emsp;&emsp;甲。</p>", ["<p>甲。</p>"]),
        ("12+5=      30-8=\n25-1=      9×9=", ["12+5=　　　30-8=  ", "25-1=　　　9×9="]),
        ("- 主导\n**另一家公司**&emsp;实习生\n- 写", ["- 主导", "", "**另一家公司**&emsp;实习生", "", "- 写"]),
        ("一段。\n\f\n二段。", ["一段。", "", "二段。"]),
        ("文。\n\n    【流程】\n\n完", ["文。", "", "【流程】", "", "完"]),
        ("[选项] 走\n>> 离开", ["[选项] 走", "\\>\\> 离开"]),
        ("2H2+O2==点燃==2H2O，这是==重点==。", ["2H2+O2\\=\\=点燃\\=\\=2H2O，这是==重点==。"]),
        (
            "2024. 5. 6　晴\n#1 起床\n#2 刷牙\n-3℃，出门。",
            ["2024\\. 5. 6　晴  ", "#1 起床  ", "#2 刷牙  ", "-3℃，出门。"],
        ),
        ("1\\. 不是列表\n\\- 不是列表", ["1\\. 不是列表  ", "\\- 不是列表"]),
        ("「别带狗」\n- - - - - -\n它很乖的", ["「别带狗」", "", "* * *", "", "它很乖的"]),
        ("● 第一点\n　○ 小点", ["● 第一点  ", "　○ 小点"]),
        ("　　　　　　1　2　3　4\n　态度　　　○　○　○　○", ["　　　　　　1　2　3　4  ", "　态度　　　○　○　○　○"]),
        (
            "说明：\n\n    | 甲 | 乙 |\n    |---|---|\n    | 红 | 蓝 |",
            ["说明：", "", "| 甲 | 乙 |", "|---|---|", "| 红 | 蓝 |"],
        ),
        (
            "日期\t项目\t金额\n3/1\t房租\t3500\n3/5\t\t200",
            ["| 日期 | 项目 | 金额 |", "|---|---|---|", "| 3/1 | 房租 | 3500 |", "| 3/5 |  | 200 |"],
        ),
        ("> 接口 500\n👍 3", ["> 接口 500", "", "👍 3"]),
        ("金额__万__仟__佰元，押__付__。", ["金额\\_\\_万\\_\\_仟\\_\\_佰元，押\\_\\_付\\_\\_。"]),
        ("|a|\n|-|\n|$P(A\\|B)$|\n|\\(P(A\\|B)\\)|", ["|a|", "|-|", "|$P(A\\vert B)$|", "|$P(A\\vert B)$|"]),
        ("> 在 D:\\资料\\\n> 重启。", ["> 在 D:\\\\资料\\\\", "> 重启。"]),
        ("见 https://a.cn/b(点)，$amount$元", ["见 <https://a.cn/b>(点)，\\$amount\\$元"]),
        ("尊敬的${name}，支出$amount$元", ["尊敬的\\${name}，支出\\$amount\\$元"]),
        ("路径 D:\\资料；a\\*b", ["路径 D:\\\\资料；a\\*b"]),
    ],
)
def test_lines_and_blanks_that_their_author_set_stay(source, rows):
    assert [row.text for row in read_dialects(source.split("\n")).rows] == rows


@pytest.mark.parametrize("indent", [" " * 8, "　" * 7])
def test_chinese_words_in_the_middle_of_the_line_are_no_code(indent):
    rows = [row.text for row in read_dialects(["六个字：", "", f"{indent}母病危速归", "", "他走了。"]).rows]
    assert [row for row in rows if row][1:4] == ['::: {style="text-align: center"}', "母病危速归", ":::"]


def test_what_a_program_writes_below_a_colon_stays_code():
    assert read_dialects(["输出：", "", "    偶数", "", "完。"]).rows[2].text == "    偶数"


def test_the_paragraphs_of_a_notice_are_no_code_and_who_signs_stands_at_the_right():
    notice = ["尊敬的业主：", "    将停水。", "    敬请谅解！", " " * 30 + "物业中心", " " * 30 + "2024年5月6日"]
    rows = [row for row in (one.text for one in read_dialects(notice).rows) if row]
    assert rows[3:6] == ["将停水。", "敬请谅解！", "::: {.signature}"]
    judges = [
        f"{'　' * 12}{words}" for words in ("审 判 长　李某", "审 判 员　周某", "二〇二三年十月八日", "书 记 员　钱某")
    ]
    assert read_dialects(["完。", "", *judges]).rows[2].text == "::: {.signature}"


def test_a_star_alone_between_stanzas_is_an_ornament():
    assert "::: {.scene-break}" in [row.text for row in read_dialects(["甲", "", "*", "", "乙"]).rows]


def test_a_line_of_latin_that_nobody_wrapped_is_told_where_it_goes_on():
    assert told("本方案与各家的产品都已核对过，型号是\nXPS 13\nThinkPad 以及其他的一些型号，不在其内。") == ["XPS 13"]
    assert not told("The lines of this paragraph were wrapped\nby an editor at\nForty columns.")


def test_a_line_of_nothing_but_a_hard_space_is_read():
    assert read_dialects(["You and me", "\u00a0", "油和米"]).rows


WHOLE = "这个工具用来整理截图，按日期分文件夹存放，也可以按标签检索，用起来很顺手，几乎不用设置就能开始干活。"


@pytest.mark.parametrize(
    "halves",
    [
        "支持 Windows、macOS 和 Linux，\n以及 FreeBSD。",
        "他说这件事情没\n有那么简单。",
        "详见\n[文档](https://a.b/c)\n的第三节。",
        "他走到门口，又回头看了一眼，\n什么也没有说。",
    ],
)
def test_pieces_of_one_sentence_are_joined_where_nobody_wraps(halves):
    assert not kept(f"{WHOLE}\n\n{halves}\n\n{WHOLE}")


@pytest.mark.parametrize("width", [16, 18, 20, 22])
def test_prose_that_was_wrapped_narrow_is_joined(width):
    prose = "十年以后我回到镇上，街道拓宽了，老房子拆了大半，只有河边那座石桥还在，桥栏上的狮子少了一只，是让水冲走的。"
    cut = "\n".join(prose[at : at + width] for at in range(0, len(prose), width))
    assert not kept(f"{cut}\n\n{cut}")


def wrapped(text, width):
    lines, line = [], ""
    for char in text:
        if len(line) >= width and char not in "，。、；：”":
            lines.append(line)
            line = ""
        line += char
    return "\n".join([*lines, line])


@pytest.mark.parametrize("width", [8, 11, 14, 17])
def test_lines_that_are_filled_to_a_narrow_width_are_joined_and_told(width):
    source = wrapped(LONG, width) + "\n\n" + wrapped(WHOLE, width)
    assert kept(source) == 0
    assert len(told(source)) == source.replace("\n\n", "").count("\n")


def test_verse_of_equal_lines_is_not_filled_text():
    verse = "从明天起做一个幸福的人\n喂马、劈柴，周游世界吧\n从明天起关心粮食和蔬菜\n我有一所房子，面朝大海"
    assert kept(f"{verse}\n\n{verse}") == 6


def test_a_line_end_that_nothing_explains_is_told():
    long = "相关说明文字和图片见下一页的附录甲以及附录乙的第三节到第五节的各条"
    assert told(f"{WHOLE}\n\n{long}\nhttps://example.com/a") == [long]


def test_a_line_end_amid_a_sentence_is_not_told():
    assert told(f"{WHOLE}\n\n这里支持 macOS 和\nwindows 两个系统。") == []


@pytest.mark.parametrize(
    "source",
    [
        "[C]让我们[G]荡起双[Am]桨\n[F]小船儿[C]推开波[G]浪",
        "abate – 减弱；平息\nabstain (from) – 戒；弃权",
        "#历史/近代 林则徐虎门销烟\n#摘抄 “苟利国家生死以”",
        "张三 10:05\n去\n几点？",
        "T = 2.0 s，u = 0.1 s\ng = 9.80 m/s²\n三、结果\ng = 9.8 m/s²（P=0.68）",
        "姓名：张三　性别：男\n主诉：发热三天。\nT：38.6℃\n初步诊断：\n1.肺炎（0分）",
        "<阿九> 我贴着门听。\n.rd 侦查 60",
        "【 在 小何 的大作中提到: 】\n: 那本书我找了三年\n: 孔夫子上也没有",
    ],
)
def test_lines_of_lists_and_messages_stay_lines(source):
    assert kept(source) == source.count("\n")
