"""The encrypted database: one SQLCipher file, keyed raw, durable at every commit (TECH §1.6, §3)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.text import say

_PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",
    "temp_store=memory",
    "cache_size=-64000",
    "secure_delete=on",
    "trusted_schema=off",
)


_PAGES = (  # part of the file's format: pages of 8 KiB, each sealed by SHA-256 (decision 0060)
    "cipher_page_size=8192",
    "cipher_hmac_algorithm=HMAC_SHA256",
)


def _as_it_is(value: Any) -> Any:
    return value


# The driver asks every value that is no plain number or text, in vain and slowly, whether it can turn itself into one.
# Told beforehand, it writes long rows a third faster.
sqlcipher3.register_adapter(bool, int)
sqlcipher3.register_adapter(type(None), _as_it_is)
sqlcipher3.register_adapter(bytes, _as_it_is)


def make_engine(path: Path, key: bytes) -> Engine:
    """An engine on the encrypted file. ``key`` is the 32-byte data key; it stands in no URL and no log.

    Transactions take the write lock at once unless the connection says ``write=False``: a read that turns into a write
    half-way fails without waiting (TECH §1.6).
    """

    def connect_durably() -> Any:
        refuse_when_shut(engine)
        connection = connect(path, key)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine(
        "sqlite://",
        module=sqlcipher3,
        creator=connect_durably,
        poolclass=QueuePool,
        pool_size=3,
        pool_use_lifo=True,  # whoever comes next finds the pages that the last one has deciphered already
        query_cache_size=1000,
    )
    event.listen(engine, "begin", _begin)
    return engine


def shut(engine: Engine) -> None:
    """Close every connection, for good.

    Whoever comes late (work that ran on, a page about to go) would else write without the folder's lock, beside
    whoever holds it by then: his asking raises Unavailable.
    """
    engine.dispose()
    engine.update_execution_options(shut=True)


def refuse_when_shut(engine: Engine) -> None:
    """Let no connection of an engine that is shut be made anew."""
    if engine.get_execution_options().get("shut"):
        raise Unavailable(say("This desk is closed. Open it again."))


def connect(path: Path, key: bytes) -> Any:
    """A bare connection of the driver, keyed and nothing else: for copies on their way into or out of a backup."""
    connection = sqlcipher3.connect(str(path), check_same_thread=False, timeout=5, isolation_level=None)
    connection.execute("PRAGMA cipher_log_level=none")
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    for pragma in _PAGES:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def fold_log(engine: Engine) -> None:
    """Bring what the log holds into the database file.

    What cannot be folded (a full disk, a damaged file) stays in the log, whole, for the next opening. A server keeps
    its own log.
    """
    if engine.dialect.name != "sqlite":
        return
    with suppress(DBAPIError, sqlcipher3.Error), engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA optimize")
        connection.rollback()
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy_whole(engine: Engine, path: Path, key: bytes) -> None:
    """Copy the database to ``path`` through the store's own backup interface, while it is being written.

    The copy is whole and current, and no incarnation of any laptop: whoever opens it gets one of his own. Every page
    of it is proved, for a copy of a damaged database would push out the good ones. Raises Unavailable.
    """
    if engine.dialect.name != "sqlite":
        raise Refused(say("The records of this hub lie on a server. Let its keeper back them up with pg_dump."))
    source = engine.raw_connection()
    target = connect(path, key)
    try:
        driver: Any = source.driver_connection
        driver.backup(target)
        target.execute("PRAGMA journal_mode=delete")
        target.execute("UPDATE setting SET value = json_set(value, '$.fingerprint', '') WHERE key = 'device'")
        wrong = target.execute("PRAGMA cipher_integrity_check").fetchall()
    except sqlcipher3.Error as error:
        if "full" in str(error):
            raise Unavailable(say("There is no room for a copy beside the desk. Free some space.")) from error
        raise Unavailable(_NOT_WHOLE) from error
    finally:
        target.close()
        source.close()
    if wrong:
        raise Unavailable(_NOT_WHOLE)


_NOT_WHOLE = say("The database file is damaged, so no copy of it was made. Restore the latest backup.")


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def prove_key(engine: Engine) -> None:
    """Read one page. Raises Unreadable when the file is damaged or belongs to another key."""
    try:
        with engine.connect().execution_options(write=False) as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    except Exception as error:
        if "not a database" in str(error) or "malformed" in str(error):
            raise Unreadable(say("The database file is damaged. Restore the latest backup.")) from error
        raise
