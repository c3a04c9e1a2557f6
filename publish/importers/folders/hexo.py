"""Hexo: posts below source/_posts, and its tags for images, links, code, quotations and notes."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

import yaml

from publish.importers.folders.blog import BlogImporter, link_to, post_named
from publish.importers.folders.engine import walk
from publish.importers.folders.gitbook import HINTS
from publish.importers.folders.masked import fenced
from publish.importers.folders.outline import PAGES, ContentsEntry, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.posts import people
from publish.importers.folders.tags import Tag, Write, rewrite_tags
from publish.importers.folders.tree import Tree
from publish.importers.protocol import LIKELY, SURE, Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of

NOTES = HINTS | {"default": "note", "primary": "note", "note": "note", "error": "danger", "caution": "warning"}

# What programs draw from words: a tag's name, and the language of the listing that its body is.
DRAWN = {
    "plantuml": "plantuml", "uml": "plantuml", "mermaid": "mermaid", "graphviz": "dot", "dot": "dot",
    "markmap": "markdown", "flow": "flow", "sequence": "sequence", "echarts": "js", "chart": "js",
}  # fmt: skip
FORMULAS = ("math", "katex", "mathjax")
CODE = " ".join(("codeblock", "code", *DRAWN, *FORMULAS))  # tags whose bodies are no prose


class HexoImporter(BlogImporter):
    """Folders of Hexo."""

    name = "hexo"
    about = "Hexo (_config.yml, source/_posts)"
    statics = ("source",)
    bare_front = True

    def sign(self, folder: Path) -> Claim | None:
        """source/_posts beside _config.yml."""
        if (folder / "source" / "_posts").is_dir():
            return Claim(SURE, "source/_posts")
        hexo = (folder / "_config.yml").is_file() and (folder / "source").is_dir() and (folder / "scaffolds").is_dir()
        return Claim(LIKELY, "_config.yml, source, scaffolds") if hexo else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The posts by date, then the other pages."""
        settings = read_config(tree, ("_config.yml",), ledger)
        base = str(settings.get("source_dir") or "source")
        self.permalink = str(settings.get("permalink") or ":year/:month/:day/:title/")
        self.authors = tuple(people(settings.get("author")))
        posts = [file for file in tree.files if file.startswith(f"{base}/_posts/") and file.lower().endswith(PAGES)]
        others = (
            tuple(self.posts([one.file for one in _flat(walk(tree, base, ledger)) if one.file], tree, ledger))
            if posts
            else walk(tree, base, ledger)
        )
        entries = (*self.posts(posts, tree, ledger), *others)
        return FolderOutline(blog_metadata(settings), entries, base, "", str(settings.get("url") or ""))

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Hexo's tags."""
        text = super().translate(page, reading)
        return rewrite_tags(
            text, _writers(page, reading), page, reading, code=" ".join(("codeblock", "code", *DRAWN, *FORMULAS))
        )


def read_config(tree: Tree, names: tuple[str, ...], ledger: Ledger) -> dict[str, Any]:
    """A YAML settings file; one that cannot be read is reported and counts as empty."""
    for name in names:
        if file := tree.find(name):
            try:
                read = yaml.safe_load(re.sub(r"\t", "  ", tree.text(file)))
            except yaml.YAMLError as error:
                ledger.unread("settings", 0, f"{name}: {' '.join(str(error).split())}", "the settings cannot be read")
                continue
            if isinstance(read, dict):
                return read
    return {}


def blog_metadata(settings: dict[str, Any]) -> dict[str, Any]:
    """A blog's metadata as keys of book.yaml."""
    language = settings.get("language") or settings.get("lang") or settings.get("locale") or ""
    language = language[0] if isinstance(language, list) and language else language
    return {
        "title": str(settings.get("title") or settings.get("name") or ""),
        "subtitle": str(settings.get("subtitle") or ""),
        "author": people(settings.get("author")),
        "description": str(settings.get("description") or ""),
        "lang": lang_of(str(language)),
    }


def _flat(entries: tuple[ContentsEntry, ...]) -> list[ContentsEntry]:
    return [each for one in entries for each in (one, *_flat(one.children))]


