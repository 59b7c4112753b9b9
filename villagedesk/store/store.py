"""The store of a desk or hub: reads, and verbs that leave a revision behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.records.schema import revision
from villagedesk.store import lines
from villagedesk.store.settings import drop_setting, read_setting, write_setting
from villagedesk.store.work import Origin, Work
from villagedesk.text import Text, say
from villagedesk.values import Clock, NewId, new_id, system_clock

__all__ = ["Store", "drop_setting", "read_setting", "write_setting"]


@dataclass(frozen=True)
class Store:
    """An open store. ``device`` is this laptop's incarnation, ``author`` the person at the keyboard.

    ``reader``: the role of that person lets nothing be changed. ``shown``: what he reads through, where that is not
    everything (:mod:`villagedesk.store.covers`).
    """

    engine: Engine
    device: str
    author: str
    clock: Clock = system_clock
    ids: NewId = new_id
    reader: bool = False
    shown: Engine | None = None

    def signed_by(self, author: str) -> Store:
        """The same store with another person at the keyboard."""
        return replace(self, author=author)

    def whole(self) -> Store:
        """The same store, reading all of it: for proofs, which tell where something is wrong, not what stands there."""
        return replace(self, shown=None)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view for reading; nothing can be written through it by accident."""
        engine = self.engine if self.shown is None else self.shown
        with _blame(), engine.connect().execution_options(write=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction for what is not a record: settings, lines received. Rolled back when anything is raised."""
        with _blame(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def work(self, verb: str, reason: str, act: str = "") -> Iterator[Work]:
        """One verb: one transaction, one revision (several lines for a bulk verb), durable when the block ends.

        Raises Refused when the person at the keyboard only reads.
        """
        with self.write() as connection, self.work_in(connection, verb, reason, act) as work:
            yield work

    @contextmanager
    def work_in(self, connection: Connection, verb: str, reason: str, act: str = "") -> Iterator[Work]:
        """One verb inside a transaction of the caller's, for an act that has a line on more than one chain."""
        if self.reader:
            raise Refused(say("Your role lets you read only. Ask the team leader to enter this."))
        work = Work(connection, self._origin(connection), verb, reason, act or self.ids())
        yield work
        work.finish()

    def _origin(self, connection: Connection) -> Origin:
        now = self.clock()
        last = connection.execute(
            select(revision.c.seq, revision.c.hash)
            .where(revision.c.device == self.device)
            .order_by(revision.c.seq.desc(), revision.c.n.desc())
            .limit(1)
        ).first()
        highest = connection.execute(select(func.max(revision.c.hlc))).scalar() or 0
        return Origin(
            device=self.device,
            author=self.author,
            at=lines.iso(now),
            hlc=lines.hybrid_time(now, highest),
            seq=last.seq + 1 if last else 1,
            prev=last.hash.hex() if last else "",
        )

    def setting(self, key: str, default: Any = None) -> Any:
        """A value this machine keeps for itself; it never travels."""
        with self.read() as connection:
            return read_setting(connection, key, default)

    def keep_setting(self, key: str, value: Any) -> None:
        """Keep a value for this machine."""
        with self.write() as connection:
            write_setting(connection, key, value)


@contextmanager
def _blame() -> Iterator[None]:
    """Say in words what the machine refused: full disk, lock, read-only place."""
    try:
        yield
    except DBAPIError as error:
        raise _unavailable(str(error.orig), error) from error


_REFUSALS: tuple[tuple[tuple[str, ...], type[Unavailable | Unreadable], Text], ...] = (
    (
        ("full", "No space left"),
        Unavailable,
        say("The disk is full. Free some space, then save again; nothing saved so far is lost."),
    ),
    (
        ("connection", "terminat"),
        Unavailable,
        say("The database server does not answer. Check that it runs, its address, and your access."),
    ),
    (
        ("locked", "busy"),
        Unavailable,
        say("Another window is writing to this desk. Try again in a moment."),
    ),
    (
        ("readonly", "read-only", "unable to open"),
        Unavailable,
        say("The desk's folder cannot be written. Check the folder's permissions."),
    ),
    (
        ("not a database", "malformed", "disk I/O"),
        Unavailable,
        say("The database file cannot be read. Restore the latest backup."),
    ),
    (  # a server keeps no text with this character; a file in the folder would
        ("NUL (0x00)",),
        Unreadable,
        say("A change in this file cannot be read. Ask for the file again."),
    ),
    (  # trial versions had the number of the first released schema already
        ("no such column", "no such table", "has no column named"),
        Unreadable,
        say(
            "This desk was made by a trial version, from before the first release. Save its lists with the "
            "program that made it, and import them into a new desk."
        ),
    ),
)
"""Words in what the database says → what is told; the first that fits."""


def _unavailable(said: str, error: DBAPIError) -> Exception:
    fits = ((kind, text) for words, kind, text in _REFUSALS if any(word in said for word in words))
    kind, text = next(fits, (None, None))
    return kind(text) if kind is not None and text is not None else error
