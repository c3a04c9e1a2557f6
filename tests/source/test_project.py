"""book.yaml and front matter: each error names file, line and key and says what is allowed."""

from __future__ import annotations

import pytest

from publish.errors import GatheredError, PublishError, UsageError
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from publish.source.settings.frontmatter import front_matter
from publish.source.slugs import slugify

CHAPTERS = {"a.md": "# 甲\n", "b.md": "# 乙\n"}


def fault(project, settings, files=CHAPTERS):
    """The message of the error that these settings are."""
    with pytest.raises(PublishError) as caught:
        project(settings, files)
    return str(caught.value)


@pytest.mark.parametrize(
    ("settings", "where", "allowed"),
    [
        ("title: t\ntittle: x\n", 'book.yaml:2: tittle: unknown key "tittle"', 'Did you mean "title"?'),
        ("title: t\nabc: x\n", 'book.yaml:2: abc: unknown key "abc"', "All keys: publish schema --keys"),
        ("title: t\nTitel: x\n", "book.yaml:2: Titel", 'Did you mean "title"? All keys: publish schema --keys'),
        ("title: t\nnumber_section: x\n", "book.yaml:2: number_section", 'Did you mean "number-sections"?'),
        ("page:\n  siez: A5\n", 'book.yaml:2: page.siez: unknown key "siez"', 'Did you mean "size"?'),
        ("editions:\n  zh-TW:\n    tilte: x\n", "book.yaml:3: editions.zh-TW.tilte", 'Did you mean "title"?'),
        (
            "editions:\n  zh-TW:\n    pdf: {isbn: x}\n",
            "book.yaml:3: editions.zh-TW.pdf.isbn",
            "Write identifier: {scheme",
        ),
        ("editions:\n  zh-TW:\n    fonts: {bdy: x}\n", "book.yaml:3: editions.zh-TW.fonts.bdy", "body"),
        ("title: {text: a, typ: main}\n", 'book.yaml:1: title.typ: unknown key "typ"', 'Did you mean "type"?'),
        ("author:\n- nam: x\n", 'book.yaml:2: author.0.nam: unknown key "nam"', "name, orcid, role, text"),
        ("author: {role: aut}\n", "book.yaml:1: author: a person needs a name", ""),
        ("identifier: {scheme: ISBN}\n", 'book.yaml:1: identifier.text: "text" is missing', "Add it"),
        ("title: true\n", "book.yaml:1: title: this must be a text, not True", "publish schema"),
        ("page: A5\n", "book.yaml:1: page: this must be a map", "Write page: {size: A5}"),
        ("page: A44\n", "book.yaml:1: page: this must be a map", "Write page: {size: A4}"),
        ("isbn: 1\n", 'book.yaml:1: isbn: unknown key "isbn"', "Write identifier: {scheme: ISBN-13, text: 978-…}"),
        ("editions: {zh-TW: x}\n", "book.yaml:1: editions.zh-TW: this must be a map", "publish schema"),
        ("editions: 3\n", "book.yaml:1: editions: this must be a map", "publish schema"),
        ("chapters:\n- [a.md]\n", "book.yaml:2: chapters.0: this must be a text", "publish schema"),
        ("toc: maybe\n", "book.yaml:1: toc: this must be true or false, not 'maybe'", "publish schema"),
        ("toc-depth: 9\n", "book.yaml:1: toc-depth", "publish schema"),
        ("title: [[a]]\n", "book.yaml:1: title", ""),
        ("chapters: {a: b}\n", "book.yaml:1: chapters", ""),
        ("chapters: []\n", "book.yaml:1: chapters: this list is empty", "remove the key"),
        (
            "chapters: 【a.md，b.md】\n",
            "book.yaml:1: chapters: this must be a list",
            "YAML does: chapters: [a.md, b.md]",
        ),
        ("page: {height: 20}\n", 'book.yaml:1: page.height: unknown key "height"', "Write size: 140mm 200mm"),
        ("fonts: 宋体\n", 'book.yaml:1: fonts: unknown key "fonts"', "Write editions: {zh-CN: {fonts: {body"),
        ("chapters: [{第一章: 01.md}]\n", "book.yaml:1: chapters.0.第一章", "Write {title: 第一章, file: 01.md}, or"),
        (
            "chapters: [a.md， b.md]\n",
            'book.yaml:1: chapters.0: chapter "a.md， b.md" not found',
            "Part the names with ASCII commas: [a.md, b.md]",
        ),
        (
            "chapters:\n- a.md\n -b.md\n",
            'book.yaml:2: chapters.0: chapter "a.md -b.md" not found',
            "all hyphens in one column",
        ),
        ("editions: [zh-CN，zh-TW]\n", 'book.yaml:1: editions: "zh-CN，', "YAML does: editions: [zh-CN, zh-TW]"),
        ("formats: html, pdf\n", "book.yaml:1: formats", "YAML does: formats: [html, pdf]"),
        ("formats: [三]\n", 'book.yaml:1: formats.0: "三" is not allowed here', "html, epub, pdf"),
        ("chapters:\n  - part: x\n", 'book.yaml:2: chapters.0.chapters: "chapters" is missing', "Add it"),
        ("slug: 书\n", 'book.yaml:1: slug: "书" is not allowed here', "ASCII letters"),
        ("slug: ../x\n", "book.yaml:1: slug", ""),
        ("page-progression-direction: up\n", "book.yaml:1: page-progression-direction", "'ltr', 'rtl' or 'default'"),
        ("quotes: none\n", 'book.yaml:1: quotes: "none" is not allowed here', "'keep', 'straight' or 'region'"),
        ("title: a\ntitle: b\n", 'book.yaml:2: title: the key "title" is set twice', ""),
        ("title: a\n\tb: c\n", "book.yaml:2: a tab stands where YAML allows spaces alone", "Write spaces"),
        ("- a\n", "book.yaml:1: the settings are not made of keys and values", "key: value"),
        ("editions: [zh-CN, zh-XX]\n", 'book.yaml:1: editions.zh-XX: unknown edition "zh-XX"', "zh-CN, zh-TW, zh-HK"),
        ("editions:\n  my: {base: zz}\n", 'book.yaml:2: editions.my: unknown region "zz"', "zh-CN, zh-TW"),
        (
            "editions:\n  my: {base: zh-TW, opencc: s2x}\n",
            'book.yaml:2: editions.my: unknown OpenCC configuration "s2x"',
            "s2twp",
        ),
        ("editions:\n  zh-TW: {words: {chaptr: x}}\n", 'book.yaml:2: editions.zh-TW: unknown word "chaptr"', "chapter"),
        (
            "editions:\n  zh-TW:\n    formats: [epub, mobi]\n",
            'book.yaml:3: editions.zh-TW.formats.1: unknown format "mobi"',
            "html, epub, pdf",
        ),
        ("editions:\n  zh TW: {}\n", "book.yaml:2: editions.zh TW", ""),
        ("formats: [epub, mobi]\n", 'book.yaml:1: formats.1: unknown format "mobi"', "html, epub, pdf"),
        ("formats: []\n", "book.yaml:1: formats", ""),
        ("lang: en\n", 'book.yaml:1: lang: unknown region "en"', "zh-CN, zh-TW, zh-HK"),
        ("theme: nice\n", 'book.yaml:1: theme: unknown theme "nice"', "book"),
        ("page: {size: A99}\n", 'book.yaml:1: page.size: unknown page size "A99"', "A4, A5, B5"),
        ("page: {margin: wide}\n", "book.yaml:1: page", "20mm"),
        ("page:\n  size: A5\n  margin-top: 1px\n", 'book.yaml:3: page.margin-top: "1px" is not a length', "20mm"),
        ("page: {margin: 10cm}\n", "book.yaml:1: page: the margins leave no room", "smaller"),
        ("glossary: g.yaml\n", 'book.yaml:1: glossary: glossary "g.yaml" not found', "Add it to"),
        ("css: x.css\n", "book.yaml:1: css", "Add it to"),
        ("chapters:\n  - a.md\n  - c.md\n", 'book.yaml:3: chapters.1: chapter "c.md" not found', "Add it to"),
        (
            "chapters:\n  - a.md\n  - bb.md\n",
            'book.yaml:3: chapters.1: chapter "bb.md" not found',
            'Did you mean "b.md"?',
        ),
        ("chapters:\n  - part: x\n    chapters: [a.md, z.md]\n", "book.yaml:3: chapters.0.chapters.1", "Add it to"),
        (
            "chapters:\n  - a.md\n  - ./a.md\n",
            'book.yaml:3: chapters.1: chapter "./a.md" is listed twice',
            "List each file once",
        ),
        ("chapters: [../outside.md]\n", 'book.yaml:1: chapters.0: chapter "../outside.md"', ""),
        ("chapters: ['']\n", "book.yaml:1: chapters.0", ""),
    ],
)
def test_a_fault_names_file_line_and_key_and_says_what_is_allowed(settings, where, allowed, project, tmp_path):
    (tmp_path / "outside.md").write_text("x", encoding="utf-8")
    message = fault(project, settings)
    assert message.startswith(where)
    assert allowed in message
    assert "\n" not in message


