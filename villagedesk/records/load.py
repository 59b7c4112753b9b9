"""From rows to drafts: the one place where stored values become the frozen shapes of the forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from villagedesk.records.schema import RECORDS

_CHUNK = 500


def draft_of(kind: str, row: Mapping[str, Any], children: Mapping[str, tuple[Any, ...]] | None = None) -> Any:
    """The draft of a stored row; ``children`` are the drafts of the records it owns, by draft field."""
    record = RECORDS[kind]
    slots = getattr(record.draft, "__slots__", ())
    values = {name: row[name] for name in record.fields if name in slots}
    if "id" in slots:
        values["id"] = row["id"]
    if "revision" in slots:
        values["revision"] = row["revision"]
    return record.draft(**values, **(children or {}))


def load(connection: Connection, kind: str, ids: Sequence[str]) -> dict[str, Any]:
    """Drafts by id in the order asked for, with the records each one owns; unknown and removed ids are left out."""
    record = RECORDS[kind]
    found: dict[str, Mapping[str, Any]] = {}
    for chunk in _chunks(ids):
        rows = select(record.table).where(record.table.c.id.in_(chunk), record.table.c.removed.is_(False))
        found.update({row["id"]: dict(row) for row in connection.execute(rows).mappings()})
    owned = {field: _owned(connection, child, list(found)) for field, child in record.children.items()}
    return {
        each: draft_of(kind, found[each], {field: tuple(by.get(each, ())) for field, by in owned.items()})
        for each in ids
        if each in found
    }


def load_where(connection: Connection, kind: str, *conditions: Any) -> dict[str, Any]:
    """Drafts of all records that meet the conditions, in order of creation."""
    table = RECORDS[kind].table
    query = select(table.c.id).where(table.c.removed.is_(False), *conditions).order_by(table.c.n)
    return load(connection, kind, list(connection.execute(query).scalars()))


def _owned(connection: Connection, kind: str, owners: Sequence[str]) -> dict[str, list[Any]]:
    record = RECORDS[kind]
    column = record.table.c[record.owner]
    by_owner: dict[str, list[Any]] = {}
    for chunk in _chunks(owners):
        query = select(record.table).where(column.in_(chunk), record.table.c.removed.is_(False))
        for row in connection.execute(query.order_by(record.table.c.n)).mappings():
            by_owner.setdefault(row[record.owner], []).append(draft_of(kind, dict(row)))
    return by_owner


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
