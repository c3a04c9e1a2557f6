"""The number of a book in the trade: an ISBN however it is written, and whether its last digit checks the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from publish.source.settings.metadata import Identifier

_ISBN = re.compile(r"^(?:urn:isbn:|isbn(?:-1[03])?[: -]*)?([\d -]{9,}[\dXx])$", re.IGNORECASE)
_OLD, _NEW = 10, 13  # digits of an ISBN


@dataclass(frozen=True)
class Isbn:
    """An ISBN as given and as covers print it, and its thirteen digits; `wrong` where the last does not check."""

    given: str
    printed: str
    digits: str
    wrong: bool = False


def isbn_of(identifiers: Sequence[Identifier]) -> Isbn | None:
    """The first ISBN of a book; one of ten digits as the one of thirteen that it has become."""
    return next((found for one in identifiers if (found := read_isbn(one)) is not None), None)


def read_isbn(identifier: Identifier) -> Isbn | None:
    """The ISBN that an identifier is; ten digits are one where they check each other, or are called one."""
    match = _ISBN.match(identifier.text.strip())
    digits = re.sub(r"[\s-]", "", match[1]).upper() if match else ""
    if match and len(digits) == _NEW and digits[:3] in ("978", "979"):
        return Isbn(match[1].strip(), match[1].strip(), digits, wrong=_checked(digits[:12]) != digits)
    if match and len(digits) == _OLD and (_is_old(digits) or identifier.scheme.upper().startswith("ISBN")):
        new = _checked(f"978{digits[:9]}")
        return Isbn(match[1].strip(), f"978-{match[1].strip()[:-1]}{new[-1]}", new, wrong=not _is_old(digits))
    return None


def _checked(twelve: str) -> str:
    """Twelve digits with the one that checks them (ISO 2108): every second by three, together a multiple of ten."""
    total = sum(int(one) * (3 if at % 2 else 1) for at, one in enumerate(twelve))
    return f"{twelve}{-total % 10}"


def _is_old(digits: str) -> bool:
    """Whether ten digits are an ISBN (ISO 2108): each by its weight, together a multiple of eleven."""
    if "X" in digits[:-1]:
        return False
    values = [10 if one == "X" else int(one) for one in digits]
    return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0
