"""The stick is pulled, or its room runs out, at each write in turn: told in words, nothing half, the next try works."""

from __future__ import annotations

import builtins
import errno
import gc
import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.work import PASSPHRASE, Office, prepare
from villagedesk.durable import write_whole
from villagedesk.errors import Unavailable
from villagedesk.services import backups
from villagedesk.services.audit import audit

FULL, PULLED = errno.ENOSPC, errno.ENODEV


class Medium:
    """A folder whose ``at``-th write fails, and when it was pulled everything after it too; counts what is written."""

    def __init__(self, root: Path, at: int = 0, code: int = PULLED) -> None:
        self.root, self.at, self.code, self.count = root, at, code, 0
        self.failed: Path | None = None

    def write(self, path: object) -> None:
        if not str(path).startswith(str(self.root)):
            return
        self.count += 1
        if self.at and (self.count == self.at or (self.code == PULLED and self.count > self.at)):
            self.failed = self.failed or Path(str(path))
            raise OSError(self.code, os.strerror(self.code))


class Stream:
    """A file that tells its medium of each write."""

    def __init__(self, really: Any, medium: Medium, path: object) -> None:
        self._really, self._medium, self._path = really, medium, path

    def write(self, data: bytes) -> int:
        self._medium.write(self._path)
        return self._really.write(data)

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._really.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._really, name)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[Medium], Any]:
    """Let the program write onto a medium."""

    def put(medium: Medium) -> Any:
        patch = pytest.MonkeyPatch()
        opened, synced = io.open, os.fsync

        def open_(path: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
            if not set(mode) & set("wax"):
                return opened(path, mode, *args, **more)
            medium.write(path)
            return Stream(opened(path, mode, *args, **more), medium, path)

        def fsync(handle: int) -> None:
            medium.write(Path(f"/proc/self/fd/{handle}").readlink())
            synced(handle)

        def around(owner: Any, name: str) -> None:
            really = getattr(owner, name)

            def hooked(path: Any, *args: Any, **more: Any) -> Any:
                medium.write(path)
                return really(path, *args, **more)

            patch.setattr(owner, name, hooked)

        patch.setattr(io, "open", open_)
        patch.setattr(builtins, "open", open_)
        patch.setattr(os, "fsync", fsync)
        for owner, name in ((Path, "replace"), (Path, "rename"), (Path, "mkdir")):
            around(owner, name)
        return patch

    return put


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("office") / "template")


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Iterator[Office]:
    office = Office(Path(shutil.copytree(template, tmp_path / "office")))
    office.settle()
    with office:
        yield office


def _send(office: Office) -> None:
    office.desk.sync.send(office.stick)


def _backup(office: Office) -> None:
    backups.backup(office.desk.place, office.stick / "latest.vdbackup")


def _export(office: Office) -> None:
    ids = office.desk.lists.household_ids()
    office.desk.rosters.write_shown("households", ids, [("household.no", "户编号")], office.stick / "名单.xlsx")


def _print(office: Office) -> None:
    first = office.desk.households.all()[0].id
    printed = office.desk.papers.print("household_file", [first], "asked for")[0]
    write_whole(office.stick / "户档案.pdf", [printed.rendered.pdf])


def _reply(office: Office) -> None:
    office.hub.township.reply(office.stick)


def _restore(office: Office) -> None:
    backups.restore(office.folder / "first.vdbackup", office.stick / "台账", PASSPHRASE, datetime.now(UTC))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("code", [PULLED, FULL], ids=["pulled", "full"])
@pytest.mark.parametrize("work", [_send, _backup, _export, _print, _reply, _restore], ids=lambda work: work.__name__)
def test_at_every_write_onto_the_stick(office: Office, on: Callable[[Medium], Any], work: Any, code: int) -> None:
    before = {path.name: path.read_bytes() for path in office.stick.iterdir()}
    households = len(office.desk.households.all())
    at = 1
    while True:
        medium = Medium(office.stick, at, code)
        patch = on(medium)
        try:
            with pytest.raises(Unavailable):
                work(office)
        except pytest.fail.Exception:
            break  # every write went through
        finally:
            patch.undo()
        if not (
            medium.failed and medium.failed.is_dir()
        ):  # else all that failed was the flushing of a name given already
            named = {path.name: path.read_bytes() for path in office.stick.glob("[!.]*.*") if path.suffix != ".part"}
            assert named == before
        assert len(office.desk.households.all()) == households
        for path in office.stick.iterdir():
            if path.name not in before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        at += 1
    gc.collect()  # what the table writer left open under a file that broke off
    assert at > 4
    assert audit(office.desk.place).faults == ()
    assert len(list(office.stick.iterdir())) > len(before)


@pytest.mark.parametrize("code", [PULLED, errno.EIO], ids=["pulled", "worn"])
def test_at_every_read_of_a_file_from_the_stick(office: Office, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not read to its end is refused whole: not a line of it is in the township's history."""
    household = office.desk.households.all()[0]
    office.desk.households.save(replace(household, note="new"), "visit")
    file = office.desk.sync.send(office.stick).path
    before, at = office.received(), 1
    while True:
        with monkeypatch.context() as patch:
            medium = Medium(office.stick, at, code)
            _let_reads_fail(patch, medium)
            (result,) = office.hub.township.receive([file])
        if result.status == "accepted":
            break
        assert result.reason
        assert office.received() == before
        at += 1
    assert at > 2
    assert office.received()["received"] > before["received"]
    assert audit(office.hub.place).faults == ()


def _let_reads_fail(patch: pytest.MonkeyPatch, medium: Medium) -> None:
    opened = io.open

    class Reading(Stream):
        def read(self, *size: int) -> bytes:
            medium.write(self._path)
            return self._really.read(*size)

    def open_(path: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
        stream = opened(path, mode, *args, **more)
        return Reading(stream, medium, path) if str(path).startswith(str(medium.root)) else stream

    patch.setattr(io, "open", open_)
