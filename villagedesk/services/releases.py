"""Files of a later release of the program: the refusal names the release, so that people know which one to install."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from villagedesk import __version__
from villagedesk.errors import Newer, Unreadable
from villagedesk.text import say


@contextmanager
def naming_release(program: str) -> Iterator[None]:
    """Say which release wrote what cannot be read here; ``program`` is what the file's outside says of it."""
    try:
        yield
    except Newer as newer:
        if program in {"", __version__}:
            raise
        raise Unreadable(
            say("This file was written by version {program} of the program, this one is {own}. Update this one to that "
                "version first.", program=program, own=__version__)
        ) from newer  # fmt: skip
