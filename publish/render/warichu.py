"""割注 on screens, where no line is set in two: notes within the line stand in brackets, in smaller type."""

from __future__ import annotations

from publish.edition.markup import xhtml

CLASS = "warichu"
_BRACKETS = "（）"
_OPENING = "（(〔［["


def bracket(tree: xhtml.Element) -> None:
    """Put each note within the line into brackets, unless its author has done so."""
    for note in tree.iter(f"{xhtml.H}span"):
        if CLASS not in str(note.get("class") or "").split():
            continue
        words = "".join(map(str, note.itertext())).strip()
        if words and words[0] not in _OPENING:
            note.text = _BRACKETS[0] + (note.text or "")
            if len(note):
                note[-1].tail = (note[-1].tail or "") + _BRACKETS[1]
            else:
                note.text += _BRACKETS[1]
