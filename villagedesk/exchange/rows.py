"""The rows of one sheet: columns converted, cells judged, household part and member part apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice, repeat
from operator import itemgetter

from villagedesk.exchange.cells import text
from villagedesk.exchange.columns import Bad, ColumnReader, NumberColumn, ReadColumn, first_filled, text_column
from villagedesk.exchange.encodings import PRIVATE
from villagedesk.exchange.fields import Field
from villagedesk.exchange.grouping import Rejection, RosterRow, RosterTable, Values
from villagedesk.exchange.headings import Column, Layout
from villagedesk.exchange.id_numbers import is_provisional
from villagedesk.exchange.readers import Cell, Sheet
from villagedesk.exchange.remarks import Remarks
from villagedesk.exchange.unfit import Unfit
from villagedesk.text import Text, say
from villagedesk.values import mask_id

_IDENTITY = ("household.no", "member.name", "member.id_number")
_NO_KIND: Mapping[int, str] = {18: "01", 20: "09", 22: "09"}
_TOTALS = frozenset(("合计", "总计", "小计", "共计"))
_EMPTY_KEY = say("this cell must not be empty")
_BLOCK = 256  # rows that are read at once, so that their cells are still at hand when they are converted
_LONG_DIGITS = re.compile(r"\d{12,}[\dXx]?")


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The rows of a sheet that can be read, and what was wrong with the others (line → household number)."""

    sheet: Sheet
    rows: list[RosterRow]
    rejections: list[Rejection]
    refused: dict[int, str]
    lines: int


@dataclass(slots=True)
class _Sheet:
    """A sheet while it is read: lines of data, values by field path, and what was wrong by place."""

    sheet: Sheet
    layout: Layout
    lines: list[int]
    values: dict[str, list[object]]
    extras: list[tuple[tuple[str, str], ...]]
    rejections: dict[int, list[Rejection]]


def read_rows(sheet: Sheet, layout: Layout, reader: ColumnReader, remarks: Remarks) -> SheetRows:
    """Convert every row of a sheet."""
    columns = [
        (at, NumberColumn() if at.field.kind == "id_number" else reader.open(at.field, at.heading))
        for at in layout.columns
    ]
    kept = [(heading, position, text_column()) for position, heading in layout.kept]
    places = [*((at.position, column) for at, column in columns), *((place, column) for _, place, column in kept)]
    lines = _take(sheet, layout, remarks, places)
    values = {at.field.path: column.values for at, column in columns}
    extras = _extras([(heading, column.values) for heading, _, column in kept], len(lines))
    open_sheet = _Sheet(sheet, layout, lines, values, extras, {})
    numbers = next((column for _, column in columns if isinstance(column, NumberColumn)), None)
    if numbers is not None:
        numbers.close(values.get("member.id_kind"))
    for at, column in columns:
        if column.bad:
            _reject_bad(open_sheet, at, column.values)
    return _judged(open_sheet, numbers, remarks)


def _judged(open_sheet: _Sheet, numbers: NumberColumn | None, remarks: Remarks) -> SheetRows:
    """The rows of a sheet whose columns are all read."""
    _fill_others(open_sheet)
    if open_sheet.layout.kind == "persons" and numbers is not None:
        _complete_members(open_sheet, numbers, remarks)
    _require_keys(open_sheet)
    lines, nos = open_sheet.lines, open_sheet.values["household.no"]
    refused = {lines[at]: no if isinstance(no := nos[at], str) else "" for at in open_sheet.rejections}
    rejections = [one for place in sorted(open_sheet.rejections) for one in open_sheet.rejections[place]]
    return SheetRows(open_sheet.sheet, _rows(open_sheet), rejections, refused, len(lines))


def _take(
    sheet: Sheet, layout: Layout, remarks: Remarks, columns: Sequence[tuple[int, ReadColumn | NumberColumn]]
) -> list[int]:
    """Let every row of data through the columns, a block at a time; returns the lines they stand in, from 1."""
    lines: list[int] = []
    data = _data_rows(sheet, layout, remarks, lines)
    while block := list(islice(data, _BLOCK)):
        cells = list(zip(*block, strict=True))
        for position, column in columns:
            column.take(cells[position])
    return lines


def _data_rows(sheet: Sheet, layout: Layout, remarks: Remarks, lines: list[int]) -> Iterator[Sequence[Cell]]:
    """The rows below the headings, their lines noted; those without any identity (totals, footers) are passed over."""
    identity = itemgetter(*[column.position for path in _IDENTITY if (column := layout.column(path))])
    nothing = identity([""] * len(layout.headings))
    for line, row in enumerate(islice(filled_rows(sheet, layout), layout.first_row, None), layout.first_row + 1):
        if row[0] not in _TOTALS and identity(row) != nothing:
            lines.append(line)
            yield row
        elif any(cell != "" for cell in row):
            remarks.add("not_a_row", line)


def filled_rows(sheet: Sheet, layout: Layout) -> Iterator[Sequence[Cell]]:
    """The rows of a sheet; a household cell merged over the rows of its members speaks for each of them."""
    shared = {column.position for column in layout.columns if column.field.scope != "member"}
    begin: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in sheet.merged:
        if top >= layout.first_row and left in shared:
            begin.setdefault(top, []).append((left, bottom))
    if not begin:
        yield from sheet.rows
        return
    open_cells: dict[int, tuple[int, Cell]] = {}  # column → (last line it is merged over, its value)
    for place, row in enumerate(sheet.rows):
        filled = [*row]
        for left, (bottom, cell) in open_cells.items():
            if place <= bottom:
                filled[left] = cell
        open_cells |= {left: (bottom, filled[left]) for left, bottom in begin.get(place, ())}
        yield filled


