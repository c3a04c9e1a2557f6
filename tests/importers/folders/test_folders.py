"""A tiny folder of every kind goes in: its contents in order, its links and pictures mended, its syntax translated."""

# ruff: noqa: E501  # a fixture is a file in one line
from __future__ import annotations

import json

import pytest

from publish.errors import PublishError, UsageError
from publish.importers import detect, import_source
from tests.tiny import PNG


def codes(report):
    return [one.code for one in report.decisions]


def paths(entries):
    for one in entries:
        if isinstance(one, str):
            yield one
        else:
            yield from [one["file"]] if "file" in one else []
            yield from paths(one["chapters"])


def test_mdbook_with_includes_parts_drafts_and_hidden_lines(run):
    report, book, read = run(
        {
            "book.toml": '[book]\ntitle = "试书"\nauthors = ["山房"]\nlanguage = "zh-CN"\n',
            "src/SUMMARY.md": """
                # Summary
                [前言](pre.md)
                <!-- [旧章](old.md) -->
                # 第一部分
                - [开始](a/one.md)
                  - [细节](a/two.md)
                - [未写]()
                ---
                [后记](post.md)
                """,
            "src/pre.md": "# 前言\n\n见[细节](a/two.html#x)和 \\\\( a+b \\\\)。\n",
            "src/a/one.md": "## 开始\n\n```rust\n# fn main() {\n{{#include ../../listings/x.rs:part}}\n# }\n```\n\n![图](p.png)\n",
            "src/a/two.md": "# 细节\n\n\\{{#include 不动}}\n\n{{#include ../none.rs}}\n",
            "src/post.md": "# 后记\n",
            "src/old.md": "# 旧章\n",
            "src/a/p.png": PNG,
            "listings/x.rs": "// ANCHOR: part\nlet x = 1;\n// ANCHOR_END: part\nlet y = 2;\n",
        }
    )
    assert (book["title"], book["author"], book["lang"]) == ("试书", ["山房"], "zh-CN")
    assert list(paths(book["chapters"])) == ["pre.md", "a/one.md", "a/two.md", "post.md"]
    assert book["chapters"][1] == {"part": "第一部分", "chapters": [{"file": "a/one.md", "chapters": ["a/two.md"]}]}
    assert "[细节](a/two.md#x)" in read("pre.md")
    assert "$ a+b $" in read("pre.md") or "$a+b$" in read("pre.md")
    assert read("a/one.md") == "# 开始\n\n```rust\nlet x = 1;\n```\n\n![图](p.png)\n"
    assert "{{#include 不动}}" in read("a/two.md")
    assert {"hidden-lines", "include-missing", "page-unlisted"} <= set(codes(report))
    assert [one.line for one in report.decisions if one.code == "include-missing"] == [5]


@pytest.mark.parametrize(
    ("part", "lines"),
    [("", "abcd"), ("2", "b"), ("2:", "bcd"), (":2", "ab"), ("2:3", "bc"), ("3:9", "cd")],
)
def test_ranges_of_lines(part, lines):
    from publish.importers.folders.mdbook import choose_lines

    assert choose_lines(list("abcd"), part) == list(lines)


def test_formulas_of_mdbook_lose_the_backslashes_that_its_markdown_takes_and_may_take_lines(run):
    text = "# 甲\n\n设 \\\\(x=\\begin{bmatrix}\n a \\\\\\\\\n b\n\\end{bmatrix}\\\\)。\n\n$$\n\\\\{a\\\\}\n$$\n"
    files = {"src/SUMMARY.md": "[甲](a.md)\n", "src/a.md": text}
    _, _, read = run({"book.toml": "[output.html]\nmathjax-support = true\n", **files})
    assert "设 $x=\\begin{bmatrix} a \\\\ b \\end{bmatrix}$。" in read("a.md")
    assert "$$\n\\{a\\}\n$$" in read("a.md")
    _, _, read = run({"book.toml": "[book]\n", **files}, name="katex")
    assert "$$\n\\\\{a\\\\}\n$$" in read("a.md")


def test_gitbook_with_hints_tabs_and_variables(run):
    report, book, read = run(
        {
            "book.json": json.dumps(
                {"title": "手册", "author": "甲, 乙", "language": "zh-hans", "variables": {"版": "3"}}
            ),
            "README.md": "# 序\n",
            "SUMMARY.md": "# Summary\n\n* [一](a/README.md)\n  * [二](a/b.md)\n* [三](a/b.md)\n* [外](https://example.org)\n",
            "a/README.md": '# 一\n\n{% hint style="warning" %}\n当心。\n{% endhint %}\n\n{% tabs %}\n{% tab title="Go" %}\n走\n{% endtab %}\n{% endtabs %}\n\n`{% hint %}`\n',
            "a/b.md": "# 二\n\n{{ book.版 }} 版，$$x^2$$ 是式子。{% unknown %}\n\n<img src='../.gitbook/assets/p q.png'>\n",
            ".gitbook/assets/p q.png": PNG,
        }
    )
    assert book["author"] == ["甲", "乙"]
    assert list(paths(book["chapters"])) == ["README.md", "a/README.md", "a/b.md"]
    assert "::: warning\n\n当心。\n\n:::" in read("a/README.md")
    assert "**Go**" in read("a/README.md")
    assert "`{% hint %}`" in read("a/README.md")
    assert "3 版，$x^2$ 是式子。{% unknown %}" in read("a/b.md")
    assert '"../.gitbook/assets/p%20q.png"' in read("a/b.md")
    assert {"chapter-twice", "chapter-elsewhere", "tag-unread"} <= set(codes(report))


