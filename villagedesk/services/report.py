"""A report of a problem for whoever mends the program: versions, machine, where it went wrong. Nobody's data.

It is a text the user reads before he gives it away; nothing is sent. Of an error it names types and places in our own
sources, and the source text of a sentence without what was filled in: values, paths and passphrases never get here.
"""

from __future__ import annotations

import platform
import sys
import traceback
from importlib import metadata
from pathlib import Path

import villagedesk
from villagedesk.errors import VillageDeskError
from villagedesk.store.migrations import SCHEMA
from villagedesk.store.place import Place
from villagedesk.text import is_ours

_PARTS = ("PySide6-Essentials", "SQLAlchemy", "sqlcipher3", "cryptography", "pyrage", "reportlab", "pikepdf", "pillow")
_HOME = Path(villagedesk.__file__).resolve().parent.parent


def report(error: BaseException | None = None, place: Place | None = None) -> str:
    """The report, ready to be shown. ``place`` adds the size of the desk in round figures, ``error`` what happened."""
    lines = [f"VillageDesk {villagedesk.__version__}, schema {SCHEMA}", *_machine(), *_parts()]
    if place is not None:
        lines += ["", *_size(place)]
    if error is not None:
        lines += ["", *_story(error)]
    return "\n".join(lines) + "\n"


def _machine() -> list[str]:
    return [
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}, {platform.machine()}",
        f"frozen: {bool(getattr(sys, 'frozen', False))}",
    ]


def _parts() -> list[str]:
    return [f"{name} {_version(name)}" for name in _PARTS]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "-"


def _size(place: Place) -> list[str]:
    """Orders of magnitude: an exact count could name a village."""
    files = [path for path in place.folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    return [f"{place.kind}: {len(str(size))} digits of bytes, {len(str(len(files)))} digits of files"]


def _story(error: BaseException) -> list[str]:
    lines: list[str] = []
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        source = f": {now.text.source}" if isinstance(now, VillageDeskError) and is_ours(now.text.source) else ""
        lines.append(f"{type(now).__module__}.{type(now).__qualname__}{source}")
        lines += [f"  {place}" for place in _places(now)]
        now = now.__cause__ or now.__context__
    return lines


def _places(error: BaseException) -> list[str]:
    """Where it passed through our sources, Python's and the libraries'; of what lies anywhere else only that it did."""
    found = []
    for frame, line in traceback.walk_tb(error.__traceback__):
        where = _where(Path(frame.f_code.co_filename))
        found.append(f"{where}:{line} {frame.f_code.co_name}" if where else "(elsewhere)")
    return found


def _where(file: Path) -> str:
    """A file within what is installed; "" for another one: its name may be somebody's."""
    if "site-packages" in file.parts:
        return "/".join(file.parts[file.parts.index("site-packages") + 1 :])
    for home in (_HOME, Path(traceback.__file__).resolve().parent):
        if file.is_relative_to(home):
            return file.relative_to(home).as_posix()
    if file.parts[:1] in {("ui",), ("villagedesk",)}:  # as the installed program names its parts
        return file.as_posix()
    return file.name if file.name.startswith("<frozen ") else ""
