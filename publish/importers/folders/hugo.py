"""Hugo: sections and page bundles below content/, weights and dates, shortcodes."""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from publish.importers.folders.blog import BlogImporter, post_named
from publish.importers.folders.front import Front, read_front
from publish.importers.folders.gitbook import HINTS
from publish.importers.folders.masked import Masked, fenced
from publish.importers.folders.outline import PAGES, ContentsEntry, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.posts import by_year, date_of, people
from publish.importers.folders.tags import Strange, Tag, read_tag
from publish.importers.folders.tree import Tree
from publish.importers.protocol import LIKELY, SURE, Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of
from publish.source.order import natural

SETTINGS = tuple(
    f"{name}.{suffix}"
    for name in ("hugo", "config", "config/_default/hugo", "config/_default/config")
    for suffix in ("toml", "yaml", "yml", "json")
)
_CODE = re.compile(
    r"\{\{([<%])\s*(?P<name>highlight|code|codes?block|mermaid|katex|math|raw|rawhtml|unsafe)\b(?P<argument>[^{}]*?)[>%]\}\}(?P<body>.*?)\{\{[<%]\s*/\s*(?P=name)\s*[>%]\}\}",
    re.DOTALL,
)
_SHORTCODE = re.compile(
    r"\{\{(?P<open>[<%])\s*(?P<slash>/?)\s*(?P<name>[\w/.-]+)(?P<argument>(?:[^\"'`{}]|\"(?:\\.|[^\"\\])*\"|'[^']*'|`[^`]*`)*?)/?\s*[>%]\}\}"
)
_LANGUAGE = re.compile(r"\.(?P<tag>[a-z]{2}(?:-[a-zA-Z]{2,4})?)\.(?:md|markdown|mdx)$")
_BOXES = (
    "notice",
    "hint",
    "callout",
    "admonition",
    "alert",
    "note",
    "tip",
    "warning",
    "info",
    "danger",
    "important",
    "caution",
)
# What a section of a blog is called that has no title of its own, in both scripts.
POSTS = "文章"
_POSTS = frozenset(["post", "posts", "blog", "blogs", "article", "articles"])
_SKIPPED_LAYOUTS = {"search", "archives", "archive", "links", "taxonomy", "categories", "tags"}


