"""The exit of a village: its indicators with the figures and where they come from (DOMAIN §5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class VillageExitDraft:
    """One attempt of a village in one year. ``figures``: (field, figure, source); money in fen, yes-or-no as 1 or 0."""

    id: str = ""
    revision: int = 0
    year: int = 0
    profile: str = ""
    profile_version: int = 0
    state: str = "checked"  # states of the profile's village exit procedure
    figures: tuple[tuple[str, int, str], ...] = ()
    applied_on: date | None = None
    notice_id: str = ""  # the notice in the township; its days are written down when it goes up
    notice_from: date | None = None
    notice_until: date | None = None
    approved_on: date | None = None
    approval: str = ""  # number of the approving paper
    announced_on: date | None = None
    returned_reason: str = ""
