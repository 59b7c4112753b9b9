"""Programs of different age in one village: what the older one does not know survives its hands, and comes in later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.core.sync_machine.copies import VILLAGES, Laptop
from tests.core.sync_machine.world import World
from villagedesk.errors import Unreadable
from villagedesk.records.schema import RECORDS
from villagedesk.store import landing, lines


@pytest.fixture
def world(prepared_places: Path, tmp_path: Path) -> Iterator[World]:
    made = World(prepared_places, tmp_path / "world", 2)
    yield made
    made.close()


def fuel(laptop: Laptop) -> str:
    table = RECORDS["household"].table
    with laptop.place.store.read() as connection:
        return str(connection.execute(select(table.c.fuel)).scalar_one())


def test_a_field_of_a_newer_program_survives_an_older_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The township and one laptop do not know ``fuel`` yet."""
    newer, older = world.laptops
    world.save(0, 0, 2, 1)  # fuel
    known = landing.known_fields
    with monkeypatch.context() as old:
        old.setattr(landing, "known_fields", lambda record: {k: v for k, v in known(record).items() if k != "fuel"})
        world.meet()
        assert (fuel(newer), fuel(older)) == ("1", "")
        world.save(1, 0, 0, 2)  # group, by the older one
        world.meet()
        older.place.close()
        older.open()
        assert fuel(older) == ""
    world.meet()
    assert fuel(newer) == "1"
    older.place.close()
    older.open()  # after the update
    assert fuel(older) == "1"
    world.office.place.close()
    world.office.open()
    world.settle()


def test_a_line_of_a_newer_form_is_refused_by_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LINE_VERSION", 2)
    world.save(0, 0, 0, 1)
    written = world.laptops[0].sync.send(world.stick)
    monkeypatch.setattr(lines, "LINE_VERSION", 1)
    (refused,) = world.office.township.receive([written.path])
    assert refused.status == "rejected"
    assert "更新" in str(refused.reason) or "newer" in str(refused.reason)
    with pytest.raises(Unreadable):
        lines.decode(b'{"v":9}')
    assert world.office.township.villages()[0].village == VILLAGES[0]
