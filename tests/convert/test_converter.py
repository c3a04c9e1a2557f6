"""OpenCC as the converter runs it: exact pieces, safe characters, every configuration."""

from __future__ import annotations

import json
import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.convert import Converter, Issue, converter, distribute
from publish.convert.glossary import read_glossary_data
from publish.convert.native import PRESERVES_LENGTH, known, native
from publish.convert.replay import compose, replay
from publish.errors import Place, UsageError
from publish.regions import CONFIGURATIONS, REGIONS

CN, TW, HK, SG, MO = (REGIONS[key] for key in ("zh-CN", "zh-TW", "zh-HK", "zh-SG", "zh-MO"))
CHAINS = sorted({(name,) for name in PRESERVES_LENGTH} | set(CONFIGURATIONS.values()))
PAIRS = Path(__file__).resolve().parents[3] / "shared" / "pairs"

SENTENCES = (
    "头发长了，生产要发展；皇后在后面，干部把手擦干净。",
    "这台打印机的软件存在U盘里，出租车司机用鼠标点了默认的网络视频。",
    "頭髮長了，印表機的軟體存在隨身碟裡，計程車司機用滑鼠點了預設的網路影片。",
    "巴士、的士和單車停在埗頭，裏面的麪包說是衞生的。",
    "⿰氵后写作一个字，⿰头发以外的头发；⿱⿰后",
    "葛\U000e0100城，發\ufe00展，豈\uf900更\uf901",
    "第一行头\n发第二行\t台湾\u2028\ufffc里面",
    "",
)


def convert(text: str, source=CN, target=TW, **choices) -> str:
    return Converter(source, target, **choices).convert(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1．中国的首都是（ ）。A．北京 B．上海", "1.中國的首都是（ ）。A.北京 B.上海"),
        ("一．总则", "一.總則"),
        ("约翰．史密斯说“好”。", "約翰．史密斯說「好」。"),
    ],
)
def test_a_full_width_stop_behind_a_number_is_a_stop_where_fonts_have_it_in_the_middle(text, expected):
    assert convert(text) == expected
    assert "".join(Converter(CN, TW).pieces(text, [2, 5])) == expected
    assert "".join(run.text for run in Converter(CN, TW).runs(text)) == expected
    assert convert("1．总则", target=SG) == "1．总则"


def plain(names: tuple[str, ...]) -> Converter:
    return Converter(CN, CN, configurations=names, quotes="keep", second_opinion=False)


def natively(names: tuple[str, ...], text: str) -> str:
    for name in names:
        text = native(name)(text)
    return text


@pytest.mark.parametrize(
    ("source", "target", "text", "expected"),
    [
        (CN, TW, "头发与发展", "頭髮與發展"),
        (CN, TW, "干部擦得干净", "幹部擦得乾淨"),
        (CN, TW, "皇后在后面", "皇后在後面"),
        (CN, HK, "里面说的群众", "裏面説的羣眾"),
        (TW, CN, "看著頭髮", "看着头发"),
        (HK, CN, "裏面説", "里面说"),
        (TW, HK, "裡面說", "裏面説"),
        (HK, TW, "裏面説", "裡面說"),
        (CN, SG, "头发“干净”", "头发“干净”"),
        (HK, MO, "裏面", "裏面"),
    ],
)
def test_each_region_gets_its_own_characters(source, target, text, expected):
    assert convert(text, source, target) == expected


def test_a_custom_chain_changes_the_words_as_well():
    assert convert("打印机、U盘和软件", configurations=("s2twp",)) == "印表機、隨身碟和軟體"


def test_an_unknown_configuration_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match=r'unknown OpenCC configuration "s2x"\. Choose one of s2t, s2tw'):
        Converter(CN, TW, configurations=("s2x",))
    assert known(["s2tw"]) == ("s2tw",)


def test_simplified_forms_that_few_fonts_have_are_not_produced():
    assert convert("屩、綟與緤", TW, CN) == "屩、綟与緤"
    assert convert("屩、綟與緤", HK, CN) == "屩、綟与緤"


def tables_of(name):
    """The tables of a configuration, each once: many first characters share one."""
    shared = [table for step in replay(name)._chain for trials in step.values() for _, table in trials]
    return {id(table): table for table in shared}.values()


@pytest.mark.parametrize("name", PRESERVES_LENGTH)
def test_the_table_of_configurations_agrees_with_the_dictionaries(name):
    kept = all(len(key) == len(value) for table in tables_of(name) for key, value in table.items())
    assert kept is PRESERVES_LENGTH[name]


def test_no_dictionary_has_a_quotation_mark():
    keys = {key for name in PRESERVES_LENGTH for table in tables_of(name) for key in table}
    assert not {key for key in keys if set(key) & set("“”‘’「」『』\0\ufffc\n")}


