"""Conversion of a block's text from one region's writing to another's: OpenCC, quotation marks, glossary."""

from __future__ import annotations

from publish.convert.choice import REASONS, Choice, Reason
from publish.convert.converter import Converter
from publish.convert.decisions import Decision, Decisions, read_decisions_data
from publish.convert.glossary import Glossary, Term, read_glossary_data
from publish.convert.lines import convert_lines
from publish.convert.registers import REGISTERS
from publish.convert.runs import Issue, Run, distribute
from publish.convert.style import PLAIN, Style

__all__ = [
    "PLAIN",
    "REASONS",
    "REGISTERS",
    "Choice",
    "Converter",
    "Decision",
    "Decisions",
    "Glossary",
    "Issue",
    "Reason",
    "Run",
    "Style",
    "Term",
    "convert_lines",
    "distribute",
    "read_decisions_data",
    "read_glossary_data",
]
