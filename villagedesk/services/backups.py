"""Backups: one file with everything in it, all of it already encrypted, verified after writing (INTERFACE backup).

The file is a plain tar: ``place.json``, ``vault.json``, ``desk.db``, ``attachments/…``, and last the SHA-256 of each.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from villagedesk.durable import reading, refusals, write_whole
from villagedesk.errors import Unreadable
from villagedesk.store import place as places
from villagedesk.store.engine import copy_whole
from villagedesk.store.place import Place
from villagedesk.sync.tar import END, Member, TarReader, header, padding
from villagedesk.text import say
from villagedesk.values import Step, no_step

SUFFIX = ".vdbackup"
STAMP = "%Y%m%d-%H%M%S"
_MANIFEST = "manifest-sha256.txt"
_ESSENTIAL = ("place.json", "vault.json", places.DATABASE)
_CHUNK = 1 << 20
_LARGEST = 64 << 30
_LARGEST_MANIFEST = 64 << 20


def backup(place: Place, target: Path, step: Step = no_step) -> Path:
    """Write a backup of an open desk or hub while it is in use, and read it back.

    ``target`` is a folder (the file then gets a name with the time) or the file itself. Raises Unavailable when the
    place refuses, or when the desk itself turns out to be damaged.
    """
    file = target / f"{place.kind}-{place.store.clock():{STAMP}}{SUFFIX}" if target.is_dir() else target
    with scratch(place) as folder:
        copy = folder / places.DATABASE
        copy_whole(place.store.engine, copy, place.key)
        members = [(name, place.folder / name) for name in _ESSENTIAL[:2]]
        members += [(places.DATABASE, copy), *_attachments(place.folder)]
        write_whole(file, _packed(members, step), read_back=True)
    check(file)
    return file


def restore(file: Path, folder: Path, passphrase: str, when: datetime, step: Step = no_step) -> Path | None:
    """Put a backup into ``folder``; a desk already there is kept aside, and its new place returned.

    Everything is checked, and the passphrase tried, before the old desk is touched. Raises Unreadable for a damaged
    or foreign file or a wrong passphrase, Unavailable when the old desk is open somewhere.
    """
    parent = folder.resolve().parent
    ready = parent / f".{folder.name}.restoring"
    with refusals(folder):
        parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(ready, ignore_errors=True)
        ready.mkdir()
    try:
        with refusals(folder):
            unpack(file, ready, step)
        places.open_place(ready, passphrase, "").close()
        with refusals(folder):
            return places.replace(folder.resolve(), ready, f"{when:{STAMP}}")
    finally:
        shutil.rmtree(ready, ignore_errors=True)


def check(file: Path) -> int:
    """Hold every part of a backup against its manifest; returns the number of parts. Raises Unreadable."""
    return _read(file, None)


def unpack(file: Path, folder: Path, step: Step = no_step) -> None:
    """Lay the parts of a backup into an empty folder, durably. Raises Unreadable; what lies there is then no desk."""
    _read(file, folder, step)


@contextmanager
def scratch(place: Place) -> Iterator[Path]:
    """A folder beside the database for encrypted copies that pass."""
    with refusals(place.folder):
        folder = Path(tempfile.mkdtemp(dir=place.folder, prefix=places.SCRATCH))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _attachments(folder: Path) -> list[tuple[str, Path]]:
    found = ((file.relative_to(folder).as_posix(), file) for file in sorted((folder / "attachments").rglob("*")))
    return [(name, file) for name, file in found if _plain(name) and file.is_file()]


def _packed(members: list[tuple[str, Path]], step: Step) -> Iterator[bytes]:
    digests: dict[str, str] = {}
    for done, (name, path) in enumerate(members, 1):
        with path.open("rb") as stream:
            yield from _member(name, stream, digests)
        step(done, len(members))
    manifest = "".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()
    yield header(_MANIFEST, len(manifest)) + manifest + padding(len(manifest)) + END


def _member(name: str, stream: IO[bytes], digests: dict[str, str]) -> Iterator[bytes]:
    size, digest = os.fstat(stream.fileno()).st_size, hashlib.sha256()
    yield header(name, size)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        yield chunk
    yield padding(size)
    digests[name] = digest.hexdigest()


def _read(file: Path, folder: Path | None, step: Step = no_step) -> int:
    damaged = Unreadable(say("This backup is damaged. Use an earlier one."))
    with reading(file), file.open("rb") as stream:
        if stream.read(len(_ESSENTIAL[0]) + 1) != _ESSENTIAL[0].encode() + b"\0":
            raise Unreadable(
                say("“{name}” is not a backup of VillageDesk. Choose a file that ends in .vdbackup.", name=file.name)
            )
        stream.seek(0)
        size = os.fstat(stream.fileno()).st_size
        digests: dict[str, str] = {}
        manifest = None
        try:
            for member in TarReader(stream, _LARGEST):
                if manifest is not None or member.name in digests:
                    raise damaged
                if member.name == _MANIFEST:
                    manifest = _digests(member)
                else:
                    digests[member.name] = _keep(member, folder)
                step(min(stream.tell(), size), size)
        except (Unreadable, ValueError) as error:
            raise damaged from error
    if manifest != digests or not digests.keys() >= set(_ESSENTIAL):
        raise damaged
    return len(digests)


def _digests(manifest: Member) -> dict[str, str]:
    lines = manifest.whole(_LARGEST_MANIFEST).decode().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def _keep(member: Member, folder: Path | None) -> str:
    """The SHA-256 of a part, written into ``folder`` on the way."""
    if not _plain(member.name):
        raise ValueError(member.name)
    digest = hashlib.sha256()
    if folder is None:
        for piece in member.pieces:
            digest.update(piece)
        return digest.hexdigest()
    target = folder / member.name
    with refusals(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            for piece in member.pieces:
                digest.update(piece)
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
    return digest.hexdigest()


def _plain(name: str) -> bool:
    parts = name.split("/")
    return name in _ESSENTIAL or (
        parts[0] == "attachments" and len(parts) == 3 and all(part.isascii() and part.isalnum() for part in parts)
    )
