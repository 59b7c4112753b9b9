"""Monitoring against return into poverty: clues, recognition, watch, release, by the profile (DOMAIN §2.6, §5.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.days import last_day
from villagedesk.policy.pack import MonitoringRules
from villagedesk.policy.procedures import LOGIC_RULES, NoticeEvent, Procedure, carried, on_upheld, procedure
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.checks import household_files
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.event_course import Occasion
from villagedesk.services.events import fall_back
from villagedesk.services.following import Ballot
from villagedesk.services.households import last_known, one
from villagedesk.services.monitoring_facts import (
    OUT,
    RELEASE_ANEW,
    RELEASING,
    Known,
    as_after,
    blockers_of,
    demand_order,
    known_of,
)
from villagedesk.services.monitoring_timers import MonitoringRow, Timer, timers_of
from villagedesk.services.site import Site
from villagedesk.services.step_rules import StepRules
from villagedesk.store.work import Change, Work
from villagedesk.text import say

SOURCES = ("self", "visit", "department", "hotline", "media")
MOST_RISKS = 5
_DISASTER, OTHER = "04", "99"  # of the lists risk and disaster
_DATED = {
    "visit": "visited_on", "apply": "applied_on", "compare": "compared_on", "recognise": "recognised_on",
    "help": "helped_on", "end_approve": "ended_on", "end_naturally": "ended_on",
}  # fmt: skip
"""Step → the day it sets."""


class Monitoring:
    """The monitoring cases of a village. Profiles without monitoring refuse each verb in one sentence."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._heard = StepRules(site, "monitoring")

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
            self._step(work, _case(work.connection, case_id), verb, on, reason, values)
        return work.change

    def carry(self, work: Work, case_id: str, notice: NoticeDraft, event: NoticeEvent, on: date, reason: str) -> None:
        """Take the step that a notice takes along, if there is one."""
        case = _case(work.connection, case_id)
        verb = carried(self.procedure, case.state, notice.kind, event)
        if verb:
            self._step(work, case, verb, on, reason, _days(notice, event))

    def send_back(self, work: Work, case_id: str, reason: str) -> None:
        """An objection against the case was upheld."""
        case = _case(work.connection, case_id)
        verb = on_upheld(self.procedure, case.state)
        if verb:
            self._step(work, case, verb, self._site.today(), reason, {})

    def decide(self, work: Work, case_id: str, verb: str, meeting: EvaluationDraft, count: Ballot, reason: str) -> None:
        """Write down how a meeting voted, then take the step that rests on it; refused, the vote stays on record."""
        prefix = "out_" if _case(work.connection, case_id).state in OUT else ""
        voted = {
            "evaluation_id": meeting.id, "held_on": meeting.held_on, "due": meeting.due, "present": meeting.present,
            "votes_for": count.vote.agree, "votes_against": count.vote.against, "abstained": count.vote.abstain,
            "recused": count.recused,
        }  # fmt: skip
        work.put("monitoring", self._site.village, {prefix + name: value for name, value in voted.items()}, case_id)
        held = meeting.held_on or self._site.today()
        self._step(work, _case(work.connection, case_id), verb, held, reason, {})

    def _step(
        self, work: Work, stored: MonitoringDraft, verb: str, on: date, reason: str, values: Mapping[str, Any]
    ) -> None:
        demand_clock(self._site, work.connection)
        self._demand_past({_DATED.get(verb, ""): on, **values})
        day = {_DATED[verb]: on} if verb in _DATED else {}
        case = replace(stored, **{**values, **day})
        demand_order(stored, on)
        household = last_known(work.connection, case.household_id)
        known = known_of(self._site, work.connection, household)
        found = self._found(work.connection, case, known, on)
        state = self.procedure.advance(case.state, verb, found, reason)
        effect = self.procedure.effect(state)
        more = {"returned_reason": reason} if effect == "back" else {}
        seen = _seen(verb, known)
        anew = RELEASE_ANEW if stored.state in RELEASING and state not in RELEASING and not effect else {}
        put = {**values, **day, **more, **seen, **anew, "state": state}
        work.put("monitoring", self._site.village, put, stored.id)
        self._mark(work, case, verb, on, reason)

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
        household, today = last_known(connection, case.household_id), self._site.today()
        found = self._found(connection, case, known_of(self._site, connection, household), today)
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

    def _found(self, connection: Connection, case: MonitoringDraft, known: Known, on: date) -> tuple[Blocker, ...]:
        """What stands in the way of the steps that lead on, and what the rules say of the case after each of them."""
        found = blockers_of(self._site, connection, case, known, on)
        ways = [way for way in self.procedure.transitions if case.state in way.from_ and LOGIC_RULES in way.guards]
        for file in household_files(connection, self._site.village, [known.household.id]) if ways else ():
            for way in ways:
                after = as_after(file, replace(case, **_seen(way.key, known)), way.to, _DATED.get(way.key, ""), on)
                found += self._heard.of_file(connection, after, case.id, way.key)
        return found

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

    def _mark(self, work: Work, case: MonitoringDraft, verb: str, on: date, reason: str) -> None:
        """The household file shows the class while the household is watched; a fall back is an event of its own."""
        if verb == "recognise":
            work.put("household", self._site.village, {"monitoring_class": case.kind}, case.household_id)
        elif verb == "fall_back":
            work.put("household", self._site.village, {"monitoring_class": ""}, case.household_id)
            fall_back(self._site, work, case.household_id, Occasion(on, note=reason))
        elif self.procedure.effect(_target(self.procedure, verb)) == "closed" and not _file_closed(work, case):
            work.put("household", self._site.village, {"monitoring_class": ""}, case.household_id)


