"""The ledger: what a hand has written in decisions.yaml and glossary.yaml stays, line by line."""

from __future__ import annotations

import random
import stat

import pytest

from publish.convert import Decision, read_decisions_data
from publish.errors import PublishError
from publish.review.ledger import HEADER, row, text_of, with_decision, with_term, without_decision, write, written
from publish.yamlfile import read_yaml

FILE = "decisions.yaml"
BY_HAND = """\
# 老王定的，别动
zh-HK:
  里:
    - {after: 面, as: 裏}   # 依字形表

zh-TW:
  # 人名
  于:
    - keep: true
      before: 姓
      note: |-
        见来信
    # 其余的
    - {before: 由, as: 於}
  复习: [{as: 複習}]
"""


def rule(term: str, form: str, before: str = "", after: str = "", edition: str = "zh-TW", **more) -> Decision:
    return Decision(edition, term, before, after, form, **more)


def read(text: str):
    document = read_yaml(text, FILE)
    return sorted(read_decisions_data(document.data, FILE, document.line).all)


def test_the_first_decision_makes_the_file():
    text = with_decision("", FILE, rule("干", "乾", "又", "又痒"))
    assert text == HEADER + "zh-TW:\n  干:\n    - {before: 又, after: 又痒, as: 乾}\n"


def test_decisions_are_sorted_whatever_their_order():
    rows = [
        rule(term, form, before, edition=edition)
        for edition in ("zh-HK", "zh-TW", "mine")
        for term, form in (("干", "乾"), ("里", "裡"), ("复习", "複習"))
        for before in ("", "又", "他的")
    ]
    expected = written(rows)
    for seed in range(5):
        text = ""
        for one in random.Random(seed).sample(rows, len(rows)):
            text = with_decision(text, FILE, one)
        assert text == expected
        for one in random.Random(seed + 10).sample(rows, len(rows)):
            text = without_decision(text, FILE, one)
        assert text == HEADER


def test_a_new_decision_is_a_line_of_a_diff_and_comments_stay():
    new = with_decision(BY_HAND, FILE, rule("于", "於", "至"))
    assert set(new.split("\n")) - set(BY_HAND.split("\n")) == {"    - {before: 至, as: 於}"}
    assert [line for line in new.split("\n") if "至" not in line] == BY_HAND.split("\n")
    assert len(read(new)) == len(read(BY_HAND)) + 1


@pytest.mark.parametrize(
    "new",
    [
        rule("里", "裏", "", "头", "zh-HK"),
        rule("复习", "復習", "要"),
        rule("只", "只"),
        rule("一", "一", edition="zh-MO"),
        rule("一", "一", edition="a-first"),
        rule("干", "乾", edition="zh-HK"),
    ],
)
def test_an_edit_and_its_undoing_leave_a_file_by_hand_as_it_was(new):
    text = with_decision(BY_HAND, FILE, new)
    assert read(text) == sorted([*read(BY_HAND), new])
    assert [line for line in BY_HAND.split("\n") if line not in text.split("\n")] in ([], ["  复习: [{as: 複習}]"])
    if new.term != "复习":
        assert without_decision(text, FILE, new) == BY_HAND


def test_another_decision_on_the_same_thing_takes_its_line_and_its_note_and_comment_stay():
    text = with_decision(BY_HAND, FILE, rule("里", "裡", "", "面", "zh-HK"))
    assert "    - {after: 面, as: 裡}   # 依字形表" in text
    text = with_decision(BY_HAND, FILE, rule("于", "於", "姓"))
    assert read(text) == sorted([*read(BY_HAND)[:1], *read(BY_HAND)[2:], rule("于", "於", "姓", note="见来信")])


def test_a_flow_form_without_comments_is_written_anew_and_one_with_comments_is_not_touched():
    flow = "{zh-TW: {里: [{as: 裡}]}}\n"
    assert with_decision(flow, FILE, rule("干", "乾")) == written([rule("里", "裡"), rule("干", "乾")])
    with pytest.raises(PublishError, match=r"by hand: zh-TW, 干: - \{as: 乾\}"):
        with_decision(f"# 我的\n{flow}", FILE, rule("干", "乾"))


