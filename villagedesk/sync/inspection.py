"""Reading a package that anybody may have made: everything is checked before a single line is given out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from villagedesk.errors import Unreadable
from villagedesk.sync import limits
from villagedesk.sync.header import BundleHeader
from villagedesk.sync.package import DOCUMENT_NAME, manifest
from villagedesk.sync.receipt import Tip, read_time, read_tips
from villagedesk.sync.tar import Member, Source, TarReader
from villagedesk.sync.untrusted import Fields, parse, too_deep
from villagedesk.text import say

_ORDER = (
    r"enrolment\.json",
    r"revisions/[0-9]{6}\.ndjson",
    r"attachments/[0-9a-f]{64}",
    f"documents/{DOCUMENT_NAME}",
    r"have\.json",
    r"totals\.json",
    r"datapackage\.json",
    r"manifest-sha256\.txt",
)
_REVISIONS, _ATTACHMENTS = 1, 2
_MOST = (1, 1000, limits.ATTACHMENTS, limits.DOCUMENTS, 1, 1, 1, 1)
_LEAST = (0, 0, 0, 0, 1, 1, 1, 1)

_INCONSISTENT = say("The inside of this file does not agree with itself. Ask the sender for it again.")


@dataclass(frozen=True)
class Contents:
    """What a checked package holds besides lines and attachments."""

    created: datetime
    lines: int
    attachments: int
    have: tuple[Tip, ...]
    totals: Mapping[str, int]
    documents: Mapping[str, bytes]
    enrolment: bytes | None


@dataclass
class Inspector:
    """Reads a whole package once, checks everything, keeps only the small parts."""

    lines: int = 0
    small: dict[str, bytes] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    counts: list[int] = field(default_factory=lambda: [0] * len(_ORDER))

    def inspect(self, source: Source, outside: BundleHeader) -> Contents:
        """Raises Unreadable at the first thing that is not as it must be."""
        rank = 0
        for member in TarReader(source):
            rank = self._place(member, rank)
            self._take(member, rank)
        if any(count < least for count, least in zip(self.counts, _LEAST, strict=True)):
            raise Unreadable(_INCONSISTENT)
        listed = self.small.pop("manifest-sha256.txt")
        del self.digests["manifest-sha256.txt"]
        if listed != manifest(self.digests):
            raise Unreadable(_INCONSISTENT)
        return self._contents(outside)

    def _place(self, member: Member, rank: int) -> int:
        """Where in the order this member stands; each once, none before its turn."""
        place = next((n for n, pattern in enumerate(_ORDER) if re.fullmatch(pattern, member.name, re.ASCII)), -1)
        if place < rank or member.name in self.digests:
            raise Unreadable(_INCONSISTENT)
        self.counts[place] += 1
        numbered = place != _REVISIONS or member.name == f"revisions/{self.counts[place]:06d}.ndjson"
        if self.counts[place] > _MOST[place] or not numbered:
            raise Unreadable(_INCONSISTENT)
        return place

    def _take(self, member: Member, rank: int) -> None:
        digest = hashlib.sha256()
        if rank == _REVISIONS:
            self._check_lines(_hashed(member.pieces, digest.update))
        elif rank == _ATTACHMENTS:
            self._check_attachment(member, digest.update)
        else:
            self.small[member.name] = member.whole(limits.DOCUMENT)
            digest.update(self.small[member.name])
        self.digests[member.name] = digest.hexdigest()
        if rank == _ATTACHMENTS and member.name != f"attachments/{digest.hexdigest()}":
            raise Unreadable(_INCONSISTENT)

    def _check_lines(self, pieces: Iterable[bytes]) -> None:
        for _ in split_lines(pieces):
            self.lines += 1
            if self.lines > limits.LINES:
                raise Unreadable(_INCONSISTENT)

    def _check_attachment(self, member: Member, update: Callable[[bytes], None]) -> None:
        if member.size > limits.ATTACHMENT:
            raise Unreadable(_INCONSISTENT)
        for _ in _hashed(member.pieces, update):
            pass

    def _contents(self, outside: BundleHeader) -> Contents:
        descriptor = self._parse("datapackage.json")
        inside = descriptor.within("villagedesk")
        found = {"lines": self.lines, "attachments": self.counts[_ATTACHMENTS]}
        if any(not inside.same(name, value) for name, value in {**outside.inner, **found}.items()):
            raise Unreadable(_INCONSISTENT)
        return Contents(
            created=read_time(descriptor, "created"),
            have=read_tips(self._parse("have.json"), "have"),
            totals=MappingProxyType(self._parse("totals.json").numbers("totals")),
            documents=MappingProxyType(
                {name[10:]: data for name, data in self.small.items() if name.startswith("documents/")}
            ),
            enrolment=self.small.get("enrolment.json"),
            **found,
        )

    def _parse(self, name: str) -> Fields:
        return parse(self.small[name], _INCONSISTENT)


def _hashed(pieces: Iterable[bytes], update: Callable[[bytes], None]) -> Iterator[bytes]:
    for piece in pieces:
        update(piece)
        yield piece


def split_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The revision lines in one part, without their ends. Raises Unreadable when one is too long or is no line."""
    for line in cut_lines(pieces):
        if not _is_line(line):
            raise Unreadable(_INCONSISTENT)
        yield line


def cut_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What stands between line ends, whatever it is; for parts that were checked already."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        first, *rest = piece.split(b"\n")
        for tail in rest:
            yield b"".join((*held, first))
            held, size, first = [], 0, tail
        held.append(first)
        size += len(first)
        if size > limits.LINE:
            raise Unreadable(_INCONSISTENT)
    if size:
        raise Unreadable(_INCONSISTENT)


def _is_line(line: bytes) -> bool:
    """Whether this may be one line of JSON object; what it says is the reader's matter."""
    framed = line.startswith(b"{") and line.endswith(b"}") and b"\n" not in line
    return framed and len(line) <= limits.LINE and not too_deep(line)


def read_lines(source: Source) -> Iterator[bytes]:
    """The revision lines of a package that was inspected, in the sender's order."""
    for member in TarReader(source):
        if member.name.startswith("revisions/"):
            yield from cut_lines(member.pieces)
        elif member.name.startswith("attachments/"):
            return


def read_attachments(source: Source) -> Iterator[tuple[str, bytes]]:
    """SHA-256 and content of each attachment of a package."""
    for member in TarReader(source):
        if member.name.startswith("attachments/"):
            yield member.name.removeprefix("attachments/"), member.whole(limits.ATTACHMENT)
