"""Money: funds, payments, donations, shares in assets and what they bring (GZ-11, JS-3.4.1, JS-5.1, N-1.4).

All amounts in fen. Account numbers are not kept (DOMAIN §8.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FundDraft:
    """Money promised to the village: from whom, for what year, by which rule of the scheme."""

    id: str = ""
    revision: int = 0
    title: str = ""
    year: int = 0
    source: str = ""  # fund_source (GZ-11.3)
    payer: str = ""
    rule: str = ""  # key of the pack's funds it follows, "" for none
    part: str = ""  # the share or instalment of that rule
    persons: int | None = None  # heads it is reckoned for, where the rule is per person
    amount: int = 0
    doc_no: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A line of the ledger: money of a fund that came in, or went out to a project or a household."""

    id: str = ""
    revision: int = 0
    fund_id: str = ""
    project_id: str = ""
    household_id: str = ""  # JS-5.1: what reaches a household is booked to it
    measure_id: str = ""
    way: str = "out"  # payment_way: in | out | back
    on: date | None = None
    amount: int = 0
    use: str = ""  # fund_use (GZ-11.3)
    payee: str = ""
    voucher: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DonationDraft:
    """A gift to the village or one household (GZ-10.1, GZ-18.1, XJ-26, JS-7.3)."""

    id: str = ""
    revision: int = 0
    on: date | None = None
    donor: str = ""
    unnamed: bool | None = None  # the donor does not want the name on the board
    occasion: str = ""  # donation_occasion: 6·30, 10·17 …
    amount: int = 0  # 0 for goods
    goods: str = ""
    use: str = ""
    project_id: str = ""
    household_id: str = ""
    receipt: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AssetDraft:
    """An asset whose income is shared out: station, workshop, orchard, money lent (N-1.4, XJ-17.1, GZ-6.7)."""

    id: str = ""
    revision: int = 0
    title: str = ""
    kind: str = ""  # asset_kind
    project_id: str = ""
    value: int = 0  # fen
    contributed: bool | None = None  # households put in their own land or money: each holder's wish is needed (§8.5)
    operator: str = ""  # who runs it
    contract_from: date | None = None
    contract_to: date | None = None
    income_rule: str = ""  # what the contract says of the yearly income
    depreciation_years: int | None = None
    disposed_on: date | None = None
    disposal: str = ""  # what became of it; creditors first (JS-3.4.1)
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShareDraft:
    """What one household holds of an asset in one year: the roster is made anew every year (JS-3.4.1)."""

    id: str = ""
    revision: int = 0
    asset_id: str = ""
    year: int = 0
    household_id: str = ""
    member_id: str = ""  # the person in whose name it stands
    shares: int = 0
    reason: str = ""  # share_reason: kept, new, fallen back, given back …
    note: str = ""


@dataclass(frozen=True, slots=True)
class DistributionDraft:
    """The income of an asset in one year and what each household gets of it."""

    id: str = ""
    revision: int = 0
    asset_id: str = ""
    year: int = 0
    income: int = 0
    kept: int = 0  # stays with the collective
    decided_on: date | None = None
    decided_by: str = ""  # which meeting
    notice_id: str = ""
    paid_on: date | None = None
    note: str = ""
    payouts: tuple[PayoutDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class PayoutDraft:
    """One household's part of a distribution."""

    id: str = ""
    household_id: str = ""
    shares: int = 0
    amount: int = 0
