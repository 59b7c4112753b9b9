"""Runs of numbers are sets of numbers, only smaller."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from villagedesk.store import numbers as module
from villagedesk.store.numbers import Numbers

some = st.lists(st.integers(1, 60), max_size=40)


@given(some, some, st.integers(0, 61))
def test_runs_are_what_sets_are(one: list[int], other: list[int], at: int) -> None:
    first, second = Numbers.of(one), Numbers.of(other)
    both = Numbers.together([first, second])
    assert list(first) == sorted(set(one))
    assert list(both) == sorted({*one, *other})
    assert len(both) == len({*one, *other})
    assert (at in both) == (at in {*one, *other})
    assert first.after(at) == sum(number > at for number in set(one))
    assert all(end < start for (_, end), (start, _) in zip(both.runs, both.runs[1:], strict=False))


@given(some)
def test_pieces_cover_all_and_stay_small(one: list[int]) -> None:
    before, module._PIECE = module._PIECE, 7
    try:
        pieces = list(Numbers.of(one).pieces())
    finally:
        module._PIECE = before
    assert [n for start, end in pieces for n in range(start, end + 1)] == sorted(set(one))
    assert all(end - start < 7 for start, end in pieces)
