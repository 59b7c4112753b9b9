"""What a procedure writes into a household's file changes by that procedure only: not by saving, not by a roster.

These are its way into and out of “exited”, its removal, and its class while it is monitored (DESIGN §5.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from villagedesk.services.history import of_records
from villagedesk.services.site import Site
from villagedesk.text import Text, say

_IN = say("An exit goes by its own procedure, under Exits; only one of a year before this desk began is entered here.")
_OUT = say("This household left by its exit procedure, and that stands. Record a fall back into poverty as an event.")
_REMOVED = say("Who was identified wrongly leaves by a procedure of its own. Begin it with the yearly adjustment.")
_CLOSED = say("A file is closed by a household event, with its day and reason. Enter the event.")
_WATCHED = say("This household is being monitored; its class changes by the steps of its case, under Monitoring.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a household's file says of its exit, its monitoring and its end; fields are named as those of the file."""

    state: str  # poverty_state
    exited_year: int | None
    monitoring_class: str  # monitoring_class
    removed_reason: str  # household_out, when the file is closed

    @classmethod
    def of(cls, household: Mapping[str, Any]) -> Standing:
        """The standing in a stored household."""
        return cls(*(household[name] for name in cls.__slots__))


WRITTEN_BY = MappingProxyType(
    {
        "exit": frozenset({"state", "exited_year"}),
        "removal": frozenset({"state"}),
        "household": frozenset({"state", "removed_reason"}),
        "monitoring": frozenset({"monitoring_class"}),
    }
)
"""Procedure → the fields of a household that it writes."""


def last_states(connection: Connection, household_ids: Sequence[str]) -> Mapping[str, str]:
    """Household → the state entered last, for those whose state is empty: one that was emptied is no unknown one."""
    lines = reversed(of_records(connection, household_ids) if household_ids else ())
    return {
        line.record_id: line.new for line in lines if (line.kind, line.field) == ("household", "state") and line.new
    }


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
    elif before.state and before.state != after.state:
        yield from _of_closing(site.profile, after.state)
    if before.removed_reason != after.removed_reason:
        yield Problem(_CLOSED, "removed_reason", "household")
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


def _of_closing(pack: Pack, state: str) -> Iterator[Problem]:
    """A file ends by what closes it: its removal, or an event; a state written into an open file closes nothing."""
    rules = pack.procedures["household"]
    if state not in rules.states or rules.states[state].effect != "closed":
        return
    struck = any(way.to == state for way in rules.transitions.values() if way.key == STRIKE)
    if struck and that_ends(pack, "removed"):
        yield Problem(_REMOVED, "state", "removal")
    else:
        yield Problem(_CLOSED, "state", "household")


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
