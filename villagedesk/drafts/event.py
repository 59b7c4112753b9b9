"""What happened to a household: one record an event, from which reports and year-end lists follow (DOMAIN §5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class EventDraft:
    """One event, or the frozen member list of one household at the end of a year (kind ``snapshot``).

    Persons go from ``household_id`` to ``other_id``; into ``household_id`` from outside, or out of it, where the kind
    says so (``services.event_course.FLOWS``).
    """

    id: str = ""
    revision: int = 0
    kind: str = ""
    happened_on: date | None = None
    year: int = 0  # whose report counts it: that of the day, or the first one still open when it was entered
    household_id: str = ""
    other_id: str = ""  # the second household concerned
    other_village: str = ""  # of a move between villages: the 12 digits of the village in which that one's file is
    other_no: str = ""  # and its number there
    member_ids: tuple[str, ...] = ()  # who came, left or moved; of a snapshot: who belonged to the household
    heads: tuple[tuple[str, str, str], ...] = ()  # household, head before, head after; only where it changed
    opened: str = ""  # household whose file began or came back with this event
    closed: str = ""  # household whose file ended with it
    reason_code: str = ""  # member_in, member_out or household_out, by kind
    state_before: str = ""  # poverty_state before a suspension
    takes_back: str = ""  # the merge that this un-merge takes back
    document: str = ""
    note: str = ""