def test_docsify_without_endings(run):
    report, book, read = run(
        {
            "docs/index.html": "<script>window.$docsify = {name: '南瓜'}</script><script src='docsify.js'></script>",
            "docs/_sidebar.md": "- 入门\n  - [一](/ch/one)\n  - [二](ch/two.md '题')\n",
            "docs/README.md": "# 首页\n\n去[一](/ch/one?id=节)。\n",
            "docs/ch/one.md": "# 一\n\n!> 当心\n",
            "docs/ch/two.md": "# 二\n",
            "README.md": "# 仓库的说明\n",
            "old/one.md": "# 旧稿\n",
            "old/two.md": "# 旧稿\n",
        }
    )
    [outside] = [one for one in report.decisions if one.code == "page-outside"]
    assert outside.excerpt == "README.md, old (2)"
    assert book["title"] == "南瓜"
    assert list(paths(book["chapters"])) == ["README.md", "ch/one.md", "ch/two.md"]
    assert "[一](ch/one.md)" in read("README.md")
    assert "> [!WARNING]\n> 当心" in read("ch/one.md")


def test_a_sidebar_of_links_in_lines_of_their_own_names_the_pages(run):
    _, book, _ = run(
        {
            "index.html": "<script>$docsify</script>",
            "_sidebar.md": "**基础**\n\n**[一](a)**\n\n**进阶**\n\n[二](b.md) | [三](c)\n\n见[别处](d)的说明。\n",
            **{f"{name}.md": f"# {name}\n" for name in "abcd"},
        }
    )
    assert book["chapters"] == [
        {"part": "基础", "chapters": ["a.md"]}, {"part": "进阶", "chapters": ["b.md", "c.md"]}
    ]  # fmt: skip


def test_a_sidebar_that_names_no_page_leaves_all_of_them_in_natural_order(run):
    report, book, _ = run(
        {"index.html": "<script>$docsify</script>", "_sidebar.md": "<x-menu/>\n", "a.md": "# 一\n", "b.md": "# 二\n"}
    )
    assert list(paths(book["chapters"])) == ["a.md", "b.md"]
    assert any(one.code == "contents" for one in report.decisions)


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8-sig"])
def test_a_page_in_an_encoding_of_its_own_is_read_by_its_words(encoding, run):
    text = "# 異動紀錄\n\n修改了檔案的位置，加入資料夾，也刪除了舊的程式，這是第一次。\n"
    _, _, read = run({"a.md": text.encode(encoding), "b.md": "# 二\n"})
    assert read("a.md") == text


def test_vitepress_with_a_sidebar_in_typescript(run):
    report, book, read = run(
        {
            ".vitepress/config.ts": """
                import { defineConfig } from 'vitepress'
                // sidebar: 不是
                const guide: Item[] = [{ text: '指南', items: [{ text: '一', link: '/guide/one' }, ...more()] }]
                function more() { return [{ text: `二`, link: '/guide/two.html' },] }
                export default defineConfig({ title: '站', lang: 'zh-CN', themeConfig: { sidebar: guide as any } })
                """,
            "guide/one.md": "<script setup>\nimport X from './x.vue'\n</script>\n\n# 一\n\n在 `<script setup>` 里写字，`</script>` 收尾。\n\n<<< ./code.js#a\n\n<Badge text='新' />\n",
            "guide/two.md": "---\ntitle: 二\n---\n\n![图](/p.png)\n",
            "guide/code.js": "// #region a\nlet x\n// #endregion a\nlet y\n",
            "public/p.png": PNG,
        }
    )
    assert (book["title"], book["lang"]) == ("站", "zh-CN")
    assert list(paths(book["chapters"])) == ["guide/one.md", "guide/two.md"]
    assert "在 `<script setup>` 里写字，`</script>` 收尾。" in read("guide/one.md")
    assert "import X" not in read("guide/one.md")
    assert "```js\nlet x\n```" in read("guide/one.md")
    assert read("guide/two.md") == "# 二\n\n![图](../public/p.png)\n"
    assert {"script-dropped", "component-plain"} <= set(codes(report))


def test_boxes_of_vuepress_lose_the_names_of_their_groups_and_files_of_a_playground_are_titles(run):
    text = "# 甲\n\n::: playground#ts 入门\n\n@file a.ts\n\n```ts\n::: x#y\n```\n\n:::\n"
    _, _, read = run({".vuepress/config.js": "module.exports = {}", "a.md": text})
    assert read("a.md") == '# 甲\n\n::: playground 入门\n\n```ts title="a.ts"\n::: x#y\n```\n\n:::\n'


def test_docusaurus_by_positions_with_mdx(run):
    _, book, read = run(
        {
            "docusaurus.config.js": "module.exports = {title: '文档', i18n: {defaultLocale: 'zh-CN'}}",
            "docs/02-b.mdx": "import P from './_p.md';\n\n# 乙\n\n<P />\n\n<Tabs><TabItem value='x' label='甲乙'>\n\n字\n\n</TabItem></Tabs>\n",
            "docs/_p.md": "片段。\n",
            "docs/z.md": "---\nsidebar_position: 1\ntitle: 先\n---\n\n见[乙](b)。\n",
            "docs/sub/_category_.json": '{"label": "组", "position": 9}',
            "docs/sub/c.md": "# 丙\n",
        }
    )
    assert list(paths(book["chapters"])) == ["z.md", "02-b.md", "sub/c.md"]
    assert book["chapters"][-1]["part"] == "组"
    assert read("z.md") == "# 先\n\n见[乙](02-b.md)。\n"
    assert "片段。" in read("02-b.md")
    assert "**甲乙**" in read("02-b.md")
    assert "import" not in read("02-b.md")


