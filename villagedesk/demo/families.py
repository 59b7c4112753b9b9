"""Who lives under one roof: relations, sexes and ages that fit each other (DOMAIN §7, A10, A11, H01–H03, H05)."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from villagedesk.demo.odds import Odds, between, chance

HEAD, SPOUSE, SON, DAUGHTER, SONS_WIFE = "01", "02", "03", "04", "05"
GRANDSON, GRANDDAUGHTER, FATHER, MOTHER, HUSBANDS_FATHER, HUSBANDS_MOTHER = "07", "08", "11", "12", "15", "16"

_CHILDREN = {"1": SON, "2": DAUGHTER}
_GRANDCHILDREN = {"1": GRANDSON, "2": GRANDDAUGHTER}
_ELDERS = {"1": (FATHER, MOTHER), "2": (HUSBANDS_FATHER, HUSBANDS_MOTHER)}
_LARGEST = 7  # beyond this only families of several married sons are so large


@dataclass(slots=True)
class Kin:
    """One person of a family, before anything else is known."""

    relation: str
    sex: str
    age: int
    branch: int = 0  # which son's family, 0 the head's own


@dataclass(frozen=True, slots=True)
class _Shape:
    """Who stands beside the head; the head's age lies between the two ages."""

    spouse: int
    children: int
    elders: int
    youngest: int
    oldest: int


_SHAPES = {
    1: Odds([(_Shape(0, 0, 0, 66, 88), 70.0), (_Shape(0, 0, 0, 45, 64), 30.0)]),
    2: Odds(
        [
            (_Shape(1, 0, 0, 62, 84), 45.0),
            (_Shape(1, 0, 0, 48, 61), 15.0),
            (_Shape(0, 1, 0, 36, 60), 20.0),
            (_Shape(0, 0, 1, 40, 58), 20.0),
        ]
    ),
    3: Odds(
        [
            (_Shape(1, 1, 0, 28, 55), 55.0),
            (_Shape(1, 0, 1, 42, 58), 15.0),
            (_Shape(0, 1, 1, 34, 52), 12.0),
            (_Shape(1, 1, 0, 58, 68), 18.0),
        ]
    ),
    4: Odds([(_Shape(1, 2, 0, 31, 54), 62.0), (_Shape(1, 1, 1, 30, 52), 28.0), (_Shape(0, 2, 1, 34, 50), 10.0)]),
    5: Odds([(_Shape(1, 2, 1, 32, 54), 60.0), (_Shape(1, 1, 2, 30, 52), 20.0), (_Shape(1, 3, 0, 34, 50), 20.0)]),
    6: Odds([(_Shape(1, 2, 2, 32, 54), 60.0), (_Shape(1, 3, 1, 34, 50), 40.0)]),
    7: Odds([(_Shape(1, 3, 2, 35, 52), 100.0)]),
}
_OLD_HEAD = {4: 0.12, 5: 0.3, 6: 0.45, 7: 0.6}  # three generations with a grandparent as head
_SCHOOL = Odds([(_Shape(1, 1, 0, 37, 43), 1.0), (_Shape(1, 2, 0, 37, 43), 2.0), (_Shape(1, 2, 1, 37, 43), 1.0)])


def compose(rng: Random, size: int) -> list[Kin]:
    """A family of ``size`` persons, the head first."""
    if size > _LARGEST or chance(rng, _OLD_HEAD.get(size, 0.0)):
        return _old_head(rng, size)
    return _household(rng, _SHAPES[size].pick(rng))


def compose_with_pupil(rng: Random) -> list[Kin]:
    """A family whose eldest child is 13 or 14 years old, thus of compulsory school age."""
    family = _household(rng, _SCHOOL.pick(rng))
    next(kin for kin in family if kin.relation in _CHILDREN.values()).age = between(rng, 13, 14)
    younger = [kin for kin in family if kin.relation in _CHILDREN.values()][1:]
    for kin in younger:
        kin.age = between(rng, 4, 10)
    return family


def _household(rng: Random, shape: _Shape) -> list[Kin]:
    age = between(rng, shape.youngest, shape.oldest)
    alone = not shape.spouse
    sex = "2" if alone and chance(rng, 0.42 if shape.oldest > 64 or shape.children else 0.08) else "1"
    family = [Kin(HEAD, sex, age)]
    if shape.spouse:
        family.append(Kin(SPOUSE, "2", age - between(rng, -1, 4)))
    family += _offspring(rng, shape.children, age, _CHILDREN)
    return family + _elders(rng, shape.elders, age, sex)


def _offspring(rng: Random, count: int, parent: int, relations: dict[str, str], branch: int = 0) -> list[Kin]:
    """Children of a parent aged ``parent``, the eldest first; none is born before the parent is 22."""
    children, age = [], max(parent - between(rng, 23, 29), 0)
    for _ in range(count):
        sex = "1" if chance(rng, 0.53) else "2"
        children.append(Kin(relations[sex], sex, age, branch))
        age = max(age - between(rng, 2, 6), 0)
    return children


def _elders(rng: Random, count: int, age: int, sex: str) -> list[Kin]:
    his, hers = _ELDERS[sex]
    father = Kin(his, "1", age + between(rng, 23, 31))
    mother = Kin(hers, "2", father.age - between(rng, 0, 4))
    if count == 1:
        return [mother if chance(rng, 0.6) else father]
    return [father, mother][:count]


def _old_head(rng: Random, size: int) -> list[Kin]:
    """A grandparent as head, with a spouse where there is room, and one married son after the other."""
    age = between(rng, 56, 70)
    family = [Kin(HEAD, "1", age)]
    if size > 4:
        family.append(Kin(SPOUSE, "2", age - between(rng, -1, 4)))
    branch = 0
    while len(family) < size:
        branch += 1
        family += _branch(rng, age, branch, size - len(family))
    return family


def _branch(rng: Random, head: int, branch: int, room: int) -> list[Kin]:
    age = max(head - between(rng, 22, 27) - 2 * (branch - 1), 24)
    son, wife = Kin(SON, "1", age, branch), Kin(SONS_WIFE, "2", age - between(rng, -1, 3), branch)
    children = _offspring(rng, between(rng, 1, 3), age, _GRANDCHILDREN, branch)
    return [son, wife, *children][:room]
