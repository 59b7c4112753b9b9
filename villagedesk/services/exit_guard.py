"""No way into “exited” but the procedure (DESIGN §5.6): not by saving a file, not by a roster."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from villagedesk.errors import Problem
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.procedures import procedure
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, revision
from villagedesk.services.clockwatch import day_of
from villagedesk.services.site import Site
from villagedesk.text import say

OF_AN_EXIT = frozenset({"state", "exited_year"})
"""The fields of a household that an exit writes."""

WHY = say("An exit goes by its own procedure, under Exits; only one of a year before this desk began is entered here.")


def goes_around(
    site: Site, connection: Connection, household_id: str, before: str, after: str, exited_year: int | None
) -> bool:
    """Whether a change of a household's state is an exit that no finished case of it stands behind.

    A state that was not known, and an exit of a year before the desk was founded, are facts to be entered.
    """
    exited = shipped_catalogue().groups.state_exited
    if not before or before in exited or after not in exited:
        return False
    if exited_year is not None and exited_year < _founded(connection).year:
        return False
    way, table = procedure(site.profile, "exit"), RECORDS["exit"].table
    cases = load_where(connection, "exit", table.c.household_id == household_id).values()
    return not any(way.effect(case.state) == "exited" for case in cases)


def exit_problem() -> Problem:
    """What is said to somebody who tried."""
    return Problem(WHY, "state", "exit")


def _founded(connection: Connection) -> date:
    first = connection.execute(select(func.min(revision.c.hlc))).scalar() or 0
    return day_of(first)
