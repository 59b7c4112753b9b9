"""A monitoring case (防返贫监测对象) as it is being recorded (DOMAIN §2.6, §5.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MonitoringDraft:
    """One household at risk, from the clue to the end of the risk. Fields with ``out_`` are of its release."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    profile: str = ""
    profile_version: int = 0
    state: str = "found"  # states of the profile's monitoring procedure
    clue_source: str = ""  # self | visit | department | hotline | media
    found_on: date | None = None
    clue: str = ""  # what was told, in plain words; no name of who told it
    kind: str = ""  # list monitoring_class
    risks: tuple[str, ...] = ()  # list risk, at most five
    disaster: str = ""  # list disaster: which one, where a natural disaster is among the risks
    risk_note: str = ""  # what the risk "other" or the disaster is, in plain words
    no_labour: bool | None = None  # 整户无劳动能力兜底保障户
    contact: str = ""  # the person who stays in touch
    contact_phone: str = ""  # T2
    visited_on: date | None = None
    applied_on: date | None = None  # application and authorisation, signed
    compared_on: date | None = None
    evaluation_id: str = ""  # the meeting that decided
    held_on: date | None = None
    due: int = 0
    present: int = 0
    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0
    recused: str = ""  # names of relatives who stepped out of this vote, with 、 between
    notice_from: date | None = None
    notice_until: date | None = None
    recognised_on: date | None = None
    needs: tuple[str, ...] = ()  # "criterion=result" at recognition
    reference: int | None = None  # fen a head at recognition
    helped_on: date | None = None
    out_evaluation_id: str = ""
    out_held_on: date | None = None
    out_due: int = 0
    out_present: int = 0
    out_votes_for: int = 0
    out_votes_against: int = 0
    out_abstained: int = 0
    out_recused: str = ""
    out_notice_from: date | None = None
    out_notice_until: date | None = None
    ended_on: date | None = None
    out_needs: tuple[str, ...] = ()
    out_reference: int | None = None
    returned_reason: str = ""
    note: str = ""
