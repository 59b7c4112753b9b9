"""What the logic rules read: one household's file, and the village's files together. Frozen drafts, no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from villagedesk.drafts.duty import LeaveDraft, WorkdayDraft
from villagedesk.drafts.exit import EvaluationDraft, ExitDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft
from villagedesk.drafts.money import FundDraft, ShareDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.plan import PlanDraft, WishDraft
from villagedesk.drafts.team import HelperDraft, PairingDraft, TeamMemberDraft, VillageDraft, VisitDraft
from villagedesk.drafts.village import IndicatorDraft


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """One household with everything that hangs on it."""

    household: HouseholdDraft
    incomes: tuple[IncomeDraft, ...] = ()  # newest first
    plans: tuple[PlanDraft, ...] = ()  # newest first
    wishes: tuple[WishDraft, ...] = ()
    exits: tuple[ExitDraft, ...] = ()  # newest first
    evaluations: tuple[EvaluationDraft, ...] = ()  # those its exits point to
    notices: tuple[NoticeDraft, ...] = ()  # those its exits point to
    pairings: tuple[PairingDraft, ...] = ()
    visits: tuple[VisitDraft, ...] = ()
    shares: tuple[ShareDraft, ...] = ()
    monitoring: tuple[MonitoringDraft, ...] = ()  # newest first


@dataclass(frozen=True, slots=True)
class VillageFile:
    """All household files of a village, with the village's own."""

    households: Sequence[HouseholdFile]
    village: VillageDraft = field(default_factory=VillageDraft)
    team: tuple[TeamMemberDraft, ...] = ()
    helpers: tuple[HelperDraft, ...] = ()
    notices: tuple[NoticeDraft, ...] = ()
    visits: tuple[VisitDraft, ...] = ()  # of the village as a whole
    workdays: tuple[WorkdayDraft, ...] = ()
    leaves: tuple[LeaveDraft, ...] = ()
    indicators: tuple[IndicatorDraft, ...] = ()
    funds: tuple[FundDraft, ...] = ()
    left: bool = False  # the village has left poverty
