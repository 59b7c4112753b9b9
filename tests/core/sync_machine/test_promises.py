"""What the machine meets by luck alone, each once and to the point; ``tests.reliability.broken`` looks here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.sync_machine.copies import VILLAGES
from tests.core.sync_machine.world import World
from villagedesk.store import chain
from villagedesk.store.chain import ChainTip

GROUP, STATE = 0, 3  # places in deeds.FIELDS


@pytest.fixture
def world(prepared_places: Path, tmp_path: Path) -> Iterator[World]:
    made = World(prepared_places, tmp_path / "world", 2)
    yield made
    made.close()


def waiting(world: World) -> int:
    return next(row.held for row in world.office.township.villages() if row.village == VILLAGES[0])


def test_a_file_that_came_too_early_goes_in_with_the_one_before_it(world: World) -> None:
    world.save(0, 0, GROUP, 0)
    first = world._kept(world.laptops[0].sync.send(world.stick).path)
    world.take(first)
    world.reply()
    world.deliver_reply(0, 0)
    world.save(0, 0, GROUP, 1)
    second = world._kept(world.laptops[0].sync.send(world.stick).path)
    world.office.place.close()
    world._copy(world.prepared / "hub", "fresh")
    world.office.folder = world.folder / "fresh"  # a township that has forgotten the first file
    world.office.open()
    assert [result.status for result in world.office.township.receive([second])] == ["held"]
    assert waiting(world) == 1
    assert [result.status for result in world.office.township.receive([first])] == ["accepted", "accepted"]
    assert waiting(world) == 0


def test_a_decision_shows_the_values_that_were_not_chosen(world: World) -> None:
    world.save(0, 0, STATE, 1)
    world.save(1, 0, STATE, 2)
    world.meet()
    (found,) = world.laptops[0].sync.conflicts()
    assert {one.value for one in found.candidates} == {"1", "2"}
    world.decide(0, 0)
    newest = world.laptops[0].sync.decisions()[0]
    assert {newest.chosen, *(one.value for one in newest.lost)} == {"1", "2"}


def test_a_signed_sheet_lies_at_the_township_as_it_was_scanned(world: World) -> None:
    world.save(0, 0, GROUP, 0)
    world.sign(0, 0)
    world.send(0)
    world.deliver(0)
    kept = [found for found in (world.office.folder / "attachments").rglob("*") if found.is_file()]
    assert len(kept) == 1, "the township has the record of a scan, and no scan"
    world._papers_are_whole(world.office)


def test_who_names_a_revision_that_is_not_here_is_given_all_of_its_chain(world: World) -> None:
    for value in range(3):
        world.save(0, 0, GROUP, value)
    store = world.laptops[0].place.store
    with store.read() as connection:
        whole = len(chain.numbers_after(connection, (), [store.device]))
        forked = ChainTip(store.device, whole - 1, "0f" * 32)
        assert len(chain.numbers_after(connection, [forked], [store.device])) == whole
        (tip,) = chain.tips(connection, [store.device])
        assert len(chain.numbers_after(connection, [tip], [store.device])) == 0
