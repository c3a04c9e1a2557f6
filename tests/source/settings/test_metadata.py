"""Metadata: pandoc's keys in all their forms; what an edition and a format say instead."""

from __future__ import annotations

import pytest

from publish.render import colophon
from publish.source.settings.metadata import Accessibility, Identifier, Person


def metadata(project, settings):
    """The metadata of these settings."""
    return project(settings).metadata


@pytest.mark.parametrize(
    ("settings", "title", "subtitle"),
    [
        ("title: 题\n", "题", ""),
        ("title: 1984\n", "1984", ""),
        ("title: [题, 又题]\n", "题", ""),
        ("title: {text: 题, file-as: Ti}\n", "题", ""),
        ("title:\n- {type: main, text: 题}\n- {type: subtitle, text: 副}\n", "题", "副"),
        ("title:\n- {type: subtitle, text: 副}\n- {type: main, text: 题}\n- {type: short, text: 短}\n", "题", "副"),
        ("title: 题\nsubtitle: ' 副 '\n", "题", "副"),
    ],
)
def test_a_title_is_a_text_a_map_or_a_list_of_them(settings, title, subtitle, project):
    found = metadata(project, settings)
    assert (found.title, found.subtitle) == (title, subtitle)


def test_a_title_has_a_form_to_sort_by_and_a_collection(project):
    found = metadata(project, "title: [{text: 题, file-as: Ti}, {type: collection, text: 丛书}]\n")
    assert (found.title_file_as, found.collection) == ("Ti", "丛书")


@pytest.mark.parametrize(
    ("settings", "people"),
    [
        ("author: 张三\n", [Person("张三")]),
        ("author: [张三, 李四]\n", [Person("张三"), Person("李四")]),
        ("author: {name: 张三, file-as: Zhang San}\n", [Person("张三", "aut", "Zhang San")]),
        ("author: [{text: 张三, role: author}, 李四]\n", [Person("张三"), Person("李四")]),
        ("creator:\n- {role: aut, text: 张三}\n- {role: ill, text: 李四}\n", [Person("张三"), Person("李四", "ill")]),
        ("creator: {role: illustrator, text: 李四}\n", [Person("李四", "ill")]),
        ("author: 张三\ncreator: 李四\n", [Person("张三"), Person("李四")]),
    ],
)
def test_people_are_texts_maps_or_lists_of_them(settings, people, project):
    assert list(metadata(project, settings).creators) == people


def test_contributors_have_roles(project):
    found = metadata(project, "contributor: [{role: trl, text: 王五}, 赵六]\neditor: 钱七\ntranslator: [孙八]\n")
    assert [one.name for one in found.people("trl")] == ["王五", "孙八"]
    assert [one.name for one in found.people("edt")] == ["钱七"]
    assert [one.name for one in found.people("ctb")] == ["赵六"]


@pytest.mark.parametrize(
    ("settings", "identifiers"),
    [
        ("identifier: 978-7-1\n", [Identifier("978-7-1")]),
        ("identifier: 9787\n", [Identifier("9787")]),
        ("identifier: {scheme: ISBN-13, text: 978-7-1}\n", [Identifier("978-7-1", "ISBN-13")]),
        ("identifier: [x, {scheme: DOI, text: y}]\n", [Identifier("x"), Identifier("y", "DOI")]),
    ],
)
def test_identifiers_may_have_schemes(settings, identifiers, project):
    assert list(metadata(project, settings).identifiers) == identifiers


def test_all_of_pandocs_other_keys_are_read(project):
    found = metadata(
        project,
        "date: 2026-11-23\npublisher: 社\nrights: 权\nabstract: 摘要\nsubject: 一\nkeywords: [二, 一]\ncoverage: 域\n"
        "source: https://a.example\nbelongs-to-collection: 丛\ngroup-position: 2\ncover-image: c.png\n"
        "page-progression-direction: rtl\naccessModes: [textual]\naccessModeSufficient: textual\n"
        "accessibilityFeatures: [none]\naccessibilityHazards: [none]\naccessibilitySummary: 好\n",
    )
    assert (found.date, found.publisher, found.rights, found.description) == ("2026-11-23", "社", "权", "摘要")
    assert (found.subjects, found.coverage, found.source) == (("一", "二"), "域", "https://a.example")
    assert (found.collection, found.position, found.cover_image, found.progression) == ("丛", "2", "c.png", "rtl")
    assert found.accessibility == Accessibility(("textual",), ("textual",), ("none",), ("none",), "好")


def test_a_description_counts_more_than_an_abstract(project):
    assert metadata(project, "abstract: 摘\ndescription: 述\n").description == "述"


def test_an_edition_says_otherwise_and_so_does_a_format(make_book, png):
    settings = """\
title: 头发
author: 张干
identifier: {scheme: ISBN-13, text: 978-1}
cover-image: x.png
editions:
  zh-CN: {}
  zh-TW:
    title: {text: 秀髮, file-as: Xiu}
    translator: 李后
    pdf: {identifier: 978-3, rights: 后}
    epub: {identifier: {scheme: ISBN-13, text: 978-4}, cover-image: y.png}
  zh-HK: {identifier: 978-2}
"""
    files = {"book.yaml": settings, "a.md": "文\n", "x.png": png, "y.png": png[:-12] + b"\0\0\0\0" + png[-12:][4:]}
    made = make_book(files, ("zh-CN", "zh-TW", "zh-HK")).editions
    assert [one.metadata.title for one in made.values()] == ["头发", "秀髮", "頭髮"]
    assert [one.metadata.identifiers[0].text[:8] for one in made.values()] == ["978-1", "urn:uuid", "978-2"]
    taiwan = made["zh-TW"]
    assert taiwan.metadata.people("trl") == (Person("李后", "trl"),)
    assert [taiwan.metadata_for(name).identifiers[0].text for name in ("pdf", "epub")] == ["978-3", "978-4"]
    assert (taiwan.metadata_for("pdf").rights, taiwan.metadata_for("html").rights) == ("后", "")
    assert taiwan.metadata_for("pdf").cover_image == taiwan.metadata.cover_image
    assert taiwan.metadata_for("epub").cover_image.startswith("images/y-")


def test_identifiers_of_editions_are_stable_and_no_two_are_equal(make_book):
    files = {"book.yaml": "title: 题\n", "a.md": "文\n"}
    first, second = (make_book(files, ("zh-CN", "zh-TW", "zh-HK")).editions.values() for _ in range(2))
    names = [one.metadata.identifiers[0].text for one in first]
    assert names == [one.metadata.identifiers[0].text for one in second]
    assert len(set(names)) == 3
    assert all(name.startswith("urn:uuid:") for name in names)


def test_more_rows_of_the_colophon_keep_their_order_and_are_converted(make_book):
    settings = """\
title: 书
publisher: 社
colophon: {版次: 2026 年第 1 版, 开本: 32 开, 定价: 48 元}
editions:
  zh-TW: {}
  zh-HK: {colophon: {定價: 港幣 60 元}}
"""
    made = make_book({"book.yaml": settings, "a.md": "文\n"}, ("zh-TW", "zh-HK")).editions
    assert made["zh-TW"].metadata.colophon == (("版次", "2026 年第 1 版"), ("開本", "32 開"), ("定價", "48 元"))
    rows = colophon(made["zh-HK"], made["zh-HK"].metadata)
    assert rows[0] == ("出版", "社")
    assert rows[-1] == ("定價", "港幣 60 元")
