"""One file for the road: written to the stick so that it is whole, opened so that nothing in it is believed unchecked.

The same container carries village → hub (send), hub → village (reply) and laptop → laptop (peer): docs/send-file.md.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from villagedesk import __version__
from villagedesk.durable import reading, refusals, write_whole
from villagedesk.errors import Unreadable
from villagedesk.sync import limits
from villagedesk.sync.header import SUFFIXES, BundleHeader, SealedHeader, peek_header, read_header, seal_header
from villagedesk.sync.inspection import Contents, Inspector, read_attachments, read_lines
from villagedesk.sync.invite import Enrolment, read_enrolment
from villagedesk.sync.keys import KeyPair, key_id
from villagedesk.sync.package import Cargo, Packer
from villagedesk.sync.receipt import Tip
from villagedesk.sync.stream import Unsealed, seal
from villagedesk.sync.tar import Source
from villagedesk.text import say
from villagedesk.values import Step, no_step

__all__ = ["Bundle", "BundleHeader", "Cargo", "WrittenBundle", "open_bundle", "peek_header", "write_bundle"]

Trust = Callable[[str], bytes | None]
"""The Ed25519 key on record for a device or hub id; None for a stranger."""

_IN_MEMORY = 16 * limits.MIB
_CHUNK = limits.MIB
_KEPT = 4 * limits.MIB


@dataclass(frozen=True)
class WrittenBundle:
    """A file that is on the stick. ``sha256`` is the payload's, as the header and the receipt name it."""

    path: Path
    header: BundleHeader
    sha256: str
    lines: int
    attachments: int
    size: int


def write_bundle(
    folder: Path,
    header: BundleHeader,
    cargo: Cargo,
    signer: KeyPair,
    recipients: Sequence[str],
    *,
    step: Step = no_step,
) -> WrittenBundle:
    """Write one file for ``recipients`` (``age1…``) into ``folder``, read it back, and only then give it its name.

    Sender, recipients, length and digest of the header are filled in here. Raises Unavailable when the place refuses,
    Refused when it is more than one file holds, Unreadable when an attachment of this desk is damaged.
    """
    header = replace(header, sender=signer.id, to=tuple(map(key_id, recipients)), program=__version__)
    packer = Packer(header, step)
    with _spool() as payload:
        with refusals(_scratch()):
            seal(packer.pack(cargo), recipients, payload)
        header = replace(header, length=payload.tell(), sha256=_digest(payload))
        path = folder / file_name(header)
        clear = seal_header(header, signer)
        write_whole(path, _after(clear, payload), read_back=True)
    size = len(clear) + header.length
    return WrittenBundle(path, header, header.sha256, packer.lines, packer.attachments, size)


def file_name(header: BundleHeader) -> str:
    """``<village>-<four digits of the sender>-<sequence>.vdsend``: no person, no colon, no clash of two laptops."""
    sender = hashlib.sha256(header.sender.encode()).hexdigest()[:4]
    return f"{header.village}-{sender}-{header.sequence:06d}{SUFFIXES[header.kind]}"


class _Package:
    """The inside of a file that was inspected: read from memory while it is small, else deciphered once more."""

    def __init__(self, payload: IO[bytes], identity: str, kept: bytes) -> None:
        self._payload = payload
        self._identity = identity
        self._kept = kept

    def lines(self) -> Iterator[bytes]:
        with closing(self._unsealed()) as package:
            yield from read_lines(package)

    def attachments(self) -> Iterator[tuple[str, bytes]]:
        with closing(self._unsealed()) as package:
            yield from read_attachments(package)

    def close(self) -> None:
        self._payload.close()

    def _unsealed(self) -> Unsealed | io.BytesIO:
        if self._kept:
            return io.BytesIO(self._kept)
        self._payload.seek(0)
        return Unsealed(self._payload, self._identity, _ignore)


@dataclass(frozen=True)
class _Found:
    contents: Contents
    enrolment: Enrolment | None


