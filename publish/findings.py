"""A finding: a stable code, how grave it is, a place, a problem and its remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from publish.errors import Faults, Place, PublishError, sentence
from publish.language import ENGLISH, Phrasebook, spoken, tell, tell_sentences

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, order=True)
class Finding:
    """Something that a person should look at. Codes are stable: `img-missing`, `link-broken`, `quote-unmatched`."""

    code: str
    severity: Severity
    place: Place
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place.file else ""
        remedy = f" {sentence(self.remedy)}" if self.remedy else ""
        return f"{where}{sentence(self.problem)}{remedy} [{self.code}]"

    def told(self, book: Phrasebook) -> Finding:
        """The finding in another language."""
        return replace(self, problem=book.tell(self.problem), remedy=book.tell(self.remedy))

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON has it, in English."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.place.file,
            "line": self.place.line,
            "key": self.place.key,
            "problem": self.problem,
            "remedy": self.remedy,
        }

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Finding:
        """The finding that JSON tells of."""
        place = Place(said["file"], said["line"], said["key"])
        return cls(said["code"], said["severity"], place, said["problem"], said["remedy"])


REMOTE = "img-remote"


def remote_images(count: int) -> str:
    """What is wrong with so many images on other hosts, in one sentence."""
    return f"{count} images are on other hosts and are not in the book"


def as_lines(findings: Sequence[Finding]) -> list[str]:
    """The findings as lines for people in their language: one for each problem, with a list of its places.

    Where many images or links have what is one problem to an author, it is told once, with a list of them.
    """
    many = Counter((one.code, one.severity) for one in findings)
    together = {kind for kind, number in many.items() if number >= _FROM.get(kind[0], number + 1)}
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for one in findings:
        kind = (one.code, one.severity)
        alike.setdefault((*kind, "" if kind in together else one.problem), []).append(one)
    lines: list[str] = []
    for (code, severity, problem), group in alike.items():
        first = group[0]
        if len(group) == 1:
            lines.append(f"{line(severity, first.place, first.problem, first.remedy)} [{code}]")
            continue
        said = f"{problem.rstrip('.')}, in {len(group)} places" if problem else _TOGETHER[code](len(group))
        lines.append(f"{line(severity, Place(''), said, first.remedy)} [{code}]")
        lines += [f"    {one.place}  {'' if problem else _address(one)}".rstrip() for one in group[:_PLACES]]
        if len(group) > _PLACES:
            lines.append(tell(f"    … and {len(group) - _PLACES} more"))
    return lines


def line(severity: str, place: Place | None, problem: str, remedy: str) -> str:
    """A finding or an error for people in their language; the place as an editor can be told it."""
    where = f"{place}: " if place and place.file else ""
    said = tell_sentences(problem, remedy)
    return f"{tell(severity)}：{where}{said}" if spoken.language != ENGLISH else f"{severity}: {where}{said}"


# More places than these are looked for with a search.
_PLACES = 40
# What many images or links have in common, and from how many on it is told as one.
_TOGETHER: dict[str, Callable[[int], str]] = {
    REMOTE: lambda count: f"{remote_images(count)}; each is set as a caption with its link",
    "img-alt": lambda count: f"{count} images have no alternative text",
    "img-missing": lambda count: f"{count} images were not found; each is set as a frame with its name",
    "link-broken": lambda count: f"{count} links lead nowhere in this book",
    "id-duplicate": lambda count: f"{count} ids are used more than once in the book; the later ones get a number",
}
_FROM = {REMOTE: 2, "img-alt": 4, "img-missing": 4, "link-broken": 4, "id-duplicate": 4}


def _address(finding: Finding) -> str:
    quoted = re.search(r'"([^"]*)"', finding.problem)
    return quoted[1] if quoted else ""


def refuse_errors(findings: Sequence[Finding]) -> None:
    """Raise all faults that no book may have, each of a kind once: one run tells everything."""
    alike: dict[str, list[Finding]] = {}
    for one in findings:
        if one.severity == "error":
            alike.setdefault(one.problem, []).append(one)
    faults = Faults()
    for problem, group in alike.items():
        said = f"{problem}, in {len(group)} places" if len(group) > 1 else problem
        faults.add(PublishError(said, group[0].remedy, group[0].place))
    faults.tell()


def placed(findings: Iterable[Finding], file: str, setting: Callable[..., Place] | None = None) -> list[Finding]:
    """The findings, each with a file.

    Those that name none are about the setting whose key they name, where `setting` finds it written, else about `file`:
    a finished file, or the book's settings.
    """
    return [one if one.place.file else replace(one, place=_place(one.place, file, setting)) for one in findings]


def _place(place: Place, file: str, setting: Callable[..., Place] | None) -> Place:
    written = setting(*place.key.split(".")) if setting and place.key else place
    return written if written.line else replace(place, file=file)


def refuse_warnings(findings: Sequence[Finding]) -> None:
    """Raise each warning as an error; images on other hosts are one."""
    faults = Faults()
    remote = [one for one in findings if one.code == REMOTE]
    for one in findings:
        if one.severity == "note" or one in remote[1:]:
            continue
        problem = remote_images(len(remote)) if len(remote) > 1 and one is remote[0] else one.problem
        place = one.place if one.place.file else None
        faults.add(PublishError(problem, one.remedy or "See: publish check", place))
    faults.tell()
