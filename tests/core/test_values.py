"""Plain values: ID numbers, money, groups."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_id_number
from villagedesk.values import group_order, hundredths, mask_id, per_head, read_id_number, yuan


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.sampled_from(["1", "2"]), st.integers(0, 99))
def test_every_sound_id_number_is_read(birth: date, sex: str, place: int) -> None:
    number = make_id_number(birth, sex, place)
    found = read_id_number(number.lower())
    assert (found.number, found.birth, found.male) == (number, birth, sex == "1")


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 17))
def test_one_wrong_digit_is_noticed(birth: date, at: int) -> None:
    number = make_id_number(birth, "1", 3)
    digit = "0" if number[at] != "0" else "1"
    with pytest.raises(ValueError, match=r"length|check digit"):
        read_id_number(number[:at] + digit + number[at + 1 :])


def test_money_is_typed_in_many_ways_and_kept_in_fen() -> None:
    assert [hundredths(text) for text in ("1,234.5", "１２３４．５元", " 1234.50 ", "-3")] == [
        123450,
        123450,
        123450,
        -300,
    ]
    for text in ("", "1.234", "abc", "1e999", "NaN"):
        with pytest.raises(ValueError):  # noqa: PT011  the text typed is all it says
            hundredths(text)
    assert (yuan(123450), yuan(-5), per_head(100, 3), per_head(50, 4)) == ("1234.50", "-0.05", 33, 13)


def test_masks_hide_all_but_the_tail() -> None:
    assert (mask_id("190001199001011234"), mask_id("12")) == ("**************1234", "**")


def test_groups_stand_as_people_count_them() -> None:
    groups = ["东沟", "十二组", "二十一组", "3组", "十组", "一组"]
    assert sorted(groups, key=group_order) == ["一组", "3组", "十组", "十二组", "二十一组", "东沟"]
