"""The plan sheet (一户一策): the members and their work, their own wishes, the agreed measures, room for ink.

What somebody did not want, or took back, stands on no plan (DOMAIN §8.5).
"""

from __future__ import annotations

from collections.abc import Sequence

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.policy.wishes import NO, wish_kinds
from villagedesk.services.employment import employment_line
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.values import age_on, yuan


def plan_sheet(
    site: Site, village: str, household: HouseholdDraft, plan: PlanDraft, wishes: Sequence[WishDraft]
) -> Sheet:
    """One plan on one or two pages, for the household to agree to and sign."""
    standing = [measure for measure in plan.measures if measure.state not in {"declined", "withdrawn"}]
    total = sum(measure.amount for measure in standing)
    values = common.head_fields(household, village) | {
        "phone": household.phone,
        "span": _span(site, plan),
        "version": str(plan.version),
        "main_cause": common.word(site, "cause", household.main_cause) or "—",
        "other_causes": common.words(site, "cause", household.other_causes),
        "needs": plan.needs,
        "goals": plan.goals,
        "livelihood": plan.livelihood,
        "refused": plan.refused_part,
        "rights": _rights(site, standing),
        "responsible": plan.responsible or "—",
        "amount_total": yuan(total) if total else "",
    }
    names = {member.id: member.name for member in household.members}
    standing_wishes = [wish for wish in wishes if wish.withdrawn_on is None and wish.answer != NO]
    rows = {
        "members": [_member(site, member, standing) for member in household.living],
        "wishes": [_wish(site, names, wish) for wish in standing_wishes],
        "measures": [_measure(site, names, place, measure) for place, measure in enumerate(standing, 1)],
    }
    tables = {name: common.table("plan_sheet", name, found) for name, found in rows.items()}
    return Sheet("plan_sheet", values, tables, common.stamp(site, plan.id, household.no))


def _rights(site: Site, measures: Sequence[MeasureDraft]) -> str:
    """What stays with the household whatever it answers, for the kinds of wish these measures rest on (XJ-7.3)."""
    kinds = dict.fromkeys(kind for measure in measures for kind in wish_kinds(site.profile, measure))
    rules = (site.profile.wishes[kind] for kind in kinds if kind in site.profile.wishes)
    return "".join(dict.fromkeys(sentence for rule in rules for sentence in rule.rights))


def _span(site: Site, plan: PlanDraft) -> str:
    """What the plan is of: a year, or the years of the scheme (GZ-5.1)."""
    head = site.profile.pack
    if plan.horizon == "term" and head.valid_from and head.valid_to:
        return f"{head.valid_from.year}—{head.valid_to.year}年"
    return f"{plan.year}年度"


def _member(site: Site, member: MemberDraft, measures: Sequence[MeasureDraft]) -> dict[str, str]:
    return {
        "name": member.name,
        "relation": common.word(site, "relation", member.relation),
        "age": str(age_on(member.birth, site.today())) if member.birth else "",
        "labour": common.word(site, "labour", member.labour),
        "work": employment_line(site, member, measures),
    }


def _wish(site: Site, names: dict[str, str], wish: WishDraft) -> dict[str, str]:
    return {
        "name": names.get(wish.member_id, ""),
        "kind": common.word(site, "wish_kind", wish.kind),
        "answer": common.word(site, "wish_answer", wish.answer),
        "words": "；".join(dict.fromkeys(filter(None, (wish.own_words, wish.conditions)))),
        "date": common.chinese_date(wish.asked_on),
    }


def _measure(site: Site, names: dict[str, str], place: int, measure: MeasureDraft) -> dict[str, str]:
    category = site.profile.measures.get(measure.category)
    return {
        "no": str(place),
        "category": category.title if category else measure.category,
        "content": measure.content,
        "person": names.get(measure.member_id, "全家"),
        "responsible": measure.responsible,
        "amount": yuan(measure.amount) if measure.amount else "",
        "due": common.chinese_date(measure.due_on),
        "answer": "同意" if measure.accepted else "□同意\n□不要",
    }