def test_hugo_with_bundles_front_matters_and_shortcodes(run):
    report, book, read = run(
        {
            "hugo.toml": 'title = "博客"\nlanguageCode = "zh-cn"\n[params]\nauthor = "山房"\n',
            "content/post/b/index.md": '+++\ntitle = "后"\ndate = 2024-05-02\n+++\n\n{{< figure src="p.png" caption="图" >}}\n\n见[前]({{< relref "a.md#x" >}})。\n',
            "content/post/b/p.png": PNG,
            "content/post/a.md": '{\n"title": "前", "date": "2023-01-02"\n}\n\n# 节\n\n{{< highlight go "hl_lines=1" >}}\nx := 1\n{{< /highlight >}}\n\n{{< 未知 >}}{{< odd >}}\n',
            "content/post/c.md": "---\ntitle: 稿\ndraft: true\n---\n字\n",
        }
    )
    assert list(paths(book["chapters"])) == ["post/a.md", "post/b/index.md"]
    assert read("post/a.md").startswith("# 前\n\n::: {.byline}\n2023-01-02 · 山房\n:::\n\n## 节\n")
    assert "```go\nx := 1\n```" in read("post/a.md")
    assert "![图](p.png)" in read("post/b/index.md")
    assert "[前](../a.md#x)" in read("post/b/index.md")
    assert {"draft", "shortcode-unread"} <= set(codes(report))


def test_hexo_with_its_tags(run):
    _, book, read = run(
        {
            "_config.yml": "title: 站\nauthor: 木\nlanguage: zh-CN\npermalink: :year/:title/\n",
            "source/_posts/新.md": "title: 新\ndate: 2024-01-02\n---\n\n{% asset_img p.png '说明' %}\n\n{% post_link 旧 %}和[旧](/2020/旧/)\n<!-- more -->\n{% codeblock lang:js %}\nlet x\n{% endcodeblock %}\n",
            "source/_posts/新/p.png": PNG,
            "source/_posts/旧.md": "---\ntitle: 旧\ndate: 2020-01-02 10:00:00\nauthor: 客\n---\n\n{% note warning %}\n注意\n{% endnote %}\n",
        }
    )
    assert list(paths(book["chapters"])) == ["_posts/旧.md", "_posts/新.md"]
    assert "2020-01-02 · 客" in read("_posts/旧.md")
    assert "::: warning" in read("_posts/旧.md")
    assert "![说明](新/p.png)" in read("_posts/新.md")
    assert read("_posts/新.md").count("[旧](旧.md)") == 2
    assert "```js\nlet x\n```" in read("_posts/新.md")


def test_jekyll_with_liquid_and_kramdown(run):
    _, book, read = run(
        {
            "_config.yml": "title: 志\nbaseurl: /b\n",
            "_posts/2020-03-04-first.md": '---\nlayout: post\n---\n\n* 目录\n{:toc}\n\n![图]({{ site.baseurl }}/img/p.png){:width="30px" .x}\n\n{% highlight rb %}\nputs 1\n{% endhighlight %}\n',
            "_posts/2021-03-04-second.md": "---\ntitle: 二\n---\n\n见[一]({% post_url 2020-03-04-first %})。\n",
            "img/p.png": PNG,
        }
    )
    assert list(paths(book["chapters"])) == ["_posts/2020-03-04-first.md", "_posts/2021-03-04-second.md"]
    first = read("_posts/2020-03-04-first.md")
    assert "![图](../img/p.png){.x}" in first or '![图](../img/p.png){width="30px" .x}' in first
    assert "```rb\nputs 1\n```" in first
    assert "目录" not in first
    assert "[一](2020-03-04-first.md)" in read("_posts/2021-03-04-second.md")


def test_posts_taken_out_of_their_blog_are_a_blogs(run):
    _, book, _ = run(
        {
            "_posts/2020-03-04-first.md": "---\ntitle: 一\n---\n\n文。\n",
            "_posts/2021-03-04-second.md": "---\ntitle: 二\ndraft: true\n---\n\n文。\n",
        }
    )
    assert list(paths(book["chapters"])) == ["_posts/2020-03-04-first.md"]


def test_mkdocs_with_nav_snippets_and_tabs(run):
    _, book, read = run(
        {
            "mkdocs.yml": "site_name: 库\nmarkdown_extensions:\n  - x: !!python/name:a.b\nnav:\n  - 首页: index.md\n  - 数学:\n    - 数: math/n.md\n",
            "docs/index.md": "# 库\n\n去[数](math/n/)。\n",
            "docs/math/n.md": '# 数\n\n=== "C++"\n\n    ```cpp\n    --8<-- "docs/code.cpp"\n    ```\n\n后文。\n',
            "docs/code.cpp": "int x;\n",
        }
    )
    assert book["chapters"] == ["index.md", {"part": "数学", "chapters": ["math/n.md"]}]
    assert "[数](math/n.md)" in read("index.md")
    assert "**C++**" in read("math/n.md")
    assert "```cpp\nint x;\n```" in read("math/n.md")
    assert read("math/n.md").endswith("后文。\n")


def test_an_obsidian_vault_by_names(run):
    report, book, read = run(
        {
            ".obsidian/app.json": "{}",
            "第10章.md": "# 十\n",
            "第2章.md": "# 二\n\n[[深处的笔记|那里]]，[[深处的笔记#某 节]]，[[没有]]，![[p.png|30]]，`[[码]]`\n\n![[深处的笔记#^k]]\n",
            "夹/深处的笔记.md": "# 深\n\n## 某 节\n\n一段。 ^k\n",
            "夹/附件/p.png": PNG,
        }
    )
    assert list(paths(book["chapters"])) == ["第2章.md", "第10章.md", "夹/深处的笔记.md"]
    text = read("第2章.md")
    assert "[那里](夹/深处的笔记.md)" in text
    assert "(夹/深处的笔记.md#某-节)" in text
    assert "，没有，![](夹/附件/p.png){width=30px}，`[[码]]`" in text
    assert "一段。" in text
    assert "一段。 []{#b-k}" in read("夹/深处的笔记.md")
    assert "link-unresolved" in codes(report)