@pytest.mark.parametrize("name", PRESERVES_LENGTH)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_replay_gives_what_opencc_gives(name, sentence):
    assert "".join(text for _, text in replay(name).units(sentence)) == native(name)(sentence)


@pytest.mark.parametrize("name", ["s2twp", "s2hkp", "tw2sp", "hk2sp"])
def test_the_replay_holds_for_texts_made_of_keys(name):
    """Random joins of keys and parts of keys meet overlaps that no prose has."""
    chance = random.Random(name)
    tables = [table for step in replay(name)._chain for trials in step.values() for _, table in trials[:1]]
    keys = [chance.choice(list(table)) for table in chance.sample(tables, 40)]
    for _ in range(300):
        drawn = [chance.choice(keys) for _ in range(6)]
        text = "".join(key[: chance.randint(1, len(key))] for key in drawn)
        assert "".join(output for _, output in replay(name).units(text)) == native(name)(text)


@pytest.mark.parametrize("names", CHAINS, ids="+".join)
def test_real_lines_cut_anywhere_join_to_what_opencc_gives(names):
    if not PAIRS.is_dir():
        pytest.skip("the parallel texts, ../shared/pairs beside the repository, are not there")
    column = "src" if names[0].startswith("s") else "ref"
    chance = random.Random(0)
    made = plain(names)
    records = "".join(file.read_text("utf-8") for file in sorted(PAIRS.glob("*.jsonl"))).strip().split("\n")
    for line in (json.loads(record)[column] for record in records[::4]):
        cuts = sorted(chance.choices(range(len(line) + 1), k=3))
        expected = natively(names, line)
        pieces = made.pieces(line, cuts)
        assert len(pieces) == 4
        assert "".join(pieces) == expected
        assert "".join(output for _, output in replay(names[0]).units(line)) == native(names[0])(line)
    assert not made._unretraced


def test_a_phrase_is_converted_across_cuts():
    assert Converter(CN, TW).pieces("头发", [1]) == ["頭", "髮"]
    assert Converter(CN, TW, configurations=("s2twp",)).pieces("用软件吧", [2]) == ["用軟", "體吧"]


def test_a_phrase_that_changes_its_length_stays_whole_where_it_begins():
    made = Converter(CN, TW, configurations=("s2twp",))
    assert made.pieces("买U盘了", [2]) == ["買隨身碟", "了"]
    assert made.pieces("买U盘了", [1, 2, 3]) == ["買", "隨身碟", "", "了"]


def test_two_phrases_whose_lengths_make_up_for_each_other_are_still_cut_right():
    longer, shorter = "U盘", "缓存器"
    made = Converter(CN, TW, configurations=("s2twp",))
    text = f"{longer}，{shorter}。"
    first, last = made.pieces(text, [2])
    assert first == "隨身碟"
    assert last == made.convert(f"，{shorter}。")


def test_passes_compose():
    names = ("tw2sp", "s2hkp")
    made = plain(names)
    text = "隨身碟裡的軟體與計程車"
    assert "".join(made.pieces(text, [1, 3, 5, 9])) == natively(names, text)
    assert compose([(2, "隨身碟")], [(1, "随"), (2, "身盘")]) == [(2, "随身盘")]
    assert compose([(1, "甲"), (2, "乙丙丁")], [(1, "子"), (3, "丑")]) == [(1, "子"), (2, "丑")]


def test_opaque_ranges_stay_and_part_the_phrase():
    made = Converter(CN, TW)
    text = "头发头发头软件发"
    opaque = [(2, 4), (5, 7)]
    assert "".join(made.pieces(text, [1, 3], opaque)) == "頭髮头发頭软件發"
    assert made.pieces(text, [2, 4, 5, 7], opaque) == ["頭髮", "头发", "頭", "软件", "發"]
    assert [run.origin for run in made.runs(text, opaque)] == ["opencc", "keep", "opencc", "keep", "opencc"]
    phrases = Converter(CN, TW, configurations=("s2twp",))
    assert phrases.pieces("U盘`U盘`里", [2, 6], [(2, 6)]) == ["隨身碟", "`U盘`", "裡"]


def test_runs_tell_what_was_converted():
    text = "用U盘“发”展"
    runs = Converter(CN, TW, configurations=("s2twp",)).runs(text)
    assert [(text[run.start : run.end], run.text, run.origin) for run in runs] == [
        ("用", "用", "copy"),
        ("U盘", "隨身碟", "opencc"),
        ("“", "「", "quote"),
        ("发", "發", "opencc"),
        ("”", "」", "quote"),
        ("展", "展", "copy"),
    ]


