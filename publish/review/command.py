"""What `publish review` prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console

from publish.convert.lexicon import lexicon
from publish.review import listing
from publish.review.doubts import Forms
from publish.review.questions import EditionReview, Filter, Question, questions, review_edition
from publish.source.manuscript import Manuscript, read_manuscript
from publish.source.project import Project, read_project
from publish.source.settings.editions import EditionSettings

Form = Literal["text", "markdown", "json"]


@dataclass(frozen=True)
class Review:
    """A book as its editor reviews it."""

    project: Project
    manuscript: Manuscript
    editions: tuple[EditionReview, ...]


def read_review(source: Path, editions: Sequence[str] = ()) -> Review:
    """Read a book and find the doubts of its editions (those named, or all that it converts to)."""
    project = read_project(source)
    manuscript = read_manuscript(project)
    chosen = [project.edition(key) for key in editions] or [one for one in project.editions if converts(one)]
    forms = words()
    return Review(project, manuscript, tuple(review_edition(project, manuscript, one, forms) for one in chosen))


def converts(edition: EditionSettings) -> bool:
    """Whether anything of an edition's text can differ from the source."""
    return bool(edition.configurations) or edition.quotes == "region"


def words() -> Forms | None:
    """The lexicon that shows where a glossary term is part of another word."""
    return lexicon().forms


def shown_questions(review: Review, wanted: Filter, limit: int | None = None) -> list[Question]:
    """The questions of all editions that pass `wanted`, the most doubtful first."""
    wanted.check(review.manuscript)
    return questions(one for edition in review.editions for one in edition.occurrences if wanted.wants(one))[:limit]


def print_list(source: Path, editions: Sequence[str], wanted: Filter, limit: int | None, form: Form) -> None:
    """Print the questions of a book to standard output."""
    review = read_review(source, editions)
    asked = shown_questions(review, wanted, limit)
    title = review.manuscript.metadata.title
    if form == "json":
        print(json.dumps({"title": title, **listing.as_json(review.editions, asked)}, ensure_ascii=False, indent=1))
    elif form == "markdown":
        print(listing.as_markdown(title, review.editions, asked), end="")
    else:
        console = Console(highlight=False, soft_wrap=True)
        for line in listing.as_text(asked, len(review.editions)):
            console.print(line)
        for row in listing.summary(review.editions):
            console.print(f"{title}: {listing.summary_line(row)}", markup=False)


def print_difference(
    source: Path, build: Path, editions: Sequence[str], filters: Filter, limit: int | None, form: Form
) -> None:
    """Print what differs from an earlier build to standard output."""
    from publish.review import difference  # noqa: PLC0415  # needed here only

    found = difference.wanted(difference.compare(source, build, editions), filters, limit)
    if form == "json":
        print(difference.as_json(found))
    elif form == "markdown":
        print(difference.as_markdown(found), end="")
    else:
        console = Console(highlight=False, soft_wrap=True)
        for line in difference.as_text(found):
            console.print(line)
