"""The exit of the village by its profile's indicators, each figure with its source (DOMAIN §5.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.village import IndicatorDraft
from villagedesk.drafts.village_exit import VillageExitDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.checks.file import HouseholdFile, VillageFile
from villagedesk.policy.criteria import Assessment
from villagedesk.policy.indicators import indicators
from villagedesk.policy.notices import notice_findings
from villagedesk.policy.procedures import NoticeEvent, Procedure, Step, carried, on_upheld, procedure
from villagedesk.policy.village import assess_village, village_blockers
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.indicators import indicators_of
from villagedesk.services.objected import open_against
from villagedesk.services.site import Site
from villagedesk.services.step_rules import StepRules
from villagedesk.store.work import Change, Work
from villagedesk.text import say

_YUAN = "元"
_DATED = {"apply": "applied_on", "approve": "approved_on", "announce": "announced_on"}


@dataclass(frozen=True)
class VillageExitRow:
    """A village exit with its indicators held against the profile."""

    case: VillageExitDraft
    state_title: str
    assessments: tuple[Assessment, ...]
    steps: tuple[Step, ...]


class Villages:
    """The exits of this desk's village."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._rules = StepRules(site, "village_exit")

    @property
    def procedure(self) -> Procedure:
        """The profile's exit of a village."""
        return procedure(self._site.profile, "village_exit")

    @property
    def fields(self) -> tuple[str, ...]:
        """The figures the profile's indicators ask for."""
        named = [name for each in self._site.profile.village_exit.values() for name in (each.field, each.of) if name]
        return tuple(dict.fromkeys(named))

    @property
    def titles(self) -> Mapping[str, str]:
        """What the figures are called."""
        return {key: each.title for key, each in indicators().items() if key in self.fields}

    @property
    def money(self) -> frozenset[str]:
        """The figures that are money, in fen."""
        amounts = {each.field for each in self._site.profile.village_exit.values() if each.unit == _YUAN}
        return frozenset(amounts | {key for key, each in indicators().items() if each.unit == _YUAN})

    def known(self, year: int) -> tuple[tuple[str, int, str], ...]:
        """The figures of that year that the village's yearly form holds already, with their sources."""
        with self._site.store.read() as connection:
            found = indicators_of(connection, self._site.village)
        return tuple(
            (each.name, each.value, each.source)
            for each in found
            if each.year == year and each.name in self.fields and each.value is not None and each.source.strip()
        )

    def save(self, draft: VillageExitDraft, reason: str) -> Change:
        """Save the figures. Raises Refused for a figure without source or name, or once the village has applied."""
        with self._site.store.work("village_exit.save", reason) as work:
            stored = work.row("village_exit", draft.id) if draft.id else None
            if stored and stored["state"] != self.procedure.start:
                raise Refused(say("The village has applied with these figures. Return the case to change them."))
            problems = list(self._problems(draft))
            if problems:
                raise Refused(problems)
            profile = self._site.profile
            checked = replace(
                draft, state=self.procedure.start, profile=profile.id, profile_version=profile.version
            )  # fmt: skip
            work.put_draft("village_exit", self._site.village, checked, new_id=self._site.store.ids())
        return work.change

    def take(self, case_id: str, verb: str, on: date, reason: str, **values: Any) -> Change:
        """Take one step of the procedure on a day. Raises Refused naming each indicator not reached or empty."""
        with self._site.store.work(f"village_exit.{verb}", reason) as work:
            self._step(work, _case(work.connection, case_id), verb, on, reason, values)
        return work.change

    def carry(self, work: Work, case_id: str, notice: NoticeDraft, event: NoticeEvent, on: date, reason: str) -> None:
        """Take the step that the notice in the township takes along; the days on the board are the notice's own."""
        case = _case(work.connection, case_id)
        verb = carried(self.procedure, case.state, notice.kind, event)
        if verb:
            self._step(work, case, verb, on, reason, _days(self.procedure, verb, notice))

    def send_back(self, work: Work, case_id: str, reason: str) -> None:
        """An objection against the exit of the village was upheld."""
        case = _case(work.connection, case_id)
        verb = on_upheld(self.procedure, case.state)
        if verb:
            self._step(work, case, verb, self._site.today(), reason, {})

    def _step(
        self, work: Work, stored: VillageExitDraft, verb: str, on: date, reason: str, values: Mapping[str, Any]
    ) -> None:
        demand_clock(self._site, work.connection)
        self._demand_order(stored, verb, on)
        day = {_DATED[verb]: on} if verb in _DATED else {}
        case = replace(stored, **{**values, **day})
        found = tuple(self._blockers(work.connection, case))
        state = self.procedure.advance(case.state, verb, found, reason)
        back = {"returned_reason": reason} if self.procedure.effect(state) == "back" else {}
        work.put("village_exit", self._site.village, {**values, **day, **back, "state": state}, stored.id)

    def _demand_order(self, case: VillageExitDraft, verb: str, on: date) -> None:
        """No step lies ahead, or before one that was taken already (X01)."""
        field = _DATED.get(verb, "on")
        if on > self._site.today():
            raise Refused([Problem(say("A step is dated in the future. Correct the date."), field)])
        past = [day for day in (case.applied_on, case.notice_from, case.approved_on) if day is not None]
        if past and on < max(past):
            text = say("The step before was taken on {day}. Correct the date.", day=max(past).isoformat())
            raise Refused([Problem(text, field, "steps_in_order")])

    def get(self, case_id: str) -> VillageExitDraft:
        """One attempt. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return _case(connection, case_id)

    def all(self) -> tuple[VillageExitRow, ...]:
        """Every attempt, in order of making."""
        table = RECORDS["village_exit"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "village_exit", table.c.village == self._site.village).values()
            return tuple(self._row(connection, case) for case in found)

    def _row(self, connection: Connection, case: VillageExitDraft) -> VillageExitRow:
        steps = self.procedure.next(case.state, tuple(self._blockers(connection, case)))
        assessments = assess_village(self._site.profile, _figures(case))
        return VillageExitRow(case, self.procedure.states[case.state].title, assessments, steps)

    def _blockers(self, connection: Connection, case: VillageExitDraft) -> Iterator[Blocker]:
        profile = self._site.profile
        yield from village_blockers(profile, _figures(case))
        stage = next(iter(profile.notices["village_exit"].stages.values()))
        notice = self._standing(connection, case)
        posted = notice.posted_on if notice else None
        if posted is None:
            text = say("The notice in the township does not hang yet.")
            yield Blocker(
                "notice_hangs", True, text, "notice_id", say("Draft it, print it, post it; the step follows.")
            )
        if not case.approval.strip():
            text = say("The number of the approving paper is missing.")
            yield Blocker("approval", True, text, "approval", say("Enter it as it stands on the paper."))
        ends_on = notice.ends_on if notice else None
        for finding in notice_findings(stage, posted, ends_on, self._site.today(), profile.days):
            yield Blocker("notice_period", True, *finding)
        count = open_against(self._site, connection, case.id)
        if count:
            text = say("{count} {count:objection is|objections are} open.", count=count)
            yield Blocker("objections", True, text, "objections", say("Look into them, answer and close them."))
        if not self.procedure.effect(case.state):
            yield from self._rules.of_village(self._as_left(connection, case), connection, case.year)

    def _standing(self, connection: Connection, case: VillageExitDraft) -> NoticeDraft | None:
        """The notice of the attempt, None where there is none or it was withdrawn."""
        notice: NoticeDraft | None = load(connection, "notice", [case.notice_id]).get(case.notice_id)
        steps = procedure(self._site.profile, "notice")
        return None if notice is None or steps.effect(notice.state) == "back" else notice

    def _as_left(self, connection: Connection, case: VillageExitDraft) -> VillageFile:
        """The village as the rules would see it once it has left: its yearly figures, with those of the attempt."""
        village = self._site.village
        households = load_where(connection, "household", RECORDS["household"].table.c.village == village).values()
        yearly = indicators_of(connection, village)
        there = {each.name for each in yearly if each.year == case.year and each.value is not None}
        own = [IndicatorDraft(year=case.year, name=name, value=figure, source=source)
               for name, figure, source in case.figures if name not in there]  # fmt: skip
        return VillageFile(tuple(map(HouseholdFile, households)), indicators=(*yearly, *own), left=True)

    def _problems(self, draft: VillageExitDraft) -> Iterator[Problem]:
        for name, _figure, source in draft.figures:
            if name not in self.fields:
                yield Problem(say("No indicator of this policy asks for the figure “{name}”.", name=name), name)
            elif not source.strip():
                yield Problem(say("Enter where the figure comes from."), name)
        if not draft.year:
            yield Problem(say("Enter the year of the exit."), "year")


def _days(steps: Procedure, verb: str, notice: NoticeDraft) -> Mapping[str, date | None]:
    """The days on the board that the attempt keeps: those of the posting, none once it is withdrawn."""
    way = next(way for way in steps.transitions if way.key == verb)
    if way.notice:
        return {"notice_from": notice.posted_on, "notice_until": notice.ends_on}
    return {"notice_from": None, "notice_until": None} if way.withdrawn_with else {}


def _figures(case: VillageExitDraft) -> Mapping[str, int | bool | None]:
    return {name: figure for name, figure, _ in case.figures}


def _case(connection: Connection, case_id: str) -> VillageExitDraft:
    found: Mapping[str, VillageExitDraft] = load(connection, "village_exit", [case_id])
    if case_id not in found:
        raise Refused(say("This record is not in the desk any more."))
    return found[case_id]
