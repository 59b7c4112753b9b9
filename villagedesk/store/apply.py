"""Taking in revision lines written elsewhere: all of a file or nothing, in the sender's order (DESIGN §5.4, §5.5).

What a store holds is closed: no revision without the one before it on its device's chain, and none without those it
had seen of its records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain, repeat

from sqlalchemy import Connection, Select, bindparam, select

from villagedesk.errors import Newer, Refused, Unreadable
from villagedesk.records.schema import RECORDS, revision, touch
from villagedesk.store import lines
from villagedesk.store.bulk import chunks, find_among
from villagedesk.store.landing import Landing, unknown
from villagedesk.store.ready import Line, Said, batches
from villagedesk.store.refolding import keep_unread, refold
from villagedesk.store.work import write_search
from villagedesk.text import say
from villagedesk.values import Step, collector_paused, no_step

Allowed = Callable[[str, str], bool]
"""Whether a device may write records of a village."""

_ALTERED = say("A change in this file cannot be read. Ask for the file again.")


class Gap(Refused):
    """The file builds on revisions that have not come here yet; it waits until they have."""

    def __init__(self) -> None:
        super().__init__(
            say("This file continues an earlier one that has not arrived. It is kept until that one comes.")
        )


@dataclass(frozen=True)
class Applied:
    """What taking in a file did: new revisions, those already here, records touched, fields now in conflict."""

    revisions: int
    repeated: int
    records: Mapping[str, tuple[str, ...]]
    conflicts: int
    devices: frozenset[str]  # whose revisions they were


@dataclass
class _Intake:
    """One run of :func:`apply_lines`: what is known so far. Lookups are made for a batch of lines at once."""

    connection: Connection
    allowed: Allowed
    landing: Landing
    known: dict[bytes, tuple[str, int]] = field(default_factory=dict)  # hash -> device, seq; not yet written or asked
    heads: defaultdict[str, set[str]] = field(default_factory=partial(defaultdict, set))  # of a new record none
    villages: dict[tuple[str, str], str] = field(default_factory=dict)  # kind, record -> its village, if asked or many
    refold: dict[str, str] = field(default_factory=dict)  # record -> kind: changed by somebody who had not seen all
    touched: dict[str, dict[str, None]] = field(default_factory=dict)
    devices: set[str] = field(default_factory=set)
    repeated: int = 0
    taken: int = 0


def apply_lines(connection: Connection, source: Iterable[bytes], allowed: Allowed, step: Step = no_step) -> Applied:
    """Take in lines inside the caller's transaction; raises as :func:`apply_batches`."""
    return apply_batches(connection, batches(source), allowed, step)


@collector_paused()
def apply_batches(
    connection: Connection, source: Iterable[Sequence[Line]], allowed: Allowed, step: Step = no_step
) -> Applied:
    """Take in lines inside the caller's transaction.

    Raises Gap when the file builds on revisions not here, Unreadable when a line is not one or writes what its device
    may not write; the caller's transaction is then rolled back and nothing has changed.
    """
    intake = _Intake(connection, allowed, Landing(connection))
    for batch in source:
        _take_batch(intake, batch)
        if intake.landing.full:
            intake.landing.write()
            intake.known.clear()
        step(intake.taken + intake.repeated, 0)
    intake.landing.write()
    conflicts = refold(intake.landing, intake.refold)
    write_search(connection, intake.landing.before)
    keep_unread(connection, intake.landing.unread)
    touched = {kind: tuple(ids) for kind, ids in intake.touched.items()}
    return Applied(intake.taken, intake.repeated, touched, conflicts, frozenset(intake.devices))


def _take_batch(intake: _Intake, batch: Sequence[Line]) -> None:
    coming = {line.digest: line for line in batch}
    _look_up(intake, coming)
    fresh = [line for digest, line in coming.items() if digest not in intake.known]
    intake.repeated += len(batch) - len(fresh)
    said = [line.said for line in fresh]
    previous = {_hash(one.revision.prev) for one in said if one.revision.prev}
    _look_up(intake, previous.difference(line.digest for line in fresh))
    _load_records(intake, said)
    for line in fresh:
        if line.said.many and _all_new(intake, line.said):
            _take_many(intake, line)
        elif line.said.many:
            _take(intake, line.one_by_one(), line)
        else:
            _take(intake, line.said.revision, line)


# Statements are made once: a file asks each of them over and over.
_STORED = select(revision.c.hash, revision.c.device, revision.c.seq).where(
    revision.c.hash.in_(bindparam("hashes", expanding=True))
)
_HEADS = (
    select(touch.c.record, revision.c.hash)
    .join_from(touch, revision, touch.c.revision == revision.c.n)
    .where(touch.c.head)
)


def _look_up(intake: _Intake, hashes: Iterable[bytes]) -> None:
    """Learn which of these revisions are stored."""
    for chunk in chunks([found for found in hashes if found not in intake.known]):
        stored = intake.connection.execute(_STORED, {"hashes": chunk})
        intake.known.update({hash_: (device, seq) for hash_, device, seq in stored})


