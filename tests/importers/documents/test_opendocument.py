# ruff: noqa: E501  # markup is read as it stands
"""What pandoc leaves out of an OpenDocument text comes in: numbers, ruby, boxes, fields, titles, underlines, code."""

import zipfile

import pytest

from publish.importers import import_source
from tests.tiny import picture

TEXT = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">
<office:automatic-styles>
<style:style style:name="U" style:family="text"><style:text-properties style:text-underline-style="solid"/></style:style>
<style:style style:name="E" style:family="text"><style:text-properties style:text-emphasize="dot below"/></style:style>
<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="P1" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-prefix="（"
 style:num-suffix="）" style:num-format="一, 二, 三, ..."/></text:list-style>
</office:automatic-styles>
<office:body><office:text>%s</office:text></office:body></office:document-content>"""
STYLES = """<?xml version="1.0"?><office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">
<office:styles><style:style style:name="Heading_20_1" style:family="paragraph"/>
<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-prefix="第"
 style:num-suffix="章" style:num-format="一, 二, 三, ..."/></text:outline-style></office:styles></office:document-styles>"""


@pytest.fixture
def read(tmp_path):
    """Imports a text in OpenDocument's markup; gives the Markdown of all chapters and the report."""

    def imported(markup):
        source = tmp_path / "稿.odt"
        with zipfile.ZipFile(source, "w") as made:
            made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
            made.writestr("content.xml", TEXT % markup)
            made.writestr("styles.xml", STYLES)
            made.writestr("media/image1.png", picture())
            made.writestr("ObjectReplacements/Object 1", picture())
        report = import_source(source, tmp_path / "book")
        chapters = [tmp_path / "book" / one for one in report.metadata["chapters"]]
        return "\n".join(one.read_text(encoding="utf-8") for one in chapters), report

    return imported


def test_numbers_that_the_program_counts_stand_in_the_text(read):
    markdown, report = read(
        '<text:h text:style-name="Heading_20_1" text:outline-level="1">河道</text:h>'
        '<text:list text:style-name="L1"><text:list-item><text:p>启闭</text:p></text:list-item>'
        "<text:list-item><text:p>岁修</text:p></text:list-item></text:list>"
        '<text:h text:style-name="Heading_20_1" text:outline-level="1">堤防</text:h><text:p>话。</text:p>'
    )
    assert "# 第一章 河道\n\n（一）启闭\n\n（二）岁修" in markdown
    assert "# 第二章 堤防" in markdown
    assert "numbers-written" in {one.code for one in report.decisions}


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (
            "<text:p>此<text:ruby><text:ruby-base>邗沟</text:ruby-base><text:ruby-text>hán gōu</text:ruby-text></text:ruby>也</text:p>",
            "此<ruby>邗沟<rt>hán gōu</rt></ruby>也",
        ),
        ('<text:p>不过<text:span text:style-name="U">五丈</text:span>宽</text:p>', "不过<u>五丈</u>宽"),
        ('<text:p>要<text:span text:style-name="E">牢记</text:span>。</text:p>', "要*牢记*。"),
        ('<text:p text:style-name="P1">整段</text:p>', "**整段**"),
        (
            "<text:p>作者<text:author-name>沈清河</text:author-name>，见<text:sequence-ref>图1</text:sequence-ref>。</text:p>",
            "作者沈清河，见图1。",
        ),
        (
            "<text:p>框外。<draw:frame><draw:text-box><text:p>框里的话。</text:p></draw:text-box></draw:frame></text:p>",
            "框外。\n\n框里的话。",
        ),
        (
            '<text:p text:style-name="Preformatted_20_Text">if a:<text:line-break/><text:s text:c="4"/>b()</text:p>',
            "    if a:\n        b()",
        ),
        (
            '<text:p>见<text:a xlink:href="#k">那节</text:a>。</text:p><text:p><text:bookmark text:name="k"/>在此。</text:p>',
            "见[那节](#anchor)。\n\n[]{#anchor}在此。",
        ),
    ],
)
def test_what_pandoc_leaves_out_of_a_line_is_read(read, markup, wanted):
    markdown, report = read(f"<text:p>起。</text:p>{markup}")
    assert wanted in markdown
    assert "text-left-out" not in {one.code for one in report.decisions}


def test_title_lines_are_the_book_s_and_made_lists_and_hidden_words_are_told(read):
    markdown, report = read(
        '<text:p text:style-name="Title">水利志</text:p><text:p text:style-name="Subtitle">自汴至湖</text:p>'
        "<text:table-of-content><text:index-body><text:p>第一章 3</text:p></text:index-body></text:table-of-content>"
        '<text:p>明处<text:span text:style-name="H">暗处</text:span>。</text:p>'
    )
    assert markdown.strip() == "明处。"
    assert (report.metadata["title"], report.metadata["subtitle"]) == ("水利志", "自汴至湖")
    told = {one.code: one.excerpt for one in report.decisions}
    assert (told["contents-left-out"], told["hidden-left-out"]) == ("第一章 3", "暗处")


def test_pictures_that_are_not_where_libreoffice_puts_them_come_in_and_others_are_told(read):
    shown = '<draw:frame><draw:image xlink:href="%s"/>%s</draw:frame>'
    other = '<draw:image xlink:href="Pictures/none.png"/>'  # for want of the first
    markdown, report = read(
        f"<text:p>{shown % ('media/image1.png', other)}</text:p>"  # as Word saves them
        f"<text:p>{shown % ('./ObjectReplacements/Object 1', '')}</text:p>"  # a chart
        f"<text:p><draw:custom-shape><text:p>{shown % ('media/image1.png', '')}图 1</text:p></draw:custom-shape></text:p>"
        f"<text:p>{shown % ('Pictures/gone.png', '')}文。</text:p>"
    )
    assert markdown.count("![](images/media-image1.png)") == 2
    assert "![](images/objectreplacements-object-1.png)" in markdown
    assert "![](images/media-image1.png)图 1" in markdown
    assert [one.excerpt for one in report.decisions if one.code == "image-left-out"] == ["gone"]
