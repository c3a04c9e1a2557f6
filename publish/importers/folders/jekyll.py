"""Jekyll: posts below _posts, Liquid's tags and variables, kramdown's attributes."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from publish.importers.folders.blog import BlogImporter, link_to, post_named
from publish.importers.folders.engine import masked_sub
from publish.importers.folders.hexo import blog_metadata, read_config
from publish.importers.folders.masked import Masked, fenced
from publish.importers.folders.outline import PAGES, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.posts import people
from publish.importers.folders.tags import Tag, Write, rewrite_tags
from publish.importers.folders.tree import Tree
from publish.importers.protocol import LIKELY, SURE, Claim
from publish.importers.report import Ledger

_VARIABLE = re.compile(r"\{\{-?\s*(?P<inner>(?:[^{}\"']|\"[^\"]*\"|'[^']*')+?)\s*-?\}\}")
_LIST_TOC = re.compile(r"(?m)^[ \t]*[-*+\d.]+[ \t]+\S.*\n\{:\s*toc\b[^}\n]*\}[ \t]*$|^\{:\s*toc\b[^}\n]*\}[ \t]*$")
_ATTRIBUTE = re.compile(r"(?<=[)\]`*_}])\{:(?P<inner>[^{}\n]*)\}")
_BLOCK_ATTRIBUTE = re.compile(r"(?m)^[ \t>]*\{::?[^{}\n]*\}[ \t]*\n?")

_RAW = re.compile(r"\{%-?[ \t]*raw[ \t]*-?%\}(?P<body>.*?)\{%-?[ \t]*endraw[ \t]*-?%\}", re.DOTALL)
# The braces of what is raw, so that nothing in it is read as a tag.
_DISGUISED = str.maketrans("{}", "\ue010\ue011")
_UNDISGUISED = str.maketrans("\ue010\ue011", "{}")
_LOOP = re.compile(r"\{%-?[ \t]*for\b[^%]*%\}(?:(?!\{%-?[ \t]*(?:end)?for\b).)*\{%-?[ \t]*endfor[ \t]*-?%\}", re.DOTALL)
_CONTROL = re.compile(
    r"\{%-?[ \t]*(?:(?:end)?(?:if|unless|case|capture)|els(?:e|if)|when|assign|increment|decrement|cycle)\b[^%]*%\}"
)


class JekyllImporter(BlogImporter):
    """Folders of Jekyll."""

    name = "jekyll"
    about = "Jekyll (_config.yml, _posts)"

    def sign(self, folder: Path) -> Claim | None:
        """_posts or other collections beside _config.yml; posts alone are likely a blog's, taken out of its folder."""
        settings = (folder / "_config.yml").is_file() or (folder / "_config.yaml").is_file()
        if (folder / "_posts").is_dir() and settings:
            return Claim(SURE, "_config.yml, _posts")
        if (folder / "_posts").is_dir():
            return Claim(LIKELY, "_posts")
        layouts = settings and ((folder / "_layouts").is_dir() or (folder / "Gemfile").is_file())
        return Claim(LIKELY, "_config.yml") if layouts and not (folder / "source").is_dir() else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The posts by date, then the other collections and pages."""
        settings = read_config(tree, ("_config.yml", "_config.yaml"), ledger)
        base = str(settings.get("source") or "").strip("./")
        self._settings = settings
        self.permalink = _permalink(str(settings.get("permalink") or "date"))
        self.authors = tuple(people(settings.get("author")))
        pages = [file for file in tree.files if file.lower().endswith(PAGES) and not file.startswith(".")]
        posts = [file for file in pages if "_posts/" in file]
        others = [file for file in pages if file not in posts and self._is_page(file, tree, settings)]
        entries = (*self.posts(posts, tree, ledger), *self.posts(others, tree, ledger))
        home = f"{settings.get('url') or ''}{settings.get('baseurl') or ''}"
        return FolderOutline(blog_metadata(settings), entries, base, "", home if home.startswith("http") else "")

    def _is_page(self, file: str, tree: Tree, settings: dict[str, Any]) -> bool:
        """Whether a file is a page of the site: it has front matter, and is not in one of Jekyll's own folders."""
        collections = settings.get("collections")
        names = {f"_{name}" for name in collections} if isinstance(collections, dict | list) else set()
        folders = file.split("/")[:-1]
        ours = all(not step.startswith(("_", ".")) or step in names for step in folders)
        with tree.path(file).open("rb") as opened:
            return ours and opened.read(8).lstrip(b"\xef\xbb\xbf").startswith(b"---")

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Liquid's tags and variables, kramdown's attributes and formulas."""
        text = _RAW.sub(lambda match: match["body"].translate(_DISGUISED), super().translate(page, reading))
        text = _without_programs(text, page, reading)
        text = rewrite_tags(text, _writers(page, reading), page, reading, code="highlight")
        text = masked_sub(text, _VARIABLE, lambda match: self._value(match, page, reading))
        text = masked_sub(text, _LIST_TOC, "")
        text = masked_sub(text, _ATTRIBUTE, _attributes)
        text = masked_sub(text, _BLOCK_ATTRIBUTE, lambda match: _dropped(match, page, reading))
        text = masked_sub(text, r"(?P<before>[^\n$])\$\$(?!\$)([^\n$]+?)\$\$", r"\g<before>$\2$")
        return text.translate(_UNDISGUISED)

    def _value(self, match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
        expression, *filters = [part.strip() for part in match["inner"].split("|")]
        if literal := re.fullmatch(r"([\"'])(.*)\1", expression):
            value: Any = literal[2]
        elif expression in ("site.baseurl", "site.url", "site.root"):
            return ""
        elif expression.startswith("site."):
            value = self._settings.get(expression.removeprefix("site."))
        elif expression.startswith("page."):
            value = page.front.keys.get(expression.removeprefix("page."))
        else:
            value = None
        if not isinstance(value, str | int | float):
            reading.ledger.unread("variable-unread", page.line(match[0]), match[0], "an unknown variable")
            return match[0]
        rooted = any(one in ("relative_url", "absolute_url") for one in filters)
        return f"/{str(value).lstrip('/')}" if rooted else str(value)


def _without_programs(text: str, page: FolderPage, reading: FolderReading) -> str:
    """A text without the loops that fill a page from the site, and without conditions around what stays."""
    masked = Masked(text)
    current, found = masked.text, re.findall(r"\{%-?[ \t]*for\b[^%]*%\}", masked.text)
    while (shorter := _LOOP.sub("", current)) != current:
        current = shorter
    if found:
        reading.ledger.decide(
            "program-dropped", page.line(found[0]), found[0], "left out", f"{len(found)} loops that fill the page"
        )
    return masked.unmask(_CONTROL.sub("", current))


def _permalink(style: str) -> str:
    styles = {
        "date": "/:categories/:year/:month/:day/:title",
        "pretty": "/:categories/:year/:month/:day/:title/",
        "ordinal": "/:categories/:year/:title",
        "none": "/:categories/:title",
    }
    return styles.get(style, style)


def _writers(page: FolderPage, reading: FolderReading) -> dict[str, Write]:
    def code(tag: Tag) -> str:
        *words, body = tag.words
        return f"\n{fenced(body, words[0] if words else '')}\n"

    def post(tag: Tag) -> str | None:
        file = post_named(tag.word(0), reading.tree)
        return posixpath.relpath(file, posixpath.dirname(page.file) or ".") if file else None

    def link(tag: Tag) -> str | None:
        file = reading.tree.find(tag.word(0).lstrip("/"))
        return f"/{file}" if file else None

    def include(tag: Tag) -> str | None:
        name = tag.word(0)
        source = next(
            (tag.get(key) for key in ("src", "url", "path", "image_path", "image", "file") if tag.get(key)), ""
        )
        if source and ("fig" in name or "image" in name or "img" in name):
            alt = next((tag.get(key) for key in ("caption", "alt", "title", "description") if tag.get(key)), "")
            return f"\n![{alt}](<{source}>)\n"
        file = reading.tree.find(f"_includes/{name}")
        if file and file.lower().endswith((".md", ".markdown")):
            reading.ledger.count("includes")
            return reading.tree.text(file)
        return None

    return {
        "highlight": code,
        "post_url": post,
        "link": link,
        "include": include,
        "include_relative": include,
        **dict.fromkeys(("raw", "endraw", "comment", "endcomment"), lambda _tag: ""),
        "youtube": lambda tag: f"\n<https://www.youtube.com/watch?v={tag.word(0)}>\n",
        "gist": lambda tag: f"\n<https://gist.github.com/{tag.word(0)}>\n",
    }


def _attributes(match: re.Match[str]) -> str:
    """`{:width="300px" .wide}` after an image or a link as pandoc writes it."""
    inner = match["inner"].strip()
    kept = re.findall(r"(?:[#.][\w-]+|(?:width|height|id|class|lang)=(?:\"[^\"]*\"|'[^']*'|\S+))", inner)
    kept = [one for one in kept if one != ".no_toc"]
    return "{" + " ".join(kept) + "}" if kept else ""


def _dropped(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    reading.ledger.decide(
        "attributes-dropped", page.line(match[0].strip()), match[0], "left out", "kramdown's attributes"
    )
    return "\n" if match[0].endswith("\n") else ""


__all__ = ["JekyllImporter", "link_to"]
