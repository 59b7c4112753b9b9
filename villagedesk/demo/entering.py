"""The demonstration enters its village: roster, team, income statements, wishes and plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from villagedesk.demo.households import GeneratedHousehold
from villagedesk.demo.stage import REASON, Stage
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.durable import write_whole
from villagedesk.text import say


class Entering:
    """Everything that is on file before anybody exits."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def set_up(self, roster: Path, recovery: str) -> None:
        """Import the roster; helpers, pairings and the team; this and last year's income statements."""
        desk, made = self._stage.desk, self._stage.made
        write_whole(made.folder / "recovery.pdf", [desk.recovery_sheet(recovery)])
        self._stage.step(say("importing the roster"), 0, 1)
        preview = desk.rosters.preview(roster, year=self._stage.year)
        desk.rosters.take(preview, roster.name)
        made.households, made.members = preview.households["new"], preview.members["new"]
        staff = self._stage.village.staff
        helpers = [desk.team.save_helper(helper, REASON).records["helper"][0] for helper in staff.helpers]
        for member in staff.team:
            desk.team.save_member(member, REASON)
        for place, each in self._stage.counted(say("entering income statements")):
            household = desk.households.by_no(each.draft.no)
            helper = helpers[staff.helpers.index(self._stage.village.helper_of(place))]
            desk.team.pair(household.id, helper, self._stage.start, REASON)
            for income in each.incomes:
                counted = income.persons == len(household.living)
                note = income.note if counted else income.note or "按当时在册人数计算"
                draft = replace(income, household_id=household.id, locked_on=None, note=note)
                change = desk.households.save_income(draft, REASON)
                if income.year < self._stage.year or each.story.planned_now:
                    desk.households.lock_income(change.records["income"][0], REASON)

    def plan(self) -> None:
        """Ask each household what it wishes, draw up its plan and have it agree."""
        for place, each in self._stage.counted(say("drawing up plans")):
            household = self._stage.desk.households.by_no(each.draft.no)
            wishes = [self._wish(household.id, household.members, each, n) for n in range(len(each.offers))]
            for wish in wishes:
                if wish is not None:
                    self._stage.desk.wishes.save(wish, REASON)
            helper = self._stage.village.helper_of(place).name
            plan, plans = self._plan(household.id, household.members, each, helper), self._stage.desk.plans
            saved = [plans.save(self._spanning(plan, span), REASON).records["plan"][0] for span in plans.horizons]
            for plan_id in saved:
                if not plans.check(plans.get(plan_id)):
                    head = household.head.name if household.head else ""
                    plans.agree(plan_id, head, self._stage.start, "", REASON)
                    self._stage.made.plans += plans.get(plan_id).horizon == "year"

    def _spanning(self, plan: PlanDraft, horizon: str) -> PlanDraft:
        """The plan of the whole term names what will be done; the money stands in the plan of the year."""
        if horizon == "year":
            return plan
        until = self._stage.desk.profile.pack.valid_to
        lines = tuple(replace(each, amount=0, source="", due_on=until) for each in plan.measures)
        return replace(plan, horizon=horizon, measures=lines)

    def _wish(self, household_id: str, members: Sequence[object], each: GeneratedHousehold, n: int) -> WishDraft | None:
        offer = each.offers[n]
        if not offer.wish and n:
            return None
        member = self._member(members, offer.member)
        rule = self._stage.desk.profile.wishes.get(offer.wish or "99")
        return WishDraft(
            household_id=household_id,
            member_id=member,
            kind=offer.wish or "99",
            asked_on=self._stage.start - timedelta(days=10),
            asked_by=self._stage.village.staff.team[0].name,
            second_asker=self._stage.village.staff.team[1].name,
            place="家中",
            language="汉语",
            alternatives=offer.alternatives or "无需离开本村",
            answer=offer.answer or "1",
            own_words=offer.own_words or "愿意",
            conditions=offer.own_words if offer.answer == "3" else "",
            mark="signature",
            copy_given=True,
            cooling_days=rule.cooling_days if rule else 7,
        )

    def _plan(self, household_id: str, members: Sequence[object], each: GeneratedHousehold, helper: str) -> PlanDraft:
        measures = tuple(
            MeasureDraft(
                member_id=self._member(members, offer.member),
                category=self._category(offer.family, offer.cause),
                wish_kind=offer.wish,
                cause=offer.cause,
                content=offer.text,
                responsible=helper,
                amount=offer.amount,
                source=offer.source,
                due_on=date(self._stage.year, 12, 31),
            )
            for offer in each.offers
            if offer.wanted
        )
        livelihood = next((measure.content for measure in measures if measure.cause not in {"01", "02"}), "")
        return PlanDraft(
            household_id=household_id,
            year=self._stage.year,
            livelihood=livelihood,
            goals="收入稳定，生活有保障",
            responsible=helper,
            measures=measures,
        )

    def _category(self, family: str, cause: str) -> str:
        categories = self._stage.desk.profile.measures
        fitting = [key for key, found in categories.items() if found.for_household]
        by_family = [key for key in fitting if family in categories[key].families or family == key]
        by_cause = [key for key in fitting if cause in categories[key].causes]
        return next(iter([*by_family, *by_cause, *fitting]))

    def _member(self, members: Sequence[object], place: int | None) -> str:
        return getattr(members[place or 0], "id", "") if members else ""
