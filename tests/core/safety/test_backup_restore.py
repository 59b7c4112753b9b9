"""A backup is one file that is whole or refused; a restore never costs the desk that was there."""

from __future__ import annotations

import io
import shutil
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.safety.conftest import NOW, PASSPHRASE, SCAN, attach, numbers, save
from villagedesk.errors import Unavailable, Unreadable, VillageDeskError
from villagedesk.services import backups
from villagedesk.services.audit import audit
from villagedesk.store import place as places
from villagedesk.sync import tar


def test_a_backup_restores_into_a_new_place_with_everything_in_it(desk, stick, tmp_path, reopen):
    digest = attach(desk, b"another scan")
    file = backups.backup(desk.place, stick)
    assert backups.restore(file, tmp_path / "new", PASSPHRASE, NOW) is None
    with reopen(tmp_path / "new") as restored:
        found = audit(restored.place)
        assert (found.faults, found.attachments) == ((), 2)
        assert numbers(restored) == numbers(desk)
        assert (tmp_path / "new" / "attachments").is_dir()
        assert digest in {draft.digest for draft in _attachments(restored)}


def _attachments(desk):
    from villagedesk.records.load import load_where

    with desk.place.store.read() as connection:
        return list(load_where(connection, "attachment").values())


def test_a_backup_is_named_by_what_it_is_and_when_and_leaves_nothing_else(desk, stick):
    file = backups.backup(desk.place, stick)
    assert file.name == "desk-20191110-090000.vdbackup"
    assert list(stick.iterdir()) == [file]
    assert not list(desk.place.folder.glob(".backup*"))


def test_nothing_in_a_backup_is_readable(desk, stick):
    file = backups.backup(desk.place, stick)
    data = file.read_bytes()
    assert "沙洲村".encode() not in data
    assert b"CREATE TABLE" not in data
    assert SCAN[:30] not in data


def test_a_backup_made_while_people_save_is_whole(desk, stick, tmp_path, reopen):
    stop = threading.Event()
    saved: list[int] = []

    def typing() -> None:
        while not stop.is_set() and len(saved) < 500:
            save(desk, 100 + len(saved))
            saved.append(1)

    typist = threading.Thread(target=typing)
    typist.start()
    try:
        while len(saved) < 3:
            pass
        before = len(saved)
        file = backups.backup(desk.place, stick)
    finally:
        stop.set()
        typist.join()
    backups.restore(file, tmp_path / "new", PASSPHRASE, NOW)
    with reopen(tmp_path / "new") as restored:
        assert audit(restored.place).faults == ()
        assert len(numbers(restored)) >= 2 + before


def test_a_half_written_attachment_beside_the_desk_spoils_no_backup(desk, stick):
    shelf = next(path for path in (desk.place.folder / "attachments").iterdir())
    (shelf / ("ab" * 32 + ".part")).write_bytes(b"power cut")
    file = backups.backup(desk.place, stick)
    assert backups.check(file) == 4


def test_restore_keeps_the_desk_that_was_there_aside(desk, stick, folder, reopen):
    file = backups.backup(desk.place, stick)
    save(desk, 7)
    desk.close()
    aside = backups.restore(file, folder, PASSPHRASE, NOW)
    assert aside is not None
    with reopen() as restored, reopen(aside) as old:
        assert "201900007" not in numbers(restored)
        assert "201900007" in numbers(old)
    assert {path.name for path in folder.parent.iterdir()} == {folder.name, aside.name, "stick"}


def test_restoring_twice_in_one_second_keeps_both_old_desks(desk, stick, folder):
    file = backups.backup(desk.place, stick)
    desk.close()
    first = backups.restore(file, folder, PASSPHRASE, NOW)
    second = backups.restore(file, folder, PASSPHRASE, NOW)
    assert first != second
    assert first.is_dir()
    assert second.is_dir()


def test_restore_refuses_to_pull_a_desk_from_under_a_window(desk, stick, folder):
    file = backups.backup(desk.place, stick)
    with pytest.raises(Unavailable, match="open in another window"):
        backups.restore(file, folder, PASSPHRASE, NOW)
    assert numbers(desk) == ["201900001", "201900002"]
    assert {path.name for path in folder.parent.iterdir()} == {folder.name, "stick"}


def test_restore_does_not_take_a_folder_that_is_no_desk(desk, stick, tmp_path):
    file = backups.backup(desk.place, stick)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"a")
    with pytest.raises(Unreadable, match="no desk"):
        backups.restore(file, tmp_path / "photos", PASSPHRASE, NOW)
    assert (tmp_path / "photos" / "a.jpg").read_bytes() == b"a"


def test_a_wrong_passphrase_changes_nothing(desk, stick, folder, reopen):
    file = backups.backup(desk.place, stick)
    save(desk, 7)
    desk.close()
    with pytest.raises(Unreadable, match="passphrase is wrong"):
        backups.restore(file, folder, "not this one", NOW)
    assert {path.name for path in folder.parent.iterdir()} == {folder.name, "stick"}
    with reopen() as same:
        assert "201900007" in numbers(same)


