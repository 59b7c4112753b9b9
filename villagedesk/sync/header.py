"""The two clear lines a send file begins with: who sends what to whom, and the sender's signature on that.

Line 1 is canonical JSON, line 2 the signature in hex; the encrypted payload follows, so that
``tail -n +3 FILE | age -d`` opens it. Nothing here names a person. The signature covers line 1, line 1 the payload.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from villagedesk import __version__
from villagedesk.durable import reading
from villagedesk.errors import Unreadable
from villagedesk.sync.invite import VILLAGE
from villagedesk.sync.keys import ID, KeyPair, check_signature
from villagedesk.sync.untrusted import Fields, canonical, parse
from villagedesk.text import say

FORMAT = "villagedesk-send"
VERSION = 1
SUFFIXES = {"send": ".vdsend", "reply": ".vdreply", "peer": ".vdpeer"}
"""village → hub, hub → village, laptop → laptop."""

MOST_RECIPIENTS = 32
_LONGEST_LINE = 4096
_SIGNATURE = b"villagedesk-send-v1"

_FOREIGN = say("This is not a send file of VillageDesk. Choose the file that was written to the stick.")
_FORGED = say("The signature of this file is not its sender's. It was altered or forged; ask the sender for it again.")


@dataclass(frozen=True)
class BundleHeader:
    """What the outside of a file says. ``kind``: send, reply or peer; ``sequence`` counts the sender's files.

    ``program``: the release that wrote it, "" in files that do not say it; whoever refuses a newer file can name it.
    A writer fills in the fields from ``sender`` on; ``to`` holds key ids (:func:`villagedesk.sync.keys.key_id`),
    ``length`` and ``sha256`` are the encrypted payload's.
    """

    kind: str
    village: str
    sequence: int
    epoch: str
    sender: str = ""
    to: tuple[str, ...] = ()
    length: int = 0
    sha256: str = ""
    program: str = ""

    @property
    def inner(self) -> dict[str, str | int]:
        """What the encrypted inside repeats, so that nobody can put his own outside around it."""
        return {name: getattr(self, name) for name in ("kind", "village", "sequence", "epoch", "sender")}


@dataclass(frozen=True)
class SealedHeader:
    """A header with the signature that came with it, and the bytes both took."""

    header: BundleHeader
    line: bytes
    signature: bytes

    @property
    def size(self) -> int:
        """Where the payload begins."""
        return len(self.line) + 1 + 2 * len(self.signature) + 1

    def prove(self, sign_key: bytes) -> None:
        """Raises Unreadable when the signature is not that of ``sign_key``."""
        check_signature(sign_key, _SIGNATURE, self.line, self.signature, _FORGED)


def seal_header(header: BundleHeader, key: KeyPair) -> bytes:
    """The two clear lines, signed."""
    line = canonical({"format": FORMAT, "version": VERSION, **asdict(replace(header, sender=key.id))})
    return b"%b\n%b\n" % (line, key.sign(_SIGNATURE, line).hex().encode())


def read_header(stream: IO[bytes]) -> SealedHeader:
    """Read the two clear lines; the stream then stands at the payload.

    Raises Unreadable when they are not ours, of a newer kind, or malformed. The signature is not checked here.
    """
    line = _line(stream)
    if not line:
        raise Unreadable(say("This file is empty: copying was interrupted. Copy it again."))
    raw = parse(line, _FOREIGN)
    if raw.text("format") != FORMAT:
        raw.refuse()
    _check_version(raw.number("version") or raw.refuse(), raw.release())
    signature = _line(stream)
    try:
        return SealedHeader(_header(raw), line, _signature(signature))
    except ValueError as error:
        raise Unreadable(_FOREIGN) from error


def peek_header(path: Path) -> BundleHeader:
    """What the outside of a file says, unproven: nothing is decrypted or checked but its form. For lists of files.

    Raises Unreadable as :func:`read_header` does.
    """
    with reading(path), path.open("rb") as stream:
        return read_header(stream).header


def _line(stream: IO[bytes]) -> bytes:
    line = stream.readline(_LONGEST_LINE)
    if line and not line.endswith(b"\n"):
        raise Unreadable(_FOREIGN)
    return line[:-1]


def _check_version(version: int, program: str) -> None:
    if version > VERSION and program not in {"", __version__}:
        raise Unreadable(
            say(
                "This file was made by version {program} of the program (format {format}); this one is {own} and reads "
                "up to format {known}. Update this one to that version first.",
                program=program,
                format=version,
                own=__version__,
                known=VERSION,
            )
        )
    if version > VERSION:
        raise Unreadable(
            say(
                "This file was made by a newer program (format {format}; this one reads up to {known}). "
                "Update this one first.",
                format=version,
                known=VERSION,
            )
        )


def _signature(line: bytes) -> bytes:
    signature = bytes.fromhex(line.decode("ascii"))
    if len(signature) != 64 or signature.hex().encode() != line:
        raise ValueError("signature")
    return signature


def _header(raw: Fields) -> BundleHeader:
    return BundleHeader(
        kind=raw.matching("kind", "|".join(SUFFIXES)),
        village=raw.matching("village", VILLAGE),
        sequence=raw.number("sequence"),
        epoch=raw.matching("epoch", ID),
        sender=raw.matching("sender", ID),
        to=raw.words("to", "[0-9a-f]{16}", MOST_RECIPIENTS),
        length=raw.number("length"),
        sha256=raw.octets("sha256", 32).hex(),
        program=raw.release(),
    )
