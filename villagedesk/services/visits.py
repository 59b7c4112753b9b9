"""The visit log: written once, read as diary, work record, attendance and list of promises (DOMAIN §9.1, §9.3.7).

Who came, whom they met, what was wished for, what was wrong, what was promised until when. No place is located, nobody
is counted against another: what falls due is the household's next visit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from villagedesk.drafts.team import VisitDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.checks.team import period_of
from villagedesk.policy.pack import VisitRule
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.store import lists
from villagedesk.store.lists import HouseholdRow
from villagedesk.store.work import Change
from villagedesk.text import say

_visit = RECORDS["visit"].table
_household = RECORDS["household"].table


@dataclass(frozen=True)
class VisitRow:
    """A visit with the household's place and head, both empty for a visit to the village as a whole."""

    visit: VisitDraft
    household_no: str
    group: str
    head: str

    @property
    def promise_open(self) -> bool:
        """Whether something promised is still to be done."""
        return bool(self.visit.promise.strip()) and self.visit.promise_kept_on is None


@dataclass(frozen=True)
class VisitDue:
    """A household and the day by which its next visit is due; ``watched`` ones come round sooner."""

    household: HouseholdRow
    last: date | None
    due_on: date
    watched: bool


@dataclass(frozen=True)
class VisitNorm:
    """How often somebody has to come to the village in the running period, and how often that was so far."""

    rule: VisitRule
    first: date
    last: date
    done: int


class Visits:
    """The visits of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def save(self, draft: VisitDraft, reason: str) -> Change:
        """Enter a visit or correct one. Raises Refused for what :meth:`check` says."""
        problems = self.check(draft)
        if problems:
            raise Refused(problems)
        with self._site.store.work("visit.save", reason) as work:
            if draft.household_id:
                one(work.connection, draft.household_id)
            work.put_draft("visit", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def check(self, draft: VisitDraft) -> tuple[Problem, ...]:
        """What is missing or wrong in an entry."""
        return tuple(_visit_problems(draft, self.rules(), self._site.today()))

    def strike(self, visit_id: str, reason: str) -> Change:
        """Take an entry out that was wrong; it stays in the history. Raises Refused without a reason."""
        if not reason.strip():
            raise Refused([Problem(say("Say what was wrong with the entry."), "reason")])
        with self._site.store.work("visit.strike", reason) as work:
            _known(load(work.connection, "visit", [visit_id]), visit_id)
            work.remove("visit", visit_id)
        return work.change

    def keep_promise(self, visit_id: str, on: date, reason: str) -> Change:
        """What was promised is done. Raises Refused when nothing was, or for a day ahead."""
        if on > self._site.today():
            raise Refused([Problem(say("The day lies in the future. Correct the date."), "promise_kept_on")])
        with self._site.store.work("visit.promise", reason) as work:
            visit = _known(load(work.connection, "visit", [visit_id]), visit_id)
            if not visit.promise.strip():
                raise Refused(say("Nothing was promised on this visit."))
            work.put("visit", self._site.village, {"promise_kept_on": on}, visit_id)
        return work.change

    def get(self, visit_id: str) -> VisitDraft:
        """One visit. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return _known(load(connection, "visit", [visit_id]), visit_id)

    def rows(
        self, household_id: str = "", *, first: date | None = None, last: date | None = None
    ) -> tuple[VisitRow, ...]:
        """The visits to a household, or all, between two days inclusive; the newest first."""
        wanted = [_visit.c.village == self._site.village]
        wanted += [_visit.c.household_id == household_id] if household_id else []
        wanted += [_visit.c.visited_on >= first] if first else []
        wanted += [_visit.c.visited_on <= last] if last else []
        with self._site.store.read() as connection:
            found = load_where(connection, "visit", *wanted)
            homes = _homes(connection, {visit.household_id for visit in found.values()})
        return tuple(
            _row(visit, homes)
            for visit in sorted(found.values(), key=lambda each: each.visited_on or date.min, reverse=True)
        )

    def promises(self, until: date) -> tuple[VisitRow, ...]:
        """The visits whose promise is due by a day and not kept yet, the oldest promise first."""
        wanted = (
            _visit.c.village == self._site.village,
            _visit.c.promise_kept_on.is_(None),
            _visit.c.promise_due <= until,
        )
        with self._site.store.read() as connection:
            found = sorted(load_where(connection, "visit", *wanted).values(), key=lambda each: each.promise_due)
            homes = _homes(connection, {visit.household_id for visit in found})
        return tuple(_row(visit, homes) for visit in found)

    def rules(self) -> Mapping[str, VisitRule]:
        """The visits to the village that are entered here: those of the helping unit and the team."""
        return {key: rule for key, rule in self._site.profile.visits.items() if rule.each == "village"}

    def norms(self) -> tuple[VisitNorm, ...]:
        """What the helping unit owes the village in the running periods (X10), and what was entered."""
        today = self._site.today()
        owed = [rule for rule in self.rules().values() if rule.by != "above"]
        periods = {rule.key: period_of(rule, today) for rule in owed}
        entered = [row.visit for row in self.rows(first=min((p[0] for p in periods.values()), default=today))]
        return tuple(
            VisitNorm(rule, *periods[rule.key], sum(
                visit.rule == rule.key and periods[rule.key][0] <= (visit.visited_on or today) for visit in entered
            ))
            for rule in owed
        )  # fmt: skip

    def due(self, until: date | None = None) -> tuple[VisitDue, ...]:
        """The households whose next visit falls due by a day (14 days from now), the longest overdue first."""
        until = until or self._site.today() + timedelta(days=14)
        with self._site.store.read() as connection:
            last = _last_visits(connection, self._site.village)
            found = tuple(self._due(connection, last, until))
        return tuple(sorted(found, key=lambda each: (each.due_on, not each.watched)))

    def _due(self, connection: Connection, last: Mapping[str, date], until: date) -> Iterator[VisitDue]:
        spans = {rule.each: rule.days for rule in self._site.profile.visits.values() if rule.each != "village"}
        if "household" not in spans:
            return
        query = select(_household.c.id, _household.c.monitoring_class, _household.c.state).where(
            _household.c.removed.is_(False), _household.c.village == self._site.village
        )
        gone, today = self._closed_states, self._site.today()
        due: dict[str, tuple[date, bool]] = {}
        for household_id, watch, state in connection.execute(query).all():
            if state in gone:
                continue
            days = min(spans["household"], spans.get("watched", 999)) if watch else spans["household"]
            seen = last.get(household_id)
            day = seen + timedelta(days=days) if seen else today
            if day <= until:
                due[household_id] = (day, bool(watch))
        for row in lists.household_rows(connection, list(due)):
            yield VisitDue(row, last.get(row.id), *due[row.id])

    @property
    def _closed_states(self) -> frozenset[str]:
        states = self._site.profile.procedures["household"].states
        return frozenset(key for key, state in states.items() if state.effect == "closed")