def test_a_jupyter_book_with_a_notebook(run):
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": ["# 本\n", "字。"]},
            {
                "cell_type": "code",
                "source": "print(1)",
                "outputs": [
                    {"output_type": "stream", "text": ["1\n"]},
                    {
                        "output_type": "display_data",
                        "data": {"image/png": __import__("base64").b64encode(PNG).decode()},
                    },
                ],
            },
        ],
        "metadata": {},
    }
    _, book, read = run(
        {
            "_toc.yml": "format: jb-book\nroot: intro\nparts:\n- caption: 部\n  chapters:\n  - file: n\n",
            "_config.yml": "title: 课\nauthor: 甲\n",
            "intro.md": "(开头)=\n# 引\n\n```{note}\n记住 {ref}`开头`。\n```\n\n```{code-cell} ipython3\nx = 1\n```\n\n见 {doc}`n`，`{doc}`。\n",
            "n.ipynb": json.dumps(notebook, ensure_ascii=False),
        }
    )
    assert book["chapters"] == ["intro.md", {"part": "部", "chapters": ["n.md"]}]
    assert read("intro.md").startswith("# 引 {#开头}\n")
    assert "::: note\n记住 [引](#开头)。\n:::" in read("intro.md")
    assert "```python\nx = 1\n```" in read("intro.md")
    assert "(n.md)" in read("intro.md")
    assert "```python\nprint(1)\n```\n\n```text\n1\n```\n\n![](<n-2-2.png>)" in read("n.md")


def test_bookdown_with_parts_chunks_and_references(run):
    _, book, read = run(
        {
            "_bookdown.yml": "book_filename: x\n",
            "index.Rmd": "---\ntitle: 统计\nauthor: [甲, 乙]\n---\n\n# 前言 {-}\n\n序。\n",
            "02-b.Rmd": "# 二 {#two}\n\n如图\\@ref(fig:pic)，见[一](01-a.html)。\n\n```{r pic, fig.cap='猫', echo=FALSE}\nknitr::include_graphics('images/p.png')\n```\n\n```{r, echo=TRUE}\nx <- 1\n```\n",
            "01-a.Rmd": "# (PART) 上篇 {-}\n\n# 一\n\n字。\n",
            "images/p.png": PNG,
        }
    )
    assert book["chapters"] == ["index.md", {"part": "上篇", "chapters": ["01-a.md", "02-b.md"]}]
    assert "![猫](images/p.png){#fig-pic}" in read("02-b.md")
    assert "如图@fig-pic，" in read("02-b.md")
    assert "```r\nx <- 1\n```" in read("02-b.md")
    assert read("01-a.md") == "# 一\n\n字。\n"


def test_quarto_with_parts_and_includes(run):
    _, book, read = run(
        {
            "_quarto.yml": "project: {type: book}\nlang: zh\nbook:\n  title: 书\n  chapters:\n    - index.qmd\n    - part: 上\n      chapters: [a.qmd]\n",
            "index.qmd": "# 序\n",
            "a.qmd": "# 甲\n\n{{< include _x.qmd >}}\n\n```{python}\n#| echo: false\nx = 1\n```\n",
            "_x.qmd": "片段。\n",
        }
    )
    assert book["chapters"] == ["index.md", {"part": "上", "chapters": ["a.md"]}]
    assert read("a.md") == "# 甲\n\n片段。\n\n```python\nx = 1\n```\n"


def test_marks_of_d2l_below_a_figure_may_stand_apart_and_have_escapes(run):
    text = "# 甲\n\n见 :numref:`a\\_b`。![图](p.png)\n\n :width:` 800px`\n\n:label:`a\\_b`\n字。\n"
    index = "# 书\n\n```toc\na\n```\n"
    _, _, read = run({"config.ini": "[project]\ntitle = 书\n", "index.md": index, "a.md": text, "p.png": PNG})
    assert read("a.md") == "# 甲\n\n见 [@fig:a_b]。\n\n![图](p.png){#fig:a_b width=800px}\n\n字。\n"


def test_d2l_for_one_framework(run):
    report, book, read = run(
        {
            "config.ini": "[project]\ntitle = 深度\nlang = zh\n",
            "index.md": "# 深度\n\n```toc\na/index\n```\n",
            "a/index.md": "# 甲\n:label:`sec_a`\n\n见 :numref:`fig_p`和 :eqref:`eq_e`、 :numref:`tab_t`， :numref:`none`。\n\n![图](p.png)\n:label:`fig_p`\n\n$$ a=b $$\n:eqlabel:`eq_e`\n\n| 甲 |\n|---|\n| 一 |\n\n:表\n:label:`tab_t`\n\n```{.python .input}\nmx = 1\n```\n\n```{.python .input}\n#@tab pytorch\nto = 1\n```\n",
            "a/p.png": PNG,
        }
    )
    assert book["chapters"] == ["a/index.md"]
    text = read("a/index.md")
    assert text.startswith("# 甲 {#sec:a}\n")
    assert "见 [@fig:p]和 [@eq:e]、 [@tbl:t]， none。" in text.replace("[none](#none)", "none")
    assert "![图](p.png){#fig:p}" in text
    assert "$$ a=b $$ {#eq:e}" in text
    assert ":表 {#tbl:t}" in text
    assert "to = 1" in text
    assert "mx = 1" not in text
    assert "tab-left-out" in codes(report)


