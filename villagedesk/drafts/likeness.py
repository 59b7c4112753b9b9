"""Two entries that look like one person, and what somebody found out about them (DOMAIN §4.3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LikenessGroundDraft:
    """What the two entries said of themselves when they were told apart."""

    id: str = ""
    revision: int = 0
    facts: str = ""  # digest of names, birth dates and ID numbers


@dataclass(frozen=True, slots=True)
class LikenessDraft:
    """The answer on one pair. Who gave it, when and why stands in its revision, as of every record."""

    id: str = ""
    revision: int = 0
    one_id: str = ""  # member; the lesser id of the two
    other_id: str = ""  # member
    one_person: bool | None = None  # False: two people who look alike
    grounds: tuple[LikenessGroundDraft, ...] = ()
