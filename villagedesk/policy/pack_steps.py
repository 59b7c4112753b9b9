"""The schema of a pack's procedures: sign-off, notices, meetings, days, states and steps (DOMAIN §3, §5, §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

DayRule = Literal["inclusive", "exclude_first"]
DayKind = Literal["natural", "workdays"]
MatrixMode = Literal["diagonal", "full"]
Asked = Literal["meeting", "visit", "approval", "attendance", "votes", "minutes", "days", "ground", "heard"]


@dataclass(frozen=True, slots=True)
class Signer:
    """A role of the sign-off sheet. ``short``: the word over its column in a list."""

    key: str
    title: str
    short: str = ""
    required: bool = True
    substitute: bool = False
    marks: tuple[str, ...] = ("signature", "handprint")
    level: Literal["household", "helper", "group", "village", "team", "township"] = "village"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An item of the sign-off sheet."""

    key: str
    text: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preset:
    """A complete reading of the sign-off scheme."""

    key: str
    title: str
    mode: MatrixMode
    roles: Mapping[str, Signer]
    items: Mapping[str, Confirmation]
    batch_signer: str = ""  # who signs the list as a whole


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """Whether a blocker or order rule holds in this profile, and how hard."""

    hard: bool = True
    on: bool = True


@dataclass(frozen=True, slots=True)
class SignoffRules:
    """The sign-off of an exit: name, the preset in force, all presets, order rules and blockers (DOMAIN §3)."""

    name: str
    preset: str
    presets: Mapping[str, Preset]
    order: Mapping[str, RuleSetting]
    blockers: Mapping[str, RuleSetting]
    mark_kinds: Mapping[str, str]
    evidence: Mapping[str, str]  # what the confirmations rest on: key → title, as it stands on the sheet
    scan_required: bool = False


@dataclass(frozen=True, slots=True)
class NoticeStage:
    """One posting of a notice. ``days`` 0 with ``permanent`` stays for good."""

    key: str
    scope: Literal["group", "village", "township", "county", "site"]
    issuer: str
    days: int = 0
    day_rule: DayRule = "inclusive"
    day_kind: DayKind = "natural"
    permanent: bool = False
    copies: int = 1
    form: Literal["notice", "announcement"] = "notice"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice and where it hangs, for how long (DOMAIN §6.1)."""

    key: str
    title: str
    stages: Mapping[str, NoticeStage]
    columns: tuple[str, ...] = ("serial", "group", "head", "persons", "year", "note")
    must_say: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """A village representatives' meeting (DOMAIN §5.8), as two fractions."""

    present: tuple[int, int]  # of those due; at least
    agree: tuple[int, int]  # of those present; more than


@dataclass(frozen=True, slots=True)
class DayRules:
    """Days that are no workdays although Monday to Friday, and weekend days that are."""

    holidays: tuple[date, ...] = ()
    extra_workdays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A state of a procedure. ``effect`` says what reaching it does: an exit, an end, a return to work."""

    key: str
    title: str
    effect: Literal["", "exited", "registered", "removed", "closed", "back"] = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of a procedure. ``guards`` name blockers; ``all`` means every hard one."""

    key: str
    title: str
    from_: tuple[str, ...]
    to: str
    actor: str
    guards: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    days: int = 0  # within which it should be done, 0: no limit
    reason: bool = False  # a reason must be given
    asks: tuple[Asked, ...] = ()  # what is written down with the step
    notice: str = ""  # the kind of notice posted with it
    announced_with: str = ""  # the kind of announcement that takes this step along when it is posted
    result_of: str = ""  # the kind of notice whose result, written down, takes this step along
    withdrawn_with: str = ""  # the kind of notice whose withdrawal takes this step back
    upheld: bool = False  # taken when an objection against the case is upheld
    decided_by: str = ""  # the procedure whose decision the step rests on
    until: str = ""  # month and day by which the year's calendar wants it, "10-31"


@dataclass(frozen=True, slots=True)
class Variant:
    """Another order of the same steps: replaced and added transitions, steps left out, order rules that cannot hold."""

    title: str
    transitions: Mapping[str, Transition] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    order_off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcedureRules:
    """A procedure as data (DOMAIN §5)."""

    key: str
    title: str
    start: str
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    subject: Literal["", "household", "village"] = ""  # what a course of it is about; "" has a form of its own
    variant: str = ""  # the order in force
    variants: Mapping[str, Variant] = field(default_factory=dict)
