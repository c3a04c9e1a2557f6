"""A folder in several languages is one book in one of them, and says what it left out."""

import pytest

from publish.importers import import_source
from tests.tiny import PNG

CHINESE = "这一页讲头发怎样洗，洗了以后怎样吹，吹了以后怎样剪。\n"
ENGLISH = "This page tells how hair is washed, dried and cut.\n"


def pages(book):
    return [one if isinstance(one, str) else one.get("file") or one["part"] for one in book["chapters"]]


@pytest.mark.parametrize(
    ("files", "taken"),
    [
        (
            {
                "_config.yml": "title: 书\n",
                "source/_posts/a.md": f"---\ntitle: A\ndate: 2020-01-01\n---\n{ENGLISH}",
                "source/_posts/a.zh-CN.md": f"---\ntitle: 甲\ndate: 2020-01-01\n---\n{CHINESE}",
                "source/_posts/b.md": f"---\ntitle: 乙\ndate: 2020-01-02\n---\n{CHINESE}",
            },
            ["_posts/a.zh-CN.md", "_posts/b.md"],
        ),
        (
            {
                "_config.yml": "title: 书\n",
                "source/_posts/a.md": f"---\ntitle: 甲\nlang: zh-CN\ndate: 2020-01-01\n---\n{CHINESE}",
                "source/_posts/b.md": f"---\ntitle: B\nlang: en\ndate: 2020-01-02\n---\n{ENGLISH}",
            },
            ["_posts/a.md"],
        ),
        (
            {
                "_config.yml": "title: 书\n",
                "source/_posts/x.md": f"---\ntitle: X\ndate: 2020-01-01\n---\n{ENGLISH}",
                "source/zh-tw/docs/a.md": f"---\ntitle: 甲\n---\n{CHINESE}",
                "source/zh-tw/docs/b.md": f"---\ntitle: 乙\n---\n{CHINESE}",
                "source/docs/a.md": f"---\ntitle: A\n---\n{ENGLISH}",
                "source/docs/b.md": f"---\ntitle: B\n---\n{ENGLISH}",
                "source/ko/docs/a.md": f"---\ntitle: K\n---\n{ENGLISH}",
            },
            ["zh-tw/docs/a.md", "zh-tw/docs/b.md"],
        ),
        (
            {
                "en/guide.md": f"# G\n\n{ENGLISH}",
                "zh/guide.md": f"# 导\n\n{CHINESE}",
                "en/more.md": f"# M\n\n{ENGLISH}",
            },
            ["zh"],
        ),
        ({"a.md": f"# 甲\n\n{CHINESE}", "a.en.md": f"# A\n\n{ENGLISH}", "p.png": PNG}, ["a.md"]),
    ],
    ids=["names", "front matter", "folders beside the own", "folders", "the own is Chinese"],
)
def test_the_chinese_pages_are_the_book(run, files, taken):
    report, book, _ = run(files)
    assert pages(book) == taken
    [told] = [one for one in report.decisions if one.code == "language"]
    assert "left out" in told.choice


def test_another_language_is_taken_where_it_is_named(run, tmp_path):
    run({"en/guide.md": f"# G\n\n{ENGLISH}", "zh/guide.md": f"# 导\n\n{CHINESE}"})
    report = import_source(tmp_path / "book", tmp_path / "other", choices={"language": "en-US"})
    assert [path for path in report.files if path.endswith(".md")] == ["en/guide.md"]


@pytest.mark.parametrize(
    "files",
    [
        {"cs/README.md": "# 计算机\n", "it/README.md": "# 信息\n", "cs/os.md": "# 系统\n", "it/net.md": "# 网\n"},
        {"en/one.md": "# 英\n", "zh/two.md": "# 中\n"},
        {"a.md": "# 甲\n", "b_it.md": "# 乙\n"},
    ],
)
def test_folders_that_only_look_like_languages_stay(run, files):
    report, _, _ = run(files)
    assert len([path for path in report.files if path.endswith(".md")]) == len(files)
    assert "language" not in [one.code for one in report.decisions]
