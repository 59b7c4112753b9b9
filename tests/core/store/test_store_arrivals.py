"""Many new records in one line are taken in by the column, and stand then as if each had come by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.core.store.test_store_work import VILLAGE, all_lines, open_store, take
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Unreadable
from villagedesk.records.schema import RECORDS, conflict, revision, search_debt, touch
from villagedesk.store import arrivals, lines
from villagedesk.store.apply import Gap
from villagedesk.store.store import Store

COUNT = 2 * arrivals.MANY


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    made: list[Store] = []

    def store(device: str) -> Store:
        made.append(open_store(tmp_path, device))
        return made[-1]

    yield store
    for each in made:
        each.engine.dispose()


def import_list(giver: Store) -> list[str]:
    """One line with many households and one member each; returns the ids of the households."""
    homes = []
    with giver.work("import", "last year's list") as work:
        for number in range(COUNT):
            born = date(1950 + number % 60, 1, 1) if number % 4 else None
            draft = HouseholdDraft(
                no=f"{number:04d}",
                group=f"{number % 3}组",
                address="东庄" if number % 7 == 0 else "",
                water_safe=number % 2 == 0,
                other_causes=("02", "07") if number % 5 == 0 else (),
            )
            home = work.put_draft("household", VILLAGE, draft)
            person = {"household_id": home, "name": f"张{number}", "birth": born}
            work.put("member", VILLAGE, person, new_id=f"{number:032x}")
            homes.append(home)
    return homes


def standing(store: Store) -> dict[str, Any]:
    """Every table that lines are taken into; the local numbers of rows apart."""
    records = {kind: record.table for kind, record in RECORDS.items() if kind in ("household", "member")}
    with store.read() as connection:
        found: dict[str, Any] = {
            kind: {row["id"]: {**row, "n": 0} for row in connection.execute(select(table)).mappings()}
            for kind, table in records.items()
        }
        for table in (touch, revision, conflict):
            found[table.name] = sorted(map(repr, connection.execute(select(table)).all()))
        found["owed"] = {kind for kind, _ in connection.execute(select(search_debt.c.kind, search_debt.c.n))}
    return found


def both_ways(stores: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch, source: list[bytes]) -> dict[str, Any]:
    """How a store stands after it took in these lines; by the column and by the record it is the same."""
    quick, slow = stores("quick"), stores("slow")
    take(quick, source)
    monkeypatch.setattr(arrivals, "MANY", 1 << 30)
    take(slow, source)
    monkeypatch.undo()
    assert standing(quick) == standing(slow)
    return standing(quick)


def test_a_list_stands_as_if_each_record_had_come_by_itself(
    stores: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    giver = stores("giver")
    import_list(giver)
    assert arrivals.arrivals(lines.load(all_lines(giver)[-1]))
    stood = both_ways(stores, monkeypatch, all_lines(giver))
    assert len(stood["household"]) == len(stood["member"]) == COUNT
    assert stood == {**standing(giver), "owed": stood["owed"]}


def test_what_comes_after_a_list_builds_on_it(stores: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    giver = stores("giver")
    homes = import_list(giver)
    for number in (0, 1):
        with giver.work("household.save", "visit") as work:
            work.put("household", VILLAGE, {"address": f"{number}号"}, homes[0])
    with giver.work("household.remove", "moved") as work:
        work.remove("household", homes[1])
    stood = both_ways(stores, monkeypatch, all_lines(giver))
    assert stood["household"][homes[0]]["address"] == "1号"
    assert stood["household"][homes[1]]["removed"]


def test_a_list_over_records_that_are_here_is_read_record_by_record(
    stores: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stores("first"), stores("second")
    with first.work("household.save", "typed") as work:
        home = work.put("household", VILLAGE, {"no": "0000", "group": "九组"})
    assert import_list(second)[0] == home
    stood = both_ways(stores, monkeypatch, all_lines(first) + all_lines(second))
    assert stood["conflict"], "two laptops wrote the group of one household"


def test_the_same_file_twice_is_once(stores: Callable[[str], Store]) -> None:
    giver, taker = stores("giver"), stores("taker")
    import_list(giver)
    take(taker, all_lines(giver))
    once = standing(taker)
    take(taker, all_lines(giver))
    assert standing(taker) == once


def altered(line: bytes, change: Callable[[list[dict[str, Any]]], object]) -> bytes:
    raw = orjson.loads(line)
    change(raw["c"])
    return orjson.dumps(raw)


@pytest.mark.parametrize(
    "change",
    [
        lambda changes: changes[7]["f"].update(village="000000000002"),
        lambda changes: changes[7]["f"].pop("village"),
        lambda changes: changes[8]["f"].update(water_safe=1),
        lambda changes: changes[8]["f"].update(group=["一组"]),
        lambda changes: changes[9].update(r=changes[8]["r"]),
        lambda changes: changes[9].update(r=9),
        lambda changes: changes[9].update(t="religion"),
        lambda changes: changes[9].update(p=["00" * 32]),
        lambda changes: changes.__setitem__(3, None),
    ],
)
def test_a_list_with_one_wrong_record_is_refused_whole(
    stores: Callable[[str], Store], change: Callable[[list[dict[str, Any]]], object]
) -> None:
    giver, taker = stores("giver"), stores("taker")
    import_list(giver)
    before = standing(taker)
    with pytest.raises((Unreadable, Gap)):
        take(taker, [altered(all_lines(giver)[-1], change)])
    assert standing(taker) == before


def test_a_field_of_a_newer_version_stays_in_the_line(
    stores: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    giver = stores("giver")
    import_list(giver)
    line = altered(all_lines(giver)[-1], lambda changes: changes[5]["f"].update(moon="full"))
    assert arrivals.arrivals(lines.load(line)) == ()
    assert len(both_ways(stores, monkeypatch, [line])["household"]) == COUNT


def test_lists_that_name_other_columns_stand_side_by_side(
    stores: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    giver = stores("giver")
    first = import_list(giver)[0]
    with giver.work("import", "the list of the next group") as work:
        for number in range(COUNT):
            more = work.put("household", VILLAGE, {"no": f"9{number:03d}", "phone": f"1390000{number:04d}"})
    assert all(arrivals.arrivals(lines.load(line)) for line in all_lines(giver))
    stood = both_ways(stores, monkeypatch, all_lines(giver))["household"]
    assert len(stood) == 2 * COUNT
    assert (stood[first]["phone"], stood[first]["group"]) == ("", "0组")
    assert (stood[more]["phone"], stood[more]["group"]) == (f"1390000{COUNT - 1:04d}", "")
    assert stood[more]["revision"] == 2


def test_a_day_spelt_otherwise_is_the_same_day(stores: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    giver = stores("giver")
    import_list(giver)
    member = orjson.loads(all_lines(giver)[-1])["c"][3]["r"]
    line = altered(all_lines(giver)[-1], lambda changes: changes[3]["f"].update(birth="19510101"))
    assert arrivals.arrivals(lines.load(line)) == ()
    assert both_ways(stores, monkeypatch, [line])["member"][member]["birth"] == date(1951, 1, 1)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(json_like, min_size=1, max_size=4))
def test_nothing_in_place_of_changes_raises(changes: list[object]) -> None:
    assert arrivals.arrivals({"c": changes * COUNT}) == ()
