"""A file is on the stick whole or not at all, whatever the stick does."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from villagedesk import durable
from villagedesk.durable import write_whole
from villagedesk.errors import Unavailable

OLD = b"the file of last week"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "stick" / "a.vdsend"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def failing(number: int):
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


SENTENCES = {
    errno.ENOSPC: "no room left",
    errno.EROFS: "write protection",
    errno.EACCES: "write protection",
    errno.ENOENT: "is not there",
    errno.EIO: "failed",
}


def break_fsync(monkeypatch, error):
    monkeypatch.setattr(os, "fsync", error)


def break_replace(monkeypatch, error):
    monkeypatch.setattr(Path, "replace", error)


def break_open(monkeypatch, error):
    monkeypatch.setattr(Path, "open", error)


def break_write(monkeypatch, error):
    opened = Path.open

    def open_broken(self, mode="r", *args, **kwargs):
        stream = opened(self, mode, *args, **kwargs)
        return Broken(stream, error) if "w" in mode else stream

    monkeypatch.setattr(Path, "open", open_broken)


class Broken:
    """A stream on a medium that gives up at the second write."""

    def __init__(self, stream, error):
        self._stream, self._error, self._writes = stream, error, 0

    def write(self, data):
        self._writes += 1
        return self._stream.write(data) if self._writes == 1 else self._error()

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stream.close()


@pytest.mark.parametrize("number", SENTENCES)
@pytest.mark.parametrize("break_it", [break_open, break_write, break_fsync, break_replace])
def test_a_failing_medium_is_named_and_the_old_file_stays(target, monkeypatch, break_it, number):
    with monkeypatch.context() as patch:
        break_it(patch, failing(number))
        with pytest.raises(Unavailable) as caught:
            write_whole(target, [b"new ", b"file"], read_back=True)
    assert SENTENCES[number] in caught.value.text.source
    assert [path.name for path in target.parent.iterdir()] == ["a.vdsend"]
    assert target.read_bytes() == OLD


@pytest.fixture
def lying_stick(monkeypatch) -> None:
    """Takes everything and keeps something else."""
    fsync = os.fsync

    def lie(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.pwrite(handle, b"X", 1)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", lie)


def test_a_stick_that_keeps_something_else_is_found_out(target, lying_stick):
    with pytest.raises(Unavailable) as caught:
        write_whole(target, [b"new file"], read_back=True)
    assert "reads back differently" in caught.value.text.source
    assert target.read_bytes() == OLD


def test_a_send_file_is_read_back_before_it_gets_its_name(road, lying_stick):
    with pytest.raises(Unavailable) as caught:
        road.write()
    assert "reads back differently" in caught.value.text.source
    assert list(road.stick.iterdir()) == []


def test_the_new_file_takes_the_name_in_one_step(target):
    import hashlib

    assert write_whole(target, [b"new ", b"file"]) == hashlib.sha256(b"new file").hexdigest()
    assert target.read_bytes() == b"new file"
    assert [path.name for path in target.parent.iterdir()] == ["a.vdsend"]


def test_whatever_the_source_raises_comes_out_and_leaves_nothing(target):
    def broken():
        yield b"new"
        raise LookupError

    with pytest.raises(LookupError):
        write_whole(target, broken())
    assert target.read_bytes() == OLD
    assert len(list(target.parent.iterdir())) == 1


@pytest.mark.parametrize(("number", "passes"), [(errno.EINVAL, True), (errno.EIO, False)])
def test_a_file_system_without_folders_to_flush_is_no_failure(tmp_path, monkeypatch, number, passes):
    monkeypatch.setattr(durable.os, "fsync", failing(number))
    if passes:
        durable.sync_folder(tmp_path)
    else:
        with pytest.raises(OSError, match="error"):
            durable.sync_folder(tmp_path)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_send_file_that_finds_no_room_says_so(road, monkeypatch, number):
    with monkeypatch.context() as patch:
        break_write(patch, failing(number))
        with pytest.raises(Unavailable) as caught:
            road.write()
    assert SENTENCES[number] in caught.value.text.source
    assert list(road.stick.iterdir()) == []


def test_a_laptop_without_room_for_the_passing_copy_says_so(road, monkeypatch):
    import tempfile

    written = road.write()
    for work in (road.write, lambda: road.open(written.path)):
        with monkeypatch.context() as patch:
            patch.setattr(tempfile.SpooledTemporaryFile, "write", failing(errno.ENOSPC))
            with pytest.raises(Unavailable) as caught:
                work()
        assert "no room left" in caught.value.text.source
    assert [path.name for path in road.stick.iterdir()] == [written.path.name]
