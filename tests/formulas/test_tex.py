import pytest

from publish.formulas import tex


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (r"\text{鸡} + x", ["鸡"]),
        ("速度=路程", ["速度", "路程"]),
        (r"\text{若 } x > 0，\text{“甲”}", ["若", "“甲”"]),
        (r"\alpha + \text{if }", []),
        ("a，b", []),
    ],
)
def test_words_are_runs_with_han(source, words):
    assert [source[start:stop] for start, stop in tex.words(source)] == words


def test_words_change_and_commands_stay():
    assert tex.with_words(r"n_\text{鸡}+\alpha", lambda _: "雞") == r"n_\text{雞}+\alpha"


@pytest.mark.parametrize(
    ("source", "shown", "number"),
    [
        (r"a=b \tag{3.1}", "a=b", "(3.1)"),
        (r"a=b \tag*{甲}", "a=b", "甲"),
        (r"a \le b \tag 4", r"a \le b", "(4)"),
        (r"\begin{align}a&=b \tag{1}\end{align}", r"\begin{align}a&=b\end{align}", "(1)"),
        (r"a \tag{1} \\ b \tag{2}", r"a \qquad\text{(1)} \\ b \qquad\text{(2)}", ""),
        (r"a \tag", r"a \tag", ""),
        (r"a \tag{b", r"a \tag{b", ""),
    ],
)
def test_one_tag_stands_beside_a_formula_and_several_in_their_rows(source, shown, number):
    assert tex.tagged(source) == (shown, number)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (r"\newcommand{\R}{\mathbb{R}}", "R"),
        (r"\newcommand\R[2][n]{\mathbb{R}^{#1}_{#2}}", "R"),
        (r"\renewcommand{\vec}[1]{\mathbf{#1}}", "vec"),
        (r"\def\abs#1{\lvert #1 \rvert}", "abs"),
        (r"\DeclareMathOperator*{\rank}{rank}", "rank"),
        (r"\let\eps=\varepsilon", "eps"),
    ],
)
def test_a_definition_is_found_whole(source, name):
    assert tex.definitions(f"x {source} y").sources == {name: source}


def test_a_definition_that_does_not_end_is_none():
    assert not tex.definitions(r"\newcommand{\R}{\mathbb{R}").sources


def test_a_formula_has_the_macros_that_it_needs_and_no_other():
    macros = tex.definitions(r"\def\a{\b}\def\b{x}\def\c{y}")
    assert macros.closed(r"1+\a") == r"\def\a{\b}\def\b{x}1+\a"
    assert macros.closed(r"\alpha") == r"\alpha"
    assert macros.closed(r"\def\c{z}\c") == r"\def\c{z}\c"


def test_a_macro_that_calls_itself_ends():
    assert tex.definitions(r"\def\a{\a}").closed(r"\a") == r"\def\a{\a}\a"


def test_a_macro_of_the_settings_has_as_many_arguments_as_it_calls():
    assert tex.macro("R", r"\mathbb{R}") == r"\def\R{\mathbb{R}}"
    assert tex.macro("ratio", "#2/#1") == r"\def\ratio#1#2{#2/#1}"


def test_circled_numbers_are_characters():
    assert tex.Macros().closed(r"\textcircled{12}\to\textcircled{a}") == r"\text{⑫}\to\textcircled{a}"


def test_a_skeleton_is_the_same_in_every_edition():
    assert tex.skeleton("\\text{鸡}  = \\text{兔子} \\tag{1}\\label{eq:a}") == tex.skeleton(r"\text{雞}=\text{兔子}")
    assert tex.skeleton(r"\text{鸡}+1") != tex.skeleton(r"\text{鸡}+2")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (r"a &= b \\ c &= d", r"\begin{aligned}a &= b \\ c &= d\end{aligned}"),
        (r"{a\choose b}\\ c", r"\begin{aligned}{a\choose b}\\ c\end{aligned}"),
        (r"\mathbb{E}\[x\)^{\*}", r"\mathbb{E}[x)^{*}"),
        (r"\begin{aligned}a\\[2pt]b\end{aligned}", None),
        (r"\begin{pmatrix}\begin{matrix}a&b\end{matrix}\\c\end{pmatrix}", None),
        (r"\matrix{a & b \\ c & d}", None),
        (r"\left\{ a \\ b \right\}", None),
        (r"\text{A \& B} \& c", None),
        (r"a \\", None),
        (r"a = b \notag", "a = b "),
        (r"\require{cancel}\cancel{x}", r"\cancel{x}"),
        (r"\text{p_goal} = x_1", r"\text{p\_goal} = x_1"),
        (r"\text{a $x_1$}_2 + \text{p\_x}", None),
    ],
)
def test_rows_without_an_environment_have_one_and_escapes_of_markdown_are_marks(given, wanted):
    assert tex.settled(given, display=True) == (wanted or given)


def test_a_formula_in_a_line_has_no_rows():
    assert tex.settled(r"a &= b", display=False) == r"a &= b"


def test_a_formula_that_only_asks_for_a_package_shows_nothing():
    assert tex.only_defines(r"\require{mhchem} \def\a{b}")
    assert not tex.only_defines(r"\require{cancel}\cancel{x}")
    assert not tex.only_defines("")
