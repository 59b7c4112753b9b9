"""Room kept back on the disk, given up when it fills, so that one more save goes through (TECH §3.4)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

SIZE = 16 << 20
"""Bytes: a full write-ahead log and a day's typing."""

_NAME = "ballast"
_PIECE = bytes(1 << 20)


def lay(folder: Path) -> None:
    """Keep the room while the desk is open. A disk that has none to spare is no reason not to open."""
    with suppress(OSError):
        try:
            _fill(folder / _NAME)
        except OSError:
            give_up(folder)


def give_up(folder: Path) -> None:
    """Hand the room back."""
    with suppress(OSError):
        (folder / _NAME).unlink(missing_ok=True)


def _fill(file: Path) -> None:
    with file.open("wb") as stream:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(stream.fileno(), 0, SIZE)
        else:
            for _ in range(SIZE // len(_PIECE)):
                stream.write(_PIECE)
