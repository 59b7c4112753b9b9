"""Writes registers and rejects files as .xlsx: text stays text, nothing becomes a formula (DOMAIN §8.7).

Values arrive as plain dictionaries by field path (``member.id_number``). The file is written row by row beside its
target and put in its place when it is whole; the same values, notes and date give the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from villagedesk.durable import name_whole
from villagedesk.errors import Unavailable
from villagedesk.exchange.cells import Codes
from villagedesk.exchange.grouping import Rejection
from villagedesk.exchange.registers import Register, RegisterColumn
from villagedesk.exchange.roster import RejectedRow
from villagedesk.text import say, tr
from villagedesk.values import Step, no_step

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767  # characters in a cell of Excel
_SHEET_NAME_MARKS = str.maketrans("[]:*?/\\'", "        ")
_MM_A_CHARACTER = 2.1
Value = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sheetful:
    """What a register is written from: rows of values by field path, and the lines of its notes sheet.

    ``notes`` are (what, text): data date, profile, definitions (口径). ``created`` is printed into the file's
    properties and nowhere else taken from the clock.
    """

    rows: Iterable[Value]
    count: int
    notes: Sequence[tuple[str, str]]
    created: datetime


def write_register(
    path: Path, register: Register, content: Sheetful, codes: Codes, *, year: int | None = None, step: Step = no_step
) -> None:
    """Write a register. Code words are those of ``year``. Raises Unavailable when the place cannot be written."""
    with _workbook(path, content.created) as book:
        sheet = book.add_worksheet(_sheet_name(register.title))
        styles = _Styles(book)
        _head(sheet, register, styles)
        totals = [0] * len(register.columns)
        line = register.header_row
        for row in content.rows:
            _write_row(sheet, line, register, row, (styles, totals), codes, year)
            line += 1
            step(line - register.header_row, content.count)
        if any(column.total for column in register.columns):
            _write_totals(sheet, line, register, totals, styles)
        _notes(book, content.notes, styles)


def write_rejects(path: Path, rows: Sequence[RejectedRow], *, created: datetime) -> None:
    """Write the lines that were not taken, with the reasons: to be mended and imported again.

    Headings stand on the first line as they came. Every cell is text, so that Excel spoils nothing a second time.
    """
    with _workbook(path, created) as book:
        styles = _Styles(book)
        for name, group in _by_sheet(rows).items():
            sheet = book.add_worksheet(_sheet_name(name or "rejects"))
            sheet.freeze_panes(1, 0)
            headings = (*group[0].headings, tr("Reason not taken"))
            for column, heading in enumerate(headings):
                _write_text(sheet, 0, column, heading, styles.head)
            for line, row in enumerate(group, 1):
                cells = (*(_plain(cell) for cell in row.cells), "; ".join(_reason(one) for one in row.reasons))
                for column, cell in enumerate(cells):
                    _write_text(sheet, line, column, cell, styles.text)
            sheet.set_column(0, len(headings) - 1, 16, styles.text)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A list as it stands on paper: every cell a text. ``widths`` in characters."""

    title: str
    headings: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()


def characters(wide: float) -> float:
    """The width of a column of paper, in millimetres, as Excel counts it; none narrower than six characters."""
    return max(6.0, wide / _MM_A_CHARACTER)


def write_text_tables(
    path: Path, tables: Sequence[TextTable], notes: Sequence[tuple[str, str]], created: datetime
) -> None:
    """Write lists as they stand on paper, one a worksheet. Raises Unavailable when the place cannot be written."""
    with _workbook(path, created) as book:
        styles = _Styles(book)
        for number, table in enumerate(tables, 1):
            name = _sheet_name(table.title)
            _text_table(book.add_worksheet(f"{name[:27]} {number}" if len(tables) > 1 else name), table, styles)
        _notes(book, notes, styles)


def _text_table(sheet: Any, table: TextTable, styles: _Styles) -> None:
    _write_text(sheet, 0, 0, table.title, styles.title)
    for column, heading in enumerate(table.headings):
        sheet.set_column(column, column, table.widths[column])
        _write_text(sheet, 1, column, heading, styles.head)
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(1)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    lines = [*table.rows, *([table.total] if any(table.total) else [])]
    for line, cells in enumerate(lines, 2):
        for column, cell in enumerate(cells):
            _write_text(sheet, line, column, cell, styles.text, styles.quoted)
    sheet.ignore_errors({"number_stored_as_text": _all_cells(len(lines) + 2, len(table.headings))})


def _all_cells(rows: int, columns: int) -> str:
    from xlsxwriter.utility import xl_range

    return str(xl_range(0, 0, rows - 1, columns - 1))


def _reason(one: Rejection) -> str:
    return f"{one.column}: {one.reason}"


def _by_sheet(rows: Sequence[RejectedRow]) -> dict[str, list[RejectedRow]]:
    groups: dict[str, list[RejectedRow]] = {}
    for row in rows:
        groups.setdefault(row.sheet, []).append(row)
    return groups


