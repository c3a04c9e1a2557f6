"""Kinds of boxed asides, by the names that other tools give them."""

from __future__ import annotations

# GitHub, Obsidian, MkDocs, VuePress, VitePress, Docusaurus, Quarto: each name leads to one of ours.
KINDS: dict[str, str] = {
    "note": "note",
    "tip": "tip",
    "important": "important",
    "warning": "warning",
    "caution": "caution",
    "info": "info",
    "danger": "danger",
    "details": "details",
    "success": "success",
    "question": "question",
    "example": "example",
    "quote": "quote",
    "bug": "bug",
    "failure": "failure",
    "abstract": "abstract",
    "todo": "todo",
    "hint": "tip",
    "tips": "tip",
    "notes": "note",
    "summary": "abstract",
    "tldr": "abstract",
    "attention": "warning",
    "warn": "warning",
    "error": "danger",
    "check": "success",
    "done": "success",
    "help": "question",
    "faq": "question",
    "fail": "failure",
    "missing": "failure",
    "cite": "quote",
    "seealso": "info",
    "admonition": "note",
    "callout": "note",
    "collapse": "details",
    "spoiler": "details",
}
BOX = "admonition"


def kind_of(name: str) -> str:
    """The kind that a tool's name means; empty for a name that none has."""
    return KINDS.get(name.lower().removeprefix("callout-"), "")
