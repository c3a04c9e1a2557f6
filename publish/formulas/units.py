r"""Numbers with units in the commands of LaTeX's siunitx, `\SI{9.8}{m/s^2}`, as TeX that everyone sets.

Units stand as they are printed, `kg.m^2`, or by their names, `\kilo\gram\metre\squared`, `\per` before what divides.
"""

from __future__ import annotations

import re
from collections.abc import Container

from publish.formulas.tex import group

_COMMAND = re.compile(
    r"\\(?P<name>SIrange|qtyrange|numrange|SI|si|qty|unit|num|ang)(?![A-Za-z])\s*(?:\[[^\]]*\])?(?=\s*\{)"
)
_GROUPS = {"SI": 2, "qty": 2, "SIrange": 3, "qtyrange": 3, "numrange": 2}
_POWER = re.compile(r"(?<=[\d.)])\s*[eE]\s*(?P<power>[-+]?\d+)")
_PREFIXES = {
    "quecto": "q", "ronto": "r", "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n",
    "micro": r"\mu ", "milli": "m", "centi": "c", "deci": "d", "deca": "da", "deka": "da", "hecto": "h", "kilo": "k",
    "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E", "zetta": "Z", "yotta": "Y",
}  # fmt: skip
_UNITS = {
    "ampere": "A", "candela": "cd", "kelvin": "K", "kilogram": "kg", "gram": "g", "metre": "m", "meter": "m",
    "mole": "mol", "second": "s", "becquerel": "Bq", "celsius": r"{}^\circ C", "degreeCelsius": r"{}^\circ C",
    "coulomb": "C", "farad": "F", "gray": "Gy", "hertz": "Hz", "henry": "H", "joule": "J", "lumen": "lm", "lux": "lx",
    "newton": "N", "ohm": r"\Omega ", "pascal": "Pa", "radian": "rad", "siemens": "S", "sievert": "Sv",
    "steradian": "sr", "tesla": "T", "volt": "V", "watt": "W", "weber": "Wb", "day": "d", "degree": r"{}^\circ ",
    "arcminute": "'", "arcsecond": "''", "hectare": "ha", "hour": "h", "litre": "L", "liter": "L", "minute": "min",
    "percent": r"\% ", "tonne": "t", "electronvolt": "eV", "dalton": "Da", "bar": "bar", "angstrom": r"Å", "bel": "B",
    "decibel": "dB", "bit": "bit", "byte": "B", "astronomicalunit": "au", "neper": "Np", "mmHg": "mmHg",
}  # fmt: skip
# Short names that siunitx has for what is used most.
_SHORT = {
    name: name for name in "m s kg g mg km cm mm nm mol A K N Pa kPa MPa J kJ eV W kW V kV Hz kHz MHz GHz L mL".split()
} | {"um": r"\mu m", "us": r"\mu s", "ms": "ms", "ns": "ns"}  # fmt: skip
_BEFORE = {"square": "2", "cubic": "3"}
_BEHIND = {"squared": "2", "cubed": "3"}
_PART = re.compile(r"\\(?P<name>[A-Za-z]+)\s*(?:\{(?P<given>[^{}]*)\})?|(?P<typed>[^\s\\]+|\\[^A-Za-z])")
_TYPED_POWER = re.compile(r"\^\{?(?P<power>-?\d+)\}?")
_DOT, _CDOT = re.compile(r"[.~]"), r"{\\cdot}"
_PERCENT, _SIGN = re.compile(r"(?<!\\)%"), r"\\%"


def with_units(tex: str, known: Container[str]) -> str:
    """A formula with these commands written out, but for what it or its book defines by these names itself."""
    out, at = [], 0
    for found in _COMMAND.finditer(tex):
        if found.start() < at or found["name"] in known:
            continue
        said, end = list[str](), found.end()
        while len(said) < _GROUPS.get(found["name"], 1) and (body := group(tex, end)):
            said.append(body[0])
            end = body[1]
        if len(said) == _GROUPS.get(found["name"], 1):
            out += [tex[at : found.start()], _written(found["name"], said)]
            at = end
    return "".join([*out, tex[at:]])


def _written(name: str, said: list[str]) -> str:
    if name == "ang":
        return "".join(f"{part.strip()}{mark}" for part, mark in zip(said[0].split(";"), _ANGLES, strict=False) if part)
    if name == "num":
        return _number(said[0])
    if name == "numrange":
        return rf"{{{_number(said[0])}\sim {_number(said[1])}}}"
    unit = _unit(said[-1])
    gap = "" if unit.startswith(r"\mathrm{{}^\circ }") else r"\,"
    numbers = r"\sim ".join(map(_number, said[:-1]))
    return f"{{{numbers}{gap if numbers else ''}{unit}}}"


_ANGLES = (r"^\circ ", r"' ", r"'' ")


def _number(text: str) -> str:
    return _POWER.sub(lambda found: rf"\times 10^{{{found['power'].lstrip('+')}}}", text.strip())


def _unit(text: str) -> str:
    r"""A unit: as it is printed, or by names, each with its power; `\per` makes that of the next negative."""
    if not re.search(r"\\[A-Za-z]", text):
        powers = _TYPED_POWER.sub(r"^{\g<power>}", text.strip())
        return rf"\mathrm{{{_PERCENT.sub(_SIGN, _DOT.sub(_CDOT, powers))}}}"
    units: list[list[str]] = []
    prefix, sign, power = "", "", ""
    for found in _PART.finditer(text):
        name = found["name"] or ""
        if name == "per":
            sign = "-"
        elif name in _BEFORE:
            power = _BEFORE[name]
        elif name in _BEHIND and units:
            units[-1][1] = units[-1][1].replace("1", "") + _BEHIND[name]
        elif name == "tothe" and units:
            units[-1][1] = units[-1][1].replace("1", "") + (found["given"] or "")
        elif name in _PREFIXES:
            prefix = _PREFIXES[name]
        else:
            own = _UNITS.get(name) or _SHORT.get(name) or name or found["typed"]
            units.append([prefix + own, sign + power if power else sign and "-1"])
            prefix, sign, power = "", "", ""
    return r"\,".join(rf"\mathrm{{{unit}}}" + (f"^{{{power}}}" if power else "") for unit, power in units)
