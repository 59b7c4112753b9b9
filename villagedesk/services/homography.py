"""The projective map between a flat page and a photograph of it, from points known on both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mpmath import fp

Point = tuple[float, float]
Points = tuple[Point, ...]


@dataclass(frozen=True)
class Homography:
    """Nine numbers, row by row, the last of them 1."""

    rows: tuple[float, ...]

    @classmethod
    def scaling(cls, factor: float, left: float, top: float) -> Homography:
        """Makes everything ``factor`` as large, then moves it."""
        return cls((factor, 0, left, 0, factor, top, 0, 0, 1))

    @property
    def eight(self) -> tuple[float, ...]:
        """As Pillow's perspective transform wants it."""
        return self.rows[:8]

    def take(self, point: Point) -> Point:
        """Where a point goes."""
        a, b, c, d, e, f, g, h, i = self.rows
        x, y = point
        depth = g * x + h * y + i
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth

    def after(self, first: Homography) -> Homography:
        """``first``, then this one."""
        made: Any = fp.matrix(_square(self.rows)) * fp.matrix(_square(first.rows))
        return Homography(tuple(float(number) / float(made[2, 2]) for number in made))


def homography(source: Points, target: Points) -> Homography | None:
    """The map that takes source points to target points, by least squares; None where none does."""
    first, second = _normaliser(source), _normaliser(target)
    rows, sides = [], []
    for (x, y), (u, v) in zip(map(first.take, source), map(second.take, target), strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        sides += [u, v]
    try:
        solved = fp.lu_solve(fp.matrix(rows), fp.matrix(sides))
        between = Homography((*map(float, solved), 1.0))
        found = _back(second).after(between).after(first)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return found if all(map(math.isfinite, found.rows)) else None


def _normaliser(points: Points) -> Homography:
    """Moves the points around the origin, about one unit away."""
    count = len(points)
    middle = (sum(x for x, _ in points) / count, sum(y for _, y in points) / count)
    far = math.sqrt(sum((x - middle[0]) ** 2 + (y - middle[1]) ** 2 for x, y in points) / (2 * count)) or 1.0
    return Homography.scaling(1 / far, -middle[0] / far, -middle[1] / far)


def _back(scaling: Homography) -> Homography:
    factor, _, left, _, _, top, *_ = scaling.rows
    return Homography.scaling(1 / factor, -left / factor, -top / factor)


def _square(rows: Sequence[float]) -> list[Sequence[float]]:
    return [rows[0:3], rows[3:6], rows[6:9]]
