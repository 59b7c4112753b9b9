"""Notices, objections, papers and what happened to them (DOMAIN §5.6, §5.7, §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A paper notice on the village board and its days."""

    id: str = ""
    revision: int = 0
    kind: str = ""  # paper key, e.g. exit_notice
    no: str = ""
    year: int = 0
    case_ids: tuple[str, ...] = ()
    renews: str = ""  # the standing notice whose place it takes
    starts_on: date | None = None
    ends_on: date | None = None
    days: int = 0
    day_rule: str = "inclusive"
    state: str = "draft"  # states of the profile's notice procedure
    place: str = ""
    posted_on: date | None = None
    posted_by: str = ""
    photo: str = ""
    result: str = ""
    closed_on: date | None = None
    digest: str = ""  # content digest of the printed paper


@dataclass(frozen=True, slots=True)
class ObjectionDraft:
    """An objection. Its author is never printed and never exported to the village committee (§5.6)."""

    id: str = ""
    revision: int = 0
    notice_id: str = ""
    case_id: str = ""
    no: str = ""
    received_on: date | None = None
    channel: str = ""  # concern_channel
    named: bool | None = None  # 实名; who it was is no field
    object_text: str = ""
    text: str = ""
    state: str = "registered"
    accepted_on: date | None = None
    investigated_by: str = ""  # two names
    found: str = ""
    opinion: str = ""
    upheld: bool | None = None
    answered_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A printed paper: what it said and when, so that printing it again reproduces it."""

    id: str = ""
    revision: int = 0
    kind: str = ""
    subject_id: str = ""  # the household, case or notice it speaks of
    no: str = ""
    data_date: date | None = None
    printed_on: date | None = None
    copies: int = 1
    digest: str = ""
    sheet: str = ""  # the frozen content, JSON
    signed: bool | None = None
    scan: str = ""


@dataclass(frozen=True, slots=True)
class ExemptionDraft:
    """A finding explained and accepted, with reason, person, date and expiry (§7)."""

    id: str = ""
    revision: int = 0
    rule: str = ""
    household_id: str = ""
    member_id: str = ""
    reason: str = ""
    granted_by: str = ""
    granted_on: date | None = None
    expires_on: date | None = None
