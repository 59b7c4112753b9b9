"""Plain tar, in the one spelling we write: regular files, no owner, no time. Whatever differs is refused.

The stock ``tar`` opens it; our reader rebuilds each header from name and size and compares, so links, devices, path
tricks, extensions and two readings of one archive cannot exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from villagedesk.errors import Unreadable
from villagedesk.sync import limits
from villagedesk.text import say

BLOCK = 512
END = bytes(2 * BLOCK)
_PIECE = 128 << 10

_CUT = say("The inside of this file is incomplete. Ask the sender for it again.")
_ALIEN = say("This file contains parts that VillageDesk never writes. Do not use it; ask the sender where it is from.")
_TOO_LARGE = say(
    "This file unpacks to more than {limit} MB, more than VillageDesk ever writes. Do not use it.",
    limit=limits.UNPACKED // limits.MIB,
)


class Source(Protocol):
    """Something to read from; none at its end."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes."""


@lru_cache(maxsize=100)
def header(name: str, size: int) -> bytes:
    """The 512 bytes before a member."""
    import tarfile  # with the first file written, not with the first page

    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    return info.tobuf(tarfile.USTAR_FORMAT)


def padding(size: int) -> bytes:
    """What fills a member up to whole blocks."""
    return bytes(-size % BLOCK)


@dataclass(frozen=True)
class Member:
    """One file inside; ``pieces`` gives its bytes once."""

    name: str
    size: int
    pieces: Iterator[bytes]

    def whole(self, largest: int) -> bytes:
        """All its bytes. Raises Unreadable when there are more than ``largest``."""
        if self.size > largest:
            raise Unreadable(_TOO_LARGE)
        return b"".join(self.pieces)


class TarReader:
    """The members of a tar stream, in order, to the very end of the stream."""

    def __init__(self, source: Source, largest: int | None = None) -> None:
        self._source = source
        self._largest = limits.UNPACKED if largest is None else largest
        self._read = 0

    def __iter__(self) -> Iterator[Member]:
        while (block := self._exactly(BLOCK)) != bytes(BLOCK):
            name, size = _parse(block)
            pieces = self._pieces(size)
            yield Member(name, size, pieces)
            for _ in pieces:  # what the taker left
                pass
            if self._exactly(-size % BLOCK).strip(b"\0"):
                raise Unreadable(_ALIEN)
        if self._exactly(BLOCK) != bytes(BLOCK) or self._source.read(1):
            raise Unreadable(_ALIEN)

    def _pieces(self, size: int) -> Iterator[bytes]:
        while size:
            piece = self._some(min(size, _PIECE))
            size -= len(piece)
            yield piece

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += self._some(size - len(data))
        return data

    def _some(self, size: int) -> bytes:
        piece = self._source.read(size)
        if not piece:
            raise Unreadable(_CUT)
        self._read += len(piece)
        if self._read > self._largest:
            raise Unreadable(_TOO_LARGE)
        return piece


def _parse(block: bytes) -> tuple[str, int]:
    try:
        name = block[:100].rstrip(b"\0").decode("ascii")
        size = int(block[124:135], 8)
        spelt = header(name, size)
    except ValueError as error:
        raise Unreadable(_ALIEN) from error
    if spelt != block:
        raise Unreadable(_ALIEN)
    return name, size
