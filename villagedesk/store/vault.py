"""The key of a desk, wrapped once for each way in: every user's passphrase, the recovery sheet, the township.

``vault.json`` beside the database holds no secret in the clear. Changing a passphrase rewrites this one small file
and nothing else; a user who goes is one wrap less. The data key itself never changes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from villagedesk.durable import write_whole
from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.store import recovery
from villagedesk.store.release import newer_desk, noted
from villagedesk.store.wraps import STANDARD, Cost, Kind, NotThisKey, Wrap, canonical
from villagedesk.text import Text, say
from villagedesk.values import Clock

VAULT_NAME = "vault.json"
DEFAULT_USER = "desk"

Entered = tuple[str, bytes]
"""Whose passphrase it was, and the data key."""

Passphrase = str | Future[Entered]
"""A passphrase, or one that is being tried already (:func:`begin_to_enter`)."""

_VERSION = 1
_LARGEST_FILE = 256 << 10
_MOST_WRAPS = 64


@dataclass(frozen=True)
class Vault:
    """The file as read. ``key_check`` tells a right data key from a wrong one."""

    created: str
    key_check: str
    wraps: tuple[Wrap, ...]

    def without(self, kind: Kind, label: str) -> Vault:
        """The vault with one way in closed."""
        return replace(self, wraps=tuple(wrap for wrap in self.wraps if (wrap.kind, wrap.label) != (kind, label)))

    def of(self, kind: Kind, label: str | None = None) -> tuple[Wrap, ...]:
        """The ways in of one kind."""
        return tuple(wrap for wrap in self.wraps if wrap.kind == kind and label in (None, wrap.label))


def create_vault(
    path: Path, passphrase: str, clock: Clock, *, user: str = DEFAULT_USER, cost: Cost = STANDARD
) -> tuple[bytes, str]:
    """A new data key, wrapped for ``user`` and for a recovery key: (32 bytes, the recovery key to print).

    ``user`` is written in the clear: a role or a short name, nothing more. Raises Refused for an empty passphrase or
    where a desk already stands.
    """
    if path.exists():
        raise Refused(say("A desk already stands here. Choose another folder."))
    data_key, secret = os.urandom(32), recovery.new_secret()
    wraps = (Wrap.by_passphrase(data_key, passphrase, user, cost), Wrap.by_recovery(data_key, secret))
    _write(path, Vault(clock().isoformat(timespec="seconds"), _check_of(data_key), wraps))
    return data_key, recovery.spell(secret)


def users(path: Path) -> tuple[str, ...]:
    """The names to choose from at the door."""
    return tuple(wrap.label for wrap in _read(path).of("passphrase"))


def open_vault(path: Path, passphrase: str, *, user: str | None = None) -> bytes:
    """The data key. Naming the ``user`` saves trying everybody's wrap.

    Raises Unreadable with another sentence each for a missing file, a damaged one, and a wrong passphrase.
    """
    return enter(path, passphrase, user=user)[1]


def enter(path: Path, passphrase: Passphrase, *, user: str | None = None) -> Entered:
    """Whose passphrase it is, and the data key. Raises as :func:`open_vault`."""
    if isinstance(passphrase, Future):
        return passphrase.result()
    vault = _read(path)
    wrong = say("The passphrase is wrong. Check the input method and the capital letters, then try again.")
    return _open(vault, vault.of("passphrase", user), lambda wrap: wrap.open_by_passphrase(passphrase), wrong)


def begin_to_enter(path: Path, passphrase: str) -> Passphrase:
    """Try a passphrase on a thread of its own, so that what else an opening needs can be loaded meanwhile.

    Where no vault lies yet, the passphrase comes back as it was: the opening may still put a restored one there.
    """
    if not path.is_file():
        return passphrase
    thread = ThreadPoolExecutor(1, "entering")
    try:
        return thread.submit(enter, path, passphrase)
    finally:
        thread.shutdown(wait=False)


def fits(path: Path, data_key: bytes) -> bool:
    """Whether this is a desk of that data key. Raises Unreadable for a damaged vault."""
    return _fits(_read(path), data_key)


def open_with_recovery(path: Path, recovery_key: str) -> bytes:
    """The data key, by the printed recovery key. Raises Unreadable: a group is mistyped, or another desk's."""
    vault, secret = _read(path), recovery.read(recovery_key)
    wrong = say("This recovery key belongs to another desk.")
    return _open(vault, vault.of("recovery"), lambda wrap: wrap.open_by_recovery(secret), wrong)[1]


