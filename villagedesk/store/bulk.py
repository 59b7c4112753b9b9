"""Many rows at once, handed to the driver as they are: what an import and a township's intake need (TECH §2.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Date, Table

from villagedesk.records.schema import Json

_CHUNK = 500

Encode = Callable[[Any], Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that may each name only some of the columns; the others take the table's defaults."""
    by_columns: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        by_columns.setdefault(tuple(row), []).append(row)
    for columns, alike in by_columns.items():
        connection.exec_driver_sql(_statement(connection, table, columns), _tuples(table, columns, alike))


def _tuples(table: Table, columns: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows as the driver takes them; only dates and lists are turned into text."""
    pick = itemgetter(*columns) if len(columns) > 1 else lambda row: (row[columns[0]],)
    special = [(at, encode) for at, name in enumerate(columns) if (encode := _encoder(table, name)) is not None]
    if not special:
        return [pick(row) for row in rows]
    made = []
    for row in rows:
        values = list(pick(row))
        for at, encode in special:
            values[at] = encode(values[at])
        made.append(tuple(values))
    return made


def _statement(connection: Connection, table: Table, columns: Iterable[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    names = [quote(name) for name in columns]
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    places = ",".join([mark] * len(names))
    return f"INSERT INTO {quote(table.name)} ({','.join(names)}) VALUES ({places})"  # noqa: S608  names of the schema


@lru_cache(maxsize=1000)
def _encoder(table: Table, name: str) -> Encode | None:
    kind = table.c[name].type
    if isinstance(kind, Json):
        return _json
    return _iso if isinstance(kind, Date) else None


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The items, a few hundred at a time: as many as one statement names."""
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
