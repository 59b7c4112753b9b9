"""What a roster would change: its households beside those of the desk, field by field. Nothing is changed here.

An empty cell says "not stated" and never empties a field. A member who is in the desk but not in the file is listed
and never removed: a person leaves a household by an event with a date and a reason, not by being left off a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from villagedesk.exchange.grouping import RosterHousehold, RosterRow

Stored = Mapping[str, Any]
"""Stored values by field name; a household's also hold ``id`` and ``members``, a member's ``id``."""

Changes = Mapping[str, tuple[object, object]]
"""Field name → (value now, value of the roster)."""

_EMPTY = ("", None, ())


@dataclass(frozen=True, slots=True)
class MemberDiff:
    """A member whom the roster changes."""

    id: str
    row: RosterRow
    fields: Changes


@dataclass(frozen=True, slots=True)
class MissingMember:
    """A living member of the desk whom the roster does not name."""

    household_no: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A person of the roster who stands in another household of the desk: a person decides, not the import."""

    row: RosterRow
    household_no: str
    id: str


@dataclass(frozen=True, slots=True)
class HouseholdDiff:
    """A household that the roster changes: its own fields, members to add, members to change."""

    id: str
    household: RosterHousehold
    fields: Changes
    new_members: tuple[RosterRow, ...] = ()
    changed_members: tuple[MemberDiff, ...] = ()
    unchanged_members: int = 0
    elsewhere: tuple[Elsewhere, ...] = ()
    missing_members: tuple[MissingMember, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the import would write anything."""
        return bool(self.fields or self.new_members or self.changed_members)


@dataclass(frozen=True, slots=True)
class RosterDiff:
    """What a roster would do to a desk."""

    new: tuple[RosterHousehold, ...]
    changed: tuple[HouseholdDiff, ...]
    unchanged: tuple[HouseholdDiff, ...]
    elsewhere: tuple[Elsewhere, ...] = field(default=())
    missing_members: tuple[MissingMember, ...] = field(default=())

    @property
    def members(self) -> dict[str, int]:
        """Numbers of members that are new, changed and unchanged."""
        known = (*self.changed, *self.unchanged)
        return {
            "new": sum(len(one.rows) for one in self.new if one.rows[0].table.members is not None)
            + sum(len(one.new_members) for one in known),
            "changed": sum(len(one.changed_members) for one in known),
            "unchanged": sum(one.unchanged_members for one in known),
        }


def compare(households: Iterable[RosterHousehold], desk: Mapping[str, Stored]) -> RosterDiff:
    """Compare the households of a roster with those of the desk (household number → stored values).

    Members are matched by ID number (the first eighteen digits: a disability certificate is the same person), then
    by 人口编号, then by name and birth. A person of a new household who stands in another household of the desk is
    in ``elsewhere`` and still among the rows of the new household: the caller decides.
    """
    places = _places(desk)
    new: list[RosterHousehold] = []
    changed: list[HouseholdDiff] = []
    unchanged: list[HouseholdDiff] = []
    elsewhere: list[Elsewhere] = []
    for household in households:
        stored = desk.get(household.no)
        if stored is None:
            new.append(household)
            elsewhere.extend(_elsewhere(household.rows, household.no, places))
            continue
        diff = _household(household, stored, places)
        (changed if diff.changes else unchanged).append(diff)
        elsewhere.extend(diff.elsewhere)
    missing = tuple(one for diff in (*changed, *unchanged) for one in diff.missing_members)
    return RosterDiff(tuple(new), tuple(changed), tuple(unchanged), tuple(elsewhere), missing)


def _places(desk: Mapping[str, Stored]) -> dict[str, tuple[str, str]]:
    """ID number → (household number, member id) of every living member of the desk."""
    return {
        number[:18]: (no, member["id"])
        for no, household in desk.items()
        for member in household["members"]
        if (number := member.get("id_number")) and member.get("left_on") is None
    }


def _elsewhere(rows: Iterable[RosterRow], no: str, places: Mapping[str, tuple[str, str]]) -> Iterator[Elsewhere]:
    for row in rows if places else ():
        found = places.get(str(row.value("id_number") or "")[:18])
        if found and found[0] != no:
            yield Elsewhere(row, *found)


def _household(household: RosterHousehold, stored: Stored, places: Mapping[str, tuple[str, str]]) -> HouseholdDiff:
    fields = changed_fields(stored, household.values)
    if household.rows[0].table.members is None:
        return HouseholdDiff(stored["id"], household, fields)
    matched, unmatched = _match(household.rows, stored["members"])
    elsewhere = tuple(_elsewhere(unmatched, household.no, places))
    moved = {place.row.line for place in elsewhere}
    diffs = [MemberDiff(one["id"], row, changed_fields(one, row.member or {})) for row, one in matched]
    changed = tuple(diff for diff in diffs if diff.fields)
    return HouseholdDiff(
        id=stored["id"],
        household=household,
        fields=fields,
        new_members=tuple(row for row in unmatched if row.line not in moved),
        changed_members=changed,
        unchanged_members=len(diffs) - len(changed),
        elsewhere=elsewhere,
        missing_members=() if household.incomplete else _missing(household, stored, matched),
    )


def changed_fields(stored: Stored, values: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """Field → (stored value, roster value) where the roster states another value."""
    found: dict[str, tuple[object, object]] = {}
    for name, value in values.items():
        if name == "extra":
            if value and (merged := _merged_extra(stored.get("extra") or (), value)) != (stored.get("extra") or ()):
                found[name] = (stored.get("extra") or (), merged)
        elif value not in _EMPTY and stored.get(name) != value:
            found[name] = (stored.get(name), value)
    return found


def _merged_extra(stored: Any, stated: Any) -> tuple[tuple[str, str], ...]:
    """Unknown columns: those of this roster over those of earlier ones."""
    return tuple({**dict(stored), **dict(stated)}.items())


def _match(
    rows: Iterable[RosterRow], members: Iterable[Stored]
) -> tuple[list[tuple[RosterRow, Stored]], list[RosterRow]]:
    """Pairs of row and stored member, and the rows that are nobody's. Each member is matched once."""
    left = {member["id"]: member for member in members}
    pairs: list[tuple[RosterRow, Stored]] = []
    open_rows = list(rows)
    for key in (_by_number, _by_person_no, _by_name_and_birth):
        index = {value: member for member in left.values() if (value := key(member))}
        still: list[RosterRow] = []
        for row in open_rows:
            member = index.pop(key(row.member or {}), None)
            if member is None:
                still.append(row)
            else:
                pairs.append((row, member))
                del left[member["id"]]
        open_rows = still
    return pairs, open_rows


def _by_number(member: Stored) -> object:
    return str(member.get("id_number") or "")[:18]


def _by_person_no(member: Stored) -> object:
    return member.get("person_no") or ""


def _by_name_and_birth(member: Stored) -> object:
    """Name and birth: inside one household that is the same person, whose ID number was corrected."""
    return (member["name"], member["birth"]) if member.get("name") and member.get("birth") else ""


def _missing(
    household: RosterHousehold, stored: Stored, matched: Iterable[tuple[RosterRow, Stored]]
) -> tuple[MissingMember, ...]:
    named = {member["id"] for _, member in matched}
    return tuple(
        MissingMember(household.no, member["id"], member.get("name", ""))
        for member in stored["members"]
        if member["id"] not in named and member.get("left_on") is None
    )
