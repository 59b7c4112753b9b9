"""Many new records of one kind, held by the column: what an import writes (TECH §2.3).

The columns of a roster repeat a few words tens of thousands of times. So each distinct value is encoded once, for the
revision line and for the driver, and columns in which nothing is stated are left to the table's defaults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection

from villagedesk.records.schema import RecordType, empty, touch
from villagedesk.store.bulk import insert_columns


def gathered(record: RecordType, rows: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[Any]]:
    """Rows by column; a row that lacks a column takes the draft's default."""
    blank = empty(record)
    columns: dict[str, Sequence[Any]] = {}
    for name in dict.fromkeys(chain.from_iterable(rows)):
        try:
            columns[name] = list(map(itemgetter(name), rows))
        except KeyError:
            columns[name] = [row.get(name, blank[name]) for row in rows]
    return columns


class FreshRecords:
    """New records in the order given, by column; the column ``id`` is among them."""

    def __init__(self, record: RecordType, village: str, columns: Mapping[str, Sequence[Any]]) -> None:
        self.ids: Sequence[str] = columns["id"]
        self._record = record
        self._village = village
        self._blank = empty(record)
        self._columns = {
            name: column for name, column in columns.items() if name != "id" and self._is_stated(name, column)
        }

    def changes(self) -> Iterator[bytes]:
        """What a revision line says of each record, as :func:`villagedesk.store.lines.encode` writes a change.

        Nobody has seen the record before (``p`` is empty); what the draft's defaults say already is left out.
        """
        parts = {name: self._fragments(name, column) for name, column in self._columns.items()}
        parts["village"] = [b'"village":%b' % orjson.dumps(self._village)] * len(self.ids)
        said = zip(*(parts[name] for name in sorted(parts)), strict=True)
        kind = self._record.kind.encode()
        for record_id, fields in zip(self.ids, said, strict=True):
            yield b'{"f":{%b},"p":[],"r":"%b","t":"%b"}' % (b",".join(filter(None, fields)), record_id.encode(), kind)

    def insert(self, connection: Connection, first: int, revisions: Sequence[int]) -> None:
        """Write the rows, numbered from ``first`` on; their heads in the history are for :func:`insert_touches`."""
        count = len(self.ids)
        table = self._record.table
        local = {"n": range(first, first + count), "id": self.ids, "village": [self._village] * count}
        insert_columns(connection, table, {**local, "revision": revisions, **self._columns})

    def _is_stated(self, name: str, column: Sequence[Any]) -> bool:
        blank = self._blank[name]
        return column[0] != blank or column.count(blank) < len(column)

    def _fragments(self, name: str, column: Sequence[Any]) -> list[bytes]:
        """``"name":value`` of each record, empty where it is the default."""
        key = orjson.dumps(name)
        made = {value: b"%b:%b" % (key, orjson.dumps(value)) for value in set(column)}
        made[self._blank[name]] = b""
        return list(map(made.__getitem__, column))


def insert_touches(connection: Connection, touches: Iterable[tuple[str, int, bool]]) -> None:
    """Note which records a revision (by its number) wrote, and whether nobody has seen a later one of the record."""
    rows = sorted(touches)  # as the table is
    if rows:
        insert_columns(
            connection, touch, dict(zip(("record", "revision", "head"), zip(*rows, strict=True), strict=True))
        )
