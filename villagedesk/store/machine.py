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
    """What tells this file on this machine from any copy of it, also from one that took its place after a deletion."""
    return hashlib.sha256(f"{machine()}|{file.stat().st_ino}|{_generation(file)}".encode()).hexdigest()


def _generation(file: Path) -> str:
    """Linux gives a freed file number out again; its count of reuses tells the two files apart.

    NTFS has that count in the file number already.
    """
    if os.name == "nt":
        return ""
    import fcntl

    with suppress(OSError), file.open("rb") as stream:
        return fcntl.ioctl(stream.fileno(), _FILE_GENERATION, bytes(8)).hex()
    return ""
