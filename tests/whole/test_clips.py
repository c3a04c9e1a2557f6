"""Importing real clips, where they are at hand, keeps every word and gives back paragraphs, figures and speakers."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pypandoc
import pytest
import yaml

from publish.importers import import_clip

INPUTS = Path(__file__).parents[3] / "shared" / "inputs"
ILYA = INPUTS / "wechat-ilya-neurips2024.md"
CLIPS = ("wechat-ilya-neurips2024", "wechat-jiqizhixin-keras", "wechat-qbitai-mamba2")

pytestmark = pytest.mark.skipif(not ILYA.exists(), reason="the clips are not part of the repository")


def nodes(tree, kind):
    found = []
    if isinstance(tree, dict):
        found += [tree] if tree.get("t") == kind else []
        tree = list(tree.values())
    if isinstance(tree, list):
        found += [one for part in tree for one in nodes(part, kind)]
    return found


def text(tree):
    if isinstance(tree, dict):
        if tree.get("t") in ("Str", "Code"):
            return tree["c"] if tree["t"] == "Str" else tree["c"][1]
        if tree.get("t") in ("Space", "SoftBreak"):
            return " "
        if tree.get("t") == "Image":
            return ""
        tree = [tree.get("c")]
    return "".join(map(text, tree)) if isinstance(tree, list) else ""


def squeezed(string):
    return "".join(string.split())


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("import")
    result = {}
    for name in CLIPS:
        report = import_clip(INPUTS / f"{name}.md", folder / name)
        markdown = (folder / name / f"{name}.md").read_text(encoding="utf-8")
        tree = json.loads(pypandoc.convert_text(markdown, "json", format="markdown-smart"))
        result[name] = (folder / name, report, markdown, tree["blocks"])
    return result


@pytest.fixture(scope="module")
def ilya(imported):
    return imported[ILYA.stem]


def test_the_head_becomes_book_yaml(ilya):
    book = yaml.safe_load((ilya[0] / "book.yaml").read_text(encoding="utf-8"))
    head = ILYA.read_text(encoding="utf-8").split("\n")
    assert book["title"] == head[0].removeprefix("# ")
    assert book["author"] == book["publisher"] == "机器之心"
    assert book["date"] == "2024-12-14T11:45:00+08:00"
    assert (book["coverage"], book["lang"]) == ("北京", "zh-CN")
    assert "chksm" not in book["source"]
    assert "#" not in book["source"]
    assert book["source"] in ILYA.read_text(encoding="utf-8")
    assert book["identifier"] == "wechat:MzA3MzI4MjgzMw==:2650947130:1"
    assert book["cover-image"].startswith("https://mmbiz.qpic.cn/")
    assert "liyazhou@jiqizhixin.com" in book["rights"]
    assert book["chapters"] == [f"{book['slug']}.md"]


def test_each_two_space_line_end_ends_a_paragraph(ilya):
    lines = [line for line in ILYA.read_text(encoding="utf-8").split("\n") if line.endswith("  ") and line.strip()]
    assert len(lines) == 82
    blocks = [*nodes(ilya[3], "Para"), *nodes(ilya[3], "Plain")]
    ends = [squeezed(text(block)) for block in blocks]
    images = [image["c"][2][0] for image in nodes(ilya[3], "Image")]
    footer = yaml.safe_load((ilya[0] / "book.yaml").read_text(encoding="utf-8"))["rights"]
    for line in lines:
        if line.startswith("!["):
            assert re.search(r"\((.*)\)", line)[1] in images
            continue
        end = squeezed(re.sub(r"\]\([^)]*\)|[*_\[]", "", line))[-7:]
        assert any(block.endswith(end) for block in (*ends, squeezed(footer).replace("_", ""))), line


def test_doubtful_breaks_are_decided_and_listed(ilya):
    lines = ILYA.read_text(encoding="utf-8").split("\n")
    decided = {
        decision.line for decision in ilya[1].decisions if decision.code in ("break-kept", "wrap-joined", "image-split")
    }
    doubtful = {
        number
        for number, line in enumerate(lines, 1)
        if re.search(r"[。？！”]$", line) and lines[number].strip() and not line.startswith(("#", ">", " "))
    }
    in_line = {number for number, line in enumerate(lines, 1) if re.search(r"[。？] \S", line)}
    images = {number - 1 for number in decided if lines[number - 1].startswith("![")}
    assert doubtful
    assert doubtful | in_line <= decided | images
    assert "“幻觉”现象" in ilya[2]


def test_paragraphs_figures_list_and_speakers(ilya):
    _, report, markdown, tree = ilya
    running = [block for block in tree if block["t"] == "Para" and text(block)]
    assert 65 <= len(running) <= 80
    assert report.counts["paragraphs"] == len(running)
    assert report.counts["figures"] == 19
    alone = [block for block in nodes(tree, "Para") if len(block["c"]) == 1 and block["c"][0]["t"] == "Image"]
    assert len(alone) == len(nodes(tree, "Image")) == 19
    assert all(not image["c"][1] for image in nodes(tree, "Image"))
    assert sum(decision.code == "alt-missing" for decision in report.decisions) == 19
    (listing,) = nodes(tree, "BulletList")
    assert len(listing["c"]) == 3
    speakers = [text(span) for span in nodes(tree, "Span") if "speaker" in span["c"][0][1]]
    assert speakers.count("Ilya：") == 5
    assert speakers.count("提问：") == 7
    assert all("dialogue" in div["c"][0][1] for div in nodes(tree, "Div"))
    assert "\n\n接下来是第二位提问者。\n\n" in markdown
    assert "sutskever-sees-openai" in markdown


@pytest.mark.parametrize("name", CLIPS)
def test_no_hard_line_break_is_left_and_no_word_lost(imported, name):
    folder, report, _, tree = imported[name]
    assert not nodes(tree, "LineBreak")
    clip = (INPUTS / f"{name}.md").read_bytes()
    assert (folder / "raw" / f"{name}.md").read_bytes() == clip
    assert report.originals == {f"{name}.md": hashlib.sha256(clip).hexdigest()}
    body = re.split(r"(?m)^(?:原文链接|封面图链接).*\n", clip.decode())[-1]
    words = re.findall(r"[⺀-鿿]", re.sub(r"\]\([^)]*\)", "", body))
    promised = report.metadata["rights"].partition("原文末尾：")[2]
    assert words == re.findall(r"[⺀-鿿]", text(tree) + promised)


def test_a_quotation_keeps_its_paragraphs_and_a_glued_byline_is_parted(imported):
    _, report, markdown, tree = imported["wechat-jiqizhixin-keras"]
    assert [len(quote["c"]) for quote in nodes(tree, "BlockQuote")] == [2, 2]
    assert markdown.startswith("机器之心报道\n\n**编辑：蛋酱**\n\n")
    assert "[「Keras 已经被谷歌杀死了」](" in markdown
    assert report.counts["headings"] == 0


def test_doubled_strong_marks_and_html2text_spaces_are_mended(imported):
    _, report, markdown, _ = imported["wechat-qbitai-mamba2"]
    assert "**Transformer和状态空间模型**（SSM）**竟然是近亲？？**\n" in markdown
    assert "作者依然是**Albert Gu**和**Tri Dao**两位。" in markdown
    assert "混合模型**的性能" in markdown
    assert "##### " not in markdown
    assert report.counts["headings"] == 2
    assert "一键三连" not in markdown
    assert "一键三连" in report.metadata["rights"]
    assert any("wx_fmt=svg" in decision.excerpt for decision in report.decisions if decision.code == "boilerplate")
