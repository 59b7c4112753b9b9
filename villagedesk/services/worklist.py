"""What waits: today, overdue, and in the next 14 days, from one list of sources; each line opens its record.

A source reads one kind of record and yields lines; a new one is a function added to :data:`SOURCES`. What the logic
rules find is asked for apart (:meth:`WorkList.findings`), because it reads the whole village.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import select

from villagedesk.policy.checks.context import days_between_looks
from villagedesk.policy.wishes import YES, carried, newest_wish, wish_kinds
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.checks import Checks
from villagedesk.services.concerns import Concerns
from villagedesk.services.duty import Duty
from villagedesk.services.measures import LedgerRow, Measures, due_day, newest_plans
from villagedesk.services.monitoring import Monitoring
from villagedesk.services.notices import NoticeRow, Notices
from villagedesk.services.objections import Objections
from villagedesk.services.posting import Posting
from villagedesk.services.site import Site
from villagedesk.services.team import Team
from villagedesk.services.visits import Visits
from villagedesk.store import lists
from villagedesk.text import Text, say

AHEAD = timedelta(days=14)
QUARTER = timedelta(days=92)
MONTH = timedelta(days=31)
_UNDER_WAY = frozenset({"agreed", "active"})

When = Literal["overdue", "today", "soon"]
Place = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line. ``kind`` names its source; ``page`` and ``place`` are where it opens."""

    kind: str
    due_on: date
    text: Text
    page: str
    place: Place = ()

    def when(self, today: date) -> When:
        """Whether it is overdue, due today, or later."""
        return "overdue" if self.due_on < today else "today" if self.due_on == today else "soon"


@dataclass(frozen=True)
class Readers:
    """The services that the sources ask, and the ledger of measures, read once for all of them."""

    site: Site
    notices: Notices
    objections: Objections
    concerns: Concerns
    visits: Visits
    measures: Measures
    monitoring: Monitoring
    team: Team
    duty: Duty
    ledger: tuple[LedgerRow, ...] = ()


Source = Callable[[Readers, date], Iterable[WorkItem]]
"""Services and the last day asked for → lines due by then."""


class WorkList:
    """What waits in a village."""

    def __init__(self, ask: Readers, checks: Checks) -> None:
        self._ask = ask
        self._checks = checks

    def items(self, days: int = AHEAD.days) -> tuple[WorkItem, ...]:
        """The lines that are overdue or fall due within so many days, by day; the same day in order of the sources."""
        until = self._ask.site.today() + timedelta(days=days)
        ask = replace(self._ask, ledger=self._ask.measures.rows())
        found = [line for source in SOURCES.values() for line in source(ask, until) if line.due_on <= until]
        return tuple(sorted(found, key=lambda line: line.due_on))

    def findings(self) -> tuple[WorkItem, ...]:
        """A line for each rule that found errors or suspicious data today. Reads the whole village: a job's work."""
        report = self._checks.run()
        counts: dict[str, int] = {}
        for finding in report.findings:
            if finding.class_ != "R":
                counts[finding.rule] = counts.get(finding.rule, 0) + 1
        rules, today = self._checks.context().catalogue.rules, self._ask.site.today()
        return tuple(
            WorkItem("findings", today, say("{rule} {title}: {n}", rule=rule, title=rules[rule].title, n=count),
                     "findings", (("rule", rule),))
            for rule, count in sorted(counts.items())
        )  # fmt: skip


def _notices(ask: Readers, until: date) -> Iterator[WorkItem]:
    for row in ask.notices.all():
        if row.standing:
            yield from _standing(ask, row)
            continue
        last = row.notice.ends_on
        if row.hangs and last is not None and not row.done and last + timedelta(days=1) <= until:
            text = say("{title} {no} hangs until {day}. Then write down its result.", title=row.title,
                       no=row.notice.no, day=last.isoformat())  # fmt: skip
            yield WorkItem("notices", last + timedelta(days=1), text, "notices", (("notice_id", row.notice.id),))


def _standing(ask: Readers, row: NoticeRow) -> Iterator[WorkItem]:
    """A list that hangs for good and does not say what the register says any more."""
    if row.hangs and set(Posting(ask.site).waiting(row.notice.kind, row.notice.year)) != set(row.notice.case_ids):
        text = say("{title} {no} no longer says what the register says: renew it", title=row.title, no=row.notice.no)
        yield WorkItem("notices", ask.site.today(), text, "notices", (("notice_id", row.notice.id),))


