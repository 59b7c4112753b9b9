"""What the revisions of one record add up to, whatever order they came in (DESIGN §5.4).

Pure: the outcome is a function of the set of revisions. A revision of a field is superseded by any revision of the same
field that had seen it, directly or through others; what is left over is the field's value, or its conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Written:
    """What one revision wrote into one record."""

    hash: str
    hlc: int
    parents: tuple[str, ...]
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Folded:
    """The state of a record: its values, its fields in conflict with the revisions that stand against each other."""

    values: Mapping[str, Any]
    conflicts: Mapping[str, tuple[str, ...]]
    heads: tuple[str, ...]


def fold(revisions: Sequence[Written], protected: Iterable[str]) -> Folded:
    """Fold all revisions of one record. Values are plain (as in the line)."""
    by_hash = {revision.hash: revision for revision in revisions}
    seen_by = {hash_: _ancestors(hash_, by_hash) for hash_ in by_hash}
    guarded = frozenset(protected)
    values: dict[str, Any] = {}
    conflicts: dict[str, tuple[str, ...]] = {}
    for name, writers in _writers(revisions).items():
        last = _unseen(writers, seen_by)
        newest = max(last, key=_order)
        values[name] = newest.fields[name][1]
        if any(writer.fields[name][1] != values[name] for writer in last):
            conflicts[name] = tuple(sorted(writer.hash for writer in last))
            if name in guarded:
                values[name] = min(last, key=_order).fields[name][0]
    heads = tuple(sorted(revision.hash for revision in _unseen(list(revisions), seen_by)))
    return Folded(values, conflicts, heads)


def _order(revision: Written) -> tuple[int, str]:
    return revision.hlc, revision.hash


def _writers(revisions: Sequence[Written]) -> dict[str, list[Written]]:
    writers: dict[str, list[Written]] = {}
    for revision in revisions:
        for name in revision.fields:
            writers.setdefault(name, []).append(revision)
    return writers


def _unseen(writers: Sequence[Written], seen_by: Mapping[str, frozenset[str]]) -> list[Written]:
    seen: set[str] = set()
    for writer in writers:
        seen |= seen_by[writer.hash]
    return [writer for writer in writers if writer.hash not in seen]


def _ancestors(start: str, by_hash: Mapping[str, Written]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(by_hash[start].parents)
    while waiting:
        parent = waiting.pop()
        if parent not in found:
            found.add(parent)
            if parent in by_hash:
                waiting += by_hash[parent].parents
    return frozenset(found)