def _clue_problems(draft: MonitoringDraft, rules: MonitoringRules, today: date) -> Iterator[Problem]:
    if draft.clue_source not in SOURCES:
        yield Problem(say("Choose where the clue comes from."), "clue_source")
    if draft.found_on is None or draft.found_on > today:
        yield Problem(say("Enter the day of the clue; it cannot lie in the future."), "found_on")
    if draft.kind not in rules.classes:
        yield Problem(say("Choose the class of monitoring."), "kind")
    if not 1 <= len(draft.risks) <= MOST_RISKS or len(set(draft.risks)) < len(draft.risks):
        yield Problem(say("Name one to {most} risks.", most=MOST_RISKS), "risks")
    yield from _risk_problems(draft)
    if not draft.contact.strip():
        yield Problem(say("Name the person who stays in touch with the household."), "contact")


def _days(notice: NoticeDraft, event: NoticeEvent) -> Mapping[str, date | None]:
    """The days on the board that the case keeps: those of the posting, none once it is withdrawn."""
    prefix = "out_" if notice.kind == "monitoring_out" else ""
    if event == "post":
        return {f"{prefix}notice_from": notice.posted_on, f"{prefix}notice_until": notice.ends_on}
    return {f"{prefix}notice_from": None, f"{prefix}notice_until": None} if event == "withdraw" else {}


def _seen(verb: str, known: Known) -> Mapping[str, Any]:
    """The needs and the income of the day on which a household is recognised or found ready for release."""
    prefix = {"recognise": "", "end": "out_"}.get(verb)
    if prefix is None:
        return {}
    needs = tuple(f"{each.key}={each.result}" for each in known.assessments)
    reference = known.income.per_head_reference if known.income else None
    return {f"{prefix}needs": needs, f"{prefix}reference": reference}


def _risk_problems(draft: MonitoringDraft) -> Iterator[Problem]:
    """A disaster is named, and whatever is called "other" is told in words (DOMAIN §4.4)."""
    if _DISASTER in draft.risks and not draft.disaster:
        yield Problem(say("Choose which natural disaster it was."), "disaster")
    if OTHER in {*draft.risks, draft.disaster} and not draft.risk_note.strip():
        yield Problem(say("Say in plain words what the other risk is."), "risk_note")


def _file_closed(work: Work, case: MonitoringDraft) -> bool:
    """Whether the household is gone: its file is left as it is, writing into it would bring it back."""
    row = work.row("household", case.household_id)
    return row is None or bool(row["removed"])


def _target(steps: Procedure, verb: str) -> str:
    return next((way.to for way in steps.transitions if way.key == verb), steps.start)


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


def _case(connection: Connection, case_id: str) -> MonitoringDraft:
    found: Mapping[str, MonitoringDraft] = load(connection, "monitoring", [case_id])
    if case_id not in found:
        raise Refused(say("This record is not in the desk any more."))
    return found[case_id]