class HugoImporter(BlogImporter):
    """Folders of Hugo."""

    name = "hugo"
    about = "Hugo (content, hugo.toml or config.yaml)"
    statics = ("static", "assets")

    def sign(self, folder: Path) -> Claim | None:
        """content/ beside Hugo's settings."""
        if not (folder / "content").is_dir():
            return None
        found = next((name for name in SETTINGS if (folder / name).is_file()), "")
        more = any((folder / name).is_dir() for name in ("layouts", "themes", "archetypes", "static"))
        return Claim(SURE, f"{found}, content") if found else Claim(LIKELY, "content, layouts") if more else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """Sections by weight, date and name, as their pages are; a section of dated posts by year."""
        settings = _settings(tree, ledger)
        base, language = _language(settings, tree, self.wanted, ledger)
        self.authors = tuple(people((settings.get("params") or {}).get("author") or settings.get("author")))
        self.permalink = ""
        self._language = language
        pages = _in_language(
            [file for file in tree.files if file.startswith(f"{base}/") and file.lower().endswith(PAGES)],
            language,
            tree,
            ledger,
        )
        entries = _Sections(tree, ledger, pages).below(base)
        if len(entries) == 1 and not entries[0].file and entries[0].title == POSTS:
            entries = entries[0].children  # a blog of nothing but posts
        title = settings.get("title") or (settings.get("languages") or {}).get(language, {}).get("title") or ""
        metadata = {
            "title": str(title),
            "author": list(self.authors),
            "description": str((settings.get("params") or {}).get("description") or ""),
            "lang": lang_of(
                language
                or str(
                    settings.get("languageCode")
                    or settings.get("locale")
                    or settings.get("defaultContentLanguage")
                    or ""
                )
            ),
        }
        return FolderOutline(metadata, entries, base, "", str(settings.get("baseURL") or settings.get("baseurl") or ""))

    def routes(self, page: FolderPage, reading: FolderReading) -> Iterable[str]:
        """Aliases beside permalinks."""
        yield from super().routes(page, reading)
        inner = posixpath.splitext(page.file.removeprefix(f"{reading.outline.base}/"))[0]
        inner = re.sub(r"\.[a-z]{2}(?:-[a-zA-Z]{2,4})?$", "", inner)
        yield inner
        slug = page.front.text("slug") or posixpath.basename(inner.removesuffix("/index"))
        yield posixpath.join(posixpath.dirname(inner), slug)
        yield slug
        if self._language:
            yield from (posixpath.join(self._language.lower(), one) for one in (inner, slug))
        aliases = page.front.keys.get("aliases")
        yield from (str(one) for one in aliases) if isinstance(aliases, list) else ()

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Shortcodes."""
        text = super().translate(page, reading)
        masked = Masked(text)
        current = _CODE.sub(lambda match: masked.keep(_code(match)), masked.text)
        unknown: Counter[str] = Counter()
        first: dict[str, str] = {}
        names = {("end" if match["slash"] else "") + match["name"] for match in _SHORTCODE.finditer(current)}
        strange = Strange(names, page, reading)

        def one(match: re.Match[str]) -> str:
            if match["argument"].startswith("/*") or match["name"].startswith("/*"):
                return match[0].replace("/*", "").replace("*/", "")
            argument = re.sub(r"`([^`]*)`", lambda quoted: json.dumps(quoted[1], ensure_ascii=False), match["argument"])
            tag = read_tag(match["name"], argument, match[0])
            written = _written(tag, page, reading, closing=bool(match["slash"]))
            if written is None:
                written = strange.written(replace(tag, name=f"end{tag.name}") if match["slash"] else tag)
            if written is None:
                unknown[match["name"]] += 1
                first.setdefault(match["name"], match[0])
                return match[0]
            reading.ledger.count("shortcodes")
            return written

        current = _SHORTCODE.sub(one, current)
        current = re.sub(r"\{\{([<%])/\*(.*?)\*/([>%])\}\}", r"{{\1\2\3}}", current, flags=re.DOTALL)
        for name, number in unknown.items():
            reading.ledger.unread(
                "shortcode-unread",
                page.line(first[name]),
                first[name],
                f"an unknown shortcode, {number} times in this file" if number > 1 else "an unknown shortcode",
            )
        return masked.unmask(current)


def _settings(tree: Tree, ledger: Ledger) -> dict[str, Any]:
    loads: dict[str, Any] = {"toml": tomllib.loads, "json": json.loads, "yaml": yaml.safe_load, "yml": yaml.safe_load}
    for name in SETTINGS:
        if not (file := tree.find(name)):
            continue
        try:
            read = loads[name.rpartition(".")[2]](tree.text(file))
        except (ValueError, yaml.YAMLError) as error:
            ledger.unread("settings", 0, f"{name}: {' '.join(str(error).split())}", "the settings cannot be read")
            continue
        if isinstance(read, dict):
            return read
    return {}


def _language(settings: dict[str, Any], tree: Tree, wanted: str, ledger: Ledger) -> tuple[str, str]:
    """The folder of the pages and the tag of their language: the wanted one, else the Chinese one of several."""
    base = str(settings.get("contentDir") or settings.get("contentdir") or "content").strip("/")
    languages = settings.get("languages")
    languages = languages if isinstance(languages, dict) else {}
    chosen = next((str(tag) for tag in languages if str(tag).lower() == wanted.lower()), "")
    chosen = chosen or next((str(tag) for tag in languages if lang_of(str(tag))), "")
    if chosen:
        own = str(
            (languages[chosen] or {}).get("contentDir") or (languages[chosen] or {}).get("contentdir") or ""
        ).strip("/")
        ledger.decide("language", 0, ", ".join(map(str, languages)), chosen, "one language is one book")
        return own or _folder(base, tree) or base, chosen
    folder = _folder(base, tree)
    return folder or base, lang_of(posixpath.basename(folder)) and posixpath.basename(folder) if folder else ""


def _folder(base: str, tree: Tree) -> str:
    folders = sorted(
        {
            file.split("/")[base.count("/") + 1]
            for file in tree.files
            if file.startswith(f"{base}/") and file.count("/") > base.count("/") + 1
        }
    )
    return next((f"{base}/{one}" for one in folders if lang_of(one) and len(one) <= 7), "")  # noqa: PLR2004  # zh-hant


def _in_language(files: list[str], language: str, tree: Tree, ledger: Ledger) -> list[str]:
    """Of pages in several languages (a.md, a.zh.md), the Chinese ones."""
    tags: dict[str, dict[str, str]] = {}
    for file in files:
        match = _LANGUAGE.search(file)
        tag = match["tag"] if match else ""
        stem = file[: match.start()] if match else posixpath.splitext(file)[0]
        tags.setdefault(stem, {})[tag] = file
    chosen: list[str] = []
    others: list[str] = []
    for several in tags.values():
        order = [language, *(tag for tag in several if lang_of(tag)), "", *several]
        chosen.append(next(several[tag] for tag in order if tag in several))
        others += [file for file in several.values() if file != chosen[-1]]
    if others:
        tree.leave(others)
        ledger.decide("language", 0, f"{len(others)} files", "left out", "they are other languages of the same pages")
    return chosen


class _Sections:
    """The pages of a site as entries, section by section."""

    def __init__(self, tree: Tree, ledger: Ledger, pages: list[str]) -> None:
        self._tree, self._ledger, self._pages = tree, ledger, pages

    def below(self, folder: str) -> tuple[ContentsEntry, ...]:
        """The entries of a section."""
        rows: list[tuple[tuple[float, str, Any], str, ContentsEntry]] = []
        prefix = f"{folder}/"
        folders: dict[str, list[str]] = {}
        for file in self._pages:
            if not file.startswith(prefix):
                continue
            step, slash, _ = file[len(prefix) :].partition("/")
            if slash:
                folders.setdefault(step, []).append(file)
            elif not _is_index(file):
                rows += self._row(file)
        for step, files in folders.items():
            bundle = next(
                (one for one in files if posixpath.dirname(one) == f"{prefix}{step}" and _stem(one) == "index"), ""
            )
            rows += self._row(bundle) if bundle else self._section(f"{prefix}{step}", step)
        rows.sort(key=lambda row: row[0])
        dated = [
            (date, entry)
            for (weight, _, _), date, entry in rows
            if date and weight == float("inf") and not entry.children
        ]
        return by_year(dated) if dated and len(dated) == len(rows) else tuple(entry for _, _, entry in rows)

    def _row(self, file: str) -> Iterator[tuple[tuple[float, str, Any], str, ContentsEntry]]:
        front, body = read_front(self._tree.text(file))
        self._ledger.file = file
        if front.keys.get("draft") is True:
            self._ledger.decide("draft", 0, front.text("title"), "left out", "it is a draft")
        elif not body.strip() or (front.text("layout") in _SKIPPED_LAYOUTS and len(body) < 200):  # noqa: PLR2004
            self._ledger.decide("page-empty", 0, front.text("title"), "left out", "it holds no text of its own")
        else:
            date = date_of(front, file)
            yield (_weight(front), date, natural(file)), date, ContentsEntry(front.text("linkTitle", "title"), file)
        self._ledger.file = ""

    def _section(self, folder: str, step: str) -> Iterator[tuple[tuple[float, str, Any], str, ContentsEntry]]:
        index = next(
            (file for file in self._pages if posixpath.dirname(file) == folder and _stem(file) == "_index"), ""
        )
        front, body = read_front(self._tree.text(index)) if index else (Front(), "")
        children = self.below(folder)
        title = front.text("linkTitle", "title") or (POSTS if step.lower() in _POSTS else step)
        if children or body.strip():
            entry = ContentsEntry(title, index if body.strip() else "", children)
            yield (_weight(front), "", natural(folder)), "", entry


def _stem(file: str) -> str:
    return re.sub(r"\.[a-z]{2}(?:-[a-zA-Z]{2,4})?$", "", posixpath.splitext(posixpath.basename(file))[0])


def _is_index(file: str) -> bool:
    return _stem(file) == "_index"


def _weight(front: Front) -> float:
    weight = front.keys.get("weight")
    return float(weight) if isinstance(weight, int | float) and weight else float("inf")


def _code(match: re.Match[str]) -> str:
    name, body = match["name"], match["body"]
    if name in ("raw", "rawhtml", "unsafe"):
        return body
    if name in ("katex", "math"):
        formula = body.strip().strip("$").strip()
        return f"\n$$\n{formula}\n$$\n" if "\n" in body or "display" in match["argument"] else f"${formula}$"
    tag = read_tag(name, match["argument"])
    language = "mermaid" if name == "mermaid" else tag.get("lang") or tag.get("language") or tag.word(0)
    return f"\n{fenced(body, language)}\n"


def _written(tag: Tag, page: FolderPage, reading: FolderReading, *, closing: bool) -> str | None:
    """A shortcode as Markdown; None for an unknown one."""
    name = tag.name.lower()
    if name in ("figure", "img", "image", "imgproc", "picture", "lightbox"):
        return "" if closing else _figure(tag)
    if name in ("ref", "relref"):
        return _reference(tag.word(0) or tag.get("path"), page, reading)
    if name in _BOXES:
        return "\n:::\n" if closing else _box(name, tag)
    if name in ("details", "expand", "collapse", "fold", "spoiler"):
        title = tag.get("title") or tag.get("summary") or " ".join(tag.words)
        return "\n\n</details>\n" if closing else f"\n<details><summary>{title}</summary>\n\n"
    if name in (
        "tab",
        "tabs",
        "tabpane",
        "steps",
        "step",
        "columns",
        "column",
        "cards",
        "center",
        "codetabs",
        "quote",
        "blockquote",
    ):
        title = tag.get("name") or tag.get("title") or tag.get("header") or tag.word(0)
        return f"\n**{title}**\n" if name == "tab" and title and not closing else "\n"
    if name in _ICONS:
        return ""
    if name in ("badge", "version", "kbd", "label"):
        return tag.get("text") or tag.get("content") or " ".join(tag.words)
    if name in ("toc", "br", "line_break", "more", "include-html", "rawhtml"):
        return ""
    if name == "param":
        return page.front.text(tag.word(0)) or None
    return _elsewhere(name, tag)


def _figure(tag: Tag) -> str:
    source = tag.get("src") or tag.get("link") or tag.word(0)
    caption = re.sub(r"<[^<>]*>", "", tag.get("caption") or tag.get("title") or tag.get("alt") or tag.word(1))
    width = f"{{width={tag.get('width')}{'px' if tag.get('width').isdigit() else ''}}}" if tag.get("width") else ""
    more = f" {tag.get('attr')}" if tag.get("attr") else ""
    return f"\n![{caption}{more}](<{source}>){width}\n"


def _reference(target: str, page: FolderPage, reading: FolderReading) -> str:
    """Where `ref` leads, as an address from the root that the mending of links finds."""
    path, hash_, fragment = target.partition("#")
    if not path:
        return f"#{fragment}"
    base = reading.outline.base
    here = posixpath.join(posixpath.dirname(page.file), path)
    for candidate in (posixpath.join(base, path.lstrip("/")), here):
        for suffix in ("", ".md", "/index.md", "/_index.md"):
            if file := reading.tree.find(posixpath.normpath(f"{candidate}{suffix}")):
                return f"/{file.removeprefix(f'{base}/')}{hash_}{fragment}"
    found = post_named(path, reading.tree)
    return f"/{found.removeprefix(f'{base}/') if found else path}{hash_}{fragment}"


def _box(name: str, tag: Tag) -> str:
    words = list(tag.words)
    kind = (
        tag.get("type")
        or tag.get("style")
        or tag.get("color")
        or (words.pop(0) if words and name in ("notice", "hint", "callout", "admonition", "alert") else name)
    )
    title = tag.get("title") or " ".join(words)
    return (
        f"\n::: {HINTS.get(kind.lower(), kind.lower() if kind.lower() in ('note', 'important', 'caution', 'tip') else 'note')} {title}".rstrip()  # noqa: E501  # one pattern or row on one line
        + "\n"
    )


# Pictures of a theme's font: they say nothing that the words beside them do not.
_ICONS = {"icon", "icons", "fa", "fas", "far", "fab", "fa-icon", "fontawesome", "iconify", "svg-icon"}
_SITES = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "bilibili": "https://www.bilibili.com/video/{}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
    "tweet": "https://twitter.com/i/status/{}",
    "x": "https://twitter.com/i/status/{}",
    "instagram": "https://www.instagram.com/p/{}",
}


def _elsewhere(name: str, tag: Tag) -> str | None:
    if name not in _SITES:
        return None
    last = tag.get("id") or ("/".join(tag.words[:2]) if name == "gist" else tag.word(0))
    return f"\n<{_SITES[name].format(last)}>\n"
