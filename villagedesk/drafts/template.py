"""The text of a paper: as the county wants it, or as it was when something was printed by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """One text of a paper's file. Texts are never changed; of those ``in_use`` the newest is printed by."""

    id: str = ""
    revision: int = 0
    paper: str = ""  # the paper's key
    digest: str = ""  # SHA-256 of the text, hex
    text: str = ""  # TOML
    in_use: bool = False
    added_on: date | None = None
