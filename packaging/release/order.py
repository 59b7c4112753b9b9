"""What would stop a release after its long work, told before it."""

from __future__ import annotations

import shutil
import subprocess

from fresh.told import Stop

from release.environment import ROOT
from release.version import version

TOOLS = {"git": "git", "dpkg-deb": "dpkg", "objdump": "binutils", "ld": "binutils", "makensis": "nsis"}
"""Programs a release calls → the Debian package of each."""


def check() -> None:
    """The tools are there, the commit is what is built, and the change log knows its version; else Stop."""
    missing = {package for tool, package in TOOLS.items() if shutil.which(tool) is None}
    if missing:
        words = " ".join(sorted(missing))
        raise Stop(f"缺少工具，请输入:apt-get install {words}", f"Tools are missing; type: apt-get install {words}")
    said = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    if said:
        raise Stop("还有未提交的改动", f"Commit first:\n{said}")
    if f"\n## {version()}" not in (ROOT / "CHANGELOG.md").read_text("utf-8"):
        raise Stop(f"CHANGELOG.md 没有 {version()}", f"CHANGELOG.md says nothing of {version()}")