def _hash(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Unreadable(_ALTERED) from error


def _load_records(intake: _Intake, fresh: Iterable[Said]) -> None:
    """Read heads and villages of the records not met before."""
    kinds = dict(chain.from_iterable(one.records() for one in fresh))
    unknown = [record for record in kinds if record not in intake.heads]
    if not unknown:
        return
    by_kind: dict[str, dict[str, None]] = {}
    for record, digest in find_among(intake.connection, _HEADS, touch.c.record, unknown):
        intake.heads[record].add(digest.hex())
        by_kind.setdefault(kinds[record], {})[record] = None
    for kind, stored in by_kind.items():
        _load_villages(intake, kind, list(stored))


def _load_villages(intake: _Intake, kind: str, records: Sequence[str]) -> None:
    if kind not in RECORDS:
        return
    found = find_among(intake.connection, _homes(kind), RECORDS[kind].table.c.id, records)
    intake.villages.update({(kind, record): village for record, village in found})


@lru_cache(maxsize=100)
def _homes(kind: str) -> Select[str, str]:
    column = RECORDS[kind].table.c
    return select(column.id, column.village)


def _take(intake: _Intake, parsed: lines.Revision, line: Line) -> None:
    _follow_chain(intake, parsed)
    for change in parsed.changes:
        _take_change(intake, parsed, change, line.digest.hex())
    _land(intake, parsed, line)


def _all_new(intake: _Intake, said: Said) -> bool:
    """Whether none of these many records is here or on its way, and the device may write each."""
    if not all(intake.allowed(said.revision.device, arrival.village) for arrival in said.many):
        return False
    return not any(any(map(intake.heads.get, arrival.ids)) for arrival in said.many)


def _take_many(intake: _Intake, line: Line) -> None:
    """Take in a line of many records of which nothing is known yet, by the column."""
    _follow_chain(intake, line.said.revision)
    head = line.digest.hex()
    for arrival in line.said.many:
        intake.landing.arrive(arrival)
        kind = arrival.record.kind
        intake.touched.setdefault(kind, {}).update(dict.fromkeys(arrival.ids))
        intake.villages.update(dict.fromkeys(zip(repeat(kind), arrival.ids), arrival.village))
        intake.heads.update({record: {head} for record in arrival.ids})
    _land(intake, line.said.revision, line)


def _land(intake: _Intake, parsed: lines.Revision, line: Line) -> None:
    intake.known[line.digest] = (parsed.device, parsed.seq)
    intake.devices.add(parsed.device)
    intake.landing.land(parsed, line.digest, line.kept)
    intake.taken += 1


def _follow_chain(intake: _Intake, parsed: lines.Revision) -> None:
    """Demand the device's previous revision; a second successor (cloned laptop) is kept like any other."""
    if not parsed.prev and parsed.seq == 1:
        return
    previous = intake.known.get(_hash(parsed.prev))
    if previous is None:
        raise Gap
    if previous != (parsed.device, parsed.seq - 1):
        raise Unreadable(_ALTERED)


def _take_change(intake: _Intake, parsed: lines.Revision, change: lines.RecordChange, digest: str) -> None:
    if change.kind not in RECORDS:
        raise Newer
    heads = intake.heads[change.record]
    _demand_allowed(intake, parsed.device, change)
    if (heads or change.parents) and not RECORDS[change.kind].sealed.isdisjoint(change.fields):
        raise Unreadable(say("This file changes what a printed paper said. What was printed stays as it was."))
    intake.touched.setdefault(change.kind, {})[change.record] = None
    if unknown(change.kind, change.fields):
        intake.landing.unread[change.record] = change.kind
    values = {name: new for name, (_, new) in change.fields.items()}
    if not heads and not change.parents:
        intake.landing.create(change.record, change.kind, values)
    elif heads == set(change.parents) and change.record not in intake.refold:
        intake.landing.edit(change.record, change.kind, values)
        heads.clear()
    else:
        _demand_seen(intake, change)
        intake.refold[change.record] = change.kind
    intake.landing.touch(change.record)
    heads.add(digest)


def _demand_seen(intake: _Intake, change: lines.RecordChange) -> None:
    """What a change had seen of its record must be here."""
    seen = [_hash(parent) for parent in change.parents if parent not in intake.heads[change.record]]
    _look_up(intake, seen)
    if any(parent not in intake.known for parent in seen):
        raise Gap


def _demand_allowed(intake: _Intake, device: str, change: lines.RecordChange) -> None:
    """Neither the village a record has nor the one it is given may be another than the device's."""
    villages = {str(change.fields["village"][1])} if "village" in change.fields else set()
    if intake.heads[change.record]:
        villages.add(_village(intake, change))
    elif change.parents:
        raise Gap
    if not villages or not all(intake.allowed(device, village) for village in villages):
        raise Unreadable(say("This file changes records of a village that its laptop does not belong to."))


def _village(intake: _Intake, change: lines.RecordChange) -> str:
    """The village of a record that is here. Raises Unreadable when the id is one of another kind of record."""
    new = intake.landing.fresh.get(change.record)
    if new is not None and new.kind == change.kind:
        return str(new.values["village"])
    if (change.kind, change.record) not in intake.villages:
        _load_villages(intake, change.kind, [change.record])
    if (change.kind, change.record) not in intake.villages:
        raise Unreadable(_ALTERED)
    return intake.villages[change.kind, change.record]
