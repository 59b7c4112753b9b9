"""Many rows at once, handed to the driver as they are: what an import and a township's intake need (TECH §2.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVarTuple

import orjson
from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    Connection,
    Date,
    Result,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    func,
    select,
)

from villagedesk.records.schema import Json
from villagedesk.store import server

_CHUNK = 500

Ts = TypeVarTuple("Ts")
Encode = Callable[[Any], Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that may each name only some of the columns; the others take the table's defaults."""
    by_columns: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        by_columns.setdefault(tuple(row), []).append(row)
    for names, alike in by_columns.items():
        insert_columns(connection, table, {name: list(map(itemgetter(name), alike)) for name in names})


def insert_columns(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows that stand here by the column.

    Only lists, and days that are not spelt yet, are turned into text, each distinct one once.
    """
    encoded = [_encoded(table, name, column) for name, column in columns.items()]
    rows = list(zip(*encoded, strict=True))
    if rows and connection.dialect.name == server.DIALECT:
        server.copy_rows(connection, table, list(columns), rows)
    elif rows:
        connection.exec_driver_sql(_statement(connection, table, columns), rows)


def fetch_column(connection: Connection, query: Select[Any], said: Mapping[str, Any]) -> Iterable[Any]:
    """What a query of one column finds, as the driver gives it: numbers, texts and bytes need no turning."""
    cursor: Any = connection.execute(query, said).cursor
    return chain.from_iterable(cursor.fetchall())


def find_among(connection: Connection, query: Select[*Ts], column: Column[str], texts: Sequence[str]) -> Result[*Ts]:
    """The rows of ``query``, which is kept for good, in which ``column`` holds one of these texts.

    They travel as one value, so that a hundred and a thousand are the same statement, made once.
    """
    served = connection.dialect.name == server.DIALECT
    return connection.execute(_narrowed(query, column, served), {"among": _json(texts)})


@lru_cache(maxsize=100)
def _narrowed(query: Select[*Ts], column: Column[str], served: bool) -> Select[*Ts]:
    among = bindparam("among", type_=Text)
    if served:
        listed = select(func.json_array_elements_text(cast(among, JSON))).scalar_subquery()
        return query.where(column == any_(func.array(listed, type_=ARRAY(Text))))
    return query.where(column.in_(select(func.json_each(among).table_valued("value").c.value)))


def _encoded(table: Table, name: str, column: Sequence[Any]) -> Sequence[Any]:
    encode = _encoder(table, name)
    if encode is None or (encode is _iso and date not in set(map(type, column))):
        return column
    made = {value: encode(value) for value in set(column)}
    return list(map(made.__getitem__, column))


def _statement(connection: Connection, table: Table, columns: Iterable[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    names = [quote(name) for name in columns]
    places = ",".join("?" * len(names))
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
