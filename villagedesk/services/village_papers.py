"""From records to the papers of the village: notices of projects, money, shares and houses, its plan, its figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.money import AssetDraft, DistributionDraft
from villagedesk.drafts.village import VillagePlanDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.reports import report_kinds
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.funds import fund_rows
from villagedesk.services.households import last_known
from villagedesk.services.indicators import indicators_of
from villagedesk.services.notices import notice_of
from villagedesk.services.overview import charts_of
from villagedesk.services.paper_makers import Maker, phones_of, village_of
from villagedesk.services.projects import paid_out, project_rows
from villagedesk.services.reports import filled
from villagedesk.services.sheets import common, notices, village
from villagedesk.services.sheets.notices import Board
from villagedesk.services.site import Site
from villagedesk.text import say

HOUSING_USE = "07"  # list fund_use


def _board(site: Site, connection: Connection, subject: str) -> Board:
    notice = notice_of(connection, subject)
    if notice.starts_on is None:
        raise Refused([Problem(say("Enter the first day of the notice; both days stand on it."), "starts_on")])
    file = village_of(connection, site)
    return Board(site, file, notice, phones_of(file))


def _project_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    rows = [row for row in project_rows(connection, site) if row.project.id in board.notice.case_ids]
    return notices.project_notice(board, rows)


def _effect_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    rows = [row for row in project_rows(connection, site) if row.project.id in board.notice.case_ids]
    return notices.effect_notice(board, rows)


def _fund_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    rows = [row for row in fund_rows(connection, site.village) if row.fund.id in board.notice.case_ids]
    return notices.fund_notice(board, rows)


def _donation_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    return notices.donation_notice(board, list(load(connection, "donation", board.notice.case_ids).values()))


def _share_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    shared: Mapping[str, DistributionDraft] = load(connection, "distribution", board.notice.case_ids)
    if not shared:
        raise Refused(say("This record is not in the desk any more."))
    distribution = next(iter(shared.values()))
    assets: Mapping[str, AssetDraft] = load(connection, "asset", [distribution.asset_id])
    households = load(connection, "household", [line.household_id for line in distribution.payouts])
    return notices.share_notice(board, assets[distribution.asset_id], distribution, households)


def _dwelling_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    households = load(connection, "household", board.notice.case_ids)
    table = RECORDS["payment"].table
    lines = load_where(connection, "payment", table.c.household_id.in_(list(households)), table.c.use == HOUSING_USE)
    of_year = [line for line in lines.values() if line.on and line.on.year == board.notice.year]
    paid = {key: paid_out(line for line in of_year if line.household_id == key) for key in households}
    return notices.dwelling_notice(board, list(households.values()), paid)


def _register_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    return notices.register_notice(board, list(load(connection, "household", board.notice.case_ids).values()))


def _entry_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    courses = load(connection, "course", board.notice.case_ids).values()
    households = load(connection, "household", [course.subject_id for course in courses])
    return notices.entry_notice(board, list(households.values()))


def _removal_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    courses = load(connection, "course", board.notice.case_ids).values()
    return notices.removal_notice(board, [last_known(connection, course.subject_id) for course in courses])


def _entry_announcement(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    courses = list(load(connection, "course", board.notice.case_ids).values())
    households = load(connection, "household", [course.subject_id for course in courses])
    approvals = "、".join(dict.fromkeys(course.approval for course in courses if course.approval))
    spans = [_told_between(first, last) for course in courses for _, first, last in course.notices]
    earlier = "；".join(dict.fromkeys(spans)) or "公示材料另存"
    return notices.entry_announcement(board, list(households.values()), approvals or "—", earlier)


def _monitoring_announcement(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    cases = list(load(connection, "monitoring", board.notice.case_ids).values())
    households = load(connection, "household", [case.household_id for case in cases])
    prefix = "" if board.notice.kind == "monitoring_in_result" else "out_"
    days = [(getattr(case, f"{prefix}notice_from"), getattr(case, f"{prefix}notice_until")) for case in cases]
    spans = [_told_between(first.isoformat(), last.isoformat()) for first, last in days if first and last]
    earlier = "；".join(dict.fromkeys(spans)) or "公示材料另存"
    return notices.monitoring_announcement(board, cases, households, earlier)


def _told_between(first: str, last: str) -> str:
    return "至".join(common.chinese_date(date.fromisoformat(day)) for day in (first, last))


def _monitoring_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    board = _board(site, connection, subject)
    cases = list(load(connection, "monitoring", board.notice.case_ids).values())
    return notices.monitoring_notice(board, cases, load(connection, "household", [case.household_id for case in cases]))


def _village_plan(site: Site, connection: Connection, subject: str) -> Sheet:
    plans: Mapping[str, VillagePlanDraft] = load(connection, "village_plan", [subject])
    if subject not in plans:
        raise Refused(say("This record is not in the desk any more."))
    plan = plans[subject]
    rows = [row for row in project_rows(connection, site) if _belongs(row.project, plan)]
    return village.village_plan(site, village_of(connection, site), plan, rows)


def _belongs(project: Any, plan: VillagePlanDraft) -> bool:
    return project.plan_id == plan.id or (not project.plan_id and plan.horizon == "year" and project.year == plan.year)


def _village_figures(site: Site, connection: Connection, subject: str) -> Sheet:
    found = indicators_of(connection, site.village)
    return village.village_figures(site, village_of(connection, site), int(subject), found)


def _overview(site: Site, connection: Connection, subject: str) -> Sheet:
    year = int(subject)
    return village.overview(site, village_of(connection, site), year, charts_of(site, connection, year))


def report_subject(key: str, day: date) -> str:
    """What the paper ``report_sheet`` speaks of: a report and the last day of its period."""
    return f"{key}:{day.isoformat()}"


def report_subjects(site: Site, year: int) -> tuple[str, ...]:
    """Every report of the scheme for the newest period of a year that has begun."""
    day = min(date(year, 12, 31), site.today())
    return tuple(report_subject(key, day) for key in report_kinds(site.profile)) if day.year == year else ()


def _report_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    key, _, day = subject.partition(":")
    kind = report_kinds(site.profile)[key]
    return village.report_sheet(
        site, village_of(connection, site), filled(site, connection, kind, date.fromisoformat(day))
    )


VILLAGE_MAKERS: Mapping[str, Maker] = {
    "project_notice": _project_notice,
    "fund_notice": _fund_notice,
    "donation_notice": _donation_notice,
    "effect_notice": _effect_notice,
    "share_notice": _share_notice,
    "dwelling_notice": _dwelling_notice,
    "register_notice": _register_notice,
    "entry_notice": _entry_notice,
    "entry_second_notice": _entry_notice,
    "entry_announcement": _entry_announcement,
    "removal_notice": _removal_notice,
    "monitoring_in_announcement": _monitoring_announcement,
    "monitoring_out_announcement": _monitoring_announcement,
    "monitoring_in_notice": _monitoring_notice,
    "monitoring_out_notice": _monitoring_notice,
    "village_plan": _village_plan,
    "village_figures": _village_figures,
    "overview": _overview,
    "report_sheet": _report_sheet,
}
"""Paper → what makes its sheet of a subject."""
