"""A hub's records on a PostgreSQL server, for county and province; everything else of the hub stays in its folder.

The tables are those of ``records.schema``, partitioned by county: the first six digits of the village code, as ranges
of it. Texts are ordered by code points (collation "C"), as SQLite orders them. One writer at a time holds the write
lock of the whole database, as in SQLite; several receivers unpack and check their files beside each other and queue
only for the writing itself. Encryption at rest is the server's matter (docs/scale.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    Table,
    Text,
    create_engine,
    event,
    literal,
    make_url,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from villagedesk.errors import Unavailable, Usage
from villagedesk.records.schema import all_tables
from villagedesk.store.engine import refuse_when_shut
from villagedesk.text import say

DIALECT = "postgresql"
PREFIX = "postgresql+psycopg://"

_WRITING = 7_245_190_612  # the advisory lock of whoever writes
_COUNTY = 6
_WHOLE = frozenset({"conflict"})  # small, and asked for as a whole


def make_server_engine(url: str) -> Engine:
    """An engine on the server's database.

    Raises Usage for an address that is none or holds a password, Unavailable without a server.
    """
    _demand_address(url)
    try:
        engine = create_engine(url, pool_size=3, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise Usage(say("The address of the database begins with {prefix}", prefix=PREFIX)) from error
    event.listen(engine, "begin", _begin)
    event.listen(engine, "do_connect", lambda *_: refuse_when_shut(engine))
    try:
        with engine.connect().execution_options(write=False) as connection:
            connection.exec_driver_sql("SELECT 1").scalar_one()
    except DBAPIError as error:
        engine.dispose()
        raise Unavailable(
            say("The database server does not answer. Check that it runs, its address, and your access.")
        ) from error
    return engine


def _demand_address(url: str) -> None:
    """The address stands in the hub's folder in clear, so a password in it would too."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise Usage(say("The address of the database begins with {prefix}", prefix=PREFIX)) from error
    if not url.startswith(PREFIX):
        raise Usage(say("The address of the database begins with {prefix}", prefix=PREFIX))
    if address.password is not None:
        raise Usage(
            say("Leave the password out of the address, which stands in the hub's folder in clear. Put it into the "
                "file .pgpass in your home folder.")
        )  # fmt: skip


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("write", True):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def server_version(connection: Connection) -> int:
    """The schema number of the database; 0 for an empty one."""
    there = connection.exec_driver_sql("SELECT to_regclass('schema_version')").scalar()
    return int(connection.exec_driver_sql("SELECT number FROM schema_version").scalar_one()) if there else 0


def note_version(connection: Connection, number: int) -> None:
    """Note that the tables have come to schema ``number``."""
    connection.exec_driver_sql(f"UPDATE schema_version SET number = {number}")  # noqa: S608  a number of ours


def create_tables(connection: Connection, number: int) -> None:
    """Make the tables of an empty database."""
    for statement in statements(connection):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("CREATE TABLE schema_version (number integer NOT NULL)")
    connection.exec_driver_sql(f"INSERT INTO schema_version VALUES ({number})")  # noqa: S608  a number of ours


def database_print(connection: Connection) -> str:
    """What tells this database from a copy of it: the server's own number, and the database's on it."""
    server = connection.exec_driver_sql("SELECT system_identifier FROM pg_control_system()").scalar_one()
    own = connection.exec_driver_sql("SELECT oid FROM pg_database WHERE datname = current_database()").scalar_one()
    return f"postgresql-{server}-{own}"


def open_county(connection: Connection, village: str) -> None:
    """Give the county of a village its own partitions, before its first record comes. Nothing to do in SQLite."""
    if connection.dialect.name != DIALECT:
        return
    county = village[:_COUNTY]
    after = f"{int(county) + 1:06d}"
    for table in partitioned():
        name, part = _quoted(connection, table.name), _quoted(connection, f"{table.name}_{county}")
        connection.exec_driver_sql(
            f"CREATE TABLE IF NOT EXISTS {part} PARTITION OF {name} FOR VALUES FROM ('{county}') TO ('{after}')"
        )


def copy_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows the fastest way the server has. Raises DBAPIError, as every statement."""
    statement = f"COPY {_quoted(connection, table.name)} ({_names(connection, columns)}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    said: Any = connection.dialect.loaded_dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except said.Error as error:
        if driver.closed:
            connection.invalidate(error)
        raise DBAPIError(statement, None, error) from error


def partitioned() -> tuple[Table, ...]:
    """The tables that are kept by county."""
    return tuple(table for table in all_tables().sorted_tables if "village" in table.c and table.name not in _WHOLE)


def statements(connection: Connection) -> Iterator[str]:
    """What makes the tables, their partitions for counties not opened yet, and their indexes."""
    apart = partitioned()
    for table in all_tables().sorted_tables:
        name = _quoted(connection, table.name)
        parts = [_column(connection, column) for column in table.columns]
        key = [column.name for column in table.primary_key.columns]
        more = ["village"] if table in apart else []
        parts.append(f"PRIMARY KEY ({_names(connection, [*key, *more])})")
        unique = [column.name for column in table.columns if column.unique]
        parts += [f"UNIQUE ({_names(connection, [each, *more])})" for each in unique]
        kept = " PARTITION BY RANGE (village)" if more else ""
        yield f"CREATE TABLE {name} ({', '.join(parts)}){kept}"
        if more:
            yield f"CREATE TABLE {_quoted(connection, f'{table.name}_else')} PARTITION OF {name} DEFAULT"
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            on = _names(connection, [column.name for column in index.columns])
            yield f"CREATE INDEX {_quoted(connection, str(index.name))} ON {name} ({on})"


def _column(connection: Connection, column: Column[Any]) -> str:
    kind = BigInteger() if isinstance(column.type, Integer) else column.type
    spelt = kind.compile(dialect=connection.dialect)
    order = ' COLLATE "C"' if isinstance(getattr(kind, "impl_instance", kind), Text) else ""
    given = _default(connection, column)
    return f"{_quoted(connection, column.name)} {spelt}{order}{given}{'' if column.nullable else ' NOT NULL'}"


def _default(connection: Connection, column: Column[Any]) -> str:
    """What stands in a column that an insert does not name."""
    said: Any = getattr(column.server_default, "arg", None)
    if said is None:
        return ""
    spelt = literal(said) if isinstance(said, str) else said
    return f" DEFAULT {spelt.compile(dialect=connection.dialect, compile_kwargs={'literal_binds': True})}"


def _names(connection: Connection, columns: Sequence[str]) -> str:
    return ", ".join(_quoted(connection, name) for name in columns)


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
