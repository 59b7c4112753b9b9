"""Democratic evaluation (民主评议) by the profile's procedure; steps of other procedures rest on it (DOMAIN §5.8).

A matter is a step that the pack says is decided by a meeting, written ``procedure.step``. What the meeting votes on a
case is kept with the case, and the case takes its step with the vote; who does not carry stays and holds up nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.meeting_gates import MeetingFacts, meeting_blockers
from villagedesk.policy.procedures import Procedure, Step, procedure
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.exits import Taken
from villagedesk.services.following import Ballot, Deciding, cases_of
from villagedesk.services.households import last_known
from villagedesk.services.meetings import demand_sane, write_meeting
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say
from villagedesk.values import Step as Told
from villagedesk.values import each_told, group_order, no_step

EVALUATION = "evaluation"
_HOUSEHOLD = {"exit": "household_id", "monitoring": "household_id", "course": "subject_id"}


@dataclass(frozen=True)
class Subject:
    """A case on an agenda: its household, and how it was voted on, None before."""

    case_id: str
    household: HouseholdDraft
    ballot: Ballot | None


@dataclass(frozen=True)
class EvaluationRow:
    """A meeting in the list: what it decides, on whom, where it stands."""

    meeting: EvaluationDraft
    title: str
    state_title: str
    subjects: tuple[Subject, ...]
    steps: tuple[Step, ...]

    @property
    def open(self) -> bool:
        """Whether something leads on from here."""
        return bool(self.steps)


class Evaluations:
    """The meetings of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def procedure(self) -> Procedure:
        """The profile's democratic evaluation."""
        return procedure(self._site.profile, EVALUATION)

    def matters(self) -> Mapping[str, str]:
        """What a meeting can decide: matter → its title."""
        found = {}
        for key, rules in self._site.profile.procedures.items():
            for way in rules.transitions.values():
                if way.decided_by == EVALUATION and (key != "monitoring" or self._site.profile.monitoring):
                    found[f"{key}.{way.key}"] = f"{rules.title}：{way.title}"
        return found

    def waiting(self, matter: str, year: int) -> tuple[Subject, ...]:
        """The cases that a meeting on this matter would evaluate, by village group. A monitored case has no year."""
        kind, verb = self._way(matter)
        from_ = {state for way in procedure(self._site.profile, kind).transitions if way.key == verb
                 for state in way.from_}  # fmt: skip
        record = _record(kind)
        table = RECORDS[record].table
        with self._site.store.read() as connection:
            cases = load_where(connection, record, table.c.village == self._site.village).values()
            due = [
                each.id
                for each in cases
                if each.state in from_
                and getattr(each, "year", year) == year
                and getattr(each, "procedure", kind) == kind
            ]
            return self.subjects_of(connection, EvaluationDraft(matter=matter, subject_ids=tuple(due)))

    def call(self, draft: EvaluationDraft, reason: str) -> Change:
        """Call a meeting on the cases of its agenda. Raises Refused for none, or a day of calling that lies ahead."""
        problems = list(self._call_problems(draft))
        if problems:
            raise Refused(problems)
        with self._site.store.work("evaluation.call", reason) as work:
            fresh = replace(draft, state=self.procedure.start)
            work.put_draft("evaluation", self._site.village, fresh, new_id=self._site.store.ids())
        return work.change

    def take(self, meeting_id: str, verb: str, reason: str, **values: Any) -> Change:
        """Take a step of the meeting itself (hold, minute, file, recount, adjourn); ``values`` are its fields.

        Raises Refused naming blocker, field and remedy, or for a day ahead.
        """
        with self._site.store.work(f"evaluation.{verb}", reason) as work:
            self._step(work, meeting_id, verb, reason, values)
        return work.change

    def vote(self, meeting_id: str, ballots: Mapping[str, Ballot], reason: str, step: Told = no_step) -> Taken:
        """Write down the vote on every case of the agenda; who carries takes the step that rests on it.

        Raises Refused when a case was left out or a count does not add up; then nothing was written.
        """
        with self._site.store.work("evaluation.vote", reason) as work:
            meeting = self._step(work, meeting_id, "vote", reason, {}, ballots)
            refused = self._decide(work, meeting, ballots, reason, step)
        return Taken(work.change, refused)

    def record(self, draft: EvaluationDraft, ballots: Mapping[str, Ballot], reason: str, step: Told = no_step) -> Taken:
        """Write down at once a meeting that is over, with its votes; who carries takes the step that rests on it.

        A meeting to which too few came is kept as one that failed, and nobody goes on.
        """
        meeting = replace(draft, subject_ids=tuple(ballots))
        problems = [*self._call_problems(meeting), *_past({"held_on": meeting.held_on}, self._site.today())]
        if problems:
            raise Refused(problems)
        with self._site.store.work("evaluation.record", reason) as work:
            demand_clock(self._site, work.connection)
            for ballot in ballots.values():
                demand_sane(self._site, ballot.vote)
            held = write_meeting(self._site, work, meeting)
            refused = self._decide(work, held, ballots, reason, step)
        return Taken(work.change, refused)

    def all(self) -> tuple[EvaluationRow, ...]:
        """Every meeting, the newest first."""
        table = RECORDS[EVALUATION].table
        with self._site.store.read() as connection:
            found = load_where(connection, EVALUATION, table.c.village == self._site.village)
            rows = [self._row(connection, meeting) for meeting in found.values()]
        return tuple(reversed(rows))

    def _row(self, connection: Connection, meeting: EvaluationDraft) -> EvaluationRow:
        subjects = self.subjects_of(connection, meeting)
        votes = {each.case_id: each.ballot for each in subjects if each.ballot}
        found = self._blockers(connection, meeting, votes)
        title = self.procedure.states[meeting.state].title
        steps = self.procedure.next(meeting.state, found)
        return EvaluationRow(meeting, self.matters().get(meeting.matter, meeting.matter), title, subjects, steps)

    def _step(
        self, work: Work, meeting_id: str, verb: str, reason: str, values: Mapping[str, Any],
        ballots: Mapping[str, Ballot] | None = None,
    ) -> EvaluationDraft:  # fmt: skip
        demand_clock(self._site, work.connection)
        ahead = list(_past(values, self._site.today()))
        if ahead:
            raise Refused(ahead)
        meeting = replace(meeting_of(work.connection, meeting_id), **values)
        known = ballots if ballots is not None else self._ballots(work.connection, meeting)
        state = self.procedure.advance(meeting.state, verb, self._blockers(work.connection, meeting, known), reason)
        back = {"returned_reason": reason} if self.procedure.effect(state) == "back" else {}
        work.put(EVALUATION, self._site.village, {**values, **back, "state": state}, meeting_id)
        return replace(meeting, state=state)

    def _decide(
        self, work: Work, meeting: EvaluationDraft, ballots: Mapping[str, Ballot], reason: str, step: Told
    ) -> Mapping[str, Refused]:
        kind, verb = self._way(meeting.matter)
        cases = cases_of(self._site, _record(kind))
        refused: dict[str, Refused] = {}
        for case_id, ballot in each_told(tuple(ballots.items()), step):
            try:
                if isinstance(cases, Deciding):
                    cases.decide(work, case_id, verb, meeting, ballot, reason)
            except Refused as refusal:
                refused[case_id] = refusal
        return refused

    def _blockers(
        self, connection: Connection, meeting: EvaluationDraft, ballots: Mapping[str, Ballot]
    ) -> tuple[Blocker, ...]:
        votes = {case: ballot.vote for case, ballot in ballots.items()}
        gone = self._gone_on(connection, meeting)
        return meeting_blockers(MeetingFacts(self._site.profile, meeting, votes, gone))

    def _gone_on(self, connection: Connection, meeting: EvaluationDraft) -> int:
        kind, verb = self._way(meeting.matter)
        way = procedure(self._site.profile, kind)
        before = {state for each in way.transitions if each.key == verb for state in each.from_}
        cases = load(connection, _record(kind), list(meeting.subject_ids)).values()
        return sum(case.state not in before and way.effect(case.state) != "back" for case in cases)

    def _ballots(self, connection: Connection, meeting: EvaluationDraft) -> Mapping[str, Ballot]:
        return {each.case_id: each.ballot for each in self.subjects_of(connection, meeting) if each.ballot}

    def subjects_of(self, connection: Connection, meeting: EvaluationDraft) -> tuple[Subject, ...]:
        """The cases of a meeting with their votes, by village group, inside a transaction."""
        record = _record(meeting.matter.partition(".")[0])
        cases = load(connection, record, list(meeting.subject_ids))
        homes = {key: getattr(case, _HOUSEHOLD[record]) for key, case in cases.items()}
        known = load(connection, "household", sorted(set(homes.values())))
        found = [
            Subject(key, known.get(homes[key]) or last_known(connection, homes[key]), _ballot(case, meeting))
            for key, case in cases.items()
        ]
        return tuple(sorted(found, key=lambda each: (*group_order(each.household.group), each.household.no)))

    def _way(self, matter: str) -> tuple[str, str]:
        if matter not in self.matters():
            raise Refused([Problem(say("No step of this policy rests on a meeting on “{matter}”.", matter=matter),
                                   "matter")])  # fmt: skip
        kind, _, verb = matter.partition(".")
        return kind, verb

    def _call_problems(self, draft: EvaluationDraft) -> Iterator[Problem]:
        self._way(draft.matter)
        if not draft.subject_ids:
            yield Problem(say("Choose the households that the meeting is to evaluate."), "subject_ids")
        yield from _past({"called_on": draft.called_on}, self._site.today())


def meeting_of(connection: Connection, meeting_id: str) -> EvaluationDraft:
    """The draft of a meeting. Raises Refused when it is not here."""
    found: Mapping[str, EvaluationDraft] = load(connection, EVALUATION, [meeting_id])
    if meeting_id not in found:
        raise Refused(say("This record is not in the desk any more."))
    return found[meeting_id]


def _record(kind: str) -> str:
    """The kind of record whose procedure it is."""
    return kind if kind in {"exit", "monitoring"} else "course"


def _ballot(case: Any, meeting: EvaluationDraft) -> Ballot | None:
    """How this meeting voted on a case, None while it has not."""
    for prefix in ("", "out_"):
        if meeting.id and getattr(case, f"{prefix}evaluation_id", "") == meeting.id:
            names = ("votes_for", "votes_against", "abstained", "recused")
            agree, against, abstain, recused = (getattr(case, prefix + name) for name in names)
            return Ballot.counted(meeting, agree, against, abstain, recused)
    return None


def _past(values: Mapping[str, Any], today: date) -> Iterator[Problem]:
    for name, day in values.items():
        if isinstance(day, date) and day > today:
            yield Problem(say("A step is dated in the future. Correct the date."), name)
