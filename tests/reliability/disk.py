"""A disk that forgets what was not flushed, in the ways disks do."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.trace import Call

SECTOR = 512


@dataclass
class File:
    """A file's bytes on the medium, and the changes still in memory: (offset, data), or (new length, None)."""

    safe: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)
    length: int = 0

    def flush(self) -> None:
        """Everything reaches the medium."""
        for offset, data in self.waiting:
            _apply(self.safe, offset, data)
        self.waiting.clear()

    def torn(self, chance: random.Random) -> bytes:
        """The bytes after a cut: any sectors of what waited may be there."""
        left = bytearray(self.safe)
        luck = chance.choice((0.0, 0.3, 0.7, 1.0))
        for offset, data in self.waiting:
            if data is None:
                if chance.random() < luck:
                    _apply(left, offset, None)
                continue
            for start in range(0, len(data), SECTOR):
                if chance.random() < luck:
                    _apply(left, offset + start, data[start : start + SECTOR])
        return bytes(left)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


Names = dict[str, File | None]
"""Path → its file; None for a folder."""


class Disk:
    """Follows the calls on the tree below ``root``, which began as a flushed copy of ``before``."""

    WATCHED = ("openat", "write", "pwrite64", "lseek", "ftruncate", "fsync", "fdatasync", "rename", "renameat",
               "renameat2", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat")  # fmt: skip

    def __init__(self, root: Path, before: Path) -> None:
        self._root = str(root)
        self._names: Names = {}
        for path in sorted(before.rglob("*")):
            there = f"{self._root}/{path.relative_to(before)}"
            content = None if path.is_dir() else bytearray(path.read_bytes())
            self._names[there] = None if content is None else File(content, length=len(content))
        self._safe: Names = dict(self._names)
        self._renamed: list[tuple[frozenset[str], Callable[[Names], None]]] = []
        self._at: dict[str, int] = {}

    def take(self, call: Call) -> None:
        """One more call. What happens outside the tree, and in files only the running program needs, is passed over."""
        if call.path.startswith(f"{self._root}/") and not call.path.endswith(("-shm", "/ballast", "/lock")):
            getattr(self, f"_{call.name}")(call)
        elif call.path == self._root and call.name == "fsync":
            self._fsync(call)

    def after_cut(self, folder: Path, chance: random.Random) -> None:
        """Lay out what a reader finds after the power is back."""
        names, lost = dict(self._safe), set[str]()
        for folders, change in self._renamed:
            if folders & lost or chance.random() < 0.3:
                lost |= folders  # a folder's later changes of name do not overtake its earlier ones
            else:
                change(names)
        folder.mkdir(parents=True)
        for path, file in sorted(names.items()):
            target = folder / path.removeprefix(f"{self._root}/")
            if not target.parent.is_dir():
                continue  # its folder's own name was lost
            if file is None:
                target.mkdir()
            else:
                target.write_bytes(file.torn(chance))

    def _change(self, call: Call, change: Callable[[Names], None]) -> None:
        change(self._names)
        folders = {path.rpartition("/")[0] for path in (call.path, call.other) if path}
        self._renamed.append((frozenset(folders), change))

    def _openat(self, call: Call) -> None:
        self._at[call.path] = 0
        if call.path in self._names:
            file = self._names[call.path]
            if file is not None and "O_TRUNC" in call.flags and file.length:
                file.waiting.append((0, None))
                file.length = 0
        elif "O_CREAT" in call.flags:
            new = File()
            self._change(call, lambda names: names.__setitem__(call.path, new))

    def _write(self, call: Call) -> None:
        at = self._at.get(call.path, 0)
        self._put(call.path, at, call.data)
        self._at[call.path] = at + len(call.data)

    def _pwrite64(self, call: Call) -> None:
        self._put(call.path, call.offset, call.data)

    def _put(self, path: str, offset: int, data: bytes) -> None:
        file = self._names.get(path)
        if file is not None:
            file.waiting.append((offset, data))
            file.length = max(file.length, offset + len(data))

    def _lseek(self, call: Call) -> None:
        self._at[call.path] = call.offset

    def _ftruncate(self, call: Call) -> None:
        file = self._names.get(call.path)
        if file is not None:
            file.waiting.append((call.size, None))
            file.length = call.size

    def _fsync(self, call: Call) -> None:
        file = self._names.get(call.path)
        if file is not None:
            file.flush()
            return
        kept = []
        for folders, change in self._renamed:
            if call.path in folders:
                change(self._safe)
            else:
                kept.append((folders, change))
        self._renamed = kept

    def _rename(self, call: Call) -> None:
        def change(names: Names) -> None:
            moved = {
                path: file for path, file in names.items() if path == call.path or path.startswith(f"{call.path}/")
            }
            for path, file in moved.items():
                del names[path]
                names[call.other + path.removeprefix(call.path)] = file

        self._change(call, change)

    def _unlink(self, call: Call) -> None:
        self._change(call, lambda names: names.pop(call.path, None))

    def _mkdir(self, call: Call) -> None:
        self._change(call, lambda names: names.__setitem__(call.path, None))
