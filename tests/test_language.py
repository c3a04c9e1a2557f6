"""Messages are read back by their templates and told in the language of the locale, the command line or the page."""

from __future__ import annotations

import json
import re
import sys

import pytest

from publish import cli
from publish.errors import UsageError
from publish.language import ENGLISH, Phrasebook, Template, of_locale, of_request, of_tag, phrasebook, spoken, taken
from tests.tiny import write_book

SIMPLIFIED, TRADITIONAL = phrasebook("zh-CN"), phrasebook("zh-TW")


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr(spoken, "language", ENGLISH)
    monkeypatch.setattr(spoken, "asked", False)


@pytest.fixture
def run(monkeypatch):
    """Run the command in this process; its exit code."""

    def ran(*arguments):
        monkeypatch.setattr(sys, "argv", ["publish", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as ended:
            return ended.code
        return 0

    return ran


@pytest.fixture
def book(tmp_path):
    """A folder with a book of one chapter that has a finding."""
    return write_book(tmp_path / "book", {"01.md": "# 一\n\n![图](nowhere.png)\n"})


# --- templates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "simplified", "traditional"),
    [
        ('image "map.png" not found', "找不到图片“map.png”", "找不到圖片「map.png」"),
        ('image "a "b" c.png" not found', '找不到图片“a "b" c.png”', '找不到圖片「a "b" c.png」'),
        ("Write the value out", "把值写出来", "把值寫出來"),
        ('unknown format "pfd"', "没有“pfd”这种格式", "沒有「pfd」這種格式"),
        ("Choose from epub, pdf", "可选：epub、pdf", "可選：epub、pdf"),
        ("the element <b> was removed, its content kept", "元素 <b> 去掉了，内容留下", "元素 <b> 去掉了，內容留下"),
        ("Protect it with {.keep}, or give the word in glossary.yaml", "用 {.keep} 保护它，或者在 glossary.yaml 里给出写法",  # noqa: E501
         "用 {.keep} 保護它，或者在 glossary.yaml 裡給出寫法"),
    ],
)  # fmt: skip
def test_a_message_is_told_with_its_values(english, simplified, traditional):
    assert SIMPLIFIED.tell(english) == simplified
    assert TRADITIONAL.tell(english) == traditional
    assert phrasebook(ENGLISH).tell(english) == english


def test_a_value_that_is_a_message_itself_is_told_as_well():
    assert SIMPLIFIED.tell('image "map.png" not found, in 3 places') == "找不到图片“map.png”，共 3 处"
    assert SIMPLIFIED.tell("dot is not installed: dot diagrams stay code (3 of them, first here)") == (
        "没有安装 dot：dot 图仍是代码（共 3 处，这是头一处）"
    )


def test_what_no_template_says_stays_as_it_is():
    assert SIMPLIFIED.tell("a tool of others said this") == "a tool of others said this"
    assert SIMPLIFIED.tell("") == ""


def test_the_template_that_says_most_is_taken():
    assert SIMPLIFIED.tell("the keyword is missing") == "the keyword不见了"
    assert SIMPLIFIED.tell('"title" is missing') == "缺少“title”"


def test_what_is_quoted_in_a_list_has_the_marks_of_its_language():
    said = 'publish does not use the keys "a", "b"'
    assert SIMPLIFIED.tell(said) == "publish 用不到这些键：“a”、“b”"
    assert "「a」、「b」" in Phrasebook("zh-TW").tell(said)


def test_sentences_end_with_the_mark_of_their_script_and_stand_close():
    assert SIMPLIFIED.sentences('image "a.png" not found', "Save it as a file") == "找不到图片“a.png”。存成文件。"
    assert SIMPLIFIED.sentences("said by others", "") == "said by others."
    assert phrasebook(ENGLISH).sentences("no such file", "Check its name") == "no such file. Check its name."


def test_a_template_is_known_by_its_fixed_pieces():
    template = Template('{1} holds "{{{2}}}"', "")
    assert template.fixed == (' holds "{', '}"')
    assert template.shape.fullmatch('a holds "{b}"').groups() == ("a", "b")


def test_a_page_gets_only_the_words_that_it_says():
    assert Phrasebook("zh-CN").words(["Undone.", "never said"]) == {"Undone.": "已撤销。"}


# --- which language ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_HK.UTF-8"}, "zh-TW"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh-TW"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:zh_CN:en"}, "zh-CN"),
        ({"LANG": "C", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "fr_FR"}, "en"),
    ],
)
def test_the_locale_names_the_language(environment, language):
    assert of_locale(environment) == language


