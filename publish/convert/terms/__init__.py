"""Term packs: words of a subject as the Mainland, Taiwan and Hong Kong have them, a file each, ours or a book's."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from publish import regions
from publish.convert.native import native
from publish.convert.phrases import AGAINST, KINDS, NEVER, WORD, Phrase, Phrases
from publish.errors import Place, PublishError, UsageError
from publish.textfile import read_text, shown
from publish.yamlfile import KeyPath, YamlDocument, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publish.convert.terms.schema import EntryModel, PackGroupModel, PackModel
    from publish.regions import Region

FOLDER = Path(__file__).parent
SUFFIXES = (".yaml", ".yml")

# The writing of the terms themselves, and those that they may have forms for.
MAINLAND = "s"
_TRADITIONAL = ("tw", "hk")


# Characters of the Mainland's list (《通用规范汉字表》) that OpenCC simplifies all the same: 二噁英, 乾坤, 魏徵.
_BOTH = frozenset("乾著藉徵夥麽噁甯鍾")


_NONE: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class PackEntry:
    """A term as the Mainland writes it, and its forms by region; the rest is as in `Phrase`.

    Without a form a region writes the term itself. `back` says whether the region's form becomes the term, too, where
    a text comes from there, or the sense that the form must have for that (雪梨 is a pear as well). `also` are other
    words of a region that become the term, whatever `back` says.
    """

    text: str
    forms: Mapping[str, str] = field(default_factory=dict)
    when: str = WORD
    near: tuple[str, ...] = ()
    contrary: tuple[str, ...] = ()
    why: str = ""
    lean: bool = False
    back: bool | str = True
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def form(self, target: Region) -> str | None:
        """The form for a region or for one that writes as it does; None where the region has the term itself."""
        return next((form for key, form in self.forms.items() if regions.region(key).variety == target.variety), None)

    def others(self, source: Region) -> tuple[str, ...]:
        """The region's other words for the term."""
        return tuple(
            word for key, words in self.also.items() if regions.region(key).variety == source.variety for word in words
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The term and all that regions say for it."""
        return (self.text, *self.forms.values(), *(word for words in self.also.values() for word in words))


@dataclass(frozen=True)
class Pack:
    """The terms of a subject. `file` is a book's own; `lines` are those of its terms."""

    name: str
    description: str
    source: str
    licence: str
    entries: tuple[PackEntry, ...]
    cues: Mapping[str, tuple[str, ...]]
    file: Path | None = None
    lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, term: str) -> Place:
        """Where a term stands."""
        return Place(shown(self.file) if self.file else self.name, self.lines.get(term, 0), term)

    def phrases(self, source: Region, target: Region) -> Phrases:
        """What the pack does to a text of one region in an edition for another; nothing where both write alike."""
        if source.variety == target.variety or "t" in (source.variety, target.variety):
            return Phrases({}, {})
        if source.variety == MAINLAND:
            rows = (_forward(entry, target, self.name) for entry in self.entries)
            return Phrases({row.text: row for row in rows if row}, self.cues)
        return self._back(source, target)

    def _back(self, source: Region, target: Region) -> Phrases:
        """The way back: of terms that share a form in the source's region the first one is what it becomes."""
        simplify = regions.CONFIGURATIONS[source.variety, MAINLAND][0]
        table: dict[str, Phrase] = {}
        for entry in sorted(self.entries, key=lambda one: one.when == NEVER):  # a form leads back, whatever is shielded
            row = _backward(entry, source, target, simplify, self.name)
            if row:
                table.setdefault(row.text, row)
        for entry in self.entries:
            for word in entry.others(source):
                row = Phrase(native(simplify)(word), _there(entry, target), WORD, why=entry.why, pack=self.name)
                table.setdefault(row.text, row)
        return Phrases(table, self.cues, simplify)

    def simplified_forms(self, source: Region) -> dict[str, str]:
        """What a region has for the terms, in Simplified characters: its cue words."""
        simplify = native(regions.CONFIGURATIONS[source.variety, MAINLAND][0])
        forms = ((entry.text, entry.form(source)) for entry in self.entries)
        return {text: simplify(form) for text, form in forms if form}


def _forward(entry: PackEntry, target: Region, pack: str) -> Phrase | None:
    form = entry.form(target)
    if entry.when != NEVER and form is None:
        # The term stands as it is, and shields what is in it: 菠萝蜜 is no 鳳梨蜜 where 菠萝 is 鳳梨.
        return Phrase(entry.text, when=NEVER, why=entry.why) if entry.forms else None
    return Phrase(entry.text, form or "", entry.when, entry.near, entry.contrary, entry.why, entry.lean, pack)


