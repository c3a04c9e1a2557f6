"""Why a build made what it made: the parts of its steps, and the files that came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish.build.artifact import Artifact
from publish.build.record import RECORD
from publish.trail import NEW, Reason

if TYPE_CHECKING:
    from publish.edition.publication import Publication
    from publish.render import Rendering
    from publish.source.manuscript import Manuscript

FILES = "files"
SAME = "its bytes are the same"
_OTHER = "a setting, the style or the theme changed"
_MOST = 3  # causes in a sentence


def gathered(
    manuscript: Manuscript,
    publications: Mapping[str, Publication],
    renderings: Mapping[tuple[str, str], Rendering],
    before: Mapping[str, Any],
    artifacts: Sequence[Artifact],
) -> list[Reason]:
    """Why each part of a step was made or not, in the order of the steps, and then each file.

    `before` is the manifest of what stood there, `artifacts` what stands there now.
    """
    steps = [*manuscript.reasons]
    steps += [reason for one in publications.values() for reason in one.reasons]
    steps += [reason for one in renderings.values() for reason in one.reasons]
    return [*steps, *_files(steps, {*renderings, *((key, RECORD) for key in publications)}, before, artifacts)]


def _files(
    steps: Sequence[Reason], targets: set[tuple[str, str]], before: Mapping[str, Any], artifacts: Sequence[Artifact]
) -> Iterator[Reason]:
    known = {row["path"]: row["sha256"] for row in before.get("artifacts", ())}
    causes = {target: _causes(steps, *target) for target in targets}
    own = {(one.step, one.part): one.why for one in steps if one.made}
    for one in artifacts:
        target = one.edition, one.format
        if target in targets:
            made = known.get(one.path) != one.sha256
            page = own.get((f"{one.edition} convert", Path(one.path).stem), "")
            why = (NEW if one.path not in known else page or causes[target] or _OTHER) if made else SAME
            yield Reason(FILES, one.path, made, why)


def _causes(steps: Sequence[Reason], edition: str, format_name: str) -> str:
    """What was made anew for an edition in a format, and why: of the first step that has any."""
    for step in (f"{edition} convert", f"{edition} {format_name}", "read"):
        made = [f"{one.part}: {one.why}" for one in steps if one.step == step and one.made]
        if made:
            more = f"; and {len(made) - _MOST} others" if len(made) > _MOST else ""
            return "; ".join(made[:_MOST]) + more
    return ""


__all__ = ["FILES", "gathered"]
