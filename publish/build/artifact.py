"""The output folder's parts: artifacts, each a file that a renderer made, and the files that tell of them."""

from __future__ import annotations

from dataclasses import dataclass

MANIFEST = "manifest.json"
INDEX = "index.html"


@dataclass(frozen=True, order=True)
class Artifact:
    """One file of the output: its edition and format, its path below the output folder, its bytes, its SHA-256."""

    edition: str
    format: str
    path: str
    bytes: int
    sha256: str
