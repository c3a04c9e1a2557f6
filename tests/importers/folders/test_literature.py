"""The literature that a folder names is that of the book, and its citations are citations."""

# ruff: noqa: E501  # a fixture is a file in one line
import pytest

from publish.importers.folders.literature import cite
from publish.source.citations.syntax import known
from tests.tiny import PNG

BIB = "@book{knuth, title={The TeXbook}, author={Knuth, Donald}, year={1984}, publisher={AW}}\n"
CSL = (
    '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"><info><title>a</title><id>a</id></info>'
    "<citation><layout/></citation></style>"
)


@pytest.mark.parametrize(
    ("files", "page", "names"),
    [
        (
            {
                "_bookdown.yml": "book_filename: x\n",
                "index.Rmd": "---\ntitle: 书\nbibliography: [refs/a.bib, packages.bib]\ncsl: a.csl\nnocite: '@*'\n---\n\n# 甲\n\n见 [@knuth]。\n",
                "refs/a.bib": BIB,
                "a.csl": CSL,
            },
            "index.md",
            {"bibliography": ["refs/a.bib"], "csl": "a.csl", "nocite": "@*"},
        ),
        (
            {
                "_quarto.yml": "project: {type: book}\nbibliography: a.bib\nbook: {title: 书, chapters: [index.qmd]}\n",
                "index.qmd": "# 甲\n\n见 [@knuth]。\n",
                "a.bib": BIB,
            },
            "index.md",
            {"bibliography": ["a.bib"]},
        ),
        (
            {
                "hugo.toml": 'title = "书"\n',
                "content/posts/a.md": "---\ntitle: 甲\nbibliography: a.bib\n---\n\n见 [@knuth]。\n",
                "content/posts/a.bib": BIB,
            },
            "posts/a.md",
            {"bibliography": ["posts/a.bib"]},
        ),
        (
            {"a.md": "---\ntitle: 甲\nbibliography: a.bib\n---\n\n见 [@knuth]。\n", "a.bib": BIB},
            "a.md",
            {"bibliography": ["a.bib"]},
        ),
    ],
    ids=["bookdown", "quarto", "hugo", "folder"],
)
def test_what_a_folder_says_of_literature_is_what_the_book_says(run, files, page, names):
    _, book, read = run(files)
    assert {key: book.get(key) for key in names} == names
    assert "见 [@knuth]。" in read(page)
    assert read(names["bibliography"][0]) == BIB


def test_names_that_are_no_sources_are_text_and_missing_files_are_told(run):
    report, book, read = run(
        {
            "_bookdown.yml": "book_filename: x\n",
            "index.Rmd": "---\ntitle: 书\nbibliography: [a.bib, gone.bib]\ncsl: gone.csl\n---\n\n"
            "# 甲\n\n[@knuth; @R-base]，@yihui 说，a@b.cn，`@code`，第 3 页 @12，@fig-none。\n",
            "a.bib": BIB,
        }
    )
    assert "[@knuth; \\@R-base]，\\@yihui 说，a@b.cn，`@code`，第 3 页 @12，\\@fig-none。" in read("index.md")
    told = {(one.code, one.excerpt) for one in report.decisions}
    assert {
        ("citation-missing", "@R-base"),
        ("citation-missing", "@yihui"),
        ("reference-broken", "@fig-none"),
        ("bibliography-missing", "gone.bib"),
        ("style-missing", "gone.csl"),
    } <= told
    assert book["bibliography"] == ["a.bib"]
    assert "csl" not in book


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.bib": "@book{knuth, title={没有结束\n"}, "bibliography-broken"),
        ({"a.bib": BIB, "a.csl": "<style/>"}, "style-broken"),
    ],
)
def test_literature_that_cannot_be_read_is_left_behind(run, files, code):
    report, book, _ = run(
        {
            "_quarto.yml": "bibliography: a.bib\ncsl: a.csl\nbook: {title: 书, chapters: [index.qmd]}\n",
            "index.qmd": "# 甲\n\n见 @knuth。\n",
            **files,
        }
    )
    assert code in {one.code for one in report.decisions}
    assert ("bibliography" in book) == (code == "style-broken")


def test_without_literature_an_at_sign_stays_as_it_is(run):
    _, book, read = run({"a.md": "# 甲\n\n[@knuth] 与 @yihui。\n", "b.png": PNG})
    assert "[@knuth] 与 @yihui。" in read("a.md")
    assert "bibliography" not in book


def test_a_key_in_braces_and_one_beside_han_are_told_apart():
    told: list[str] = []
    text = "见@knuth的书、@{knuth}，@{nobody}，[另见 @nobody2]。"
    literature = type("L", (), {"known": known(frozenset(["knuth"]))})
    assert cite(text, literature, told.append) == "见@knuth的书、@{knuth}，\\@{nobody}，[另见 \\@nobody2]。"
    assert told == ["nobody", "nobody2"]


D2L = {
    "config.ini": "[project]\ntitle = 书\nauthor = Mu Li, and Aston Zhang\n",
    "index.md": "# 书\n\n```toc\na\n```\n",
    "a.md": "# 甲\n\n见 :cite:`knuth,lamport`，:citet:`knuth` 说过；:cite:`nobody`。\n\n:bibliography:`refs/a.bib`\n",
    "refs/a.bib": BIB,
    "refs/empty.bib": "",
    "all.bib": BIB.replace("knuth", "lamport"),
}


@pytest.mark.parametrize("named", ["[pdf]\nbibfile = all.bib\n", ""], ids=["named", "found"])
def test_roles_of_d2l_are_citations_of_the_literature_that_is_named_or_stands_in_the_folder(run, named):
    report, book, read = run(D2L | {"config.ini": D2L["config.ini"] + named})
    assert sorted(book["bibliography"]) == ["all.bib", "refs/a.bib"]
    assert book["author"] == ["Mu Li", "Aston Zhang"]
    assert "见 [@knuth; @lamport]，@knuth 说过；[\\@nobody]。" in read("a.md")
    assert [one for one in report.decisions if one.code == "citation-missing" or "nobody" in str(one)]


def test_a_folder_of_d2l_without_literature_keeps_its_keys(run):
    files = {name: text for name, text in D2L.items() if not name.endswith(".bib")}
    _, book, read = run(files | {"a.md": "# 甲\n\n见 :cite:`knuth`。\n"})
    assert "bibliography" not in book
    assert "见 [knuth]。" in read("a.md")
