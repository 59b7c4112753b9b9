"""What the libraries of a folder ask of the system they run on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path


def binaries(folder: Path) -> list[Path]:
    """The ELF files of a folder."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink())
    return [file for file in files if _begins(file)]


def floor(folder: Path) -> str:
    """The oldest version of the C library on which everything in ``folder`` loads, e.g. ``2.35``."""
    said = _objdump("-T", binaries(folder))
    found = {tuple(map(int, number.split("."))) for number in re.findall(r"\(?GLIBC_(2\.[0-9.]*[0-9])\)?", said)}
    return ".".join(map(str, max(found)))


def asked(folder: Path) -> dict[str, list[str]]:
    """Library that lies outside ``folder`` → the files of ``folder`` that ask for it."""
    files = binaries(folder)
    own = {file.name for file in folder.rglob("*")}
    outside: dict[str, list[str]] = {}
    for file in files:
        for name in re.findall(r"NEEDED\s+(\S+)", _objdump("-p", [file])):
            if name not in own:
                outside.setdefault(name, []).append(file.relative_to(folder).as_posix())
    return outside


def own_paths_only(folder: Path) -> None:
    """Make no library of ``folder`` look for others where the building machine had them: who knows what lies there."""
    for file in binaries(folder):
        for path in re.findall(r"R(?:UN)?PATH\s+(/\S+)", _objdump("-p", [file])):
            foreign = b"\0" + path.encode() + b"\0"
            own = b"\0$ORIGIN".ljust(len(foreign), b"\0")
            content = file.read_bytes()
            if len(own) != len(foreign) or content.count(foreign) != 1:
                raise ValueError(f"{file.name} looks for libraries in {path}")
            file.write_bytes(content.replace(foreign, own))


def _begins(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def _objdump(option: str, files: list[Path]) -> str:
    words = ["objdump", option, *map(str, files)]
    return subprocess.run(words, capture_output=True, text=True, errors="replace", check=False).stdout
