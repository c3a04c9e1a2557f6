"""MyST and Jupyter Book: literature, glossaries, cells that are hidden, outputs that only a program shows."""

# ruff: noqa: E501  # a fixture is a file in one line
import json
import re

import pytest

from tests.tiny import PNG

BIB = "@book{knuth, title={The TeXbook}, author={Knuth, Donald}, year={1984}, publisher={AW}}\n"


def notebook(*cells):
    return json.dumps({"cells": list(cells), "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4})


def code(source, *outputs, tags=()):
    shown = [{"output_type": "execute_result", "data": one} for one in outputs]
    return {"cell_type": "code", "source": source, "outputs": shown, "metadata": {"tags": list(tags)}}


@pytest.mark.parametrize(
    "settings",
    [
        {"_config.yml": "bibtex_bibfiles: [a.bib]\n"},
        {"_config.yml": "sphinx: {config: {bibtex_bibfiles: [a.bib]}}\n"},
        {"conf.py": "bibtex_bibfiles = ['a.bib']\n"},
    ],
    ids=["_config.yml", "sphinx", "conf.py"],
)
def test_citations_of_jupyter_book_are_those_of_the_book(run, settings):
    _, book, read = run(
        {
            "_toc.yml": "format: jb-book\nroot: a\nchapters: [{file: b}]\n",
            "a.md": "# 甲\n\n见 {cite}`knuth,none`，{cite:t}`knuth` 说。\n\n```{bibliography}\n:style: plain\n```\n",
            "b.md": "# 乙\n\n字。\n\n```{bibliography}",
            "a.bib": BIB,
            **settings,
        }
    )
    assert book["bibliography"] == ["a.bib"]
    assert "见 [@knuth; \\@none]，@knuth 说。\n\n\n::: {#refs}\n:::" in read("a.md")
    assert read("b.md") == "# 乙\n\n字。\n"


def test_myst_takes_the_literature_of_its_folder(run):
    _, book, _ = run(
        {"myst.yml": "project: {title: 书, toc: [{file: a.md}]}\n", "a.md": "# 甲\n\n[@knuth]\n", "a.bib": BIB}
    )
    assert book["bibliography"] == ["a.bib"]


def test_a_glossary_is_a_list_of_definitions_and_paths_of_windows_are_paths(run):
    report, book, read = run(
        {
            "_toc.yml": "format: jb-book\nroot: a\nchapters:\n- file: b\\乙\n",
            "a.md": "# 甲\n\n```{glossary}\n词\n  解释。\n\n  又一段。\n\n[链](http://a.cn)\n  另解。\n```\n\n{data}`sys.path`\n",
            "b/乙.md": "# 乙\n\n字。\n",
        }
    )
    assert "词\n:   解释。\n\n    又一段。\n\n[链](http://a.cn)\n:   另解。" in read("a.md")
    assert "`sys.path`" in read("a.md")
    assert book["chapters"] == ["a.md", "b/乙.md"]
    assert not [one for one in report.decisions if one.kind == "unread"]


def test_cells_show_what_their_tags_leave(run):
    report, _, read = run(
        {
            "a.ipynb": notebook(
                {"cell_type": "markdown", "source": "# 甲"},
                code("only_output", {"text/plain": "出一"}, tags=["remove_input"]),
                code("only_code", {"text/plain": "出二"}, tags=["remove-output"]),
                code("nothing", {"text/plain": "出三"}, tags=["remove-cell"]),
                {"cell_type": "raw", "source": "\\newpage", "metadata": {"raw_mimetype": "text/latex"}},
            )
        }
    )
    assert read("a.md") == "# 甲\n\n```text\n出一\n```\n\n```python\nonly_code\n```\n"
    assert [one.code for one in report.decisions].count("cell-hidden") == 3
    assert "raw-other" in [one.code for one in report.decisions]


def test_outputs_for_the_web_stay_where_they_say_anything(run):
    report, _, read = run(
        {
            "a.ipynb": notebook(
                {"cell_type": "markdown", "source": "# 甲"},
                code(
                    "a",
                    {
                        "text/html": "<style>td {}</style>\n<table>\n\n<tr><td>格</td></tr></table>",
                        "text/plain": "<pandas.io.formats.style.Styler at 0x7f>",
                    },
                ),
                code("b", {"text/html": "<script>\ufffd draw()</script><div></div>"}),
                code("c", {"text/html": "<b>表</b>", "text/plain": "表文"}),
            )
        }
    )
    assert (
        "```\n\n<table>\n<tr><td>格</td></tr></table>\n\n```python\nb\n```\n\n```python\nc\n```\n\n```text\n表文\n```"
        in read("a.md")
    )
    assert [one.code for one in report.decisions if one.code != "contents"] == ["output-unread"]


def test_formulas_and_figures_of_myst_are_referred_to_by_their_numbers(run):
    files = {
        "_toc.yml": "format: jb-book\nroot: a\nchapters: [{file: b}]\n",
        "a.md": "# 甲\n\n$$\nx = 1\n+ 2\n$$ (eq:one)\n\n```{math}\n:label: two\ny = 2\n```\n\n```{figure} p.png\n:width: 50%\n:name: fig-map\n图\n```\n",
        "b.md": "# 乙\n\n由 {eq}`eq:one` 和 {eq}`two`，见 {numref}`fig-map`、{numref}`图 %s <fig-map>`、{ref}`那张图 <fig-map>`。\n",
        "p.png": "",
    }
    _, _, read = run(files)
    assert "$$\nx = 1\n+ 2\n$$ {#eq:one}" in read("a.md")
    assert "$$\ny = 2\n$$ {#eq:two}" in read("a.md")
    assert "![图](<p.png>){#fig:map width=50%}" in read("a.md").replace("](p.png)", "](<p.png>)")
    wanted = "由 [-@eq:one] 和 [-@eq:two]，见 [@fig:map]、图 [-@fig:map]、[那张图](#fig:map)。"
    assert read("b.md").split("\n")[2] == wanted


def test_a_role_named_in_code_is_code_and_labels_are_links(run):
    report, book, read = run(
        {
            "_config.yml": "title: 山 <img src='l.svg' width=40 /> 书\n",
            "_toc.yml": "format: jb-book\nroot: a\nchapters:\n- file: b\n",
            "a.md": """
                # 甲

                用 `{note}` 指令，与 `{tip}` 一样；见 [](hill/top)、[那里](hill/top)与 [乙](b)。
                {badge}`新,badge-primary`，{glue:}`x`。

                :::{tabbed} 甲页
                里面。
                :::
                """,
            "b.md": "# 乙\n\n(hill/top)=\n## 山顶\n\n文。\n",
        }
    )
    assert book["title"] == "山 书"
    text = read("a.md")
    assert "用 `{note}` 指令，与 `{tip}` 一样；见 [山顶](#hill/top)、[那里](#hill/top)与 [乙](b.md)。" in text
    assert "新，{glue:}`x`。" in text
    assert "::: note 甲页\n里面。\n:::" in text
    assert [one.code for one in report.decisions] == ["role-unread"]


def test_what_a_listing_shows_of_labels_is_no_label(run):
    report, _, read = run(
        {
            "_toc.yml": "format: jb-book\nroot: a\n",
            "a.md": """
                # 甲

                * - ````md
                    ```{math}
                    :label: eq-mean
                    ```
                    ````
                  - 见 {eq}`eq-mean`，又见 @eq:mean。
                """,
        }
    )
    assert "```{math}" in read("a.md")
    assert "@eq:mean" not in read("a.md").replace("\\@eq:mean", "")
    assert "reference-broken" in [one.code for one in report.decisions]


SPHINX = {
    "docs/conf.py": "project = '图形学'\nauthor = '某实验室'\nlanguage = 'zh_CN'\nextensions = ['myst_parser']\n",
    "docs/index.md": "# 图形学\n\n```{toctree}\n:caption: 上编\n\na/index\n后记 <end>\n```\n",
    "docs/a/index.md": "(sec-a)=\n# 甲\n\n```{toctree}\nb\n```\n",
    "docs/a/b.md": """# 乙

见{numref}`sec-a` 与{ref}`sec-a`，{numref}`fig-two`，式 {eq}`map`，{prf:ref}`def-x`，{cite}`knuth`。

$$
\\phi:\\Omega&\\to R\\\\
X&\\mapsto x
$$ (map)

````{subfigure} AB
:name: fig-two

```{image} p.png
:alt: 左
```

```{image} p.png
:alt: 右
```

两张图
````

<!-- ```{figure} old.png
从前的图
``` -->

```{prf:definition} 不变
:label: def-x
文字。
```
""",
    "docs/a/p.png": PNG,
    "docs/end.md": "# 后记\n",
    "docs/a/ref.bib": "@book{knuth, title={The TeXbook}, author={Knuth, Donald}, year={1984}, publisher={AW}}\n",
}


def test_sphinx_with_myst_is_read_by_its_toctrees(run):
    _, book, read = run(SPHINX)
    assert (book["title"], book["author"], book["lang"]) == ("图形学", ["某实验室"], "zh-CN")
    inner = ["a/index.md", "end.md"]
    assert book["chapters"][0] == "index.md"
    [part] = book["chapters"][1:]
    assert part["part"] == "上编"
    assert [one["file"] if isinstance(one, dict) else one for one in part["chapters"]] == inner
    assert part["chapters"][0]["chapters"] == ["a/b.md"]
    assert book["bibliography"] == ["a/ref.bib"]
    text = read("a/b.md")
    assert "见\\autoref{sec-a} 与[甲](#sec-a)，[@fig:two]，式 [-@eq:map]，[@def-x]，[@knuth]。" in text
    assert "$$ {#eq:map}" in text
    assert ":::: {#fig:two layout-ncol=2}" in text
    assert '::: {.statement .definition #def-x name="不变"}\n文字。\n:::' in text
    assert "old.png" not in text


def test_a_book_in_doc_with_an_external_contents_and_an_empty_library_comes_in_whole(run):
    _, book, read = run(
        {
            "doc/_toc.yml": "root: index\nsubtrees:\n- numbered: 2\n  entries:\n  - file: a/index\n    entries:\n    - file: a/b\n",
            "doc/conf.py": "bibtex_bibfiles = ['references.bib']\nhtml_title = '书'\n",
            "doc/references.bib": "",
            "doc/index.md": "# 书\n\n```{only} html\n网上的话。\n```\n\n```{only} latex\n纸上的话。\n```\n",
            "doc/a/index.md": "# 甲\n\n```{code-block} python\n:caption: 求和“一”\n\nx = 1\n```\n",
            "doc/a/b.md": "# 乙\n",
        }
    )
    assert book["chapters"] == ["index.md", {"file": "a/index.md", "chapters": ["a/b.md"]}]
    assert "网上的话。" in read("index.md")
    assert "纸上的话。" not in read("index.md")
    assert '```python title="求和“一”"\nx = 1\n```' in read("a/index.md")


def test_a_passage_for_another_output_alone_is_told(run):
    report, _, _ = run({"_toc.yml": "root: a\n", "a.md": "# 甲\n\n```{only} latex\n纸上的话。\n```\n"})
    assert [one.excerpt for one in report.decisions if one.code == "raw-other"] == ["纸上的话。"]


@pytest.mark.parametrize("options", [":name: fig-a\n:width: 80%\n", "---\nwidth: 80%\nname: fig-a\n---\n"])
def test_a_reference_leads_to_its_figure_however_the_options_are_written(run, options):
    _, _, read = run(
        {
            "_toc.yml": "root: a\n",
            "a.md": f"# 甲\n\n如 {{numref}}`fig-a` 所示。\n\n```{{figure}} b.png\n{options}图名\n```\n",
        }
    )
    assert "如 [@fig:a] 所示。" in read("a.md")
    assert "{#fig:a width=80%}" in read("a.md")


def test_exercises_have_numbers_and_solutions_say_whose_they_are(run):
    _, _, read = run(
        {
            "_toc.yml": "root: a\n",
            "_config.yml": "title: 书\n",
            "a.md": """# 甲

```{exercise-start}
:label: one
```
求 $x$。
```{exercise-end}
```

```{solution} one
:class: dropdown
答。
```

```{prf:Theorem} $\\ell_p$ 空间
文字，{ref}`one`。
```
""",
        }
    )
    text = read("a.md")
    assert text.index("::: {.statement .exercise #exr:one}") < text.index("求 $x$。") < text.index(":::\n")
    assert '::: {.statement .solution name="@exr:one"}\n答。\n:::' in text
    assert "::: {.statement .theorem}\n::: {.title}\n$\\ell_p$ 空间\n:::\n\n文字，[@exr:one]。" in text


def test_sphinx_reads_pages_in_both_markups(run):
    """The contents of many projects' Chinese documents are in reStructuredText, and their pages in Markdown."""
    report, book, read = run(
        {
            "docs/en/conf.py": "",
            "docs/en/index.rst": "Book\n====\n\n.. toctree::\n\n   a.md\n",
            "docs/en/a.md": "# A\n",
            "docs/zh_cn/conf.py": "project = '江南志'\nlanguage = 'zh_CN'\n",
            "docs/zh_cn/index.rst": "江南志\n======\n\n.. 编者的话\n\n.. toctree::\n   :caption: 上部\n\n   a\n   b/index\n   c\n   none.md\n",
            "docs/zh_cn/a.md": "# 甲\n\n见 [Config](pkg.config.Config) 和[丙](c.rst)。\n\n```{eval-rst}\n.. note::\n\n   当心 ``x``。\n```\n\n```{prf:Theorem} 大\n:label: t\n字。\n```\n",
            "docs/zh_cn/b/index.rst": "乙部\n====\n\n.. toctree::\n\n   d.md\n",
            "docs/zh_cn/b/d.md": "# 丁\n",
            "docs/zh_cn/c.rst": "丙\n==\n\n看 ``代码`` 和 `链 <a.md>`__。\n",
        }
    )
    assert (report.importer, book["title"], book["lang"]) == ("jupyter-book", "江南志", "zh-CN")
    assert book["chapters"] == [
        {"part": "上部", "chapters": ["a.md", {"title": "乙部", "chapters": ["b/d.md"]}, "c.md"]}
    ]
    assert "见 Config 和[丙](c.md)。" in read("a.md")
    assert "> **注**\n>\n> 当心 `x`。" in read("a.md")
    assert '::: {.statement .theorem #thm:t name="大"}' in read("a.md")
    assert read("c.md") == "# 丙\n\n看 `代码` 和 [链](a.md)。\n"
    assert [one.excerpt for one in report.decisions if one.code == "chapter-missing"] == ["none.md"]


def test_a_figure_with_a_caption_keeps_its_description_and_a_rubric_its_words(run):
    page = "# 起\n\n```{figure} p.png\n:name: f\n:alt: 一张“图”\n题\n```\n\n```{rubric} 参考\n```\n"
    _, _, read = run({"myst.yml": "project: {title: 书, toc: [{file: index.md}]}\n", "index.md": page, "p.png": PNG})
    assert re.search(r'!\[题\]\(<?p\.png>?\)\{#fig:f alt="一张“图”"\}', read("index.md"))
    assert "**参考**" in read("index.md")
