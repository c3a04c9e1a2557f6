"""Drafts: what each file says by itself, before names and links of the book; one that was read before is recalled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from publish.cache import Cache
from publish.findings import Finding
from publish.source.document import Block
from publish.source.project import Project
from publish.source.reading import Met
from publish.source.sheets import Gists, Sheet, SourceFile, sheet_of
from publish.trail import Trail, hashed


@dataclass(frozen=True)
class Draft:
    """A file read by itself: its blocks, the markup that is not understood, what the account and pandoc found."""

    blocks: list[Block]
    unread: tuple[Met, ...] = ()
    account: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()


Read = Callable[[Sequence[SourceFile]], list[Draft]]


def read_drafts(
    project: Project,
    sources: Sequence[SourceFile],
    gists: Gists,
    read: Read,
    *,
    trail: Trail,
    spaced: bool,
    cites: bool,
) -> tuple[list[Sheet], list[Draft]]:
    """The sheet of each file, and its draft without the blocks; `read` makes what the cache has not, all at once.

    `spaced`: the book sets spaces between Han and Latin; `cites`: it has literature.
    """
    cache = gists.cache
    reads = [_reads(project, source, spaced=spaced, cites=cites) for source in sources]
    keys = [cache.key("draft", source.name, read) for source, read in zip(sources, reads, strict=True)]
    records = [gists.known(key) or cache.get_json(key) for key in keys]
    new = [at for at, record in enumerate(records) if record is None]
    made = dict(zip(new, map(_as_record, read([sources[at] for at in new]) if new else []), strict=True))
    for at, record in made.items():
        cache.put_json(keys[at], record)
    told = [made.get(at, record) for at, record in enumerate(records)]
    for at, source in enumerate(sources):
        trail.tell(source.name, reads[at], made=at in made)
        gists.keep(keys[at], {name: value for name, value in told[at].items() if name != "blocks"})
    sheets = [_sheet(*row, cache, read) for row in zip(sources, keys, told, strict=True)]
    return sheets, [_from_record(record) for record in told]


def _sheet(source: SourceFile, key: str, record: Mapping[str, Any], cache: Cache, read: Read) -> Sheet:
    if "blocks" in record:
        return sheet_of(replace(source, blocks=record["blocks"]), key)
    return Sheet(source, key, partial(_again, source, key, cache, read))


def _again(source: SourceFile, key: str, cache: Cache, read: Read) -> SourceFile:
    """A file with the blocks that were kept; read now, where they are kept no more."""
    record = cache.get_json(key)
    return replace(source, blocks=record["blocks"] if record is not None else read([source])[0].blocks)


def _reads(project: Project, source: SourceFile, *, spaced: bool, cites: bool) -> dict[str, str]:
    """The hashes of all that a draft is made from; the last are what all files of the book say together."""
    return hashed(
        {
            "its text": source.lines,
            "what the contents call it": (source.title, source.listed),
            "the book's language": project.source.key,
            "spaces beside Latin in the book": spaced,
            "whether the book has literature": cites,
            "what it says of lines": project.lines,
        }
    )


def _as_record(draft: Draft) -> dict[str, Any]:
    return {
        "blocks": draft.blocks,
        "unread": [[one.kind, one.line, one.words] for one in draft.unread],
        "account": [one.as_dict() for one in draft.account],
        "warnings": [one.as_dict() for one in draft.warnings],
    }


def _from_record(record: Mapping[str, Any]) -> Draft:
    return Draft(
        [],
        tuple(Met(*one) for one in record["unread"]),
        tuple(map(Finding.from_dict, record["account"])),
        tuple(map(Finding.from_dict, record["warnings"])),
    )
