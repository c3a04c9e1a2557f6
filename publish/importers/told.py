"""The report of an import as lines for people: what to act on first, each kind of thing once, with its places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from publish.language import tell

if TYPE_CHECKING:
    from publish.importers.report import ImportDecision, ImportReport

FEW = 5  # decisions of one kind that are told each in its own line
MOST_SHOWN = 5  # things of one kind that are named; import-report.json has all
_LONGEST = 90  # characters of names in a line
LEFT_OUT = ("left out", "not taken")
_NUMBER = re.compile(r"\d+")
# What a writer does about what was not understood or was left out, where anything can be done.
_ADVICE: Mapping[str, str] = {
    "change-left-out": "Of a Word document, --with track-changes=reject takes the text as it was, all shows both",
    "chapter-missing": "Add the file to the original, or leave it out of its contents",
    "comment-left-out": "Of a Word document, --with comments=notes makes notes of them",
    "directive-unread": "Write in Markdown what it shows, or take it out",
    "embed-missing": "Correct the name in the original, or write the text there",
    "formula-unread": "Write the formula in TeX",
    "front-matter": "Correct the YAML between the two ---",
    "image-broken": "Put a sound file there",
    "image-left-out": "Save the picture from the original under images/, and put it where it belongs",
    "image-missing": "Put the picture there under this name, or take it out of the text",
    "include-missing": "Put that text there",
    "link-broken": "Correct the address, or make it plain text",
    "link-outside": "Name that page in the original's contents, or link to where it is on the web",
    "link-unresolved": "Correct the name where it matters",
    "file-unread": "Mend that file, and import again",
    "page-other": "Import it by itself, or write it in Markdown",
    "page-unlisted": "Name what belongs to the book in the original's contents, or take all: --with unlisted=append",
    "query-unread": "Write what it shows, or take it out",
    "reference-broken": "Correct the name that is referred to",
    "role-unread": "Write in Markdown what it shows, or take it out",
    "settings": "Correct the settings, and import again",
    "shortcode-unread": "Write in Markdown what it shows, or take it out",
    "sidebar": "Look whether all chapters are in book.yaml, in their order",
    "tag-unread": "Write in Markdown what it shows, or take it out",
    "text-left-out": "Look at the line in the original, and write what is missing",
    "variable-unread": "Write its value",
}


def report_lines(report: ImportReport) -> list[str]:
    """The report: what was read, what is to be mended, left out and changed, what a second import did."""
    lines = [f"{report.source} ({report.importer})", *_hashes(report)]
    lines += [f"{key}: {_value(value)}" for key, value in report.metadata.items() if key != "chapters"]
    lines += [tell(f"kept: {_counted(report.counts)}")] if any(report.counts.values()) else []
    unread = [one for one in report.decisions if one.kind == "unread"]
    changed = [one for one in report.decisions if one.kind != "unread"]
    left = [one for one in changed if one.choice in LEFT_OUT]
    kept = [one for one in changed if one.choice not in LEFT_OUT]
    lines += _section(tell(f"{len(unread)} not understood and left as it stands:"), unread)
    lines += _section(tell(f"{len(left)} left out of the book:"), left)
    lines += _section(tell(f"{len(kept)} changed") + ":", kept)
    lines += [] if report.decisions else [tell("Nothing was in doubt.")]
    return [*lines, *_changes(report)]


def _hashes(report: ImportReport) -> list[str]:
    if len(report.originals) == 1:
        return [f"SHA-256 {next(iter(report.originals.values()))}"]
    return [tell(f"{len(report.originals)} originals, their SHA-256 in import-report.json")]


def _value(value: object) -> str:
    """A key's value as people write it."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).strip()


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(tell(f"{number} {name}") for name, number in counts.items() if number)


def _section(heading: str, decisions: Sequence[ImportDecision]) -> list[str]:
    """The decisions of one section, those of a kind together, the most frequent first."""
    if not decisions:
        return []
    groups: dict[tuple[str, str], list[ImportDecision]] = {}
    for one in decisions:
        groups.setdefault((one.code, _NUMBER.sub("0", one.choice) if one.choice in LEFT_OUT else ""), []).append(one)
    ordered = sorted(groups.values(), key=len, reverse=True)
    return [heading, *(line for group in ordered for line in _group(group))]


def _group(group: Sequence[ImportDecision]) -> Iterator[str]:
    """Few decisions each in a line, many in one, with what they are about."""
    code = group[0].code
    if len(group) <= FEW:
        yield from (f"  {one}" for one in group)
    else:
        reasons = Counter(tell(one.reason) for one in group)
        choices = Counter(tell(_NUMBER.sub("…", one.choice)) for one in group)
        said = "; ".join(text for text, _ in (choices.most_common(1)[0], reasons.most_common(1)[0]))
        files = len({one.file for one in group})
        yield (
            tell(f"  {code}: {len(group)} in {files} files: {said}")
            if files > 1
            else tell(f"  {code}: {len(group)}: {said}")
        )
        yield from _named(group)
    if code in _ADVICE:
        yield f"    → {tell(_ADVICE[code])}"


def _named(group: Sequence[ImportDecision]) -> Iterator[str]:
    """What the decisions are about, the most frequent first, each with its first place."""
    alike: dict[str, list[ImportDecision]] = {}
    for one in group:
        is_file = one.file.startswith(one.excerpt.removesuffix("…"))
        alike.setdefault(one.where if is_file else one.excerpt, []).append(one)
    ordered = sorted(alike.items(), key=lambda each: -len(each[1]))
    if all(len(found) == 1 and not found[0].line for _, found in ordered) and len({one.file for one in group}) > 1:
        yield f"    {_some([found[0].file for _, found in ordered])}"
        return
    for excerpt, found in ordered[:MOST_SHOWN]:
        more = tell(f" and {len(found) - 1} more") if len(found) > 1 else ""
        yield f"    {excerpt}  {tell(found[0].where)}{more}".rstrip()
    if len(ordered) > MOST_SHOWN:
        yield tell(f"    … and {len(ordered) - MOST_SHOWN} more, all in import-report.json")


def _some(files: Sequence[str]) -> str:
    """As many names as a line holds, and how many more there are."""
    shown: list[str] = []
    for file in files:
        if shown and len(", ".join([*shown, file])) > _LONGEST:
            break
        shown.append(file)
    rest = len(files) - len(shown)
    return ", ".join(shown) + (tell(f" and {rest} more") if rest else "")


def _changes(report: ImportReport) -> list[str]:
    lines: list[str] = []
    for one in report.changes:
        if one.state != "same":
            lines += [str(one), *([one.diff] if one.diff else [])]
    same = sum(one.state == "same" for one in report.changes)
    return [*lines, tell(f"{same} files unchanged")] if report.changes else []
