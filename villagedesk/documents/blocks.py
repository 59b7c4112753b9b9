"""The blocks a paper is made of, as frozen values: the same shapes hold the template and the filled paper.

A text may hold named ``{fields}`` until :mod:`villagedesk.documents.compose` fills them. Widths are in millimetres
and are stretched together to the type area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Title:
    """The title, centred; a newline is where to break when one line does not hold it."""

    text: str


@dataclass(frozen=True, slots=True)
class Second:
    """A title's line in a second language, drawn by the font of ``role``; made by the program, not by templates."""

    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Subtitle:
    """A line under the title: number, village and year of a form."""

    text: str
    align: Align = "center"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 一、in Hei, level 2 （一）in Kai, deeper ones in Fang (GB/T 9704 §7.3.3)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, two characters in; ``indent = false`` for the addressee's line."""

    text: str
    indent: bool = True
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: how to read or fill in what stands above."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its field key, what stands above it, its width in mm, how its cells stand.

    ``person``: its cells are people's names, which a masked printing hides in part. ``source``: the field of the
    dictionary that fills it, in a paper that no code fills.
    """

    key: str
    heading: str
    width: float
    align: Align = "center"
    person: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class ListTable:
    """A table of rows: head on every page, rows never torn, total and end mark on the last page.

    ``total``: cells of the closing row; a cell "<" joins the one before it. ``end_mark``: 以下空白.
    ``second``: the headings in a second language, drawn by the font of ``second_role``; made by the program.
    ``spare``: at least so many rows, for handwriting. ``empty``: what the single row says when there is none.
    """

    table: str
    columns: tuple[Column, ...] = ()
    rows: Rows = ()
    total: tuple[str, ...] = ()
    end_mark: bool = False
    spare: int = 0
    empty: str = ""
    row_height: float = 0.0
    keep: bool = False
    second: tuple[str, ...] = ()
    second_role: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Labels and values in a ruled grid. ``rows`` alternate label and value; the last cell takes what is left.

    A cell "<" joins the one before it. ``keep``: all rows on one page. ``table``: widths and rows are those of a table
    of the sheet, for forms whose questions come from data.
    """

    widths: tuple[float, ...] = ()
    rows: Rows = ()
    row_height: float = 7.4
    keep: bool = False
    table: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """One ruled row a signer: who, what the mark confirms, and places for signature, handprint and date.

    ``table`` has the columns role and statement. Each place is a named cell: ``sign.1``, ``hand.1``, ``date.1``.
    """

    table: str
    statement: str
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class SignLine:
    """Places to sign at the foot of a form: pairs of label and name; cells ``<name>.sign``, ``<name>.date``."""

    items: Rows
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Issuer:
    """The signature block of an official paper (GB/T 9704 §7.3.5). ``seal``: issuer centred above the date."""

    text: str
    date: str
    seal: bool = True


@dataclass(frozen=True, slots=True)
class Ruled:
    """Empty lines to write on."""

    lines: int


@dataclass(frozen=True, slots=True)
class Key:
    """A key in large groups and as a code, for the recovery sheet."""

    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Spacer:
    """White space, in millimetres; none at the top of a page."""

    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart: one line a bar with its label, the bar, and its figure in words, so that no colour is needed.

    ``table`` has the columns label, word and share (thousandths of the longest bar).
    """

    table: str
    rows: Rows = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page."""


Block = (
    Title | Second | Subtitle | Heading | Paragraph | Note | ListTable | Form | Signatures | SignLine | Issuer | Ruled
    | Key | Spacer | PageBreak | Bars
)  # fmt: skip

KINDS: dict[str, type] = {
    "title": Title, "subtitle": Subtitle, "heading": Heading, "paragraph": Paragraph, "note": Note, "list": ListTable,
    "form": Form, "signatures": Signatures, "sign_line": SignLine, "issuer": Issuer, "ruled": Ruled, "key": Key,
    "spacer": Spacer, "page_break": PageBreak, "bars": Bars,
}  # fmt: skip
