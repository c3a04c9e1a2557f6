"""The only module that runs pandoc: many texts read, or many chapters written, in one start."""

from __future__ import annotations

import json
import logging
import re
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pypandoc

from publish.errors import MissingToolError, Place, PublishError
from publish.source.document import Block
from publish.textfile import shown

log = logging.getLogger("publish.source.pandoc")

# What pandoc's Markdown reads here otherwise than by itself. Quotation marks stay as typed (smart turns 对应"x"、 into
# ”x”): they are our own work. YAML and title blocks are ours too: in the middle of a chapter pandoc would take them for
# settings and drop them. Off is what surprises people who do not know pandoc: TeX that vanishes, @name that becomes a
# citation, rules that become tables. `reading` narrows the rest.
EXTENSIONS = {
    "smart": False,
    "yaml_metadata_block": False,
    "pandoc_title_block": False,
    "raw_tex": False,
    "citations": False,
    "multiline_tables": False,
    "blank_before_blockquote": False,
    "blank_before_header": False,
    "mark": True,
    "emoji": True,
}
READER = "markdown" + "".join(f"{'+' if on else '-'}{name}" for name, on in EXTENSIONS.items())
WRITER_OPTIONS = ["--mathml", "--wrap=none", "--syntax-highlighting=none", "--email-obfuscation=none"]
_LUA = Path(__file__).parent / "lua"

Warnings = list[tuple[int, str]]  # the number of a text, from 0, and what pandoc says of it
_TEXT = re.compile(r"text (\d+)$")  # what `read.lua` says before each


@dataclass
class Starts:
    """How often pandoc was started by this process."""

    count: int = 0


starts = Starts()

# A small text is read, or written, in less memory than the 64 MB that pandoc asks the system for: in half of the time.
_SMALL = 500_000  # characters
_READING, _WRITING = "-A4m", "-A16m"  # what is written is all there at once
_REFUSED = "RTS options are disabled"  # by a pandoc that was built without them
_refused: list[bool] = []  # one, once a pandoc has


_meanwhile: list[Callable[[], object]] = []


def meanwhile(work: Callable[[], object]) -> None:
    """Have something done while the next small text is read or written: pandoc is a process of its own."""
    _meanwhile.append(work)


def use_wait() -> None:
    """Do what was to be done while pandoc works."""
    work, _meanwhile[:] = _meanwhile[:], []
    for one in work:
        one()


