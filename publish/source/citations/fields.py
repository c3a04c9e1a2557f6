"""What files for BibTeX say of a source and pandoc's reader leaves out: a holder, an article's number, a conference."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from publish.han import IDEOGRAPHS
from publish.source.citations.names import NATION
from publish.source.citations.preprints import as_preprint
from publish.source.document import text
from publish.source.order import number_of

ENTRY = re.compile(r"^[ \t]*@\s*(?P<kind>\w+)\s*[{(]\s*(?P<key>[^\s,{}()]*)", re.MULTILINE)
_FIELD = re.compile(r"(?:^|[,\s])(?P<name>[A-Za-z][\w-]*)\s*=\s*(?=[{\"\w])")
NO_ENTRIES = frozenset(["string", "preamble", "comment"])
# Kinds of China's styles for BibTeX and BibLaTeX, and the kind of CSL's that each is.
_KINDS = {
    "archive": "manuscript", "atlas": "map", "database": "dataset", "map": "map", "newspaper": "article-newspaper",
    "periodical": "periodical", "preprint": "article", "webpage": "webpage",
}  # fmt: skip
# The mark of a kind by GB/T 7714 that CSL has no kind for: 会议录.
_MARKS = {"proceedings": "C", "conference": "C"}
_MARK = re.compile(r"[A-Z]{1,3}$")
# Fields that a source keeps, and CSL's variables for them; the last three are ours alone.
_VARIABLES = {
    "booktitle": "container-title", "eid": "number", "eventtitle": "event-title", "scale": "scale",
    "dimensions": "dimensions",
    "mark": "mark", "cstr": "CSTR", "holder": "holder",
}  # fmt: skip
_NUMBERED = frozenset(["manuscript", "personal_communication", "collection"])  # of which pandoc drops the number
_WHOLE = frozenset(["periodical", "proceedings", "mvproceedings", "book", "mvbook", "collection", "mvcollection"])
_BRACED = re.compile(r"[{}]")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True)
class RawEntry:
    """An entry as it is typed: its kind and its fields, both in small letters, the fields' braces taken off."""

    kind: str
    fields: Mapping[str, str]


def raw_entries(source: str) -> dict[str, RawEntry]:
    """The entries of a library in BibTeX by their keys; of a key that stands twice the first."""
    found = list(ENTRY.finditer(source))
    ends = [*(match.start() for match in found[1:]), len(source)][: len(found)]  # an empty file has none
    entries: dict[str, RawEntry] = {}
    for match, end in zip(found, ends, strict=True):
        kind = match["kind"].lower()
        if kind not in NO_ENTRIES:
            entries.setdefault(
                match["key"], RawEntry(kind, {name: value for name, value, _ in fields_of(source, match.end(), end)})
            )
    return entries


def fields_of(source: str, at: int, stop: int) -> Iterator[tuple[str, str, int]]:
    """The fields of an entry that stands between two indices: name, value without its braces, where that begins."""
    while found := _FIELD.search(source, at, stop):
        value, at = _value(source, found.end(), stop)
        yield found["name"].lower(), " ".join(value.split()), found.end()


def _value(entry: str, at: int, stop: int) -> tuple[str, int]:
    """A field's value that begins at an index, and the index behind it; `stop` is where its entry ends."""
    if entry[at] not in '{"':
        end = next((place for place in range(at, stop) if entry[place] in ",}\n"), stop)
        return entry[at:end], end
    depth = 0
    for place in range(at, stop):
        depth += {"{": 1, "}": -1}.get(entry[place], 0)
        ends = depth == 0 if entry[at] == "{" else depth == 0 and entry[place] == '"' and place > at
        if ends:
            return entry[at + 1 : place], place + 1
    return entry[at + 1 : stop], stop


_WORDED = frozenset(["title", "subtitle", "booktitle", "journal", "journaltitle", "publisher", "note", "abstract"])


def with_percents(source: str) -> str:
    """A library whose titles keep what stands behind a percent sign: to TeX that is a comment, to BibTeX a letter."""
    out, at = list[str](), 0
    for found in _FIELD.finditer(source) if "%" in source else ():
        if found.start() < at or found["name"].lower() not in _WORDED or source[found.end()] not in '{"':
            continue
        _, end = _value(source, found.end(), len(source))
        out += [source[at : found.end()], re.sub(r"(?<!\\)%", r"\\%", source[found.end() : end])]
        at = end
    return "".join([*out, source[at:]])


