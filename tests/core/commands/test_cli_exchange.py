"""``sync`` and ``hub`` of INTERFACE: what they print, their exit statuses, and that a refusal changes nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.commands.conftest import PASSPHRASE, Run
from villagedesk.cli import main
from villagedesk.desk import create_desk, open_desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import create_hub, open_hub
from villagedesk.records.schema import all_tables
from villagedesk.services.site import Site
from villagedesk.store import vault
from villagedesk.store.wraps import Cost

VILLAGE, OTHER = "321324111213", "653121201201"
TOTALS = {"households", "members", "exited"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub that invited two villages, and a desk of each that has joined; keys cheap to open."""
    folder = tmp_path_factory.mktemp("prepared")
    hub, _ = create_hub(folder / "hub", PASSPHRASE, "界集镇", VILLAGE[:9])
    with hub:
        _cheapen(folder / "hub", hub.place.key)
        for code in (VILLAGE, OTHER):
            invite = hub.township.invite(code, folder)
            desk, _ = create_desk(folder / code, PASSPHRASE, VillageDraft(code=code, name="村", profile="jiangsu-2018"))
            with desk:
                _cheapen(folder / code, desk.place.key)
                desk.sync.join(invite, "laptop")
    return folder


def _cheapen(folder: Path, key: bytes) -> None:
    vault.set_passphrase(folder / "vault.json", key, "desk", PASSPHRASE, cost=Cost(8, 1, 1))


@pytest.fixture
def places(prepared: Path, tmp_path: Path) -> Path:
    """Copies of all that: ``hub``, ``desk``, ``other``, ``invite``, and an empty stick."""
    shutil.copytree(prepared / "hub", tmp_path / "hub")
    shutil.copytree(prepared / VILLAGE, tmp_path / "desk")
    shutil.copytree(prepared / OTHER, tmp_path / "other")
    shutil.copyfile(prepared / f"{VILLAGE}.vdinvite", tmp_path / "invite")
    (tmp_path / "stick").mkdir()
    return tmp_path


def add_household(desk: Path, no: str) -> None:
    with open_desk(desk, PASSPHRASE) as opened:
        household = HouseholdDraft(no=no, members=(MemberDraft(name="甲", relation="01"),))
        opened.households.save(household, "visit")


def send(run: Run, places: Path, desk: str = "desk") -> Path:
    status, said = run("sync", "send", places / desk, places / "stick", "--json")
    assert status == 0
    return Path(said["file"])


def told(place: Path) -> dict[str, object]:
    """Everything a folder says of its records and revisions, for “nothing was changed”."""
    hub = json.loads((place / "place.json").read_text())["kind"] == "hub"
    with (open_hub if hub else open_desk)(place, PASSPHRASE) as opened, opened.place.store.read() as connection:
        left_out = {"setting", "search_key"}
        return {
            name: connection.exec_driver_sql(f"select * from {name}").all()
            for name in all_tables().tables
            if name not in left_out
        }


def test_the_whole_way_there_and_back(run: Run, places: Path) -> None:
    status, said = run("sync", "status", places / "desk", "--json")
    assert (status, said["joined"], said["enrolled"], said["unsent"]) == (0, True, False, 1)
    add_household(places / "desk", "1")
    status, said = run("sync", "send", places / "desk", places / "stick", "--json")
    assert (status, set(said)) == (0, {"file", "sequence", "revisions"})
    assert (said["sequence"], said["revisions"]) == (1, 2)
    assert Path(said["file"]).name.startswith(VILLAGE)
    status, received = run("hub", "receive", places / "hub", said["file"], "--json")
    assert (status, set(received)) == (0, {"files"})
    assert set(received["files"][0]) == {"file", "village", "status", "reason", "revisions"}
    assert received["files"][0] | {"file": ""} == {
        "file": "", "village": VILLAGE, "status": "accepted", "reason": None, "revisions": 2,
    }  # fmt: skip
    status, rows = run("hub", "status", places / "hub", "--json")
    row = next(row for row in rows["villages"] if row["village"] == VILLAGE)
    assert (status, row["totals"], row["difference"]) == (0, {"households": 1, "members": 1, "exited": 0}, {})
    status, replies = run("hub", "reply", places / "hub", "--out", places / "stick", "--json")
    assert (status, [file["village"] for file in replies["files"]]) == (0, [VILLAGE])
    status, said = run("sync", "receive", places / "desk", replies["files"][0]["file"], "--json")
    assert (status, said["files"][0]["kind"], said["files"][0]["revisions"]) == (0, "reply", 0)
    status, said = run("sync", "status", places / "desk", "--json")
    assert (status, said["enrolled"], said["unsent"], said["sequence"]) == (0, True, 0, 1)
    assert set(said["hub_totals"]) == set(said["totals"]) == TOTALS
    assert [file["status"] for file in said["verdicts"]] == ["accepted"]


