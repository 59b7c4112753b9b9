"""Projects: place, content, money, source, period, benefit, acceptance (N-8.2, N-8.3, GZ-14.1, XJ-3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """One project. The money that came and went is in the ledger (``payment``), never typed here a second time."""

    id: str = ""
    revision: int = 0
    no: str = ""  # 项目编号 (XJ-3.1)
    title: str = ""
    kind: str = ""  # project_kind
    year: int = 0
    plan_id: str = ""  # the village plan it follows (GZ-14.1: projects follow the plan)
    place: str = ""
    content: str = ""  # what is built or bought, with its scale
    amount: int = 0  # fen planned
    source: str = ""  # fund_source
    unit: str = ""  # who carries it out
    responsible: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    benefit_way: str = ""  # benefit_way: 利益联结方式 (N-1.3)
    benefit: str = ""  # 带贫机制 in plain words
    households: int | None = None  # how many households benefit
    persons: int | None = None
    disabled_first: bool | None = None  # households with disabled members come first (N-6.3)
    state: str = "proposed"  # states of the profile's project procedure
    approved_on: date | None = None
    approval: str = ""  # number of the approving paper
    started_on: date | None = None
    finished_on: date | None = None
    accepted_on: date | None = None
    accepted_by: str = ""
    acceptance: str = ""  # what was found
    result: str = ""  # what came of it: the effect that is made public
    stopped_reason: str = ""
    note: str = ""
