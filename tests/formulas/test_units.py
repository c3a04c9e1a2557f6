r"""Numbers with units, `\SI{9.8}{m/s^2}`."""

from __future__ import annotations

import pytest

from publish.formulas.units import with_units


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (r"g=\SI{9.8}{m/s^2}", r"g={9.8\,\mathrm{m/s^{2}}}"),
        (r"\qty{1.2e-3}{\kilo\gram\metre\per\second\squared}",
         r"{1.2\times 10^{-3}\,\mathrm{kg}\,\mathrm{m}\,\mathrm{s}^{-2}}"),
        (r"\si{N.m} \unit{\per\cubic\metre}", r"{\mathrm{N{\cdot}m}} {\mathrm{m}^{-3}}"),
        (r"\SI{25}{\degree}", r"{25\mathrm{{}^\circ }}"),
        (r"\num{6.02e23}+\ang{30;5}", r"6.02\times 10^{23}+30^\circ 5' "),
        (r"\SI[per-mode=symbol]{5}{\%}", r"{5\,\mathrm{\%}}"),
        (r"\numrange{1}{5}, \SIrange{1}{2}{m}", r"{1\sim 5}, {1\sim 2\,\mathrm{m}}"),
        (r"\qty(\frac{a}{b}) \sin x \SI{3}", r"\qty(\frac{a}{b}) \sin x \SI{3}"),
    ],
)  # fmt: skip
def test_numbers_and_units_are_written_out(source, written):
    assert with_units(source, ()) == written


def test_what_a_book_defines_itself_is_its_own():
    assert with_units(r"\num{5}", {"num"}) == r"\num{5}"
