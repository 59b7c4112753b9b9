"""The schema of a policy pack: one frozen dataclass a section (DOMAIN §2). Money in fen, tables in the file's order.

Words in packs are those of the scheme, in Chinese, and go to screen and paper as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from villagedesk.policy.pack_steps import (
    DayKind,
    DayRules,
    NoticeKind,
    ProcedureRules,
    QuorumRule,
    SignoffRules,
)
from villagedesk.policy.pack_steps import (
    NoticeStage as NoticeStage,  # noqa: PLC0414  callers of the schema find it here
)

Concept = Literal["net", "disposable"]  # 人均纯收入 | 人均可支配收入
Period = Literal["calendar", "october", "last12"]


@dataclass(frozen=True, slots=True)
class Head:
    """What a pack is. ``abstract`` packs are only inherited; an ``overlay`` is laid over another profile."""

    id: str
    title: str
    version: int
    level: Literal["nation", "province", "prefecture", "county", "program"]
    doc_no: str = ""
    issuer: str = ""
    issued: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    inherits: str = ""
    abstract: bool = False
    overlay: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """The scheme's own words; a screen or paper never writes them itself."""

    household: str
    person: str
    village: str
    register: str
    exit: str
    exited: str
    exited_household: str
    planned_exit_household: str
    village_exit: str
    plan: str
    card: str
    measure: str
    team: str
    team_leader: str
    first_secretary: str
    team_member: str
    helper: str
    committee: str
    township: str
    notice: str
    announcement: str
    monitored_household: str
    book: str
    extra: Mapping[str, str] = field(default_factory=dict)  # further words of the scheme, e.g. 扶持证号


@dataclass(frozen=True, slots=True)
class IncomeRules:
    """How income is reckoned and against what it is held. ``lines`` and ``base`` are fen a head by year."""

    concept: Concept
    concept_word: str
    period: Period
    groups: Mapping[str, str]  # wage, business, property, transfer, cost and sub-headings → title
    items: Mapping[str, str]  # item code "group.item" → title
    periods: tuple[Period, ...] = ("calendar", "october", "last12")
    lines: Mapping[str, int] = field(default_factory=dict)
    provinces: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # province code → year → fen
    percent: int = 100  # of ``base`` where no line is given for the year
    base: Mapping[str, int] = field(default_factory=dict)
    near_percent: int = 10  # soft blocker: less than this above the line
    transfer_percent: int = 50  # soft blocker: more than this of all income from transfers
    crop_factors: Mapping[str, int] = field(default_factory=dict)  # optional method: percent of sales that is income
    dividend_item: str = ""  # the item to which what was shared out of the village's assets belongs


@dataclass(frozen=True, slots=True)
class Criterion:
    """An exit criterion of a household: ``rule`` names a function of ``policy.criteria``, ``limits`` its numbers.

    ``short``: the word over its column in a list.
    """

    key: str
    text: str
    rule: str
    short: str = ""
    hard: bool = True
    field_: str = ""  # draft field to mend, where the rule's own is not meant
    limits: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VillageCriterion:
    """An exit criterion of a village: ``field`` compared with ``amount`` (percent of ``of`` where that is given)."""

    key: str
    text: str
    field: str
    op: Literal[">=", ">", "<", "<=", "=", "yes"]
    hard: bool = True
    amount: int = 0
    unit: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class MeasureCategory:
    """A branch of the measure tree."""

    key: str
    title: str
    causes: tuple[str, ...] = ()  # cause codes it answers (M02)
    families: tuple[str, ...] = ()  # what it is, for the logic rules
    parts: Mapping[str, str] = field(default_factory=dict)  # kinds of measure in it
    fields: tuple[str, ...] = ()  # further facts asked for
    wishes: tuple[str, ...] = ()  # wish kinds of which one must be given before it becomes active (§8.5)
    part_wishes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # part → wishes only that part needs
    other_wish: tuple[str, ...] = ()  # parts for which a wish about "other measures" is enough: nobody goes away
    livelihood: bool = False
    able_only: bool = False  # for persons able to work
    min_age: int = 16  # of the person, where it is for persons able to work
    for_household: bool = True  # False: a village activity, never a line of a household plan
    before: tuple[str, ...] = ()  # facts that must be known before it starts
    at_end: tuple[str, ...] = ()  # facts that must be known before it is finished, or its reward paid
    loan_cap: int = 0  # fen
    loan_months: int = 0


