"""A book's literature, read: what each source is, the language that it is set in, and where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from publish.cache import NONE, Cache
from publish.errors import Place, PublishError
from publish.findings import Finding
from publish.han import IDEOGRAPHS
from publish.source import pandoc
from publish.source.citations.doubts import doubts
from publish.source.citations.fields import ENTRY, RawEntry, raw_entries, with_fields, with_percents
from publish.source.citations.names import in_a_sentence, joined, several
from publish.source.document import text
from publish.source.settings.literature import FORMS
from publish.textfile import read_text, shown
from publish.yamlfile import read_yaml

_HAN = re.compile(f"[{IDEOGRAPHS}]")
_KANA = re.compile("[\u3041-\u30fe]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
# Languages as BibLaTeX and people name them.
_LANGUAGES = {
    "chinese": "zh",
    "schinese": "zh-CN",
    "tchinese": "zh-TW",
    "中文": "zh",
    "汉语": "zh",
    "漢語": "zh",
    "简体中文": "zh-CN",
    "繁體中文": "zh-TW",
    "english": "en",
    "american": "en-US",
    "british": "en-GB",
    "英文": "en",
    "japanese": "ja",
    "日文": "ja",
    "korean": "ko",
    "french": "fr",
    "german": "de",
    "ngerman": "de",
    "russian": "ru",
    "俄文": "ru",
    "spanish": "es",
    "italian": "it",
    "latin": "la",
}
_TAG = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
_SHAPES: dict[int, Callable[[str], str]] = {2: str.upper, 4: str.title}  # of a region, of a script (BCP 47 §2.1.1)
_EASTERN = ("zh", "ja", "ko")
_KEEP = "keep"
_SPOKEN_OF = ("author", "composer", "director", "editor")  # whom a text names, the first of these
_LABELLED = ("volume", "edition")  # to which styles add a word
JOINER = "\u2060"
_SPELT = {"url": "URL", "doi": "DOI", "isbn": "ISBN", "issn": "ISSN"}  # pandoc's names of fields, as CSL has them


@dataclass(frozen=True)
class Reference:
    """One source: its key, its language (a BCP 47 tag), where it stands in its file, and pandoc's metadata of it.

    `kept` is one that is not converted, whatever its language.
    """

    key: str
    lang: str
    place: Place
    data: Mapping[str, Any]
    kept: bool = False

    @property
    def eastern(self) -> bool:
        """Whether more authors than are named are 等 and not et al."""
        return self.lang.split("-")[0] in _EASTERN

    @property
    def people(self) -> list[str]:
        """The names of all whom the source names, as they are written together in Chinese."""
        said = [one["c"] for one in self.data.values() if isinstance(one, dict) and one.get("t") == "MetaList"]
        people = [one["c"] for people in said for one in people if isinstance(one.get("c"), dict)]
        return ["".join(_plain(one[part]) for part in ("family", "given", "literal") if part in one) for one in people]

    @property
    def name(self) -> str:
        """Who is named where a text speaks of its author; its title where it has none."""
        people: list[Any] = next((self.data[one]["c"] for one in _SPOKEN_OF if one in self.data), [])
        first = people[0]["c"] if people and isinstance(people[0].get("c"), dict) else {}
        family = next((_plain(first[one]) for one in ("family", "literal", "given") if one in first), "")
        if not family:
            return _plain(self.data.get("title", {}))
        particle = _plain(first.get("non-dropping-particle", {}))
        family = f"{particle} {family}" if particle else in_a_sentence(family)
        more = ("等" if _HAN.search(family) else " 等" if self.eastern else " et al.") if len(people) > 1 else ""
        return f"{family}{more}"


@dataclass(frozen=True)
class Bibliography:
    """All sources of a book by their keys, in the order of their files."""

    references: Mapping[str, Reference]
    findings: tuple[Finding, ...] = ()


def read_bibliography(
    paths: Sequence[Path], cited: Callable[[str], bool] = lambda _: True, cache: Cache = NONE
) -> Bibliography:
    """Read the files of a book's literature; of a large library only what may be `cited`, by its key.

    Raises `PublishError` with file and line for one that is broken.
    """
    texts = [(path, read_text(path)) for path in paths]
    asked = [(shown(path), *_readable(path, needed(text, cited))) for path, text in texts]
    read: list[list[Any]] = cache.made(
        cache.key("references", asked), lambda: pandoc.read_references(asked), list, list
    )
    found: dict[str, Reference] = {}
    findings: list[Finding] = []
    for (path, source), entries in zip(texts, read, strict=True):
        lines, dates, raw = _lines(path, source), _dates(path, source), _raw(path, source)
        findings += doubts(source, shown(path), cited) if raw else ()
        for data in entries:
            key = _plain(data.get("id", {}))
            one = _reference(with_fields({**dates.get(key, {}), **data}, raw.get(key)), shown(path), lines)
            if one.key in found:
                findings.append(_twice(one, found[one.key], lines.get(one.key, [])))
            elif one.key:
                found[one.key] = one
    return Bibliography(found, tuple(findings))


def _readable(path: Path, source: str) -> tuple[str, str]:
    """A file as pandoc is to read it, and as what. What other readers tell better, with its line, is told here."""
    form = FORMS[path.suffix.lower()]
    if form == "csljson":
        try:
            made = with_objects(json.loads(source))
        except json.JSONDecodeError as error:
            place = Place(shown(path), error.lineno)
            raise PublishError(f"this is not JSON: {error.msg.lower()}", "Correct it there", place) from error
        return (json.dumps(made, ensure_ascii=False) if made else source), form
    if form != "markdown":
        return (_mended(source) if "bib" in form else source), form
    data = read_yaml(source, shown(path)).data
    entries = data.get("references") if isinstance(data, dict) else data
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise PublishError(
            "this is not a list of references", "Write: references:, and a list below", Place(shown(path))
        )
    whole = source if isinstance(data, dict) else "references:\n" + source
    body = "\n".join(line for line in whole.split("\n") if line.rstrip() not in ("---", "..."))
    return f"---\n{body}\n---\n", form


_PEOPLE = frozenset(
    "author editor translator director composer illustrator interviewer recipient container-author".split()
)
_DATES = frozenset(["issued", "accessed", "original-date", "event-date", "submitted"])


def with_objects(entries: Any) -> Any:
    """Entries in CSL JSON with people and dates as pandoc wants them, where some are plain text; else None."""
    if not isinstance(entries, list):
        return None
    made = [{name: _object(name, value) for name, value in one.items()} for one in entries if isinstance(one, dict)]
    return made if made != entries and len(made) == len(entries) else None


def _object(name: str, value: Any) -> Any:
    if name in _DATES and isinstance(value, str | int):
        return {"raw": str(value)}
    people = [value] if isinstance(value, str) else value
    if name not in _PEOPLE or not isinstance(people, list):
        return value
    return [{"literal": one} if isinstance(one, str) else one for one in people]


# The kind of a newspaper's article in files for China's BibTeX styles, which pandoc knows as a kind of article.
_OWN_NEWSPAPER = re.compile(r"(?im)^([ \t]*)@newspaper([ \t]*[{(][^,\s]+,)")
_WIDE_SPACE = re.compile(r"[ \t]*\\q?quad\b(?:\{\})?[ \t]*")  # in a standard's name, which pandoc drops
# One name with a word that BibLaTeX takes for the mark between two: Chapman and Hall, Farrar, Straus and Giroux.
_ONE_NAME = re.compile(
    r"(?im)^([ \t]*(?:publisher|institution|organization|school)[ \t]*=[ \t]*[{\"])([^{}\"\n]+)(?=[}\"])"
)


def _mended(source: str) -> str:
    """A file for BibTeX as pandoc is to read it, each line where it was."""
    source = _OWN_NEWSPAPER.sub(r"\1@article\2 entrysubtype = {newspaper},", with_percents(source))
    source = _WIDE_SPACE.sub("\u2003", source)
    return _ONE_NAME.sub(
        lambda one: one[1] + (one[2] if _HAN.search(one[2]) else one[2].replace(" and ", " {and} ")), source
    )


def _reference(data: Mapping[str, Any], file: str, lines: Mapping[str, list[int]]) -> Reference:
    key = _plain(data.get("id", {}))
    words = " ".join(_plain(data[name]) for name in ("title", "author", "container-title", "editor") if name in data)
    said = _plain(data.get("language", {})) or _plain(data.get("langid", {}))
    kept = _KEEP in re.split(r"[\s,;]+", _plain(data.get("keyword", {})))
    spelt = {_SPELT.get(name, name): value for name, value in data.items()}
    worded = {name: _worded(value) if name in _LABELLED else _whole(value) for name, value in spelt.items()}
    lang, named = _language(said, words), _typed(_reached(worded))
    if genre := _GENRES.get(_plain(named.get("genre", {}))):
        named["genre"] = {"t": "MetaString", "c": genre[0 if lang.startswith("zh") else 1]}
    return Reference(key, lang, Place(file, lines.get(key, [0])[0]), named, kept)


# What BibLaTeX's words for kinds of theses and reports mean, in Chinese and in all else.
_GENRES = {
    "phdthesis": ("博士学位论文", "PhD thesis"), "mathesis": ("硕士学位论文", "Master’s thesis"),
    "bathesis": ("学士学位论文", "Bachelor’s thesis"), "techreport": ("技术报告", "Technical report"),
    "resreport": ("研究报告", "Research report"),
}  # fmt: skip
# What newspapers are called, and what else ends with the same character.
_NEWSPAPER = re.compile(r"报$|報$|\b(?:Times|Post|Herald|Tribune|Guardian|Gazette)$")
_NO_NEWSPAPER = re.compile(r"(?:学|學|通|简|簡|情|公|画|畫|月|季|年|会|會|专|專|集|译|譯)[报報]$")
_DAY = 3  # parts of a date that names a day
_ACCESSED = re.compile(
    r"(?:accessed|visited|retrieved|访问|訪問|引用|查阅|查閱)[^\d]{0,12}(\d{4}\D\d{1,2}\D\d{1,2})", re.IGNORECASE
)


def _typed(data: dict[str, Any]) -> dict[str, Any]:
    """An article of a day in what is called a newspaper is one of a newspaper, which BibTeX has no kind for."""
    name = _plain(data.get("container-title", {}))
    if _plain(data.get("type", {})) != "article-journal" or "volume" in data or "issue" in data:
        return data
    if not _NEWSPAPER.search(name) or _NO_NEWSPAPER.search(name) or not _names_day(data.get("issued", {})):
        return data
    return {**data, "type": {"t": "MetaString", "c": "article-newspaper"}}


def _names_day(date: Any) -> bool:
    said = _plain(date)
    return len(re.findall(r"\d+", said)) >= _DAY


def _reached(data: dict[str, Any]) -> dict[str, Any]:
    """An address that BibTeX's `howpublished` has made a publisher is one; a note of when it was read is that date."""
    publisher = _plain(data.get("publisher", {}))
    made = dict(data)
    if re.match(r"https?://\S+$", publisher) and "URL" not in data:
        made["URL"] = {"t": "MetaString", "c": publisher}
        del made["publisher"]
    found = _ACCESSED.search(_plain(data.get("note", {})))
    if found and "URL" in made and "accessed" not in data:
        made["accessed"] = _date(re.sub(r"\D", "-", found[1]))
    return made


