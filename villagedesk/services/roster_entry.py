"""The new households and members of a roster into the store, by the column."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import compress
from typing import Any

from villagedesk.exchange.grouping import RosterHousehold, RosterRow, member_columns
from villagedesk.records.schema import RECORDS, derived_id, natural_id
from villagedesk.store.fresh import gathered
from villagedesk.store.work import Work
from villagedesk.values import NewId


class RosterEntry:
    """What one import adds, inside its one act."""

    def __init__(self, work: Work, village: str, new_id: NewId) -> None:
        self._work = work
        self._village = village
        self._new_id = new_id

    def households(self, households: Sequence[RosterHousehold], elsewhere: Collection[int]) -> None:
        """Add households with their members, but those in the lines ``elsewhere``."""
        ids = [natural_id(RECORDS["household"], self._village, {"no": one.no}) for one in households]
        rows = [{**one.values, "no": one.no} for one in households]
        self._add("household", {**gathered(RECORDS["household"], rows), "id": ids})
        self.members(
            [
                (household_id, row)
                for household_id, household in zip(ids, households, strict=True)
                for row in household.rows
                if row.table.members is not None and row.line not in elsewhere
            ]
        )

    def members(self, members: Sequence[tuple[str, RosterRow]]) -> None:
        """Add members, each with the id of its household."""
        for places, columns in member_columns([row for _, row in members]):
            owners = [members[place][0] for place in places]
            numbers = columns.get("id_number", [""] * len(owners))
            marks = map(_either, numbers, columns.get("person_no", numbers))
            ids = [
                derived_id("member", owner, mark) if mark else self._new_id()
                for owner, mark in zip(owners, marks, strict=True)
            ]
            self._add("member", {**columns, "id": ids, "household_id": owners})

    def _add(self, kind: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Write new records. One that was here before and removed comes back, as a change of it."""
        ids = columns["id"]
        known = self._work.known(kind, ids)
        if known:
            for place in (place for place, one in enumerate(ids) if one in known):
                values = {name: column[place] for name, column in columns.items() if name != "id"}
                self._work.put(kind, self._village, values, ids[place])
            new = [one not in known for one in ids]
            columns = {name: list(compress(column, new)) for name, column in columns.items()}
        self._work.insert_columns(kind, self._village, columns)


def _either(number: object, person_no: object) -> object:
    """The number by which a person is known; nothing where the roster gives none."""
    return number or person_no
