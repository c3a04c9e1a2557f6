"""Term packs: the words of Taiwan and Hong Kong where the sense is meant, and back; files read with places."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from publish.convert import PLAIN, Converter, Glossary, Term, terms
from publish.convert.styles import built_in, read_style
from publish.convert.terms import disagreements, joined, read_pack, search
from publish.errors import Place, PublishError
from publish.regions import REGIONS
from publish.source.project import read_project
from tests.tiny import SETTINGS, call, write_book

CN, TW, HK, MO = (REGIONS[key] for key in ("zh-CN", "zh-TW", "zh-HK", "zh-MO"))
FIXTURES = Path(__file__).parents[1] / "fixtures"
HEAD = "description: words\nsource: ours\nlicence: CC0-1.0\n"


def sentences(name: str) -> list[tuple[str, str]]:
    lines = (FIXTURES / name).read_text("utf-8").splitlines()
    return [(source, wanted) for source, _, wanted in (line.partition(" = ") for line in lines if line[0] != "#")]


def fails(output: str, wanted: str) -> list[str]:
    """What the conversion lacks, or has against the sentence's word."""
    return [
        one
        for one in wanted.split()
        if (one[1:] in output if one[0] == "!" else not any(form in output for form in one.split("|")))
    ]


def own(folder: Path, text: str, name: str = "ours.yaml") -> terms.Pack:
    (folder / name).write_text(HEAD + text, encoding="utf-8")
    return read_pack(name, folder)


def converter(pack: terms.Pack, source=CN, target=TW, **choices) -> Converter:
    return Converter(source, target, style=PLAIN.with_phrases(joined([pack], source, target)), **choices)


STYLED = {key: Converter(CN, REGIONS[key], style=built_in(f"{key}-phrases")) for key in ("zh-TW", "zh-HK")}
PACKS = [terms.built_in(name) for name in terms.names()]
BACK = {
    key: Converter(region, CN, style=PLAIN.with_phrases(joined(PACKS, region, CN)))
    for key, region in (("TW", TW), ("HK", HK))
}


@pytest.mark.parametrize(("source", "wanted"), sentences("terms-zh-TW.txt"))
def test_taiwans_words_where_the_sense_is_meant(source, wanted):
    assert not fails(output := STYLED["zh-TW"].convert(source), wanted), output


@pytest.mark.parametrize(("source", "wanted"), sentences("terms-zh-HK.txt"))
def test_hong_kongs_words_where_the_sense_is_meant(source, wanted):
    assert not fails(output := STYLED["zh-HK"].convert(source), wanted), output


@pytest.mark.parametrize(("source", "wanted"), sentences("terms-zh-CN.txt"))
def test_the_mainlands_words_for_theirs(source, wanted):
    assert not fails(output := BACK[source[:2]].convert(source[3:]), wanted), output


def test_a_third_of_the_sentences_or_more_are_counter_examples():
    rows = [row for name in ("terms-zh-TW.txt", "terms-zh-HK.txt") for row in sentences(name)]
    assert len(rows) >= 290
    assert sum("!" in wanted for _, wanted in rows) > 60


# --- the packs that come with the program ---


def test_there_are_more_than_two_thousand_terms_each_in_one_pack():
    texts = [entry.text for pack in PACKS for entry in pack.entries if entry.forms]
    assert len(texts) > 2400
    assert len(texts) == len(set(texts))
    assert not disagreements(PACKS)


@pytest.mark.parametrize("name", terms.names())
def test_each_pack_says_its_source_and_licence_and_reads_the_same_with_lines(name, tmp_path):
    (tmp_path / "copy.yaml").write_bytes((terms.FOLDER / f"{name}.yaml").read_bytes())
    copy, pack = read_pack("copy.yaml", tmp_path), terms.built_in(name)
    assert copy.entries == pack.entries
    assert pack.licence
    assert len(pack.source) > 10
    assert all(copy.lines.values())


def test_a_pack_is_for_macau_as_for_hong_kong_and_does_nothing_within_a_writing():
    pack = terms.built_in("food")
    assert pack.phrases(CN, MO).table["土豆"].form == "薯仔"
    assert not pack.phrases(CN, REGIONS["zh-SG"])


