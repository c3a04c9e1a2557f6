"""Vaults of Obsidian: notes called by their files, parts of notes embedded, canvases, plug-ins' queries."""

from __future__ import annotations

import json

from tests.importers.folders.test_folders import codes, paths

CANVAS = {
    "nodes": [
        {"type": "text", "text": "下面的字", "x": 0, "y": 9},
        {"type": "text", "text": "上面的字\n第二行", "x": 0, "y": 1},
        {"type": "file", "file": "山.md", "x": 0, "y": 20},
        {"type": "group", "label": "一组", "x": 0, "y": 0},
    ]
}
VAULT = {
    ".obsidian/app.json": "{}",
    "山.md": "# 山\n\n## 上山\n路在这里。 ^road\n\n- 甲\n- 乙 ^item\n\n### 细处\n再上。\n",
    "图.canvas": json.dumps(CANVAS, ensure_ascii=False),
    "另.canvas": "{}",
}


def test_an_embedded_part_of_a_note_stands_below_the_heading_above_it(run):
    _, _, read = run({**VAULT, "页.md": "## 节\n\n![[山#上山]]\n\n![[山#^road]]\n\n![[山#^item]]\n\n![[山]]\n"})
    lines = [line for line in read("页.md").split("\n") if line]
    assert lines[:9] == [
        "# 页", "## 节", "### 上山", "路在这里。", "- 甲", "- 乙", "#### 细处", "再上。", "路在这里。"
    ]  # fmt: skip
    assert lines[9:11] == ["- 乙", "### 山"]


def test_a_note_with_several_titles_is_called_as_its_file(run):
    _, _, read = run({**VAULT, "读书.md": "# 甲书\n\n文。\n\n# 乙书\n\n文。\n", "独.md": "# 有题\n\n文。\n"})
    assert [line for line in read("读书.md").split("\n") if line] == ["# 读书", "## 甲书", "文。", "## 乙书", "文。"]
    assert read("独.md").startswith("# 有题\n")


def test_the_words_of_a_canvas_stand_where_it_is_shown(run):
    report, _, read = run({**VAULT, "页.md": "看图：\n\n![[图.canvas]]\n"})
    text = read("页.md")
    assert text.index("**一组**") < text.index("> 上面的字\n> 第二行") < text.index("> 下面的字")
    assert "[山.md](山.md)" in text
    assert [one.file for one in report.decisions if one.code == "note-aside"] == ["另.canvas"]
    assert "canvas-plain" in codes(report)


def test_what_a_plug_in_would_answer_is_told_with_its_line(run):
    report, _, read = run(
        {
            **VAULT,
            "页.md": "甲 `= this.tags`，`x = 1`。\n\n```dataview\nLIST\n```\n\n%% kanban:settings\n```\n{}\n```\n%%\n",
        }
    )
    assert [one.line for one in report.decisions if one.code == "query-unread"] == [1, 3]
    assert "kanban" not in read("页.md")


def test_a_folder_with_an_underscore_is_a_folder_of_notes_and_templates_are_told(run):
    report, book, _ = run(
        {
            **VAULT,
            ".obsidian/plugins/templater-obsidian/data.json": '{"templates_folder": "_tpl"}',
            "_箱/甲.md": "# 甲\n",
            "_tpl/日.md": "# 日\n",
        }
    )
    assert "_箱/甲.md" in list(paths(book["chapters"]))
    assert "_tpl/日.md" in [one.file for one in report.decisions if one.code == "note-aside"]


def test_an_embedded_drawing_is_its_saved_picture_or_its_words_and_never_its_data(run):
    drawn = """
        ---
        excalidraw-plugin: parsed
        ---
        ==⚠  Switch to EXCALIDRAW VIEW ⚠==

        # Excalidraw Data

        ## Text Elements
        山里有
        人家 ^mqUAOtCT

        门前一条河 ^S3wSkVFY

        %%
        ## Drawing
        ```compressed-json
        N4KAkARALgngDgUwgLgAQQQDwMYEMA2A
        ```
        %%
        """
    report, _, read = run(
        {
            ".obsidian/app.json": "{}",
            "a.md": "# 甲\n\n![[流程| 1300]]\n\n![[布局.excalidraw|400]]\n",
            "画/流程.md": drawn,
            "画/布局.excalidraw.md": drawn,
            "画/布局.excalidraw.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        }
    )
    text = read("a.md")
    assert "> 山里有 人家\n>\n> 门前一条河" in text
    assert "![](画/布局.excalidraw.svg){width=400px}" in text
    assert "N4KAk" not in text
    assert "EXCALIDRAW" not in text
    assert [one.line for one in report.decisions if one.code == "canvas-plain"] == [3]


def test_blocks_that_links_lead_to_are_anchors_in_any_folder(run):
    files = {
        "主页.md": "# 主页\n\n正文 #标签/子 ^block1\n\n上标 x ^2\n",
        "日记/a.md": "# 日记\n\n见[[主页#^block1]]。\n",
    }
    report, _, read = run(files)
    assert report.importer == "folder"
    assert "正文 #标签/子 []{#b-block1}" in read("主页.md")
    assert "上标 x ^2" in read("主页.md")
    assert "见[主页](../主页.md#b-block1)。" in read("日记/a.md")
