"""Objections (异议) by the profile's procedure; their author is no field and reaches no paper (DOMAIN §5.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.answer_gates import objection_blockers
from villagedesk.policy.procedures import Procedure, Step, procedure
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.following import households_on, names_households, send_back
from villagedesk.services.notice_kinds import notice_of_kind
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say

_ANSWER_VERBS = ("accept", "investigate", "decide", "answer")


@dataclass(frozen=True)
class ObjectionRow:
    """An objection with its state in words, the steps that lead on, and the day the next one is due."""

    objection: ObjectionDraft
    state_title: str
    steps: tuple[Step, ...]
    due_on: date | None
    open: bool


class Objections:
    """The objections of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def procedure(self) -> Procedure:
        """The profile's way of dealing with objections."""
        return procedure(self._site.profile, "objection")

    def register(self, draft: ObjectionDraft, reason: str) -> Change:
        """Register an objection. Raises Refused without a text, or for a day that lies ahead."""
        problems = []
        if not draft.text.strip():
            problems.append(Problem(say("Write down what is objected to."), "text"))
        if draft.received_on and draft.received_on > self._site.today():
            problems.append(Problem(say("The objection is dated in the future. Correct the date."), "received_on"))
        if problems:
            raise Refused(problems)
        with self._site.store.work("objection.register", reason) as work:
            draft = _about(work, draft)
            _demand_on_notice(work, draft)
            number = 1 + len(work.rows("objection", village=self._site.village))
            numbered = replace(
                draft, no=draft.no or f"{self._site.today().year}-{number:02d}", state=self.procedure.start
            )
            work.put_draft("objection", self._site.village, numbered, new_id=self._site.store.ids())
        return work.change

    def take(self, objection_id: str, verb: str, reason: str, **values: Any) -> Change:
        """Take one step; ``values`` are fields set with it. Raises Refused naming what is missing."""
        with self._site.store.work(f"objection.{verb}", reason) as work:
            self._step(work, objection_id, verb, reason, values)
        return work.change

    def settle(
        self, objection_id: str, found: str, opinion: str, upheld: bool, on: date, reason: str, *, by: str
    ) -> Change:
        """Write down what was found, ``by`` two persons, and decided, answer and close, in one act.

        Raises Refused for what is missing.
        """
        told = {"investigated_by": by, "found": found, "opinion": opinion, "upheld": upheld, "answered_on": on}
        return self._conclude("settle", objection_id, (*_ANSWER_VERBS, "close"), told, reason)

    def answer(
        self, objection_id: str, found: str, opinion: str, upheld: bool, on: date, reason: str, *, by: str
    ) -> Change:
        """As :meth:`settle`, but not closed yet: the result is to be made public first, see :meth:`publish`."""
        told = {"investigated_by": by, "found": found, "opinion": opinion, "upheld": upheld, "answered_on": on}
        return self._conclude("answer", objection_id, _ANSWER_VERBS, told, reason)

    def _conclude(
        self, deed: str, objection_id: str, verbs: Sequence[str], told: Mapping[str, Any], reason: str
    ) -> Change:
        """Those of the steps that lead on from where it stands; what is told is written with the first."""
        with self._site.store.work(f"objection.{deed}", reason) as work:
            self._demand_past(told["answered_on"])
            for verb in verbs:
                state = _one(work.connection, objection_id).state
                if any(step.verb == verb for step in self.procedure.next(state)):
                    self._step(work, objection_id, verb, reason, told)
                    told = {}
        return work.change

    def decline(self, objection_id: str, why: str, on: date) -> Change:
        """Do not take an objection up: the reason is written, told and the matter closed, in one act."""
        told = {"opinion": why.strip(), "upheld": False, "answered_on": on}
        steps: tuple[tuple[str, Mapping[str, Any]], ...] = (("decline", {}), ("answer", told), ("close", {}))
        with self._site.store.work("objection.decline", why) as work:
            for verb, values in steps:
                self._step(work, objection_id, verb, why, values)
        return work.change

    def publish(self, objection_id: str, reason: str) -> Change:
        """The result of an answered objection was made public; the matter is closed, in one act."""
        with self._site.store.work("objection.publish", reason) as work:
            for verb in ("publish", "close"):
                self._step(work, objection_id, verb, reason, {})
        return work.change

    def late(self) -> frozenset[str]:
        """The open objections whose day is past: they are reported upward."""
        today = self._site.today()
        return frozenset(row.objection.id for row in self.all() if row.open and row.due_on and row.due_on < today)

    def all(self) -> tuple[ObjectionRow, ...]:
        """Every objection of the village."""
        table = RECORDS["objection"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "objection", table.c.village == self._site.village).values()
        return tuple(map(self._row, found))

    def _step(self, work: Work, objection_id: str, verb: str, reason: str, values: Mapping[str, Any]) -> None:
        demand_clock(self._site, work.connection)
        self._demand_past(values.get("answered_on"))
        objection = replace(_one(work.connection, objection_id), **values)
        state = self.procedure.advance(objection.state, verb, objection_blockers(objection), reason)
        _demand_on_notice(work, objection)
        _demand_case(work, objection)
        today = self._site.today()
        days = {"accepted_on": today} if verb == "accept" else {}
        if self.procedure.effect(state) == "closed":
            days["closed_on"] = today
        work.put("objection", self._site.village, {**values, **days, "state": state}, objection_id)
        if "closed_on" in days and objection.upheld and objection.case_id:
            send_back(self._site, work, objection.case_id, objection.opinion)

    def _demand_past(self, on: date | None) -> None:
        if on and on > self._site.today():
            raise Refused([Problem(say("The answer is dated in the future. Correct the date."), "answered_on")])

    def _row(self, objection: ObjectionDraft) -> ObjectionRow:
        steps = self.procedure.next(objection.state, objection_blockers(objection))
        days = [step.days for step in steps if step.days]
        due = objection.received_on + timedelta(days=min(days)) if objection.received_on and days else None
        closed = self.procedure.effect(objection.state) == "closed"
        return ObjectionRow(objection, self.procedure.states[objection.state].title, steps, due, not closed)