def _whole(value: Any) -> Any:
    """A list of people with each Han name in one: it is never cut to its surname, 周墨林 is not 周."""
    if not isinstance(value, dict) or value.get("t") != "MetaList":
        return value
    return {**value, "c": [each for one in value["c"] for each in _people(_person(one))]}


def _people(person: Any) -> list[Any]:
    """The people whom an entry has as one, as nothing but commas stands between them; what is in braces is one."""
    parts = person["c"] if person.get("t") == "MetaMap" else {}
    names = several(_plain(parts["family"])) if set(parts) == {"family"} else []
    return [{"t": "MetaMap", "c": {"family": {"t": "MetaString", "c": name}}} for name in names] or [person]


def _worded(value: Any) -> Any:
    """A volume or an edition that is words, 第2卷, with a joiner in it: pandoc takes what holds a digit for a number,
    to which a style adds 卷 once more. `entry` takes the joiner out.
    """  # noqa: D205  # one sentence
    said = _plain(value)
    if not (_HAN.search(said) and re.search(r"\d", said)):
        return value
    return {"t": "MetaString", "c": re.sub(rf"(?<=[{IDEOGRAPHS}])(?=\d)|(?<=\d)(?=[{IDEOGRAPHS}])", JOINER, said)}


def _person(value: Any) -> Any:
    parts = value["c"] if value.get("t") == "MetaMap" else {}
    family, given, particle = (_plain(parts.get(name, {})) for name in ("family", "given", "dropping-particle"))
    # 田中 太郎, 김 철수: without a comma, what is no Western name has its surname first, a particle to pandoc.
    own = particle and not given and not re.match(r"[a-z]", particle, re.IGNORECASE)
    whole = (joined(particle, family) or particle + family) if own else joined(family, given)
    if not whole:
        return value
    rest = {name: part for name, part in parts.items() if name not in ("given", "dropping-particle")}
    return {**value, "c": {**rest, "family": {"t": "MetaString", "c": whole}}}


