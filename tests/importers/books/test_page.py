"""A saved web page gives its article: text, pictures, tables and code; what is left out is told."""
# ruff: noqa: E501  # markup is read as it stands

from __future__ import annotations

import base64

import pytest
import yaml

from publish.errors import PublishError
from publish.importers import import_source
from tests.tiny import picture

P = "<p>山里的夜很静，只听见溪水从石头上流过的声音，和远处偶尔传来的一两声狗叫。</p>"
ARTICLE = f"""<h1>山中一夜</h1>{P * 3}<h2>小节</h2><pre><code class="language-python">def f(): # 注
    return 1</code></pre><table><tr><th>甲</th><th>乙</th></tr><tr><td>子</td><td>丑</td></tr></table>
<p><img data-src="https://example.org/lazy.png" src="x.gif" alt="夜"></p><p><img src="data:image/png;base64,{base64.b64encode(picture()).decode()}"></p>
<p>见<a href="https://example.org/">这里</a>。</p>"""
HEAD = '<meta charset="utf-8"><title>山中一夜 - 某站</title><meta name="author" content="山房"><meta property="article:published_time" content="2025-03-01T08:05:00+08:00"><link rel="canonical" href="https://example.org/night">'
PAGES = {
    "article": f"<html lang='zh-CN'><head>{HEAD}</head><body><nav>首页 关于 登录</nav><article>{ARTICLE}</article><aside>热门文章</aside></body></html>",
    "wechat": f"<html><head><meta charset='utf-8'></head><body><h1 id='activity-name'> 山中一夜 </h1><span id='js_name'>山房</span><em id='publish_time'>2025年03月01日 08:05</em><div id='js_content'>{ARTICLE}</div><div>阅读原文 赞</div></body></html>",
    "bare": f"<html><head>{HEAD}</head><body>{ARTICLE}</body></html>",
    "found": f"<html><head>{HEAD}</head><body><nav>首页 关于 登录</nav><div class='x'><div class='content'>{ARTICLE}</div></div><footer>版权所有</footer></body></html>",
}


def run(folder, page, **choices):
    path = folder / "night.html"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    report = import_source(path, folder / "book", choices=choices)
    book = yaml.safe_load((folder / "book" / "book.yaml").read_text(encoding="utf-8"))
    return report, book, "".join((folder / "book" / name).read_text(encoding="utf-8") for name in book["chapters"])


@pytest.mark.parametrize("name", PAGES)
def test_the_article_comes_in_with_code_tables_and_pictures(tmp_path, name):
    report, book, text = run(tmp_path, PAGES[name])
    assert book["title"].startswith("山中一夜")
    assert book["author"] == "山房"
    assert book["date"].startswith("2025-03-01")
    assert text.count("山里的夜很静") == 3
    assert "return 1" in text
    assert "子" in text
    assert "https://example.org/lazy.png" in text
    assert "[这里](https://example.org/)" in text
    assert len(list((tmp_path / "book" / "images").iterdir())) == 1
    assert "首页" not in text
    assert "热门文章" not in text
    if name != "bare":
        assert "outside-left-out" in {one.code for one in report.decisions}


def test_all_that_the_page_shows_is_taken_when_asked_for(tmp_path):
    assert "热门文章" in run(tmp_path, PAGES["article"], take="page")[2]


def test_a_page_in_another_encoding_is_converted(tmp_path):
    page = PAGES["article"].replace("utf-8", "gb2312").encode("gb18030")
    assert "山里的夜很静" in run(tmp_path, page)[2]


def test_a_page_without_text_is_refused(tmp_path):
    with pytest.raises(PublishError, match=r"no text|empty"):
        run(tmp_path, "<html><body><script>x()</script></body></html>")


def test_an_article_is_one_chapter_with_its_headings_as_sections(tmp_path):
    body = f"<p>说明</p><h1>山中一夜</h1>{P * 3}<h2>上山</h2>{P}<h1>尾声</h1>{P}"
    page = f"<html><head>{HEAD}</head><body><nav>首页</nav><div class='post-content'>{body}</div></body></html>"
    _, book, text = run(tmp_path, page)
    assert (book["title"], book["chapters"]) == ("山中一夜", ["night.md"])
    assert [line for line in text.split("\n") if line.startswith("#")] == ["### 上山", "## 尾声"]
    assert text.startswith("说明\n")


