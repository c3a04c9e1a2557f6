"""Where a book's source stands on the web: the forms of the forges, and what is none."""

from __future__ import annotations

import pytest

from publish.source.settings.repository import read_repository


@pytest.mark.parametrize(
    ("address", "read", "edit"),
    [
        ("https://github.com/a/b/tree/main", "https://github.com/a/b/blob/main/", "https://github.com/a/b/edit/main/"),
        (
            "https://gitee.com/a/b/tree/dev/书/",
            "https://gitee.com/a/b/blob/dev/书/",
            "https://gitee.com/a/b/edit/dev/书/",
        ),
        (
            "https://git.x.org/a/b/-/tree/v1/t",
            "https://git.x.org/a/b/-/blob/v1/t/",
            "https://git.x.org/a/b/-/edit/v1/t/",
        ),
        (
            "https://codeberg.org/a/b/src/branch/main",
            "https://codeberg.org/a/b/src/branch/main/",
            "https://codeberg.org/a/b/_edit/main/",
        ),
    ],
)
def test_a_file_is_found_in_the_repository_by_the_address_of_its_folder(address, read, edit):
    assert read_repository(address).of("01 a.md") == (f"{read}01%20a.md", f"{edit}01%20a.md")


@pytest.mark.parametrize(
    "address", ["https://github.com/a/b", "github.com/a/b/tree/main", "https://x/tree/main?plain=1"]
)
def test_what_names_no_branch_or_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match="with its branch"):
        read_repository(address)