EVERYTHING_WRONG = """\
title: t
tittle: x
toc: maybe
date: 明天
page: {size: A99}
lang: en
css: [x.css, y.css]
theme: nice
formats: [mobi]
author:
- nam: x
- {role: aut}
chapters:
- none.md
- [c.md]
- part: 甲
  chapters: [gone.md, a.md]
- prt: 乙
  chapters: [b.md]
- broken.md
editions:
  zh-XX: {}
  zh TW: {}
  zh-TW: {tilte: x}
  my: {base: zh-TW, style: none.yaml}
"""
BAD_GLOSSARY = "terms:\n  软件: {zh-TM: 軟體}\n  头发: 髮\n  网络: {zh-TW: 3}\nkep: [x]\n"


def test_one_run_tells_everything_that_is_wrong(project):
    files = {**CHAPTERS, "broken.md": "---\ntitle: 'x\n---\n# 丙\n", "glossary.yaml": BAD_GLOSSARY}
    with pytest.raises(GatheredError) as caught:
        project(EVERYTHING_WRONG, files)
    said = [str(one) for one in caught.value.all]
    wanted = [
        'book.yaml:2: tittle: unknown key "tittle"',
        "book.yaml:3: toc: this must be true or false",
        'book.yaml:5: page.size: unknown page size "A99"',
        'book.yaml:6: lang: unknown region "en"',
        "book.yaml:7: css.0:",
        "book.yaml:7: css.1:",
        'book.yaml:8: theme: unknown theme "nice"',
        'book.yaml:9: formats.0: unknown format "mobi"',
        'book.yaml:11: author.0.nam: unknown key "nam"',
        "book.yaml:12: author.1: a person needs a name",
        'book.yaml:14: chapters.0: chapter "none.md" not found',
        "book.yaml:15: chapters.1: this must be a text",
        'book.yaml:17: chapters.2.chapters.0: chapter "gone.md" not found',
        'book.yaml:18: chapters.3.prt: unknown key "prt". Did you mean "part"?',
        'book.yaml:22: editions.zh-XX: unknown edition "zh-XX"',
        "book.yaml:23: editions.zh TW",
        'book.yaml:24: editions.zh-TW.tilte: unknown key "tilte"',
        "book.yaml:25: editions.my",
        "broken.md:2: a quotation mark opens here",
        "glossary.yaml:3: terms.头发: a term must map",
        "glossary.yaml:4: terms.网络.zh-TW: the form is not text",
        'glossary.yaml:5: kep: unknown key "kep"',
    ]
    assert [any(one.startswith(start) for one in said) for start in wanted] == [True] * len(wanted)
    assert len(said) == len(wanted)
    assert str(caught.value).count("\n") == len(said) - 1
    assert [one.code for one in caught.value.findings] == ["meta-date"]