def _language(said: str, words: str) -> str:
    """The tag of a language by what its source says of it, or else by its words; Latin ones are English."""
    named = _LANGUAGES.get(said.strip().lower(), said.strip().replace("_", "-"))
    if _TAG.match(named):
        first, *rest = named.split("-")
        return "-".join([first.lower(), *(_SHAPES.get(len(one), str)(one) for one in rest)])
    for pattern, tag in ((_KANA, "ja"), (_HANGUL, "ko"), (_HAN, "zh")):
        if pattern.search(words):
            return tag
    return "ru" if re.search("[\u0400-\u04ff]{3}", words) else "en"


def _plain(value: Any) -> str:
    """The text of a value in pandoc's metadata."""
    if not isinstance(value, dict) or "t" not in value:
        return " ".join(_plain(one) for one in value.values()) if isinstance(value, dict) else ""
    kind: str = value["t"]
    content: Any = value.get("c")
    if kind == "MetaString":
        return str(content)
    if kind == "MetaInlines":
        return text(content)
    if kind == "MetaBlocks":
        return " ".join(text(block["c"]) for block in content if block["t"] in ("Para", "Plain"))
    if kind == "MetaList":
        return " ".join(_plain(one) for one in content)
    return " ".join(_plain(one) for one in content.values()) if kind == "MetaMap" else ""


