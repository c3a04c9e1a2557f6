"""Pelican: a blog whose posts begin with lines of metadata."""

# ruff: noqa: E501  # a fixture is a file in one line
from tests.tiny import PNG


def test_a_blog_with_lines_of_metadata(run):
    report, book, read = run(
        {
            "pelicanconf.py": "AUTHOR = '山房'\nSITENAME = u'山房笔记'\nDEFAULT_LANG = \"zh\"\nPATH = 'content'\n",
            "content/b.md": "Title: 乙\nDate: 2020-03-02 10:20\nTags: x, y\nSummary: 一句\n  又一句\n\n见[甲]({filename}/a.md)与[甲]({filename}a.md)。\n\n![图]({static}/images/p.png)\n",
            "content/a.md": "title: 甲\ndate: 2019-01-05\nauthor: 李四\n\n字。\n",
            "content/c.md": "Title: 稿\nStatus: draft\n\n草。\n",
            "content/pages/about.md": "Title: 关于\nSlug: about\n\n我。\n",
            "content/d.rst": "题\n==\n",
            "content/images/p.png": PNG,
        }
    )
    assert (book["title"], book["author"], book["lang"]) == ("山房笔记", ["山房"], "zh-CN")
    assert book["chapters"] == ["pages/about.md", "a.md", "b.md"] or book["chapters"] == [
        "a.md",
        "b.md",
        "pages/about.md",
    ]
    assert read("a.md") == "# 甲\n\n::: {.byline}\n2019-01-05 · 李四\n:::\n\n字。\n"
    assert read("b.md").endswith("见[甲](a.md)与[甲](a.md)。\n\n![图](images/p.png)\n")
    assert {"draft", "page-other"} <= {one.code for one in report.decisions}
    assert "Tags" not in read("b.md")
