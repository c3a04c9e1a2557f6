"""Markup of other tools that no reader of ours knows: a table of kinds, and where each stands in a text."""

from __future__ import annotations

import re

# Kind, and what it looks like. The first that fits at a place is taken; all stand as they were typed.
UNREAD: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an include", re.compile(r"\{\{\s*#\w+[^{}\n]*\}\}")),
    (
        "a Quarto shortcode",
        re.compile(r"\{\{< (?:include|meta|var|env|pagebreak|kbd|embed|version|brand|lipsum|contents)\b[^\n]*?>\}\}"),
    ),
    ("a Hugo shortcode", re.compile(r"\{\{[<%][^\n]*?[>%]\}\}")),
    ("a Liquid tag", re.compile(r"\{%[^\n]*?%\}")),
    ("a template's variable", re.compile(r"\{\{[^{}\n]+\}\}")),
    ("a kramdown attribute", re.compile(r"\{::?[^{}\n]*\}")),
    ("a role", re.compile(r"\{[A-Za-z][\w:.+-]*\}(?P<tick>`+)[^`\n]+(?P=tick)")),
    ("a role", re.compile(r":[A-Za-z][\w:.+-]*:(?P<tick>`+)[^`\n]+(?P=tick)")),
    ("a cross-reference", re.compile(r"\\@ref\([^()\s]+\)")),
    (
        "a command of TeX",
        re.compile(
            r"(?<![\w\\:/])\\(?:(?:no)?indent|newpage|clear(?:double)?page|pagebreak|linebreak|(?:small|med|big)skip"
            r"|centering|raggedright|[hv]fill|[hv]space\*?\{[^{}\n]*\})(?![A-Za-z])"
        ),
    ),
    ("a mark of an editor (CriticMarkup)", re.compile(r"\{(?:\+\+.+?\+\+|--.+?--|~~.+?~>.+?~~|>>.+?<<|==.+?==)\}")),
    ("keys of MkDocs", re.compile(r"\+\+[a-z][a-z0-9-]*(?:\+[a-z0-9-]+)*\+\+(?![\w+])")),
    ("a tab of another tool", re.compile(r":(?:begin|end)_tab:(?:`[^`\n]*`)?")),
    ("code from another file", re.compile(r"<<<[ \t]+[@./][^\s{]*(?:\{[^}\n]*\})?(?:\[[^\]\n]*\])?")),
    ("an icon's name", re.compile(r":(?:material|fontawesome|octicons|simple)-[\w-]+:")),
)
_STARTS = frozenset("{:\\+<")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def unread_at(text: str, at: int) -> tuple[str, str] | None:
    """The kind and the words of the unknown markup at an index; None where there is none."""
    if text[at] not in _STARTS:
        return None
    for kind, pattern in UNREAD:
        found = pattern.match(text, at)
        if found:
            return kind, found[0]
    return None


def literally(words: str) -> str:
    """Words as pandoc shows them unchanged, and no edition converts them."""
    return "[" + escaped(words) + "]{.keep}"


def escaped(words: str) -> str:
    """Words with every ASCII mark escaped."""
    return _PUNCTUATION.sub(r"\\\1", words)
