"""Persons who seem to stand in the files twice: in two villages, two households, or one (DOMAIN §4.3; issue 6).

Two laptops that type a household before they have met double its members without an ID number (decision 0007). No
machine decides: a person says that they are different people, or which entry stays. Another entry of the same
household is then put together with it; one of another household leaves its file.
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
from villagedesk.records.schema import RECORDS, revision, touch
from villagedesk.services.likeness import Pair, facts_of, pairs_of, told_apart
from villagedesk.store import lines
from villagedesk.store.bulk import chunks
from villagedesk.store.fold import REMOVED
from villagedesk.store.work import Work
from villagedesk.text import say
from villagedesk.values import mask_id

SAME_ID = "id_number"
SAME_NAME_AND_BIRTH = "name_birth"
IN_ONE_HOUSEHOLD = "household"

CLOSED, TOGETHER = "duplicate.close", "duplicate.together"
"""What became of an entry: it left its file, or it was put together with another of its household."""
_OTHER_REASON = "99"  # list member_out
_EMPTY = ("", None, ())

_member = RECORDS["member"].table
_household = RECORDS["household"].table


@dataclass(frozen=True)
class Entry:
    """One place where the person stands. ``id_number`` is masked; ``author`` wrote the entry first, at ``at`` (UTC).

    ``facts``: a digest of name, birth date and ID number, by which a later change is noticed.
    """

    village: str
    household_no: str
    household_id: str
    member_id: str
    name: str
    birth: date | None
    id_number: str
    head: bool
    author: str = ""
    at: str = ""
    facts: str = ""


@dataclass(frozen=True)
class Duplicate:
    """Entries that look like one person, and why: the same ID number, name and birth date, or name and household."""

    why: str
    entries: tuple[Entry, ...]

    @property
    def key(self) -> str:
        """Names the case for as long as the same entries meet."""
        return " ".join(sorted(entry.member_id for entry in self.entries))

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every two of the entries."""
        return pairs_of((entry.member_id, entry.facts) for entry in self.entries)

    def pairs_with(self, stays: str) -> tuple[Pair, ...]:
        """The one who stays beside each of the others."""
        return tuple(pair for pair in self.pairs if stays in {pair.one_id, pair.other_id})


def open_cases(connection: Connection, village: str = "") -> tuple[Duplicate, ...]:
    """The cases of one village or all, without those in which somebody has told everybody apart."""
    known = told_apart(connection)
    return tuple(found for found in duplicates_of(connection, village) if not known.issuperset(found.pairs))


def duplicates_of(connection: Connection, village: str = "") -> tuple[Duplicate, ...]:
    """Those of one village or all: with the same ID number, then in one household, then of the same name and birth."""
    found: dict[frozenset[str], Duplicate] = {}
    for why, columns in (
        (SAME_ID, (_member.c.id_number,)),
        (IN_ONE_HOUSEHOLD, (_member.c.household_id, _member.c.name)),
        (SAME_NAME_AND_BIRTH, (_member.c.name, _member.c.birth)),
    ):
        for each in _groups(connection, why, columns, village):
            found.setdefault(frozenset(entry.member_id for entry in each.entries), each)
    return tuple(found.values())


def demand_reason(reason: str) -> None:
    """Raise Refused when nothing says why."""
    if not reason.strip():
        raise Refused([Problem(say("Say how this was found out; the reason stands in the history."), "reason")])


def demand_closable(found: Duplicate, stays: str) -> None:
    """Raise Refused when the one who stays is none of them, or somebody who has to go is a head."""
    if all(entry.member_id != stays for entry in found.entries):
        raise Refused(say("Choose the entry in which the person stays."))
    kept = next(entry for entry in found.entries if entry.member_id == stays)
    for entry in found.entries:
        if entry.head and not (kept.head and entry.household_id == kept.household_id):
            _demand_no_head(entry, kept)


