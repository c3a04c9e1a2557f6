"""A folder in several languages: the pages of one of them are the book, the others are counted."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publish.han import IDEOGRAPH
from publish.importers.folders.front import read_front
from publish.importers.folders.tree import Tree
from publish.importers.protocol import ImportChoice
from publish.importers.report import Ledger

if TYPE_CHECKING:
    from publish.importers.folders.outline import ContentsEntry

LANGUAGE = ImportChoice("language", (), "of a source in several, the language to take: zh-TW, en …")

# Tags of languages that folders and files are named by.
_TAGS = frozenset(
    "ar bg bn ca cn cs da de el en eo es et eu fa fi fr he hi hr hu id it ja jp ko kr lt lv ms nb nl no pl pt ro ru sk"
    " sl sr sv ta th tr tw uk ur uz vi zh".split()
)
_INDEXES = ("index", "readme", "_index")  # folders of any kind have these: they prove no translation
_TAG = re.compile(r"^(?P<tag>[a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}|[a-z]{4}[-_][a-z]{2}|\d{3}))?$", re.IGNORECASE)
_SUFFIX = re.compile(r"[._](?P<tag>[a-z]{2}(?:[-_][a-z]{2,4})?)$", re.IGNORECASE)
_SAMPLE = 4000  # characters that tell whether a page is Chinese
_SHARE = 0.1  # of Han among them
# What two languages must share to be one text: this part of the pages of the smaller one.
_SHARED = 0.3


@dataclass(frozen=True)
class _Page:
    """A file, the name that its translations share, and its language as the path or the front matter says it."""

    file: str
    name: str
    tag: str
    proves: bool = True


def in_one_language(
    entries: Sequence[ContentsEntry], tree: Tree, wanted: str, ledger: Ledger
) -> tuple[ContentsEntry, ...]:
    """The entries without the pages in other languages than the `wanted` one, else the Chinese, else the folder's own.

    Languages are told by folders (`zh-tw/a.md`), names (`a.en.md`) and front matter (`lang: en`), and only where pages
    stand in two of them at least.
    """
    files = list(dict.fromkeys(_files(entries)))
    pages = [_page(file, tree) for file in files]
    tags = Counter(page.tag for page in pages)
    if not _are_several(pages, tags):
        return tuple(entries)
    chosen = _choose(tags, wanted)
    there = {page.name for page in pages if page.tag == chosen}
    kept = {page.file for page in pages if page.tag == chosen or _belongs(page, chosen, there, tree)}
    if not kept or len(kept) == len(files):
        return tuple(entries)
    tree.leave(file for file in files if file not in kept)
    others = ", ".join(f"{tag or 'no tag'} ({number})" for tag, number in sorted(tags.items()) if tag != chosen)
    ledger.decide(
        "language",
        0,
        others,
        f"{len(files) - len(kept)} pages left out; {chosen or 'those without a tag'} is taken",
        "one language is one book: --language takes another",
    )
    return tuple(_without(entries, kept))


def leave_languages(tree: Tree, base: str, chosen: str, ledger: Ledger) -> None:
    """Leave out the folders of other languages beside the `chosen` one: they are other books."""
    prefix = f"{base}/" if base else ""
    steps = ((file, file[len(prefix) :].partition("/")[0]) for file in tree.files if file.startswith(prefix))
    others = [
        (file, step) for file, step in steps if step != chosen and _is_tag(step) and file.endswith((".md", ".mdx"))
    ]
    if others:
        tree.leave(file for file, _ in others)
        named = Counter(step for _, step in others)
        excerpt = ", ".join(f"{step} ({number})" for step, number in named.items())
        ledger.decide("language", 0, excerpt, "left out", "one language is one book: --language takes another")


def _files(entries: Sequence[ContentsEntry]) -> Iterator[str]:
    for one in entries:
        yield from [one.file] if one.file else []
        yield from _files(one.children)


def _page(file: str, tree: Tree) -> _Page:
    """A page with its language; of several signs the first one in the path counts."""
    *folders, name = file.split("/")
    for at, step in enumerate(folders):
        if _is_tag(step):
            shared = "/".join([*folders[:at], *folders[at + 1 :], name]).lower()
            return _Page(file, shared, _plain(step), posixpath.splitext(name)[0].lower() not in _INDEXES)
    stem, ending = posixpath.splitext(name)
    if (found := _SUFFIX.search(stem)) and _is_tag(found["tag"]):
        return _Page(file, "/".join([*folders, stem[: found.start()] + ending]).lower(), _plain(found["tag"]))
    said = read_front(tree.text(file))[0].text("lang", "language") if tree.find(file) else ""
    return _Page(file, file.lower(), _plain(said) if _is_tag(said) else "")


def _is_tag(text: str) -> bool:
    found = _TAG.match(text)
    return found is not None and found["tag"].lower() in _TAGS


def _plain(tag: str) -> str:
    return {"cn": "zh-cn", "tw": "zh-tw", "jp": "ja", "kr": "ko"}.get(tag.lower(), tag.lower().replace("_", "-"))


def _are_several(pages: Sequence[_Page], tags: Counter[str]) -> bool:
    """Whether two languages have pages of the same names, or the front matter of posts names several."""
    names: dict[str, set[str]] = {}
    for page in pages:
        names.setdefault(page.tag, set()).update([page.name] if page.proves else [])
    said = [tag for tag in tags if tag]
    if not said:
        return False
    shared = any(
        len(names[one] & names[other]) > _SHARED * min(len(names[one]), len(names[other]))
        for one in names
        for other in names
        if one < other
    )
    by_front = all(page.name == page.file.lower() for page in pages if page.tag)
    return shared or (by_front and len(said) > 1)


def _choose(tags: Counter[str], wanted: str) -> str:
    """The tag to take: the wanted one, the Mainland's, other Chinese, none, the most frequent."""
    plain = _plain(wanted)
    if plain:
        near = [tag for tag in tags if tag and (f"{tag}-".startswith(f"{plain}-") or plain.startswith(f"{tag}-"))]
        if near:
            return min(near, key=lambda tag: (tag != plain, tag))
    chinese = [tag for tag in tags if tag.startswith("zh")]
    order = ("zh-cn", "zh-hans", "zh-hans-cn", "zh", "zh-tw", "zh-hant", "zh-hk")
    if chinese:
        return min(chinese, key=lambda tag: order.index(tag) if tag in order else len(order))
    return "" if "" in tags else tags.most_common(1)[0][0]


def _belongs(page: _Page, chosen: str, there: set[str], tree: Tree) -> bool:
    """Whether a page without a tag, of which the chosen language has none, is in that language by its text."""
    if page.tag or page.name in there:
        return False
    sample = read_front(tree.text(page.file))[1][:_SAMPLE]
    han = len(IDEOGRAPH.findall(sample)) > _SHARE * len(sample)
    return han == chosen.startswith("zh")


def _without(entries: Sequence[ContentsEntry], kept: set[str]) -> Iterator[ContentsEntry]:
    for one in entries:
        children = tuple(_without(one.children, kept))
        if one.file in kept:
            yield replace(one, children=children)
        elif children:
            yield replace(one, file="", children=children, title=one.title or posixpath.dirname(one.file))
        elif not one.file and not one.children:
            yield one


__all__ = ["LANGUAGE", "in_one_language", "leave_languages"]
