"""The check of an EPUB, ours or anyone's: our own rules, then EPUBCheck and Ace where they are installed."""

from __future__ import annotations

from pathlib import Path

from publish.check.epub import validators
from publish.check.epub.container import Book, read
from publish.check.epub.rules import RULES
from publish.findings import Finding


def check(path: Path) -> list[Finding]:
    """The findings on one EPUB. A file that is not a ZIP, or has no package document, has that one finding."""
    book, findings = read(path)
    return findings if book is None else [*_judged(book, findings), *validators.run(path)]


def own_rules(path: Path) -> list[Finding]:
    """The findings of our own rules; no other program is run."""
    book, findings = read(path)
    return findings if book is None else _judged(book, findings)


def _judged(book: Book, findings: list[Finding]) -> list[Finding]:
    return [*findings, *(finding for rule in RULES for finding in rule(book))]


__all__ = ["check", "own_rules"]
