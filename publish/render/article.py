"""An article: one piece that begins under its own title, with nothing before it, on pages and on the web alike."""

from __future__ import annotations

from markupsafe import Markup

from publish.edition.publication import Publication, PublishedChapter


def is_article(publication: Publication, format_name: str) -> bool:
    """Whether it is one piece that begins under its own title: as it says, or one chapter of the book's name.

    What has a cover of its own is a book.
    """
    if publication.form:
        return publication.form == "article"
    first, *more = publication.chapters
    covered = publication.page.wrap or publication.metadata_for(format_name).cover_image in publication.assets
    return not more and not covered and not first.part and first.title == publication.metadata.title


def below_title(text: str, chapter: PublishedChapter) -> tuple[Markup, Markup]:
    """A chapter's text up to the end of its title, and the rest; nothing and all where it does not begin with one."""
    title, end, rest = text.partition("</h1>")
    if not end or chapter.id.startswith("start-"):
        return Markup(""), Markup(text)  # noqa: S704  # ours
    return Markup(title + end), Markup(rest)  # noqa: S704  # ours


def is_headed(publication: Publication) -> bool:
    """Whether an article's title stands above its first chapter, and does not head it already."""
    return publication.chapters[0].title != publication.metadata.title
