"""How a roster of an unusual source is read: what its columns and words mean, said once by a person and kept."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from types import MappingProxyType
from typing import Literal

from villagedesk.exchange import headings
from villagedesk.exchange.fields import Field, load_fields, plain_heading
from villagedesk.exchange.headings import Layout
from villagedesk.exchange.mapping import ColumnMapping
from villagedesk.exchange.readers import Book, Cell, Sheet
from villagedesk.exchange.roster import Roster
from villagedesk.exchange.rows import shown
from villagedesk.store.store import Store

Fate = Literal["taken", "kept", "dropped", "ignored"]

_SETTING = "roster_readings"
_SAMPLE_ROWS = 30


@dataclass(frozen=True)
class Reading:
    """A person's reading of a source.

    ``columns``: heading → field path, "" to leave the column out. ``values``: heading → old word → word of the list.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    header_row: int | None = None

    def with_words(self, heading: str, words: Mapping[str, str]) -> Reading:
        """The reading with more words of one column."""
        values = {**self.values, heading: {**self.values.get(heading, {}), **words}}
        return Reading(self.columns, values, self.header_row)


@dataclass(frozen=True)
class FoundColumn:
    """A column of a file: its letter, its heading, a cell of it (numbers masked), and what becomes of it."""

    letter: str
    heading: str
    sample: str
    path: str
    fate: Fate


@dataclass(frozen=True)
class RosterLook:
    """The columns of a roster before it is read. ``missing``: why it cannot be read with them."""

    source: str
    columns: tuple[FoundColumn, ...]
    missing: tuple[str, ...]
    reading: Reading


@dataclass(frozen=True)
class UnknownWord:
    """A word of a column that its code list does not know, and how many rows have it."""

    heading: str
    word: str
    rows: int
    code_list: str


def look(book: Book, store: Store, reading: Reading | None = None) -> RosterLook:
    """The columns of a book as they are read by ``reading``, or by what was kept for files with the same headings."""
    plain = _layout(book, Reading())
    if plain is None:
        return RosterLook("", (), (), Reading())
    source = source_of(plain[1])
    known = reading or kept(store, source) or Reading()
    sheet, layout = _layout(book, known) or plain
    if headings.find_layout(sheet, load_fields(), ColumnMapping()) is None:
        known = replace(known, header_row=layout.first_row)
    missing = tuple(str(one.text) for one in headings.faults(layout, load_fields()))
    return RosterLook(source, tuple(_columns(sheet, layout)), missing, known)


def mapping_of(reading: Reading) -> ColumnMapping:
    """The reading as the reader of rosters takes it; what a later version does not know any more is passed over."""
    fields = load_fields().fields
    named = {plain_heading(heading): fields[path] for heading, path in reading.columns.items() if path in fields}
    ignored = frozenset(plain_heading(heading) for heading, path in reading.columns.items() if not path)
    values = {plain_heading(heading): words for heading, words in reading.values.items()}
    return ColumnMapping(MappingProxyType(named), ignored, MappingProxyType(values), reading.header_row)


def kept(store: Store, source: str) -> Reading | None:
    """What was kept for files with these headings."""
    found = store.setting(_SETTING, {}).get(source)
    return Reading(**found) if found else None


def any_kept(store: Store) -> bool:
    """Whether anything was kept of any source."""
    return bool(store.setting(_SETTING, {}))


def keep(store: Store, source: str, reading: Reading) -> None:
    """Keep a reading for the next file with the same headings."""
    store.keep_setting(_SETTING, {**store.setting(_SETTING, {}), source: asdict(reading)})


def source_of(layout: Layout) -> str:
    """What files of one source share: their headings."""
    return hashlib.sha256("\x1f".join(map(plain_heading, layout.headings)).encode()).hexdigest()[:16]


def choices() -> tuple[Field, ...]:
    """The fields a column may be read as, in the order of the dictionary."""
    return tuple(one for one in load_fields().fields.values() if one.read)


def unknown_words(roster: Roster) -> tuple[UnknownWord, ...]:
    """The words for which rows were refused, the most frequent first."""
    fields = load_fields().fields
    coded = {heading: fields[path] for heading, path in roster.columns if fields[path].code_list}
    found = Counter((one.column, one.value) for one in roster.rejected if one.column in coded and one.value)
    return tuple(
        UnknownWord(heading, word, count, coded[heading].code_list) for (heading, word), count in found.most_common()
    )


def _layout(book: Book, reading: Reading) -> tuple[Sheet, Layout] | None:
    """The first sheet with known headings, or else the first sheet by the fullest of its first lines."""
    fields, mapping = load_fields(), mapping_of(reading)
    for sheet in book.sheets:
        layout = headings.find_layout(sheet, fields, mapping)
        if layout is not None:
            return sheet, layout
    for sheet in book.sheets:
        head = list(islice(sheet.rows, headings.HEADER_LINES))
        words = [sum(isinstance(cell, str) and bool(cell.strip()) for cell in row) for row in head]
        if words and max(words) > 1:
            line = reading.header_row or words.index(max(words)) + 1
            return sheet, headings.layout_of(line, head[min(line, len(head)) - 1], fields, mapping)
    return None


def _columns(sheet: Sheet, layout: Layout) -> list[FoundColumn]:
    rows = list(islice(sheet.rows, layout.first_row, layout.first_row + _SAMPLE_ROWS))
    paths = {column.position: column.field for column in layout.columns}
    keeps = {position for position, _ in layout.kept}
    dropped = {heading for heading, _ in layout.dropped}
    found = []
    for position, heading in enumerate(layout.headings):
        if not heading:
            continue
        read = paths.get(position)
        fate: Fate = (
            "taken" if read else "kept" if position in keeps else "dropped" if heading in dropped else "ignored"
        )
        sample = _sample(rows, position, read)
        found.append(FoundColumn(headings.column_letter(position), heading, sample, read.path if read else "", fate))
    return found


def _sample(rows: Sequence[Sequence[Cell]], position: int, read: Field | None) -> str:
    cell = next((row[position] for row in rows if row[position] != ""), "")
    return shown(read, cell)
