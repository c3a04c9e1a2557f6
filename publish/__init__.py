"""One Markdown source, every Chinese edition: web pages, EPUB and PDF for each region."""

from __future__ import annotations

import os
import sys

if sys.platform == "darwin":  # Python from outside Homebrew looks for Pango only where this says
    os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/opt/local/lib:/usr/lib")


def __getattr__(name: str) -> str:
    """The version, looked up when it is asked for: reading a package's metadata takes a while."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import version  # noqa: PLC0415

    return version("publish")
