"""Papers on what a household wants and gets: wishes, the quarterly check, the year's outcome, its own record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.drafts.team import HelperDraft, VisitDraft
from villagedesk.policy.income import reckon
from villagedesk.services.sheets import common
from villagedesk.services.sheets.income import statement_rows
from villagedesk.services.site import Site
from villagedesk.values import yuan

_STATES = {"planned": "未开始", "active": "实施中", "done": "已完成", "declined": "户里不要", "withdrawn": "已退出"}
_STANDING = frozenset({"planned", "active", "done"})


def wish_sheet(site: Site, village: str, household: HouseholdDraft, wish: WishDraft) -> Sheet:
    """What one person was asked and said, for the person to sign (§8.5)."""
    rule = site.profile.wishes.get(wish.kind)
    until = wish.asked_on + timedelta(days=wish.cooling_days) if wish.asked_on else None
    names = {member.id: member.name for member in household.members}
    hotline = site.profile.hotline
    values = common.head_fields(household, village) | {
        "person": names.get(wish.member_id, "—"),
        "kind": common.word(site, "wish_kind", wish.kind),
        "asked_on": common.chinese_date(wish.asked_on),
        "askers": "、".join(filter(None, (wish.asked_by, wish.second_asker))),
        "place": wish.place,
        "language": wish.language,
        "interpreter": wish.interpreter,
        "alternatives": wish.alternatives,
        "answer": common.word(site, "wish_answer", wish.answer),
        "own_words": wish.own_words,
        "conditions": wish.conditions,
        "guardian": wish.guardian,
        "cooling": common.chinese_date(until) or "　　　　年　　月　　日",
        "rights": "".join(rule.rights) if rule else "",
        "hotline_label": hotline.label,
        "hotline": hotline.number,
    }
    return Sheet("wish_sheet", values, {}, common.stamp(site, wish.id, household.no))


def plan_quarter(site: Site, village: str, household: HouseholdDraft, plan: PlanDraft) -> Sheet:
    """Each measure of a plan held against what was done, with room for the household's mark."""
    rows = [_quarter_row(site, household, place, measure) for place, measure in enumerate(_standing(plan), 1)]
    values = common.head_fields(household, village) | {
        "year": str(plan.year),
        "checked_on": common.chinese_date(site.today()),
        **_sums(_standing(plan)),
    }
    tables = {"measures": common.table("plan_quarter", "measures", rows)}
    return Sheet("plan_quarter", values, tables, common.stamp(site, plan.id, household.no))


def plan_result(
    site: Site, village: str, household: HouseholdDraft, plan: PlanDraft, incomes: Sequence[IncomeDraft]
) -> Sheet:
    """What a year brought, for the household to confirm."""
    done = [measure for measure in plan.measures if measure.state == "done"]
    rows = [
        {
            "no": str(place),
            "content": measure.content,
            "person": _person(household, measure),
            "done": common.chinese_date(measure.done_on),
            "paid": yuan(measure.paid) if measure.paid else "",
        }
        for place, measure in enumerate(done, 1)
    ]
    heads = {income.year: _head_income(site, income) for income in incomes}
    values = common.head_fields(household, village) | {
        "year": str(plan.year),
        "needs": plan.needs,
        "goals": plan.goals,
        "refused": plan.refused_part,
        "effect": plan.effect,
        "effect_on": common.chinese_date(plan.effect_on),
        "income_before": heads.get(plan.year - 1, ""),
        "income_now": heads.get(plan.year, ""),
        "paid_total": _sums(done)["paid_total"],
    }
    tables = {"measures": common.table("plan_result", "measures", rows)}
    return Sheet("plan_result", values, tables, common.stamp(site, plan.id, household.no))


def handbook(
    site: Site,
    village: str,
    household: HouseholdDraft,
    plan: PlanDraft | None,
    income: IncomeDraft | None,
    visits: Sequence[VisitDraft],
    contact: tuple[HelperDraft | None, str],
) -> Sheet:
    """The household's own record of a year: what is done for it, its income, who came.

    ``contact``: who is paired with it, and the office's number.
    """
    helper, team_phone = contact
    measures = _standing(plan) if plan else []
    hotline = site.profile.hotline
    values = common.head_fields(household, village) | {
        "year": str(plan.year if plan else site.today().year),
        "main_cause": common.word(site, "cause", household.main_cause),
        "needs": plan.needs if plan else "",
        "goals": plan.goals if plan else "",
        "helper": helper.name if helper else "—",
        "helper_phone": helper.phone if helper else "",
        "team_phone": team_phone,
        "hotline_label": hotline.label,
        "hotline": hotline.number,
        **_sums(measures),
        **_income(site, income),
    }
    rows: dict[str, Sequence[Mapping[str, str]]] = {
        "measures": [_handbook_row(place, measure) for place, measure in enumerate(measures, 1)],
        "income": statement_rows(site, income) if income else [],
        "visits": [_visit_row(visit) for visit in visits],
    }
    tables = {name: common.table("handbook", name, found) for name, found in rows.items()}
    return Sheet("handbook", values, tables, common.stamp(site, household.id, household.no))


def _standing(plan: PlanDraft) -> list[MeasureDraft]:
    return [measure for measure in plan.measures if measure.state in _STANDING]


def _sums(measures: Sequence[MeasureDraft]) -> dict[str, str]:
    planned, paid = (sum(getattr(measure, name) for measure in measures) for name in ("amount", "paid"))
    return {"amount_total": yuan(planned) if planned else "", "paid_total": yuan(paid) if paid else ""}


def _person(household: HouseholdDraft, measure: MeasureDraft) -> str:
    return next((member.name for member in household.members if member.id == measure.member_id), "全家")


def _quarter_row(site: Site, household: HouseholdDraft, place: int, measure: MeasureDraft) -> dict[str, str]:
    category = site.profile.measures.get(measure.category)
    return _handbook_row(place, measure) | {
        "category": category.title if category else measure.category,
        "person": _person(household, measure),
        "state": _STATES[measure.state],
        "proof": measure.proof,
    }


def _handbook_row(place: int, measure: MeasureDraft) -> dict[str, str]:
    return {
        "no": str(place),
        "content": measure.content,
        "responsible": measure.responsible,
        "due": common.chinese_date(measure.due_on),
        "amount": yuan(measure.amount) if measure.amount else "",
        "paid": yuan(measure.paid) if measure.paid else "",
    }


def _visit_row(visit: VisitDraft) -> Mapping[str, str]:
    kept = f"{common.chinese_date(visit.promise_kept_on)}办了" if visit.promise_kept_on else ""
    return {
        "date": common.chinese_date(visit.visited_on),
        "visitor": "、".join(visit.people),
        "promise": visit.promise,
        "kept": kept,
    }


def _head_income(site: Site, income: IncomeDraft) -> str:
    result = reckon(income, site.profile)
    head = result.per_head_net if site.profile.income.concept == "net" else result.per_head_disposable
    return yuan(head) if head is not None else ""


def _income(site: Site, income: IncomeDraft | None) -> dict[str, str]:
    if income is None:
        return {"income_total": "", "income_head": ""}
    return {"income_total": yuan(reckon(income, site.profile).gross()), "income_head": _head_income(site, income)}
