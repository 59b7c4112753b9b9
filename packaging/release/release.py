"""``make release``: everything a stick needs, from one commit, in ``dist``."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from fresh import proof
from fresh.told import tell

from release import bom, linux, order, update, windows
from release.environment import DIST, ROOT, call


def make(secret: Path | None = None) -> None:
    """Check, build, describe and hash; with the ``secret`` signing key at hand, pack the updates for the stick too.

    Raises Stop when the checkout, the change log, the key or a check does not allow it.
    """
    order.check()
    if secret is not None:
        update.is_built_in(secret)
    if proof.stands():
        tell("此提交的全部检查已通过，不再重做", "All checks of this commit have passed here; they are not run again")
    else:
        call([sys.executable, str(ROOT / "packaging" / "bootstrap.py"), "test"])
    shutil.rmtree(DIST, ignore_errors=True)
    installers = [deb for deb in linux.build() if deb.suffix == ".deb"]
    call([str(ROOT / ".venv" / "bin" / "python"), "-m", "pytest", "tests/frozen"])
    installers.append(windows.build())
    if secret is not None:
        for installer in installers:
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
