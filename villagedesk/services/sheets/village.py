"""The village's own papers: its plan (一村一策) and its yearly figures (DOMAIN §4.5, GZ-7.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.team import VillageDraft
from villagedesk.drafts.village import IndicatorDraft, VillagePlanDraft
from villagedesk.policy.indicators import indicator_groups
from villagedesk.services.indicators import figure_word
from villagedesk.services.overview import Chart
from villagedesk.services.projects import ProjectRow
from villagedesk.services.reports import Report
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.text import DEFAULT_LANGUAGE, Text
from villagedesk.values import yuan


def village_plan(site: Site, village: VillageDraft, plan: VillagePlanDraft, rows: Sequence[ProjectRow]) -> Sheet:
    """The plan with its projects, for the villagers' representatives to agree to."""
    lines = [
        {
            "no": str(place),
            "title": row.project.title,
            "content": "；".join(filter(None, (row.project.place, row.project.content))),
            "amount": yuan(row.project.amount) if row.project.amount else "",
            "until": common.chinese_date(row.project.ends_on),
            "unit": row.project.unit,
            "state": row.state_title,
        }
        for place, row in enumerate(rows, 1)
    ]
    total = sum(row.project.amount for row in rows)
    agreed = f"{common.chinese_date(plan.agreed_on)}{plan.agreed_by}通过" if plan.agreed_on else ""
    values = {
        "village": village.name,
        "period": f"{plan.year}年度" if plan.horizon == "year" else f"{plan.year}年起的三年",
        "direction": village.direction,
        "situation": plan.situation,
        "goals": plan.goals,
        "livelihood": plan.livelihood,
        "tasks": plan.tasks,
        "responsible": plan.responsible,
        "agreed": agreed,
        "effect": plan.effect,
        "amount_total": yuan(total) if total else "",
    }
    tables = {"projects": common.table("village_plan", "projects", lines)}
    return Sheet("village_plan", values, tables, common.stamp(site, plan.id, village.code[-6:]))


def village_figures(site: Site, village: VillageDraft, year: int, found: Iterable[IndicatorDraft]) -> Sheet:
    """The year's figures beside those of the year before, each with where it comes from."""
    by_place = {(each.year, each.name): each for each in found}
    lines = []
    for group in indicator_groups().values():
        for key, item in group.items.items():
            now, before = by_place.get((year, key)), by_place.get((year - 1, key))
            lines.append(
                {
                    "group": group.title,
                    "title": item.title,
                    "unit": item.unit,
                    "before": figure_word(item, before.value) if before else "",
                    "now": figure_word(item, now.value) if now else "",
                    "source": now.source if now else "",
                }
            )
    values = {"village": village.name, "year": str(year), "before_year": str(year - 1)}
    values["made_on"] = common.chinese_date(site.today())
    tables = {"figures": common.table("village_figures", "figures", lines)}
    return Sheet("village_figures", values, tables, common.stamp(site, str(year)))


def _lines(chart: Chart) -> list[dict[str, str]]:
    longest = chart.longest or 1
    shares = [str(max(bar.value, 0) * 1000 // longest) for bar in chart.bars]
    return [
        {"label": _on_paper(bar.label), "word": _on_paper(bar.word), "share": share}
        for bar, share in zip(chart.bars, shares, strict=True)
    ]


def _on_paper(word: str | Text) -> str:
    """A chart's word, in the language of papers whatever that of the window is."""
    return word.render(DEFAULT_LANGUAGE) if isinstance(word, Text) else word


def overview(site: Site, village: VillageDraft, year: int, charts: Iterable[Chart]) -> Sheet:
    """The charts of a year, for the wall of the office."""
    tables = {chart.key: common.table("overview", chart.key, _lines(chart)) for chart in charts}
    values = {"village": village.name, "year": str(year), "made_on": common.chinese_date(site.today())}
    return Sheet("overview", values, tables, common.stamp(site, str(year)))


def report_sheet(site: Site, village: VillageDraft, report: Report) -> Sheet:
    """A report with the definition of each figure."""
    lines = [
        {
            "no": str(place),
            "title": line.title,
            "unit": line.figure.unit,
            "value": line.word,
            "meaning": line.figure.meaning,
        }
        for place, line in enumerate(report.lines, 1)
    ]
    values = {
        "village": village.name,
        "report": report.kind.title,
        "period": report.period.title,
        "to": "、".join(report.kind.to),
        "made_on": common.chinese_date(site.today()),
    }
    tables = {"figures": common.table("report_sheet", "figures", lines)}
    return Sheet("report_sheet", values, tables, common.stamp(site, report.kind.key, report.period.title))
