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
from villagedesk.policy.checks.check_context import CheckContext
from villagedesk.policy.checks.file import HouseholdFile, VillageFile
from villagedesk.policy.checks.person_view import MemberView, view_member
from villagedesk.policy.income import item_totals
from villagedesk.policy.measures import newest
from villagedesk.policy.pack import Concept

_EARNED = ("wage", "business", "property", "transfer")


@dataclass(frozen=True, slots=True)
class IncomeView:
    """An income statement with its sums in fen."""

    draft: IncomeDraft
    items: Mapping[str, int]  # item → fen over the whole period
    parts: Mapping[str, int]  # head of the income tree (wage, business, property, transfer, cost) → fen
    gross: int  # all incomes before costs, in fen
    total: int  # the household's income under the profile's concept (DOMAIN §4.3), in fen

    def part(self, head: str) -> int:
        """The sum of the items under a head of the tree, in fen."""
        return self.parts.get(head, 0)

    def of(self, items: Iterable[str]) -> int:
        """The sum of the given items, in fen."""
        return sum(self.items.get(item, 0) for item in items)

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
    income: IncomeView | None  # the newest
    exit: ExitDraft | None  # the newest exit case that was not given up
    plan: PlanDraft | None  # of the data year
    measures: tuple[MeasureView, ...]  # of the last version of each plan
    enjoyed: frozenset[str]  # families of the measures that are active or done
    causes: tuple[str, ...]  # main first
    able: bool  # whether anybody is able to work, if only in part
    exited: bool
    groups: CodeGroups  # of the rule list

    def enjoys(self, *families: str) -> bool:
        """Whether a measure of one of the families is active or done."""
        return not self.enjoyed.isdisjoint(families)

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
    incomes = tuple(_view_income(income, ctx.concept) for income in file.incomes)
    members = tuple(view_member(member, at, ctx) for at, member in enumerate(draft.members) if member.left_on is None)
    measures = tuple(_view_measure(measure, ctx) for plan in newest(file.plans) for measure in plan.measures)
    return HouseholdView(
        file=file,
        draft=draft,
        ctx=ctx,
        members=members,
        gone=tuple((at, member) for at, member in enumerate(draft.members) if member.left_on is not None),
        heads=tuple(member for member in members if member.draft.relation == "01"),
        incomes=incomes,
        income=incomes[0] if incomes else None,
        exit=next((case for case in file.exits if case.state not in ctx.given_up), None),
        plan=next((plan for plan in file.plans if plan.year == ctx.year and plan.horizon == "year"), None),
        measures=measures,
        enjoyed=frozenset().union(*(measure.families for measure in measures if measure.running)),
        causes=tuple(cause for cause in (draft.main_cause, *draft.other_causes) if cause),
        able=any(member.able for member in members),
        exited=draft.exited_year is not None or draft.state in groups.state_exited,
        groups=groups,
    )


def view_village(file: VillageFile, households: Sequence[HouseholdView], ctx: CheckContext) -> VillageView:
    """The village with the views already made of its households."""
    return VillageView(file, ctx, tuple(households))


def _view_income(draft: IncomeDraft, concept: Concept) -> IncomeView:
    items, parts = item_totals(draft), dict[str, int]()
    for item, amount in items.items():
        head = item.partition(".")[0]
        parts[head] = parts.get(head, 0) + amount
    gross = sum(parts.get(head, 0) for head in _EARNED)
    net = gross - parts.get("cost", 0)
    total = net if concept == "net" else net - draft.taxes_and_dues - draft.gifts_out
    return IncomeView(draft, items, parts, gross, total)


def _view_measure(draft: MeasureDraft, ctx: CheckContext) -> MeasureView:
    """The families the pack gives the category, and those its own words name."""
    families = ctx.families.get(draft.category, frozenset()) | ctx.catalogue.named(draft.content)
    return MeasureView(draft, families, draft.state in ctx.catalogue.groups.measure_running)


def months_between(first: date, last: date) -> int:
    """Completed months from first to last."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
