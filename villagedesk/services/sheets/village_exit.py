"""Papers on the exit of a village: its indicators with their sources, the notice in the township, the announcement."""

from __future__ import annotations

from collections.abc import Mapping

from villagedesk.documents.sheet import Sheet, Stamp
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.drafts.village_exit import VillageExitDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.pack import VillageCriterion
from villagedesk.policy.village import assess_village
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.text import say
from villagedesk.values import yuan

_RESULTS = {"met": "达到", "unmet": "未达到", "unknown": "未填"}


def village_exit_record(site: Site, village: VillageDraft, case: VillageExitDraft, state: str) -> Sheet:
    """The sheet on which the village holds its own figures against the indicators."""
    values = {
        "village": village.name,
        "township": village.township,
        "county": village.county or "—",
        "year": str(case.year),
        "state": state,
        "applied_on": common.chinese_date(case.applied_on),
        "returned": case.returned_reason,
        "made_on": common.chinese_date(site.today()),
    }
    return Sheet("village_exit_record", values, _tables(site, "village_exit_record", case), _stamp(site, case))


def village_exit_request(site: Site, village: VillageDraft, case: VillageExitDraft) -> Sheet:
    """The village's application with its own figures behind."""
    tables = _tables(site, "village_exit_request", case)
    results = [row[-1] for row in tables["indicators"]]
    values = {
        "village": village.name,
        "township": common.government(village.township),
        "year": str(case.year),
        "met": str(results.count(_RESULTS["met"])),
        "count": str(len(results)),
        "issuer": village.issuer or village.name,
        "date": common.chinese_date(case.applied_on or site.today()),
    }
    return Sheet("village_exit_request", values, tables, _stamp(site, case))


def village_exit_notice(
    site: Site, village: VillageDraft, case: VillageExitDraft, notice: NoticeDraft, phone: str
) -> Sheet:
    """The notice that hangs in the township. Raises Refused before its days are known."""
    if notice.starts_on is None or notice.ends_on is None:
        raise Refused([Problem(say("Enter the first day of the notice; both days stand on it."), "starts_on")])
    values = _public(site, village, case) | {
        "basis": common.basis(site),
        "start": common.chinese_date(notice.starts_on),
        "end": common.chinese_date(notice.ends_on),
        "days": str((notice.ends_on - notice.starts_on).days + 1),
        "supervision_phone": phone,
        "date": common.chinese_date(notice.starts_on),
    }
    tables = _tables(site, "village_exit_notice", case)
    return Sheet("village_exit_notice", values, tables, common.stamp(site, notice.id, notice.no))


def village_exit_announcement(site: Site, village: VillageDraft, case: VillageExitDraft, notice: NoticeDraft) -> Sheet:
    """The announcement of a decided exit. Raises Refused before it is decided."""
    if case.approved_on is None or not case.approval:
        raise Refused(
            [Problem(say("Enter number and day of the approval; both stand on the announcement."), "approval")]
        )
    values = _public(site, village, case) | {
        "start": common.chinese_date(case.notice_from) or "—",
        "end": common.chinese_date(case.notice_until) or "—",
        "approval_no": case.approval,
        "approval_date": common.chinese_date(case.approved_on),
        "date": common.chinese_date(notice.starts_on or site.today()),
    }
    return Sheet("village_exit_announcement", values, {}, common.stamp(site, notice.id, notice.no))


def _public(site: Site, village: VillageDraft, case: VillageExitDraft) -> dict[str, str]:
    hotline = site.profile.hotline
    return {
        "village": village.name,
        "township": common.government(village.township),
        "year": str(case.year),
        "hotline_label": hotline.label,
        "hotline": hotline.number,
    }


def _stamp(site: Site, case: VillageExitDraft) -> Stamp:
    return common.stamp(site, case.id)


def _tables(site: Site, paper: str, case: VillageExitDraft) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    figures = {name: figure for name, figure, _ in case.figures}
    sources = {name: source for name, _, source in case.figures}
    criteria = site.profile.village_exit
    rows = [
        {
            "no": str(place),
            "indicator": one.text,
            "figure": _figure(criteria[one.key], figures),
            "source": sources.get(criteria[one.key].field, ""),
            "result": _RESULTS[one.result],
        }
        for place, one in enumerate(assess_village(site.profile, figures), 1)
    ]
    return {"indicators": common.table(paper, "indicators", rows)}


def _figure(criterion: VillageCriterion, figures: Mapping[str, int]) -> str:
    figure = figures.get(criterion.field)
    if figure is None:
        return ""
    if criterion.op == "yes":
        return "是" if figure else "否"
    if criterion.of and figures.get(criterion.of):
        return f"{figure}（占{figures[criterion.of]}的{figure * 100 / figures[criterion.of]:.2f}%）"
    return f"{yuan(figure)}元" if "income" in criterion.field else str(figure)
