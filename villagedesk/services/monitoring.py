"""Monitoring against return into poverty: clues, recognition, watch, release, by the profile (DOMAIN §2.6, §5.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft, IncomeDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.criteria import Assessment, assess
from villagedesk.policy.days import last_day
from villagedesk.policy.gates import MonitoringFacts, monitoring_blockers
from villagedesk.policy.income import IncomeResult, monitoring_line, reckon
from villagedesk.policy.notices import notice_findings
from villagedesk.policy.pack import MonitoringRules
from villagedesk.policy.procedures import Procedure, procedure
from villagedesk.policy.quorum import Vote, quorum_problems
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.event_course import Occasion
from villagedesk.services.events import fall_back
from villagedesk.services.households import one
from villagedesk.services.monitoring_timers import MonitoringRow, Timer, timers_of
from villagedesk.services.objections import open_count
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import Text, say

SOURCES = ("self", "visit", "department", "hotline", "media")
MOST_RISKS = 5
_GIVEN_UP = frozenset({"declined", "withdrawn"})  # states of a measure
_DATED = {
    "visit": "visited_on", "apply": "applied_on", "compare": "compared_on", "recognise": "recognised_on",
    "help": "helped_on", "end_approve": "ended_on", "end_naturally": "ended_on",
}  # fmt: skip
"""Step → the day it sets."""
_OUT = frozenset({"helped", "ending", "ending_posted"})  # states in which the release is under way


class Monitoring:
    """The monitoring cases of a village. Profiles without monitoring refuse each verb in one sentence."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def procedure(self) -> Procedure:
        """The profile's monitoring. Raises Refused when the profile has none."""
        _ = self._rules
        return procedure(self._site.profile, "monitoring")

    def open(self, draft: MonitoringDraft, reason: str) -> Change:
        """Write down a clue. A household has one open case at a time."""
        problems = list(_clue_problems(draft, self._rules, self._site.today()))
        with self._site.store.work("monitoring.open", reason) as work:
            one(work.connection, draft.household_id)
            rows = work.rows("monitoring", household_id=draft.household_id)
            if any(not self.procedure.effect(row["state"]) for row in rows):
                problems.append(Problem(say("The household is being monitored already."), "household_id"))
            if problems:
                raise Refused(problems)
            profile = self._site.profile
            fresh = replace(draft, state=self.procedure.start, profile=profile.id, profile_version=profile.version)
            work.put_draft("monitoring", self._site.village, fresh, new_id=self._site.store.ids())
        return work.change

    def take(self, case_id: str, verb: str, on: date, reason: str, **values: Any) -> Change:
        """Take one step of the procedure on a day; ``values`` are fields set with it.

        Recognition and release write down the needs and the reference income of that day. Raises Refused naming
        blocker, field and remedy.
        """
        with self._site.store.work(f"monitoring.{verb}", reason) as work:
            demand_clock(self._site, work.connection)
            self._demand_past({_DATED.get(verb, ""): on, **values})
            stored = _case(work.connection, case_id)
            day = {_DATED[verb]: on} if verb in _DATED else {}
            case = replace(stored, **{**values, **day})
            household = one(work.connection, case.household_id)
            income = self._income(work.connection, case.household_id)
            found = self._blockers(work.connection, case, household, income)
            state = self.procedure.advance(case.state, verb, found, reason)
            effect = self.procedure.effect(state)
            more = {"returned_reason": reason} if effect == "back" else {}
            seen = self._seen(verb, household, income)
            work.put("monitoring", self._site.village, {**values, **day, **more, **seen, "state": state}, case_id)
            self._mark(work, case, verb, on, reason)
        return work.change

    def get(self, case_id: str) -> MonitoringDraft:
        """One case. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return _case(connection, case_id)

    def all(self) -> tuple[MonitoringRow, ...]:
        """Every case of the village, in order of opening."""
        table = RECORDS["monitoring"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "monitoring", table.c.village == self._site.village).values()
            return tuple(self._row(connection, case) for case in found)

    def timers(self) -> tuple[Timer, ...]:
        """What is due for the open cases, the earliest first; empty where the profile has no monitoring."""
        if self._site.profile.monitoring is None:
            return ()
        today = self._site.today()
        found = [timer for row in self.all() for timer in timers_of(row, self._rules, today)]
        return tuple(sorted(found, key=lambda timer: timer.due_on))

    @property
    def _rules(self) -> MonitoringRules:
        rules = self._site.profile.monitoring
        if rules is None:
            raise Refused(say("This policy has no monitoring. The township adds it to the profile."))
        return rules

    def _row(self, connection: Connection, case: MonitoringDraft) -> MonitoringRow:
        household, today = one(connection, case.household_id), self._site.today()
        found = self._blockers(connection, case, household, self._income(connection, household.id))
        table = RECORDS["visit"].table
        visits = load_where(connection, "visit", table.c.household_id == household.id).values()
        last = max((visit.visited_on for visit in visits if visit.visited_on), default=None)
        effect = self.procedure.effect(case.state)
        return MonitoringRow(
            case=case,
            household=household,
            state_title=self.procedure.states[case.state].title,
            steps=self.procedure.next(case.state, found),
            days_since_found=(today - case.found_on).days if case.found_on else None,
            recognise_by=self._recognise_by(case),
            months_watched=_months(case.recognised_on, case.ended_on or today) if case.recognised_on else None,
            days_since_visit=(today - last).days if last else None,
            open=not effect,
        )

    def _recognise_by(self, case: MonitoringDraft) -> date | None:
        rules = self._rules
        if case.found_on is None:
            return None
        days = rules.days_to_recognition
        return last_day(case.found_on, days, "exclude_first", rules.day_kind, self._site.profile.days)

    def _demand_past(self, dates: Mapping[str, Any]) -> None:
        """Nothing that has happened lies ahead; only a notice may hang until a later day."""
        for name, day in dates.items():
            if isinstance(day, date) and day > self._site.today() and not name.endswith("notice_until"):
                raise Refused([Problem(say("A step is dated in the future. Correct the date."), name)])

    def _blockers(
        self, connection: Connection, case: MonitoringDraft, household: HouseholdDraft, income: IncomeDraft | None
    ) -> tuple[Blocker, ...]:
        profile, today = self._site.profile, self._site.today()
        line = monitoring_line(profile, income.year, self._site.village[:2]) if income else None
        facts = MonitoringFacts(
            profile,
            household,
            today,
            case.recognised_on,
            self._reckoned(income),
            line,
            self._measures(connection, household.id),
            self._assessed(household, income),
        )
        out = case.state in _OUT
        raised = self._objections(connection, case)
        return (*monitoring_blockers(facts), *self._meeting(case, out), *self._notice(case, out), *raised)

    def _objections(self, connection: Connection, case: MonitoringDraft) -> Iterator[Blocker]:
        about = load_where(connection, "objection", RECORDS["objection"].table.c.case_id == case.id).values()
        count = open_count(self._site, about)
        if count:
            text = say("{count} objections are open.", count=count)
            yield _hard("objections", text, "objections", say("Look into them, answer and close them."))

    def _meeting(self, case: MonitoringDraft, out: bool) -> Iterator[Blocker]:
        held, vote = (case.out_held_on, _vote(case, "out_")) if out else (case.held_on, _vote(case, ""))
        if held is None:
            text = say("The villagers' meeting has not evaluated the household.")
            yield _hard("evaluation", text, "held_on", say("Hold the meeting and enter its numbers."))
            return
        for problem in quorum_problems(self._site.profile.quorum, vote):
            yield _hard("evaluation", problem.text, problem.field, say("Enter the meeting that decided."))

    def _notice(self, case: MonitoringDraft, out: bool) -> Iterator[Blocker]:
        kind = self._site.profile.notices["monitoring_out" if out else "monitoring_in"]
        stage = next(iter(kind.stages.values()))
        start, end = (case.out_notice_from, case.out_notice_until) if out else (case.notice_from, case.notice_until)
        for finding in notice_findings(stage, start, end, self._site.today(), self._site.profile.days):
            yield _hard("notice_period", *finding)

    def _seen(self, verb: str, household: HouseholdDraft, income: IncomeDraft | None) -> dict[str, Any]:
        """The needs and the income of the day on which a household is recognised or found ready for release."""
        prefix = {"recognise": "", "end": "out_"}.get(verb)
        if prefix is None:
            return {}
        result = self._reckoned(income)
        needs = tuple(f"{each.key}={each.result}" for each in self._assessed(household, income))
        return {f"{prefix}needs": needs, f"{prefix}reference": result.per_head_reference if result else None}

    def _mark(self, work: Work, case: MonitoringDraft, verb: str, on: date, reason: str) -> None:
        """The household file shows the class while the household is watched; a fall back is an event of its own."""
        if verb == "recognise":
            work.put("household", self._site.village, {"monitoring_class": case.kind}, case.household_id)
        elif verb == "fall_back":
            work.put("household", self._site.village, {"monitoring_class": ""}, case.household_id)
            fall_back(self._site, work, case.household_id, Occasion(on, note=reason))
        elif self.procedure.effect(_target(self.procedure, verb)) == "closed":
            work.put("household", self._site.village, {"monitoring_class": ""}, case.household_id)

    def _measures(self, connection: Connection, household_id: str) -> int:
        """How many measures of the household's plans stand."""
        table = RECORDS["plan"].table
        plans = load_where(connection, "plan", table.c.household_id == household_id).values()
        return sum(measure.state not in _GIVEN_UP for plan in plans for measure in plan.measures)

    def _income(self, connection: Connection, household_id: str) -> IncomeDraft | None:
        """The newest statement."""
        table = RECORDS["income"].table
        found = load_where(connection, "income", table.c.household_id == household_id).values()
        return max(found, key=lambda income: (income.year, income.ends_on or date.min), default=None)

    def _reckoned(self, income: IncomeDraft | None) -> IncomeResult | None:
        return reckon(income, self._site.profile) if income and income.persons else None

    def _assessed(self, household: HouseholdDraft, income: IncomeDraft | None) -> tuple[Assessment, ...]:
        today = self._site.today()
        return assess(self._site.profile, household, income, today.year, today, province=self._site.village[:2])


