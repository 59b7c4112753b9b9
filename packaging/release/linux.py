"""Everything for one kind of Linux machine: the folder, the ``.deb``, and a tarball for systems without dpkg."""

from __future__ import annotations

import hashlib
import lzma
import platform
import shutil
import tarfile
from pathlib import Path

from fresh.told import Stop, tell

from release import deb, elf, frozen, shared
from release.environment import BUILD, DIST
from release.version import epoch, version

INSTALLED, INSTALLER = 250 * 2**20, 100 * 10**6
"""Bytes the installed program and its installer may take (issue: installers)."""

PROMISED = {
    *(
        "libc.so.6",
        "libm.so.6",
        "libdl.so.2",
        "libpthread.so.0",
        "librt.so.1",
        "libutil.so.1",
        "libresolv.so.2",
        "ld-linux-x86-64.so.2",
    ),
    *("ld-linux-aarch64.so.1", "libstdc++.so.6", "libgcc_s.so.1", "libGL.so.1", "libEGL.so.1", "libGLX.so.0"),
    *("libOpenGL.so.0", "libX11.so.6", "libX11-xcb.so.1", "libxcb.so.1", "libfontconfig.so.1", "libfreetype.so.6"),
    *("libdbus-1.so.3", "libglib-2.0.so.0", "libgthread-2.0.so.0", "libcups.so.2"),
    *("libwayland-client.so.0", "libwayland-cursor.so.0", "libwayland-egl.so.1"),
}
"""Libraries that the packages named in packaging/linux/control.in bring."""


def build() -> list[Path]:
    """Make all of it in ``dist``. Raises Stop when a limit is passed or a library would be missing."""
    folder = frozen.build()
    _hold(
        frozen.size(folder) <= INSTALLED, "安装后超出大小上限", f"The program is too large: {frozen.size(folder)} bytes"
    )
    missing = {name: files[0] for name, files in elf.asked(folder).items() if name not in PROMISED}
    _hold(not missing, "缺少系统库", f"Libraries that no package in control.in brings: {missing}")
    made = [deb.build(folder), tarball(folder)]
    for file in made:
        size = file.stat().st_size
        _hold(size <= INSTALLER, "安装包超出大小上限", f"{file.name} is too large: {size} bytes")
        tell(f"{file.name} {size / 1e6:.1f} MB", hashlib.sha256(file.read_bytes()).hexdigest())
    tell(f"安装后 {frozen.size(folder) / 1e6:.1f} MB", f"installed; glibc {elf.floor(folder)} or newer")
    return made


def tarball(folder: Path) -> Path:
    """Pack the folder with its own small set-up for one user."""
    name = f"villagedesk-{version()}-linux-{platform.machine()}"
    tree = BUILD / "tarball" / name
    shutil.rmtree(tree.parent, ignore_errors=True)
    shutil.copytree(folder, tree / "villagedesk", symlinks=True)
    shared.lay_out(tree / "share")
    shared.fill("setup.sh", tree / "setup.sh", {"VERSION": version()})
    frozen.settle(tree)
    (tree / "setup.sh").chmod(0o755)
    (tree / "villagedesk" / "villagedesk").chmod(0o755)
    target = DIST / f"{name}.tar.xz"
    with (
        lzma.open(target, "wb", preset=4) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as out,
    ):
        for path in [tree, *sorted(tree.rglob("*"))]:
            out.add(path, path.relative_to(tree.parent).as_posix(), recursive=False, filter=_nobodys)
    return target


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = epoch()
    return member


def _hold(good: bool, chinese: str, english: str) -> None:
    if not good:
        raise Stop(chinese, english)
