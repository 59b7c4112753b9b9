"""Some hundred spoilt files at a real hub (thousands: tests.reliability.send_file); files of every format so far."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.sync.kept_files import NOW, VILLAGE, facts
from tests.reliability.send_file import attach, replay, spoil, village
from villagedesk.hub import create_hub
from villagedesk.services.membership import device_key
from villagedesk.sync.bundle import open_bundle
from villagedesk.sync.invite import read_invite
from villagedesk.sync.keys import DeviceKey, HubKey
from villagedesk.sync.receipt import read_receipt

OLD = Path(__file__).resolve().parents[2] / "data" / "send-file"


def test_spoilt_files_are_refused_and_nothing_changes(tmp_path: Path) -> None:
    hub, desk = village(tmp_path)
    with hub, desk:
        attach(desk, [3_000, 5_000])
        whole = desk.sync.send(tmp_path).path
        said = spoil(hub, whole, tmp_path, 300, 7, device_key(desk.site.store))
        assert sum(said.values()) > 290
        assert len({sentence for _, sentence in said}) > 10, "each kind of fault has a sentence of its own"
        assert hub.township.receive([whole])[0].status == "accepted"
        replay(hub, [whole], 5)


@pytest.mark.parametrize("version", sorted(path.name for path in OLD.iterdir()))
def test_files_of_every_format_that_was_ever_given_out_are_read(version: str) -> None:
    said = json.loads((OLD / version / "said.json").read_text("utf-8"))
    key = HubKey.from_secret(said["hub"].encode())
    with open_bundle(OLD / version / "village.vdsend", key, lambda _: bytes.fromhex(said["laptop"])) as bundle:
        assert [line.decode() for line in bundle.lines()] == said["lines"]
        assert [digest for digest, _ in bundle.attachments()] == said["attachments"]
        assert dict(bundle.totals) == said["totals"]
        assert bundle.created.isoformat() == said["created"]


EXCHANGES = sorted(OLD.glob("*/exchange"))


@pytest.mark.parametrize("folder", EXCHANGES, ids=lambda path: path.parent.name)
def test_a_village_s_file_of_every_version_comes_into_todays_tables(folder: Path, tmp_path: Path) -> None:
    said = json.loads((folder / "said.json").read_text("utf-8"))
    hub, _ = create_hub(tmp_path / "hub", "p", "界集镇", VILLAGE[:9])
    with hub:
        for name in ("hub", "hub_key", "invites"):
            hub.place.store.keep_setting(name, said[name])
        (result,) = hub.township.receive([folder / said["sent"]])
        assert (result.status, result.reason) == ("accepted", None)
        assert facts(hub) == said["facts"]
        assert dict(hub.township.villages()[0].totals) == said["totals"]


@pytest.mark.parametrize("folder", EXCHANGES, ids=lambda path: path.parent.name)
def test_the_township_s_invitation_and_reply_of_every_version_are_read(folder: Path) -> None:
    said = json.loads((folder / "said.json").read_text("utf-8"))
    invite = read_invite(folder / f"{VILLAGE}.vdinvite", NOW.date())
    assert (invite.village, invite.hub_name, invite.epoch) == (VILLAGE, "界集镇", said["hub"]["epoch"])
    device = DeviceKey.from_secret(said["device_key"].encode())
    with open_bundle(folder / said["reply"], device, lambda _: invite.verify_key) as bundle:
        receipt = read_receipt(bundle.documents["receipt.json"])
    assert [(one.name, one.status) for one in receipt.files] == [(said["sent"], "accepted")]
    assert dict(receipt.totals) == said["totals"]
