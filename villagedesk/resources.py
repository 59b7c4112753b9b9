"""The one door to shipped files (packs, papers, fonts, translations), from a checkout, a wheel or a frozen build."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache
def root() -> Path:
    """The folder of shipped resources: ``villagedesk/_resources`` when installed, ``resources`` in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "_resources"
    return installed if installed.is_dir() else here.parent / "resources"


def path(*parts: str) -> Path:
    """The path of one shipped file or folder."""
    return root().joinpath(*parts)
