"""Which release of the program a desk or hub was written by: whoever cannot open it says which one to install."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from villagedesk import __version__
from villagedesk.errors import Unreadable
from villagedesk.text import say

if TYPE_CHECKING:
    from sqlalchemy import Connection

NOTE = "program-version"
"""The file in the folder that names the release which opened it last."""

_RELEASE = r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}"
_WRITER = "program"  # the setting, for copies and backups, which have no note


def noted(folder: Path) -> str:
    """The release noted in a folder, "" where none is."""
    try:
        return _release((folder / NOTE).read_text("ascii").strip())
    except (OSError, UnicodeDecodeError):
        return ""


def note_writer(connection: Connection) -> None:
    """Note in a database that this release made or changed its tables."""
    from villagedesk.store.settings import write_setting  # not with the vault, which is read before all else

    write_setting(connection, _WRITER, __version__)


def writer_of(connection: Connection) -> str:
    """The release that made or changed the tables last, "" where it is not to be read."""
    from sqlalchemy.exc import DBAPIError

    from villagedesk.store.settings import read_setting

    try:
        return _release(str(read_setting(connection, _WRITER, "")))
    except DBAPIError:
        return ""


def newer_desk(program: str) -> Unreadable:
    """The refusal of a desk or hub that the release ``program`` wrote, "" when nobody knows which."""
    if program in {"", __version__}:
        return Unreadable(say("This desk was written by a newer version of the program. Update the program first."))
    return Unreadable(
        say("This desk was written by version {program} of the program, this one is {own}. Update this one to that "
            "version first; nothing in the desk was changed.", program=program, own=__version__)
    )  # fmt: skip


def _release(said: str) -> str:
    return said if re.fullmatch(_RELEASE, said, re.ASCII) else ""
