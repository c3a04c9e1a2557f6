"""What a tool's reader takes for more than CommonMark does comes in as what its readers saw."""

# ruff: noqa: E501  # a fixture is a file in one line
from __future__ import annotations

import json

from publish.importers import import_source


def codes(report):
    return {one.code for one in report.decisions}


MKDOCS = "site_name: 讲义\nnav:\n  - index.md\n"


def test_mkdocs_attribute_lists_captions_and_icons(run):
    report, _, read = run(
        {
            "mkdocs.yml": MKDOCS,
            "docs/index.md": """
                # 讲义

                ![Debian](a.png)

                发行版的图标
                {: .caption }

                一段话
                {: #anchor .big }

                ## 小节 {: #part }

                点 [:fontawesome-brands-github: 仓库](https://example.org){: .button } 下载 :material-check:{ .green }。

                ```text
                {: .caption } :material-check:
                ```
                """,
            "docs/a.png": b"\x89PNG\r\n\x1a\n",
        }
    )
    text = read("index.md")
    assert '![发行版的图标](a.png){alt="Debian"}' in text, "the caption is the picture's"
    assert "一段话 []{#anchor}" in text
    assert "## 小节 {#part .unnumbered}" in text or "## 小节 {#part}" in text
    assert "点 [仓库](https://example.org){.button} 下载。" in text
    assert "{: .caption } :material-check:" in text, "code stays"
    assert "icon-dropped" in codes(report)


def test_headings_without_a_space_where_the_tool_reads_them(run):
    files = {"book.json": json.dumps({"title": "书"}), "SUMMARY.md": "* [一](a.md)\n", "README.md": "# 书\n"}
    report, _, read = run({**files, "a.md": "# 一\n\n##小节\n\n#标签 #另一个\n\n```c\n##concat\n```\n"})
    assert read("a.md") == "# 一\n\n## 小节\n\n#标签 #另一个\n\n```c\n##concat\n```\n"
    assert "heading-spaced" in codes(report)


def test_labels_of_notes_with_spaces(run):
    _, _, read = run(
        {
            "book.toml": "[book]\ntitle = '书'\n",
            "src/SUMMARY.md": "[一](a.md)\n",
            "src/a.md": "# 一\n\n限制[^规则 甲]。\n\n[^规则 甲]: 出自参考。\n",
        }
    )
    assert "限制[^规则-甲]。" in read("a.md")
    assert "[^规则-甲]: 出自参考。" in read("a.md")


def test_escapes_in_a_contents(run):
    report, book, _ = run(
        {
            "book.json": "{}",
            "README.md": "# 簡介\n",
            "SUMMARY.md": "* [甲](a/01\\_intro-x.md)\n",
            "a/01_intro-x.md": "# 甲\n",
        },
        name="shuce",
    )
    assert "a/01_intro-x.md" in book["chapters"]
    assert "chapter-missing" not in codes(report)
    assert book["title"] == "shuce", "簡介 is the title of a first page, not of a book"


def test_front_matter_whose_closing_line_has_text(run):
    _, _, read = run(
        {
            ".obsidian/app.json": "{}",
            "甲.md": "---\ntag: moc\n--- `按钮`\n正文。\n",
            "乙.md": "---\n\n只有一条线在前。\n",
        }
    )
    assert "tag: moc" not in read("甲.md")
    assert "`按钮`\n正文。" in read("甲.md")
    assert not read("乙.md").startswith("---"), "a rule at the head is no front matter"
    assert "只有一条线在前。" in read("乙.md")


def test_vitepress_with_settings_in_a_folder_and_a_base_that_is_no_folder(run):
    report, book, read = run(
        {
            "docs/.vitepress/config/index.ts": "export default { title: '站', locales: { root: { lang: 'en' }, zh: { lang: 'zh-CN' } } }\n",
            "docs/zh/config.ts": "export default defineAdditionalConfig({ themeConfig: { sidebar: { '/zh/': { base: '/zh/', items: items() } } } })\nfunction items() { return [ { text: '指南', items: [ { text: '起步', link: 'start' }, { text: '主题', base: '/zh/theme-', items: [ { text: '导航', link: 'nav' } ] } ] } ] }\n",
            "docs/start.md": "# Start\n",
            "docs/en/start.md": "# Start\n",
            "docs/zh/start.md": "# 起步\n\n<Chat :rows=\"[{ who: 'a', text: '你好' }, { text: '再见' }]\" />\n",
            "docs/zh/theme-nav.md": "# 导航\n",
        }
    )
    assert book["chapters"] == [
        {"part": "指南", "chapters": ["zh/start.md", {"title": "主题", "chapters": ["zh/theme-nav.md"]}]}
    ]
    assert "- 你好\n- 再见" in read("zh/start.md"), "words in the data of a component are kept"
    assert [one.file for one in report.decisions if one.code == "page-unlisted"] == ["docs/start.md"]


