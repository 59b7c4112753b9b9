"""Lists page the same rows in every order, whatever the page size, and count groups as people do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from villagedesk.errors import Usage
from villagedesk.store import lists
from villagedesk.store.engine import make_engine
from villagedesk.store.migrations import migrate
from villagedesk.store.store import Store
from villagedesk.values import group_order

GROUPS = ("一组", "二组", "十组", "十一组", "东沟")
VILLAGES = ("000000000001", "000000000002")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    engine = make_engine(tmp_path_factory.mktemp("lists") / "desk.db", b"k" * 32)
    with engine.begin() as connection:
        migrate(connection)
    opened = Store(engine, "a", "tester", lambda: datetime(2026, 3, 1, tzinfo=UTC))
    for village in VILLAGES:
        with opened.work("roster.import", "lists") as work:
            rows = [
                {"id": f"{village}{n:020d}", "no": f"{n:03d}", "group": GROUPS[n * 7 % 5], "state": str(n % 3)}
                for n in range(40)
            ]
            work.insert_many("household", village, rows)
    yield opened
    engine.dispose()


def walk(store: Store, where: dict[str, object], sort: str, limit: int) -> list[lists.HouseholdRow]:
    rows: list[lists.HouseholdRow] = []
    after = None
    while True:
        with store.read() as connection:
            page = lists.households(connection, where, sort, after, limit)
        rows += page.rows
        after = page.after
        if after is None:
            return rows


@settings(max_examples=40)
@given(
    sort=st.sampled_from(sorted(lists.SORTS)),
    limit=st.integers(1, 90),
    where=st.fixed_dictionaries(
        {},
        optional={
            "village": st.sampled_from(VILLAGES),
            "group": st.sampled_from((*GROUPS, ("一组", "十组"), "none")),
            "state": st.sampled_from(("0", "1")),
        },
    ),
)
def test_pages_make_up_the_whole_list(store: Store, sort: str, limit: int, where: dict[str, object]) -> None:
    rows = walk(store, where, sort, limit)
    with store.read() as connection:
        assert len(rows) == lists.count_households(connection, where)
        assert tuple(row.id for row in rows) == lists.household_ids(connection, where, sort)
    assert len({row.id for row in rows}) == len(rows)


def test_groups_stand_in_the_order_of_their_numbers(store: Store) -> None:
    rows = walk(store, {"village": VILLAGES[0]}, "group", 7)
    seen = list(dict.fromkeys(row.group for row in rows))
    assert seen == sorted(GROUPS, key=group_order)


def test_unknown_orders_and_filters_are_refused(store: Store) -> None:
    with store.read() as connection:
        with pytest.raises(Usage):
            lists.households(connection, sort="income")
        with pytest.raises(Usage):
            lists.households(connection, {"religion": "x"})
