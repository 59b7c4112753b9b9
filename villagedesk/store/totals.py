"""How much stands in a store: what both sides of an exchange compare, and what a status line says."""

from __future__ import annotations

from sqlalchemy import Connection, Select, Table, func, select
from sqlalchemy.sql.elements import ColumnElement

from villagedesk.records.schema import RECORDS, conflict

_household = RECORDS["household"].table
_member = RECORDS["member"].table


def household_count(connection: Connection, village: str = "") -> int:
    """How many households stand in the files."""
    return _counted(connection, _FILED, _household, village)


def member_count(connection: Connection, village: str = "") -> int:
    """How many persons live in them."""
    return _counted(connection, _LIVING, _member, village)


def exited_count(connection: Connection, village: str = "") -> int:
    """How many of the households have exited."""
    return _counted(connection, _EXITED, _household, village)


def conflict_count(connection: Connection, village: str = "") -> int:
    """How many conflicts nobody has decided."""
    return _counted(connection, _CONFLICTS, conflict, village)


# Statements are made once: a township's intake counts before and after each file.
_FILED = select(func.count()).select_from(_household).where(_household.c.removed.is_(False))
_EXITED = _FILED.where(_household.c.exited_year.is_not(None))
_LIVING = select(func.count()).select_from(_member).where(_member.c.removed.is_(False), _member.c.left_on.is_(None))
_CONFLICTS = select(func.count()).select_from(conflict)


def _counted(connection: Connection, counting: Select[int], table: Table, village: str) -> int:
    return connection.execute(counting.where(in_area(table, village)) if village else counting).scalar_one()


def in_area(table: Table, area: str) -> ColumnElement[bool]:
    """Rows of a village, or (nine digits and ``000``) of all villages of a township."""
    if area.endswith("000"):
        return table.c.village.between(area, f"{area[:9]}999")
    return table.c.village == area
