"""What the machine around a desk does to it: a held database, a jumping clock, a disk that went read-only."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlcipher3

from tests.core.safety.conftest import NOW, PASSPHRASE, numbers, save
from villagedesk.desk import open_desk
from villagedesk.errors import Unavailable, Unreadable
from villagedesk.services.audit import audit
from villagedesk.services.backups import backup, restore
from villagedesk.store import engine, lock


def test_a_database_that_another_program_holds_is_told_and_the_next_save_goes_through(desk, monkeypatch):
    """A virus scanner or a backup program that locks the file for longer than we wait."""
    file = desk.place.folder / "desk.db"
    monkeypatch.setattr(engine.sqlcipher3, "connect", _impatient(sqlcipher3.connect))
    desk.place.store.engine.dispose()
    other = engine.connect(file, desk.place.key)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="Another window"):
        save(desk, 5)
    assert len(numbers(desk)) == 2  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    save(desk, 5)
    assert "201900005" in numbers(desk)
    assert audit(desk.place).faults == ()


def _impatient(really):
    return lambda *words, **more: really(*words, **{**more, "timeout": 0.1})


@pytest.mark.parametrize("days", [-4000, -1, 1, 4000])
def test_a_clock_that_jumps_orders_nothing_wrongly(folder, days):
    """What was saved later stays later, whatever the clock said; the chain holds; a clock set back is told."""
    with open_desk(folder, PASSPHRASE, clock=lambda: NOW + timedelta(days=days)) as desk:
        id_ = save(desk, 5, note="under the wrong clock")
        assert (desk.clock.problem() is not None) == (days < 0)
    with open_desk(folder, PASSPHRASE, clock=lambda: NOW) as desk:
        assert (desk.clock.problem() is not None) == (days > 0)
        save(desk, 6)
        desk.households.save(replace(desk.households.get(id_), note="under the right one"), "visit")
        assert desk.households.get(id_).note == "under the right one"
        assert sorted(numbers(desk))[-2:] == ["201900005", "201900006"]
        assert audit(desk.place).faults == ()


def test_a_backup_that_the_system_will_not_hand_out_is_told(desk, stick, tmp_path, monkeypatch):
    file = backup(desk.place, stick)
    really = Path.open

    def held(self, *words, **more):
        if self == file:
            raise PermissionError(13, "held by a scanner")
        return really(self, *words, **more)

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(Unreadable, match="cannot be opened"):
        restore(file, tmp_path / "new", PASSPHRASE, NOW)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_became_read_only_refuses_the_save_and_reads_on(desk):
    """As a disk does that the system has set read-only after an error."""
    desk.place.store.engine.dispose()
    really = engine.connect

    def read_only(path, key):
        connection = really(path, key)
        connection.execute("PRAGMA query_only = on")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "connect", read_only)
        with pytest.raises(Unavailable, match="cannot be written"):
            save(desk, 5)
        assert len(numbers(desk)) == 2
    desk.place.store.engine.dispose()
    save(desk, 5)
    assert audit(desk.place).faults == ()


def test_a_full_disk_is_no_matter_of_permissions(folder, monkeypatch):
    def full(*_words):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(lock.os, "open", full)
    with pytest.raises(Unavailable, match="disk is full"):
        open_desk(folder, PASSPHRASE, clock=lambda: NOW)


def test_a_lost_key_file_is_told_with_its_remedy(folder):
    (folder / "vault.json").unlink()
    with pytest.raises(Unreadable, match="Restore the latest backup"):
        open_desk(folder, PASSPHRASE, clock=lambda: NOW)
