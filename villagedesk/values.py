"""Plain values of the domain: money in fen, land in hundredths of a mu, ID numbers, dates, ids.

No float ever holds money or land; what a person typed becomes an integer here or is refused.
"""

from __future__ import annotations

import gc
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NewType, TypeVar

T = TypeVar("T")

Fen = NewType("Fen", int)
"""Money in fen (1/100 yuan)."""

MuCenti = NewType("MuCenti", int)
"""Land in hundredths of a mu (亩)."""

Clock = Callable[[], datetime]
"""Gives the time now, aware, in UTC; a parameter wherever time is read, so that tests own it."""

NewId = Callable[[], str]
"""Gives a fresh record id."""

Step = Callable[[int, int], None]
"""Told (done, total) by long work; raises :class:`villagedesk.errors.Cancelled` to stop it."""


_YOUNG, _NEVER = 5_000, 1_000_000_000  # values after which the garbage collector looks at the young ones; at all

_NUMBER = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,2}0*)?")


def each_told(things: Sequence[T], step: Step) -> Iterator[T]:
    """The things one after the other; ``step`` is told before each how many lie behind."""
    for done, thing in enumerate(things):
        step(done, len(things))
        yield thing


def no_step(done: int, total: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Hundreds of thousands of fresh values make the garbage collector walk them again and again for nothing.

    It looks at what is young alone, and at much of it at once. It does not rest altogether: what it had to look at
    in the end would hold every thread up for half a second.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_YOUNG, usual[1], _NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def system_clock() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """32 hex digits, sortable by creation time (UUID version 7)."""
    from uuid_utils import uuid7  # where ids are made, not where the window starts

    return uuid7().hex


def halfwidth(text: str) -> str:
    """The text with full-width letters, digits and blanks made plain (NFKC) and outer blanks removed."""
    return unicodedata.normalize("NFKC", text).strip()


LARGEST = (1 << 53) - 1
"""The largest number a record holds: what a table of another program still shows to the last digit."""


def hundredths(text: str) -> int:
    """A decimal number as typed, in hundredths: ``"1,234.5"`` → 123450. Accepts full-width digits and a 元/亩 unit.

    Raises ValueError when it is not a number, has more than two decimals, or is larger than a record holds.
    """
    plain = halfwidth(text).replace(",", "").removesuffix("元").removesuffix("亩")
    if not _NUMBER.fullmatch(plain) or abs(found := int(Decimal(plain) * 100)) > LARGEST:
        raise ValueError(text)
    return found


def yuan(fen: int) -> str:
    """Money for people: 123450 → ``"1234.50"``."""
    sign, magnitude = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{magnitude // 100}.{magnitude % 100:02d}"


def per_head(total: int, persons: int) -> int:
    """``total`` fen divided by ``persons``, rounded half up to the fen. For display only: compare with cross-products.

    Raises ZeroDivisionError for a household without members.
    """
    rounded = (2 * abs(total) + persons) // (2 * persons)
    return -rounded if total < 0 else rounded


@dataclass(frozen=True)
class IdNumber:
    """What an 18-digit resident ID number says of its holder (GB 11643-1999)."""

    number: str
    birth: date
    male: bool

    @property
    def county(self) -> str:
        """The county of first registration, six digits (GB/T 2260)."""
        return self.number[:6]


def read_id_number(text: str) -> IdNumber:
    """Read an ID number as typed; full-width digits and a small x are accepted.

    Raises ValueError when length, birth date or check digit are wrong. The county is not looked up: numbers of
    abolished counties stay valid for life.
    """
    from stdnum.cn import ric  # brings pydoc and ssl along: not when the window starts

    number = halfwidth(text).upper()
    if len(number) != 18 or not number[:17].isdigit():
        raise ValueError("length")
    if ric.calc_check_digit(number) != number[17]:
        raise ValueError("check digit")
    birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return IdNumber(number, birth, int(number[16]) % 2 == 1)


_NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九十")}


@lru_cache(maxsize=4096)
def group_order(name: str) -> tuple[int, str]:
    """Sorts village groups as people count them: 二组 before 十组 before 十一组, whatever stands behind the number."""
    digits = "".join(char for char in name if char.isdigit() and char.isascii())
    if digits:
        return int(digits), name
    numerals = [_NUMERALS[char] for char in name if char in _NUMERALS]
    if not numerals:
        return 10**6, name
    tens, _, ones = "".join(char for char in name if char in _NUMERALS).partition("十")
    if "十" not in name:
        return numerals[0], name
    return (_NUMERALS[tens[-1]] if tens else 1) * 10 + (_NUMERALS[ones[0]] if ones else 0), name


def mask_id(number: str) -> str:
    """An ID number for messages and screens: all but the last four digits hidden."""
    return "*" * max(len(number) - 4, 0) + number[-4:] if len(number) > 4 else "*" * len(number)


def age_on(birth: date, day: date) -> int:
    """Completed years of age on ``day``."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


_CHILD = 14


def is_child(birth: date | None, day: date) -> bool:
    """Whether everything about a person is sensitive: under 14 (PIPL art. 28, DOMAIN §8.4). An unknown age is not."""
    return birth is not None and age_on(birth, day) < _CHILD


def shown_name(name: str, birth: date | None, day: date) -> str:
    """A name as lists show it: of a child, whom nobody has asked to see, the surname only, 张小华 → 张**."""
    return name[:1] + "*" * (len(name) - 1) if is_child(birth, day) else name


def within(village: str, area: str) -> bool:
    """Whether a village's code is an area's: the village itself, or one of a township (nine digits and ``000``)."""
    return village == area or (area.endswith("000") and village[:9] == area[:9])
