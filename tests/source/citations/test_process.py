"""Citations of a book from beginning to end: numbers and names, two languages in one list, places of lists, links."""

from __future__ import annotations

import re

import pytest

from publish.cache import open_cache
from publish.edition.derive import derive
from publish.edition.markup.xhtml import H, plain, read
from publish.parity.gate import compare
from publish.pipeline import check
from publish.source.citations import making
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

BIB = """\
@book{kuhn, title={科学革命的结构}, author={库恩}, translator={金吾伦 and 胡新和}, edition={2}, address={北京},
  publisher={北京大学出版社}, year={2012}}
@article{zhang, title={软件研究: 一个例子}, author={张三 and 李四 and 王五 and 赵六}, journal={测绘科学}, year={2020},
  volume={33}, number={5}, pages={8--9}, doi={10.1000/abc.def}}
@article{smith, title={The Genome}, author={Smith, John and Brown, Bob and White, Walter and Green, Gina},
  journal={Nature}, year={2019}, volume={510}, pages={356--362}}
@online{tai, title={軟體統計}, author={{軟體中心}}, url={https://a.example/b?c=d}, urldate={2013-03-26},
  date={2012-01-16}, langid={zh-TW}}
@book{kept, title={软件}, author={软件社}, year={2001}, keywords={keep}}
"""
SETTINGS = "title: 书\nauthor: 甲\nlang: zh-CN\nbibliography: refs.bib\nchapters: [a.md, b.md]\n"
ONE = "# 软件\n\n甲[@kuhn; @zhang; @smith]，乙[@smith, 第 3 页；@kuhn]。@smith 说，@zhang 的[@tai]。\n"
TWO = "# 后来\n\n又[@kuhn]。\n"


@pytest.fixture
def book(make_book):
    def make(settings="", editions=("zh-CN",), **files):
        names = {"book.yaml": SETTINGS + settings, "refs.bib": BIB, "a.md": ONE, "b.md": TWO}
        own = {"refs.bib" if name == "refs" else f"{name}.md": words for name, words in files.items()}
        return make_book({**names, **own}, editions)

    return make


def tree(book, edition="zh-CN", chapter=0):
    return read(book.editions[edition].chapters[chapter].xhtml)


def words(book, edition="zh-CN", chapter=0):
    return "\n".join(plain(one) for one in tree(book, edition, chapter).iter(f"{H}p"))


def entries(book, edition="zh-CN", chapter=-1):
    """The entries of a list without their links back."""
    found = [one for one in tree(book, edition, chapter).iter(f"{H}div") if one.get("class") == "csl-entry"]
    return [re.sub(r"(↑\d*)+$", "", " ".join(plain(one).split())) for one in found]


def test_numbers_are_joined_and_pages_stand_behind_the_brackets(book):
    made = book()
    assert words(made) == "甲[1-3]，乙[3]3[1]。Smith et al.[3]说，张三等[2]的[4]。"
    assert words(made, chapter=1) == "又[1]。"


def test_one_list_has_etc_for_chinese_and_et_al_for_latin_sources(book):
    assert entries(book()) == [
        "[1] 库恩. 科学革命的结构[M]. 金吾伦，胡新和，译. 2版. 北京：北京大学出版社，2012.",
        "[2] 张三，李四，王五，等. 软件研究：一个例子[J/OL]. 测绘科学，2020，33（5）：8-9. DOI:10.1000/abc.def.",
        "[3] Smith J，Brown B，White W，et al. The Genome[J]. Nature，2019，510：356-362.",
        "[4] 軟體中心. 軟體統計[EB/OL]. （2012-01-16）[2013-03-26]. https://a.example/b?c=d.",
    ]


def test_names_and_years_stand_in_the_text_each_in_its_language(book):
    made = book("csl: gb-t-7714-2025-author-date\n", ("zh-CN", "zh-TW"))
    assert words(made) == (
        "甲（库恩，2012；张三 等，2020；Smith et al.，2019），乙（Smith et al.，2019）3（库恩，2012）。"
        "Smith et al.（2019）说，张三 等（2020）的（軟體中心，2012）。"
    )
    assert [one.split("，")[0] for one in entries(made)] == ["库恩", "軟體中心", "张三", "Smith J"]
    assert [one.split("，")[0] for one in entries(made, "zh-TW")][-1] == "Smith J"
    assert not compare(made.project, made.manuscript, made.editions.values())


