"""What is written without spaces says the same."""

from __future__ import annotations

from publish.render.html.lean import lean_css, lean_script


def test_a_style_sheet_loses_spaces_and_keeps_strings():
    css = "a > b,\n  p :is(i, b) {\n  color: red;\n  content: \"、 ; \" ' } ';\n}\n"
    css += "@media (min-width: 48em) { p { margin: 0 1em; } }"
    assert lean_css(css) == (
        "a > b,p :is(i,b){color:red;content:\"、 ; \" ' } '}@media (min-width:48em){p{margin:0 1em}}"
    )


def test_a_script_loses_the_indents_of_its_lines():
    assert lean_script("() => {\n  one();\n\n    two('  ');\n}") == "() => {\none();\ntwo('  ');\n}"