def test_from_taiwan_to_hong_kong_by_the_same_pack():
    assert Converter(TW, HK, style=PLAIN.with_phrases(joined(PACKS, TW, HK))).convert("鮪魚三明治") == "吞拿魚三文治"


def test_the_name_of_a_place_is_no_part_of_a_longer_name(tmp_path):
    pack = own(tmp_path, "terms:\n  - {when: name, terms: {索马里: {zh-TW: 索馬利亞}}}\n")
    assert converter(pack).convert("索马里的海盗，索马里兰的港口") == "索馬利亞的海盜，索馬里蘭的港口"


def test_a_kind_of_file_is_no_part_of_a_folder():
    told = converter(terms.built_in("computing")).convert("临时文件放在临时文件夹里，压缩文件放在压缩文件夹里。")
    assert told == "暫存檔放在臨時資料夾裡，壓縮檔放在壓縮資料夾裡。"


def test_a_term_without_a_form_for_a_region_shields_what_is_in_it(tmp_path):
    pack = own(tmp_path, "terms:\n  菠萝: {zh-HK: 鳳梨}\n  菠萝油: {zh-TW: 鳳梨油}\n")
    assert converter(pack, CN, HK).convert("菠萝和菠萝油") == "鳳梨和菠蘿油"


def test_the_way_back_takes_the_first_of_two_terms_with_one_form_and_none_that_says_so(tmp_path):
    pack = own(
        tmp_path, "terms:\n  公交车: {zh-TW: 公車}\n  公交: {zh-TW: 公車}\n  土豆: {zh-TW: 馬鈴薯, back: false}\n"
    )
    assert converter(pack, TW, CN).convert("公車上的馬鈴薯") == "公交车上的马铃薯"


def test_the_way_back_may_need_a_sense(tmp_path):
    text = "terms:\n  悉尼: {zh-TW: 雪梨, back: travel, with: [~機場, ~机场, 澳洲]}\n"
    back = converter(own(tmp_path, text), TW, CN)
    assert back.convert("在雪梨機場吃雪梨") in ("在悉尼机场吃雪梨", "在悉尼机场吃悉尼")
    assert back.convert("一顆雪梨很甜") == "一颗雪梨很甜"


def test_other_words_of_a_region_lead_back_and_nowhere_else(tmp_path):
    text = "terms:\n  笔记本电脑: {zh-TW: 筆記型電腦, also: {zh-TW: 筆電}}\n  韩国: {also: {zh-TW: [南韓]}}\n"
    pack = own(tmp_path, text)
    assert converter(pack, TW, CN).convert("南韓的筆電與筆記型電腦") == "韩国的笔记本电脑与笔记本电脑"
    assert converter(pack).convert("韩国的笔记本电脑") == "韓國的筆記型電腦"
    assert search("筆電", [pack])[0][1].text == "笔记本电脑"


def test_one_style_leads_to_the_mainlands_words_from_taiwan_and_from_hong_kong():
    style = built_in("zh-CN-phrases")
    made = {key: Converter(REGIONS[key], CN, style=style.for_text(REGIONS[key], CN)) for key in ("zh-TW", "zh-HK")}
    assert made["zh-TW"].convert("計程車上的螢幕") == "出租车上的屏幕"
    assert made["zh-HK"].convert("的士上的熒幕") == "出租车上的屏幕"
    assert style.suits(TW, CN)


def test_of_several_terms_with_one_form_the_usual_one_is_the_way_back():
    usual = {
        "原始碼": "源代码",
        "螢幕": "屏幕",
        "數位相機": "数码相机",
        "機率": "概率",
        "記憶卡": "存储卡",
    }
    assert {form: BACK["TW"].convert(form) for form in usual} == usual


def test_a_term_is_explained_by_its_pack_and_the_evidence(tmp_path):
    glossary = tmp_path / "glossary.yaml"
    glossary.write_text("terms:\n  土豆: {zh-TW: 洋芋}\n", "utf-8")
    ran = call(
        "convert", "-e", "zh-TW", "-t", "computing", "-t", "everyday", "-g", glossary, "--explain",
        given="这个程序。坐公交车去法院，程序要公正，吃土豆。\n",
    )  # fmt: skip
    said = [line for line in ran.stdout.splitlines() if "%" not in line]
    assert said[0].startswith("1:3: 程序 → 程式; term pack computing, sense computing: 这个程序")
    assert said[1] == "1:7: 公交车 → 公車; term pack everyday"
    assert said[2].startswith("1:14: 程序 stays, not 程式; term pack computing, sense computing: 法院")
    assert said[3] == "1:21: 土豆 → 洋芋; the glossary's"