@pytest.fixture(scope="session")
def sound(made: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the desk, to be spoilt in copies."""
    desk = shutil.copytree(made[0], tmp_path_factory.mktemp("sound") / "desk")
    place = places.open_place(desk, PASSPHRASE, "")
    try:
        return backups.backup(place, desk.parent / "sound.vdbackup")
    finally:
        place.close()


@given(data=st.data())
def test_any_flipped_bit_or_cut_is_damage(sound, tmp_path_factory, data):
    content = bytearray(sound.read_bytes())
    place = data.draw(st.integers(0, 10**9)) % len(content)
    if data.draw(st.booleans()):
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del content[place:]
    spoilt = tmp_path_factory.mktemp("spoilt") / "spoilt.vdbackup"
    spoilt.write_bytes(bytes(content))
    try:
        parts = backups.check(spoilt)
    except Unreadable:
        parts = 0
    if parts:  # a bit in the padding or in a field of the header that nobody reads
        assert _members(spoilt) == _members(sound)


def _members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def _rewritten(sound: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    members = _members(sound)
    change(members)
    parts = (tar.header(name, len(data)) + data + tar.padding(len(data)) for name, data in members.items())
    target.write_bytes(b"".join(parts) + tar.END)
    return target


def _manifest(members: dict[str, bytes]) -> None:
    import hashlib

    members.pop("manifest-sha256.txt")
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in members.items()]
    members["manifest-sha256.txt"] = "".join(lines).encode()


@pytest.mark.parametrize(
    "name",
    ["../escaped", "/etc/escaped", "attachments/../../escaped", "attachments/ab/../x", "attachments/ab/c/d", "C:\\x"],
)
def test_no_part_lands_outside_its_place(sound, tmp_path, name):
    def change(members: dict[str, bytes]) -> None:
        members[name] = b"out"
        _manifest(members)

    evil = _rewritten(sound, tmp_path / "evil.vdbackup", change)
    with pytest.raises(Unreadable, match="damaged"):
        backups.restore(evil, tmp_path / "new", PASSPHRASE, NOW)
    assert {path.name for path in tmp_path.iterdir()} == {"evil.vdbackup"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_and_devices_are_not_followed(sound, tmp_path, kind):
    evil = tmp_path / "evil.vdbackup"
    shutil.copy(sound, evil)
    with tarfile.open(evil, "a") as archive:
        info = tarfile.TarInfo("attachments/ab/cd")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    with pytest.raises(Unreadable, match="damaged"):
        backups.check(evil)


def test_a_bomb_of_holes_is_refused_before_it_grows(sound, tmp_path):
    evil = tmp_path / "bomb.vdbackup"
    with tarfile.open(evil, "w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(_hole("attachments/ab/cd", 6 << 30))
        for name, found in _members(sound).items():
            data = found + b"0" * 64 + b"  attachments/ab/cd\n" if name.startswith("manifest") else found
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    with pytest.raises(Unreadable, match=r"damaged|not a backup"):
        backups.check(evil)


def _hole(name: str, size: int) -> tarfile.TarInfo:
    """A member of old GNU sparse form: no content, said to be ``size`` bytes long."""

    class Sparse(tarfile.TarInfo):
        def tobuf(self, *args: object, **kwargs: object) -> bytes:
            buffer = bytearray(tarfile.TarInfo(name).tobuf(tarfile.GNU_FORMAT))
            buffer[156:157] = tarfile.GNUTYPE_SPARSE
            buffer[257:265] = b"ustar  \0"
            buffer[386:398], buffer[398:410] = _octal(size), _octal(0)
            buffer[483:495] = _octal(size)
            buffer[148:156] = b" " * 8
            buffer[148:156] = b"%06o\0 " % sum(buffer)
            return bytes(buffer)

    return Sparse(name)


def _octal(number: int) -> bytes:
    return b"%011o\0" % number if number < 8 << 30 else number.to_bytes(12)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", b"\0" * 10240, b"x" * 100_000])
def test_a_foreign_file_is_named_as_such(tmp_path, content):
    file = tmp_path / "holiday.vdbackup"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match=r"not a backup|damaged"):
        backups.restore(file, tmp_path / "new", PASSPHRASE, NOW)
    assert not (tmp_path / "new").exists()
    with pytest.raises(VillageDeskError):
        backups.check(tmp_path / "nowhere.vdbackup")


def test_a_backup_of_another_desks_database_does_not_pass(sound, tmp_path, made):
    def change(members: dict[str, bytes]) -> None:
        members["desk.db"] = members["desk.db"][::-1]
        _manifest(members)

    evil = _rewritten(sound, tmp_path / "evil.vdbackup", change)
    with pytest.raises(Unreadable, match="damaged"):
        backups.restore(evil, tmp_path / "new", PASSPHRASE, NOW)
    assert not (tmp_path / "new").exists()


def test_a_stick_that_is_full_or_gone_is_named_and_left_clean(desk, stick, monkeypatch):
    with pytest.raises(Unavailable, match="not there"):
        backups.backup(desk.place, stick / "nowhere" / "a.vdbackup")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(Unavailable, match="no room"):
            backups.backup(desk.place, stick)
    assert list(stick.iterdir()) == []
    assert audit(desk.place).faults == ()
    backups.check(backups.backup(desk.place, stick))
