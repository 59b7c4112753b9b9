"""The demonstration's team visits its village: a log of visits, days written down, two concerns on their way."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from villagedesk import resources
from villagedesk.demo.stage import REASON, Stage
from villagedesk.drafts.concern import ComplainantDraft, ConcernDraft
from villagedesk.drafts.duty import WorkdayDraft
from villagedesk.drafts.team import VisitDraft
from villagedesk.errors import Refused
from villagedesk.text import say

_A_DAY = 6  # visits a member makes on one day
_SKIPPED = 7  # every so many households were not visited yet


class Visiting:
    """What a team writes down in the weeks before the exits."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def visit(self) -> None:
        """Most households were visited by a member of the team, on the days before the work began."""
        team, words = self._stage.village.staff.team, _words()
        for place, each in self._stage.counted(say("entering visits")):
            if place % _SKIPPED == _SKIPPED - 1:
                continue
            household = self._stage.desk.households.by_no(each.draft.no)
            went = place // _A_DAY
            said = words["visits"][place % len(words["visits"])]
            day = self._stage.start - timedelta(days=went % 28 + 1)
            promised = bool(said.get("promise"))
            self._stage.desk.visits.save(
                VisitDraft(
                    household_id=household.id,
                    visitor=team[went % len(team)].name,
                    companion=team[(went + 1) % len(team)].name,
                    visited_on=day,
                    met=household.head.name if household.head else "",
                    heard=said["heard"],
                    problem=said.get("problem", ""),
                    promise=said.get("promise", ""),
                    promise_due=day + timedelta(days=60) if promised else None,
                ),
                REASON,
            )

    def write_days(self) -> None:
        """The month before the work began, day by day, in each member's own words."""
        desk, words = self._stage.desk, _words()["days"]
        last = self._stage.start.replace(day=1) - timedelta(days=1)
        for place, member in enumerate(desk.team.serving()):
            for number in range(1, last.day + 1):
                day = date(last.year, last.month, number)
                kind = "3" if day.weekday() == 6 or number == 15 + place else "2" if number % 11 == place else "1"
                work = words[(number + place) % (len(words) - 1)] if kind == "1" else words[-1] if kind == "2" else ""
                desk.duty.write(WorkdayDraft(staff_id=member.id, day=day, kind=kind, work=work), REASON)

    def carry_out(self) -> None:
        """One household in three has a measure under way, with a word on its progress and a first payment."""
        desk, start = self._stage.desk, self._stage.start
        for place, each in self._stage.counted(say("carrying out measures")):
            if place % 3:
                continue
            household = desk.households.by_no(each.draft.no)
            plan = next((plan for plan in desk.plans.of_household(household.id) if plan.agreed_on), None)
            measure = plan.measures[0] if plan and plan.measures else None
            if measure is None or measure.wish_kind == "01":
                continue
            try:
                desk.plans.start(measure.id, start, REASON)
            except Refused:
                continue  # a wish or a fact is missing; the measure waits, as it would in a village
            desk.measures.record(measure.id, REASON, approved_on=start, progress="已落实，户里满意")
            if measure.amount:
                desk.measures.pay(measure.id, measure.amount // 2, start, "一卡通发放凭证", REASON)

    def hear(self) -> None:
        """Two concerns: one answered and closed, one under way."""
        concerns, start = self._stage.desk.concerns, self._stage.start
        handler = self._stage.village.staff.team[0].name
        for number, said in enumerate(_words()["concerns"]):
            draft = ConcernDraft(
                received_on=start - timedelta(days=5), channel=said["channel"], topic=said["topic"], text=said["text"]
            )
            who = ComplainantDraft(name="钱试用", contact="村口小店") if number else None
            concern = concerns.register(draft, who, REASON).records["concern"][0]
            concerns.take(concern, "accept", REASON, handler=handler)
            if not number:
                concerns.take(concern, "handle", REASON, found=said["found"])
                concerns.take(concern, "answer", REASON, opinion=said["answer"], answered_on=start)
                concerns.take(concern, "close", REASON)


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    with resources.path("demo", "visits.toml").open("rb") as stream:
        return tomllib.load(stream)
