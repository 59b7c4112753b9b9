"""One generated household after the other: family, facts, home, numbers and names put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from villagedesk.demo.causes import Offer, causes, moved, offers
from villagedesk.demo.earnings import Economy, statements
from villagedesk.demo.families import Kin, compose, compose_with_pupil
from villagedesk.demo.homes import home, land, relocation
from villagedesk.demo.names import Namer
from villagedesk.demo.naming import name_family
from villagedesk.demo.numbers import Register
from villagedesk.demo.odds import between, chance, one_of
from villagedesk.demo.people import (
    DIBAO,
    EARNERS,
    ORDINARY,
    TEKUN,
    Person,
    insure,
    person,
    welfare,
    work,
)
from villagedesk.demo.scenes import Scene
from villagedesk.demo.stories import Story
from villagedesk.divisions import Division
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.policy.pack import Pack

_BEFORE_EXIT = {ORDINARY: "01", DIBAO: "02", TEKUN: "03"}
_AFTER_EXIT = {ORDINARY: "11", DIBAO: "12", TEKUN: "13"}

_UNINSURED = {"medical_resident": False, "medical_worker": False, "medical_aid": False}


@dataclass(frozen=True, slots=True)
class GeneratedHousehold:
    """A household file, its statements of last year and this year, its part in the demonstration and its offers.

    ``household_id`` of the statements is empty: they belong to the household with the number ``draft.no``.
    """

    draft: HouseholdDraft
    incomes: tuple[IncomeDraft, ...]
    story: Story
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class _Family:
    story: Story
    people: list[Person]
    cover: str


class Maker:
    """Makes the households of one village from one stream of chance."""

    def __init__(self, rng: Random, division: Division, scene: Scene, pack: Pack, today: date) -> None:
        self.register = Register(division.code, rng)
        self.namer = Namer(rng)
        self._rng = rng
        self.division = division
        self.scene = scene
        self._pack = pack
        self.today = today
        self._surnames = {group: self.namer.families() for group in scene.groups}
        self._county = "".join((division.province, division.city, division.county))

    def all(self, cast: list[Story], biggest: int = 0) -> Iterator[GeneratedHousehold]:
        """A household for each story; the first has ``biggest`` members where that is not 0."""
        for serial, story in enumerate(cast, start=1):
            yield self.one(serial, story, biggest if serial == 1 else 0)

    def files(self, cast: list[Story]) -> Iterator[HouseholdDraft]:
        """The household file alone for each story, in half the time."""
        for serial, story in enumerate(cast, start=1):
            yield self._draft(serial, self._family(story, 0))

    def one(self, serial: int, story: Story, size: int = 0) -> GeneratedHousehold:
        """The household with this serial number in the village."""
        rng, family = self._rng, self._family(story, size)
        draft = self._draft(serial, family)
        names = [member.name for member in draft.members]
        arable, returned = draft.land_arable or 0, draft.land_returned or 0
        economy = Economy(family.people, names, self.scene, story, family.cover, arable, returned)
        incomes = statements(rng, economy, self._pack, self.division.code[:2], self.today)
        found = offers(rng, (draft.main_cause, *draft.other_causes), family.people)
        return GeneratedHousehold(draft, incomes, story, (*found, *([moved()] if draft.relocated else [])))

    def _family(self, story: Story, size: int) -> _Family:
        rng = self._rng
        people = self._people(story, size)
        if story is Story.SCHOOLING:
            _leave_school(people)
        cover = DIBAO if (cover := welfare(rng, people)) == TEKUN and story.below_line else cover
        work(rng, people, self.scene, story, self._county)
        for each in people:
            insure(rng, each, cover)
        if story is Story.MEDICAL:
            one_of(rng, tuple(people)).facts.update(_UNINSURED)
        return _Family(story, people, cover)

    def _people(self, story: Story, size: int) -> list[Person]:
        """A family that suits the story: below the line means that somebody could earn, or another rule would apply."""
        while True:
            people = [person(self._rng, kin, self.today) for kin in self._kin(story, size)]
            if not story.below_line or any(each.labour in EARNERS for each in people):
                return people

    def _kin(self, story: Story, size: int) -> list[Kin]:
        if story is Story.SCHOOLING and not size:
            return compose_with_pupil(self._rng)
        return compose(self._rng, size or self.scene.sizes.pick(self._rng))

    def _draft(self, serial: int, family: _Family) -> HouseholdDraft:
        rng, group = self._rng, one_of(self._rng, self.scene.groups)
        story, people = family.story, family.people
        ethnic = self.scene.peoples.pick(rng)
        names = name_family(self.namer, people, ethnic, self._surnames[group].pick(rng))
        found = causes(rng, people)
        no = f"{self.division.code[4:]}{serial:04d}"  # 12 digits, a person's 14: too short to pass for an ID or card
        return HouseholdDraft(
            no=no, group=group, address=f"{group}{serial}号", phone=self.register.phone(),
            kind=self._kind(story, family.cover), standard=self._standard(), support_class=self._support_class(people),
            main_cause=found[0], other_causes=found[1:],
            members=tuple(self._members(people, names, ethnic, no)), **self._facts(story, people),
        )  # fmt: skip

    def _facts(self, story: Story, people: list[Person]) -> dict[str, Any]:
        rng, size = self._rng, len(people)
        facts = {**_years(rng, story, self.today.year), **home(rng, self.scene, story, size, self.today)}
        facts |= land(rng, self.scene, size)
        earns = any(max(each.months, each.post_months) >= 6 for each in people)
        sound = story is not Story.DWELLING and chance(rng, self.scene.relocated / 100)
        if sound and earns:
            place = f"{self.division.township}安置点"
            facts |= relocation(rng, size, facts["identified_year"], self.today, place)
        else:
            facts["relocated"] = False
        return facts

    def _kind(self, story: Story, cover: str) -> str:
        if self.today.year >= 2021:
            return "22"
        return (_AFTER_EXIT if story is Story.EXITED else _BEFORE_EXIT)[cover]

    def _standard(self) -> str:
        return "2" if self._pack.income.concept == "disposable" else "1"

    def _support_class(self, people: list[Person]) -> str:
        if not self._pack.classes:
            return ""
        return "01" if any(each.able for each in people) else "02"

    def _members(self, people: list[Person], names: list[str], ethnic: str, no: str) -> Iterator[MemberDraft]:
        for place, (each, name) in enumerate(zip(people, names, strict=True), start=1):
            number = self.register.id_number(each.birth, male=each.kin.sex == "1")
            kind, grade = each.disability
            yield MemberDraft(
                person_no=f"{no}{place:02d}", name=name, relation=each.kin.relation, sex=each.kin.sex, birth=each.birth,
                id_kind="09" if kind else "01", id_number=number + kind + grade, ethnic=ethnic,
                phone=self.register.phone() if 16 <= each.age < 76 and chance(self._rng, 0.6) else "",
                health=each.health, disability_class=kind, disability_grade=grade, labour=each.labour, **each.facts,
            )  # fmt: skip


def _years(rng: Random, story: Story, now: int) -> dict[str, Any]:
    identified = min(one_of(rng, (2014, 2014, 2014, 2016, 2017)), now - 2)
    exited = max(now - between(rng, 1, 3), identified + 1)
    facts: dict[str, Any] = {"identified_year": identified, "state": "0"}
    if story is Story.EXITED:
        return facts | {"state": "1", "planned_exit_year": exited, "exited_year": exited}
    if story is Story.RETURNED:
        return facts | {
            "state": "3",
            "planned_exit_year": exited,
            "exited_year": exited,
            "returned_year": now,
            "monitoring_class": "0",
        }
    return facts | {"planned_exit_year": now if story.planned_now else now + 1}


def _leave_school(people: list[Person]) -> None:
    """The pupil of the story no longer wants to go to school; the reason stands in the file, but no pack accepts it."""
    pupil = next(each for each in people if each.kin.relation in {"03", "04"})
    pupil.student = False
    del pupil.facts["schooling"]
    pupil.facts["dropout_reason"] = "03"
