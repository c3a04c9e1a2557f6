"""The only module that runs MathJax: TeX in, drawings and MathML out; what was set once is kept (`store`)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from publish.errors import MissingToolError
from publish.formulas.store import opened

WIDE = 10_000.0  # em: no formula is wider
_BATCH = 64  # formulas that are set before they are kept
_LONGEST = 20  # seconds for one formula, which takes hundredths of one
_MEMORY = 1 << 30  # bytes of the engine


@dataclass(frozen=True, order=True)
class Wish:
    """A formula to be set: TeX with all macros that it needs; in a line or displayed; the measure in em."""

    tex: str
    display: bool
    width: float = WIDE

    @property
    def key(self) -> str:
        """What the formula is kept under: the same TeX set by the same engine is the same."""
        text = json.dumps([_version(), self.tex, self.display, self.width], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class FormulaPiece:
    """A drawing, in em: how wide it is, how far it goes above and below the baseline; SVG in thousandths of an em."""

    width: float
    height: float
    depth: float
    body: str


@dataclass(frozen=True)
class Setting:
    """A formula as it was set: its pieces, the spaces between them in em, its MathML; or why it cannot be."""

    pieces: tuple[FormulaPiece, ...] = ()
    spaces: tuple[float, ...] = ()
    mathml: str = ""
    error: str = ""

    @property
    def width(self) -> float:
        """How wide the formula is in one line, in em."""
        return sum(piece.width for piece in self.pieces) + sum(self.spaces)


def typeset(wishes: Iterable[Wish]) -> Mapping[Wish, Setting]:
    """Each formula as it is set. Raises `MissingToolError` where the engine is not installed."""
    wanted = {wish.key: wish for wish in wishes}
    if not wanted:
        return {}
    if find_spec("py_mini_racer") is None:
        raise MissingToolError(
            "mini-racer, which sets formulas, is not installed", "Install it: pip install mini-racer"
        )
    with opened() as store, closing(_Engine()) as engine:
        found = store.read(wanted)
        # Editions that are made at the same time begin at different places, and meet what the others have set.
        missing = [key for key in wanted if key not in found]
        start = os.getpid() * 7919 % len(missing) if missing else 0
        for batch in _batches([*missing[start:], *missing[:start]]):
            known = store.read(batch)
            made = {key: engine.set(wanted[key]) for key in batch if key not in known}
            store.write(made)
            found |= known | made
    return {wish: _setting(found[key]) for key, wish in wanted.items()}


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]


def _setting(text: str) -> Setting:
    data = json.loads(text)
    pieces = tuple(
        FormulaPiece(one["width"], one["height"], one["depth"], one["body"]) for one in data.get("pieces", ())
    )
    return Setting(pieces, tuple(data.get("spaces", ())), data.get("mathml", ""), data.get("error", ""))


class _Engine:
    """MathJax in a V8, started for the first formula; it is closed at the end: no process ends well with one open.

    It has a thread of its own: in one with an event loop, a notebook's, it would wait for that loop.
    """

    def __init__(self) -> None:
        self._running: Any = None
        self._thread = ThreadPoolExecutor(1)

    def set(self, wish: Wish) -> str:
        """A formula set, as JSON."""
        return self._thread.submit(self._set, wish).result()

    def close(self) -> None:
        """Give back what the engine holds."""
        self._thread.submit(self._stop).result()
        self._thread.shutdown()

    def _set(self, wish: Wish) -> str:
        from py_mini_racer import JSEvalException  # noqa: PLC0415  # only a book with formulas needs it

        arguments = json.dumps([wish.tex, wish.display, wish.width])[1:-1]
        try:
            return str(self._started().eval(f"typeset({arguments})", timeout_sec=_LONGEST))
        except JSEvalException as error:  # endless macros, no memory left: a new engine for the next
            self._stop()
            return json.dumps({"error": f"it cannot be set ({type(error).__name__})"})

    def _stop(self) -> None:
        if self._running is not None:
            self._running.close()
            self._running = None

    def _started(self) -> Any:
        if self._running is None:
            from py_mini_racer import MiniRacer  # noqa: PLC0415  # only a book with formulas needs it

            self._running = MiniRacer()
            self._running.set_hard_memory_limit(_MEMORY)
            for source in _sources():
                self._running.eval(source)
        return self._running


def _sources() -> list[str]:
    """MathJax, and what we ask of it."""
    folder = files("publish.formulas")
    return [folder.joinpath(name).read_text(encoding="utf-8") for name in ("mathjax/mathjax.js", "typeset.js")]


@cache
def _version() -> str:
    """The engine by its hash: another one sets formulas anew."""
    return hashlib.sha256("".join(_sources()).encode()).hexdigest()[:16]