def test_plain_files_in_natural_order_whatever_their_encoding(run):
    report, book, read = run(
        {
            "第10章.md": "# 十\n",
            "第2章.md": "# 二\n".encode("gb18030"),
            "附/第十章.md": "# 卷十\n",
            "附/第九章.md": "# 卷九\n",
            "README.md": "# 总\n\n![图](https://github.com/me/book/raw/main/p.jpg)\n",
            "p.jpg": PNG,
        }
    )
    assert list(paths(book["chapters"])) == ["README.md", "第2章.md", "第10章.md", "附/第九章.md", "附/第十章.md"]
    assert read("第2章.md") == "# 二\n"
    assert "![图](p.png)" in read("README.md")
    assert {"encoding", "image-found", "image-renamed"} <= set(codes(report))


def test_a_picture_that_is_a_page_is_told(run):
    report, _, _ = run({"a.md": "# 甲\n\n![图](p.png)\n", "p.png": b"<!DOCTYPE html><html></html>"})
    assert [one.reason for one in report.decisions if one.code == "image-broken"] == ["it is a web page, not a picture"]


def test_an_include_never_leaves_the_folder(run, tmp_path):
    (tmp_path / "secret.md").write_text("秘密", encoding="utf-8")
    report, _, read = run(
        {
            "book.toml": "[book]\n",
            "src/SUMMARY.md": "- [一](a.md)\n",
            "src/a.md": "# 一\n\n{{#include ../../secret.md}}\n",
        }
    )
    assert "秘密" not in read("a.md")
    assert "include-missing" in codes(report)


def test_a_folder_without_a_page_says_so(tmp_path):
    (tmp_path / "x").mkdir()
    with pytest.raises(PublishError, match="the folder is empty"):
        detect(tmp_path / "x")
    with pytest.raises(UsageError, match='unknown kind of source "odd"'):
        import_source(tmp_path / "x", tmp_path / "out", name="odd")


def test_names_that_differ_in_case_alone_are_both_kept(run):
    report, book, read = run({"a/Sync.md": "# 同步\n\n见[另一篇](sync.md)。\n", "a/sync.md": "# 又一篇\n\n字\n"})
    assert sorted(paths(book["chapters"])) == ["a/Sync.md", "a/sync-2.md"]
    assert "[另一篇](sync-2.md)" in read("a/Sync.md")
    assert set(report.originals) == {"a/Sync.md", "a/sync.md"}


def test_damaged_bytes_are_told_and_stop_nothing(run):
    text = "# 译文\n\n" + "这是一句话，说的是同一件事。\n" * 40
    report, _, read = run({"译文.md": text.encode() + "断了".encode()[:-1] + "的字\n".encode()})
    assert "说的是同一件事" in read("译文.md")
    [damaged] = [one for one in report.decisions if one.code == "encoding-damaged"]
    assert (damaged.file, damaged.line) == ("译文.md", 43)


def test_what_another_tool_left_behind_is_no_sign(run):
    files = {
        "book.toml": '[book]\ntitle = "书"\n',
        "book.json": '{"root": "src"}',
        "src/SUMMARY.md": "# 目录\n\n- [一](a.md)\n",
        "src/a.md": "# 一\n",
    }
    assert run(files, "rust")[0].importer == "mdbook"
    vault = {".obsidian/app.json": "{}", "mkdocs.yml": "site_name: 站\n", "docs/index.md": "# 首页\n"}
    assert run(vault, "vault")[0].importer == "mkdocs"


def test_the_contents_own_title_is_no_part(run):
    _, book, _ = run(
        {"SUMMARY.md": "## 目 录\n\n* [一](a.md)\n\n## 上编\n\n* [二](b.md)\n", "a.md": "# 一\n", "b.md": "# 二\n"}
    )
    assert book["chapters"] == ["a.md", {"part": "上编", "chapters": ["b.md"]}]


def test_the_settings_of_the_chinese_site_are_taken(run):
    report, book, _ = run(
        {
            "docs/en/mkdocs.yml": "site_name: Site\n",
            "docs/en/docs/index.md": "# Home\n",
            "docs/zh/mkdocs.yml": "site_name: 站\nnav:\n  - 一: a.md\n",
            "docs/zh/docs/a.md": "# 一\n",
            "docs/zh-tw/mkdocs.yml": "site_name: 站台\n",
            "docs/zh-tw/docs/index.md": "# 頁\n",
        }
    )
    assert (book["title"], list(paths(book["chapters"]))) == ("站", ["a.md"])
    assert report.importer == "mkdocs"


def test_docusaurus_with_keys_in_han_comments_and_pages_of_its_own_folder(run):
    _, book, _ = run(
        {
            "website/docusaurus.config.js": "module.exports = {title: 'Site'}\n",
            "docs/a.md": "# A\n",
            "cnwebsite/docusaurus.config.js": """
                // blog: { path: 'blog' },
                module.exports = {title: '站', url: 'https://example.org', presets: [['classic', {
                  blog: {path: 'news'}, docs: {path: '../cndocs', sidebarPath: require.resolve('./sidebars.js')}}]]}
                """,
            "cnwebsite/sidebars.js": "module.exports = {上手: [{type: 'category', label: '起步', items: ['一', /* '无', */ '二']}]}\n",
            "cnwebsite/news/post.md": "# 新闻\n",
            "cndocs/一.md": "# 一\n",
            "cndocs/二.md": "# 二\n",
        }
    )
    assert book["title"] == "站"
    assert list(paths(book["chapters"])) == ["一.md", "二.md"]
    assert book["chapters"][0]["part"] == "起步"


