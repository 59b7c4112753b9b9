"""A file clicked in a folder: ``place.json`` opens its desk; what travels on sticks is told where it is taken in."""

from __future__ import annotations

from pathlib import Path

from villagedesk.text import Text, say

_DESK = "place.json"


def desk_of(path: Path) -> Path | None:
    """The desk's folder that ``path`` means; None for a file that travels."""
    if path.name == _DESK:
        return path.absolute().parent
    return None if path.is_file() else path


def begins(file: Path) -> bool:
    """Whether a travelling file is used before any desk is open."""
    return file.suffix.lower() == ".vdbackup"


def way_in(file: Path) -> Text:
    """Where in the program a travelling file is taken in, by the kind its name tells."""
    name = file.name
    match file.suffix.lower():
        case ".vdsend":
            return say("“{file}” is for the township: open the hub and take it in under “Villages”.", file=name)
        case ".vdreply" | ".vdpeer":
            return say("“{file}” is for this village: open the desk and take it in under “Exchange”.", file=name)
        case ".vdinvite":
            return say(
                "“{file}” is an invitation: open the desk and join under “Exchange”, or begin here with “Join by an "
                "invitation”.",
                file=name,
            )
        case ".vdbackup":
            return say("“{file}” is a backup: choose “Restore from a backup”.", file=name)
        case ".vdupdate":
            return say(
                "“{file}” is an update: open the desk, then Settings, “About the program”, “Open an update…”.",
                file=name,
            )
    return say("“{file}” is no file of VillageDesk.", file=name)
