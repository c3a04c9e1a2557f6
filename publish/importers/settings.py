"""Where a tool's settings stand in a folder, and the region that a folder's name or a tag stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from publish.importers.protocol import LIKELY, SURE, Claim

# Folders of tools, of their output, and of their downloads.
SKIPPED = {"node_modules", "__pycache__", "site-packages", "venv", "_book", "_site", "_build", "_freeze", "renv"}
# Folders whose settings are another site's.
_ASIDE = SKIPPED | {"example", "examples", "fixtures", "template", "templates", "test", "tests", "themes"}


def settled(root: Path, names: Sequence[str]) -> Claim | None:
    """The claim of a kind by its settings: sure where they stand in the folder itself, likely where deeper."""
    found = settings_file(root, names)
    sign = found.relative_to(root).as_posix() if found else ""
    return Claim(LIKELY if "/" in sign else SURE, sign) if sign else None


def settings_file(root: Path, names: Sequence[str]) -> Path | None:
    """A tool's settings in a folder, else down to two folders deeper; of several the Chinese ones, else the first."""
    return next(settings_files(root, *names), None)


def settings_files(root: Path, *names: str) -> Iterator[Path]:
    """All settings of such names, those in the folder itself first; of those equally deep the Chinese ones first."""
    for pattern in ("", "*/", "*/*/"):
        found = [file for name in names for file in sorted(root.glob(f"{pattern}{name}")) if file.is_file()]
        found = [file for file in found if not _ASIDE.intersection(file.relative_to(root).parts)]
        yield from sorted(found, key=lambda file: _languages(file.relative_to(root).parts[:-1]))


def _languages(folders: Sequence[str]) -> tuple[int, int]:
    """The order of languages that folders stand for: the Mainland's, other Chinese, any other."""
    regions = [region for one in folders if (region := lang_of(one))]
    return (not regions, bool(regions) and regions[-1] != "zh-CN")


def lang_of(text: str) -> str:
    """The region of a language tag; empty if it is not Chinese."""
    tag = text.strip().replace("_", "-").lower()
    regions = {"zh-tw": "zh-TW", "zh-hk": "zh-HK", "zh-hant": "zh-TW", "zh-hant-tw": "zh-TW", "zh-hant-hk": "zh-HK"}
    return regions.get(tag, "zh-CN" if tag.startswith(("zh", "cn")) else "")
