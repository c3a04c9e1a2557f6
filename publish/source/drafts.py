"""Drafts: what each file says by itself, before names and links of the book; one that was read before is recalled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publish.cache import Cache
from publish.findings import Finding
from publish.source.document import Block
from publish.source.identify import SourceFile
from publish.source.project import Project
from publish.source.reading import Met
from publish.trail import Trail, hashed


@dataclass(frozen=True)
class Draft:
    """A file read by itself: its blocks, the markup that is not understood, what the account and pandoc found."""

    blocks: list[Block]
    unread: tuple[Met, ...] = ()
    account: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()


def read_drafts(
    project: Project,
    sources: Sequence[SourceFile],
    cache: Cache,
    read: Callable[[Sequence[SourceFile]], list[Draft]],
    *,
    trail: Trail,
    spaced: bool,
    cites: bool,
) -> list[Draft]:
    """The draft of each file; `read` makes those that the cache has not, all at once.

    `spaced`: the book sets spaces between Han and Latin; `cites`: it has literature.
    """
    reads = [_reads(project, source, spaced=spaced, cites=cites) for source in sources]
    keys = [cache.key("draft", source.name, read) for source, read in zip(sources, reads, strict=True)]
    known = {key: _from_record(record) for key in keys if (record := cache.get_json(key)) is not None}
    new = [at for at, key in enumerate(keys) if key not in known]
    made = dict(zip(new, read([sources[at] for at in new]) if new else [], strict=True))
    for at, draft in made.items():
        cache.put_json(keys[at], _as_record(draft))
    for at, source in enumerate(sources):
        trail.tell(source.name, reads[at], made=at in made)
    return [made[at] if at in made else known[key] for at, key in enumerate(keys)]


def _reads(project: Project, source: SourceFile, *, spaced: bool, cites: bool) -> dict[str, str]:
    """The hashes of all that a draft is made from; the last are what all files of the book say together."""
    return hashed(
        {
            "its text": source.lines,
            "what the contents call it": (source.title, source.listed),
            "the book's language": project.source.key,
            "spaces beside Latin in the book": spaced,
            "whether the book has literature": cites,
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
        record["blocks"],
        tuple(Met(*one) for one in record["unread"]),
        tuple(map(Finding.from_dict, record["account"])),
        tuple(map(Finding.from_dict, record["warnings"])),
    )