def test_macros_index_and_literature_are_told_with_the_rest(project):
    settings = "title: t\nindex: none.yaml\nbibliography: none.bib\ntheme: nice\nmath-macros:\n  half: a #1\n"
    with pytest.raises(GatheredError) as caught:
        project(settings, CHAPTERS)
    assert [one.place.key for one in caught.value.all] == ["index", "bibliography.0", "theme", "math-macros.half"]


def test_macros_may_stand_in_one_row_of_the_settings(folder):
    macros = "{R: '\\mathbb{R}', norm: '\\left\\lVert #1 \\right\\rVert'}"
    project = read_project(folder({"book.yaml": f"title: t\nmath-macros: {macros}\n", "a.md": "# 一\n"}))
    assert project.math_macros["R"] == "\\mathbb{R}"


def test_a_book_yaml_that_is_no_yaml_does_not_hide_what_is_wrong_elsewhere(folder):
    root = folder({"book.yaml": "title: 'x\n", "a.md": "---\n- x\n---\n", "glossary.yaml": "terms: [a]\n"})
    with pytest.raises(GatheredError) as caught:
        read_project(root)
    assert [one.place.file for one in caught.value.all] == ["a.md", "book.yaml", "glossary.yaml"]


def test_all_chapters_that_cannot_be_read_are_told_at_once(folder):
    root = folder({"book.yaml": "title: t\n", "a.md": "---\n- x\n---\n", "b.md": b"\xff", "c.md": "# 丙\n"})
    with pytest.raises(GatheredError) as caught:
        read_manuscript(read_project(root))
    assert [str(one).split(": ")[0] for one in caught.value.all] == ["a.md:2", "b.md:1"]


