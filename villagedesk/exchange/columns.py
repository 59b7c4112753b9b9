"""Converts a roster column by column, a block of rows at a time: each distinct cell once, ID numbers by look-up.

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


@dataclass(frozen=True, slots=True)
class Bad:
    """Stands in a converted column where the cell could not be taken."""

    reason: Text
    cell: object


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
            value, self.bad = Bad(error.reason, cell), True
        self[cell] = value
        return value


class ReadColumn:
    """A column while it is read: cells go in block by block, ``values`` are what has come out."""

    def __init__(self, convert: Convert) -> None:
        self.values: list[object] = []
        self._met = _Met(convert)

    @property
    def bad(self) -> bool:
        """Whether any :class:`Bad` stands in it."""
        return self._met.bad

    def take(self, cells: Sequence[object]) -> None:
        """Convert the next cells."""
        self.values.extend(map(self._met.__getitem__, cells))


class NameColumn(ReadColumn):
    """A column of names, which nearly all differ and are mostly plain."""

    def take(self, cells: Sequence[object]) -> None:
        """Convert the next cells."""
        met = self._met
        self.values += [cell if cell.__class__ is str and cell.isalpha() else met[cell] for cell in cells]


class DigitsColumn(ReadColumn):
    """A column of serial or telephone numbers, which nearly all differ and are mostly plain digits."""

    def take(self, cells: Sequence[object]) -> None:
        """Convert the next cells."""
        met = self._met
        self.values += [
            cell if cell.__class__ is str and cell.isdecimal() and cell.isascii() else met[cell] for cell in cells
        ]


_UNIQUE: Mapping[str, type[ReadColumn]] = {"name": NameColumn, "serial": DigitsColumn, "phone": DigitsColumn}


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """What converting needs beside the cells: code lists, the year whose lists hold, and the user's own words."""

    codes: Codes
    year: int
    from_1904: bool
    mapping: ColumnMapping

    def open(self, field: Field, heading: str) -> ReadColumn:
        """A column of any type but ID numbers, nothing read yet."""
        convert = converter(field, self.codes, self.year, from_1904=self.from_1904)
        if words := self.mapping.words_for(heading):
            return ReadColumn(partial(worded, words=words, convert=convert))
        return _UNIQUE.get(field.kind, ReadColumn)(convert)


def text_column() -> ReadColumn:
    """An unknown column, read as text; what is too long is cut rather than refused."""
    return ReadColumn(_text_or_cut)


def _text_or_cut(cell: object) -> str:
    try:
        return text(cell)
    except Unfit:
        return str(cell)[:200]


class NumberColumn:
    """A column of ID numbers while it is read and, beside each number, birth date and sex of its holder.

    A number that ends in 000 may be real. But where Excel spoilt one number of a column it spoilt them all, and one in
    eleven passes the check digit by luck: then none that ends so is taken.
    """

    def __init__(self) -> None:
        self.values: list[object] = []
        self.births: list[date | None] = []
        self.sexes: list[str] = []
        self.bad = False
        self._spoilt = False
        self._read = NumberReader().read

    def take(self, cells: Sequence[object]) -> None:
        """Read the next cells."""
        values, births, sexes, read = self.values.append, self.births.append, self.sexes.append, self._read
        for cell in cells:
            number: object
            try:
                number, birth, sex = read(cell)
            except Unfit as error:
                number, birth, sex = self._refused(error, cell), None, ""
            values(number)
            births(birth)
            sexes(sex)

    def close(self, kinds: Sequence[object] | None) -> None:
        """Judge the column as a whole. ``kinds``: the converted kinds of document, where the roster has them."""
        if self._spoilt:
            _distrust(self.values)
        if self.bad and kinds is not None:
            _take_other_documents(self.values, kinds)

    def _refused(self, error: Unfit, cell: object) -> Bad:
        self.bad = True
        self._spoilt = self._spoilt or isinstance(error, Ruined)
        return Bad(error.reason, cell)


def _distrust(values: list[object]) -> None:
    for place, value in enumerate(values):
        if isinstance(value, str) and loses_digits(value):
            values[place] = Bad(RUINED, value)


def _take_other_documents(values: list[object], kinds: Sequence[object]) -> None:
    """Other documents than ID card and disability certificate have numbers of their own kind."""
    for place, value in enumerate(values):
        if not isinstance(value, Bad):
            continue
        cell, other = value.cell, isinstance(kinds[place], str) and kinds[place] not in {"", "01", "09"}
        if other and isinstance(cell, str) and len(cell) <= 40:
            values[place] = plain_number(cell)


def first_filled(first: Sequence[object], second: Sequence[object]) -> list[object]:
    """Column ``first`` where it is filled, else ``second``."""
    return [a or b for a, b in zip(first, second, strict=True)]
