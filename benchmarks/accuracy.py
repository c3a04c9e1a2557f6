"""Measures the choice among a character's forms against texts that people wrote, and how much an editor has to read.

    python benchmarks/accuracy.py PAIRS... [--tool variant_accuracy.py] [--json]

PAIRS are JSON Lines with `src` (Simplified) and `ref` (Traditional). The tool levels what is only spelling or house
style and yields the positions that count; by default it is ../shared/tools/variant_accuracy.py beside the repository.
"""

from __future__ import annotations

import argparse
import json
import re
import types
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from publish.convert import Converter
from publish.convert.native import native
from publish.convert.words import by_words
from publish.regions import REGIONS

TOOL = Path(__file__).resolve().parent.parent.parent / "shared" / "tools" / "variant_accuracy.py"
HAN = re.compile("[\u4e00-\u9fff]")


def load(path: Path) -> Any:
    """The tool as a module."""
    module = types.ModuleType("variant_accuracy")
    exec(compile(path.read_text("utf-8"), str(path), "exec"), module.__dict__)  # noqa: S102  # the tool that is named
    return module


def errors(tool: Any, pair: dict[str, str], convert: Callable[[str], str]) -> Iterator[tuple[int, str, str, str]]:
    """The positions where the conversion has a form that the reference has not: index, source, output, reference."""
    source, reference = pair["src"], tool.level(pair["ref"])
    right = tool.overrides(source)
    for index, character, output, wanted in tool.positions(source, tool.level(convert(source)), reference):
        form = right.get(index, wanted)
        if character not in tool.MULTI or character in tool.EITHER:
            continue
        forms = {tool.level(one) for one in tool.MULTI[character]}
        if form in forms and output in forms and output != form and frozenset((output, form)) not in tool.STYLE:
            yield index, character, output, form


def measure(tool: Any, path: Path) -> dict[str, Any]:
    """One file's figures."""
    pairs = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    made = Converter(REGIONS["zh-CN"], REGIONS["zh-TW"], quotes="keep")
    stock, words = native("s2tw"), by_words("s2tw")
    wrong: Counter[str] = Counter()
    left: Counter[str] = Counter()
    han = flags = flagged = 0
    for pair in pairs:
        source = pair["src"]
        han += len(HAN.findall(source))
        choices = made.choices(source)
        flags += len(choices)
        for name, convert in (("OpenCC", stock), ("words", words), ("publish", made.convert)):
            found = list(errors(tool, pair, convert))
            wrong[name] += len(found)
            if name == "OpenCC":
                flagged += sum(any(one.start <= index < one.end for one in choices) for index, *_ in found)
            if name == "publish":
                left.update(
                    f"{character}:{output}→{form} {source[max(0, index - 5) : index + 6]!r}"
                    for index, character, output, form in found
                )
    return {
        "file": path.stem,
        "han": han,
        "errors": dict(wrong),
        "flags-per-1000-han": round(1000 * flags / max(han, 1), 2),
        "stock-errors-flagged": flagged,
        "left": dict(left),
    }


def main() -> None:
    """Print the figures of each file and of all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("--tool", type=Path, default=TOOL)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    tool = load(arguments.tool)
    rows = [measure(tool, path) for path in arguments.pairs]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        flags = row["flags-per-1000-han"]
        print(f"{row['file']:20} {row['han']:7} Han  errors {row['errors']}  flags {flags} per 1,000")
        for place, count in row["left"].items():
            print(f"    {count} × {place}")
    stock = sum(row["errors"]["OpenCC"] for row in rows)
    found = sum(row["stock-errors-flagged"] for row in rows)
    print(f"of OpenCC's {stock} errors {found} are flagged ({found / max(stock, 1):.0%})")


if __name__ == "__main__":
    main()
