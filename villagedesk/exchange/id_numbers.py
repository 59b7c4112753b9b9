"""ID numbers by the column: 18-digit resident numbers and disability certificates, checked by table look-up.

A roster brings tens of thousands at once, so the weighted sum of GB 11643-1999 is looked up in three parts (area,
birth, sequence with check digit), which also gives birth date and sex.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from villagedesk.exchange.unfit import Unfit
from villagedesk.text import say
from villagedesk.values import halfwidth

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_VALUES = {**{str(digit): digit for digit in range(10)}, "X": 10}
_SCIENTIFIC = re.compile(r"[-+]?\d+(\.\d+)?[eE][-+]?\d+")

RUINED = say(
    "Excel turned this ID number into a number and lost its last digits. Format the column as text, then enter the "
    "number again from the paper or from the first export"
)
LENGTH = say("an ID number has 18 digits, a disability certificate 20 or 22")
CHECK = say("the check digit of this ID number is wrong; compare it with the card")
BIRTH = say("the birth date inside this ID number does not exist; compare it with the card")
GRADE = say("digits 19 and 20 of a disability certificate give its class (1–7) and grade (1–4)")


@dataclass(frozen=True, slots=True)
class Holder:
    """What a number says of its holder. ``sex`` is a code: 1 male, 2 female."""

    birth: date
    sex: str


class Ruined(Unfit):
    """The number has lost its last digits."""


class _Areas(dict[str, int]):
    def __missing__(self, digits: str) -> int:
        total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
        self[digits] = total
        return total


class _Births(dict[str, tuple[int, date | None]]):
    def __missing__(self, digits: str) -> tuple[int, date | None]:
        total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS[6:], strict=False))
        try:
            birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            birth = None
        self[digits] = (total, birth)
        return self[digits]


class _Tails(dict[str, tuple[int, str]]):
    def __missing__(self, digits: str) -> tuple[int, str]:
        total = sum(_VALUES[digit] * weight for digit, weight in zip(digits, _WEIGHTS[14:], strict=True))
        self[digits] = (total, "1" if int(digits[2]) % 2 else "2")
        return self[digits]


class NumberReader:
    """Reads the ID numbers of one roster; the look-up tables fill as it goes."""

    def __init__(self) -> None:
        self._areas = _Areas()
        self._births = _Births()
        self._tails = _Tails()

    def holder(self, number: str) -> Holder:
        """What an 18-digit number says. Raises Unfit when check digit or birth date are wrong."""
        total, birth = self._births[number[6:14]]
        rest, sex = self._tails[number[14:18]]
        if (self._areas[number[:6]] + total + rest) % 11 != 1:
            raise Unfit(CHECK)
        if birth is None or birth.year < 1900:
            raise Unfit(BIRTH)
        return Holder(birth, sex)

    def read(self, cell: object) -> tuple[str, Holder | None]:
        """The number of a cell as it is stored, with its holder; ("", None) for an empty cell.

        Raises Ruined when Excel took digits, Unfit when the number cannot be one.
        """
        if not isinstance(cell, str):
            raise Ruined(RUINED)
        number = plain_number(cell)
        if not number:
            return "", None
        if _SCIENTIFIC.fullmatch(number):
            raise Ruined(RUINED)
        if len(number) not in {18, 20, 22} or not _is_number(number):
            raise Unfit(LENGTH)
        return number, self._certain(number)

    def _certain(self, number: str) -> Holder:
        try:
            holder = self.holder(number)
        except Unfit as error:
            if loses_digits(number):
                raise Ruined(RUINED) from error
            raise
        if len(number) > 18 and not ("1" <= number[18] <= "7" and "1" <= number[19] <= "4"):
            raise Unfit(GRADE)
        return holder


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


def _is_number(number: str) -> bool:
    return (
        number.isascii()
        and number[:17].isdigit()
        and (number[17].isdigit() or number[17] == "X")
        and (len(number) == 18 or number[18:].isdigit())
    )
