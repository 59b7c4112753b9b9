"""An older desk is changed on a copy, proved, and only then put in its place."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from tests.core.safety.conftest import numbers, save
from villagedesk.errors import Unavailable, Unreadable
from villagedesk.services.audit import audit
from villagedesk.store import migrations, upgrade
from villagedesk.store.migrations import version


@pytest.fixture
def newer(monkeypatch):
    """A program whose schema is one step further; the step is given."""

    def become(step):
        steps = MappingProxyType({**migrations.STEPS, 2: step})
        for module in (migrations, upgrade):
            monkeypatch.setattr(module, "SCHEMA", 2)
        monkeypatch.setattr(migrations, "STEPS", steps)

    return become


def add_a_table(connection):
    connection.exec_driver_sql("CREATE TABLE novelty (n INTEGER PRIMARY KEY)")


def test_an_older_desk_opens_changed_and_is_the_same_laptop(folder, reopen, newer):
    with reopen() as desk:
        device, before = desk.place.store.device, numbers(desk)
    newer(add_a_table)
    with reopen() as desk, desk.place.store.read() as connection:
        assert version(connection) == 2
        assert connection.exec_driver_sql("SELECT count(*) FROM novelty").scalar_one() == 0
        assert desk.place.store.device == device
        assert numbers(desk) == before
        assert audit(desk.place).faults == ()
    assert not list(folder.glob("desk.db.next*"))


def test_what_was_saved_just_before_comes_along(folder, reopen, newer):
    """Also what still lies in the log, because the program was killed."""
    desk = reopen()
    files = {file.name: file.read_bytes() for file in folder.glob("desk.db*")}
    desk.close()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    newer(add_a_table)
    with reopen() as desk:
        assert len(numbers(desk)) == 2
        assert audit(desk.place).faults == ()


def test_a_step_that_fails_leaves_the_desk_to_the_older_program(folder, reopen, newer, monkeypatch):
    def fail(connection):
        connection.exec_driver_sql("DROP TABLE household")
        raise RuntimeError("half-way")

    with monkeypatch.context() as patch:
        steps = MappingProxyType({**migrations.STEPS, 2: fail})
        patch.setattr(migrations, "STEPS", steps)
        patch.setattr(migrations, "SCHEMA", 2)
        patch.setattr(upgrade, "SCHEMA", 2)
        with pytest.raises(RuntimeError, match="half-way"):
            reopen()
    with reopen() as desk:
        assert len(numbers(desk)) == 2
        assert audit(desk.place).faults == ()


def test_a_changed_copy_that_is_not_whole_is_thrown_away(folder, reopen, newer, monkeypatch):
    def tear(connection):
        connection.exec_driver_sql("CREATE TABLE a (n INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE b (a INTEGER REFERENCES a (n))")
        connection.exec_driver_sql("INSERT INTO b VALUES (7)")

    newer(tear)
    with pytest.raises(Unavailable, match="stands as it was"):
        reopen()
    assert not list(folder.glob("desk.db.next*"))


def test_a_desk_of_a_newer_program_is_refused_and_left_alone(folder, reopen, newer, monkeypatch):
    with monkeypatch.context() as patch:
        steps = MappingProxyType({**migrations.STEPS, 2: add_a_table})
        patch.setattr(migrations, "STEPS", steps)
        patch.setattr(migrations, "SCHEMA", 2)
        patch.setattr(upgrade, "SCHEMA", 2)
        reopen().close()
    before = (folder / "desk.db").read_bytes()
    with pytest.raises(Unreadable, match="newer version"):
        reopen()
    assert (folder / "desk.db").read_bytes() == before


def test_a_desk_of_a_trial_version_is_told_in_one_sentence_and_stays_as_it_was(folder, reopen):
    """The schema number was that of the first release before its tables were."""
    with reopen() as desk, desk.place.store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE household DROP COLUMN address")
    with reopen() as desk:
        before = desk.place.store.setting("device")
        with pytest.raises(Unreadable, match="trial version"):
            save(desk, 9)
        with pytest.raises(Unreadable, match="trial version"):
            desk.households.by_no("201900001")
        assert desk.place.store.setting("device") == before
