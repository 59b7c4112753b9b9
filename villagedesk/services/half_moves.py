"""Moves between villages of which a hub has one half only, and what stands in its files meanwhile (DESIGN §5.4).

A move is two lines, one a village (:mod:`villagedesk.services.moving`). A hub put back to an earlier state has
forgotten both; each comes back with the files of the village that had got it. Where only one village had, the
household stands in neither village, or in both. Nothing is kept about that: it is read from the files each time, and is
gone as soon as the other half is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, select

from villagedesk.drafts.event import EventDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.records.load import draft_of
from villagedesk.records.schema import RECORDS
from villagedesk.services.households import last_known
from villagedesk.store.bulk import chunks
from villagedesk.values import within

LEFT, ARRIVED = "left_village", "moved_in"
NOWHERE: Literal["nowhere"] = "nowhere"
TWICE: Literal["twice"] = "twice"


@dataclass(frozen=True, slots=True)
class Standing:
    """A household's file in one of the two villages; ``persons`` live in it now, or did when it was closed."""

    household_id: str
    village: str
    no: str
    persons: int


@dataclass(frozen=True, slots=True)
class HalfMove:
    """A household that moved and stands in no village (``nowhere``), or in its old one still (``twice``)."""

    why: Literal["nowhere", "twice"]
    head: str
    old: Standing
    new: Standing
    left: EventDraft | None  # the old village's half, where it is here
    on: date
    document: str
    note: str


def half_moves(connection: Connection, area: str) -> tuple[HalfMove, ...]:
    """The moves within an area (a township as nine digits and 000) that are not whole, the oldest first."""
    left, arrived = _halves(connection, LEFT, "household_id"), _halves(connection, ARRIVED, "other_id")
    files = _files(connection, {*left, *arrived})
    stands = {home: not file["removed"] for home, file in files.items()}
    found = (
        _half_move(connection, files[home], left.get(home), arrived.get(home))
        for home in files
        if stands[home] == (home in arrived)
    )
    inside = (one for one in found if within(one.old.village, area) and within(one.new.village, area))
    return tuple(sorted(inside, key=lambda one: (one.on, one.old.village, one.old.no)))


def as_it_left(connection: Connection, half: HalfMove) -> HouseholdDraft:
    """The household of a move of which only the old village's half is here, as it stood on that day."""
    known = last_known(connection, half.old.household_id)
    state = half.left.state_before if half.left else known.state
    return replace(known, state=state, members=tuple(replace(each, left_reason="") for each in known.members))


def _halves(connection: Connection, kind: str, of: str) -> dict[str, Mapping[str, Any]]:
    """The id of the household's old file → the event that is one half of its move."""
    table = RECORDS["event"].table
    between = (table.c.other_id > "", table.c.kind == kind, table.c.other_village != "", table.c.removed.is_(False))
    found = connection.execute(select(table).where(*between).order_by(table.c.n)).mappings()
    return {row[of]: dict(row) for row in found}


def _files(connection: Connection, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    table = RECORDS["household"].table
    found: dict[str, Mapping[str, Any]] = {}
    for chunk in chunks(sorted(ids)):
        rows = connection.execute(select(table).where(table.c.id.in_(chunk))).mappings()
        found.update((row["id"], dict(row)) for row in rows)
    return found


def _half_move(
    connection: Connection, file: Mapping[str, Any], left: Mapping[str, Any] | None, arrived: Mapping[str, Any] | None
) -> HalfMove:
    """What the half that is here says of both files; the old village's where both are."""
    home = last_known(connection, file["id"])
    old = Standing(file["id"], file["village"], file["no"], len(home.living))
    half: EventDraft = draft_of("event", left or arrived or {})
    new = _arrived(connection, arrived) if arrived else Standing(half.other_id, half.other_village, half.other_no, 0)
    return HalfMove(
        why=TWICE if arrived else NOWHERE,
        head=home.head.name if home.head else "",
        old=old,
        new=new,
        left=draft_of("event", left) if left else None,
        on=half.happened_on or date.min,
        document=half.document,
        note=half.note,
    )


def _arrived(connection: Connection, half: Mapping[str, Any]) -> Standing:
    file = _files(connection, [half["household_id"]])[half["household_id"]]
    return Standing(file["id"], file["village"], file["no"], len(last_known(connection, file["id"]).living))