def test_a_term_for_an_edition_that_is_not_there_is_told_with_its_line(project):
    read = project("title: t\n", {**CHAPTERS, "glossary.yaml": "terms:\n  软件: {zh-TM: 軟體}\n"})
    [finding] = read.findings
    assert str(finding).startswith("glossary.yaml:2: terms.软件.zh-TM: ")
    assert 'Did you mean "zh-TW"?' in str(finding)


def test_a_folder_without_book_yaml_says_what_it_took_and_what_it_left(folder):
    names = ["第10章.md", "第2章.md", "README.md", "LICENSE.md", "_草稿.md", "node_modules/a.md", "附/security.md"]
    read = read_project(folder(dict.fromkeys(names, "# 题\n")))
    [note] = [one for one in read.findings if one.code == "book-none"]
    assert note.severity == "note"
    assert "its chapters are README.md, 第2章.md, 第10章.md, 附/security.md; left out: " in note.problem
    assert sorted(note.problem.partition("left out: ")[2].split(", ")) == ["LICENSE.md", "_草稿.md", "node_modules/"]


def test_a_folder_of_books_is_no_book(tmp_path):
    for name in ("甲书", "乙书"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "book.yaml").write_text("title: 书\n", encoding="utf-8")
        (tmp_path / name / "01.md").write_text("# 一\n", encoding="utf-8")
    with pytest.raises(PublishError, match=r"in its folders: 乙书, 甲书\. Name the one") as told:
        read_project(tmp_path)
    assert str(told.value.remedy).endswith("乙书")
    assert read_project(tmp_path / "甲书").chapters


def test_a_draft_is_no_chapter_of_a_folder_unless_there_is_nothing_else(folder):
    draft = "---\ntitle: 未成\ndraft: true # 还没写完\n---\n\n文。\n"
    read = read_project(folder({"a.md": "# 题\n\ndraft: true\n", "b.md": draft}))
    assert [one.path.name for one in read.chapters] == ["a.md"]
    [note] = [one for one in read.findings if one.code == "book-none"]
    assert note.problem.endswith("left out: b.md")
    assert [one.path.name for one in read_project(folder({"b.md": draft, "a.md": draft})).chapters] == ["a.md", "b.md"]


def test_very_many_chapters_are_told_by_the_first_and_the_last(folder):
    read = read_project(folder({f"{number}.md": "# 题\n" for number in range(1, 101)}))
    [note] = [one for one in read.findings if one.code == "book-none"]
    assert "1.md, 2.md" in note.problem
    assert "18.md, … (81 more), 100.md" in note.problem


def test_a_chapter_that_a_link_brings_in_from_outside_is_refused(tmp_path, folder):
    outside = tmp_path / "outside.md"
    outside.write_text("x", encoding="utf-8")
    root = folder({"book.yaml": "chapters: [c.md]\n"})
    (root / "c.md").symlink_to(outside)
    with pytest.raises(PublishError, match=r"^book\.yaml:1: chapters\.0: chapter \"c\.md\" lies outside the book"):
        read_project(root)


