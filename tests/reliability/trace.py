"""Reads what ``strace -f -y -xx`` wrote: the calls that change files, in the order in which they returned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_LINE = re.compile(r"^(\d+)\s+(.*)$", re.DOTALL)
_CALL = re.compile(r"^(\w+)\((.*)\)\s+=\s+(-?\d+|\?)(?:<(.*)>)?", re.DOTALL)
_WORD = re.compile(r'"((?:\\x[0-9a-f]{2})*)"|(-?\w+)<([^>]*)>|([^,\s]+)')


@dataclass(frozen=True)
class Call:
    """One call that succeeded. ``path`` is its file, ``other`` the new name of a renaming."""

    name: str
    path: str
    other: str = ""
    data: bytes = b""
    offset: int = -1  # -1: where the file's own position stands
    size: int = 0
    flags: str = ""


def calls(log: Path) -> Iterator[Call]:
    """Every call that succeeded and changed something."""
    waiting: dict[str, str] = {}
    with log.open("r", encoding="ascii", errors="replace") as stream:
        for line in stream:
            found = _LINE.match(line)
            if not found:
                continue
            process, said = found[1], found[2].rstrip("\n")
            if said.endswith("<unfinished ...>"):
                waiting[process] = said.removesuffix("<unfinished ...>")
                continue
            if said.startswith("<... "):
                said = waiting.pop(process, "") + said.partition("resumed>")[2]
            call = _read(said)
            if call is not None:
                yield call


def _read(said: str) -> Call | None:
    found = _CALL.match(said)
    if not found or found[3] == "?" or int(found[3]) < 0:
        return None
    words = [_word(match) for match in _WORD.finditer(found[2])]
    return _READERS[found[1]](words, found[2], int(found[3]), found[4] or "")


def _bytes(said: str, count: int) -> bytes:
    start = said.index('"') + 1
    return bytes.fromhex(said[start : said.index('"', start)].replace("\\x", ""))[:count]


def _under(folder: str, name: str) -> str:
    return name if name.startswith("/") or folder == "AT_FDCWD" else f"{folder}/{name}"


def _word(found: re.Match[str]) -> str:
    if found[1] is not None:
        return _text(found[1])
    if found[3] is not None:
        return _text(found[3])
    return found[4] or ""


def _text(escaped: str) -> str:
    return (
        bytes.fromhex(escaped.replace("\\x", "")).decode("utf-8", "replace") if escaped.startswith("\\x") else escaped
    )


_READERS: Mapping[str, Callable[[list[str], str, int, str], Call]] = MappingProxyType(
    {
        "write": lambda words, said, result, _: Call("write", words[0], data=_bytes(said, result)),
        "pwrite64": lambda words, said, result, _: Call(
            "pwrite64", words[0], data=_bytes(said, result), offset=int(words[-1])
        ),
        "ftruncate": lambda words, *_: Call("ftruncate", words[0], size=int(words[1])),
        "lseek": lambda words, _, result, __: Call("lseek", words[0], offset=result),
        "fsync": lambda words, *_: Call("fsync", words[0]),
        "fdatasync": lambda words, *_: Call("fsync", words[0]),
        "openat": lambda words, _, __, opened: Call("openat", _text(opened), flags=words[2]),
        "rename": lambda words, *_: Call("rename", words[0], words[1]),
        "renameat": lambda words, *_: Call("rename", _under(words[0], words[1]), _under(words[2], words[3])),
        "renameat2": lambda words, *_: Call("rename", _under(words[0], words[1]), _under(words[2], words[3])),
        "unlink": lambda words, *_: Call("unlink", words[0]),
        "unlinkat": lambda words, *_: Call("unlink", _under(words[0], words[1])),
        "rmdir": lambda words, *_: Call("unlink", words[0]),
        "mkdir": lambda words, *_: Call("mkdir", words[0]),
        "mkdirat": lambda words, *_: Call("mkdir", _under(words[0], words[1])),
    }
)
