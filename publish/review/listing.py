"""The review as a list: for a terminal, for reading in Markdown, for programs in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rich.markup import escape
from rich.text import Text

from publish.convert import Decision
from publish.language import tell
from publish.review.doubts import REASONS
from publish.review.questions import EditionReview, Occurrence, Question

_DOTS = 4  # how many dots show a doubt
_SHOWN = 4  # a terminal shows all of this many like places, of more only the first


def summary(reviews: Iterable[EditionReview]) -> list[dict[str, Any]]:
    """For each edition: its places of doubt, those decided, its Han, and the open places per thousand of them."""
    return [
        {
            "edition": one.edition.key,
            "open": len(one.open),
            "decided": len(one.occurrences) - len(one.open),
            "han": one.han,
            "per-thousand": round(1000 * len(one.open) / one.han, 2) if one.han else 0.0,
            "errors-per-10000": errors_expected(one),
        }
        for one in reviews
    ]


def summary_line(row: dict[str, Any]) -> str:
    """One edition's figures as a sentence."""
    places = f"{row['open']} place{'' if row['open'] == 1 else 's'} to decide"
    done = f", {row['decided']} decided" if row["decided"] else ""
    shown = f"{row['edition']}: {places}{done}; {row['per-thousand']} per 1,000 of {row['han']:,} Han"
    least, mean, most = row["errors-per-10000"]
    if not most:
        return tell(shown)
    return tell(f"{shown}; about {mean} wrong forms expected per 10,000 ({least} to {most}; CY/T 266 allows {ALLOWED})")


ALLOWED = 1  # errors in 10,000 characters that a publication may have (CY/T 266-2023)
_ENOUGH = 1_000  # Han characters; no estimate for fewer
_SPREAD = 0.4  # the error of the estimate in the registers that it was measured on


def errors_expected(one: EditionReview) -> tuple[float, float, float]:
    """How many forms in 10,000 Han are probably wrong: lower bound (for 19 books in 20), mean, upper bound."""
    if one.han < _ENOUGH:
        return 0.0, 0.0, 0.0
    mean, variance = one.expected
    margin = 2 * (variance + (_SPREAD * mean / 2) ** 2) ** 0.5
    per = 10_000 / one.han
    return round(max(mean - margin, 0.0) * per, 1), round(mean * per, 1), round((mean + margin) * per, 1)


def as_text(shown: Sequence[Question], editions: int) -> list[Text]:
    """The questions for a terminal, some lines each."""
    lines: list[Text] = []
    for number, one in enumerate(shown, 1):
        count = len(one.occurrences)
        places = one.occurrences if count <= _SHOWN else one.occurrences[: _SHOWN - 1]
        lines += [*_heading(number, one, editions), *(line for place in places for line in _place(place))]
        if len(places) < count:
            lines.append(Text(tell(f"     … and {count - len(places)} places more like these"), style="dim"))
        lines.append(Text())
    return lines


def _heading(number: int, one: Question, editions: int) -> list[Text]:
    count = len(one.occurrences)
    dots = round(one.doubt * _DOTS)
    forms = " / ".join(
        f"[bold]{escape(form)}[/bold]" if not at else escape(form) for at, form in enumerate(one.options)
    )
    where = f"[dim]{one.edition}[/dim]  " if editions > 1 else ""
    times = tell(f"  [dim]{count} places[/dim]") if count > 1 else ""
    before, after = (text if len(text) == 1 else "" for text in one.like or ("", ""))
    near = tell(f" after {before}" if before else f" before {after}" if after else "")
    term = f"[bold cyan]{escape(one.term)}[/bold cyan][dim]{escape(near)}[/dim]"
    head = f"[dim]{number:>3}[/dim]  {where}{term} → {forms}{times}"
    marks = f"  [yellow]{'●' * dots}[/yellow][dim]{'○' * (_DOTS - dots)}[/dim]"
    return [Text.from_markup(head + marks), Text(f"     {reason_words(one.occurrences[0])}", style="dim")]


def _place(one: Occurrence) -> list[Text]:
    done = tell(f"  decided: {one.now}") if one.decision else ""
    lines = [Text(f"     {one.place}{done}", style="green" if one.decision else "dim")]
    lines += [
        Text("       ").append(sentence.before).append(sentence.term, "bold reverse").append(sentence.after)
        for sentence in (one.source, one.target)
    ]
    return lines


