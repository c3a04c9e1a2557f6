"""The ledger: decisions.yaml and glossary.yaml, edited line by line so that comments and everything else stay.

An edit is made in the text, read back and compared with what was wanted; a file whose form does not allow
it is never damaged: without comments it is rewritten, with comments the editor is told what to add.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from publish.convert import Decision, Decisions, Glossary, Term, read_decisions_data, read_glossary_data
from publish.convert.decisions import edition_key
from publish.errors import Place, PublishError
from publish.review import rows
from publish.textfile import read_text, write_file
from publish.yamlfile import read_yaml

HEADER = """\
# 转换中定下的写法。由 publish review 写入，也可以手改。
# 版本 → 稿子里的词 → 一行一条：前文、后文都对得上的地方，改成 as 后面的写法；keep 是不转换。
"""
_PLAIN = re.compile(r"[^\x00-\x7f\s\u0085\u00a0\u2028\u2029\ufeff\ue000-\uf8ff]+")
_EDGED = re.compile(r"\^?(?:[^\x00-\x7f\s\u0085\u00a0\u2028\u2029\ufeff\ue000-\uf8ff]+)\$?|\^|\$")


def row(decision: Decision) -> str:
    """A decision as one line: `{before: 又, after: 又痒, as: 乾}`."""
    pairs = [
        ("before", decision.before),
        ("after", decision.after),
        *([] if decision.keep else [("as", decision.form)]),
        ("note", decision.note),
    ]
    parts = [f"{key}: {scalar(value)}" for key, value in pairs if value]
    if decision.keep:
        parts.insert(len(parts) - bool(decision.note), "keep: true")
    return f"{{{', '.join(parts)}}}"


def scalar(text: str) -> str:
    """A text as YAML, quoted where necessary."""
    return text if _EDGED.fullmatch(text) else _quoted(text)


# YAML's own line ends, and what an editor cannot see.
_UNSEEN = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ue000-\uf8ff]")


def _quoted(text: str) -> str:
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def with_decision(text: str, file: str, decision: Decision) -> str:
    """The text of a decisions file with this decision, replacing another on the same thing."""
    before = read_decisions_text(text, file)
    same = next((one for one in before.all if one.key == decision.key), None)
    if same and not decision.note:
        decision = replace(decision, note=same.note)
    wanted = [one for one in before.all if one.key != decision.key] + [decision]
    return _edited(text, file, wanted, lambda: _insert(text, decision))


def without_decision(text: str, file: str, decision: Decision) -> str:
    """The text without the decision on this thing; unchanged where there is none."""
    before = read_decisions_text(text, file)
    wanted = [one for one in before.all if one.key != decision.key]
    if len(wanted) == len(before.all):
        return text
    return _edited(text, file, wanted, lambda: _removed(text, decision))


def with_changes(text: str, file: str, made: Sequence[Decision], gone: Sequence[Decision]) -> tuple[str, Decisions]:
    """The text of a decisions file with some decisions and without others, and what it then says.

    Where each decision stands on a line of its own, as the desk writes them, all is changed in one go, however long the
    file; else one after another. Raises `PublishError` where the file's form allows neither.
    """
    before = read_decisions_text(text, file)
    notes = {one.key: one.note for one in before.all}
    made = [one if one.note else replace(one, note=notes.get(one.key, "")) for one in made]
    changed = {one.key: one for one in made}
    wanted = [one for one in before.all if one.key not in {*changed, *(each.key for each in gone)}] + [
        *changed.values()
    ]
    if sorted(wanted) == sorted(before.all):
        return text, before
    quick = rows.changed(text or HEADER, before, [*changed.values()], gone, row, scalar_key)
    if quick is not None:
        with suppress(PublishError):
            after = read_decisions_text(quick, file)
            if sorted(after.all) == sorted(wanted):
                return quick, after
    for one in gone:
        text = without_decision(text, file, one)
    for one in changed.values():
        text = with_decision(text, file, one)
    return text, read_decisions_text(text, file)


def _edited(text: str, file: str, wanted: Sequence[Decision], edit: Callable[[], str | None]) -> str:
    new = edit()
    if new is not None and _means(new, file, wanted):
        return new
    if "#" in text.replace(HEADER, ""):
        gone = {one.key for one in read_decisions_text(text, file).all} - {one.key for one in wanted}
        lines = "; ".join(f"{one.edition}, {one.term}: - {row(one)}" for one in wanted[-1:] if not gone)
        remedy = f"Write it into the file by hand: {lines}" if lines else "Remove it by hand"
        raise PublishError("this file is written in a form that cannot be edited line by line", remedy, Place(file))
    return written(wanted)


def _means(text: str, file: str, wanted: Sequence[Decision]) -> bool:
    try:
        return sorted(read_decisions_text(text, file).all) == sorted(wanted)
    except PublishError:
        return False


def read_decisions_text(text: str, file: str) -> Decisions:
    """What the text of a decisions file says. Raises `PublishError`."""
    document = read_yaml(text, file)
    return read_decisions_data(document.data, file, document.line)


def written(decisions: Iterable[Decision]) -> str:
    """A whole file of decisions, sorted by edition, term and context."""
    out = [HEADER.rstrip("\n")]
    edition = term = None
    for one in sorted(decisions, key=_order):
        if one.edition != edition:
            out.append(f"{scalar_key(one.edition)}:")
            edition, term = one.edition, None
        if one.term != term:
            out.append(f"  {scalar_key(one.term)}:")
            term = one.term
        out.append(f"    - {row(one)}")
    return "\n".join(out) + "\n"


def scalar_key(text: str) -> str:
    """A text as a key of YAML."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", text) and text.lower() not in ("true", "false", "null")
    return text if plain or _PLAIN.fullmatch(text) else _quoted(text)