def test_what_other_tools_read_is_named_and_not_refused(project):
    read = project("title: t\nmainfont: x\ndocumentclass: y\n", CHAPTERS)
    [note] = read.findings
    assert (note.code, note.severity, str(note.place)) == ("set-unused", "note", "book.yaml:2: mainfont")
    assert note.problem == 'publish does not use the keys "mainfont", "documentclass"'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("标题\n".encode() * 3 + b"\xff\xfe", "book.yaml:4: this file is not UTF-8 (byte 0xff)"),
        ("title: 中文\n".encode("gb18030"), "book.yaml:1: this file is not UTF-8"),
        ("title: 中文\n".encode("utf-16"), "book.yaml:1: this file is not UTF-8"),
        (b"title: t\nslug: a\0b\n", "book.yaml:2: this file holds a NUL character"),
    ],
)
def test_a_file_that_is_no_text_is_told_with_its_line(content, message, folder):
    with pytest.raises(PublishError) as caught:
        read_project(folder({"book.yaml": content, **CHAPTERS}))
    assert str(caught.value).startswith(message)


# --- where the settings stand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitle: t\n\n文\n", "a.md:1: the front matter is never closed"),
        ("---\n- a\n---\n", "a.md:2: the front matter is not made of keys and values"),
        ("---\ntitle: t\ntitel: x\n---\n", 'a.md:3: titel: unknown key "titel"'),
        ("---\ntitle: t\nchapters: [b.md]\n---\n", "a.md:3: chapters: a single file cannot list chapters"),
        ("---\ntitle: 'x\n---\n", "a.md:"),
    ],
)
def test_faults_of_front_matter_have_the_lines_of_the_file(text, message, folder):
    with pytest.raises(PublishError) as caught:
        read_project(folder({"a.md": text}) / "a.md")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "offset", "data"),
    [
        ("---\ntitle: t\n---\n文", 3, {"title": "t"}),
        ("---\ntitle: t\n...\n文", 3, {"title": "t"}),
        ("--- \ntitle: t\n---\t\n文", 3, {"title": "t"}),
        ("---\n---\n文", 2, {}),
        ("---\n# only a comment\n---\n文", 3, {}),
        ("---\n\n文\n\n---\n", 0, {}),
        ("文\n---\na: b\n---\n", 0, {}),
        ("---", 0, {}),
        ("", 0, {}),
    ],
)
def test_front_matter_is_what_stands_between_the_first_lines_of_dashes(text, offset, data):
    document, found = front_matter(text, "a.md")
    assert (found, document.data) == (offset, data)


def test_a_single_file_takes_the_same_keys(folder):
    read = read_project(folder({"书 稿.md": "---\ntitle: 题\neditions: zh-TW\n---\n\n# 一\n"}) / "书 稿.md")
    assert (read.metadata.title, read.slug, read.single_file) == ("题", "shu-gao", True)
    assert [one.key for one in read.editions] == ["zh-TW"]


def test_a_single_file_needs_no_settings(folder):
    read = read_project(folder({"a.md": "# 一\n"}) / "a.md")
    assert [one.key for one in read.editions] == ["zh-CN", "zh-TW", "zh-HK"]
    assert [one.code for one in read.findings] == ["meta-title"]


@pytest.mark.parametrize("title", ["题 *初稿*", "**题**", "`题`", "[题](a.md)"])
def test_marks_of_markdown_in_a_title_are_told(title, project):
    assert [one.code for one in project(f"title: '{title}'\n", CHAPTERS).findings] == ["meta-title"]
    assert not project("title: 3 * 4 * 5\n", CHAPTERS).findings


@pytest.mark.parametrize("settings", ["title: [甲\n", "tilte: 甲\n", "title:甲\n"])
def test_a_title_that_a_fault_may_hold_is_not_missed_as_well(settings, project):
    with pytest.raises(PublishError) as caught:
        project(settings)
    assert "no title" not in str(caught.value)
    assert not getattr(caught.value, "findings", ())


