"""Wishes, plans and measures as they are being edited (DOMAIN §5.9, §8.5; GZ-5, JS-3, N-9.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class WishDraft:
    """What one person said about one kind of measure. Nobody answers for another adult (§8.5)."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    member_id: str = ""
    kind: str = ""  # wish_kind
    asked_on: date | None = None
    asked_by: str = ""
    second_asker: str = ""  # two persons ask about work away and relocation
    place: str = ""
    language: str = ""
    interpreter: str = ""
    alternatives: str = ""  # at least one local alternative, or "none" with the reason
    answer: str = ""  # wish_answer
    own_words: str = ""
    conditions: str = ""
    guardian: str = ""  # who spoke for a person who cannot
    mark: str = ""  # mark_kind on paper: signature or handprint
    copy_given: bool | None = None
    cooling_days: int = 7
    withdrawn_on: date | None = None  # no reason is asked for
    note: str = ""


@dataclass(frozen=True, slots=True)
class MeasureDraft:
    """One measure of a plan: what, for whom, by whom, with what money, until when, and what came of it."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    plan_id: str = ""
    member_id: str = ""  # the person concerned, where the measure concerns one person
    category: str = ""  # key of the profile's measure tree
    wish_kind: str = ""  # set when the measure needs the person's own wish (§8.5)
    cause: str = ""  # the cause it answers
    content: str = ""
    responsible: str = ""
    amount: int = 0  # fen planned
    paid: int = 0  # fen paid so far
    source: str = ""  # where the money comes from
    approved_on: date | None = None
    starts_on: date | None = None
    due_on: date | None = None
    done_on: date | None = None
    state: str = "planned"  # planned | active | done | declined | withdrawn
    accepted: bool | None = None  # what the household said of this line when it signed; None: not asked yet
    progress: str = ""
    progress_on: date | None = None
    paid_on: date | None = None  # the last payment
    proof: str = ""
    result: str = ""
    note: str = ""
    part: str = ""  # key of the category's parts
    # What single kinds ask for; which, and under what title, is the pack's [measure_fields].
    link: str = ""  # link_kind: how an enterprise ties the household in (N-1.3)
    enterprise: str = ""
    adviser: str = ""  # JS-3.1.1
    employer: str = ""
    wage: int | None = None  # fen a month
    place: str = ""  # to the county
    term: str = ""
    contract_copy: bool | None = None
    way_home: str = ""
    contact: str = ""
    asked_well_on: date | None = None  # the last "is all well", by the household's own choice of telephone
    post: str = ""
    months: int | None = None
    course: str = ""
    certificate: str = ""
    travel_subsidy: int | None = None  # fen
    area: int | None = None  # 1/100 m²
    own_payment: int | None = None  # fen
    old_house_agreement: str = ""
    settlement: str = ""  # settlement
    bank: str = ""
    interest: int | None = None  # fen subsidised
    loan_state: str = ""  # loan_state
    extended_to: date | None = None
    land: int | None = None  # 1/100 mu given to the household, or given up by it (XJ-18.1, XJ-7.5)
    land_from: str = ""  # where the land comes from, or which plot it is
    house_before: str = ""  # housing: the grade before the work
    closed_out_on: date | None = None  # 改造一户、销档一户 (JS-3.3.1)
    days: int | None = None  # days worked (N-9.3)
    accepted_on: date | None = None  # N-9.2: done, accepted, then rewarded
    accepted_by: str = ""
    reward: int | None = None  # fen
    points: int | None = None  # only with the person's wish (JS-3.9.1); never ranked, never on a notice


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A household's plan for a year, or for the whole term where the profile has two horizons (GZ-5.1)."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    year: int = 0
    horizon: str = "year"  # year | term
    version: int = 1
    needs: str = ""
    goals: str = ""
    livelihood: str = ""  # XJ-5.1: at least one livelihood line where the household is able
    responsible: str = ""
    state: str = "draft"  # states of the profile's plan procedure
    agreed_on: date | None = None  # the household's own signature
    agreed_by: str = ""
    refused_part: str = ""
    reviewed_on: date | None = None
    checked_on: date | None = None  # last gone through with the household, once a quarter
    effect: str = ""  # yearly effect, signed by the household
    effect_on: date | None = None
    profile: str = ""
    profile_version: int = 0
    measures: tuple[MeasureDraft, ...] = ()
