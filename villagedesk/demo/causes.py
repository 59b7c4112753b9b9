"""Why a household is poor, as far as its own facts bear it out (H06–H10), and what it is offered and answers."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from villagedesk import resources
from villagedesk.demo.families import HEAD
from villagedesk.demo.odds import Odds, between, chance, one_of
from villagedesk.demo.people import CHRONIC, DISABLED, EARNERS, SERIOUS, Person

_ILLNESS, _DISABILITY, _SCHOOLING, _DISASTER, _NO_LAND = "01", "02", "03", "04", "05"
_VOCATIONAL = frozenset({"10", "11", "12", "13", "14", "15"})
_NO_SKILL, _NO_LABOUR, _NO_MONEY, _REMOTE = "07", "08", "09", "10"
_USUAL = Odds([(_NO_SKILL, 45.0), (_NO_MONEY, 25.0), (_NO_LAND, 10.0), (_DISASTER, 6.0), (_REMOTE, 8.0)])


REFUSED = "2"
"""Code of list wish_answer: not willing. It is no mark against anybody."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a household is offered: the wish asked for, what was answered, and the measure where it is wanted.

    ``member`` is the place in the family of the person concerned, None for the household; ``wish`` is a code of list
    wish_kind or "" where nobody needs to be asked; ``family`` is what the measure is in the pack's measure tree;
    ``text`` is "" where a wish is on record for something that was done before.
    """

    cause: str
    family: str
    member: int | None
    text: str
    source: str
    amount: int  # fen
    wish: str = ""
    answer: str = ""  # wish_answer
    own_words: str = ""
    alternatives: str = ""

    @property
    def wanted(self) -> bool:
        """Whether there is a measure and it may go into the plan: nobody refused it (§8.5)."""
        return bool(self.text) and self.answer != REFUSED


def causes(rng: Random, people: Sequence[Person]) -> tuple[str, ...]:
    """The main cause and up to two others; each is borne out by somebody of the family."""
    fitting = _borne_out(people)
    usual = () if _NO_LABOUR in fitting else (_USUAL.pick(rng),)
    main = one_of(rng, fitting if fitting and (not usual or chance(rng, 0.7)) else usual)
    others = [code for code in (*fitting, *usual) if code != main]
    return (main, *others[: between(rng, 0, 2)])


def _borne_out(people: Sequence[Person]) -> tuple[str, ...]:
    found = []
    if any(_ill(each) for each in people):
        found.append(_ILLNESS)
    if any(DISABLED in each.health for each in people):
        found.append(_DISABILITY)
    if any(each.student for each in people):
        found.append(_SCHOOLING)
    if not any(each.labour in EARNERS for each in people):
        found.append(_NO_LABOUR)
    return tuple(found)


def offers(rng: Random, found: Sequence[str], people: Sequence[Person]) -> tuple[Offer, ...]:
    """What the household is offered; each cause has a measure that nobody refused."""
    made: list[Offer] = []
    for table in _measures():
        member = _concerned(table["whom"], people)
        answered = {offer.cause for offer in made if offer.wanted}
        fitting = sorted((code for code in found if code in table["causes"]), key=lambda code: code in answered)
        if fitting and member is not None:
            made.append(_offer(rng, table, fitting[0], member, free=fitting[0] in answered))
    return tuple(made)


def moved() -> Offer:
    """The wish on record of a household that was relocated years ago (H16)."""
    return Offer("", "relocation", 0, "", "", 0, "02", "1", "自愿搬迁", "原址维修加固")


def _offer(rng: Random, table: dict[str, Any], cause: str, member: int, *, free: bool) -> Offer:
    """One offer; it is refused only where the cause is answered otherwise (``free``)."""
    said = [each for each in table["says"] if free or each[0] != REFUSED] or [("", "")]
    answer, own_words = one_of(rng, tuple(said))
    return Offer(
        cause, table["family"], member, table["text"], table["source"], between(rng, *table["yuan"]) * 100,
        table["wish"], answer, own_words, table.get("local", "无需离开本村"),
    )  # fmt: skip


def _concerned(whom: str, people: Sequence[Person]) -> int | None:
    """The place of the first person of this kind; minors and students are never asked about work."""
    kinds = _KINDS[whom]
    if whom == "farmer" and not any(each.labour in EARNERS for each in people):
        return None
    return next((place for place, each in enumerate(people) if kinds(each)), None)


def _ill(each: Person) -> bool:
    return bool({CHRONIC, SERIOUS} & set(each.health))


_KINDS: dict[str, Callable[[Person], bool]] = {
    "head": lambda each: each.kin.relation == HEAD,
    "farmer": lambda each: each.kin.relation == HEAD,
    "able": lambda each: each.able and each.age >= 18,
    "student": lambda each: each.student,
    "vocational": lambda each: each.facts.get("schooling") in _VOCATIONAL,
    "ill": _ill,
    "disabled": lambda each: DISABLED in each.health,
    "dibao": lambda each: bool(each.facts["dibao"]),
}


@lru_cache(maxsize=1)
def _measures() -> tuple[dict[str, Any], ...]:
    with resources.path("demo", "measures.toml").open("rb") as stream:
        tables = tomllib.load(stream)["measure"]
    return tuple({**table, "says": tuple((answer, said) for answer, said in table["says"])} for table in tables)
