"""Converts a roster column by column: each distinct cell once, ID numbers by look-up.

Columns of a roster repeat a few words tens of thousands of times, so a value is converted when it is first met and
looked up afterwards; columns whose cells all differ (numbers, names) take a short way when the cell is plain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from villagedesk.exchange.cells import Codes, Convert, converter, text, worded
from villagedesk.exchange.fields import Field
from villagedesk.exchange.id_numbers import RUINED, NumberReader, Ruined, loses_digits, plain_number
from villagedesk.exchange.mapping import ColumnMapping
from villagedesk.exchange.unfit import Unfit
from villagedesk.text import Text

_UNIQUE = frozenset(("name", "serial", "phone"))


@dataclass(frozen=True, slots=True)
class Bad:
    """Stands in a converted column where the cell could not be taken."""

    reason: Text


@dataclass(frozen=True, slots=True)
class Converted:
    """A converted column. ``bad`` tells whether any :class:`Bad` stands in it."""

    values: list[object]
    bad: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """The converted column of ID numbers and, beside each number, birth date and sex of its holder."""

    column: Converted
    births: list[date | None]
    sexes: list[str]


class _Met(dict[object, object]):
    """Cell → value, filled as cells are met."""

    def __init__(self, convert: Convert) -> None:
        super().__init__()
        self._convert = convert
        self.bad = False

    def __missing__(self, cell: object) -> object:
        try:
            value = self._convert(cell)
        except Unfit as error:
            value, self.bad = Bad(error.reason), True
        self[cell] = value
        return value


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """What converting needs beside the cells: code lists, the year whose lists hold, and the user's own words."""

    codes: Codes
    year: int
    from_1904: bool
    mapping: ColumnMapping

    def read(self, field: Field, heading: str, cells: Sequence[object]) -> Converted:
        """Convert a column of any type but ID numbers."""
        convert = converter(field, self.codes, self.year, from_1904=self.from_1904)
        words = self.mapping.words_for(heading)
        if words:
            convert = partial(worded, words=words, convert=convert)
        met = _Met(convert)
        if field.kind in _UNIQUE and not words:
            return Converted(_plain_or(met, cells, ascii_only=field.kind != "name"), met.bad)
        return Converted(list(map(met.__getitem__, cells)), met.bad)


def _plain_or(met: Mapping[object, object], cells: Sequence[object], *, ascii_only: bool) -> list[object]:
    if ascii_only:
        return [
            cell if cell.__class__ is str and cell.isalnum() and cell.isdecimal() and cell.isascii() else met[cell]
            for cell in cells
        ]
    return [cell if cell.__class__ is str and cell.isalpha() else met[cell] for cell in cells]


def read_texts(cells: Sequence[object]) -> list[object]:
    """An unknown column as text; what is too long is cut rather than refused."""
    return list(map(_Met(_text_or_cut).__getitem__, cells))


def _text_or_cut(cell: object) -> str:
    try:
        return text(cell)
    except Unfit:
        return str(cell)[:200]


def read_numbers(cells: Sequence[object], kinds: Sequence[object] | None) -> Numbers:
    """Convert a column of ID numbers. ``kinds`` are the converted kinds of document, where the roster has them.

    A number that ends in 000 may be real. But where Excel spoilt one number of a column it spoilt them all, and one in
    eleven passes the check digit by luck: then none that ends so is taken.
    """
    read = NumberReader().read
    found: list[tuple[object, date | None, str]] = []
    spoilt = bad = False
    for cell in cells:
        try:
            found.append(read(cell))
        except Unfit as error:
            found.append((Bad(error.reason), None, ""))
            bad = True
            spoilt = spoilt or isinstance(error, Ruined)
    values, births, sexes = map(list, zip(*found, strict=True)) if found else ([], [], [])
    if spoilt:
        _distrust(values)
    if bad and kinds is not None:
        _take_other_documents(values, cells, kinds)
    return Numbers(Converted(values, bad), births, sexes)


def _distrust(values: list[object]) -> None:
    for place, value in enumerate(values):
        if isinstance(value, str) and loses_digits(value):
            values[place] = Bad(RUINED)


def _take_other_documents(values: list[object], cells: Sequence[object], kinds: Sequence[object]) -> None:
    """Other documents than ID card and disability certificate have numbers of their own kind."""
    for place, value in enumerate(values):
        cell = cells[place]
        other = isinstance(kinds[place], str) and kinds[place] not in {"", "01", "09"}
        if isinstance(value, Bad) and other and isinstance(cell, str) and len(cell) <= 40:
            values[place] = plain_number(cell)


def first_filled(first: Sequence[object], second: Sequence[object]) -> list[object]:
    """Column ``first`` where it is filled, else ``second``."""
    return [a or b for a, b in zip(first, second, strict=True)]
