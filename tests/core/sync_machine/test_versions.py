"""Programs of different age in one village: what the older one does not know survives its hands, and comes in later."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.core.sync_machine.copies import START, VILLAGES, Laptop
from tests.core.sync_machine.world import World
from villagedesk import __version__
from villagedesk.desk import Desk, create_desk, open_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Unreadable
from villagedesk.hub import Hub, create_hub
from villagedesk.records.schema import RECORDS
from villagedesk.store import landing, lines
from villagedesk.store.wraps import Cost
from villagedesk.sync import bundle, header
from villagedesk.sync.bundle import BundleHeader, Cargo, write_bundle
from villagedesk.sync.keys import HubKey

ROOT = Path(__file__).resolve().parents[3]


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


def test_a_line_of_a_newer_form_is_refused_and_names_the_release_to_install(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.save(0, 0, 0, 1)
    world.meet()
    with monkeypatch.context() as later:
        later.setattr(lines, "LINE_VERSION", 2)
        later.setattr(bundle, "__version__", "2.7.0")
        world.save(0, 1, 0, 1)
        sent = world.laptops[0].sync.send(world.stick).path
        to_colleague = world.laptops[0].sync.send(world.stick, to_devices=True).path
        world.act(0, 0, 2)
        reply = next(one.path for one in world.office.township.reply(world.stick) if one.header.village == VILLAGES[0])
    (refused,) = world.office.township.receive([sent])
    assert (refused.status, refused.revisions) == ("rejected", 0)
    assert "2.7.0" in str(refused.reason)
    for file in (to_colleague, reply):
        with pytest.raises(Unreadable, match=r"2\.7\.0"):
            world.laptops[1].sync.receive(file)
    with pytest.raises(Unreadable):
        lines.decode(b'{"v":9}')


def test_a_file_of_a_newer_format_is_refused_and_names_the_release_to_install(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(header, "VERSION", 3)
        later.setattr(bundle, "__version__", "3.1.4")
        outside, hub = BundleHeader("send", VILLAGES[0], 1, "1-x"), world.office.township.key.recipient
        sent = write_bundle(world.stick, outside, Cargo(START), HubKey.generate("x"), [hub]).path
    (refused,) = world.office.township.receive([sent])
    assert refused.status == "rejected"
    assert {"3.1.4", __version__, "3"} <= {str(value) for value in refused.reason.fields.values()}
    assert "升级到该版本" in str(refused.reason)


def newer(folder: Path, *words: str | Path) -> list[str]:
    """What the program of a later release says in a process of its own."""
    command = [sys.executable, "-m", "tests.core.sync_machine.newer", folder, *words]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=ROOT)
    assert not done.returncode, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made, _ = create_hub(tmp_path / "hub", "p", "界集镇", VILLAGES[0][:9])
    yield made
    made.close()


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Desk]:
    """A desk of the program as it is today."""
    village = VillageDraft(code=VILLAGES[0], name="某村", profile="jiangsu-2018")
    made, _ = create_desk(tmp_path / "older", "p", village, author="older", cost=Cost(8, 1, 1))
    yield made
    made.close()


def test_a_later_release_a_township_and_a_laptop_of_today_lose_nothing_of_one_another(
    hub: Hub, older: Desk, tmp_path: Path
) -> None:
    """Two programs for real: the later one has a column more, in draft, table and lines, and a schema step to it."""
    stick, younger = tmp_path / "stick", tmp_path / "newer"
    stick.mkdir()
    invite = hub.township.invite(VILLAGES[0], stick)
    older.sync.join(invite, "older")
    *_, sent = newer(younger, "found", invite, "save", "1", "12", "save", "2", "30", "send", stick)
    assert hub.township.receive([Path(sent)])[0].status == "accepted"

    def round_trip() -> Path:
        for _ in range(2):
            assert hub.township.receive([older.sync.send(stick).path])[0].status == "accepted"
            reply = hub.township.reply(stick)[0].path
            older.sync.receive(reply)
        return reply

    round_trip()
    assert [one.fields for one in older.sync.unread()] == [("well_depth",)] * 2, "it says what it cannot show"
    home = older.households.by_no("1")
    older.households.save(replace(home, address="村东"), "visit")  # over what it cannot read
    said = newer(younger, "take", round_trip(), "tell", "1", "tell", "2", "save", "1", "15", "send", stick)
    assert said[1:3] == ["12 村东", "30 "]
    assert hub.township.receive([Path(said[-1])])[0].status == "accepted"
    round_trip()
    older.close()
    hub.close()
    for updated in (tmp_path / "older", tmp_path / "hub"):  # the later release is installed there, too
        assert newer(updated, "tell", "1", "tell", "2") == ["15 村东", "30 "]
    with pytest.raises(Unreadable, match="新"):
        open_desk(tmp_path / "older", "p")