def test_language_tags_lead_to_a_script():
    assert [of_tag(one) for one in ("zh", "zh-Hans-TW", "zh-Hant", "zh_MO.UTF-8", "en-GB", "ja")] == [
        "zh-CN", "zh-CN", "zh-TW", "zh-TW", "en", "",
    ]  # fmt: skip


def test_lang_may_stand_anywhere_before_two_hyphens():
    assert taken(["build", "--lang", "zh_tw", "book"]) == (["build", "book"], "zh-TW")
    assert taken(["--lang=en", "check", "--", "--lang"]) == (["check", "--", "--lang"], "en")
    with pytest.raises(UsageError, match="unknown language"):
        taken(["--lang", "de"])
    with pytest.raises(UsageError, match="unknown language"):
        taken(["--lang"])


def test_a_page_speaks_as_the_command_line_says_else_as_the_browser(monkeypatch):
    assert of_request("zh-TW,zh;q=0.9,en;q=0.8") == "zh-TW"
    assert of_request("fr, en;q=0.5") == "en"
    monkeypatch.setattr(spoken, "language", "zh-CN")
    assert of_request("fr") == "zh-CN"
    monkeypatch.setattr(spoken, "asked", True)
    assert of_request("en") == "zh-CN"


# --- the command ------------------------------------------------------------------------------------------------------


def test_errors_are_told_in_the_language_of_the_locale(run, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run("build", tmp_path / "none") == 1
    assert "none: 没有这个文件或文件夹。请给出有 book.yaml 的文件夹" in capsys.readouterr().err


def test_help_and_complaints_are_told(run, capsys):
    assert run("build", "--help", "--lang", "zh-TW") == 0
    said = capsys.readouterr().out
    assert "做書：書裡寫明的各個版本和格式" in said
    assert "用法" in said
    assert run("biuld", "--lang", "zh-CN") == 2
    assert "没有“biuld”这个命令" in capsys.readouterr().err
    assert run("build", "--jobs", "many", "--lang", "zh-CN") == 2
    assert "--jobs / -j 的值不对：要写整数" in capsys.readouterr().err
    assert run("convert", "--lang", "zh-CN") == 2
    assert "缺少选项 --edition（-e）。" in capsys.readouterr().err


def test_help_without_spaces_is_shown_to_its_end(run, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    run("convert", "--help", "--lang", "zh-CN")
    shown = re.sub(r"[\s│]", "", capsys.readouterr().out)
    for whole in ("不输出文字，而是说明每个有取舍的字由什么决定。", "(region；转到原文自己的地区时是straight)"):
        assert whole in shown
    run("--help", "--lang", "zh-CN")
    assert "做书用这些副本，不需要网络。" in re.sub(r"[\s│]", "", capsys.readouterr().out)


def test_json_stays_english_unless_another_language_is_asked_for(run, monkeypatch, capsys, book):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    run("check", book, "--json")
    assert json.loads(capsys.readouterr().out)["findings"][0]["problem"] == 'image "nowhere.png" not found'
    run("check", book, "--json", "--lang", "zh-TW")
    assert json.loads(capsys.readouterr().out)["findings"][0]["problem"] == "找不到圖片「nowhere.png」"


def test_findings_kept_by_an_earlier_build_are_told_in_any_language(run, capsys, tmp_path):
    book = write_book(tmp_path / "book", {"01.md": "# 一\n\n他说“好。\n"})
    told = {}
    for language in ("en", "zh-CN", "zh-TW"):
        output = tmp_path / "out"
        run("build", book, "-o", output, "--format", "html", "--lang", language)
        told[language] = capsys.readouterr().err
    assert "an unpaired quotation mark" in told["en"]
    assert "引号不成对" in told["zh-CN"]
    assert "引號不成對" in told["zh-TW"]
