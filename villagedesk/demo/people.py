"""What is known of each person of a family: schooling, health, labour, work and insurance that fit age and story."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from villagedesk.demo.families import Kin
from villagedesk.demo.odds import Odds, between, chance, one_of
from villagedesk.demo.scenes import Scene
from villagedesk.demo.stories import Story

HEALTHY, CHRONIC, SERIOUS, DISABLED = "01", "02", "03", "04"
ABLE, SKILLED, LOST, NONE, WEAK = "01", "02", "03", "04", "05"
EARNERS = frozenset({ABLE, SKILLED, WEAK})
ORDINARY, DIBAO, TEKUN = "ordinary", "dibao", "tekun"


@dataclass(slots=True)
class Person:
    """A person being made up; ``facts`` are draft fields that nothing else here depends on."""

    kin: Kin
    birth: date
    health: tuple[str, ...] = (HEALTHY,)
    disability: tuple[str, str] = ("", "")  # class, grade
    labour: str = NONE
    student: bool = False
    months: int = 0  # of work away or near, this year
    post_months: int = 0
    monthly: int = 0  # yuan
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def age(self) -> int:
        """Completed years today."""
        return self.kin.age

    @property
    def able(self) -> bool:
        """Ordinary or skilled labour."""
        return self.labour in {ABLE, SKILLED}

    @property
    def severe(self) -> bool:
        """Disabled to a grade for which help is due whether asked for or not (JS-3.8.1)."""
        kind, grade = self.disability
        return grade in {"1", "2"} or (grade == "3" and kind in {"5", "6"})


_ILL = ((45, 0.03, 0.01, 0.015), (60, 0.13, 0.025, 0.035), (70, 0.3, 0.03, 0.05), (200, 0.45, 0.035, 0.06))
_CLASSES = Odds([("4", 55.0), ("1", 12.0), ("2", 14.0), ("3", 4.0), ("5", 8.0), ("6", 5.0), ("7", 2.0)])
_GRADES = Odds([("1", 8.0), ("2", 22.0), ("3", 34.0), ("4", 36.0)])
_EDUCATION = (
    (1946, Odds([("01", 60.0), ("02", 35.0), ("03", 5.0)])),
    (1960, Odds([("01", 25.0), ("02", 51.0), ("03", 21.0), ("04", 3.0)])),
    (1975, Odds([("01", 6.0), ("02", 42.0), ("03", 44.0), ("04", 8.0)])),
    (1990, Odds([("02", 20.0), ("03", 60.0), ("04", 15.0), ("05", 5.0)])),
    (9999, Odds([("03", 52.0), ("04", 31.0), ("05", 17.0)])),
)
_TRADES = ("建筑工地", "建筑工地", "电子厂", "服装厂", "物流仓库", "餐馆", "家政服务", "装修队")
_CHANNELS = ("自主就业", "自主就业", "亲友介绍", "亲友介绍", "招聘会", "乡镇推荐")


def person(rng: Random, kin: Kin, today: date) -> Person:
    """A person of this age today, with health and schooling."""
    if kin.age == 60:  # nobody draws a pension for part of a year
        kin.age = 61
    made = Person(kin, _birth(rng, kin.age, today))
    _health(rng, made)
    _schooling(rng, made, today)
    _labour(rng, made, today.year)
    return made


def welfare(rng: Random, people: list[Person]) -> str:
    """Which cover the household has: none can work, or somebody is severely disabled, means it has one (H20, H21)."""
    if not any(each.labour in EARNERS for each in people):
        childless = all(each.kin.relation in {"01", "02"} and each.age >= 60 for each in people)
        return TEKUN if childless and chance(rng, 0.35) else DIBAO
    if any(each.severe for each in people):
        return DIBAO
    return DIBAO if chance(rng, 0.1) else ORDINARY


def work(rng: Random, people: list[Person], scene: Scene, story: Story, home: str) -> None:
    """Who works where and for how long; households below the line have one earner at most, and for a few months."""
    earners = 0
    for each in people:
        most = 1 if story.below_line else 3
        if each.able and earners < most and (chance(rng, 0.8) or _must_work(each)):
            earners += 1
            _job(rng, each, scene, home, short=story.below_line)
        elif each.labour == WEAK and each.age < 69 and not story.below_line and chance(rng, 0.3):
            _post(rng, each, scene)
        elif _must_work(each):
            each.labour, each.facts["education"] = ABLE, "03"


def insure(rng: Random, each: Person, cover: str) -> None:
    """Medical and pension insurance: everybody has one of each kind where it applies (A47–A50)."""
    worker = each.months >= 10 and chance(rng, 0.06)
    pension = each.age >= 16 and not each.student
    each.facts |= {
        "medical_resident": not worker,
        "medical_worker": worker,
        "medical_serious": True,
        "medical_aid": SERIOUS in each.health,
        "medical_commercial": chance(rng, 0.3),
        "pension_resident": pension and not worker,
        "pension_worker": worker,
        "pension_paid_by_state": pension and not worker,
        "dibao": cover == DIBAO,
        "tekun": cover == TEKUN,
        "mandarin": each.age >= 6,
        "family_doctor": chance(rng, 0.8),
    }


def _birth(rng: Random, age: int, today: date) -> date:
    """A day of birth that makes somebody ``age`` years old today, not in the last month for the newborn."""
    last = date(today.year - age, today.month, min(today.day, 28))
    return last - timedelta(days=between(rng, 30 if age == 0 else 0, 360))


def _health(rng: Random, each: Person) -> None:
    _, chronic, serious, disabled = next(row for row in _ILL if each.age < row[0])
    found = [code for code, share in ((CHRONIC, chronic), (SERIOUS, serious)) if each.age > 3 and chance(rng, share)]
    if each.age > 6 and chance(rng, disabled):
        each.disability = (_CLASSES.pick(rng), _GRADES.pick(rng))
        found.append(DISABLED)
    each.health = tuple(found) or (HEALTHY,)


def _schooling(rng: Random, each: Person, today: date) -> None:
    """By the age at the last first of September; school is compulsory to the end of form nine (A15–A24)."""
    autumn = date(today.year - (today < date(today.year, 9, 1)), 9, 1)
    age = autumn.year - each.birth.year - ((each.birth.month, each.birth.day) > (9, 1))
    code = _stage(rng, age, today.year)
    if code and not (age >= 18 and each.disability[0]):
        each.student = age >= 3
        each.facts["schooling"] = code
    elif age < 3:
        each.facts["education"] = "06"
    else:
        each.facts["education"] = _education(rng, each, today.year)


def _stage(rng: Random, age: int, year: int) -> str:
    if age < 3:
        return "00" if year >= 2021 else ""
    if age < 12:
        return "02" if age < 6 else "03"
    if age < 15:
        return f"{age - 8:02d}"
    if age < 18:
        return f"{age - 8 if chance(rng, 0.6) else age - 5:02d}" if age == 15 or chance(rng, 0.93) else ""
    if age < 22 and chance(rng, 0.45):
        return "16" if year < 2021 else f"{age + (3 if age == 21 or chance(rng, 0.5) else -5):02d}"
    return ""


def _education(rng: Random, each: Person, year: int) -> str:
    code = next(odds for before, odds in _EDUCATION if each.birth.year < before).pick(rng)
    if code == "05" and (each.age < 23 or each.health != (HEALTHY,)):
        return "04"
    if each.age < 23:
        return max(code, "03")
    return ("07" if chance(rng, 0.6) else "08") if code == "05" and year >= 2021 else code


def _labour(rng: Random, each: Person, year: int) -> None:
    weak = WEAK if year >= 2018 else NONE
    if each.age < 16 or each.student or each.age >= 70:
        each.labour = NONE
    elif each.severe:
        each.labour = LOST
    elif SERIOUS in each.health or each.age >= 60:
        each.labour = weak if chance(rng, 0.7) else NONE
    elif each.health != (HEALTHY,) and chance(rng, 0.6):
        each.labour = weak
    else:
        each.labour = SKILLED if each.facts["education"] in {"04", "05"} and chance(rng, 0.25) else ABLE


def _must_work(each: Person) -> bool:
    """Whether standing without a job would look wrong in the register (A46)."""
    return each.age < 60 and each.able and (each.labour == SKILLED or each.facts["education"] in {"05", "07", "08"})


def _job(rng: Random, each: Person, scene: Scene, home: str, *, short: bool) -> None:
    near = chance(rng, scene.home_share / 100)
    area, place = (one_of(rng, ("01", "02")), home) if near else one_of(rng, scene.away)
    each.months = between(rng, 1, 2) if short else between(rng, 7, 11)
    each.monthly = int(between(rng, *scene.wage) * (0.38 if short else 0.8 if near else 1.0))
    each.facts |= {
        "work_area": area,
        "work_place": place,
        "work_months": each.months,
        "employer": one_of(rng, _TRADES),
        "job_channel": one_of(rng, _CHANNELS),
    }


def _post(rng: Random, each: Person, scene: Scene) -> None:
    each.post_months, each.monthly = 12, between(rng, *scene.post_wage)
    each.facts |= {"post_kind": one_of(rng, scene.post), "post_months": 12, "job_channel": "公益性岗位"}
