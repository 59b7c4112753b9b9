"""One server for all tests of this folder, and the desks that send to a hub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.server.running import Server, programs, started
from tests.core.server.villages import CHEAP, NOW, PASSPHRASE, VILLAGES, family
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.team import VillageDraft


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if not programs():
        pytest.skip("no PostgreSQL server on this machine; type: sudo apt-get install postgresql")
    with started() as running:
        yield running


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[Desk]]:
    made = []
    for code in VILLAGES:
        village = VillageDraft(code=code, name=f"{code[-3:]}村", profile="jiangsu-2018")
        desk, _ = create_desk(tmp_path / code, PASSPHRASE, village, author="甲", clock=lambda: NOW, cost=CHEAP)
        desk.households.save(family("1"), "visit")
        made.append(desk)
    yield made
    for desk in made:
        desk.close()