class Bundle:
    """A file whose every part has been checked. Use as a context manager; close it when its lines are taken.

    ``known`` is False when the sender has no key on record and only ``enrolment`` speaks for it: a person decides.
    """

    def __init__(self, header: BundleHeader, package: _Package, found: _Found, *, known: bool) -> None:
        self.header = header
        self.known = known
        self.enrolment = found.enrolment
        self._package = package
        self._contents = found.contents

    @property
    def sha256(self) -> str:
        """Names this very file in receipts."""
        return self.header.sha256

    @property
    def created(self) -> datetime:
        """The sender's clock when it wrote the file."""
        return self._contents.created

    @property
    def line_count(self) -> int:
        """How many revision lines it holds."""
        return self._contents.lines

    @property
    def attachment_count(self) -> int:
        """How many attachments it holds."""
        return self._contents.attachments

    @property
    def have(self) -> tuple[Tip, ...]:
        """What the sender holds of every device."""
        return self._contents.have

    @property
    def totals(self) -> Mapping[str, int]:
        """What the sender counts."""
        return self._contents.totals

    @property
    def documents(self) -> Mapping[str, bytes]:
        """Small documents by name: the receipt, lists to compare, policy packs."""
        return self._contents.documents

    def lines(self) -> Iterator[bytes]:
        """The revision lines in the sender's order, verbatim, without line ends."""
        return self._package.lines()

    def attachments(self) -> Iterator[tuple[str, bytes]]:
        """SHA-256 and content of each attachment."""
        return self._package.attachments() if self._contents.attachments else iter(())

    def close(self) -> None:
        """Forget the (still encrypted) copy."""
        self._package.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Unproven:
    """A file looked through as far as that goes without knowing who sent it; :meth:`prove` gives the file itself.

    What is wrong with its inside is told only then: somebody else's file is first of all that.
    """

    def __init__(self, sealed: SealedHeader, package: _Package, found: _Found | Unreadable) -> None:
        self.header = sealed.header
        self._sealed = sealed
        self._package = package
        self._found = found

    def lines(self) -> Generator[bytes]:
        """The revision lines, to be made ready and to be believed only after :meth:`prove`. Close it."""
        if not isinstance(self._found, Unreadable):
            yield from self._package.lines()

    def prove(self, trust: Trust) -> Bundle:
        """Check the signature. Raises as :func:`open_bundle`."""
        sign_key = trust(self.header.sender)
        if sign_key is not None:
            self._sealed.prove(sign_key)
        if isinstance(self._found, Unreadable):
            raise self._found
        bundle = Bundle(self.header, self._package, self._found, known=sign_key is not None)
        if sign_key is None:
            _prove_stranger(self._sealed, bundle.enrolment)
        return bundle

    def close(self) -> None:
        """Forget the (still encrypted) copy, also that of a bundle made of it."""
        self._package.close()


def open_bundle(path: Path, key: KeyPair, trust: Trust, *, step: Step = no_step) -> Bundle:
    """Check all of a file before any of it is given out: form, length, digest, signature, both layers, every part.

    The stick is read once; what follows works on a private, still encrypted copy, so nobody can swap it in between.
    Raises Unreadable with a sentence for each way a file can be wrong, Unavailable when the copy has no room.
    """
    unproven = look_through(path, key, step=step)
    try:
        return unproven.prove(trust)
    except BaseException:
        unproven.close()
        raise


def look_through(path: Path, key: KeyPair, *, step: Step = no_step) -> Unproven:
    """The part of :func:`open_bundle` that takes long and asks nobody who the sender is."""
    payload = _spool()
    found: _Found | Unreadable
    try:
        sealed = _copy(path, key, payload, step)
        try:
            contents, kept = _inspect(payload, sealed.header, key, step)
            found = _Found(contents, _own_enrolment(sealed.header, contents.enrolment))
        except Unreadable as wrong:
            found, kept = wrong, b""
    except BaseException:
        payload.close()
        raise
    return Unproven(sealed, _Package(payload, key.identity, kept), found)