def test_a_file_a_second_time_is_repeated(run: Run, places: Path) -> None:
    file = send(run, places)
    assert run("hub", "receive", places / "hub", file)[0] == 0
    before = told(places / "hub")
    status, said = run("hub", "receive", places / "hub", file, file, "--json")
    assert (status, [one["status"] for one in said["files"]]) == (0, ["repeated", "repeated"])
    assert told(places / "hub") == before


def test_a_file_out_of_order_is_held_and_taken_when_the_earlier_one_comes(run: Run, places: Path) -> None:
    first = send(run, places)
    run("hub", "receive", places / "hub", first)
    run("hub", "reply", places / "hub", "--out", places / "stick")
    run("sync", "receive", places / "desk", *(places / "stick").glob("*.vdreply"))
    add_household(places / "desk", "1")
    lost = shutil.copyfile(send(run, places), places / "lost.vdsend")
    shutil.copytree(places / "hub", places / "ahead")
    run("hub", "receive", places / "ahead", lost)
    run("hub", "reply", places / "ahead", "--out", places / "stick")
    run("sync", "receive", places / "desk", *(places / "stick").glob("*.vdreply"))
    add_household(places / "desk", "2")
    late = send(run, places)
    before = told(places / "hub")
    status, said = run("hub", "receive", places / "hub", late, "--json")
    assert (status, said["files"][0]["status"], said["files"][0]["revisions"]) == (1, "held", 0)
    assert said["files"][0]["reason"]
    assert told(places / "hub") == before
    assert next(r for r in run("hub", "status", places / "hub", "--json")[1]["villages"] if r["held"])["held"] == 1
    status, said = run("hub", "receive", places / "hub", lost, "--json")
    assert (status, [one["status"] for one in said["files"]]) == (0, ["accepted", "accepted"])
    assert not any(row["held"] for row in run("hub", "status", places / "hub", "--json")[1]["villages"])


def test_one_bad_file_does_not_block_the_others(run: Run, places: Path) -> None:
    good = send(run, places)
    bad = places / "bad.vdsend"
    bad.write_bytes(good.read_bytes()[:-7])
    status, said = run("hub", "receive", places / "hub", bad, places / "invite", places / "missing", good, "--json")
    assert (status, [one["status"] for one in said["files"]]) == (1, ["rejected", "rejected", "rejected", "accepted"])
    reasons = [one["reason"] for one in said["files"][:3]]
    assert len(set(reasons)) == 3, "each says what is wrong with it"


@settings(max_examples=25)
@given(place=st.integers(0, 1 << 20), bit=st.integers(0, 7))
def test_no_damaged_file_changes_a_desk(damaging: tuple[Path, bytes], place: int, bit: int) -> None:
    desk, whole = damaging
    altered = bytearray(whole)
    altered[place % len(whole)] ^= 1 << bit
    file = desk.with_name("damaged.vdreply")
    file.write_bytes(altered)
    words = ["sync", "receive", str(desk), str(file), "--passphrase-file", str(desk.with_name("passphrase"))]
    assert main(words) in {1, 3}


