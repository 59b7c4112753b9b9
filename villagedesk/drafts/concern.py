"""A concern of the people (群众问题) and, apart from it, who raised it (SZ-3.8, DOMAIN §5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ConcernDraft:
    """What was raised and what became of it. Who raised it is no part of this: lists and papers cannot show it."""

    id: str = ""
    revision: int = 0
    no: str = ""
    received_on: date | None = None
    channel: str = ""  # concern_channel
    topic: str = ""  # concern_topic
    named: bool | None = None  # whether the person gave a name
    household_id: str = ""  # the household it is about, where it is about one
    text: str = ""
    state: str = "registered"  # states of the profile's concern procedure
    handler: str = ""  # who deals with it
    accepted_on: date | None = None
    found: str = ""  # what was found and done
    opinion: str = ""  # what is answered
    answered_on: date | None = None
    returned_reason: str = ""  # why it was not accepted, or went up late
    reported_to: str = ""
    reported_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ComplainantDraft:
    """Who raised a concern and how to answer. Never on paper, never for the village committee; looks are logged."""

    id: str = ""
    revision: int = 0
    concern_id: str = ""
    name: str = ""
    contact: str = ""
