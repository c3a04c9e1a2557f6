"""What kind of writing a text is of."""

from __future__ import annotations

from pathlib import Path

from publish.convert import REGISTERS, Converter
from publish.convert.contexts import book_of, shares, table
from publish.convert.native import native
from publish.regions import REGIONS

CN, TW = REGIONS["zh-CN"], REGIONS["zh-TW"]
HERE = Path(__file__).parent
LAYERED = set(map(REGISTERS.index, ("literary", "classical", "verse")))


def register_of(text):
    return table().registers.of(text)


def test_each_register_is_told_by_the_text():
    texts = {
        "modern": "我们今天在公司开会，讨论新产品的设计和市场，大家都觉得还可以再改。",
        "official": "主管机关得依前项规定核定之；其申请程序、应备文件及其他应遵行事项之办法，由主管机关定之。",
        "classical": "子曰：学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？",
        "cantonese": "佢哋今日喺屋企食饭，我话畀佢知呢啲嘢唔系咁做嘅，佢冇应我。",
    }
    assert {name: REGISTERS[register_of(text)] for name, text in texts.items()} == {name: name for name in texts}


def test_the_register_of_the_book_goes_before_that_of_the_text():
    text = "系指此事"
    plain, cantonese = Converter(CN, TW), Converter(CN, TW, register="cantonese")
    assert plain._register is None
    assert REGISTERS[cantonese._register] == "cantonese"
    assert len(cantonese.convert(text)) == len(text)


def test_single_sentences_of_old_books_are_told_and_those_of_everyday_are_not():
    def share(sentences):
        return sum(register_of(one) in LAYERED for one in sentences) / len(sentences)

    def parts(file):
        return [line.split("\t") for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]

    back = native("tw2s")
    assert share([one[1] for one in parts(HERE / "old.tsv")]) >= 0.7
    assert share([one[0] for one in parts(HERE / "everyday.tsv")]) <= 0.06
    # Here are sentences of novels, and prose that quotes the classics.
    assert share([back(one[0]) for one in parts(HERE / "fresh.txt")]) <= 0.1


def test_a_text_is_of_several_registers_by_shares():
    for source in ("老余拍着胸脯说。", "子曰：学而时习之，不亦说乎？", "系指此事"):
        kinds = shares(source)
        assert 0.97 < sum(share for _, share in kinds) <= 1.0001
        assert len({kind for kind, _ in kinds} - LAYERED) <= 1
    assert shares("床前明月光，疑是地上霜。") == ((REGISTERS.index("verse"), 1.0),)


NOVEL = [
    "那道人笑道：你若不信，且随我来，自有分晓。",
    "话说宝玉正自发怔，只见袭人笑嘻嘻的走来，说道：老太太那里打发人来叫你呢。",
    "当下众人吃了一回酒，各自散了，不在话下。",
] * 6
TODAY = [
    "我们的程序会检查所有的设置，如果有问题就告诉用户。",
    "这个功能去年的版本里已经有了，但是很多人不知道。",
] * 10
POEMS = ["白日依山尽，黄河入海流。", "欲穷千里目，更上一层楼。", "千山鸟飞绝，万径人踪灭。"] * 10
OLD_PROSE = [
    "子曰：学而时习之，不亦说乎？有朋自远方来，不亦乐乎？",
    "夫礼者，所以定亲疏，决嫌疑，别同异，明是非也。",
] * 10


def test_a_book_tells_what_its_blocks_are_of():
    for number, lines in enumerate((TODAY, NOVEL, OLD_PROSE, POEMS)):
        assert book_of(lines)[number] >= 0.75, lines[0]
    assert book_of(TODAY[:3]) == ()  # too little to tell it by
    assert book_of([*TODAY, *NOVEL])[:2] == (0.5, 0.5)

    def likeliest(text, book):
        return REGISTERS[max(shares(text, book_of(book)), key=lambda kind: kind[1])[0]]

    assert likeliest("他道：且慢。", NOVEL) == "literary"
    assert likeliest("第一回 甄士隐梦幻识通灵 贾雨村风尘怀闺秀", NOVEL) == "literary"
    assert likeliest("第一回 甄士隐梦幻识通灵 贾雨村风尘怀闺秀", TODAY) == "modern"
    # A passage shows what it is in a book of another kind.
    assert likeliest(OLD_PROSE[0], TODAY) == likeliest(POEMS[0], TODAY) == "classical"
    assert likeliest("这个功能去年的版本里已经有了，但是很多人不知道。", POEMS) == "modern"
    assert likeliest("无言独上西楼，月如钩。", POEMS) == "verse"


def test_a_text_on_a_department_is_no_cantonese():
    source = "你们系今年招几个人？听说我们系只招十五个。"
    assert REGISTERS[register_of(source)] == "modern"
    assert Converter(CN, TW).convert(source).startswith("你們系今年招幾個人？聽說我們系只招")
