"""The words of packaging/installers.py."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from fresh.told import MACHINE_FAILED, Stop, any_terminal

from release import environment


def main(words: list[str], usage: str) -> int:
    """Carry out one command; whatever stops it is told in one line. Returns the exit status."""
    any_terminal()
    if not words or words[0] not in COMMANDS:
        print(usage)
        return 2
    try:
        if not environment.at_work():
            return environment.again(words)
        COMMANDS[words[0]](words[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return MACHINE_FAILED
    except subprocess.CalledProcessError as error:
        print(f"没有做成 / Failed: {error}", file=sys.stderr)
        return MACHINE_FAILED
    return 0


def _linux(_words: list[str]) -> None:
    from release import linux

    linux.build()


def _windows(words: list[str]) -> None:
    from release import windows

    windows.build(dummy=words == ["--dummy"])


def _wheels(words: list[str]) -> None:
    from release import wheels

    for name in words or wheels.TARGETS:
        wheels.fetch(wheels.TARGETS[name])


def _licences(_words: list[str]) -> None:
    from release import licences

    licences.write()


def _bom(_words: list[str]) -> None:
    from release import bom

    bom.write()


def _key(words: list[str]) -> None:
    from release import update

    update.new_key(Path(words[0]))


def _update(words: list[str]) -> None:
    from release import update

    print(update.pack(Path(words[0]), Path(words[1])))


def _release(words: list[str]) -> None:
    from release import release

    release.make(Path(words[0]) if words else None)


COMMANDS: Mapping[str, Callable[[list[str]], None]] = {
    "linux": _linux,
    "windows": _windows,
    "wheels": _wheels,
    "licences": _licences,
    "bom": _bom,
    "key": _key,
    "update": _update,
    "release": _release,
}
