"""What no public paper of a village may show, gathered from everything stored (DOMAIN §6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import Connection, select

from villagedesk.documents.leaks import Guard
from villagedesk.documents.sheet import Sheet
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.paper_makers import village_of
from villagedesk.services.site import Site
from villagedesk.values import age_on

_AMOUNT = re.compile(r"\d{1,10}\.\d\d")
_CHILD = 14  # PIPL Art. 28: everything about children under 14 is sensitive


def guard_of(connection: Connection, site: Site) -> Guard:
    """What no public paper of this village may show, from everything stored."""
    member, house = RECORDS["member"].table, RECORDS["household"].table
    numbers: set[str] = set()
    minors: set[str] = set()
    births: set[date] = set()
    today = site.today()
    query = select(member.c.name, member.c.id_number, member.c.phone, member.c.birth)
    for name, id_number, phone, birth in connection.execute(query.where(member.c.village == site.village)):
        numbers |= {id_number, phone}
        if birth is not None:
            births.add(birth)
            if age_on(birth, today) < _CHILD:
                minors.add(name)
    numbers |= set(connection.execute(select(house.c.phone).where(house.c.village == site.village)).scalars())
    contact = RECORDS["complainant"].table
    numbers |= set(connection.execute(select(contact.c.contact).where(contact.c.village == site.village)).scalars())
    village = village_of(connection, site)
    phones = frozenset(filter(None, village.phones.replace("，", "、").split("、")))
    return Guard(
        numbers=frozenset(filter(None, numbers)),
        minors=frozenset(minors),
        births=frozenset(births),
        own_dates=frozenset(_own_dates(connection, site)) | {today},
        allowed_phones=phones | {site.profile.hotline.number},
    )


_OWN_DATES = {
    "notice": ("starts_on", "ends_on"),
    "exit": ("replied_on",),
    "project": ("starts_on", "ends_on", "finished_on"),
    "distribution": ("decided_on",),
    "monitoring": ("notice_from", "notice_until", "out_notice_from", "out_notice_until", "recognised_on", "ended_on"),
    "village_exit": ("notice_from", "notice_until", "approved_on", "announced_on"),
}
"""Kind of record → its dates that notices print, though somebody may be born on one."""


def _own_dates(connection: Connection, site: Site) -> Iterator[date]:
    for kind, names in _OWN_DATES.items():
        table = RECORDS[kind].table
        query = select(*(table.c[name] for name in names))
        rows = connection.execute(query.where(table.c.village == site.village, table.c.removed.is_(False)))
        yield from (day for row in rows for day in row if day)
    courses = load_where(connection, "course", RECORDS["course"].table.c.village == site.village).values()
    for _, *days in (posting for course in courses for posting in course.notices):
        yield from map(date.fromisoformat, days)


def amounts_in(sheets: Iterable[Sheet]) -> frozenset[str]:
    """The digits of the amounts of money (``1234.56``) that stand alone in a field or cell of these sheets."""
    found: set[str] = set()
    for sheet in sheets:
        cells = [*sheet.fields.values(), *(cell for rows in sheet.tables.values() for row in rows for cell in row)]
        amounts = [cell for cell in cells if _AMOUNT.fullmatch(cell)]
        found |= {cell.replace(".", "") for cell in amounts} | {cell.partition(".")[0] for cell in amounts}
    return frozenset(found)