def with_fields(data: Mapping[str, Any], raw: RawEntry | None) -> dict[str, Any]:
    """A source's metadata, as pandoc has it, with what its entry says beside."""
    made = dict(data)
    if raw is None:
        return as_preprint(made, {})
    if raw.kind in _KINDS:
        made["type"] = _string(_KINDS[raw.kind])
    for name, variable in _VARIABLES.items():
        value = raw.fields.get(name, "")
        if value and "\\" not in value and variable not in made:
            made[variable] = _string(_BRACED.sub("", value))
    if "page" in made and raw.fields.get("eid") and raw.fields.get("pages"):
        made.pop("number", None)
    if raw.kind in _WHOLE:  # its title is that of what it is in, to pandoc; or it says so for what is in it
        made.pop("container-title", None)
    if raw.kind in _MARKS and "mark" not in made:
        made["mark"] = _string(_MARKS[raw.kind])
    if "mark" in made and not _MARK.match(made["mark"]["c"]):
        del made["mark"]
    if _said(made.get("type")) in _NUMBERED and "number" in raw.fields:
        made.setdefault("number", _string(_BRACED.sub("", raw.fields["number"])))
    if raw.kind == "preprint" and raw.fields.get("eprinttype"):
        made.setdefault("publisher", _string(raw.fields["eprinttype"]))
    return as_preprint(made, raw.fields)


_HAN = re.compile(f"[{IDEOGRAPHS}]")
APART = "\u2063"  # between a surname in Han and what follows it, for as long as pandoc has it
BEHIND_NATION = "\u2064"  # between [美] and the name of an author, likewise
_PEOPLE = frozenset(["author", "container-author", "editor", "translator"])
_CREATORS = ("author", "composer", "director")
_UNKNOWN = ("佚名", "Anon")  # of a source in Chinese, in another language


def for_standard(data: Mapping[str, Any], *, numeric: bool, eastern: bool) -> dict[str, Any]:
    """A source as GB/T 7714-2025 has it: a patent's holder stands first (§8.10), an address says its DOI (§7.8).

    Where sources are cited by names, one without has 佚名 for its author (§9.3).
    """
    made = dict(data)
    if _is_dated(made.get("issued")):
        made["dated"] = _string("yes")
    holder = _said(made.pop("holder", None))
    if holder and _said(made.get("type")) == "patent":
        people = [{"t": "MetaMap", "c": {"literal": _string(name)}} for name in _AND.split(holder)]
        made["author"] = {"t": "MetaList", "c": people}
    for field, pattern, mark in _SPELT:
        if (words := _said(made.get(field))) and (spelt := pattern.sub(mark, words)) != words:
            made[field] = _string(spelt)
    made = {name: _each(value, _with_particle) if name in _PEOPLE else value for name, value in made.items()}
    if "edition" in made and (edition := _edition(_said(made["edition"]))):
        made["edition"] = _string(edition)
    elif "edition" in made:
        del made["edition"]
    if _said(made.get("type")) == "periodical" and "volume" in made:
        made["volume"] = _string(_widened(_said(made["volume"])))
    if _said(made.get("CSTR")) and _said(made["CSTR"]).lower() in _said(made.get("URL")).lower():
        del made["CSTR"]
    if _said(made.get("DOI")) and _said(made["DOI"]).lower() in _said(made.get("URL")).lower():
        del made["DOI"]
    if not numeric:
        made = {name: _each(value, _mark) if name in _PEOPLE else value for name, value in made.items()}
    editors = () if "container-title" in made else ("editor", "collection-editor")
    if not numeric and not any(one in made for one in (*_CREATORS, *editors)):
        name = {"t": "MetaMap", "c": {"literal": _string(_UNKNOWN[0 if eastern else 1])}}
        made["author"] = {"t": "MetaList", "c": [name]}
    return made


