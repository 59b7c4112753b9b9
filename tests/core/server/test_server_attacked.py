"""A hub on PostgreSQL under attack: the same file twice at once, one village's laptops at once, receivers and servers
that die in the middle of a file; and how many turns of the server a file takes.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.core.server.running import Server
from tests.core.server.test_server_hub import answer, join, state
from tests.core.server.villages import CHEAP, NOW, PASSPHRASE, VILLAGES, family
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import Hub, create_hub, open_hub
from villagedesk.records.schema import RECORDS
from villagedesk.services import intake
from villagedesk.services.audit import audit
from villagedesk.services.intake import FileResult
from villagedesk.services.standing import acked, as_tip
from villagedesk.store import bulk, chain
from villagedesk.store.server import copy_rows
from villagedesk.store.store import read_setting, write_setting
from villagedesk.sync.receipt import tips_fields

ROOT = Path(__file__).resolve().parents[3]
MOST_TURNS = (
    18  # of the server for a village's first file, two of them for the hub's keys; begin and commit not counted
)
KILLED_RECEIVER = """
import os, sys, time
from pathlib import Path
from villagedesk.hub import open_hub
from villagedesk.services import intake

def stop_here(*_):
    print("in the middle", flush=True)
    time.sleep(600)

intake.note_chains = stop_here  # all lines are written, nothing is committed
open_hub(Path(sys.argv[1]), "p").township.receive([Path(sys.argv[2])])
"""


def laptop(folder: Path, no: str, author: str = "甲") -> Desk:
    village = VillageDraft(code=VILLAGES[0], name="某村", profile="jiangsu-2018")
    made, _ = create_desk(folder, PASSPHRASE, village, author=author, clock=lambda: NOW, cost=CHEAP)
    made.households.save(family(no), "visit")
    return made


@pytest.fixture
def hub(tmp_path: Path, server: Server) -> Iterator[Hub]:
    database = server.fresh()
    made, _ = create_hub(tmp_path / "hub", PASSPHRASE, "泗洪县", VILLAGES[0][:9], clock=lambda: NOW, database=database)
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = laptop(tmp_path / "desk", "1")
    yield made
    made.close()


def at_once(folder: Path, files: list[Path]) -> list[FileResult]:
    """A receiver for each file, all of them unpacked before the first one writes."""
    ready, ours = threading.Barrier(len(files)), [open_hub(folder, PASSPHRASE, clock=lambda: NOW) for _ in files]

    def receive(one: Hub, file: Path) -> tuple[FileResult, ...]:
        ready.wait()
        return one.township.receive([file])

    try:
        with ThreadPoolExecutor(len(files)) as pool:
            return [result for found in pool.map(receive, ours, files) for result in found]
    finally:
        for one in ours:
            one.close()


def test_one_file_given_to_several_receivers_at_once_counts_once(hub: Hub, desk: Desk, tmp_path: Path) -> None:
    (file,) = join(hub, [desk], tmp_path / "stick")
    results = at_once(tmp_path / "hub", [file] * 3)
    assert sorted(one.status for one in results) == ["accepted", "repeated", "repeated"]
    assert sorted(one.revisions for one in results)[:2] == [0, 0]
    assert [one.verdict.status for one in hub.township.files(VILLAGES[0])] == ["accepted"]
    assert audit(hub.place).faults == ()


def test_two_laptops_of_one_village_at_two_receivers_are_both_known_and_whole(
    hub: Hub, desk: Desk, tmp_path: Path
) -> None:
    other = laptop(tmp_path / "other", "2", "乙")
    with other:
        files = [join(hub, [each], tmp_path / "stick")[0] for each in (desk, other)]
        assert {one.status for one in at_once(tmp_path / "hub", files)} == {"accepted"}
        (row,) = hub.township.villages()
        assert (row.devices, row.totals["households"], row.conflicts) == (2, 2, 0)
        for _ in range(2):
            answer(hub, [desk], tmp_path / "stick")
            hub.township.receive([each.sync.send(tmp_path / "stick").path for each in (desk, other)])
            other.sync.receive(hub.township.reply(tmp_path / "stick")[0].path)
        assert [each.lists.count() for each in (desk, other)] == [2, 2]
    assert audit(hub.place).faults == ()


def two_in_a_row(hub: Hub, desk: Desk, stick: Path) -> tuple[Path, Path]:
    """Two files of a laptop, the second of which does not hold what the first does."""
    (first,) = join(hub, [desk], stick)
    with desk.site.store.write() as connection:  # as if a receipt had named what the first file holds
        said = read_setting(connection, "acked")
        tips = tips_fields([as_tip(tip) for tip in chain.tips(connection)])
        write_setting(connection, "acked", {**said, "tips": tips})
    with desk.site.store.read() as connection:
        assert acked(connection)
    desk.households.save(family("5"), "visit")
    return first, desk.sync.send(stick).path


def test_a_file_that_waits_and_the_one_before_it_come_in_at_once(hub: Hub, desk: Desk, tmp_path: Path) -> None:
    first, later = two_in_a_row(hub, desk, tmp_path / "stick")
    results = at_once(tmp_path / "hub", [later, first, later, first])
    assert "rejected" not in {one.status for one in results}
    assert hub.township.receive([later])[0].status == "repeated"
    (row,) = hub.township.villages()
    assert (row.totals["households"], row.held) == (2, 0)
    assert audit(hub.place).faults == ()


def test_what_a_file_waits_for_comes_in_before_it_is_laid_with_the_waiting_ones(
    hub: Hub, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, later = two_in_a_row(hub, desk, tmp_path / "stick")
    hold = intake.Intake._hold
    with open_hub(tmp_path / "hub", PASSPHRASE, clock=lambda: NOW) as other:

        def too_late(own: intake.Intake, *given: Any, **more: Any) -> None:
            monkeypatch.setattr(intake.Intake, "_hold", hold)
            assert [one.status for one in other.township.receive([first])] == ["accepted"]
            hold(own, *given, **more)

        monkeypatch.setattr(intake.Intake, "_hold", too_late)
        assert [one.status for one in hub.township.receive([later])] == ["accepted"]
    (row,) = hub.township.villages()
    assert (row.totals["households"], row.held) == (2, 0)


def test_a_receiver_killed_in_the_middle_of_a_file_leaves_nothing_and_blocks_nobody(
    hub: Hub, desk: Desk, tmp_path: Path
) -> None:
    (file,) = join(hub, [desk], tmp_path / "stick")
    before = state(hub)
    command = [sys.executable, "-c", KILLED_RECEIVER, tmp_path / "hub", file]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True, cwd=ROOT) as receiver:
        assert receiver.stdout is not None
        assert receiver.stdout.readline().strip() == "in the middle"
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(hub.township.receive, [file])  # queues behind the one who will die
            assert state(hub) == before, "whoever reads is not kept waiting, and sees nothing of it"
            receiver.send_signal(signal.SIGKILL)
            (result,) = waiting.result(timeout=120)
    assert (result.status, result.reason) == ("accepted", None)
    assert hub.township.villages()[0].totals["households"] == 1
    assert audit(hub.place).faults == ()


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_server_that_goes_in_the_middle_of_a_file_is_no_fault_of_the_file(
    hub: Hub, desk: Desk, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture, comes_back: bool,
) -> None:  # fmt: skip
    (file,) = join(hub, [desk], tmp_path / "stick")
    before = state(hub)
    noted: Callable[..., None] = intake.note_chains

    def plug_pulled(*given: object) -> None:
        server.stop()
        if comes_back:
            server.start()
        noted(*given)

    with monkeypatch.context() as pulled:
        pulled.setattr(intake, "note_chains", plug_pulled)
        (failed,) = hub.township.receive([file])
    if not comes_back:
        server.start()
    assert {one.name for one in caplog.records} <= {"psycopg"}, "only the driver complains of the line it lost"
    assert (failed.status, failed.revisions) == ("rejected", 0)
    assert "数据库服务器" in str(failed.reason)
    assert state(hub) == before
    assert hub.township.files(VILLAGES[0]) == (), "the receipt says nothing against the file"
    assert hub.township.receive([file])[0].status == "accepted"
    assert audit(hub.place).faults == ()


def test_a_village_s_file_takes_few_turns_of_the_server(
    hub: Hub, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """400 households and their members, several lines of each: the number of lines must not count."""
    with desk.site.store.work("roster.import", "list") as work:
        homes = [{"id": f"h{no}", "no": str(no)} for no in range(10, 410)]
        work.insert_many("household", VILLAGES[0], homes)
        people = [{"id": f"m{no}", "household_id": f"h{no % 400 + 10}", "name": "甲"} for no in range(1400)]
        work.insert_many("member", VILLAGES[0], people)
    (file,) = join(hub, [desk], tmp_path / "stick")
    turns: list[str] = []
    event.listen(
        hub.place.store.engine, "before_cursor_execute", lambda _, _c, statement, *_more: turns.append(statement)
    )
    monkeypatch.setattr(bulk.server, "copy_rows", lambda *given: (turns.append("COPY"), copy_rows(*given)))
    assert hub.township.receive([file])[0].status == "accepted"
    assert len(turns) <= MOST_TURNS, "\n".join(turns)
    with hub.place.store.read() as connection:
        assert len(connection.execute(select(RECORDS["member"].table.c.n)).all()) == 1401
