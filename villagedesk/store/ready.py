"""Revision lines made ready to be taken in: all of the work on them that asks no store.

It may be done ahead, while a store is still busy with the lines before (:mod:`villagedesk.services.ahead`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

from villagedesk.errors import Unreadable
from villagedesk.store import lines
from villagedesk.store.arrivals import Arrival, arrivals

_BATCH = 400
_BYTES = 2 << 20


class Line:
    """One revision line. What is wrong with it is told when :attr:`said` is asked for, not before."""

    __slots__ = ("_kept", "_said", "bytes", "digest")

    def __init__(self, line: bytes) -> None:
        self.bytes = line
        self.digest = lines.digest(line)
        self._said: Said | None = None
        self._kept = b""

    @property
    def said(self) -> Said:
        """What it says. Raises Unreadable as :func:`villagedesk.store.lines.decode`."""
        if self._said is None:
            self._said = _read(self.bytes)
        return self._said

    @property
    def kept(self) -> bytes:
        """It as the store keeps it."""
        if not self._kept:
            self._kept = lines.pack(self.bytes)
        return self._kept

    def make_ready(self) -> None:
        """Read and pack it now."""
        try:
            _ = self.said, self.kept
        except Unreadable:
            return

    def one_by_one(self) -> lines.Revision:
        """Every change it names, also of a line of many. Raises Unreadable as :attr:`said`."""
        return lines.decode(self.bytes)


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says: ``many`` by the column, () where ``revision`` names the changes one by one."""

    revision: lines.Revision
    many: tuple[Arrival, ...]

    def records(self) -> Iterator[tuple[str, str]]:
        """Id and kind of every record it writes."""
        for arrival in self.many:
            yield from zip(arrival.ids, repeat(arrival.record.kind))
        for change in self.revision.changes:
            yield change.record, change.kind


def _read(line: bytes) -> Said:
    raw = lines.load(line)
    many = arrivals(raw)
    return Said(lines.read(raw, [] if many else raw["c"]), many)


def batches(source: Iterable[bytes]) -> Iterator[list[Line]]:
    """Lines by the hundred; long ones end their batch sooner, so that what is unpacked at once stays small."""
    batch: list[Line] = []
    size = 0
    for line in source:
        batch.append(Line(line))
        size += len(line)
        if len(batch) >= _BATCH or size >= _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