def _demand_no_head(entry: Entry, kept: Entry) -> None:
    if entry == kept:
        return
    if entry.household_id == kept.household_id:
        raise Refused(say("One of them is the head of household {no}. Tick that one.", no=entry.household_no))
    raise Refused(
        say("The person is head of household {no}. Let that village name another head first.", no=entry.household_no)
    )


def _groups(connection: Connection, why: str, columns: Sequence[Any], village: str) -> Iterator[Duplicate]:
    shared = _present(select(*columns), village).group_by(*columns).having(func.count() > 1)
    filled = [column.is_not(None) if column is _member.c.birth else column != "" for column in columns]
    keys = [tuple(row) for row in connection.execute(shared.where(*filled))]
    for chunk in chunks(keys):
        wanted = tuple_(*columns).in_(chunk)
        found = _present(select(_member, _household.c.no), village).where(wanted)
        rows = connection.execute(found.order_by(*columns, _member.c.village, _household.c.no, _member.c.id)).all()
        for _, group in groupby(rows, key=attrgetter(*(column.name for column in columns))):
            people = list(group)
            if why == SAME_ID or not (_are_told_apart(people) or _born_apart(people)):
                yield Duplicate(why, tuple(_entry(connection, person) for person in people))


def _present(query: Select[Any], village: str) -> Select[Any]:
    """Of people who are in a household now, of one village or all."""
    joined = query.select_from(_member.join(_household, _household.c.id == _member.c.household_id))
    if village:
        joined = joined.where(_member.c.village == village)
    return joined.where(_member.c.removed.is_(False), _member.c.left_on.is_(None), _household.c.removed.is_(False))


def _are_told_apart(people: Sequence[Any]) -> bool:
    """Whether everybody has an ID number of his own: then they only share a name and a birthday."""
    numbers = [person.id_number for person in people]
    return all(numbers) and len(set(numbers)) == len(numbers)


def _born_apart(people: Sequence[Any]) -> bool:
    """Whether everybody has a birth date of his own: grandfather and grandson of one name."""
    births = [person.birth for person in people]
    return all(births) and len(set(births)) == len(births)


def _entry(connection: Connection, row: Any) -> Entry:
    query = select(revision.c.line).join_from(touch, revision, touch.c.revision == revision.c.n)
    first = connection.execute(query.where(touch.c.record == row.id).order_by(revision.c.n).limit(1)).scalar()
    line = lines.decode(lines.unpack(first)) if first else None
    return Entry(row.village, row.no, row.household_id, row.id, row.name, row.birth, mask_id(row.id_number),
                 row.relation == HEAD, line.author if line else "", line.at if line else "", facts_of(row))  # fmt: skip


def end_entry(work: Work, entry: Entry, kept: Entry, on: date) -> None:
    """End an entry of a person who stays in the entry ``kept``: put together with it in one household, else left.

    That ``kept`` stays is written down, too: where two laptops decide crosswise, the entries are in conflict and nobody
    is lost.
    """
    if entry.household_id == kept.household_id:
        _put_together(work, entry, kept)
        return
    if entry.village == kept.village:
        work.decide("member", kept.member_id, "left_on", None)
    work.put("member", entry.village, {"left_on": on, "left_reason": _OTHER_REASON}, entry.member_id)


def _put_together(work: Work, entry: Entry, kept: Entry) -> None:
    """What only the other entry says is taken over, what names it names the one who stays; its values remain."""
    stays, other = work.row("member", kept.member_id), work.row("member", entry.member_id)
    if stays is None or other is None or stays["removed"]:
        raise Refused(say("This record is not here any more."))
    missing = {name: other[name] for name in RECORDS["member"].fields if other[name] and stays[name] in _EMPTY}
    work.put("member", entry.village, missing, kept.member_id)
    work.decide("member", kept.member_id, REMOVED, False)
    for kind, record in RECORDS.items():
        for row in work.rows(kind, member_id=entry.member_id) if "member_id" in record.fields else ():
            work.put(kind, entry.village, {"member_id": kept.member_id}, row["id"])
    work.remove("member", entry.member_id)