@dataclass(frozen=True, slots=True)
class MeasureField:
    """A fact that some kinds of measure ask for: a field of the measure, its title, how it is entered."""

    key: str
    title: str
    kind: Literal["text", "code", "date", "yuan", "whole", "hundredths", "yesno"] = "text"
    codes: str = ""  # code list, for kind "code"


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What plans a household has: of the year, and in some schemes of the whole term as well."""

    horizons: tuple[Literal["year", "term"], ...] = ("year",)


@dataclass(frozen=True, slots=True)
class WishRule:
    """What must be asked and recorded before a measure of this kind becomes active (DOMAIN §8.5)."""

    key: str  # code of list wish_kind
    askers: int = 1
    cooling_days: int = 7
    alternatives: bool = True
    own_answer: bool = False  # a guardian's word is not enough
    min_age: int = 0
    students: bool = True
    before: tuple[str, ...] = ()  # facts required before it starts
    rights: tuple[str, ...] = ()  # sentences printed on the sheet


@dataclass(frozen=True, slots=True)
class TeamRules:
    """The team and its pairing."""

    roles: Mapping[str, str]
    minimum: int = 0
    minimum_deep: int = 0
    years: int = 0
    term_from: date | None = None
    term_to: date | None = None
    days_a_month: int = 0
    pairing_per_household: int = 0
    households_per_helper: int = 0
    until: str = ""
    allowance_month: int = 0  # fen
    working_money_month: int = 0  # fen
    trips_a_month: int = 0
    apart: tuple[str, ...] = ()  # roles of which nobody holds two
    keep_months_after_term: int = 6  # then the laptop's copy is due to be taken off (DOMAIN §8.6)


@dataclass(frozen=True, slots=True)
class VisitRule:
    """Who has to come how often: to the village, to each household, or to each one that is monitored."""

    key: str
    who: str
    what: str
    times: int
    per: Literal["week", "month", "quarter", "year"]
    each: Literal["village", "household", "watched"] = "village"
    by: Literal["team", "unit", "above"] = "unit"  # only what the team and the helping unit owe is counted here

    @property
    def days(self) -> int:
        """The days within which the next visit falls due."""
        return {"week": 7, "month": 31, "quarter": 92, "year": 366}[self.per] // max(self.times, 1)


@dataclass(frozen=True, slots=True)
class ReportRule:
    """A report that somebody above asks for."""

    key: str
    title: str
    to: tuple[str, ...]
    per: Literal["week", "month", "quarter", "half", "year", "once"]
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hotline:
    """The number printed on notices, beside a local one."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Lookback:
    """The look-back survey of every household."""

    from_: date
    to: date
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """Something every household or member of a kind must have."""

    key: str
    text: str
    field: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class FundRule:
    """Money by shares: ``total`` fen (a village, or a head) split by ``shares`` (money.split), or fixed ``amounts``."""

    key: str
    title: str
    total: int
    per: Literal["village", "person"]
    shares: Mapping[str, int] = field(default_factory=dict)
    amounts: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)  # share or instalment → its title


@dataclass(frozen=True, slots=True)
class Checklist:
    """A named list of the scheme; empty where its content is not found anywhere and the township fills it in."""

    key: str
    title: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonitoringRules:
    """Monitoring against return into poverty (DOMAIN §2.6). ``lines`` are fen a head by year."""

    classes: tuple[str, ...]
    lines: Mapping[str, int]
    window: Period = "last12"
    days_to_recognition: int = 15
    day_kind: DayKind = "natural"
    months_before_end: int = 6
    no_labour_stays: bool = True  # households without labour capacity are not ended
    visit_days: int = 30  # a watched household is visited at least so often
    provinces: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack, as the file says it after inheritance."""

    pack: Head
    terms: Terms
    income: IncomeRules
    household_exit: Mapping[str, Criterion]
    village_exit: Mapping[str, VillageCriterion]
    measures: Mapping[str, MeasureCategory]
    measure_fields: Mapping[str, MeasureField]
    wishes: Mapping[str, WishRule]
    signoff: SignoffRules
    notices: Mapping[str, NoticeKind]
    quorum: QuorumRule
    procedures: Mapping[str, ProcedureRules]
    team: TeamRules
    hotline: Hotline
    plan: PlanRules = field(default_factory=PlanRules)
    days: DayRules = field(default_factory=DayRules)
    visits: Mapping[str, VisitRule] = field(default_factory=dict)
    reports: Mapping[str, ReportRule] = field(default_factory=dict)
    coverage: Mapping[str, CoverageRule] = field(default_factory=dict)
    funds: Mapping[str, FundRule] = field(default_factory=dict)
    checklists: Mapping[str, Checklist] = field(default_factory=dict)
    classes: tuple[str, ...] = ()  # support classes of list support_class in use
    targets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # name → year → number
    numbers: Mapping[str, int] = field(default_factory=dict)  # other figures of the scheme
    notes: Mapping[str, str] = field(default_factory=dict)  # sentences printed, e.g. rights kept on relocation
    monitoring: MonitoringRules | None = None
    lookback: Lookback | None = None
    codes_override: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # logic rules (policy.checks) changed here