def _visit_problems(draft: VisitDraft, rules: Mapping[str, VisitRule], today: date) -> Iterator[Problem]:
    if not draft.household_id and draft.rule not in rules:
        yield Problem(say("Choose the household that was visited."), "household_id")
    if not draft.visitor.strip():
        yield Problem(say("Enter who came."), "visitor")
    if draft.visited_on is None:
        yield Problem(say("Enter the day of the visit."), "visited_on")
    elif draft.visited_on > today:
        yield Problem(say("The visit is dated in the future. Correct the date."), "visited_on")
    if not any(text.strip() for text in (draft.heard, draft.problem, draft.promise)):
        yield Problem(say("Write down in a few words what was said or done."), "heard")
    if draft.promise_due and not draft.promise.strip():
        yield Problem(say("There is a day but no promise. Write down what was promised."), "promise")
    if draft.promise_due and draft.visited_on and draft.promise_due < draft.visited_on:
        yield Problem(say("The promise would be due before it was made."), "promise_due")


def _known(found: Mapping[str, Any], visit_id: str) -> VisitDraft:
    visit: VisitDraft | None = found.get(visit_id)
    if visit is None:
        raise Refused(say("This record is not in the desk any more."))
    return visit


def _homes(connection: Connection, ids: set[str]) -> dict[str, HouseholdRow]:
    found: dict[str, HouseholdRow] = {}
    wanted = sorted(ids - {""})
    for start in range(0, len(wanted), 500):
        found |= {row.id: row for row in lists.household_rows(connection, wanted[start : start + 500])}
    return found


def _row(visit: VisitDraft, homes: Mapping[str, HouseholdRow]) -> VisitRow:
    home = homes.get(visit.household_id)
    return VisitRow(visit, home.no, home.group, home.head) if home else VisitRow(visit, "", "", "")


def _last_visits(connection: Connection, village: str) -> dict[str, date]:
    query = select(_visit.c.household_id, func.max(_visit.c.visited_on)).where(
        _visit.c.village == village, _visit.c.removed.is_(False), _visit.c.household_id != ""
    )
    found = connection.execute(query.group_by(_visit.c.household_id))
    return {household_id: day for household_id, day in found if day is not None}
