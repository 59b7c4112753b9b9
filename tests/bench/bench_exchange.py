"""The exchange at full size, each against a raw limit in the same run (DESIGN §8); rows go to docs/benchmarks.md.

    python tests/bench/bench_exchange.py [send] [hub] [server] [--households N] [--edits N] [--villages N] [--rounds N]
        [--dry] [--processor]

``--processor`` takes processor time, of all threads and of the server, which other work on the machine moves less than
the wall clock.

send: a desk's whole history as one file, from the encrypted store to the flushed stick; peer: zstd and age of the same
lines, flushed. hub: files of many villages taken in, checked, decrypted, committed; peer: the rows that came of it,
inserted with executemany into an empty store of the same schema and cipher, one transaction a village. server: the
same on a PostgreSQL server started for the run; peers: COPY of all rows at once and with a transaction a village, and
executemany of the same rows, into the same tables of an empty database. Both are given all files in one call.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyrage
import zstandard
from sqlalchemy import Connection, Engine

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench import run
from tests.bench.run import PASSPHRASE, PROFILE, Result, keep
from tests.core.server.running import Server, started
from villagedesk import divisions
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage, generate
from villagedesk.desk import Desk, create_desk
from villagedesk.hub import Hub, create_hub
from villagedesk.records.schema import RECORDS, revision, touch
from villagedesk.store import chain
from villagedesk.store.engine import make_engine
from villagedesk.store.migrations import migrate
from villagedesk.store.server import create_tables, make_server_engine

TABLES = (revision.name, touch.name, *RECORDS)
Clock = Callable[[], float]
Rows = dict[str, tuple[list[str], list[tuple[object, ...]]]]


def main() -> None:
    """Take the times named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=["send", "hub", "server", []])
    parser.add_argument("--households", type=int, default=1500)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--villages", type=int, default=170)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dry", action="store_true")
    parser.add_argument("--processor", action="store_true")
    given = parser.parse_args()
    if given.processor:
        run.clock = time.process_time
    benches = {"send": bench_send, "hub": bench_hub, "server": bench_server}
    results = []
    for name in given.names or benches:
        with tempfile.TemporaryDirectory() as folder:
            for result in benches[name](Path(folder), given):
                way = " (processor time)" if given.processor else ""
                results.append(replace(result, work=result.work + way))
                print(results[-1].row, flush=True)
    if not given.dry:
        keep(results)


def bench_send(folder: Path, given: argparse.Namespace) -> Iterator[Result]:
    """One village with its history."""
    village = generate(PROFILE, given.households, 1)
    hub, _ = create_hub(folder / "hub", PASSPHRASE, "township", village.file.code[:9])
    with hub, filled(folder / "desk", village, hub) as desk:
        edit(desk, given.edits)
        (folder / "stick").mkdir()
        recipient = hub.township.key.recipient
        with desk.place.store.read() as connection:
            data = b"\n".join(chain.lines_of(connection, chain.numbers_after(connection, ()))) + b"\n"
        ours, theirs, size, other = [], [], 0, 0
        for _ in range(given.rounds):
            start = run.clock()
            size = desk.sync.send(folder / "stick").size
            ours.append(run.clock() - start)
            start = run.clock()
            other = peer_file(folder / "stick", data, recipient)
            theirs.append(run.clock() - start)
    work = f"{given.households:,} households × {given.edits} revisions, {len(data) / 1e6:.1f} MB of lines, {size:,} B"
    yield Result("send file", work, statistics.median(ours), f"zstd -3 and age, {other:,} B",
                  statistics.median(theirs), "≤ 2")  # fmt: skip


def filled(folder: Path, village: GeneratedVillage, hub: Hub) -> Desk:
    """A desk of the village with its roster in it, joined to the hub."""
    roster = folder.with_suffix(".csv")
    write_roster(village, roster, "26")
    desk, _ = create_desk(folder, PASSPHRASE, village.file, author="bench")
    desk.rosters.take(desk.rosters.preview(roster), "bench")
    desk.sync.join(hub.township.invite(village.file.code, folder.parent), "bench")
    return desk


def edit(desk: Desk, times: int) -> None:
    """Change each household so many times, a verb each."""
    with desk.place.store.read() as connection:
        ids = list(connection.exec_driver_sql("select id from household").scalars())
    for number in range(times):
        for place, record in enumerate(ids):
            with desk.place.store.work("household.save", "visit") as work:
                work.put("household", desk.site.village, {"note": f"第{number}次入户，第{place}户"}, record)


def peer_file(folder: Path, data: bytes, recipient: str) -> int:
    """The same lines through the same libraries, neither signed, listed nor read back."""
    packed = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(data)
    sealed = pyrage.encrypt(packed, [pyrage.x25519.Recipient.from_str(recipient)])
    with (folder / "peer.age").open("wb") as stream:
        stream.write(sealed)
        stream.flush()
        os.fsync(stream.fileno())
    return len(sealed)


def bench_hub(folder: Path, given: argparse.Namespace) -> Iterator[Result]:
    """Villages of 400 households each. Ten generated populations take turns under different codes."""
    codes = list(villages(given.villages))
    hub, _ = create_hub(folder / "hub", PASSPHRASE, "township", codes[0][:9])
    with hub:
        files = sends_of(folder, codes, hub)
        spent, rows = received(hub, files, run.clock)
    peer = empty_store(folder / "peer.db")
    raw = sum(insert_raw(peer, village) for village in rows)
    peer.dispose()
    work = f"{given.villages} villages × 400 households, {counted(rows):,} rows"
    yield Result("hub receives", work, spent, "sqlcipher3 executemany of the same rows", raw, "≤ 2")


