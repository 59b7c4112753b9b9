"""The clean environment installers are built in: the locked libraries by hash and nothing a developer added by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from fresh import python

ROOT = python.ROOT
BUILD = ROOT / "build"
DIST = ROOT / "dist"
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


def at_work() -> bool:
    """Whether this process already runs in the environment."""
    return Path(sys.prefix) == ENVIRONMENT


def again(words: list[str]) -> int:
    """Carry out ``words`` of packaging/installers.py inside the environment. Returns the exit status."""
    return subprocess.call([str(ensure()), str(ROOT / "packaging" / "installers.py"), *words])


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


def call(words: list[str], **variables: str) -> None:
    """Run a command in the checkout with ``variables`` added. Raises CalledProcessError when it fails."""
    subprocess.run(words, cwd=ROOT, env={**os.environ, **variables}, check=True)
