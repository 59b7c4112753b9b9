"""What a generated household is there to show: an exit that goes through, and each way in which one is stopped."""

from __future__ import annotations

from enum import StrEnum
from random import Random

from villagedesk.policy.pack import Pack


class Story(StrEnum):
    """The part a household plays. Only ``LEAVES`` meets every exit criterion this year; ``EXITED`` did before."""

    LEAVES = "leaves"
    INCOME = "income"  # planned for this year, but below the line
    DWELLING = "dwelling"  # planned for this year, but the house is grade C or D
    MEDICAL = "medical"  # planned for this year, but somebody has no basic medical insurance
    SCHOOLING = "schooling"  # planned for this year, but a child left school
    WATER = "water"  # planned for this year, but no safe water
    LATER = "later"  # planned for a later year
    EXITED = "exited"
    RETURNED = "returned"

    @property
    def planned_now(self) -> bool:
        """Whether its exit is planned for this year."""
        return self not in {Story.LATER, Story.EXITED, Story.RETURNED}

    @property
    def below_line(self) -> bool:
        """Whether its income this year stays below the line."""
        return self in {Story.INCOME, Story.LATER, Story.RETURNED}


_FIRST = (
    Story.LEAVES,
    Story.INCOME,
    Story.EXITED,
    Story.DWELLING,
    Story.MEDICAL,
    Story.LEAVES,
    Story.LATER,
    Story.SCHOOLING,
    Story.EXITED,
    Story.WATER,
    Story.RETURNED,
    Story.LEAVES,
)
_USUAL = (
    *(Story.LEAVES,) * 31,
    *(Story.EXITED,) * 43,
    *(Story.LATER,) * 12,
    *(Story.INCOME,) * 6,
    *(Story.DWELLING,) * 3,
    *(Story.MEDICAL,) * 2,
    Story.SCHOOLING,
    Story.WATER,
    Story.RETURNED,
)


def stories(rng: Random, households: int, pack: Pack) -> list[Story]:
    """One story a household, in no order; a village of twelve or more shows them all, a single household leaves.

    Without a hard criterion about water in the pack nobody is stopped by water.
    """
    cast = list(_FIRST[:households])
    while len(cast) < households:
        hundred = list(_USUAL)
        rng.shuffle(hundred)
        cast += hundred[: households - len(cast)]
    rng.shuffle(cast)
    if any(criterion.rule == "water" and criterion.hard for criterion in pack.household_exit.values()):
        return cast
    return [Story.DWELLING if story is Story.WATER else story for story in cast]
