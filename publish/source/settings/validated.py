"""Settings held against their schema, and what is told of a fault."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from publish import formats
from publish.errors import Faults, PublishError, UsageError
from publish.findings import Finding
from publish.han import IDEOGRAPHS
from publish.regions import REGIONS, region
from publish.source.settings.foreign import FOREIGN_KEYS
from publish.source.settings.page import PAGE_SIZES
from publish.source.settings.page_schema import FontsModel, PageModel, WrapModel
from publish.source.settings.schema import (
    BookModel,
    FileModel,
    IdentifierModel,
    MetadataModel,
    PartModel,
    PersonModel,
    TitleModel,
    book_model,
    edition_model,
)
from publish.textfile import MARKDOWN
from publish.yamlfaults import listed
from publish.yamlfile import KeyPath, YamlDocument

Allowed = Callable[[str, KeyPath], str]  # (a wrong key, the path of its map) -> the remedy


def own_keys(head: Path, document: YamlDocument) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The settings that mean something here, and a note of those of other tools; `head` is the file that has them."""
    front = head.suffix.lower() in MARKDOWN
    # In front of a single file, `url` is where somebody clipped the text from.
    foreign = {
        name for name in document.data if name in FOREIGN_KEYS or (front and _is_foreign(str(name), document.data))
    }
    known = {name: value for name, value in document.data.items() if name not in foreign}
    if front and isinstance(dates := known.get("date"), dict):  # created, updated: of a site's posts
        known["date"] = str(dates.get("created") or next(iter(dates.values()), ""))
    strange = _of_other_types(known) if front else set()
    foreign |= strange
    known = {name: value for name, value in known.items() if name not in strange}
    if front and isinstance(known.get("date"), str):
        known["date"] = re.sub(r"[T ]\d\d:.*$", "", known["date"])
    if front and "authors" in known:
        named = _authors(known.pop("authors"))
        known |= {"author": named} if named and "author" not in known else {}
    if not foreign:
        return known, ()
    names = [str(name) for name in document.data if name in foreign]
    listed = ", ".join(f'"{name}"' for name in names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")  # noqa: PLR2004  # as many as a line shows
    problem = f"publish does not use the keys {listed}" if len(names) > 1 else "publish does not use this key"
    remedy = (
        "Keep it for the tool that reads it, or remove it"
        if len(names) == 1
        else "Keep them for the tool that reads them, or remove them"
    )
    if len(names) == 1 and names[0] in _MEANT:
        remedy = f'Did you mean "{_MEANT[names[0]]}"? {remedy}'
    note = Finding("set-unused", "note", document.place((names[0],)), problem, remedy)
    return known, (note,)


def _is_region(tag: Any) -> bool:
    try:
        return bool(region(str(tag)))
    except UsageError:
        return False


def _authors(value: Any) -> list[str]:
    """The names under `authors`, as sites have them: a name, names, or maps with a name and more."""
    entries = value if isinstance(value, list) else [value]
    names = [one.get("name") if isinstance(one, dict) else one for one in entries]
    return [one for one in names if isinstance(one, str) and one.strip()]


_ADDRESS = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")


def _is_foreign(name: str, data: Mapping[str, Any]) -> bool:
    """Whether a key in front of a text is another tool's: what is none of ours, with its letters in no other order."""
    if name == "lang":
        return not _is_region(data[name])
    if name == "style":
        return str(data[name]).endswith((".css", ".scss"))
    if name == "authors":
        return not _authors(data[name])
    if name == "index":  # of a site: a page's place among others
        return not str(data[name]).endswith((".yaml", ".yml"))
    if name == "slug" and not _ADDRESS.match(str(data[name])):  # of a site: /intro, 第一篇
        return True
    own = {str(field.alias or key) for key, field in book_model().model_fields.items()}
    if name in own or name.replace("-", "_") in book_model().model_fields:
        return name == "url" or (name == "source" and not isinstance(data[name], str | int))
    return not any(sorted(name) == sorted(one) for one in own)


def _of_other_types(data: dict[str, Any]) -> set[str]:
    """The keys whose values are of another type than ours, as a whole: `images: [a.png]` is another tool's."""
    try:
        book_model().model_validate(data)
    except ValidationError as error:
        found = [one for one in error.errors(include_url=False) if one["type"] in (*_WANTED, "literal_error")]
        names = {str(one["loc"][0]) for one in found}
        return {name for name in names if not isinstance(data.get(name), dict)}
    return set()


def validated(data: dict[str, Any], document: YamlDocument, faults: Faults) -> tuple[BookModel, Sequence[int]]:
    """The settings as their model, and the numbers that its chapters have in the list that was written.

    Each fault goes to `faults` with its line and key; what holds it is left out, so that the rest can be looked at.
    Raises `PublishError` where nothing can be left out.
    """
    try:
        model: BookModel = book_model().model_validate(data)
    except ValidationError as error:
        found = _schema_errors(error.errors(include_url=False), document, allowed=_allowed_keys)
    else:
        return model, range(len(model.chapters or ()))
    for _, fault in found:
        faults.add(fault)
    sound, numbers = _without(data, [path for path, _ in found])
    try:
        return book_model().model_validate(sound), numbers
    except ValidationError:
        faults.tell()
        raise


def _without(data: dict[str, Any], paths: Sequence[KeyPath]) -> tuple[dict[str, Any], list[int]]:
    """The settings without what is faulty: an entry of the chapters, an edition, or else the whole key."""
    entries = data["chapters"] if isinstance(data.get("chapters"), list) else []
    editions = data["editions"] if isinstance(data.get("editions"), dict) else {}
    faulty = {path[:2] for path in paths}
    numbers = [number for number in range(len(entries)) if ("chapters", number) not in faulty]
    sound = {
        "chapters": [entries[number] for number in numbers],
        "editions": {key: settings for key, settings in editions.items() if ("editions", key) not in faulty},
    }
    whole = {path[0] for path in paths if path[0] not in sound or len(path) == 1}
    kept = {key: sound.get(key, value) for key, value in data.items() if key not in whole}
    return {key: value for key, value in kept.items() if value or key not in sound}, numbers


# Pydantic's names of faults, in the words of book.yaml.
_WANTED = {
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": 'a map of "key: value"',
    "model_type": 'a map of "key: value"',
    "model_attributes_type": 'a map of "key: value"',
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
}


def schema_faults(error: ValidationError, document: YamlDocument, allowed: Allowed) -> list[PublishError]:
    """Each fault of a schema that is not a book's, told as a book's are; `allowed` lists the keys of a map."""
    return [fault for _, fault in _schema_errors(error.errors(include_url=False), document, allowed=allowed)]


def _schema_errors(
    details: Sequence[Any], document: YamlDocument, path: KeyPath = (), at: int = 0, *, allowed: Allowed
) -> list[tuple[KeyPath, PublishError]]:
    """Each fault of a schema with its path. Where several models might have been meant, that of the likeliest alone.

    `at` steps of the details' locations have been walked; they have led to `path`.
    """
    groups: dict[tuple[KeyPath, int], list[Any]] = {}
    for one in details:
        here, step = path, at
        while step < len(one["loc"]) and (*here, one["loc"][step]) in document.lines:
            here, step = (*here, one["loc"][step]), step + 1
        groups.setdefault((here, step), []).append(one)
    misspelt = {here[:-1] for (here, _), group in groups.items() if group[0]["type"] == "extra_forbidden"}
    found = []
    for (here, step), group in groups.items():
        first = min(group, key=lambda one: _likelihood(one, document))
        if step < len(first["loc"]) - 1:
            same = [one for one in group if one["loc"][: step + 1] == first["loc"][: step + 1]]
            found += _schema_errors(same, document, here, step + 1, allowed=allowed)
        elif first["type"] != "missing":
            found.append((here, _schema_error(first, document, allowed)))
        elif here not in misspelt:  # a key with a slip in it is not missing as well
            found += [(here, _schema_error(one, document, allowed)) for one in group if one["type"] == "missing"]
    return found


def _likelihood(detail: Any, document: YamlDocument) -> tuple[int, bool, int]:
    """What faults are sorted by where one input breaks several models: the first is what its author should mend."""
    return (document.line(_keys(detail["loc"], document)), detail["type"] != "value_error", -len(detail["loc"]))


def _schema_error(first: Any, document: YamlDocument, allowed: Allowed) -> PublishError:
    """A fault of a schema, told with file, line, key and what is allowed."""
    path = _keys(first["loc"], document)
    kind, context = first["type"], first.get("ctx", {})
    if kind == "extra_forbidden":
        problem = f'unknown key "{path[-1]}"'
        remedy = allowed(str(path[-1]), path[:-1])
    elif kind == "literal_error":
        problem, remedy = f'"{first["input"]}" is not allowed here', f"Write {context['expected']}"
    elif kind == "missing":
        problem, remedy = f'"{path[-1] if path else "?"}" is missing', "Add it"
    elif kind == "too_short":
        problem, remedy = "this list is empty", "Add to it, or remove the key"
    elif kind == "value_error":
        message = first["msg"].removeprefix("Value error, ")
        problem, remedy = f"{message[0].lower()}{message[1:]}", "See: publish schema --keys"
    elif kind == "string_pattern_mismatch":
        problem, remedy = f'"{first["input"]}" is not allowed here', _spelt(path, context["pattern"])
    else:
        message = first["msg"]
        wanted = f"this must be {_WANTED[kind]}" if kind in _WANTED else f"{message[0].lower()}{message[1:]}"
        problem, remedy = f"{wanted}, not {first['input']!r:.60}", "See: publish schema --keys"
        if kind == "list_type" and isinstance(first["input"], str):
            typed = listed(first["input"]) or f"[{first['input']}]"
            remedy = f"Write it as YAML does: {path[-1]}: {typed:.60}"
        if path[-1:] == ("page",) and isinstance(first["input"], str):  # a page is named by its size
            remedy = _sized(first["input"])
    if kind == "string_pattern_mismatch" and (typed := listed(first["input"])):
        remedy = f"Write it as YAML does: {[one for one in path if isinstance(one, str)][-1]}: {typed:.60}"
    return PublishError(problem, remedy, document.place(path))


def _spelt(path: KeyPath, pattern: str) -> str:
    """What to write where a name has letters that it must not have."""
    if "editions" in path:
        return f"Choose one of {', '.join(REGIONS)}, or name an edition of your own in ASCII letters, with a base:"
    if "formats" in path:
        return f"Choose from {', '.join(formats.names())}"
    if pattern.startswith("^#"):
        return "Write a colour as #8a4b20"
    return "Write ASCII letters, digits and hyphens"


def _sized(size: str) -> str:
    """What to write for a size that stands where a map should; the nearest name where it is none."""
    names = {name.lower(): name for name in PAGE_SIZES}
    close = difflib.get_close_matches(size.strip().lower(), names, n=1, cutoff=0.5)
    known = size if _MEASURES.fullmatch(size.strip()) else names[close[0]] if close else "A5"
    return f"Write page: {{size: {known:.40}}}"


def _keys(location: tuple[int | str, ...], document: YamlDocument) -> KeyPath:
    """Pydantic's location without the names of models and validators that it threads in."""
    path: KeyPath = ()
    for step in location:
        named = not re.search(r"\[.*\]$|^[A-Z]\w+Model$", str(step))
        if (*path, step) in document.lines or (step == location[-1] and named):
            path = (*path, step)
    return path or location


# The models of maps by the keys that they stand under.
_MODELS: dict[str | int, Any] = {
    "page": (PageModel,),
    "cover": (WrapModel,),
    "fonts": (FontsModel,),
    "title": (TitleModel,),
    **dict.fromkeys(("author", "creator", "contributor", "translator", "editor"), (PersonModel,)),
    "identifier": (IdentifierModel,),
    "chapters": (FileModel, PartModel),
}


def _allowed_keys(wrong: str, above: KeyPath) -> str:
    models: Any = next((_MODELS[key] for key in reversed(above) if key in _MODELS), (book_model(),))
    if above[:1] == ("chapters",) and wrong.casefold() not in _MEANT and _HAN.search(wrong):  # {第一章: 01.md}
        return f"Write {{title: {wrong}, file: 01.md}}, or {{part: {wrong}, chapters: [01.md]}}"
    if above[-1:] == ("page",) and wrong in ("width", "height"):
        return "Write size: 140mm 200mm"
    if above and above[0] == "editions" and models == (book_model(),):
        models = (edition_model() if len(above) == 2 else MetadataModel,)  # noqa: PLR2004  # editions, its key
    names = sorted({str(field.alias or name) for model in models for name, field in model.model_fields.items()})
    return one_of(wrong, names)


_MOST_NAMES = 12  # that are told in one line
# Keys that people try, and what they are called here.
_MEANT = {
    **dict.fromkeys(("isbn", "doi", "issn", "uuid"), "identifier"),
    **dict.fromkeys(("language", "locale"), "lang"),
    **dict.fromkeys(("copyright", "license", "licence"), "rights"),
    **dict.fromkeys(("contents", "files", "parts"), "chapters"),
    **dict.fromkeys(("writer", "by"), "author"),
    "summary": "description",
    "cover": "cover-image",
    "regions": "editions",
    **dict.fromkeys(("书名", "書名", "标题", "標題"), "title"),
    **dict.fromkeys(("副标题", "副標題", "副题"), "subtitle"),
    **dict.fromkeys(("作者", "著者"), "author"),
    **dict.fromkeys(("日期", "出版日期"), "date"),
    **dict.fromkeys(("语言", "語言"), "lang"),
    **dict.fromkeys(("出版社", "出版者"), "publisher"),
    **dict.fromkeys(("简介", "簡介", "内容简介"), "description"),
    **dict.fromkeys(("封面", "封面图"), "cover-image"),
    **dict.fromkeys(("章节", "章節", "目录", "目錄"), "chapters"),
    **dict.fromkeys(("版本", "地区", "地區"), "editions"),
    **dict.fromkeys(("版权", "版權"), "rights"),
}
# How what they mean is written, where a name does not say it.
_WRITTEN = {
    "isbn": "identifier: {scheme: ISBN-13, text: 978-…}",
    **dict.fromkeys(("font", "fonts", "字体", "字體"), "editions: {zh-CN: {fonts: {body: Noto Serif CJK SC}}}"),
    **dict.fromkeys(("font-size", "fontsize", "text-size", "字号", "字號"), "page: {text-size: 10.5pt}"),
    **dict.fromkeys(("margin", "margins", "页边"), "page: {margin: 20mm}"),
    **dict.fromkeys(("size", "paper", "开本", "開本"), "page: {size: A5}"),
}
_HAN = re.compile(f"[{IDEOGRAPHS}]")
_MEASURES = re.compile(r"[\d.]+ *[a-z]+ +[\d.]+ *[a-z]+")  # of a page: 140mm 203mm
_NEAREST = 0.65  # how alike a name is that may have been meant


def one_of(wrong: str, names: Sequence[str]) -> str:
    """The remedy for a name that is none of those that are allowed: the nearest, and the others or where they stand."""
    lower = {name.lower(): name for name in names}
    typed = wrong.lower().replace("_", "-")
    meant = [_MEANT[typed]] if _MEANT.get(typed) in lower else []
    if typed in _WRITTEN and _WRITTEN[typed].partition(":")[0] in lower:
        return f"Write {_WRITTEN[typed]}"
    close = meant or difflib.get_close_matches(typed, lower, n=1, cutoff=_NEAREST)
    hint = f'Did you mean "{lower[close[0]]}"? ' if close else ""
    if len(names) > _MOST_NAMES:
        return f"{hint}All keys: publish schema --keys"
    return f"{hint}Allowed are {', '.join(names)}"
