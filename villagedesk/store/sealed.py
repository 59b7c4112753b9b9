"""Encrypted attachment files: a scan or photograph each, named so that the name tells nothing of the content.

The database knows an attachment by its SHA-256; the file's name is an HMAC of it under the desk's key, so nobody
without the key can ask whether this desk holds a document he has.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from villagedesk.durable import make_folder, refusals, write_whole
from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.text import say

LARGEST = 64 << 20
"""Bytes one attachment may have."""

_MAGIC = b"VDSEAL1\n"
_NONCE = 12
_TAG = 16


def seal(folder: Path, data: bytes, key: bytes) -> str:
    """Keep ``data`` encrypted under the desk's 32-byte data key; returns its SHA-256 in hex.

    The same content twice is one file; a damaged one is mended by being brought in again. Raises Refused when ``data``
    is too large, Unavailable when the disk refuses.
    """
    if len(data) > LARGEST:
        raise Refused(
            say("This file is larger than {limit} MB. Scan it at a lower resolution or split it.", limit=LARGEST >> 20)
        )
    digest = hashlib.sha256(data).hexdigest()
    with suppress(Unreadable):
        unseal(folder, digest, key)
        return digest
    path = sealed_path(folder, digest, key)
    nonce = os.urandom(_NONCE)
    box = AESGCM(_file_key(digest, key)).encrypt(nonce, data, _MAGIC)
    with refusals(path):
        make_folder(path.parent)
    write_whole(path, [_MAGIC, nonce, box])
    return digest


def unseal(folder: Path, digest: str, key: bytes) -> bytes:
    """The attachment with this SHA-256. Raises Unreadable when it is missing, damaged, or of another desk."""
    box = _read(sealed_path(folder, digest, key))
    try:
        data = AESGCM(_file_key(digest, key)).decrypt(box[:_NONCE], box[_NONCE:], _MAGIC)
    except (InvalidTag, ValueError) as error:
        raise Unreadable(_DAMAGED) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise Unreadable(_DAMAGED)
    return data


def sealed_path(folder: Path, digest: str, key: bytes) -> Path:
    """Where the attachment with this SHA-256 lies."""
    name = hmac.digest(_derived(key, b"villagedesk-attachment-name-v1"), bytes.fromhex(digest), "sha256").hex()
    return folder / name[:2] / name


_DAMAGED = say("An attachment is damaged. Restore it from the latest backup, or scan the paper again.")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            box = stream.read(len(_MAGIC) + _NONCE + LARGEST + _TAG + 1)
    except FileNotFoundError as error:
        raise Unreadable(
            say("An attachment is missing. Restore it from the latest backup, or scan the paper again.")
        ) from error
    except OSError as error:
        raise Unavailable(
            say("An attachment cannot be opened just now. Close other programs and try again.")
        ) from error
    if not box.startswith(_MAGIC):
        raise Unreadable(_DAMAGED)
    return box[len(_MAGIC) :]


def _file_key(digest: str, key: bytes) -> bytes:
    return _derived(key, b"villagedesk-attachment-v1\0" + bytes.fromhex(digest))


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, purpose).derive(key)
