"""What a person does not read is not even there: views of his connection stand before the tables (TECH §1.6).

SQLite finds a temporary view before a table of the same name, so every list, form, search, paper and command that reads
through the store gets blanks, whether its author thought of roles or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Engine, Table, event

from villagedesk.records.schema import RECORDS, empty, revision, search_key, setting
from villagedesk.store.search import HOUSEHOLD_PHONE, ID_TAIL, PHONE_TAIL

_LINE = {"line": "x''", "reason": "''", "verb": "''"}
"""What of a revision tells what was done to a record; that there was one, and by whom, is nobody's secret."""


@dataclass(frozen=True)
class Covered:
    """Kinds of record and settings that are not read at all, and columns of the other kinds.

    ``rows``: kind → column → values; a row that holds one of them is not read either.
    """

    kinds: frozenset[str]
    columns: Mapping[str, frozenset[str]]
    settings: frozenset[str] = frozenset()
    rows: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


def cover(engine: Engine, covered: Covered) -> Engine:
    """Let every connection of ``engine`` read around what is covered; returns it."""
    said = list(_views(covered))

    def put_before(connection: Any, _record: object) -> None:
        for statement in said:
            connection.execute(statement)

    event.listen(engine, "connect", put_before)
    return engine


def _views(covered: Covered) -> Iterator[str]:
    for kind in sorted(covered.kinds):
        yield _view(RECORDS[kind].table, "0")
    for kind, columns in sorted(covered.columns.items()):
        blanks = {name: _literal(value) for name, value in empty(RECORDS[kind]).items() if name in columns}
        where = " AND ".join(_without(name, values) for name, values in covered.rows.get(kind, {}).items())
        if blanks or where:
            yield _view(RECORDS[kind].table, where or "1", blanks)
    yield _view(revision, "1", _LINE)
    yield _view(setting, "key NOT IN ({})".format(", ".join(map(_literal, sorted(covered.settings)))))
    yield _view(search_key, f"kind NOT IN ({ID_TAIL}, {PHONE_TAIL}, {HOUSEHOLD_PHONE})")


def _view(table: Table, where: str, blanks: Mapping[str, str] | None = None) -> str:
    named = {column.name: _quoted(column.name) for column in table.columns}
    shown = ", ".join(f"{(blanks or {}).get(name, quoted)} AS {quoted}" for name, quoted in named.items())
    return f"CREATE TEMP VIEW {_quoted(table.name)} AS SELECT {shown} FROM main.{_quoted(table.name)} WHERE {where}"  # noqa: S608  names of ours


def _without(column: str, values: tuple[str, ...]) -> str:
    return "{} NOT IN ({})".format(_quoted(column), ", ".join(map(_literal, values)))


def _quoted(name: str) -> str:
    return f'"{name}"'


def _literal(value: Any) -> str:
    """A draft's default as SQL writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, str | tuple):
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        return "'{}'".format(text.replace("'", "''"))
    return str(int(value))
