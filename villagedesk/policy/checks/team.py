"""Rules X09–X12: the team, the visits it and its unit owe, the days its members write down. Nobody is tracked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from villagedesk.drafts.team import TeamMemberDraft, VisitDraft
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import VillageView
from villagedesk.policy.pack import VisitRule
from villagedesk.text import say

ON_SITE = "1"  # list workday


@rule("X09")
def team_complete(v: VillageView, *, minimum: int, minimum_deep: int) -> Iterator[Found]:
    """The team has its number, more in a 深度贫困村, and a first secretary (SZ-2.10.1)."""
    if v.file.village.kind in v.ctx.catalogue.groups.village_deep:
        minimum = max(minimum, minimum_deep)
    serving = [person for person in v.file.team if _runs(person.starts_on, person.ends_on, v.ctx.today)]
    if len(serving) < minimum:
        yield Found(
            "team",
            say(
                "The team has {count} {count:member|members} today, at least {minimum} are required.",
                count=len(serving),
                minimum=minimum,
            ),
        )
    if not any({person.role, person.also} & v.ctx.catalogue.groups.team_first_secretary for person in serving):
        yield Found("team", say("The team has no {secretary} today.", secretary=v.ctx.term("first_secretary")))


def _runs(starts: date | None, ends: date | None, day: date) -> bool:
    return (starts or day) <= day <= (ends or day)


@rule("X10")
def unit_visits(v: VillageView) -> Iterator[Found]:
    """The leaders of the helping unit come as often as the scheme says, spread over its period (GZ-15.2, JS-7.2.1)."""
    for owed in v.ctx.visits.values():
        if owed.each != "village" or owed.by != "unit":
            continue
        first, last = period_of(owed, v.ctx.today)
        done = sum(visit.rule == owed.key and _within(visit, first, v.ctx.today) for visit in v.file.visits)
        so_far = owed.times * ((v.ctx.today - first).days + 1) // ((last - first).days + 1)
        if done < so_far:
            yield Found(
                "visits",
                say(
                    "{who}: “{what}” {done} {done:time|times} since {day}, {owed} are due by now. Enter or "
                    "ask for them.",
                    who=owed.who,
                    what=owed.what,
                    done=done,
                    day=first.isoformat(),
                    owed=so_far,
                ),
            )


def period_of(owed: VisitRule, day: date) -> tuple[date, date]:
    """First and last day of the week, month, quarter or year in which ``day`` lies."""
    if owed.per == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[owed.per]
    start = (day.month - 1) // months * months + 1
    after = date(day.year + (start + months > 12), (start + months - 1) % 12 + 1, 1)
    return date(day.year, start, 1), after - timedelta(days=1)


def _within(visit: VisitDraft, first: date, last: date) -> bool:
    return visit.visited_on is not None and first <= visit.visited_on <= last


@rule("X11")
def doubtful_visits(v: VillageView, *, most: int) -> Iterator[Found]:
    """Nobody visits more than a dozen homes a day, nor while on leave."""
    names = {person.name: person.id for person in v.file.team if person.name}
    visits = [(h, visit) for h in v.households for visit in h.file.visits if visit.visitor and visit.visited_on]
    days = Counter((visit.visitor, visit.visited_on) for _, visit in visits)
    for h, visit in visits:
        if (count := days[visit.visitor, visit.visited_on]) > most:
            yield Found(
                "visits",
                say("{visitor} visited {count} homes on one day. Check the dates.", visitor=visit.visitor, count=count),
                household=h,
                record=visit.id,
            )
        absent = names.get(visit.visitor, "")
        if visit.visited_on and any(
            each.staff_id == absent and each.covers(visit.visited_on) for each in v.file.leaves
        ):
            yield Found(
                "visits",
                say("{visitor} was on leave that day. Check the visit and the leave.", visitor=visit.visitor),
                household=h,
                record=visit.id,
            )


@rule("X12")
def days_on_site(v: VillageView, *, least: int) -> Iterator[Found]:
    """Who served the whole of last month wrote down enough days on site (P31)."""
    last = v.ctx.today.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    for person in v.file.team:
        whole = (person.starts_on or first) <= first and (person.ends_on or last) >= last
        count = len(_site_days(v, person, first, last))
        if whole and person.id and count < least:
            yield Found(
                "team",
                say(
                    "{name} has {count} {count:day|days} on site in {month}, at least {least} are asked for. "
                    "Enter the days that are missing, or the leave.",
                    name=person.name,
                    count=count,
                    month=f"{first:%Y-%m}",
                    least=least,
                ),
                record=person.id,
            )


def _site_days(v: VillageView, person: TeamMemberDraft, first: date, last: date) -> set[date]:
    """The days written as on site, and those of visits: one entry serves for both."""
    written = {day.day for day in v.file.workdays if day.staff_id == person.id and day.kind == ON_SITE and day.day}
    visited = {
        visit.visited_on
        for visits in (v.file.visits, *(h.file.visits for h in v.households))
        for visit in visits
        if visit.visited_on and person.name and person.name in visit.people
    }
    return {day for day in written | visited if first <= day <= last}
