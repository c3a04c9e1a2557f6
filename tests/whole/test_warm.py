"""A warm build: whatever has changed since, it reads and derives what a build from nothing does, findings and all."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import pytest

from publish.cache import Cache
from publish.edition import derive as derivation
from publish.edition.derive import derive
from publish.edition.publication import Publication
from publish.errors import PublishError
from publish.parity.gate import refuse
from publish.render import RenderContext
from publish.render.epub.renderer import write_epub
from publish.render.html.renderer import write_site
from publish.render.pdf import cut
from publish.source import pandoc
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from tests.tiny import FIRST, SECOND, SETTINGS, make, picture, state, write_book

THIRD = """\
# 第三 {#third}

见[第一章](01.md#hair)和[小节](01.md#小节)，见 @fig:dot、@sec:third 和 @eq:one。同样的话。

![又一张](images/other.png){#fig:dot}

<p title="头发"><img src="images/dot.png" alt="点"></p>

同样的话。[网络]{zh-TW="網絡"}，$\\double{x}$，$\\foo{x$。“引文

接着”。

$$\\double{y} = 2y$$ {#eq:one}

```{.python include="code/a.py" lines="1-2"}
```

::: {.only edition="zh-HK"}
只在香港。
:::

::: {.list-of-figures}
:::

见 [@li] 与 [@zhang, 第 3 页]。[软件]{.index key="程序!软件"}[^1]{.translator}

[^1]: 译者的话[^2]。
[^2]: 注的注，引 [@li]。

![头发的数](data.csv){#tbl:data}

注：单位为根。

```{.graphviz #fig:flow caption="流程"}
digraph { 头发 -> 软件 }
```

::: index
:::
"""
REFS = """\
@book{li, title = {头发}, author = {李四}, year = {2020}, publisher = {出版社}}
@book{zhang, title = {网络}, author = {张三}, year = {2019}, publisher = {出版社}}
@book{other, title = {里面}, author = {王五}, year = {2018}, publisher = {出版社}}
"""
INDEX = "terms:\n  正文:\n  小节: {reading: xiao jie}\n  字: {see: 正文}\n"
TABLE = "名,数\n头发,12\n软件,3\n"
BOOK: dict[str, str | bytes | None] = {
    "book.yaml": SETTINGS.replace("[02.md]", "[02.md, 03.md]").replace("zh-CN, zh-TW, zh-HK", "zh-CN, zh-TW")
    + 'number-sections: true\nmath-macros: {double: "2#1"}\nindex: index.yaml\n'
    + "bibliography: refs.bib\ncsl: gb-t-7714-2025-author-date\n",
    "01.md": FIRST,
    "02.md": SECOND,
    "03.md": THIRD,
    "refs.bib": REFS,
    "index.yaml": INDEX,
    "data.csv": TABLE,
    "code/a.py": "one = 1\ntwo = 2\nthree = 3\n",
    "images/other.png": picture(color="green"),
    "d.yaml": "头发: 一根一根的。\n",
    "glossary.yaml": "terms:\n  网络: {zh-TW: 網際網路}\nkeep: [软件]\n",
    "decisions.yaml": "",
}


def edited(name: str, old: str, new: str) -> dict[str, str | bytes | None]:
    """A file of the book with one place changed, which must be there."""
    text = str(BOOK[name])
    assert old in text
    return {name: text.replace(old, new)}


CHANGES: dict[str, dict[str, str | bytes | None]] = {
    "nothing": {},
    "a paragraph": edited("02.md", "第二章[^1]", "改过的第二章[^1]"),
    "a paragraph that another chapter has, too": {"02.md": SECOND + "\n同样的话。\n"},
    "a heading that another chapter leads to": edited("01.md", "## 小节", "## 大节"),
    "a heading with an id that is taken": edited("02.md", "{#second}", "{#third}"),
    "a line more before all": {"03.md": "\n\n" + THIRD},
    "a note": edited("01.md", "注：头发", "注：毛发"),
    "an anchor that has moved": {**edited("03.md", "{#fig:dot}", ""), **edited("01.md", "{#fig-dot}", "{#fig:dot}")},
    "a figure before the one referred to": edited("03.md", "![又一张]", "![新的](images/dot.png)\n\n![又一张]"),
    "a caption in a list": edited("03.md", "![又一张]", "![另一张]"),
    "a reference to nothing": edited("03.md", "@eq:one。", "@eq:two。"),
    "a reference more": {"02.md": SECOND + "\n见 @fig:dot。\n"},
    "a chapter's title": edited("03.md", "# 第三", "# 第三回"),
    "a chapter more": {
        **edited("book.yaml", "[02.md, 03.md]", "[02.md, 04.md, 03.md]"),
        "04.md": "# 插\n\n同样的话。\n",
    },
    "a chapter less": edited("book.yaml", "[02.md, 03.md]", "[03.md]"),
    "another order": edited("book.yaml", "[02.md, 03.md]", "[03.md, 02.md]"),
    "a chapter without number": edited("01.md", "{#hair}", "{#hair .unnumbered}"),
    "a term that one chapter holds": edited("glossary.yaml", "keep:", "  第二章的注: {zh-TW: 第二章註}\nkeep:"),
    "a term's form": edited("glossary.yaml", "網際網路", "互聯網"),
    "a term more": edited("glossary.yaml", "keep:", "  头发: {zh-TW: 毛髮}\nkeep:"),
    "a term over markup": edited("glossary.yaml", "keep:", "  头发，: {zh-TW: 毛髮、}\nkeep:"),
    "no terms": {"glossary.yaml": "terms: {}\n"},
    "a decision": {"decisions.yaml": "zh-TW:\n  头发:\n    - {as: 頭發}\n"},
    "an image": {"images/dot.png": picture(color="yellow")},
    "an image of one edition": {"images/dot.zh-TW.png": picture(color="yellow")},
    "an image that is gone": {"images/other.png": None},
    "an image that is damaged": {"images/other.png": b"no image"},
    "an included file": {"code/a.py": "one = 1\ntwo = 22\n"},
    "a macro": edited("book.yaml", "2#1", "3#1"),
    "a macro in the text": {"01.md": FIRST + "\n$\\newcommand{\\foo}[1]{f}$\n"},
    "the title": edited("book.yaml", "小书", "大书"),
    "an edition more, which words may be for": edited("book.yaml", "zh-CN, zh-TW", "zh-CN, zh-TW, zh-HK, zh-SG"),
    "the size of the text and the length of lines": {
        "book.yaml": f"{BOOK['book.yaml']}page: {{text-size: 小四, line-length: 22}}\n"
    },
    "drawings as pictures": {
        "book.yaml": f"{BOOK['book.yaml']}drawings: picture\n",
        "02.md": f"{SECOND}\n![一](images/word.svg)\n",
        "images/word.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="9">字</text></svg>',
    },
    "quotation marks": {"book.yaml": f"{BOOK['book.yaml']}quotes: keep\n"},
    "no numbers": edited("book.yaml", "sections: true", "sections: false"),
    "a source": edited("refs.bib", "2020", "2021"),
    "a source that another is sorted behind": edited("refs.bib", "张三", "阿三"),
    "a source more": edited("02.md", "第二章[^1]", "第二章[@other][^1]"),
    "a source that no one cites": {"book.yaml": f"{BOOK['book.yaml']}nocite: '@other'\n"},
    "citations by number": edited("book.yaml", "author-date", "numeric"),
    "a list for each chapter": {"book.yaml": f"{BOOK['book.yaml']}bibliography-by: chapter\n"},
    "no literature": edited("book.yaml", "bibliography: refs.bib\ncsl: gb-t-7714-2025-author-date\n", ""),
    "another order of names": {"book.yaml": f"{BOOK['book.yaml']}sort-by: stroke\n"},
    "a word of the index more": {"index.yaml": f"{INDEX}  头发:\n"},
    "a word of the index less": edited("index.yaml", "  正文:\n", ""),
    "a reading": edited("index.yaml", "xiao jie", "da jie"),
    "where an entry leads": edited("index.yaml", "see: 正文", "see: 小节"),
    "a mark in another section": {
        **edited("03.md", "[软件]{.index", "[软件]{"),
        "02.md": SECOND + "\n[软件]{.index}\n",
    },
    "an index elsewhere": {**edited("03.md", "::: index\n:::\n", ""), "02.md": SECOND + "\n::: index\n:::\n"},
    "no list of words": edited("book.yaml", "index: index.yaml\n", ""),
    "words that are defined": {
        **edited("book.yaml", "index: index.yaml", "index: index.yaml\ndefinitions: d.yaml"),
        "d.yaml": "头发: 一根一根的。\n小节: 一章的一部分。\n",
        "02.md": SECOND + "\n::: glossary\n:::\n",
    },
    "a passage of an index": {"02.md": SECOND + "\n[头]{.index range=start}[头]{.index range=end}\n"},
    "notes in the margin": {"book.yaml": f"{BOOK['book.yaml']}notes: margin\n"},
    "a table": edited("data.csv", "12", "13"),
    "a table with another mark between columns": {"data.csv": TABLE.replace(",", ";") + "书;1\n"},
    "a table in GB 18030": {"data.csv": TABLE.replace("12", "14").encode("gb18030")},
    "a table that is gone": {"data.csv": None},
    "a note below a table": edited("03.md", "单位为根", "单位为把"),
    "whose a note is": edited("03.md", "{.translator}", "{.editor}"),
    "a note of a note": edited("03.md", "译者的话[^2]", "译者的话"),
    "how notes are numbered": {"book.yaml": f"{BOOK['book.yaml']}notes: book\n"},
    "a diagram": edited("03.md", "-> 软件 }", "-> 网络 }"),
    "a diagram's caption": edited("03.md", "流程", "过程"),
    "words of an edition": edited(
        "book.yaml", "[zh-CN, zh-TW]", "{zh-CN: {}, zh-TW: {words: {figure: 插圖, translator_note: 譯者按}}}"
    ),
    "where the book is kept": {"book.yaml": f"{BOOK['book.yaml']}repository: https://github.com/a/b/tree/main\n"},
    "a book to be read offline": {"book.yaml": f"{BOOK['book.yaml']}offline: true\nurl: https://example.org/\n"},
    "a chapter below another": edited("book.yaml", "[02.md, 03.md]", "[{file: 02.md, chapters: [03.md]}]"),
    "a chapter's front matter": {
        "02.md": f"---\ntitle: 软\n---\n{SECOND.replace('# 软件 {#second}', '## 软 {#second}')}"
    },
    "a style": edited(
        "book.yaml", "editions: [zh-CN, zh-TW]", "editions: {zh-CN: {}, zh-TW: {style: zh-TW-common, terms: software}}"
    ),
    "a part": edited("book.yaml", "第一部", "头部"),
    "another language": edited("book.yaml", "lang: zh-CN", "lang: zh-TW"),
    "spaces beside Latin": {"02.md": SECOND + "\n用 AI 写 A 字 B\nC 字 D 字\n"},
    "a formula that is mended": edited("03.md", "\\foo{x", "x"),
    "markup that is unread": {"02.md": SECOND + "\n{% 旧 %}\n"},
    "a passage that goes over files": {
        "01.md": FIRST + "\n[头]{.index range=start}\n",
        "02.md": SECOND + "\n[头]{.index range=end}\n",
    },
    "a mark more before others": {"01.md": FIRST + '\n[软件]{.index key="程序!软件"}，正文。\n'},
    "an id that moves to another file": {
        **edited("01.md", "## 小节", "## 小节 {#moved}"),
        "02.md": SECOND + "\n见[那里](#moved)。\n",
    },
    "a reference in a title": edited("03.md", "# 第三", "# 第三，见 @fig:dot"),
    "a figure before those of another chapter": {"01.md": FIRST + "\n![新的](images/dot.png){#fig:new}\n"},
    "the language of a passage": {"02.md": SECOND + "\n[头发]{lang=en}和头发。\n"},
    "a file that is renamed": {**edited("book.yaml", "02.md", "04.md"), "04.md": SECOND},
    "a link that is broken": edited("02.md", "#fig-dot", "#gone"),
}


# One of each kind, which every run of the tests looks at; the rest is for `make verify`.
QUICK = frozenset(
    [
        "nothing",
        "a paragraph",
        "a heading that another chapter leads to",
        "a figure before the one referred to",
        "a chapter more",
        "another order",
        "a term that one chapter holds",
        "a decision",
        "an image",
        "a source",
        "a word of the index more",
        "a passage that goes over files",
        "a note of a note",
        "a link that is broken",
    ]
)
assert not QUICK - CHANGES.keys()


def told(book: Path, cache: Cache, scratch: Path) -> object:
    """All that renderers are given, what is found, and the pages of the last edition; or why there is none."""
    try:
        project = read_project(book)
        manuscript = read_manuscript(project, cache)
        publications = []
        for edition in project.editions:
            one = derive(project, manuscript, edition, scratch / edition.key, cache=cache)
            refuse(project, manuscript, one, cache)
            images = {
                href: (asset.path.read_bytes(), replace(asset, path=Path())) for href, asset in one.assets.items()
            }
            publications.append((images, replace(one, assets={}, origins={})))
        pages = rendered(one, cache, scratch / "pages")
    except PublishError as error:
        return str(error), error.place
    return manuscript, publications, pages


def rendered(publication: Publication, cache: Cache, folder: Path) -> object:
    """The files of an edition as web pages and as an EPUB, and what is found there."""
    context = RenderContext(folder, cache=cache)
    findings = [*write_site(publication, context).findings, *write_epub(publication, context).findings]
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    rmtree(folder)
    return files, findings


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A cache that has the book as it was before any change, the book, and what was told of it."""
    folder = tmp_path_factory.mktemp("warm")
    (folder / "cache").mkdir()
    cache = Cache(folder / "cache", "this program")
    book = write_book(folder / "book", BOOK)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(book)
        base = told(book, cache, folder / "scratch")
    return cache, book, base


@pytest.mark.parametrize(
    "what", [pytest.param(one, marks=[] if one in QUICK else [pytest.mark.verify]) for one in CHANGES]
)
def test_what_a_warm_build_derives_is_what_a_cold_one_derives_after(what, store, tmp_path, monkeypatch):
    cache, book, base = store
    monkeypatch.chdir(book)
    write_book(book, BOOK)
    for name, content in CHANGES[what].items():
        if content is None:
            (book / name).unlink()
        else:
            (book / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        warm = told(book, cache, tmp_path / "warm")
        cold = told(book, Cache(), tmp_path / "cold")
        assert warm == cold
        assert (warm == base) == (what == "nothing")
    finally:
        for name in ("04.md", "images/dot.zh-TW.png"):
            (book / name).unlink(missing_ok=True)


def test_the_first_word_marked_for_an_index_reaches_the_chapters_before_it(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    cache, settings = Cache(tmp_path / "cache", "this program"), SETTINGS.replace("zh-CN, zh-TW, zh-HK", "zh-TW")
    first = '# 一\n\n在<span class="index" key="头发">发</span>里。\n'
    book = write_book(tmp_path / "book", {"book.yaml": settings, "01.md": first, "02.md": "# 二\n\n文。\n"})
    monkeypatch.chdir(book)
    told(book, cache, tmp_path / "first")
    (book / "02.md").write_text("# 二\n\n[词]{.index}。\n\n::: index\n:::\n", encoding="utf-8")
    assert told(book, cache, tmp_path / "warm") == told(book, Cache(), tmp_path / "cold")


@pytest.mark.parametrize(
    ("what", "files", "chapters"),
    [
        ("nothing", [], []),
        ("a paragraph", ["02.md"], ["02"]),
        ("a heading that another chapter leads to", ["01.md"], ["01", "03"]),
        ("a caption in a list", ["03.md"], ["03"]),
        ("an included file", [], ["03"]),
        ("an image", [], ["01", "03"]),
        ("another order", [], ["02", "03"]),  # the first of a part bears its title
        ("the title", [], []),
        ("a term that one chapter holds", [], ["02"]),
        ("a term's form", [], ["01", "refs"]),
        ("a term more", [], ["01", "03", "refs"]),
        ("no terms", [], ["01", "02", "03", "refs"]),
        ("a decision", [], ["01", "03", "refs"]),
        ("a source", [], ["03", "refs"]),
    ],
)
def test_only_what_a_change_reaches_is_read_and_derived_again(what, files, chapters, store, tmp_path, monkeypatch):
    cache, book, _ = store
    monkeypatch.chdir(book)
    write_book(book, BOOK)
    (tmp_path / "own").mkdir()
    cache = replace(cache, folder=tmp_path / "own")  # without what the other tests have kept
    told(book, cache, tmp_path / "base")
    seen: dict[str, list[str]] = {"read": [], "written": []}
    read, written = pandoc.read, derivation.write

    def reading(texts, *rest):
        seen["read"] += [name for name, _ in texts]
        return read(texts, *rest)

    def writing(texts):
        seen["written"] += [text.chapter.key for text in texts]
        return written(texts)

    monkeypatch.setattr(pandoc, "read", reading)
    monkeypatch.setattr(derivation, "write", writing)
    write_book(book, {**BOOK, **CHANGES[what]})
    told(book, cache, tmp_path / "changed")
    assert seen["read"] == files
    assert sorted({*seen["written"]}) == chapters


# --- a writer at random -----------------------------------------------------------------------------------------------

PARTS = (
    "他的头**发**在“网络”里。",
    "同样的话。",
    "用 AI 写\nABC 字。",
    "注[^1]在此。\n\n[^1]: 注里有*软件*和头发。",
    "注[^1]又来。\n\n[^1]: 注里有[链接](01.md#sec-a)。",
    "## 小节\n\n正文。",
    "## 小节 {#sec-a}\n\n正文里的里面。",
    "### 深的 {#sec:deep .unnumbered}\n\n深处。",
    "# 文件里的第二章\n\n又一章。",
    "![图](images/dot.png){#fig:a}",
    "![图](images/other.png){#fig:b}",
    "![](images/none.png)",
    "见 @fig:a 和 @fig:b，[@sec:deep]。",
    "见[某处](03.md)与[某处](02.md#sec-a)，[小节](#小节)。",
    '[干]{zh-TW="乾"}净。',
    '::: {.only edition="zh-TW"}\n只在台湾。\n:::',
    '::: {.only format="epub"}\n只在书里。\n:::',
    "“一段引文\n\n“又一段引文”",
    "$\\newcommand{\\two}{2}$ $\\two$",
    "$$\\two + x$$ {#eq:a}",
    "见 @eq:a。",
    '<div id="raw">头发 <img src="images/dot.png"> <a href="#sec-a">那里</a></div>',
    '```{.python include="code/a.py" #lst:a caption="代码"}\n```',
    "| 甲 | 乙 |\n|--|--|\n| 头发 | @lst:a |\n\n: 表 {#tbl:a}",
    "::: {.list-of-figures}\n:::",
    ": 表 @tbl:a",
    "::: note\n头发的提示。\n:::",
    "{% 旧 %}",
    "引 [@li] 与 [@zhang]，又 [@other, 第 3 页]。",
    "[软件]{.index}和[头]{.index key=头发!头}，[李四]{.index .names}。",
    "::: index\n:::",
    "::: {.index .names}\n:::",
    "![数](data.csv){#tbl:b}\n\n注：单位为根。",
    "注[^3]{.translator}。\n\n[^3]: 译[^4]。\n[^4]: 注的注，引 [@li]。",
    "```{.graphviz #fig:flow caption=流程}\ndigraph { 头发 -> 软件 }\n```",
    "在[@sec:deep]{.page}。",
    "## 关于 @fig:a 的[小节](#小节)",
    "![见 @fig:b 与[某处](01.md)](images/dot.png){#fig:c}",
    "[头发]{.index range=start}，[软件]{.index see=头发}。",
    "[头发]{.index range=end}，\\index{头发!根}又。",
    "<a href='01.md#小节' id='小节'>生的</a><a name='sec-a'></a>",
    "[头发]{.term}和[无此词]{.term}，小节。",
    "::: glossary\n:::",
    '只[在台湾]{.only edition="zh-TW"}有，[见](nowhere.md)，<https://example.org>。',
    "::: {.list-of-tables}\n:::",
    ".. 同样的话 {#sec-a}\n\n同样的话。",
    "[又一节]{#又一节}，见[又一节](#又一节)与[头](#%E5%B0%8F%E8%8A%82)。",
)


# Stands behind all: what others refer to is there, or no book would be built.
LAST = """\
# 末尾

### 深的 {#sec:deep}

![图](images/dot.png){#fig:a}

![图](images/dot.png){#fig:b}

$$x$$ {#eq:a}

```{.python #lst:a caption="代码"}
pass
```

| 甲 | 乙 |
|--|--|
| 头发 | 一 |

: 表 {#tbl:a}
"""
SAID = (
    "number-sections: true",
    "index: index.yaml",
    "csl: gb-t-7714-2025-author-date",
    "bibliography-by: chapter",
    "notes: book",
    "sort-by: stroke",
    "quotes: keep",
    "definitions: d.yaml",
)


class Writer:
    """Changes a book of several chapters a little at a time, by a seed."""

    def __init__(self, book: Path, seed: int) -> None:
        self.by = random.Random(seed)  # no secret
        self.book = book
        self.chapters = {f"{number:02d}.md": self._texts() for number in range(1, 6)}
        self.order = list(self.chapters)
        self.files: dict[str, str | bytes | None] = dict(BOOK)

    def _texts(self) -> list[str]:
        return [f"# 第{self.by.randint(1, 3)}章", *self.by.choices(PARTS, k=self.by.randint(1, 6))]

    def change(self) -> None:
        """Change one thing, or two."""
        for _ in range(self.by.randint(1, 2)):
            self.by.choice([self._text, self._text, self._text, self._chapters, self._beside])()

    def _text(self) -> None:
        texts = self.chapters[self.by.choice(self.order)]
        at = self.by.randrange(len(texts))
        way = self.by.randrange(3)
        if way == 0 and len(texts) > 1:
            del texts[at]
        elif way == 1:
            texts.insert(at, self.by.choice(PARTS))
        else:
            texts[at] = self.by.choice((texts[at] + "改", self.by.choice(PARTS)))

    def _chapters(self) -> None:
        if self.by.random() < 0.2:  # a file has another name
            old, name = self.by.choice(self.order), f"{len(self.chapters) + 1:02d}.md"
            self.chapters[name] = self.chapters[old]
            self.order[self.order.index(old)] = name
        elif self.by.random() < 0.5 or len(self.order) < 3:
            name = f"{len(self.chapters) + 1:02d}.md"
            self.chapters[name] = self._texts()
            self.order.insert(self.by.randrange(len(self.order) + 1), name)
        elif self.by.random() < 0.5:
            self.order.remove(self.by.choice(self.order))
        else:
            self.by.shuffle(self.order)

    def _beside(self) -> None:
        name, contents = self.by.choice(
            [
                ("images/dot.png", [picture(color=one) for one in ("red", "black")]),
                ("images/dot.zh-TW.png", [None, picture(color="white")]),
                ("images/other.png", [None, picture(color="green"), b"no image"]),
                ("code/a.py", ["one = 1\n", "two = 2\n"]),
                ("glossary.yaml", ["terms: {}\n", "terms:\n  头发: {zh-TW: 毛髮}\nkeep: [软件]\n"]),
                ("refs.bib", [REFS, REFS.replace("2020", "2021"), REFS.replace("张三", "阿三")]),
                ("index.yaml", [INDEX, "[头发, 软件]", "names: {李四: }\n"]),
                ("d.yaml", ["头发: 一根一根的。\n", "头发: 很多根。\n小节: {definition: 一部分。, also: 正文}\n"]),
                ("data.csv", [TABLE, TABLE.replace("12", "13"), TABLE.replace(",", ";").encode("utf-16")]),
                ("decisions.yaml", ["", "zh-TW:\n  里:\n    - {before: 头发, as: 裡}\n"]),
            ]
        )
        self.files[name] = self.by.choice(contents)

    def write(self) -> None:
        """Write the book as it is now."""
        said = "".join(f"{one}\n" for one in SAID if self.by.random() < 0.2)
        chapters = ", ".join([*self.order, "last.md"])
        settings = f"title: 书\nlang: zh-CN\nslug: s\ndate: 2026-01-01\nchapters: [{chapters}]\n{said}"
        settings += "" if self.by.random() < 0.2 else "bibliography: refs.bib\n"
        texts = {name: "\n\n".join(parts) + "\n" for name, parts in self.chapters.items()}
        files = self.files | texts | {"last.md": LAST, "book.yaml": f"{settings}editions: [zh-CN, zh-TW]\n"}
        for name, content in files.items():
            if content is None:
                (self.book / name).unlink(missing_ok=True)
        write_book(self.book, files)


@pytest.mark.verify
@pytest.mark.parametrize("seed", [0, 1])
def test_whatever_a_writer_does_a_warm_build_derives_what_a_cold_one_does(seed, tmp_path, monkeypatch):
    book = tmp_path / "book"
    (book / "cache").mkdir(parents=True)
    monkeypatch.chdir(book)
    cache, writer = Cache(book / "cache", "this program"), Writer(book, seed)
    for step in range(7):
        writer.write()
        warm = told(book, cache, tmp_path / f"warm{step}")
        cold = told(book, Cache(), tmp_path / f"cold{step}")
        assert warm == cold, f"seed {seed}, step {step}"
        writer.change()


@pytest.mark.verify
@pytest.mark.parametrize("seed", [100])
def test_whatever_a_writer_does_a_warm_build_makes_the_bytes_of_a_cold_one(seed, tmp_path, monkeypatch):
    book = tmp_path / "book"
    book.mkdir()
    monkeypatch.chdir(book)
    for name, value in (("LONG", 0), ("_USUAL", 1), ("_GAIN", 1)):  # a PDF in parts
        monkeypatch.setattr(cut, name, value)
    writer = Writer(book, seed)
    for step in range(12):
        writer.write()
        formats = ("html", "epub", "pdf") if step % 3 == 2 else ("html", "epub")
        warm = built(book, tmp_path / f"warm{step}", formats)
        cold = built(book, tmp_path / f"cold{step}", formats, cache=False)
        assert warm == cold, f"seed {seed}, step {step}"
        writer.change()


def built(book: Path, output: Path, formats: tuple[str, ...], **options: object) -> object:
    """The files of a build and its findings; or why there are none."""
    try:
        report = make(book, output, *formats, **options)
    except PublishError as error:
        return str(error), error.place
    return state(output), [str(one).replace(output.name, "") for one in report.findings]
