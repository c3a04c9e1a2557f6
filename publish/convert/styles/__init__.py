"""House styles as files: those that come with the program, a YAML file each, and a publisher's own."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish import regions
from publish.convert import terms
from publish.convert.native import PRESERVES_LENGTH
from publish.convert.phrases import ALWAYS, KINDS, NEVER, Phrase, Phrases
from publish.convert.style import PLAIN, Style
from publish.errors import Place, PublishError, UsageError
from publish.textfile import read_text, shown
from publish.yamlfile import KeyPath, YamlDocument, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publish.convert.styles.schema import StyleGroupModel, StyleModel, TermModel


FOLDER = Path(__file__).parent
SUFFIXES = (".yaml", ".yml")
_DEEPEST = 8


def names() -> tuple[str, ...]:
    """The names of the styles that come with the program."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def built_in(name: str) -> Style:
    """A style that comes with the program."""
    return read_style(name, FOLDER)


def read_style(name: str, folder: Path, place: Place | None = None) -> Style:
    """The style that a setting names: a built-in name, or a file's path, relative to `folder`.

    Raises `PublishError`: at `place` for a name that is unknown and a file that is missing, else in the style's file.
    """
    return _read(name, folder, place, ())


def _read(name: str, folder: Path, place: Place | None, above: tuple[Path, ...]) -> Style:
    from publish.convert.styles.schema import StyleModel  # noqa: PLC0415  # loads pydantic
    from publish.convert.validation import validated  # noqa: PLC0415  # the same

    path = _path(name, folder, place)
    if path in above or len(above) > _DEEPEST:
        raise PublishError(f'the style "{name}" extends itself', "Let it extend another, or none", place)
    built = path.is_relative_to(FOLDER)
    document = _document(path)
    model = validated(StyleModel, document, "See the documentation of styles", "Allowed in a term are form, with, not")
    base = PLAIN
    if model.extends:
        base = _read(model.extends, path.parent, document.place(("extends",)), (*above, path))
    style = _StyleReader(document, model, base, path.parent).style()
    files = (*base.files, *style.files, *(() if built else (path,)))
    return replace(style, name=path.stem if built else name, files=files)


def _path(name: str, folder: Path, place: Place | None) -> Path:
    if not name.endswith(SUFFIXES):
        path = FOLDER / f"{name}.yaml"
        if name in names():
            return path
        close = difflib.get_close_matches(name, names(), n=1)
        hint = f'Did you mean "{close[0]}"? ' if close else ""
        remedy = f"{hint}Choose one of {', '.join(names())}, or name a file of your own: styles/our-house.yaml"
        raise PublishError(f'unknown style "{name}"', remedy, place)
    path = (folder / name).resolve()
    if not path.is_file():
        raise PublishError(f'style "{name}" not found', "Add the file, or correct its path", place)
    return path


def _document(path: Path) -> YamlDocument:
    document = read_yaml(read_text(path), path.name if path.is_relative_to(FOLDER) else shown(path))
    if not isinstance(document.data, dict):
        raise PublishError("a style is a mapping", "Write description: and what differs", document.place(()))
    return document


