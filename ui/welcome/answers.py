"""What the set-up learns, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class VillageAnswer:
    """The village of the new desk."""

    code: str
    name: str
    township: str
    county: str
    province: str


@dataclass(frozen=True)
class SetUp:
    """Everything a new desk is made from."""

    village: VillageAnswer
    profile: str
    author: str
    folder: Path
    passphrase: str


@dataclass(frozen=True)
class HubSetUp:
    """Everything a new hub is made from: the township's name and 9-digit code.

    ``database`` is the address of a server that keeps the records, "" for the hub's own folder.
    """

    name: str
    code: str
    author: str
    folder: Path
    passphrase: str
    database: str = ""
