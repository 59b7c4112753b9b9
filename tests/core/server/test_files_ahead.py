"""Many files in one call: the next one is read while this one is written, and nothing else is different."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.server.running import Server
from tests.core.server.test_server_hub import join, state
from tests.core.server.villages import NOW, PASSPHRASE, VILLAGES, family
from villagedesk.desk import Desk
from villagedesk.errors import Cancelled
from villagedesk.hub import Hub, create_hub, open_hub
from villagedesk.services import ahead, intake
from villagedesk.services.audit import audit
from villagedesk.services.site import Site
from villagedesk.store import server as server_module
from villagedesk.store.settings import read_setting, write_setting


@pytest.fixture(params=["in its folder", "on a server"])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    database = request.getfixturevalue("server").fresh() if request.param == "on a server" else ""
    made, _ = create_hub(tmp_path / "hub", PASSPHRASE, "界集镇", VILLAGES[0][:9], clock=lambda: NOW, database=database)
    yield made
    made.close()


def years_files(desks: list[Desk], firsts: list[Path], stick: Path) -> list[Path]:
    """Each village's first two files, in disorder, with copies, cut and foreign ones between them."""
    seconds = []
    for desk in desks:
        desk.households.save(family("2", "李二"), "visit")
        seconds.append(desk.sync.send(stick).path)
    cut, alien, changed = stick / "cut.vdsend", stick / "alien.vdsend", stick / "changed.vdsend"
    cut.write_bytes(firsts[0].read_bytes()[:-700])
    alien.write_bytes(b"no file of ours\n" * 100)
    changed.write_bytes(firsts[1].read_bytes().replace(b'"sequence":1', b'"sequence":7'))
    gone = stick / "gone.vdsend"
    return [firsts[0], seconds[0], cut, firsts[0], firsts[1], alien, seconds[1], gone, changed, seconds[2], firsts[2]]


A, P, X = "accepted", "repeated", "rejected"
STATUSES = [A, A, X, P, A, X, A, X, X, A, P]


def told(hub: Hub) -> list[Any]:
    """All that a receipt would say, and what a hub remembers of each village."""
    with hub.place.store.read() as connection:
        kept = [read_setting(connection, f"village:{code}") for code in VILLAGES]
    return [[(one.verdict, one.asks) for one in hub.township.files(code)] for code in VILLAGES] + kept


