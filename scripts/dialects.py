"""docs/dialects.md: what of whose Markdown is read, made from the tables of the code."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from publish.source.pandoc import EXTENSIONS
from publish.source.reading.kinds import KINDS
from publish.source.reading.leftover import REMEDIES
from publish.source.reading.unread import UNREAD

# What is written, and what a reader gets: one row for each kind that is not as pandoc or CommonMark have it.
NARROWED: tuple[tuple[str, str, str], ...] = (
    ("prices, waves, powers between words", "10~20元，$5 和 $6，2^10", "10~20元，$5 和 $6，2^10"),
    ("a path", "D:\\资料\\目录", "D:\\资料\\目录"),
    ("a product, a name of a program", "2*3*4 与 __init__", "2*3*4 与 __init__"),
    ("marks that emphasise nothing", "*args，3 * 4，(^_^)", "*args，3 * 4，(^_^)"),
    ("a line that begins with a colon below a sentence", "他说完。\n\n: 好", "他说完。\n: 好"),
    ("a comparison", "若 a<b and c>d", "若 a<b and c>d"),
    ("a tag that is named", "标题用<title>标签，段落用<p>。", "标题用<title>标签，段落用<p>。"),
    ("a remark in brackets behind brackets", "[注](见 上文)", "[注](见 上文)"),
    ("a mark that is never closed", "~~没有结束", "~~没有结束"),
    ("spaces beside a formula's dollars", "若 $ x^2 $ 大", "若 x^2 大"),
    ("a formula that a server draws", "![x](https://www.zhihu.com/equation?tex=x%5E2)", "x^2"),
    ("a size behind an address", "见![图](a.png =600x)", "见图"),
    ("brackets of a heading's name", "# 引言\n\n见[引言]", "引言\n见[引言]"),
    ("an indent typed by hand", "　　段首", "段首"),
    ("lines that begin so are paragraphs", "第一段\n　　第二段", "第一段\n第二段"),
    ("paragraphs indented as code is", "    春眠不觉晓，处处闻啼鸟。", "春眠不觉晓，处处闻啼鸟。"),
    ("items, speakers, verse: lines stay lines", "甲：来了？\n乙：来了。", "甲：来了？\n乙：来了。"),
    ("a heading right below a list", "- 项\n## 节", "项\n节"),
    ("a heading without a space", "##一、概念", "一、概念"),
    ("a command without a fence", "$ npm install", "$ npm install"),
    ("a program without a fence", 'if x:\n    print("好")', 'if x:\n    print("好")'),
    ("fields two blanks apart", "姓名：李四  性别：女", "姓名：李四　性别：女"),
    ("numbers with zeros", "01. 甲\n02. 乙", "01. 甲\n02. 乙"),
    ("where a chat found what it says", "一半是公园【12†source】。", "一半是公园。"),
    ("a table of Org", "| 甲 | 乙 |\n|----+----|\n| 1 | 2 |", "甲 乙 1 2"),
    ("what is quoted less deep", ">> 什么时候？\n> 明天。", "什么时候？\n明天。"),
    ("columns", "日期：    年  月", "日期：　　年　月"),
    ("blanks to fill in", "自__年__月起", "自__年__月起"),
    ("stars of sizes and of levels", "M8*25，0.85***，（长*宽*高）", "M8*25，0.85***，（长*宽*高）"),
    ("what is knitted again", "*下针1针*，重复*到*", "*下针1针*，重复*到*"),
    ("tasks without a dash", "[ ] 牛奶\n[x] 面包", "☐ 牛奶\n☒ 面包"),
    ("words in a drawn line", "~~~~分割线~~~~", "~~~~分割线~~~~"),
)
READING = Path(__file__).parents[1] / "publish" / "source" / "reading"
DIALECTS = Path(__file__).parents[1] / "docs" / "dialects.md"


def table() -> str:
    """The page."""
    switches = "\n".join(f"| `{name}` | {'on' if on else 'off'} |" for name, on in EXTENSIONS.items())
    kinds: dict[str, list[str]] = {}
    for name, kind in KINDS.items():
        kinds.setdefault(kind, []).append(f"`{name}`")
    boxes = "\n".join(f"| {kind} | {', '.join(names)} |" for kind, names in kinds.items())
    unread = "\n".join(f"- {kind}" for kind in dict.fromkeys([*(kind for kind, _ in UNREAD), *_told("leave")]))
    left = "\n".join(f"- {kind}: {remedy[0].lower() + remedy[1:]}" for kind, remedy in REMEDIES.items())
    narrowed = "\n".join(f"| {kind} | {_cell(given)} | {_cell(got)} |" for kind, given, got in NARROWED)
    read = ", ".join(dict.fromkeys(_told("_?name")))
    return f"""# What is read

Made by `python -m scripts.dialects`. The reader is pandoc's Markdown, and before it `publish/source/reading`, which
narrows it to what people mean and reads what other tools have added.

## Pandoc's extensions that are not as pandoc has them

| Extension | Here |
|:--|:--|
{switches}

## Boxes

`> [!NAME]`, `::: name`, `!!! name` and `??? name`, with a title or without; without one the edition's region names it.

| Kind | Names |
|:--|:--|
{boxes}

## What is read as people mean it

| Kind | Written | A reader gets |
|:--|:--|:--|
{narrowed}

Other tools' {read} are read, and have no letters of their own.

## What stands as it was typed

Each is told once (`markup-unread`), with its first line and how often it is met:

{unread}

## Markdown that was not read

Afterwards the text that a reader would get is looked through for marks of Markdown that their author meant as such
(`reading/leftover.py`): none in code, none escaped with a backslash, none that was told above. They are told so, too:

{left}
"""


def _told(verb: str) -> list[str]:
    """The kinds that the reading's code tells with a verb: `leave` of what it does not know, `name` of what it does."""
    pattern = re.compile(rf'\.{verb}\(\s*"([^"]+)"')
    return [kind for file in sorted(READING.glob("*.py")) for kind in pattern.findall(file.read_text(encoding="utf-8"))]


def _cell(text: str) -> str:
    return "`" + text.replace("\n", "⏎") + "`"


def main() -> int:
    """Write the page."""
    DIALECTS.write_text(table(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
