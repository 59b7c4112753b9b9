"""The clean environment installers are built in: the locked libraries by hash and nothing a developer added by hand."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from fresh import python

ROOT = python.ROOT
BUILD = ROOT / "build"
DIST = ROOT / "dist"
SOURCE = BUILD / "source"
"""The commit that is built: what somebody is just typing in the checkout goes into no installer."""

ENVIRONMENT = BUILD / "environment"
LOCKS = [ROOT / "packaging" / name for name in ("requirements.lock", "requirements-release.lock")]


def ensure() -> Path:
    """Its Python, after making it hold exactly what the locks say. Raises Stop when a library cannot be had."""
    stamp = ENVIRONMENT / "ready-release"
    if not (stamp.is_file() and stamp.read_text() == python.fingerprint(LOCKS)):
        python.make(ENVIRONMENT)
        python.obtain([str(interpreter()), python.pip(), "install", *python.exactly(LOCKS), *from_stick()])
        stamp.write_text(python.fingerprint(LOCKS))
    return interpreter()


def take_source() -> Path:
    """Lay out the committed files anew; returns their folder. Of a release, Linux and Windows take the same commit."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    SOURCE.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", commit()], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(SOURCE, filter="data")
    return SOURCE


def commit() -> str:
    """The commit that is built: the one told by SOURCE_COMMIT, or what is checked out."""
    return (
        os.environ.get("SOURCE_COMMIT")
        or subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
    )


def at_work() -> bool:
    """Whether this process already runs in the environment."""
    return Path(sys.prefix) == ENVIRONMENT


def again(words: list[str]) -> int:
    """Carry out ``words`` of packaging/installers.py inside the environment. Returns the exit status.

    The commit and its time are told once: a commit made meanwhile changes nothing.
    """
    from release.version import epoch

    told = {**os.environ, "SOURCE_COMMIT": commit(), "SOURCE_DATE_EPOCH": str(epoch())}
    return subprocess.call([str(ensure()), str(ROOT / "packaging" / "installers.py"), *words], env=told)


def interpreter() -> Path:
    """Where its Python lies."""
    return python.interpreter(ENVIRONMENT)


def libraries() -> Path:
    """Where its libraries lie."""
    return python.libraries(ENVIRONMENT)


def from_stick() -> list[str]:
    """The options of pip when the folder ``wheels`` of a stick replaces the network."""
    filled = python.STICK.is_dir() and any(python.STICK.iterdir())
    return ["--no-index", "--find-links", str(python.STICK)] if filled else []


def call(words: list[str], folder: Path = ROOT, **variables: str) -> None:
    """Run a command in ``folder`` with ``variables`` added. Raises CalledProcessError when it fails."""
    subprocess.run(words, cwd=folder, env={**os.environ, **variables}, check=True)
