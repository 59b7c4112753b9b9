"""A village's year through the real services: the chain verifies, and the hub equals the desk (issue 10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.sync_machine import oracle
from villagedesk.demo import play as demo
from villagedesk.desk import Desk, open_desk
from villagedesk.hub import Hub, open_hub
from villagedesk.services.audit import audit
from villagedesk.services.history import History

PASSPHRASE = "a year"


@pytest.mark.parametrize(("profile", "seed"), [("jiangsu-2018", 3), ("national-2018", 4)])
def test_after_a_year_chain_verifies_and_hub_equals_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: str, seed: int
) -> None:
    monkeypatch.setattr(demo, "_print_all", lambda stage: None)  # papers have tests of their own
    made = demo.play(tmp_path, PASSPHRASE, profile, 5, seed, lambda what, done, total: None)
    assert made.hub_status == "accepted"
    with open_desk(tmp_path / "desk", PASSPHRASE) as desk, open_hub(tmp_path / "hub", PASSPHRASE) as hub:
        _agree(desk, hub)
        undone = desk.history.recent(1)
        History(desk.site).undo(undone[0].act)
        assert desk.sync.status().unsent == 1
        sent = desk.sync.send(tmp_path / "stick").path
        assert [result.status for result in hub.township.receive([sent, sent])] == ["accepted", "repeated"]
        desk.sync.receive(hub.township.reply(tmp_path / "stick")[0].path)
        _agree(desk, hub)


def _agree(desk: Desk, hub: Hub) -> None:
    states = []
    for place in (desk.place, hub.place):
        found = audit(place)
        assert found.faults == ()
        assert found.revisions > 20
        with place.store.read() as connection:
            oracle.check(connection)
            states.append(oracle.state(connection))
    assert states[0] == states[1]
    assert (desk.sync.status().unsent, desk.sync.status().conflicts) == (0, 0)