def test_an_edition_sorts_names_as_its_readers_do(book):
    settings = "csl: gb-t-7714-2025-author-date\neditions: {zh-CN: {}, zh-TW: {sort-by: stroke}}\n"
    made = book(settings, ("zh-CN", "zh-TW"), a="# 头\n\n甲[@kuhn; @zhang; @smith; @kept]。\n")
    first = [[one.split("，")[0] for one in entries(made, key)] for key in ("zh-CN", "zh-TW")]
    assert first == [["库恩", "软件社", "张三", "Smith J"], ["软件社", "庫恩", "張三", "Smith J"]]
    assert not compare(made.project, made.manuscript, made.editions.values())


def test_entries_convert_but_for_those_of_another_region_and_those_that_are_kept(book):
    made = book(editions=("zh-CN", "zh-TW"), b="# 后来\n\n又[@kept]。\n")
    assert "軟件研究：一個例子" in entries(made, "zh-TW")[1]
    assert "軟體統計" in entries(made)[3]
    assert "软件社. 软件[M]" in entries(made, "zh-TW")[4]
    assert plain(next(tree(made, "zh-TW", -1).iter(f"{H}h1"))) == "參考文獻"
    assert not compare(made.project, made.manuscript, made.editions.values())


def test_citations_lead_to_entries_and_entries_back(book):
    made = book()
    cited = [one for one in tree(made).iter(f"{H}a") if one.get("role") == "doc-biblioref"]
    assert [one.get("href") for one in cited][:2] == ["#bib-kuhn", "#bib-smith"]
    back = [one.get("href") for one in tree(made, chapter=-1).iter(f"{H}a") if one.get("class") == "backlink"]
    spans = {one.get("id") for n in (0, 1) for one in tree(made, chapter=n).iter(f"{H}span") if one.get("id")}
    assert back[:3] == ["#cite-kuhn-1", "#cite-smith-1", "#cite-kuhn-2"]
    assert {name.removeprefix("#") for name in back} == spans
    ids = {one.get("id") for one in tree(made, chapter=-1).iter(f"{H}div")}
    assert {"bib-kuhn", "bib-smith", "bib-zhang", "bib-tai"} <= ids


def test_links_can_be_left_out(book):
    made = book("link-citations: false\n")
    assert words(made).startswith("甲[1-3]")
    assert not list(tree(made).iter(f"{H}a"))
    assert "↑" not in plain(tree(made, chapter=-1))


def test_a_key_that_is_missing_is_an_error_with_its_line(book):
    made = book(a="# 头\n\n文。\n\n见[@nobody]。\n")
    [finding] = made.findings
    assert (finding.code, finding.severity, str(finding.place)) == ("citation-missing", "error", "a.md:5")
    assert words(made).endswith("见[@nobody]。")


def test_a_key_that_is_a_headings_id_is_told_to_be_one(book):
    [finding] = book(a="# 头 {#ch-head}\n\n见[@ch-head]。\n").findings
    assert "[its words](#ch-head)" in finding.remedy


def test_somebody_who_is_greeted_stops_no_book_unless_a_key_is_near(book):
    keys = "".join(f"@book{{key{year}, title={{题}}, year={{{year}}}}}\n" for year in range(2000, 2020))
    made = book(refs=keys, b="# 后\n", a="# 头\n\n请 @editor 看[@key2001]。\n")
    assert [(one.code, one.severity) for one in made.findings] == [("citation-missing", "warning")]
    assert words(made) == "请 @editor 看[1]。"
    made = book(refs=keys, b="# 后\n", a="# 头\n\n见 @key20001[@key2001]。\n")
    assert [(one.code, one.severity) for one in made.findings] == [("citation-missing", "error")]


def test_an_at_sign_that_is_escaped_or_in_code_is_text(book):
    made = book(a="# 头\n\n\\@kuhn 和 `@kuhn`，a@kuhn.com[@kuhn]。\n")
    assert words(made) == "@kuhn 和 @kuhn，a@kuhn.com[1]。"


def test_without_a_bibliography_nothing_changes(make_book):
    text = "# 头\n\n@kuhn 说[@kuhn]，a@b.com，[@某人] \\@他。\n"
    made = make_book({"book.yaml": "title: 书\nauthor: 甲\nlang: zh-CN\n", "a.md": text}, ("zh-CN",))
    assert "@kuhn 说[@kuhn]，a@b.com，[@某人] @他。" in plain(tree(made))
    assert {one.code for one in made.findings} == {"markup-unread"}
    assert not made.manuscript.cites


