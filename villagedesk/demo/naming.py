"""Names for a whole family: children carry the father's surname, or where it is the custom his given name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from villagedesk.demo.families import (
    DAUGHTER,
    FATHER,
    GRANDDAUGHTER,
    GRANDSON,
    HEAD,
    HUSBANDS_FATHER,
    SON,
)
from villagedesk.demo.names import DOT, Namer
from villagedesk.demo.people import Person

UYGHUR = "维吾尔族"

_TRIES = 50

_BLOOD = frozenset({SON, DAUGHTER, GRANDSON, GRANDDAUGHTER, FATHER, HUSBANDS_FATHER})


def name_family(namer: Namer, people: list[Person], ethnic: str, surname: str) -> list[str]:
    """The names of the family in its order; ``surname`` is that of the men of the house."""
    if ethnic == UYGHUR:
        return _uyghur(namer, people)
    names: list[str] = []
    for each in people:
        names.append(_unlike(names, partial(_han, namer, each, surname)))
    return names


def _unlike(names: Collection[str], make: Callable[[], str]) -> str:
    """A name that nobody else of the family has, unless the family is larger than the lists of names."""
    made = (make() for _ in range(_TRIES))
    return next((name for name in made if name not in names), "") or make()


def _han(namer: Namer, each: Person, surname: str) -> str:
    kin = each.kin
    of_the_house = kin.relation in _BLOOD or (kin.relation == HEAD and kin.sex == "1")
    return namer.han(surname if of_the_house else namer.surname(), kin.sex, each.birth.year)


def _uyghur(namer: Namer, people: list[Person]) -> list[str]:
    grandfather = next((n for n, each in enumerate(people) if each.kin.relation == FATHER), None)
    names = {} if grandfather is None else {grandfather: namer.uyghur("1")}
    head = namer.uyghur(people[0].kin.sex, _given(names.get(grandfather, "")) if grandfather is not None else "")
    names[0] = head
    fathers = {0: _given(head) if people[0].kin.sex == "1" else _given(namer.uyghur("1"))}
    for n, each in enumerate(people):
        if n not in names:
            names[n] = _unlike(names.values(), partial(namer.uyghur, each.kin.sex, _father(each, fathers)))
        if each.kin.relation == SON and each.kin.branch:
            fathers[each.kin.branch] = _given(names[n])
    return [names[n] for n in range(len(people))]


def _father(each: Person, fathers: dict[int, str]) -> str:
    """The given name of somebody's father: the head for his children, the son of the branch for grandchildren."""
    if each.kin.relation in {SON, DAUGHTER}:
        return fathers[0]
    return fathers.get(each.kin.branch, "") if each.kin.relation in {GRANDSON, GRANDDAUGHTER} else ""


def _given(name: str) -> str:
    return name.partition(DOT)[0]
