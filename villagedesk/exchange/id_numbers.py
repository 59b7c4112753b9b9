"""ID numbers by the column: 18-digit resident numbers and disability certificates, checked by table look-up.

A roster brings tens of thousands at once, so the weighted sum of GB 11643-1999 is looked up in parts (area, year, day,
sequence) that few distinct values share.
"""

from __future__ import annotations

import re
from datetime import date

from villagedesk.exchange.unfit import Unfit
from villagedesk.text import say
from villagedesk.values import halfwidth

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_VALUES = {**{str(digit): digit for digit in range(10)}, "X": 10}
_SHAPE = re.compile(r"\d{17}[\dX](?:\d\d|\d{4})?", re.ASCII)
_SCIENTIFIC = re.compile(r"[-+]?\d+(\.\d+)?[eE][-+]?\d+")

RUINED = say(
    "Excel took this number for a quantity and lost its last digits. Format the column as text, then enter the "
    "number again from the paper or from the first export"
)
LENGTH = say("an ID number has 18 digits, a disability certificate 20 or 22")
CHECK = say("the check digit of this ID number is wrong; compare it with the card")
BIRTH = say("the birth date inside this ID number does not exist; compare it with the card")
GRADE = say("digits 19 and 20 of a disability certificate give its class (1–7) and grade (1–4)")


class Ruined(Unfit):
    """The number has lost its last digits."""


class _Sums(dict[str, int]):
    """The weighted sum of the digits from one place on, looked up once it was worked out."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._weights = _WEIGHTS[place:]

    def __missing__(self, digits: str) -> int:
        total = sum(int(digit) * weight for digit, weight in zip(digits, self._weights, strict=False))
        self[digits] = total
        return total


class NumberReader:
    """Reads the ID numbers of one roster; its look-up tables fill as it goes."""

    def __init__(self) -> None:
        self._areas, self._years, self._days, self._sequences = _Sums(0), _Sums(6), _Sums(10), _Sums(14)

    def birth(self, number: str) -> date:
        """The birth date in a number of 17 digits and a check digit. Raises Unfit when either is wrong."""
        total = (
            self._areas[number[:6]]
            + self._years[number[6:10]]
            + self._days[number[10:14]]
            + self._sequences[number[14:17]]
            + _VALUES[number[17]]
        )
        if total % 11 != 1:
            raise Unfit(CHECK)
        try:
            birth = date.fromisoformat(number[6:14])
        except ValueError as error:
            raise Unfit(BIRTH) from error
        if birth.year < 1900:
            raise Unfit(BIRTH)
        return birth

    def read(self, cell: object) -> tuple[str, date | None, str]:
        """The number of a cell as it is stored, with birth date and sex (code); ("", None, "") for an empty cell.

        Raises Ruined when Excel took digits, Unfit when the number cannot be one.
        """
        if not isinstance(cell, str):
            raise Ruined(RUINED)
        number = cell
        if not (len(cell) == 18 and cell.isascii() and cell[:17].isdecimal() and cell[17] in _VALUES):
            number = plain_number(cell)
            if not number:
                return "", None, ""
            _require_shape(number)
        birth = self._certain(number)
        return number, birth, "1" if number[16] in "13579" else "2"

    def _certain(self, number: str) -> date:
        try:
            birth = self.birth(number)
        except Unfit as error:
            if loses_digits(number):
                raise Ruined(RUINED) from error
            raise
        if len(number) > 18 and not ("1" <= number[18] <= "7" and "1" <= number[19] <= "4"):
            raise Unfit(GRADE)
        return birth


def _require_shape(number: str) -> None:
    if _SCIENTIFIC.fullmatch(number):
        raise Ruined(RUINED)
    if not _SHAPE.fullmatch(number):
        raise Unfit(LENGTH)


def plain_number(cell: str) -> str:
    """The number without the wrappings that keep Excel from touching it: ``="…"``, apostrophe, blanks."""
    text = halfwidth(cell)
    if text.startswith("="):
        text = text[1:].strip()
    return "".join(text.strip("\"'‘’“”`\u200b\ufeff").split()).upper()


def loses_digits(number: str) -> bool:
    """Whether the number ends as Excel's fifteen digits leave it."""
    return len(number) == 18 and number.endswith("000")


def is_provisional(number: str) -> bool:
    """Whether it is the number of a person without papers (DOMAIN §4.6)."""
    return number.startswith("999999")