def bench_server(folder: Path, given: argparse.Namespace) -> Iterator[Result]:
    """As bench_hub, on a server."""
    codes = list(villages(given.villages))
    with started() as server:
        now = partial(clock, server, given)
        hub, _ = create_hub(folder / "hub", PASSPHRASE, "county", codes[0][:9], database=server.fresh())
        with hub:
            spent, rows = received(hub, sends_of(folder, codes, hub), now)
            with hub.place.store.read() as connection:
                all_rows = {name: whole(connection, name) for name in TABLES}
        raw = {
            "COPY of the same rows": written_raw(server.fresh(), [all_rows], copy, now),
            "COPY, a transaction a village": written_raw(server.fresh(), rows, copy, now),
            "psycopg executemany of the same rows": written_raw(server.fresh(), [all_rows], insert, now),
        }
    work = f"{given.villages} villages × 400 households, {counted(rows):,} rows, PostgreSQL 15"
    for peer, taken in raw.items():
        yield Result("county receives", work, spent, peer, taken, "≤ 2")


def sends_of(folder: Path, codes: Sequence[str], hub: Hub) -> list[Path]:
    """The first files of the villages."""
    populations = [generate(PROFILE, 400, seed) for seed in range(10)]
    return [send_of(folder, code, populations[place % 10], hub) for place, code in enumerate(codes)]


def received(hub: Hub, files: Sequence[Path], now: Clock) -> tuple[float, list[Rows]]:
    """Seconds that taking in the files takes, and the rows that came of each."""
    with hub.place.store.read() as connection:
        low = last(connection)
    start = now()
    results = hub.township.receive(files)
    spent = now() - start
    assert all(one.status == "accepted" for one in results), results
    rows = []
    with hub.place.store.read() as connection:
        for one in results:
            high = low + one.revisions
            rows.append({table: new_rows(connection, table, low, high) for table in TABLES})
            low = high
    return spent, rows


def counted(rows: Sequence[Rows]) -> int:
    """How many rows there are in all."""
    return sum(len(table) for village in rows for _, table in village.values())


def clock(server: Server, given: argparse.Namespace) -> float:
    """Seconds by the clock, or of processor time on both sides."""
    return time.process_time() + server.spent() if given.processor else time.perf_counter()


def whole(connection: Connection, table: str) -> tuple[list[str], list[tuple[object, ...]]]:
    """All rows of a table, as the driver gives them."""
    found = connection.exec_driver_sql(f'select * from "{table}"')
    return list(found.keys()), [tuple(row) for row in found]


def written_raw(address: str, parts: Sequence[Rows], write: Callable[..., None], now: Clock) -> float:
    """Seconds that the driver needs to write the same rows in its own way, each part in one transaction."""
    engine = make_server_engine(address)
    with engine.begin() as connection:
        create_tables(connection, 1)
    start = now()
    for part in parts:
        with engine.begin() as connection, connection.connection.driver_connection.cursor() as cursor:
            for table, (names, found) in part.items():
                write(cursor, table, names, found)
    spent = now() - start
    engine.dispose()
    return spent


def copy(cursor: Any, table: str, names: list[str], rows: list[tuple[object, ...]]) -> None:
    """The rows of a table by COPY."""
    with cursor.copy(f'COPY "{table}" ({_named(names)}) FROM STDIN') as stream:
        for row in rows:
            stream.write_row(row)


def insert(cursor: Any, table: str, names: list[str], rows: list[tuple[object, ...]]) -> None:
    """The rows of a table by executemany."""
    places = ",".join(["%s"] * len(names))
    cursor.executemany(f'insert into "{table}" ({_named(names)}) values ({places})', rows)


def _named(names: list[str]) -> str:
    return ",".join(f'"{name}"' for name in names)


def villages(count: int) -> Iterator[str]:
    """The first villages of a county, whatever their township."""
    for township in divisions.children("321324"):
        for village in divisions.children(township.code[:9]):
            yield village.code
            count -= 1
            if not count:
                return


def send_of(folder: Path, code: str, population: GeneratedVillage, hub: Hub) -> Path:
    """A village's first file."""
    village = replace(population, file=replace(population.file, code=code))
    with filled(folder / code, village, hub) as desk:
        return desk.sync.send(folder).path


def last(connection: Connection) -> int:
    """The number of the newest revision."""
    return int(connection.exec_driver_sql("select coalesce(max(n), 0) from revision").scalar_one())


def new_rows(connection: Connection, table: str, low: int, high: int) -> tuple[list[str], list[tuple[object, ...]]]:
    """The rows that the revisions after ``low`` up to ``high`` brought, as the driver gives them."""
    column = "n" if table == revision.name else "revision"
    found = connection.exec_driver_sql(f'select * from "{table}" where {column} > {low} and {column} <= {high}')
    return list(found.keys()), [tuple(row) for row in found]


def empty_store(path: Path) -> Engine:
    """A store of the same schema and cipher without a row."""
    engine = make_engine(path, b"k" * 32)
    with engine.begin() as connection:
        migrate(connection)
    return engine


def insert_raw(engine: Engine, village: Rows) -> float:
    """Seconds that the driver needs for a village's rows, in one transaction."""
    start = run.clock()
    with engine.begin() as connection:
        raw = connection.connection.driver_connection
        for table, (names, rows) in village.items():
            places = ",".join("?" * len(names))
            raw.executemany(f'insert into "{table}" ({_named(names)}) values ({places})', rows)
    return run.clock() - start


if __name__ == "__main__":
    main()
