"""Who looked at what of the restricted and sensitive facts, and when (DOMAIN §8.2, §8.7).

Rows are only ever added; each carries the digest of the one before, so that one taken out is missed. They stay on this
machine and are no measure of anybody's work.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from villagedesk.records.schema import look
from villagedesk.services.site import Site
from villagedesk.store import lines

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Look:
    """``who`` was shown ``what`` (a field, a section) of the record at ``at`` (ISO time, UTC)."""

    at: str
    who: str
    record: str
    what: str


class Looks:
    """The log of one desk."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def note(self, record: str, what: str) -> None:
        """Note that the person at the keyboard was shown ``what``; the same again on one day is noted once."""
        store = self._site.store
        at = lines.iso(store.clock())
        with store.write() as connection:
            same = (look.c.record == record, look.c.what == what, look.c.who == store.author)
            if connection.execute(select(look.c.n).where(*same, look.c.at.startswith(at[:10]))).first() is None:
                row = Look(at, store.author, record, what)
                values = {
                    **{name: getattr(row, name) for name in Look.__slots__},
                    "hash": _hash(_last(connection), row),
                }
                connection.execute(insert(look), values)

    def all(self, limit: int = _SHOWN) -> tuple[Look, ...]:
        """The newest ``limit`` looks, newest first."""
        query = select(look.c.at, look.c.who, look.c.record, look.c.what).order_by(look.c.n.desc()).limit(limit)
        with self._site.store.read() as connection:
            return tuple(Look(*row) for row in connection.execute(query))

    def of_person(self, record: str) -> tuple[Look, ...]:
        """Who looked at one record, newest first."""
        with self._site.store.read() as connection:
            return looks_at(connection, record)


def looks_at(connection: Connection, record: str) -> tuple[Look, ...]:
    """Who looked at one record, newest first."""
    query = select(look.c.at, look.c.who, look.c.record, look.c.what).where(look.c.record == record)
    return tuple(Look(*row) for row in connection.execute(query.order_by(look.c.n.desc())))


def torn(connection: Connection) -> tuple[str, ...]:
    """The times of the rows before which something was taken out or altered."""
    found, before = [], b""
    for row in connection.execute(select(look).order_by(look.c.n)):
        if row.hash != _hash(before, Look(row.at, row.who, row.record, row.what)):
            found.append(row.at)
        before = row.hash
    return tuple(found)


def _last(connection: Connection) -> bytes:
    found: bytes | None = connection.execute(select(look.c.hash).order_by(look.c.n.desc()).limit(1)).scalar()
    return found or b""


def _hash(before: bytes, row: Look) -> bytes:
    said = "\x1f".join(("villagedesk-look-v1", row.at, row.who, row.record, row.what))
    return hashlib.sha256(before + said.encode()).digest()
