"""The township's own acts reach the village, and persons in two villages' files are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.core.sync_machine.copies import VILLAGES, Laptop
from tests.core.sync_machine.world import World
from tests.reported import bear_out
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Refused
from villagedesk.policy.own_scheme import draft_of, read_scheme
from villagedesk.policy.profile import load_profile
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS

DAY = date(2026, 3, 2)


@pytest.fixture
def world(prepared_places: Path, tmp_path: Path) -> Iterator[World]:
    """Two laptops of the first village, one of the second."""
    made = World(prepared_places, tmp_path / "world", 3)
    yield made
    made.close()


def put(laptop: Laptop, kind: str, record_id: str, **values: object) -> None:
    with laptop.place.store.work("test", "test") as work:
        work.put(kind, laptop.village, values, record_id)


def row(laptop: Laptop, kind: str, record_id: str) -> dict[str, object]:
    table = RECORDS[kind].table
    with laptop.place.store.read() as connection:
        return dict(connection.execute(select(table).where(table.c.id == record_id)).mappings().one())


def signed(laptop: Laptop, case: str) -> None:
    put(laptop, "household", f"h{case}", no=case)
    with laptop.place.store.read() as connection:
        village = next(iter(load_where(connection, "village").values()))
    with laptop.place.store.work("test", "test") as work:
        bear_out(work, VILLAGES[0], load_profile(village.profile), HouseholdDraft(id=f"h{case}"), case, DAY)


def test_replies_and_returns_reach_the_village_and_only_for_reported_cases(world: World) -> None:
    laptop, office = world.laptops[0], world.office
    for case, state in (("c1", "reported"), ("c2", "reported"), ("c3", "signed")):
        put(laptop, "exit", case, state=state, year=2026, household_id=case)
    with pytest.raises(Refused):
        office.acts.reply_to_exits(VILLAGES[0], ["c1"], "政发〔2026〕7号", DAY, "not here yet")
    signed(laptop, "c1")
    world.settle()
    office.acts.reply_to_exits(VILLAGES[0], ["c1"], " 政发〔2026〕7号 ", DAY, "meeting")
    office.acts.return_case(VILLAGES[0], "c2", "the income sheet lacks a signature")
    with pytest.raises(Refused):
        office.acts.reply_to_exits(VILLAGES[0], ["c1", "c3"], "政发〔2026〕8号", DAY, "meeting")
    with pytest.raises(Refused):
        office.acts.reply_to_exits(VILLAGES[0], ["c1"], " ", DAY, "meeting")
    with pytest.raises(Refused):
        office.acts.return_case(VILLAGES[0], "c1", " ")
    with pytest.raises(Refused):
        office.acts.return_case(VILLAGES[1], "c1", "not of this village")
    world.settle()
    assert (row(laptop, "exit", "c1")["township_reply"], row(laptop, "exit", "c1")["replied_on"]) == (
        "政发〔2026〕7号",
        DAY,
    )
    assert row(laptop, "exit", "c2")["state"] == "returned"
    assert row(laptop, "exit", "c2")["returned_reason"] == "the income sheet lacks a signature"
    assert row(laptop, "exit", "c3")["state"] == "signed"


def test_a_scheme_is_fixed_for_one_village(world: World) -> None:
    office = world.office
    with pytest.raises(Refused):
        office.acts.confirm_scheme("321324111999", "A", DAY, "letter")  # nothing has come from there yet
    world.settle()
    with pytest.raises(Refused):
        office.acts.confirm_scheme(VILLAGES[0], "no_such_scheme", DAY, "letter")
    office.acts.confirm_scheme(VILLAGES[0], "A", DAY, "letter")
    world.settle()
    for laptop in world.laptops:
        with laptop.place.store.read() as connection:
            village = next(iter(load_where(connection, "village").values()))
        expected = ("A", DAY) if laptop.village == VILLAGES[0] else ("", None)
        assert (village.scheme, village.scheme_confirmed_on) == expected


def test_a_scheme_of_the_townships_own_reaches_its_village_and_a_broken_one_nobody(world: World) -> None:
    office = world.office
    world.settle()
    draft = replace(draft_of(load_profile("jiangsu-2018"), "A"), title="四签字")
    with pytest.raises(Refused) as refusal:
        office.acts.confirm_own_scheme(VILLAGES[0], replace(draft, signers=draft.signers[:4]), DAY, "letter")
    assert [problem.field for problem in refusal.value.problems] == ["items"]
    four = replace(draft, signers=draft.signers[:4], items=draft.items[:4])
    office.acts.confirm_own_scheme(VILLAGES[0], four, DAY, "letter")
    office.acts.confirm_own_scheme(VILLAGES[0], replace(four, title="四签字第二版"), DAY, "another letter")
    world.settle()
    for laptop in world.laptops:
        with laptop.place.store.read() as connection:
            village = next(iter(load_where(connection, "village").values()))
        titles = [read_scheme(text).title for text in village.own_schemes]
        known = laptop.village == VILLAGES[0]
        assert (village.scheme, titles) == (("own2", ["四签字", "四签字第二版"]) if known else ("", []))


def test_totals_that_differ_are_shown_by_village(world: World) -> None:
    world.save(0, 0, 0, 1)
    world.settle()
    world.save(1, 1, 0, 1)
    world.send(1)
    world.deliver(0)
    world.save(0, 2, 0, 1)
    world.send(0)
    world.deliver(0)
    rows = {found.village: found for found in world.office.township.villages()}
    assert dict(rows[VILLAGES[0]].difference) == {"households": 1}  # laptop 0 has not heard of laptop 1's household
    assert dict(rows[VILLAGES[1]].difference) == {}


def test_one_person_in_two_villages_is_found(world: World) -> None:
    first, second = world.laptops[0], world.laptops[2]
    people = {
        "same": (("甲", "000000199001010019", date(1990, 1, 1)), ("甲甲", "000000199001010019", None)),
        "unnumbered": (("乙", "", date(1980, 2, 2)), ("乙", "000000198002020019", date(1980, 2, 2))),
        "namesake": (("丙", "000000197003030011", date(1970, 3, 3)), ("丙", "000000197003030038", date(1970, 3, 3))),
        "moved": (("丁", "000000196004040017", None), ("丁", "000000196004040017", None)),
    }
    for laptop, side in ((first, 0), (second, 1)):
        put(laptop, "household", f"h{side}", no="1")
        for key, entries in people.items():
            name, number, birth = entries[side]
            left = DAY if (key, side) == ("moved", 0) else None
            values = {"household_id": f"h{side}", "name": name, "id_number": number, "birth": birth, "left_on": left}
            put(laptop, "member", f"{key}{side}", **values)
    world.settle()
    found = {(case.why, tuple(entry.member_id for entry in case.entries)) for case in world.office.acts.duplicates()}
    assert found == {("id_number", ("same0", "same1")), ("name_birth", ("unnumbered0", "unnumbered1"))}
    shown = [entry.id_number for case in world.office.acts.duplicates() for entry in case.entries]
    assert not any("00000019" in number for number in shown), "ID numbers are masked"