def test_components_leave_their_words_and_generics_stay(run):
    report, _, read = run(
        {
            ".vuepress/config.js": "module.exports = {title: '站'}\n",
            "a.md": """
                # 一 <Badge text="新" type="tip"/>

                <Lesson href="https://example.org/x" title="课">在线看</Lesson>

                <Card title="要点" :rows="[1 > 0]">

                内文，`<Code/>` 与 Map<String, Object>。

                </Card>

                <ClientOnly><ImageBox src="/p.png" alt="图"/></ClientOnly><Chart :data="rows" />

                泛型 <T> 不动。
                """,
            "public/p.png": PNG,
        }
    )
    text = read("a.md")
    assert text.split("\n\n")[:2] == ["# 一 新", "[在线看](<https://example.org/x>)"]
    assert "**要点**" in text
    assert "内文，`<Code/>` 与 Map<String, Object>。" in text
    assert "![图](public/p.png)" in text
    assert "Chart" not in text
    assert "泛型 <T> 不动。" in text
    assert {one.excerpt[:6] for one in report.decisions if one.code == "component-plain"} >= {"<Chart", "<Badge"}


def test_what_a_site_hides_of_a_listing_is_left_out_and_told(run):
    report, _, read = run(
        {
            ".vitepress/config.js": "export default {title: '站'}\n",
            "a.md": "# 一\n\n```ts twoslash [a.ts]\nimport 'x'\n// ---cut---\nlet y\n```\n\n```ts\n// ---cut---\n```\n",
        }
    )
    assert read("a.md") == "# 一\n\n```ts twoslash [a.ts]\nlet y\n```\n\n```ts\n// ---cut---\n```\n"
    assert "hidden-lines" in codes(report)


def test_blocks_of_bookdown_are_boxes_and_breaks_of_pages_go(run):
    _, _, read = run(
        {
            "_quarto.yml": "book:\n  title: 书\n  chapters: [index.qmd]\n",
            "index.qmd": """
                # 序

                ```{block, type="rmdwarning"}
                当心 $x$。

                $$
                y
                $$
                ```

                {{< pagebreak >}}

                按 {{< kbd Shift-F1 >}}。
                """,
        }
    )
    assert read("index.md") == "# 序\n\n::: warning\n当心 $x$。\n\n$$\ny\n$$\n:::\n\n\n\n按 <kbd>Shift-F1</kbd>。\n"


def test_tags_of_a_theme_leave_their_words(run):
    report, _, read = run(
        {
            "_config.yml": "title: 站\n",
            "source/_posts/a.md": """
                ---
                title: 一
                date: 2024-01-02
                ---

                {% callout warning 当心 %}
                别忘。
                {% endcallout %}

                {% faq %}
                问答。
                {% endfaq %}

                {% table style="x" %}
                [{"项": "甲", "说明": "一|二"}, {"项": "乙"}]
                {% endtable %}

                一个{% term def="词" %}术语{% endterm %}，{% pic 图 /p.png 800 %}，{% card url="https://example.org" title="卡" %}，{% odd %}。
                """,
            "source/p.png": PNG,
        }
    )
    text = read("_posts/a.md")
    assert "::: warning 当心\n\n别忘。\n\n:::" in text
    assert "| 项 | 说明 |\n| --- | --- |\n| 甲 | 一\\|二 |\n| 乙 |  |" in text
    assert "一个术语，![图](../p.png)，[卡](<https://example.org>)，{% odd %}。" in text
    assert "faq" not in text
    assert {"tag-plain", "tag-unread"} <= set(codes(report))


def test_loops_of_a_blog_are_left_out_and_what_is_raw_stays(run):
    report, _, read = run(
        {
            "_config.yml": "title: 站\n",
            "_posts/2024-01-02-a.md": """
                ---
                title: 一
                ---

                {% if site.x %}在。{% endif %}{% for p in site.posts %}{% for q in p %}{{ q }}{% endfor %}条目{% endfor %}

                写作 {% raw %}{% for p in site.posts %}{{ p }}{% endfor %}{% endraw %}。
                """,
        }
    )
    assert read("_posts/2024-01-02-a.md").endswith("\n\n在。\n\n写作 {% for p in site.posts %}{{ p }}{% endfor %}。\n")
    assert "program-dropped" in codes(report)


def test_shortcodes_of_a_theme_leave_their_words(run):
    _, _, read = run(
        {
            "hugo.toml": "title = '站'\n",
            "content/a.md": "+++\ntitle = '一'\n+++\n\n{{% question 题 %}}\n问。\n{{% /question %}}\n\n{{< lesson >}}讲。{{< /lesson >}}{{< odd >}}\n",
        }
    )
    assert "::: question 题" in read("a.md")
    assert "问。\n\n:::" in read("a.md")
    assert "讲。{{< odd >}}" in read("a.md")


@pytest.mark.parametrize(
    "head",
    [
        '<div align="center">\n\n# 书名\n\n[![章](https://img.example.org/a.svg)](https://example.org)',
        "[![章](https://img.example.org/a.svg)](https://example.org) ![](logo.png)\n<!-- 注 -->\n\n书名\n====\n\n<div>",
        '<p><img src="logo.png"></p>\n<h1 align="center">\n  <b>书名</b>\n</h1>\n<div>',
    ],
)
def test_a_readmes_title_stands_before_its_badges(run, head):
    _, book, read = run({"README.md": f"{head}\n\n话。\n\n</div>\n\n## 一节\n", "logo.png": PNG})
    assert read("README.md").startswith("# 书名\n")
    assert read("README.md").count("书名") == 1
    assert book["title"] == "书名"