def reason_words(one: Occurrence) -> str:
    """Why a place is doubtful, in words and the user's language: the reason, the evidence, what each opinion said."""
    doubt = one.doubt
    forms = dict(doubt.said)
    said = "; ".join(f"{who}: {form}" for who, form in doubt.said)
    if forms.keys() == {"opencc", "neighbours"}:
        alike = forms["opencc"] == forms["neighbours"]
        said = "" if alike else f"OpenCC writes {forms['opencc']}, the words around it ask for {forms['neighbours']}"
    return tell(". ").join(tell(part) for part in (REASONS[doubt.reason], weighed(doubt.why), said) if part)


_WEIGHT = re.compile(r"(.+) ([+-])\d+\.\d", re.DOTALL)


def weighed(why: str) -> str:
    """Evidence with its weights (手腕 +1.2; 蒙 -0.7) in words for people; any other as it is."""
    found = [_WEIGHT.fullmatch(part) for part in why.split("; ")]
    sides = {sign: "、".join(one[1].replace("~", "") for one in found if one and one[2] == sign) for sign in "+-"}
    if not all(found):
        return why
    if not sides["+"] or not sides["-"]:
        return f"for it: {sides['+']}" if sides["+"] else f"against it: {sides['-']}"
    return f"for it: {sides['+']}; against it: {sides['-']}"


def as_markdown(title: str, reviews: Sequence[EditionReview], shown: Sequence[Question]) -> str:
    """The questions as a Markdown page, to be read and annotated; a line to paste into decisions.yaml with each."""
    out = [f"# Review: {_plain(title)}", ""]
    out += [f"- {summary_line(row)}" for row in summary(reviews)]
    for one in shown:
        forms = " / ".join(_plain(form) for form in one.options)
        out += [
            "",
            f"## {_plain(one.term)} → {forms} ({one.edition})",
            "",
            f"{_plain(reason_words(one.occurrences[0]))}",
        ]
        for place in one.occurrences:
            out += ["", f"- `{place.place}`" + (f", decided: {_plain(place.now)}" if place.decision else "")]
            for sentence in (place.source, place.target):
                out.append(f"  - {_plain(sentence.before)}**{_plain(sentence.term)}**{_plain(sentence.after)}")
            if not place.decision:
                other = place.options[1] if len(place.options) > 1 else place.options[0]
                out.append(f"  - `{row_text(place.decided(other))}`")
    return "\n".join(out) + "\n"


def row_text(decision: Decision) -> str:
    """A decision as a line of decisions.yaml."""
    from publish.review.ledger import row  # noqa: PLC0415  # which reads and writes files

    return row(decision)


_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def as_json(reviews: Sequence[EditionReview], shown: Sequence[Question]) -> dict[str, Any]:
    """The whole list, for programs."""
    return {"editions": summary(reviews), "questions": [question_dict(one) for one in shown]}


def question_dict(one: Question) -> dict[str, Any]:
    """A question with its places."""
    return {
        "id": one.id,
        "edition": one.edition,
        "term": one.term,
        "options": list(one.options),
        "reason": one.reason,
        "doubt": round(one.doubt, 3),
        "like": None if one.like is None else {"before": one.like[0], "after": one.like[1]},
        "places": [occurrence_dict(place) for place in one.occurrences],
    }


def occurrence_dict(one: Occurrence) -> dict[str, Any]:
    """A place with its sentences; `before` and `after` are the context that a decision on it has."""
    return {
        "id": one.id,
        "file": one.file,
        "line": one.line,
        "chapter": one.chapter,
        "anchor": one.anchor,
        "term": one.doubt.term,
        "chosen": one.doubt.chosen,
        "now": one.now,
        "options": list(one.options),
        "reason": one.doubt.reason,
        "words": REASONS[one.doubt.reason],
        "why": weighed(one.doubt.why),
        "said": [list(pair) for pair in one.doubt.said],
        "doubt": round(one.doubt.doubt, 3),
        "source": [one.source.before, one.source.term, one.source.after],
        "target": [one.target.before, one.target.term, one.target.after],
        "before": one.context[0],
        "after": one.context[1],
        "decided": None if one.decision is None else _decision_dict(one.decision),
    }


def _decision_dict(one: Decision) -> dict[str, Any]:
    keep = {"keep": True} if one.keep else {"as": one.form}
    return {"before": one.before, "after": one.after, **keep, "note": one.note, "line": one.line}
