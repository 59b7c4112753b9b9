"""A hub on PostgreSQL: the same work gives the same state as in SQLite; several receivers; counties apart."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.core.server.running import Server
from tests.core.server.villages import NOW, PASSPHRASE, VILLAGES
from villagedesk import divisions
from villagedesk.desk import Desk
from villagedesk.errors import Refused, Unavailable, Usage
from villagedesk.hub import Hub, create_hub, open_hub
from villagedesk.records.schema import RECORDS, revision
from villagedesk.services.audit import audit
from villagedesk.services.backups import backup
from villagedesk.services.event_course import Occasion
from villagedesk.store import search
from villagedesk.store import server as server_module


@pytest.fixture
def address(server: Server) -> str:
    return server.fresh()


@pytest.fixture
def hub(tmp_path: Path, address: str) -> Iterator[Hub]:
    made, _ = create_hub(tmp_path / "hub", PASSPHRASE, "界集镇", VILLAGES[0][:9], clock=lambda: NOW, database=address)
    yield made
    made.close()


def join(hub: Hub, desks: list[Desk], stick: Path) -> list[Path]:
    stick.mkdir(exist_ok=True)
    for desk in desks:
        desk.sync.join(hub.township.invite(desk.site.village, stick), "laptop")
    return [desk.sync.send(stick).path for desk in desks]


def answer(hub: Hub, desks: list[Desk], stick: Path) -> None:
    for written in hub.township.reply(stick):
        next(desk for desk in desks if desk.site.village == written.header.village).sync.receive(written.path)


def state(hub: Hub) -> dict[str, object]:
    with hub.place.store.read() as connection:
        rows = {
            f"{kind}/{row['id']}": {name: value for name, value in row.items() if name not in {"n", "revision"}}
            for kind, record in RECORDS.items()
            for row in connection.execute(select(record.table)).mappings()
        }
        lines = set(connection.execute(select(revision.c.hash)).scalars())
    return {"rows": rows, "lines": lines}


def test_it_holds_what_sqlite_holds_after_the_same_files(hub: Hub, desks: list[Desk], tmp_path: Path) -> None:
    other, _ = create_hub(tmp_path / "file", PASSPHRASE, "界集镇", VILLAGES[0][:9], clock=lambda: NOW)
    stick = tmp_path / "stick"
    with other:
        for either in (other, hub):
            files = join(either, desks, stick)
            assert [one.status for one in either.township.receive(files)] == ["accepted"] * 3
            assert [one.status for one in either.township.receive(files)] == ["repeated"] * 3
        assert state(hub) == state(other)
        assert [row.totals for row in hub.township.villages()] == [row.totals for row in other.township.villages()]
    assert audit(hub.place).faults == ()


def test_it_works_like_any_hub(hub: Hub, desks: list[Desk], tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    hub.township.receive(join(hub, desks, stick))
    answer(hub, desks, stick)
    assert [desk.sync.status().unsent for desk in desks] == [0, 0, 0]
    assert {hit.village for hit in hub.review.find("wangda")} == set(VILLAGES)
    assert [row.no for row in hub.review.household_rows(hub.review.household_ids(None, "changed"))] == ["1"] * 3
    home = hub.review.household_ids({"village": VILLAGES[0]})[0]
    hub.moves.move(home, VILLAGES[0], VILLAGES[1], "9", Occasion(date(2026, 3, 1)))
    assert len(hub.acts.duplicates()) == 1  # one born like the head of the third village
    answer(hub, desks, stick)
    assert [desk.lists.count() for desk in desks] == [0, 2, 1]


def test_conflicts_are_kept_and_settled(hub: Hub, desks: list[Desk], tmp_path: Path) -> None:
    desk, stick = desks[0], tmp_path / "stick"
    hub.township.receive(join(hub, desks, stick))
    home = desk.lists.household_ids()[0]
    hub.acts.act(desk.site.village, "test", "letter", "household", home, {"address": "乡里"})
    desk.households.save(replace(desk.households.get(home), address="村里"), "visit")
    hub.township.receive([desk.sync.send(stick).path])
    (found,) = hub.township.conflicts()
    assert {one.value for one in found.candidates} == {"乡里", "村里"}
    hub.acts.decide(found.village, found, found.candidates[0].hash, "called")
    assert hub.township.conflicts() == ()


def test_several_receivers_at_once_lose_and_double_nothing(hub: Hub, desks: list[Desk], tmp_path: Path) -> None:
    files = join(hub, desks, tmp_path / "stick")
    receivers = [open_hub(tmp_path / "hub", PASSPHRASE, clock=lambda: NOW) for _ in range(3)]
    try:
        with ThreadPoolExecutor(3) as pool:
            turns = [[files[(at + place) % 3] for at in range(3)] for place in range(3)]
            results = list(pool.map(lambda pair: pair[0].township.receive(pair[1]), zip(receivers, turns, strict=True)))
    finally:
        for one in receivers:
            one.close()
    statuses = sorted(result.status for each in results for result in each)
    assert statuses == ["accepted"] * 3 + ["repeated"] * 6
    assert audit(hub.place).faults == ()
    assert hub.place.store.device == receivers[0].place.store.device


def test_counties_lie_apart_and_every_row_is_found(hub: Hub, desks: list[Desk], tmp_path: Path) -> None:
    hub.township.receive(join(hub, desks, tmp_path / "stick"))
    elsewhere = divisions.children(divisions.children("610113")[0].code[:9])[0].code
    hub.township.invite(elsewhere, tmp_path / "stick")
    with hub.place.store.read() as connection:
        parts = set(connection.exec_driver_sql("select relname from pg_class where relispartition").scalars())
        inside = connection.exec_driver_sql("select count(*) from household_321324").scalar_one()
    assert {"household_321324", "member_610113", "event_else"} <= parts
    assert inside == 3


def test_a_copied_database_is_another_hub_of_its_own(
    hub: Hub, desks: list[Desk], tmp_path: Path, server: Server, address: str
) -> None:
    hub.township.receive(join(hub, desks, tmp_path / "stick"))
    device = hub.place.store.device
    before = hub.place.store.setting("hub")["epoch"]
    hub.close()
    source, name = (url.split("@/")[1].split("?")[0] for url in (address, server.fresh()))
    tools = {"h": server.folder, "U": "postgres"}
    words = [word for key, value in tools.items() for word in (f"-{key}", str(value))]
    dump = subprocess.run([server.binaries / "pg_dump", *words, source], check=True, capture_output=True).stdout
    subprocess.run([server.binaries / "psql", *words, "-q", name], input=dump, check=True, capture_output=True)
    said = (tmp_path / "hub" / "place.json").read_text("utf-8")
    (tmp_path / "hub" / "place.json").write_text(said.replace(f"/{source}?", f"/{name}?"), "utf-8")
    with open_hub(tmp_path / "hub", PASSPHRASE, clock=lambda: NOW) as again:
        assert again.place.store.device != device
        assert again.place.store.setting("hub")["epoch"] != before


def test_what_a_server_cannot_do_is_said(hub: Hub, tmp_path: Path, address: str) -> None:
    with pytest.raises(Refused, match="pg_dump"):
        backup(hub.place, tmp_path)
    with pytest.raises(Usage):
        create_hub(tmp_path / "none", PASSPHRASE, "x", VILLAGES[0][:9], database="mongodb://x")
    shutil.rmtree(tmp_path / "none")
    gone = address.replace("host=", "host=/nowhere")
    with pytest.raises(Unavailable):
        create_hub(tmp_path / "none", PASSPHRASE, "x", VILLAGES[0][:9], database=gone)


def test_search_and_order_follow_code_points(hub: Hub) -> None:
    with hub.place.store.read() as connection:
        ordered = connection.exec_driver_sql(
            "select k from (values ('b'), ('B'), ('a'), ('王')) as t(k) order by k collate \"C\""
        ).scalars()
        assert list(ordered) == ["B", "a", "b", "王"]
        statements = " ".join(server_module.statements(connection))
    assert "k TEXT COLLATE" in statements
    assert search.SEARCHED


def test_people_of_three_villages_are_told_apart_and_stay_so(hub: Hub, desks: list[Desk], tmp_path: Path) -> None:
    hub.township.receive(join(hub, desks, tmp_path / "stick"))
    (case,) = hub.acts.duplicates()  # one name and one birth date in every village
    assert {entry.village for entry in case.entries} == set(VILLAGES)
    (change,) = hub.acts.judge_different(case, "asked all three")
    assert len(change.records["likeness"]) == 3
    assert hub.acts.duplicates() == ()
    assert audit(hub.place).faults == ()