def test_references_of_the_book_stand_beside_citations(make_book, png):
    text = "# 头\n\n见 @fig:map 和 @kuhn，[@fig:map]，[见 @kuhn]。\n\n![图[@smith]](x.png){#fig:map}\n"
    files = {"book.yaml": f"{SETTINGS}number-sections: true\n", "refs.bib": BIB, "b.md": TWO, "x.png": png}
    made = make_book({**files, "a.md": text}, ("zh-CN",))
    assert words(made) == "见图 1-1 和库恩[1]，图 1-1，[见 1]。"
    assert plain(next(tree(made).iter(f"{H}figcaption"))) == "图 1-1　图[2]"
    assert next(tree(made).iter(f"{H}img")).get("alt") == "图"
    assert not made.findings


def test_notes_tables_and_captions_cite_in_the_order_of_reading(book):
    text = "# 头\n\n甲[^1]，乙[@kuhn]。\n\n[^1]: 注[@smith]。\n\n| 表[@zhang] |\n|---|\n| 丙[@kuhn] |\n\n: 题[@tai]\n"
    made = book(a=text, b="# 后\n\n完。\n")
    shown = plain(tree(made))
    assert [one for one in ("注[1]", "乙[2]", "题[3]", "表[4]", "丙[2]") if one not in shown] == []


def test_the_list_goes_where_a_division_is_for_it(book):
    made = book(a="# 头\n\n## 文献\n\n::: {#refs}\n:::\n\n尾[@kuhn]。\n")
    assert len(made.editions["zh-CN"].chapters) == 2
    assert entries(made, chapter=0)[0].startswith("[1] 库恩")


def test_the_list_goes_under_a_heading_that_its_author_left_empty_at_the_end(book):
    made = book(b="# 参考书目\n")
    assert [one.title for one in made.editions["zh-CN"].chapters] == ["软件", "参考书目"]
    assert len(entries(made)) == 4


@pytest.mark.parametrize(
    ("first", "last", "chapter"),
    [
        ("# 参考文献 {-}\n\n<!-- 由程序填 -->\n\n# 附录\n\n乙[@smith]。\n", "# 后来\n\n完。\n", 1),
        ("# 后来\n\n完。\n", "# 文\n\n<!-- 由程序填 -->\n", -1),
    ],
    ids=["says so", "a comment below"],
)
def test_the_list_goes_under_an_empty_heading_that_is_meant_for_it(book, first, last, chapter):
    made = book(a=f"# 头\n\n甲[@kuhn]。\n\n{first}", b=last)
    assert len(made.editions["zh-CN"].chapters) == 4 - (chapter < 0)
    assert entries(made, chapter=chapter)[0].startswith("[1] 库恩")
    assert not compare(made.project, made.manuscript, made.editions.values())


def test_a_heading_that_says_so_and_has_its_own_text_stays(book):
    made = book(a="# 头\n\n甲[@kuhn]。\n\n# 参考文献\n\n见后。\n")
    assert [one.title for one in made.editions["zh-CN"].chapters] == ["头", "参考文献", "后来", "参考文献"]