@pytest.mark.parametrize(
    "keep", ["\0", "\ud800", "\udfff\udbff", "\ufffe", "\uffff", "\U0001ffff", "\ufffc", "\x01", "\x1b"]
)
@pytest.mark.parametrize("names", [("s2tw",), ("s2twp",), ("tw2t", "t2hk")])
def test_characters_that_opencc_mishandles_are_kept(keep, names):
    made = Converter(CN, TW, configurations=names)
    text = f"头发{keep}里{keep}"
    expected = natively(names, "头发") + keep + natively(names, "里") + keep
    assert made.convert(text) == expected
    assert "".join(made.pieces(text, [2, 3])) == expected
    assert "".join(run.text for run in made.runs(text)) == expected


def test_variation_and_description_sequences_are_kept():
    assert convert("葛\U000e0100城的头\ufe00发") == "葛\U000e0100城的頭\ufe00發"
    assert convert("⿰后发是头发") == "⿰后发是頭髮"


ANYTHING = st.text(
    st.one_of(
        st.sampled_from(
            "头发展干净皇后里面软件打印机U盘出租车默认“”‘’「」『』\0\ud800\ufffc\ufffe\n\r\t⿰⿲⿾\ufe00\U000e0100a1 ’"
        ),
        st.characters(),
    ),
    max_size=30,
)


@given(ANYTHING, st.data())
def test_runs_tile_the_text_and_every_way_gives_the_same(text, data):
    names = data.draw(st.sampled_from([None, ("s2twp",), ("tw2sp",), ("tw2sp", "s2hkp")]))
    made = Converter(CN, TW, configurations=names)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
    runs = made.runs(text)
    assert [run.start for run in runs] == [0, *(run.end for run in runs)][: len(runs)]
    assert sum(run.end - run.start for run in runs) == len(text)
    assert "".join(run.text for run in runs) == made.convert(text)
    pieces = made.pieces(text, cuts)
    assert len(pieces) == len(cuts) + 1
    assert "".join(pieces) == made.convert(text)
    assert pieces == distribute(runs, cuts)
    assert not made._unretraced


@given(ANYTHING, st.data())
def test_opaque_ranges_come_through_unchanged(text, data):
    bounds = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)))
    opaque = list(zip(bounds[::2], bounds[1::2], strict=False))
    made = Converter(CN, TW, configurations=data.draw(st.sampled_from([None, ("s2twp",)])))
    cuts = [index for bound in opaque for index in bound]
    pieces = made.pieces(text, cuts, opaque)
    assert pieces[1::2] == [text[start:end] for start, end in opaque]
    assert "".join(pieces) == "".join(run.text for run in made.runs(text, opaque))


def test_what_cannot_be_retraced_still_joins_to_opencc_and_is_reported(monkeypatch):
    class Wrong:
        def units(self, text):
            return [(1, character) for character in text]

    monkeypatch.setattr(converter, "replay", lambda _: Wrong())
    made = Converter(CN, TW, configurations=("s2twp",), quotes="keep")
    text = "好，买U盘了。"
    assert made.issues(text) == []
    assert "".join(made.pieces(text, [4])) == "好，買隨身碟了。"
    assert "".join(run.text for run in made.runs(text)) == "好，買隨身碟了。"
    assert made.issues(text) == [Issue("opencc-replay", 0, text)]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("“烟”，宋本作“煙”。", "「烟」，宋本作「煙」。"),
        ("“里”在繁体里写作“裏”或“裡”，“里程”不变。", "「里」在繁體裡寫作「裏」或「裡」，「里程」不變。"),
        ("他写“台湾”，又写“台湾”。", "他寫「臺灣」，又寫「臺灣」。"),
    ],
)
def test_words_that_a_text_tells_apart_do_not_become_the_same(source, wanted):
    assert Converter(CN, TW).convert(source) == wanted


def test_a_converter_goes_to_another_process():
    made = Converter(CN, TW)
    assert made.convert("头发") == "頭髮"
    assert pickle.loads(pickle.dumps(made)).convert("头发") == "頭髮"


def test_what_is_remembered_needs_no_dictionaries_and_is_what_was_converted(monkeypatch):
    terms = read_glossary_data({"terms": {"网络": {"zh-TW": "網際網路"}}}, Place("glossary.yaml"))
    base = Converter(CN, TW, glossary=terms)
    first = base.fresh(converter.Memory())
    texts = [("他的头发在“里面”。", []), ("网络里的头发和后面。", [2, 5, 6]), ("用软件写作", [1])]
    made = [(first.convert(text), first.pieces(text, cuts)) for text, cuts in texts]
    assert made == [(base.fresh().convert(text), base.fresh().pieces(text, cuts)) for text, cuts in texts]

    def missing(*_):
        raise AssertionError("a dictionary was asked")

    monkeypatch.setattr(converter, "native", missing)
    again = base.fresh(first.memory)
    assert [(again.convert(text), again.pieces(text, cuts)) for text, cuts in texts] == made
    assert again.tally == first.tally
    assert again.memory == first.memory, "what is met again is remembered for the next time"
    assert base.fresh().memory is None
