"""ID numbers: the table look-up says what the standard says, and Excel's damage is known from a mistake."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from villagedesk.errors import VillageDeskError
from villagedesk.exchange.columns import Bad, NumberColumn
from villagedesk.exchange.id_numbers import BIRTH, CHECK, GRADE, LENGTH, RUINED, NumberReader, Ruined
from villagedesk.exchange.unfit import Unfit


def read_column(cells: list[str], kinds: list[str] | None = None) -> list[object]:
    column = NumberColumn()
    column.take(cells)
    column.close(kinds)
    return column.values


days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def made(birth: date, sequence: int, area: str = "000000") -> str:
    body = f"{area}{birth:%Y%m%d}{sequence:03d}"
    return body + ric.calc_check_digit(f"{body}0")


@given(days, st.integers(0, 999), st.integers(0, 999_999))
def test_look_up_says_what_the_standard_says(birth, sequence, area):
    number = made(birth, sequence, f"{area:06d}")
    assert NumberReader().read(number) == (number, birth, "1" if sequence % 2 else "2")


def test_the_numbers_of_these_tests_follow_the_standard():
    """The weights of the standard, written out."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    assert "10X98765432"[sum(int(a) * b for a, b in zip(NUMBER[:17], weights, strict=True)) % 11] == NUMBER[17]


@given(days, st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(birth, sequence, place, by):
    number = made(birth, sequence)
    digits = "0123456789X" if place == 17 else "0123456789"
    wrong = digits[(digits.index(number[place]) + by) % len(digits)]
    with pytest.raises(Unfit):
        NumberReader().read(number[:place] + wrong + number[place + 1 :])


@given(st.text(max_size=24))
def test_any_text_is_a_number_nothing_or_refused(text):
    try:
        number, birth, sex = NumberReader().read(text)
    except Unfit:
        return
    assert number == "" or (birth is not None and sex in "12")


NUMBER = made(date(1990, 3, 7), 1)
WITH_X = next(made(date(1990, 3, 7), n) for n in range(100) if made(date(1990, 3, 7), n).endswith("X"))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (f'="{NUMBER}"', NUMBER),
        (f"'{NUMBER}", NUMBER),
        (f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}\u200b", NUMBER),
        ("".join(chr(ord(c) + 0xFEE0) for c in NUMBER), NUMBER),
        (WITH_X.lower(), WITH_X),
        (WITH_X[:-1] + "Ｘ", WITH_X),
        (NUMBER + "43", NUMBER + "43"),
        (NUMBER + "4310", NUMBER + "4310"),
    ],
)
def test_the_ways_people_write_a_number(cell, number):
    assert NumberReader().read(cell)[0] == number


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (3.20106199003070e17, RUINED),
        (320106.0, RUINED),
        ("3.2E+17", RUINED),
        ("3.20106199003070e+17", RUINED),
        ("000000199003072000", RUINED),
        (NUMBER[:17], LENGTH),
        (NUMBER + "1", LENGTH),
        ("3" * 15, LENGTH),
        (NUMBER[:16] + ("1" if NUMBER[16] != "1" else "2") + NUMBER[17], CHECK),
        (NUMBER + "83", GRADE),
        (NUMBER + "45", GRADE),
    ],
)
def test_why_a_number_is_refused(cell, reason):
    with pytest.raises(Unfit) as caught:
        NumberReader().read(cell)
    assert caught.value.reason is reason
    assert isinstance(caught.value, Ruined) == (reason is RUINED)


@pytest.mark.parametrize("birth", ["19900231", "18991231"])
def test_a_birth_date_that_cannot_be_is_refused(birth):
    body = f"000000{birth}001"
    with pytest.raises(Unfit) as caught:
        NumberReader().read(body + ric.calc_check_digit(f"{body}0"))
    assert caught.value.reason is BIRTH


LUCKY = next(
    number
    for day in range(1, 28)
    for n in range(0, 1000, 100)
    if (number := made(date(1990, 1, day), n)).endswith("000")
)


def test_a_number_that_really_ends_in_000_is_taken():
    assert read_column([LUCKY, NUMBER]) == [LUCKY, NUMBER]


def test_beside_spoilt_numbers_a_lucky_check_digit_is_no_proof():
    values = read_column([LUCKY, NUMBER, "000000199003072000"])
    assert values == [Bad(RUINED, LUCKY), NUMBER, Bad(RUINED, "000000199003072000")]


def test_other_documents_keep_their_own_numbers():
    values = read_column(["军字第12345号", "军字第12345号"], ["02", "01"])
    assert values == ["军字第12345号", Bad(LENGTH, "军字第12345号")]
    assert not issubclass(Unfit, VillageDeskError)