def test_a_call_with_many_files_ends_as_a_call_for_each(hub: Hub, desks: list[Desk], tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    files = years_files(desks, join(hub, desks, stick), stick)
    shutil.copytree(tmp_path / "hub", tmp_path / "other", ignore=shutil.ignore_patterns("lock"))
    if not hub.township.server:
        with open_hub(tmp_path / "other", PASSPHRASE, clock=lambda: NOW) as other:
            one_by_one = [result for file in files for result in other.township.receive([file])]
            expected = told(other), state(other)
        found = hub.township.receive(files)
        assert list(found) == one_by_one
        assert (told(hub), state(hub)) == expected
    else:
        found = hub.township.receive(files)
    assert [one.status for one in found] == STATUSES
    assert [row.totals["households"] for row in hub.township.villages()] == [2, 2, 2]
    assert audit(hub.place).faults == ()


def test_a_laptop_that_a_file_makes_known_is_known_to_the_one_behind_it(
    hub: Hub, desks: list[Desk], tmp_path: Path
) -> None:
    """The second one is looked through before the first is in, and proven after it."""
    (first,) = join(hub, desks[:1], tmp_path / "stick")
    desks[0].households.save(family("2"), "visit")
    second = desks[0].sync.send(tmp_path / "stick").path
    assert [one.status for one in hub.township.receive([first, second])] == ["accepted"] * 2


def test_a_laptop_taken_out_after_its_file_was_looked_through_is_out(
    hub: Hub, desks: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.township.receive(join(hub, desks, tmp_path / "stick"))
    for desk in desks:
        desk.households.save(family("2"), "visit")
    files = [desk.sync.send(tmp_path / "stick").path for desk in desks]
    looked_through, look_through, note_chains = threading.Event(), ahead.look_through, intake.note_chains

    def looking(file: Path, key: Any) -> Any:
        found = look_through(file, key)
        if file == files[1]:
            looked_through.set()
        return found

    def in_the_transaction(connection: Any, village: str, of: Any) -> None:
        assert looked_through.wait(20)
        out = {desks[1].place.store.device: {"at": "2026-03-02T02:00:00.000Z", "reason": "stolen"}}
        write_setting(connection, "taken_out", out)
        note_chains(connection, village, of)

    monkeypatch.setattr(ahead, "look_through", looking)
    monkeypatch.setattr(intake, "note_chains", in_the_transaction)
    found = hub.township.receive(files)
    assert [one.status for one in found] == [A, X, A]
    assert "stolen" in str(found[1].reason)


def test_the_next_file_is_read_while_this_one_is_written(
    hub: Hub, desks: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = join(hub, desks, tmp_path / "stick")
    read, note_chains = ahead.read, intake.note_chains
    begun: dict[Path, threading.Event] = {file: threading.Event() for file in files}
    most = []

    def reading(file: Path, key: Any) -> ahead.Incoming:
        begun[file].set()
        return read(file, key)

    def in_the_transaction(connection: Any, village: str, of: Any) -> None:
        place = VILLAGES.index(village)
        assert all(begun[file].wait(20) for file in files[: place + 2])
        most.append(sum(one.is_set() for one in begun.values()) - place)
        note_chains(connection, village, of)

    monkeypatch.setattr(ahead, "read", reading)
    monkeypatch.setattr(intake, "note_chains", in_the_transaction)
    assert [one.status for one in hub.township.receive(files)] == ["accepted"] * 3
    assert max(most) == 2, "no more than one lies ready, however many wait"


def test_who_stops_between_two_files_leaves_no_file_open_and_no_thread(
    hub: Hub, desks: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = join(hub, desks, tmp_path / "stick")
    opened = []

    def reading(file: Path, key: Any) -> ahead.Incoming:
        opened.append(read(file, key))
        return opened[-1]

    def stop(done: int, _: int) -> None:
        if done == 1:
            raise Cancelled

    read = ahead.read
    monkeypatch.setattr(ahead, "read", reading)
    with pytest.raises(Cancelled):
        hub.township.receive(files, step=stop)
    assert [one.unproven._package._payload.closed for one in opened] == [True] * len(opened)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ahead")]
    assert [len(hub.township.files(code)) for code in VILLAGES] == [1, 0, 0]
    assert [one.status for one in hub.township.receive(files)] == ["repeated", "accepted", "accepted"]


def test_a_mistake_of_ours_in_reading_ahead_is_told_at_its_turn(
    hub: Hub, desks: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = join(hub, desks, tmp_path / "stick")
    look_through = ahead.look_through

    def failing(path: Path, key: Any) -> Any:
        if path == files[1]:
            raise MemoryError
        return look_through(path, key)

    monkeypatch.setattr(ahead, "look_through", failing)
    with pytest.raises(MemoryError):
        hub.township.receive(files)
    assert [len(hub.township.files(code)) for code in VILLAGES] == [1, 0, 0], "the file before it is in"


def put(site: Site, **values: object) -> None:
    with site.store.work("test", "test") as work:
        work.put("household", site.village, values, "h1")


def test_a_sign_that_a_server_does_not_keep_refuses_its_file_alone(hub: Hub, desks: list[Desk], tmp_path: Path) -> None:
    put(desks[0].site, no="7", note="before\0after")
    found = hub.township.receive(join(hub, desks, tmp_path / "stick"))
    assert [one.status for one in found] == [
        "rejected" if hub.township.server else "accepted", "accepted", "accepted",
    ]  # fmt: skip


def test_a_server_that_goes_in_the_middle_of_a_copy_is_no_fault_of_the_file(
    desks: list[Desk], tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = server.fresh()
    county, _ = create_hub(tmp_path / "hub", PASSPHRASE, "县", VILLAGES[0][:9], clock=lambda: NOW, database=database)
    with county:
        files = join(county, desks, tmp_path / "stick")
        before = state(county)
        copy_rows = server_module.copy_rows

        def plug_pulled(*given: Any) -> None:
            monkeypatch.setattr(server_module, "copy_rows", copy_rows)
            server.stop()
            server.start()
            copy_rows(*given)

        monkeypatch.setattr(server_module, "copy_rows", plug_pulled)
        found = county.township.receive(files)
        assert [one.status for one in found] == ["rejected", "accepted", "accepted"]
        assert "数据库服务器" in str(found[0].reason)
        assert county.township.files(VILLAGES[0]) == (), "the receipt says nothing against the file"
        assert state(county) != before
        assert county.township.receive(files[:1])[0].status == "accepted"
        assert audit(county.place).faults == ()
