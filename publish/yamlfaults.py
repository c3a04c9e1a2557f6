"""What a YAML parser refuses, in the words of whoever has to mend it: where it begins, what it is, what to write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import yaml

from publish.errors import Place, PublishError

_Words = tuple[str, str]  # problem, remedy

_QUOTE = 'If it is text, put it in quotation marks: "…"'
_INDENT = "Indent keys of one level alike, with spaces, and begin each item of a list with a hyphen and a space"
_TAB = ("a tab stands where YAML allows spaces alone", "Write spaces")
_WIDE_COLON = re.compile(r"^(?:\s*(?:- )?(?P<key>[A-Za-z][\w-]*)|(?P<word>[\u4e00-\u9fff]{2,6}))：")
# Keys as people write them in Chinese, and what they are called.
_KEYS = {
    **dict.fromkeys(("标题", "標題", "题目", "題目", "书名", "書名", "题名", "題名"), "title"),
    **dict.fromkeys(("副标题", "副標題", "副书名", "副書名"), "subtitle"),
    "作者": "author",
    **dict.fromkeys(("译者", "譯者"), "translator"),
    **dict.fromkeys(("日期", "时间", "時間"), "date"),
    **dict.fromkeys(("语言", "語言"), "lang"),
    **dict.fromkeys(("出版社", "出版者"), "publisher"),
    **dict.fromkeys(("版权", "版權"), "rights"),
    **dict.fromkeys(("简介", "簡介"), "description"),
}


def explained(error: yaml.YAMLError | ValueError, text: str, file: str, first_line: int) -> PublishError:
    """The failure to tell of a `text` of `file`, which begins at `first_line` of it, that PyYAML does not read."""
    if isinstance(error, yaml.reader.ReaderError):
        character = error.character if isinstance(error.character, int) else ord(error.character[:1] or "\0")
        line = text.count("\n", 0, error.position) + first_line
        return PublishError(
            f"this holds a character that no text has (U+{character:04X})", "Remove it", Place(file, line)
        )
    if not isinstance(error, yaml.MarkedYAMLError):
        return PublishError("this cannot be read as YAML", "Save the file as plain UTF-8 text", Place(file))
    wide = wide_colon(text, file, first_line)
    if wide is not None:
        return wide
    (problem, remedy), line = next(_readings(error, text.split("\n")))
    return PublishError(problem, remedy, Place(file, line + first_line))


def wide_colon(text: str, file: str, first_line: int) -> PublishError | None:
    """The error of a key with an input method's colon behind it."""
    for number, line in enumerate(text.split("\n"), first_line):
        found = _WIDE_COLON.match(line)
        if found:
            typed = found["key"] or found["word"]
            problem, key = f'the colon behind "{typed}" is a full-width one (：)', _KEYS.get(typed, typed)
            return PublishError(problem, f"Write {key}: with an ASCII colon and a space", Place(file, number))
    return None


_WIDE_LIST = str.maketrans(
    {**dict.fromkeys("，、；", ","), **dict.fromkeys("【［〔", "["), **dict.fromkeys("】］〕", "]")}
)


def listed(value: str) -> str:
    """The names of a list that was typed without brackets, or with an input method's, as YAML has them; else empty."""
    plain = value.translate(_WIDE_LIST)
    names = [one.strip() for one in plain.strip("[] ").split(",")]
    return f"[{', '.join(filter(None, names))}]" if plain != value or len(names) > 1 else ""


