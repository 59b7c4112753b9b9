"""Lines handed from store to store, in parts, twice and early, add up to the same everywhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.sync_machine import oracle
from villagedesk.store import chain
from villagedesk.store.apply import Gap, apply_lines
from villagedesk.store.engine import make_engine
from villagedesk.store.migrations import migrate
from villagedesk.store.store import Store

VILLAGE = "000000000001"
KEY = b"k" * 32
FIELDS = ("group", "address", "state")
few = st.integers(0, 2)


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("meet") / "empty.db"
    engine = make_engine(file, KEY)
    with engine.begin() as connection:
        migrate(connection)
        connection.exec_driver_sql("select 1")
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


def stores_at(empty_file: Path, devices: str, clocks: list[int]) -> list[Store]:
    made = []
    for device, start in zip(devices, clocks, strict=True):
        file = Path(shutil.copyfile(empty_file, empty_file.with_name(f"{device}.db")))
        made.append(Store(make_engine(file, KEY), device, device, ticking(start)))
    return made


def ticking(start: int) -> Callable[[], datetime]:
    now = [start]

    def clock() -> datetime:
        now[0] += 1
        return datetime.fromtimestamp(now[0], UTC)

    return clock


def save(store: Store, household: int, field: int, value: int) -> None:
    with store.work("household.save", "visit") as work:
        work.put("household", VILLAGE, {"no": str(household + 1), FIELDS[field]: str(value)})


def remove(store: Store, household: int, field: int, value: int) -> None:
    with store.work("household.remove", "moved") as work:
        for row in work.rows("household", no=str(household + 1)):
            work.remove("household", row["id"])


def hand_over(stores: list[Store], giver: int, taker: int, part: int) -> None:
    """``part`` 0: what the other lacks; 1: everything again; 2: only what is newest, which may be too early."""
    with stores[taker].read() as connection:
        known = chain.tips(connection)
    with stores[giver].read() as connection:
        numbers = chain.numbers_after(connection, () if part == 1 else known)
        found = list(chain.lines_of(connection, numbers[-2:] if part == 2 else numbers))
    before = contents(stores[taker])
    try:
        with stores[taker].write() as connection:
            apply_lines(connection, found, lambda _, village: village == VILLAGE)
        oracle.check_whole(contents(stores[taker])["lines"])
    except Gap:
        assert part == 2
        assert contents(stores[taker]) == before


def contents(store: Store) -> dict[str, object]:
    with store.read() as connection:
        return {**oracle.state(connection), "lines": oracle.all_lines(connection)}


@settings(max_examples=max(200, settings.default.max_examples if settings.default else 0))
@given(
    shared=st.booleans(),
    clocks=st.lists(st.sampled_from([-30_000, 10**9, 4 * 10**9]), min_size=3, max_size=3),
    steps=st.lists(
        st.tuples(st.sampled_from([save, save, save, remove, hand_over, hand_over]), few, few, few, few), max_size=25
    ),
)
def test_whatever_order_they_come_in(
    empty_file: Path, shared: bool, clocks: list[int], steps: list[tuple[Callable[..., None], int, int, int, int]]
) -> None:
    stores = stores_at(empty_file, "abc", clocks)
    try:
        if shared:  # then one removes what another changes
            for household in range(3):
                save(stores[0], household, 0, 0)
            hand_over(stores, 0, 1, 0)
            hand_over(stores, 0, 2, 0)
        for step, one, two, three, four in steps:
            if step is hand_over:
                hand_over(stores, one, two, three)
            else:
                step(stores[one], two, three, four)
        for giver, taker in ((1, 0), (2, 0), (0, 1), (0, 2)):
            hand_over(stores, giver, taker, 0)
        for store in stores:
            with store.read() as connection:
                oracle.check(connection)
        first, *others = map(contents, stores)
        assert all(other == first for other in others)
    finally:
        for store in stores:
            store.engine.dispose()
            for left in empty_file.parent.glob(f"{store.device}.db*"):
                left.unlink()
