"""What is known of a monitored household, and what stands in the way of its case on a day (DOMAIN §5.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft, IncomeDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.checks.file import HouseholdFile
from villagedesk.policy.criteria import Assessment, assess
from villagedesk.policy.income import IncomeResult, Line, monitoring_line, reckon
from villagedesk.policy.monitoring_gates import MonitoringFacts, monitoring_blockers
from villagedesk.policy.notices import notice_findings
from villagedesk.policy.quorum import Vote, heads, quorum_problems
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.objected import open_against
from villagedesk.services.site import Site
from villagedesk.text import Text, say

RELEASING = frozenset({"ending", "ending_evaluated", "ending_posted"})
"""States in which the release is under way."""

ENDED = "ended"

OUT = RELEASING | {"helped"}
"""States in which votes and notice are those of the release."""

RELEASE_ANEW: Mapping[str, Any] = MappingProxyType({
    "out_evaluation_id": "", "out_held_on": None, "out_due": 0, "out_present": 0, "out_votes_for": 0,
    "out_votes_against": 0, "out_abstained": 0, "out_recused": "", "out_notice_from": None, "out_notice_until": None,
})  # fmt: skip
"""What a household that stays under watch after all leaves behind: the next release has its own meeting and notice."""

_GIVEN_UP = frozenset({"declined", "withdrawn"})  # states of a measure
_ORDER = (
    "found_on", "visited_on", "applied_on", "compared_on", "held_on", "notice_from", "recognised_on", "helped_on",
    "out_held_on", "out_notice_from", "ended_on",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A household with its newest statement reckoned, the line, how many measures stand, and its needs."""

    household: HouseholdDraft
    income: IncomeResult | None
    line: Line | None
    measures: int
    assessments: tuple[Assessment, ...]


def known_of(site: Site, connection: Connection, household: HouseholdDraft) -> Known:
    """What the files say of a household today."""
    profile, today, province = site.profile, site.today(), site.village[:2]
    statement = _newest_income(connection, household.id)
    return Known(
        household,
        reckon(statement, profile) if statement and statement.persons else None,
        monitoring_line(profile, statement.year, province) if statement else None,
        _measures(connection, household.id),
        assess(profile, household, statement, today.year, today, province=province),
    )


def blockers_of(
    site: Site, connection: Connection, case: MonitoringDraft, known: Known, on: date
) -> tuple[Blocker, ...]:
    """What stands in the way of a step of the case on that day."""
    out = case.state in OUT
    facts = MonitoringFacts(
        site.profile, known.household, on, case.recognised_on, known.income, known.line, known.measures,
        known.assessments,
    )  # fmt: skip
    return (
        *monitoring_blockers(facts),
        *_meeting(site, case, out),
        *_notice(site, case, on, out),
        *_objections(site, connection, case),
    )


def as_after(file: HouseholdFile, case: MonitoringDraft, state: str, dated: str, on: date) -> HouseholdFile:
    """The household as it would be after a step: what leads to the end of the risk is judged as its end."""
    ended = state in RELEASING
    days: dict[str, Any] = {dated or "ended_on": on} if dated or ended else {}
    after = replace(case, **{**days, "state": ENDED if ended else state})
    others = tuple(each for each in file.monitoring if each.id != case.id)
    household = replace(file.household, monitoring_class=file.household.monitoring_class or case.kind)
    return replace(file, household=household, monitoring=(after, *others))


def demand_order(case: MonitoringDraft, on: date) -> None:
    """Raise Refused for a step dated before one that was taken already."""
    past = [day for name in _ORDER if (day := getattr(case, name)) is not None]
    if past and on < max(past):
        text = say("The step before was taken on {day}. Correct the date.", day=max(past).isoformat())
        raise Refused([Problem(text, "on")])


def _objections(site: Site, connection: Connection, case: MonitoringDraft) -> Iterator[Blocker]:
    count = open_against(site, connection, case.id) if case.id else 0
    if count:
        text = say("{count} {count:objection is|objections are} open.", count=count)
        yield _hard("objections", text, "objections", say("Look into them, answer and close them."))


def _meeting(site: Site, case: MonitoringDraft, out: bool) -> Iterator[Blocker]:
    held, vote = (case.out_held_on, _vote(case, "out_")) if out else (case.held_on, _vote(case, ""))
    if held is None:
        text = say("The villagers' meeting has not evaluated the household.")
        yield _hard("evaluation", text, "held_on", say("Hold the meeting and enter its numbers."))
        return
    for problem in quorum_problems(site.profile.quorum, vote):
        yield _hard("evaluation", problem.text, problem.field, say("Enter the meeting that decided."))


def _notice(site: Site, case: MonitoringDraft, on: date, out: bool) -> Iterator[Blocker]:
    kind = site.profile.notices["monitoring_out" if out else "monitoring_in"]
    stage = next(iter(kind.stages.values()))
    start, end = (case.out_notice_from, case.out_notice_until) if out else (case.notice_from, case.notice_until)
    for finding in notice_findings(stage, start, end, on, site.profile.days):
        yield _hard("notice_period", *finding)


def _measures(connection: Connection, household_id: str) -> int:
    """How many measures of the household's plans stand."""
    table = RECORDS["plan"].table
    plans = load_where(connection, "plan", table.c.household_id == household_id).values()
    return sum(measure.state not in _GIVEN_UP for plan in plans for measure in plan.measures)


def _newest_income(connection: Connection, household_id: str) -> IncomeDraft | None:
    table = RECORDS["income"].table
    found = load_where(connection, "income", table.c.household_id == household_id).values()
    return max(found, key=lambda income: (income.year, income.ends_on or date.min), default=None)


def _vote(case: MonitoringDraft, prefix: str) -> Vote:
    names = ("due", "present", "votes_for", "votes_against", "abstained")
    due, present, agree, against, abstain = (getattr(case, prefix + name) for name in names)
    return Vote(due, present, agree, against, abstain, heads(getattr(case, f"{prefix}recused")))


def _hard(key: str, text: Text, where: str, remedy: Text) -> Blocker:
    return Blocker(key, True, text, where, remedy)
