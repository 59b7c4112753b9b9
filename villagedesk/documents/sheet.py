"""What a paper is made from: one filled-in sheet, and what comes out of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from villagedesk.documents.blocks import Rows


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every printed sheet says of itself, in small print and in its code: never a word about a person.

    ``document_id``: letters and digits, the id the scan reader finds the paper by. ``made_at``: aware.
    ``digest``: SHA-256 of the content in hex; "" lets the renderer take :func:`digest_of`.
    """

    document_id: str
    notice_no: str
    data_date: date
    made_at: datetime
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How one printing differs from its template; what the paper says stays the same.

    ``size``: another leaf than the template's. ``large``: big print (二号 rows). ``up``: so many small pages on one
    leaf, to be cut apart (2, or 4 on A3). ``by_group``: one list a village group. ``masked``: 张*华 instead of names,
    for a copy that is photographed or passed on. ``duplex``: every sheet of a volume begins on a front side.
    ``by_hand``: an empty copy to be filled in with ink; no field has to be filled, and rows are as high as handwriting.
    ``second``: the language (a phrase table) that stands beside the Chinese in titles and list heads.
    """

    size: Literal["", "A4", "A3"] = ""
    large: bool = False
    up: Literal[1, 2, 4] = 1
    by_group: bool = False
    masked: bool = False
    duplex: bool = False
    by_hand: bool = False
    second: str = ""


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of one paper: its kind, its fields and its table rows (cells in the order of the paper's columns)."""

    paper: str
    fields: Mapping[str, str]
    tables: Mapping[str, Rows]
    stamp: Stamp
    look: Look = PLAIN


@dataclass(frozen=True, slots=True)
class Cell:
    """A place to write in on a printed paper, in millimetres from the upper left corner; ``page`` counts from 1."""

    document_id: str
    name: str
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class RenderedPaper:
    """A finished PDF. ``digest``: SHA-256 of everything that stands on its pages, the same on every machine.

    ``texts``: the words of each page. ``starts``: the page (from 1) each sheet of a volume begins on.
    """

    pdf: bytes
    pages: int
    digest: str
    texts: tuple[str, ...]
    cells: tuple[Cell, ...] = ()
    starts: tuple[int, ...] = (1,)


def digest_of(sheet: Sheet, terms: Mapping[str, str]) -> str:
    """SHA-256 of what a sheet says: kind, fields, rows and the profile's words, without number and time."""
    content = [sheet.paper, dict(sheet.fields), {name: list(rows) for name, rows in sheet.tables.items()}, dict(terms)]
    line = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def check_letters(digest: str) -> str:
    """The eight letters that stand for a digest in the small print. No digits: the leak check looks for those."""
    return digest[:8].lower().translate(str.maketrans("0123456789", "ghijklmnop")).upper()
