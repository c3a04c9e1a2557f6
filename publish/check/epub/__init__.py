"""The check of an EPUB, ours or anyone's: our own rules, then EPUBCheck and Ace where they are installed."""

from __future__ import annotations

from pathlib import Path

from publish.check.epub import validators
from publish.check.epub.container import read
from publish.check.epub.rules import RULES
from publish.check.findings import Finding


def check(path: Path) -> list[Finding]:
    """The findings on one EPUB. A file that is no ZIP, or has no package document, has that one finding."""
    return [*own_rules(path), *validators.run(path)]


def own_rules(path: Path) -> list[Finding]:
    """The findings of our own rules; no other program is run."""
    book, findings = read(path)
    if book is None:
        return findings
    return [*findings, *(finding for rule in RULES for finding in rule(book))]


__all__ = ["check", "own_rules"]
