"""The versions of installed fonts, as fontconfig knows them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache

# Words that a font's full name has behind its family's: Noto-Serif-CJK-SC-Bold.
_STYLES = re.compile(
    r"(thin|extralight|light|demilight|regular|book|roman|medium|semibold|demibold|bold|extrabold|black|heavy|oblique|italic)+$"
)


def versions(families: Iterable[str]) -> dict[str, str]:
    """The version of each font by the name given: a family, or a name as PDF has it. Empty where it is unknown."""
    known = _installed()
    found = {}
    for name in families:
        plain = _plain(name)
        found[name] = known.get(plain) or known.get(_STYLES.sub("", plain), "")
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).lower()


@cache
def _installed() -> dict[str, str]:
    """Versions by the families' names without spaces; nothing on machines without fontconfig's `fc-list`."""
    program = shutil.which("fc-list")
    if program is None:
        return {}
    try:
        listed = subprocess.run(
            [program, "--format", "%{family}\t%{fontversion}\n"],
            capture_output=True,
            timeout=30,
            check=True,
            encoding="utf-8",
            errors="replace",
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    found: dict[str, str] = {}
    for line in sorted(listed.splitlines()):
        names, _, number = line.partition("\t")
        if number.isdigit() and int(number):
            # fontconfig keeps the version of the table head, a fixed-point number of 16 and 16 bits.
            version = f"{int(number) / 65536:.3f}"
            found.update({_plain(name): version for name in names.split(",")})
    return found
