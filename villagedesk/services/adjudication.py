"""Persons who stand in the files of two villages, for the township to look into (DOMAIN §4.3; issue 6).

No machine decides: a person says that they are different people, or which entry stays; the others then leave their
files by an act of the township.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, func, select, tuple_

from villagedesk.errors import Problem, Refused
from villagedesk.policy.kinship import HEAD
from villagedesk.records.schema import RECORDS
from villagedesk.store.bulk import chunks
from villagedesk.text import say
from villagedesk.values import mask_id

SAME_ID = "id_number"
SAME_NAME_AND_BIRTH = "name_birth"

_member = RECORDS["member"].table
_household = RECORDS["household"].table


@dataclass(frozen=True)
class Entry:
    """One place where the person stands. ``id_number`` is masked."""

    village: str
    household_no: str
    household_id: str
    member_id: str
    name: str
    birth: date | None
    id_number: str
    head: bool


@dataclass(frozen=True)
class Duplicate:
    """Entries of different villages that look like one person, and why: the same ID number, or name and birth date."""

    why: str
    entries: tuple[Entry, ...]

    @property
    def key(self) -> str:
        """Names the case for as long as the same entries meet."""
        return " ".join(sorted(entry.member_id for entry in self.entries))


def duplicates_of(connection: Connection) -> tuple[Duplicate, ...]:
    """All of them, those with the same ID number first."""
    by_id = list(_groups(connection, SAME_ID, [_member.c.id_number]))
    known = {frozenset(entry.member_id for entry in found.entries) for found in by_id}
    by_name = _groups(connection, SAME_NAME_AND_BIRTH, [_member.c.name, _member.c.birth])
    rest = (found for found in by_name if frozenset(entry.member_id for entry in found.entries) not in known)
    return (*by_id, *rest)


def demand_reason(reason: str) -> None:
    """Raise Refused when nothing says why."""
    if not reason.strip():
        raise Refused([Problem(say("Say how this was found out; the reason stands in the history."), "reason")])


def demand_closable(found: Duplicate, stays: str) -> None:
    """Raise Refused when the one who stays is none of them, or somebody who has to go is a head."""
    if all(entry.member_id != stays for entry in found.entries):
        raise Refused(say("Choose the entry in which the person stays."))
    heads = [entry.household_no for entry in found.entries if entry.head and entry.member_id != stays]
    if heads:
        raise Refused(
            say("The person is head of household {no}. Let that village name another head first.", no=heads[0])
        )


def _groups(connection: Connection, why: str, columns: Sequence[Any]) -> Iterator[Duplicate]:
    shared = _present(select(*columns)).group_by(*columns).having(func.count(_member.c.village.distinct()) > 1)
    filled = [column.is_not(None) if column is _member.c.birth else column != "" for column in columns]
    keys = [tuple(row) for row in connection.execute(shared.where(*filled))]
    for chunk in chunks(keys):
        wanted = tuple_(*columns).in_(chunk)
        found = _present(select(_member, _household.c.no)).where(wanted)
        rows = connection.execute(found.order_by(*columns, _member.c.village, _household.c.no)).all()
        for _, group in groupby(rows, key=attrgetter(*(column.name for column in columns))):
            people = list(group)
            if why == SAME_ID or not _are_told_apart(people):
                yield Duplicate(why, tuple(map(_entry, people)))


def _present(query: Select[Any]) -> Select[Any]:
    """Of people who are in a household now."""
    joined = query.select_from(_member.join(_household, _household.c.id == _member.c.household_id))
    return joined.where(_member.c.removed.is_(False), _member.c.left_on.is_(None), _household.c.removed.is_(False))


def _are_told_apart(people: Sequence[Any]) -> bool:
    """Whether everybody has an ID number of his own: then they only share a name and a birthday."""
    numbers = [person.id_number for person in people]
    return all(numbers) and len(set(numbers)) == len(numbers)


def _entry(row: Any) -> Entry:
    return Entry(row.village, row.no, row.household_id, row.id, row.name, row.birth, mask_id(row.id_number),
                 row.relation == HEAD)  # fmt: skip
