"""Papers of identification, monitoring and the yearly adjustment: applications, refusals, case sheets, ledgers (§5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.course import CourseDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.policy.procedures import Procedure
from villagedesk.services.concerns import ConcernRow
from villagedesk.services.event_report import ENTERED, STRUCK, Report
from villagedesk.services.event_words import kind_word
from villagedesk.services.monitoring_timers import MonitoringRow, timers_of
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.values import group_order, yuan

_SOURCES = {
    "self": "农户自主申报",
    "visit": "干部走访排查",
    "department": "部门预警",
    "hotline": "热线",
    "media": "媒体或信访",
}
_RESULTS = {"met": "达到", "unmet": "未达到", "unknown": "未核实"}
_UNSAID = {ENTERED: "登记录入", STRUCK: "登记剔除"}
_DAYS = (
    ("found_on", "发现线索"), ("visited_on", "入户核实"), ("applied_on", "申请和承诺授权"), ("compared_on", "信息比对"),
    ("held_on", "民主评议（纳入）"), ("notice_from", "纳入公示开始"), ("recognised_on", "认定"),
    ("helped_on", "落实帮扶措施"),
    ("out_held_on", "民主评议（消除）"), ("out_notice_from", "消除公示开始"), ("ended_on", "消除"),
)  # fmt: skip


def application(site: Site, village: str, household: HouseholdDraft, asked: CourseDraft | MonitoringDraft) -> Sheet:
    """An application with the authorisation for the checks, a line for each member to sign."""
    paper = "entry_application" if isinstance(asked, CourseDraft) else "monitoring_application"
    hotline = site.profile.hotline
    on = asked.began_on if isinstance(asked, CourseDraft) else asked.applied_on
    values = common.head_fields(household, village) | {
        "applied_on": common.chinese_date(on) or "　　　　年　　月　　日",
        "hotline_label": hotline.label,
        "hotline": hotline.number,
    }
    if isinstance(asked, CourseDraft):
        values["year"] = str(asked.year)
    rows = [
        {"no": str(place), "name": member.name, "relation": common.word(site, "relation", member.relation)}
        for place, member in enumerate(household.living, 1)
    ]
    tables = {"members": common.table(paper, "members", rows)}
    return Sheet(paper, values, tables, common.stamp(site, asked.id, household.no))


def refusal_letter(
    site: Site,
    village: VillageDraft,
    household: HouseholdDraft,
    asked: CourseDraft | MonitoringDraft,
    told: Mapping[str, str],
) -> Sheet:
    """The written answer to who does not qualify. ``told``: matter, days, step reached and reason."""
    paper = "refusal_letter" if isinstance(asked, CourseDraft) else "monitoring_refusal"
    hotline = site.profile.hotline
    values = common.head_fields(household, village.name) | {
        **told,
        "township": common.government(village.township) or "乡镇",
        "phone": village.phones.split("、")[0] or "—",
        "hotline_label": hotline.label,
        "hotline": hotline.number,
        "issuer": village.issuer or village.name,
        "date": told["decided_on"],
    }
    return Sheet(paper, values, {}, common.stamp(site, asked.id, household.no))


def removal_letter(site: Site, village: VillageDraft, household: HouseholdDraft, course: CourseDraft) -> Sheet:
    """What a household that leaves the register is told: why, how it was decided, how to have it looked at again."""
    hotline = site.profile.hotline
    days = dict(course.steps)
    told = common.word(site, "removal_ground", course.ground)
    first, last = (date.fromisoformat(day) for day in course.notices[-1][1:])
    values = common.head_fields(household, village.name) | {
        "ground": f"{told}：{course.note}" if course.note else told,
        "heard": course.heard,
        "visited_on": common.chinese_date(date.fromisoformat(days["visit"])),
        "held_on": common.chinese_date(course.held_on),
        "notice_span": _span(first, last),
        "decided_on": common.chinese_date(date.fromisoformat(days["approve"])),
        "approval_no": course.approval,
        "township": common.government(village.township) or "乡镇",
        "phone": village.phones.split("、")[0] or "—",
        "hotline_label": hotline.label,
        "hotline": hotline.number,
        "issuer": village.issuer or village.name,
        "date": common.chinese_date(site.today()),
    }
    return Sheet("removal_letter", values, {}, common.stamp(site, course.id, household.no))


def monitoring_record(site: Site, village: str, row: MonitoringRow) -> Sheet:
    """One monitoring case from the clue to its end."""
    case, household = row.case, row.household
    values = common.head_fields(household, village) | {
        "state": row.state_title,
        "clue_source": _SOURCES.get(case.clue_source, ""),
        "found_on": common.chinese_date(case.found_on),
        "clue": case.clue,
        "kind": common.word(site, "monitoring_class", case.kind),
        "risks": common.words(site, "risk", case.risks),
        "contact": case.contact,
        "evaluation": _vote(case.due, case.present, case.votes_for),
        "notice_span": _span(case.notice_from, case.notice_until),
        "recognised_on": common.chinese_date(case.recognised_on),
        "reference": yuan(case.reference) if case.reference is not None else "",
        "out_evaluation": _vote(case.out_due, case.out_present, case.out_votes_for),
        "out_notice_span": _span(case.out_notice_from, case.out_notice_until),
        "reference_out": yuan(case.out_reference) if case.out_reference is not None else "",
        "ended_on": common.chinese_date(case.ended_on),
        "returned": case.returned_reason,
        "made_on": common.chinese_date(site.today()),
    }
    tables = {
        "days": common.table("monitoring_record", "days", _days(case)),
        "needs": common.table("monitoring_record", "needs", _needs(site, case)),
    }
    return Sheet("monitoring_record", values, tables, common.stamp(site, case.id, household.no))


def monitoring_list(site: Site, village: str, year: int, rows: Sequence[MonitoringRow]) -> Sheet:
    """Every case of a year with the next thing that is due."""
    of_year = [row for row in rows if row.case.found_on and row.case.found_on.year <= year and _stood(row, year)]
    ordered = sorted(of_year, key=lambda row: (*group_order(row.household.group), row.household.no))
    values = {
        "village": village,
        "year": str(year),
        "made_on": common.chinese_date(site.today()),
        "open": str(sum(row.open for row in ordered)),
        "late": str(sum(row.late for row in ordered)),
    }
    lines = [{"no": str(place), **_listed(site, row)} for place, row in enumerate(ordered, 1)]
    tables = {"cases": common.table("monitoring_list", "cases", lines)}
    return Sheet("monitoring_list", values, tables, common.stamp(site, str(year)))


def adjustment_record(
    site: Site, village: VillageDraft, course: CourseDraft, way: Procedure, report: Report, exited: int
) -> Sheet:
    """The year's work step by step, and what came and went."""
    done = dict(course.steps)
    ways = [each for each in way.transitions if each.until]
    steps = [
        {
            "no": str(place),
            "step": each.title,
            "actor": each.actor,
            "until": each.until,
            "day": common.chinese_date(date.fromisoformat(done[each.key])) if each.key in done else "",
        }
        for place, each in enumerate(ways, 1)
    ]
    values = {
        "village": village.name,
        "township": village.township or "—",
        "year": str(course.year),
        "state": way.states[course.state].title,
        "visited_by": course.visited_by,
        "note": course.note or course.returned_reason,
        "made_on": common.chinese_date(site.today()),
        "households_before": str(report.households.start),
        "households_now": str(report.households.end),
        "persons_before": str(report.persons.start),
        "persons_now": str(report.persons.end),
        "exited": str(exited),
        "frozen": "已经固定" if report.frozen else "尚未固定",
    }
    tables = {
        "steps": common.table("adjustment_record", "steps", steps),
        "changes": common.table("adjustment_record", "changes", _changes(report)),
    }
    return Sheet("adjustment_record", values, tables, common.stamp(site, course.id, str(course.year)))


