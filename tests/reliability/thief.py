"""Files that only somebody with keys can make: a laptop gone bad, a stranger, a second township.

:mod:`tests.reliability.send_file` gives them to a real hub among its spoilt ones. Each way says with which sentences
it may be refused.
"""

from __future__ import annotations

import hashlib
import io
import random
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, replace

import pyrage
import zstandard

from villagedesk.sync import tar
from villagedesk.sync.header import BundleHeader, read_header, seal_header
from villagedesk.sync.keys import DeviceKey, HubKey, KeyPair
from villagedesk.sync.package import manifest

Members = list[tuple[str, bytes]]
_NAMES = (
    "../../etc/passwd", "/etc/passwd", "documents/../../x", "documents/a/b", "attachments/../x", "revisions/1.ndjson",
    "C:\\windows\\x", "readme.txt", "documents/" + "n" * 80, "revisions/000001.ndjson.exe",
)  # fmt: skip
_BOMB = 2 << 30


@dataclass(frozen=True)
class Thief:
    """Who has a laptop's own keys, and so can sign and encrypt whatever he likes in its name."""

    whole: bytes
    header: BundleHeader
    laptop: DeviceKey
    hub: HubKey
    package: bytes

    @classmethod
    def of(cls, whole: bytes, laptop: DeviceKey, hub: HubKey) -> Thief:
        """Somebody who has this file and these keys."""
        sealed = read_header(io.BytesIO(whole))
        packed = pyrage.decrypt(whole[sealed.size :], [pyrage.x25519.Identity.from_str(hub.identity)])
        package = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        return cls(whole, sealed.header, laptop, hub, package)

    def signed(self, payload: bytes, signer: KeyPair | None = None, **said: object) -> bytes:
        """A payload under an outside that fits it."""
        outside = replace(self.header, length=len(payload), sha256=hashlib.sha256(payload).hexdigest())
        return seal_header(replace(outside, **said), signer or self.laptop) + payload

    def sealed(self, packed: bytes) -> bytes:
        """Something in the place of the compressed package."""
        return self.signed(pyrage.encrypt(packed, [pyrage.x25519.Recipient.from_str(self.hub.recipient)]))

    def forged(self, package: bytes) -> bytes:
        """Another inside."""
        return self.sealed(zstandard.ZstdCompressor(level=1).compress(package))

    def members(self) -> Members:
        """What is inside, without its manifest."""
        with tarfile.open(fileobj=io.BytesIO(self.package)) as archive:
            return [(info.name, taken.read()) for info in archive if (taken := archive.extractfile(info))][:-1]


Way = Callable[[Thief, random.Random], bytes]


def payload(thief: Thief, chance: random.Random) -> bytes:
    """Bytes of the encrypted part changed, under a signature that fits."""
    data = bytearray(thief.whole[-thief.header.length :])
    for _ in range(chance.randint(1, 3)):
        data[chance.choice([chance.randrange(400), chance.randrange(len(data))])] ^= 1 << chance.randrange(8)
    return thief.signed(bytes(data))


def blocks(thief: Thief, chance: random.Random) -> bytes:
    """Blocks of the inside turned, exchanged, doubled, dropped."""
    found = [thief.package[at : at + tar.BLOCK] for at in range(0, len(thief.package), tar.BLOCK)]
    place, other = chance.randrange(len(found)), chance.randrange(len(found))
    match chance.randrange(4):
        case 0:
            turned = bytearray(found[place])
            turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
            found[place] = bytes(turned)
        case 1:
            found[place], found[other] = found[other], found[place]
        case 2:
            found.insert(place, found[other])
        case _:
            found[place] = b""
    made = b"".join(found)
    return thief.forged(made if made != thief.package else made[: -tar.BLOCK])


def attachments(thief: Thief, chance: random.Random) -> bytes:
    """Two attachments under one another's name, or one with another content, and a manifest that fits."""
    members = thief.members()
    named = [at for at, (name, _) in enumerate(members) if name.startswith("attachments/")]
    one, other = chance.sample(named, 2)
    (first, said), (second, told) = members[one], members[other]
    members[one], members[other] = (first, told), (second, said if chance.random() < 0.5 else chance.randbytes(99))
    return thief.forged(_tar(members))


def paths(thief: Thief, chance: random.Random) -> bytes:
    """A member under a name that leads elsewhere, in any place."""
    members = thief.members()
    members.insert(chance.randrange(len(members) + 1), (chance.choice(_NAMES), chance.randbytes(chance.randrange(99))))
    return thief.forged(_tar(members))


def links(thief: Thief, chance: random.Random) -> bytes:
    """Links, devices, folders, owners, extensions: all that tar can hold and we never write."""
    info = tarfile.TarInfo(chance.choice(["totals.json", *_NAMES]))
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)
    info.type, info.linkname, info.mode = chance.choice(kinds), "/etc/passwd", chance.choice([0o600, 0o4777])
    block = info.tobuf(chance.choice([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]))
    return thief.forged(block + thief.package if chance.random() < 0.5 else thief.package[: -len(tar.END)] + block)


def bomb(thief: Thief, chance: random.Random) -> bytes:
    """Gigabytes of zeros in some kilobytes, as any kind of member; or a window that would eat the memory."""
    if chance.random() < 0.2:
        parameters = zstandard.ZstdCompressionParameters(window_log=chance.randint(24, 27), compression_level=1)
        compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
        return thief.sealed(compressor.compress(thief.package) + compressor.flush())
    name = chance.choice(["have.json", "totals.json", f"attachments/{'ab' * 32}", "revisions/000001.ndjson"])
    frame = zstandard.ZstdCompressor(level=1).compress(bytes(16 << 20))
    return thief.sealed(zstandard.ZstdCompressor().compress(tar.header(name, _BOMB)) + frame * (_BOMB >> 24))


def signature(thief: Thief, chance: random.Random) -> bytes:
    """The very file under the signature of somebody else, or under another number, under the laptop's name."""
    stranger = DeviceKey.generate(thief.laptop.id)
    if chance.random() < 0.5:
        return thief.signed(thief.whole[-thief.header.length :], stranger)
    return thief.signed(thief.whole[-thief.header.length :], stranger, sequence=thief.header.sequence + 1)


def stranger(thief: Thief, chance: random.Random) -> bytes:
    """The very inside under the name and signature of a laptop that nobody knows."""
    return thief.signed(thief.whole[-thief.header.length :], DeviceKey.generate(f"laptop-{chance.randrange(10**6)}"))


def hub(thief: Thief, chance: random.Random) -> bytes:
    """A file for another township: named for it, or named for us and encrypted to it."""
    other = HubKey.generate(f"hub-{chance.randrange(10**6)}")
    sealed = pyrage.encrypt(chance.randbytes(500), [pyrage.x25519.Recipient.from_str(other.recipient)])
    return thief.signed(sealed, to=(chance.randbytes(8).hex(),)) if chance.random() < 0.5 else thief.signed(sealed)


def _tar(members: Members) -> bytes:
    listed = manifest({name: hashlib.sha256(data).hexdigest() for name, data in members})
    whole = [*members, ("manifest-sha256.txt", listed)]
    return b"".join(tar.header(name, len(data)) + data + tar.padding(len(data)) for name, data in whole) + tar.END


WAYS: tuple[Way, ...] = (payload, blocks, attachments, paths, links, signature, stranger, hub)