def _reject_bad(open_sheet: _Sheet, column: Column, values: Iterable[object]) -> None:
    for place, value in enumerate(values):
        if isinstance(value, Bad):
            _reject(open_sheet, place, column, shown(column.field, value.cell), value.reason)


def _reject(open_sheet: _Sheet, place: int, column: Column, value: str, reason: Text) -> None:
    line = open_sheet.lines[place]
    one = Rejection(open_sheet.sheet.name, line, column.heading, value, reason)
    open_sheet.rejections.setdefault(place, []).append(one)


def shown(field: Field | None, cell: object) -> str:
    """A cell as a message may show it: ID and telephone numbers masked, long texts cut."""
    try:
        plain = text(cell)
    except Unfit:
        plain = str(cell)
    if field is not None and field.kind in {"id_number", "phone"}:
        return mask_id(plain)
    return _LONG_DIGITS.sub(lambda found: mask_id(found[0]), plain[:60])


def _fill_others(open_sheet: _Sheet) -> None:
    """Columns such as 危房户 fill the field they speak of where it is empty, and are no field of their own.

    Where several fill one field, the one that stands first in the dictionary goes first.
    """
    for field in sorted((column.field for column in open_sheet.layout.columns), key=lambda field: field.order):
        if field.fills:
            target = f"{field.scope}.{field.fills}"
            second = open_sheet.values.pop(field.path)
            first = open_sheet.values.get(target)
            open_sheet.values[target] = first_filled(first, second) if first is not None else second


def _complete_members(open_sheet: _Sheet, numbers: NumberColumn, remarks: Remarks) -> None:
    """Sex, birth and kind of document from the ID number where they are empty; contradictions are remarked."""
    values, lines = open_sheet.values, open_sheet.lines
    facts: tuple[tuple[str, Sequence[object], str], ...] = (
        ("member.birth", numbers.births, "birth_differs"),
        ("member.sex", numbers.sexes, "sex_differs"),
    )
    for path, said, remark in facts:
        given = values.get(path)
        values[path] = first_filled(given, said) if given is not None else list(said)
        if given is not None:
            for place, (own, other) in enumerate(zip(given, said, strict=True)):
                if own and other and own != other:
                    remarks.add(remark, lines[place])
    column = values["member.id_number"]
    lengths = [_NO_KIND.get(len(number), "01") if isinstance(number, str) else "01" for number in column]
    values["member.id_kind"] = first_filled(values.get("member.id_kind") or [""] * len(lengths), lengths)
    _remark_numbers(open_sheet, remarks)


def _remark_numbers(open_sheet: _Sheet, remarks: Remarks) -> None:
    names = open_sheet.values["member.name"]
    for place, number in enumerate(open_sheet.values["member.id_number"]):
        if number == "":
            remarks.add("no_id_number", open_sheet.lines[place])
        elif isinstance(number, str) and is_provisional(number):
            remarks.add("provisional", open_sheet.lines[place])
    if PRIVATE.search("".join(filter(None, (name for name in names if isinstance(name, str))))):
        for place, name in enumerate(names):
            if isinstance(name, str) and PRIVATE.search(name):
                remarks.add("private_character", open_sheet.lines[place])


def _require_keys(open_sheet: _Sheet) -> None:
    """Household number, name and relation may not be empty; an ID number may (a newborn has none yet)."""
    for column in open_sheet.layout.columns:
        if column.field.key and column.field.kind != "id_number":
            for place, value in enumerate(open_sheet.values[column.field.path]):
                if value == "":
                    _reject(open_sheet, place, column, "", _EMPTY_KEY)


def _rows(open_sheet: _Sheet) -> list[RosterRow]:
    """The rows without rejected ones. Equal household parts are one dictionary."""
    persons = open_sheet.layout.kind == "persons"
    extra: Sequence[object] = open_sheet.extras
    members = {**_columns_of(open_sheet, "member"), "extra": extra} if persons else None
    table = RosterTable(open_sheet.sheet.name, members)
    households, contexts = _parts(open_sheet, "household"), _parts(open_sheet, "roster")
    if not persons:
        households = [{**part, "extra": extra} for part, extra in zip(households, open_sheet.extras, strict=True)]
    rows = map(RosterRow, repeat(table), count(), open_sheet.lines, households, contexts)
    if not open_sheet.rejections:
        return list(rows)
    return [row for row in rows if row.place not in open_sheet.rejections]


def _columns_of(open_sheet: _Sheet, scope: str) -> dict[str, Sequence[object]]:
    start = scope + "."
    return {path.removeprefix(start): values for path, values in open_sheet.values.items() if path.startswith(start)}


def _parts(open_sheet: _Sheet, scope: str) -> list[Values]:
    """A dictionary a row, shared by rows next to each other that say the same."""
    columns = _columns_of(open_sheet, scope)
    parts: list[Values] = []
    last: object = None
    part: Values = {}
    for key in zip(open_sheet.values["household.no"], *columns.values(), strict=True):
        if key != last:
            part, last = dict(zip(columns, key[1:], strict=True)), key
        parts.append(part)
    return parts


def _extras(kept: Sequence[tuple[str, list[object]]], count: int) -> list[tuple[tuple[str, str], ...]]:
    """Cells of unknown columns, as (heading, text); empty ones are left out."""
    if not kept:
        return [()] * count
    names = [heading for heading, _ in kept]
    return [
        tuple((name, str(value)) for name, value in zip(names, values, strict=True) if value)
        for values in zip(*(column for _, column in kept), strict=True)
    ]
