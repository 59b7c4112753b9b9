"""On what kind of disk a folder lies: the live database belongs on the computer's own (TECH §3.3).

Sticks lie about what they have written, and a share lets two machines in at once. What cannot be told counts as own.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from villagedesk.errors import Refused, Usage
from villagedesk.text import say

OWN, STICK, NETWORK = "own", "stick", "network"

_MOUNTS = Path("/proc/self/mounts")
_BLOCKS = Path("/sys/class/block")
_SHARES = frozenset(
    (
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "9p",
        "ncpfs",
        "fuse.sshfs",
        "fuse.davfs",
        "davfs",
        "fuse.gvfsd-fuse",
    )
)
_CARRIED = frozenset(("vfat", "exfat", "msdos", "fuse.exfat"))
_DRIVE_REMOVABLE, _DRIVE_REMOTE = 2, 4  # GetDriveTypeW


def demand_folder(folder: Path) -> None:
    """Raise Usage when ``folder`` is no path but the address of a database server."""
    if folder.parts and folder.parts[0].partition(":")[0].partition("+")[0] in {"postgresql", "postgres"}:
        raise Usage(
            say(
                "This is the address of a database server. Give the folder of the hub here, which keeps its keys and "
                "knows the address. A new hub is given the address with --database."
            )
        )


def demand_own_disk(folder: Path) -> None:
    """Raise Refused when ``folder`` lies on a stick or a share."""
    kind = kind_of(folder)
    if kind == NETWORK:
        raise Refused(say("A desk cannot lie on a network drive. Choose a folder on this computer's own disk."))
    if kind == STICK:
        raise Refused(
            say("A desk cannot lie on a stick: sticks lose what they say is saved. Choose this computer's own disk.")
        )


def kind_of(folder: Path) -> str:
    """:data:`OWN`, :data:`STICK` or :data:`NETWORK`, by the nearest folder there is."""
    there = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    return _on_windows(there) if os.name == "nt" else _on_linux(there)


def _on_linux(folder: Path) -> str:
    try:
        mounts = [line.split(" ")[:3] for line in _MOUNTS.read_text("utf-8", "replace").splitlines()]
    except OSError:
        return OWN
    above = {str(path) for path in (folder, *folder.parents)}
    here = [mount for mount in mounts if _plain(mount[1]) in above]
    if not here:
        return OWN
    source, _, system = max(reversed(here), key=lambda mount: len(mount[1]))
    if system in _SHARES:
        return NETWORK
    return STICK if system in _CARRIED or _removable(Path(source).name) else OWN


def _plain(mounted: str) -> str:
    """The kernel writes blanks of a path as octal."""
    return mounted.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")


def _removable(device: str) -> bool:
    """Whether the whole disk that a partition belongs to says it can be taken out."""
    try:
        block = (_BLOCKS / device).resolve(strict=True)
        disk = block if (block / "removable").exists() else block.parent
        return (disk / "removable").read_text().strip() == "1"
    except OSError:
        return False


def _on_windows(folder: Path) -> str:
    import ctypes

    library: Any = ctypes
    found = library.windll.kernel32.GetDriveTypeW(str(Path(folder.anchor)))
    return {_DRIVE_REMOVABLE: STICK, _DRIVE_REMOTE: NETWORK}.get(int(found), OWN)
