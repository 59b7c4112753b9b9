"""Some hundred spoilt files at a real hub (thousands: tests.reliability.send_file); files of every format so far."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reliability.send_file import attach, replay, spoil, village
from villagedesk.services.sync import device_key
from villagedesk.sync.bundle import open_bundle
from villagedesk.sync.keys import HubKey

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
