"""Formulas of an edition: their Han converted, tags set beside them, MathML for what pandoc cannot write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from publish.edition.context import Context
from publish.edition.markup.xhtml import Element, H, plain
from publish.edition.publication import Formula
from publish.errors import Place
from publish.findings import Finding
from publish.formulas import tex
from publish.formulas.tex import Macros
from publish.formulas.units import with_units
from publish.source.document import Block, Inline, children, map_inlines, rewrite, string
from publish.source.manuscript import Chapter

EQUATION, NUMBER = "equation", "number"


def convert_formula(node: Inline, aside: Callable[[str], str]) -> Inline:
    r"""A formula with its Han converted: of `\text{…}`, and bare ones."""
    kind, source = node["c"]
    return {**node, "c": [kind, tex.with_words(source, aside)]}


def known_macros(context: Context) -> Mapping[str, Macros]:
    """By their keys, the macros that each chapter knows: the book's, and those defined in formulas up to its end."""
    macros = Macros({name: tex.macro(name, body) for name, body in context.project.math_macros.items()})
    known: dict[str, Macros] = {}
    for chapter in context.manuscript.chapters:
        for source in chapter.text.defines:
            macros |= tex.definitions(source)
        known[chapter.key] = macros
    return known


@dataclass
class Formulas:
    """The formulas of a chapter on their way through pandoc: by their TeX, what they need and where they stand."""

    macros: Macros
    known: dict[str, Formula] = field(default_factory=dict)

    def prepare(self, blocks: list[Block]) -> list[Block]:
        """The blocks with each tag beside its formula, and as spans the formulas that pandoc would write wrongly."""

        def unit(inlines: list[Inline], line: int) -> list[Inline]:
            return map_inlines(inlines, lambda node: self._prepared(node, line))

        return rewrite(blocks, None, unit)

    def _prepared(self, node: Inline, line: int) -> list[Inline] | None:
        if node["t"] == "Span" and EQUATION in node["c"][0][1]:
            # One that has a name is in its span already.
            inner = [part for one in children(node) for part in self._prepared(one, line) or [one]]
            flat = [part for one in inner for part in (children(one) if _is_equation(one) else [one])]
            return [{**node, "c": [node["c"][0], flat]}]
        if node["t"] != "Math":
            return None
        kind, source = node["c"]
        shown, number = tex.tagged(source)
        measured = with_units(shown, self.macros.sources)
        closed = self.macros.closed(tex.settled(measured, display=kind["t"] == "DisplayMath"))
        self.known.setdefault(tex.key(shown), Formula(closed, line))
        made: Inline = {"t": "Math", "c": [kind, shown]}
        if closed != shown or tex.definitions(shown).sources:
            made = _span([_MATH, "display" if kind["t"] == "DisplayMath" else "inline"], [string(shown)])
        return [made if not number else _span([EQUATION], [made, _span([NUMBER], [string(number)])])]


_MATH = "math"


def _is_equation(node: Inline) -> bool:
    return bool(node["t"] == "Span" and node["c"][0][1] == [EQUATION])


def _span(classes: list[str], inlines: list[Inline]) -> Inline:
    return {"t": "Span", "c": [["", classes, []], inlines]}


def unwritten(root: Element) -> list[Element]:
    """The formulas that pandoc left as TeX."""
    return [one for one in root.iter(f"{H}span") if _MATH in str(one.get("class") or "").split()]


def write_formulas(
    context: Context, chapter: Chapter, root: Element, known: Mapping[str, Formula]
) -> Iterator[Finding]:
    """Put MathML in the place of formulas that pandoc left as TeX; one with an error stays TeX, and is told."""
    from publish.formulas.engine import Wish, typeset  # noqa: PLC0415  # only a book with such formulas needs it
    from publish.formulas.mathml import clean  # noqa: PLC0415  # the same

    wishes: dict[Element, tuple[str, Wish]] = {}
    for span in unwritten(root):
        source, display = _source(span), "display" in str(span.get("class")).split()
        formula = known.get(tex.key(source))
        wishes[span] = source, Wish(formula.tex if formula else source, display)
    settings = typeset(wish for _, wish in wishes.values())
    for span, (source, wish) in wishes.items():
        setting = settings[wish]
        if setting.error:
            span.set("class", "math error")
            span.text = source
            yield _error(context, chapter, source, known, setting.error)
        else:
            made = clean(setting.mathml, source)
            made.tail = span.tail
            parent = span.getparent()
            if parent is not None:
                parent.replace(span, made)


def _source(span: Element) -> str:
    """The TeX in a span; pandoc puts its dollars around what it could not write."""
    source = plain(span)
    for mark in ("$$", "$"):
        if source.startswith(mark) and source.endswith(mark) and len(source) > 2 * len(mark):
            return source[len(mark) : -len(mark)]
    return source


def _error(context: Context, chapter: Chapter, source: str, known: Mapping[str, Formula], error: str) -> Finding:
    """Why a formula is not set, at the line with the command that the error names, or else its first."""
    found = known.get(tex.key(source))
    rows = [row.strip() for row in source.splitlines() if row.strip()]
    command = error.rpartition("\\")[2].split()[0] if "\\" in error else ""
    needle = next((row for row in rows if command and f"\\{command}" in row), rows[0] if rows else "")
    place: Place = context.manuscript.place(chapter, found.line if found else 0, needle)
    shown = " ".join(source.split())
    shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
    problem = f"the formula {shown} has an error and is shown as TeX: {error}"
    return Finding("math-tex", "warning", place, problem, "Correct the TeX")


_SHOWN = 60
