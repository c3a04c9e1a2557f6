"""TeX as far as a book needs to know it: the Han in a formula, its tag, the macros that it defines and uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from publish.han import LETTERS

# Words of an edition in a formula: Han with the marks and single spaces between them, `\\text{若 x 为}` in two runs.
_WORDS = re.compile(
    f"[{LETTERS}\u3000-\u303f\uff00-\uffef“”‘’…—·]+(?: (?=[{LETTERS}])[{LETTERS}\u3000-\u303f\uff00-\uffef]+)*"
)
_HAN = re.compile(f"[{LETTERS}]")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_DEFINES = re.compile(r"\\(?P<kind>(?:re)?newcommand|providecommand|DeclareMathOperator|def|let)\s*(?P<star>\*?)")
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))")
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
_TAG = re.compile(r"\\tag(?![A-Za-z])\s*(\*?)")
_TOKEN = re.compile(r"\s*([^\s\\{}&])")


def words(tex: str) -> Iterator[tuple[int, int]]:
    """Where the runs of Han of a formula begin and end."""
    for match in _WORDS.finditer(tex):
        if _HAN.search(match[0]):
            yield match.span()


def with_words(tex: str, change: Callable[[str], str]) -> str:
    """A formula with each run of Han changed."""
    out, position = [], 0
    for start, stop in words(tex):
        out += [tex[position:start], change(tex[start:stop])]
        position = stop
    return "".join([*out, tex[position:]])


def has_words(tex: str) -> bool:
    """Whether a formula holds Han, so that each edition has its own."""
    return _HAN.search(tex) is not None


def key(tex: str) -> str:
    """A formula by which it is known again after pandoc wrote it: spaces do not count."""
    return " ".join(tex.split())


def bare(tex: str) -> str:
    """A formula without what is shown beside it, its tag and label."""
    return _LABEL.sub("", tagged(tex)[0])


def skeleton(tex: str) -> str:
    """A formula without its words, its spaces and what is shown beside it: the same in every edition."""
    return "".join(with_words(bare(tex), lambda _: _PLACE).split())


_PLACE = "▢"


def tagged(tex: str) -> tuple[str, str]:
    r"""A formula without its one `\tag`, and what stands beside the formula for it, (3.1); several stay in their rows.

    MathML has no tags that browsers show, and a drawing does not know where the line ends.
    """
    found = [(match, body) for match in _TAG.finditer(tex) if (body := _argument(tex, match.end()))]
    shown = [body[0] if match[1] else f"({body[0]})" for match, body in found]
    if len(found) == 1:
        [(match, body)] = found
        return f"{tex[: match.start()].rstrip()}{tex[body[1] :]}", shown[0]
    for (match, body), words in zip(reversed(found), reversed(shown), strict=True):
        tex = rf"{tex[: match.start()]}\qquad\text{{{words}}}{tex[body[1] :]}"
    return tex, ""


def settled(tex: str, *, display: bool) -> str:
    r"""A formula as other tools take it: `\[` and `\*`, escaped for Markdown, as the marks that they are; rows in rows.

    Sphinx sets an environment around a display formula of several rows, and KaTeX ends lines at `\\`. In words, as in
    `\text{p_goal}`, MathJax on the web takes a low line for one.
    """
    tex = _with_low_lines(_ESCAPED.sub(r"\1\2", _SAYS_NOTHING.sub("", tex)))
    return f"\\begin{{aligned}}{tex}\\end{{aligned}}" if display and _has_rows(tex) else tex


def _with_low_lines(tex: str) -> str:
    r"""A formula whose words have each low line as `\_`; what is a formula within them stays."""
    out, position = [], 0
    for match in _TEXT.finditer(tex):
        body = group(tex, match.end()) if match.start() >= position else None
        if body and "_" in body[0] and "$" not in body[0] and "\\(" not in body[0]:
            out += [tex[position : match.end()], _LOW_LINE.sub(r"\\_", tex[match.end() : body[1]])]
            position = body[1]
    return "".join([*out, tex[position:]])


def _has_rows(tex: str) -> bool:
    """Whether a formula has rows or columns outside of environments, groups and large brackets."""
    depth = 0
    for mark in _ROW_MARKS.finditer(tex):
        depth += (mark[0] in _OPENS) - (mark[0] in _CLOSES)
        if not depth and (mark[0] == "&" or (mark[0] == "\\\\" and tex[mark.end() :].strip())):
            return True
    return False


# Numbers are ours, and alone it breaks MathJax; what a page of MathJax's asks for is there.
_SAYS_NOTHING = re.compile(r"\\(?:notag|nonumber)(?![A-Za-z])|\\require\s*\{[^{}]*\}")
_TEXT = re.compile(r"\\(?:text(?:bf|it|md|normal|rm|sf|tt|up)?|mbox)(?=\s*\{)")
_LOW_LINE = re.compile(r"(?<!\\)_")
_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\([\[\]()*])")
_ROW_MARKS = re.compile(r"\\(?:begin|end|left|right)(?![A-Za-z])|\\.|[{}&]", re.DOTALL)
_OPENS, _CLOSES = frozenset(["{", r"\begin", r"\left"]), frozenset(["}", r"\end", r"\right"])


def group(tex: str, start: int) -> tuple[str, int] | None:
    """What stands between the braces that begin at or behind an index, and where they end; None without both."""
    match = re.compile(r"\s*\{").match(tex, start)
    if not match:
        return None
    depth, here = 1, match.end()
    while here < len(tex):
        depth += (tex[here] == "{") - (tex[here] == "}")
        if not depth:
            return tex[match.end() : here], here + 1
        here += 2 if tex[here] == "\\" else 1
    return None


def _argument(tex: str, start: int) -> tuple[str, int] | None:
    r"""What a command is given at an index: what stands in braces, or one character, as in `\tag 4`."""
    token = _TOKEN.match(tex, start)
    return (token[1], token.end()) if token else group(tex, start)


@dataclass(frozen=True)
class Macros:
    """Macros by name: the TeX that defines each, and what its definition uses."""

    sources: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: Macros) -> Macros:
        return Macros({**self.sources, **other.sources})

    def closed(self, tex: str) -> str:
        """A formula with the definitions in front of it that it needs: it is the same wherever it stands."""
        own = definitions(tex).sources
        wanted: list[str] = []
        asked = [tex]
        while asked:
            for name in _COMMAND.findall(asked.pop()):
                if name in self.sources and name not in wanted and name not in own:
                    wanted.append(name)
                    asked.append(_body(self.sources[name]))
        return "".join(self.sources[name] for name in self.sources if name in wanted) + _CIRCLED.sub(_circled, tex)


_CIRCLED = re.compile(r"\\textcircled\s*\{\s*(\d{1,2})\s*\}")


def _circled(match: re.Match[str]) -> str:
    """A number in a circle as the character that it is, as far as there are such: ① to ⑳."""
    number = int(match[1])
    return rf"\text{{{chr(_ONE + number - 1)}}}" if 1 <= number <= _CIRCLES else match[0]


_ONE, _CIRCLES = ord("①"), 20


def _body(source: str) -> str:
    """A definition without the name that it gives."""
    defined = _DEFINES.match(source)
    named = _NAME.match(source, defined.end()) if defined else None
    return source[named.end() :] if named else source


def macro(name: str, body: str) -> str:
    """The definition of a macro of book.yaml; it has as many arguments as its body calls."""
    count = max((int(digit) for digit in re.findall(r"(?<!\\)#([1-9])", body)), default=0)
    # Whether TeX knows the name already does not matter to an author.
    return rf"\def\{name}{''.join(f'#{number}' for number in range(1, count + 1))}{{{body}}}"


def definitions(tex: str) -> Macros:
    """The macros that a formula defines."""
    return Macros({name: source for name, source, _ in _definitions(tex)})


def only_defines(tex: str) -> bool:
    """Whether a formula shows nothing, as it only defines macros for others."""
    rest = tex
    for _, source, _ in _definitions(tex):
        rest = rest.replace(source, "", 1)
    rest = _SAYS_NOTHING.sub("", rest)
    return rest != tex and not rest.strip()


def _definitions(tex: str) -> Iterator[tuple[str, str, int]]:
    """Each definition: the name, the whole of it, where it begins."""
    for match in _DEFINES.finditer(tex):
        named = _NAME.match(tex, match.end())
        if not named:
            continue
        stop = _end(tex, match["kind"], named.end())
        if stop:
            yield named[1] or named[2], tex[match.start() : stop], match.start()


_OPTIONS = re.compile(r"(?:\s*\[[^\]]*\])*")
_PARAMETERS = re.compile(r"[^{}]*")
_LET = re.compile(r"\s*=?\s*(?:\\(?:[A-Za-z]+|.)|\S)")


def _end(tex: str, kind: str, start: int) -> int:
    """Where a definition ends whose name ends at `start`; 0 where it does not."""
    if kind == "let":
        match = _LET.match(tex, start)
        return match.end() if match else 0
    between = _PARAMETERS if kind == "def" else _OPTIONS
    skipped = between.match(tex, start)
    body = group(tex, skipped.end() if skipped else start)
    return body[1] if body else 0


__all__ = [
    "Macros",
    "bare",
    "definitions",
    "has_words",
    "key",
    "macro",
    "only_defines",
    "settled",
    "skeleton",
    "tagged",
    "with_words",
    "words",
]