def concern_list(site: Site, village: str, year: int, rows: Sequence[ConcernRow]) -> Sheet:
    """The concerns of a year and those still open from before."""
    shown = [row for row in rows if row.concern.received_on and (row.concern.received_on.year == year or row.open)]
    lines = [
        {
            "no": row.concern.no,
            "received": common.chinese_date(row.concern.received_on),
            "topic": common.word(site, "concern_topic", row.concern.topic),
            "text": row.concern.text,
            "handler": row.concern.handler,
            "due": common.chinese_date(row.due_on),
            "opinion": row.concern.opinion or row.concern.returned_reason,
            "state": row.state_title,
        }
        for row in shown
    ]
    values = {
        "village": village,
        "year": str(year),
        "made_on": common.chinese_date(site.today()),
        "open": str(sum(row.open for row in shown)),
        "closed": str(sum(not row.open for row in shown)),
    }
    tables = {"concerns": common.table("concern_list", "concerns", lines)}
    return Sheet("concern_list", values, tables, common.stamp(site, str(year)))


def _changes(report: Report) -> list[Mapping[str, str]]:
    rows: list[Mapping[str, str]] = []
    for sign, households, persons in (
        ("增加", report.households.came, report.persons.came),
        ("减少", report.households.went, report.persons.went),
    ):
        for kind in dict.fromkeys((*households, *persons)):
            what = _UNSAID.get(kind) or kind_word(kind).render("zh_CN")
            counts = {"households": str(households.get(kind, 0)), "persons": str(persons.get(kind, 0))}
            rows.append({"no": str(len(rows) + 1), "what": f"{sign}：{what}", **counts})
    return rows


