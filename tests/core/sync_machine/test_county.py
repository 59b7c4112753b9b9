"""A county receives its townships by the same file, and its acts reach the villages through them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.core.sync_machine import oracle
from tests.core.sync_machine.copies import START, VILLAGES
from tests.core.sync_machine.world import World
from villagedesk.errors import Refused, Unreadable
from villagedesk.hub import Hub, create_hub
from villagedesk.records.schema import RECORDS, natural_id
from villagedesk.services.audit import audit
from villagedesk.services.upward import Upward

AREA = f"{VILLAGES[0][:9]}000"
HOME = natural_id(RECORDS["household"], VILLAGES[0], {"no": "1"})


@pytest.fixture
def world(prepared_places: Path, tmp_path: Path) -> Iterator[World]:
    made = World(prepared_places, tmp_path / "world", 3)
    yield made
    made.close()


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Hub]:
    made, _ = create_hub(tmp_path / "county", "p", "泗洪县", "321324000", clock=lambda: START)
    yield made
    made.close()


def joined(world: World, county: Hub) -> Upward:
    upward = Upward(world.office.place)
    upward.join(county.township.invite(AREA, world.stick))
    return upward


def rows(hub: Hub | World) -> dict[str, object]:
    place = hub.place if isinstance(hub, Hub) else hub.office.place
    with place.store.read() as connection:
        return dict(oracle.state(connection)["rows"])


def test_the_county_holds_what_the_township_holds(world: World, county: Hub) -> None:
    upward = joined(world, county)
    for laptop, household in ((0, 0), (1, 1), (2, 0)):
        world.save(laptop, household, 0, 1)
    world.meet()
    file = upward.send(world.stick).path
    assert [one.status for one in county.township.receive([file, file])] == ["accepted", "repeated"]
    assert rows(county) == rows(world)
    (row,) = county.township.villages()
    assert (row.village, row.totals["households"], dict(row.difference)) == (AREA, 3, {})
    (reply,) = county.township.reply(world.stick)
    upward.receive(reply.path)
    assert upward.status().unsent == 0
    assert upward.send(world.stick).lines == 0
    world.save(0, 0, 0, 2)
    world.meet()
    assert upward.status().unsent == 1
    assert county.township.receive([upward.send(world.stick).path])[0].revisions == 1
    assert rows(county) == rows(world)
    assert audit(county.place).faults == ()


def test_a_township_is_invited_by_its_nine_digits(county: Hub, tmp_path: Path) -> None:
    assert county.township.invite(AREA[:9], tmp_path).name == f"{AREA}.vdinvite"


def test_an_act_of_the_county_reaches_the_village(world: World, county: Hub) -> None:
    upward = joined(world, county)
    world.save(0, 0, 0, 1)
    world.meet()
    county.township.receive([upward.send(world.stick).path])
    county.acts.act(VILLAGES[0], "test", "county letter", "household", HOME, {"address": "县里"})
    (reply,) = county.township.reply(world.stick)
    assert upward.receive(reply.path).revisions == 1
    world.meet()
    table = RECORDS["household"].table
    with world.laptops[0].place.store.read() as connection:
        assert connection.execute(select(table.c.address).where(table.c.id == HOME)).scalar_one() == "县里"
    world.settle()


def test_a_lost_reply_and_a_county_put_back_cost_bytes_only(world: World, county: Hub, tmp_path: Path) -> None:
    upward = joined(world, county)
    world.save(0, 0, 0, 1)
    world.meet()
    county.township.receive([upward.send(world.stick).path])  # the reply is lost
    world.save(0, 0, 0, 2)
    world.meet()
    assert county.township.receive([upward.send(world.stick).path])[0].status == "accepted"
    assert rows(county) == rows(world)
    again, _ = create_hub(tmp_path / "again", "p", "泗洪县", "321324000", clock=lambda: START)
    with again:
        upward.join(again.township.invite(AREA, world.stick))
        assert again.township.receive([upward.send(world.stick).path])[0].status == "accepted"
        assert rows(again) == rows(world)


def test_strangers_are_refused(world: World, county: Hub, tmp_path: Path) -> None:
    upward = Upward(world.office.place)
    assert upward.status() is None
    with pytest.raises(Refused):
        upward.send(world.stick)
    with pytest.raises(Refused):
        upward.join(county.township.invite("321324112000", tmp_path))
    upward = joined(world, county)
    world.meet()
    (reply, *_) = world.office.township.reply(world.stick)
    with pytest.raises(Unreadable):
        upward.receive(reply.path)
    outside = world.laptops[0].sync.send(world.stick).path
    assert county.township.receive([outside])[0].status == "rejected"


def at_county(world: World, county: Hub, upward: Upward) -> Path:
    """The township goes to the county with its file; returns the county's reply."""
    assert county.township.receive([upward.send(world.stick).path])[0].status == "accepted"
    return county.township.reply(world.stick)[0].path


def test_a_township_put_back_in_place_hears_of_it_from_its_county(world: World, county: Hub) -> None:
    """The county holds what this township wrote and has forgotten: those numbers are not given out a second time."""
    upward = joined(world, county)
    world.save(0, 0, 0, 1)
    world.meet()
    upward.receive(at_county(world, county, upward))
    world.back_up_hub()
    upward = Upward(world.office.place)
    world.act(0, 0, 2)
    reply = at_county(world, county, upward)
    world.restore_hub(in_place=True)
    upward = Upward(world.office.place)
    device, epoch = world.office.place.store.device, world.office.place.store.setting("hub")["epoch"]
    upward.receive(reply)
    assert world.office.place.store.setting("hub")["epoch"] != epoch, "its villages do not know that it has forgotten"
    world.office.place.close()
    world.office.open()
    assert world.office.place.store.device != device
    world.settle()


@pytest.mark.parametrize("in_place", [True, False])
def test_a_township_put_back_is_given_the_countys_acts_again(world: World, county: Hub, in_place: bool) -> None:
    upward = joined(world, county)
    world.save(0, 0, 0, 1)
    world.meet()
    upward.receive(at_county(world, county, upward))
    world.back_up_hub()
    upward = Upward(world.office.place)
    for _ in range(6):  # many files, so that their numbers alone do not catch up
        upward.receive(at_county(world, county, upward))
    county.acts.act(VILLAGES[0], "test", "county letter", "household", HOME, {"address": "县里"})
    upward.receive(at_county(world, county, upward))
    upward.receive(at_county(world, county, upward))
    world.restore_hub(in_place=in_place)
    upward = Upward(world.office.place)
    for _ in range(2):
        upward.receive(at_county(world, county, upward))
    assert rows(county) == rows(world)
