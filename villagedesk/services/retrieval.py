"""What a backup holds that the desk does not, and the other way round; and taking over from a backup without loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from villagedesk.durable import make_folder, refusals, write_whole
from villagedesk.errors import Unreadable
from villagedesk.records.schema import revision
from villagedesk.services.backups import scratch, unpack
from villagedesk.store import chain, vault
from villagedesk.store import place as places
from villagedesk.store.apply import apply_lines
from villagedesk.store.bulk import chunks
from villagedesk.store.engine import make_engine, prove_key
from villagedesk.store.migrations import refuse_newer, version
from villagedesk.store.place import Place
from villagedesk.text import say

_SHOWN = 200


@dataclass(frozen=True)
class LostAct:
    """One thing somebody did that is on one side only. ``at``: ISO time, UTC."""

    act: str
    at: str
    author: str
    verb: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """A desk beside a backup of it. ``lost`` and ``found`` are newest first, at most 200 each.

    ``only_here``: revisions that restoring would lose. ``only_there``: revisions that merging would bring.
    ``backup_at``: time of the backup's last revision.
    """

    only_here: int
    only_there: int
    lost: tuple[LostAct, ...]
    found: tuple[LostAct, ...]
    backup_at: str


@dataclass(frozen=True)
class Merged:
    """What taking over from a backup brought."""

    revisions: int
    conflicts: int
    attachments: int


def compare(place: Place, file: Path) -> Comparison:
    """Hold an open desk against a backup of it, before anybody restores. Raises Unreadable: damaged, another desk's."""
    with _unpacked(place, file) as (engine, _), engine.connect() as there, place.store.read() as here:
        lost = chain.numbers_after(here, chain.tips(there))
        found = chain.numbers_after(there, chain.tips(here))
        last = there.execute(select(func.max(revision.c.at))).scalar() or ""
        return Comparison(len(lost), len(found), _acts(here, lost), _acts(there, found), last)


def merge(place: Place, file: Path) -> Merged:
    """Take from a backup of this desk what the desk lacks: revisions and attachments. Nothing here is overwritten.

    A field changed on both sides becomes a conflict for a person to decide. Raises Unreadable: damaged, another desk's.
    """
    with _unpacked(place, file) as (engine, folder), engine.connect() as there:
        attachments = _take_attachments(folder / "attachments", place.folder / "attachments")
        with place.store.write() as here:
            numbers = chain.numbers_after(there, chain.tips(here))
            applied = apply_lines(here, chain.lines_of(there, numbers), lambda _device, _village: True)
    return Merged(applied.revisions, applied.conflicts, attachments)


@contextmanager
def _unpacked(place: Place, file: Path) -> Iterator[tuple[Engine, Path]]:
    """The backup's database, opened by the key of the desk at hand, and the folder of its parts."""
    with scratch(place) as folder:
        with refusals(folder):
            unpack(file, folder)
        if not vault.fits(folder / vault.VAULT_NAME, place.key):
            raise Unreadable(say("“{name}” is a backup of another desk.", name=file.name))
        engine = make_engine(folder / places.DATABASE, place.key)
        try:
            prove_key(engine)
            with engine.connect() as connection:
                refuse_newer(connection, version(connection))
            yield engine, folder
        finally:
            engine.dispose()


def _acts(connection: Connection, numbers: Sequence[int]) -> tuple[LostAct, ...]:
    columns = (revision.c.act, revision.c.at, revision.c.author, revision.c.verb, revision.c.reason)
    found: dict[str, LostAct] = {}
    for chunk in chunks(numbers):
        for row in connection.execute(select(*columns).where(revision.c.n.in_(chunk)).order_by(revision.c.n)):
            found[row.act] = LostAct(*row)
    return tuple(sorted(found.values(), key=lambda act: act.at, reverse=True)[:_SHOWN])


def _take_attachments(source: Path, target: Path) -> int:
    """Same key, same name, same content: what is missing here is copied as it is."""
    taken = 0
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        place = target / file.relative_to(source)
        if not place.exists():
            with refusals(place):
                make_folder(place.parent)
            write_whole(place, [file.read_bytes()])
            taken += 1
    return taken
