"""Money is shared out to the fen: nothing lost, nobody waits on the order of a list (GZ-11, JS-3.4.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.policy.money import distribute, parts_due, split
from villagedesk.policy.profile import load_profile

FUNDS = load_profile("guangdong-2016").funds
HOLDERS = st.dictionaries(st.text("0123456789abcdef", min_size=1, max_size=8), st.integers(0, 500), max_size=60)


@given(st.integers(0, 10**12), HOLDERS.filter(lambda held: sum(held.values()) > 0))
def test_no_fen_is_lost_and_none_is_made(total, held):
    shared = distribute(total, held)
    assert sum(shared.values()) == total
    assert set(shared) == set(held)
    whole = sum(held.values())
    assert all(0 <= shared[key] - total * held[key] // whole <= 1 for key in held)
    assert all(shared[key] == 0 for key in held if held[key] == 0)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 3), min_size=2, max_size=30), st.data())
def test_the_order_of_the_list_changes_nothing(total, shares, data):
    held = {f"{n:02d}": each for n, each in enumerate(shares)}
    order = data.draw(st.permutations(list(held)))
    assert distribute(total, {key: held[key] for key in order}) == distribute(total, held)


def test_the_odd_fen_of_equal_holders_goes_by_their_keys():
    assert distribute(100, {"c": 1, "b": 1, "a": 1}) == {"a": 34, "b": 33, "c": 33}


@given(st.integers(0, 10**9), st.integers(1, 200), st.integers(1, 9))
def test_equal_shares_differ_by_a_fen_at_most(total, count, shares):
    amounts = distribute(total, {f"{n:03d}": shares for n in range(count)}).values()
    assert max(amounts) - min(amounts) <= 1


@given(st.integers(1, 100_000))
def test_two_ten_thousand_a_head_are_six_three_one(persons):
    parts = parts_due(FUNDS["person"], 2017, persons)
    assert list(parts) == ["province", "helper_city", "local_city"]
    assert [amount // persons for amount in parts.values()] == [12_000_00, 6_000_00, 2_000_00]
    assert sum(parts.values()) == persons * 20_000_00


def test_the_village_money_comes_in_three_years_and_from_two_places():
    years = [parts_due(FUNDS["village"], year, 0) for year in (2016, 2017, 2018)]
    assert [sum(parts.values()) for parts in years] == [1_000_000_00, 700_000_00, 300_000_00]
    assert sum(sum(parts.values()) for parts in years) == FUNDS["village"].total
    assert parts_due(FUNDS["village"], 2019, 0) == {}
    assert sum(parts_due(FUNDS["village_pool"], 2016, 0).values()) == FUNDS["village_pool"].total


@pytest.mark.parametrize("wrong", [{}, {"a": 0}, {"a": 3, "b": -1}])
def test_shares_that_share_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match="shares"):
        split(100, wrong)
