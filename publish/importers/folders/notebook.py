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
        return [text]
    if "remove-cell" in cell.get("metadata", {}).get("tags", []):
        ledger.decide("cell-hidden", 0, text, "left out", "it is tagged remove-cell")
        return []
    parts = [fenced(text, language)] if text.strip() else []
    for number, output in enumerate(cell.get("outputs", []), 1):
        parts += _output(output, f"{stem}-{number}", ledger, keep)
    return parts


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
    if "text/plain" in data:
        return [_verbatim(data["text/plain"])]
    if data.keys() - {"output_type", "metadata", "execution_count"}:
        ledger.unread("output-unread", 0, ", ".join(sorted(map(str, data))), "an output of an unknown kind")
    return []


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
