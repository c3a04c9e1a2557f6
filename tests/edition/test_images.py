"""Images: placed in an edition, or what stands where they would."""

from __future__ import annotations


def test_a_heading_tells_of_no_host_of_a_picture(make_book):
    book = make_book(
        "# ![标](https://a.example/a.png) 南窗\n\n一。\n\n## ![北窗](https://a.example/b.png)北窗\n\n"
        '<h2><img src="https://a.example/c.png" alt="西窗"><br>西窗</h2>\n\n二。\n',
        ("zh-CN",),
    )
    page = book.page("zh-CN")
    assert "<h1>标 南窗</h1>" in page
    assert "<h2>北窗</h2>" in page
    assert page.count("西窗") == 1
    assert "a.example" not in page
    assert sum(one.code == "img-remote" for one in book.findings) == 3


def test_an_address_without_a_scheme_is_one_on_another_host(make_book):
    book = make_book(
        '# 题\n\n![清晨](//a.example/1.jpg)\n\n![小](//a.example/2.jpg)与<img src="//a.example/3.jpg" alt="三">。\n',
        ("zh-CN",),
    )
    assert book.page("zh-CN").count('href="https://a.example/') == 3
    assert {one.code for one in book.findings} == {"img-remote", "book-none"}