def change_passphrase(path: Path, old: str, new: str, *, user: str = DEFAULT_USER, cost: Cost = STANDARD) -> None:
    """Let ``user`` in by ``new`` instead of ``old``. Raises as :func:`open_vault`, Refused when ``new`` is empty."""
    data_key = open_vault(path, old, user=user)
    set_passphrase(path, data_key, user, new, cost=cost)


def set_passphrase(path: Path, data_key: bytes, user: str, passphrase: str, *, cost: Cost = STANDARD) -> None:
    """Give ``user`` a passphrase, new or instead of a forgotten one, by whoever has the desk open."""
    _replace(path, data_key, Wrap.by_passphrase(data_key, passphrase, user, cost))


def add_user(path: Path, data_key: bytes, user: str, passphrase: str, *, cost: Cost = STANDARD) -> None:
    """One more person with a passphrase of his own. Raises Refused when the name is taken."""
    if user in users(path):
        raise Refused(say("“{user}” already has a passphrase. Choose another name.", user=user))
    set_passphrase(path, data_key, user, passphrase, cost=cost)


def renew_recovery(path: Path, data_key: bytes) -> str:
    """A new recovery key to print; the old sheet no longer opens the desk."""
    secret = recovery.new_secret()
    _replace(path, data_key, Wrap.by_recovery(data_key, secret))
    return recovery.spell(secret)


def remove_user(path: Path, user: str) -> None:
    """Take a person's way in. Raises Refused when the name is unknown or nobody else would be left.

    Whoever has copied the desk and the old vault file before keeps access to that copy.
    """
    vault = _read(path)
    if not vault.of("passphrase", user):
        raise Refused(say("Nobody here is called “{user}”.", user=user))
    if len(vault.of("passphrase")) == 1:
        raise Refused(say("“{user}” is the only one with a passphrase. Give another person one first.", user=user))
    _write(path, vault.without("passphrase", user))


def _replace(path: Path, data_key: bytes, wrap: Wrap) -> None:
    vault = _read(path)
    if not _fits(vault, data_key):
        raise ValueError("data key of another desk")
    vault = vault.without(wrap.kind, wrap.label)
    if len(vault.wraps) >= _MOST_WRAPS:
        raise Refused(say("More than {most} people cannot share one desk.", most=_MOST_WRAPS))
    _write(path, replace(vault, wraps=(*vault.wraps, wrap)))


def _open(vault: Vault, wraps: tuple[Wrap, ...], unwrap: Callable[[Wrap], bytes], wrong: Text) -> Entered:
    for wrap in wraps:
        try:
            data_key = unwrap(wrap)
        except NotThisKey:
            continue
        if _fits(vault, data_key):
            return wrap.label, data_key
    raise Unreadable(wrong)


def _fits(vault: Vault, data_key: bytes) -> bool:
    return hmac.compare_digest(_check_of(data_key).encode(), vault.key_check.encode())


def _check_of(data_key: bytes) -> str:
    return hmac.digest(data_key, b"villagedesk-key-check-v1", "sha256").hex()


_DAMAGED = say("The key file of this desk ({name}) is damaged. Restore it from the latest backup.", name=VAULT_NAME)


def _write(path: Path, vault: Vault) -> None:
    body: dict[str, object] = {
        "v": _VERSION,
        "created": vault.created,
        "key_check": vault.key_check,
        "wraps": [wrap.to_fields() for wrap in vault.wraps],
    }
    body["sha256"] = hashlib.sha256(canonical(body)).hexdigest()
    write_whole(path, [json.dumps(body, ensure_ascii=False, indent=1).encode()], read_back=True)


def _read(path: Path) -> Vault:
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST_FILE)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Unreadable(
            say(
                "The key file {name} of the desk is missing. Restore the latest backup, or choose another folder.",
                name=VAULT_NAME,
            )
        ) from error
    except OSError as error:
        raise Unavailable(
            say("The key file of this desk cannot be opened. Close other programs, try again.")
        ) from error
    try:
        return _parse(json.loads(data), path.parent)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable(_DAMAGED) from error


def _parse(raw: dict[str, object], folder: Path) -> Vault:
    version = raw["v"]
    if isinstance(version, int) and version > _VERSION:
        raise newer_desk(noted(folder))
    digest = raw.pop("sha256")
    wraps = raw["wraps"]
    if hashlib.sha256(canonical(raw)).hexdigest() != digest or not isinstance(wraps, list):
        raise ValueError("digest")
    return Vault(str(raw["created"]), str(raw["key_check"]), tuple(Wrap.from_fields(wrap) for wrap in wraps))
