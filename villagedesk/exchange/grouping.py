"""Rows to households: the integrity of a roster (DOMAIN §4.1, §7 H01, H04; A04).

What a refused row takes with it:

* a row that cannot be read is refused alone; its household comes in without that member, marked incomplete;
* when it was the row of the head, or the household has no head or several, the household is refused whole;
* of two rows with one ID number the first stands, and the later is refused;
* a household value that differs between its rows is no reason to refuse: the first row stands, with a note.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from villagedesk.exchange.remarks import Remarks
from villagedesk.text import Text, say
from villagedesk.values import mask_id

HEAD = "01"
_EMPTY = ("", None, ())
Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A cell or row that was not taken. ``row`` counts from 1; ``value`` never shows an ID number whole."""

    sheet: str
    row: int
    column: str
    value: str
    reason: Text


@dataclass(frozen=True, slots=True)
class RosterTable:
    """A sheet whose columns are read. ``members``: the members' values by field name; None on a list of households."""

    sheet: str
    members: Mapping[str, Sequence[object]] | None


class RosterRow(NamedTuple):
    """One line of a roster: the household part, and its place in the columns of the members' values.

    Rows of one household share its part. The parts are plain dictionaries by field name, ready for drafts.
    """

    table: RosterTable
    place: int
    line: int
    household: Values
    context: Values

    @property
    def sheet(self) -> str:
        """The name of the sheet it stands in."""
        return self.table.sheet

    @property
    def member(self) -> Values | None:
        """The member part, made anew each time; None on a list of households."""
        columns = self.table.members
        return None if columns is None else {name: column[self.place] for name, column in columns.items()}

    def value(self, name: str) -> object:
        """One value of the member part; nothing on a list of households."""
        return None if self.table.members is None else self.table.members[name][self.place]


def member_columns(rows: Sequence[RosterRow]) -> Iterator[tuple[Sequence[int], dict[str, list[object]]]]:
    """The members of these rows by column, with their places in ``rows``.

    Sheet by sheet, for each may have other columns.
    """
    by_table: dict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        by_table[id(row.table)].append(at)
    for alike in by_table.values():
        places = [rows[at].place for at in alike]
        columns = rows[alike[0]].table.members or {}
        yield alike, {name: list(map(column.__getitem__, places)) for name, column in columns.items()}


@dataclass(frozen=True, slots=True)
class RosterHousehold:
    """A household of a roster. ``values`` holds household fields, ``context`` what only the roster says.

    ``incomplete`` tells that rows of it were refused, so that members it does not name may still belong to it.
    """

    no: str
    values: Values
    context: Values
    rows: tuple[RosterRow, ...]
    incomplete: bool = False


@dataclass(slots=True)
class Grouped:
    """The households that came through and the rejections of the rest."""

    households: list[RosterHousehold] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    refused_households: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Labels:
    """Headings of the columns that rejections speak of, as the roster has them."""

    no: str
    relation: str
    id_number: str


def group(
    rows: Sequence[RosterRow], refused: Mapping[tuple[str, int], str], labels: Labels, remarks: Remarks
) -> Grouped:
    """Group rows by household number. ``refused`` gives, for rows already refused, the household they named."""
    done = Grouped()
    lost: dict[str, list[int]] = defaultdict(list)
    for (_, line), no in refused.items():
        lost[no].append(line)
    by_no: dict[str, list[RosterRow]] = {}
    for row in _without_repeats(rows, labels, done, lost):
        by_no.setdefault(str(row.household["no"]), []).append(row)
    for no, members in by_no.items():
        if reason := _unsound(members, lost.get(no)):
            _refuse(no, members, reason, labels, done)
        else:
            done.households.append(_household(no, members, lost.get(no), remarks))
    done.refused_households.extend(no for no in lost if no and no not in by_no)
    return done


def _without_repeats(
    rows: Sequence[RosterRow], labels: Labels, done: Grouped, lost: dict[str, list[int]]
) -> list[RosterRow]:
    """The rows without those whose person, or on a list of households whose household, stood there before."""
    seen: dict[object, RosterRow] = {}
    kept: list[RosterRow] = []
    for row in rows:
        number = row.value("id_number")
        key = number[:18] if isinstance(number, str) else row.household["no"]
        first = seen.setdefault(key, row) if key else row
        if first is row:
            kept.append(row)
            continue
        lost[str(row.household["no"])].append(row.line)
        label, value = (labels.id_number, mask_id(number)) if isinstance(number, str) else (labels.no, str(key))
        reason = say("the same number stands in line {line} already", line=first.line)
        done.rejections.append(Rejection(row.sheet, row.line, label, value, reason))
    return kept


def _unsound(members: Sequence[RosterRow], lost: Sequence[int] | None) -> Text | None:
    """Why a household cannot be taken, None when it can."""
    if members[0].table.members is None:
        return None
    heads = [row.line for row in members if row.value("relation") == HEAD]
    if len(heads) == 1:
        return None
    if heads:
        return say("the household has several heads (lines {lines})", lines=_lines(heads))
    if lost:
        return say("the row of the head may be among those refused (lines {lines})", lines=_lines(lost))
    return say("the household has no head")


def _lines(lines: Sequence[int]) -> str:
    return ", ".join(map(str, lines[:5]))


def _refuse(no: str, members: Sequence[RosterRow], reason: Text, labels: Labels, done: Grouped) -> None:
    done.refused_households.append(no)
    whole = say("Household {no} was not taken: {reason}", no=no, reason=reason)
    done.rejections.extend(Rejection(row.sheet, row.line, labels.relation, no, whole) for row in members)


def _household(no: str, rows: Sequence[RosterRow], lost: Sequence[int] | None, remarks: Remarks) -> RosterHousehold:
    values, context = rows[0].household, rows[0].context
    if any(row.household is not values or row.context is not context for row in rows):
        rows = [_joined(row, values, context, remarks) for row in rows]
    found = RosterHousehold(no, values, context, tuple(rows), incomplete=bool(lost))
    if rows[0].table.members is not None:
        _compare(found, len(lost or ()), remarks)
    return found


def _joined(row: RosterRow, values: Values, context: Values, remarks: Remarks) -> RosterRow:
    """The row with the parts its household shares."""
    for shared, own in ((values, row.household), (context, row.context)):
        if own is not shared:
            _merge(shared, own, row.line, remarks)
    return row._replace(household=values, context=context)


def _merge(values: Values, others: Values, line: int, remarks: Remarks) -> None:
    """Fill what the first row left empty; note what contradicts it."""
    for name, value in others.items():
        if values[name] in _EMPTY:
            values[name] = value
        elif value not in _EMPTY and value != values[name]:
            remarks.add("household_differs", line)


def _compare(found: RosterHousehold, lost: int, remarks: Remarks) -> None:
    """The head-count and head of the roster against its rows (H04)."""
    line = found.rows[0].line
    persons = found.context.get("persons")
    if persons is not None and persons != len(found.rows) + lost:
        remarks.add("persons_differ", line)
    head_name = found.context.get("head_name")
    names = [row.value("name") for row in found.rows if row.value("relation") == HEAD]
    if head_name and head_name not in names:
        remarks.add("head_differs", line)
