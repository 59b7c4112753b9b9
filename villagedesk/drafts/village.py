"""The village: yearly figures, plan, facilities, contacts, activities (DOMAIN §4.5; GZ-7.1, SZ-2.4, JS-5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class IndicatorDraft:
    """One figure of the village in one year: an entry of ``resources/policy/indicators.toml``."""

    id: str = ""
    revision: int = 0
    year: int = 0
    name: str = ""  # key of the indicator
    value: int | None = None  # counts as they are, money in fen, mu, km and percent in hundredths, yes-or-no as 1 or 0
    source: str = ""  # where the figure comes from: whose book, which list
    note: str = ""


@dataclass(frozen=True, slots=True)
class VillagePlanDraft:
    """The village's plan (一村一策) of a year, or of the whole term. Its lines are the projects that name it."""

    id: str = ""
    revision: int = 0
    year: int = 0
    horizon: str = "year"  # year | term (GZ-5.1)
    situation: str = ""  # what the village has and lacks
    goals: str = ""
    livelihood: str = ""  # leading industry (XJ-5.1: 一村一品)
    tasks: str = ""  # what will be done besides the projects: roads, water, school, order of the village …
    responsible: str = ""
    agreed_on: date | None = None  # by the villagers' representatives
    agreed_by: str = ""  # which meeting
    effect: str = ""  # what came of it
    effect_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FacilityDraft:
    """A facility or service of the village and who keeps it in order (SZ-2.4.2, N-1.2, N-3.3, JS-3.6.3)."""

    id: str = ""
    revision: int = 0
    kind: str = ""  # facility_kind
    name: str = ""
    place: str = ""
    since: date | None = None
    state: str = ""  # facility_state
    checked_on: date | None = None
    caretaker: str = ""
    phone: str = ""  # T2: of the caretaker
    asset_id: str = ""  # the collective asset it is, where it has shares
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """Who stands by the village: expert, founder, enterprise (JS-5.4, XJ-19.1, N-5.1, N-7.3, GZ-15.1)."""

    id: str = ""
    revision: int = 0
    kind: str = ""  # contact_kind
    name: str = ""
    unit: str = ""
    phone: str = ""  # T2
    field: str = ""  # what for: fruit trees, online sales …
    starts_on: date | None = None
    ends_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PurchaseDraft:
    """What was bought of the village's own produce, by whom (消费扶贫, 以购代捐; SZ-3.9, JS-3.1.2)."""

    id: str = ""
    revision: int = 0
    bought_on: date | None = None
    buyer: str = ""
    channel: str = ""  # purchase_channel
    goods: str = ""
    amount: int = 0  # fen
    household_id: str = ""  # from which household; "" of the collective or several
    note: str = ""


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """A training, evening school or meeting: what, when, how many came; no names, no roll (N-7.1, N-9.4, JS-9.4)."""

    id: str = ""
    revision: int = 0
    kind: str = ""  # activity_kind
    title: str = ""
    held_on: date | None = None
    place: str = ""
    host: str = ""
    persons: int | None = None
    hours: int | None = None
    note: str = ""
