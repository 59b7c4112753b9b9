"""Commands that keep a desk safe: backup, restore, verify, update, selftest."""

from __future__ import annotations

import argparse
import tarfile
from collections.abc import Callable
from pathlib import Path

from villagedesk.cli import passphrase
from villagedesk.commands import output
from villagedesk.commands.desks import login
from villagedesk.errors import Unreadable
from villagedesk.text import say, tr
from villagedesk.values import system_clock

Command = Callable[..., argparse.ArgumentParser]


def add(command: Command) -> None:
    """Declare the commands."""
    backup = command("backup", run_backup, tr("back up a desk or hub while it is in use"))
    backup.add_argument("desk", type=Path)
    backup.add_argument("dest", type=Path)
    restore = command("restore", run_restore, tr("restore a backup; a desk in its place is kept aside"))
    restore.add_argument("backup", type=Path)
    restore.add_argument("desk", type=Path)
    verify = command("verify", run_verify, tr("verify a desk, hub, backup or send file"))
    verify.add_argument("path", type=Path)
    update = command("update", run_update, tr("check an update from a stick and lay its installer out"))
    update.add_argument("update", type=Path)
    update.add_argument("folder", type=Path)
    command("selftest", run_selftest, tr("open every part once"))


def run_backup(arguments: argparse.Namespace) -> int:
    """``villagedesk backup``."""
    from villagedesk.services import backups
    from villagedesk.store import place

    opened = place.open_place(arguments.desk, passphrase(arguments), login())
    try:
        file = backups.backup(opened, arguments.dest, output.Progress(tr("Backing up")))
    finally:
        opened.close()
    if arguments.json:
        output.document({"backup": str(file), "bytes": file.stat().st_size})
    else:
        print(file)
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """``villagedesk restore``."""
    from villagedesk.services import backups

    aside = backups.restore(arguments.backup, arguments.desk, passphrase(arguments), system_clock())
    if arguments.json:
        output.document({"desk": str(arguments.desk), "kept_aside": str(aside) if aside else ""})
    elif aside:
        output.tell(tr("Restored. The desk that was there is kept as “{name}”.", name=aside.name))
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """``villagedesk verify``."""
    found = _verify(arguments)
    if arguments.json:
        output.document(found)
    else:
        output.lines(found.items())
    return 1 if found.get("faults") else 0


def _verify(arguments: argparse.Namespace) -> dict[str, object]:
    from villagedesk.services import backups
    from villagedesk.sync.header import SUFFIXES

    path: Path = arguments.path
    if path.is_dir():
        return _verify_place(arguments)
    if path.suffix in SUFFIXES.values():
        return _verify_file(path)
    if path.suffix == backups.SUFFIX or (path.is_file() and tarfile.is_tarfile(path)):
        return {"kind": "backup", "parts": backups.check(path), "faults": []}
    raise Unreadable(say("“{name}” is neither a desk nor a file of VillageDesk.", name=path.name))


def _verify_place(arguments: argparse.Namespace) -> dict[str, object]:
    from villagedesk.services.audit import audit
    from villagedesk.store import place

    opened = place.open_place(arguments.path, passphrase(arguments), login())
    try:
        found = audit(opened)
    finally:
        opened.close()
    plain: dict[str, object] = output.plain(found)
    return {"kind": opened.kind, **plain}


def _verify_file(path: Path) -> dict[str, object]:
    """What can be told of a send file without its key: form, length and digest."""
    import hashlib

    from villagedesk.sync.header import read_header

    with path.open("rb") as stream:
        header = read_header(stream).header
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != header.sha256:
        raise Unreadable(say("This file was damaged on the way. Copy it again, or ask the sender for it again."))
    return {"kind": header.kind, "village": header.village, "sequence": header.sequence, "faults": []}


def run_update(arguments: argparse.Namespace) -> int:
    """``villagedesk update``."""
    from villagedesk.update import take_out

    installer = take_out(arguments.update, arguments.folder)
    if arguments.json:
        output.document({"installer": str(installer)})
    else:
        print(installer)
        output.tell(
            tr("The update is genuine. Close the program, then open “{file}” to install it.", file=installer.name)
        )
    return 0


def run_selftest(arguments: argparse.Namespace) -> int:
    """``villagedesk selftest``: every part once, without a display."""
    from villagedesk.commands.selftest import PARTS

    results = {}
    for name, part in PARTS.items():
        output.tell(tr("checking {part}", part=name))
        part()
        results[name] = "ok"
    if arguments.json:
        output.document(results)
    return 0
