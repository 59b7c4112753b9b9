"""Backups: one file with everything in it, all of it already encrypted, verified after writing (INTERFACE backup)."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from villagedesk.durable import refusals, write_whole
from villagedesk.errors import Unreadable
from villagedesk.store import lock
from villagedesk.store import place as places
from villagedesk.store.place import Place
from villagedesk.text import say
from villagedesk.values import Step, no_step

SUFFIX = ".vdbackup"
_MANIFEST = "manifest-sha256.txt"
_CHUNK = 1 << 20
_LARGEST = 8 << 30


def backup(place: Place, target: Path, step: Step = no_step) -> Path:
    """Write a backup of an open desk or hub while it is in use, and read it back.

    ``target`` is a folder (the file then gets a name with the time) or the file itself. Raises Unavailable when the
    place refuses.
    """
    stamp = place.store.clock().strftime("%Y%m%d-%H%M%S")
    file = target / f"{place.kind}-{stamp}{SUFFIX}" if target.is_dir() else target
    with tempfile.TemporaryDirectory(dir=place.folder, prefix=".backup-") as scratch:
        copy = Path(scratch) / "desk.db"
        with refusals(copy):
            _copy_database(place, copy)
            members = [("place.json", place.folder / "place.json"), ("vault.json", place.folder / "vault.json")]
            members += [("desk.db", copy), *_attachments(place.folder)]
            packed = Path(scratch) / "packed.tar"
            _pack(packed, members, step)
        write_whole(file, _chunks(packed), read_back=True)
    check(file)
    return file


def restore(file: Path, folder: Path, passphrase: str, when: datetime) -> Path | None:
    """Put a backup into ``folder``; a desk already there is kept aside, and its new place returned.

    Everything is checked, and the passphrase tried, before the old desk is touched. Raises Unreadable for a damaged
    or foreign file or a wrong passphrase.
    """
    parent = folder.resolve().parent
    with refusals(folder):
        parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=parent, prefix=".restore-"))
    try:
        with refusals(folder):
            _unpack(file, scratch)
        places.open_place(scratch, passphrase, "").close()
        aside = None
        with refusals(folder):
            if folder.exists() and any(folder.iterdir()):
                places.label(folder)
                lock.take(folder).unlink()
                aside = folder.with_name(f"{folder.name}-{when:%Y%m%d-%H%M%S}")
                folder.rename(aside)
            elif folder.exists():
                folder.rmdir()
            scratch.rename(folder)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return aside


def check(file: Path) -> int:
    """Hold every part of a backup against its manifest; returns the number of parts. Raises Unreadable."""
    with _open(file) as archive:
        return sum(1 for _ in _parts(archive))


def _copy_database(place: Place, copy: Path) -> None:
    """Copy through the store's own backup interface: whole and current although the desk is being written."""
    source = place.store.engine.raw_connection()
    try:
        target = _keyed(copy, place.key)
        try:
            source.driver_connection.backup(target)  # type: ignore[union-attr]
            target.execute("PRAGMA journal_mode=delete")
        finally:
            target.close()
    finally:
        source.close()


def _keyed(path: Path, key: bytes) -> Any:
    import sqlcipher3

    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA cipher_log_level=none")
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    return connection


def _attachments(folder: Path) -> list[tuple[str, Path]]:
    root = folder / "attachments"
    return [(file.relative_to(folder).as_posix(), file) for file in sorted(root.rglob("*")) if file.is_file()]


def _pack(target: Path, members: list[tuple[str, Path]], step: Step) -> None:
    manifest = []
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        for done, (name, path) in enumerate(members, 1):
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                stream.seek(0)
                _add(archive, name, path.stat().st_size, stream)
            manifest.append(f"{digest}  {name}\n")
            step(done, len(members))
        text = "".join(manifest).encode()
        _add(archive, _MANIFEST, len(text), io.BytesIO(text))


def _add(archive: tarfile.TarFile, name: str, size: int, stream: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size = size
    archive.addfile(info, stream)


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _open(file: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(file, "r:")
    except (OSError, tarfile.TarError) as error:
        raise Unreadable(say("“{name}” is not a backup of VillageDesk.", name=file.name)) from error


def _unpack(file: Path, folder: Path) -> None:
    with _open(file) as archive:
        for name, data in _parts(archive):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())


def _parts(archive: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    """Name and content of each part, checked against the manifest before any is believed."""
    damaged = Unreadable(say("This backup is damaged. Use an earlier one."))
    try:
        members = {member.name: member for member in archive.getmembers()}
        manifest = _manifest(archive, members)
        if set(members) != {*manifest, _MANIFEST} or not {"place.json", "vault.json", "desk.db"} <= set(manifest):
            raise damaged
        for name, digest in manifest.items():
            data = _content(archive, members[name])
            if hashlib.sha256(data).hexdigest() != digest or not _plain(name):
                raise damaged
            yield name, data
    except (tarfile.TarError, OSError, UnicodeDecodeError, ValueError, KeyError) as error:
        raise damaged from error


def _manifest(archive: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> dict[str, str]:
    lines = _content(archive, members[_MANIFEST]).decode().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member) if member.isfile() and member.size <= _LARGEST else None
    if stream is None:
        raise ValueError(member.name)
    return stream.read()


def _plain(name: str) -> bool:
    parts = name.split("/")
    return name in {"place.json", "vault.json", "desk.db"} or (
        parts[0] == "attachments" and len(parts) == 3 and all(part.isalnum() for part in parts)
    )