def _readings(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> Iterator[tuple[_Words, int]]:
    """What the error means, with its line from 0, the likeliest first; the last is for whatever else there may be."""
    said, context = error.problem or "", error.context or ""
    start, end = error.context_mark or error.problem_mark, error.problem_mark or error.context_mark
    first, last = start.line if start else 0, end.line if end else 0
    for number in dict.fromkeys((first, last)):
        if number < len(lines) and re.match(r" *\t", lines[number]):
            yield _TAB, number
    if re.match("mapping values are not allowed", said):
        yield _colon(lines, last, end.column if end else 0)
    if _CUT.search(said):  # it says where the text ends, not what it is in
        yield from _open_bracket(lines)
    for pattern, words, at_start in _ROWS:
        found = pattern.search(f"{context}: {said}")
        if found:
            yield words(found), first if at_start else last
    yield (
        ("this cannot be read as YAML", "Check the indentation, the colons and the quotation marks around it"),
        last,
    )


def _unclosed(closer: str) -> _Words:
    return f"the bracket that opens here is not closed by {closer}, or a comma is missing inside it", _QUOTE


def _open_bracket(lines: Sequence[str]) -> Iterator[tuple[_Words, int]]:
    """The last bracket that opens, where the text ends behind it."""
    for number in range(len(lines) - 1, -1, -1):
        opened = re.findall(r"[\[{]", lines[number].partition(" #")[0])
        if opened:
            yield _unclosed("]" if opened[-1] == "[" else "}"), number
            return


def _colon(lines: Sequence[str], number: int, column: int) -> tuple[_Words, int]:
    """What is wrong where a colon stands that makes no key: in its own line, or in the one that should have ended."""
    if re.match(r"\s*(?:- )*[^\s:][^:]*:\s", lines[number][:column]):
        return (
            "a colon with a space behind it stands inside this value",
            'Put the value in quotation marks: "…"',
        ), number
    above = next(
        (one for one in range(number - 1, -1, -1) if lines[one].strip() and lines[one].lstrip()[0] != "#"), number
    )
    if re.match(r"\s*(?:- )*[\w-]+:\S", lines[above]):
        return ("there is no space behind the colon", 'Write "key: value"'), above
    if not re.search(r":(?:\s|$)", lines[above]):
        return ("this line has no colon", 'Write "key: value"'), above
    return ("this line is indented further than the key above it, which has its value", _INDENT), number


_CUT = re.compile("expected the node content.*stream end")

# What PyYAML says of what it was doing and of what it met; what that is; whether it is mended where it began.
_ROWS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Words], bool], ...] = (
    (
        re.compile(r"unknown escape character '(.+)'"),
        lambda found: (
            f"\\{found[1]} means nothing between double quotation marks",
            "Write two backslashes, or take single quotation marks",
        ),
        False,
    ),
    (
        re.compile("quoted scalar"),
        lambda _: ("a quotation mark opens here and never closes", "Close it, or take it away"),
        True,
    ),
    (
        re.compile(r"expected ',' or '([]}])'"),
        lambda found: _unclosed(found[1]),
        True,
    ),
    (
        re.compile("expected <block end>, but found '<scalar>'"),
        lambda _: (
            "text stands behind the closing quotation mark",
            "Put the whole value in quotation marks of the other kind",
        ),
        False,
    ),
    (re.compile("expected <block end>"), lambda _: ("this line does not go with those above it", _INDENT), False),
    (re.compile(r"found character '\\t'"), lambda _: _TAB, False),
    (
        re.compile("found character '(.)' that cannot start"),
        lambda found: (f"the value begins with {found[1]}, which means something else in YAML", _QUOTE),
        False,
    ),
    (
        re.compile("(alias|anchor)"),
        lambda _: ("the value begins with * or &, which mean something else in YAML", _QUOTE),
        False,
    ),
    (re.compile("tag"), lambda _: ("the value begins with !, which means something else in YAML", _QUOTE), False),
    (re.compile("unhashable key|mapping keys"), lambda _: ("a list or a map stands where a key is due", _QUOTE), False),
    (
        re.compile("block scalar"),
        lambda _: (
            "text stands behind | or > in its line",
            "Write the text into the lines below, indented, or put it in quotation marks",
        ),
        True,
    ),
    (re.compile("directive"), lambda _: ("the line begins with %, which means something else in YAML", _QUOTE), True),
    (
        re.compile("another document|<document start>"),
        lambda _: ("a second part begins here with ---", "Keep the settings in one part"),
        False,
    ),
    (
        re.compile("sequence entries are not allowed"),
        lambda _: ("a list begins in the line of its key", "Begin it in the line below"),
        False,
    ),
    (re.compile("could not find expected ':'"), lambda _: ("this line has no colon", 'Write "key: value"'), True),
    (re.compile("expected the node content"), lambda _: ("a value is missing here", _QUOTE), False),
)
