"""Programs that draw: a diagram's source in, SVG out. The only module that runs them; what was drawn once is kept."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from publish.fonts import versions
from publish.formulas import store
from publish.textfile import write_whole

_SECONDS = 60  # that a program may take for one diagram
_MOST = 2_000  # diagrams that are kept
_DEPTH = "2"  # of what is kept: a change here draws all anew


@dataclass(frozen=True)
class Program:
    """A program that draws: its command, how it is installed, and what draws with it, given source, fonts and path."""

    command: str
    install: str
    draw: Callable[[str, Sequence[str], str], bytes]

    @property
    def path(self) -> str:
        """Where the program is; empty where it is not installed."""
        return shutil.which(self.command) or ""

    @property
    def places(self) -> list[Path]:
        """Where the program was looked for."""
        return [Path(folder) / self.command for folder in os.get_exec_path() if folder]


class DrawingError(Exception):
    """A program could not draw a diagram: what it said, and the line of the source, from 1, or 0."""

    def __init__(self, problem: str, line: int = 0) -> None:
        self.problem, self.line = problem, line
        super().__init__(problem)


def draw(kind: str, source: str, fonts: Sequence[str]) -> bytes:
    """The SVG of a diagram, its text in the first of these fonts that is there. Raises `DrawingError`."""
    program = PROGRAMS[kind]
    path = program.path
    found = Path(path).stat()
    key = json.dumps([_DEPTH, kind, source, list(fonts), versions(fonts), path, found.st_size, found.st_mtime_ns])
    kept = store.file().parent / "diagrams" / f"{hashlib.sha256(key.encode()).hexdigest()}.svg"
    with suppress(OSError):
        return kept.read_bytes()
    drawn = program.draw(source, fonts, path)
    with suppress(OSError):  # what cannot be kept is drawn again
        kept.parent.mkdir(parents=True, exist_ok=True)
        _make_room(kept.parent)
        write_whole(kept, drawn)
    return drawn


def _make_room(folder: Path) -> None:
    """Delete the older half of too many diagrams."""
    files = list(folder.glob("*.svg"))
    if len(files) >= _MOST:
        for file in sorted(files, key=lambda one: one.stat().st_mtime)[: _MOST // 2]:
            file.unlink(missing_ok=True)


def _graphviz(source: str, fonts: Sequence[str], path: str) -> bytes:
    face = fonts[0] if fonts else "sans-serif"
    options = [f"-{what}{name}" for what in "GNE" for name in (f"fontname={face}", "fontsize=11")]
    return _run([path, "-Tsvg", *options], source.encode())


def _mermaid(source: str, fonts: Sequence[str], path: str) -> bytes:
    """Labels as SVG's own text: no reader shows the HTML that mermaid would put into a picture."""
    family = ", ".join([*(f'"{one}"' for one in fonts), "sans-serif"])
    settings = {
        "theme": "neutral",
        "look": "classic",  # its newer one has strokes and shadows that no printed page shows
        "fontFamily": family,
        "htmlLabels": False,
        "flowchart": {"htmlLabels": False},
        "class": {"htmlLabels": False},
        "deterministicIds": True,
    }
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "in.mmd").write_text(source, encoding="utf-8")
        (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")
        # Chromium has no sandbox for the root of a container.
        browser = {"args": ["--no-sandbox"]} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
        (folder / "browser.json").write_text(json.dumps(browser), encoding="utf-8")
        names = (("-i", "in.mmd"), ("-o", "out.svg"), ("-c", "config.json"), ("-p", "browser.json"))
        _run([path, "-q", "-b", "transparent", *(word for flag, name in names for word in (flag, str(folder / name)))])
        try:
            return (folder / "out.svg").read_bytes()
        except OSError as error:
            raise DrawingError("mmdc has drawn nothing") from error


def _plantuml(source: str, fonts: Sequence[str], path: str) -> bytes:
    """A source without its frame is a whole one, as in many editors."""
    whole = source if "@start" in source else f"@startuml\n{source}\n@enduml"
    face = [f"-SdefaultFontName={fonts[0]}"] if fonts else []
    return _run([path, "-tsvg", "-pipe", "-charset", "UTF-8", *face], whole.encode())


def _run(command: Sequence[str], given: bytes = b"") -> bytes:
    name = Path(command[0]).name
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise DrawingError(f"{name} took longer than {_SECONDS} seconds") from error
    except OSError as error:
        raise DrawingError(f"{name} cannot be run: {error.strerror}") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        line = re.search(r"\bline:? (\d+)", said)
        raise DrawingError(f"{name}: {said[:200] or 'it failed'}", int(line[1]) if line else 0)
    return done.stdout


PROGRAMS = {
    "graphviz": Program("dot", "Install Graphviz: apt install graphviz, brew install graphviz", _graphviz),
    "plantuml": Program("plantuml", "Install PlantUML: apt install plantuml, brew install plantuml", _plantuml),
    "mermaid": Program("mmdc", "Install it: npm install -g @mermaid-js/mermaid-cli", _mermaid),
}
