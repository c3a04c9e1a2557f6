"""The command: exit codes, what goes to which stream, and what is left when it is stopped."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from publish import __version__
from publish.build.store import read_manifest
from publish.cli import run as cli_run
from publish.cli.run import whole
from publish.cli.said import Stopped
from publish.errors import PublishError
from publish.source.settings.schema import book_model
from tests.plug_ins import write_plug_in
from tests.tiny import FIRST, ROOT, SETTINGS, call, command, everything, make, state, write_book

COMMANDS = ("build", "check", "review", "init", "import", "convert", "doctor", "clean", "verify", "schema")


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "book")


def run(*arguments, text=None):
    """The command in this process: exit code, standard output, standard error; errors as `main` would tell them."""
    result = CliRunner().invoke(whole(), [str(one) for one in arguments], input=text)
    if isinstance(result.exception, PublishError):
        return result.exception.exit_code, result.stdout, f"{result.stderr}error: {result.exception}\n"
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


# --- exit codes and streams -------------------------------------------------------------------------------------------


def test_editions_and_formats_may_stand_together_with_commas_between_them(book, tmp_path):
    code, printed, _ = run("build", book, "-o", tmp_path / "out", "-e", "zh-TW, zh-CN", "-f", "html,epub", "--jobs", 1)
    made = [Path(line).relative_to(tmp_path / "out").parts[0] for line in printed.splitlines()]
    assert code == 0
    assert sorted(made) == ["index.html", "zh-CN", "zh-CN", "zh-TW", "zh-TW"]
    assert len(list((tmp_path / "out").glob("*/*.epub"))) == 2


@pytest.mark.usefixtures("book")
def test_a_build_prints_what_may_be_opened_and_plain_progress_in_a_pipe(tmp_path):
    result = command("build", "book", "--format", "html", "--edition", "zh-TW", "--jobs", "1", cwd=tmp_path)
    assert result.returncode == 0
    assert result.stdout.splitlines() == ["build/zh-TW/html/index.html", "build/index.html"]
    steps = result.stderr.splitlines()
    assert [re.sub(r"[0-9.]+", "0", step).strip() for step in steps] == [
        "0 s  read (0 s)",
        "0 s  zh-TW convert (0 s)",
        "0 s  zh-TW html (0 s)",
    ]
    assert "\x1b" not in result.stderr + result.stdout


def test_quiet_says_nothing_of_a_build_that_went_well(book, tmp_path):
    assert run("build", book, "-o", tmp_path / "out", "-f", "html", "-j1", "-q") == (0, "", "")


def test_warnings_are_told_and_are_no_failure_unless_strict(tmp_path):
    book = write_book(tmp_path / "book", {"01.md": FIRST + "\n[无处](#nowhere)\n"})
    arguments = ("build", book, "-o", tmp_path / "out", "-f", "html", "-e", "zh-CN", "-j1", "-q")
    code, out, err = run(*arguments)
    assert (code, out) == (0, "")
    assert re.fullmatch(r"warning: \S*01\.md:13: the link \"#nowhere\" leads .*\. \[link-broken\]\n", err)
    before = state(tmp_path / "out")
    code, out, err = run(*arguments, "--strict")
    assert (code, out) == (1, "")
    assert re.fullmatch(r"error: \S*01\.md:13: the link \"#nowhere\" leads [^\n]*\n", err)
    assert state(tmp_path / "out") == before


def test_a_failure_is_one_line_without_a_traceback_and_nothing_is_made(book, tmp_path):
    (book / "02.md").unlink()
    result = command("build", "book", "--output", "a/b", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stdout == ""
    assert re.fullmatch(
        r'error: book/book\.yaml:\d+: chapters\.1\.chapters\.0: chapter "02\.md" not found\. Add it [^\n]*\n',
        result.stderr,
    )
    assert everything(tmp_path) == sorted(["book", *(f"book/{path}" for path in everything(book))])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--edition", "zh-XX"], "Choose one of zh-CN, zh-TW, zh-HK, zh-SG, zh-MO"),
        (["--format", "docx"], "Choose from html, epub, pdf"),
        (["--colour"], "No such option"),
        (["--jobs", "0"], "--jobs"),
    ],
)
def test_a_name_that_does_not_exist_is_a_wrong_use(book, tmp_path, arguments, words):
    code, out, err = run("build", book, "-o", tmp_path / "out", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["nothing-here"], ["book/images"], ["book/images/dot.png"]])
@pytest.mark.usefixtures("book")
def test_a_source_that_is_none_is_an_error(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("build", *arguments)
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {arguments[0]}: ")
    assert not Path("build").exists()


def test_a_folder_without_a_book_says_how_to_start_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("build")
    assert code == 1
    assert "publish init DIR" in err


def test_a_book_in_the_current_folder_needs_no_name(book, monkeypatch):
    monkeypatch.chdir(book)
    assert run("build", "-f", "html", "-e", "zh-CN", "-j1", "-q")[0] == 0
    assert (book / "build/zh-CN/html/index.html").is_file()


def test_a_single_file_needs_no_configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("头发.md").write_text("---\ntitle: 头发\n---\n\n# 一\n\n他的头发。\n", encoding="utf-8")
    code, out, _ = run("build", "头发.md", "-f", "html", "-j1")
    assert code == 0
    assert "build/zh-TW/html/index.html" in out.splitlines()
    assert "他的頭髮" in Path("build/zh-TW/html/tou-fa.html").read_text(encoding="utf-8")


def test_json_is_all_that_standard_output_holds(tmp_path):
    book = write_book(tmp_path / "book", {"01.md": FIRST + "\n[无处](#nowhere)\n"})
    result = command("build", book, "-o", tmp_path / "out", "-f", "html", "-e", "zh-TW", "--json", "-j1")
    *steps, data = map(json.loads, result.stdout.splitlines())
    assert [(one["event"], one["step"], one["done"], one["total"]) for one in steps] == [
        ("step", "read", 1, 3),
        ("step", "zh-TW convert", 2, 3),
        ("step", "zh-TW html", 3, 3),
    ]
    assert (steps[-1]["left"], data["event"]) == (0, "built")
    assert [one["code"] for one in data["findings"]] == ["link-broken"]
    assert {one["path"] for one in data["artifacts"]} == {
        row["path"] for row in read_manifest(tmp_path / "out")["artifacts"]
    }
    assert data["pandoc-starts"] == 2
    assert "s  read" not in result.stderr


REMOTE = "\n![甲](https://a.example/1.png)\n\n![乙](https://b.example/2.png)\n\n字![丙](https://c.example/3.png)\n"


def test_images_on_other_hosts_are_told_once_with_a_list(tmp_path):
    book = write_book(tmp_path / "book", {"01.md": FIRST + REMOTE})
    arguments = ("build", book, "-o", tmp_path / "out", "-f", "html", "-j1", "-q")
    code, _, err = run(*arguments)
    assert code == 0
    first, *rest = err.splitlines()
    assert first == (
        "warning: 3 images are on other hosts and are not in the book; each is set as a caption with its link. "
        "Run publish fetch, or save it into the book and name the file. [img-remote]"
    )
    assert [re.sub(r"\S*01\.md", "01.md", line) for line in rest] == [
        "    01.md:13  https://a.example/1.png",
        "    01.md:15  https://b.example/2.png",
        "    01.md:17  https://c.example/3.png",
    ]
    code, out, _ = run(*arguments, "--json")
    assert [one["code"] for one in json.loads(out)["findings"]] == ["img-remote"] * 3
    code, _, err = run(*arguments, "--strict")
    assert code == 1
    assert re.fullmatch(r"error: \S*01\.md:13: 3 images are on other hosts and are not in the book\. [^\n]*\n", err)
    assert "3 images are on other hosts" in run("check", book)[1]


# --- check, clean, schema, convert ------------------------------------------------------------------------------------


def test_check_tells_findings_and_counts_them(tmp_path):
    book = write_book(tmp_path / "book", {"01.md": FIRST + "\n[无处](#nowhere)\n"})
    code, out, _ = run("check", book)
    assert code == 1
    assert out.splitlines()[-1] == "小书: 1 finding"
    code, out, _ = run("check", book, "--json")
    assert code == 1
    [row] = json.loads(out)["findings"]
    assert row["code"] == "link-broken"
    assert (Path(row["file"]).name, row["line"]) == ("01.md", 13)


def test_check_of_a_sound_book_is_well(book):
    assert run("check", book) == (0, "小书: 0 findings\n", "")
    assert run("check", book, "--json")[:2] == (0, '{\n "findings": []\n}\n')


def test_check_tells_an_error_as_json_too(book):
    (book / "02.md").unlink()
    code, out, err = run("check", book, "--json")
    assert (code, err) == (1, "")
    [row] = json.loads(out)["findings"]
    assert row["severity"] == "error"
    assert row["key"] == "chapters.1.chapters.0"


def test_a_build_that_fails_says_so_in_json_too(book, tmp_path):
    (book / "book.yaml").write_text("title: 书\nchapters: [01.md, 99.md]\n", encoding="utf-8")
    result = command("build", book, "-o", tmp_path / "out", "--json")
    *_, data = map(json.loads, result.stdout.splitlines())
    assert (result.returncode, data["event"]) == (1, "failed")
    assert [(one["severity"], one["line"]) for one in data["findings"]] == [("error", 2)]
    assert result.stderr.startswith("error: ")


def test_clean_deletes_a_build_and_not_what_stands_beside_it(book, tmp_path):
    out = tmp_path / "out"
    make(book, out, "html", editions=("zh-CN",))
    (out / "mine.txt").write_text("mine")
    code, printed, _ = run("clean", "--output", out)
    assert code == 0
    assert re.fullmatch(r"\d+ files deleted\n", printed)
    assert everything(out) == ["mine.txt"]
    assert run("clean", "--output", out) == (0, f"nothing to delete: {out} has no manifest\n", "")


def test_clean_refuses_a_tampered_manifest(book, tmp_path):
    out = tmp_path / "out"
    make(book, out, "html", editions=("zh-CN",))
    manifest = read_manifest(out)
    manifest["artifacts"][0]["path"] = "../book/01.md"
    (out / "manifest.json").write_text(json.dumps(manifest))
    before = state(tmp_path)
    code, _, err = run("clean", "--output", out)
    assert code == 1
    assert "lists a file outside its folder" in err
    assert state(tmp_path) == before


def test_the_schema_is_json_schema_and_knows_every_key():
    code, out, _ = run("schema")
    assert code == 0
    schema = json.loads(out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert {"title", "chapters", "editions", "page", "number-sections", "accessModes"} <= set(schema["properties"])
    names = set(re.findall(r'"#/\$defs/(\w+)"', out))
    assert names == names & set(schema["$defs"]), "every reference leads somewhere"


def test_every_key_is_listed_with_what_it_means():
    code, out, _ = run("schema", "--keys")
    assert code == 0
    rows = dict(line.split(maxsplit=1) for line in out.splitlines())
    properties = json.loads(run("schema")[1])["properties"]
    assert {name for name in rows if "." not in name} == set(properties)
    assert {"page.size", "page.cover.flaps", "notes.place", "editions.KEY.writing"} <= set(rows)
    assert {name: one["description"] for name, one in properties.items()} == {name: rows[name] for name in properties}


@cache
def book_schema() -> jsonschema.Draft202012Validator:
    schema = json.loads(run("schema")[1])
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_schema_takes_the_handbook_and_the_starters():
    for file in (ROOT / "source/book.yaml", *(ROOT / "publish/starter").glob("*/book.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert set(data) <= set(book_schema().schema["properties"])
        data |= {"date": str(data["date"])}
        book_model().model_validate(data)
        book_schema().validate(data)


@pytest.mark.parametrize(
    "text",
    [
        "title: 1984",
        "author: 张三",
        "author: [张三, {name: 李四, file-as: Li Si}]",
        "editions: zh-TW",
        "editions: [zh-CN, zh-TW]",
        "editions: {zh-TW: null}",
        "formats: pdf",
        "page: {sides: 2}",
        "notes: page",
        "chapters: [a.md, b.md: [c.md], {part: 上, chapters: [d.md]}]",
    ],
)
def test_the_schema_takes_what_a_book_may_say_in_short(text):
    data = yaml.safe_load(text)
    book_model().model_validate(data)
    book_schema().validate(data)


def test_the_schema_refuses_what_a_book_may_not_say():
    with pytest.raises(jsonschema.ValidationError):
        book_schema().validate({"titel": "x"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "头发",
        "头发\n",
        "头发\r\n软件\r\n",
        "\n\n头发\n\n",
        "甲\u2028乙\n",
        "甲\x0c乙\x85丙\n",
        "“头\n发”\n",
        "\ufeff头发\n",
    ],
)
def test_convert_gives_as_many_lines_as_it_gets(text):
    result = call("convert", "--edition", "zh-TW", given=text)
    assert result.returncode == 0
    out = result.stdout
    assert [out.count(mark) for mark in "\r\n\u2028\x0c\x85"] == [text.count(mark) for mark in "\r\n\u2028\x0c\x85"]
    lines = text.replace("头发", "頭髮").replace("软件", "軟件").replace("“頭髮”", "「頭髮」")
    assert out == lines.replace("“头\n发”", "“頭\n發”"), (
        "each line is a block of its own, and so are its quotation marks"
    )


def test_convert_takes_a_file_and_says_what_is_none(tmp_path):
    text = tmp_path / "a.txt"
    text.write_text("头发\n", encoding="utf-8")
    converted = CliRunner().invoke(whole(), ["convert", str(text), "--edition", "zh-TW"])
    assert converted.stdout_bytes.decode() == "頭髮\n"
    assert "there is no such file" in run("convert", tmp_path / "none.md", "--edition", "zh-TW")[2]
    assert "this is a folder, not a text" in run("convert", tmp_path, "--edition", "zh-TW")[2]


def test_convert_refuses_what_is_not_text():
    result = subprocess.run(
        [sys.executable, "-m", "publish", "convert", "--edition", "zh-TW"],
        input="头发".encode("gb18030"),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.decode().startswith("error: the text is not UTF-8")


@pytest.mark.parametrize(
    "arguments",
    [["--edition", "xx"], ["--edition", "zh-TW", "--from", "xx"], ["--edition", "zh-TW", "--quotes", "x"], []],
)
def test_convert_to_a_region_that_is_none_is_a_wrong_use(arguments):
    assert run("convert", *arguments, text="头发")[0] == 2


# --- help -------------------------------------------------------------------------------------------------------------


def test_the_version_is_told():
    assert run("--version") == (0, f"publish {__version__}\n", "")


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_help_shows_an_example(name):
    code, out, _ = run(*([name] if name else []), "--help")
    assert code == 0
    assert re.search(rf"Examples?:  publish {name}", " ".join(out.split("\n"))) or f"publish {name}" in out
    assert "Example" in out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_the_command(shell, monkeypatch):
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")  # the shell around make is none of these
    result = command("--show-completion", shell)
    assert result.returncode == 0
    assert "_PUBLISH_COMPLETE" in result.stdout


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("", {*COMMANDS}),
        ("build --format html,", {"html,epub", "html,pdf"}),
        ("build --edition zh-T", {"zh-TW"}),
        ("init --template n", {"novel"}),
        ("import x --from mk", {"mkdocs"}),
    ],
)
def test_completion_knows_the_commands_and_their_names(words, known):
    script = [str(Path(sys.executable).parent / "publish")]
    if not Path(script[0]).is_file():
        pytest.skip("the command is not installed beside this Python")
    asked = {
        "_PUBLISH_COMPLETE": "complete_bash",
        "COMP_WORDS": f"publish {words}",
        "COMP_CWORD": str(words.count(" ") + 1),
    }
    result = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False, env=os.environ | asked)
    assert known <= set(result.stdout.split())


# --- being stopped ----------------------------------------------------------------------------------------------------

on_linux = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="reads /proc")


def processes():
    """Of each process: its parent, when it began (that and the number name it), and its group."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found[int(entry.name)] = (int(fields[1]), fields[19], int(fields[2]))
    return found