def test_a_folder_without_book_yaml_has_its_markdown_files_in_name_order(folder):
    root = folder(
        {"02.md": "b", "01.markdown": "a", "_draft.md": "x", ".hidden.md": "x", "readme.txt": "x", "d.md/e": ""}
    )
    assert [one.path.name for one in read_project(root).chapters] == ["01.markdown", "02.md"]


@pytest.mark.parametrize(
    ("files", "name", "message"),
    [
        ({"x.txt": ""}, "", "this folder has neither book.yaml nor a Markdown file"),
        ({"x.docx": ""}, "", "nor a Markdown file. Import it first: publish import"),
        ({"book.yaml": "title: t\n"}, "", "the book has no chapters"),
        ({"x.txt": ""}, "x.txt", "this is not a Markdown file"),
        ({}, "none", "no such file or folder"),
        ({"d.md/e": ""}, "d.md", "this is a folder, not a Markdown file"),
        ({"book.yaml": "title: t\nchapters: [a]\n", "a/b.md": ""}, "", '"a" is a folder. List its files: a/b.md'),
    ],
)
def test_a_source_that_is_no_book_is_told(files, name, message, folder):
    with pytest.raises(PublishError, match=message):
        read_project(folder(files) / name)


@pytest.mark.parametrize(
    ("typed", "meant"), [("my-bok", "my-book"), ("my-bok/book.yaml", "my-book/book.yaml"), ("noets.md", "notes.md")]
)
def test_a_path_with_a_slip_in_it_is_told_what_it_may_have_been(typed, meant, folder):
    root = folder({"my-book/book.yaml": "title: t\n", "notes.md": "文\n"})
    with pytest.raises(PublishError) as caught:
        read_project(root / typed)
    assert f'Did you mean "{meant}"?' in str(caught.value)


def test_chapters_that_are_one_name_are_told_how_a_list_is_written(folder):
    with pytest.raises(PublishError, match=r"YAML does: chapters: \[01\.md\]"):
        read_project(folder({"book.yaml": "title: t\nchapters: 01.md\n", "01.md": "文\n"}))


def test_an_empty_book_yaml_is_a_book_with_defaults(project):
    read = project("# nothing yet\n", CHAPTERS)
    assert (read.theme, read.toc_depth, read.number_sections, read.formats[:3]) == (
        "book",
        2,
        False,
        ("html", "epub", "pdf"),
    )


def test_book_yaml_itself_may_be_named(folder):
    assert read_project(folder({"book.yaml": "title: t\n", **CHAPTERS}) / "book.yaml").metadata.title == "t"


# --- slugs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("一稿多版", "yi-gao-duo-ban"),
        ("My Book", "my-book"),
        ("我的Book 2", "wo-de-book-2"),
        ("Café", "cafe"),
        ("a/b\\c:d", "a-b-c-d"),
        ("...", "book"),
        ("😀", "book"),
        ("女儿", "nv-er"),
        ("长" * 50, "zhang-" * 9 + "zhang"),
    ],
)
def test_a_slug_is_ascii_and_han_become_pinyin(name, slug):
    made = slugify(name)
    assert made.isascii()
    assert len(made) <= 60
    assert made == slug or (name.startswith("长") and made.count("-") > 8)


def test_the_slug_is_the_folders_name_or_what_the_book_says(tmp_path, monkeypatch):
    root = tmp_path / "一稿多版"
    root.mkdir()
    (root / "a.md").write_text("# x\n", encoding="utf-8")
    monkeypatch.chdir(root)
    assert read_project(root).slug == "yi-gao-duo-ban"
    (root / "book.yaml").write_text("slug: My.Book_1\n", encoding="utf-8")
    assert read_project(root).slug == "My.Book_1"


# --- editions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        ("title: t\n", ["zh-CN", "zh-TW", "zh-HK"]),
        ("editions: zh-TW\n", ["zh-TW"]),
        ("editions: [zh-HK, zh-SG]\n", ["zh-HK", "zh-SG"]),
        ("editions:\n  zh-MO:\n  zh-CN: {}\n", ["zh-MO", "zh-CN"]),
    ],
)
def test_editions_are_a_key_a_list_or_a_map(settings, keys, project):
    assert [one.key for one in project(settings).editions] == keys


