"""Every place of a book that may be pointed at is one in its PDF: an index, another file, a reader's mark."""

from __future__ import annotations

import pikepdf

from publish.edition.xhtml import ids, parse
from publish.render import RenderContext
from publish.render.pdf import PdfRenderer
from publish.render.pdf.renderer import document
from tests.tiny import picture

TEXT = """\
# 头发 {#hair}

一段。[一处]{#spot} 有注。[^1]

[^1]: 注里[也有]{#in-note}。

## 小节 {#section}

::: {#box}
框里一段。
:::

- [甲]{#item}

| 表头 |
|:--|
| [格]{#cell} |

: 表一 {#tbl-one}

![图](dot.png){#fig-one}

```{.python #code}
print()
```

> [引文]{#quoted}

$$x$$ {#eq}
"""


def test_every_id_is_a_named_destination_on_the_page_of_its_place(make_book, tmp_path):
    book = make_book({"a.md": f"---\ntitle: 书\nauthor: 甲\n---\n\n{TEXT}", "dot.png": picture()}, ("zh-TW",))
    publication = book.editions["zh-TW"]
    html, _ = document(publication)
    PdfRenderer().render(publication, RenderContext(tmp_path / "pdf"))
    [file] = (tmp_path / "pdf").glob("*.pdf")
    with pikepdf.open(file) as pdf:
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        wanted = {name for name in ids(parse(html, soup=True)) if not name.startswith("-")}
        assert {"hair", "spot", "in-note", "section", "box", "item", "cell", "tbl-one", "fig-one", "code"} <= wanted
        assert wanted - set(names.keys()) == set()
        pages = [page.obj for page in pdf.pages]
        assert all(names[name][0] in pages for name in wanted)
