"""Code that a page takes from a file beside it comes along with the page."""

from __future__ import annotations

from publish.source.project import read_project


def test_the_files_of_listings_are_taken_and_found(run, tmp_path):
    page = """# 题

```{.python include="../code/a.py" lines="1-1"}
```

```c include=nothing.c
```

```sh
echo include="b.sh"
```
"""
    _, _, read = run({"章/一.md": page, "code/a.py": "print(1)\n", "章/b.sh": "x\n"})
    assert '```{.python include="../code/a.py" lines="1-1"}' in read("章/一.md")
    assert "```c include=nothing.c" in read("章/一.md")
    assert read("code/a.py") == "print(1)\n"
    assert read_project(tmp_path / "book-out").chapters
