"""A PostgreSQL server of our own for the run: in a passing folder, on a socket, nobody else reaches it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_BINARIES = "/usr/lib/postgresql/*/bin/initdb"


@dataclass
class Server:
    """A running server; each call of ``fresh`` gives the address of an empty database."""

    folder: Path
    binaries: Path
    numbers: count

    def fresh(self) -> str:
        name = f"hub{next(self.numbers)}"
        command = [self.binaries / "createdb", "-h", self.folder, "-U", "postgres", name]
        subprocess.run(command, check=True, capture_output=True)
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"


def programs() -> list[Path]:
    """Where ``initdb`` lies, the newest version last; none without Debian's package."""
    return sorted(Path("/").glob(_BINARIES[1:]))


@contextmanager
def started() -> Iterator[Server]:
    """A server for as long as the block lasts."""
    found = programs()
    folder = Path(tempfile.mkdtemp(prefix="vdpg", dir="/tmp"))
    made = Server(folder, found[-1].parent, count(1))
    as_user = _given_to_postgres(folder)
    data, log = folder / "data", folder / "log"
    _run(as_user, found[-1], "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=30"
    _run(as_user, made.binaries / "pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
    try:
        yield made
    finally:
        _run(as_user, made.binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
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
