"""Where the book's source stands on the web, for links to a chapter's text and to where it can be corrected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

# How forges address a folder, a file that is read and one that is edited: GitLab; Forgejo and Gitea; GitHub and Gitee.
_FORMS = (
    ("/-/tree/", "/-/blob/", "/-/edit/"),
    ("/src/branch/", "/src/branch/", "/_edit/"),
    ("/tree/", "/blob/", "/edit/"),
)
_PLAIN = re.compile(r"https?://[^\s?#]+$")


@dataclass(frozen=True)
class Repository:
    """The addresses below which the book's files are read and edited; both end with a slash."""

    read: str
    edit: str

    def of(self, path: str) -> tuple[str, str]:
        """Where a file of the book, by its path below the book's folder, is read and where it is edited."""
        return self.read + quote(path), self.edit + quote(path)


def read_repository(address: str) -> Repository:
    """The repository of a book by the address of its folder there, with the branch, as the browser shows it.

    Raises `ValueError` for what is none.
    """
    form = next((form for form in _FORMS if form[0] in address), None)
    if form is None or not _PLAIN.match(address):
        raise ValueError(
            "this must be the address of the book's folder with its branch, as https://github.com/NAME/BOOK/tree/main"
        )
    folder, read, edit = form
    home, _, path = address.partition(folder)
    return Repository(f"{home}{read}{path.rstrip('/')}/", f"{home}{edit}{path.rstrip('/')}/")
