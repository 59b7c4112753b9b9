"""No way into or out of “exited” but the procedure (DESIGN §5.6): not by saving a file, not by a roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.procedures import procedure
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, revision
from villagedesk.services.clockwatch import day_of
from villagedesk.services.site import Site
from villagedesk.text import Text, say

OF_AN_EXIT = frozenset({"state", "exited_year"})
"""The fields of a household that an exit writes."""

_IN = say("An exit goes by its own procedure, under Exits; only one of a year before this desk began is entered here.")
_OUT = say("This household left by its exit procedure, and that stands. Record a fall back into poverty as an event.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a household's file says of its exit: code of poverty_state, and the year it left."""

    state: str
    exited_year: int | None


def around(site: Site, connection: Connection, household_id: str, before: Standing, after: Standing) -> Text | None:
    """Why a change of a household's standing goes around the procedure; None when it does not.

    A state that was not known, and an exit of a year before the desk was founded, are facts to be entered. What a
    finished case has written changes by events only.
    """
    exited = shipped_catalogue().groups.state_exited
    if before == after or not before.state:
        return None
    if before.state in exited:
        stays = after.state in exited and after.exited_year == before.exited_year
        return None if stays or not _finished(site, connection, household_id) else _OUT
    if after.state not in exited or _finished(site, connection, household_id):
        return None
    earlier = after.exited_year is not None and after.exited_year < _founded(connection).year
    return None if earlier else _IN


def _finished(site: Site, connection: Connection, household_id: str) -> bool:
    """Whether an exit case of the household has come to its end."""
    way, table = procedure(site.profile, "exit"), RECORDS["exit"].table
    cases = load_where(connection, "exit", table.c.household_id == household_id).values()
    return any(way.effect(case.state) == "exited" for case in cases)


def _founded(connection: Connection) -> date:
    first = connection.execute(select(func.min(revision.c.hlc))).scalar() or 0
    return day_of(first)
