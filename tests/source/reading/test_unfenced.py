"""Code without a fence: what was drawn, what a machine reads or says, is shown line by line, and text stays text."""

from __future__ import annotations

import pytest

from publish.source.reading import read_dialects


def read(source):
    """The rows that pandoc reads."""
    return [row.text for row in read_dialects(source.split("\n")).rows]


@pytest.mark.parametrize(
    "source",
    [
        "+------+      +------+\n| 客户 | ---> | 服务 |\n+------+      +------+\n   缓存        数据",
        "┌────┐   ┌────┐\n│ 甲 │──▶│ 乙 │\n└────┘   └────┘",
        "文公 ── 仁公 ─┬─ 光祖\n              └─ 光裕",
        "     背影\n   ／　　＼\n 父爱　　　　泪",
        "mysql> select * from user;\n+----+\n| id |\n+----+\n1 row in set",
        '$ git commit -m "修复"\nC:\\> dir /s *.txt\nsudo rm -rf /tmp/*',
        "Traceback (most recent call last):\n  File \"main.py\", line 3\nNameError: name '名' is not defined",
        "Error in main\n\tat a.b.<init>(C.java:1)\n\tat a.c(D.java:2)",
        "java.lang.NullPointerException\n\tat com.example.A.main(A.java:3)",
        "        ┌ 起因：借箭\n草船借箭 ┤ 经过：大雾\n        └ 结果：十万支",
        "    36\n  + 47\n  ----\n    83",
        "-rw-r--r-- 1 root root  4096 说明.txt\ndrwxr-xr-x 2 root root  4096 src",
        "* 3f2a1bc (HEAD -> main) 修复\n|\\\n| * 5a4b3c2 新增\n|/",
        "<dependency>\n  <groupId>com.example</groupId>\n</dependency>",
        "curl -X POST https://example.com \\\n  -d '{\"a\":1}'",
        ">>> 1 + 1\n2",
        "5 3 . | . 7 . | . . .\n6 . . | 1 9 5 | . . .\n------+-------+------\n8 . . | . 6 . | . . 3",
        "e|---0---3---|\nB|-1---1---1-|\nG|-----------|",
        'FROM python:3.12-slim\nWORKDIR /app\n# 装\nCMD ["python", "app.py"]',
        '2024-05-06 * "老王面馆" "午饭"\n  Expenses:Food        28.00 CNY\n  Assets:Alipay',
        "(1) Wo   bu   chi  rou.\n    1SG  NEG  eat  meat",
        "name: 张三\nage: 18\ntags:\n  - 前端",
        "[Unit]\nDescription=我的服务",
        "apiVersion: v1\nmetadata:\n  name: 网\n---\nkind: Service",
        "NAME       READY   STATUS\nweb-0      1/1     Running",
        "Epoch 1/3  loss: 0.69  acc: 0.50\nEpoch 2/3  loss: 0.42  acc: 0.81",
        "<!DOCTYPE html>\n<html>\n<h1>你好</h1>\n\n<p>甲</p>\n</html>",
        "server {\n    listen 80;\n    # 静态文件\n    location / {\n        root /var/www;\n    }\n}",
    ],
)
def test_drawings_commands_reports_and_braces_are_code(source):
    rows = read(f"文。\n\n{source}\n\n文。")
    begun, end = (at for at, row in enumerate(rows) if row.strip().startswith("```"))
    shown = [line.replace("\t", "    ").lstrip() for line in source.split("\n")]
    assert [row.replace("\t", "    ").lstrip() for row in rows[begun + 1 : end]] == shown


def test_what_is_set_in_below_the_line_that_announces_it_is_code_without_chinese():
    assert read('运行：\n    cd /opt\n    echo "好"')[1:] == ["", "```", "cd /opt", 'echo "好"', "```"]
    assert "```" not in read("各位同事：\n    请看 a 文件。")


def test_a_title_above_what_is_drawn_is_text():
    assert read("三、板书\n   ／　　＼\n 父爱　　泪")[:3] == ["三、板书", "", "```"]


def test_settings_below_their_sentence_are_code_and_their_remark_is_no_chapter():
    settings = "[mysqld]\nport = 3306\n# 这一行是注释\n;skip-grant-tables"
    assert read(f"配置文件这样写：\n{settings}") == ["配置文件这样写：", "", "```ini", *settings.split("\n"), "```"]


def test_a_remark_or_an_import_that_a_sentence_announces_begins_the_program_below_it():
    assert read('再写 .env：\n\n# 端口\nPORT=8080\nURL="a"')[2:] == ["```", "# 端口", "PORT=8080", 'URL="a"', "```"]
    assert read("写入：\n\nimport { ref } from 'vue'\n\nconst n = ref(0)")[2:4] == ["```", "import { ref } from 'vue'"]
    assert read('# 端口\nPORT=8080\nURL="a"')[0] == "# 端口"


def test_what_translates_an_example_below_its_glosses_is_text():
    assert read("Wo bu chi rou.\n1SG NEG eat meat\n‘我不吃肉。’")[-1] == "‘我不吃肉。’"


def test_text_before_and_behind_commands_is_text():
    assert read("先装好。\n$ npm install")[:4] == ["先装好。", "", "```", "$ npm install"]
    assert read("$ npm install\n装完就好了。") == ["```", "$ npm install", "```", "", "装完就好了。"]


@pytest.mark.parametrize(
    "source",
    [
        "$ x $ 与 $ y $ 相等。",
        "+---+---+\n| 甲 | 乙 |\n+---+---+",
        "| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |",
        "[甲]\n他 = 她，她 = 他。\n# 好",
        "<pre>\nserver {\n  a;\n}\n</pre>",
        "$$\nf(x) = {\n  a;\n}\n$$",
        "他说 {\n这是什么\n}",
        "export const a = {\n  b: 1,\n}",
        "甲\nat last (好)",
        "```\n$ ls\n```",
        "Ingredients:\n- flour\nnote: fresh",
        "<!DOCTYPE html>\n<html>\n<p>甲</p>\n</html>",
        "2024-05-06 他来了。\n  Expenses 很多",
        "He came.  She left.  They met.\nIt rained.  It snowed.  It froze.",
        "John Smith    London    1985\nMary Brown    Paris     1990\nTom White     Rome      1979",
        "文\n\n    a {\n      b;\n    }",
        "+---+---+\n| 甲 | 乙 |\n+   +---+\n|   | 丙 |\n+---+---+",
    ],
)
def test_what_is_no_code_stays(source):
    assert "".join(read(source)).count("```") == source.count("```")