@contextmanager
def _workbook(path: Path, created: datetime) -> Iterator[Any]:
    """A workbook that appears at ``path`` only when it is whole; its scraps lie beside it and go with it."""
    from xlsxwriter import Workbook  # 2 MB and forty modules: with the first workbook written
    from xlsxwriter.exceptions import XlsxWriterException

    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".table-") as scraps:
            part = Path(scraps) / "table.xlsx"
            book = Workbook(str(part), {"constant_memory": True, "tmpdir": scraps})
            book.set_properties({"created": created.replace(tzinfo=None)})
            try:
                yield book
            except BaseException:
                for sheet in book.worksheets():  # what is not closed keeps its rows' files open
                    sheet.row_data_fh.close()
                raise
            book.close()
            name_whole(part, path)
    except (OSError, XlsxWriterException) as error:
        raise Unavailable(
            say("“{file}” cannot be written. Close it in other programs, or choose another place.", file=path.name)
        ) from error


class _Styles:
    """The cell formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter", "num_format": "@"}
        )
        self.text = book.add_format({"num_format": "@"})
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self.number = book.add_format({"num_format": "0"})
        self.decimal = book.add_format({"num_format": "0.00"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})


def _sheet_name(title: str) -> str:
    """A name that Excel takes: at most 31 characters, without the marks it keeps for itself."""
    return title.translate(_SHEET_NAME_MARKS).strip()[:31] or "1"


def _head(sheet: Any, register: Register, styles: _Styles) -> None:
    header = register.header_row - 1
    for column, definition in enumerate(register.columns):
        sheet.set_column(column, column, definition.width)
    if header:
        _write_text(sheet, 0, 0, register.title, styles.title)
    for column, definition in enumerate(register.columns):
        _write_text(sheet, header, column, definition.heading, styles.head)
    sheet.freeze_panes(register.header_row, 0)
    sheet.repeat_rows(header)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_row(
    sheet: Any,
    line: int,
    register: Register,
    row: Value,
    marks: tuple[_Styles, list[int]],
    codes: Codes,
    year: int | None,
) -> None:
    styles, totals = marks
    for place, column in enumerate(register.columns):
        value = _value(column, row)
        kind = column.shows.kind if column.shows else "text"
        number = value if isinstance(value, int) and not isinstance(value, bool) else None
        if number is not None and column.total:
            totals[place] += number
        if number is not None and not register.text_only and kind in {"integer", "year", "hundredths"}:
            _write_number(sheet, line, place, number, (kind, styles))
        else:
            _write_text(sheet, line, place, _word(column, value, codes, year), styles.text, styles.quoted)


def _write_number(sheet: Any, line: int, place: int, value: int, mark: tuple[str, _Styles]) -> None:
    kind, styles = mark
    if kind == "hundredths":
        sheet.write_number(line, place, value / 100, styles.decimal)
    else:
        sheet.write_number(line, place, value, styles.number)


def _value(column: RegisterColumn, row: Value) -> object:
    if column.shows:
        return row.get(column.shows.path, "")
    if column.extra:
        extra = row.get("member.extra") or row.get("household.extra") or ()
        return dict(extra).get(column.extra, "")  # type: ignore[call-overload]  # pairs, as the draft keeps them
    return row.get(column.value, "") if column.value else ""


def _word(column: RegisterColumn, value: object, codes: Codes, year: int | None) -> str:
    """A value as people read it."""
    if value is None or value in ("", ()):
        return ""
    field = column.shows
    if column.words:
        return column.words.get(str(value), str(value))
    if field and field.kind == "code":
        return codes.word(field.code_list, str(value), year)
    if field and field.kind == "codes" and isinstance(value, tuple | list):
        return "、".join(codes.word(field.code_list, str(one), year) for one in value)
    if field and field.kind == "hundredths" and isinstance(value, int):
        return _decimal(value)
    return _plain(value)


def _decimal(value: int) -> str:
    sign, magnitude = ("-" if value < 0 else ""), abs(value)
    return f"{sign}{magnitude // 100}.{magnitude % 100:02d}".removesuffix(".00")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _write_text(sheet: Any, line: int, column: int, text: str, style: Any, quoted: Any = None) -> None:
    """A text cell, whatever it says; what a spreadsheet would run if it were typed in again carries a quote mark."""
    if text:
        sheet.write_string(line, column, text[:_LONGEST], quoted if quoted and text.startswith(_DANGEROUS) else style)


def _write_totals(sheet: Any, line: int, register: Register, totals: Sequence[int], styles: _Styles) -> None:
    _write_text(sheet, line, 0, "合计", styles.head)
    for place, column in enumerate(register.columns):
        if column.total and column.shows and register.text_only:
            shown = _decimal(totals[place]) if column.shows.kind == "hundredths" else str(totals[place])
            _write_text(sheet, line, place, shown, styles.text)
        elif column.total and column.shows:
            _write_number(sheet, line, place, totals[place], (column.shows.kind, styles))


def _notes(book: Any, notes: Sequence[tuple[str, str]], styles: _Styles) -> None:
    """The sheet that says what the figures are and when they held."""
    if not notes:
        return
    sheet = book.add_worksheet("口径")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    for line, (what, text) in enumerate(notes):
        _write_text(sheet, line, 0, what, styles.head)
        _write_text(sheet, line, 1, text, styles.wrapped)
