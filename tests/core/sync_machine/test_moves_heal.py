"""A move between villages of which a restored township forgot halves: it comes whole again, or the hub says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.core.sync_machine import oracle
from tests.core.sync_machine.copies import AREA, START, VILLAGES, Laptop
from tests.core.sync_machine.world import World
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Refused
from villagedesk.hub import create_hub
from villagedesk.records.schema import RECORDS, natural_id
from villagedesk.services.event_course import Occasion
from villagedesk.services.events import Events
from villagedesk.services.history import History
from villagedesk.services.households import Households
from villagedesk.services.moving import Moves
from villagedesk.services.upward import Upward

DAY, LATER = date(2026, 2, 2), date(2026, 2, 20)
OLD, NEW = VILLAGES
HOME = "h1"


@pytest.fixture
def world(prepared_places: Path, tmp_path: Path) -> Iterator[World]:
    """Two laptops of the old village, one of the new; the township has heard of a family, and was backed up then."""
    made = World(prepared_places, tmp_path / "world", 3)
    family(made.laptops[0])
    made.meet()
    made.back_up_hub()
    yield made
    made.close()


def family(laptop: Laptop) -> None:
    with laptop.place.store.work("test", "test") as work:
        work.put("household", OLD, {"no": "7", "state": "2", "group": "一组", "phone": "13800000000"}, HOME)
        for at, (name, relation) in enumerate((("甲", "01"), ("乙", "02"))):
            values = {"household_id": HOME, "name": name, "relation": relation, "id_number": f"00000019900101{at}019"}
            work.put("member", OLD, values, f"{HOME}-{at}")


def moved(world: World, no: str = "9") -> str:
    when = Occasion(DAY, document="镇〔2026〕3号", note="投亲")
    return Moves(world.office.place).move(HOME, OLD, NEW, no, when).household_id


def told(world: World, *villages: str) -> dict[str, Path]:
    """The township writes its replies, and the laptops of these villages get theirs; all replies by village."""
    replies = {
        written.header.village: world._kept(written.path) for written in world.office.township.reply(world.stick)
    }
    for laptop in world.laptops:
        if laptop.village in villages:
            laptop.sync.receive(replies[laptop.village])
    return replies


def rows(one: Laptop | World, kind: str, /, **where: object) -> list[dict[str, object]]:
    place = one.place if isinstance(one, Laptop) else one.office.place
    table = RECORDS[kind].table
    query = select(table).where(*(table.c[name] == value for name, value in where.items())).order_by(table.c.n)
    with place.store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def open_files(world: World) -> list[tuple[object, object]]:
    return [(row["village"], row["no"]) for row in rows(world, "household", removed=False)]


def people(world: World, home: str) -> list[tuple[object, ...]]:
    living = rows(world, "member", household_id=home, removed=False, left_on=None)
    return sorted((one["name"], one["relation"], one["joined_on"], one["left_reason"]) for one in living)


def whole(world: World, home: str) -> None:
    """The family lives in the new village alone, everybody agrees on that, and nothing is in conflict."""
    world.settle()
    assert Moves(world.office.place).half() == ()
    assert open_files(world) == [(NEW, "9")]
    assert people(world, home) == [("乙", "02", DAY, ""), ("甲", "01", DAY, "")]
    assert rows(world, "household", id=home)[0]["state"] == "2"
    assert sorted((one["kind"], one["other_no"]) for one in rows(world, "event", removed=False)) == [
        ("left_village", "9"), ("moved_in", "7"),
    ]  # fmt: skip
    assert all(laptop.sync.conflicts() == () for laptop in world.laptops)


@pytest.mark.parametrize("in_place", [True, False])
def test_one_that_left_and_arrives_nowhere_is_shown_and_written_again(world: World, in_place: bool) -> None:
    home = moved(world)
    lost = told(world, OLD)[NEW]
    world.restore_hub(in_place=in_place)
    world.meet()
    assert open_files(world) == []
    (half,) = Moves(world.office.place).half()
    assert (half.why, half.head, half.document) == ("nowhere", "甲", "镇〔2026〕3号")
    assert (half.old.village, half.old.no, half.old.persons) == (OLD, "7", 2)
    assert (half.new.village, half.new.no, half.new.persons) == (NEW, "9", 0)
    Moves(world.office.place).complete(half)
    with pytest.raises(Refused):
        Moves(world.office.place).complete(half)
    world.meet()
    world.laptops[2].sync.receive(lost)  # found after all: it meets what was written again
    whole(world, home)


@pytest.mark.parametrize("in_place", [True, False])
def test_one_that_arrived_and_did_not_leave_is_shown_and_leaves(world: World, in_place: bool) -> None:
    home = moved(world)
    lost = told(world, NEW)[OLD]
    world.restore_hub(in_place=in_place)
    world.meet()
    assert sorted(open_files(world)) == [(OLD, "7"), (NEW, "9")]
    (half,) = Moves(world.office.place).half()
    assert (half.why, half.head, half.left) == ("twice", "甲", None)
    assert (half.old.no, half.old.persons, half.new.no, half.new.persons) == ("7", 2, "9", 2)
    Moves(world.office.place).complete(half)
    world.meet()
    world.laptops[0].sync.receive(lost)
    whole(world, home)


@pytest.mark.parametrize("in_place", [True, False])
def test_one_that_both_villages_know_of_comes_back_by_itself(world: World, in_place: bool) -> None:
    home = moved(world)
    told(world, OLD, NEW)
    world.restore_hub(in_place=in_place)
    whole(world, home)


@pytest.mark.parametrize("in_place", [True, False])
def test_one_that_nobody_heard_of_can_be_made_again(world: World, in_place: bool) -> None:
    moved(world)
    lost = told(world)
    world.restore_hub(in_place=in_place)
    world.meet()
    assert (open_files(world), Moves(world.office.place).half()) == ([(OLD, "7")], ())
    home = moved(world)
    world.meet()
    world.laptops[0].sync.receive(lost[OLD])
    world.laptops[2].sync.receive(lost[NEW])
    whole(world, home)


def test_a_number_taken_meanwhile_needs_another_one(world: World) -> None:
    moved(world)
    told(world, OLD)
    world.restore_hub(in_place=False)
    people = (MemberDraft(name="丁", relation="01"),)
    Households(world.laptops[2].site).save(HouseholdDraft(no="9", state="2", members=people), "typed")
    world.meet()
    moves = Moves(world.office.place)
    (half,) = moves.half()
    with pytest.raises(Refused) as refusal:
        moves.complete(half)
    assert [problem.field for problem in refusal.value.problems] == ["no"]
    assert moves.half() == (half,)
    moves.complete(half, no=" 10 ")
    world.settle()
    assert (Moves(world.office.place).half(), sorted(open_files(world))) == ((), [(NEW, "10"), (NEW, "9")])
    (left,) = rows(world, "event", kind="left_village")
    assert (left["other_id"], left["other_no"]) == (natural_id(RECORDS["household"], NEW, {"no": "10"}), "10")


def test_what_the_old_village_entered_later_needs_a_later_day(world: World) -> None:
    moved(world)
    told(world, NEW)
    world.restore_hub(in_place=False)
    baby = MemberDraft(name="丙", relation="03", birth=LATER)
    Events(world.laptops[0].site).birth(HOME, baby, Occasion(LATER))
    world.meet()
    moves = Moves(world.office.place)
    (half,) = moves.half()
    assert (half.old.persons, half.new.persons) == (3, 2), "the township sees that somebody is missing there"
    with pytest.raises(Refused) as refusal:
        moves.complete(half)
    assert {problem.field for problem in refusal.value.problems} == {"on"}
    moves.complete(half, on=LATER)
    world.settle()
    assert (Moves(world.office.place).half(), open_files(world)) == ((), [(NEW, "9")])


def test_a_file_kept_open_by_a_decision_is_shown_and_can_be_closed(world: World) -> None:
    moved(world)
    with world.laptops[0].place.store.work("household.save", "visit") as work:
        work.put("household", OLD, {"group": "二组"}, HOME)
    world.meet()
    (found,) = (one for one in world.laptops[0].sync.conflicts() if one.field == "removed" and one.kind == "household")
    keep = next(one for one in found.candidates if not one.value)
    world.laptops[0].sync.decide(found.kind, found.record_id, "removed", keep.hash, "they said they would stay")
    world.meet()
    moves = Moves(world.office.place)
    (half,) = moves.half()
    assert half.why == "twice"
    moves.complete(half)
    world.settle()
    assert (Moves(world.office.place).half(), open_files(world)) == ((), [(NEW, "9")])
    assert len(rows(world, "event", kind="left_village")) == 1


def test_a_village_does_not_take_its_half_of_a_move_back(world: World) -> None:
    moved(world)
    world.meet()
    for laptop, kind in ((world.laptops[0], "left_village"), (world.laptops[2], "moved_in")):
        (event,) = rows(laptop, "event", kind=kind)
        history = History(laptop.site)
        with pytest.raises(Refused):
            history.undo(history.act_of(str(event["id"])))
    world.settle()


def test_a_move_out_of_the_township_is_no_matter_of_it(world: World) -> None:
    """The other half lies in another township; only the county can hold both."""
    moved(world)
    told(world, OLD)
    world.restore_hub(in_place=False)
    world.meet()
    office = world.office.place
    assert len(Moves(office).half()) == 1
    hub = office.store.setting("hub")
    office.store.keep_setting("hub", {**hub, "township": f"{hub['township'][:6]}999"})
    assert Moves(office).half() == ()


def test_a_move_written_by_the_county_reaches_both_villages(world: World, tmp_path: Path) -> None:
    county, _ = create_hub(tmp_path / "county", "p", "泗洪县", "321324000", clock=lambda: START)
    with county:
        upward = Upward(world.office.place)
        upward.join(county.township.invite(AREA, world.stick))
        county.township.receive([upward.send(world.stick).path])
        home = county.moves.move(HOME, OLD, NEW, "9", Occasion(DAY)).household_id
        (reply,) = county.township.reply(world.stick)
        upward.receive(reply.path)
        whole(world, home)
        assert county.moves.half() == ()


@pytest.mark.parametrize("in_place", [True, False])
def test_the_hub_says_what_its_files_say_after_each_file(world: World, in_place: bool) -> None:
    """The same question asked of the bare lines."""
    moved(world)
    told(world, OLD)
    world.restore_hub(in_place=in_place)
    found = set()
    for _ in range(3):
        for laptop in world.laptops:
            world.take(laptop.sync.send(world.stick).path)
            found.add(world.check_moves())
        told(world, OLD, NEW)
    with world.office.place.store.read() as connection:
        assert oracle.astray(connection) == {HOME: 0}
    assert found == {0, 1}
