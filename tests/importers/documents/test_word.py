# ruff: noqa: E501  # markup is read as it stands
"""What Word shows and pandoc leaves out comes in: numbers, text boxes, drawings, ruby, fields, marks of emphasis."""

from __future__ import annotations

import zipfile

import pypandoc
import pytest

from publish.importers import import_source
from publish.importers.documents.word_numbers import numeral

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(words, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(content, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{content if content.startswith('<') else run(content)}</w:p>"


def numbered(words, number, level=0, style=""):
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(run(words), f'<w:pStyle w:val="{style}"/>{place}' if style else place)


def levels(*rows):
    return "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{label}"/></w:lvl>'
        for at, (form, label, more) in enumerate(rows)
    )


NUMBERS = (
    f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="1">'
    + levels(("chineseCountingThousand", "第%1章", ""), ("decimal", "%1.%2", "<w:isLgl/>"))
    + '</w:abstractNum><w:abstractNum w:abstractNumId="2">'
    + levels(("chineseCounting", "%1、", ""), ("decimal", "（%2）", ""))
    + '</w:abstractNum><w:abstractNum w:abstractNumId="3">'
    + levels(("decimal", "%1.", ""), ("lowerLetter", "%2)", ""))
    + "</w:abstractNum>"
    + "".join(f'<w:num w:numId="{one}"><w:abstractNumId w:val="{one}"/></w:num>' for one in (1, 2, 3))
    + '<w:num w:numId="4"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    + "</w:numbering>"
)
DIAGRAM = f"<dgm:dataModel {SPACES}><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>立项</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
CHART = (
    f"<c:chartSpace {SPACES}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>销量</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    "<c:plotArea><c:barChart><c:ser><c:tx><c:v>甲</c:v></c:tx><c:cat><c:pt><c:v>一月</c:v></c:pt></c:cat>"
    "<c:val><c:pt><c:v>10</c:v></c:pt></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    path = tmp_path_factory.mktemp("word") / "base.docx"
    pypandoc.convert_text("x", "docx", format="markdown", outputfile=str(path))
    return path


@pytest.fixture
def read(base, tmp_path):
    def read(body):
        path, related = tmp_path / "a.docx", ""
        for id_, kind, target in (
            ("rD", "diagramData", "diagrams/data1.xml"), ("rC", "chart", "charts/chart1.xml"), ("rA", "aFChunk", "a.html")
        ):  # fmt: skip
            related += f'<Relationship Id="{id_}" Type="{KIND}/{kind}" Target="{target}"/>'
        made = {
            "word/document.xml": f"<w:document {SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
            "word/numbering.xml": NUMBERS,
            "word/diagrams/data1.xml": DIAGRAM,
            "word/charts/chart1.xml": CHART,
            "word/a.html": "<p>嵌入的话</p>",
        }
        with zipfile.ZipFile(base) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "word/_rels/document.xml.rels":
                    data = data.replace(b"</Relationships>", f"{related}</Relationships>".encode())
                if name not in made:
                    new.writestr(name, data)
            for name, text in made.items():
                new.writestr(name, text)
        report = import_source(path, tmp_path / "out")
        pages = sorted((tmp_path / "out").glob("*.md"))
        text = "\n".join(one.read_text(encoding="utf-8") for one in pages)
        return report, [line for line in text.split("\n") if line.strip()]

    return read


def test_the_numbers_of_headings_are_written_into_them(read):
    report, lines = read(
        numbered("绪论", 1, 0, "Heading1")
        + numbered("背景", 1, 1, "Heading2")
        + numbered("方法", 1, 1, "Heading2")
        + numbered("结论", 1, 0, "Heading1")
        + numbered("总结", 1, 1, "Heading2")
    )
    assert lines == ["# 第一章 绪论", "## 1.1 背景", "## 1.2 方法", "# 第二章 结论", "## 2.1 总结"]
    assert [one.excerpt for one in report.decisions if one.code == "numbers-written"] == ["第一章 绪论"]


def test_lists_counted_in_han_keep_their_numbers_and_common_lists_stay_lists(read):
    _, lines = read(
        numbered("甲", 2)
        + numbered("子", 2, 1)
        + numbered("丑", 2, 1)
        + numbered("乙", 2)
        + numbered("再甲", 4)
        + numbered("一", 3)
        + numbered("二", 3)
    )
    assert lines == ["一、甲", "（1）子", "（2）丑", "二、乙", "一、再甲", "1.  一", "2.  二"]


def test_text_boxes_stand_below_their_paragraph_and_nothing_around_them_is_lost(read):
    box = f"<w:txbxContent>{paragraph('框一')}{paragraph('框二')}</w:txbxContent>"
    drawn = f"<mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    report, lines = read(paragraph(f"{run('前')}<w:r>{drawn}</w:r>{run('后')}") + paragraph("尾"))
    assert lines == ["前后", "框一", "框二", "尾"]
    assert "textbox-moved" in {one.code for one in report.decisions}


def test_the_words_of_diagrams_and_the_numbers_of_charts_are_kept_and_told(read):
    report, lines = read(
        paragraph('<w:r><w:drawing><dgm:relIds r:dm="rD"/></w:drawing></w:r>')
        + paragraph('<w:r><w:drawing><c:chart r:id="rC"/></w:drawing></w:r>')
        + paragraph('<w:r><w:pict><v:shape><v:textpath string="艺术字"/></v:shape></w:pict></w:r>')
        + '<w:altChunk r:id="rA"/>'
    )
    text = "\n".join(lines)
    assert all(words in text for words in ("立项", "销量", "甲", "一月", "10", "艺术字"))
    told = {one.code: one.excerpt for one in report.decisions}
    assert told["drawing-words"].startswith(("立项", "销量"))
    assert "嵌入的话" in lines
    assert told["part-plain"] == "嵌入的话"


def test_ruby_marks_of_emphasis_and_characters_in_circles_stay(read):
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ruby = f"<w:r><w:ruby><w:rt>{run('xiǎo')}</w:rt><w:rubyBase>{run('晓')}</w:rubyBase></w:ruby></w:r>"
    report, lines = read(
        paragraph(run("春") + ruby + run("眠"))
        + paragraph(run("旧") + field.format(r"EQ \* jc2 \* hps10 \o\ad(\s\up 9(mián),眠)"))
        + paragraph(run("圈") + field.format(r"eq \o\ac(○,3)") + run("式") + field.format(r"EQ \f(1,2)"))
        + paragraph(run("要") + run("重点", '<w:em w:val="dot"/>'))
    )
    assert lines[0] == "春<ruby>晓<rt>xiǎo</rt></ruby>眠"
    assert lines[1] == "旧<ruby>眠<rt>mián</rt></ruby>"
    assert lines[2].startswith("圈③式EQ")
    assert lines[3] == "要*重点*"
    assert [one.excerpt for one in report.decisions if one.code == "field-unread"] == [r"EQ \f(1,2)"]


def test_what_stands_in_plain_fields_and_foreign_markup_stays_and_deleted_rows_go(read):
    row = "<w:tr><w:trPr>{}</w:trPr><w:tc><w:tcPr/>{}</w:tc></w:tr>"
    _, lines = read(
        paragraph(
            f'{run("共")}<w:fldSimple w:instr="NUMPAGES">{run("12")}</w:fldSimple><w:bdo w:val="ltr">{run("页")}</w:bdo>'
            f"<w:customXml><w:customXmlPr/>{run('了')}</w:customXml>"
        )
        + "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>"
        + row.format('<w:del w:id="1"/>', paragraph(""))
        + row.format("", paragraph("留"))
        + "</w:tbl>"
    )
    assert lines[0] == "共12页了"
    assert len(lines) == 4  # a head without words, its rule, and the row that stays


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (1, "chineseCounting", "一"), (10, "chineseCounting", "十"), (21, "chineseCountingThousand", "二十一"),
        (103, "chineseCounting", "一百零三"), (110, "japaneseCounting", "一百一十"), (2026, "ideographDigital", "二〇二六"),
        (12, "chineseLegalSimplified", "壹拾贰"), (11, "ideographTraditional", "甲"), (3, "ideographZodiac", "寅"),
        (4, "lowerRoman", "iv"), (28, "upperLetter", "BB"), (5, "decimalZero", "05"), (7, "decimalEnclosedCircle", "⑦"),
        (12, "decimalFullWidth", "１２"), (9, "unknown", "9"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_word_writes_them(value, form, written):
    assert numeral(value, form) == written


def field(code, *results):
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in ("begin", "separate", "end"))
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{middle}{''.join(results)}{end}"


def test_made_lists_and_hidden_words_are_left_out_and_told(read):
    report, lines = read(
        paragraph(field(" TOC \\o ", run("绪论 1")))
        + paragraph(
            f"{run('明处')}{run('暗处', '<w:vanish/>')}{run('又明', '<w:vanish w:val=&quot;0&quot;/>'.replace('&quot;', chr(34)))}"
        )
        + paragraph(field(" INDEX ", run("水闸 5")))
        + paragraph(f"{field(' INDEX ', run('堤 6'))}{run('正文在后')}")
    )
    assert lines == ["明处又明", "堤 6正文在后"]
    told = {one.code: one.excerpt for one in report.decisions}
    assert (told["hidden-left-out"], told["contents-left-out"]) == ("暗处", "绪论 1")


def test_lines_of_preformatted_text_are_a_listing(base, tmp_path):
    styles = zipfile.ZipFile(base).read("word/styles.xml").decode()
    made = '<w:style w:type="paragraph" w:styleId="PreformattedText"><w:name w:val="Preformatted Text"/></w:style></w:styles>'
    with zipfile.ZipFile(base) as old, zipfile.ZipFile(tmp_path / "b.docx", "w") as new:
        for name in old.namelist():
            new.writestr(name, styles.replace("</w:styles>", made) if name == "word/styles.xml" else old.read(name))
    indents = ("", '<w:ind w:left="420"/>')  # what is indented was a quotation, in which the lines kept their marks
    code = [
        paragraph(run(line), f'<w:pStyle w:val="PreformattedText"/>{indent}')
        for line, indent in zip(("if a:", "    b()"), indents, strict=True)
    ]
    body = f"<w:document {SPACES}><w:body>{paragraph('前')}{''.join(code)}<w:sectPr/></w:body></w:document>"
    with zipfile.ZipFile(tmp_path / "b.docx") as old, zipfile.ZipFile(tmp_path / "c.docx", "w") as new:
        for name in old.namelist():
            new.writestr(name, body if name == "word/document.xml" else old.read(name))
    import_source(tmp_path / "c.docx", tmp_path / "c")
    assert "前\n\n    if a:\n        b()\n" in (tmp_path / "c/c.md").read_text(encoding="utf-8")