def test_docusaurus_calls_its_parts_as_its_menu_does(run):
    _, book, read = run(
        {
            "docusaurus.config.js": "module.exports = { title: '文档', url: 'https://example.org', baseUrl: '/', themeConfig: { navbar: { items: [ { type: 'docSidebar', sidebarId: 'guide', label: '指南' }, { sidebarId: 'api', label: '接口' } ] } } }\n",
            "sidebars.js": "module.exports = { guide: ['a'], api: ['b'] }\n",
            "docs/a.mdx": "# 甲\n\n[商店](/store) [乙](./b.mdx)\n\n<Talk msgs={[\n  { side: 'right', msg: '/天气' },\n  { side: 'left', msg: '# 晴\\n 三度' },\n]} />\n",
            "docs/b.mdx": "# 乙\n",
        },
        name="website",
    )
    assert [one["part"] for one in book["chapters"]] == ["指南", "接口"]
    assert "[商店](https://example.org/store)" in read("a.md")
    assert "- /天气\n- \\# 晴  \n  三度" in read("a.md")
    assert book["slug"] != "website"


def test_hugo_icons_badges_and_pictures_beside_a_page(run):
    _, _, read = run(
        {
            "hugo.toml": "title = '站'\nbaseURL = 'https://example.org/'\n",
            "content/posts/one/index.md": "---\ntitle: 一\ndate: 2024-01-02\n---\n{{< fa-icon solid check >}}好 {{< version 0.2 新 >}}\n\n![](/one/p.png) [二](/two/)\n",
            "content/posts/one/p.png": b"\x89PNG\r\n\x1a\n",
            "content/posts/two.md": "---\ntitle: 二\ndate: 2024-01-03\n---\n文。\n",
        }
    )
    text = read("posts/one/index.md")
    assert "好 0.2 新" in text
    assert "](p.png)" in text
    assert "](../two.md)" in text


def test_no_file_is_told_twice_as_left_out(tmp_path):
    vault = tmp_path / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    (vault / ".obsidian/templates.json").write_text('{"folder": "模板"}', encoding="utf-8")
    (vault / "模板").mkdir()
    (vault / "模板/日记.md").write_text("{{date}}\n", encoding="utf-8")
    (vault / "甲.md").write_text("文。\n", encoding="utf-8")
    report = import_source(vault, tmp_path / "out")
    assert [one.code for one in report.decisions if one.file == "模板/日记.md"] == ["note-aside"]


def test_blocks_of_bookdown_stand_at_their_side(run):
    _, _, read = run(
        {
            "_bookdown.yml": "{}",
            "index.Rmd": "---\ntitle: 书\n---\n# 序 {-}\n\n```{block2, type='flushright'}\n某人\n```\n",
        }
    )
    assert '<div align="right">\n\n某人\n\n</div>' in read("index.md")


def test_how_a_theme_draws_a_callout_is_no_text(run):
    _, _, read = run({".obsidian/app.json": "{}", "甲.md": "> [!quote|noicon right]+ 题\n> 文。\n"})
    assert "> [!quote]+ 题\n> 文。" in read("甲.md")


def test_a_name_alone_in_its_line_is_none_of_a_link(run):
    page = "# 甲\n\n- [eventpoll]:\n  红黑树的根\n- [epitem]:\n\n[名]:\nhttps://a.cn\n\n[^1]:\n    注。\n"
    _, _, read = run({"mkdocs.yml": MKDOCS, "docs/index.md": page})
    assert read("index.md").startswith(
        "# 甲\n\n- \\[eventpoll]:\n  红黑树的根\n- \\[epitem]:\n\n[名]:\nhttps://a.cn\n\n[^1]:\n"
    )
