"""The credits of a book's pictures: who made each and under which licence, as the lock and the pictures say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from publish.errors import Place
from publish.regions import Region
from publish.source.manuscript import Chapter, Manuscript, read_manuscript
from publish.source.pictures.locked import Lock, is_remote, normal, pictures
from publish.source.pictures.rights import read_rights
from publish.source.project import Project


@dataclass(frozen=True)
class PictureCredit:
    """A picture as the credits name it: what it shows, its address or file, and what is known of its rights."""

    shows: str
    address: str
    creator: str
    licence: str
    fetched: str
    place: Place


def read_credits(project: Project) -> list[PictureCredit]:
    """A row for each picture of the book, each once, in the order of reading, the cover first."""
    manuscript = read_manuscript(replace(project, locked=Lock(project.root)))
    rows = []
    if cover := project.metadata.cover_image:
        rows.append(_credit(project, "", cover, project.root, project.place("cover-image")))
    for chapter in manuscript.chapters:
        rows += list(_of_chapter(project, manuscript, chapter))
    once: dict[str, PictureCredit] = {}
    for row in rows:
        key = normal(row.address) if is_remote(row.address) else row.address
        first = once.setdefault(key, row)
        once[key] = first if first.shows else replace(first, shows=row.shows)
    return list(once.values())


def _of_chapter(project: Project, manuscript: Manuscript, chapter: Chapter) -> Iterator[PictureCredit]:
    for url, shows, line in pictures(chapter.blocks):
        place = manuscript.place(chapter, line, url.rpartition("/")[2] or url)
        yield _credit(project, shows, url, chapter.folder, place)


def _credit(project: Project, shows: str, url: str, folder: Path, place: Place) -> PictureCredit:
    if is_remote(url):
        locked = project.locked.find(url)
        return PictureCredit(
            shows,
            url,
            locked.creator if locked else "",
            locked.licence if locked else "",
            locked.date if locked else "",
            place,
        )
    files = [path for path in (folder / unquote(url), project.root / unquote(url).lstrip("/")) if path.is_file()]
    rights = read_rights(files[0].read_bytes()) if files else read_rights(b"")
    name = files[0].resolve() if files else Path(url)
    root = project.root.resolve()
    shown = name.relative_to(root).as_posix() if name.is_relative_to(root) else url
    return PictureCredit(shows, shown, rights.creator, rights.licence, "", place)


# Words of the page, by script: the heading, then what stands before maker, licence and address.
_WORDS = {
    "Hans": ("图片来源", "作者", "许可", "来源", "取于", "许可未知"),
    "Hant": ("圖片來源", "作者", "授權", "來源", "取於", "授權不明"),
}


def as_page(rows: list[PictureCredit], region: Region) -> str:
    """The credits as a chapter in Markdown, in the script of the book's own region. Nothing is invented."""
    title, maker, licence, source, fetched, unknown = _WORDS[region.script]
    lines = [f"# {title} {{.unnumbered}}", ""]
    for number, row in enumerate(rows, 1):
        said = [f"{maker}：{_text(row.creator)}"] if row.creator else []
        said.append(f"{licence}：{_address(row.licence)}" if row.licence else unknown)
        said.append(f"{source}：{_address(row.address)}" + (f"（{fetched} {row.fetched}）" if row.fetched else ""))
        lines.append(f"{number}. {_text(row.shows or Path(row.address).name)}。{'；'.join(said)}。")
    return "\n".join(lines) + "\n"


def _text(words: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>$~^|#@])", r"\\\1", words)


def _address(words: str) -> str:
    if re.fullmatch(r"https?://[!-~]+", words) and not re.search(r"[<>]", words):
        return f"<{words}>"
    return f"`{words}`" if re.search(r"[/\\.]", words) and " " not in words and "`" not in words else _text(words)
