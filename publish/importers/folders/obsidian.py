"""Obsidian's vaults: links and embeds by name, attachments in any folder, named blocks."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Container
from pathlib import Path
from typing import Any

from publish.importers.folders.engine import FolderImporter, masked_sub, walk
from publish.importers.folders.front import read_front
from publish.importers.folders.headings import headings, plain
from publish.importers.folders.links import mend_links
from publish.importers.folders.masked import Masked
from publish.importers.folders.outline import FolderOutline, FolderPage, FolderReading, files_of
from publish.importers.folders.posts import slug_of
from publish.importers.folders.tree import IMAGES, Tree
from publish.importers.protocol import EDITED, Claim
from publish.importers.report import Ledger

_LINK = re.compile(r"(?P<embed>!)?\[\[(?P<target>[^\[\]|\n]*)(?:\\?\|(?P<alias>[^\[\]\n]*))?\]\]")
_BLOCK = re.compile(r"(?m)[ \t]+\^(?P<name>[A-Za-z0-9-]+)[ \t]*$|^\^(?P<alone>[A-Za-z0-9-]+)[ \t]*$")
_TO_BLOCK = re.compile(r"\[\[[^\[\]|\n]*#\^([A-Za-z0-9-]+)")
# How a theme is to draw a callout: `> [!quote|noicon right]`.
_LOOKS = re.compile(r"(?m)^(?P<head>[ \t>]*>[ \t]*\[![^\]|\n]+)\|[^\]\n]*\]")
# What plug-ins answer, in a fence or in a line; what one of them keeps in a comment.
_QUERY = re.compile(
    r"(?ms)^[ \t>]*(?P<fence>`{3,})[ \t]*(?:dataview(?:js)?|tasks|query|tracker|button|base|chartsview)\b"
    r".*?^[ \t>]*(?P=fence)[ \t]*$|(?<!`)`\$?=[ \t]+(?:this\b|\[\[|dv\b|\"|[A-Za-z]\w*[.(\[])[^`\n]*`(?!`)|<%.*?%>"
)
_KANBAN = re.compile(r"(?ms)^%%[ \t]*kanban:settings[ \t]*\n.*?^%%[ \t]*$")
_HASHES = re.compile(r"(?m)^#{1,6}(?=[ \t])")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")
DEEPEST_EMBED = 3
_SAVED = (".svg", ".png", ".excalidraw.svg", ".excalidraw.png", ".light.svg", ".excalidraw.light.svg")


class ObsidianImporter(FolderImporter):
    """Obsidian's vaults."""

    name = "obsidian"
    about = "an Obsidian vault (.obsidian)"

    def sign(self, folder: Path) -> Claim | None:
        """.obsidian; the folder of another tool may be open in Obsidian too."""
        return Claim(EDITED, ".obsidian") if (folder / ".obsidian").is_dir() else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """All notes in natural order, except templates and drawings."""
        templates = _templates(tree)
        notes = [file for file in tree.files if not _is_aside(file, templates) and not _is_drawing(tree, file)]
        aside = sorted(set(tree.files) - set(notes))
        tree.leave(aside)
        said = "\n".join(tree.text(file) for file in notes if file.lower().endswith(".md"))
        for file in aside:
            if file.lower().endswith((".md", ".canvas")) and f"[[{posixpath.basename(file)}" not in said:
                ledger.file = file
                ledger.decide("note-aside", 0, file, "left out", "it is a template or a drawing")
        ledger.file = ""
        shown = Tree.__new__(Tree)
        shown.files = notes
        entries = walk(shown, "", ledger, aside=(".",))
        listed = f"{len(list(files_of(entries)))} notes"
        ledger.decide("contents", 0, listed, "notes in natural order", "a vault has no order of its own")
        return FolderOutline({"title": tree.root.absolute().name}, entries)

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Links by name become links by path, embeds the text or the image that they show, block names anchors.

        A note is called as its file is; one heading of the first level in it is its title, several are its sections.
        """
        text = _KANBAN.sub("", page.text)
        _tell_queries(text, page, reading)
        text = _called(text, posixpath.splitext(posixpath.basename(page.file))[0])
        text = by_name(masked_sub(text, _LOOKS, r"\g<head>]"), page, reading)
        return with_blocks(text)


def with_blocks(text: str, wanted: Container[str] | None = None) -> str:
    """A text in which the names of blocks (`^name` at a line's end) are anchors: all, or those that links want."""

    def anchor(match: re.Match[str]) -> str:
        name = match["name"] or match["alone"]
        return f" []{{#{_block_id(name)}}}" if wanted is None or name in wanted else match[0]

    return masked_sub(text, _BLOCK, anchor)


def wanted_blocks(reading: FolderReading) -> Container[str]:
    """The names of blocks that links of any page lead to."""
    if "blocks" not in reading.shared:
        reading.shared["blocks"] = {name for page in reading.pages.values() for name in _TO_BLOCK.findall(page.source)}
    known: Container[str] = reading.shared["blocks"]
    return known


def _called(text: str, name: str) -> str:
    """A note under its file's name, unless it has a title of its own."""
    masked = Masked(text)
    firsts = [one for one in headings(masked.text) if one.level == 1]
    if len(firsts) == 1 or any(plain(one.title) == plain(name) for one in firsts[:1]):
        return text
    return f"# {name}\n\n{masked.unmask(_lower(masked.text, 1)) if firsts else text}"


def _lower(text: str, by: int) -> str:
    """A masked text with its headings so many levels lower."""
    return _HASHES.sub(lambda match: "#" * min(6, len(match[0]) + by), text) if by > 0 else text


def _tell_queries(text: str, page: FolderPage, reading: FolderReading) -> None:
    """Tell what plug-ins would answer or draw: it stays as its author wrote it."""
    for match in _QUERY.finditer(text):
        reading.ledger.unread(
            "query-unread",
            page.line(match[0]),
            match[0].strip("`\n "),
            "a plug-in of Obsidian shows what this asks for",
        )


def by_name(text: str, page: FolderPage, reading: FolderReading) -> str:
    """A text whose links and pictures by name are links by path; other tools' folders are written in Obsidian too."""
    text = mend_links(text, lambda address: _by_name(address.url, page, reading) if address.image else None)
    return masked_sub(text, _LINK, lambda match: _linked(match, page, reading, 0))


def _templates(tree: Tree) -> tuple[str, ...]:
    """The folders of templates, as the settings of Obsidian and of the plug-in Templater have them."""
    settings = tree.root / ".obsidian"
    said = (
        (settings / "templates.json", "folder"),
        (settings / "plugins" / "templater-obsidian" / "data.json", "templates_folder"),
    )
    found = (_setting(file, key) for file, key in said)
    return tuple(f"{folder}/" for folder in found if folder)


def _setting(file: Path, key: str) -> str:
    try:
        return str(json.loads(file.read_text(encoding="utf-8")).get(key) or "").strip("/")
    except (OSError, ValueError, AttributeError):
        return ""


def _is_aside(file: str, templates: tuple[str, ...]) -> bool:
    return file.startswith(templates) or file.endswith((".excalidraw.md", ".canvas"))


def _is_drawing(tree: Tree, file: str) -> bool:
    """Whether a note is Excalidraw's: a drawing's data, whatever its name."""
    return file.lower().endswith(".md") and "excalidraw-plugin" in read_front(tree.text(file))[0].keys


def _by_name(url: str, page: FolderPage, reading: FolderReading) -> str | None:
    """A picture's address as Obsidian finds it: beside the note, below the root, else by its name anywhere."""
    if re.match(r"[a-z][a-z0-9+.-]*:|//|#", url, re.IGNORECASE):
        return None
    path = url.partition("#")[0].partition("|")[0]
    beside = reading.tree.find(posixpath.join(posixpath.dirname(page.file), path)) or reading.tree.find(
        path.lstrip("/")
    )
    if beside:
        return None
    found = _named(path, page, reading)
    return _from(found, page) if found else None


def _named(name: str, page: FolderPage, reading: FolderReading) -> str:
    """The file that a name means: the path, else the nearest file of that name; "" for none."""
    for suffix in ("", ".md"):
        path = f"{name.strip()}{suffix}"
        here = posixpath.join(posixpath.dirname(page.file), path)
        if found := reading.tree.find(path.lstrip("/")) or reading.tree.find(here):
            return found
        base = posixpath.basename(path)
        several = [
            file
            for file in reading.tree.named(base)
            if file.lower().endswith(f"/{path.lower().lstrip('./')}") or "/" not in path
        ]
        if several:
            here_folder = posixpath.dirname(page.file)
            return min(
                several,
                key=lambda file: (
                    -len(posixpath.commonprefix([posixpath.dirname(file), here_folder])),
                    file.count("/"),
                    file,
                ),
            )
    return ""


def _from(file: str, page: FolderPage) -> str:
    return posixpath.relpath(file, posixpath.dirname(page.file) or ".")


def _block_id(name: str) -> str:
    return f"b-{name}"


def _linked(match: re.Match[str], page: FolderPage, reading: FolderReading, depth: int) -> str:
    target, alias = match["target"].strip().removesuffix("\\"), (match["alias"] or "").strip()
    name, _, part = target.partition("#")
    file = _named(name, page, reading) if name.strip() else page.file
    if not file:
        reading.ledger.decide(
            "link-unresolved", page.line(match[0]), match[0], "set as text", "no note or file of this name"
        )
        return alias or target
    suffix = posixpath.splitext(file)[1].lower()
    if match["embed"] and suffix in IMAGES:
        return _image(file, alias, page)
    if match["embed"] and _is_drawing(reading.tree, file):
        return _drawing(file, alias, match, page, reading)
    if match["embed"] and suffix == ".md":
        return _embedded(file, part, match, page, reading, depth)
    if match["embed"] and suffix == ".canvas" and (words := _canvas(file, page, reading)):
        reading.ledger.decide("canvas-plain", page.line(match[0]), match[0], "its words are kept", "a drawing by cards")
        return f"\n{words}\n"
    anchor = (
        f"#{_block_id(part[1:])}" if part.startswith("^") else f"#{slug_of(part.rpartition('#')[2])}" if part else ""
    )
    shown = (
        (name or posixpath.splitext(posixpath.basename(file))[0]) if part.startswith("^") else target if name else part
    )
    text = alias or shown.replace("#", " › ").strip()
    address = "" if file == page.file and anchor else _from(file, page)
    return f"[{text}](<{address}{anchor}>)"


def _image(file: str, alias: str, page: FolderPage) -> str:
    """An embedded picture; its alias is a width, or a caption and a width."""
    words = [word.strip() for word in alias.split("|")]
    size = re.fullmatch(r"(\d+)(?:x(\d+))?", words[-1]) if words[-1] else None
    caption = "" if size and len(words) == 1 else words[0]
    return f"![{caption}](<{_from(file, page)}>)" + (f"{{width={size[1]}px}}" if size else "")


def _embedded(file: str, part: str, match: re.Match[str], page: FolderPage, reading: FolderReading, depth: int) -> str:
    """The text of an embedded note, section or block."""
    if depth >= DEEPEST_EMBED or (file == page.file and not part):
        return match[0]
    body = read_front(reading.tree.text(file))[1].strip("\n")
    chosen = _part(body, part)
    if chosen is None:
        reading.ledger.unread("embed-missing", page.line(match[0]), match[0], "no such heading or block in that note")
        return match[0]
    reading.ledger.count("embeds")
    above = _HASHES.findall(match.string[: match.start()])
    masked = Masked(chosen)
    top = min((one.level for one in headings(masked.text)), default=0)
    chosen = masked.unmask(_lower(masked.text, len(above[-1] if above else "#") + 1 - top)) if top else chosen
    other = FolderPage(file, page.path, "", page.front, chosen, chosen)
    text = mend_links(chosen, lambda address: _moved(address.url, other, page, reading))
    text = masked_sub(text, _LINK, lambda one: _linked(one, page, reading, depth + 1))
    return "\n" + _BLOCK.sub("", text) + "\n"


# What Excalidraw leaves in a note: the words of a drawing, each with its name, above its data.
_DRAWN_WORDS = re.compile(r"(?ms)^#+ Text Elements[ \t]*\n(?P<words>.*?)(?=^(?:%%|#+ |```)|\Z)")
_DRAWN_NAME = re.compile(r"(?m)[ \t]*\^[\w-]+[ \t]*$")


def _drawing(file: str, alias: str, match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    """An embedded drawing of Excalidraw: the picture that was saved of it, else its words, each in a line."""
    stem = re.sub(r"(?:\.excalidraw)?\.md$", "", file)
    saved = (
        f"{stem}{more}{suffix}" for more in ("", ".excalidraw", ".light", ".excalidraw.light") for suffix in _SAVED
    )
    picture = next((one for each in saved if (one := reading.tree.find(each))), "")
    if picture:
        return _image(picture, alias, page)
    found = _DRAWN_WORDS.search(reading.tree.text(file))
    pieces = _DRAWN_NAME.sub("", found["words"]).split("\n\n") if found else []
    words = [" ".join(piece.split()) for piece in pieces if piece.strip()]
    reading.ledger.decide(
        "canvas-plain", page.line(match[0]), match[0], "its words are kept", "a drawing: save a picture beside it"
    )
    return "\n" + "\n>\n".join(f"> {one}" for one in words) + "\n" if words else ""


def _canvas(file: str, page: FolderPage, reading: FolderReading) -> str:
    """The words of a canvas: its cards from the top down, notes as links, each in a line of its own."""
    try:
        nodes = json.loads(reading.tree.text(file)).get("nodes", [])
    except (ValueError, AttributeError):
        return ""
    cards = sorted((one for one in nodes if isinstance(one, dict)), key=lambda one: (_at(one, "y"), _at(one, "x")))
    words = (_card(one, page, reading) for one in cards)
    return "\n\n".join(one for one in words if one)


def _at(card: dict[str, Any], axis: str) -> float:
    value = card.get(axis)
    return float(value) if isinstance(value, int | float) else 0.0


def _card(card: dict[str, Any], page: FolderPage, reading: FolderReading) -> str:
    kind, file = card.get("type"), str(card.get("file", ""))
    if kind == "text":
        return "\n".join(f"> {line}" for line in str(card.get("text", "")).strip().split("\n"))
    if kind == "group" and card.get("label"):
        return f"**{card['label']}**"
    if kind == "link" and card.get("url"):
        return f"<{card['url']}>"
    if kind != "file" or not reading.tree.find(file):
        return ""
    is_image = posixpath.splitext(file)[1].lower() in IMAGES
    return f"{'!' if is_image else ''}[{'' if is_image else posixpath.basename(file)}](<{_from(file, page)}>)"


def _own_lines(block: str) -> str:
    """A named block's own lines: an item alone, a paragraph without the heading or the list right above it."""
    lines = block.split("\n")
    if _ITEM.match(lines[-1]):
        return lines[-1]
    first = max((number for number, line in enumerate(lines) if _HASHES.match(line)), default=-1)
    return "\n".join(lines[first + 1 :])


def _moved(url: str, other: FolderPage, page: FolderPage, reading: FolderReading) -> str | None:
    """A relative address of an embedded note, from the note that embeds it."""
    if re.match(r"[a-z][a-z0-9+.-]*:|//|#", url, re.IGNORECASE):
        return None
    path, hash_, fragment = url.partition("#")
    found = _named(path, other, reading)
    return f"{_from(found, page)}{hash_}{fragment}" if found else None


def _part(body: str, part: str) -> str | None:
    if not part:
        return body
    masked = Masked(body)
    if part.startswith("^"):
        found = re.search(
            rf"(?m)(?:^(?!\s*$).*\n)*^.*[ \t]\^{re.escape(part[1:])}[ \t]*$|(?:^(?!\s*$).*\n)+\n?\^{re.escape(part[1:])}[ \t]*$",  # noqa: E501  # one pattern or row on one line
            masked.text,
        )
        return masked.unmask(_own_lines(found[0])) if found else None
    wanted = plain(part.rpartition("#")[2])
    several = headings(masked.text)
    lines = masked.text.split("\n")
    for number, one in enumerate(several):
        if plain(one.title) == wanted:
            end = next((later.at for later in several[number + 1 :] if later.level <= one.level), len(lines))
            return masked.unmask("\n".join(lines[one.at : end]))
    return None
