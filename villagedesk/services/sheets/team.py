"""The papers of a team's month: diary, work record, attendance, all from the visit log and the days written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.team import TeamMemberDraft, VisitDraft
from villagedesk.services.duty import ERRAND, LEAVE, REST, SITE, DayRow, MonthRow
from villagedesk.services.sheets import common
from villagedesk.services.site import Site

_MARKS = {SITE: "村", ERRAND: "外", REST: "休", LEAVE: "假"}


def attendance(site: Site, village: str, month: date, rows: Sequence[MonthRow]) -> Sheet:
    """One line a member, a mark a day."""
    least = site.profile.team.days_a_month
    values = {
        "village": village,
        "month": _month(month),
        "least": f"每人每月驻村不少于{least}天。" if least else "　",
    }
    lines = [
        {
            "name": row.member.name,
            **{f"d{day.day.day:02d}": _MARKS.get(day.kind, "") for day in row.days},
            "site": str(row.count(SITE)),
            "errand": str(row.count(ERRAND)),
            "leave": str(row.count(LEAVE)),
        }
        for row in rows
    ]
    tables = {"days": common.table("attendance", "days", lines)}
    return Sheet("attendance", values, tables, common.stamp(site, f"{month:%Y-%m}", ""))


def visit_diary(site: Site, village: str, row: MonthRow, homes: Mapping[str, str]) -> Sheet:
    """What one member heard in the homes; ``homes`` are the words for each household."""
    month = row.days[0].day
    visits = [visit for day in row.days for visit in day.visits]
    values = {
        **_member(site, village, month, row.member),
        "times": str(len(visits)),
        "homes": str(len({visit.household_id for visit in visits if visit.household_id})),
    }
    lines = [_visit(visit, row.member, homes) for visit in visits]
    tables = {"visits": common.table("visit_diary", "visits", lines)}
    return Sheet("visit_diary", values, tables, common.stamp(site, f"{month:%Y-%m}.{row.member.id}", ""))


def work_record(site: Site, village: str, row: MonthRow, homes: Mapping[str, str]) -> Sheet:
    """The days of one member on which something was written or somebody visited."""
    month = row.days[0].day
    values = {
        **_member(site, village, month, row.member),
        "unit": row.member.unit or "—",
        "site": str(row.count(SITE)),
        "errand": str(row.count(ERRAND)),
        "leave": str(row.count(LEAVE)),
        "times": str(sum(len(day.visits) for day in row.days)),
    }
    lines = [_day(site, day, homes) for day in row.days if day.kind or day.visits]
    tables = {"days": common.table("work_record", "days", lines)}
    return Sheet("work_record", values, tables, common.stamp(site, f"{month:%Y-%m}.{row.member.id}", ""))


def _month(month: date) -> str:
    return f"{month.year}年{month.month}月"


def _member(site: Site, village: str, month: date, member: TeamMemberDraft) -> dict[str, str]:
    roles = site.profile.team.roles
    held = "、".join(roles.get(role, role) for role in (member.role, member.also) if role)
    return {"village": village, "month": _month(month), "name": member.name, "role": held or "—"}


def _visit(visit: VisitDraft, member: TeamMemberDraft, homes: Mapping[str, str]) -> dict[str, str]:
    said = "；".join(filter(None, (visit.heard.strip(), f"问题：{visit.problem}" if visit.problem else "")))
    kept = f"（{common.chinese_date(visit.promise_kept_on)}办结）" if visit.promise_kept_on else ""
    until = f"，{common.chinese_date(visit.promise_due)}前" if visit.promise_due and not kept else ""
    return {
        "day": f"{visit.visited_on:%m-%d}" if visit.visited_on else "",
        "home": homes.get(visit.household_id, "全村"),
        "people": "、".join(name for name in visit.people if name != member.name),
        "heard": said,
        "promise": f"{visit.promise}{until}{kept}" if visit.promise else "",
    }


def _day(site: Site, day: DayRow, homes: Mapping[str, str]) -> dict[str, str]:
    kind = common.word(site, "leave_kind", day.leave.kind) if day.kind == LEAVE and day.leave else ""
    return {
        "day": f"{day.day:%m-%d}",
        "kind": kind or common.word(site, "workday", day.kind),
        "work": day.work,
        "homes": "、".join(homes.get(visit.household_id, "全村") for visit in day.visits),
    }
