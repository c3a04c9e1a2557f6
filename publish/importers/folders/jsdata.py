"""The data of a JavaScript or TypeScript settings file, read without running it: literals, and the names they use."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any

from publish.importers.folders.tree import Tree

UNKNOWN: Any = type("Unknown", (), {"__repr__": lambda _: "UNKNOWN", "__bool__": lambda _: False})()

# What modules are written in, with and without the ending that an import may leave out.
MODULES = ("", ".ts", ".js", ".mts", ".mjs", ".cjs", ".json", "/index.ts", "/index.js")
_PROGRAMS = (".ts", ".js", ".mts", ".mjs", ".cjs", ".json")

_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NAME = re.compile(r"(?:[^\W\d]|\$)[\w$]*")
_COMMENT = re.compile(
    r"(?P<string>'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`)|//[^\n]*|/\*.*?\*/", re.DOTALL
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_STEP = re.compile(r"\s*\??\.(?P<name>[^\W\d][\w$]*)(?!\s*[\w$(])")
_NAMED_EXPORT = re.compile(
    r"(?:\b(?:module\.)?exports\.|\bexport\s+const\s+)(?P<name>[\w$]+)\s*(?::[^=;]*)?=(?![=>])\s*"
)
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None}
_DEEPEST = 60


def modules(tree: Tree, folder: str) -> Callable[[str], str]:
    """How modules in a folder and below it are loaded: by their path from any file there, other packages never."""

    def load(name: str) -> str:
        if not name.startswith("."):
            return ""
        below = f"{folder}/" if folder else ""
        folders = {posixpath.dirname(one) for one in tree.files if one.startswith(below) and one.endswith(_PROGRAMS)}
        for start in (folder, *sorted(folders)):
            target = posixpath.normpath(posixpath.join(start, name))
            stem = re.sub(r"\.(?:m?[jt]s|json)$", "", target)
            for ending in MODULES:
                if found := tree.find(f"{stem}{ending}") or (tree.find(target) if not ending else ""):
                    text = tree.text(found)
                    return f"export default {text}" if found.endswith(".json") else text
        return ""

    return load


class JsFile:
    """A settings file; `load` gives the text of a file that it imports ("": none)."""

    def __init__(self, text: str, load: Callable[[str], str] = lambda _: "", depth: int = 0) -> None:
        self.text = _COMMENT.sub(lambda match: match["string"] or " ", text)
        self._load = load
        self._depth = depth

    def exported(self) -> Any:
        """What the file exports as its default."""
        match = re.search(r"(?:export\s+default|module\.exports\s*=|export\s*=)\s*", self.text)
        if match:
            return self._value(match.end())[0]
        named = {one["name"]: self._value(one.end())[0] for one in _NAMED_EXPORT.finditer(self.text)}
        return named or UNKNOWN

    def named(self, name: str) -> Any:
        """The value of a constant, of what a function returns, or of what is imported under a name."""
        if self._depth > _DEEPEST:
            return UNKNOWN
        self._depth += 1
        try:
            return self._named(re.escape(name))
        finally:
            self._depth -= 1

    def key(self, name: str) -> Any:
        """The value of the first key of this name, at any depth."""
        pattern = re.compile(rf"(?<![\w$.'\"/])(?<!const )(?<!let )(?<!var )['\"]?{re.escape(name)}['\"]?\s*:\s*")
        for match in pattern.finditer(self.text):
            value = self._value(match.end())[0]
            if value is not UNKNOWN:
                return value
        shorthand = re.search(rf"[{{,]\s*{re.escape(name)}\s*[,}}]", self.text)
        return self.named(name) if shorthand else UNKNOWN

    def strings(self, name: str) -> list[str]:
        """The values of all keys of this name that are plain strings."""
        return re.findall(rf"(?<![\w$.])['\"]?{re.escape(name)}['\"]?\s*:\s*['\"]([^'\"\n]*)['\"]", self.text)

    def _named(self, name: str) -> Any:
        if match := re.search(rf"\b(?:const|let|var)\s+{name}\s*(?::[^=;]*?(?:=>[^=;]*?)?)?=(?![=>])\s*", self.text):
            return self._value(match.end())[0]
        if match := re.search(rf"\bfunction\s+{name}\s*\([^)]*\)[^{{]*(?:\{{[^{{}}]*\}}\[\]\s*)?\{{", self.text):
            back = re.compile(r"\breturn\s+").search(self.text, match.end())
            return self._value(back.end())[0] if back else UNKNOWN
        imported = re.search(
            rf"import\s+(?:{name}|\{{[^}}]*\b{name}\b[^}}]*\}})\s+from\s+['\"]([^'\"]+)['\"]", self.text
        )
        imported = imported or re.search(
            rf"(?:\b{name}|\{{[^{{}}]*\b{name}\b[^{{}}]*\}})\s*=\s*require\(\s*['\"]([^'\"]+)['\"]", self.text
        )
        if imported and (text := self._load(imported[1])):
            other = JsFile(text, self._load, self._depth + 1)
            found = other.named(name)
            exported = other.exported() if found is UNKNOWN else found
            braced = "{" in imported[0] and isinstance(exported, dict)
            return exported.get(name, exported) if braced else exported
        return UNKNOWN

    # Values: each returns what was read and the position after it

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _value(self, at: int) -> tuple[Any, int]:
        at = self._skip(at)
        value, at = self._plain(at)
        return value, self._rest(at)

    def _plain(self, at: int) -> tuple[Any, int]:
        char = self.text[at : at + 1]
        if char == "{":
            return self._object(at + 1)
        if char == "[":
            return self._array(at + 1)
        if char and char in "'\"`":
            return self._string(at)
        if char == "(":
            arrow = re.compile(r"\([^()]*\)\s*(?::[^=]*)?=>\s*\(?\s*").match(self.text, at)
            value, end = self._value(arrow.end() if arrow else at + 1)
            end = self._skip(end)
            return value, end + 1 if self.text[end : end + 1] == ")" else end
        if number := _NUMBER.match(self.text, at):
            return float(number[0]) if "." in number[0] else int(number[0]), number.end()
        if name := _NAME.match(self.text, at):
            return self._name(name)
        return UNKNOWN, at

    def _name(self, name: re.Match[str]) -> tuple[Any, int]:
        at = self._skip(name.end())
        if name[0] in _CONSTANTS:
            return _CONSTANTS[name[0]], name.end()
        if name[0] in ("async", "await", "new", "return", "function"):
            return UNKNOWN, name.end()
        if self.text[at : at + 1] == "(":
            return self._call(name[0], at)
        return self._member(self.named(name[0]), name.end())

    def _member(self, value: Any, at: int) -> tuple[Any, int]:
        """What `.name` after a value means: that key of data; a call (`.concat(…)`) is left to `_rest`."""
        while isinstance(value, dict) and (step := _STEP.match(self.text, at)):
            value, at = value.get(step["name"], UNKNOWN), step.end()
        return value, at

    def _call(self, name: str, at: int) -> tuple[Any, int]:
        """A call: require's file, what a function of this file returns, else the data that it is given."""
        first, _ = self._value(at + 1)
        end = self._close(at)
        if name == "require" and isinstance(first, str):
            text = self._load(first)
            return self._member(JsFile(text, self._load, self._depth + 1).exported() if text else UNKNOWN, end)
        own = self.named(name)
        if own is not UNKNOWN and own is not None:
            return own, end
        if name == "path" or not isinstance(first, dict | list):
            second = re.compile(r"[^,()]*,\s*").match(self.text, at + 1)
            value = self._value(second.end())[0] if second else UNKNOWN
            return (value if isinstance(value, dict | list) else UNKNOWN), end
        return first, end

    def _close(self, at: int) -> int:
        """The position after the bracket that closes the one at `at`."""
        depth = 0
        while at < len(self.text):
            at = self._skip(at)
            char = self.text[at : at + 1]
            if char and char in "'\"`":
                at = self._string(at)[1]
                continue
            depth += (char in "([{") - (char in ")]}") if char else 0
            at += 1
            if not depth:
                return at
        return at

    def _rest(self, at: int) -> int:
        """The position of the comma or bracket that ends a value: casts, calls and sums after it are skipped."""
        while at < len(self.text):
            at = self._skip(at)
            char = self.text[at : at + 1]
            if not char or char in ",]});":
                return at
            if char in "([{":
                at = self._close(at)
            elif char in "'\"`":
                at = self._string(at)[1]
            else:
                after = _NAME.match(self.text, at)
                if (
                    after
                    and after[0] in ("const", "export", "import", "function", "let", "module")
                    and "\n" in self.text[at - 2 : at]
                ):
                    return at
                at = after.end() if after else at + 1
        return at

    def _string(self, at: int) -> tuple[str, int]:
        quote, end = self.text[at], at + 1
        while end < len(self.text) and self.text[end] != quote:
            end += 2 if self.text[end] == "\\" else 1
        raw = self.text[at + 1 : end]
        return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), raw), end + 1

    def _array(self, at: int) -> tuple[list[Any], int]:
        values: list[Any] = []
        while (at := self._skip(at)) < len(self.text) and self.text[at] != "]":
            if self.text.startswith("...", at):
                value, at = self._value(at + 3)
                values += value if isinstance(value, list) else [UNKNOWN]
            else:
                value, after = self._value(at)
                values.append(value)
                at = max(after, at + 1) if after == at and self.text[at] != "," else after
            at = self._skip(at)
            at += self.text[at : at + 1] == ","
        return values, at + 1

    def _object(self, at: int) -> tuple[dict[str, Any], int]:
        values: dict[str, Any] = {}
        while (at := self._skip(at)) < len(self.text) and self.text[at] != "}":
            begin = at
            if self.text.startswith("...", at):
                value, at = self._value(at + 3)
                values |= value if isinstance(value, dict) else {}
            else:
                key, at = self._key(at)
                at = self._skip(at)
                if self.text[at : at + 1] == ":":
                    value, at = self._value(at + 1)
                elif self.text[at : at + 1] == "(":  # a method
                    value, at = UNKNOWN, self._rest(self._close(at))
                else:
                    value = self.named(key)
                values[key] = value
            at = self._skip(at)
            at += self.text[at : at + 1] == ","
            at = max(at, begin + 1)
        return values, at + 1

    def _key(self, at: int) -> tuple[str, int]:
        if self.text[at] in "'\"`":
            return self._string(at)
        if self.text[at] == "[":
            return "", self._close(at)
        match = re.compile(r"[\w$-]+").match(self.text, at)
        return (match[0], match.end()) if match else ("", at)