def test_each_chapter_may_have_its_list_with_numbers_and_ids_of_its_own(book):
    made = book("bibliography-by: chapter\n", ("zh-CN", "zh-TW"), b="# 后来\n\n又[@smith; @kuhn]。\n")
    assert words(made, chapter=1) == "又[1-2]。"
    assert [one[:6] for one in entries(made, chapter=1)] == ["[1] Sm", "[2] 库恩"]
    assert [plain(one) for one in tree(made, chapter=1).iter(f"{H}h2")] == ["参考文献"]
    ids = [one.get("id") for n in (0, 1) for one in tree(made, chapter=n).iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert not made.findings
    assert not compare(made.project, made.manuscript, made.editions.values())


def test_a_single_file_has_its_list_at_its_end(folder, tmp_path):
    text = "---\ntitle: 文\nbibliography: refs.bib\nreference-section-title: 书目\nnocite: '@*'\n---\n文[@smith]。\n"
    project = read_project(folder({"a.md": text, "refs.bib": BIB}) / "a.md")
    [chapter] = derive(project, read_manuscript(project), project.edition("zh-TW"), tmp_path).chapters
    root = read(chapter.xhtml)
    assert [plain(one) for one in root.iter(f"{H}h2")] == ["書目"]
    listed = [plain(one) for one in root.iter(f"{H}div") if one.get("class") == "csl-entry"]
    assert len(listed) == 5
    assert listed[0].startswith("\n[1] Smith")


def test_a_list_can_be_left_out(book):
    made = book("suppress-bibliography: true\n")
    assert len(made.editions["zh-CN"].chapters) == 2
    assert words(made).startswith("甲[1-3]")
    assert not list(tree(made).iter(f"{H}a"))  # to entries that are not there


def test_a_key_to_be_listed_that_is_missing_is_told_at_the_settings(book):
    [finding] = book("nocite: '@none'\n").findings
    assert (finding.code, str(finding.place)) == ("citation-missing", "book.yaml:6: nocite")


def test_what_only_one_edition_cites_is_listed_there_alone(book):
    text = '# 头\n\n文[@kuhn]。\n\n::: {.only edition="zh-TW"}\n只在台湾[@smith]，[@kuhn]。\n:::\n'
    made = book(editions=("zh-CN", "zh-TW"), a=text, b="# 后\n\n完。\n")
    assert (len(entries(made)), len(entries(made, "zh-TW"))) == (1, 2)
    assert plain(tree(made, chapter=-1)).count("↑") == 1
    assert plain(tree(made, "zh-TW", -1)).count("↑") == 3
    assert not compare(made.project, made.manuscript, made.editions.values())


def test_places_in_an_entry_are_those_of_its_file(book):
    made = book()
    last = made.manuscript.chapters[-1]
    assert (last.file, last.title) == ("refs.bib", "参考文献")
    units = [one for one in made.editions["zh-CN"].units if one.file == "refs.bib" and "Smith" in one.text]
    assert [one.line for one in units] == [5]


NOTE_STYLE = """\
<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0" default-locale="zh-CN">
<info><title>注</title><id>n</id><category citation-format="numeric"/></info>
<citation><layout suffix="。" delimiter="；"><group delimiter="，"><names variable="author"/>
<text variable="title" prefix="《" suffix="》"/><text variable="genre"/><text variable="URL"/>
</group></layout></citation>
<bibliography><layout suffix="."><names variable="author"/><text variable="title"/></layout></bibliography></style>
"""


def test_a_style_of_notes_makes_notes_and_no_place_in_a_source_is_lost(make_book):
    files = {"book.yaml": f"{SETTINGS}csl: own\n", "refs.bib": BIB, "own.csl": NOTE_STYLE, "b.md": TWO}
    made = make_book({**files, "a.md": "# 头\n\n文[@kuhn, 第 33 页]。\n"}, ("zh-CN",))
    root = tree(made)
    [note] = [one for one in root.iter(f"{H}div") if one.get("class") == "note"]
    assert "库恩，《科学革命的结构》" in plain(note)
    assert "33" in plain(root)
    assert not made.findings
    assert not compare(made.project, made.manuscript, made.editions.values())


def test_a_note_that_says_an_address_leads_to_its_entry_before_it(make_book):
    bib = "@thesis{a, title={稻}, author={田, 穗}, type={phdthesis}, institution={校}, year={2001}, url={https://a.b/c}}\n"
    files = {"book.yaml": f"{SETTINGS}csl: own\n", "refs.bib": bib, "own.csl": NOTE_STYLE, "b.md": "# 后\n"}
    made = make_book({**files, "a.md": "# 头\n\n文[@a]。\n\n@a 说。\n"}, ("zh-CN",))
    assert words(made).split("\n")[:2] == ["文。", "田穗说。"]  # once
    note, _ = [one for one in tree(made).iter(f"{H}div") if one.get("class") == "note"]
    links = [(one.get("href"), plain(one)) for one in note.iter(f"{H}a") if one.get("role") != "doc-backlink"]
    assert links == [("#bib-a", "田穗，《稻》，博士学位论文，"), ("https://a.b/c", "https://a.b/c")]
    assert not compare(made.project, made.manuscript, made.editions.values())


def test_a_style_of_notes_makes_no_note_of_a_note(make_book):
    files = {"book.yaml": f"{SETTINGS}csl: own\n", "refs.bib": BIB, "own.csl": NOTE_STYLE, "b.md": TWO}
    made = make_book({**files, "a.md": "# 头\n\n文[^1]。\n\n[^1]: 注[@kuhn]，又[@smith]。\n"}, ("zh-CN",))
    [note] = [one for one in tree(made).iter(f"{H}div") if one.get("class") == "note"]
    assert "库恩，《科学革命的结构》" in plain(note)
    assert "The Genome" in plain(note)
    assert not compare(made.project, made.manuscript, made.editions.values())


def test_a_warning_of_the_reader_has_its_place_beside_a_chapter_of_literature(book):
    made = book(b="# 后来\n\n见[甲][a]和[@kuhn]。\n\n[a]: https://a.b\n[a]: https://c.d\n")
    assert [(one.code, str(one.place)) for one in made.findings] == [("pandoc", "b.md:6")]


def test_publish_check_tells_of_a_missing_key(folder):
    root = folder({"book.yaml": SETTINGS, "refs.bib": BIB, "a.md": "# 头\n\n见[@nobody]。\n", "b.md": TWO})
    _, findings = check(root, ["zh-CN"])
    assert [one.code for one in findings] == ["citation-missing"]


def test_surnames_of_an_entry_are_no_other_words_whatever_stands_beside_them(make_book):
    bib = "@article{yu, author={于潇 and 范丽 and 姜云}, title={于后台的发展}, journal={某刊}, year={2012}}\n"
    head = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\nbibliography: refs.bib\n---\n\n# 章\n\n"
    book = make_book({"a.md": f"{head}见[@yu]。\n", "refs.bib": bib}, ("zh-TW",))
    words = re.sub(r"<[^>]+>", "", "".join(one.xhtml for one in book.editions["zh-TW"].chapters))
    assert "于瀟，范麗，姜雲. 於後臺的發展" in words


@pytest.mark.parametrize(
    ("file", "before", "after", "again"),
    [
        ("c.md", "什么也", "再什么也", False),
        ("a.md", "# 软件\n", "# 软件\n\n前面再来一段。\n", False),
        ("a.md", "甲[@kuhn;", "另起一段。\n\n甲[@tai; @kuhn;", True),
        ("b.md", "# 后来\n", "# 后来\n\n前面再来一段。\n", True),
        ("a.md", "第 3 页", "第 4 页", True),
        ("refs.bib", "北京大学出版社", "别的出版社", True),
        ("book.yaml", "lang: zh-CN", "lang: zh-CN\nreference-section-title: 书目", True),
    ],
)
def test_citations_are_made_again_where_what_they_are_made_from_is_another(
    file, before, after, again, folder, tmp_path, monkeypatch
):
    settings, other = SETTINGS.replace("[a.md, b.md]", "[a.md, c.md, b.md]"), "# 别的\n\n什么也不引。\n"
    root = folder({"book.yaml": settings, "refs.bib": BIB, "a.md": ONE, "b.md": TWO, "c.md": other})
    cache = open_cache(tmp_path, "program")
    read_manuscript(read_project(root), cache)
    words = (root / file).read_text(encoding="utf-8")
    assert before in words
    (root / file).write_text(words.replace(before, after), encoding="utf-8")
    made, make = [], making.CitationWork.make
    monkeypatch.setattr(making.CitationWork, "make", lambda work, scopes: made.append(work) or make(work, scopes))
    warm = read_manuscript(read_project(root), cache)
    assert bool(made) is again
    cold = read_manuscript(read_project(root))
    assert warm.chapters == cold.chapters
    assert warm.findings == cold.findings


@pytest.mark.parametrize("division", ["", "\n::: {#refs}\n:::\n"])
def test_a_file_of_which_other_words_change_again_and_again_has_its_citations_put_into_it_alone(
    division, folder, tmp_path, monkeypatch
):
    settings = SETTINGS.replace("[a.md, b.md]", "[a.md, c.md, b.md]")
    other = f"# 别的\n\n引[@tai]，又引[@kuhn]。\n{division}"
    root = folder({"book.yaml": settings, "refs.bib": BIB, "a.md": ONE, "b.md": TWO, "c.md": other})
    cache = open_cache(tmp_path, "program")
    read_manuscript(read_project(root), cache)
    changes = [("a.md", f"{ONE}\n一。\n"), ("c.md", f"{other}\n二。\n"), ("c.md", other), ("a.md", f"# 题\n\n{ONE}")]
    changes.append(("c.md", other.replace("引[@tai]", "前面再来一段。\n\n引[@tai]")))
    changes += [("b.md", f"{TWO}\n三。\n")] if division else []
    for name, words in changes:
        (root / name).write_text(words, encoding="utf-8")
        with monkeypatch.context() as apart:
            apart.setattr(making.CitationWork, "make", None)
            warm = [read_manuscript(read_project(root), cache) for _ in range(2)]
            assert all(one.blocks for one in warm[0].chapters[: 3 if division else 2]), "the last has the list"
        cold = read_manuscript(read_project(root))
        assert [one.chapters for one in warm] == [cold.chapters, cold.chapters]
        assert warm[0].findings == cold.findings
