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
