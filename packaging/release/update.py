"""Update packages for the stick, and the key that signs them. The other side of ``villagedesk/update.py``."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fresh.told import Stop, tell

from release.environment import DIST, ROOT
from release.version import version

PUBLIC = ROOT / "resources" / "update" / "public-key"


def new_key(secret: Path) -> None:
    """Write a new signing key to ``secret`` and its public half into the program. Raises Stop when the file exists."""
    key = Ed25519PrivateKey.generate()
    try:
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Stop(f"{secret} 已存在", f"{secret} exists; a key is never written over") from None
    with os.fdopen(handle, "w") as stream:
        stream.write(key.private_bytes_raw().hex() + "\n")
    PUBLIC.parent.mkdir(exist_ok=True)
    PUBLIC.write_text(f"ed25519 {key.public_key().public_bytes_raw().hex()}\n", "ascii")
    tell(f"私钥在 {secret},请离线保管", f"Keep {secret} offline; programs built from now on accept what it signs")


def is_built_in(secret: Path) -> None:
    """Raises Stop unless ``secret`` is the other half of the key in the program: nobody would accept what it signs."""
    if _key(secret).public_key().public_bytes_raw().hex() != PUBLIC.read_text("ascii").split()[-1]:
        raise Stop(f"{secret.name} 不是程序内置公钥的私钥", f"{secret.name} is not the key this program believes")


def pack(installer: Path, secret: Path, *, target: Path | None = None, of: str = "") -> Path:
    """Sign ``installer`` with the key in ``secret``; returns ``dist/villagedesk-VERSION-MACHINE.vdupdate``."""
    sys.path.insert(0, str(ROOT))
    from villagedesk.update import SIGNED, SUFFIX, Offer

    key = _key(secret)
    with installer.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    machine = _machine(installer.name)
    offer = Offer(of or version(), machine, installer.name, installer.stat().st_size, digest)
    line = offer.line()
    file = target or DIST / f"villagedesk-{offer.version}-{machine}{SUFFIX}"
    with file.open("wb") as out:
        out.write(line + b"\n" + key.sign(SIGNED + b"\0" + line).hex().encode() + b"\n")
        out.writelines(_chunks(installer))
    return file


def _key(secret: Path) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret.read_text("ascii").strip()))
    except (OSError, ValueError):
        raise Stop(f"{secret} 不是签名私钥", f"{secret} is no signing key") from None


def _machine(name: str) -> str:
    """The kind of machine an installer is for, by its name."""
    kinds = {"_amd64.deb": "linux-x86_64", "_arm64.deb": "linux-aarch64", ".exe": "windows-amd64"}
    for end, kind in kinds.items():
        if name.endswith(end):
            return kind
    raise Stop(f"不认识的安装包 {name}", f"{name} is no installer of ours")


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            yield chunk
