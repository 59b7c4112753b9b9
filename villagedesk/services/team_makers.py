"""From visit log and days to the papers of a team's month. A subject is a month, or a month and a member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from villagedesk.documents.sheet import Sheet
from villagedesk.errors import Refused
from villagedesk.services.duty import MonthRow, month_of
from villagedesk.services.paper_makers import Maker, village_of
from villagedesk.services.sheets import team
from villagedesk.services.site import Site
from villagedesk.store import lists
from villagedesk.text import say

MONTHLY, MEMBER_MONTHLY = "month", "member_month"


def month_subjects(connection: Connection, site: Site, record: str, year: int) -> tuple[str, ...]:
    """The months of a year of which there is something to print, with the member where the paper is of one."""
    found: list[str] = []
    for month in range(1, 13):
        rows = [row for row in month_of(connection, site, year, month) if any(d.kind or d.visits for d in row.days)]
        if rows and record == MONTHLY:
            found.append(f"{year}-{month:02d}")
        elif rows:
            found += [f"{year}-{month:02d}.{row.member.id}" for row in rows]
    return tuple(found)


def _attendance(site: Site, connection: Connection, subject: str) -> Sheet:
    month = date.fromisoformat(f"{subject}-01")
    rows = month_of(connection, site, month.year, month.month)
    return team.attendance(site, village_of(connection, site).name, month, rows)


def _visit_diary(site: Site, connection: Connection, subject: str) -> Sheet:
    row = _row(site, connection, subject)
    return team.visit_diary(site, village_of(connection, site).name, row, _homes(connection, row))


def _work_record(site: Site, connection: Connection, subject: str) -> Sheet:
    row = _row(site, connection, subject)
    return team.work_record(site, village_of(connection, site).name, row, _homes(connection, row))


def _row(site: Site, connection: Connection, subject: str) -> MonthRow:
    month, _, member = subject.partition(".")
    year, number = (int(part) for part in month.split("-"))
    row = next((each for each in month_of(connection, site, year, number) if each.member.id == member), None)
    if row is None:
        raise Refused(say("This record is not in the desk any more."))
    return row


def _homes(connection: Connection, row: MonthRow) -> dict[str, str]:
    ids = sorted({visit.household_id for day in row.days for visit in day.visits if visit.household_id})
    return {home.id: f"{home.group}{home.head}" for home in lists.household_rows(connection, ids)}


TEAM: Mapping[str, tuple[str, Maker]] = {
    "attendance": (MONTHLY, _attendance),
    "visit_diary": (MEMBER_MONTHLY, _visit_diary),
    "work_record": (MEMBER_MONTHLY, _work_record),
}
"""Paper → what it speaks of and what makes its sheet."""
