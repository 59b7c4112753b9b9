"""Local numbers of revisions as runs, for they nearly always follow one another: a village's history is one run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

_PIECE = 500


@dataclass(frozen=True, slots=True)
class Numbers(Sequence[int]):
    """Ascending numbers without repeats. ``runs`` are (first, last), disjoint, in order."""

    runs: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Numbers:
        """These numbers, in whatever order they come."""
        runs: list[tuple[int, int]] = []
        for number in sorted(set(numbers)):
            if runs and runs[-1][1] == number - 1:
                runs[-1] = (runs[-1][0], number)
            else:
                runs.append((number, number))
        return cls(tuple(runs))

    @classmethod
    def together(cls, parts: Iterable[Numbers]) -> Numbers:
        """All numbers of all parts."""
        runs: list[tuple[int, int]] = []
        for first, last in sorted(run for part in parts for run in part.runs):
            if runs and first <= runs[-1][1] + 1:
                runs[-1] = (runs[-1][0], max(last, runs[-1][1]))
            else:
                runs.append((first, last))
        return cls(tuple(runs))

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Runs of at most five hundred numbers, so that what is read by them stays small."""
        for first, last in self.runs:
            for start in range(first, last + 1, _PIECE):
                yield start, min(last, start + _PIECE - 1)

    def after(self, number: int) -> int:
        """How many are greater than ``number``."""
        return sum(last - max(first, number + 1) + 1 for first, last in self.runs if last > number)

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.runs)

    def __iter__(self) -> Iterator[int]:
        for first, last in self.runs:
            yield from range(first, last + 1)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        at = bisect_right(self.runs, number, key=lambda run: run[0]) - 1
        return at >= 0 and number <= self.runs[at][1]

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return list(self)[index]
