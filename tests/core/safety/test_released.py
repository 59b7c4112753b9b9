"""A desk of every released schema opens with today's program and holds all it held; its tables are today's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tests.core.safety import released
from tests.core.safety.released import FOLDER, NOW, PASSPHRASE, SCAN, held
from villagedesk.desk import Desk, create_desk, open_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.services.audit import audit
from villagedesk.services.backups import restore
from villagedesk.store import migrations, sealed, upgrade
from villagedesk.store.migrations import SCHEMA, version
from villagedesk.store.wraps import Cost

KEPT = sorted(FOLDER.glob("schema-*.vdbackup"))
WHAT_TO_DO = (
    "the tables of a new desk are not those of a desk of schema {number} brought to today. Once {release} is released: "
    "add a step to villagedesk/store/migrations. Before: python -m tests.core.safety.released"
)


@pytest.fixture(params=KEPT, ids=lambda file: file.stem)
def kept(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def old(kept: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk of a released schema, restored and opened by today's program."""
    assert restore(kept, tmp_path / "desk", PASSPHRASE, NOW) is None
    with open_desk(tmp_path / "desk", PASSPHRASE, clock=lambda: NOW) as opened:
        yield opened


def said(kept: Path) -> dict[str, Any]:
    return json.loads(kept.with_suffix(".json").read_text("utf-8"))


def test_every_released_schema_has_its_desk():
    assert [said(file)["schema"] for file in KEPT] == list(range(1, SCHEMA + 1))


def test_it_opens_and_holds_all_it_held(old, kept):
    before = said(kept)
    assert held(old) == {name: before[name] for name in ("records", "people", "phones", "incomes", "last")}
    assert audit(old.place).faults == ()
    with old.place.store.read() as connection:
        digest = connection.exec_driver_sql("SELECT digest FROM attachment").scalar_one()
        assert version(connection) == SCHEMA
    assert sealed.unseal(old.place.folder / "attachments", digest, old.place.key) == SCAN


def test_its_tables_are_those_of_a_new_desk(old, kept, tmp_path):
    village = VillageDraft(code="321324111213", name="沙洲村", profile="jiangsu-2018")
    new, _ = create_desk(tmp_path / "new", PASSPHRASE, village, cost=Cost(8, 1, 1))
    with new:
        about = said(kept)
        assert tables(old) == tables(new), WHAT_TO_DO.format(number=about["schema"], release=about["version"])


def test_the_next_schema_is_taken_on_a_copy(old, kept, monkeypatch):
    """The step of a release that does not exist yet: a column, a table, and values moved."""
    folder = old.place.folder
    old.close()
    number = SCHEMA + 1

    def step(connection: Any) -> None:
        connection.exec_driver_sql("ALTER TABLE household ADD COLUMN novelty TEXT NOT NULL DEFAULT ''")
        connection.exec_driver_sql("UPDATE household SET novelty = 'tel ' || phone")
        connection.exec_driver_sql("CREATE TABLE novelty (n INTEGER PRIMARY KEY)")

    monkeypatch.setattr(migrations, "STEPS", MappingProxyType({**migrations.STEPS, number: step}))
    for module in (migrations, upgrade):
        monkeypatch.setattr(module, "SCHEMA", number)
    with open_desk(folder, PASSPHRASE, clock=lambda: NOW) as again:
        assert held(again)["people"] == said(kept)["people"]
        assert audit(again.place).faults == ()
        with again.place.store.read() as connection:
            assert version(connection) == number
            moved = connection.exec_driver_sql("SELECT novelty FROM household ORDER BY n").scalars().all()
    assert moved == [f"tel {phone}" for phone in said(kept)["phones"]]
    assert not list(folder.glob("desk.db.next*"))


def test_the_desk_of_a_release_is_made_by_one_command(tmp_path):
    file = released.make(tmp_path)
    assert said(file)["people"] == said(KEPT[-1])["people"]


def tables(desk: Desk) -> dict[str, Any]:
    """Columns by table, and the indexes."""
    with desk.place.store.read() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).scalars()
        columns = {
            name: sorted(tuple(row[1:6]) for row in connection.exec_driver_sql(f'PRAGMA table_info("{name}")'))
            for name in names.all()
            if not name.startswith("sqlite_")
        }
        indexes = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        return {"columns": columns, "indexes": sorted(re.sub(r"\s+", " ", sql) for sql in indexes.scalars())}
