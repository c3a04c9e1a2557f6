import asyncio
import os
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from publish.formulas import engine, store
from publish.formulas.engine import Wish, typeset
from tests.tiny import ROOT


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("PUBLISH_CACHE", str(tmp_path / "cache"))


def set_one(tex, *, display=True, width=engine.WIDE):
    wish = Wish(tex, display, width)
    return typeset([wish])[wish]


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}{b}+\sqrt[3]{x}+\sum_{i=1}^n i",
        r"\begin{aligned}a&=b\\c&=d\end{aligned}",
        r"f(x)=\begin{cases}1&x>0\\0&\text{否则}\end{cases}",
        r"\begin{bmatrix}a&b\\c&d\end{bmatrix}\left(\begin{array}{c|c}a&b\\\hline c&d\end{array}\right)",
        r"\ce{2H2 + O2 <=> 2H2O}\ce{^{227}_{90}Th+}",
        r"\overbrace{a+\cdots+a}^{n}\xrightarrow[b]{a}\underbrace{b}_{m}\widehat{abc}",
        r"\boxed{x}\cancel{y}\color{red}{z}\enclose{circle}{2}",
        r"\bm{x}\mathbb{R}\mathcal{L}\mathfrak{g}\mathscr{F}\mathbbm{1}\boldsymbol\alpha",
        r"x\in\R\to\infin\Alpha\rarr\tg x\llbracket a\rrbracket\bold{x}",
        r"\begin{prooftree}\AxiomC{A}\UnaryInfC{B}\end{prooftree}",
        r"\begin{CD}A @>a>> B\\ @VVbV @VVcV\\ C @>d>> D\end{CD}",
    ],
)
def test_what_books_use_is_set(tex):
    setting = set_one(tex)
    assert not setting.error
    [piece] = setting.pieces
    assert piece.width > 1
    assert piece.height + piece.depth > 0.5
    assert "NaN" not in piece.body
    assert "<path" in piece.body


def test_a_drawing_lies_within_its_box():
    [piece] = set_one(r"\left\{\begin{matrix}a\\b\\c\\d\\e\\f\\g\end{matrix}\right\}\overbrace{a+b+c+d+e+f+g}^n").pieces
    numbers = [
        int(number) for number in re.findall(r"(?<=[ MLC])-?\d+", " ".join(re.findall(r' d="([^"]*)"', piece.body)))
    ]
    across, down = numbers[::2], numbers[1::2]
    assert min(across) >= -60
    assert max(across) <= piece.width * 1000 + 60
    assert -piece.height * 1000 - 60 <= min(down)
    assert max(down) <= piece.depth * 1000 + 60


def test_han_are_text_as_wide_as_they_are():
    [piece] = set_one(r"\text{软件，①}").pieces
    assert piece.width == pytest.approx(4, abs=0.01)
    assert ">软件，①</text>" in piece.body


def test_an_error_is_told_and_nothing_is_drawn():
    setting = set_one(r"\foo{x}")
    assert r"\foo" in setting.error
    assert not setting.pieces


def test_an_endless_macro_is_an_error_and_the_next_formula_is_set():
    assert set_one(r"\def\a{\a\a}\a").error
    assert not set_one("x+y").error


def test_what_one_formula_defines_another_does_not_know():
    first, second = Wish(r"\def\mine{x}\mine", False), Wish(r"\mine", False)
    settings = typeset([first, second])
    assert not settings[first].error
    assert settings[second].error


def test_a_long_formula_in_a_line_is_in_pieces_and_ends_them_with_a_sign():
    short, long = set_one("a=b", display=False), set_one("f(x)=aaaa+bbbb+cccc=dddd", display=False)
    assert len(short.pieces) == 1
    assert len(long.pieces) == 5
    assert long.spaces == pytest.approx((5 / 18, 4 / 18, 4 / 18, 5 / 18))
    whole = set_one("f(x)=aaaa+bbbb+cccc=dddd").width
    assert long.width == pytest.approx(whole, abs=0.03)


def test_a_sign_before_a_term_does_not_end_a_line():
    assert len(set_one("aaaaa=-bbbbb", display=False).pieces) == 2


def test_the_bar_of_a_condition_parts_nothing():
    assert len(set_one(r"P(aaaa\mid bbbb)P(cccc\mid dddd)P(eeee\mid ffff)", display=False).pieces) == 1


@pytest.mark.parametrize(
    ("tex", "count"),
    [
        (r"\ce{2Ag+ + CO3^2- \xlongequal{} Ag2CO3 v}", 3),  # behind the plus, behind the sign with room for words
        (r"\ce{CH4 + Cl2 ->[光] CH3Cl + HCl}", 4),
        (r"\ce{CH3CH2CH=CHCH2CH3}", 1),  # a bond is no sign
        (r"\ce{Cl2、HClO、H2O、OH-}", 4),
        ("aaaa，bbbb；cccc", 3),
        (r"aaaa\quad bbbb\qquad cccc", 3),
        ("f(a、b、c、d、e、f)", 1),
        ("a、b", 1),
        ("{aaaa+bbbb}{cccc+dddd}", 1),  # an author's braces hold together
    ],
)
def test_a_reaction_a_list_and_what_stands_apart_may_be_parted_by_the_line(tex, count):
    setting = set_one(tex, display=False)
    assert len(setting.pieces) == count
    assert setting.width == pytest.approx(set_one(tex).width, abs=0.4)


def test_a_mark_of_chinese_ends_a_line_and_begins_none():
    first, second = set_one("aaaa、bbbb", display=False).pieces
    assert first.width > second.width + 0.9


def test_a_wide_formula_is_broken_between_terms_and_not_within_parentheses():
    terms = [f"m_{number} (T_{number} - T)" for number in range(1, 9)]
    three = set_one(" + ".join(terms[:3])).width
    [made] = typeset([Wish(" + ".join(terms), display=True, width=24.0)]).values()
    assert made.width == pytest.approx(three + 1, abs=0.2), "three terms and a sign are the longest line"


def test_a_wide_formula_is_broken_to_the_measure():
    tex = r"p(a,b,c,d)=p(a)\,p(b\mid a)\,p(c\mid a,b)\,p(d\mid a,b,c)=\prod_{t=1}^{T}p(x_t)+\sum_i x_i"
    assert set_one(tex).width > 20
    [piece] = set_one(tex, width=20).pieces
    assert piece.width <= 20
    assert piece.height + piece.depth > 3


def test_a_formula_is_set_once(monkeypatch):
    first = set_one("x+y+z")
    monkeypatch.setattr(engine._Engine, "set", lambda *_: pytest.fail("it was set before"))
    assert set_one("x+y+z") == first


def test_a_damaged_store_is_begun_anew():
    path = store.file()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all, and long enough to be looked at" * 100)
    assert not set_one("x").error
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM formulas").fetchone() == (1,)


def test_without_a_place_to_keep_them_formulas_are_set_all_the_same(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PUBLISH_CACHE", str(tmp_path / "file" / "below"))
    assert not set_one("x").error


def test_two_at_once_agree():
    wishes = [Wish(f"x_{{{number}}}", False) for number in range(80)]
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(typeset, [wishes, list(reversed(wishes))])
    assert first == second


def test_without_formulas_the_engine_is_not_imported():
    code = (
        "import sys; import publish.pipeline, publish.render.pdf.renderer, publish.build.preload; "
        "assert 'py_mini_racer' not in sys.modules, sys.modules.keys()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_formulas_are_set_where_an_event_loop_runs_as_in_a_notebook():
    async def in_a_notebook():
        return set_one("x^2")

    assert asyncio.run(in_a_notebook()).pieces
