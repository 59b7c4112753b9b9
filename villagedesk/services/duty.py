"""The days of the team: what each member writes of the day, leave asked for, and the month they add up to.

One entry serves for all: a visit entered in the log is a day on site, and stands in diary and work record alike.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import Connection

from villagedesk.drafts.duty import LeaveDraft, WorkdayDraft
from villagedesk.drafts.team import TeamMemberDraft, VisitDraft
from villagedesk.errors import Problem, Refused
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import Site
from villagedesk.store.work import Change
from villagedesk.text import say

SITE, ERRAND, REST = "1", "2", "3"
"""List workday."""
LEAVE = "leave"


@dataclass(frozen=True)
class DayRow:
    """One day of a member. ``kind`` is a code of list workday, :data:`LEAVE`, or "" where nothing was written."""

    day: date
    kind: str
    work: str
    visits: tuple[VisitDraft, ...]
    leave: LeaveDraft | None


@dataclass(frozen=True)
class MonthRow:
    """A member's month."""

    member: TeamMemberDraft
    days: tuple[DayRow, ...]

    def count(self, kind: str) -> int:
        """How many days were of a kind."""
        return sum(day.kind == kind for day in self.days)

    @property
    def trips(self) -> int:
        """How often the member went away on business; days in a row are one trip (GZ-13.1)."""
        kinds = ("", *(day.kind for day in self.days))
        return sum(now == ERRAND != before for before, now in pairwise(kinds))


