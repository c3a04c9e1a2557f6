"""A release: `cut VERSION` sets the number in pyproject.toml and CHANGELOG.md, `check` builds and tries the wheel."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
_STATED = re.compile(r'(?m)^version = "([^"]+)"$')
_UNRELEASED = "## [Unreleased]\n"
_SECTION = re.compile(r"(?m)^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?\n")
_FORMATS = (".epub", ".pdf", "html/index.html")
_OLDEST, _NEWEST = 11, 14


class NotReadyError(Exception):
    """What has to be mended before this is a release."""


def version(settings: str) -> str:
    """The version that the text of pyproject.toml states."""
    return str(tomllib.loads(settings)["project"]["version"])


def with_version(settings: str, number: str) -> str:
    """The text of pyproject.toml with another version."""
    if not VERSION.fullmatch(number):
        raise NotReadyError(f'"{number}" is no version. Write it as 0.2.0 or 0.2.0rc1.')
    changed, count = _STATED.subn(f'version = "{number}"', settings, count=1)
    if not count or version(changed) != number:
        raise NotReadyError("pyproject.toml states no version under [project].")
    return changed


def cut(changelog: str, number: str, day: dt.date) -> str:
    """The changelog with a section of that number and day in place of what was unreleased."""
    sections = [match[1] for match in _SECTION.finditer(changelog)]
    if number in sections:
        raise NotReadyError(f"CHANGELOG.md already has a section {number}.")
    if not notes(changelog, "Unreleased"):
        raise NotReadyError("CHANGELOG.md has nothing under Unreleased.")
    return changelog.replace(_UNRELEASED, f"{_UNRELEASED}\n## [{number}] - {day}\n", 1)


def notes(changelog: str, number: str) -> str:
    """The text of a section of the changelog; empty where there is none."""
    matches = list(_SECTION.finditer(changelog))
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        if match[1] == number:
            return changelog[match.end() : following.start() if following else len(changelog)].strip()
    return ""


def ready(changelog: str, number: str) -> None:
    """Refuse a changelog whose newest section is not of that number, or has no date or no text."""
    newest = next((match for match in _SECTION.finditer(changelog) if match[1] != "Unreleased"), None)
    if newest is None or newest[1] != number or not newest[2]:
        raise NotReadyError(f"CHANGELOG.md has no section {number} with a date on top. Run: scripts/release.py cut")
    if notes(changelog, "Unreleased"):
        raise NotReadyError("CHANGELOG.md has changes under Unreleased. Cut them into a release.")
    if not notes(changelog, number):
        raise NotReadyError(f"CHANGELOG.md says nothing of {number}.")


def clean(number: str) -> None:
    """Refuse uncommitted files, and a tag that names another commit."""
    if git("status", "--porcelain"):
        raise NotReadyError("There are uncommitted files. Commit or remove them.")
    tag = f"v{number}"
    if git("tag", "--list", tag) and git("rev-parse", f"{tag}^{{commit}}") != git("rev-parse", "HEAD"):
        raise NotReadyError(f"{tag} is another commit. Cut the next version.")


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout into a folder, with the build tools that are installed."""
    options = "--quiet --no-deps --no-build-isolation --disable-pip-version-check --wheel-dir".split()
    run([sys.executable, "-m", "pip", "wheel", *options, str(folder), str(ROOT)])
    return max(folder.glob("publish-*.whl"), key=lambda path: path.stat().st_mtime)


def other_pythons() -> list[Path]:
    """The Pythons of this machine beside the running one that publish says it runs on, oldest first.

    They are looked for on the path and among pyenv's; one that lacks `venv` is passed over.
    """
    found = {}
    for minor in range(_OLDEST, _NEWEST + 1):
        if minor == sys.version_info.minor:
            continue
        pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        named = shutil.which(f"python3.{minor}")
        for program in [*([Path(named)] if named else []), *sorted(pyenv.glob(f"3.{minor}.*/bin/python3"))]:
            asked = [str(program), "-c", "import ensurepip, ssl, sys, venv; print(sys.version_info.minor)"]
            done = subprocess.run(asked, capture_output=True, text=True, check=False)
            if done.returncode == 0 and done.stdout.strip() == str(minor):
                found.setdefault(minor, program)
    return list(found.values())


def smoke(wheel: Path, folder: Path, interpreter: Path = Path(sys.executable)) -> Path:
    """Install a wheel into a new environment with the locked dependencies, and make the first book with it.

    Returns the output's folder. Raises `NotReadyError` where anything is missing.
    """
    environment = folder / "bare"
    run([str(interpreter), "-m", "venv", str(environment)])
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")])
    run([*pip, "--no-deps", str(wheel)])
    publish = str(python.with_name("publish"))
    told = run([publish, "--version"], folder).split()[-1]
    if told != wheel.name.split("-")[1]:
        raise NotReadyError(f"The wheel {wheel.name} says that it is version {told}.")
    run([publish, "init", "book"], folder)
    run([publish, "build", "book", "--strict"], folder)
    run([publish, "check", "book"], folder)
    made = [path.as_posix() for path in (folder / "build").rglob("*") if path.is_file()]
    for ending in _FORMATS:
        count = sum(path.endswith(ending) for path in made)
        if count != len(("zh-CN", "zh-TW", "zh-HK")):
            raise NotReadyError(f"The wheel made {count} files {ending} in place of three.")
    return folder / "build"


def run(arguments: list[str], folder: Path = ROOT) -> str:
    """Run a program; what it prints. Raises `NotReadyError` with its errors where it fails."""
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotReadyError(f"{' '.join(arguments)} failed:\n{done.stderr.strip()}")
    return done.stdout


def git(*arguments: str) -> str:
    """What git says of this checkout."""
    return run(["git", *arguments]).strip()


def cut_release(number: str) -> str:
    """Write the number into both files; what to do next."""
    settings, changelog = ROOT / "pyproject.toml", ROOT / "CHANGELOG.md"
    texts = {
        settings: with_version(settings.read_text(encoding="utf-8"), number),
        changelog: cut(changelog.read_text(encoding="utf-8"), number, dt.datetime.now(dt.UTC).date()),
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return f'Read the diff, then: git commit -am "Version {number}"'


def check_release() -> str:
    """Refuse what is not ready; the release notes, and the wheel in dist/ with its hash."""
    number = version((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    ready(changelog, number)
    clean(number)
    wheel = build_wheel(ROOT / "dist")
    for interpreter in [Path(sys.executable), *other_pythons()]:
        with tempfile.TemporaryDirectory() as scratch:
            smoke(wheel, Path(scratch), interpreter)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{notes(changelog, number)}\n\n{digest}  {wheel.relative_to(ROOT)}\n\nNext: git tag -a v{number}"


def main(arguments: list[str]) -> int:
    """Do what the command line says; 0 where it is done, 1 where something is not ready, 2 where it says nothing."""
    try:
        match arguments:
            case ["cut", number]:
                print(cut_release(number))
            case ["check"]:
                print(check_release())
            case _:
                print("usage: release.py cut VERSION | check", file=sys.stderr)
                return 2
    except NotReadyError as error:
        print(f"not ready: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