def family(root):
    """A process's descendants, as (number, beginning)."""
    every = processes()
    members = {root}
    while True:
        more = {number for number, (parent, _, _) in every.items() if parent in members} - members
        if not more:
            return {(number, every[number][1]) for number in members - {root} if number in every}
        members |= more


def still_there(members):
    every = processes()
    return {number for number, began in members if every.get(number, (0, "", 0))[1] == began}


@contextmanager
def begun(source, output, site, *, rendering):
    """A build that will not end by itself, and the processes that it started: once all render, or before any does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "publish", "build", str(source), "-o", str(output), "-f", "tarry", "-j", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(site)},
    )
    with process:
        try:
            assert any("read" in line for line in process.stderr), "the book was never read"
            deadline = time.monotonic() + 60
            while rendering and len(list(site.glob("*.renders"))) < 2:
                assert time.monotonic() < deadline, "no renderer began"
                time.sleep(0.02)
            members = family(process.pid)
            assert members, "it has started the server of its workers"
            assert not rendering or len(workers_of(process.pid)) == 2
            yield process, members
        finally:
            process.terminate()


def workers_of(root):
    """The descendants that lead a group of their own, as workers do."""
    every = processes()
    return [number for number, _ in family(root) if number in every and every[number][2] == number]


def gone(members, seconds=5.0):
    deadline = time.monotonic() + seconds
    while still_there(members) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not still_there(members)


TARRY = """
import pathlib
import subprocess
import time


