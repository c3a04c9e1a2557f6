"""The metadata of an edition: the book's, converted, under what the edition and its formats say themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

from publish.edition.context import Context, converter_for
from publish.edition.images import fault, remote_image
from publish.edition.kept import remembered
from publish.edition.text import convert_string
from publish.edition.units import Unit
from publish.findings import Finding
from publish.source.pictures.assets import AssetError
from publish.source.pictures.locked import is_remote
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings
from publish.source.settings.given import merge_metadata
from publish.source.settings.metadata import Identifier, Metadata
from publish.source.settings.page import Page


def convert_metadata(context: Context) -> tuple[Metadata, list[Unit]]:
    """The book's metadata converted, and its texts as units."""
    units: list[Unit] = []

    def convert(text: str) -> str:
        output, made = convert_string(context, text, None, 0, "metadata")
        units.extend(made)
        return output

    return context.manuscript.metadata.converted(convert), units


def convert_page(context: Context) -> tuple[Page, list[Unit]]:
    """The edition's page; the texts on its cover are converted where they are the book's and not its own."""
    book, page = context.project.page, context.edition.page or context.project.page
    units: list[Unit] = []

    def convert(text: str) -> str:
        output, made = convert_string(context, text, None, 0, "metadata")
        units.extend(made)
        return output

    if page.wrap:
        page = replace(page, wrap=page.wrap.converted(convert, book.wrap))
    return page, units


def describe(context: Context, converted: Metadata) -> tuple[Metadata, dict[str, Metadata], list[Finding]]:
    """The edition's metadata, from the book's converted, and that of each format with metadata of its own."""
    metadata = merge_metadata(converted, context.edition.overrides)
    metadata, findings = _with_cover(context, metadata)
    if "identifier" not in context.edition.overrides:
        metadata = replace(metadata, identifiers=_identifiers(context, metadata))
    formats: dict[str, Metadata] = {}
    for name, values in context.edition.format_overrides.items():
        own = merge_metadata(metadata, values)
        if own.cover_image != metadata.cover_image:
            own, found = _with_cover(context, own)
            findings += found
        formats[name] = own
    return metadata, formats, findings


def in_other_script(context: Context) -> tuple[str, Metadata]:
    """The book's metadata in Hant for a Hans edition and vice versa, as an edition has it, if there is one."""
    project, edition = context.project, context.edition
    others = (one for one in project.editions if one.region.script != edition.region.script)
    other = next(others, None) or project.edition("zh-TW" if edition.region.script == "Hans" else "zh-CN")
    there = replace(context, edition=other, converter=converter_for(project, other))
    with remembered(there, "the metadata, for another edition") as own:
        converted = context.manuscript.metadata.converted(own.converter.convert)
    return other.region.tag, merge_metadata(converted, other.overrides)


def words_elsewhere(project: Project, edition: EditionSettings) -> Iterator[tuple[str, str]]:
    """The glossary's words in other editions, each with this edition's own."""
    for term in project.glossary.terms:
        own = term.form(edition.key, edition.region.key) or term.text
        yield from ((form, own) for form in (term.text, *term.forms.values()) if form != own)


def _identifiers(context: Context, metadata: Metadata) -> tuple[Identifier, ...]:
    """The identifiers of an edition without its own: the book's in the source's edition, else a stable UUID.

    It is made from the book's own identifier, or its slug, title and authors (RFC 9562 §5.5).
    """
    if metadata.identifiers and context.edition.key == context.project.source.key:
        return metadata.identifiers
    book = context.manuscript.metadata
    name = (
        metadata.identifiers[0].text
        if metadata.identifiers
        else "\n".join([context.project.slug, book.title, *book.authors()])
    )
    return (Identifier(f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{name}#{context.edition.key}')}"),)


def _with_cover(context: Context, metadata: Metadata) -> tuple[Metadata, list[Finding]]:
    """The metadata with its cover image named by its address in the formats; no cover where it cannot be found."""
    image = context.project.locked.local(metadata.cover_image)
    if not image:
        return metadata, []
    place = context.project.place("cover-image")
    if is_remote(image):
        return replace(metadata, cover_image=""), [remote_image(place, "cover image", image)]
    try:
        asset = context.assets.add(image, context.project.root)
    except AssetError as error:
        return replace(metadata, cover_image=""), [fault(context, error, place)]
    return replace(metadata, cover_image=asset.href), []
