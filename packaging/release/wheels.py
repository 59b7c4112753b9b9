"""Wheelhouses: every library of the lock for another kind of machine, fetched by hash, and proof that none is missing.

pip picks the files as it would on the target: by the tags given here, wheels only. The resolver of the lock has already
judged the environment markers, so they are judged once more here for the target alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from fresh import python
from fresh.told import Stop, tell

from release.environment import BUILD, ROOT, from_stick

LOCK = ROOT / "packaging" / "requirements.lock"
_OLDEST, _NEWEST = 17, 42  # glibc 2.17 … 2.42


@dataclass(frozen=True)
class Target:
    """A kind of machine: how pip names it, and how the markers of the lock see it."""

    name: str
    platforms: tuple[str, ...]
    markers: Mapping[str, str]

    @property
    def folder(self) -> Path:
        """Where its wheels are collected."""
        return BUILD / "wheels" / self.name


def _linux(machine: str) -> Target:
    tags = (*(f"manylinux_2_{minor}_{machine}" for minor in range(_NEWEST, _OLDEST - 1, -1)),)
    seen = {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": machine, "os_name": "posix"}
    return Target(f"linux-{machine}", (*tags, f"manylinux2014_{machine}", f"manylinux1_{machine}"), seen)


_WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64", "os_name": "nt"}
TARGETS = MappingProxyType(
    {
        "windows": Target("windows", ("win_amd64",), _WINDOWS),
        "linux-x86_64": _linux("x86_64"),
        "linux-aarch64": _linux("aarch64"),
    }
)


def fetch(target: Target) -> Path:
    """Fill the wheelhouse of ``target`` from the lock and check it. Raises Stop when a library cannot be had."""
    words = [sys.executable, python.pip(), "download", *python.exactly([_for_target(target)]), *from_stick()]
    words += ["--dest", str(target.folder), "--python-version", PYTHON, "--implementation", "cp"]
    for platform in target.platforms:
        words += ["--platform", platform]
    python.obtain(words)
    missing = lacking(target, [file.name for file in target.folder.glob("*.whl")])
    if missing:
        raise Stop(f"缺少 {'、'.join(missing)}", f"No wheel for {target.name}: {', '.join(missing)}")
    tell(f"{target.name}:{len(wanted(target))} 个库齐全", f"complete; glibc floors: {floors(target)}")
    return target.folder


PYTHON = "3.11"


def wanted(target: Target) -> dict[str, str]:
    """Library → version of what the lock asks for on ``target``."""
    return {name: version for name, version, _ in _entries(target)}


def lacking(target: Target, files: list[str]) -> list[str]:
    """The locked libraries of ``target`` for which ``files`` (names of wheels) holds none of the locked version."""
    have = {tuple(_plain(part) for part in file.split("-")[:2]) for file in files}
    return [
        f"{name}=={version}" for name, version in wanted(target).items() if (_plain(name), _plain(version)) not in have
    ]


def floors(target: Target) -> dict[str, str]:
    """Library → the oldest glibc its wheel names, the highest first; empty for Windows."""
    found = {}
    for file in target.folder.glob("*.whl"):
        minors = [int(minor) for minor in re.findall(r"manylinux_2_(\d+)_", file.name)]
        if minors and min(minors) > 28:
            found[file.name.split("-")[0]] = f"2.{min(minors)}"
    return dict(sorted(found.items(), key=lambda item: item[1], reverse=True))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _entries(target: Target) -> list[tuple[str, str, str]]:
    """Name, version and whole text of each entry of the lock that is for ``target``."""
    from packaging.markers import Marker

    surroundings = {**target.markers, "python_version": PYTHON, "python_full_version": f"{PYTHON}.9"}
    surroundings |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    found = []
    for entry in re.split(r"\n(?=\S)", LOCK.read_text("utf-8").strip()):
        head = entry.splitlines()[0].rstrip(" \\")
        requirement, _, marker = head.partition(" ; ")
        name, _, version = requirement.partition("==")
        if not marker or Marker(marker).evaluate(surroundings):
            found.append((name.split("[")[0], version, entry.replace(f" ; {marker}", "") if marker else entry))
    return found


def _for_target(target: Target) -> Path:
    """The lock with the entries of ``target`` alone: pip would judge markers for the machine it runs on."""
    target.folder.mkdir(parents=True, exist_ok=True)
    file = target.folder / "requirements.lock"
    file.write_text("\n".join(entry for _, _, entry in _entries(target)) + "\n", "utf-8")
    return file