def _days(case: MonitoringDraft) -> list[Mapping[str, str]]:
    rows: list[Mapping[str, str]] = []
    for name, words in _DAYS:
        day: date | None = getattr(case, name)
        if day is not None:
            since = str((day - case.found_on).days) if case.found_on else ""
            rows.append({"no": str(len(rows) + 1), "step": words, "day": common.chinese_date(day), "since": since})
    return rows


def _needs(site: Site, case: MonitoringDraft) -> list[Mapping[str, str]]:
    then, now = (dict(each.split("=", 1) for each in found) for found in (case.needs, case.out_needs))
    criteria = site.profile.household_exit
    return [
        {
            "no": str(place),
            "criterion": criteria[key].text if key in criteria else key,
            "then": _RESULTS.get(then.get(key, ""), ""),
            "now": _RESULTS.get(now.get(key, ""), ""),
        }
        for place, key in enumerate(dict.fromkeys((*then, *now)), 1)
    ]


def _stood(row: MonitoringRow, year: int) -> bool:
    """Whether a case was under way at some time of the year."""
    return row.open or (row.case.ended_on or row.case.found_on or date.min).year >= year


def _listed(site: Site, row: MonitoringRow) -> Mapping[str, str]:
    case, rules = row.case, site.profile.monitoring
    timers = sorted(timers_of(row, rules, site.today()), key=lambda timer: timer.due_on) if rules else []
    due = f"{timers[0].text.render('zh_CN')}，{common.chinese_date(timers[0].due_on)}" if timers else ""
    return {
        "group": row.household.group or "—",
        "head": row.household.head.name if row.household.head else "—",
        "size": str(len(row.household.living)),
        "class": common.word(site, "monitoring_class", case.kind),
        "found": common.chinese_date(case.found_on),
        "recognised": common.chinese_date(case.recognised_on),
        "state": row.state_title,
        "visited": common.number(row.days_since_visit),
        "due": due + ("（已超期）" if timers and timers[0].late else ""),
    }


def _vote(due: int, present: int, agree: int) -> str:
    return f"应到{due}人，实到{present}人，同意{agree}票" if present else ""


def _span(first: date | None, last: date | None) -> str:
    return f"{common.chinese_date(first)}至{common.chinese_date(last)}" if first and last else ""
