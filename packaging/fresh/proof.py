"""Which commit has passed all checks on this machine, so that a release made of it need not run them once more.

Only a checkout without uncommitted changes proves anything, before the checks and after them; the note names the commit
and the locks. Any later commit, or a change of the locks, stands unproved.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fresh import python

NOTE = python.ROOT / "build" / "proved"


def stands() -> bool:
    """Whether what is checked out now, unchanged, has passed."""
    now = _state()
    return bool(now) and NOTE.is_file() and NOTE.read_text("utf-8") == now


@contextmanager
def of_commit() -> Iterator[Callable[[], None]]:
    """Gives what to call when the checks have passed; nothing is noted when the checkout changed meanwhile."""
    NOTE.unlink(missing_ok=True)
    before = _state()

    def passed() -> None:
        if before and _state() == before:
            NOTE.parent.mkdir(exist_ok=True)
            NOTE.write_text(before, "utf-8")

    yield passed


def _state() -> str:
    """The commit and the locks; nothing for a checkout with uncommitted changes, or none that git knows."""
    try:
        changed = _git("status", "--porcelain")
        commit = _git("rev-parse", "HEAD").strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
    return "" if changed else f"{commit} {python.fingerprint(python.locks('test'))}\n"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=python.ROOT, capture_output=True, text=True, check=True).stdout