def _order(one: Decision) -> tuple[str, str, str, str]:
    return one.edition, one.term, one.before, one.after


# --- the edits, in lines ----------------------------------------------------------------------------------------------


def _insert(text: str, decision: Decision) -> str | None:
    """The text with a decision in its sorted place; None where the file's form does not allow it."""
    lines = text.split("\n") if text else HEADER.split("\n")
    root = _compose(text)
    new = [f"    - {row(decision)}"]
    if root is None:
        while lines and not lines[-1].strip():
            lines.pop()
        return "\n".join([*lines, f"{scalar_key(decision.edition)}:", f"  {scalar_key(decision.term)}:", *new, ""])
    edition = _child(root, decision.edition, region=True)
    if edition is None:
        block = [f"{scalar_key(decision.edition)}:", f"  {scalar_key(decision.term)}:", *new]
        return _with_lines(lines, _sorted_line(root, decision.edition), block)
    if not isinstance(edition, yaml.MappingNode) or edition.flow_style:
        return None
    pad = " " * edition.start_mark.column
    terms = _child(edition, decision.term)
    if terms is None:
        block = [f"{pad}{scalar_key(decision.term)}:", f"{pad}  - {row(decision)}"]
        return _with_lines(lines, _sorted_line(edition, decision.term), block)
    if not isinstance(terms, yaml.SequenceNode):
        return None
    return _in_sequence(text, lines, terms, decision)


def _in_sequence(text: str, lines: list[str], terms: yaml.SequenceNode, decision: Decision) -> str | None:
    position = 0
    for node in terms.value:
        there = _pair(node)
        if there == (decision.before, decision.after):
            end = _end(node)
            return text[: node.start_mark.index] + row(decision) + text[end.index :]
        if there < (decision.before, decision.after):
            position = _end(node).line + 1
    if terms.flow_style:
        at = terms.end_mark.index - 1
        return f"{text[:at]}, {row(decision)}{text[at:]}"
    at = position or terms.start_mark.line
    return _with_lines(lines, at, [f"{' ' * terms.start_mark.column}- {row(decision)}"])


def _removed(text: str, decision: Decision) -> str | None:
    """The text without the lines of a decision, and without the keys that it leaves empty."""
    lines = text.split("\n")
    root = _compose(text)
    edition = _child(root, decision.edition, region=True) if root else None
    terms = _child(edition, decision.term) if isinstance(edition, yaml.MappingNode) else None
    if root is None or not isinstance(edition, yaml.MappingNode) or not isinstance(terms, yaml.SequenceNode):
        return None
    node = next(one for one in terms.value if _pair(one) == (decision.before, decision.after))
    first, last = node.start_mark.line, _end(node).line
    if len(terms.value) == 1:
        first = _key(edition, decision.term).start_mark.line
        if len(edition.value) == 1:
            first = _key(root, decision.edition, region=True).start_mark.line
    return "\n".join([*lines[:first], *lines[last + 1 :]])


def _with_lines(lines: list[str], at: int, block: list[str]) -> str:
    out = [*lines[:at], *block, *lines[at:]]
    return "\n".join(out) if out[-1] == "" else "\n".join([*out, ""])


def _sorted_line(mapping: yaml.MappingNode, name: str) -> int:
    """The line before which a new key belongs: after the last that sorts lower, or at the first."""
    lower = [value for key, value in mapping.value if str(key.value) < name]
    if lower:
        return 1 + max(int(_end(value).line) for value in lower)
    return int(mapping.value[0][0].start_mark.line)


def _compose(text: str) -> yaml.MappingNode | None:
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    return node if isinstance(node, yaml.MappingNode) else None


