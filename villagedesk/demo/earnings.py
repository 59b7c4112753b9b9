"""Income statements that add up item by item (DOMAIN §4.3) and stand where the household's story wants them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from villagedesk import resources
from villagedesk.demo.odds import between, chance, one_of
from villagedesk.demo.people import CHRONIC, DIBAO, SERIOUS, TEKUN, WEAK, Person
from villagedesk.demo.scenes import Scene
from villagedesk.demo.stories import Story
from villagedesk.drafts.household import IncomeDraft, IncomeLineDraft
from villagedesk.policy.income import exit_line, period_bounds
from villagedesk.policy.pack import Pack

_UNKNOWN_LINE = 4000_00  # fen a head, where the profile has no line for the year
_PENSION, _DIBAO, _SUPPORT = "transfer.pension", "transfer.dibao", "transfer.support"
_HOME = ("business.", "cost.")
_DISPENSABLE = ("transfer.disabled", "transfer.soil")
_LEAST_DIBAO = 240  # yuan a head
_TARGETS = {Story.LEAVES: (116, 195), Story.EXITED: (130, 260)}  # percent of the line
_GROWTH = {Story.LEAVES: (74, 90), Story.EXITED: (86, 97)}  # last year in percent of this year


@dataclass(frozen=True, slots=True)
class Economy:
    """A household whose income is to be made up."""

    people: Sequence[Person]
    names: Sequence[str]
    scene: Scene
    story: Story
    cover: str
    arable: int  # hundredths of mu
    returned: int

    @property
    def farms(self) -> bool:
        """Whether somebody can still work in the field."""
        return any(each.able or each.labour == WEAK or (55 < each.age < 74) for each in self.people)

    @property
    def able(self) -> bool:
        """Whether somebody is fully able to work."""
        return any(each.able for each in self.people)


def statements(rng: Random, economy: Economy, pack: Pack, province: str, today: date) -> tuple[IncomeDraft, ...]:
    """The statements of last year and of this year, the older first."""
    line = exit_line(pack, today.year, province)
    percent = between(rng, *_TARGETS.get(economy.story, (56, 92) if economy.story.below_line else (118, 190)))
    persons = len(economy.people)
    gifts = between(rng, 180, 640) * 100 if pack.income.concept == "disposable" and economy.able else 0
    paid = _medical(rng, economy)
    target = (line.fen if line else _UNKNOWN_LINE) * percent // 100 * persons + gifts
    if economy.story is Story.EXITED:  # stands above the monitoring line after its medical costs too (K11)
        target += paid
    now = IncomeDraft(
        year=today.year,
        persons=persons,
        lines=_lines(rng, economy, target),
        medical_paid=paid,
        gifts_out=gifts,
        reckoned_on=today - timedelta(days=between(rng, 3, 25)),
    )
    return tuple(_dated(each, pack, today) for each in (_year_before(rng, now, economy, today), now))


def _medical(rng: Random, economy: Economy) -> int:
    ill = [each.health for each in economy.people]
    paid = sum(between(rng, 800, 6200) for health in ill if SERIOUS in health)
    paid += sum(between(rng, 150, 900) for health in ill if CHRONIC in health)
    return paid * 100


def _lines(rng: Random, economy: Economy, target: int) -> tuple[IncomeLineDraft, ...]:
    lines = [*_wages(rng, economy), *_business(rng, economy), *_property(rng, economy), *_transfers(rng, economy)]
    if economy.cover == DIBAO:
        lines.append(_dibao(rng, economy, target - net(lines)))
    poor = economy.story.below_line
    lines = _scaled(lines, target, _HOME if poor else (*_HOME, "wage.work"), 5 if poor else 75)
    if poor and net(lines) > target:
        lines = [each for each in lines if each.item not in _DISPENSABLE]
    missing = target - net(lines)
    if missing > 100_00:
        lines.append(_line(rng, "business.other" if economy.able else _SUPPORT, missing // 100))
    return tuple(each for each in lines if each.amount)


def net(lines: Sequence[IncomeLineDraft]) -> int:
    """All income less the costs, in fen."""
    return sum(-each.amount if each.item.startswith("cost.") else each.amount for each in lines)


def _scaled(lines: list[IncomeLineDraft], target: int, heads: tuple[str, ...], least: int) -> list[IncomeLineDraft]:
    """Items under ``heads`` made larger, or smaller down to ``least`` percent: all comes near ``target`` fen."""
    earned = net([each for each in lines if each.item.startswith(heads)])
    if earned <= 0:
        return lines
    wanted = target - (net(lines) - earned)
    percent = min(max(wanted * 100 // earned, least), 210)
    return [
        replace(each, amount=each.amount * percent // 10_000 * 100) if each.item.startswith(heads) else each
        for each in lines
    ]


def _wages(rng: Random, economy: Economy) -> list[IncomeLineDraft]:
    lines = []
    for each, name in zip(economy.people, economy.names, strict=True):
        if each.post_months:
            lines.append(
                _line(
                    rng,
                    "wage.post_village",
                    each.post_months * each.monthly,
                    name=name,
                    months=each.post_months,
                    monthly=each.monthly,
                    post=each.facts["post_kind"],
                )
            )
        elif each.months:
            lines.append(
                _line(rng, "wage.work", each.months * each.monthly, name=name, months=each.months, monthly=each.monthly)
            )
    return lines


def _business(rng: Random, economy: Economy) -> list[IncomeLineDraft]:
    lines = []
    if economy.farms and economy.arable:
        crop, yuan = one_of(rng, economy.scene.crops)
        sold = economy.arable * yuan * between(rng, 78, 118) // 10_000
        lines += [
            _line(rng, "business.crops", sold, crop=crop, mu=economy.arable / 100),
            _line(rng, "cost.crops", sold * between(rng, 28, 44) // 100),
        ]
    if economy.able and chance(rng, 0.45):
        sold = between(rng, 1430, 6870)
        lines += [
            _line(rng, "business.livestock", sold, stock=one_of(rng, economy.scene.stock)),
            _line(rng, "cost.livestock", sold * between(rng, 35, 58) // 100),
        ]
    return lines


def _property(rng: Random, economy: Economy) -> list[IncomeLineDraft]:
    lines = []
    if economy.story.below_line:
        return []
    if chance(rng, 0.55):
        lines.append(_line(rng, "property.dividend", between(rng, 183, 912)))
    if not economy.farms and economy.arable:
        lines.append(
            _line(rng, "property.land", economy.arable * between(rng, 310, 480) // 100, mu=economy.arable / 100)
        )
    return lines


def _transfers(rng: Random, economy: Economy) -> list[IncomeLineDraft]:
    elders = sum(each.age >= 60 for each in economy.people)
    disabled = sum(each.severe for each in economy.people)
    fen = {
        _PENSION: elders * between(rng, *economy.scene.pension) * 100,
        "transfer.disabled": disabled * between(rng, 6, 11) * 120_00,
        "transfer.soil": economy.arable * 67_32 // 100,
        "transfer.eco_returned": economy.returned * 125_00 // 100,
        "transfer.tekun": len(economy.people) * between(rng, 5340, 7980) * 100 if economy.cover == TEKUN else 0,
    }
    counts = {_PENSION: elders, "transfer.disabled": disabled, "transfer.tekun": len(economy.people)}
    mu = {"transfer.soil": economy.arable / 100, "transfer.eco_returned": economy.returned / 100}
    return [
        replace(_line(rng, item, 0, persons=counts.get(item, 0), mu=mu.get(item, 0.0)), amount=amount)
        for item, amount in fen.items()
        if amount
    ]


def _dibao(rng: Random, economy: Economy, gap: int) -> IncomeLineDraft:
    """The difference to what the household needs, as 低保 is paid, but neither a token nor above the usual."""
    persons = len(economy.people)
    yuan = min(max(gap // 100, _LEAST_DIBAO * persons), between(rng, *economy.scene.dibao) * persons)
    return _line(rng, _DIBAO, yuan // 12 * 12, persons=persons)


def _year_before(rng: Random, now: IncomeDraft, economy: Economy, today: date) -> IncomeDraft:
    """Last year's statement: the same sources, a little less of each, and only those who lived and drew then."""
    year = today.year - 1
    percent = between(rng, *_GROWTH.get(economy.story, (82, 98)))
    persons = sum(each.birth.year <= year for each in economy.people)
    elders = [each for each in economy.people if each.age >= 60]
    drew = sum(today.year - each.birth.year > 60 for each in elders)
    lines = [
        replace(each, amount=each.amount * percent // 10_000 * 100)
        if each.item != _PENSION
        else replace(each, amount=each.amount * drew // len(elders))
        for each in now.lines
    ]
    return replace(
        now,
        year=year,
        persons=persons,
        lines=tuple(replace(each, note="") for each in lines if each.amount),
        reckoned_on=date(year, 12, between(rng, 5, 27)),
        medical_paid=now.medical_paid * percent // 100,
    )


def _dated(income: IncomeDraft, pack: Pack, today: date) -> IncomeDraft:
    day = today if income.year == today.year else date(income.year, today.month, 1)
    starts, ends = period_bounds(pack, income.year, day)
    return replace(income, period=pack.income.period, starts_on=starts, ends_on=ends)


def _line(rng: Random, item: str, yuan: int, **facts: object) -> IncomeLineDraft:
    words = _words()[item]
    note, evidence = words["note"].format(**facts), one_of(rng, words["evidence"])
    return IncomeLineDraft(item, yuan * 100, note=note, evidence=evidence)


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, Any]]:
    with resources.path("demo", "income.toml").open("rb") as stream:
        tables = tomllib.load(stream)
    return {item: {**table, "evidence": tuple(table["evidence"])} for item, table in tables.items()}
