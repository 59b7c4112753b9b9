"""Whether a year's list of members is frozen (DOMAIN §5.2)."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from villagedesk.records.schema import RECORDS

SNAPSHOT = "snapshot"
"""The kind of event that is no happening but one household's place in a year-end list."""


def last_frozen(connection: Connection, village: str) -> int:
    """The last year whose list is frozen, 0 for none."""
    table = RECORDS["event"].table
    mine = (table.c.village == village, table.c.kind == SNAPSHOT, table.c.removed.is_(False))
    return connection.execute(select(func.max(table.c.year)).where(*mine)).scalar() or 0
