"""The ``.deb``: the folder under /usr/lib, a command, and what desktops read. Its one script refuses to go back."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from release import elf, frozen, shared
from release.environment import BUILD, DIST, ROOT
from release.version import epoch, version

MAINTAINER = "VillageDesk maintainers <maintainers@villagedesk.invalid>"


def build(folder: Path) -> Path:
    """Pack the one-folder program; returns ``dist/villagedesk_VERSION_ARCHITECTURE.deb``."""
    tree = BUILD / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree / "usr" / "lib" / "villagedesk", symlinks=True)
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / "villagedesk").symlink_to("../lib/villagedesk/villagedesk")
    shared.lay_out(tree / "usr" / "share")
    _documents(tree / "usr" / "share" / "doc" / "villagedesk")
    _control(tree)
    frozen.settle(tree)
    for program in (tree / "usr" / "lib" / "villagedesk" / "villagedesk", tree / "DEBIAN" / "preinst"):
        program.chmod(0o755)
    target = DIST / f"villagedesk_{version()}_{architecture()}.deb"
    DIST.mkdir(exist_ok=True)
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--threads-max=1", "--build", str(tree), str(target)],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch())},
        check=True,
    )
    return target


def architecture() -> str:
    """Debian's name of this kind of machine."""
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


def _documents(folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(shared.SOURCES / "copyright.in", folder / "copyright")
    _pack(folder / "NEWS.gz", (ROOT / "CHANGELOG.md").read_bytes())
    day = datetime.fromtimestamp(epoch(), UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    head = f"villagedesk ({version()}) unstable; urgency=medium\n\n  * What is new stands in NEWS.gz.\n\n"
    _pack(folder / "changelog.gz", f"{head} -- {MAINTAINER}  {day}\n".encode())
    pages = folder.parents[1] / "man" / "man1"
    pages.mkdir(parents=True)
    _pack(pages / "villagedesk.1.gz", (shared.SOURCES / "villagedesk.1").read_bytes())


def _pack(target: Path, content: bytes) -> None:
    with target.open("wb") as stream, gzip.GzipFile("", "wb", 9, stream, mtime=0) as packed:
        packed.write(content)


def _control(tree: Path) -> None:
    files = [file for file in sorted(tree.rglob("*")) if file.is_file() and not file.is_symlink()]
    values = {
        "VERSION": version(),
        "MAINTAINER": MAINTAINER,
        "ARCHITECTURE": architecture(),
        "KIBIBYTES": str(sum(-(-file.stat().st_size // 1024) for file in files)),
        "GLIBC": elf.floor(tree),
    }
    shared.fill("control.in", tree / "DEBIAN" / "control", values)
    shared.fill("preinst.in", tree / "DEBIAN" / "preinst", values)
    sums = (f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.relative_to(tree)}\n" for file in files)  # noqa: S324  dpkg asks for it
    (tree / "DEBIAN" / "md5sums").write_text("".join(sums), "utf-8")
