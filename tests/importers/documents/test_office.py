# ruff: noqa: E501  # markup and prose are read as they stand
"""Word and OpenDocument texts come in whole: headings, notes, tables, pictures, comments, changes; nothing in silence."""

from __future__ import annotations

import io
import re
import zipfile

import pypandoc
import pytest
import yaml

from publish.errors import PublishError
from publish.importers import detect, import_source
from tests.tiny import picture

TEXT = """\
---
title: 山中书
author: 张三
---

# 第一章 夜

他**说**：“好”。[^1] 看`码`。

[^1]: 注文一。

![图说](dot.png)

| 甲 | 乙 |
|----|----|
| 子 | 丑 |

## 小节

1. 一
2. 二

# 第二章 日

> 引文

后文。
"""


def made(folder, form, text=TEXT):
    (folder / "dot.png").write_bytes(picture())
    path = folder / f"a.{form}"
    pypandoc.convert_text(text, form, format="markdown", outputfile=str(path), extra_args=[f"--resource-path={folder}"])
    return path


def changed(path, name, change):
    """The document with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            data = old.read(one)
            new.writestr(one, change(data.decode()).encode() if one == name else data)
    path.write_bytes(out.getvalue())
    return path


def read(folder):
    book = yaml.safe_load((folder / "book.yaml").read_text(encoding="utf-8"))
    return book, {name: (folder / name).read_text(encoding="utf-8") for name in book["chapters"]}


def codes(report):
    return {one.code for one in report.decisions}


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_a_document_becomes_chapters_with_notes_tables_and_pictures(tmp_path, form):
    path = made(tmp_path, form)
    assert detect(path)[0].name == form
    report = import_source(path, tmp_path / "book")
    book, chapters = read(tmp_path / "book")
    assert (book["title"], book["author"]) == ("山中书", "张三")
    assert list(chapters) == ["01-di-yi-zhang-ye.md", "02-di-er-zhang-ri.md"]
    first, second = chapters.values()
    assert first.startswith("# 第一章 夜\n\n他**说**：“好”。[^1] 看`码`。\n")
    assert "[^1]: 注文一。" in first
    assert "## 小节" in first
    assert re.search(r"!\[.*\]\((images/.+\.png)\)", first)
    assert "子" in first
    assert "> 引文" in second
    assert (tmp_path / "book" / "raw" / path.name).read_bytes() == path.read_bytes()
    assert {"headings": 3, "notes": 1, "tables": 1, "images": 1, "chapters": 2}.items() <= report.counts.items()


TRACKED = (
    '<w:p><w:r><w:t>留下</w:t></w:r><w:ins w:id="91" w:author="编辑" w:date="2026-01-01T00:00:00Z"><w:r><w:t>添的</w:t>'
    '</w:r></w:ins><w:del w:id="92" w:author="编辑" w:date="2026-01-01T00:00:00Z"><w:r><w:delText>删的</w:delText></w:r>'
    "</w:del></w:p>"
)


@pytest.mark.parametrize(
    ("choice", "line"), [("accept", "留下添的"), ("reject", "留下删的"), ("all", "留下<u>添的</u>~~删的~~")]
)
def test_tracked_changes_are_taken_as_is_chosen(tmp_path, choice, line):
    path = changed(
        made(tmp_path, "docx"), "word/document.xml", lambda xml: xml.replace("<w:sectPr", f"{TRACKED}<w:sectPr")
    )
    report = import_source(path, tmp_path / "book", choices={"track-changes": choice})
    left = [one.excerpt for one in report.decisions if one.code == "change-left-out"]
    assert left == {"accept": ["删的"], "reject": ["添的"], "all": []}[choice]
    assert list(read(tmp_path / "book")[1].values())[1].rstrip().endswith(line)


def test_text_that_pandoc_does_not_read_is_named_and_a_running_head_too(tmp_path):
    # a math run holds plain text in an element that pandoc skips
    lost = '<w:p><w:pPr><w:framePr/></w:pPr><w:customXmlDelRangeStart w:id="7"/><w:altChunk/><w:r><w:unknown><w:t>孤零零的字</w:t></w:unknown></w:r></w:p>'
    path = changed(
        made(tmp_path, "docx"), "word/document.xml", lambda xml: xml.replace("<w:sectPr", f"{lost}<w:sectPr")
    )
    report = import_source(path, tmp_path / "book")
    written = "".join(read(tmp_path / "book")[1].values())
    named = [one.excerpt for one in report.decisions if one.code == "text-left-out"]
    assert ("孤零零的字" in written) or named == ["孤零零的字"]


def test_a_document_without_heading_styles_is_cut_by_its_words(tmp_path):
    text = "第一章 夜\n\n正文一。\n\n第二章 雨\n\n正文二。\n"
    report = import_source(made(tmp_path, "docx", text), tmp_path / "book")
    assert [one.partition("\n")[0] for one in read(tmp_path / "book")[1].values()] == ["# 第一章 夜", "# 第二章 雨"]
    assert "heading-found" in codes(report)


def test_one_heading_above_all_is_the_title(tmp_path):
    text = "# 山中书\n\n## 夜\n\n一。\n\n## 雨\n\n二。\n"
    import_source(made(tmp_path, "docx", text), tmp_path / "book")
    book, chapters = read(tmp_path / "book")
    assert book["title"] == "山中书"
    assert [one.partition("\n")[0] for one in chapters.values()] == ["# 夜", "# 雨"]


def test_a_damaged_document_is_refused_with_a_remedy(tmp_path):
    path = changed(made(tmp_path, "docx"), "word/document.xml", lambda xml: xml[: len(xml) // 2])
    with pytest.raises(PublishError) as caught:
        import_source(path, tmp_path / "book")
    assert caught.value.remedy
    assert not (tmp_path / "book").exists()


def test_a_document_of_word_on_the_web_has_its_text_in_another_part(tmp_path):
    path = made(tmp_path, "docx")
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            data = old.read(one)
            if one in ("[Content_Types].xml", "_rels/.rels"):
                data = data.replace(b"word/document.xml", b"word/document2.xml")
            new.writestr(one.replace("document.xml", "document2.xml"), data)
    path.write_bytes(out.getvalue())
    import_source(path, tmp_path / "book")
    assert "他**说**" in (tmp_path / "book" / "01-di-yi-zhang-ye.md").read_text(encoding="utf-8")


SEMANTICS = (
    '<math:math xmlns:math="http://www.w3.org/1998/Math/MathML"><math:semantics><math:mrow><math:mi>x</math:mi>'
    '<math:mo stretchy="false">=</math:mo><math:mn>1</math:mn></math:mrow>'
    '<math:annotation encoding="StarMath 5.0">x = 1</math:annotation></math:semantics></math:math>'
)


def test_formulas_of_an_open_document_stay_formulas(tmp_path):
    path = made(tmp_path, "odt", "# 题\n\n行内 $a^2$ 与 $b$。\n\n$$\\int_0^1 x$$\n\n文。\n")
    with zipfile.ZipFile(path) as opened:
        first = min(name for name in opened.namelist() if re.fullmatch(r"Formula-\d+/content\.xml", name))
    changed(path, first, lambda _: SEMANTICS)
    report = import_source(path, tmp_path / "book")
    assert list(read(tmp_path / "book")[1].values()) == [
        "# 题\n\n行内 $x = 1$ 与 $b$。\n\n$$\\int_{0}^{1}x$$\n\n文。\n"
    ]
    assert report.counts["formulas"] == 3
    assert "StarMath" not in str(report.decisions)


def test_a_formula_of_an_open_document_that_cannot_be_read_is_code_and_told(tmp_path):
    path = made(tmp_path, "odt", "# 题\n\n行内 $a^2$ 完。\n")
    empty = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfoo>甲乙</mfoo></math>'
    with zipfile.ZipFile(path) as opened:
        first = min(name for name in opened.namelist() if re.fullmatch(r"Formula-\d+/content\.xml", name))
    changed(path, first, lambda _: empty)
    report = import_source(path, tmp_path / "book")
    [chapter] = read(tmp_path / "book")[1].values()
    assert chapter == "# 题\n\n行内 `甲乙` 完。\n"
    assert "formula-unread" in codes(report)


def _docx(path, body, styles=""):
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{kinds}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        out.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        out.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="s1" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        )
        out.writestr("word/styles.xml", f"<w:styles {w}>{styles}</w:styles>")
        out.writestr("word/document.xml", f"<w:document {w}><w:body>{body}</w:body></w:document>")
    return path


def _p(words, properties="", run=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{words}</w:t></w:r></w:p>"


def test_outline_levels_of_word_are_headings(tmp_path):
    style = '<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="二级标题"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    body = (
        _p("绪论", '<w:outlineLvl w:val="0"/>', "<w:b/>") + _p("甲。") + _p("背景", '<w:pStyle w:val="a1"/>') + _p("乙。")
        + _p("结论", '<w:outlineLvl w:val="0"/>') + _p("丙。", '<w:outlineLvl w:val="9"/>')
    )  # fmt: skip
    import_source(_docx(tmp_path / "文.docx", body, style), tmp_path / "book")
    texts = [one.read_text(encoding="utf-8") for one in sorted((tmp_path / "book").glob("*.md"))]
    assert texts == ["# 绪论\n\n甲。\n\n## 背景\n\n乙。\n", "# 结论\n\n丙。\n"]


def test_numbers_that_follow_on_are_headings_where_a_document_has_none(tmp_path):
    lines = [
        "1 引言",
        "甲。",
        "1.1 背景",
        "共有 3 处。",
        "1.2 方法",
        "2.0 版本的说明。",
        "2 结果",
        "乙。",
        "2.1 数据",
        "丙。",
        "2024 年的话",
    ]
    import_source(_docx(tmp_path / "文.docx", "".join(map(_p, lines))), tmp_path / "book")
    texts = [one.read_text(encoding="utf-8") for one in sorted((tmp_path / "book").glob("*.md"))]
    assert [line for text in texts for line in text.splitlines() if line.startswith("#")] == [
        "# 1 引言", "## 1.1 背景", "## 1.2 方法", "# 2 结果", "## 2.1 数据"
    ]  # fmt: skip


def test_a_picture_in_the_style_of_code_is_a_picture(tmp_path):
    path = made(tmp_path, "docx", "# 甲\n\n文。\n\n![](dot.png)\n")
    style = '<w:style w:type="paragraph" w:styleId="Pre"><w:name w:val="HTML Preformatted"/></w:style></w:styles>'
    changed(path, "word/styles.xml", lambda old: old.replace("</w:styles>", style))
    coded = '<w:p><w:pPr><w:pStyle w:val="Pre"/></w:pPr><w:r><w:drawing>'
    drawn = re.compile(r"<w:p>\s*(?:<w:pPr>(?:(?!</w:pPr>).)*</w:pPr>)?\s*<w:r>\s*<w:drawing>", re.DOTALL)
    changed(path, "word/document.xml", lambda old: drawn.sub(coded, old))
    with zipfile.ZipFile(path) as opened:
        assert coded in opened.read("word/document.xml").decode()
    import_source(path, tmp_path / "book")
    assert "![](images/" in (tmp_path / "book/a.md").read_text(encoding="utf-8")


def test_names_of_characters_that_html_has_stay_words(tmp_path):
    import_source(_docx(tmp_path / "文.docx", _p("写作 &amp;oint; 与 &amp;nbsp;，AT&amp;T。")), tmp_path / "book")
    assert "\\&oint;" in next((tmp_path / "book").glob("*.md")).read_text(encoding="utf-8")


def test_what_reads_as_an_emojis_name_in_a_program_stays_as_it_is(tmp_path):
    import_source(_docx(tmp_path / "文.docx", _p("route(cmax:-1:cmin) 与 :smile:，12:30:45。")), tmp_path / "book")
    assert "(cmax\\:-1:cmin) 与 \\:smile:，12:30:45。" in next((tmp_path / "book").glob("*.md")).read_text("utf-8")


def test_nobody_is_no_author(tmp_path):
    path = _docx(tmp_path / "文.docx", _p("甲。"))
    core = '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>微软用户</dc:creator></c:coreProperties>'
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("docProps/core.xml", core)
    import_source(path, tmp_path / "book")
    assert "author" not in (tmp_path / "book/book.yaml").read_text(encoding="utf-8")


def test_a_contents_whose_lines_lead_to_outlined_headings_is_left_out(tmp_path):
    mark = '<w:bookmarkStart w:id="1" w:name="_Toc1"/><w:bookmarkEnd w:id="1"/>'
    line = '<w:p><w:hyperlink w:anchor="_Toc1"><w:r><w:t>绪论</w:t></w:r><w:r><w:t>12</w:t></w:r></w:hyperlink></w:p>'
    head = f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>{mark}<w:r><w:t>绪论</w:t></w:r></w:p>'
    report = import_source(_docx(tmp_path / "文.docx", line * 2 + head + _p("甲。")), tmp_path / "book")
    assert "contents-left-out" in {one.code for one in report.decisions}
    assert [one.read_text(encoding="utf-8") for one in (tmp_path / "book").glob("*.md")] == ["# 绪论\n\n甲。\n"]


def test_styles_with_chinese_names_are_headings_and_choices_of_forms_are_words(tmp_path):
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{at}"><w:name w:val="标题 {at}"/></w:style>' for at in (1, 2)
    )
    box = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
    chosen = '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="男"/><w:listEntry w:val="女"/></w:ddList></w:ffData>'
    field = '<w:r><w:fldChar w:fldCharType="begin">{}</w:fldChar></w:r><w:r><w:instrText> F </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    body = (
        _p("绪论", '<w:pStyle w:val="1"/>') + _p("背景", '<w:pStyle w:val="2"/>')
        + f"<w:p><w:r><w:t>性别：</w:t></w:r>{field.format(chosen)}<w:r><w:t>。同意</w:t></w:r>{field.format(box)}</w:p>"
    )  # fmt: skip
    import_source(_docx(tmp_path / "文.docx", body, styles), tmp_path / "book")
    assert (tmp_path / "book/wen.md").read_text(encoding="utf-8") == "# 绪论\n\n## 背景\n\n性别：女。同意☑\n"


PAGE = (
    "<html><head><style>p{}</style></head><body><h1>第一章</h1><div>散句。<p>山里有<b>人家</b>。</p></div>"
    "<table><tr><td>甲</td><td>乙</td></tr></table><img src='a.png'></body></html>"
)


@pytest.mark.parametrize("mhtml", [False, True])
def test_a_page_that_a_program_put_into_a_document_for_word_to_read_is_kept(tmp_path, mhtml):
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    chunk = '<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="c1"/>'
    path = _docx(tmp_path / "文.docx", _p("前") + chunk + _p("后"), "")
    relations = "word/_rels/document.xml.rels"
    changed(
        path,
        relations,
        lambda text: text.replace(
            "</Relationships>", '<Relationship Id="c1" Type="x/aFChunk" Target="page.mht"/></Relationships>'
        ),
    )
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("word/page.mht", f"{head}{PAGE}\r\n--B--\r\n" if mhtml else PAGE)
    report = import_source(path, tmp_path / "book")
    text = "\n".join(one.read_text(encoding="utf-8") for one in sorted((tmp_path / "book").glob("*.md")))
    assert "# 第一章\n" in text
    assert "散句。\n\n山里有人家。\n" in text
    assert "甲" in text.split("山里")[1]
    assert text.rstrip().endswith("后")
    assert [one.code for one in report.decisions if one.code in ("part-plain", "image-missing")] == [
        "image-missing",
        "part-plain",
    ]
