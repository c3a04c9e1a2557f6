"""A preprint known by where it is kept: arXiv's, Google Scholar's and DBLP's entries have three other kinds for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from publish.source.document import text

# Servers of preprints as they are written, by their names in small letters. CoRR is arXiv's part of computing, to DBLP.
_SERVERS = {name.lower(): name for name in "arXiv bioRxiv medRxiv ChemRxiv PsyArXiv SocArXiv ChinaXiv".split()}
_SERVERS["corr"] = "arXiv"
# arXiv · arXiv preprint arXiv:1412.6980 · arXiv:1412.6980 [cs] · bioRxiv (Cold Spring Harbor Laboratory)
_NAMED = re.compile(
    rf"(?P<server>{'|'.join(_SERVERS)})(?:\s+(?:pre|e-?)prints?)?(?:[\s,]*(?:arXiv)?[:：]\s*(?P<id>[\w./-]*\d))?"
    r"(?:\s*[\[(][^\])]*[\])])?\s*",
    re.IGNORECASE,
)
_PLACES = ("container-title", "publisher")  # where an entry says it
_OF_JOURNALS = ("container-title", "collection-title", "volume", "issue", "page")
_ANY = frozenset(["", "article", "article-journal", "document", "manuscript", "report", "webpage"])


def as_preprint(data: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """A source's metadata with the kind and the server of a preprint, where its entry or its `fields` say so.

    What stands in a journal or in a book is no preprint, though a copy be kept at arXiv.
    """
    made = dict(data)
    if _said(made.get("type")) not in _ANY:
        return made
    named = [found for place in _PLACES if (found := _NAMED.fullmatch(_said(made.get(place)).strip()))]
    kept = fields.get("eprinttype") or fields.get("archiveprefix") or ""
    if not named and (kept.lower() not in _SERVERS or any(made.get(place) for place in _PLACES)):
        return made
    server = _SERVERS[(named[0]["server"] if named else kept).lower()]
    number = (named[0]["id"] if named else "") or _said(made.get("volume")).partition("abs/")[2]
    for name in _OF_JOURNALS:
        made.pop(name, None)
    made |= {"type": _string("article"), "publisher": _string(server)}
    if number and server == "arXiv" and "URL" not in made and "DOI" not in made:
        made["URL"] = _string(f"https://arxiv.org/abs/{number}")
    return made


def _string(words: str) -> dict[str, Any]:
    return {"t": "MetaString", "c": words}


def _said(value: Any) -> str:
    """The text of one plain value of pandoc's metadata."""
    if not isinstance(value, dict):
        return ""
    return text(value["c"]) if value["t"] == "MetaInlines" else str(value["c"]) if value["t"] == "MetaString" else ""
