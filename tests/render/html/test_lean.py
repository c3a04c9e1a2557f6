"""What is written without spaces says the same."""

from __future__ import annotations

import pytest

from publish.render.html.lean import lean_css, lean_script, used_css


def test_a_style_sheet_loses_spaces_and_keeps_strings():
    css = "a > b,\n  p :is(i, b) {\n  color: red;\n  content: \"、 ; \" ' } ';\n}\n"
    css += "@media (min-width: 48em) { p { margin: 0 1em; } }"
    assert lean_css(css) == (
        "a > b,p :is(i,b){color:red;content:\"、 ; \" ' } '}@media (min-width:48em){p{margin:0 1em}}"
    )


def test_a_style_sheet_loses_comments_but_for_licences():
    assert lean_css("/* why */ p { color: red; }\n/*! whose */ i {}") == "p{color:red}/*! whose */ i{}"


def test_a_script_loses_spaces_and_comments_and_keeps_strings_and_patterns():
    script = """
      const one = (a, b) => {
        // why
        if (!/^[a-z' ]{2,} =$/.test(a)) return `${ b } = ${one(" = ")}`;
        return a / b; // how
      };
      two('  ', "//", /[ '] = /u);
    """
    assert lean_script(script) == (
        'const one=(a,b)=>{\nif(!/^[a-z\' ]{2,} =$/.test(a))return `${ b } = ${one(" = ")}`;return a / b;};'
        "two('  ',\"//\",/[ '] = /u);\n"
    )


def test_the_end_of_a_line_that_may_end_a_statement_stays():
    assert lean_script("let a = one\n  let b = two()\n  b = () => {\n  }\n  c()") == (
        "let a=one\nlet b=two()\nb=()=>{}\nc()\n"
    )


NAMES = frozenset(("p", "note", "i"))


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        ("p{a:b}td{a:b}", "p{a:b}"),
        ("p > .note,td,p + i{a:b}", "p>.note,p+i{a:b}"),
        (".index p{a:b}p.note:hover::before{a:b}", "p.note:hover::before{a:b}"),
        ("p:not(.index){a:b}p:is(td,i) i{a:b}", "p:not(.index){a:b}p:is(td,i) i{a:b}"),
        ('[data-x="td"] p{a:b}*{a:b}:root{a:b}#td{a:b}', '[data-x="td"] p{a:b}*{a:b}:root{a:b}#td{a:b}'),
        ("@media print{td{a:b}}@media print{td{a:b}p{a:b}}", "@media print{p{a:b}}"),
        (
            "@font-face{a:b}@keyframes x{from{a:b}50%{a:b}to{a:b}}",
            "@font-face{a:b}@keyframes x{from{a:b}50%{a:b}to{a:b}}",
        ),
        ("@page{size:A4;@bottom-center{a:b}}", "@page{size:A4;@bottom-center{a:b}}"),
    ],
)
def test_rules_for_what_a_book_does_not_have_are_left_out(sheet, left):
    assert used_css(sheet, NAMES) == left
