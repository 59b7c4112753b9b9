"""The one-folder program by PyInstaller: what a machine without Python, pip and internet gets."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from release import elf, environment, icu
from release.environment import BUILD
from release.version import epoch

FOLDER = BUILD / "frozen" / "villagedesk"
_STRIPPED = re.compile(
    r"/(libpython3\.\d+\.so[.0-9]*|lib-dynload/[^/]+\.so"
    r"|(sqlcipher3|pyrage|zstandard|sqlalchemy|cryptography|lxml|isal|orjson|zxingcpp)/.*\.so)$"
)
"""Files whose symbols are dropped. Those that auditwheel has patched do not survive it: Pillow, pikepdf."""


def build() -> Path:
    """Make the folder anew from the commit and the locked libraries; returns it."""
    python, source = environment.ensure(), environment.take_source()
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.rmtree(BUILD / "work", ignore_errors=True)
    environment.call(
        [
            *(str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--workpath", str(BUILD / "work"), "--distpath", str(FOLDER.parent)),
            str(source / "packaging" / "frozen.spec"),
        ],
        source,
        SOURCE_DATE_EPOCH=str(epoch()),
        PYTHONHASHSEED="0",
        PYINSTALLER_CONFIG_DIR=str(BUILD / "pyinstaller"),
    )
    icu.shrink(FOLDER)
    strip(FOLDER)
    elf.own_paths_only(FOLDER)
    settle(FOLDER)
    return FOLDER


def strip(folder: Path) -> None:
    """Drop symbols that nobody on a village laptop reads: 60 MB."""
    files = [str(file) for file in sorted(folder.rglob("*.so*")) if _STRIPPED.search(file.as_posix())]
    subprocess.run(["strip", "--strip-unneeded", *files], check=True)


def settle(folder: Path) -> None:
    """Give every file the time of the commit and the modes of an installed program, so that builds compare."""
    for path in sorted(folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == folder / "villagedesk" else 0o644)
        os.utime(path, (epoch(), epoch()), follow_symlinks=False)


def size(folder: Path) -> int:
    """Bytes on disk, links apart."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
