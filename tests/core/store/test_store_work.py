"""One verb is one transaction and one revision; the state follows from the revisions alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from villagedesk.errors import Stale, Unreadable
from villagedesk.records.schema import RECORDS, conflict, revision, search_key, touch
from villagedesk.store import lines, search
from villagedesk.store.apply import Gap, apply_lines
from villagedesk.store.engine import make_engine
from villagedesk.store.migrations import migrate
from villagedesk.store.store import Store

VILLAGE = "000000000001"


def open_store(folder: Path, device: str) -> Store:
    """A fresh store of one device in a folder of its own."""
    engine = make_engine(folder / f"{device}.db", b"k" * 32)
    with engine.begin() as connection:
        migrate(connection)
    return Store(engine, device, f"user of {device}", lambda: datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path, "a")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path, "b")
    yield opened
    opened.engine.dispose()


def all_lines(store: Store) -> list[bytes]:
    with store.read() as connection:
        return [
            lines.unpack(found)
            for found in connection.execute(select(revision.c.line).order_by(revision.c.n)).scalars()
        ]


def take(store: Store, source: list[bytes]) -> object:
    with store.write() as connection:
        return apply_lines(connection, source, lambda device, village: village == VILLAGE)


def row(store: Store, record_id: str, kind: str = "household") -> dict[str, object]:
    table = RECORDS[kind].table
    with store.read() as connection:
        found = dict(connection.execute(select(table).where(table.c.id == record_id)).mappings().one())
    return {name: value for name, value in found.items() if name not in {"n", "revision"}}


def test_a_put_becomes_one_chained_line(store: Store) -> None:
    with store.work("household.save", "first") as work:
        household = work.put("household", VILLAGE, {"no": "7", "group": "一组"})
    with store.work("household.save", "second") as work:
        work.put("household", VILLAGE, {"group": "二组"}, household)
    first, second = [lines.decode(line) for line in all_lines(store)]
    assert first.changes[0].fields == {"no": (None, "7"), "group": (None, "一组"), "village": (None, VILLAGE)}
    assert second.changes[0].fields == {"group": ("一组", "二组")}
    assert second.prev == lines.digest(all_lines(store)[0]).hex() == second.changes[0].parents[0]
    assert (first.seq, second.seq) == (1, 2)
    assert second.hlc > first.hlc


def test_nothing_changed_leaves_no_revision(store: Store) -> None:
    with store.work("household.save", "first") as work:
        household = work.put("household", VILLAGE, {"no": "7"})
    with store.work("household.save", "again") as work:
        work.put("household", VILLAGE, {"no": "7"}, household)
    assert len(all_lines(store)) == 1


def test_a_failure_inside_a_verb_changes_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.work("household.save", "first") as work:  # noqa: PT012  fails half-way
        work.put("household", VILLAGE, {"no": "7"})
        raise RuntimeError
    with store.read() as connection:
        for table in (RECORDS["household"].table, revision, touch, search_key):
            assert connection.execute(select(table)).first() is None


def test_a_stale_draft_is_refused(store: Store) -> None:
    with store.work("household.save", "first") as work:
        household = work.put("household", VILLAGE, {"no": "7"})
    with store.work("household.save", "second") as work:
        work.put("household", VILLAGE, {"group": "二组"}, household)
    with pytest.raises(Stale), store.work("household.save", "third") as work:
        work.demand_fresh("household", household, 1)


def test_disjoint_edits_merge_and_equal_values_do_not_conflict(store: Store, other: Store) -> None:
    with store.work("household.save", "first") as work:
        household = work.put("household", VILLAGE, {"no": "7"})
    take(other, all_lines(store))
    for desk, values in ((store, {"group": "一组", "fuel": "煤炭"}), (other, {"address": "桥头", "fuel": "煤炭"})):
        with desk.work("household.save", "edit") as work:
            work.put("household", VILLAGE, values, household)
    take(store, all_lines(other))
    take(other, all_lines(store))
    assert row(store, household) == row(other, household)
    assert row(store, household)["group"] == "一组"
    assert row(store, household)["address"] == "桥头"
    with store.read() as connection:
        assert connection.execute(select(conflict)).first() is None


def test_same_field_edits_wait_for_a_person_and_protected_fields_keep_the_base(store: Store, other: Store) -> None:
    with store.work("household.save", "first") as work:
        household = work.put("household", VILLAGE, {"no": "7", "state": "0", "group": "旧"})
    take(other, all_lines(store))
    for desk, name in ((store, "1"), (other, "9")):
        with desk.work("household.save", "edit") as work:
            work.put("household", VILLAGE, {"state": name, "group": name}, household)
    take(store, all_lines(other))
    take(other, all_lines(store))
    assert row(store, household) == row(other, household)
    assert row(store, household)["state"] == "0"
    assert row(store, household)["group"] in {"1", "9"}
    with other.read() as connection:
        assert set(connection.execute(select(conflict.c.field)).scalars()) == {"state", "group"}
    with other.work("conflict.decide", "asked the household") as work:
        work.decide("household", household, "state", "1")
    take(store, all_lines(other))
    with store.read() as connection:
        assert set(connection.execute(select(conflict.c.field)).scalars()) == {"group"}
    assert row(store, household)["state"] == "1"


def test_lines_taken_twice_or_too_early(store: Store, other: Store) -> None:
    for number in range(3):
        with store.work("household.save", "one") as work:
            work.put("household", VILLAGE, {"no": str(number + 1)})
    source = all_lines(store)
    with pytest.raises(Gap):
        take(other, source[1:])
    assert all_lines(other) == []
    take(other, source[:2])
    take(other, source)
    assert all_lines(other) == source


def test_bulk_rows_are_found_and_undoable_as_one_act(store: Store) -> None:
    households = [{"id": f"{number:032x}", "no": f"{number:05d}"} for number in range(1000)]
    members = [
        {"id": f"m{number:031x}", "household_id": f"{number:032x}", "name": "曾小明", "id_number": f"{number:018d}"}
        for number in range(1000)
    ]
    with store.work("roster.import", "list of 2026") as work:
        work.insert_many("household", VILLAGE, households)
        work.insert_many("member", VILLAGE, members)
    with store.write() as connection:
        assert search.in_debt(connection)
        search.pay(connection)
        assert not search.in_debt(connection)
    with store.read() as connection:
        assert len(set(connection.execute(select(revision.c.act)).scalars())) == 1
        assert len(search.find(connection, "zxm", 20)) == 20
        assert len(search.find(connection, "cengxiao", 20)) == 20
        assert [(hit.household_no, hit.why) for hit in search.find(connection, "0777")] == [
            ("00777", "no"),
            ("00777", "id"),
        ]
        assert search.find(connection, "小明", 5)[0].why == "name"
        assert search.find(connection, "") == ()


def test_a_stored_line_that_claims_gigabytes_is_damaged():
    """The frame's own word for its length: eight bytes behind a header without a dictionary."""
    claims = b"\x28\xb5\x2f\xfd\xe0" + (1 << 60).to_bytes(8, "little") + b"\x01\x00\x00"
    with pytest.raises(Unreadable):
        lines.unpack(claims)