def _copy(path: Path, key: KeyPair, payload: IO[bytes], step: Step) -> SealedHeader:
    """Take the payload into ``payload`` and compare it with the header."""
    digest = hashlib.sha256()
    done = 0
    with reading(path), path.open("rb") as stream:
        sealed = read_header(stream)
        _check_outside(sealed, key, os.fstat(stream.fileno()).st_size)
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            with refusals(_scratch()):
                payload.write(chunk)
            step(done, 2 * sealed.header.length)
    if digest.hexdigest() != sealed.header.sha256:
        raise Unreadable(say("This file was damaged on the way. Copy it again, or ask the sender for it again."))
    return sealed


def _check_outside(sealed: SealedHeader, key: KeyPair, size: int) -> None:
    header = sealed.header
    if key_id(key.recipient) not in header.to:
        raise Unreadable(_FOR_ANOTHER[header.kind])
    if header.length > limits.PAYLOAD:
        raise Unreadable(say("This file is larger than any VillageDesk writes. Do not use it."))
    if size < sealed.size + header.length:
        raise Unreadable(say("This file is cut off: its end is missing. Copy it again and wait until copying is done."))
    if size > sealed.size + header.length:
        raise Unreadable(say("Something was added to the end of this file. Ask the sender for it again."))


_FOR_ANOTHER = {
    "send": say("This file is for another township. Only the township it was made for can open it."),
    "reply": say("This reply is for another laptop. Ask the township for the reply to this village."),
    "peer": say("This file is for another laptop. Let your colleague choose this laptop when sending."),
}


class _Kept:
    """Keeps what a source gives while it is little: then its lines need not be deciphered a second time."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._pieces: list[bytes] = []
        self._room = _KEPT

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes."""
        data = self._source.read(size)
        self._room -= len(data)
        if self._room < 0:
            self._pieces.clear()
        else:
            self._pieces.append(data)
        return data

    def all(self) -> bytes:
        """Everything that was read; nothing when it was much."""
        return b"".join(self._pieces)


def _inspect(payload: IO[bytes], header: BundleHeader, key: KeyPair, step: Step) -> tuple[Contents, bytes]:
    """What a package holds besides lines and attachments, and the package itself if it is small."""
    done = header.length

    def taken(size: int) -> None:
        nonlocal done
        done = min(done + size, 2 * header.length)
        step(done, 2 * header.length)

    payload.seek(0)
    with closing(Unsealed(payload, key.identity, taken)) as package:
        kept = _Kept(package)
        return Inspector().inspect(kept, header), kept.all()


def _own_enrolment(header: BundleHeader, data: bytes | None) -> Enrolment | None:
    if data is None:
        return None
    enrolment = read_enrolment(data)
    if (enrolment.card.device, enrolment.village) != (header.sender, header.village):
        raise Unreadable(say("The joining slip in this file belongs to another laptop or village. Do not use it."))
    return enrolment


def _prove_stranger(sealed: SealedHeader, enrolment: Enrolment | None) -> None:
    if enrolment is None:
        raise Unreadable(say("This file is from a laptop that is not known here. Let it join with an invite first."))
    sealed.prove(enrolment.card.sign_key)


def _spool() -> tempfile.SpooledTemporaryFile[bytes]:
    """Room for an encrypted payload: memory first, then a nameless file of this machine."""
    return tempfile.SpooledTemporaryFile(_IN_MEMORY)


def _scratch() -> Path:
    return Path(tempfile.gettempdir()) / "file"


def _digest(payload: tempfile.SpooledTemporaryFile[bytes]) -> str:
    payload.seek(0)
    return hashlib.file_digest(payload, "sha256").hexdigest()


def _after(clear: bytes, payload: IO[bytes]) -> Iterator[bytes]:
    yield clear
    payload.seek(0)
    while chunk := payload.read(_CHUNK):
        yield chunk


def _ignore(size: int) -> None:
    """Nobody watches."""
