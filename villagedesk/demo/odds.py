"""Weighted chance, reckoned once and drawn from often."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Odds(Generic[T]):
    """Values with weights; the weights need not add up to anything."""

    def __init__(self, weighted: Iterable[tuple[T, float]]) -> None:
        values, weights = zip(*weighted, strict=True)
        self.values: tuple[T, ...] = values
        self._edges = tuple(accumulate(weights))

    def pick(self, rng: Random) -> T:
        """One value, drawn by its weight."""
        return self.values[bisect_right(self._edges, rng.random() * self._edges[-1], 0, len(self.values) - 1)]


def words(text: str) -> tuple[str, ...]:
    """The words of a list written with blanks."""
    return tuple(text.split())


def between(rng: Random, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``, both possible; several times faster than ``randint``."""
    return low + int(rng.random() * (high - low + 1))


def chance(rng: Random, share: float) -> bool:
    """True in ``share`` of the cases."""
    return rng.random() < share


def one_of(rng: Random, values: tuple[T, ...]) -> T:
    """One value, all equally likely."""
    return values[int(rng.random() * len(values))]
