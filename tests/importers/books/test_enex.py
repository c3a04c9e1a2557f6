"""Notes as Evernote and 印象笔记 export them."""

from __future__ import annotations

import base64
import hashlib

import pytest
import yaml

from publish.errors import PublishError
from publish.importers import import_source

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
)
HASH = hashlib.md5(PNG, usedforsecurity=False).hexdigest()
NOTE = """<note><title>{title}</title><created>20230115T093000Z</created><tag>山</tag>
<note-attributes><author>张三</author><source-url>https://example.com/a?b=1</source-url></note-attributes>
<content><![CDATA[<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd"><en-note>{body}</en-note>]]></content>
<resource><data encoding="base64">{data}</data><mime>image/png</mime></resource>
<resource><data encoding="base64">JVBERi0=</data><mime>application/pdf</mime>
<resource-attributes><file-name>附件.pdf</file-name></resource-attributes></resource></note>"""
BODY = """<h1>上山</h1><div>山里有人家，<b>门前</b>一条河。</div><div><br/></div>
<div><en-todo checked="true"/>砍柴</div><div><en-todo/>挑水</div>
<en-media hash="{hash}" type="image/png"/><en-media hash="41d4" type="application/pdf"/>
<div style="-en-codeblock: true; padding: 8px"><div>for a in b:</div><div>    print(a)</div></div>
<center style="display:none !important">%23%20%E5%B1%B1</center>
<table><tr><td><div>甲</div></td><td><div>乙</div></td></tr><tr><td>1</td><td>2</td></tr></table>"""


def _export(path, *notes):
    made = "".join(
        NOTE.format(title=title, body=body.replace("{hash}", HASH), data=base64.b64encode(PNG).decode())
        for title, body in notes
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export3.dtd">\n'
    path.write_text(f'{head}<en-export export-date="20240101T000000Z">{made}</en-export>', encoding="utf-8")
    return path


def test_each_note_is_a_chapter_with_its_date_author_and_source(tmp_path):
    source = _export(tmp_path / "我的笔记.enex", ("山居 &amp; 水", BODY), ("空", "<div>只有一句。</div>"))
    report = import_source(source, tmp_path / "book")
    book = yaml.safe_load((tmp_path / "book/book.yaml").read_text(encoding="utf-8"))
    assert (report.importer, book["title"], len(book["chapters"])) == ("enex", "我的笔记", 2)
    text = (tmp_path / "book" / book["chapters"][0]).read_text(encoding="utf-8")
    head = "# 山居 & 水\n\n::: {.byline}\n2023-01-15 · 张三 · [原文](<https://example.com/a?b=1>)\n:::\n\n## 上山\n"
    assert text.startswith(head)
    assert "山里有人家，**门前**一条河。" in text
    assert "☑ 砍柴" in text
    assert "☐ 挑水" in text
    assert "    for a in b:\n        print(a)" in text
    assert "%23%20" not in text
    assert [path for path in report.files if path.startswith("images/")]
    told = {one.code: one.excerpt for one in report.decisions}
    assert told["hidden-left-out"] == "%23%20%E5%B1%B1"
    assert told["attachment-left-out"] == "application/pdf"
    assert told["tags-left-out"] == "山"


def test_a_damaged_export_says_so_and_entities_open_nothing(tmp_path):
    (tmp_path / "a.enex").write_text('<?xml version="1.0"?><en-export><note>', encoding="utf-8")
    with pytest.raises(PublishError, match="damaged"):
        import_source(tmp_path / "a.enex", None)
    (tmp_path / "b.enex").write_text("<en-export></en-export>", encoding="utf-8")
    with pytest.raises(PublishError, match="no note"):
        import_source(tmp_path / "b.enex", None)