def _child(mapping: yaml.MappingNode, name: str, *, region: bool = False) -> Any:
    return next((value for key, value in mapping.value if _same(str(key.value), name, region=region)), None)


def _key(mapping: yaml.MappingNode, name: str, *, region: bool = False) -> Any:
    return next(key for key, _ in mapping.value if _same(str(key.value), name, region=region))


def _same(written_as: str, name: str, *, region: bool) -> bool:
    return written_as == name or (region and edition_key(written_as) == name)


def _pair(node: Any) -> tuple[str, str]:
    """The context that a decision's node requires."""
    found = {str(key.value): str(value.value) for key, value in node.value}
    return found.get("before", ""), found.get("after", "")


def _end(node: Any) -> Any:
    """The mark after a node's last character; PyYAML's end mark of a block is the next token's."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(node, yaml.MappingNode) else last)
    return node.end_mark


# --- the glossary -----------------------------------------------------------------------------------------------------


def with_term(text: str, file: str, term: str, edition: str, form: str | None) -> str:
    """The text of a glossary in which `term` becomes `form` in an edition; None: in which it is a name to keep there.

    Raises `PublishError` with what to add where the form of the file does not allow it.
    """
    before = _glossary(text, file)
    new = _glossary_edit(text, term, edition, form)
    hint = f"{term}: {{{edition}: {form}}}" if form is not None else f"- {{text: {term}, editions: [{edition}]}}"
    under = "terms" if form is not None else "keep"
    remedy = f"Add it by hand under {under}: {hint}"
    try:
        after = _glossary(new, file)
    except PublishError as error:
        raise PublishError(f'"{term}" cannot be added: {error.problem}', remedy, Place(file)) from error
    if not _adds(before, after, term, edition, form):
        raise PublishError("this file is written in a form that cannot be edited line by line", remedy, Place(file))
    return new


def _glossary(text: str, file: str) -> Glossary:
    document = read_yaml(text, file)
    return read_glossary_data(document.data, Place(file), document.line)


def _adds(before: Glossary, after: Glossary, term: str, edition: str, form: str | None) -> bool:
    """Whether the second glossary is the first with the term added and otherwise the same."""
    if form is None:
        return after.terms == (*before.terms, Term(term, editions=frozenset({edition}), keep=True))
    old = {one.text: dict(one.forms) for one in before.terms if not one.keep}
    new = {one.text: dict(one.forms) for one in after.terms if not one.keep}
    old.setdefault(term, {})[edition] = form
    return old == new and [one for one in before.terms if one.keep] == [one for one in after.terms if one.keep]


def _glossary_edit(text: str, term: str, edition: str, form: str | None) -> str:
    lines = text.split("\n")
    root = _compose(text)
    name = "terms" if form is not None else "keep"
    line = (
        f"{scalar_key(term)}: {{{scalar_key(edition)}: {scalar(form)}}}"
        if form is not None
        else (f"- {{text: {scalar(term)}, editions: [{scalar_key(edition)}]}}")
    )
    found = _child(root, name) if root else None
    if not isinstance(found, yaml.CollectionNode) or not found.value:
        while lines and not lines[-1].strip():
            lines.pop()
        key = [f"{name}:"] if found is None else []
        at = len(lines) if found is None or root is None else _key(root, name).end_mark.line + 1
        return _with_lines(lines, at, [*key, f"  {line}"])
    there = _child(found, term) if isinstance(found, yaml.MappingNode) else None
    if there is None or not isinstance(there, yaml.MappingNode) or form is None:
        return _with_lines(lines, _end(found).line + 1, [" " * found.start_mark.column + line])
    return _form_set(text, lines, there, edition, form)


def _form_set(text: str, lines: list[str], forms: yaml.MappingNode, edition: str, form: str) -> str:
    """The text in which an existing term has this form in an edition."""
    value = _child(forms, edition, region=True)
    if value is not None:
        return text[: value.start_mark.index] + scalar(form) + text[value.end_mark.index :]
    pair = f"{scalar_key(edition)}: {scalar(form)}"
    if forms.flow_style:
        at = _end(forms.value[-1][1]).index
        return f"{text[:at]}, {pair}{text[at:]}"
    return _with_lines(lines, _end(forms).line + 1, [" " * forms.start_mark.column + pair])


# --- files ------------------------------------------------------------------------------------------------------------


def text_of(path: Path) -> str:
    """The text of a file of the book; empty if missing."""
    return read_text(path) if path.is_file() else ""


def write(path: Path, text: str) -> None:
    """Write a file of the book whole or not at all, to the disk, with the line ends and the permissions that it has."""
    target = path.resolve()
    old = target.read_bytes() if target.is_file() else b""
    write_file(target, text.replace("\n", "\r\n") if b"\r\n" in old else text)
    handle = os.open(target, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