def _objections(ask: Readers, until: date) -> Iterator[WorkItem]:
    for row in ask.objections.all():
        if row.open and row.due_on is not None and row.due_on <= until:
            text = say("Objection {no}: {state}", no=row.objection.no, state=row.state_title)
            place = (("notice_id", row.objection.notice_id),)
            yield WorkItem("objections", row.due_on, text, "notices", place)


def _concerns(ask: Readers, until: date) -> Iterator[WorkItem]:
    for row in ask.concerns.all():
        if row.open and row.due_on is not None and row.due_on <= until:
            text = say("Concern {no}: {state}", no=row.concern.no, state=row.state_title)
            yield WorkItem("concerns", row.due_on, text, "concerns", (("concern_id", row.concern.id),))


def _visits(ask: Readers, until: date) -> Iterator[WorkItem]:
    for due in ask.visits.due(until):
        text = (
            say("Visit {head}, {group}: last time on {day}", head=due.household.head, group=due.household.group,
                day=due.last.isoformat())
            if due.last
            else say("Visit {head}, {group}: not visited yet", head=due.household.head, group=due.household.group)
        )  # fmt: skip
        yield WorkItem("visits", due.due_on, text, "visits", (("household_id", due.household.id),))


def _promises(ask: Readers, until: date) -> Iterator[WorkItem]:
    for row in ask.visits.promises(until):
        if row.visit.promise_due is not None:
            text = say("Promised to {head}: {promise}", head=row.head or "—", promise=row.visit.promise)
            yield WorkItem("promises", row.visit.promise_due, text, "visits", (("visit_id", row.visit.id),))


def _measures(ask: Readers, until: date) -> Iterator[WorkItem]:
    """Loans due, money nobody reported progress of for a quarter, people away who were not asked for a month."""
    for row in ask.ledger:
        if row.measure.state != "active":
            continue
        measure, head = row.measure, row.household.head
        asked = {field.key for field in ask.measures.fields(measure)}
        place: Place = (("household_id", row.household.id), ("measure_id", measure.id))
        due = due_day(measure)
        if "loan_state" in asked and due is not None and measure.loan_state != "5":
            yield WorkItem("loans", due, say("Loan of {head} is due", head=head), "plan", place)
        seen = max((day for day in (measure.progress_on, measure.starts_on, measure.paid_on) if day), default=None)
        if seen is not None:
            text = say("{head}: no progress entered of “{title}” since {day}", head=head, title=row.title,
                       day=seen.isoformat())  # fmt: skip
            yield WorkItem("measures", seen + QUARTER, text, "plan", place)
        if "asked_well_on" in asked and measure.wish_kind == "01" and (measure.asked_well_on or measure.starts_on):
            last = measure.asked_well_on or measure.starts_on or until
            text = say("Ask {person} whether all is well at work", person=row.person or head)
            yield WorkItem("well", last + MONTH, text, "plan", place)


def _plans(ask: Readers, _until: date) -> Iterator[WorkItem]:
    """Plans under way that were not gone through with the household for a quarter."""
    with ask.site.store.read() as connection:
        plans = [plan for plan in newest_plans(connection, ask.site.village) if plan.state in _UNDER_WAY]
        homes = lists.household_rows(connection, list(dict.fromkeys(plan.household_id for plan in plans)))
    heads = {home.id: home.head for home in homes}
    for plan in plans:
        since = max((day for day in (plan.checked_on, plan.agreed_on) if day), default=None)
        if since is not None and plan.household_id in heads:
            text = say("Go through the plan with {head} for the quarter", head=heads[plan.household_id])
            yield WorkItem("plans", since + QUARTER, text, "plan", (("household_id", plan.household_id),))


def _wishes(ask: Readers, until: date) -> Iterator[WorkItem]:
    """Who said yes and has had the days to think it over; what runs although its person took the yes back elsewhere."""
    table = RECORDS["wish"].table
    with ask.site.store.read() as connection:
        wishes = tuple(load_where(connection, "wish", table.c.village == ask.site.village).values())
    for row in ask.ledger:
        measure = row.measure
        kinds = wish_kinds(ask.site.profile, measure)
        place: Place = (("household_id", measure.household_id), ("measure_id", measure.id))
        if measure.state == "active" and not carried(kinds, measure, wishes):
            text = say("“{title}” of {head} runs without the yes of its person: ask, or end it", title=row.title,
                       head=row.person or row.household.head)  # fmt: skip
            yield WorkItem("consent", ask.site.today(), text, "plan", place)
        if measure.state != "planned":
            continue
        wish = newest_wish(kinds, measure.member_id, wishes)
        if wish is None or wish.withdrawn_on or wish.answer not in YES or not wish.cooling_days:
            continue
        words = {"person": row.person, "title": row.title}
        text = say("{person} has had the days to think over “{title}”: it may begin", **words)
        thought = (wish.asked_on or until) + timedelta(days=wish.cooling_days)
        yield WorkItem("wishes", max(thought, ask.site.today()), text, "plan", place)  # a chance, never overdue