@pytest.mark.parametrize("field", ["n", "id", "revision"])
def test_what_a_store_numbers_for_itself_no_line_can_set(store: Store, other: Store, field: str) -> None:
    with store.work("household.save", "first") as work:
        home = work.put("household", VILLAGE, {"no": "7"})
        work.put("household", VILLAGE, {"no": "8"})
    with store.work("household.save", "visit") as work:
        work.put("household", VILLAGE, {"group": "二组"}, home)
    first, second = all_lines(store)
    forged = second.replace(b'"group":', f'"{field}":["",9],"group":'.encode())
    assert forged != second
    take(other, [first, forged])
    with other.read() as connection:
        table = RECORDS["household"].table
        found = connection.execute(select(table.c.n, table.c.id, table.c.revision).order_by(table.c.n)).all()
    assert [(n, revision) for n, _, revision in found] == [(1, 2), (2, 1)]
    assert home in [record_id for _, record_id, _ in found]


def test_keys_owed_are_paid_part_by_part_and_are_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.work("roster.import", "list") as work:
        work.insert_many("household", VILLAGE, [{"id": f"h{no}", "no": str(no)} for no in range(10)])
        people = [{"id": f"m{no}", "household_id": f"h{no % 10}", "name": "曾小明"} for no in range(23)]
        work.insert_many("member", VILLAGE, people)
    found, told = [], []
    for part in (1000, 4):
        monkeypatch.setattr(search, "_PAID", part)
        with store.write() as connection:
            search.owe(connection, {"household": 1, "member": 1})
            search.pay(connection, lambda *at: told.append(at))
            found.append(connection.execute(select(search_key).order_by(*search_key.primary_key)).all())
    assert found[0] == found[1] != []
    assert (10, 10) in told
    assert [at for at in told if at[1] == 23][1:] == [(4, 23), (8, 23), (12, 23), (16, 23), (20, 23), (23, 23)]