@pytest.fixture(scope="module")
def damaging(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A desk, and a reply it would take in."""
    folder = tmp_path_factory.mktemp("damaging")
    for name, source in (("hub", "hub"), ("desk", VILLAGE)):
        shutil.copytree(prepared / source, folder / name)
    with open_desk(folder / "desk", PASSPHRASE) as desk, open_hub(folder / "hub", PASSPHRASE) as hub:
        hub.township.receive([desk.sync.send(folder).path])
        reply = hub.township.reply(folder)[0].path
    (folder / "passphrase").write_text(PASSPHRASE, "utf-8")
    before = told(folder / "desk")
    yield folder / "desk", reply.read_bytes()
    assert told(folder / "desk") == before


def test_each_wrong_file_is_refused_with_its_status(run: Run, places: Path) -> None:
    file = send(run, places)
    run("hub", "receive", places / "hub", file)
    run("hub", "reply", places / "hub", "--out", places / "stick")
    reply = next((places / "stick").glob("*.vdreply"))
    cut = places / "cut.vdreply"
    cut.write_bytes(reply.read_bytes()[:-1])
    before, elsewhere = told(places / "desk"), told(places / "other")
    assert run("sync", "receive", places / "desk", places / "missing")[0] == 3
    assert run("sync", "receive", places / "desk", places / "invite")[0] == 3
    assert run("sync", "receive", places / "desk", cut)[0] == 3
    assert run("sync", "receive", places / "desk", file)[0] == 1  # a send file is for the township
    assert run("sync", "receive", places / "other", reply)[0] == 3  # another village's reply
    assert (told(places / "desk"), told(places / "other")) == (before, elsewhere)
    assert run("sync", "receive", places / "desk", reply)[0] == 0
    assert run("hub", "receive", places / "hub", reply, "--json")[1]["files"][0]["status"] == "rejected"


def test_a_laptop_nobody_invited_and_another_township_are_refused(run: Run, places: Path) -> None:
    status, _ = run("hub", "new", places / "strange", "--name", "某镇", "--township", OTHER[:9])
    assert status == 0
    before = told(places / "strange")
    status, said = run("hub", "receive", places / "strange", send(run, places), "--json")
    assert (status, said["files"][0]["status"]) == (1, "rejected")
    assert told(places / "strange") == before


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("sync", "status", "{desk}"), 3),
        (("sync", "send", "{desk}", "{stick}"), 3),
        (("hub", "status", "{hub}"), 3),
        (("hub", "receive", "{hub}", "{invite}"), 3),
    ],
)
def test_a_wrong_passphrase_opens_nothing(
    run: Run, places: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], status: int
) -> None:
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "another one")
    named = {name: places / name for name in ("desk", "hub", "stick", "invite")}
    assert run(*(word.format(**named) for word in words))[0] == status


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("hub", "new", "{tmp}/h", "--name", "镇", "--township", "12345"), 2),
        (("hub", "new", "{hub}", "--name", "镇", "--township", "321324111"), 1),
        (("hub", "new", "{tmp}/h", "--name", "镇"), 2),
        (("hub", "invite", "{hub}", "--village", "000000000000", "--out", "{tmp}"), 1),
        (("hub", "invite", "{hub}", "--out", "{tmp}"), 2),
        (("hub", "receive", "{hub}"), 2),
        (("hub", "status", "{desk}"), 3),
        (("sync", "status", "{hub}"), 3),
        (("sync", "status", "{tmp}/nowhere"), 3),
        (("sync", "send", "{desk}", "{tmp}/nowhere"), 4),
        (("sync", "send", "{desk}", "{stick}", "--to-device"), 1),
        (("sync", "join", "{desk}", "{tmp}/nowhere"), 3),
        (("sync", "join", "{other}", "{invite}"), 1),
        (("sync", "nonsense", "{desk}"), 2),
    ],
)
def test_what_cannot_be_done_says_so(run: Run, places: Path, words: tuple[str, ...], status: int) -> None:
    named = {name: places / name for name in ("desk", "other", "hub", "stick", "invite")}
    assert run(*(word.format(**named, tmp=places) for word in words))[0] == status


def test_an_expired_or_altered_invite_is_refused(run: Run, places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = places / "altered.vdinvite"
    content = (places / "invite").read_text("utf-8")
    line = next(line for line in content.splitlines() if len(line) > 60 and " " not in line)
    altered.write_text(content.replace(line, line[:-1] + ("A" if line[-1] != "A" else "B")), "utf-8")
    assert run("sync", "join", places / "desk", altered)[0] == 3
    monkeypatch.setattr(Site, "today", lambda _: date(2099, 1, 1))
    assert run("sync", "join", places / "desk", places / "invite")[0] == 1


def test_joining_shows_the_digits_to_compare(run: Run, places: Path) -> None:
    status, said = run("sync", "join", places / "desk", places / "invite", "--json")
    assert (status, set(said)) == (0, {"hub", "fingerprint"})
    assert said["fingerprint"] == run("sync", "status", places / "desk", "--json")[1]["fingerprint"]
    with open_hub(places / "hub", PASSPHRASE) as hub:
        assert hub.township.key.fingerprint == said["fingerprint"]


def test_conflicts_are_shown_with_both_values_and_a_status(run: Run, places: Path) -> None:
    add_household(places / "desk", "1")
    shutil.copytree(places / "desk", places / "clone")
    for desk, group in (("desk", "一组"), ("clone", "二组")):
        with open_desk(places / desk, PASSPHRASE, author=desk) as opened:
            opened.households.save(replace(opened.households.by_no("1"), group=group), "visit")
    assert run("sync", "conflicts", places / "desk", "--json") == (0, {"conflicts": []})
    for desk in ("desk", "clone"):
        run("hub", "receive", places / "hub", send(run, places, desk))
    status, said = run("hub", "conflicts", places / "hub", "--json")
    assert (status, len(said["conflicts"])) == (1, 1)
    one = said["conflicts"][0]
    assert set(one) == {"village", "kind", "record_id", "household_id", "member_id", "field", "candidates"}
    assert one["field"] == "group"
    assert {candidate["value"] for candidate in one["candidates"]} == {"一组", "二组"}
    assert {candidate["author"] for candidate in one["candidates"]} == {"desk", "clone"}
    run("hub", "reply", places / "hub", "--out", places / "stick")
    assert run("sync", "receive", places / "desk", *(places / "stick").glob("*.vdreply"))[0] == 1
    assert run("sync", "conflicts", places / "desk", "--json")[1]["conflicts"][0]["candidates"] == one["candidates"]


def test_the_database_on_disk_is_no_plain_one(places: Path) -> None:
    for name in ("desk", "hub"):
        with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(places / name / "desk.db") as connection:
            connection.execute("select * from sqlite_master")


def test_a_bad_file_holds_up_no_other_at_a_desk_either(run: Run, places: Path) -> None:
    add_household(places / "desk", "1")
    run("hub", "receive", places / "hub", send(run, places))
    run("hub", "reply", places / "hub", "--out", places / "stick")
    (reply,) = (one for one in (places / "stick").glob(f"{VILLAGE}*.vdreply"))
    bad = places / "bad.vdreply"
    bad.write_bytes(reply.read_bytes()[:-9])
    status, said = run("sync", "receive", places / "desk", bad, reply, "--json")
    assert (status, [one["file"] for one in said["files"]]) == (1, [reply.name])
    assert run("sync", "status", places / "desk", "--json")[1]["unsent"] == 0
    assert run("sync", "receive", places / "desk", bad, places / "missing") == (3, "")


def test_everything_is_sent_once_more_when_the_other_side_has_lost_it(run: Run, places: Path) -> None:
    add_household(places / "desk", "1")
    run("hub", "receive", places / "hub", send(run, places))
    run("hub", "reply", places / "hub", "--out", places / "stick")
    run("sync", "receive", places / "desk", *(places / "stick").glob(f"{VILLAGE}*.vdreply"))
    assert run("sync", "send", places / "desk", places / "stick", "--json")[1]["revisions"] == 0
    again = run("sync", "send", places / "desk", places / "stick", "--everything", "--json")[1]
    assert again["revisions"] == 2
    status, said = run("hub", "receive", places / "hub", again["file"], "--json")
    assert (status, said["files"][0]["status"]) == (0, "repeated")


def test_another_stick_is_told_of(places: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", PASSPHRASE)
    (places / "empty").mkdir()
    said = []
    for folder in ("stick", "stick", "empty"):
        assert main(["sync", "send", str(places / "desk"), str(places / folder)]) == 0
        said.append("不是上次用的U盘" in capsys.readouterr().err)
    assert said == [False, False, True]


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("receive", "a.vdsend"),
        ("invite", "--village", VILLAGE, "--out", "a.vdinvite"),
        ("reply", "--out", "."),
        ("new", "--name", "界集镇", "--township", VILLAGE[:9]),
    ],
)
@pytest.mark.parametrize("address", ["postgresql://hub@/county?host=/run", "postgresql+psycopg://hub:secret@db/county"])
def test_a_hub_named_by_its_server_s_address_is_told_to_give_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes],
    words: tuple[str, ...], address: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", PASSPHRASE)
    for language, told in (("zh_CN", "这是数据库服务器的地址"), ("en", "Give the folder of the hub")):
        assert main(["--lang", language, "hub", words[0], address, *words[1:]]) == 2
        said = capfdbinary.readouterr().err.decode()
        assert told in said
        assert "secret" not in said
    assert list(tmp_path.iterdir()) == [], "no folder of that name was made"


def test_receive_takes_the_files_of_a_folder_in_their_order(run: Run, places: Path) -> None:
    first = send(run, places)
    add_household(places / "desk", "1")
    second = send(run, places)
    send(run, places, "other")
    (places / "stick" / "reply.vdreply").write_bytes(b"")
    status, said = run("hub", "receive", places / "hub", places / "stick", "--json")
    assert status == 0
    assert [one["status"] for one in said["files"]] == ["accepted"] * 3
    assert [one["file"] for one in said["files"]][:2] == [first.name, second.name]
    (places / "empty").mkdir()
    assert run("hub", "receive", places / "hub", places / "empty")[0] == 2