def _backward(entry: PackEntry, source: Region, target: Region, simplify: str, pack: str) -> Phrase | None:
    form = entry.form(source)
    if form is None and target.variety != MAINLAND and entry.when != NEVER:
        form = entry.text  # the source's region has the term itself, and the target's a form of its own
    if not entry.back or form is None:
        return Phrase(entry.text, when=NEVER) if entry.when == NEVER else None
    text = native(simplify)(form)
    there = _there(entry, target)
    if text == entry.text and target.variety == MAINLAND:
        return None
    when = entry.back if isinstance(entry.back, str) else entry.when
    return Phrase(text, there, when, entry.near, entry.contrary, entry.why, entry.lean, pack)


def _there(entry: PackEntry, target: Region) -> str:
    """What the target's region says for a term."""
    return entry.text if target.variety == MAINLAND else entry.form(target) or _plain(entry.text, target)


def _plain(text: str, target: Region) -> str:
    """A Mainland's term by its characters only."""
    for name in regions.CONFIGURATIONS[MAINLAND, target.variety]:
        text = native(name)(text)
    return text


def joined(packs: Iterable[Pack], source: Region, target: Region) -> Phrases:
    """What several packs do together; of two that have a term, the later one wins."""
    packs = tuple(packs)
    whole = Phrases({}, {})
    for pack in packs:
        whole = whole.under(pack.phrases(source, target))
    if not whole:
        return whole
    whole = Phrases({}, senses()).under(whole)
    if source.variety == MAINLAND:
        return whole
    forms = {text: form for pack in packs for text, form in pack.simplified_forms(source).items()}
    cues = {
        name: tuple(dict.fromkeys((*words, *(forms[word] for word in words if word in forms))))
        for name, words in whole.cues.items()
    }
    return replace(whole, cues=cues)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A term that two packs give different forms for a region."""

    term: str
    region: str
    forms: tuple[tuple[str, str], ...]


def disagreements(packs: Sequence[Pack]) -> list[Disagreement]:
    """The terms that the packs give different forms, by region, in the order of the packs."""
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for pack in packs:
        for entry in pack.entries:
            for key, form in entry.forms.items():
                seen.setdefault((entry.text, key), {})[pack.name] = form
    return [
        Disagreement(term, key, tuple(forms.items()))
        for (term, key), forms in seen.items()
        if len(set(forms.values())) > 1
    ]


def search(query: str, packs: Sequence[Pack]) -> list[tuple[Pack, PackEntry]]:
    """The entries that have the query, in either script, in the term or in a form; whole words first."""
    plain = native("t2s")
    wanted = plain(query.casefold())
    rows = [(pack, entry, [plain(text.casefold()) for text in entry.words]) for pack in packs for entry in pack.entries]
    found = [row for row in rows if any(wanted in text for text in row[2])]
    return [(pack, entry) for pack, entry, _ in sorted(found, key=lambda row: wanted not in row[2])]


def names() -> tuple[str, ...]:
    """The names of the packs that come with the program."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def read_pack(name: str, folder: Path, place: Place | None = None) -> Pack:
    """The pack that a setting names: a built-in name, or a file's path, relative to `folder`.

    Raises `PublishError`: at `place` for a name that is unknown and a file that is missing, else in the pack's file.
    """
    if not name.endswith(SUFFIXES):
        if name not in names():
            raise _unknown(name, place)
        return built_in(name)
    path = (folder / name).resolve()
    if not path.is_file():
        raise PublishError(f'term pack "{name}" not found', "Add the file, or correct its path", place)
    document = read_yaml(read_text(path), shown(path))
    pack = _PackReader(document, path.stem).read()
    return replace(pack, file=path)


def _unknown(name: str, place: Place | None) -> PublishError:
    close = difflib.get_close_matches(name, names(), n=1)
    hint = f'Did you mean "{close[0]}"? ' if close else ""
    remedy = f"{hint}Choose from {', '.join(names())}, or name a file of your own: terms/our-words.yaml"
    return PublishError(f'unknown term pack "{name}"', remedy, place)


@cache
def built_in(name: str) -> Pack:
    """A pack that comes with the program."""
    path = FOLDER / f"{name}.yaml"
    return _PackReader(YamlDocument(_own_yaml(path), path.name), name).read()


