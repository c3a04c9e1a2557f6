"""The contents of books whose parts are in several files, and of folders taken out of larger sites."""

from __future__ import annotations

import pytest
import yaml

from publish.errors import PublishError
from publish.importers import import_source
from tests.importers.folders.test_folders import PNG, codes, paths


def test_a_folder_of_docsify_with_a_sidebar_of_its_own_stands_below_its_entry(run):
    report, book, _ = run(
        {
            "index.html": "<script>window.$docsify = {loadSidebar: true}</script>",
            "_sidebar.md": "* [山](hill/README.md)\n* [水](water.md)\n",
            "_coverpage.md": "# 封面\n",
            "hill/_sidebar.md": "* [上山](hill/up.md)\n  * [半山](hill/up.md?id=half)\n* [下山](down.md)\n",
            "hill/README.md": "# 山\n",
            "hill/up.md": "# 上山\n\n## half\n",
            "hill/down.md": "# 下山\n",
            "lake/_sidebar.md": "- [湖](lake/a.md)\n",
            "lake/a.md": "# 湖\n",
            "water.md": "# 水\n",
        }
    )
    assert book["chapters"] == [
        {"file": "hill/README.md", "chapters": ["hill/up.md", "hill/down.md"]},
        "water.md",
        {"part": "lake", "chapters": ["lake/a.md"]},
    ]
    assert codes(report) == ["page-site"]


def test_the_chinese_folder_of_a_site_is_imported_alone(run):
    report, book, read = run(
        {
            "_sidebar.md": "- [开始](/zh-cn/start.md)\n- [C#](/zh-cn/C%23.md)\n",
            "README.md": "# 首页\n\n看[开始](zh-cn/start.md)。\n",
            "start.md": "# 开始\n",
            "C#.md": "# C#\n",
        }
    )
    assert list(paths(book["chapters"])) == ["README.md", "start.md", "C#.md"]
    assert "[开始](start.md)" in read("README.md")
    assert codes(report) == []


def test_a_sidebar_is_followed_into_the_modules_that_it_is_put_together_from(run):
    pages = {f"docs/{name}.md": f"# {name}\n" for name in ("甲", "乙", "丙", "丁", "戊")}
    _, book, _ = run(
        {
            "docs/.vuepress/config.js": """
                const notes = require("./config/notes");
                const { talk } = require("./config/talk");
                const last = require("./config/last");
                const sidebar = [notes.first, ...notes.more.concat([]), ...talk, last.one];
                module.exports = { themeConfig: { sidebar } };
                """,
            "docs/.vuepress/config/notes.js": "const first = '/甲';\nmodule.exports = { first, more: ['/乙'] };\n",
            "docs/.vuepress/config/talk.js": "module.exports = { talk: ['/丙', '/丁'] };\n",
            "docs/.vuepress/config/last.js": "exports.one = '/戊';\n",
            **pages,
        }
    )
    assert list(paths(book["chapters"])) == [f"{name}.md" for name in ("甲", "乙", "丙", "丁", "戊")]


def test_docusaurus_sidebars_are_followed_into_their_modules(run):
    _, book, _ = run(
        {
            "docusaurus.config.js": "module.exports = { title: '站' }",
            "sidebars.js": """
                const hill = require('./sidebar/hill.js');
                module.exports = { all: ['one', { type: 'category', label: '山', items: [hill] }, ...hill.items] };
                """,
            "sidebar/hill.js": "module.exports = { type: 'category', label: '高山', items: ['two'] };\n",
            "docs/one.md": "# 一\n",
            "docs/two.md": "# 二\n",
        }
    )
    assert list(paths(book["chapters"])) == ["one.md", "two.md"]
    assert "高山" in yaml.safe_dump(book, allow_unicode=True)


def test_posts_of_hexo_are_found_by_the_addresses_that_their_site_gives_them(run):
    report, _, read = run(
        {
            "_config.yml": "title: 山房\npermalink: :year/:month/:day/:title/\nurl: https://a.example\n",
            "source/_posts/2026/one.md": """
                ---
                title: 一
                date: 2026/04/17 14:54:04
                ---
                去[二](/2026/04/18/2026/two/)，又去[二](/2026/two/)。

                ![图](/../../images/p.png)

                {% plantuml %}
                甲 -> 乙
                {% endplantuml %}

                {% mermaid %}
                graph TD
                {% endmermaid %}

                {% math %}x_1{% endmath %}
                """,
            "source/_posts/2026/two.md": "---\ntitle: 二\ndate: 2026年4月18日\n---\n文。\n",
            "source/_drafts/three.md": "---\ntitle: 三\n---\n未成。\n",
            "source/images/p.png": PNG,
        }
    )
    assert codes(report).count("link-outside") == 0
    text = read("_posts/2026/one.md")
    assert "去[二](two.md)，又去[二](two.md)。" in text
    assert "2026-04-17" in text
    assert "](../../images/p.png)" in text
    assert "```plantuml\n甲 -> 乙\n```" in text
    assert "```mermaid\ngraph TD\n```" in text
    assert "$x_1$" in text
    assert [one.file for one in report.decisions if one.code == "draft"] == ["source/_drafts/three.md"]


