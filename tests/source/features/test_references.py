"""References by name: which texts are some, and what they are made into, before any edition says what they mean."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.pipeline import Request, build
from publish.source.document import CONTAINERS, children
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

TARGETS = """
![图](x.png){#fig:map}

![图](x.png){#fig-two}

| 甲 |
|---|
| 乙 |

: 表 {#tbl:t}

$$E=mc^2$$ {#eq:e}

```{.python #lst:code caption="程序"}
pass
```

## 节 {#sec:part}
"""


@pytest.fixture
def said(folder, png):
    """`said(Markdown)` is the text of its first paragraph, references as {target} or (target), and findings."""

    def read(text, more=TARGETS):
        book = folder({"a.md": f"# 章 {{#sec:top}}\n\n{text}\n{more}", "x.png": png})
        manuscript = read_manuscript(read_project(book / "a.md"))
        return shown(manuscript.chapters[0].blocks[1]["c"]), manuscript.findings

    return read


def shown(inlines):
    out = ""
    for one in inlines:
        if one["t"] == "Link" and "xref" in one["c"][0][1]:
            flags = one["c"][0][1]
            marks = "()" if "bare" in flags else "{}"
            out += f"{marks[0]}{one['c'][2][0].removeprefix('#')}{'@page' if 'page' in flags else ''}{marks[1]}"
        elif one["t"] == "Str":
            out += one["c"]
        elif one["t"] == "Space":
            out += " "
        elif one["t"] in CONTAINERS:
            out += shown(children(one))
    return out


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("见@fig:map所示。", "见{fig-map}所示。"),
        ("见 @fig-two 所示。", "见{fig-two} 所示。"),
        ("@sec:part 说过", "{sec-part}说过"),
        ("如图 @fig:map 所示", "如图 (fig-map) 所示"),
        ("见表@tbl:t。", "见表(tbl-t)。"),
        ("由式 @eq:e 得", "由式 (eq-e) 得"),
        ("见 @eq:e 式", "见 (eq-e) 式"),
        ("详见 @sec:part 节", "详见 (sec-part) 节"),
        ("[@fig:map; @fig-two]", "{fig-map}、(fig-two)"),
        ("[@fig:map; @tbl:t]", "{fig-map}、{tbl-t}"),
        ("如[@fig:map](a)为快，[@fig:map](b)为慢", "如{fig-map}(a)为快，{fig-map}(b)为慢"),
        ("@fig:map; @fig-two 两张", "{fig-map}、(fig-two) 两张"),
        ("左边见@fig:map；@fig-two 在右", "左边见{fig-map}；{fig-two} 在右"),
        ("[@fig:map；@fig-two]", "{fig-map}、(fig-two)"),
        ("[-@eq:e]", "(eq-e)"),
        ("见[@fig:map](#map)所示，[@fig:no](#no)", "见{fig-map}所示，@fig:no"),
        ("见[@fig:map]{.page}", "见{fig-map@page}"),
        ("@Fig:map 与 @lst:code", "{fig-map} 与{lst-code}"),
        ("**见@fig:map**，*@tbl:t*", "见{fig-map}，{tbl-t}"),
    ],
)
def test_a_reference_is_a_link_to_what_is_named(said, text, wanted):
    assert said(text)[0] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "写信给 li@fig.com 或 li@fig-two.com。",
        "@张三 说，@someone 也说，@section 与 @figure:x。",
        "`@fig:map` 是代码。",
        "[网页](https://a.example/@fig:map)",
        "<https://a.example/@fig:map>",
    ],
)
def test_an_address_or_a_name_in_prose_is_none(said, text):
    words, findings = said(text)
    assert "{" not in words
    assert not [one for one in findings if one.code == "xref-broken"]


def test_a_reference_to_nothing_is_an_error_with_its_line(folder, tmp_path):
    book = folder({"a.md": "# 章\n\n一段。\n\n见 @fig:nowhere。\n"})
    with pytest.raises(PublishError) as raised:
        build(Request(book / "a.md", tmp_path / "out", formats=("html",), jobs=1))
    assert "a.md:5" in str(raised.value)
    assert "@fig:nowhere" in str(raised.value)
    assert not (tmp_path / "out" / "index.html").exists()


def test_a_hyphened_name_is_one_only_in_a_book_that_has_names_of_its_kind(said):
    assert not [one for one in said("见 @tbl-x。", "")[1] if one.code == "xref-broken"]
    assert [one for one in said("见 @fig-x。")[1] if one.code == "xref-broken"]


def test_a_division_around_a_figure_gives_it_its_name_and_caption(said):
    words, findings = said("见 @fig-div。", "\n::: {#fig-div}\n![](x.png)\n\n题注**在此**\n:::\n")
    assert words == "见{fig-div}。"
    assert not [one for one in findings if one.code in ("xref-broken", "img-alt")]


def test_a_formula_in_the_middle_of_a_paragraph_is_named_too(said):
    assert said("由 $$x$$ {#eq:in} 得 @eq:in。", "")[0] == "由  得{eq-in}。"


def test_rows_of_a_formula_that_have_names_are_formulas_of_their_own(said):
    rows = "a &= \\begin{cases} b \\\\ c \\end{cases} \\label{eq:a} \\\\[2pt]\nd &= e \\\\\n  &= f \\label{eq:b}"
    words, findings = said("见 @eq:a 与 \\eqref{eq:b}。", f"\n\\begin{{align}}\n{rows}\n\\end{{align}}\n")
    assert words == "见{eq-a} 与 (eq-b)。"
    assert not [one for one in findings if one.code == "xref-broken"]