def test_a_title_stands_before_a_short_lead_and_a_long_one_stays(run):
    _, book, read = run(
        {
            "README.md": "> 原文：<https://example.org>\n\n# 书名\n\n" + "话。" * 100,
            "a.md": "话。" * 100 + "\n\n# 后记\n\n完。\n",
        }
    )
    assert read("README.md").startswith("# 书名\n\n> 原文")
    assert book["title"] == "书名"
    assert read("a.md").index("话。") < read("a.md").index("# 后记")


def test_what_myst_has_for_other_outputs_alone_is_left_out_and_told(run):
    report, _, read = run(
        {
            "_toc.yml": "format: jb-book\nroot: a\n",
            "a.md": """
                (here)=
                ```{raw} jupyter
                <div id="header">标志</div>
                ```
                <style>p { color: red }</style>

                # 题

                文。

                ```{raw} html
                <b>粗</b>
                ```
            """,
        }
    )
    assert read("a.md").startswith("# 题")
    assert "<b>粗</b>" in read("a.md")
    assert "标志" not in read("a.md")
    assert [one.excerpt for one in report.decisions if one.code == "raw-other"] == ['<div id="header">标志</div>']


def test_a_vaults_drawings_are_told_and_left_out_whatever_their_names(run):
    report, book, _ = run(
        {
            ".obsidian/app.json": "{}",
            "山.md": "# 山\n\n文。\n",
            "白板.md": "---\nexcalidraw-plugin: parsed\n---\n==⚠  Switch to EXCALIDRAW VIEW ⚠==\n\n# Text Elements\n",
        }
    )
    assert list(paths(book["chapters"])) == ["山.md"]
    assert [one.excerpt for one in report.decisions if one.code == "note-aside"] == ["白板.md"]


def test_a_file_that_begins_below_its_other_headings_has_one_title(run):
    _, _, read = run(
        {
            "docs/_sidebar.md": "* [第一章](a.md)\n* [ ](b.md)\n",
            "docs/index.html": "<script>$docsify</script>",
            "docs/a.md": "## 论山\n\n# 简介\n\n文。\n\n# 山 :id=hill\n",
        }
    )
    assert [line for line in read("a.md").split("\n") if line] == [
        "# 第一章", "### 论山", "## 简介", "文。", "## 山 {#hill}"
    ]  # fmt: skip
    _, _, read = run({"a.md": "## 论山\n\n# 简介\n\n文。\n"}, name="plain")
    assert read("a.md").startswith("# 论山\n\n## 简介")


def test_docsifys_marks_of_headings_are_no_words_and_docs_is_no_name(run):
    _, book, read = run(
        {
            "index.html": "<script>$docsify</script>",
            "README.md": "# 书 {docsify-ignore-all}\n\n## 节 {docsify-ignore}\n",
        },
        name="山书/docs",
    )
    assert read("README.md").split("\n")[::2] == ["# 书", "## 节"]
    assert (book["title"], book["slug"]) == ("书", "shan-shu")


def test_bookdowns_texts_of_captions_stand_where_they_are_called(run):
    _, _, read = run(
        {
            "_bookdown.yml": "book_filename: b\n",
            "index.Rmd": """
                # 图

                ```{r pie, fig.cap="(ref:pie)"}
                knitr::include_graphics("pie.png")
                ```

                (ref:pie) 圆饼“一”，见 $x$。

                (ref:unused) 别的话。
            """,
            "pie.png": PNG,
        }
    )
    assert "![圆饼“一”，见 $x$。](" in read("index.Rmd".replace("Rmd", "md"))
    assert read("index.md").count("圆饼") == 1
    assert "(ref:unused) 别的话。" in read("index.md")


def test_bookdowns_pictures_under_one_caption_are_one_figure(run):
    _, _, read = run(
        {
            "_bookdown.yml": "book_filename: b\n",
            "index.Rmd": """
                # 图

                见图 \\@ref(fig:pie)。

                ```{r pie, fig.cap="两块饼", fig.subcap=c('圆的', "方的"), out.width="50%", fig.show='hold'}
                knitr::include_graphics(c("pie.png", "square.png"))
                ```
            """,
            "pie.png": PNG,
            "square.png": PNG,
        }
    )
    wanted = "::: {#fig-pie}\n![圆的](<pie.png>){width=50%}\n![方的](<square.png>){width=50%}\n\n两块饼\n:::"
    assert wanted.replace("<", "").replace(">", "") in read("index.md").replace("<", "").replace(">", "")


def test_a_folder_of_web_pages_in_the_order_of_its_index(run):
    def page(title, body):
        return (
            f"<html lang=zh-CN><head><meta charset=utf-8><title>{title} - 小站</title></head><body>"
            f"<nav><a href=index.html>首页</a></nav><article>{body}</article><footer>版权</footer></body></html>"
        )

    long = "<p>" + "这一页说的是山里的事，一件一件慢慢说来。" * 5 + "</p>"
    report, book, read = run(
        {
            "site/index.html": page(
                "山中",
                f"<h1>山中</h1>{long}<ul><li><a href='b/two.html'>二</a><ul><li><a href='a.html#s1'>一</a></li></ul></li></ul>",
            ),
            "site/a.html": page(
                "一",
                f"<h2 id='s1'>节 <a href='#s1'>¶</a></h2>{long}<h2>又一节</h2><p><a href='b/two.html'>回</a></p><img src='p.png' alt='图'>",
            ),
            "site/b/two.html": page(
                "二",
                f"<h1>第二页</h1>{long}<pre><code>x = 1\n</code></pre><table><tr><th>甲</th></tr><tr><td>乙</td></tr></table>",
            ),
            "site/lost.html": page("孤", f"<h1>孤页</h1>{long}").encode("gb18030"),
            "site/print.html": page("全部", long),
            "site/p.png": PNG,
        }
    )
    assert report.importer == "web"
    assert (book["title"], book["lang"]) == ("山中", "zh-CN")
    assert list(paths(book["chapters"])) == ["index.md", "b/two.md", "a.md"]
    assert "[二](b/two.md)" in read("index.md")
    assert "[一](a.md#s1)" in read("index.md")
    assert read("a.md").startswith("# 一\n\n## 节 {#s1}")
    assert '![](p.png){alt="图"}' in read("a.md")
    assert read("b/two.md").startswith("# 第二页\n")
    assert "版权" not in read("a.md")
    assert {"page-aside", "page-unlisted", "outside-left-out"} <= set(codes(report))


