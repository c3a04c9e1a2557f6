"""Markdown with its code masked, so that template syntax and links are looked for in prose only."""

from __future__ import annotations

import re

_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}\n*(\\d+){_CLOSE}")
_FENCE = re.compile(
    r"^(?P<indent>(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$"
)
# What begins first wins: a tag in a code span is code, a backtick in a comment belongs to the comment.
_INERT = re.compile(
    r"(?<![`\\])(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)|<!--.*?-->|<(pre|script|style)\b[^>]*>.*?</\2>",
    re.DOTALL | re.IGNORECASE,
)


class Masked:
    """A text whose fences, code spans, comments and verbatim HTML are tokens; `unmask` gives them back.

    A token holds as many line ends as what it stands for, so that lines can be counted.
    """

    def __init__(self, text: str, *, spans: bool = True) -> None:
        self.kept: list[str] = []
        masked = _INERT.sub(self._keep, self._fences(text))
        self.text = masked if spans else _TOKEN.sub(self._shown, masked)

    def unmask(self, text: str) -> str:
        """The text with all that was masked restored."""
        while _OPEN in text:
            text, number = _TOKEN.subn(lambda match: self.kept[int(match[1])], text)
            if not number:
                break
        return text

    def keep(self, text: str) -> str:
        """A token for a text, so that nothing looks into it any more."""
        self.kept.append(text)
        return f"{_OPEN}{chr(10) * text.count(chr(10))}{len(self.kept) - 1}{_CLOSE}"

    def _shown(self, match: re.Match[str]) -> str:
        """A code span as written; anything else stays masked."""
        kept = self.kept[int(match[1])]
        return kept if kept.startswith("`") and "\n```" not in f"\n{kept}" else match[0]

    def _keep(self, match: re.Match[str]) -> str:
        return self.keep(self.unmask(match[0]) if _OPEN in match[0] else match[0])

    def _fences(self, text: str) -> str:
        lines = text.split("\n")
        out: list[str] = []
        at = 0
        while at < len(lines):
            opening = _FENCE.match(lines[at])
            if not opening or ("`" in opening["info"] and opening["fence"][0] == "`"):
                out.append(lines[at])
                at += 1
                continue
            end = _closing(lines, at, opening["fence"])
            out.append(self.keep("\n".join(lines[at : end + 1])))
            at = end + 1
        return "\n".join(out)


def _closing(lines: list[str], at: int, fence: str) -> int:
    """The index of the line that closes a fence; the last line where none does."""
    shut = re.compile(rf"^(?:[ \t]*>)*[ \t]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    for index in range(at + 1, len(lines)):
        if shut.match(lines[index]):
            return index
    return len(lines) - 1


def fenced(code: str, info: str = "", indent: str = "") -> str:
    """Code in a fence that is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    body = code.strip("\n")
    return "\n".join(f"{indent}{line}".rstrip() for line in [f"{fence}{info}", *body.split("\n"), fence])