def test_a_later_pack_wins_and_the_glossary_wins_over_all(tmp_path):
    ours = own(tmp_path, "terms:\n  土豆: {zh-TW: 洋芋}\n")
    style = PLAIN.with_phrases(joined([terms.built_in("food"), ours], CN, TW))
    assert Converter(CN, TW, style=style).convert("土豆") == "洋芋"
    glossary = Glossary((Term("土豆", {"zh-TW": "薯"}),))
    assert Converter(CN, TW, style=style, glossary=glossary).convert("土豆") == "薯"


def test_a_houses_spellings_are_those_of_the_packs_forms():
    style = built_in("zh-HK-common").with_phrases(joined([terms.built_in("food")], CN, HK))
    assert Converter(CN, HK, style=style).convert("方便面") == "即食麵"


def test_a_style_takes_packs_too(tmp_path):
    own(tmp_path, "terms:\n  土豆: {zh-TW: 洋芋}\n")
    style = "description: our house\nextends: zh-TW-common\nsource: zh-CN\nterms: [food, ours.yaml]\n"
    (tmp_path / "house.yaml").write_text(style, "utf-8")
    house = read_style("house.yaml", tmp_path)
    assert Converter(CN, TW, style=house).convert("酸奶和土豆") == "優格和洋芋"
    assert {path.name for path in house.files} == {"house.yaml", "ours.yaml"}


def test_phrases_pickle_without_their_automata():
    phrases = built_in("zh-TW-phrases").phrases
    phrases.find("软件", [(0, 2)])
    assert pickle.loads(pickle.dumps(phrases)).find("软件", [(0, 2)]) == phrases.find("软件", [(0, 2)])


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("terms:\n  土豆: {zh-CN: 土豆}\n", 'a term has no form for "zh-CN"', 5),
        ("terms:\n  土豆: {zh-XX: 馬鈴薯}\n", 'a term has no form for "zh-XX"', 5),
        ("terms:\n  土豆: {with: [炒]}\n", "a term and its forms are text", 5),
        ("terms:\n  土豆: {zh-TW: [a]}\n", "text is expected", 5),
        ("terms:\n  土豆: 馬鈴薯\n", 'a mapping is expected, not "馬鈴薯"', 5),
        ("terms:\n  - when: word\n    terms:\n", "a mapping is expected, and nothing is there", 6),
        ("terms:\n  土豆: {zh-TW： 馬鈴薯}\n", 'the colon behind "zh-TW" is a full-width one', 5),
        ("terms:\n  馬鈴薯: {zh-TW: 洋芋}\n", 'the term "馬鈴薯" is in Traditional characters', 5),
        ("terms:\n  土豆: {zh-TW: 馬鈴薯, also: {zh-CN: 洋芋}}\n", 'a term has no form for "zh-CN"', 5),
        ("terms:\n  - when: nonsense\n    terms: {土豆: {zh-TW: 馬鈴薯}}\n", 'unknown choice "nonsense"', 5),
        ("terms:\n  - terms: [土豆]\n", "these terms have no forms", 5),
        ("terms:\n  - wen: word\n    terms: {}\n", 'unknown key "wen"', 5),
        ("terms: {}\nauthor: me\n", 'unknown key "author"', 5),
        ("terms:\n  - terms: {土豆: {zh-TW: 甲}}\n  - terms:\n      土豆: {zh-TW: 乙}\n", "stands in two groups", 7),
    ],
)
def test_a_pack_that_is_wrong_is_an_error_with_its_line(tmp_path, text, problem, line):
    with pytest.raises(PublishError, match=problem) as caught:
        own(tmp_path, text)
    assert caught.value.place
    assert (caught.value.place.line, caught.value.place.file[-9:]) == (line, "ours.yaml")
    assert caught.value.remedy


