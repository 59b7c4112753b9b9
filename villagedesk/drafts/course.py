"""A course of a procedure without a record of its own: identification, removal, adjustment (DOMAIN §5.1, §5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """One course of the procedure ``procedure`` of the profile, about a household or the village as a whole."""

    id: str = ""
    revision: int = 0
    procedure: str = ""  # key of the profile's procedure
    subject_id: str = ""  # the household; "" where it is about the village
    year: int = 0
    attempt: int = 1
    profile: str = ""
    profile_version: int = 0
    state: str = ""  # states of that procedure
    began_on: date | None = None
    visited_by: str = ""  # two names
    ground: str = ""  # removal_ground: why the household was identified wrongly
    heard: str = ""  # what the household says to it, in its own words
    evaluation_id: str = ""  # the meeting that decided
    held_on: date | None = None
    due: int = 0
    present: int = 0
    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0
    recused: str = ""  # names of relatives who stepped out of this vote, with 、 between
    notices: tuple[tuple[str, str, str], ...] = ()  # step, first day, last day (ISO), in order of posting
    approval: str = ""  # number of the approving paper
    steps: tuple[tuple[str, str], ...] = ()  # step, day (ISO), in order of taking
    returned_reason: str = ""
    note: str = ""
