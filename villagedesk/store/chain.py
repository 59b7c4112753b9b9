"""What this store has of every device's chain, and what a peer with other tips still lacks (DESIGN §5.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, not_, select

from villagedesk.records.schema import revision
from villagedesk.store import lines

_FETCH = 500


@dataclass(frozen=True, slots=True)
class ChainTip:
    """The last revision of one device that somebody has; a forked device (cloned laptop) has several."""

    device: str
    seq: int
    hash: str


def tips(connection: Connection, devices: Collection[str] | None = None) -> tuple[ChainTip, ...]:
    """The tips of every chain here, or of these devices' chains, in order."""
    forked = _forked(connection)
    found = [tip for device in forked for tip in _leaves(connection, device)]
    last = select(revision.c.device, func.max(revision.c.seq).label("seq")).group_by(revision.c.device).subquery()
    joined = select(revision.c.device, revision.c.seq, revision.c.hash).join(
        last, and_(last.c.device == revision.c.device, last.c.seq == revision.c.seq)
    )
    found += [ChainTip(d, s, h.hex()) for d, s, h in connection.execute(joined) if d not in forked]
    wanted = [tip for tip in found if devices is None or tip.device in devices]
    return tuple(sorted(wanted, key=lambda tip: (tip.device, tip.seq, tip.hash)))


def lines_of(connection: Connection, numbers: Sequence[int]) -> Iterator[bytes]:
    """The lines with these local numbers, in the order they were written or arrived here."""
    for start in range(0, len(numbers), _FETCH):
        chunk = numbers[start : start + _FETCH]
        query = select(revision.c.line).where(revision.c.n.in_(chunk)).order_by(revision.c.n)
        for stored in connection.execute(query).scalars():
            yield lines.unpack(stored)


def numbers_after(
    connection: Connection, known: Sequence[ChainTip], devices: Collection[str] | None = None
) -> list[int]:
    """The local numbers of the revisions (of these devices) that somebody with these tips lacks."""
    forked = _forked(connection)
    plain = [tip for tip in known if tip.device not in forked and _holds(connection, tip)]
    query = select(revision.c.n, revision.c.device, revision.c.hash).order_by(revision.c.n)
    query = query.where(*(not_(and_(revision.c.device == tip.device, revision.c.seq <= tip.seq)) for tip in plain))
    had = {hash_ for device in forked for hash_ in _chain_of(connection, device, known)}
    return [
        n
        for n, device, hash_ in connection.execute(query)
        if hash_.hex() not in had and (devices is None or device in devices)
    ]


def _holds(connection: Connection, tip: ChainTip) -> bool:
    """Whether the tip is on our chain; a peer that is further along has all of ours."""
    ours = select(func.max(revision.c.seq)).where(revision.c.device == tip.device)
    newest = connection.execute(ours).scalar()
    if newest is None or tip.seq > newest:
        return newest is not None
    at = select(revision.c.hash).where(revision.c.device == tip.device, revision.c.seq == tip.seq)
    return connection.execute(at).scalar() == bytes.fromhex(tip.hash)


def _forked(connection: Connection) -> frozenset[str]:
    """Devices that gave out one number twice."""
    twice = select(revision.c.device).group_by(revision.c.device, revision.c.seq).having(func.count() > 1)
    return frozenset(connection.execute(twice).scalars())


def _links(connection: Connection, device: str) -> dict[str, tuple[int, str]]:
    """Every revision of a device: hash → (seq, hash of the one before)."""
    query = select(revision.c.hash, revision.c.seq, revision.c.line).where(revision.c.device == device)
    return {hash_.hex(): (seq, lines.decode(lines.unpack(line)).prev) for hash_, seq, line in connection.execute(query)}


def _leaves(connection: Connection, device: str) -> list[ChainTip]:
    links = _links(connection, device)
    inner = {prev for _, prev in links.values()}
    return [ChainTip(device, seq, hash_) for hash_, (seq, _) in links.items() if hash_ not in inner]


def _chain_of(connection: Connection, device: str, known: Sequence[ChainTip]) -> set[str]:
    links = _links(connection, device)
    had: set[str] = set()
    for tip in known:
        at = tip.hash
        while at in links and at not in had:
            had.add(at)
            at = links[at][1]
    return had
