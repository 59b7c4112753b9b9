"""``make release``: everything a stick needs, from one commit, in ``dist``."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from fresh import proof
from fresh.told import Stop, tell

from release import bom, linux, update, windows
from release.environment import DIST, ROOT, call
from release.version import version


def make(secret: Path | None = None) -> None:
    """Check, build, describe and hash; with the ``secret`` signing key at hand, pack the updates for the stick too.

    Raises Stop when the checkout, the change log, the key or a check does not allow it.
    """
    _in_order()
    if secret is not None:
        update.is_built_in(secret)
    if proof.stands():
        tell("此提交的全部检查已通过,不再重做", "All checks of this commit have passed here; they are not run again")
    else:
        call([sys.executable, str(ROOT / "packaging" / "bootstrap.py"), "test"])
    shutil.rmtree(DIST, ignore_errors=True)
    installers = [deb for deb in linux.build() if deb.suffix == ".deb"]
    call([str(ROOT / ".venv" / "bin" / "python"), "-m", "pytest", "tests/frozen"])
    installers.append(windows.build())
    for installer in installers if secret is not None else ():
        update.pack(installer, secret)
    bom.write()
    shutil.copyfile(ROOT / "CHANGELOG.md", DIST / "CHANGELOG.md")
    write_sums()


def write_sums() -> None:
    """Write ``dist/SHA256SUMS`` as ``sha256sum --check`` reads it."""
    lines = []
    for file in sorted(DIST.iterdir()):
        if file.name != "SHA256SUMS":
            with file.open("rb") as stream:
                lines.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {file.name}\n")
    (DIST / "SHA256SUMS").write_text("".join(lines), "utf-8")


def _in_order() -> None:
    """The commit is what is built, and the change log knows its version."""
    said = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    if said:
        raise Stop("还有未提交的改动", f"Commit first:\n{said}")
    if f"\n## {version()}" not in (ROOT / "CHANGELOG.md").read_text("utf-8"):
        raise Stop(f"CHANGELOG.md 没有 {version()}", f"CHANGELOG.md says nothing of {version()}")