@pytest.mark.parametrize(
    "text", ["a: b", "干 净", "#", "- x", "true", "1", "'", '"', "{", "^a", "又，", "“", "一\u2028", "😀"]
)
def test_any_text_is_written_so_that_it_reads_the_same(text):
    new = rule(text, text, f"^{text}", f"{text}$", note=text)
    assert read(with_decision("", FILE, new)) == [new]
    assert row(rule("干", "干", keep=True, note="好")) == "{keep: true, note: 好}"


def test_a_broken_file_is_told_and_not_written():
    with pytest.raises(PublishError, match=r"decisions\.yaml:2"):
        with_decision("zh-TW:\n  干: 乾\n", FILE, rule("里", "裡"))


GLOSSARY = """\
terms:
  # 计算机
  软件: {zh-TW: 軟體}   # 见体例
  里面:
    zh-TW: 裡面

keep:
  - 余秋雨
"""


def test_a_term_is_added_to_the_glossary_and_the_rest_stays():
    new = with_term(GLOSSARY, "g.yaml", "打印", "zh-TW", "列印")
    assert new == GLOSSARY.replace("    zh-TW: 裡面\n", "    zh-TW: 裡面\n  打印: {zh-TW: 列印}\n")
    new = with_term(GLOSSARY, "g.yaml", "软件", "zh-HK", "軟件")
    assert new == GLOSSARY.replace("軟體}", "軟體, zh-HK: 軟件}")
    new = with_term(GLOSSARY, "g.yaml", "里面", "zh-HK", "裏面")
    assert new == GLOSSARY.replace("zh-TW: 裡面\n", "zh-TW: 裡面\n    zh-HK: 裏面\n")
    new = with_term(GLOSSARY, "g.yaml", "软件", "zh-TW", "軟件")
    assert new == GLOSSARY.replace("軟體", "軟件")


def test_a_name_is_added_to_what_is_kept():
    new = with_term(GLOSSARY, "g.yaml", "于谦", "zh-TW", None)
    assert new == GLOSSARY + "  - {text: 于谦, editions: [zh-TW]}\n"
    assert with_term("", "g.yaml", "于谦", "zh-TW", None) == "keep:\n  - {text: 于谦, editions: [zh-TW]}\n"
    assert with_term("# 表\n", "g.yaml", "里", "zh-TW", "裡") == "# 表\nterms:\n  里: {zh-TW: 裡}\n"
    assert with_term("terms:\n# 空\n", "g.yaml", "里", "zh-TW", "裡") == "terms:\n  里: {zh-TW: 裡}\n# 空\n"


def test_a_name_that_is_a_term_already_is_refused_with_what_to_do():
    with pytest.raises(PublishError, match=r"cannot be added.*Add it by hand under keep"):
        with_term(GLOSSARY, "g.yaml", "软件", "zh-TW", None)
    with pytest.raises(PublishError, match=r"Add it by hand under terms: 打印: \{zh-TW: 列印\}"):
        with_term("{terms: {软件: {zh-TW: 軟體}}}\n", "g.yaml", "打印", "zh-TW", "列印")


def test_a_file_keeps_its_line_ends_its_mode_and_its_link(tmp_path):
    real, link = tmp_path / "real.yaml", tmp_path / FILE
    real.write_bytes("zh-TW:\r\n  干: [{as: 乾}]\r\n".encode())
    real.chmod(0o600)
    link.symlink_to(real)
    write(link, with_decision(text_of(link), FILE, rule("里", "裡")))
    assert real.read_bytes() == "zh-TW:\r\n  干: [{as: 乾}]\r\n  里:\r\n    - {as: 裡}\r\n".encode()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, "real.yaml"]


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(PublishError, match="cannot write this file"):
        write(tmp_path / "file" / FILE, "")
