"""What a procedure writes into a household's file changes by that procedure only: not by saving, not by a roster.

These are its way into and out of “exited”, its removal, and its class while it is monitored (DESIGN §5.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, func, select

from villagedesk.errors import Problem
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.course_gates import STRIKE
from villagedesk.policy.pack import Pack
from villagedesk.policy.procedures import procedure, that_ends
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, revision
from villagedesk.services.clockwatch import day_of
from villagedesk.services.site import Site
from villagedesk.text import Text, say

_IN = say("An exit goes by its own procedure, under Exits; only one of a year before this desk began is entered here.")
_OUT = say("This household left by its exit procedure, and that stands. Record a fall back into poverty as an event.")
_REMOVED = say("Who was identified wrongly leaves by a procedure of its own. Begin it with the yearly adjustment.")
_WATCHED = say("This household is being monitored; its class changes by the steps of its case, under Monitoring.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a household's file says of its exit and its monitoring; its fields are named as those of the file."""

    state: str  # poverty_state
    exited_year: int | None
    monitoring_class: str  # monitoring_class

    @classmethod
    def of(cls, household: Mapping[str, Any]) -> Standing:
        """The standing in a stored household."""
        return cls(*(household[name] for name in cls.__slots__))


WRITTEN_BY = MappingProxyType(
    {
        "exit": frozenset({"state", "exited_year"}),
        "removal": frozenset({"state"}),
        "monitoring": frozenset({"monitoring_class"}),
    }
)
"""Procedure → the fields of a household that it writes."""


def around(
    site: Site, connection: Connection, household_id: str, before: Standing, after: Standing
) -> tuple[Problem, ...]:
    """Changes of a household's standing that go around a procedure: each with its field; its rule is the procedure.

    A state that was not known, and an exit of a year before the desk was founded, are facts to be entered. What a
    finished exit has written changes by events; the class of monitoring is free as long as no case is open.
    """
    return tuple(_around(site, connection, household_id, before, after)) if before != after else ()


def _around(
    site: Site, connection: Connection, household_id: str, before: Standing, after: Standing
) -> Iterator[Problem]:
    exit_before, exit_after = (before.state, before.exited_year), (after.state, after.exited_year)
    why = _of_exit(site, connection, household_id, before, after) if exit_before != exit_after else None
    if why is not None:
        yield Problem(why, "state" if before.state != after.state else "exited_year", "exit")
    elif before.state != after.state and _strikes(site.profile, after.state):
        yield Problem(_REMOVED, "state", "removal")
    if before.monitoring_class != after.monitoring_class and _monitored(site, connection, household_id):
        yield Problem(_WATCHED, "monitoring_class", "monitoring")


def _of_exit(site: Site, connection: Connection, household_id: str, before: Standing, after: Standing) -> Text | None:
    exited = shipped_catalogue().groups.state_exited
    if not before.state:
        return None
    if before.state in exited:
        stays = after.state in exited and after.exited_year == before.exited_year
        return None if stays or not _left(site, connection, household_id) else _OUT
    if after.state not in exited or _left(site, connection, household_id):
        return None
    earlier = after.exited_year is not None and after.exited_year < _founded(connection).year
    return None if earlier else _IN


def _strikes(pack: Pack, state: str) -> bool:
    """Whether the state is that of a household taken off the register, and the profile has a procedure for it."""
    ways = pack.procedures["household"].transitions.values()
    return bool(that_ends(pack, "removed")) and any(way.to == state for way in ways if way.key == STRIKE)


def _left(site: Site, connection: Connection, household_id: str) -> bool:
    """Whether an exit case of the household has come to its end."""
    way, table = procedure(site.profile, "exit"), RECORDS["exit"].table
    cases = load_where(connection, "exit", table.c.household_id == household_id).values()
    return any(way.effect(case.state) == "exited" for case in cases)


def _monitored(site: Site, connection: Connection, household_id: str) -> bool:
    """Whether a monitoring case of the household is open."""
    if site.profile.monitoring is None:
        return False
    way, table = procedure(site.profile, "monitoring"), RECORDS["monitoring"].table
    cases = load_where(connection, "monitoring", table.c.household_id == household_id).values()
    return any(not way.effect(case.state) for case in cases)


def _founded(connection: Connection) -> date:
    first = connection.execute(select(func.min(revision.c.hlc))).scalar() or 0
    return day_of(first)