class Tarry:
    name = "tarry"

    def render(self, publication, context):
        (context.folder / "half.txt").write_text("half")
        subprocess.Popen(["sleep", "600"])
        pathlib.Path(__file__).with_name(f"{publication.edition.key}.renders").touch()
        time.sleep(600)
"""


@pytest.fixture
def stopped(tmp_path):
    """A book, the output of an earlier build, and where a renderer is installed that starts a child and never ends."""
    book = write_book(tmp_path / "book", {"book.yaml": SETTINGS.replace("[zh-CN, zh-TW, zh-HK]", "[zh-CN, zh-TW]")})
    make(book, tmp_path / "out", "html", editions=("zh-CN",))
    return book, tmp_path / "out", write_plug_in(tmp_path / "site", "tarry", TARRY)


@on_linux
@pytest.mark.parametrize(
    ("end", "to_group", "rendering"),
    [
        (signal.SIGINT, False, True),
        (signal.SIGINT, True, True),
        (signal.SIGINT, True, False),
        (signal.SIGTERM, False, True),
    ],
)
def test_a_build_that_is_stopped_leaves_no_process_and_no_trace(stopped, end, to_group, rendering):
    book, out, site = stopped
    before = everything(out), state(out)
    with begun(book, out, site, rendering=rendering) as (process, members):
        (os.killpg if to_group else os.kill)(process.pid, end)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert err.endswith("stopped\n")
    assert "Traceback" not in err
    assert gone(members)
    assert (everything(out), state(out)) == before


def test_what_fails_because_a_module_was_half_loaded_when_the_signal_came_is_a_stop(monkeypatch, capsys):
    def half_loaded(_arguments):
        with suppress(Stopped):
            signal.raise_signal(signal.SIGTERM)
        raise KeyError("PIL.Image")

    monkeypatch.setattr(cli_run, "_run", half_loaded)
    monkeypatch.setattr(cli_run, "_stops", [])
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        with pytest.raises(SystemExit) as ended:
            cli_run.main()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert ended.value.code == 130
    assert capsys.readouterr().err == "stopped\n"


@on_linux
def test_a_build_that_is_killed_leaves_the_old_output_and_the_next_build_clears_up(stopped):
    book, out, site = stopped
    before = state(out)
    with begun(book, out, site, rendering=True) as (process, members):
        process.kill()
        process.communicate(timeout=30)
    staging = [path.name for path in out.iterdir() if path.name.startswith(".staging-")]
    assert len(staging) == 1
    assert {path: digest for path, digest in state(out).items() if not path.startswith(".staging-")} == before
    assert gone(members), "workers end with the build that they worked for"
    make(book, out, "html", editions=("zh-CN",))
    assert state(out) == before


@on_linux
def test_two_builds_into_one_folder_both_end_well(book, tmp_path):
    out = tmp_path / "out"
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "publish", "build", str(book), "-o", str(out), "-f", "html", "-e", key, "-j1", "-q"]
        )
        for key in ("zh-CN", "zh-TW")
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    listed = {row["path"] for row in read_manifest(out)["artifacts"]}
    assert listed | {"index.html", "manifest.json"} == set(state(out))
    assert {path.partition("/")[0] for path in listed} == {"zh-CN", "zh-TW"}


def test_two_books_do_not_share_an_output_folder(tmp_path):
    first = write_book(tmp_path / "first")
    second = write_book(tmp_path / "second", {"book.yaml": f"slug: another\n{SETTINGS.replace('slug:', '# slug:')}"})
    out = tmp_path / "out"
    assert run("build", first, "-f", "html", "-e", "zh-CN", "-o", out)[0] == 0
    before = state(out)
    code, _, said = run("build", second, "-f", "epub", "-e", "zh-CN", "-o", out)
    assert code == 1
    assert "holds another book" in said
    assert "publish clean --output" in said
    assert state(out) == before
    run("clean", "-o", out)
    assert run("build", second, "-f", "epub", "-e", "zh-CN", "-o", out)[0] == 0


def test_a_book_that_is_renamed_stays_in_its_folder_and_leaves_nothing_of_its_old_name(tmp_path):
    book = write_book(tmp_path / "book")
    out = tmp_path / "out"
    assert run("build", book, "-f", "html", "-f", "epub", "-e", "zh-CN", "-o", out)[0] == 0
    write_book(book, {"book.yaml": f"slug: renamed\n{SETTINGS.replace('slug:', '# slug:')}"})
    assert run("build", book / "book.yaml", "-f", "html", "-e", "zh-CN", "-o", out)[0] == 0
    assert (out / "zh-CN/html/renamed.html").is_file()
    assert not (out / "zh-CN/html/tiny.html").exists()
    assert 'href="../tiny.epub"' in (out / "zh-CN/html/index.html").read_text(encoding="utf-8")
    assert (out / "zh-CN/tiny.epub").is_file()
    assert run("build", book, "-f", "epub", "-e", "zh-CN", "-o", out)[0] == 0
    assert [one.name for one in (out / "zh-CN").glob("*.epub")] == ["renamed.epub"]
    assert run("verify", out)[0] == 0


def test_a_renamed_book_is_another_where_another_build_wrote_the_folder(tmp_path):
    book = write_book(tmp_path / "book")
    out = tmp_path / "out"
    assert run("build", book, "-f", "html", "-e", "zh-CN", "-o", out)[0] == 0
    run("clean", "-o", out)
    copy = write_book(tmp_path / "copy", {"a.md": "# 別的\n\n字。\n"})
    assert run("build", copy, "-f", "html", "-e", "zh-CN", "-o", out)[0] == 0
    write_book(book, {"book.yaml": f"slug: renamed\n{SETTINGS.replace('slug:', '# slug:')}"})
    code, _, said = run("build", book, "-f", "html", "-e", "zh-CN", "-o", out)
    assert code == 1
    assert "holds another book" in said


def test_verify_names_each_file_that_is_not_as_it_was_built(tmp_path):
    out = tmp_path / "out"
    run("build", write_book(tmp_path / "book"), "-f", "epub", "-e", "zh-CN", "-o", out)
    assert run("verify", out)[:2] == (0, "2 files, all as they were built\n")
    [file] = out.glob("zh-CN/*.epub")
    file.write_bytes(file.read_bytes() + b"!")
    code, said, _ = run("verify", out)
    assert code == 1
    assert said.splitlines() == [f"{file} has been changed", "2 files, 1 not as they were built"]
    assert json.loads(run("verify", out, "--json")[1])["differences"] == [
        {"path": f"zh-CN/{file.name}", "problem": "has been changed"}
    ]


def test_check_finds_the_files_that_a_book_was_built_into(book, tmp_path):
    out = tmp_path / "out"
    assert run("build", book, "-o", out, "-f", "pdf", "-e", "zh-CN", "-e", "zh-TW", "-j1", "-q")[0] == 0
    _, told, _ = run("check", book, "--format", "pdf", "-o", out)
    assert told.splitlines()[-1].startswith("2 files: ")
    assert all(f"{out}/{key}/tiny.pdf" in told for key in ("zh-CN", "zh-TW"))
    _, told, _ = run("check", book, "--format", "pdf", "-o", out, "-e", "zh-TW")
    assert told.splitlines()[-1].startswith("tiny.pdf: ")
    assert run("check", out / "zh-TW/tiny.pdf")[1] == told  # a finished file needs no --format


def test_check_says_where_no_such_file_was_built(book, tmp_path):
    code, _, told = run("check", book, "--format", "pdf", "-o", tmp_path / "out")
    assert code == 1
    assert "holds no pdf file of the book. Build it first: publish build" in told
