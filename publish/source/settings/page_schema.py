"""The schema of what book.yaml says of the printed page: its faces of type, its measures, its cover, its notes."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from publish.source.settings.values import StrictModel, Text, Texts


def _sides(value: Any) -> Any:
    """`sides: 2` is `sides: two`."""
    return {1: "one", 2: "two"}.get(value, value) if isinstance(value, int) else value


def _standard(value: Any) -> Any:
    """People write PDF/X-4, pdf-x4, X-4 and PDF/X-1a:2003."""
    match = re.fullmatch(r"(?:pdf[/ -]?)?x-?(4|1a)(?::200[13])?", str(value).strip(), re.IGNORECASE)
    return f"PDF/X-{match[1].lower()}" if match else value


def _accessibility(value: Any) -> Any:
    """People write PDF/UA-2, pdf-ua2, ua-2."""
    match = re.fullmatch(r"(?:pdf[/ -]?)?ua-?([12])", str(value).strip(), re.IGNORECASE)
    return f"PDF/UA-{match[1]}" if match else value


def _punctuation(value: Any) -> Any:
    """People write the names that typesetters have: 全角式, 开明, 半形."""
    match = re.fullmatch(r"(全角|全形|开明|開明|半角|半形)[式制]?", str(value).strip())
    ways = {"全": "full", "开": "kaiming", "開": "kaiming", "半": "half"}
    return ways[match[1][0]] if match else value


def _percent(value: Any) -> Any:
    """`ink-limit: 300%` is 300."""
    match = re.fullmatch(r"(\d+)\s*[%％]?", value.strip()) if isinstance(value, str) else None
    return int(match[1]) if match else value


class FontsModel(StrictModel):
    """Font families by role, preferred first."""

    body: Annotated[Texts | None, Field(description="The faces of running text, preferred first")] = None
    heading: Annotated[Texts | None, Field(description="The faces of headings")] = None
    quote: Annotated[Texts | None, Field(description="The faces of quotations and verse")] = None
    mono: Annotated[Texts | None, Field(description="The faces of code")] = None
    latin: Annotated[Texts | None, Field(description="The faces of Western words and numbers")] = None
    latin_size: Annotated[
        int,
        BeforeValidator(_percent, json_schema_input_type=int | str),
        Field(ge=80, le=125, description="In print: how large Western words and numbers are beside Han, in percent"),
    ] = 100


class WrapModel(StrictModel):
    """A cover on one sheet, for print: back, spine, front, and flaps that are folded in; its texts are plain.

    The spine is as thick as the leaves of the book, half as many as its pages, each as thick as `paper`.
    """

    paper: Annotated[Text | None, Field(description="How thick a leaf is, as the printer says: 0.1mm")] = None
    spine: Annotated[
        Text | None, Field(description="How thick the book is, where the printer has said so: 14mm; else by paper")
    ] = None
    flaps: Annotated[Text | None, Field(description="How wide the flaps are: 80mm; none where nothing is said")] = None
    back: Annotated[Text | None, Field(description="The text on the back; else the book's description")] = None
    front_flap: Annotated[Text | None, Field(description="The text on the flap beside the front")] = None
    back_flap: Annotated[Text | None, Field(description="The text on the flap beside the back")] = None
    price: Annotated[Text | None, Field(description="What stands below the barcode: 定价：48.00 元")] = None
    colour: Annotated[
        str | None,
        Field(
            pattern=r"^#[0-9A-Fa-f]{6}$",
            description="The colour of back, spine and flaps, as #24405a; else the drawn cover's, or white",
        ),
    ] = None


class PageModel(StrictModel):
    """The printed page, with `for: press` one for a printing press, with `for: screen` one that is read on a screen.

    Lengths have a unit: 20mm, 2cm, 0.8in, 57pt. Margins that are not written are the theme's; crop marks alone, and a
    press, mean a bleed of 3mm.
    """

    size: Annotated[
        Text,
        Field(
            description="A name, or width and height: 140mm 203mm",
            examples=[
                "A5",
                "A4",
                "16开",
                "大16开",
                "32开",
                "大32开",
                "64开",
                "25開",
                "菊版",
                "US Trade",
                "140mm 203mm",
            ],
        ),
    ] = "A5"
    medium: Annotated[
        Literal["print", "press", "screen"],
        Field(
            alias="for",
            description="press: text in black alone, colours in its four inks, PDF/X; screen: one side, coloured links",
        ),
    ] = "print"
    sides: Annotated[
        Annotated[Literal["one", "two"], BeforeValidator(_sides, json_schema_input_type=Literal["one", "two", 1, 2])]
        | None,
        Field(description="Whether sheets are printed on one side or on two"),
    ] = None
    bleed: Annotated[Text | None, Field(description="How far the printed area goes beyond the edge: 3mm")] = None
    marks: Annotated[Literal["crop", "none"], Field(description="Whether crop marks are printed")] = "none"
    margin: Annotated[Text | None, Field(description="All four margins: 20mm")] = None
    margin_top: Annotated[Text | None, Field(description="The margin above the text")] = None
    margin_bottom: Annotated[Text | None, Field(description="The margin below the text")] = None
    margin_inner: Annotated[Text | None, Field(description="The margin at the spine")] = None
    margin_outer: Annotated[Text | None, Field(description="The margin at the outer edge")] = None
    hanging_punctuation: Annotated[bool, Field(description="Whether marks may hang at the end of a line")] = False
    punctuation: Annotated[
        Literal["full", "kaiming", "half"],
        BeforeValidator(_punctuation, json_schema_input_type=str),
        Field(
            description="How wide marks are within a line: full (全角); kaiming (开明), half but for what ends a "
            "sentence; half (半角)"
        ),
    ] = "full"
    chapter_start: Annotated[
        Literal["any", "right"] | None,
        Field(
            description="Where chapters begin: on the next page, or on the next right page, which may leave a left one "
            "blank; where nothing is said, the theme and the length of the chapters decide"
        ),
    ] = None
    cover: Annotated[
        WrapModel | None, Field(description="A cover with its spine as a PDF of its own, beside the book's")
    ] = None
    profile: Annotated[
        Text | None,
        Field(description="For a press: the file of its ICC profile (CMYK), below the book's folder; ask the printer"),
    ] = None
    condition: Annotated[
        Text | None,
        Field(description="For a press: the printing condition's name in ICC's registry", examples=["FOGRA39"]),
    ] = None
    accessibility: Annotated[
        Literal["PDF/UA-1", "PDF/UA-2"],
        BeforeValidator(_accessibility, json_schema_input_type=str),
        Field(description="PDF/UA-1 with PDF/A-2a, which most programs know; PDF/UA-2 with PDF/A-4, a PDF 2.0"),
    ] = "PDF/UA-1"
    standard: Annotated[
        Literal["PDF/X-4", "PDF/X-1a"],
        BeforeValidator(_standard, json_schema_input_type=str),
        Field(description="For a press: the standard that the printer asks for; PDF/X-1a has no transparency"),
    ] = "PDF/X-4"
    inks: Annotated[
        Literal["cmyk", "black"],
        Field(description="For a press: all four inks, or black alone, pictures too"),
    ] = "cmyk"
    ink_limit: Annotated[
        int | None,
        BeforeValidator(_percent, json_schema_input_type=int | str),
        Field(description="For a press: the most of all inks together, in percent; 300 where nothing is said"),
    ] = None
    text_size: Annotated[
        Text | None,
        Field(description="The size of the text: a length, or a Chinese name", examples=["10.5pt", "五号", "小四"]),
    ] = None
    line_length: Annotated[
        int | None,
        Field(ge=8, le=80, description="How many characters a line has; the margins at its sides follow"),
    ] = None


class NotesModel(StrictModel):
    """Where a book's notes stand in print, and how they are numbered; on screens they are where they are called."""

    numbered: Annotated[
        Literal["page", "chapter", "book"],
        Field(description="Where notes begin with 1: on each page (①, in print), in each chapter, once"),
    ] = "chapter"
    place: Annotated[
        Literal["page", "margin", "chapter", "book"],
        Field(
            description=(
                "Where notes stand: at the foot of the page, in the margin beside their call (on wide screens too), "
                "behind their chapter, behind the book"
            )
        ),
    ] = "page"


def placed(value: Any) -> Any:
    """`notes: page` is short for what they are numbered by, `notes: margin` for where they stand."""
    if value == "margin":
        return {"place": value}
    return {"numbered": value} if isinstance(value, str) else value
