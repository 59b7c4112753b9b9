"""One program at a time in a desk: a lock file that names process and machine, and can be taken over when stale."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from villagedesk.errors import Unavailable
from villagedesk.text import say


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the folder while the block runs. Raises Unavailable when a living program holds it."""
    file = take(folder)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def take(folder: Path) -> Path:
    """Write the lock file; a lock left by a process of this machine that is gone is taken over."""
    file = folder / "lock"
    me = json.dumps({"pid": os.getpid(), "host": platform.node()})
    for _ in range(2):
        try:
            with file.open("x", encoding="utf-8") as stream:
                stream.write(me)
        except FileExistsError:
            _clear_stale(file)
        except OSError as error:
            raise Unavailable(say("The desk's folder cannot be written. Check the folder's permissions.")) from error
        else:
            return file
    raise Unavailable(say("This desk is open in another window. Close it there first."))


def _clear_stale(file: Path) -> None:
    try:
        holder = json.loads(file.read_text("utf-8"))
        host, pid = str(holder["host"]), int(holder["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        file.unlink(missing_ok=True)
        return
    if host != platform.node():
        raise Unavailable(say("This desk is open on the computer {host}. Close it there first.", host=host))
    if pid == os.getpid() or _alive(pid):
        raise Unavailable(say("This desk is open in another window. Close it there first."))
    file.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    if os.name == "nt":
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _alive_on_windows(pid: int) -> bool:
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, pid)
    if handle:
        kernel.CloseHandle(handle)
    return bool(handle)
