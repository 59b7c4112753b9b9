"""The rows of one sheet: columns converted, cells judged, household part and member part apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from villagedesk.exchange.cells import text
from villagedesk.exchange.columns import Bad, ColumnReader, Numbers, first_filled, read_numbers, read_texts
from villagedesk.exchange.encodings import PRIVATE
from villagedesk.exchange.fields import Field
from villagedesk.exchange.grouping import Rejection, RosterRow, Values
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
    """A sheet while it is read: lines of data, their cells by column, and values by field path."""

    sheet: Sheet
    layout: Layout
    lines: list[int]
    cells: list[tuple[Cell, ...]]
    values: dict[str, list[object]]
    rejections: dict[int, list[Rejection]]


def read_rows(sheet: Sheet, layout: Layout, reader: ColumnReader, remarks: Remarks) -> SheetRows:
    """Convert every row of a sheet."""
    lines, data = _data_rows(sheet, layout, remarks)
    open_sheet = _Sheet(sheet, layout, lines, list(zip(*data, strict=True)), {}, {})
    _convert(open_sheet, reader)
    numbers = _convert_numbers(open_sheet)
    _fill_others(open_sheet)
    if layout.kind == "persons":
        _complete_members(open_sheet, numbers, remarks)
    _require_keys(open_sheet)
    rows = _rows(open_sheet)
    refused = {lines[place]: text(open_sheet.values["household.no"][place]) for place in open_sheet.rejections}
    rejections = [one for place in sorted(open_sheet.rejections) for one in open_sheet.rejections[place]]
    return SheetRows(sheet, rows, rejections, refused, len(lines))


def _data_rows(sheet: Sheet, layout: Layout, remarks: Remarks) -> tuple[list[int], list[Sequence[Cell]]]:
    """Lines (from 1) and cells below the headings; lines without any identity (totals, footers) are passed over."""
    places = [column.position for path in _IDENTITY if (column := layout.column(path))]
    _fill_merged(sheet, layout)
    lines: list[int] = []
    data: list[Sequence[Cell]] = []
    for line, row in enumerate(sheet.rows[layout.first_row :], layout.first_row + 1):
        if row[0] not in _TOTALS and any(row[place] != "" for place in places):
            lines.append(line)
            data.append(row)
        elif any(cell != "" for cell in row):
            remarks.add("not_a_row", line)
    return lines, data


def _fill_merged(sheet: Sheet, layout: Layout) -> None:
    """A household cell merged over the rows of its members speaks for each of them."""
    shared = {column.position for column in layout.columns if column.field.scope != "member"}
    for (top, left), (bottom, _) in sheet.merged:
        if top >= layout.first_row and left in shared:
            for row in sheet.rows[top + 1 : bottom + 1]:
                row[left] = sheet.rows[top][left]  # type: ignore[index]


def _convert(open_sheet: _Sheet, reader: ColumnReader) -> None:
    for column in open_sheet.layout.columns:
        if column.field.kind == "id_number":
            continue
        cells = _cells(open_sheet, column)
        converted = reader.read(column.field, column.heading, cells)
        open_sheet.values[column.field.path] = converted.values
        if converted.bad:
            _reject_bad(open_sheet, column, converted.values)


def _cells(open_sheet: _Sheet, column: Column) -> Sequence[Cell]:
    return open_sheet.cells[column.position] if open_sheet.cells else ()


def _convert_numbers(open_sheet: _Sheet) -> Numbers | None:
    column = open_sheet.layout.column("member.id_number")
    if column is None:
        return None
    numbers = read_numbers(_cells(open_sheet, column), open_sheet.values.get("member.id_kind"))
    open_sheet.values[column.field.path] = numbers.column.values
    if numbers.column.bad:
        _reject_bad(open_sheet, column, numbers.column.values)
    return numbers


def _reject_bad(open_sheet: _Sheet, column: Column, values: Iterable[object]) -> None:
    cells = _cells(open_sheet, column)
    for place, value in enumerate(values):
        if isinstance(value, Bad):
            _reject(open_sheet, place, column, shown(column.field, cells[place]), value.reason)


def _reject(open_sheet: _Sheet, place: int, column: Column, value: str, reason: Text) -> None:
    line = open_sheet.lines[place]
    one = Rejection(open_sheet.sheet.name, line, column.heading, value, reason)
    open_sheet.rejections.setdefault(place, []).append(one)


def shown(field: Field, cell: object) -> str:
    """A cell as a message may show it: ID and telephone numbers masked, long texts cut."""
    try:
        plain = text(cell)
    except Unfit:
        plain = str(cell)
    if field.kind in {"id_number", "phone"}:
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


def _complete_members(open_sheet: _Sheet, numbers: Numbers | None, remarks: Remarks) -> None:
    """Sex, birth and kind of document from the ID number where they are empty; contradictions are remarked."""
    values, lines = open_sheet.values, open_sheet.lines
    if numbers is None:
        return
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
    name = open_sheet.sheet.name
    households = _parts(open_sheet, "household")
    contexts = _parts(open_sheet, "roster")
    persons = open_sheet.layout.kind == "persons"
    members = _members(open_sheet) if persons else [None] * len(open_sheet.lines)
    if not persons:
        households = _with_extra(open_sheet, households)
    rows = map(RosterRow, [name] * len(members), open_sheet.lines, households, members, contexts)
    if not open_sheet.rejections:
        return list(rows)
    return [row for place, row in enumerate(rows) if place not in open_sheet.rejections]


def _columns_of(open_sheet: _Sheet, scope: str) -> tuple[list[str], list[list[object]]]:
    start = scope + "."
    found = {path.removeprefix(start): values for path, values in open_sheet.values.items() if path.startswith(start)}
    return list(found), list(found.values())


def _parts(open_sheet: _Sheet, scope: str) -> list[Values]:
    """A dictionary a row, shared by rows next to each other that say the same."""
    names, columns = _columns_of(open_sheet, scope)
    parts: list[Values] = []
    last: object = None
    part: Values = {}
    for key in zip(open_sheet.values["household.no"], *columns, strict=True):
        if key != last:
            part, last = dict(zip(names, key[1:], strict=True)), key
        parts.append(part)
    return parts


def _members(open_sheet: _Sheet) -> list[Values | None]:
    names, columns = _columns_of(open_sheet, "member")
    extras = _extras(open_sheet)
    keys = (*names, "extra")
    return [dict(zip(keys, values, strict=True)) for values in zip(*columns, extras, strict=True)]


def _with_extra(open_sheet: _Sheet, households: list[Values]) -> list[Values]:
    return [{**part, "extra": extra} for part, extra in zip(households, _extras(open_sheet), strict=True)]


def _extras(open_sheet: _Sheet) -> list[tuple[tuple[str, str], ...]]:
    """Cells of unknown columns, as (heading, text); empty ones are left out."""
    kept = open_sheet.layout.kept
    if not kept or not open_sheet.cells:
        return [()] * len(open_sheet.lines)
    names = [heading for _, heading in kept]
    columns = [read_texts(open_sheet.cells[position]) for position, _ in kept]
    return [
        tuple((name, str(value)) for name, value in zip(names, values, strict=True) if value)
        for values in zip(*columns, strict=True)
    ]
