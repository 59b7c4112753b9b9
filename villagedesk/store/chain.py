"""What this store has of every device's chain, and what a peer with other tips still lacks (DESIGN §5.4).

A device's chain is a line of revisions without holes, unless a copied store went on under the same device: then it is
a tree, and every branch is kept and told of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, LargeBinary, Select, bindparam, cast, func, literal, select

from villagedesk.records.schema import revision
from villagedesk.store import lines
from villagedesk.store.bulk import fetch_column
from villagedesk.store.numbers import Numbers


@dataclass(frozen=True, slots=True)
class ChainTip:
    """The last revision of one device that somebody has; a forked device (cloned laptop) has several."""

    device: str
    seq: int
    hash: str


def tips(connection: Connection, devices: Collection[str] | None = None) -> tuple[ChainTip, ...]:
    """The tips of every chain here, or of these devices' chains, in order."""
    chains = _chains(connection, devices)
    found: list[ChainTip] = []
    for device, (seq, forked) in chains.items():
        if forked:
            found += _leaves(connection, device)
        else:
            at = select(revision.c.hash).where(revision.c.device == device, revision.c.seq == seq)
            found.append(ChainTip(device, seq, connection.execute(at).scalar_one().hex()))
    return tuple(sorted(found, key=lambda tip: (tip.device, tip.seq, tip.hash)))


def holds(connection: Connection, tip: ChainTip) -> bool:
    """Whether this very revision is here."""
    at = select(revision.c.hash).where(revision.c.device == tip.device, revision.c.seq == tip.seq)
    return bytes.fromhex(tip.hash) in connection.execute(at).scalars().all()


def blocks_of(connection: Connection, numbers: Iterable[int]) -> Iterator[bytes]:
    """The lines with these local numbers, in the order they were written or arrived here, for a file.

    One at a time or hundreds joined by line ends: the store joins them in half the time that handing each out takes.
    """
    wanted = numbers if isinstance(numbers, Numbers) else Numbers.of(numbers)
    for start, end in wanted.pieces():
        said = {"first": start, "last": end}
        joined, count = connection.execute(_JOINED, said).one()
        if count == end - start + 1:
            yield joined
        else:
            yield from map(lines.unpack, fetch_column(connection, _LINES, said))


def lines_of(connection: Connection, numbers: Iterable[int]) -> Iterator[bytes]:
    """As :func:`blocks_of`, line by line."""
    for block in blocks_of(connection, numbers):
        yield from block.split(b"\n")


_PIECE = revision.c.n.between(bindparam("first"), bindparam("last"))
_LINES = select(revision.c.line).where(_PIECE).order_by(revision.c.n)
_SPELT = _LINES.where(revision.c.line >= lines.OPENING).subquery()  # those that no compression hides
_END: Any = literal(b"\n")
_JOINED = select(cast(func.aggregate_strings(_SPELT.c.line, _END), LargeBinary), func.count())


def numbers_after(connection: Connection, known: Sequence[ChainTip], devices: Collection[str] | None = None) -> Numbers:
    """The local numbers of the revisions (of these devices) that somebody with these tips lacks.

    A tip that is not here proves nothing: its chain may have branched off below what is here. All of that chain is
    then said to be lacking, which costs bytes and never an edit.
    """
    parts: list[Numbers] = []
    for device, (seq, forked) in _chains(connection, devices).items():
        theirs = [tip for tip in known if tip.device == device]
        if forked:
            parts.append(Numbers.of(_outside(connection, device, theirs)))
        else:
            had = max((tip.seq for tip in theirs if holds(connection, tip)), default=0)
            parts.append(_beyond(connection, device, had, seq))
    return Numbers.together(parts)


def _beyond(connection: Connection, device: str, had: int, seq: int) -> Numbers:
    """The numbers of a device's revisions above ``had`` up to its last, ``seq``, none given out twice.

    A revision arrives after the one before it, so its ends tell a run; where others stand between them each is read.
    """
    if seq <= had:
        return Numbers()
    ends = select(func.min(revision.c.n), func.max(revision.c.n))
    first, last = connection.execute(ends.where(revision.c.device == device, revision.c.seq.in_((had + 1, seq)))).one()
    if last - first == seq - had - 1:
        return Numbers(((first, last),))
    above = select(revision.c.n).where(revision.c.device == device, revision.c.seq > had)
    return Numbers.of(connection.execute(above).scalars())


def _chains(connection: Connection, devices: Collection[str] | None) -> dict[str, tuple[int, bool]]:
    """Of each device the highest number, and whether it gave one out twice: then it has more revisions than numbers."""
    if devices is None:
        known = {device: (seq, False) for device, seq in connection.execute(_HIGHEST)}
        if connection.execute(_COUNT).scalar_one() == sum(seq for seq, _ in known.values()):
            return known
    query = select(revision.c.device, func.max(revision.c.seq), func.count()).group_by(revision.c.device)
    return {device: (seq, count > seq) for device, seq, count in connection.execute(_of(query, devices))}


_COUNT = select(func.count()).select_from(revision)
_FIRST = select(func.min(revision.c.device).label("device")).cte("each_device", recursive=True)
_NEXT = select(func.min(revision.c.device)).where(revision.c.device > _FIRST.c.device).scalar_subquery()
_EACH = _FIRST.union_all(select(_NEXT).where(_FIRST.c.device.is_not(None)))  # one step in the index a device
_LAST = select(func.max(revision.c.seq)).where(revision.c.device == _EACH.c.device).scalar_subquery()
_HIGHEST = select(_EACH.c.device, _LAST).where(_EACH.c.device.is_not(None))


def _of(query: Select[Any], devices: Collection[str] | None) -> Select[Any]:
    return query if devices is None else query.where(revision.c.device.in_(devices))


def _links(connection: Connection, device: str) -> dict[str, tuple[int, int, str]]:
    """Every revision of a device: hash → (local number, seq, hash of the one before)."""
    query = select(revision.c.hash, revision.c.n, revision.c.seq, revision.c.line).where(revision.c.device == device)
    return {
        hash_.hex(): (n, seq, lines.decode(lines.unpack(line)).prev)
        for hash_, n, seq, line in connection.execute(query)
    }


def _leaves(connection: Connection, device: str) -> list[ChainTip]:
    links = _links(connection, device)
    inner = {prev for _, _, prev in links.values()}
    return [ChainTip(device, seq, hash_) for hash_, (_, seq, _) in links.items() if hash_ not in inner]


def _outside(connection: Connection, device: str, known: Sequence[ChainTip]) -> list[int]:
    """The numbers of a forked device's revisions that lie below none of these tips."""
    links = _links(connection, device)
    had: set[str] = set()
    for tip in known:
        at = tip.hash
        while at in links and at not in had:
            had.add(at)
            at = links[at][2]
    return [n for hash_, (n, _, _) in links.items() if hash_ not in had]
