"""What tells one stick from another: a mark on it, so that an empty folder is not taken for the stick (PEERS §2.42).

The mark says nothing of a village or person: a random id. The desk keeps the id of the stick it wrote to last.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Literal

from villagedesk.durable import write_whole
from villagedesk.errors import Unavailable
from villagedesk.store.store import Store

MARK = "villagedesk-stick.txt"
Target = Literal["first", "same", "other", "unmarked"]
"""``unmarked``: the folder has no mark although a marked stick was used before; perhaps the stick is not plugged in."""

_LONGEST = 200
_ID = re.compile("[0-9A-Za-z_-]{1,64}")


def target_of(folder: Path, store: Store) -> Target:
    """What a folder is to a desk that is about to write into it."""
    known, found = str(store.setting("stick", "")), _mark(folder)
    if not known:
        return "first"
    return "unmarked" if not found else "same" if found == known else "other"


def mark_stick(folder: Path, store: Store) -> None:
    """Remember this stick, and mark it where it has no mark. A stick that refuses the mark is used without."""
    mark = _mark(folder)
    if not mark:
        mark = store.ids()
        with suppress(Unavailable):
            write_whole(folder / MARK, [f"{mark}\n".encode()])
    store.keep_setting("stick", mark)


def _mark(folder: Path) -> str:
    try:
        with (folder / MARK).open("rb") as stream:
            said = stream.read(_LONGEST).decode("ascii", "replace").strip()
    except OSError:
        return ""
    return said if _ID.fullmatch(said) else ""
