"""A single Markdown file brings what it needs of the files beside it."""

import pytest
import yaml

from publish.importers import import_source
from tests.tiny import PNG

BIB = "@book{knuth, title={The TeXbook}, author={Knuth, Donald}, year={1984}, publisher={AW}}\n"


@pytest.mark.parametrize("front", ["title: 文\nbibliography: refs.bib\ncsl: none.csl", "title: 文"])
def test_pictures_and_literature_of_a_single_file_come_along(tmp_path, front):
    home = tmp_path / "in"
    (home / "文.assets").mkdir(parents=True)
    (home / "文.assets" / "图 1.png").write_bytes(PNG)
    (home / "refs.bib").write_text(BIB, "utf-8")
    (home / "other.bib").write_text(BIB.replace("knuth,", "lamport,"), "utf-8")
    (tmp_path / "out.png").write_bytes(PNG)
    body = "如[@knuth]说。\n\n![图](文.assets/图%201.png)\n\n![外](../out.png)\n\n<img src='none.png'>\n\n![网](https://a.cn/a.png)\n"
    (home / "文.md").write_text(f"---\n{front}\n---\n\n{body}", "utf-8")
    report = import_source(home / "文.md", tmp_path / "book")
    book = yaml.safe_load((tmp_path / "book" / "book.yaml").read_text("utf-8"))
    assert book["bibliography"] == ["refs.bib"]
    files = {one.relative_to(tmp_path / "book").as_posix() for one in (tmp_path / "book").rglob("*.*")}
    assert {"文.assets/图 1.png", "refs.bib"} <= files
    assert "other.bib" not in files
    told = {(one.code, one.excerpt) for one in report.decisions}
    assert {("image-missing", "../out.png"), ("image-missing", "none.png")} <= told
    assert (("style-missing", "none.csl") in told) == ("csl" in front)
    assert not any(one.code == "metadata-unknown" for one in report.decisions)
