"""Opens tables that came from anywhere: Excel workbooks and text tables, as rows of cells (DOMAIN §4.1, §8.7).

Every input is hostile until read: no formula is worked out, no link followed, no macro run; a file that cannot be read
is refused with one sentence.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import TypeAlias, cast

import python_calamine as calamine

from villagedesk.errors import Unavailable, Unreadable
from villagedesk.exchange import package
from villagedesk.exchange.encodings import decode
from villagedesk.text import Text, say

Cell: TypeAlias = str | float | bool | date | datetime | time | timedelta
"""A cell keeps whether it was text or a number: an ID number that is a number has lost its last digits."""

MAX_BYTES = 60_000_000
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods")
_SEPARATORS = ",\t;，|"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows`` begins with its first line and may be gone through again and again.

    ``merged`` holds ((top, left), (bottom, right)) counted from 0.
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """The visible sheets of a file, and what a person should know about how it was read."""

    sheets: tuple[Sheet, ...]
    notes: tuple[Text, ...] = ()
    from_1904: bool = False


def open_book(path: Path) -> Book:
    """Read a workbook (.xlsx, .xlsm, .xls) or a text table (UTF-8, UTF-16 with mark, GB18030).

    Raises Unreadable with one sentence when it is empty, damaged, locked, too large or something else altogether;
    Unavailable when the machine cannot read it.
    """
    content, name = _content(path), path.name
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return _open_zip(content, name)
    if content.startswith(_OLE):
        return _open_old(content, name)
    _refuse_foreign(content, path)
    return _open_text(content, name)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(say("“{file}” is larger than 60 MB. Split the list.", file=path.name))
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable(say("There is no file “{file}”. Choose it again.", file=path.name)) from error
    except IsADirectoryError as error:
        raise Unreadable(say("“{file}” is a folder. Choose a file in it.", file=path.name)) from error
    except (OSError, ValueError) as error:
        raise Unavailable(
            say("“{file}” cannot be read now. Close it in other programs and try again.", file=path.name)
        ) from error
    if not content.strip():
        raise Unreadable(say("“{file}” is empty. Copy it again, or choose another file.", file=path.name))
    return content


def _open_zip(content: bytes, name: str) -> Book:
    found = package.inspect(content, name)
    notes = (say("“{file}” has macros. They were not run; only the values were read.", file=name),)
    return Book(_sheets(content, name), notes if found.macros else (), found.from_1904)


def _open_old(content: bytes, name: str) -> Book:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _locked(name)
    return Book(_sheets(content, name))


def _sheets(content: bytes, name: str) -> tuple[Sheet, ...]:
    with _damage_told(name), calamine.load_workbook(BytesIO(content)) as book:
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
        ]
        return tuple(_sheet(book.get_sheet_by_name(each), name) for each in visible)


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    """Say in one sentence what the cell reader stumbled over."""
    try:
        yield
    except (Unreadable, GeneratorExit):
        raise
    except calamine.PasswordError as error:
        raise _locked(name) from error
    except BaseException as error:
        # The cell reader is compiled code: on a broken file it may also panic, which is not an Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Unreadable(
                say(
                    "“{file}” is damaged or not an Excel workbook. Open it in Excel and save it again as .xlsx.",
                    file=name,
                )
            ) from error
        raise


def _sheet(sheet: calamine.CalamineSheet, name: str) -> Sheet:
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= package.MAX_ROWS or last_column >= package.MAX_COLUMNS:
        raise package.too_far(name)
    return Sheet(sheet.name, _Rows(sheet, name), tuple(sheet.merged_cell_ranges or ()))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a workbook's sheet, made as they are asked for: never a million cells at once."""

    sheet: calamine.CalamineSheet
    file: str

    def __iter__(self) -> Iterator[list[Cell]]:
        left = [""] * (self.sheet.start or (0, 0))[1]
        with _damage_told(self.file):
            for row in self.sheet.iter_rows():
                yield cast("list[Cell]", [*left, *row] if left else row)


def _locked(name: str) -> Unreadable:
    return Unreadable(say("“{file}” is locked with a password. Save it without a password first.", file=name))


def _refuse_foreign(content: bytes, path: Path) -> None:
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<body", b"<?xml", b"<script")):
        raise Unreadable(
            say("“{file}” is a web page, not a workbook. Open it in Excel and save it as .xlsx.", file=path.name)
        )
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if path.suffix.lower() in _WORKBOOK_ENDINGS or (b"\0" in content and not utf16):
        raise Unreadable(
            say(
                "“{file}” is neither an Excel workbook nor a text table. "
                "Choose the list itself, saved as .xlsx, .xls or .csv.",
                file=path.name,
            )
        )


def _open_text(content: bytes, name: str) -> Book:
    try:
        text = decode(content)
    except ValueError as error:
        raise Unreadable(
            say("“{file}” is in an unknown encoding. Save it as .xlsx, or as CSV in UTF-8 or GB18030.", file=name)
        ) from error
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=_separator(text)))
    except csv.Error as error:
        raise Unreadable(say("“{file}” is damaged: its cells cannot be told apart.", file=name)) from error
    if len(rows) > package.MAX_ROWS or max(map(len, rows), default=0) > package.MAX_COLUMNS:
        raise package.too_far(name)
    return Book((Sheet("", _squared(rows)),))


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most cells."""
    head = text[:20_000].splitlines()[:5]
    return max(_SEPARATORS, key=lambda mark: max((line.count(mark) for line in head), default=0))


def _squared(rows: list[list[str]]) -> list[list[Cell]]:
    """All rows with the same number of cells."""
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]
