"""The editor that a finding's place is opened in, at its line: by its own address, or by starting it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from publish.errors import PublishError, UsageError


@dataclass(frozen=True)
class Editor:
    """An editor with a window of its own: the command that opens a file at a line, the address that does, or both."""

    name: str
    command: tuple[str, ...] = ()
    url: str = ""

    def address(self, file: Path, line: int) -> str:
        """The address that opens a file at a line; empty where only the command does."""
        path = quote(file.as_posix())
        return self.url.format(file=path if path.startswith("/") else f"/{path}", line=max(line, 1)) if self.url else ""

    def start(self, file: Path, line: int) -> None:
        """Start the editor on a file at a line. Raises `PublishError` where it does not start."""
        words = [word.format(file=str(file), line=max(line, 1)) for word in self.command]
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise PublishError(f"cannot start {words[0]}: {error.strerror}", "Choose another --editor") from error
        threading.Thread(target=process.wait, daemon=True).start()  # else it would stay on as a zombie


# By the names of their programs. Where the program is not on the PATH, as on macOS, the address opens it.
EDITORS = {
    one.name: one
    for one in (
        Editor("code", ("code", "--goto", "{file}:{line}"), "vscode://file{file}:{line}"),
        Editor("code-insiders", ("code-insiders", "--goto", "{file}:{line}"), "vscode-insiders://file{file}:{line}"),
        Editor("codium", ("codium", "--goto", "{file}:{line}"), "vscodium://file{file}:{line}"),
        Editor("cursor", ("cursor", "--goto", "{file}:{line}"), "cursor://file{file}:{line}"),
        Editor("windsurf", ("windsurf", "--goto", "{file}:{line}"), "windsurf://file{file}:{line}"),
        Editor("zed", ("zed", "{file}:{line}"), "zed://file{file}:{line}"),
        Editor("subl", ("subl", "{file}:{line}")),
        Editor("idea", ("idea", "--line", "{line}", "{file}"), "idea://open?file={file}&line={line}"),
        Editor("pycharm", ("pycharm", "--line", "{line}", "{file}"), "pycharm://open?file={file}&line={line}"),
        Editor("mate", ("mate", "--line", "{line}", "{file}"), "txmt://open?url=file://{file}&line={line}"),
        Editor("bbedit", ("bbedit", "+{line}", "{file}"), "x-bbedit://open?url=file://{file}&line={line}"),
        Editor("typora", ("typora", "{file}")),
        Editor("kate", ("kate", "--line", "{line}", "{file}")),
        Editor("gedit", ("gedit", "+{line}", "{file}")),
        Editor("gvim", ("gvim", "+{line}", "{file}")),
        Editor("mvim", ("mvim", "+{line}", "{file}")),
        Editor("emacsclient", ("emacsclient", "--no-wait", "+{line}", "{file}")),
        Editor("notepad++", ("notepad++", "-n{line}", "{file}")),
    )
}
ALIASES = {
    "vscode": "code",
    "vscodium": "codium",
    "sublime": "subl",
    "textmate": "mate",
    "intellij": "idea",
    "emacs": "emacsclient",
}
# They draw in the terminal, which belongs to the server.
TERMINAL = frozenset("vi vim nvim nano pico micro hx helix kak ne joe ed mcedit".split())
_REMEDY = 'Name one with a window of its own (code, subl, zed …), or write: --editor "program {file} {line}"'


def choose_editor(wanted: str, environment: Mapping[str, str]) -> Editor | None:
    """The editor that was asked for; else that of VISUAL or EDITOR, or the first that is installed, if there is one.

    `wanted` is a name, a command with `{file}` and `{line}` in it, or an address with these. Raises `UsageError` for
    one that cannot be used.
    """
    if wanted:
        return _named(wanted)
    for name in ("VISUAL", "EDITOR"):
        words = _words(environment.get(name, ""))
        known = _known(Path(words[0]).name) if words else None
        if known:
            with suppress(UsageError):
                return _usable(known, words[0])
    return next((one for one in EDITORS.values() if one.command and shutil.which(one.command[0])), None)


def _named(wanted: str) -> Editor:
    if "{file}" in wanted:
        try:
            wanted.format(file="", line="")
        except (LookupError, ValueError) as error:
            raise UsageError(
                f'cannot read "--editor {wanted}"', "Nothing but {file} and {line} stands in braces"
            ) from error
        if "://" in wanted.split("{", maxsplit=1)[0]:
            return Editor(wanted.partition(":")[0], url=wanted)
        words = _words(wanted)
        return _usable(Editor(Path(words[0]).name, tuple(words)), words[0])
    name = Path(wanted).name.removesuffix(".exe")
    if name in TERMINAL:
        raise UsageError(f"{name} runs in a terminal, and this one is the server's", _REMEDY)
    return _usable(_known(name) or Editor(name, (wanted, "{file}")), wanted)


def _known(name: str) -> Editor | None:
    return EDITORS.get(ALIASES.get(name, name))


def _usable(editor: Editor, program: str) -> Editor:
    """An editor with the command that is installed, or else its address alone."""
    for name in (program, *editor.command[:1]):
        if shutil.which(name):
            return Editor(editor.name, (name, *editor.command[1:]))
    if editor.url:
        return Editor(editor.name, url=editor.url)
    raise UsageError(f"the editor {program} is not installed", _REMEDY)


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []
