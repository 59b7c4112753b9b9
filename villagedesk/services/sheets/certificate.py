"""What a household keeps of its exit (退出告知书): the decision, its number, what goes on, whom to ask."""

from __future__ import annotations

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Problem, Refused
from villagedesk.services.exits import ExitRow
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.text import say


def exit_certificate(site: Site, village: VillageDraft, row: ExitRow, notice: NoticeDraft | None) -> Sheet:
    """The certificate of a finished exit, two copies. Raises Refused before the exit is marked."""
    case, household = row.case, row.household
    if case.marked_on is None:
        raise Refused(
            [Problem(say("The exit is not marked yet; the certificate tells of a finished one."), "marked_on")]
        )
    values = {
        "group": household.group,
        "head": household.head.name if household.head else household.no,
        "size": str(len(household.living)),
        "year": str(case.year),
        "evaluated_on": common.chinese_date(case.evaluated_on) or "—",
        "answer_on": common.chinese_date(case.answered_on) or "—",
        "notice_no": notice.no if notice else "—",
        "start": common.chinese_date(notice.starts_on) if notice else "—",
        "end": common.chinese_date(notice.ends_on) if notice else "—",
        "approval": common.government(village.township),
        "approval_no": case.township_reply or "—",
        "announced_on": common.chinese_date(case.announced_on) or "—",
        "marked_on": common.chinese_date(case.marked_on),
        "after_exit": site.profile.notes.get("after_exit", ""),
        "phone": village.phones.split("、")[0] or "—",
        "hotline_label": site.profile.hotline.label,
        "hotline": site.profile.hotline.number,
        "issuer": village.issuer or village.name,
        "date": common.chinese_date(case.marked_on),
    }
    return Sheet("exit_certificate", values, {}, common.stamp(site, case.id, household.no))
