"""YAML: what is no YAML, or an attack, is told with its file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publish import yamlfile
from publish.errors import PublishError
from publish.yamlfile import read_yaml

NINE = "\n".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(9))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 'b.yaml:3: a: the key "a" is set twice, first in line 1'),
        ("a:\n  b: 1\n  b: 2\n", 'b.yaml:3: a.b: the key "b" is set twice, first in line 2'),
        ("a:\n- b: 1\n  b: 2\n", 'b.yaml:3: a.0.b: the key "b" is set twice, first in line 2'),
        ("1: a\n'1': b\n", 'b.yaml:2: 1: the key "1" is set twice'),
        ("a: 1\n\tb: 2\n", "b.yaml:2: a tab stands where YAML allows spaces alone"),
        ("a:\n\t- b\n", "b.yaml:2: a tab stands where"),
        ('a: 1\nb: "c\nd: 2\n', "b.yaml:"),
        ("a: [1, 2\nb: 3\n", "b.yaml:1: the bracket that opens here is not closed by ]"),
        ("a: b: c\n", "b.yaml:1: a colon with a space behind it stands inside this value"),
        ("a: !!python/object/apply:os.system ['x']\n", "b.yaml:1: the value begins with !"),
        ("a: !x y\n", "b.yaml:1: the value begins with !"),
        ("a: *b\n", "b.yaml:1: the value begins with * or &"),
        ("a: &a [*a]\n", "b.yaml:1: a.0: an alias refers to itself"),
        ("x: 1\na: &a\n  b: {c: *a}\n", "b.yaml:2: a.b.c: an alias refers to itself"),
        (f"a: &a [{'x, ' * 9}x]\n{NINE}\n", "b.yaml:"),
        ("a: 1\n---\nb: 2\n", "b.yaml:2: a second part begins here with ---"),
        ("a: \x07\n", "b.yaml:1: this holds a character that no text has (U+0007)"),
        ("? [a, b]\n: c\n", "b.yaml:1"),
        ("? {a: b}\n: c\n", "b.yaml:1"),
    ],
)
def test_a_fault_is_told_with_file_and_line(text, message):
    with pytest.raises(PublishError) as caught:
        read_yaml(text, "b.yaml")
    assert str(caught.value).startswith(message)
    assert caught.value.remedy


def test_aliases_that_expand_without_end_are_refused_at_once():
    with pytest.raises(PublishError, match="aliases expand to more than 200,000 values"):
        read_yaml(f"a: &a [{'x, ' * 9}x]\n{NINE}\n", "b.yaml")


def test_honest_aliases_are_read():
    assert read_yaml("a: &a {x: 1}\nb: [*a, *a]\n", "b.yaml").data == {"a": {"x": 1}, "b": [{"x": 1}, {"x": 1}]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2024-05-01", "2024-05-01"),
        ("0123", "0123"),
        ("1:30", "1:30"),
        ("1.5", "1.5"),
        ("12", 12),
        ("true", True),
        ("~", None),
        ("", None),
        ("=", "="),
        ("'12'", "12"),
        ("|\n  甲\n  乙\n", "甲\n乙\n"),
        (">\n  甲\n  乙\n", "甲 乙\n"),
    ],
)
def test_plain_values_stay_what_their_author_wrote(text, value):
    assert read_yaml(f"a: {text}\n", "b.yaml").data == {"a": value}


def test_each_key_has_its_line_and_others_that_of_the_nearest_above():
    document = read_yaml("a:\n  b:\n    - c\n    - d: 1\n", "b.yaml", first_line=3)
    assert document.line(("a", "b", 1, "d")) == 6
    assert document.line(("a", "b", 0)) == 5
    assert document.line(("a", "b", 7, "z")) == 4
    assert document.line(("z",)) == 3
    assert str(document.place(("a", "b", 1, "d"))) == "b.yaml:6: a.b.1.d"


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_an_empty_text_holds_nothing(text):
    assert read_yaml(text, "b.yaml").data is None


def test_of_several_keys_each_error_is_told_in_one_run():
    text = 'title: "没有结束\nauthor: [甲\nlang：zh-CN\nslug: a\n'
    with pytest.raises(PublishError) as raised:
        read_yaml(text, "b.yaml", 2)
    assert [(one.place.line, one.problem[:20]) for one in raised.value.all] == [
        (2, "a quotation mark ope"),
        (3, "the bracket that ope"),
        (4, 'the colon behind "la'),
    ]


def test_an_alias_of_another_key_is_no_error_of_its_own():
    with pytest.raises(PublishError, match="the bracket that opens here") as raised:
        read_yaml("a: &a 1\nb: *a\nc: {d\n", "b.yaml")
    assert [one.place.line for one in raised.value.all] == [3]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a: 1\n\tb: 2\n", "a tab stands"),  # LibYAML takes tabs for spaces
        ("title: 书\t\n", "a tab stands"),
        ("a: {b: 1\n", "not closed by }"),
    ],
)
def test_a_fault_is_told_as_python_tells_it_with_and_without_libyaml(monkeypatch, text, wrong):
    told = []
    for loader in (yamlfile._QuickLoader, yamlfile._Loader):
        monkeypatch.setattr(yamlfile, "_QuickLoader", loader)
        with pytest.raises(PublishError, match=re.escape(wrong)) as raised:
            read_yaml(text, "b.yaml")
        told.append(str(raised.value))
    assert told[0] == told[1]


def test_our_own_files_read_alike_with_and_without_libyaml(monkeypatch):
    files = [*Path(yamlfile.__file__).parent.rglob("*.yaml")]
    quick = [read_yaml(file.read_text(encoding="utf-8"), "b.yaml") for file in files[::8]]
    monkeypatch.setattr(yamlfile, "_QuickLoader", yamlfile._Loader)
    assert [read_yaml(file.read_text(encoding="utf-8"), "b.yaml") for file in files[::8]] == quick
    assert len(quick) > 3
