"""Programs of different age in one village: what the older one does not know survives its hands, and comes in later."""

from __future__ import annotations

import json
import shutil
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
from villagedesk.hub import Hub, create_hub, open_hub
from villagedesk.records.schema import RECORDS
from villagedesk.services.backups import restore
from villagedesk.services.upward import Upward
from villagedesk.store import landing, lines
from villagedesk.store.release import NOTE
from villagedesk.store.wraps import Cost
from villagedesk.sync import bundle, header, invite
from villagedesk.sync.bundle import BundleHeader, Cargo, write_bundle
from villagedesk.sync.keys import HubKey
from villagedesk.sync.receipt import Receipt

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
    invitation = hub.township.invite(VILLAGES[0], stick)
    older.sync.join(invitation, "older")
    *_, sent = newer(younger, "found", invitation, "save", "1", "12", "save", "2", "30", "send", stick)
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
    with pytest.raises(Unreadable) as refused:  # the desk is of the later release now, as its hub is
        open_desk(tmp_path / "older", "p")
    told(refused.value)
    with pytest.raises(Unreadable) as refused:
        open_hub(tmp_path / "hub", "p")
    told(refused.value)


# what a later release wrote, told in both languages with the release to install -------------------------------------

LATER = "0.9.0"


def told(refused: Unreadable) -> None:
    """Both languages name the release that is needed and the one that runs."""
    for language, words in (("en", "Update this one to that version first"), ("zh_CN", "升级到该版本")):
        said = refused.text.render(language)
        assert {LATER in said, __version__ in said, words in said} == {True}, said


@pytest.mark.parametrize("spoil", ["format", "line", "receipt"])
def test_a_county_s_reply_of_a_later_release_changes_nothing_and_names_it(
    world: World, spoil: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.save(0, 0, 0, 1)
    world.meet()
    world.open_county()
    world.to_county()
    world.deliver_to_county(0)
    upward = Upward(world.office.place)
    with monkeypatch.context() as later:
        later.setattr(bundle, "__version__", LATER)
        if spoil == "format":
            later.setattr(header, "VERSION", 3)
        if spoil == "line":
            later.setattr(lines, "LINE_VERSION", 2)
        if spoil == "receipt":
            spelt = Receipt.to_json
            later.setattr(Receipt, "to_json", lambda it: spelt(it).replace(b'"v":1', b'"v":2'))
        world.county_act(0, 0, 1)
        (reply,) = world._county.township.reply(world.stick)
    before = (upward.status(), world._tally())
    with pytest.raises(Unreadable) as refused:
        upward.receive(reply.path)
    told(refused.value)
    assert (upward.status(), world._tally()) == before
    if spoil != "line":
        world.from_county()  # the same county with the program of today
        assert upward.status() != before[0]


def test_a_township_s_receipt_of_a_later_release_names_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.meet()
    with monkeypatch.context() as later:
        spelt = Receipt.to_json
        later.setattr(bundle, "__version__", LATER)
        later.setattr(Receipt, "to_json", lambda it: spelt(it).replace(b'"v":1', b'"v":2'))
        reply = next(one.path for one in world.office.township.reply(world.stick) if one.header.village == VILLAGES[0])
    with pytest.raises(Unreadable) as refused:
        world.laptops[0].sync.receive(reply)
    told(refused.value)


def test_an_invitation_of_a_later_release_names_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = invite._invite_fields
    with monkeypatch.context() as later:
        later.setattr(invite, "_invite_fields", lambda it: {**fields(it), "v": 2, "program": LATER})
        file = world.office.township.invite(VILLAGES[0], world.stick)
    with pytest.raises(Unreadable) as refused:
        world.laptops[0].sync.join(file, "a")
    told(refused.value)


def test_a_desk_of_a_later_release_names_it_and_stays_as_it_is(hub: Hub, tmp_path: Path) -> None:
    """The folder, a copy without its note, its backup; then its other files, should they be of a later form."""
    desk, copy, file = tmp_path / "desk", tmp_path / "copy", tmp_path / "desk.vdbackup"
    newer(desk, "found", hub.township.invite(VILLAGES[0], tmp_path), "save", "1", "12", "back", file)
    shutil.copytree(desk, copy)
    (copy / NOTE).unlink()
    before = (desk / "desk.db").read_bytes()
    for folder in (desk, copy):
        with pytest.raises(Unreadable) as refused:
            open_desk(folder, "p")
        told(refused.value)
    assert (desk / "desk.db").read_bytes() == before
    with pytest.raises(Unreadable) as refused:
        restore(file, tmp_path / "restored", "p", START)
    told(refused.value)
    assert not (tmp_path / "restored").exists()
    for name, member in (("vault.json", "v"), ("place.json", "format")):
        whole = (desk / name).read_bytes()
        (desk / name).write_bytes(json.dumps({**json.loads(whole), member: 7}).encode())
        with pytest.raises(Unreadable) as refused:
            open_desk(desk, "p")
        told(refused.value)
        (desk / name).write_bytes(whole)
    (desk / NOTE).unlink()
    (desk / "place.json").write_bytes(json.dumps({"kind": "desk", "format": 7}).encode())
    with pytest.raises(Unreadable, match="更新版本的程序"):
        open_desk(desk, "p")
