"""Reads a roster: a file of households and their members, as the state system and the villages make them (§4.1).

The whole is read column by column (see :mod:`columns`), then judged row by row, then gathered into households (see
:mod:`grouping` for what a refused row takes with it). A row is taken whole or not at all: an unreadable cell refuses
its row, and the rejects file brings it back when it is mended. Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from villagedesk.errors import Problem, Refused, Unreadable
from villagedesk.exchange import headings
from villagedesk.exchange.cells import Codes
from villagedesk.exchange.columns import ColumnReader
from villagedesk.exchange.fields import FieldDictionary
from villagedesk.exchange.grouping import Grouped, Labels, Rejection, RosterHousehold, RosterRow, group
from villagedesk.exchange.headings import Layout
from villagedesk.exchange.mapping import ColumnMapping
from villagedesk.exchange.readers import Book, Cell, Sheet, open_book
from villagedesk.exchange.remarks import Remarks
from villagedesk.exchange.rows import SheetRows, filled_rows, read_rows
from villagedesk.text import Text, say
from villagedesk.values import Step, collector_paused, no_step


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A line that was not taken, with its cells as they came, for the rejects file."""

    sheet: str
    line: int
    headings: tuple[str, ...]
    cells: tuple[Cell, ...]
    reasons: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as it was read. ``kind`` is ``persons`` (a row a member) or ``households`` (a row a household)."""

    kind: str
    households: tuple[RosterHousehold, ...]
    rejected: tuple[Rejection, ...]
    rejected_rows: tuple[RejectedRow, ...]
    rejected_households: tuple[str, ...]
    notes: tuple[Text, ...]
    columns: tuple[tuple[str, str], ...]  # (heading, field path) of every column that was taken
    unknown_columns: tuple[str, ...]
    dropped_columns: tuple[tuple[str, Text], ...]
    lines: int  # lines with data, taken or not

    @property
    def rows(self) -> tuple[RosterRow, ...]:
        """Every row that was taken, household by household."""
        return tuple(row for household in self.households for row in household.rows)


def read_roster(
    path: Path,
    fields: FieldDictionary,
    codes: Codes,
    mapping: ColumnMapping | None = None,
    *,
    year: int,
    step: Step = no_step,
) -> Roster:
    """Read a roster from .xlsx, .xls or a text table. ``year`` chooses the code lists that held when it was made.

    Raises Unreadable when the file cannot be read or holds no heading row; Refused, naming each column, when columns
    are missing or stand twice; Cancelled when ``step`` says so.
    """
    with collector_paused():
        return read_book(open_book(path), path.name, fields, codes, mapping, year=year, step=step)


def read_book(
    book: Book,
    file: str,
    fields: FieldDictionary,
    codes: Codes,
    mapping: ColumnMapping | None = None,
    *,
    year: int,
    step: Step = no_step,
) -> Roster:
    """As :func:`read_roster`, of a file that is open already."""
    return _read(book, file, fields, mapping or ColumnMapping(), (codes, year), step)


def _read(
    book: Book, file: str, fields: FieldDictionary, mapping: ColumnMapping, words: tuple[Codes, int], step: Step
) -> Roster:
    step(1, 4)
    sheets, notes = _layouts(book, file, fields, mapping)
    reader = ColumnReader(*words, book.from_1904, mapping)
    remarks = Remarks()
    read = [read_rows(sheet, layout, reader, remarks) for sheet, layout in sheets]
    step(2, 4)
    grouped = group(
        [row for each in read for row in each.rows],
        {(each.sheet.name, line): no for each in read for line, no in each.refused.items()},
        _labels(sheets[0][1], fields),
        remarks,
    )
    step(3, 4)
    roster = _roster(sheets, read, grouped, (*book.notes, *notes, *remarks.texts()))
    step(4, 4)
    return roster


def _layouts(
    book: Book, file: str, fields: FieldDictionary, mapping: ColumnMapping
) -> tuple[list[tuple[Sheet, Layout]], list[Text]]:
    """The sheets that are rosters, and a note for each that is none."""
    found: list[tuple[Sheet, Layout]] = []
    faults: list[Problem] = []
    notes: list[Text] = []
    for sheet in book.sheets:
        layout = headings.find_layout(sheet, fields, mapping)
        if layout and not (wrong := headings.faults(layout, fields)):
            found.append((sheet, layout))
            continue
        if layout:
            faults.extend(wrong)
        if any(any(cell != "" for cell in row) for row in sheet.rows):
            notes.append(say("The sheet “{sheet}” is no roster and was not read.", sheet=sheet.name))
    if found and len({layout.kind for _, layout in found}) == 1:
        return found, notes
    if faults:
        raise Refused(faults)
    if found:
        raise Refused(say("Persons and households stand on different sheets. Import them as two files."))
    raise Unreadable(
        say(
            "“{file}” has no heading row in its first five lines. A roster needs at least {headings}.",
            file=file,
            headings="、".join(fields.fields[path].label for path in fields.required["persons"]),
        )
    )


def _labels(layout: Layout, fields: FieldDictionary) -> Labels:
    def heading(path: str) -> str:
        column = layout.column(path)
        return column.heading if column else fields.fields[path].label

    return Labels(heading("household.no"), heading("member.relation"), heading("member.id_number"))


def _roster(
    sheets: Sequence[tuple[Sheet, Layout]], read: Sequence[SheetRows], grouped: Grouped, notes: tuple[Text, ...]
) -> Roster:
    layouts = [layout for _, layout in sheets]
    rejected = sorted(
        (*(one for each in read for one in each.rejections), *grouped.rejections), key=lambda one: (one.sheet, one.row)
    )
    dropped = dict(pair for layout in layouts for pair in layout.dropped)
    left_out = tuple(
        say("The column “{heading}” was left out: {reason}.", heading=heading, reason=reason)
        for heading, reason in dropped.items()
    )
    return Roster(
        kind=layouts[0].kind,
        households=tuple(grouped.households),
        rejected=tuple(rejected),
        rejected_rows=tuple(_rejected_rows(sheets, rejected)),
        rejected_households=tuple(grouped.refused_households),
        notes=(*left_out, *notes),
        columns=tuple((column.heading, column.field.path) for layout in layouts for column in layout.columns),
        unknown_columns=tuple(dict.fromkeys(heading for layout in layouts for _, heading in layout.kept)),
        dropped_columns=tuple(dropped.items()),
        lines=sum(each.lines for each in read),
    )


def _rejected_rows(sheets: Sequence[tuple[Sheet, Layout]], rejected: Sequence[Rejection]) -> Iterable[RejectedRow]:
    by_line: dict[tuple[str, int], list[Rejection]] = {}
    for one in rejected:
        by_line.setdefault((one.sheet, one.row), []).append(one)
    for sheet, layout in sheets:
        lines = {line for name, line in by_line if name == sheet.name}
        for line, row in enumerate(filled_rows(sheet, layout) if lines else (), 1):
            if line in lines:
                yield RejectedRow(sheet.name, line, layout.headings, tuple(row), tuple(by_line[sheet.name, line]))
