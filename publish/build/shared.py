"""What builds keep, shared between machines: a folder or the address of a store of objects, as fsspec opens it.

An entry tells by its own hash whether it is whole, so nothing here locks: two writers write the same, and what one was
killed over is made again by whoever finds it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from publish.errors import MissingToolError, UsageError

log = logging.getLogger("publish")


@dataclass
class SharedPlace:
    """Entries below an address. Where it can't be reached, that is said once, and it is left alone from then on."""

    address: str
    _system: Any = field(repr=False)
    _root: str = field(repr=False)
    _reached: bool = field(default=True, repr=False)

    def get(self, name: str) -> bytes | None:
        """An entry; None where there is none."""
        if not self._reached:
            return None
        try:
            return bytes(self._system.cat_file(f"{self._root}/{name}"))
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001  # each system has errors of its own, and no cache fails a build
            self._give_up(error)
            return None

    def put(self, name: str, data: bytes) -> None:
        """Keep an entry."""
        if not self._reached:
            return
        path = f"{self._root}/{name}"
        try:
            self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._system.pipe_file(path, data)
        except Exception as error:  # noqa: BLE001  # the same
            self._give_up(error)

    def __reduce__(self) -> tuple[Callable[[str], SharedPlace | None], tuple[str]]:
        return (open_shared, (self.address,))

    def _give_up(self, error: Exception) -> None:
        self._reached = False
        log.warning("the shared cache at %s is not used: %s", self.address, error or type(error).__name__)


@cache
def open_shared(address: str) -> SharedPlace | None:
    """The place at an address: a folder, `s3://bucket/folder`, or what else fsspec opens; None for no address.

    Raises `MissingToolError` where the package that opens such addresses is not installed, `UsageError` for an address
    of no kind that is known.
    """
    if not address:
        return None
    try:
        import fsspec  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise MissingToolError("a shared cache needs fsspec", "Install it: pip install 'publish[cluster]'") from error
    try:
        system, root = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise MissingToolError(f"{address}: {error}", "Install it: pip install 'publish[cluster]'") from error
    except ValueError as error:
        raise UsageError(
            f"a shared cache can't be at {address}: {error}", "Name a folder, or an address such as s3://bucket/folder"
        ) from error
    return SharedPlace(address, system, root.rstrip("/"))
