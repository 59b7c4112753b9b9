"""What is inside a send file: a Frictionless data package in a tar, checked by its own list of digests.

Members, in this order: ``enrolment.json``, ``revisions/000001.ndjson`` …, ``attachments/<sha256>`` …,
``documents/<name>`` …, ``have.json``, ``totals.json``, ``datapackage.json``, ``manifest-sha256.txt``
(docs/send-file.md). Revision lines are opaque bytes here and keep the order they were given.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from villagedesk.errors import Refused, Unreadable
from villagedesk.sync import limits
from villagedesk.sync.header import VERSION, BundleHeader
from villagedesk.sync.receipt import Tip, time_text, tips_fields
from villagedesk.sync.tar import BLOCK, END, header, padding
from villagedesk.sync.untrusted import canonical
from villagedesk.text import say
from villagedesk.values import Step, no_step

Attachment = tuple[str, Callable[[], bytes]]
"""SHA-256 of the content in hex, and how to get it."""

_PART = 4 * limits.MIB
DOCUMENT_NAME = r"[a-z0-9][a-z0-9._-]{0,63}"

_TOO_MUCH = say("This is more than one file can hold. Send the attachments in several files, fewer at a time.")


@dataclass(frozen=True)
class Cargo:
    """What goes into a file: revision lines in causal order, attachments the other side lacks, small documents.

    ``lines`` may come one by one or several at a time, joined by line ends. ``have`` tells what the sender holds,
    ``totals`` what it counts, so that both sides can compare. ``count`` is the expected number of lines and
    attachments, for the progress bar only.
    """

    created: datetime
    lines: Iterable[bytes] = ()
    attachments: Iterable[Attachment] = ()
    totals: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    have: Sequence[Tip] = ()
    enrolment: bytes | None = None
    documents: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    count: int = 0


@dataclass
class Packer:
    """Writes a package piece by piece, counting and hashing what passes."""

    header: BundleHeader
    step: Step = no_step
    lines: int = 0
    attachments: int = 0
    size: int = 0
    digests: dict[str, str] = field(default_factory=dict)

    def pack(self, cargo: Cargo) -> Iterator[bytes]:
        """The bytes of the tar. Raises Refused when it would hold more than a reader takes."""
        if cargo.enrolment is not None:
            yield from self._document("enrolment.json", cargo.enrolment)
        for number, part in enumerate(self._parts(cargo), 1):
            yield from self._member(f"revisions/{number:06d}.ndjson", part)
        yield from self._attachments(cargo)
        yield from self._documents(cargo.documents)
        yield from self._document("have.json", canonical({"have": tips_fields(cargo.have)}))
        yield from self._document("totals.json", canonical({"totals": dict(cargo.totals)}))
        yield from self._document("datapackage.json", self._descriptor(cargo.created))
        yield from self._document("manifest-sha256.txt", manifest(self.digests))
        yield END

    def _member(self, name: str, data: bytes) -> Iterator[bytes]:
        self.digests[name] = hashlib.sha256(data).hexdigest()
        self.size += len(data) + 2 * BLOCK
        if self.size > limits.UNPACKED - len(END):
            raise Refused(_TOO_MUCH)
        yield header(name, len(data))
        yield data
        yield padding(len(data))

    def _document(self, name: str, data: bytes) -> Iterator[bytes]:
        if len(data) > limits.DOCUMENT:
            raise Refused(_TOO_MUCH)
        return self._member(name, data)

    def _documents(self, documents: Mapping[str, bytes]) -> Iterator[bytes]:
        if len(documents) > limits.DOCUMENTS:
            raise Refused(_TOO_MUCH)
        for name, data in sorted(documents.items()):
            if not re.fullmatch(DOCUMENT_NAME, name):
                raise ValueError(name)
            yield from self._document(f"documents/{name}", data)

    def _parts(self, cargo: Cargo) -> Iterator[bytes]:
        part: list[bytes] = []
        size = 0
        for line in cargo.lines:
            part.append(line)
            size += len(line)
            if size >= _PART:
                yield self._joined(part, cargo.count)
                part, size = [], 0
        if part:
            yield self._joined(part, cargo.count)

    def _joined(self, part: list[bytes], expected: int) -> bytes:
        data = b"\n".join([*part, b""])
        self.lines += data.count(b"\n")
        if self.lines > limits.LINES:
            raise Refused(_TOO_MUCH)
        if len(data) > limits.LINE and max(map(len, data.split(b"\n"))) > limits.LINE:
            raise ValueError("a revision line is too long")
        self._tell(expected)
        return data

    def _attachments(self, cargo: Cargo) -> Iterator[bytes]:
        for digest, content in cargo.attachments:
            name = f"attachments/{digest}"
            if name in self.digests:
                continue
            data = content()
            if hashlib.sha256(data).hexdigest() != digest:
                raise Unreadable(say("An attachment of this desk is damaged. Restore it from the latest backup."))
            self.attachments += 1
            if self.attachments > limits.ATTACHMENTS or len(data) > limits.ATTACHMENT:
                raise Refused(_TOO_MUCH)
            yield from self._member(name, data)
            self._tell(cargo.count)

    def _tell(self, expected: int) -> None:
        done = self.lines + self.attachments
        self.step(done, max(done, expected))

    def _descriptor(self, created: datetime) -> bytes:
        counts: dict[str, str | int] = {"version": VERSION, "lines": self.lines, "attachments": self.attachments}
        return canonical(
            {
                "profile": "data-package",
                "name": f"{self.header.village}-{self.header.sequence}",
                "created": time_text(created),
                "resources": list(self._resources()),
                "villagedesk": counts | self.header.inner,
            }
        )

    def _resources(self) -> Iterator[dict[str, object]]:
        parts = [name for name in self.digests if name.startswith("revisions/")]
        if parts:
            yield {"name": "revisions", "path": parts, "format": "ndjson", "encoding": "utf-8"}
        yield {"name": "have", "path": "have.json", "format": "json", "encoding": "utf-8"}
        yield {"name": "totals", "path": "totals.json", "format": "json", "encoding": "utf-8"}


def manifest(digests: Mapping[str, str]) -> bytes:
    """The list ``sha256sum -c`` checks."""
    return "".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()
