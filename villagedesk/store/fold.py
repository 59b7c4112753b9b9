"""What the revisions of one record add up to, whatever order they came in (DESIGN §5.4).

Pure: the outcome is a function of the set of revisions. A revision of a field is superseded by any revision of the same
field that had seen it, directly or through others; what is left over is the field's value, or its conflict. A removal
beside an edit that had not seen it is a conflict of the tombstone, so that the edit is not buried unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REMOVED = "removed"
"""The tombstone, a field like any other."""

_Seen = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Written:
    """What one revision wrote into one record."""

    hash: str
    hlc: int
    parents: tuple[str, ...]
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Folded:
    """The state of a record: its values, its fields in conflict with the revisions that stand against each other.

    A protected field in conflict that both sides filled in anew has no common value: it is missing in ``values`` and
    the draft's default holds.
    """

    values: Mapping[str, Any]
    conflicts: Mapping[str, tuple[str, ...]]
    heads: tuple[str, ...]


def fold(revisions: Sequence[Written], protected: Iterable[str]) -> Folded:
    """Fold all revisions of one record. Values are plain (as in the line)."""
    seen_by = _seen_by(revisions)
    guarded = frozenset(protected)
    values: dict[str, Any] = {}
    conflicts: dict[str, tuple[str, ...]] = {}
    for name, writers in _writers(revisions).items():
        last = _unseen(writers, seen_by)
        if _one_value(name, last):
            values[name] = last[0].fields[name][1]
            continue
        conflicts[name] = _hashes(last)
        values.update(_common(name, last, writers, seen_by) if name in guarded else _newest(name, last))
    if values.get(REMOVED) and REMOVED not in conflicts:
        removals = _unseen([writer for writer in revisions if REMOVED in writer.fields], seen_by)
        beside = _beside(removals, revisions, seen_by)
        if beside:
            conflicts[REMOVED] = _hashes([*removals, *beside])
    return Folded(values, conflicts, _hashes(_unseen(revisions, seen_by)))


def _one_value(name: str, last: Sequence[Written]) -> bool:
    return all(writer.fields[name][1] == last[0].fields[name][1] for writer in last)


def _newest(name: str, last: Sequence[Written]) -> dict[str, Any]:
    return {name: max(last, key=lambda writer: (writer.hlc, writer.hash)).fields[name][1]}


def _common(name: str, last: Sequence[Written], writers: Sequence[Written], seen_by: _Seen) -> dict[str, Any]:
    """The value that all sides of a conflict started from; nothing when they have no such thing in common."""
    shared = [writer for writer in writers if all(writer.hash in seen_by[side.hash] for side in last)]
    if not shared:
        return {}
    earlier = _unseen(shared, seen_by)
    if _one_value(name, earlier):
        return {name: earlier[0].fields[name][1]}
    return _common(name, earlier, shared, seen_by)


def _beside(removals: Sequence[Written], revisions: Sequence[Written], seen_by: _Seen) -> list[Written]:
    """The last edits by those who had not seen any of the removals, and which no removal had seen."""
    gone = {removal.hash for removal in removals}
    known = gone.union(*(seen_by[removal.hash] for removal in removals))
    unaware = [found for found in revisions if found.hash not in known and not gone & seen_by[found.hash]]
    return _unseen(unaware, seen_by)


def _writers(revisions: Sequence[Written]) -> dict[str, list[Written]]:
    writers: dict[str, list[Written]] = {}
    for revision in revisions:
        for name in revision.fields:
            writers.setdefault(name, []).append(revision)
    return writers


def _unseen(writers: Sequence[Written], seen_by: _Seen) -> list[Written]:
    seen: set[str] = set()
    for writer in writers:
        seen |= seen_by[writer.hash]
    return [writer for writer in writers if writer.hash not in seen]


def _hashes(found: Sequence[Written]) -> tuple[str, ...]:
    return tuple(sorted(writer.hash for writer in found))


def _seen_by(revisions: Sequence[Written]) -> dict[str, frozenset[str]]:
    by_hash = {revision.hash: revision for revision in revisions}
    return {hash_: _ancestors(hash_, by_hash) for hash_ in by_hash}


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