_BIBTEX_KEY = re.compile(r"@\s*\w+\s*[{(]\s*([^\s,{}()]+)\s*,")
_JSON_KEY = re.compile(r'"id"\s*:\s*"?([^",}\s]+)')
_YAML_KEY = re.compile(r"""^[\s-]*["']?id["']?\s*:\s*["']?([^"'\s]+)""")
_KEYS = {"biblatex": _BIBTEX_KEY, "bibtex": _BIBTEX_KEY, "csljson": _JSON_KEY, "markdown": _YAML_KEY}


def _lines(path: Path, source: str) -> dict[str, list[int]]:
    """The lines of each key."""
    pattern = _KEYS.get(FORMS[path.suffix.lower()])
    found: dict[str, list[int]] = {}
    for number, row in enumerate(source.split("\n"), 1) if pattern else ():
        for match in pattern.finditer(row) if pattern else ():
            found.setdefault(match[1], []).append(number)
    return found


_DATE = re.compile(
    r"""(?<![A-Za-z])(?P<name>date|year|urldate)\s*=\s*(?:\{(?P<braced>[^{}]+)\}|"(?P<quoted>[^"{}]+)"|(?P<bare>\d+))""",
    re.IGNORECASE,
)
_FIELDS = {"date": "issued", "year": "issued", "urldate": "accessed"}  # BibLaTeX's names of dates, and CSL's
_WESTERN_DATE = re.compile(r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*[日号號]?|月)?|年)?")