def _monitoring(ask: Readers, until: date) -> Iterator[WorkItem]:
    if ask.site.profile.monitoring is None:
        return
    for row in ask.monitoring.all():
        head = row.household.head.name if row.household.head else row.household.no
        place: Place = (("case_id", row.case.id), ("household_id", row.household.id))
        if row.open and row.case.recognised_on is None and row.recognise_by is not None and row.recognise_by <= until:
            text = say("{head} is to be recognised for monitoring or not", head=head)
            yield WorkItem("monitoring", row.recognise_by, text, "monitoring", place)
        waits = [step for step in row.steps if step.days and step.verb == "help"]
        if row.open and waits and row.case.recognised_on:
            text = say("{head} is monitored and has no help under way yet", head=head)
            day = row.case.recognised_on + timedelta(days=waits[0].days)
            yield WorkItem("monitoring", day, text, "monitoring", place)
    for timer in ask.monitoring.timers():
        if timer.kind not in _SAID and timer.due_on <= until:
            head = timer.household.head.name if timer.household.head else timer.household.no
            where: Place = (("case_id", timer.case_id), ("household_id", timer.household.id))
            text = say("{head}, monitored: {what}", head=head, what=timer.text)
            yield WorkItem("monitoring", timer.due_on, text, "monitoring", where)


_SAID = frozenset({"recognition", "help"})  # timers of a monitoring case that have a sentence of their own


def _dwellings(ask: Readers, until: date) -> Iterator[WorkItem]:
    """Houses nobody has looked at for as long as the scheme allows (H29, SZ-2.3.1)."""
    days = days_between_looks(ask.site.profile)
    if not days:
        return
    home = RECORDS["household"].table
    query = select(home.c.id, home.c.dwelling_checked_on).where(
        home.c.village == ask.site.village, home.c.removed.is_(False), home.c.removed_reason == ""
    )
    with ask.site.store.read() as connection:
        found = {row.id: row.dwelling_checked_on for row in connection.execute(query)}
        due = {key: (last + timedelta(days=days) if last else ask.site.today()) for key, last in found.items()}
        rows = lists.household_rows(connection, [key for key, day in due.items() if day <= until])
    for row in rows:
        text = say("Look whether the house of {head}, {group} is still safe", head=row.head, group=row.group)
        yield WorkItem("dwellings", due[row.id], text, "household", (("household_id", row.id),))


def _team(ask: Readers, until: date) -> Iterator[WorkItem]:
    """Leave that ended without a return, trips beyond what the scheme allows, terms that end."""
    names = {member.id: member.name for member in ask.team.members()}
    for leave in ask.duty.leaves():
        if leave.back_on is None and leave.ends_on is not None and leave.ends_on < until:
            text = say("{name} is due back from leave", name=names.get(leave.staff_id, ""))
            yield WorkItem("leave", leave.ends_on + timedelta(days=1), text, "team", (("staff_id", leave.staff_id),))
    today, most = ask.site.today(), ask.site.profile.team.trips_a_month
    for month in ask.duty.month(today.year, today.month) if most else ():
        if month.trips > most:
            text = say("{name} went away on business {n} {n:time|times} this month; the scheme allows {most}",
                       name=month.member.name, n=month.trips, most=most)  # fmt: skip
            yield WorkItem("trips", today, text, "team", (("staff_id", month.member.id),))
    for member in ask.team.serving():
        end = ask.team.term_end(member)
        if end is not None and member.ends_on is None:
            text = say("The term of {name} ends", name=member.name)
            yield WorkItem("terms", end, text, "team", (("staff_id", member.id),))


def _leaving(ask: Readers, _until: date) -> Iterator[WorkItem]:
    """The end of the months for which a laptop keeps the data of a team that has left."""
    day = ask.team.keep_until()
    if day is not None:
        yield WorkItem("leaving", day, say("Hand over, then take the village's data off this laptop"), "privacy")


SOURCES: Mapping[str, Source] = MappingProxyType({
    "notices": _notices, "objections": _objections, "concerns": _concerns, "monitoring": _monitoring,
    "promises": _promises, "measures": _measures, "plans": _plans, "wishes": _wishes, "team": _team, "visits": _visits,
    "dwellings": _dwellings, "leaving": _leaving,
})  # fmt: skip
"""Where the lines come from, the gravest first."""
