"""Files that are there whole or not at all, on a disk or on a stick (TECH §3.3).

Sticks lie about what they hold, so a file for the road is read back before it gets its name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from villagedesk.errors import Unavailable, Unreadable
from villagedesk.text import Text, say

_CHUNK = 1 << 20
_HELD = (5, 32)  # access denied, sharing violation
_PATIENCE = 2.0  # seconds


def write_whole(path: Path, chunks: Iterable[bytes], *, read_back: bool = False) -> str:
    """Write ``path`` under a passing name, flush it to the medium, then give it its name; the old file stays till then.

    ``read_back`` opens the file again and compares it before naming it: for sticks. Returns the SHA-256, in hex.
    Raises Unavailable when the place is full, write-protected, gone, or does not keep what was written.
    """
    part = path.with_name(path.name + ".part")
    with refusals(path):
        try:
            digest = _write(part, chunks)
            if read_back and _digest_on_medium(part) != digest:
                raise Unavailable(say("“{name}” reads back differently. Use another stick.", name=path.name))
            _give_name(part, path)
            sync_folder(path.parent)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return digest


def name_whole(part: Path, path: Path) -> None:
    """Flush a finished file to the medium and give it its name, over an older one. Raises OSError."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    _give_name(part, path)
    sync_folder(path.parent)


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turns what the machine says about writing ``path`` into a sentence with its remedy."""
    try:
        yield
    except OSError as error:
        raise Unavailable(_sentence(error, path)) from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns a file the machine will not hand out into a sentence with its remedy."""
    try:
        yield
    except OSError as error:
        raise Unreadable(say("“{name}” cannot be opened. Copy it again.", name=path.name)) from error


def make_folder(folder: Path) -> None:
    """Make ``folder`` and what lacks above it, each with a name that survives a power cut."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_tree(folder: Path) -> None:
    """Make every name below ``folder`` survive a power cut; the files' content is flushed already."""
    for inner, _, _ in os.walk(folder, topdown=False):
        sync_folder(Path(inner))


def sync_folder(folder: Path) -> None:
    """Make names given in ``folder`` survive a power cut. Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems have nothing to flush for a folder
            raise
    finally:
        os.close(handle)


def _give_name(part: Path, path: Path) -> None:
    """Rename over the old file; a virus scanner that looks into either of them on Windows is waited for."""
    patience = time.monotonic() + _PATIENCE
    while True:
        try:
            part.replace(path)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD or time.monotonic() > patience:
                raise
            time.sleep(0.05)
        else:
            return


def _write(part: Path, chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    with part.open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
            digest.update(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _digest_on_medium(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        _forget_cache(stream)
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _forget_cache(stream: IO[bytes]) -> None:
    """Ask for the bytes on the medium, not the copy in memory, where the system can be asked."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def is_full(error: OSError) -> bool:
    """Whether there is no room left."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def _sentence(error: OSError, path: Path) -> Text:
    place = path.parent.name or str(path.parent)
    if is_full(error):
        return say("There is no room left in “{place}”. Free some space or use another stick.", place=place)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return say("“{place}” cannot be written to. Remove its write protection or choose another folder.", place=place)
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO):
        return say("“{place}” is not there. Plug the stick in again or choose another folder.", place=place)
    return say("Writing “{name}” failed. Nothing was changed. Try again or use another stick.", name=path.name)
