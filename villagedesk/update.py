"""Updates by stick: a signed file around an installer, and a copy of the desk before a new version first opens it.

A ``.vdupdate`` is line 1, canonical JSON (format, version, machine, name, length and SHA-256 of the installer); line 2,
an Ed25519 signature over it in hex; then the installer. Nothing of it is believed before the signature is checked with
the key in ``resources/update/public-key``, whose other half never leaves the release engineer.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from villagedesk import __version__, resources
from villagedesk.durable import reading, refusals, sync_folder, write_whole
from villagedesk.errors import Refused, Unreadable
from villagedesk.store import lock
from villagedesk.store.release import NOTE, noted
from villagedesk.sync.keys import check_signature
from villagedesk.sync.untrusted import canonical, parse
from villagedesk.text import say

FORMAT = "villagedesk-update"
SUFFIX = ".vdupdate"
SIGNED = b"villagedesk-update-v1"
_VERSION = r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}"
_NAME = r"[0-9a-z][0-9A-Za-z._-]{0,99}"
_MACHINE = "[a-z0-9_-]{1,40}"
_LONGEST_LINE = 4096
_LARGEST = 1 << 30
_OLDEST = "0.0.0"  # a desk without a note is older than any
_CHUNK = 1 << 20
_FOREIGN = say("This is not an update of VillageDesk. Nothing was changed.")
_FORGED = say("This update was not made by the makers of the program, or was altered. Do not install it.")


@dataclass(frozen=True)
class Offer:
    """What an update brings: ``version``, the kind of ``machine`` it is for, and its installer (bytes, hex digest)."""

    version: str
    machine: str
    name: str
    length: int
    sha256: str

    def line(self) -> bytes:
        """The signed line."""
        return canonical({"format": FORMAT, **self.__dict__})


def built_in_key() -> bytes:
    """The public key that signs updates of this program."""
    return bytes.fromhex(resources.path("update", "public-key").read_text("ascii").split()[-1])


def this_machine() -> str:
    """The kind of this machine: ``linux-x86_64``, ``linux-aarch64``, ``windows-amd64``."""
    system = {"win32": "windows", "darwin": "mac"}.get(sys.platform, sys.platform)
    return f"{system}-{platform.machine().lower()}"


def look_into(file: Path, *, machine: str = "", key: bytes = b"", running: str = __version__) -> Offer:
    """What a signed update offers; every byte of it is checked. ``machine`` and ``key`` are given by tests only.

    Raises Unreadable when it is foreign, forged or damaged, Refused when it is for another kind of machine or is not
    newer than the ``running`` version.
    """
    with reading(file), file.open("rb") as stream:
        offer = _signed(stream, key or built_in_key())
        digest, length = hashlib.sha256(), 0
        for chunk in _chunks(stream):
            digest.update(chunk)
            length += len(chunk)
    if (length, digest.hexdigest()) != (offer.length, offer.sha256):
        raise Unreadable(say("This update was damaged on the way. Copy it to the stick again."))
    _refuse(offer, machine or this_machine(), running)
    return offer


def take_out(file: Path, folder: Path, *, machine: str = "", key: bytes = b"", running: str = __version__) -> Path:
    """Check an update as :func:`look_into` does and put its installer into ``folder``; returns it, ready to start."""
    offer = look_into(file, machine=machine, key=key, running=running)
    target = folder / offer.name
    with reading(file), file.open("rb") as stream:
        _signed(stream, key or built_in_key())
        if write_whole(target, _chunks(stream)) != offer.sha256:
            target.unlink()
            raise Unreadable(say("This update was damaged on the way. Copy it to the stick again."))
    return target


def note_version(folder: Path, running: str = __version__) -> None:
    """Note which version of the program a desk or hub belongs to."""
    write_whole(folder / NOTE, [f"{running}\n".encode("ascii")])


def keep_before(folder: Path, running: str = __version__, *, take_over: bool = False) -> Path | None:
    """Copy a desk or hub aside when ``running`` is newer than what last opened it; to be called before opening.

    The copy, ``before-VERSION`` in the desk's folder, is itself a desk: opened with the same passphrase, it shows what
    was there. It replaces the copy of the version before. Returns it, or None when there is nothing to do. Raises
    Unavailable when there is no room: then nothing was changed and the desk is as it was.
    """
    if not (folder / "desk.db").is_file() or _number(noted(folder) or _OLDEST) >= _number(running):
        return None
    target = folder / f"before-{running}"
    held = lock.take(folder, take_over=take_over)
    try:
        with refusals(target):
            _copy(folder, target)
            note_version(folder, running)
            for older in folder.glob("before-*"):
                if older != target:
                    shutil.rmtree(older)
    finally:
        held.release()
    return target


def _signed(stream: IO[bytes], key: bytes) -> Offer:
    line, signature = (stream.readline(_LONGEST_LINE).removesuffix(b"\n") for _ in range(2))
    raw = parse(line, _FOREIGN)
    if not raw.same("format", FORMAT) or not re.fullmatch(rb"[0-9a-f]{128}", signature):
        raw.refuse()
    check_signature(key, SIGNED, line, bytes.fromhex(signature.decode("ascii")), _FORGED)
    return Offer(
        raw.matching("version", _VERSION),
        raw.matching("machine", _MACHINE),
        raw.matching("name", _NAME),
        raw.number("length", _LARGEST),
        raw.octets("sha256", 32).hex(),
    )


def _refuse(offer: Offer, machine: str, running: str) -> None:
    if offer.machine != machine:
        raise Refused(
            say(
                "This update is for another kind of computer ({machine}). Take the one for yours.",
                machine=offer.machine,
            )
        )
    if _number(offer.version) < _number(running):
        raise Refused(
            say(
                "This computer already has version {running}; the stick holds the older {offered}. An older program "
                "may not open a newer desk, so it is not installed.",
                running=running,
                offered=offer.version,
            )
        )
    if offer.version == running:
        raise Refused(say("This computer already has version {running}. There is nothing to install.", running=running))


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _copy(folder: Path, target: Path) -> None:
    """Everything encrypted, under a passing name until it is whole. Attachments never change, so links will do."""
    part = folder / ".before.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for name in ("place.json", "vault.json", "desk.db", "desk.db-wal"):
        if (folder / name).is_file():
            write_whole(part / name, _file(folder / name))
    if (folder / "attachments").is_dir():
        shutil.copytree(folder / "attachments", part / "attachments", copy_function=_link)
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)
    sync_folder(folder)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # sticks and some network folders know no links
        shutil.copyfile(source, target)


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from _chunks(stream)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
