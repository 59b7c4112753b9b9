"""The version stands in villagedesk/__init__.py and nowhere else; the time of a build is the time of its commit."""

from __future__ import annotations

import os
import re
import subprocess

from release.environment import ROOT


def version() -> str:
    """The version of the program, e.g. ``0.1.0``."""
    found = re.search(r'^__version__ = "([^"]+)"', (ROOT / "villagedesk" / "__init__.py").read_text("utf-8"), re.M)
    if found is None:
        raise ValueError("villagedesk/__init__.py names no version")
    return found[1]


def epoch() -> int:
    """Seconds since 1970 that every file of a build carries: SOURCE_DATE_EPOCH, or the time of the commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    said = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return int(said)
