"""A Jupyter notebook as Markdown: its text, its code in fences, its outputs as text or pictures."""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
import re
from collections.abc import Callable
from typing import Any

from publish.errors import Place, PublishError
from publish.importers.folders.masked import fenced
from publish.importers.report import Ledger

Keep = Callable[[bytes, str], str]  # keeps a picture by its bytes and name; its address from the notebook

_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_HIDDEN = {"remove-cell", "remove-input", "remove-output"}
_OBJECT = re.compile(r"^<[^<>\n]*(?: object| at 0x[0-9a-f]+)[^<>\n]*>\s*$")  # how Python shows what has no text
_PROGRAMS = re.compile(r"<!--.*?-->|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_PICTURES = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/svg+xml": ".svg"}


def read_notebook(source: str, file: str, ledger: Ledger, keep: Keep) -> str:
    """The Markdown of a notebook; `keep` takes its pictures. Raises `PublishError` if it is not one."""
    try:
        book = json.loads(source)
        cells = book["cells"] if "cells" in book else [one for sheet in book["worksheets"] for one in sheet["cells"]]
    except (ValueError, KeyError, TypeError) as error:
        raise PublishError("this is not a Jupyter notebook", "Save it again in Jupyter", Place(file)) from error
    language = book.get("metadata", {}).get("kernelspec", {}).get("language") or book.get("metadata", {}).get(
        "language_info", {}
    ).get("name", "python")
    parts: list[str] = []
    for number, cell in enumerate(cells, 1):
        parts += _cell(cell, str(language), f"{posixpath.splitext(file)[0]}-{number}", ledger, keep)
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _cell(cell: dict[str, Any], language: str, stem: str, ledger: Ledger, keep: Keep) -> list[str]:
    kind = cell.get("cell_type")
    text = _joined(cell.get("source", cell.get("input", "")))
    if kind == "markdown":
        return [_attachments(text, cell, stem, keep)]
    if kind == "heading":
        return [f"{'#' * int(cell.get('level', 1))} {text}"]
    if kind == "raw":
        return _raw(text, str(cell.get("metadata", {}).get("raw_mimetype") or ""), ledger)
    hidden = {tag.replace("_", "-") for tag in map(str, cell.get("metadata", {}).get("tags", []))} & _HIDDEN
    for tag in sorted(hidden):
        ledger.decide("cell-hidden", 0, text, "left out", f"it is tagged {tag}")
    if "remove-cell" in hidden:
        return []
    parts = [fenced(text, language)] if text.strip() and "remove-input" not in hidden else []
    for number, output in enumerate(cell.get("outputs", []) if "remove-output" not in hidden else [], 1):
        parts += _output(output, f"{stem}-{number}", ledger, keep)
    return parts


def _raw(text: str, kind: str, ledger: Ledger) -> list[str]:
    """A cell for one kind of output: what is for the web or for all stays."""
    if kind in ("", "text/markdown", "text/html"):
        return [text]
    ledger.decide("raw-other", 0, text, "left out", f"it is for {kind} alone")
    return []


def _output(output: dict[str, Any], stem: str, ledger: Ledger, keep: Keep) -> list[str]:
    if output.get("output_type") in ("stream", "pyout") and "text" in output:
        return [_verbatim(output["text"])]
    if output.get("output_type") in ("error", "pyerr"):
        return [_verbatim("\n".join(output.get("traceback", [])) or output.get("evalue", ""))]
    data: dict[str, Any] = output.get("data", output)
    for kind, suffix in _PICTURES.items():
        if kind in data:
            return [_picture(_joined(data[kind]), kind, f"{stem}{suffix}", ledger, keep)]
    if "text/latex" in data:
        return [_joined(data["text/latex"])]
    if "text/markdown" in data:
        return [_joined(data["text/markdown"])]
    page = _web(_joined(data["text/html"])) if "text/html" in data else ""
    if "text/plain" in data and not (page and _OBJECT.match(_joined(data["text/plain"]))):
        return [_verbatim(data["text/plain"])]
    if page:
        return [page]
    if data.keys() - {"output_type", "metadata", "execution_count"}:
        ledger.decide(
            "output-unread", 0, ", ".join(sorted(map(str, data))), "left out", "an output that only a program shows"
        )
    return []


def _web(markup: str) -> str:
    """An output for the web without programs, styles and blank lines; empty where nothing is left."""
    plain = _PROGRAMS.sub("", markup)
    shown = re.sub(r"<[^<>]*>", "", plain).strip()
    return "\n".join(line.strip() for line in plain.split("\n") if line.strip()) if shown or "<img" in plain else ""


def _verbatim(text: Any) -> str:
    plain = _ESCAPES.sub("", _joined(text)).rstrip()
    return fenced(plain, "text") if plain else ""


def _picture(data: str, kind: str, file: str, ledger: Ledger, keep: Keep) -> str:
    try:
        content = data.encode() if kind.endswith("xml") else base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        ledger.unread("image-broken", 0, file, "the notebook's picture is damaged")
        return ""
    return f"![](<{keep(content, file)}>)"


def _attachments(text: str, cell: dict[str, Any], stem: str, keep: Keep) -> str:
    for name, kinds in cell.get("attachments", {}).items():
        for kind, data in kinds.items():
            suffix = _PICTURES.get(kind, ".png")
            content = base64.b64decode("".join(_joined(data).split()))
            address = keep(content, f"{stem}-{posixpath.splitext(name)[0]}{suffix}")
            text = text.replace(f"attachment:{name}", address)
    return text


def _joined(text: Any) -> str:
    return "".join(text) if isinstance(text, list) else str(text)
