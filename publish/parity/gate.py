"""The parity gate: every edition is compared with the manuscript; what differs without good reason is a fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from functools import partial
from typing import Any

from publish.cache import NONE, Cache
from publish.edition.publication import Publication
from publish.errors import Place, PublishError
from publish.findings import Finding
from publish.parity.actual import actual
from publish.parity.checks import CHECKS, Check, Comparison, ParityFault, shortened
from publish.parity.expected import Rules, expected, plain_line, rules_for
from publish.parity.outline import Outline, TextLine, bare
from publish.source.manuscript import Chapter, Manuscript
from publish.source.project import Project
from publish.source.settings.given import merge_metadata
from publish.source.settings.metadata import Metadata

_RAW = "Write it as Markdown: code between ` and ` is not converted, as <code> is; or close every tag"


def compare(
    project: Project, manuscript: Manuscript, publications: Sequence[Publication], cache: Cache = NONE
) -> list[Finding]:
    """Every difference of these editions from the manuscript, and from each other, without a legitimate reason.

    What is `.only` for other editions, an image of an edition's own, words by hand, protected words and the glossary's
    forms are lawful. Places are those of the source; a fault of several editions is one finding. What was found in a
    chapter that has not changed is taken from the cache.
    """
    found: dict[tuple[Check, ParityFault, Place], list[str]] = {}
    read: list[dict[str, Comparison]] = []
    for publication in publications:
        kept = _compared(publication, cache)
        known = {key: each for key, (_, each) in kept.items() if each is not None}
        pairs, faults = pairs_of(project, manuscript, publication, known, cache)
        own = {key: list(_faults(pair, CHECKS)) for key, pair in pairs.items()}
        for name in kept.keys() & pairs.keys():
            _keep_compared(kept[name][0], pairs[name], own[name], cache)
        order = dict.fromkeys([*(one.key for one in publication.chapters), *own])
        for one in [*faults, *(each for key in order for each in (known | own).get(key, []))]:
            found.setdefault(one, []).append(publication.edition.key)
        read.append(pairs)
    for key, edition in _unlike(read):
        found.setdefault(key, []).append(edition)
    return [_finding(key, editions) for key, editions in _gathered(found).items()]


def _compared(publication: Publication, cache: Cache) -> dict[str, tuple[str, list[Found] | None]]:
    """By chapter, the key under which it is kept what was found in it, and that; None where nothing is kept."""
    origins = publication.origins
    keys = {one.key: cache.key("compared", origins[one.key], one) for one in publication.chapters if one.key in origins}
    return {name: (key, _from_rows(cache.get_json(key))) for name, key in keys.items()}


def _from_rows(rows: Sequence[Any] | None) -> list[Found] | None:
    if rows is None:
        return None
    return [(CHECKS[number], ParityFault(*fault), Place(*place)) for number, fault, place in rows]


def _keep_compared(key: str, pair: Comparison, found: Sequence[Found], cache: Cache) -> None:
    """Keep what was found in a chapter; not in one with raw HTML, of which editions are compared with each other."""
    if not pair.raw and not pair.excused:
        cache.put_json(key, [[CHECKS.index(check), astuple(fault), astuple(place)] for check, fault, place in found])


def refuse(project: Project, manuscript: Manuscript, publication: Publication, cache: Cache = NONE) -> None:
    """Raise the first fault of an edition that is certainly our own; a chapter with raw HTML is left to `compare`.

    A chapter that was found sound before is not read again.
    """
    origins = publication.origins
    proofs = {one.key: cache.key("sound", origins[one.key], one) for one in publication.chapters if one.key in origins}
    sound = {key for key, proof in proofs.items() if cache.get(proof) is not None}
    pairs, faults = pairs_of(project, manuscript, publication, sound, cache)
    checks = [check for check in CHECKS if check.ours]
    sure = [pair for pair in pairs.values() if not pair.raw and not pair.excused]
    for check, fault, place in [*faults, *(each for pair in sure for each in _faults(pair, checks))]:
        finding = _finding((check, fault, place), [publication.edition.key])
        raise PublishError(f"{finding.problem} [{check.code}]", finding.remedy, place)
    for key in proofs.keys() - sound:
        if key in pairs and not pairs[key].excused:
            cache.put(proofs[key], b"sound")


Found = tuple[Check, ParityFault, Place]
_CHAPTER = Check("parity-chapter", "error", lambda _: iter(()))
_EDITIONS = Check("parity-html", "warning", lambda _: iter(()), ours=False)


def pairs_of(
    project: Project,
    manuscript: Manuscript,
    publication: Publication,
    sound: Collection[str] = (),
    cache: Cache = NONE,
) -> tuple[dict[str, Comparison], list[Found]]:
    """The chapters of an edition by key, and its metadata, each beside the manuscript; and the chapters that differ.

    Of `sound` chapters only the place is looked at.
    """
    rules = rules_for(project, manuscript, publication.edition, cache)
    outlines = {one.key: (one, expected(one, rules)) for one in manuscript.chapters if one.key not in sound}
    wanted = [one.key for one in manuscript.chapters if one.key in sound or outlines[one.key][1] is not None]
    published = {chapter.key: chapter for chapter in publication.chapters}
    faults = [
        (
            _CHAPTER,
            ParityFault(0, f"{shortened(chapter.title)} is missing or in another place"),
            manuscript.place(chapter, 0),
        )
        for chapter in _misplaced(manuscript, wanted, list(published))
    ]
    dropped = {finding.place.file for finding in publication.findings if finding.code == "html-removed"}
    damaged = {finding.place.file for finding in publication.findings if finding.severity == "error"}
    pairs = {}
    for key in (one for one in wanted if one not in sound):
        chapter, outline = outlines[key]
        if outline is None or key not in published:
            continue
        seen = actual(published[key].xhtml, outline.lines.keys())
        outline.said.append(plain_line(chapter.part, rules))
        seen.said.append(TextLine(bare(published[key].part)))
        place = partial(_place, manuscript, chapter)
        excused = chapter.file in damaged or (bool(outline.raw) and chapter.file in dropped)
        pairs[key] = Comparison(publication.edition, outline, seen, place, excused)
    return {**pairs, **_metadata(project, manuscript.metadata, publication, rules)}, faults


def _place(manuscript: Manuscript, chapter: Chapter, line: int, needle: str) -> Place:
    return manuscript.place(chapter, line, needle)


def _misplaced(manuscript: Manuscript, wanted: list[str], published: list[str]) -> list[Chapter]:
    if wanted == published:
        return []
    missing = [key for key in wanted if key not in published]
    first = missing or [one for one, other in zip(wanted, published, strict=False) if one != other] or published[-1:]
    return [chapter for chapter in manuscript.chapters if chapter.key in first]


# A record's texts that are converted, and the keys that they have in the settings.
_SAID = {"title": "title", "subtitle": "subtitle", "publisher": "publisher", "rights": "rights"}
_SAID |= {"description": "description", "collection": "belongs-to-collection"}


def _metadata(project: Project, source: Metadata, publication: Publication, rules: Rules) -> Mapping[str, Comparison]:
    """The metadata that the edition does not state by itself, a pair for each text."""
    stated = merge_metadata(Metadata(), publication.edition.overrides)
    pairs = {}
    for name, key in _SAID.items():
        text = getattr(source, name)
        if text and not getattr(stated, name):
            ours = Outline(said=[plain_line(text, rules)])
            theirs = Outline(said=[TextLine(bare(getattr(publication.metadata, name)))])
            pairs[f":{name}"] = Comparison(publication.edition, ours, theirs, partial(_setting, project, key))
    return pairs


def _setting(project: Project, key: str, _line: int, _needle: str) -> Place:
    return project.place(key)


def _faults(pair: Comparison, checks: Sequence[Check]) -> Iterator[Found]:
    for check in checks:
        for fault in check.find(pair):
            yield check, fault, pair.place(fault.line, fault.needle)


def _unlike(read: Sequence[Mapping[str, Comparison]]) -> Iterator[tuple[Found, str]]:
    """What raw HTML became in one edition but not in the first that has the same raw HTML."""
    first: dict[tuple[str, tuple[str, ...]], Comparison] = {}
    for pairs in read:
        for key, pair in pairs.items():
            if not pair.raw:
                continue
            other = first.setdefault((key, tuple(pair.expected.raw)), pair)
            here, there = _beyond(pair), _beyond(other)
            for kind, value in sorted(here - there):
                problem = f"the HTML here gives something different in {other.edition.key}: {kind} {shortened(value)}"
                at = pair.expected.raw_at
                yield (_EDITIONS, ParityFault(at, problem, _RAW), pair.place(at, "")), pair.edition.key


def _beyond(pair: Comparison) -> Counter[tuple[str, str]]:
    """What a chapter has beyond the manuscript, and what it lacks, marked so."""
    more, less = pair.actual.extras(pair.expected), pair.expected.extras(pair.actual)
    less = Counter({(f"no {kind}", value): count for (kind, value), count in less.items()})
    return Counter({key: count for key, count in (more + less).items() if key[0] not in ("image", "no image")})


def _gathered(found: Mapping[Found, list[str]]) -> dict[Found, list[str]]:
    """The faults, of each group only the first, with the number of the others."""
    groups = Counter((check.code, fault.group) for check, fault, _ in found if fault.group)
    told: dict[Found, list[str]] = {}
    for (check, fault, place), editions in found.items():
        count = groups.pop((check.code, fault.group), 0) if fault.group else 1
        more = f" ({count - 1} more like it)" if count > 1 else ""
        if count:
            told[check, replace(fault, problem=fault.problem + more), place] = editions
    return told


def _finding(key: Found, editions: Sequence[str]) -> Finding:
    check, fault, place = key
    names = ", ".join(dict.fromkeys(editions))
    return Finding(check.code, check.severity, place, f"{fault.problem}, in {names}", fault.remedy)


__all__ = ["CHECKS", "compare", "pairs_of", "refuse"]
