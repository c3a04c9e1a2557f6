"""Directives of MyST as the divisions that theorems are."""

from __future__ import annotations

import pytest

from publish.source.features.myst import named, statement


@pytest.mark.parametrize(
    ("directive", "label", "attributes"),
    [
        ("prf:theorem", "line", ".statement .theorem #thm:line"),
        ("prf:Theorem", "thm-line", ".statement .theorem #thm-line"),
        ("prf:assumption", "一", ".statement .hypothesis #hyp:一"),
        ("prf:proof", "p", ".statement .proof"),
        ("exercise", "", ".statement .exercise"),
        ("solution", "", ".statement .solution"),
        ("theorem", "x", ""),
        ("prf:figure", "x", ""),
        ("note", "x", ""),
    ],
)
def test_a_directive_that_states_something_is_a_division(directive, label, attributes):
    assert statement(directive, label) == attributes
    assert named(directive, label) == (attributes.partition("#")[2] if "#" in attributes else "")
