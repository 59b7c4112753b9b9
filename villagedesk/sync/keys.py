"""Keys of laptops and of the township: Ed25519 to sign, X25519 (as ``age`` spells it) to receive.

A key never leaves its desk but inside the encrypted store; what others get is the :class:`DeviceCard` or the invite.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import ClassVar, Self

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from villagedesk.errors import Unreadable
from villagedesk.sync.untrusted import Fields, canonical, parse
from villagedesk.text import Text, say

ID = "[0-9A-Za-z_-]{1,64}"
"""How the id of a device or a hub is spelt."""

RECIPIENT = "age1[0-9a-z]{58}"
_AGE = b"age-encryption.org/v1\n"
_USELESS = say("Nothing can be encrypted to the key in this invite. Ask for a new copy.")
_IDENTITY = "AGE-SECRET-KEY-1[0-9A-Z]{58}"


@dataclass(frozen=True)
class KeyPair:
    """What signs and receives: ``id`` of its owner, Ed25519 seed, age identity. ``repr`` shows the id alone."""

    id: str
    seed: bytes = field(repr=False)
    identity: str = field(repr=False)
    kind: ClassVar[str]

    @classmethod
    def generate(cls, owner: str) -> Self:
        """Fresh keys for the device or hub with the id ``owner``."""
        seed = Ed25519PrivateKey.generate().private_bytes_raw()
        return cls(owner, seed, str(pyrage.x25519.Identity.generate()))

    @classmethod
    def from_secret(cls, secret: bytes) -> Self:
        """Keys as :meth:`to_secret` wrote them. Raises Unreadable when damaged or of the other kind."""
        raw = parse(secret, say("The keys of this desk are damaged. Restore the latest backup."))
        if raw.number("v") != 1 or raw.text("kind") != cls.kind:
            raw.refuse()
        identity = raw.matching("age", _IDENTITY)
        try:
            pyrage.x25519.Identity.from_str(identity)
        except pyrage.IdentityError:
            raw.refuse()
        return cls(raw.matching("id", ID), raw.octets("sign", 32), identity)

    def to_secret(self) -> bytes:
        """All of it, for the encrypted store only."""
        return canonical(
            {"v": 1, "kind": self.kind, "id": self.id, "sign": self.seed.hex(), "age": self.identity},
        )

    @property
    def sign_key(self) -> bytes:
        """The 32 bytes others check signatures with."""
        return self._signer.public_key().public_bytes_raw()

    @property
    def recipient(self) -> str:
        """What others encrypt to, ``age1…``."""
        return str(pyrage.x25519.Identity.from_str(self.identity).to_public())

    @property
    def fingerprint(self) -> str:
        """The digits both sides compare."""
        return fingerprint(self.sign_key, self.recipient)

    def sign(self, purpose: bytes, message: bytes) -> bytes:
        """64 bytes. ``purpose`` keeps a signature given for one thing from serving for another."""
        return self._signer.sign(purpose + b"\0" + message)

    @property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


class HubKey(KeyPair):
    """The keys of a township (or county) hub."""

    kind = "hub"


@dataclass(frozen=True)
class DeviceCard:
    """What a laptop shows of itself. ``name`` is for people: "Village office, left desk"."""

    device: str
    name: str
    sign_key: bytes
    age_recipient: str

    @property
    def fingerprint(self) -> str:
        """The digits both sides compare."""
        return fingerprint(self.sign_key, self.age_recipient)

    def to_fields(self) -> dict[str, str]:
        """As it stands inside a JSON document."""
        return {
            "device": self.device,
            "name": self.name,
            "sign_key": self.sign_key.hex(),
            "age_recipient": self.age_recipient,
        }

    @classmethod
    def from_fields(cls, raw: Fields) -> DeviceCard:
        """A card from a JSON document somebody sent."""
        return cls(raw.matching("device", ID), raw.text("name"), raw.octets("sign_key", 32), read_recipient(raw))


class DeviceKey(KeyPair):
    """The keys of one laptop's desk."""

    kind = "device"

    def card(self, name: str) -> DeviceCard:
        """The public part, under a name for people."""
        return DeviceCard(self.id, name, self.sign_key, self.recipient)


def read_recipient(raw: Fields, name: str = "age_recipient") -> str:
    """An ``age1…`` address in a document somebody sent, checked by its own check digits."""
    recipient = raw.matching(name, RECIPIENT)
    try:
        pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raw.refuse()
    return recipient


def try_recipient(recipient: str) -> None:
    """Encrypt a few bytes for somebody, so that a useless address is found at joining and not with the first file.

    Raises Unreadable.
    """
    try:
        sealed = pyrage.encrypt(b"villagedesk", [pyrage.x25519.Recipient.from_str(recipient)])
    except (pyrage.RecipientError, pyrage.EncryptError, ValueError) as error:
        raise Unreadable(_USELESS) from error
    if not sealed.startswith(_AGE):
        raise Unreadable(_USELESS)


def key_id(recipient: str) -> str:
    """16 hex digits that name an address without being it."""
    return hashlib.sha256(b"villagedesk-key-v1\0" + recipient.encode()).hexdigest()[:16]


def fingerprint(sign_key: bytes, recipient: str) -> str:
    """Six groups of five digits, read aloud over the telephone: 99 bits of both public keys."""
    digest = hashlib.sha512(b"villagedesk-fingerprint-v1\0" + sign_key + recipient.encode()).digest()
    groups = (int.from_bytes(digest[8 * n : 8 * n + 8]) % 100_000 for n in range(6))
    return " ".join(f"{group:05d}" for group in groups)


def check_signature(sign_key: bytes, purpose: bytes, message: bytes, signature: bytes, problem: Text) -> None:
    """Raises Unreadable(problem) when ``signature`` was not made by the owner of ``sign_key`` for ``purpose``."""
    try:
        Ed25519PublicKey.from_public_bytes(sign_key).verify(signature, purpose + b"\0" + message)
    except (InvalidSignature, ValueError) as error:
        raise Unreadable(problem) from error
