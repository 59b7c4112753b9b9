"""Finds the heading row of a roster and tells what each column is (DOMAIN §4.1).

Headings may stand in any of the first five lines, in one line or in two (a merged group heading above), with line
breaks, blanks and full-width brackets in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from villagedesk.errors import Problem
from villagedesk.exchange.fields import Field, FieldDictionary, plain_heading
from villagedesk.exchange.mapping import ColumnMapping
from villagedesk.exchange.readers import Cell, Sheet
from villagedesk.text import Text, say

HEADER_LINES = 5
_LEAST_KNOWN = 2  # a title line may hold one word that is also a heading


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose field is known."""

    position: int
    heading: str
    field: Field


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns of a sheet are. ``first_row`` is the index of the first line of data."""

    first_row: int
    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    kept: tuple[tuple[int, str], ...]
    dropped: tuple[tuple[str, Text], ...]
    kind: str

    def column(self, path: str) -> Column | None:
        """The column of a field."""
        return next((column for column in self.columns if column.field.path == path), None)


def find_layout(sheet: Sheet, fields: FieldDictionary, mapping: ColumnMapping) -> Layout | None:
    """The layout of a sheet, None when none of its first lines is a heading row."""
    best: tuple[int, int, tuple[str, ...]] | None = None
    for first_row, headings in _candidates(sheet.rows, mapping.header_row):
        known = len({found.path for heading in headings if (found := _field(heading, fields, mapping))})
        if known >= _LEAST_KNOWN and (best is None or known > best[0]):
            best = (known, first_row, headings)
    return _layout(best[1], best[2], fields, mapping) if best else None


def layout_of(line: int, row: Sequence[Cell], fields: FieldDictionary, mapping: ColumnMapping) -> Layout:
    """The layout of a sheet whose headings stand in ``row``, its line counted from 1, known or not."""
    return _layout(line, tuple(_heading(cell) for cell in row), fields, mapping)


def _candidates(rows: Iterable[Sequence[Cell]], only: int | None) -> list[tuple[int, tuple[str, ...]]]:
    """(index of the first line of data, headings): each line alone, then each two lines that follow one another."""
    head = list(islice(rows, only or HEADER_LINES))
    lines = range(only - 1 if only else 0, len(head))
    texts = {line: tuple(_heading(cell) for cell in head[line]) for line in lines}
    single = [(line + 1, texts[line]) for line in lines]
    double = [
        (line + 2, tuple(low or high for low, high in zip(texts[line + 1], texts[line], strict=True)))
        for line in lines
        if line + 1 in texts
    ]
    return single + double


def _heading(cell: Cell) -> str:
    """A heading without line breaks; long texts are sentences, not headings."""
    heading = "".join(cell.split()) if isinstance(cell, str) else ""
    return heading if len(heading) <= 60 else ""


def _field(heading: str, fields: FieldDictionary, mapping: ColumnMapping) -> Field | None:
    plain = plain_heading(heading)
    if not plain or plain in mapping.ignored:
        return None
    return mapping.columns.get(plain) or fields.find(heading)


def _layout(first_row: int, headings: tuple[str, ...], fields: FieldDictionary, mapping: ColumnMapping) -> Layout:
    columns: list[Column] = []
    kept: list[tuple[int, str]] = []
    dropped: list[tuple[str, Text]] = []
    for position, heading in enumerate(headings):
        if field := _field(heading, fields, mapping):
            columns.append(Column(position, heading, field))
        elif not heading or plain_heading(heading) in mapping.ignored or fields.is_ignored(heading):
            continue
        elif reason := fields.drop_reason(heading):
            dropped.append((heading, reason))
        else:
            kept.append((position, heading))
    kind = "persons" if any(column.field.scope == "member" for column in columns) else "households"
    return Layout(first_row, headings, tuple(columns), tuple(kept), tuple(dropped), kind)


def faults(layout: Layout, fields: FieldDictionary) -> list[Problem]:
    """Why a roster with this layout cannot be read: columns that stand twice, columns that are missing."""
    return [*_doubled(layout), *_missing(layout, fields)]


def _doubled(layout: Layout) -> list[Problem]:
    places: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for column in layout.columns:
        places[column.field.path].append((column.position, column.heading))
    for position, heading in layout.kept:
        places[plain_heading(heading)].append((position, heading))
    return [
        Problem(
            say(
                "The columns {columns} say the same. Delete or rename one of them.",
                columns="、".join(f"{column_letter(position)} “{heading}”" for position, heading in found),
            )
        )
        for found in places.values()
        if len(found) > 1
    ]


def _missing(layout: Layout, fields: FieldDictionary) -> list[Problem]:
    present = {column.field.path for column in layout.columns}
    missing = [fields.fields[path] for path in fields.required[layout.kind] if path not in present]
    return [
        Problem(
            say(
                "The column “{heading}” is missing. Add it, or name its heading in a mapping file.", heading=field.label
            ),
            field.name,
        )
        for field in missing
    ]


def column_letter(position: int) -> str:
    """The letters of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