@dataclass(frozen=True)
class _StyleReader:
    """What a style file says, laid over the style that it extends."""

    document: YamlDocument
    model: StyleModel
    base: Style
    folder: Path

    def style(self) -> Style:
        model, base = self.model, self.base
        for key in ("region", "source"):
            self._region(key, getattr(model, key))
        packed, packs = self._packed()
        waiting = () if model.source or base.source else tuple(packs)
        inherited = base.phrases.under(packed)
        cues = dict(inherited.cues)
        for name, words in model.cues.items():
            cues[name] = (*cues.get(name, ()), *words)
        for name, words in self._own_cues():
            cues[name] = (*cues.get(name, ()), *words)
        phrases = {phrase.text: phrase for phrase in self._phrases(cues)}
        style = Style(
            description=" ".join(model.description.split()),
            region=model.region or base.region,
            source=model.source or base.source,
            opencc=base.opencc if model.opencc is None else self._opencc(model.opencc),
            characters=_composed(base.characters, dict(self._characters())),
            excepted=base.excepted | frozenset(model.excepted),
            mend=base.mend | frozenset(model.mend),
            phrases=Phrases(dict(inherited.table) | phrases, cues, inherited.simplified_by),
            packs=(*base.packs, *waiting),
            files=tuple(pack.file for pack in packs if pack.file),
        )
        if style.phrases and not style.source:
            raise self._error("phrases need to know whose writing they are given in", "Add source: zh-CN", ("phrases",))
        return style

    def _packed(self) -> tuple[Phrases, list[terms.Pack]]:
        """What the term packs do that the style names; nothing yet where it is for a text of any region."""
        named = [
            terms.read_pack(name, self.folder, self.document.place(("terms", index)))
            for index, name in enumerate(self.model.terms)
        ]
        if not named:
            return Phrases({}, {}), []
        region, source = self.model.region or self.base.region, self.model.source or self.base.source
        if not region:
            raise self._error("term packs need to know for whom they convert", "Add region: zh-TW", ("terms",))
        if not source:
            return Phrases({}, {}), named
        return terms.joined(named, regions.region(source), regions.region(region)), named

    def _region(self, key: str, tag: str | None) -> None:
        try:
            regions.region(tag or "zh-CN")
        except UsageError as error:
            raise self._error(error.problem, error.remedy, (key,)) from error

    def _opencc(self, configurations: str | list[str]) -> tuple[str, ...]:
        chain = (configurations,) if isinstance(configurations, str) else tuple(configurations)
        for name in chain:
            if name not in PRESERVES_LENGTH:
                remedy = f"Choose from {', '.join(PRESERVES_LENGTH)}"
                raise self._error(f'unknown OpenCC configuration "{name}"', remedy, ("opencc",))
        return chain

    def _own_cues(self) -> Iterator[tuple[str, list[str]]]:
        """The groups whose terms are cue words themselves."""
        groups = self.model.phrases if isinstance(self.model.phrases, list) else []
        yield from ((group.cue, list(group.terms)) for group in groups if group.cue)

    def _characters(self) -> Iterator[tuple[str, str]]:
        for before, after in self.model.characters.items():
            if not before or len(before) != len(after):
                remedy = "Give one character for one (裏: 裡), or a word for one as long; others are phrases"
                raise self._error(f'"{before}" and "{after}" are not of one length', remedy, ("characters", before))
            yield before, after

    def _phrases(self, cues: Mapping[str, tuple[str, ...]]) -> Iterator[Phrase]:
        if isinstance(self.model.phrases, dict):
            from publish.convert.styles.schema import StyleGroupModel  # noqa: PLC0415  # loads pydantic

            for text, term in self.model.phrases.items():
                yield self._phrase(text, term, StyleGroupModel(when=ALWAYS, terms={}), ("phrases", text))
            return
        for index, group in enumerate(self.model.phrases):
            path: KeyPath = ("phrases", index, "when")
            if group.when not in (*KINDS, *cues):
                remedy = f"Write one of {', '.join((*KINDS, *cues))}; cues: adds others"
                raise self._error(f'unknown choice "{group.when}"', remedy, path)
            if isinstance(group.terms, list):
                if group.when != NEVER:
                    raise self._error("these terms have no forms", "Write term: form", ("phrases", index, "terms"))
                yield from (Phrase(text, when=NEVER, why=group.why) for text in group.terms if text)
                continue
            for text, term in group.terms.items():
                yield self._phrase(text, term, group, ("phrases", index, "terms", text))

    def _phrase(self, text: str, term: str | TermModel, group: StyleGroupModel, path: KeyPath) -> Phrase:
        form, near, contrary = (term, [], []) if isinstance(term, str) else (term.form, term.near, term.contrary)
        if not text.strip() or not form:
            raise self._error("a phrase and its form are text that is not empty", "Write 软件: 軟體", path)
        lean = group.otherwise == "regional"
        return Phrase(text, form, group.when, (*group.near, *near), (*group.contrary, *contrary), group.why, lean)

    def _error(self, problem: str, remedy: str, path: KeyPath) -> PublishError:
        return PublishError(problem, remedy, self.document.place(path))


def _composed(first: Mapping[str, str], then: Mapping[str, str]) -> dict[str, str]:
    """The spellings of a style that another extends, and its own, which also respell what the first ones write."""
    return {before: then.get(after, after) for before, after in first.items()} | dict(then)


def describe() -> list[dict[str, Any]]:
    """The built-in styles, for people and programs: name, region and who writes so."""
    return [
        {"name": name, "region": style.region, "description": style.description}
        for name, style in ((name, built_in(name)) for name in names())
    ]