def test_a_web_page_that_holds_all_the_others_is_left_out(run):
    def body(what):
        return "".join(f"<p>说到{what}，先说第{n}件，再说别的{what}。</p>" for n in range(30))

    pages = {f"{name}.html": f"<title>{name}</title><h1>{name}</h1>{body(name)}" for name in ("山", "水", "云")}
    _, book, _ = run({**pages, "whole.html": f"<title>全书</title>{body('山')}{body('水')}{body('云')}"})
    assert sorted(paths(book["chapters"])) == ["云.md", "山.md", "水.md"]


def test_web_pages_that_no_page_lists_are_all_taken(run):
    body = "<p>" + "没有目录的几页，按名字排好。" * 8 + "</p>"
    _, book, _ = run({f"第{n}章.html": f"<title>第{n}章</title>{body}" for n in (10, 2, 1)})
    assert list(paths(book["chapters"])) == ["第1章.md", "第2章.md", "第10章.md"]


def test_links_by_name_in_a_folder_of_another_tool(run):
    _, _, read = run(
        {
            "mkdocs.yml": "site_name: 站\n",
            "docs/a/一.md": "# 一\n\n![[图 1.png|200]]\n\n见[[二|那页]]，`[[二]]`。\n",
            "docs/b/二.md": "# 二\n",
            "docs/附件/图 1.png": PNG,
        }
    )
    assert read("a/一.md") == "# 一\n\n![](../附件/图%201.png){width=200px}\n\n见[那页](../b/二.md)，`[[二]]`。\n"


def test_a_book_toml_without_a_summary_is_a_folder_of_pages(run):
    settings = "[book]\ntitle = '书'\n"
    report, book, _ = run({"book.toml": settings, "src/b.md": "# 乙\n", "src/a.md": "# 甲\n"})
    assert (report.importer, book["title"], book["chapters"]) == ("mdbook", "书", ["a.md", "b.md"])
    report, book, _ = run({"book.toml": settings, "notes/b.md": "# 乙\n"}, name="notes")  # a program makes its src/
    assert report.importer == "folder"


def test_pages_that_notion_exports_as_html_have_their_names_and_formulas(run):
    serial = "1580080aa5a380d1b0c7c2f979343d88"
    tex = '<annotation encoding="application/x-tex">a+b</annotation>'
    page = (
        "<html><body><article><h1>甲</h1>"
        f'<figure class="equation"><div class="equation"><span class="katex"><math>{tex}</math></span></div></figure>'
        '<figure><a href="https://a.cn/a.png"><img src="https://a.cn/a.png"></a><figcaption>图里</figcaption></figure>'
        '<figure><a class="bookmark source" href="https://a.cn"><div>书签</div><img src="https://a.cn/i.png"></a>'
        "<figcaption>网页</figcaption></figure></article></body></html>"
    )
    links = f'<html><body><ul><li><a href="甲%20{serial}.html">甲 {serial}.html</a></li></ul></body></html>'
    _, book, read = run({"index.html": links, f"甲 {serial}.html": page})
    assert book["chapters"] == ["index.md", "甲.md"]
    words = read("甲.md")
    assert words.startswith("# 甲\n")
    assert "$a+b$" in words
    assert "![图里](https://a.cn/a.png)" in words
    assert "书签" in words
    assert words.rstrip().endswith("网页")
    assert "<figure" not in words


def test_docusaurus_takes_the_newest_version_where_the_next_has_few_pages(run):
    files = {
        "docusaurus.config.js": "module.exports = { title: '书' }",
        "docs/new.md": "# 新\n",
        "versions.json": '["2.0", "1.0"]',
        **{f"versioned_docs/version-{v}/{n}.md": f"# {n}{v}\n" for v in ("2.0", "1.0") for n in "abc"},
        "versioned_sidebars/version-2.0-sidebars.json": '{"main": ["c", {"type": "category", "label": "部", "items": ["a", "b"]}]}',
    }
    _, book, read = run(files)
    assert book["chapters"] == ["c.md", {"part": "部", "chapters": ["a.md", "b.md"]}]
    assert read("a.md") == "# a2.0\n"


def test_a_link_by_a_file_s_name_alone_leads_to_the_only_one(run):
    report, _, read = run(
        {
            "index.md": "# 起\n\n见[甲](a.md#x)、[重名](c.md)、[无](d.md)。\n",
            "one/a.md": "# 甲\n\n字。\n",
            "one/c.md": "# 丙\n\n字。\n",
            "two/c.md": "# 丁\n\n字。\n",
        }
    )
    assert "见[甲](one/a.md#x)、[重名](c.md)、[无](d.md)。" in read("index.md")
    assert sorted(one.code for one in report.decisions if one.code.startswith("link-")) == [
        "link-broken",
        "link-broken",
        "link-found",
    ]
