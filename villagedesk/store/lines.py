"""Revision lines: the bytes that say what one verb changed (docs/architecture.md, "One change").

A line is canonical JSON, hashed once when written and never written again: the bytes received are the bytes stored and
forwarded, so that a hub with an older schema can still carry newer revisions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import orjson
import zstandard
from sqlalchemy import BigInteger, Boolean, Column, Date, Table

from villagedesk.errors import Newer, Unreadable
from villagedesk.records.schema import Json, RecordType
from villagedesk.text import say

LINE_VERSION = 1
_MAX_LINE = 8 << 20
_OPTIONS = orjson.OPT_SORT_KEYS
_SHORT = 2048
OPENING = b"{"
"""How a line begins; a compressed one begins lower."""


@dataclass(slots=True)
class RecordChange:
    """What one revision did to one record. ``fields`` maps a field to (old, new); of a new record old is None."""

    kind: str
    record: str
    parents: tuple[str, ...]  # hex hashes of the revisions this one has seen of the record; () for a new one
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Revision:
    """One verb's changes, as written by one device."""

    device: str
    seq: int
    prev: str  # hash of the device's previous revision, "" for its first
    hlc: int
    at: str  # ISO time, UTC
    author: str
    verb: str
    reason: str
    act: str
    changes: tuple[RecordChange, ...]


def encode(revision: Revision, fresh: Sequence[bytes] = ()) -> bytes:
    """The line of a revision, without its line end; ``fresh`` are changes that are encoded already."""
    changes = [*map(_change_object, revision.changes), *map(orjson.Fragment, fresh)]
    return orjson.dumps(
        {
            "v": LINE_VERSION,
            "d": revision.device,
            "s": revision.seq,
            "prev": revision.prev,
            "h": revision.hlc,
            "at": revision.at,
            "by": revision.author,
            "verb": revision.verb,
            "why": revision.reason,
            "act": revision.act,
            "c": changes,
        },
        option=_OPTIONS,
    )


def _change_object(change: RecordChange) -> dict[str, Any]:
    fields: dict[str, Any] = change.fields
    if not change.parents:
        fields = {name: new for name, (_, new) in change.fields.items()}
    return {"t": change.kind, "r": change.record, "p": change.parents, "f": fields}


def decode(line: bytes) -> Revision:
    """Read a line. Raises Unreadable when it is not one, or is of a newer kind."""
    raw = load(line)
    return read(raw, raw["c"])


def load(line: bytes) -> Mapping[str, Any]:
    """The members of a line as they stand there, for :func:`read`. Raises as :func:`decode`."""
    try:
        raw: Mapping[str, Any] = orjson.loads(line)
        if raw["v"] > LINE_VERSION:
            raise Newer
        raw["c"]
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError) as error:
        raise Unreadable(_NO_LINE) from error
    return raw


_NO_LINE = say("A change in this file cannot be read. Ask for the file again.")


def read(raw: Mapping[str, Any], changes: Any) -> Revision:
    """What a loaded line says, with these of its changes. Raises Unreadable when it is no line."""
    try:
        return Revision(
            device=_string(raw["d"]),
            seq=_number(raw["s"]),
            prev=_string(raw["prev"]),
            hlc=_number(raw["h"]),
            at=_string(raw["at"]),
            author=_string(raw["by"]),
            verb=_string(raw["verb"]),
            reason=_string(raw["why"]),
            act=_string(raw["act"]),
            changes=_read_changes(changes),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Unreadable(_NO_LINE) from error


def _read_changes(raw: list[Mapping[str, Any]]) -> tuple[RecordChange, ...]:
    changes = tuple(_read_change(item) for item in raw)
    if len({change.record for change in changes}) != len(changes):
        raise ValueError("a record stands twice in one revision")
    return changes


def _read_change(raw: Mapping[str, Any]) -> RecordChange:
    parents = tuple(_string(parent) for parent in raw["p"])
    fields = raw["f"]
    if not parents:
        pairs = {name: (None, new) for name, new in fields.items()}
    else:
        pairs = {name: (old, new) for name, (old, new) in fields.items()}
    return RecordChange(_string(raw["t"]), _string(raw["r"]), parents, pairs)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise TypeError
    return value


def digest(line: bytes) -> bytes:
    """The hash that names a revision: 32 bytes."""
    return hashlib.sha256(b"villagedesk-rev-v1\x00" + line).digest()


def pack(line: bytes) -> bytes:
    """A line as the store keeps it: short ones as they are, long ones (imports) compressed."""
    return line if len(line) < _SHORT else zstandard.compress(line, 1)


def unpack(stored: bytes) -> bytes:
    """The line as it was hashed. Raises Unreadable when the store's copy is damaged."""
    if stored[:1] == OPENING:
        return stored
    try:
        if zstandard.frame_content_size(stored) > _MAX_LINE:  # room for what a frame says it holds is made at once
            raise Unreadable(_DAMAGED)
        return zstandard.ZstdDecompressor().decompress(stored, max_output_size=_MAX_LINE)
    except zstandard.ZstdError as error:
        raise Unreadable(_DAMAGED) from error


_DAMAGED = say("A revision in this store is damaged. Restore the latest backup.")


def plain(value: Any) -> Any:
    """A field value as the line carries it: dates as ISO text, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def column_value(record: RecordType, field: str, value: Any) -> Any:
    """A field value of a line as its column holds it.

    Raises KeyError when there is no such column, ValueError or TypeError when the value does not fit it.
    """
    return column_readers(record.table)[field](value)


@lru_cache(maxsize=100)
def column_readers(table: Table) -> Mapping[str, Callable[[Any], Any]]:
    """How a field value of a line becomes what its column holds, by column; raises as :func:`column_value`.

    What a store numbers for itself no line may name.
    """
    return {column.name: _reader(column) for column in table.columns if column.name not in _LOCAL}


_LOCAL = frozenset({"n", "id", "revision"})


@lru_cache(maxsize=100)
def plain_types(table: Table) -> Mapping[str, frozenset[type]]:
    """The types that a column takes as they stand in a line; days and lists have to be read and are not among these."""
    named = (column for column in table.columns if column.name not in _LOCAL)
    return {column.name: _fitting(column) for column in named if not isinstance(column.type, Date | Json)}


@lru_cache(maxsize=100)
def day_types(table: Table) -> Mapping[str, frozenset[type]]:
    """As :func:`plain_types`, of the columns that hold days, which a line spells out."""
    named = (column for column in table.columns if isinstance(column.type, Date))
    return {column.name: frozenset({str, type(None)} if column.nullable else {str}) for column in named}


def _fitting(column: Column[Any]) -> frozenset[type]:
    kind = bool if isinstance(column.type, Boolean) else int if isinstance(column.type, BigInteger) else str
    return frozenset({kind, type(None)} if column.nullable else {kind})


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    if isinstance(column.type, Json):
        return _tuples
    fitting = _fitting(column)

    def checked(value: Any) -> Any:
        if type(value) not in fitting:
            raise TypeError(column.name)
        return value

    return checked


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def hybrid_time(now: datetime, last: int) -> int:
    """The next hybrid clock reading: 48 bits of milliseconds, 16 of counter; never behind ``last``.

    A reading more than a day ahead of this machine's clock is not followed (a peer's clock is wrong).
    """
    milliseconds = int(now.timestamp() * 1000)
    ceiling = (milliseconds + 86_400_000) << 16
    return max(milliseconds << 16, min(last, ceiling) + 1, 1)  # a clock without battery may stand before 1970


def iso(now: datetime) -> str:
    """A time of a line, UTC to the millisecond."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z"