class Duty:
    """What the members of a team write of their days."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def write(self, draft: WorkdayDraft, reason: str) -> Change:
        """Write a day down or correct it. Raises Refused for a day ahead, before service, or on leave."""
        with self._site.store.work("workday.write", reason) as work:
            member = _member(work.connection, draft.staff_id)
            leaves = _of_member(work.connection, "leave", draft.staff_id)
            problems = list(self._day_problems(draft, member, leaves))
            if problems:
                raise Refused(problems)
            stored = work.rows("workday", staff_id=draft.staff_id, day=draft.day)
            known = {"id": stored[0]["id"], "revision": draft.revision} if stored else {}
            work.put_draft("workday", self._site.village, replace(draft, **known), new_id=self._site.store.ids())
        return work.change

    def _day_problems(
        self, draft: WorkdayDraft, member: TeamMemberDraft, leaves: Sequence[LeaveDraft]
    ) -> Iterator[Problem]:
        if draft.kind not in {SITE, ERRAND, REST}:
            yield Problem(say("Choose what kind of day it was."), "kind")
        if draft.day is None or draft.day > self._site.today():
            yield Problem(say("Write a day down when it has come."), "day")
        elif not (member.starts_on or draft.day) <= draft.day <= (member.ends_on or draft.day):
            yield Problem(say("{name} did not serve on that day.", name=member.name), "day")
        elif draft.kind == SITE and any(leave.covers(draft.day) for leave in leaves):
            yield Problem(say("{name} was on leave that day. End the leave first.", name=member.name), "day")

    def ask_leave(self, draft: LeaveDraft, reason: str) -> Change:
        """Enter leave with who granted it. Raises Refused for wrong days or leave that overlaps another."""
        with self._site.store.work("leave.ask", reason) as work:
            member = _member(work.connection, draft.staff_id)
            others = [each for each in _of_member(work.connection, "leave", member.id) if each.id != draft.id]
            problems = list(_leave_problems(draft, others))
            if problems:
                raise Refused(problems)
            work.put_draft("leave", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def end_leave(self, leave_id: str, back_on: date, reason: str) -> Change:
        """The member is back (销假). Raises Refused for a day before the leave or ahead."""
        with self._site.store.work("leave.end", reason) as work:
            found = load(work.connection, "leave", [leave_id])
            if leave_id not in found:
                raise Refused(say("This record is not in the desk any more."))
            leave: LeaveDraft = found[leave_id]
            if back_on > self._site.today() or (leave.starts_on and back_on < leave.starts_on):
                raise Refused([Problem(say("Enter the day on which the member was back."), "back_on")])
            work.put("leave", self._site.village, {"back_on": back_on}, leave_id)
        return work.change

    def leaves(self, staff_id: str = "") -> tuple[LeaveDraft, ...]:
        """The leave of a member, or of all, the newest first."""
        table = RECORDS["leave"].table
        wanted = [table.c.village == self._site.village, *([table.c.staff_id == staff_id] if staff_id else [])]
        with self._site.store.read() as connection:
            found = load_where(connection, "leave", *wanted).values()
        return tuple(sorted(found, key=lambda leave: leave.starts_on or date.min, reverse=True))

    def month(self, year: int, month: int) -> tuple[MonthRow, ...]:
        """The month of everybody who served in it, day by day."""
        with self._site.store.read() as connection:
            return month_of(connection, self._site, year, month)

    def months(self, year: int) -> tuple[tuple[int, str], ...]:
        """The months of a year in which something was written, with the member, for the papers made of them."""
        with self._site.store.read() as connection:
            found = {
                (month, row.member.id)
                for month in range(1, 13)
                for row in month_of(connection, self._site, year, month)
                if any(day.kind or day.visits for day in row.days)
            }
        return tuple(sorted(found))


def month_of(connection: Connection, site: Site, year: int, month: int) -> tuple[MonthRow, ...]:
    """See :meth:`Duty.month`."""
    first = date(year, month, 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    visit, workday, leave = (RECORDS[kind].table for kind in ("visit", "workday", "leave"))
    team = load_where(connection, "team_member", RECORDS["team_member"].table.c.village == site.village).values()
    visits = load_where(
        connection, "visit", visit.c.village == site.village, visit.c.visited_on >= first, visit.c.visited_on <= last
    )
    days = load_where(
        connection, "workday", workday.c.village == site.village, workday.c.day >= first, workday.c.day <= last
    )
    leaves = load_where(connection, "leave", leave.c.village == site.village, leave.c.starts_on <= last)
    parts = (tuple(visits.values()), tuple(days.values()), tuple(leaves.values()))
    serving = [m for m in team if (m.starts_on or first) <= last and (m.ends_on or last) >= first]
    return tuple(MonthRow(member, tuple(_days(member, first, last, *parts))) for member in serving)


def _days(
    member: TeamMemberDraft,
    first: date,
    last: date,
    visits: Sequence[VisitDraft],
    written: Sequence[WorkdayDraft],
    leaves: Sequence[LeaveDraft],
) -> Iterator[DayRow]:
    own = {entry.day: entry for entry in written if entry.staff_id == member.id}
    gone = [leave for leave in leaves if leave.staff_id == member.id]
    came = [visit for visit in visits if member.name in visit.people]
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        entry = own.get(day)
        absent = next((leave for leave in gone if leave.covers(day)), None)
        there = tuple(visit for visit in came if visit.visited_on == day)
        kind = entry.kind if entry else SITE if there else LEAVE if absent else ""
        yield DayRow(day, kind, entry.work if entry else "", there, absent)


def _leave_problems(draft: LeaveDraft, others: Sequence[LeaveDraft]) -> Iterator[Problem]:
    if not draft.kind:
        yield Problem(say("Choose the ground of the leave."), "kind")
    if draft.starts_on is None or draft.ends_on is None:
        yield Problem(say("Enter first and last day of the leave."), "starts_on")
    elif draft.ends_on < draft.starts_on:
        yield Problem(say("The leave ends before it begins. Correct the dates."), "ends_on")
    elif any(_overlap(draft, other) for other in others):
        yield Problem(say("There is leave on these days already."), "starts_on")
    if not draft.granted_by.strip():
        yield Problem(say("Enter who granted the leave."), "granted_by")


def _overlap(one: LeaveDraft, other: LeaveDraft) -> bool:
    if one.starts_on is None or one.ends_on is None:
        return False
    days = (one.starts_on + timedelta(days=n) for n in range((one.ends_on - one.starts_on).days + 1))
    return any(other.covers(day) for day in days)


def _member(connection: Connection, staff_id: str) -> TeamMemberDraft:
    found = load(connection, "team_member", [staff_id])
    if staff_id not in found:
        raise Refused([Problem(say("Choose the member of the team."), "staff_id")])
    member: TeamMemberDraft = found[staff_id]
    return member


def _of_member(connection: Connection, kind: str, staff_id: str) -> tuple[LeaveDraft, ...]:
    return tuple(load_where(connection, kind, RECORDS[kind].table.c.staff_id == staff_id).values())