def _raw(path: Path, source: str) -> dict[str, RawEntry]:
    return raw_entries(source) if FORMS[path.suffix.lower()] in ("biblatex", "bibtex") else {}


def _dates(path: Path, source: str) -> dict[str, dict[str, Any]]:
    """The dates of each entry of a library in BibTeX, as pandoc's metadata; it drops those that are none to it."""
    if FORMS[path.suffix.lower()] not in ("biblatex", "bibtex"):
        return {}
    found = list(ENTRY.finditer(source))
    ends = [*(match.start() for match in found[1:]), len(source)][: len(found)]  # an empty file has none
    dates: dict[str, dict[str, Any]] = {}
    for match, end in zip(found, ends, strict=True):
        for said in _DATE.finditer(source, match.end(), end):
            words = " ".join((said["braced"] or said["quoted"] or said["bare"]).split())
            if words:
                dates.setdefault(match["key"], {}).setdefault(_FIELDS[said["name"].lower()], _date(words))
    return dates


def _date(words: str) -> dict[str, Any]:
    """A date of another form: by its numbers, 2009年6月, or in its own words, 光绪二十二年."""
    numbers = _WESTERN_DATE.fullmatch(words)
    if not numbers:
        return {"t": "MetaMap", "c": {"literal": {"t": "MetaString", "c": words}}}
    parts = [{"t": "MetaString", "c": str(int(one))} for one in numbers.groups() if one]
    return {"t": "MetaMap", "c": {"date-parts": {"t": "MetaList", "c": [{"t": "MetaList", "c": parts}]}}}


_LARGE = 200  # entries of a library that is not read whole
_BASE = re.compile(r"\b(?:crossref|xref|xdata|related|entryset)\s*=\s*[{\"]([^{}\"]*)", re.IGNORECASE)
_ALWAYS = frozenset(["string", "preamble", "comment", "xdata", "set"])


def needed(source: str, cited: Callable[[str], bool]) -> str:
    """A library in BibTeX without the entries that nothing cites, as many lines long; whole where it is small.

    Whole, too, where its entries cannot be told apart, so that a broken one is found by who reads it.
    """
    found = list(ENTRY.finditer(source))
    if len(found) < _LARGE:
        return source
    ends = [*(match.start() for match in found[1:]), len(source)]
    entries = [(match, source[match.start() : end]) for match, end in zip(found, ends, strict=True)]
    if any(text.count("{") != text.count("}") for _, text in entries):
        return source
    bases = {match["key"]: re.split(r"[\s,]+", ",".join(_BASE.findall(text))) for match, text in entries}
    wanted = {key for key in bases if cited(key)}
    while more := {base for key in wanted for base in bases.get(key, ()) if base} - wanted:
        wanted |= more
    kept = [
        text if match["kind"].lower() in _ALWAYS or match["key"] in wanted else "\n" * text.count("\n")
        for match, text in entries
    ]
    return source[: found[0].start()] + "".join(kept)


def _twice(one: Reference, first: Reference, lines: Sequence[int]) -> Finding:
    """A key that stands a second time, in the same file or in another; its place is there."""
    again = one.place.file == first.place.file and len(lines) > 1
    place = replace(one.place, line=lines[1]) if again else one.place
    problem = f'the key "{one.key}" stands twice in the literature; {first.place} is taken'
    return Finding("citation-twice", "warning", place, problem, "Give one of them another key")


__all__ = ["Bibliography", "Reference", "read_bibliography"]