def test_a_pack_without_a_licence_and_one_that_is_a_list(tmp_path):
    (tmp_path / "a.yaml").write_text("description: d\nsource: s\nterms: {}\n", "utf-8")
    with pytest.raises(PublishError, match='"licence" is missing'):
        read_pack("a.yaml", tmp_path)
    (tmp_path / "a.yaml").write_text("- 土豆\n", "utf-8")
    with pytest.raises(PublishError, match="a term pack is a mapping"):
        read_pack("a.yaml", tmp_path)


def test_an_unknown_pack_is_an_error_at_the_setting_with_the_likely_name(tmp_path):
    with pytest.raises(PublishError, match='unknown term pack "fod"') as caught:
        read_pack("fod", tmp_path, Place("book.yaml", 3))
    assert 'Did you mean "food"?' in caught.value.remedy
    with pytest.raises(PublishError, match=r'"none\.yaml" not found'):
        read_pack("none.yaml", tmp_path)


def test_a_search_finds_terms_by_any_form_in_either_script():
    for query in ("公交车", "公車", "公车", "巴士"):
        assert any(entry.text == "公交车" for _, entry in search(query, PACKS))
    assert search("公車", PACKS)[0][1].text == "公交车"


# --- a book's packs, and the commands ---


def book(folder: Path, settings: str, body: str = "# 一\n\n他在悉尼吃土豆。\n", **files: str) -> Path:
    head = SETTINGS.partition("editions:")[0]
    names = {f"{name}.yaml": text for name, text in files.items()}
    first = next(iter(read_project(write_book(folder, {"book.yaml": head})).chapters)).path.name
    return write_book(folder, {"book.yaml": head + settings, first: body, **names})


def test_a_book_and_an_edition_name_packs(tmp_path):
    path = book(tmp_path, "editions:\n  zh-TW: {}\n  zh-HK: {terms: [food]}\nterms: [places, ours.yaml]\n",
                ours=HEAD + "terms:\n  土豆: {zh-TW: 洋芋}\n")  # fmt: skip
    project = read_project(path)
    assert [[pack.name for pack in edition.packs] for edition in project.editions] == [["places", "ours"], ["food"]]
    assert any(file.name == "ours.yaml" for file in project.edition("zh-TW").style.files)


def test_terms_lists_searches_and_says_where_nothing_is_found():
    assert "people-western" in call("terms").stdout
    assert "zh-TW 公車  zh-HK 巴士" in call("terms", "公交车").stdout
    found = json.loads(call("terms", "--pack", "food", "--json", "土豆泥").stdout)
    assert found[0]["forms"] == {"zh-TW": "馬鈴薯泥", "zh-HK": "薯蓉"}
    assert 'no pack has "勑勑"' in call("terms", "勑勑").stdout
    assert call("terms", "--check", "nowhere", "公车").returncode == 2


def test_terms_checks_the_packs_of_a_book(tmp_path):
    path = book(
        tmp_path,
        "editions: [zh-TW]\nterms: [places, sport, ours.yaml, more.yaml]\n",
        ours=HEAD + "terms:\n  土豆: {zh-TW: 洋芋}\n  甜水面: {zh-TW: 甜水麵條}\n",
        more=HEAD + "terms:\n  土豆: {zh-TW: 馬鈴薯}\n",
        glossary="terms:\n  悉尼: {zh-TW: 悉尼}\n",
    )
    ran = call("terms", "--check", path, "--json")
    found = [(one["code"], one["severity"], one["line"]) for one in json.loads(ran.stdout)["findings"]]
    assert ran.returncode == 1
    assert ("terms-disagree", "warning", 5) in found
    assert ("terms-overridden", "note", 0) in found
    assert ("terms-unmet", "note", 6) in found
    assert sum(code == "terms-unmet" for code, _, _ in found) == 2  # 甜水面, and all of sport


def test_a_pack_of_ones_own_that_corrects_ours_is_a_note(tmp_path):
    settings = "editions: [zh-TW]\nterms: [food, ours.yaml]\n"
    ran = call("terms", "--check", book(tmp_path, settings, ours=HEAD + "terms:\n  土豆: {zh-TW: 洋芋}\n"))
    assert (ran.returncode, ran.stdout.count("note: ")) == (0, 1)
    assert "洋芋 in ours" in ran.stdout


def test_convert_takes_packs():
    assert call("convert", "-e", "zh-TW", "--terms", "everyday", given="坐公交车\n").stdout == "坐公車\n"
