"""A disk that fills: the save is refused in words, what was saved is there, and the next save goes through."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.core.safety.conftest import attach, numbers, save
from villagedesk.errors import Unavailable
from villagedesk.services import backups
from villagedesk.services.audit import audit
from villagedesk.store import ballast


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB, where the machine lets us make one."""
    mount = tmp_path / "disk"
    mount.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(mount)]
    made = subprocess.run(words, capture_output=True, check=False)
    yield mount
    if made.returncode == 0:
        subprocess.run(["umount", "-l", str(mount)], check=True)


def _fill(disk: Path) -> None:
    with suppress(OSError), (disk / "holiday.mp4").open("ab") as stream:
        try:
            while True:
                stream.write(bytes(1 << 16))
                stream.flush()
        except OSError:
            return


def _until_full(desk) -> list[str]:
    """Save until the disk refuses; the households whose save was acknowledged."""
    done = numbers(desk)
    with pytest.raises(Unavailable, match="disk is full"):
        _save_on(desk, done)
    return done


def _save_on(desk, done: list[str]) -> None:
    for number in range(100, 100_000):
        save(desk, number, note="路" * 3000)
        done.append(f"2019{number:05}")


def test_a_full_disk_refuses_the_save_and_takes_the_next(folder, reopen, small_disk):
    if not small_disk.is_mount():
        return  # nobody may make a disk here; the last test fills the database instead
    at = Path(shutil.copytree(folder, small_disk / "desk"))
    with reopen(at) as desk:
        assert (at / "ballast").stat().st_size == ballast.SIZE
        _fill(small_disk)
        done = _until_full(desk)
        assert not (at / "ballast").exists()
        assert sorted(numbers(desk)) == sorted(done)
        save(desk, 7)  # into the room of the ballast, while the disk is still full of films
        attach(desk, b"small scan")
        assert audit(desk.place).faults == ()
        _fill(small_disk)
        with pytest.raises(Unavailable, match=r"no room"):
            backups.backup(desk.place, small_disk)
        assert not list(small_disk.glob("*.vdbackup*"))
        (small_disk / "holiday.mp4").unlink()
        save(desk, 8)
    with reopen(at) as again:
        assert sorted(numbers(again)) == sorted([*done, "201900007", "201900008"])
        assert audit(again.place).faults == ()


def test_a_desk_opens_and_closes_on_a_full_disk_or_says_so(folder, reopen, small_disk):
    if not small_disk.is_mount():
        return
    at = Path(shutil.copytree(folder, small_disk / "desk"))
    _fill(small_disk)
    with pytest.raises(Unavailable):
        reopen(at)
    (small_disk / "holiday.mp4").unlink()
    with reopen(at) as desk:
        assert len(numbers(desk)) == 2
        assert audit(desk.place).faults == ()


def test_a_database_that_may_not_grow_refuses_and_goes_on(desk):
    with desk.place.store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with desk.place.store.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        connection.rollback()
    done = _until_full(desk)
    assert sorted(numbers(desk)) == sorted(done)
    assert audit(desk.place).faults == ()
    with desk.place.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        connection.rollback()
    save(desk, 8)
    assert "201900008" in numbers(desk)
