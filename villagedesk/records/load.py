"""From rows to drafts: the one place where stored values become the frozen shapes of the forms."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, select

from villagedesk.records.schema import RECORDS

_CHUNK = 500
_PART = 200


def draft_of(kind: str, row: Mapping[str, Any]) -> Any:
    """The draft of a stored row, without the records it owns."""
    fields = dataclasses.fields(RECORDS[kind].draft)
    return RECORDS[kind].draft(**{field.name: row[field.name] for field in fields if field.name in row})


def load(connection: Connection, kind: str, ids: Sequence[str]) -> dict[str, Any]:
    """Drafts by id in the order asked for, with the records each one owns; unknown and removed ids are left out."""
    found: dict[str, Any] = {}
    for chunk in _chunks(ids):
        found.update(_drafts(connection, kind, _among(kind, "id"), {"among": chunk}))
    return {each: found[each] for each in ids if each in found}


def load_where(connection: Connection, kind: str, *conditions: Any) -> dict[str, Any]:
    """Drafts of all records that meet the conditions, in order of creation."""
    return _drafts(connection, kind, _reading(kind).rows.where(*conditions), {})


def load_of(connection: Connection, kind: str, field: str, value: str) -> dict[str, Any]:
    """Drafts of all records with this value, in order of creation; what an open form asks for after every field."""
    return _drafts(connection, kind, _among(kind, field), {"among": [value]})


def load_village(connection: Connection, kind: str, village: str) -> dict[str, Any]:
    """Drafts of all records of a village, in order of creation.

    What they own is read in one stretch, for it belongs to the same village.
    """
    return _drafts(connection, kind, _among(kind, "village"), {"among": [village]}, village)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a kind of record is read: the columns stand in the order of the draft's fields, then owner and id."""

    rows: Select[Any]
    children: tuple[tuple[int, str], ...]  # place among the draft's fields, kind of the records that go there


@cache
def _reading(kind: str) -> _Reading:
    record = RECORDS[kind]
    names = [field.name for field in dataclasses.fields(record.draft)]
    columns: list[Column[Any]] = [record.table.c[name] for name in names if name not in record.children]
    whose = record.table.c[record.owner or "id"].label("whose")
    rows = select(*columns, whose, record.table.c.id.label("its_id")).where(record.table.c.removed.is_(False))
    children = sorted((names.index(field), child) for field, child in record.children.items())
    return _Reading(rows.order_by(record.table.c.n), tuple(children))


@cache
def _among(kind: str, field: str) -> Select[Any]:
    """The rows whose field is one of ``among``; a select that is put together once is quickly run."""
    return _reading(kind).rows.where(RECORDS[kind].table.c[field].in_(bindparam("among", expanding=True)))


def _drafts(
    connection: Connection, kind: str, rows: Select[Any], values: Mapping[str, Any], village: str = ""
) -> dict[str, Any]:
    """The drafts of these rows; what they own is read of the whole village where one is given."""
    draft, children = RECORDS[kind].draft, _reading(kind).children
    if not children:
        return {row[-1]: draft(*row[:-2]) for row in _fetched(connection, rows, values)}
    found = list(_fetched(connection, rows, values))
    ids = [row[-1] for row in found]
    owned = [(at, _owned(connection, child, ids, village)) for at, child in children]
    drafts = {}
    for row in found:
        cells = list(row[:-2])
        for at, by_owner in owned:
            cells.insert(at, tuple(by_owner.get(row[-1], ())))
        drafts[row[-1]] = draft(*cells)
    return drafts


def _owned(connection: Connection, kind: str, owners: Sequence[str], village: str) -> dict[str, list[Any]]:
    """Owner → drafts of what it owns, in order of creation."""
    draft = RECORDS[kind].draft
    by_owner: dict[str, list[Any]] = {}
    for field, among in [("village", [village])] if village else _by_owner(kind, owners):
        for row in _fetched(connection, _among(kind, field), {"among": among}):
            by_owner.setdefault(row[-2], []).append(draft(*row[:-2]))
    return by_owner


def _by_owner(kind: str, owners: Sequence[str]) -> Iterable[tuple[str, Sequence[str]]]:
    return ((RECORDS[kind].owner, chunk) for chunk in _chunks(owners))


def _fetched(connection: Connection, rows: Select[Any], values: Mapping[str, Any]) -> Iterator[Any]:
    for part in connection.execute(rows, values).partitions(_PART):
        yield from part


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
