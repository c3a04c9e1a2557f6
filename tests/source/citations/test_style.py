"""Citation styles: ours and others', and what is told of a file that is none."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.source.citations.style import read_style
from publish.source.settings.literature import AUTHOR_DATE, NUMERIC, STYLES

HEAD = '<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">\n'


def test_our_own_are_of_the_national_standard():
    styles = [read_style(STYLES / f"{name}.csl") for name in (NUMERIC, AUTHOR_DATE)]
    assert [(one.numeric, one.standard, one.notes, one.by_script) for one in styles] == [
        (True, True, False, False),
        (False, True, False, True),
    ]


def test_a_style_of_notes_is_known(folder):
    root = folder({"a.csl": f"{HEAD}<info/><citation><layout/></citation></style>"})
    style = read_style(root / "a.csl")
    assert (style.notes, style.numeric, style.standard) == (True, False, False)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<style>\n<info>\n</style>", "a.csl:3: this is not XML"),
        ("<html/>", "a.csl: this is no CSL style"),
        (
            f'{HEAD}<info><link rel="independent-parent" href="http://x.y/apa"/></info></style>',
            "a.csl: this CSL style only points to another: http://x.y/apa",
        ),
    ],
)
def test_a_file_that_is_no_style_is_told(folder, content, message):
    root = folder({"a.csl": content})
    with pytest.raises(PublishError) as error:
        read_style(root / "a.csl")
    assert str(error.value).startswith(message)