def _writers(page: FolderPage, reading: FolderReading) -> dict[str, Write]:
    def image(tag: Tag) -> str:
        words = list(tag.words)
        at = next((n for n, word in enumerate(words) if re.search(r"\.\w{2,5}$|^https?:|/", word)), 0)
        rest = [word for word in words[at + 1 :] if not re.fullmatch(r"\d+%?(?:px)?|auto", word)]
        alt = (re.findall(r"[^'\"]+", rest[-1])[-1] if rest and rest[-1].strip("'\" ") else "").strip()
        return f"![{alt}](<{words[at] if words else ''}>)"

    def post(tag: Tag) -> str | None:
        name, _, hash_ = tag.word(0).partition("#")
        file = post_named(name, reading.tree)
        title = " ".join(word for word in tag.words[1:] if word not in ("true", "false"))
        return link_to(file, title, reading, page).replace(">)", f"{'#' + hash_ if hash_ else ''}>)") if file else None

    def path(tag: Tag) -> str | None:
        file = post_named(tag.word(0), reading.tree)
        return posixpath.relpath(file, posixpath.dirname(page.file)) if file else None

    def link(tag: Tag) -> str:
        words = list(tag.words)
        at = next((n for n, word in enumerate(words) if re.match(r"https?:|/|#", word)), len(words) - 1)
        return f"[{' '.join(words[:at]) or words[at]}](<{words[at]}>)" if words else ""

    def asset(tag: Tag) -> str:
        return f"[{' '.join(tag.words[1:]) or tag.word(0)}](<{tag.word(0)}>)"

    def code(tag: Tag) -> str:
        *words, body = tag.words
        title = " ".join(word for word in words if not re.match(r"https?:", word))
        head = f"{title}\n\n" if title else ""
        return f"\n{head}{fenced(body, tag.get('lang'))}\n"

    def drawn(tag: Tag) -> str:
        return f"\n{fenced(tag.words[-1].strip(), DRAWN[tag.name])}\n"

    def formula(tag: Tag) -> str:
        body = tag.words[-1].strip().strip("$").strip()
        return f"\n$$\n{body}\n$$\n" if "\n" in tag.words[-1] else f"${body}$"

    def quotation(tag: Tag) -> str:
        cited = " ".join(tag.words)
        return f"\n::: {{.blockquote}}\n{cited}\n\n" if cited else "\n::: {.blockquote}\n"

    def note(tag: Tag) -> str:
        words = [word for word in tag.words if word not in ("no-icon", "flat", "modern", "simple", "disabled")]
        kind = NOTES.get(words[0], "note") if words else "note"
        title = " ".join(words[1:] if words and words[0] in NOTES else words)
        return f"\n::: {kind} {title}".rstrip() + "\n"

    def closing(_tag: Tag) -> str:
        return "\n:::\n"

    def nothing(_tag: Tag) -> str:
        return ""

    def folded(tag: Tag) -> str:
        return f"\n<details><summary>{' '.join(tag.words)}</summary>\n\n"

    def video(address: str) -> Write:
        return lambda tag: f"\n<{address.format(tag.word(0))}>\n"

    return {
        **dict.fromkeys(("asset_img", "img", "image"), image),
        "asset_link": asset,
        "asset_path": lambda tag: tag.word(0),
        "post_link": post,
        "post_path": path,
        "link": link,
        **dict.fromkeys(("codeblock", "code"), code),
        **dict.fromkeys(DRAWN, drawn),
        **dict.fromkeys(FORMULAS, formula),
        **dict.fromkeys(("blockquote", "quote", "cq", "centerquote", "pullquote", "note", "subnote"), note),
        **dict.fromkeys(("blockquote", "quote", "cq", "centerquote", "pullquote"), quotation),
        **dict.fromkeys(
            ("endblockquote", "endquote", "endcq", "endcenterquote", "endpullquote", "endnote", "endsubnote"), closing
        ),
        **dict.fromkeys(
            ("raw", "endraw", "tabs", "endtabs", "endtab", "gp", "endgp", "grouppicture", "endgrouppicture"), nothing
        ),
        "tab": lambda tag: f"\n**{' '.join(tag.words)}**\n",
        **dict.fromkeys(("fold", "details", "spoiler", "hideToggle"), folded),
        **dict.fromkeys(("endfold", "enddetails", "endspoiler", "endhideToggle"), lambda _tag: "\n</details>\n"),
        "youtube": video("https://www.youtube.com/watch?v={}"),
        "vimeo": video("https://vimeo.com/{}"),
        "bilibili": video("https://www.bilibili.com/video/{}"),
        "gist": video("https://gist.github.com/{}"),
        "jsfiddle": video("https://jsfiddle.net/{}"),
        "more": nothing,
    }
