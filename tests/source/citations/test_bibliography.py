"""Literature read: keys, languages, names, places; broken files told with their line."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.source.citations.bibliography import _plain, needed, read_bibliography
from publish.source.citations.names import in_a_sentence, joined

BIB = """\
@book{kuhn,
  title = {科学革命的结构}, author = {库恩, 托马斯}, langid = {chinese}
}
% 说明
@article{smith, title = {A Paper}, author = {Smith, John and Brown, Bob}}
@article{zhang, title = {论文}, author = {张三 and 李四}, keywords = {甲, keep}}
@book{tai, title = {書}, author = {王}, langid = {zh_tw}}
@book{yamada, title = {ライブラリ}, author = {山田}}
@book{ivan, title = {Молибден}, author = {Иванов, А.}}
@misc{none, title = {无名}}
@book{kuhn, title = {又一本}}
"""


@pytest.fixture(scope="module")
def literature(tmp_path_factory):
    folder = tmp_path_factory.mktemp("literature")
    (folder / "a.bib").write_text("\ufeff" + BIB.replace("\n", "\r\n"), encoding="utf-8")
    (folder / "b.json").write_text('[\n {"id": "js", "type": "book", "title": "甲", "language": "en"}\n]', "utf-8")
    (folder / "c.yaml").write_text("- id: ya\n  type: book\n  title: 甲\n- id: yb\n  title: 乙\n", encoding="utf-8")
    return read_bibliography([folder / name for name in ("a.bib", "b.json", "c.yaml")])


def test_bibtex_csl_json_and_yaml_are_read_with_the_lines_of_their_keys(literature):
    lines = {key: one.place.line for key, one in literature.references.items()}
    assert lines == {
        "kuhn": 1,
        "smith": 5,
        "zhang": 6,
        "tai": 7,
        "yamada": 8,
        "ivan": 9,
        "none": 10,
        "js": 2,
        "ya": 1,
        "yb": 4,
    }


def test_each_source_has_a_language_by_what_it_says_or_by_its_words(literature):
    found = {key: one.lang for key, one in literature.references.items()}
    assert found == {
        "kuhn": "zh",
        "smith": "en",
        "zhang": "zh",
        "tai": "zh-TW",
        "yamada": "ja",
        "ivan": "ru",
        "none": "zh",
        "js": "en",
        "ya": "zh",
        "yb": "zh",
    }
    assert [key for key, one in literature.references.items() if one.kept] == ["zhang"]


def test_a_name_in_a_sentence_is_that_of_the_first_author(literature):
    names = {key: literature.references[key].name for key in ("kuhn", "smith", "zhang", "none")}
    assert names == {"kuhn": "托马斯·库恩", "smith": "Smith et al.", "zhang": "张三等", "none": "无名"}


def test_a_name_in_a_sentence_has_the_particles_that_are_part_of_it(folder):
    people = '[{"id": "x", "type": "book", "title": "T", "author": [{"family": "de la Cruz", "given": "Maria"}]}]'
    read = read_bibliography([folder({"x.json": people}) / "x.json"])
    assert read.references["x"].name == "de la Cruz"


@pytest.mark.parametrize(
    ("family", "given", "listed", "said"),
    [
        ("珀金斯", "约翰", "珀金斯 约翰", "约翰·珀金斯"),
        ("马克思", "卡尔", "马克思 卡尔", "卡尔·马克思"),
        ("愛因斯坦", "阿爾伯特", "愛因斯坦 阿爾伯特", "阿爾伯特·愛因斯坦"),
        ("昂温", "P. S.", "昂温 P S", "昂温"),
        ("村上", "春树", "村上春树", "村上春树"),
        ("德川", "家康", "德川家康", "德川家康"),
        ("长谷川", "泰三", "长谷川泰三", "长谷川泰三"),
        ("诸葛", "亮", "诸葛亮", "诸葛亮"),
        ("欧阳", "文渊", "欧阳文渊", "欧阳文渊"),
        ("周", "墨林", "周墨林", "周墨林"),
        ("Smith", "John", "", "Smith"),
    ],
)
def test_a_foreign_name_in_han_is_two_words_and_a_chinese_or_japanese_one_is_one(family, given, listed, said):
    assert joined(family, given) == listed
    assert in_a_sentence(listed or family) == said


KINDS = """\
@article{paper, title={甲}, journal={人民日报}, date={2013-01-12}, pages={2}}
@article{review, title={甲}, journal={清华大学学报}, date={2013-01-12}}
@article{numbered, title={甲}, journal={文汇报}, date={2013-01-12}, number={3}}
@article{year, title={甲}, journal={光明日报}, year={2013}}
@misc{page, title={甲}, howpublished={\\url{https://example.org/a}}, note={Accessed: 2020-01-02}}
"""


def test_newspapers_and_pages_are_known_by_what_bibtex_says_of_them(tmp_path):
    (tmp_path / "a.bib").write_text(KINDS, encoding="utf-8")
    found = read_bibliography([tmp_path / "a.bib"]).references
    kinds = {key: _plain(one.data["type"]) for key, one in found.items() if key != "page"}
    assert [key for key, kind in kinds.items() if kind == "article-newspaper"] == ["paper"]
    page = found["page"].data
    assert _plain(page["URL"]) == "https://example.org/a"
    assert _plain(page["accessed"]).split() == ["2020", "1", "2"]


def test_what_files_for_bibtex_mean_by_a_newspaper_and_by_and_in_a_publisher(tmp_path):
    (tmp_path / "refs.bib").write_text(
        "@newspaper{paper, title = {甲}, journal = {某报},\n date = {2000-11-20}, number = {15}}\n"
        "@book{one, title = {B},\n  publisher = {Chapman and Hall/CRC}, year = 2015}\n"
        '@book{two, title = {C},\n  publisher = "Farrar, Straus, and Giroux",\n  year = 2010}\n'
        "@book{three, title = {丙},\n  publisher = {科学出版社 and 海洋出版社}, year = 2012}\n",
        encoding="utf-8",
    )
    found = read_bibliography([tmp_path / "refs.bib"]).references
    assert _plain(found["paper"].data["type"]) == "article-newspaper"
    said = [_plain(found[key].data["publisher"]) for key in ("one", "two", "three")]
    assert said == ["Chapman and Hall/CRC", "Farrar, Straus, and Giroux", "科学出版社; 海洋出版社"]
    assert found["two"].place.line == 5


def test_a_key_that_stands_twice_is_told_and_the_first_taken(literature):
    [finding] = literature.findings
    assert (finding.code, finding.place.line) == ("citation-twice", 11)
    assert "a.bib:1 is taken" in finding.problem


def test_a_date_of_another_form_is_not_lost(tmp_path):
    said = ("光绪二十二年", "189X", "2009年6月", "1998/5/3", "1935年", "2001-02", "1935~")
    entries = "".join(f"@book{{k{number}, title = {{甲}}, date = {{{one}}}}}\n" for number, one in enumerate(said))
    path = tmp_path / "a.bib"
    path.write_text(
        entries + '@book{y, title = "乙", year = 民国}\n@book{z, title = {丙}, year = "民国二十年"}\n', "utf-8"
    )
    read = read_bibliography([path]).references
    assert "光绪二十二年" in str(read["k0"].data["issued"])
    assert "189X" in str(read["k1"].data["issued"])
    assert [part["c"] for part in read["k2"].data["issued"]["c"]["date-parts"]["c"][0]["c"]] == ["2009", "6"]
    assert [part["c"] for part in read["k3"].data["issued"]["c"]["date-parts"]["c"][0]["c"]] == ["1998", "5", "3"]
    assert all("issued" in one.data for key, one in read.items() if key != "y")
    assert "民国二十年" in str(read["z"].data["issued"])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.bib", "@book{a,\n title = {甲}\n}\n@book{b\n title = {乙}\n}\n", "a.bib:5: this entry cannot be read"),
        (
            "a.bib",
            "@book{甲 乙, title={甲}}\n",
            "a.bib:1: this entry cannot be read: unexpected '乙'. Check",
        ),
        ("a.json", '[\n{"id": "a",}\n]', "a.json:2: this is not JSON"),
        ("a.yaml", "references:\n- id: a\n  title: [甲\n", "a.yaml:3: the bracket that opens here"),
        ("a.yaml", "title: 甲\n", "a.yaml: this is not a list of references"),
    ],
)
def test_a_broken_file_is_one_error_with_its_line(folder, name, content, message):
    root = folder({name: content})
    with pytest.raises(PublishError) as error:
        read_bibliography([root / name])
    assert str(error.value).startswith(message)


def test_of_a_large_library_only_what_is_cited_is_read_with_what_it_rests_on():
    entries = [f"@book{{k{number},\n title = {{甲}}\n}}\n" for number in range(300)]
    entries[7] = "@inbook{k7,\n crossref = {k9}\n}\n"
    library = "@string{x = {y}}\n" + "".join(entries)
    left = needed(library, lambda key: key in ("k7", "k200"))
    assert left.count("\n") == library.count("\n")
    assert [row.split("{")[1].rstrip(",") for row in left.splitlines() if row.startswith("@")][1:] == [
        "k7",
        "k9",
        "k200",
    ]
    assert left.splitlines()[22] == "@inbook{k7,"
    assert needed("".join(entries[:100]), lambda _: False) == "".join(entries[:100])
    broken = library.replace("title = {甲}", "title = {甲", 1)
    assert needed(broken, lambda _: False) == broken


def test_a_library_without_an_entry_has_no_sources(tmp_path):
    for text in ("", "% 还没有\n"):
        (tmp_path / "empty.bib").write_text(text, encoding="utf-8")
        assert not read_bibliography([tmp_path / "empty.bib"]).references


def test_people_and_dates_of_csl_json_may_be_plain_text(folder):
    entry = '[{"id": "a", "type": "book", "title": "书", "author": "张三", "editor": ["李四", "王五"], "issued": 2002}]'
    one = read_bibliography([folder({"x.json": entry}) / "x.json"]).references["a"]
    assert (one.name, one.people) == ("张三", ["张三", "李四", "王五"])
    assert "2002" in _plain(one.data["issued"])
