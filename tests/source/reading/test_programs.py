"""Programs without a fence: each line as it was typed, wherever they stand; and no sentence is one."""

from __future__ import annotations

import pytest

from publish.source.reading import read_dialects
from publish.source.reading.programs import programs


def told(source):
    """The stretches of a text that are programs."""
    lines = source.split("\n")
    return ["\n".join(lines[begun:end]) for begun, end in programs(lines)]


@pytest.mark.parametrize(
    "source",
    [
        'for i in range(3):\n    if i % 2 == 0:\n        print("偶数", i)\n    else:\n        print("奇数", i)',
        'String a = new String("x");\na == "x" // false\na.equals("x") // 真',
        'class Foo:\n    """说明\n    两行"""\n\n    def hi(self):\n        return "你好"\n\n\nf = Foo()',
        "public class A {\n\n    // 主函数\n    void f() {\n        int n = 1;\n    }\n}",
        '{\n  "code": 0,\n  "data": {\n    "name": "张三",\n    "tags": ["a", "b"]\n  }\n}',
        "SELECT id, name\nFROM member\nWHERE name LIKE '%张%'\n  AND status = 1\nLIMIT 10;",
        'const el = document.querySelector("#app");\nel.innerHTML = `<b>${name}</b>`;\nconsole.log(el.__vue__);',
        ".title { color: #333;\n  margin: 0 auto; }\n.b { top: 0; }",
        '#include <stdio.h>\nint main(void) {\n    printf("你好\\n");\n    return 0;\n}',
        'x := map[string]int{\n    "a": 1,\n}\nfmt.Println(x)',
        'list(APPEND FILES\n  "a.h"\n  "b.h"\n)\nadd_library(one "a.cc")',
        '{\n"version": "0.2.0",\n"configurations": [\n    {\n        "name": "甲",\n    }\n]',
        'print("单独一行")',
    ],
)
def test_a_program_is_told_as_a_whole_with_its_blank_lines_strings_and_remarks(source):
    assert told(source) == [source]
    if "\n" in source:  # one line in a paragraph is text
        assert told(f"先看这段：\n{source}\n\n再看下面。") == [source]


@pytest.mark.parametrize(
    "source",
    [
        "若 x = 1，则\ny = 2\nz = 3",
        "解得：\n2x + 3(x - 1) = 17\n5x = 20\nx = 4",
        "for example:\n  a text that somebody has wrapped\n  and indented.",
        "I said (in 2010); he left.\nreturn to the house; it was late;\nimport duties rose.",
        "已知集合\nA = {1, 2, 3};\nB = {x | x > 2};\n求并集。",
        "A = {1, 2, 3}\nf(x) = {\n好\n}",
        "老周说：“门没锁；”\n他走了;",
        "- int a = 1;\n- int b = 2;",
        "用 `print(x)` 与\n`a = 1;` 两句。",
        "[甲](a.md);\n[乙](b.md);",
        "import A from './a.vue'\nexport const b = {\n  c: 1,\n}",
        "# 标题\nx = 1",
        "node.js(v18)",
        "x" * 500 + "(1);\na = 1;",
    ],
)
def test_sentences_formulas_lists_and_what_other_tools_import_are_none(source):
    assert told(source) == []


def test_a_program_in_an_item_stays_in_it_and_code_that_is_code_already_stays():
    rows = [row.text for row in read_dialects(["1. 用 C：", "   int a = 1;", "   f(a);", "2. 完。"]).rows]
    assert rows == ["1. 用 C：", "", "   ```", "   int a = 1;", "   f(a);", "   ```", "2. 完。"]
    tabbed = [row.text for row in read_dialects(["说明：", "\tint a = 1;", "\tf(a);", "完。"]).rows]
    assert tabbed == ["说明：", "", "```", "int a = 1;", "f(a);", "```", "完。"]
    indented = ["文。", "", "    int a = 1;", "    f(a);", "", "文。"]
    assert [row.text for row in read_dialects(indented).rows] == indented


@pytest.mark.parametrize(
    "source",
    [
        '<img alt="一\n二"\nsrc="a.png"\nwidth="5" />',
        "$$\na = f(1);\nb = 2;\n$$",
        "<%*\nconst a = 1;\nb(a);\n%>",
        '- 甲\n- ```python\n  a = f("x")\n  b = 1\n  ```',
        "文\n~~~~java\n    int a = 1;\n    f(a);\n~~~~",
    ],
)
def test_what_stands_in_tags_formulas_templates_and_fences_gets_no_fence_of_its_own(source):
    rows = "\n".join(row.text for row in read_dialects(source.split("\n")).rows)
    assert rows.count("```") == source.count("```")
