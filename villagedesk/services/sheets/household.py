"""Sheets about a household itself: its file, the card for its wall, the catalogue of its papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from villagedesk.documents.papers import load_papers
from villagedesk.documents.sheet import Sheet, Stamp
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.drafts.notice import PaperDraft
from villagedesk.drafts.plan import PlanDraft
from villagedesk.drafts.team import HelperDraft
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.values import yuan

_CODED = {
    "kind": "household_kind",
    "state": "poverty_state",
    "standard": "standard",
    "support_class": "support_class",
    "monitoring_class": "monitoring_class",
    "main_cause": "cause",
    "dwelling": "housing",
    "fuel": "fuel",
    "entry_road": "entry_road",
    "relocation_way": "relocation_way",
    "settlement": "settlement",
}
RETENTION = "长期"
_HUNDREDTHS = ("dwelling_area", "relocation_area", "road_distance")


def household_file(site: Site, village: str, household: HouseholdDraft) -> Sheet:
    """The household file, blocks A–C and E (家庭信息表)."""
    values = {name: _plain(site, household, name) for name in load_papers()["household_file"].fields}
    values |= common.head_fields(household, village)
    values["other_causes"] = common.words(site, "cause", household.other_causes)
    values["relocated"] = common.yes_no(household.relocated) or common.NOT_ASKED
    people = [_person(site, place, member) for place, member in enumerate(household.living, 1)]
    tables = {name: common.table("household_file", name, people) for name in ("members", "work")}
    return Sheet("household_file", values, tables, common.stamp(site, household.id, household.no))


def _plain(site: Site, household: HouseholdDraft, name: str) -> str:
    value: Any = getattr(household, name, "")
    if name in _CODED:
        return common.word(site, _CODED[name], str(value))
    if name.startswith("land_") or name in _HUNDREDTHS:
        return common.hundredths(value)
    if isinstance(value, bool):
        return common.yes_no(value)
    if hasattr(value, "isoformat"):
        return common.chinese_date(value)
    return "" if value is None or isinstance(value, tuple) else str(value)


def _person(site: Site, place: int, member: MemberDraft) -> dict[str, str]:
    area = " ".join(filter(None, (common.word(site, "work_area", member.work_area), member.work_place)))
    medical = (("居民", member.medical_resident), ("职工", member.medical_worker), ("大病", member.medical_serious))
    pension = (("居民", member.pension_resident), ("职工", member.pension_worker))
    return {
        "no": str(place),
        "name": member.name,
        "relation": common.word(site, "relation", member.relation),
        "sex": common.word(site, "sex", member.sex),
        "id_number": member.id_number,
        "education": common.word(site, "education", member.education),
        "schooling": common.word(site, "schooling", member.schooling),
        "health": common.words(site, "health", member.health),
        "labour": common.word(site, "labour", member.labour),
        "work_area": area,
        "work_months": common.number(member.work_months),
        "post": f"{member.post_kind} {common.number(member.post_months)}".strip(),
        "medical": "、".join(title for title, has in medical if has),
        "pension": "、".join(title for title, has in pension if has),
    }


def card(
    site: Site,
    village: str,
    household: HouseholdDraft,
    plan: PlanDraft | None,
    incomes: Sequence[IncomeDraft],
    helper: HelperDraft | None,
    team_phone: str,
) -> Sheet:
    """The card for the wall (明白卡): what the household itself receives, in large print."""
    year = plan.year if plan else site.today().year
    rows = _measures(household, plan) + _transfers(site, incomes, year)
    total = sum(amount for _, _, amount in rows)
    hotline = site.profile.hotline
    values = common.head_fields(household, village) | {
        "year": str(year),
        "helper": helper.name if helper else "—",
        "helper_phone": helper.phone if helper else "",
        "team_phone": team_phone,
        "hotline_label": hotline.label,
        "hotline": hotline.number,
        "amount_total": yuan(total) if total else "",
    }
    values.pop("group")
    named = [{"policy": what, "who": who, "amount": yuan(amount) if amount else ""} for what, who, amount in rows]
    benefits = common.table("card", "benefits", named)
    return Sheet("card", values, {"benefits": benefits}, common.stamp(site, household.id, household.no))


def _measures(household: HouseholdDraft, plan: PlanDraft | None) -> list[tuple[str, str, int]]:
    names = {member.id: member.name for member in household.members}
    return [
        (measure.content, names.get(measure.member_id, "全家"), measure.paid or measure.amount)
        for measure in (plan.measures if plan else ())
        if measure.state in {"planned", "active", "done"}
    ]


def _transfers(site: Site, incomes: Sequence[IncomeDraft], year: int) -> list[tuple[str, str, int]]:
    items = site.profile.income.items
    return [
        (items[line.item], "全家", line.amount)
        for income in incomes
        if income.year == year
        for line in income.lines
        if line.item.startswith("transfer.") and line.item in items
    ]


def shelf_mark(site: Site, household: HouseholdDraft) -> str:
    """The mark under which a household's file stands on the shelf (DOMAIN §8.6)."""
    return f"JF-{site.village}-{household.no}"


def catalogue(
    site: Site, village: str, household: HouseholdDraft, papers: Sequence[tuple[PaperDraft, str, int]]
) -> Sheet:
    """The list of papers in a household's folder (卷内目录): (paper, title, pages) in archive order."""
    head = household.head.name if household.head else "—"
    folder = (shelf_mark(site, household), household.no, head)
    return _catalogue(site, village, folder, papers, common.stamp(site, household.id, household.no))


def list_catalogue(site: Site, village: str, year: int, papers: Sequence[tuple[PaperDraft, str, int]]) -> Sheet:
    """The list of the papers that a year's list of exits shares (卷内目录)."""
    mark = f"{site.village}-{year}"
    folder = (f"TC-{mark}", "—", f"{year}年度{site.profile.terms.planned_exit_household}名单")
    return _catalogue(site, village, folder, papers, common.stamp(site, mark, str(year)))


def _catalogue(
    site: Site,
    village: str,
    folder: tuple[str, str, str],
    papers: Sequence[tuple[PaperDraft, str, int]],
    stamp: Stamp,
) -> Sheet:
    """``folder``: shelf mark, household number, whose it is."""
    page, rows = 1, []
    for place, (paper, title, pages) in enumerate(papers, 1):
        span = str(page) if pages < 2 else f"{page}-{page + pages - 1}"
        day = common.chinese_date(paper.printed_on)
        rows.append(
            {"no": str(place), "number": paper.no, "author": village, "title": title, "date": day, "page": span}
        )
        page += pages
    values = {
        "shelf_mark": folder[0],
        "village": village,
        "household_no": folder[1],
        "head": folder[2],
        "retention": RETENTION,
        "count": str(len(rows)),
        "pages": str(page - 1),
        "compiled_on": common.chinese_date(site.today()),
    }
    return Sheet(
        "evidence_catalogue",
        values,
        {"papers": common.table("evidence_catalogue", "papers", rows)},
        stamp,
    )
