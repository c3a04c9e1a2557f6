"""The list of words that a book defines, as readers of formats know it, and the words that lead to it."""

from __future__ import annotations

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import EPUB, Element, H
from publish.source.features.defined import DEFINED, GLOSSARY, TERM

_TYPES = {"dt": "glossterm", "dd": "glossdef"}  # EPUB 3 Structural Semantics Vocabulary 1.1 §2.7


def name_glossary(tree: Element, word: str) -> None:
    """Say that a list is a glossary, `word` its name, and that words lead to it."""
    for division in tree.iter(f"{H}div"):
        if GLOSSARY in str(division.get("class") or "").split():
            division.tag = f"{H}section"
            division.set("role", "doc-glossary")
            division.set("aria-label", word)
    for link in terms(tree):
        link.set("role", "doc-glossref")


def terms(tree: Element) -> list[Element]:
    """The words of a chapter that lead to their definitions."""
    return [link for link in tree.iter(f"{H}a") if link.get("class") == TERM and link.get("href")]


def entries(tree: Element) -> list[Element]:
    """The entries of a chapter's list: each a group of a term and what it means, with its id."""
    return [group for group in tree.iter(f"{H}div") if group.get("class") == DEFINED and group.get("id")]


def name_definitions(tree: Element) -> None:
    """Say what each part of a list is, as readers of EPUB know it."""
    for section in tree.iter(f"{H}section"):
        if section.get("role") == "doc-glossary":
            section.set(f"{{{EPUB}}}type", "glossary")
    for entry in entries(tree):
        for element in entry:
            kind = _TYPES.get(xhtml.local(element))
            if kind:
                element.set(f"{{{EPUB}}}type", kind)
    for link in terms(tree):
        link.set(f"{{{EPUB}}}type", "glossref")
