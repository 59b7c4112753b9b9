"""Lines leave the store as they were hashed, by the block or one by one, and chains are known without reading them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from villagedesk.records.schema import revision
from villagedesk.store import chain, lines
from villagedesk.store.chain import ChainTip
from villagedesk.store.engine import make_engine
from villagedesk.store.migrations import migrate
from villagedesk.store.numbers import Numbers
from villagedesk.store.store import Store

VILLAGE = "000000000001"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    engine = make_engine(tmp_path / "desk.db", b"k" * 32)
    with engine.begin() as connection:
        migrate(connection)
    return Store(engine, "a", "a", lambda: datetime(2026, 3, 1, tzinfo=UTC))


def save(store: Store, note: str) -> None:
    with store.work("household.save", "visit") as work:
        work.put("household", VILLAGE, {"no": "1", "note": note})


def test_long_and_short_lines_leave_in_their_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("villagedesk.store.numbers._PIECE", 3)
    for note in ("1", "2", "3", "4", "long" * 1000, "5\n6", "7", "8"):
        save(store, note)
    with store.read() as connection:
        stored = list(connection.execute(revision.select().order_by(revision.c.n)).mappings())
        numbers = chain.numbers_after(connection, ())
        blocks = list(chain.blocks_of(connection, numbers))
        found = list(chain.lines_of(connection, numbers))
        some = list(chain.lines_of(connection, [1, 5, 7]))
    assert [lines.digest(line) for line in found] == [row["hash"] for row in stored]
    assert [block.count(b"\n") + 1 for block in blocks] == [3, 1, 1, 1, 2]
    assert some == [found[0], found[4], found[6]]


def test_a_chain_is_told_from_a_forked_one(store: Store, with_device: Callable[[str], Store]) -> None:
    save(store, "1")
    save(with_device("b"), "2")
    save(store, "3")
    with store.read() as connection:
        tips = chain.tips(connection)
        assert [(tip.device, tip.seq) for tip in tips] == [("a", 2), ("b", 1)]
        assert chain.numbers_after(connection, ()) == Numbers.of([1, 2, 3])
        assert chain.numbers_after(connection, [ChainTip("a", 1, first_hash(store))]) == Numbers.of([2, 3])
        assert chain.numbers_after(connection, tips) == Numbers()
        assert chain.numbers_after(connection, (), ["a"]) == Numbers.of([1, 3])
    with store.write() as connection:  # a copy of this laptop gave the number 2 out as well
        row = connection.execute(revision.select().where(revision.c.n == 3)).mappings().one()
        connection.execute(revision.insert(), {**row, "n": 4, "hash": b"4" * 32})
    with store.read() as connection:
        assert sorted((tip.device, tip.seq) for tip in chain.tips(connection)) == [("a", 2), ("a", 2), ("b", 1)]
        assert chain.numbers_after(connection, ()) == Numbers.of([1, 2, 3, 4])


def first_hash(store: Store) -> str:
    with store.read() as connection:
        found: bytes = connection.execute(revision.select().where(revision.c.n == 1)).mappings().one()["hash"]
    return found.hex()


@pytest.fixture
def with_device(store: Store) -> Callable[[str], Store]:
    return lambda device: Store(store.engine, device, device, store.clock)
