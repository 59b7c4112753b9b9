"""Mistakes that people and Excel make in rosters, planted on purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Mistake = Literal[
    "check_digit",
    "scientific",
    "zeros",
    "quoted",
    "full_width",
    "duplicate",
    "relation",
    "no_head",
    "no_name",
    "phone",
    "education",
]
Make = Callable[[str], str]

_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@dataclass(frozen=True, slots=True)
class PlantedMistake:
    """Where a mistake stands: row of the file counted from 1, heading of the column, and what stands there now."""

    mistake: Mistake
    row: int
    heading: str
    value: str


def plant(rows: list[list[str]], mistakes: Sequence[Mistake], first: int) -> tuple[PlantedMistake, ...]:
    """Spoil cells of ``rows`` (the headings first, on row ``first``): each mistake in the first row of a household.

    Raises ValueError when there are fewer households than mistakes.
    """
    headings = rows[0]
    household = headings.index("户编号")
    heads = [at for at in range(1, len(rows)) if rows[at][household] != rows[at - 1][household]]
    if len(heads) < len(mistakes):
        raise ValueError("too few households for so many mistakes")
    step = len(heads) // max(len(mistakes), 1)
    return tuple(_spoil(rows, heads[n * step], mistake, first) for n, mistake in enumerate(mistakes))


def _spoil(rows: list[list[str]], at: int, mistake: Mistake, first: int) -> PlantedMistake:
    headings, make = _MADE[mistake]
    column = next(rows[0].index(heading) for heading in headings if heading in rows[0])
    if mistake == "duplicate":
        other = at + 1 if at + 1 < len(rows) else at - 1
        rows[at][column] = rows[other][column]
    else:
        rows[at][column] = make(rows[at][column])
    return PlantedMistake(mistake, at + first, rows[0][column], rows[at][column])


def _wrong_check_digit(number: str) -> str:
    return number[:17] + ("1" if number[17] == "0" else "0") + number[18:]


def _scientific(number: str) -> str:
    return f"{float(number[:17] + '0'):.5E}".replace("E+0", "E+")


_ID = ("证件号码",)
_MADE: dict[Mistake, tuple[tuple[str, ...], Make]] = {
    "check_digit": (_ID, _wrong_check_digit),
    "scientific": (_ID, _scientific),  # Excel made a number of it and showed it shortened
    "zeros": (_ID, lambda number: number[:15] + "000"),  # Excel made a number of it and text again
    "quoted": (_ID, lambda number: f'="{number}"'),  # how people keep Excel from doing so: readable
    "full_width": (_ID, lambda number: number.translate(_FULL_WIDTH)),  # readable
    "duplicate": (_ID, str),
    "relation": (("与户主关系",), lambda _: "远房表亲的邻居"),
    "no_head": (("与户主关系",), lambda _: "其他"),
    "no_name": (("姓名",), lambda _: ""),
    "phone": (("联系电话", "户联系电话"), lambda number: number[:-1]),
    "education": (("文化程度",), lambda _: "函授"),
}
