"""One Markdown source, every Chinese edition: web pages, EPUB and PDF for each region."""

from __future__ import annotations

from importlib.metadata import version

__version__ = version("publish")
