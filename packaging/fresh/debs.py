"""The Debian packages that only tests use: installed where we are root, named otherwise; without one its tests skip.

To let a test use another one, name it here with a file it brings.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from fresh import qt
from fresh.told import tell

TESTED_WITH: Mapping[str, str] = MappingProxyType({
    "postgresql": "/usr/lib/postgresql/*/bin/initdb",
    "age": "/usr/bin/age",
    "zstd": "/usr/bin/zstd",
    "jq": "/usr/bin/jq",
    "xvfb": "/usr/bin/Xvfb",
    "openbox": "/usr/bin/openbox",
    "xdotool": "/usr/bin/xdotool",
    "imagemagick": "/usr/bin/import*",
    "strace": "/usr/bin/strace",
})  # fmt: skip
"""Debian package → a file by which it is known to be there."""


def missing() -> list[str]:
    """The packages that are not there; none where there is no Debian."""
    if not sys.platform.startswith("linux"):
        return []
    tools = [package for package, file in TESTED_WITH.items() if not any(Path("/").glob(file[1:]))]
    return [*tools, *qt.missing_of({**qt.SCREEN, **qt.X11})]  # the window is tried on a real X server


def ensure() -> None:
    """Install what is missing, as root where apt answers; otherwise say which line to type. The tests run anyway."""
    packages = missing()
    if packages and shutil.which("apt-get") and os.geteuid() == 0:
        tell(f"安装测试用的软件包:{' '.join(packages)}", "Installing what only the tests use")
        qt.install([], packages)
        packages = missing()
    if packages:
        line = f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
        tell(
            f"有些测试会跳过，如要运行请输入:{line}", "Some tests will be skipped; the line above brings what they need"
        )
