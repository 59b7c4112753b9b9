"""Copying the folder of a desk at work, against the program's own backup.

    python -m tests.reliability.naive --trials 200

A child saves without pause; the parent copies, and opens the copy.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.reliability.work import PASSPHRASE, Office, prepare
from villagedesk.desk import Desk, open_desk
from villagedesk.errors import VillageDeskError
from villagedesk.services import backups
from villagedesk.services.audit import audit

Copy = Callable[[Path, Path], None]


def _write_on(folder: Path, out: int) -> None:
    with Office(folder) as office:
        row = office.desk.households.all()[0].id
        for number in range(1_000_000):
            with office.desk.place.store.work("household.save", "visit") as work:
                work.put("household", office.desk.site.village, {"note": f"{number:08}" * 300}, row)
            os.write(out, b"%d\n" % number)
            if (folder / "ask").exists():
                (folder / "ask").unlink()
                backups.backup(office.desk.place, folder / "ours.vdbackup")
                os.write(out, b"backed up\n")


def _verdict(opened: Callable[[], Desk], acknowledged: int) -> str:
    try:
        with opened() as desk:
            if audit(desk.place).faults:
                return "damaged"
            note = desk.households.get(desk.households.all()[0].id).note
            behind = acknowledged - (int(note[:8]) if note else -1)
            return "lost acknowledged saves" if behind > 0 else "whole and current"
    except VillageDeskError:
        return "does not open"


def _acknowledged(heard: int, data: bytes) -> tuple[int, bytes]:
    """The last save the child has told of, after reading all it said so far."""
    os.set_blocking(heard, False)
    try:
        while piece := os.read(heard, 1 << 16):
            data += piece
    except BlockingIOError:
        pass
    finally:
        os.set_blocking(heard, True)
    numbers = [int(line) for line in data.split(b"\n")[:-1] if line.isdigit()]
    return (numbers[-1] if numbers else -1), data


def trial(folder: Path) -> dict[str, str]:
    """One copy of each kind of one desk at work."""
    heard, said = os.pipe()
    pid = os.fork()
    if not pid:
        _write_on(folder, said)
    os.close(said)
    try:
        data = b""
        while data.count(b"\n") < 20:
            data += os.read(heard, 1 << 12)
        found = {}
        for name, copy in KINDS.items():
            last, data = _acknowledged(heard, data)
            target = folder / name.replace(" ", "-")
            copy(folder / "desk", target)
            found[name] = _verdict(lambda target=target: open_desk(target, PASSPHRASE), last)
        last, data = _acknowledged(heard, data)
        (folder / "ask").touch()
        while b"backed up\n" not in data:
            data += os.read(heard, 1 << 12)
        backups.restore(folder / "ours.vdbackup", folder / "ours", PASSPHRASE, datetime.now(UTC))
        found["backup of the program"] = _verdict(lambda: open_desk(folder / "ours", PASSPHRASE), last)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(heard)
    return found


def _database_only(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("desk.db-*", "ballast", "lock"))


def _folder(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("ballast", "lock", "desk.db-shm"))


KINDS: dict[str, Copy] = {"copy of the database file": _database_only, "copy of the whole folder": _folder}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=200)
    trials = parser.parse_args().trials
    tally: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory(prefix="naive-") as folder:
        template = prepare(Path(folder) / "template")
        for _ in range(trials):
            now = Path(shutil.copytree(template, Path(folder) / "now"))
            tally.update(trial(now).items())
            shutil.rmtree(now)
    for (kind, verdict), count in sorted(tally.items()):
        print(f"| {kind} | {verdict} | {count} |")


if __name__ == "__main__":
    main()
