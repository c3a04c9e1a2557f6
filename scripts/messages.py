"""Keep the catalogues of messages: templates from the code into publish/locale/, compiled (make messages)."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from publish.convert import Converter
from publish.convert.styles import built_in, read_style
from publish.convert.styles import names as style_names
from publish.convert.terms import joined, names, read_pack
from publish.regions import region
from publish.serve.wording import page_words, script_words

if TYPE_CHECKING:
    from babel.messages import Catalog

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "publish"
LOCALE = PACKAGE / "locale"
LEFT_OUT = Path(__file__).with_name("no-messages.txt")  # texts of the code that nobody is told
SHORT = Path(__file__).with_name("short-messages.txt")
# What is said to programmers, or is no language at all.
_SILENT_CALLS = frozenset(
    """compile debug info warning match search sub subn findall fullmatch finditer split cdef execute executemany
    getLogger RuntimeError TypeError AttributeError AssertionError KeyError TypeVar import_module basicConfig""".split()
)
_SILENT_FILES = ("edition/features/sorting.py", "formulas/mathml.py")
_MOST_WAYS = 16  # that one message may be said in


@dataclass(frozen=True)
class Message:
    """A template, where it stands, and what its values are."""

    template: str
    place: str
    values: tuple[str, ...] = ()


@dataclass
class _Reader(ast.NodeVisitor):
    """All texts in English that a module may tell people."""

    place: str
    found: list[Message] = field(default_factory=list)
    _silent: set[int] = field(default_factory=set)

    def visit_Expr(self, node: ast.Expr) -> None:  # ast's name
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:  # ast's name
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _SILENT_CALLS:
            return
        if name == "format" and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant):
            self._add(node)
            return
        self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        if _is_text(node):
            self._add(node)
            return
        super().generic_visit(node)

    def _add(self, node: ast.AST) -> None:
        for way in _ways(node):
            values = [one for one in way if isinstance(one, ast.AST)]
            numbers = {id(one): number for number, one in enumerate(values, 1)}
            text = "".join(
                one.replace("{", "{{").replace("}", "}}") if isinstance(one, str) else f"{{{numbers[id(one)]}}}"
                for one in way
            )
            if _is_said("".join(one for one in way if isinstance(one, str))):
                self.found.append(Message(text, self.place, tuple(ast.unparse(one) for one in values)))
        for inner in ast.walk(node):
            if isinstance(inner, ast.FormattedValue) and not _is_text(inner.value):
                self.visit(inner.value)


def _is_text(node: ast.AST) -> bool:
    """Whether an expression is text: a constant, an f-string, or a sum with one in it."""
    match node:
        case ast.Constant():
            return isinstance(node.value, str)
        case ast.JoinedStr():
            return True
        case ast.BinOp(op=ast.Add()):
            return _is_text(node.left) or _is_text(node.right)
        case ast.IfExp():
            return _is_text(node.body) and _is_text(node.orelse)
    return False


def _ways(node: ast.AST) -> list[list[str | ast.AST]]:
    """All ways in which a text may be said: a choice between constants in it makes two of one."""
    match node:
        case ast.Constant() if isinstance(node.value, str):
            return [_marked(node.value)] if "{}" in node.value else [[node.value]]
        case ast.JoinedStr():
            return _joined([_ways(one) for one in node.values])
        case ast.FormattedValue():
            return _ways(node.value)
        case ast.BinOp(op=ast.Add()) if _is_text(node):
            return _joined([_ways(node.left), _ways(node.right)])
        case ast.BinOp(op=ast.Mult(), left=ast.Constant(value=str() as text)):
            return [[""], [text]]
        case ast.IfExp():
            return _ways(node.body) + _ways(node.orelse)
        case ast.BoolOp(op=ast.Or()) if any(_is_text(one) for one in node.values):
            return [way for one in node.values for way in _ways(one)]
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant(value=str() as text))):
            return [_marked(re.sub(r"\{\w*\}", "{}", text))]
    return [[node]]


def _marked(text: str) -> list[str | ast.AST]:
    """A text for `str.format`, its fields as values."""
    pieces: list[str | ast.AST] = [text.split("{}", maxsplit=1)[0]]
    for one in text.split("{}")[1:]:
        pieces += [ast.Name("value"), one]
    return pieces


def _joined(parts: Sequence[list[list[str | ast.AST]]]) -> list[list[str | ast.AST]]:
    ways = list(product(*parts))[:_MOST_WAYS]
    return [[piece for part in way for piece in part] for way in ways]


def _is_said(literal: str) -> bool:
    """Whether the constant part of a text reads like English: two words or more, no markup, no code."""
    words = re.findall(r"(?<![\w\\.-])[A-Za-z][a-z’']+(?![\w(=\\-])|\b[aAI]\b", literal)
    code = re.search(r"</|/>|<!|&#|\\[wsd]|url\(|\(\?|//\*|\d;|@\w+ |^\s*[.#]\w+ ", literal)
    example = literal.startswith(("Example:", "Examples:"))
    return len(words) > 1 and " " in literal.strip() and not (code or example or "\n" in literal.strip())


def gather() -> list[Message]:
    """All messages of the package, each once, in the order of its files."""
    silent = {one.strip() for one in LEFT_OUT.read_text(encoding="utf-8").splitlines()}
    found = {one.template: one for one in reversed([*_python(), *_help(), *_pages(), *_described(), *_short()])}
    return [one for one in reversed(found.values()) if one.template.strip() not in silent]


def _python() -> Iterator[Message]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if path.relative_to(PACKAGE).as_posix() not in _SILENT_FILES:
            yield from module_messages(path.read_text(encoding="utf-8"), name)


def module_messages(code: str, place: str) -> list[Message]:
    """The messages of a module, in the order in which they stand."""
    reader = _Reader(place)
    reader.visit(ast.parse(code))
    return reader.found


def _help() -> Iterator[Message]:
    """The paragraphs that the commands' help is made of."""
    for path in sorted((PACKAGE / "cli").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list and (said := ast.get_docstring(node)):
                for one in inspect.cleandoc(said).split("\n\n"):
                    yield Message(_escaped(" ".join(one.split())), path.relative_to(ROOT).as_posix())


def _pages() -> Iterator[Message]:
    """What the preview and the desk say on their pages."""
    for path in sorted([*PACKAGE.glob("serve/page/*"), *PACKAGE.glob("review/page/*")]):
        words = {".html": page_words, ".js": script_words}.get(path.suffix)
        text = path.read_text(encoding="utf-8")
        for one in words(text) if words else ():
            yield Message(one if path.suffix == ".js" else _escaped(one), path.relative_to(ROOT).as_posix())


def _described() -> Iterator[Message]:
    """What styles and term packs say of themselves."""
    for name in style_names():
        yield Message(_escaped(built_in(name).description), f"publish/convert/styles/{name}.yaml")
    for name in names():
        yield Message(_escaped(read_pack(name, Path()).description), f"publish/convert/terms/{name}.yaml")


def _short() -> Iterator[Message]:
    """Messages of one word, and those of the libraries that read our arguments."""
    for line in SHORT.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Message(line, SHORT.relative_to(ROOT).as_posix())


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


# --- the catalogues ---------------------------------------------------------------------------------------------------


def update() -> list[str]:
    """Bring both catalogues up to the code, and compile them; the templates that are yet to be translated.

    Simplified is written by hand. Traditional is converted from it where it has nothing, and then mended by hand.
    """
    messages = gather()
    simplified = _updated("zh_CN", messages, {})
    words = {str(one.id): str(one.string) for one in simplified if one.id and one.string}
    to_taiwan = _converter()
    _updated("zh_TW", messages, {english: to_taiwan.convert(told) for english, told in words.items()})
    return [one.template for one in messages if one.template not in words]


def _converter() -> Converter:
    """From the Mainland's words to Taiwan's, those of computing included."""
    start, target = region("zh-CN"), region("zh-TW")
    packs = [read_pack(name, Path()) for name in ("computing", "everyday") if name in names()]
    style = read_style("zh-TW-phrases", Path()).with_phrases(joined(packs, start, target))
    return Converter(start, target, quotes="region", style=style, subject=style.phrases.subject("程序 文件 代码"))


def _updated(language: str, messages: Sequence[Message], offered: dict[str, str]) -> Catalog:
    from babel.messages import Catalog  # noqa: PLC0415  # a test that only gathers does without
    from babel.messages.mofile import write_mo  # noqa: PLC0415  # the same
    from babel.messages.pofile import read_po, write_po  # noqa: PLC0415  # the same

    file = LOCALE / language / "LC_MESSAGES" / "publish.po"
    known = {one.id: one.string for one in read_po(file.open("rb"))} if file.is_file() else {}
    made = Catalog(language, project="publish", fuzzy=False, header_comment="# Messages of publish.")
    for one in messages:
        told = known.get(one.template) or offered.get(one.template, "")
        notes = [f"{{{number}}}: {value}" for number, value in enumerate(one.values, 1)]
        made.add(one.template, told, [(one.place, 0)], auto_comments=notes)
    file.parent.mkdir(parents=True, exist_ok=True)
    dated = re.compile(rb'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid[^:]*): .*\n')
    with file.open("wb") as out:
        write_po(out, made, width=120, sort_output=False, include_lineno=False)
    file.write_bytes(dated.sub(b"", file.read_bytes()))
    with file.with_suffix(".mo").open("wb") as out:
        write_mo(out, read_po(file.open("rb")))
    return made


if __name__ == "__main__":
    for missing in update():
        print("not translated:", missing)
