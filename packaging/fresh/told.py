"""What the set-up says: one line, Chinese and English, and an end without a traceback."""

from __future__ import annotations

import sys

MACHINE_FAILED = 4  # the exit status of the program's own command line for the same blame


class Stop(Exception):
    """The set-up cannot go on; the line says what to type."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} / {english}")


def tell(chinese: str, english: str) -> None:
    """One line in both languages; nobody has chosen one yet."""
    print(f"{chinese} / {english}", flush=True)


def any_terminal() -> None:
    """A terminal that cannot show Chinese shows question marks instead of stopping the set-up."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
