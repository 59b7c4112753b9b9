"""Concerns of the people (群众问题) by the profile's procedure (SZ-3.8, DOMAIN §5.6).

Who raised one is a record of its own. No list, paper or register reads it; it is shown to the team alone, one at a
time, and every look is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.concern import ComplainantDraft, ConcernDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.answer_gates import concern_blockers
from villagedesk.policy.procedures import Procedure, Step, procedure
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.looks import Looks
from villagedesk.services.site import Site
from villagedesk.services.users import READ_RESTRICTED, Users
from villagedesk.store import lists
from villagedesk.store.work import Change, Work
from villagedesk.text import say

_DATED = {"accept": "accepted_on", "report": "reported_on", "escalate": "reported_on"}
"""Step → the day it sets where none is given."""
_SPOKEN = ("text", "found", "opinion", "returned_reason", "handler", "reported_to")
"""Fields of free text, in which the name of who raised the concern must not stand."""


@dataclass(frozen=True)
class ConcernRow:
    """A concern with its state in words, the steps that lead on, and the day the next one is due."""

    concern: ConcernDraft
    state_title: str
    steps: tuple[Step, ...]
    due_on: date | None
    open: bool
    group: str  # of the household it is about
    head: str


class Concerns:
    """The concerns raised in a village."""

    def __init__(self, site: Site, users: Users, looks: Looks) -> None:
        self._site = site
        self._users = users
        self._looks = looks

    @property
    def procedure(self) -> Procedure:
        """The profile's way of dealing with concerns."""
        return procedure(self._site.profile, "concern")

    def register(self, draft: ConcernDraft, complainant: ComplainantDraft | None, reason: str) -> Change:
        """Register a concern, with who raised it where a name was given. Raises Refused for what :meth:`check` says."""
        problems = self.check(draft, complainant)
        if problems:
            raise Refused(problems)
        given = complainant if complainant and complainant.name.strip() else None
        today, village = self._site.today(), self._site.village
        with self._site.store.work("concern.register", reason) as work:
            number = 1 + sum(row["no"].startswith(f"{today.year}-") for row in work.rows("concern", village=village))
            numbered = replace(
                draft,
                no=draft.no or f"{today.year}-{number:02d}",
                state=self.procedure.start,
                received_on=draft.received_on or today,
                named=given is not None,
            )
            concern_id = work.put_draft("concern", village, numbered, new_id=self._site.store.ids())
            if given:
                owned = replace(given, concern_id=concern_id)
                work.put_draft("complainant", village, owned, new_id=self._site.store.ids())
        return work.change

    def check(self, draft: ConcernDraft, complainant: ComplainantDraft | None = None) -> tuple[Problem, ...]:
        """What is missing or wrong before a concern is registered."""
        return tuple(_entry_problems(draft, complainant, self._site.today()))

    def take(self, concern_id: str, verb: str, reason: str, **values: Any) -> Change:
        """Take one step; ``values`` are fields set with it. Raises Refused naming what is missing."""
        with self._site.store.work(f"concern.{verb}", reason) as work:
            demand_clock(self._site, work.connection)
            self._step(work, concern_id, verb, reason, values)
        return work.change

    def all(self) -> tuple[ConcernRow, ...]:
        """Every concern: the open ones first, by the day on which they are due, then the others, newest first."""
        with self._site.store.read() as connection:
            rows = concern_rows(self._site, connection)
        waiting = sorted((row for row in rows if row.open), key=lambda row: row.due_on or date.max)
        return (*waiting, *reversed([row for row in rows if not row.open]))

    def get(self, concern_id: str) -> ConcernDraft:
        """One concern. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return _one(connection, concern_id)

    def complainant(self, concern_id: str) -> ComplainantDraft | None:
        """Who raised it, None where no name was given. The look is noted; Refused for the village committee."""
        self._users.demand(READ_RESTRICTED)
        with self._site.store.read() as connection:
            found = _raised_by(connection, concern_id)
        if found is not None:
            self._looks.note(concern_id, "complainant")
        return found

    def _step(self, work: Work, concern_id: str, verb: str, reason: str, values: Mapping[str, Any]) -> None:
        stored, today = _one(work.connection, concern_id), self._site.today()
        known = {field.name for field in fields(ConcernDraft)}
        days = {_DATED[verb]: today} if verb in _DATED and not values.get(_DATED[verb]) else {}
        concern = replace(stored, **{**{name: value for name, value in values.items() if name in known}, **days})
        problems = [
            *_future(concern, today),
            *_named_problems(concern, _raised_by(work.connection, concern_id), reason),
        ]
        if problems:
            raise Refused(problems)
        state = self.procedure.advance(concern.state, verb, concern_blockers(concern), reason)
        told = {"returned_reason": reason} if self._needs_reason(verb) else {}
        closed = {"closed_on": today} if self.procedure.effect(state) == "closed" and not stored.closed_on else {}
        changed = {**values, **days, **told, **closed, "state": state}
        work.put("concern", self._site.village, changed, concern_id)

    def _needs_reason(self, verb: str) -> bool:
        return any(way.key == verb and way.reason for way in self.procedure.transitions)


def concern_rows(site: Site, connection: Connection) -> list[ConcernRow]:
    """Every concern of the village, in order of registration."""
    table = RECORDS["concern"].table
    found = load_where(connection, "concern", table.c.village == site.village).values()
    homes = lists.household_rows(connection, [each.household_id for each in found if each.household_id])
    by_id = {home.id: home for home in homes}
    return [_row(site, concern, by_id.get(concern.household_id)) for concern in found]


def _row(site: Site, concern: ConcernDraft, home: lists.HouseholdRow | None) -> ConcernRow:
    way = procedure(site.profile, "concern")
    steps = way.next(concern.state, concern_blockers(concern))
    days = [step.days for step in steps if step.days]
    due = concern.received_on + timedelta(days=min(days)) if concern.received_on and days else None
    return ConcernRow(
        concern,
        way.states[concern.state].title,
        steps,
        due,
        way.effect(concern.state) != "closed",
        home.group if home else "",
        home.head if home else "",
    )


def _entry_problems(draft: ConcernDraft, complainant: ComplainantDraft | None, today: date) -> Iterator[Problem]:
    if not draft.text.strip():
        yield Problem(say("Write down what was raised."), "text")
    if not draft.channel:
        yield Problem(say("Choose how it was raised."), "channel")
    if not draft.topic:
        yield Problem(say("Choose what it is about."), "topic")
    yield from _future(draft, today)
    if complainant and complainant.contact.strip() and not complainant.name.strip():
        yield Problem(say("There is a contact but no name. Enter the name, or leave both empty."), "name")
    yield from _named_problems(draft, complainant, "")


def _future(concern: ConcernDraft, today: date) -> Iterator[Problem]:
    for name in ("received_on", "accepted_on", "answered_on", "reported_on"):
        day = getattr(concern, name)
        if day is not None and day > today:
            yield Problem(say("The day lies in the future. Correct the date."), name)


def _named_problems(concern: ConcernDraft, complainant: ComplainantDraft | None, reason: str) -> Iterator[Problem]:
    """The name and contact stand in their own place and nowhere else."""
    if complainant is None:
        return
    hidden = [text.strip() for text in (complainant.name, complainant.contact) if len(text.strip()) > 1]
    said = {**{name: getattr(concern, name) for name in _SPOKEN}, "reason": reason}
    for name, text in said.items():
        if any(secret in text for secret in hidden):
            yield Problem(say("Who raised it is named here. Take the name and the contact out of this text."), name)


def _raised_by(connection: Connection, concern_id: str) -> ComplainantDraft | None:
    table = RECORDS["complainant"].table
    found = load_where(connection, "complainant", table.c.concern_id == concern_id).values()
    return next(iter(found), None)


def _one(connection: Connection, concern_id: str) -> ConcernDraft:
    found = load(connection, "concern", [concern_id])
    if concern_id not in found:
        raise Refused(say("This record is not in the desk any more."))
    concern: ConcernDraft = found[concern_id]
    return concern