def test_an_edition_of_ones_own_stands_on_a_base(project):
    settings = """\
quotes: keep
editions:
  zh-TW-phrases:
    {base: zh-TW, opencc: s2twp, name: 用語版, tag: zh-Hant-TW-x-p, fonts: {body: Mine}, words: {chapter: 第 {} 回}}
""".replace("第 {} 回", "'第 {} 回'")
    edition = project(settings).editions[0]
    assert (edition.key, edition.keys, edition.name) == ("zh-TW-phrases", ("zh-TW-phrases", "zh-TW"), "用語版")
    assert (edition.configurations, edition.quotes) == (("s2twp",), "keep")
    assert (edition.region.tag, edition.region.words.chapter) == ("zh-Hant-TW-x-p", "第 {} 回")
    assert edition.region.fonts.body[0] == "Mine"
    assert len(edition.region.fonts.body) > 1


@pytest.mark.parametrize(
    ("lang", "configurations"),
    [
        ("zh-CN", {"zh-CN": (), "zh-TW": ("s2tw",), "zh-HK": ("s2hk",), "zh-SG": (), "zh-MO": ("s2hk",)}),
        ("zh-TW", {"zh-CN": ("tw2s",), "zh-TW": (), "zh-HK": ("tw2t", "t2hk")}),
        ("zh-HK", {"zh-CN": ("hk2s",), "zh-TW": ("hk2t", "t2tw"), "zh-MO": ()}),
        ("zh-Hant-TW", {"zh-CN": ("tw2s",)}),
        ("zh-Hans", {"zh-TW": ("s2tw",)}),
        ("ZH_hk", {"zh-CN": ("hk2s",)}),
    ],
)
def test_the_way_of_conversion_follows_from_the_regions(lang, configurations, project):
    read = project(f"lang: {lang}\neditions: [{', '.join(configurations)}]\n")
    assert {one.key: one.configurations for one in read.editions} == configurations


def test_the_sources_own_edition_changes_straight_quotation_marks_only_and_others_get_their_regions(project):
    assert [one.quotes for one in project("editions: [zh-CN, zh-TW, zh-SG]\n").editions] == [
        "straight",
        "region",
        "region",
    ]


def test_editions_and_formats_may_be_typed_in_either_case(project):
    read = project("editions: [zh_HK, zh-tw]\nformats: [PDF]\n")
    assert [(one.key, one.formats) for one in read.editions] == [("zh-HK", ("pdf",)), ("zh-TW", ("pdf",))]


def test_the_key_for_a_picture_of_the_cover_is_told(project):
    [note] = [one for one in project("cover: c.jpg\n").findings if one.code == "set-unused"]
    assert note.remedy.startswith('Did you mean "cover-image"?')


def test_an_edition_that_the_book_does_not_name_is_built_as_its_region_has_it(project):
    read = project("editions: zh-TW\nformats: [epub]\n")
    assert (read.edition("ZH-hk").key, read.edition("zh-hk").formats) == ("zh-HK", ("epub",))
    assert [read.edition(name).key for name in ("tw", "zh-Hant", "hk", "cn")] == ["zh-TW", "zh-TW", "zh-HK", "zh-CN"]
    with pytest.raises(UsageError, match=r'unknown edition "x".*Choose one of zh-TW, zh-CN'):
        read.edition("x")


def test_an_edition_that_the_book_does_not_name_has_the_settings_of_the_whole_book(project):
    read = project("editions: zh-CN\nstyle: [zh-TW-common]\nquotes: keep\nsort-by: zhuyin\nepub: {fonts: none}\n")
    edition = read.edition("zh-TW")
    assert (edition.style.name, edition.quotes, edition.sort_by, edition.faces["epub"]) == (
        "zh-TW-common",
        "keep",
        "zhuyin",
        (),
    )
    assert read.edition("zh-HK").style.name == ""


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("A5", (148, 210)),
        ("a4", (210, 297)),
        ("16k", (185, 260)),
        ("16开", (185, 260)),
        ("大32開", (140, 203)),
        ("25开", (148, 210)),
        ("us trade", (152.4, 228.6)),
        ("140mm 203mm", (140, 203)),
        ("14 x 20.3 cm", (140, 203)),
        ("6in×9in", (152.4, 228.6)),
    ],
)
def test_a_page_has_a_name_or_a_width_and_height(size, expected, project):
    page = project(f"page: {{size: {size}}}\n").page
    assert (page.width, page.height) == expected
    assert page.inner > 0