# What the standard spells otherwise than pandoc: V1 without the style's V, several places and pages.
_SPELT = (
    ("version", re.compile(r"^[Vv](?:er(?:sion)?)?\.?\s*(?=\d)"), ""),
    ("publisher-place", re.compile(r"\s*;\s*"), "，"),
    ("page", re.compile(r"\s*,\s+"), "，"),
)


def _each(people: Any, change: Callable[[Any], Any]) -> Any:
    """A list of people, each changed."""
    return {**people, "c": [change(one) for one in people["c"]]} if people.get("t") == "MetaList" else people


def _with_particle(person: Any) -> Any:
    """A person whose particle stands before the surname, as styles for BibTeX have it: van der Berg J; Field A Jr."""
    parts = person["c"] if person.get("t") == "MetaMap" else {}
    if (suffix := _said(parts.get("suffix"))).endswith("."):
        parts = {**parts, "suffix": _string(suffix.rstrip("."))}
        person = {**person, "c": parts}
    particle = parts.get("dropping-particle")
    if particle is None or "non-dropping-particle" in parts:
        return person
    rest = {name: part for name, part in parts.items() if name != "dropping-particle"}
    return {**person, "c": {**rest, "non-dropping-particle": particle}}


def _mark(person: Any) -> Any:
    """A person with what a text leaves out of a name in Han marked: it says 布鲁姆（2010）, of [英] 布鲁姆 海斯顿."""
    parts = person["c"] if person.get("t") == "MetaMap" else {}
    field = "family" if "family" in parts else "literal"
    whole = _said(parts.get(field))
    nation = found[0] if (found := NATION.match(whole)) else ""
    name = whole[len(nation) :]
    if field == "family" and "given" not in parts and _HAN.search(name):
        name = name.replace(" ", APART)
    gap = APART if nation.endswith(" ") else ""
    marked = f"{nation.strip()}{gap}{BEHIND_NATION}{name}" if nation else name
    return {**person, "c": {**parts, field: _string(marked)}} if marked != whole else person


# Ordinal words of editions, as BibTeX's own styles want them.
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_NUMBER = re.compile(
    rf"第?\s*(?P<han>\d+|[一二三四五六七八九十]+)\s*版|(?P<plain>\d+)\s*(?:st|nd|rd|th)?\.?(?:\s*ed(?:ition|n)?\.?)?"
    rf"|(?P<word>{'|'.join(_ORDINALS)})(?:\s+ed(?:ition|n)?\.?)?",
    re.IGNORECASE,
)
_REVISED = re.compile(r"(rev)(?:ised|\.)?(?:\s+ed(?:ition|n)?\.?)?", re.IGNORECASE)


def _edition(words: str) -> str:
    """An edition by its number (§7.4: 第三版 is 3版), or in its own words; none where it is the first."""
    plain = words.replace("\u2060", "").strip()
    if revised := _REVISED.fullmatch(plain):
        return f"{revised[1].capitalize()}. ed"
    found = _NUMBER.fullmatch(plain)
    if not found:
        return words
    word = found["word"]
    number = _ORDINALS.index(word.lower()) + 1 if word else number_of(found["han"] or found["plain"])
    return str(number) if number > 1 else ""


def _is_dated(issued: Any) -> bool:
    """Whether a date is more than a year."""
    parts = issued["c"].get("date-parts") if isinstance(issued, dict) and issued.get("t") == "MetaMap" else None
    if parts is None:
        return bool(issued)
    first = parts["c"][0]["c"] if parts.get("c") else []
    return len(first) > 1


def _widened(issues: str) -> str:
    """Which issues of a serial there are, with the standard's marks: 1984，1（1）—."""
    wide = re.sub(r"\s*,\s*", "，", issues).translate({40: "（", 41: "）"})
    return re.sub(r"(?<=）)\s*[-–]+\s*", "—", wide)


def _string(words: str) -> dict[str, Any]:
    return {"t": "MetaString", "c": words}


def _said(value: Any) -> str:
    """The text of one plain value of pandoc's metadata."""
    if not isinstance(value, dict):
        return ""
    return text(value["c"]) if value["t"] == "MetaInlines" else str(value["c"]) if value["t"] == "MetaString" else ""
