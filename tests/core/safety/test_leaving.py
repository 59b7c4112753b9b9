"""A desk is taken off a laptop by destroying its keys; what is still open is told before."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

from tests.core.safety.conftest import PASSPHRASE, numbers
from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.services.backups import backup, restore
from villagedesk.services.leaving import Standing, demand_ready, take_off

LATER = datetime(2020, 1, 2, 3, tzinfo=UTC)


def test_a_desk_is_taken_off_and_a_note_stays(folder, reopen):
    note = take_off(folder, PASSPHRASE, LATER)
    assert not folder.exists()
    assert note.parent == folder.parent
    assert "2020-01-02" in note.read_text()
    assert "沙洲村" not in note.read_text()


def test_whoever_brings_the_deleted_files_back_has_noise(folder, reopen, tmp_path, monkeypatch):
    """The bytes of the files at the moment of their deletion, as a recovery tool finds them."""
    monkeypatch.setattr(shutil, "rmtree", lambda path, **_: None)
    kept = (folder / "vault.json").read_bytes()
    take_off(folder, PASSPHRASE, LATER)
    assert not (folder / "vault.json").exists()
    assert (folder / "desk.db").exists()
    with pytest.raises(Unreadable):
        reopen()
    (folder / "vault.json").write_bytes(kept)
    reopen().close()  # the old key file alone would open it, so it is what must go


def test_the_kept_copy_of_an_older_version_goes_too(folder, monkeypatch):
    monkeypatch.setattr(shutil, "rmtree", lambda path, **_: None)
    inner = folder / "before-0.2.0"
    inner.mkdir()
    shutil.copy(folder / "vault.json", inner)
    take_off(folder, PASSPHRASE, LATER)
    assert not (inner / "vault.json").exists()


def test_a_backup_still_opens_afterwards(desk, folder, stick, tmp_path, reopen):
    file, had = backup(desk.place, stick), numbers(desk)
    desk.close()
    take_off(folder, PASSPHRASE, LATER)
    restore(file, tmp_path / "again", PASSPHRASE, LATER)
    with reopen(tmp_path / "again") as again:
        assert numbers(again) == had


def test_a_wrong_passphrase_or_an_open_desk_takes_nothing_off(desk, folder):
    with pytest.raises(Unreadable):
        take_off(folder, "not this one", LATER)
    with pytest.raises(Unavailable):
        take_off(folder, PASSPHRASE, LATER)
    assert (folder / "vault.json").exists()


def test_what_is_still_open_is_told(desk):
    standing = desk.leaving.standing()
    assert standing.unsent > 0
    assert (standing.last_backup, standing.ends_on, standing.keep_until) == (None, None, None)
    with pytest.raises(Refused, match="neither sent nor in a backup"):
        demand_ready(standing)
    demand_ready(Standing(0, 0, 0, 0, None, None, None))