def _clue_problems(draft: MonitoringDraft, rules: MonitoringRules, today: date) -> Iterator[Problem]:
    if draft.clue_source not in SOURCES:
        yield Problem(say("Choose where the clue comes from."), "clue_source")
    if draft.found_on is None or draft.found_on > today:
        yield Problem(say("Enter the day of the clue; it cannot lie in the future."), "found_on")
    if draft.kind not in rules.classes:
        yield Problem(say("Choose the class of monitoring."), "kind")
    if not 1 <= len(draft.risks) <= MOST_RISKS or len(set(draft.risks)) < len(draft.risks):
        yield Problem(say("Name one to {most} risks.", most=MOST_RISKS), "risks")
    if not draft.contact.strip():
        yield Problem(say("Name the person who stays in touch with the household."), "contact")


def _target(steps: Procedure, verb: str) -> str:
    return next((way.to for way in steps.transitions if way.key == verb), steps.start)


def _vote(case: MonitoringDraft, prefix: str) -> Vote:
    names = ("due", "present", "votes_for", "votes_against", "abstained")
    return Vote(*(getattr(case, prefix + name) for name in names))


def _hard(key: str, text: Text, where: str, remedy: Text) -> Blocker:
    return Blocker(key, True, text, where, remedy)


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


def _case(connection: Connection, case_id: str) -> MonitoringDraft:
    found: Mapping[str, MonitoringDraft] = load(connection, "monitoring", [case_id])
    if case_id not in found:
        raise Refused(say("This record is not in the desk any more."))
    return found[case_id]
