"""What no public paper of a village may show, gathered from everything stored (DOMAIN §6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from villagedesk.documents.leaks import Guard
from villagedesk.documents.sheet import Sheet
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.paper_makers import village_of
from villagedesk.services.site import Site
from villagedesk.values import is_child

_AMOUNT = re.compile(r"(\d{1,10}\.\d\d)元?")
_NOTICE_NO = re.compile(r"\d{4}-\d{2,3}")
_DOOR = re.compile(r"\d|[号室院栋幢巷弄]")
"""What makes an address more than a place: a door, a yard, a lane."""
_HEAD = "01"


def guard_of(connection: Connection, site: Site) -> Guard:
    """What no public paper of this village may show, from everything stored."""
    member, house, told = (RECORDS[kind].table for kind in ("member", "household", "complainant"))
    today = site.today()
    people = _rows(connection, site, member, "name", "birth", "relation")
    children = {name for name, birth, _ in people if is_child(birth, today)}
    grown = {name for name, birth, _ in people if not is_child(birth, today)}
    heads = {name for name, _, relation in people if relation == _HEAD}
    raised = {name.strip() for (name,) in _rows(connection, site, told, "name")}
    numbers = {
        number
        for table, names in ((member, ("id_number", "phone")), (house, ("phone",)), (told, ("contact",)))
        for row in _rows(connection, site, table, *names)
        for number in row
    }
    village = village_of(connection, site)
    phones = frozenset(filter(None, village.phones.replace("，", "、").split("、")))
    return Guard(
        numbers=frozenset(filter(None, numbers)),
        minors=frozenset(filter(None, children - grown)),
        adults=frozenset(name for name in grown if any(child in name for child in children)),
        births=frozenset(birth for _, birth, _ in people if birth is not None),
        own_dates=frozenset(_own_dates(connection, site)) | {today},
        allowed_phones=phones | {site.profile.hotline.number},
        addresses=frozenset(_addresses(connection, site)),
        objectors=frozenset(name for name in raised - heads if len(name) > 1),
    )


def _rows(connection: Connection, site: Site, table: Any, *names: str) -> list[Any]:
    query = select(*(table.c[name] for name in names)).where(table.c.village == site.village)
    return list(connection.execute(query))


def _addresses(connection: Connection, site: Site) -> Iterator[str]:
    """Addresses that say more than the village and its groups, which every list prints."""
    rows = _rows(connection, site, RECORDS["household"].table, "address", "group")
    known = {group for _, group in rows} | {village_of(connection, site).name, ""}
    for address, group in rows:
        own = address.replace(group, "") if group else address
        if address not in known and _DOOR.search(own):
            yield address


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


def own_figures(sheets: Iterable[Sheet]) -> frozenset[str]:
    """The digits that these sheets bear of themselves: their amounts of money, and the numbers of notices.

    An amount (``1234.56``, or so many 元) stands alone in a field or cell. Notice 2020-01 shares its digits with the ID
    number of whoever was born in 2001 in a county whose code ends in 20.
    """
    found: set[str] = set()
    for sheet in sheets:
        cells = [*sheet.fields.values(), *(cell for rows in sheet.tables.values() for row in rows for cell in row)]
        amounts = [match[1] for cell in cells if (match := _AMOUNT.fullmatch(cell))]
        found |= {cell.replace(".", "") for cell in amounts} | {cell.partition(".")[0] for cell in amounts}
        numbers = filter(_NOTICE_NO.fullmatch, (sheet.stamp.notice_no, sheet.fields.get("notice_no", "")))
        found |= {number.replace("-", "") for number in numbers}
    return frozenset(found)
