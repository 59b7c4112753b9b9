"""A household and a village as the rules see them: members, money and measures worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from villagedesk.drafts.exit import ExitDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.policy.checks.catalogue import CodeGroups
from villagedesk.policy.checks.file import HouseholdFile, VillageFile
from villagedesk.policy.checks.person_view import MemberView, view_member
from villagedesk.policy.checks.rule import CheckContext
from villagedesk.policy.income import item_totals
from villagedesk.policy.pack import Concept


@dataclass(frozen=True, slots=True)
class IncomeView:
    """An income statement with its sums in fen."""

    draft: IncomeDraft
    items: Mapping[str, int]  # item → fen over the whole period
    concept: Concept

    def part(self, *heads: str) -> int:
        """The sum of the items under the given heads of the tree ("wage", "transfer" …)."""
        return sum(amount for item, amount in self.items.items() if item.split(".", 1)[0] in heads)

    def of(self, items: Iterable[str]) -> int:
        """The sum of the given items and of what stands below them."""
        return sum(
            amount
            for item, amount in self.items.items()
            if any(item == wanted or item.startswith(wanted + ".") for wanted in items)
        )

    @property
    def gross(self) -> int:
        """All incomes before costs, in fen."""
        return self.part("wage", "business", "property", "transfer")

    @property
    def total(self) -> int:
        """The household's income under the profile's concept (DOMAIN §4.3), in fen."""
        net = self.gross - self.part("cost")
        return net if self.concept == "net" else net - self.draft.taxes_and_dues - self.draft.gifts_out

    @property
    def reference(self) -> int:
        """纳入监测对象的收入参考: net income plus claims less medical costs borne, in fen."""
        return self.gross - self.part("cost") + self.draft.claims - self.draft.medical_paid


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure with what it is (``industry``, ``employment``, ``dibao`` …)."""

    draft: MeasureDraft
    families: frozenset[str]
    running: bool  # active or done: enjoyed by the household


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """One household file with its living members and newest papers."""

    file: HouseholdFile
    draft: HouseholdDraft
    ctx: CheckContext
    members: tuple[MemberView, ...]  # living
    gone: tuple[tuple[int, MemberDraft], ...]  # place in household.members, member
    heads: tuple[MemberView, ...]
    incomes: tuple[IncomeView, ...]  # newest first
    plan: PlanDraft | None  # of the data year
    measures: tuple[MeasureView, ...]  # of all plans
    causes: tuple[str, ...]  # main first
    exited: bool

    @property
    def groups(self) -> CodeGroups:
        """The code groups of the rule list."""
        return self.ctx.catalogue.groups

    @property
    def income(self) -> IncomeView | None:
        """The newest income statement."""
        return self.incomes[0] if self.incomes else None

    @property
    def exit(self) -> ExitDraft | None:
        """The newest exit case that was not given up."""
        return next((case for case in self.file.exits if case.state not in self.ctx.given_up), None)

    @property
    def able(self) -> bool:
        """Whether anybody is able to work, if only in part."""
        return any(member.able for member in self.members)

    def enjoys(self, *families: str) -> bool:
        """Whether a measure of one of the families is active or done."""
        return any(measure.running and not measure.families.isdisjoint(families) for measure in self.measures)

    def notice_of(self, case: ExitDraft) -> NoticeDraft | None:
        """The notice an exit case was posted on."""
        return next((notice for notice in self.file.notices if notice.id and notice.id == case.notice_id), None)


@dataclass(frozen=True, slots=True)
class VillageView:
    """All households of the village."""

    file: VillageFile
    ctx: CheckContext
    households: tuple[HouseholdView, ...]


def view_household(file: HouseholdFile, ctx: CheckContext) -> HouseholdView:
    """Work out once what many rules ask of a household."""
    draft, groups = file.household, ctx.catalogue.groups
    members = tuple(view_member(member, at, ctx) for at, member in enumerate(draft.members) if member.left_on is None)
    return HouseholdView(
        file=file,
        draft=draft,
        ctx=ctx,
        members=members,
        gone=tuple((at, member) for at, member in enumerate(draft.members) if member.left_on is not None),
        heads=tuple(member for member in members if member.draft.relation == "01"),
        incomes=tuple(IncomeView(income, item_totals(income), ctx.concept) for income in file.incomes),
        plan=next((plan for plan in file.plans if plan.year == ctx.year and plan.horizon == "year"), None),
        measures=tuple(_view_measure(measure, ctx) for plan in file.plans for measure in plan.measures),
        causes=tuple(cause for cause in (draft.main_cause, *draft.other_causes) if cause),
        exited=draft.exited_year is not None or draft.state in groups.state_exited,
    )


def view_village(file: VillageFile, households: Sequence[HouseholdView], ctx: CheckContext) -> VillageView:
    """The village with the views already made of its households."""
    return VillageView(file, ctx, tuple(households))


def _view_measure(draft: MeasureDraft, ctx: CheckContext) -> MeasureView:
    """The families the pack gives the category, and those its own words name."""
    families = ctx.families.get(draft.category, frozenset()) | ctx.catalogue.named(draft.content)
    return MeasureView(draft, families, draft.state in ctx.catalogue.groups.measure_running)


def months_between(first: date, last: date) -> int:
    """Completed months from first to last."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
