"""Small manuscripts as people write them, and what a reader must get: dialects, input marks, code, prices, paths."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
import yaml

from publish.edition.derive import derive
from publish.edition.publication import Publication
from publish.findings import Finding
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

FIXTURE = Path(__file__).parent.parent / "fixtures/manuscripts.yaml"
CASES = yaml.safe_load(FIXTURE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> tuple[Publication, tuple[Finding, ...]]:
    """A book with each case as a chapter, in the edition of its own script."""
    root = tmp_path_factory.mktemp("manuscripts")
    for case in CASES:
        (root / f"{case['id']}.md").write_bytes(case["source"].encode())
    settings = {"title": "试书", "lang": "zh-CN", "chapters": [f"{case['id']}.md" for case in CASES]}
    (root / "book.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    project = read_project(root)
    manuscript = read_manuscript(project)
    publication = derive(project, manuscript, project.edition("zh-CN"), root / "out")
    return publication, (*manuscript.findings, *publication.findings)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_reader_gets_what_the_author_wrote(case, read):
    publication, findings = read
    [chapter] = [one for one in publication.chapters if one.key == case["id"]]
    markup = re.sub(r"<(/?)[\w]+:", r"<\1", chapter.xhtml)
    shown = html.unescape(re.sub(r"<[^>]*>", "", markup))
    folded = re.sub(r"\s+", " ", shown)
    assert [one for one in case.get("text", []) if one not in shown and one not in folded] == []
    assert [one for one in case.get("html", []) if not re.search(one, markup)] == []
    assert [one for one in case.get("not", []) if re.search(one, shown)] == []
    assert [one for one in case.get("not_html", []) if re.search(one, markup)] == []
    if "say" in case:
        assert any(re.search(case["say"], str(one)) for one in findings)
