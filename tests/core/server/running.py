"""A PostgreSQL server of our own for the run: in a passing folder, on a socket, nobody else reaches it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

_BINARIES = "/usr/lib/postgresql/*/bin/initdb"


@dataclass
class Server:
    """A running server; each call of ``fresh`` gives the address of an empty database.

    ``stop`` is the plug pulled: nobody's work is waited for. ``start`` brings it back with the same databases.
    """

    folder: Path
    binaries: Path
    numbers: count
    start: Callable[[], None]
    stop: Callable[[], None]

    def fresh(self) -> str:
        name = f"hub{next(self.numbers)}"
        command = [self.binaries / "createdb", "-h", self.folder, "-U", "postgres", name]
        subprocess.run(command, check=True, capture_output=True)
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def spent(self) -> float:
        """Seconds of processor time that all processes of the server have taken so far."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # one that has just ended, and is now counted by the first
                pid, said = int(path.parent.name), path.read_text().rpartition(")")[2].split()
                if first in {pid, int(said[1])}:
                    ticks += sum(map(int, said[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")


def programs() -> list[Path]:
    """Where ``initdb`` lies, the newest version last; none without Debian's package."""
    return sorted(Path("/").glob(_BINARIES[1:]))


@contextmanager
def started() -> Iterator[Server]:
    """A server for as long as the block lasts."""
    found = programs()
    folder = Path(tempfile.mkdtemp(prefix="vdpg", dir="/tmp"))
    as_user = _given_to_postgres(folder)
    data, log = folder / "data", folder / "log"
    _run(as_user, found[-1], "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=30"
    control = partial(_run, as_user, found[-1].parent / "pg_ctl", "-D", data)
    start = partial(control, "-w", "-l", log, "-o", options, "start")
    stop = partial(control, "-m", "immediate", "stop")
    start()
    try:
        yield Server(folder, found[-1].parent, count(1), start, stop)
    finally:
        stop()
        shutil.rmtree(folder, ignore_errors=True)


def _given_to_postgres(folder: Path) -> list[str]:
    """The server refuses to run as root: then it runs as the user that its package made."""
    if os.geteuid():
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o755)
    return ["runuser", "-u", "postgres", "--"]


def _run(before: list[str], *words: object) -> None:
    quiet = subprocess.DEVNULL  # a pipe would wait for the server, which inherits it
    subprocess.run([*before, *map(str, words)], cwd="/", stdout=quiet, stderr=quiet, check=True)
