"""What tells this machine, and one file on its disk, from others: for locks and for incarnations."""

from __future__ import annotations

import hashlib
import os
import uuid
from contextlib import suppress
from pathlib import Path

_FILE_GENERATION = 0x80087601
"""The question FS_IOC_GETVERSION of Linux on 64-bit machines."""


def machine() -> str:
    """A digest that stays the same on this machine and tells nothing about it."""
    written = Path("/etc/machine-id")
    name = written.read_text("ascii").strip() if written.is_file() else f"{uuid.getnode():x}"
    return hashlib.sha256(f"villagedesk-machine-v1|{name}".encode()).hexdigest()


def fingerprint(file: Path) -> str:
    """What tells this file on this machine from any copy of it, also from one that took its place after a deletion.

    A disk gives a freed file number out again. Linux counts that; elsewhere the birth of the label beside the file,
    which is never written again, tells the two apart.
    """
    used = _times_used(file) or str(file.with_name("place.json").stat().st_ctime_ns)
    return hashlib.sha256(f"{machine()}|{file.stat().st_ino}|{used}".encode()).hexdigest()


def _times_used(file: Path) -> str:
    """The generation of the file's number, "" where the system does not tell."""
    if os.name == "nt":
        return ""
    import fcntl

    with suppress(OSError), file.open("rb") as stream:
        return fcntl.ioctl(stream.fileno(), _FILE_GENERATION, bytes(8)).hex()
    return ""
