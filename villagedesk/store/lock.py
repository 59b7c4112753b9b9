"""One program at a time in a desk: the system's own lock on a file that names process and machine.

The system lets go of the lock when its holder dies, so a power cut leaves nothing to clear. What the file says tells
people who holds it, and stops a second machine where the folder is reached from both (a stick, a share).
"""

from __future__ import annotations

import errno
import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from villagedesk.durable import is_full
from villagedesk.errors import OpenElsewhere, Unavailable
from villagedesk.store.machine import machine
from villagedesk.text import say

LOCK_NAME = "lock"
_BEYOND = 1 << 20  # the byte that is locked on Windows, where a locked byte cannot be read
_BUSY = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


@dataclass(frozen=True)
class Held:
    """A folder that is ours until released, or until this process ends, however it ends."""

    stream: IO[bytes]

    @property
    def released(self) -> bool:
        """Whether others may be in by now."""
        return self.stream.closed

    def release(self) -> None:
        """Let others in. The file stays, empty: a file that vanishes under its lock lets two in."""
        with self.stream:
            self.stream.truncate(0)


def take(folder: Path, *, take_over: bool = False) -> Held:
    """Hold the folder.

    ``take_over`` is a person's word that the other machine named by OpenElsewhere is not at work here any more; a
    living program of this machine is never pushed aside. Raises Unavailable.
    """
    try:
        stream = os.fdopen(os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
    except OSError as error:
        raise _unwritable(error) from error
    try:
        _seize(stream.fileno())
        if not take_over:
            _refuse_other_machine(stream)
        _sign(stream)
    except BaseException:
        stream.close()
        raise
    return Held(stream)


def _seize(handle: int) -> None:
    try:
        if os.name == "nt":
            _seize_on_windows(handle)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            raise Unavailable(say("This desk is open in another window. Close it there first.")) from error
        raise Unavailable(
            say("This folder cannot be locked: it may lie on the network. Move the desk to this computer's own disk.")
        ) from error


def _seize_on_windows(handle: int) -> None:
    import msvcrt

    windows: Any = msvcrt
    os.lseek(handle, _BEYOND, os.SEEK_SET)
    windows.locking(handle, windows.LK_NBLCK, 1)


def _refuse_other_machine(stream: IO[bytes]) -> None:
    """Raise OpenElsewhere when another machine signed and never released. Scribble is nobody."""
    stream.seek(0)
    try:
        said = json.loads(stream.read(4096))
        where, host = said["machine"], str(said["host"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    if where != machine():
        raise OpenElsewhere(host)


def _unwritable(error: OSError) -> Unavailable:
    if is_full(error):
        return Unavailable(say("The disk is full. Free some space, then open the desk again; nothing is lost."))
    return Unavailable(say("The desk's folder cannot be written. Check the folder's permissions."))


def _sign(stream: IO[bytes]) -> None:
    said = {"machine": machine(), "host": platform.node(), "pid": os.getpid()}
    try:
        stream.truncate(0)
        stream.seek(0)
        stream.write(json.dumps(said).encode())
    except OSError as error:
        raise _unwritable(error) from error