@dataclass(frozen=True)
class _PackReader:
    """What a pack's file says."""

    document: YamlDocument
    name: str

    def read(self) -> Pack:
        if not isinstance(self.document.data, dict):
            remedy = "Write description:, source:, licence: and terms:"
            raise PublishError("a term pack is a mapping", remedy, self.document.place(()))
        from publish.convert.terms.schema import PackModel  # noqa: PLC0415  # loads pydantic
        from publish.convert.validation import validated  # noqa: PLC0415  # the same

        model = validated(
            PackModel,
            self.document,
            "Write each term with its forms: 软件: {zh-TW: 軟體, zh-HK: 軟件}",
            "Allowed in a group are when, why, with, not, otherwise, cue, back, terms",
        )
        cues = {name: tuple(words) for name, words in model.cues.items()}
        groups = self._groups(model)
        for group, _ in groups:
            if group.cue:
                cues[group.cue] = (*cues.get(group.cue, ()), *group.terms)
        entries = tuple(entry for group, path in groups for entry in self._entries(group, path, cues))
        self._refuse_doubles(entries)
        lines = {entry.text: self._line(entry.text, groups) for entry in entries}
        return Pack(
            self.name, " ".join(model.description.split()), model.source, model.licence, entries, cues, lines=lines
        )

    def _groups(self, model: PackModel) -> list[tuple[PackGroupModel, KeyPath]]:
        if isinstance(model.terms, dict):
            from publish.convert.terms.schema import PackGroupModel  # noqa: PLC0415  # loads pydantic

            return [(PackGroupModel(terms=model.terms), ("terms",))]
        return [(group, ("terms", index, "terms")) for index, group in enumerate(model.terms)]

    def _line(self, text: str, groups: Sequence[tuple[PackGroupModel, KeyPath]]) -> int:
        if not self.document.lines:
            return 0
        return next((self.document.line((*path, text)) for group, path in groups if text in group.terms), 0)

    def _entries(self, group: PackGroupModel, path: KeyPath, cues: Mapping[str, object]) -> Iterator[PackEntry]:
        known = (*KINDS, *cues, *(name for name in senses() if not name.startswith(AGAINST)))
        if group.when not in known:
            remedy = f"Write one of {', '.join(dict.fromkeys(known))}; cues: adds others"
            raise self._error(f'unknown choice "{group.when}"', remedy, (*path[:-1], "when"))
        if isinstance(group.terms, list):
            if group.when != NEVER:
                raise self._error("these terms have no forms", "Write 软件: {zh-TW: 軟體}", path)
            yield from (PackEntry(text, when=NEVER, why=group.why) for text in group.terms if text)
            return
        for text, term in group.terms.items():
            yield self._entry(text, term, group, (*path, text))

    def _entry(self, text: str, term: EntryModel, group: PackGroupModel, path: KeyPath) -> PackEntry:
        forms = dict(term.__pydantic_extra__)
        if not text.strip() or not (forms or term.also) or not all(form.strip() for form in forms.values()):
            raise self._error("a term and its forms are text that is not empty", "Write 软件: {zh-TW: 軟體}", path)
        for key in (*forms, *(term.also or ())):
            self._region(key, path)
        simplified = native("t2s")(text)
        if self.document.lines and any(
            one != plain for one, plain in zip(text, simplified, strict=True) if one not in _BOTH
        ):
            problem = f'the term "{text}" is in Traditional characters, and would never be met'
            raise self._error(problem, f"Write the Mainland's word, in Simplified ones: {simplified}", path)
        return PackEntry(
            text,
            forms,
            group.when,
            (*group.near, *term.near),
            (*group.contrary, *term.contrary),
            group.why,
            group.otherwise == "regional",
            group.back if term.back is None else term.back,
            {key: tuple(words) for key, words in term.also.items()} if term.also else _NONE,
        )

    def _region(self, key: str, path: KeyPath) -> None:
        try:
            fits = regions.region(key).variety in _TRADITIONAL
        except UsageError:
            fits = False
        if not fits:
            remedy = "Allowed are zh-TW, zh-HK, zh-MO, with, not, back, also; the term itself is the Mainland's"
            raise self._error(f'a term has no form for "{key}"', remedy, (*path, key))

    def _refuse_doubles(self, entries: Iterable[PackEntry]) -> None:
        twice = [text for text, count in Counter(entry.text for entry in entries).items() if count > 1]
        if twice:
            place = Place(self.document.file, self._second(twice[0]), twice[0])
            raise PublishError(f'the term "{twice[0]}" stands in two groups', "Keep one of the two", place)

    def _second(self, text: str) -> int:
        return max((line for path, line in self.document.lines.items() if path and path[-1] == text), default=0)

    def _error(self, problem: str, remedy: str, path: KeyPath) -> PublishError:
        return PublishError(problem, remedy, self.document.place(path))


@cache
def senses() -> Mapping[str, tuple[str, ...]]:
    """The cue words of the senses that all packs share."""
    data = _own_yaml(FOLDER.parent / "data" / "senses.yaml")
    return {name: tuple(words) for name, words in data.items()}


def _own_yaml(path: Path) -> Any:
    """A file of ours, read by the parser in C, which keeps no lines; the tests read the packs by the other one too."""
    return yaml.load(read_text(path), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe


def describe(packs: Iterable[Pack]) -> list[dict[str, Any]]:
    """Packs, for people and programs: name, how many terms, what it is about, its source and licence."""
    return [
        {
            "name": pack.name,
            "terms": sum(bool(entry.forms) for entry in pack.entries),
            "description": pack.description,
            "source": pack.source,
            "licence": pack.licence,
        }
        for pack in packs
    ]
