"""Find and list at county size, on the encrypted store, with plain sqlite3 beside it in the same run (DESIGN §8).

    python tests/bench/bench_scale.py [--households 100000] [--keystrokes 400]

Prints rows for docs/benchmarks.md. Ours goes through the store's own functions; the peer is Python's sqlite3 with the
same people in a plain file: LIKE for finding, OFFSET for the next page.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from villagedesk.demo.village import stream
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.records.schema import RECORDS
from villagedesk.store import lists, search
from villagedesk.store.engine import make_engine
from villagedesk.store.migrations import migrate
from villagedesk.store.store import Store

VILLAGES = 200
_BATCH = 2000


def main() -> None:
    """Build both stores, take the times, print the table's rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--keystrokes", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "desk.db")
        peer = sqlite3.connect(Path(folder) / "plain.db")
        people = fill(store, peer, options.households)
        rng = random.Random(1)
        report("find", f"p95 of a keystroke, {len(people):,} members", keystrokes(store, peer, people, rng, options))
        report("list", f"p95 of a page of 100 of {options.households:,} households", pages(store, peer, rng, options))


def open_store(path: Path) -> Store:
    """An encrypted store with nothing in it."""
    engine = make_engine(path, b"k" * 32)
    with engine.begin() as connection:
        migrate(connection)
    return Store(engine, "bench", "bench")


def fill(store: Store, peer: sqlite3.Connection, households: int) -> list[tuple[str, str]]:
    """The same generated people in both; returns (name, ID number) of each."""
    peer.execute("create table household (village text, no text, head text, grp text)")
    peer.execute("create table member (name text, id_number text, household text)")
    people: list[tuple[str, str]] = []
    started = time.perf_counter()
    for number, batch in enumerate(batches(stream("national-2018", households, 1))):
        village = f"{number % VILLAGES:012d}"
        with store.work("roster.import", "bench") as work:
            for kind, rows in rows_of(f"{number:05d}", batch).items():
                work.insert_many(kind, village, rows)
        peer.executemany(
            "insert into household values (?, ?, ?, ?)",
            ((village, draft.no, draft.members[0].name, draft.group) for draft in batch),
        )
        peer.executemany(
            "insert into member values (?, ?, ?)",
            ((member.name, member.id_number, draft.no) for draft in batch for member in draft.members),
        )
        people += [(member.name, member.id_number) for draft in batch for member in draft.members]
    with store.write() as connection:
        search.pay(connection)
    peer.execute("create index by_no on household (village, no)")
    peer.commit()
    print(f"filled in {time.perf_counter() - started:.0f} s")
    return people


def rows_of(begun: str, drafts: Sequence[HouseholdDraft]) -> dict[str, list[dict[str, object]]]:
    """The rows of both tables; ids begin with a letter and ``begun``."""
    return {
        "household": [{"id": f"h{begun}{n:05d}", **stated(draft, "household")} for n, draft in enumerate(drafts)],
        "member": [
            {"id": f"m{begun}{n:05d}{m:02d}", "household_id": f"h{begun}{n:05d}", **stated(member, "member")}
            for n, draft in enumerate(drafts)
            for m, member in enumerate(draft.members)
        ],
    }


def batches(drafts: Iterator[HouseholdDraft]) -> Iterator[list[HouseholdDraft]]:
    """The households a few thousand at a time."""
    batch: list[HouseholdDraft] = []
    for draft in drafts:
        batch.append(draft)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def stated(draft: object, kind: str) -> dict[str, object]:
    """The fields of a draft that are columns of its table."""
    return {name: getattr(draft, name) for name in RECORDS[kind].fields if hasattr(draft, name)}


def keystrokes(
    store: Store,
    peer: sqlite3.Connection,
    people: list[tuple[str, str]],
    rng: random.Random,
    options: argparse.Namespace,
) -> tuple[list[float], list[float]]:
    """Type parts of names, pinyin initials, initials and syllables mixed, and ID tails, letter by letter, on both."""
    ours, theirs = [], []
    for typed in typing(people, rng, options.keystrokes):
        ours.append(timed(lambda typed=typed: find(store, typed)))
        like = (f"%{typed}%", f"%{typed}")
        query = "select name from member where name like ? or id_number like ? order by name limit 50"
        theirs.append(timed(lambda like=like, query=query: peer.execute(query, like).fetchall()))
    return ours, theirs


def typing(people: list[tuple[str, str]], rng: random.Random, count: int) -> Iterable[str]:
    """What is in the box after each keystroke."""
    from villagedesk.store.pinyin import readings

    for _ in range(count // 5):
        name, number = rng.choice(people)
        initials = "".join(readings(char)[0][0] for char in name if char.isalnum())
        yield rng.choice((name[:1], name[:2], name[1:], name))
        yield initials[: rng.randint(1, len(initials))]
        yield readings(name[0])[0] + initials[1:]  # zhangsf
        yield initials[:-1] + readings(name[-1])[0]  # zsfeng
        yield number[-rng.randint(1, 6) :]


def find(store: Store, typed: str) -> object:
    """One keystroke through the store."""
    with store.read() as connection:
        return search.find(connection, typed)


def pages(
    store: Store, peer: sqlite3.Connection, rng: random.Random, options: argparse.Namespace
) -> tuple[list[float], list[float]]:
    """Pages at random places, in each order, with and without a filter, on both."""
    ours, theirs = [], []
    for _ in range(options.keystrokes // 4):
        village = f"{rng.randrange(VILLAGES):012d}"
        for where, sort in (
            ({}, "no"),
            ({"village": village}, "group"),
            ({"village": village, "state": "0"}, "no"),
            ({}, "changed"),
            ({}, "group"),
        ):
            after = _middle(village, sort) if not where else None
            ours.append(timed(lambda where=where, sort=sort, after=after: page(store, where, sort, after)))
        offset = rng.randrange(options.households)
        query = f"select * from household order by village, no limit 100 offset {offset}"
        theirs.append(timed(lambda query=query: peer.execute(query).fetchall()))
    return ours, theirs


def _middle(village: str, sort: str) -> tuple[str, ...] | None:
    """A cursor at the beginning of a village, as far down the list as that is."""
    return {"no": (village, "", ""), "group": (village, "", "", "")}.get(sort)


def page(store: Store, where: dict[str, object], sort: str, after: tuple[str, ...] | None) -> object:
    """One page through the store."""
    with store.read() as connection:
        return lists.households(connection, where, sort, after)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of the processor: other work on the machine does not count."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def report(name: str, work: str, times: tuple[list[float], list[float]]) -> None:
    """A row of the table: 95th percentiles and their ratio, medians in brackets."""
    ours, theirs = (statistics.quantiles(found, n=20)[-1] for found in times)
    middle = [statistics.median(found) for found in times]
    print(f"| {name} | {work} | {ours:.1f} ms ({middle[0]:.1f}) | plain sqlite3 | {theirs:.1f} ms ({middle[1]:.1f}) "
          f"| {ours / theirs:.2f} | ≤ 16 ms |")  # fmt: skip


if __name__ == "__main__":
    main()