def test_a_tab_behind_a_key_of_front_matter_is_a_space(run):
    report, _, read = run({"_posts/2020-01-02-a.md": "---\ntitle:\t山中\n---\n文。\n", "_config.yml": "title: 站\n"})
    assert read("_posts/2020-01-02-a.md").startswith("# 山中\n")
    assert "front-matter" not in codes(report)


def test_a_formula_in_a_span_of_the_class_math_has_its_dollars_alone(run):
    _, _, read = run({"a.md": "# 甲\n\n<span class=\"math\">$x$</span>与<span id='a' class='math'>$y$</span>。\n"})
    assert "<span>$x$</span>与<span id='a'>$y$</span>。" in read("a.md")


def test_pages_that_the_contents_leave_out_are_a_last_part_when_asked_for(run, tmp_path):
    files = {
        "SUMMARY.md": "# 目录\n\n* [甲](a.md)\n",
        "README.md": "# 书\n",
        "a.md": "# 甲\n",
        "x/b.md": "# 乙\n",
        "c.md": "# 丙\n",
    }
    report, book, _ = run(files)
    assert codes(report).count("page-unlisted") == 2
    assert list(paths(book["chapters"])) == ["README.md", "a.md"]
    report = import_source(tmp_path / "book", tmp_path / "all", choices={"unlisted": "append"})
    book = yaml.safe_load((tmp_path / "all" / "book.yaml").read_text(encoding="utf-8"))
    assert "page-unlisted" not in codes(report)
    assert book["chapters"][-1] == {"part": "其他", "chapters": ["c.md", {"title": "x", "chapters": ["x/b.md"]}]}


def test_what_an_import_wrote_in_the_folder_is_no_part_of_it_and_links_that_lead_out_are_told(tmp_path):
    source = tmp_path / "稿"
    (source / "out").mkdir(parents=True)
    (source / "a.md").write_text("# 甲\n\n话。\n", encoding="utf-8")
    for name in ("book.yaml", "import-report.json", "a.md"):
        (source / "out" / name).write_text("{}", encoding="utf-8")
    (tmp_path / "b.md").write_text("# 乙\n", encoding="utf-8")
    (source / "b.md").symlink_to(tmp_path / "b.md")
    report = import_source(source, tmp_path / "book")
    assert report.metadata["chapters"] == ["a.md"]
    assert {one.excerpt for one in report.decisions if one.code == "file-outside"} == {"out", "b.md"}


def test_a_folder_of_other_markup_beside_a_readme_is_refused_with_the_way_in(tmp_path):
    (tmp_path / "README.md").write_text("# 说明\n", encoding="utf-8")
    for number in range(6):
        (tmp_path / f"{number}.asc").write_text("== 章\n", encoding="utf-8")
    with pytest.raises(PublishError) as caught:
        import_source(tmp_path, tmp_path / "book")
    assert "6 files" in caught.value.problem
    assert ".asc" in caught.value.remedy


def test_of_two_tools_settings_those_nearest_the_folder_say_what_it_is(run):
    report, _, _ = run(
        {
            "book.toml": '[book]\ntitle = "山"\n',
            "src/SUMMARY.md": "- [甲](a.md)\n",
            "src/a.md": "# 甲\n\n山。\n",
            "src/.vuepress/config.js": "module.exports = {title: '山'}\n",
        }
    )
    assert report.importer == "mdbook"


def test_a_page_whose_author_calls_it_a_draft_is_left_out_and_told(run):
    report, book, _ = run(
        {"a.md": "# 甲\n\n山。\n", "b.md": "---\ndraft: true\n---\n\n# 乙\n", "c.md": "# 丙\n\n水。\n"}
    )
    assert book["chapters"] == ["a.md", "c.md"]
    assert [(one.file, one.choice) for one in report.decisions if one.code == "draft"] == [("b.md", "left out")]


def test_posts_of_hugo_are_no_part_called_posts(run):
    posts = {
        "hugo.toml": "title = '山'\n",
        "content/posts/a.md": "---\ntitle: 甲\ndate: 2024-01-02\n---\n山。\n",
        "content/posts/b.md": "---\ntitle: 乙\ndate: 2024-01-01\n---\n水。\n",
    }
    assert run(posts)[1]["chapters"] == ["posts/b.md", "posts/a.md"]
    _, book, _ = run({**posts, "content/about.md": "---\ntitle: 关于\n---\n我。\n"}, "more")
    assert {"part": "文章", "chapters": ["posts/b.md", "posts/a.md"]} in book["chapters"]