def _about(work: Work, draft: ObjectionDraft) -> ObjectionDraft:
    """An objection to a notice that speaks of the village alone is about its exit; nobody need be chosen."""
    notice = work.row("notice", draft.notice_id) if draft.notice_id else None
    if notice is None or draft.case_id or notice_of_kind(notice["kind"]).record != "village_exit":
        return draft
    return replace(draft, case_id=next(iter(notice["case_ids"]), ""))


def _demand_on_notice(work: Work, objection: ObjectionDraft) -> None:
    """An objection to a notice is about somebody who stands on it, or about nobody in particular."""
    notice = work.row("notice", objection.notice_id) if objection.notice_id else None
    if notice and objection.case_id and objection.case_id not in notice["case_ids"]:
        raise Refused([Problem(say("The notice does not speak of this household. Choose one that stands on it."),
                               "case_id")])  # fmt: skip


def household_of(connection: Connection, objection: ObjectionDraft) -> HouseholdDraft | None:
    """The household an objection is about, None where it names nobody."""
    notice = load(connection, "notice", [objection.notice_id]).get(objection.notice_id)
    kind = notice.kind if notice else "exit"
    return households_on(connection, kind, [objection.case_id]).get(objection.case_id)


def _demand_case(work: Work, objection: ObjectionDraft) -> None:
    """An upheld objection to a list says which household goes back."""
    notice = work.row("notice", objection.notice_id) if objection.notice_id else None
    of_cases = notice is not None and notice["case_ids"] and names_households(notice["kind"])
    if objection.upheld and not objection.case_id and of_cases:
        raise Refused(
            [Problem(say("Choose the household that the objection is about; its case goes back."), "case_id")]
        )


def _one(connection: Connection, objection_id: str) -> ObjectionDraft:
    found = load(connection, "objection", [objection_id])
    if not found:
        raise Refused(say("This record is not in the desk any more."))
    objection: ObjectionDraft = found[objection_id]
    return objection