def test_what_the_only_file_of_a_folder_says_of_itself_is_said_of_the_book(folder):
    front = "title: 试书\nauthor: {name: 李四, affiliation: 某大学}\nlang: zh-TW\noutput: x\nbibliography: a.bib\n"
    project = read_project(folder({"a.md": f"---\n{front}---\n\n文\n", "a.bib": ""}))
    assert (project.metadata.title, project.metadata.authors(), project.source.tag) == ("试书", ("李四",), "zh-Hant-TW")
    assert not project.single_file
    assert {"set-unused", "book-none"} <= {one.code for one in project.findings}
    assert "meta-title" not in {one.code for one in project.findings}


def test_the_only_file_of_a_folder_that_says_nothing_and_one_of_several_say_nothing_of_the_book(folder):
    assert read_project(folder({"a.md": "# 题\n"})).metadata.title == ""
    several = {"a.md": "---\ntitle: 甲\nauthor: 某人\n---\n", "b.md": "# 乙\n"}
    assert read_project(folder(several)).metadata.authors() == ()


@pytest.mark.parametrize(
    ("front", "authors"),
    [
        ("authors:\n  - name: 王小明\n    title: 工程师\n    url: https://example.com\n  - 李四\n", ("王小明", "李四")),
        ("authors: 某人\n", ("某人",)),
        ("authors: [1]\n", ()),
        ("author: 甲\nauthors: [乙]\n", ("甲",)),
    ],
)
def test_authors_and_addresses_of_a_site_in_front_of_a_text_are_no_errors(folder, front, authors):
    root = folder({"a.md": f"---\ntitle: 题\nslug: /开始\n{front}---\n\n文\n"})
    project = read_project(root / "a.md")
    assert (project.metadata.authors(), project.slug) == (authors, "a")
    assert "set-unused" in {one.code for one in project.findings}


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ("\n  created: 2017-10-18T11:30:00\n  updated: 2018-01-01", "2017-10-18"),
        ("\n  updated: 2018-01-01", "2018-01-01"),
        (" 2017-10-18 11:30:00", "2017-10-18"),
    ],
)
def test_dates_of_a_site_in_front_of_a_text_are_its_date(folder, date, read):
    root = folder({"a.md": f"---\ntitle: 题\ndate:{date}\n---\n\n文\n"})
    assert read_project(root / "a.md").metadata.date == read


def test_a_slug_that_names_files_is_taken_and_authors_in_book_yaml_are_a_mistake(folder):
    assert read_project(folder({"a.md": "---\nslug: my-book\n---\n"}) / "a.md").slug == "my-book"
    with pytest.raises(PublishError, match='unknown key "authors"'):
        read_project(folder({"book.yaml": "title: t\nauthors: 某人\n", "b.md": "# 题\n"}))


@pytest.mark.parametrize(
    "key",
    [
        "image: {path: /a.png}",
        "images: [/a.png]",
        "chapters: 3",
        "index: true",
        "index: 4",
        "lang: en",
        "style: a.css",
        "styles: x",
    ],
)
def test_a_key_in_front_of_an_article_that_is_not_ours_is_told_and_stops_nothing(folder, key):
    project = read_project(folder({"a.md": f"---\ntitle: 题\n{key}\n---\n\n文\n"}) / "a.md")
    assert "set-unused" in {one.code for one in project.findings}


@pytest.mark.parametrize("key", ["page: {size: X9}", "editions: {zh-TM: {}}", "theme: esay"])
def test_a_setting_of_ours_that_is_wrong_is_an_error_in_front_of_an_article_too(folder, key):
    with pytest.raises(PublishError):
        read_project(folder({"a.md": f"---\ntitle: 题\n{key}\n---\n\n文\n"}) / "a.md")
