"""Quarto and bookdown: numbers that the text refers to, captions of programs, boxes of theorems, text for one output."""

# ruff: noqa: E501  # a fixture is a file in one line
import pytest

from publish.importers import detect
from tests.tiny import PNG

BOOKDOWN = {"_bookdown.yml": "book_filename: x\n", "index.Rmd": "---\ntitle: 书\n---\n\n# 序 {-}\n\n字。\n"}


def chapter(run, text, **more):
    report, book, read = run({**BOOKDOWN, "01-a.Rmd": text, **more})
    return report, book, read("01-a.md")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "表 \\@ref(tab:x)。\n\n| a |\n|---|\n| 1 |\n\nTable: (\\#tab:x) 题",
            "表 @tbl-x。\n\n| a |\n|---|\n| 1 |\n\nTable: 题 {#tbl-x}",
        ),
        (
            "图 \\@ref(fig:x)。\n\n![(\\#fig:x) 题 [甲](http://b.c)](p.png){ width=75% }",
            "图 @fig-x。\n\n![题 [甲](http://b.c)](p.png){#fig-x width=75%}",
        ),
        ("式 \\@ref(eq:x)。\n\n\\begin{equation}\nE=1 (\\#eq:x)\n\\end{equation}", "式 @eq-x。\n\n$$\nE=1\n$$ {#eq-x}"),
        (
            "\\begin{align}\na&=1 (\\#eq:x)\\\\\nb&=2 (\\#eq:y)\n\\end{align}\n\n@eq-x",
            "\\begin{align}\na&=1 \\label{eq-x}\\\\\nb&=2 \\label{eq-y}\n\\end{align}\n\n@eq-x",
        ),
        (
            "\\noindent 第 \\@ref(sec:one) 节，第\\@ref(subsec:two)节。\n\n## 一 {#sec:one}\n\n## 二 {#subsec:two}",
            "第 @sec-one 节，第@sec-subsec-two节。\n\n## 一 {#sec-one}\n\n## 二 {#sec-subsec-two}",
        ),
        (
            '图 \\@ref(fig:x)。\n\n```{r x, fig.cap="题 $V_{T}$"}\nplot(1)\n```',
            "图 @fig-x。\n\n::: {#fig-x}\n```r\nplot(1)\n```\n\n题 $V_{T}$\n:::",
        ),
        (
            '表 \\@ref(tab:x)。\n\n```{r x, echo=FALSE}\nknitr::kable(iris, caption = "题")\n```',
            '表 @tbl-x。\n\n::: {#tbl-x}\n```r\nknitr::kable(iris, caption = "题")\n```\n\n题\n:::',
        ),
        ('```{theorem, x, name="勾股"}\n文。\n```', '::: {.theorem #x name="勾股"}\n文。\n:::'),
        ("`r if (knitr::is_html_output()) '网页' else '纸'`。", "网页。"),
        ("`r if (knitr::is_html_output()) '\n网页\n'`。", "\n网页\n。"),
        ("甲`r if (is_latex_output()) '纸'`。", "甲。"),
    ],
)
def test_what_bookdown_numbers_has_a_name_that_publish_numbers(run, written, read):
    _, _, text = chapter(run, f"# 一\n\n{written}\n", **{"p.png": PNG})
    assert text == f"# 一\n\n{read}\n"


def test_sections_that_are_referred_to_by_number_are_numbered_and_named(run):
    report, book, text = chapter(
        run,
        "# 一 {#one}\n\n第 \\@ref(one) 章、第 \\@ref(data-types) 节、\\@ref(gone)。\n\n## Data types\n\n[甲](#one)，`\\@ref(one)`。\n",
    )
    assert text == (
        "# 一 {#sec-one}\n\n第 @sec-one 章、第 @sec-data-types 节、[gone](#gone)。\n\n"
        "## Data types {#sec-data-types}\n\n[甲](#sec-one)，`\\@ref(one)`。\n"
    )
    assert book["number-sections"] is True
    assert report.counts["references"] == 3


def test_a_book_that_denies_numbers_has_none(run):
    _, book, _ = chapter(
        run, "# 一 {#one}\n\n\\@ref(one)\n", **{"_output.yml": "bookdown::gitbook:\n  number_sections: no\n"}
    )
    assert "number-sections" not in book


def test_what_a_program_would_put_into_a_line_is_told_once_a_file(run):
    report, _, text = chapter(run, "# 一\n\n共 `r n` 行、`r m` 列。\n")
    assert "`r n` 行、`r m`" in text
    [told] = [one for one in report.decisions if one.code == "inline-code"]
    assert (told.line, "2 times" in told.reason) == (3, True)


def test_a_folder_of_quarto_documents_without_settings_is_one_of_quarto(run, tmp_path):
    _, book, read = run(
        {"第1章.qmd": "---\ntitle: 甲\n---\n\n```{r}\nx\n```\n", "第10章.qmd": "# 乙\n", "README.md": "# 书\n"}
    )
    assert detect(tmp_path / "book")[0].name == "quarto"
    assert book["chapters"] == ["README.md", "第1章.md", "第10章.md"]
    assert "```r\nx\n```" in read("第1章.md")


def test_every_sidebar_of_a_website_is_taken_and_folders_and_auto_are_their_pages(run):
    files = {
        "_quarto.yml": "project: {type: website}\nwebsite:\n  title: 站\n  sidebar:\n    - title: 入门\n      contents:\n"
        "        - start/index.qmd\n        - {text: 教程, href: start/hello/}\n        - {text: 外, href: 'https://a.example/'}\n"
        "    - id: guide\n      contents:\n        - section: 指南\n          contents:\n            - start/index.qmd\n            - guide/a.qmd\n"
        "    - title: 参考\n      contents: reference\n",
        "start/index.qmd": "# 起\n\n文。\n",
        "start/hello/index.qmd": "# 你好\n\n文。\n",
        "guide/a.qmd": "# 甲\n\n文。\n",
        "reference/b.qmd": "# 乙\n\n文。\n",
        "reference/c.qmd": "# 丙\n\n文。\n",
    }
    report, book, _ = run(files)
    assert book["chapters"] == [
        {"part": "入门", "chapters": ["start/index.md", "start/hello/index.md"]},
        {"part": "指南", "chapters": ["guide/a.md"]},
        {"part": "参考", "chapters": ["reference/b.md", "reference/c.md"]},
    ]
    assert [one.code for one in report.decisions if one.choice == "left out"] == ["chapter-elsewhere"]


def test_includes_within_includes_and_spelled_ones_are_what_quarto_makes_of_them(run):
    _, _, read = run(
        {
            "_quarto.yml": "project: {type: book}\nbook: {title: 书, chapters: [index.qmd]}\n",
            "index.qmd": "# 起\n\n{{< include parts/_a.qmd >}}\n\n写 `{{{< include x.qmd >}}}`。\n",
            "parts/_a.qmd": "甲\n\n{{< include _b.qmd >}}\n",
            "parts/_b.qmd": "乙\n",
        }
    )
    assert read("index.md") == "# 起\n\n甲\n\n乙\n\n写 `{{< include x.qmd >}}`。\n"


def test_what_describes_a_figure_stays_its_description(run):
    _, _, read = chapter(run, '# 一\n\n![题](p.png){#fig-x fig-alt="一张图" width=50%}\n', **{"p.png": PNG})
    assert '![题](p.png){#fig-x alt="一张图" width=50%}' in read
