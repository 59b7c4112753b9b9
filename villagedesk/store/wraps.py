"""One data key, wrapped for one way in: Argon2id for what people remember, HKDF for pure chance, age for keys."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from villagedesk.errors import Problem, Refused
from villagedesk.text import say
from villagedesk.values import halfwidth

Kind = Literal["passphrase", "recovery"]

_NONCE = 12
_SALT = 16


class NotThisKey(Exception):
    """This wrap does not open by what was given."""


@dataclass(frozen=True)
class Cost:
    """How dear one guess is: Argon2id memory in KiB, passes, lanes."""

    m: int
    t: int
    p: int

    def __post_init__(self) -> None:
        if any(type(figure) is not int for figure in (self.m, self.t, self.p)):
            raise TypeError("cost")
        if not (8 * self.p <= self.m <= 1 << 18 and 1 <= self.t <= 16 and 1 <= self.p <= 16):
            raise ValueError("unbearable cost")  # a forged file must not eat the memory of the laptop


STANDARD = Cost(64 << 10, 3, 4)
"""64 MiB and three passes: about a quarter of a second on an old laptop (TECH §1.3)."""


@dataclass(frozen=True)
class Wrap:
    """One way in. ``box`` is nonce and AES-GCM box; ``cost`` only of passphrases."""

    kind: Kind
    label: str
    salt: bytes
    box: bytes = b""
    cost: Cost | None = None

    @classmethod
    def by_passphrase(cls, data_key: bytes, passphrase: str, user: str, cost: Cost) -> Wrap:
        """For a person. Raises Refused when passphrase or name are empty."""
        if not halfwidth(passphrase):
            raise Refused([Problem(say("Choose a passphrase."), "passphrase")])
        if not user.strip():
            raise Refused([Problem(say("Name the person the passphrase is for."), "user")])
        wrap = cls("passphrase", user, os.urandom(_SALT), cost=cost)
        return wrap._closed(data_key, wrap._stretched(passphrase, cost))

    @classmethod
    def by_recovery(cls, data_key: bytes, secret: bytes) -> Wrap:
        """For the recovery sheet."""
        wrap = cls("recovery", "", os.urandom(_SALT))
        return wrap._closed(data_key, wrap._expanded(secret))

    def open_by_passphrase(self, passphrase: str) -> bytes:
        """The data key, or NotThisKey."""
        if self.cost is None:
            raise NotThisKey
        return self._opened(self._stretched(passphrase, self.cost))

    def open_by_recovery(self, secret: bytes) -> bytes:
        """The data key, or NotThisKey."""
        return self._opened(self._expanded(secret))

    def to_fields(self) -> dict[str, object]:
        """As it stands in the file."""
        return asdict(self) | {"salt": self.salt.hex(), "box": self.box.hex()}

    @classmethod
    def from_fields(cls, raw: Mapping[str, Any]) -> Wrap:
        """Raises KeyError, TypeError or ValueError when the file is not ours."""
        kind, label, cost = raw["kind"], raw["label"], raw["cost"]
        if kind not in ("passphrase", "recovery") or not isinstance(label, str):
            raise ValueError("kind")
        salt, box = bytes.fromhex(raw["salt"]), bytes.fromhex(raw["box"])
        if len(salt) != _SALT:
            raise ValueError("salt")
        return cls(kind, label, salt, box, Cost(**cost) if cost is not None else None)

    @property
    def _bound(self) -> bytes:
        """What the box is bound to, so that no wrap can pass for another."""
        return canonical(replace(self, box=b"").to_fields())

    def _closed(self, data_key: bytes, key: bytes) -> Wrap:
        nonce = os.urandom(_NONCE)
        return replace(self, box=nonce + AESGCM(key).encrypt(nonce, data_key, self._bound))

    def _opened(self, key: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(self.box[:_NONCE], self.box[_NONCE:], self._bound)
        except (InvalidTag, ValueError) as error:
            raise NotThisKey from error

    def _stretched(self, passphrase: str, cost: Cost) -> bytes:
        """Full-width letters of an input method left on count as plain ones, in the right place and the wrong one."""
        kdf = Argon2id(salt=self.salt, length=32, iterations=cost.t, lanes=cost.p, memory_cost=cost.m)
        return kdf.derive(halfwidth(passphrase).encode("utf-8", "surrogatepass"))

    def _expanded(self, secret: bytes) -> bytes:
        return HKDF(SHA256(), 32, self.salt, b"villagedesk-recovery-v1").derive(secret)


def canonical(value: object) -> bytes:
    """One value, one spelling."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
