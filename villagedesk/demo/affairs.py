"""What a generated village has beside its households: figures, plan, projects, money, shares."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from villagedesk import resources
from villagedesk.demo.odds import between
from villagedesk.demo.stage import REASON, Stage
from villagedesk.drafts.money import AssetDraft, DonationDraft, FundDraft, PaymentDraft, ShareDraft
from villagedesk.drafts.project import ProjectDraft
from villagedesk.drafts.village import (
    ActivityDraft,
    ContactDraft,
    FacilityDraft,
    IndicatorDraft,
    PurchaseDraft,
    VillagePlanDraft,
)
from villagedesk.text import say

_HOLDERS = 12  # households that share the power station


class Affairs:
    """The village's own affairs before anybody exits. ``begin`` is the day the work begins."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._begin = stage.start

    def enter(self) -> None:
        """Figures of two years, registers, plan, projects under way and done, their money, one asset shared out."""
        self._stage.step(say("entering the village's affairs"), 0, 1)
        self._figures()
        plan = self._registers()
        fund = self._funds()
        for place, each in enumerate(_words()["projects"]):
            self._project(place, each, plan, fund)
        self._shares()

    def post(self) -> None:
        """Post what the scheme makes public: projects, money, effects, and who gets what of the asset."""
        desk, stage = self._stage.desk, self._stage
        projects = [row.project for row in desk.projects.all()]
        shared = [each for row in desk.assets.all() for each in row.distributions]
        about = (
            ("projects", "project_notice", [each.id for each in projects if each.state != "accepted"]),
            ("funds", "fund_notice", [row.fund.id for row in desk.funds.all()]),
            ("effects", "effect_notice", [each.id for each in projects if each.state == "accepted"]),
            ("shares", "share_notice", [each.id for each in shared]),
        )
        for kind, paper, ids in about:
            notice = desk.notices.draft(kind, stage.year, ids, REASON).records["notice"][0]
            desk.notices.plan_days(notice, desk.site.today(), REASON)
            stage.print(paper, [notice])
        stage.print("overview", [str(stage.year)])

    def _figures(self) -> None:
        desk, year = self._stage.desk, self._stage.year
        rng = Random(f"affairs/{self._stage.village.division.code}")  # noqa: S311  invented figures need no secrecy
        base = _base(rng, self._stage)
        for offset in (1, 0):
            counted = desk.indicators.counted(year - offset)
            figures = {**base, **counted, "collective_income": base["collective_income"] - offset * 14_300_00}
            if "poor_persons" in figures:
                figures["poverty_rate"] = _rate(figures["poor_persons"], figures["registered_population"])
            source = _words()["source"].format(year=year - offset)
            drafts = [IndicatorDraft(name=name, value=value, source=source) for name, value in figures.items()]
            desk.indicators.save(year - offset, drafts, REASON)

    def _registers(self) -> str:
        desk, words, year = self._stage.desk, _words(), self._stage.year
        team = self._stage.village.staff.team
        plan = VillagePlanDraft(
            year=year, responsible=team[0].name, agreed_on=date(year, 2, 20), agreed_by="村民代表会议", **words["plan"]
        )
        made = desk.book.save(plan, REASON).records["village_plan"][0]
        for each in words["facilities"]:
            desk.book.save(FacilityDraft(**each, caretaker=self._somebody(each["name"])), REASON)
        for each in words["contacts"]:
            desk.book.save(ContactDraft(**each, name=self._somebody(each["field"])), REASON)
        for place, each in enumerate(words["activities"]):
            held = self._begin - timedelta(days=30 * place + 7)
            desk.book.save(ActivityDraft(**each, held_on=held, place=words["place"]), REASON)
        for each in words["purchases"]:
            desk.book.save(PurchaseDraft(bought_on=self._begin - timedelta(days=20), **each), REASON)
        return made

    def _somebody(self, seed: str) -> str:
        committee = self._stage.village.staff.committee
        return committee[sum(map(ord, seed)) % len(committee)]

    def _funds(self) -> str:
        desk, words, year = self._stage.desk, _words(), self._stage.year
        for each in words["funds"]:
            fund = desk.funds.save(FundDraft(year=year, **each), REASON).records["fund"][0]
            arrived = PaymentDraft(fund_id=fund, way="in", on=date(year, 3, 15), amount=each["amount"] * 9 // 10)
            desk.funds.pay(arrived, REASON)
        for each in words["donations"]:
            desk.funds.donate(DonationDraft(on=min(date(year, 6, 30), self._begin), **each), REASON)
        return next(row.fund.id for row in desk.funds.all() if row.fund.title == words["funds"][0]["title"])

    def _project(self, place: int, words: dict[str, Any], plan: str, fund: str) -> None:
        desk, year = self._stage.desk, self._stage.year
        kept = {name: value for name, value in words.items() if name not in {"until", "done"}}
        unit = self._stage.village.division.township + "人民政府"
        draft = ProjectDraft(
            year=year, plan_id=plan, unit=unit, responsible=self._somebody(words["title"]),
            starts_on=date(year, 3, 20), ends_on=date(year, 10, 31), **kept,
        )  # fmt: skip
        project = desk.projects.save(draft, REASON).records["project"][0]
        for verb in ("approve", "start", "finish")[: words["until"]]:
            desk.projects.take(project, verb, self._begin - timedelta(days=20 - place), REASON)
        if words["until"] > 1:
            paid = PaymentDraft(fund_id=fund, project_id=project, on=self._begin - timedelta(days=10), use="05",
                                amount=words["amount"] * 6 // 10, payee="施工单位")  # fmt: skip
            desk.funds.pay(paid, REASON)
        if words["until"] > 2:
            desk.projects.take(project, "accept", self._begin, REASON, **words["done"])

    def _shares(self) -> None:
        desk, year, asset_words = self._stage.desk, self._stage.year, _words()["asset"]
        asset = desk.assets.save(AssetDraft(**asset_words), REASON).records["asset"][0]
        homes = [desk.households.get(row.id) for row in desk.households.all()[:_HOLDERS]]
        shares = [
            ShareDraft(asset_id=asset, year=year, household_id=home.id, shares=len(home.living), reason="01",
                       member_id=home.head.id if home.head else "")
            for home in homes
        ]  # fmt: skip
        desk.assets.hold(shares, REASON)
        desk.assets.reckon(asset, year, 86_437_29, 20_000_00, REASON)


def _base(rng: Random, stage: Stage) -> dict[str, int]:
    households = len(stage.village.households) * between(rng, 4, 6) + between(rng, 60, 140)
    population = households * 3 + between(rng, 10, 90)
    return {
        "households": households,
        "registered_population": population,
        "pension_persons": population * 6 // 10,
        "medical_persons": population * 99 // 100,
        "collective_income": between(rng, 196_240, 396_750) * 100,
        "dibao_households": between(rng, 9, 20),
        "dibao_persons": between(rng, 21, 38),
        "land_arable": households * between(rng, 900, 1200),
        **_words()["figures"],
    }


def _rate(poor: int, everybody: int) -> int:
    """Hundredths of a percent, half up, as rule V19 reckons it."""
    return (poor * 20_000 + everybody) // (2 * everybody)


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    with resources.path("demo", "village.toml").open("rb") as stream:
        return tomllib.load(stream)
