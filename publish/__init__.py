"""One Markdown source, every Chinese edition: web pages, EPUB and PDF for each region."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

if sys.platform == "darwin":  # Python from outside Homebrew looks for Pango only where this says
    os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/opt/local/lib:/usr/lib")

__version__ = version("publish")
