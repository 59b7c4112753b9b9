"""One program at a time, whoever died before it; and no two copies of a desk that give out the same numbers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.core.safety.conftest import NOW, PASSPHRASE, numbers, save
from villagedesk.errors import OpenElsewhere, Unavailable, Unreadable
from villagedesk.records.schema import revision
from villagedesk.services import backups
from villagedesk.services.audit import audit
from villagedesk.store import ballast, machine
from villagedesk.store import place as places

HOLDER = """
import sys, time
from pathlib import Path
from villagedesk.store import lock
held = lock.take(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def _holder(folder: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_window_is_refused_and_the_first_goes_on(desk, reopen):
    with pytest.raises(Unavailable, match="another window"):
        reopen()
    save(desk, 5)
    desk.close()
    with reopen() as again:
        assert "201900005" in numbers(again)


def test_another_process_is_refused_until_it_is_killed(folder, reopen):
    child = _holder(folder)
    try:
        with pytest.raises(Unavailable, match="another window"):
            reopen()
        with pytest.raises(Unavailable, match="another window"):
            places.open_place(folder, PASSPHRASE, "", take_over=True)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    with reopen() as again:
        assert len(numbers(again)) == 2


def test_a_lock_signed_by_a_number_that_lives_again_shuts_nobody_out(folder, reopen):
    """After a power cut the number of the dead process belongs to another program."""
    (folder / "lock").write_text(json.dumps({"machine": machine.machine(), "host": "here", "pid": os.getppid()}))
    reopen().close()


@pytest.mark.parametrize("scribble", ["", "{", "[]", "null", "[" * 5000, '{"machine": 1}'])
def test_scribble_in_the_lock_shuts_nobody_out(folder, reopen, scribble):
    (folder / "lock").write_text(scribble)
    reopen().close()


def test_another_computer_is_named_and_only_a_person_takes_over(folder, reopen):
    (folder / "lock").write_text(json.dumps({"machine": "theirs", "host": "村部-2", "pid": 1}))
    with pytest.raises(OpenElsewhere, match="村部-2") as caught:
        reopen()
    assert caught.value.host == "村部-2"
    places.open_place(folder, PASSPHRASE, "", take_over=True).close()
    reopen().close()


def test_closing_twice_is_closing_once(desk, reopen):
    desk.close()
    with reopen() as again:
        desk.close()
        with pytest.raises(Unavailable):
            reopen()
        save(again, 9)


def test_what_comes_after_closing_neither_reads_nor_writes(desk, reopen):
    desk.close()
    with pytest.raises(Unavailable, match="closed"):
        numbers(desk)
    with reopen() as again:
        with pytest.raises(Unavailable, match="closed"):
            save(desk, 9)
        assert "201900009" not in numbers(again)


def test_a_folder_that_cannot_be_locked_is_named(folder, reopen, monkeypatch):
    import fcntl

    def no_locks(*args: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(Unavailable, match="network"):
        reopen()


def test_a_folder_that_cannot_be_written_is_named(folder, reopen, monkeypatch):
    really = os.open

    def read_only(path: object, flags: int, *more: object, **named: object) -> int:
        if flags & os.O_RDWR and str(path).startswith(str(folder)):
            raise OSError(30, "Read-only file system")
        return really(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", read_only)
    with pytest.raises(Unavailable, match="cannot be written"):
        reopen()


def test_the_same_desk_is_the_same_incarnation_tomorrow(folder, reopen):
    seen = set()
    for _ in range(3):
        with reopen() as desk:
            seen.add(desk.place.store.device)
    assert len(seen) == 1


def test_a_copied_folder_is_another_laptop(folder, tmp_path, reopen):
    with reopen() as desk:
        first = desk.place.store.device
    shutil.copytree(folder, tmp_path / "copy")
    with reopen(tmp_path / "copy") as copy:
        assert copy.place.store.device != first
        save(copy, 8)
    with reopen() as desk:
        assert desk.place.store.device == first


def test_a_desk_restored_over_itself_is_another_laptop(desk, stick, folder, reopen):
    first, file = desk.place.store.device, backups.backup(desk.place, stick)
    save(desk, 8)
    desk.close()
    backups.restore(file, folder, PASSPHRASE, NOW)
    with reopen() as restored:
        second = restored.place.store.device
        assert second != first
        save(restored, 9)
        assert audit(restored.place).faults == ()
        with restored.place.store.read() as connection:
            last = connection.execute(select(revision.c.device).order_by(revision.c.n.desc()).limit(1)).scalar_one()
    assert last == second


def test_a_file_that_took_the_number_of_a_deleted_one_is_not_the_same_file(tmp_path):
    """Linux gives file numbers out again at once: delete the desk, restore it, and the number is the old one."""
    prints, inodes = [], []
    for _ in range(3):
        for name in ("desk.db", "place.json"):
            (tmp_path / name).write_bytes(b"x")
        file = tmp_path / "desk.db"
        prints.append(machine.fingerprint(file))
        inodes.append(file.stat().st_ino)
        assert machine.fingerprint(file) == prints[-1]
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
    assert len(set(prints)) == 3, inodes


def test_where_the_system_counts_nothing_the_label_tells(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "_times_used", lambda file: "")
    test_a_file_that_took_the_number_of_a_deleted_one_is_not_the_same_file(tmp_path)


def test_a_backup_carries_no_incarnation(desk, stick, tmp_path):
    file = backups.backup(desk.place, stick)
    (tmp_path / "parts").mkdir()
    backups.unpack(file, tmp_path / "parts")
    from villagedesk.store.engine import connect

    connection = connect(tmp_path / "parts" / "desk.db", desk.place.key)
    (said,) = connection.execute("SELECT value FROM setting WHERE key = 'device'").fetchone()
    connection.close()
    assert json.loads(said)["fingerprint"] == ""
    assert json.loads(said)["id"] == desk.place.store.device


def test_a_newer_schema_is_refused_and_left_alone(folder, reopen):
    with reopen() as desk, desk.place.store.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    before = (folder / "desk.db").read_bytes()
    with pytest.raises(Unreadable, match="newer version"):
        reopen()
    assert (folder / "desk.db").read_bytes() == before
    assert not (folder / "ballast").exists()


@pytest.mark.parametrize(
    "label",
    ['{"kind": "desk", "format": 2}', '{"kind": "desk", "format": Infinity}', "{", "", "[1]", '{"kind": "desk"}'],
)
def test_a_newer_or_damaged_label_is_refused(folder, reopen, label):
    (folder / "place.json").write_text(label)
    with pytest.raises(Unreadable):
        reopen()


def test_a_desk_without_its_database_is_not_opened_empty(folder, reopen):
    (folder / "desk.db").unlink()
    with pytest.raises(Unreadable, match="database file is missing"):
        reopen()
    assert not (folder / "desk.db").exists()


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + bytes(4080), os.urandom(8192)])
def test_a_database_that_is_none_is_damaged_not_empty(folder, reopen, content):
    (folder / "desk.db").write_bytes(content)
    with pytest.raises(Unreadable):
        reopen()


def test_ballast_lies_there_only_while_the_desk_is_open(desk, folder):
    assert (folder / "ballast").stat().st_size == ballast.SIZE
    desk.close()
    assert not (folder / "ballast").exists()


def test_leavings_of_a_killed_backup_and_restore_are_cleared(folder, reopen):
    (folder / ".scratch-abc").mkdir()
    (folder / ".scratch-abc" / "desk.db").write_bytes(b"half")
    (folder.parent / ".desk.restored").mkdir()
    reopen().close()
    assert not (folder / ".scratch-abc").exists()
    assert not (folder.parent / ".desk.restored").exists()


def test_a_restore_cut_between_its_two_steps_is_finished_at_the_next_opening(desk, stick, folder, reopen, monkeypatch):
    file = backups.backup(desk.place, stick)
    save(desk, 7)
    desk.close()
    really, done = Path.rename, []

    def cut(self: Path, target: Path) -> Path:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(target)
        return really(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", cut)
        with pytest.raises(KeyboardInterrupt):
            backups.restore(file, folder, PASSPHRASE, NOW)
    assert not folder.exists()
    with reopen() as restored:
        assert numbers(restored) == ["201900001", "201900002"]
    with reopen(done[1]) as aside:
        assert "201900007" in numbers(aside)
