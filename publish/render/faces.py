"""Which installed face an edition may carry with it: web pages and EPUBs ask alike."""

from __future__ import annotations

from publish import fonts
from publish.edition.publication import Publication
from publish.regions import REGIONS


def face_of(publication: Publication, role: str, weight: str, family: str = "") -> fonts.Face | None:
    """The first of the edition's faces for a role that is installed and may be copied; of one family where named."""
    region = publication.edition.region
    known = getattr(REGIONS[region.key].fonts, role)
    return next(
        (
            face
            for face in fonts.find([family] if family else getattr(region.fonts, role), weight)
            if fonts.may_be_embedded(face, chosen=face.family not in known)
        ),
        None,
    )
