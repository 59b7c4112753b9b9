"""From records to the papers of identification, monitoring and the yearly adjustment (DOMAIN §5.1, §5.2, §5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.course import CourseDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.procedures import procedure
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services import event_report
from villagedesk.services.concerns import concern_rows
from villagedesk.services.households import last_known, one
from villagedesk.services.monitoring import Monitoring
from villagedesk.services.paper_makers import Maker, found, village_of
from villagedesk.services.sheets import common, courses
from villagedesk.services.site import Site
from villagedesk.text import say


def _asked(connection: Connection, subject: str) -> tuple[HouseholdDraft, CourseDraft]:
    course: CourseDraft = found(connection, "course", subject)
    return one(connection, course.subject_id), course


def _entry_application(site: Site, connection: Connection, subject: str) -> Sheet:
    household, course = _asked(connection, subject)
    return courses.application(site, village_of(connection, site).name, household, course)


def _monitoring_application(site: Site, connection: Connection, subject: str) -> Sheet:
    case: MonitoringDraft = found(connection, "monitoring", subject)
    household = one(connection, case.household_id)
    return courses.application(site, village_of(connection, site).name, household, case)


def _refusal_letter(site: Site, connection: Connection, subject: str) -> Sheet:
    household, course = _asked(connection, subject)
    way = procedure(site.profile, course.procedure)
    _demand_refused(way.effect(course.state), course.returned_reason)
    titles = {each.key: each.title for each in way.transitions}
    told = {
        "matter": f"识别为{site.profile.terms.household}的申请",
        "applied_on": common.chinese_date(course.began_on) or "—",
        "decided_on": common.chinese_date(date.fromisoformat(course.steps[-1][1])),
        "decided_at": titles[course.steps[-2][0]] if len(course.steps) > 1 else "申请",
        "reason": course.returned_reason,
    }
    return courses.refusal_letter(site, village_of(connection, site), household, course, told)


def _removal_letter(site: Site, connection: Connection, subject: str) -> Sheet:
    course: CourseDraft = found(connection, "course", subject)
    if not course.approval:
        raise Refused([Problem(say("The township has not decided yet. The letter tells of its decision."), "approval")])
    household = last_known(connection, course.subject_id)
    return courses.removal_letter(site, village_of(connection, site), household, course)


def _monitoring_refusal(site: Site, connection: Connection, subject: str) -> Sheet:
    case: MonitoringDraft = found(connection, "monitoring", subject)
    _demand_refused(procedure(site.profile, "monitoring").effect(case.state), case.returned_reason)
    days = (case.held_on, case.compared_on, case.applied_on, case.visited_on, case.found_on)
    told = {
        "matter": "纳入监测帮扶的申请",
        "applied_on": common.chinese_date(case.applied_on or case.found_on) or "—",
        "decided_on": common.chinese_date(site.today()),
        "decided_at": dict(zip(days, ("民主评议", "信息比对", "申请", "入户核实", "线索"), strict=True)).get(
            next((day for day in days if day), None), "线索"
        ),
        "reason": case.returned_reason,
    }
    return courses.refusal_letter(site, village_of(connection, site), one(connection, case.household_id), case, told)


def _demand_refused(effect: str, reason: str) -> None:
    if effect != "back" or not reason.strip():
        text = say("Nothing was refused here. The letter tells of a refusal with its reason.")
        raise Refused([Problem(text, "returned_reason")])


def _monitoring_record(site: Site, connection: Connection, subject: str) -> Sheet:
    rows = {row.case.id: row for row in Monitoring(site).all()}
    if subject not in rows:
        raise Refused(say("This record is not in the desk any more."))
    return courses.monitoring_record(site, village_of(connection, site).name, rows[subject])


def _monitoring_list(site: Site, connection: Connection, subject: str) -> Sheet:
    rows = Monitoring(site).all()
    return courses.monitoring_list(site, village_of(connection, site).name, int(subject), rows)


def _adjustment_record(site: Site, connection: Connection, subject: str) -> Sheet:
    course: CourseDraft = found(connection, "course", subject)
    report = event_report.report(connection, site.village, course.year)
    table = RECORDS["household"].table
    out = load_where(connection, "household", table.c.village == site.village, table.c.exited_year == course.year)
    way = procedure(site.profile, course.procedure)
    return courses.adjustment_record(site, village_of(connection, site), course, way, report, len(out))


def _concern_list(site: Site, connection: Connection, subject: str) -> Sheet:
    rows = concern_rows(site, connection)
    return courses.concern_list(site, village_of(connection, site).name, int(subject), rows)


COURSES: Mapping[str, tuple[str, Maker]] = {
    "entry_application": ("course", _entry_application),
    "refusal_letter": ("course", _refusal_letter),
    "removal_letter": ("course", _removal_letter),
    "monitoring_application": ("monitoring", _monitoring_application),
    "monitoring_refusal": ("monitoring", _monitoring_refusal),
    "monitoring_record": ("monitoring", _monitoring_record),
    "monitoring_list": ("year", _monitoring_list),
    "adjustment_record": ("course", _adjustment_record),
    "concern_list": ("year", _concern_list),
}
"""Paper → the kind of record it speaks of (as ``paper_kinds.SUBJECTS`` has it) and what makes its sheet."""