def test_a_long_page_with_headings_is_a_book_of_chapters(tmp_path):
    body = "".join(f"<h1>第{n}章</h1>{P * 400}" for n in "一二三四")
    page = f"<html><head>{HEAD}</head><body><article>{body}</article></body></html>"
    assert len(run(tmp_path, page)[1]["chapters"]) == 4


def test_formulas_drawn_by_mathjax_and_katex_are_tex(tmp_path):
    katex = (
        "<span class='katex'><span class='katex-mathml'><math><semantics><mi>x</mi>"
        "<annotation encoding='application/x-tex'>x_1</annotation></semantics></math></span>"
        "<span class='katex-html'>x1</span></span>"
    )
    mathjax = "<span class='MathJax_Preview'>y</span><script type='math/tex; mode=display'>y^2</script>"
    body = f"{P}<p>行内 \\(G=(V,E)\\) 与 {katex}。</p><p>{mathjax}</p>"
    _, _, text = run(tmp_path, f"<html><head>{HEAD}</head><body><article>{body}</article></body></html>")
    assert "行内 $G=(V,E)$ 与 $x_1$。" in text
    assert "$$y^2$$" in text
    assert "x1" not in text


def test_the_name_of_the_site_and_an_address_without_a_host_are_left_out(tmp_path):
    head = '<meta charset="utf-8"><title>山中一夜 | 某站</title><link rel="canonical" href="night.html">'
    report, book, _ = run(tmp_path, f"<html><head>{head}</head><body><article>{ARTICLE}</article></body></html>")
    assert book["title"] == "山中一夜"
    assert not {"source", "identifier"} & book.keys()
    assert "identifier-from-source" not in [one.code for one in report.decisions]


def test_a_dot_that_counts_readers_is_no_picture(tmp_path):
    dot = "<img src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' alt=''>"
    page = f"<html><head>{HEAD}</head><body><article>{P * 3}<p>点{dot}后</p></article></body></html>"
    report, _, text = run(tmp_path, page)
    assert "点后" in text
    assert not report.counts.get("images")


def test_the_notes_and_languages_of_a_word_processor_s_page(tmp_path):
    words = "".join(f'<p><span lang="ZH-CN">第{at}段的话</span><span lang="EN-US">{at}</span>。</p>' for at in range(6))
    called = '<p>甲<a href="#_ftn1" name="_ftnref1">[1]</a>乙。</p>'
    note = '<div id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> 注的话。</p><p>又一段。</p></div>'
    _, _, text = run(tmp_path, f"<html><head>{HEAD}</head><body>{P}{words}{called}<hr><div>{note}</div></body></html>")
    assert "第0段的话0。" in text
    assert "甲[^1]乙。" in text
    assert "[^1]: 注的话。\n\n    又一段。" in text


@pytest.mark.parametrize(
    "classes", ["brush:java", "brush: java; toolbar: false", "prettyprint lang-java", "hljs language-java", "java"]
)
def test_the_language_of_a_listing_is_found_among_what_else_is_said_of_it(tmp_path, classes):
    words = "山里有人家，门前一条河。" * 9
    page = f"<html><title>题</title><body><p>{words}</p><pre class='{classes}'>int a;</pre></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    import_source(tmp_path / "a.html", tmp_path / "book")
    assert "``` java\nint a;\n```" in (tmp_path / "book/a.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "comment",
    [
        "<!--\n Page saved with SingleFile \n url: https://example.org/night \n saved date: Wed Sep 24 2025\n-->",
        "<!-- saved from url=(0025)https://example.org/night -->",
    ],
)
def test_the_address_that_a_browser_notes_is_the_source(tmp_path, comment):
    page = f"<!DOCTYPE html>\n{comment}<html>{comment}<head><meta charset='utf-8'></head><body>{ARTICLE}</body></html>"
    assert run(tmp_path, page)[1]["source"] == "https://example.org/night"
