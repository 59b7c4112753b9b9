"""Names as villages have them: few surnames a group, given names of their time, some rare characters."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from itertools import cycle
from random import Random
from typing import Any

from villagedesk import resources
from villagedesk.demo.odds import Odds, chance, one_of

DOT = "·"

_SEX = {"1": "men", "2": "women"}


class Namer:
    """Gives names in one village."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given = 0
        self._lists = _lists()
        self._rare: dict[str, Iterator[str]] = {sex: cycle(self._lists["rare"][key]) for sex, key in _SEX.items()}

    def surname(self) -> str:
        """A Han surname, by frequency."""
        return _surnames().pick(self._rng)

    def han(self, surname: str, sex: str, born: int) -> str:
        """A full Han name of somebody born in the year ``born``."""
        self._given += 1
        rare = self._lists["rare"]
        if self._given % rare["every"] == 0:
            return surname + next(self._rare[sex])
        row = next(row for row in self._lists["given"] if born < row["before"])
        given: str = one_of(self._rng, row[_SEX[sex]])
        return surname + given

    def uyghur(self, sex: str, father: str = "") -> str:
        """A full Uyghur name; ``father`` is the father's given name where he is known."""
        names: dict[str, tuple[str, ...]] = self._lists["uyghur"]
        father = father or one_of(self._rng, names["men"])
        given = one_of(self._rng, names[_SEX[sex]])
        while given == father:
            given = one_of(self._rng, names[_SEX[sex]])
        return given + DOT + father

    def families(self) -> Odds[str]:
        """What the families of one group are called: one or two old families, and everybody else."""
        others = [(self.surname(), 1.0) for _ in range(6)]
        return Odds([(self.surname(), 8.0), (self.surname(), 4.0 if chance(self._rng, 0.7) else 0.5), *others])


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    with resources.path("demo", "names.toml").open("rb") as stream:
        lists = tomllib.load(stream)
    for table in (*lists["given"], lists["rare"], lists["uyghur"]):
        table.update({key: tuple(table[key].split()) for key in _SEX.values()})
    return lists


@lru_cache(maxsize=1)
def _surnames() -> Odds[str]:
    return Odds((name, row["weight"]) for row in _lists()["surname"] for name in row["names"].split())
