# ruff: noqa: E501  # markup is read as it stands
"""Texts in other markup come in through pandoc with what they take in; what is not read is told with its line."""

import pytest

from publish.errors import PublishError
from publish.importers.documents.markup import MarkupImporter
from publish.importers.report import Ledger
from tests.tiny import picture

TEXTS = {
    "rst": "江南志\n======\n\n河道\n----\n\n正文 **粗**，见 :ref:`水闸 <s>`。脚注 [1]_。\n\n.. note::\n\n   留心。\n\n.. [1] 注的话。\n\n"
    ".. 不印的话\n\n.. image:: a.png\n\n.. include:: b.rst\n\n堤防\n----\n\n尾。\n",
    "org": '#+TITLE: 江南志\n* 河道\n正文 *粗* ，见水闸。[fn:1]\n\n#+include: "b.org"\n\n[[file:a.png]]\n# 不印的话\n* 堤防\n尾。\n[fn:1] 注的话。\n',
    "tex": "\\documentclass{ctexbook}\\title{江南志}\\begin{document}\\maketitle\\chapter{河道}\n正文 \\textbf{粗}，见水闸。\\footnote{注的话。}"
    " % 不印的话\n\n\\includegraphics{a}\n\n\\input{b}\n\\chapter{堤防}尾。\\end{document}\n",
    "typ": '#set document(title: [江南志])\n= 河道\n正文 *粗* ，见水闸。#footnote[注的话。]\n\n#image("a.png")\n\n#include "b.typ"\n// 不印的话\n= 堤防\n尾。\n',
    "adoc": "= 江南志\n\n== 河道\n\n正文 *粗* ，见水闸。footnote:[注的话。]\n\nimage::a.png[]\n\n// 不印的话\n\ninclude::b.adoc[]\n\n== 堤防\n\n尾。\n",
}  # fmt: skip


def read(source):
    ledger = Ledger()
    return MarkupImporter().read(source, ledger, {}), ledger


@pytest.mark.parametrize("suffix", TEXTS)
def test_a_text_comes_in_with_what_it_takes_in(tmp_path, suffix):
    (tmp_path / "a.png").write_bytes(picture())
    (tmp_path / f"b.{suffix}").write_text("并入的话。\n", encoding="utf-8")
    source = tmp_path / f"a.{suffix}"
    source.write_text(TEXTS[suffix], encoding="utf-8")
    assert MarkupImporter().matches(source)
    imported, ledger = read(source)
    first, second = (one.text for one in imported.chapters)
    assert (first.startswith("# 河道\n"), second.startswith("# 堤防\n")) == (True, True)
    for words in ("**粗**", "水闸", "[^1]: 注的话。", "并入的话。", "(images/a.png)"):
        assert words in first
    assert "不印" not in first
    assert [one.path for one in imported.assets] == ["images/a.png"]
    assert len(imported.originals) == 2
    assert not [one for one in ledger.decisions if one.kind == "unread"]
    assert imported.metadata["title"] in ("江南志", "a")


def test_the_contents_of_sphinx_nest_its_files(tmp_path):
    (tmp_path / "conf.py").write_text("project = '江南志'\nauthor = '沈'\n", encoding="utf-8")
    (tmp_path / "part").mkdir()
    for name, text in {
        "index.rst": "江南志\n======\n\n序。\n\n.. toctree::\n   :caption: 上部\n\n   河道 <part/a>\n   part/gone\n",
        "part/a.rst": "河道\n====\n\n正文。\n\n节\n--\n\n.. toctree::\n\n   b\n",
        "part/b.rst": "水闸\n****\n\n话。\n\n   坏\n ..\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert MarkupImporter().matches(tmp_path).sign == "index.rst"
    imported, ledger = read(tmp_path)
    index, part = imported.chapters
    assert (index.path, part.title) == ("index.md", "上部")
    assert [(one.path, [inner.path for inner in one.children]) for one in part.children] == [
        ("part/a.md", ["part/b.md"])
    ]
    assert part.children[0].text.startswith("# 河道\n\n正文。\n\n## 节\n")
    assert [one.excerpt for one in ledger.decisions if one.code == "chapter-missing"] == ["part/gone"]
    assert (imported.metadata["title"], imported.metadata["author"]) == ("江南志", "沈")


def test_what_pandoc_does_not_read_is_told_with_its_line_and_no_file_outside_is_taken_in(tmp_path):
    (tmp_path.parent / "secret.tex").write_text("外面的话", encoding="utf-8")
    source = tmp_path / "a.tex"
    source.write_text(
        "正文。\n\\begin{tcolorbox}[title=盒题]盒里\\end{tcolorbox}\n\\input{../secret}\n", encoding="utf-8"
    )
    imported, ledger = read(source)
    assert "外面" not in imported.chapters[0].text
    told = {one.code: (one.line, one.excerpt) for one in ledger.decisions}
    assert told["text-left-out"] == (2, "盒题")
    assert told["include-missing"][1] == "../secret"


def test_a_note_called_before_a_colon_keeps_its_words(tmp_path):
    source = tmp_path / "a.rst"
    source.write_text("甲 [1]_:\n\n  乙\n\n.. [1] 注的话。\n", encoding="utf-8")
    assert "[^1]: 注的话。" in read(source)[0].chapters[0].text


def test_a_key_is_no_text_and_an_empty_text_is_refused(tmp_path):
    key, empty = tmp_path / "a.asc", tmp_path / "e.rst"
    key.write_text("-----BEGIN PGP PUBLIC KEY BLOCK-----\n", encoding="utf-8")
    empty.write_text("\n", encoding="utf-8")
    assert MarkupImporter().matches(key) is None
    with pytest.raises(PublishError):
        read(empty)


def test_what_tells_org_alone_is_left_out_and_told_and_a_caption_stays_with_its_picture(tmp_path):
    source = tmp_path / "a.org"
    source.write_text(
        "#+TITLE: 书\n#+STARTUP: overview\n* 春\n#+CAPTION: 图一\n[[file:a.png]]\n文。\n", encoding="utf-8"
    )
    imported, ledger = read(source)
    assert [one.text for one in imported.chapters] == ["# 春\n\n![图一](a.png)\n\n文。\n"]
    assert [(one.line, one.excerpt) for one in ledger.decisions if one.code == "settings-left-out"] == [
        (2, "#+STARTUP: overview")
    ]
