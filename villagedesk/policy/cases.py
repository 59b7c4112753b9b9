"""What stands in the way of a step, and the facts of a case from which that is judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from villagedesk.drafts.exit import SignatureDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.policy.criteria import Assessment
from villagedesk.policy.income import IncomeResult, Line
from villagedesk.policy.pack import Pack
from villagedesk.policy.pack_steps import NoticeStage, Preset
from villagedesk.policy.quorum import Vote
from villagedesk.text import Text


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing in the way: a hard one refuses the step, a soft one is shown and noted.

    ``rule``: the logic rule that found it; ``step``: the only step it concerns, "" for every one that heeds its key.
    """

    key: str
    hard: bool
    text: Text
    field: str
    remedy: Text
    rule: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class ExitFacts:
    """All that is known of one exit case on the day ``today``. ``None`` and empty mean: not there yet."""

    today: date
    household: HouseholdDraft = field(default_factory=HouseholdDraft)
    assessments: tuple[Assessment, ...] = ()
    income: IncomeResult | None = None
    line: Line | None = None
    income_locked_on: date | None = None
    verified_on: date | None = None
    vote: Vote | None = None
    evaluated_on: date | None = None
    household_answer: str = ""  # agrees | disagrees
    answered_on: date | None = None
    signatures: tuple[SignatureDraft, ...] = ()
    members_when_signed: str = ""  # digest of the member list at the first signature
    members_now: str = ""
    notice_stage: NoticeStage | None = None
    posted_on: date | None = None  # first day of the notice
    notice_ends_on: date | None = None  # last day printed on the notice
    on_notice: bool = True  # whether the notice the case names speaks of it
    reported_on: date | None = None
    replied_on: date | None = None
    announced_on: date | None = None
    marked_on: date | None = None
    open_objections: int = 0
    dwelling_case_open: bool = False
    monitoring_open: bool = False
    term_from: date | None = None  # the window in which all dates of the case must lie
    term_to: date | None = None


@dataclass(frozen=True, slots=True)
class ExitCase:
    """A case beside the pack and the sign-off scheme it is judged by."""

    pack: Pack
    preset: Preset
    facts: ExitFacts
