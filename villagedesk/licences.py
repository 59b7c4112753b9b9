"""What the program is made of and under which licences, for the window and for whoever hands it on.

``resources/licences`` is written by ``packaging/installers.py licences`` from the locked libraries.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from villagedesk import resources
from villagedesk.errors import Unreadable
from villagedesk.text import say


@dataclass(frozen=True)
class Part:
    """One part of somebody else's: its licence by SPDX, what must be told about it, and where the text lies."""

    name: str
    version: str
    licence: str
    notice: str
    text: str


@lru_cache
def parts() -> tuple[Part, ...]:
    """Every part the installers carry, by name. Raises Unreadable when the list is damaged."""
    try:
        said = tomllib.loads(resources.path("licences", "index.toml").read_text("utf-8"))
        return tuple(Part(**entry) for entry in said["part"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(_DAMAGED) from error


def text_of(part: Part) -> str:
    """The licence of a part as its authors wrote it. Raises Unreadable when the text is missing."""
    try:
        return resources.path(*part.text.split("/")).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(_DAMAGED) from error


_DAMAGED = say("The list of licences is damaged. Install the program again.")
