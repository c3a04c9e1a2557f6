"""Exports of Notion: ids in names, pages below pages, callouts, databases."""

from __future__ import annotations

import io
import zipfile

import pytest

from publish.importers import import_source
from tests.importers.folders.test_folders import codes, paths

A, B, C, D, E = (char * 32 for char in "12345")
EXPORT = {
    f"山居 {A}.md": f"""
        # 山居

        山里有人家。

        [水](%E5%B1%B1%E5%B1%85/%E6%B0%B4%20{B}.md)

        [桥](%E5%B1%B1%E5%B1%85/%E6%A1%A5%20{C}.md)

        [书单](%E5%B1%B1%E5%B1%85/%E4%B9%A6%E5%8D%95%20{D}.csv)
        """,
    f"山居/水 {B}.md": "# 水\n\n<aside>\n💡 河水**很凉**。\n\n</aside>\n\n- [ ]  挑水\n\n![](水/a.png)\n",
    "山居/水/a.png": b"\x89PNG\r\n\x1a\n",
    f"山居/桥 {C}.md": "# 桥\n\n桥那边是镇子。见[水](%E6%B0%B4%20" + B + ".md)。\n",
    f"山居/书单 {D}.csv": "\ufeff名称,状态,评语\n乙书,读完,好|坏\n甲书,在读,\n",
    f"山居/书单 {D}_all.csv": "\ufeff名称,状态,评语\n乙书,读完,好|坏\n甲书,在读,\n丙书,未读,\n",
    f"山居/书单/甲书 {E}.md": "# 甲书\n\n状态: 在读\n\n读到一半。\n",
    f"山居/书单/乙书 {'6' * 32}.md": "# 乙书\n\n状态: 读完\n评语: 好|坏\n\n读完了。\n",
    f"散表 {'7' * 32}.csv": "名称\n甲\n",
}


def test_pages_below_a_page_are_in_the_order_of_its_links_and_have_no_ids(run):
    report, book, read = run(EXPORT)
    assert (report.importer, book["title"]) == ("notion", "山居")
    assert list(paths(book["chapters"])) == [
        "山居.md", "山居/水.md", "山居/桥.md", "山居/书单/甲书.md", "山居/书单/乙书.md"
    ]  # fmt: skip
    assert "[水](水.md)" in read("山居/桥.md")
    assert "::: note\n💡 河水**很凉**。\n:::" in read("山居/水.md").replace("\n\n:::", "\n:::")
    assert "](水/a.png)" in read("山居/水.md")


def test_a_database_is_a_table_that_leads_to_its_pages(run):
    report, _, read = run(EXPORT)
    text = read("山居.md")
    assert "| 名称 | 状态 | 评语 |\n|---|---|---|\n| [乙书](山居/书单/乙书.md) | 读完 | 好\\|坏 |" in text
    assert "| 丙书 | 未读 |  |" in text
    assert "::: {.byline}\n状态: 读完 · 评语: 好|坏\n:::" in read("山居/书单/乙书.md")
    assert [one.excerpt for one in report.decisions if one.code == "page-other"] == [f"散表 {'7' * 32}.csv"]
    assert "link-broken" not in codes(report)


@pytest.mark.parametrize("parts", [False, True])
def test_the_zip_file_that_notion_sends_is_read_as_it_is(tmp_path, parts):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        for name, text in EXPORT.items():
            made.writestr(name, text)
    path = tmp_path / "abc_Export-1.zip"
    path.write_bytes(inner.getvalue())
    if parts:
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("Export-1-Part-1.zip", inner.getvalue())
    assert import_source(path, None).importer == "notion"


def test_what_notion_says_of_a_page_is_a_line_below_its_title(run):
    pages = {
        f"笔记 {A}.md": "# 笔记\n\nCreated: May 6, 2024 8:30 AM\nTags: 小说, 散文\n\n文。\n",
        f"话 {B}.md": "# 话\n\n注意: 小心\n\n文。\n",
    }
    _, _, read = run(pages)
    assert "::: {.byline}\nCreated: May 6, 2024 8:30 AM · Tags: 小说, 散文\n:::" in read("笔记.md")
    assert "byline" not in read("话.md")