class _Capture(logging.Handler):
    """Takes what pypandoc logs, so that pandoc's warnings reach the findings and not the terminal."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.messages: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append((record.levelno, record.getMessage().strip()))

    @property
    def warnings(self) -> Warnings:
        """The warnings, each with the number of the text that was begun last before it."""
        found, number = [], 0
        for level, message in self.messages:
            if level >= logging.WARNING:
                found.append((number, message))
            elif text := _TEXT.match(message):
                number = int(text[1]) - 1
        return found


_capture = _Capture()
_pypandoc_log = logging.getLogger("pypandoc")
_pypandoc_log.addHandler(_capture)
_pypandoc_log.setLevel(logging.INFO)
_pypandoc_log.propagate = False


def version() -> str:
    """The version of the pandoc that pypandoc finds."""
    try:
        return str(pypandoc.get_pandoc_version())
    except OSError as error:
        raise MissingToolError("pandoc is not installed", "Install it: pip install pypandoc-binary") from error


def path() -> str:
    """The file of the pandoc that pypandoc finds. Raises `MissingToolError` where there is none."""
    try:
        found = pypandoc.get_pandoc_path()
        return str(Path(shutil.which(found) or found).resolve())
    except OSError as error:
        raise MissingToolError("pandoc is not installed", "Install it: pip install pypandoc-binary") from error


def read(texts: Sequence[tuple[str, str]], form: str = READER) -> tuple[list[list[Block]], Warnings]:
    """The blocks of each (name, text), Markdown or another `form` of pandoc's, and pandoc's warnings.

    One start for all; notes and links keep apart.

    Raises `PublishError` with the name for a text that pandoc cannot read.
    """
    if not texts:
        return [], []
    request = json.dumps([{"name": name, "text": text, "format": form} for name, text in texts], ensure_ascii=False)
    output, warnings = _run(request, "json", source_format=str(_LUA / "read.lua"))
    try:
        document = json.loads(output)
    except RecursionError as error:
        for one in texts if len(texts) > 1 else ():
            read([one], form)  # raises for the text at fault
        raise PublishError(
            "the text nests lists or quotations too deeply", "Nest them less", Place(texts[0][0])
        ) from error
    return [div["c"][1] for div in document["blocks"]], warnings


# Behind two arrows pandoc asks for a letter in place of an emoji; an author's own asking, which is kept, is for so long
# no character.
_ARROWS, _LETTER, _KEPT = "\u2194\u21a9", "\ufe0e", "\ufdd0"


def write(chapters: Sequence[list[Block]]) -> tuple[list[str], list[str]]:
    """The HTML of each chapter's blocks, and pandoc's warnings. One start for all.

    A formula that pandoc cannot write in MathML stays TeX in a span of the class math, and is no warning here.
    """
    blocks = [{"t": "Div", "c": [["", [], []], chapter]} for chapter in chapters]
    document: dict[str, Any] = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log.json"
        options = [*WRITER_OPTIONS, "--quiet", f"--log={log}"]
        text = json.dumps(document, ensure_ascii=False)
        text = re.sub(f"([{_ARROWS}]){_LETTER}", rf"\1{_KEPT}", text)
        output, _ = _run(text, str(_LUA / "write.lua"), source_format="json", options=options)
        messages = json.loads(log.read_text(encoding="utf-8")) if log.is_file() else []
    pages = [
        re.sub(f"([{_ARROWS}]){_LETTER}?({_KEPT})?", lambda one: one[1] + (_LETTER if one[2] else ""), page)
        for page in json.loads(output)
    ]
    return pages, [
        f"{one['type']}: {one.get('message') or one.get('contents') or ''}"
        for one in messages
        if one["verbosity"] == "WARNING" and one["type"] != "CouldNotConvertTeXMath"
    ]


# What makes a sign a letter and no emoji. Pandoc adds it to two arrows; an author's own stays.


def read_references(texts: Sequence[tuple[str, str, str]]) -> list[list[dict[str, Any]]]:
    """The literature in each (name, text, form of pandoc's), as pandoc has it in metadata. One start for all.

    Raises `PublishError` with name and line for a text that pandoc cannot read.
    """
    request = json.dumps([{"name": name, "text": text, "format": form} for name, text, form in texts])
    try:
        output, _ = _run(request, "json", source_format=str(_LUA / "references.lua"))
    except PublishError as error:
        if error.place is None:
            raise
        found = re.search(r"unexpected (?:'.*?'|\".*?\"|[^,]*?(?= @|$))", error.problem)
        reason = re.sub(r"\\(\d{3,6})", lambda code: chr(int(code[1])), found[0] if found else error.problem)
        remedy = "Check its commas, braces and quotation marks, and those of the entry before it"
        raise PublishError(f"this entry cannot be read: {reason}", remedy, error.place) from error
    meta = json.loads(output)["meta"]
    return [[one["c"] for one in meta[f"file{number}"]["c"]] for number in range(1, len(texts) + 1)]


def cite(passages: Sequence[tuple[str, Path, list[Block]]], references: Sequence[Any]) -> list[list[Block]]:
    """The blocks of each (language, CSL style, blocks) with their citations made, and their lists. One start."""
    blocks = [
        {"t": "Div", "c": [["", [], [["locale", language], ["style", str(style)]]], chapter]}
        for language, style, chapter in passages
    ]
    meta = {
        "references": {"t": "MetaList", "c": [{"t": "MetaMap", "c": one} for one in references]},
        "link-citations": {"t": "MetaBool", "c": True},
    }
    document: dict[str, Any] = {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": blocks}
    output, _ = _run(json.dumps(document, ensure_ascii=False), str(_LUA / "cite.lua"), source_format="json")
    return [json.loads(one)["blocks"] for one in json.loads(output)]


def read_document(
    path: Path, form: str, media: Path | None, options: Sequence[str] = ()
) -> tuple[dict[str, Any], list[str]]:
    """A document of a word processor as pandoc's AST (`blocks`, `meta`), and pandoc's warnings; pictures go to `media`.

    Without `media` pandoc reads nothing but the document. Raises `PublishError` for a file that pandoc cannot read.
    """
    starts.count += 1
    _capture.messages.clear()
    arguments = [f"--extract-media={media}" if media else "--sandbox", *options]
    try:
        output = str(pypandoc.convert_file(str(path), "json", format=form, extra_args=arguments))
    except OSError as error:
        raise MissingToolError("pandoc is not installed", "Install it: pip install pypandoc-binary") from error
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1][:300]
        raise PublishError(
            f"this file cannot be read: {reason}", "Open and save it again", Place(shown(path))
        ) from error
    document: dict[str, Any] = json.loads(output)
    return document, [message for _, message in _capture.warnings]


def write_markdown(chapters: Sequence[list[Block]]) -> list[str]:
    """The Markdown of each chapter's blocks, a paragraph a line. One start for all."""
    blocks = [{"t": "Div", "c": [["", [], []], chapter]} for chapter in chapters]
    document: dict[str, Any] = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}
    output, _ = _run(json.dumps(document, ensure_ascii=False), str(_LUA / "markdown.lua"), source_format="json")
    texts: list[str] = json.loads(output)
    return texts


def _run(text: str, target: str, source_format: str, options: Sequence[str] = ()) -> tuple[str, Warnings]:
    starts.count += 1
    memory = ["+RTS", "-H1m", _READING if target == "json" else _WRITING, "-RTS"]
    little = len(text) < _SMALL and not _refused
    try:
        output = _converted(text, target, source_format, [*options, *(memory if little else ())])
    except RuntimeError as error:
        if not little or _REFUSED not in str(error):
            raise _failure(str(error)) from error
        _refused.append(True)
        return _run(text, target, source_format, options)
    log.info("pandoc start %d: %s to %s", starts.count, Path(source_format).stem, Path(target).stem)
    return output, _capture.warnings


def _converted(text: str, target: str, source_format: str, options: list[str]) -> str:
    _capture.messages.clear()

    def convert() -> str:
        made = pypandoc.convert_text(text, target, format=source_format, extra_args=options, verify_format=False)
        return str(made)

    try:
        if not _meanwhile or len(text) >= _SMALL or threading.current_thread() is not threading.main_thread():
            return convert()
        with ThreadPoolExecutor(1) as beside:
            asked = beside.submit(convert)
            use_wait()
            return asked.result()
    except OSError as error:
        raise MissingToolError("pandoc is not installed", "Install it: pip install pypandoc-binary") from error


def _failure(message: str) -> PublishError:
    """Pandoc's own message with the file and line that it names."""
    named = re.search(r"<<(.+?)>>(.*)", message, re.DOTALL)
    if not named:
        return PublishError(f"pandoc failed: {message.strip().splitlines()[-1][:300]}", "See: publish doctor")
    line = re.search(r"line (\d+)", named[2])
    reason = " ".join(named[2].split("stack traceback")[0].split())[:300]
    return PublishError(
        f"pandoc cannot read this: {reason}", "Correct the Markdown there", Place(named[1], int(line[1]) if line else 0)
    )
