"""Papers about a whole list: the list itself, the request to the township, what came of the notice; and an extract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.exit import EvaluationDraft, ExitDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.policy.quorum import Vote, quorum_problems
from villagedesk.services.exits import ExitRow
from villagedesk.services.sheets import common
from villagedesk.services.sheets.exits import public_rows
from villagedesk.services.site import Site


@dataclass(frozen=True)
class Batch:
    """A notice with everything its papers speak of. ``closed``: keys of the objections that are done with."""

    village: VillageDraft
    notice: NoticeDraft
    title: str
    households: Sequence[HouseholdDraft]
    cases: Sequence[ExitDraft]
    meetings: Sequence[EvaluationDraft]
    objections: Sequence[tuple[ObjectionDraft, str]]  # with the state in words

    @property
    def settled(self) -> int:
        """How many objections are closed."""
        return sum(objection.closed_on is not None for objection, _ in self.objections)

    @property
    def upheld(self) -> int:
        """How many objections were upheld."""
        return sum(bool(objection.upheld) for objection, _ in self.objections)


def exit_list(site: Site, village: str, year: int, rows: Sequence[ExitRow]) -> Sheet:
    """The year's list with where each case stands."""
    lines = [
        {
            "no": str(place),
            "group": row.household.group,
            "number": row.household.no,
            "head": row.household.head.name if row.household.head else "—",
            "size": str(len(row.household.living)),
            "state": row.state_title,
            "note": row.case.returned_reason,
        }
        for place, row in enumerate(rows, 1)
    ]
    values = {
        "village": village,
        "year": str(year),
        "households": str(len(rows)),
        "persons": str(sum(len(row.household.living) for row in rows)),
        "made_on": common.chinese_date(site.today()),
    }
    tables = {"households": common.table("exit_list", "households", lines)}
    return Sheet("exit_list", values, tables, common.stamp(site, str(year)))


def minutes_extract(site: Site, village: str, row: ExitRow, meeting: EvaluationDraft) -> Sheet:
    """What the minutes say of one household."""
    case = row.case
    vote = Vote(meeting.due, meeting.present, case.votes_for, case.votes_against, case.abstained, case.recused_count)
    values = common.head_fields(row.household, village) | {
        "year": str(case.year),
        "held_on": common.chinese_date(meeting.held_on) or "—",
        "place": meeting.place or "—",
        "chair": meeting.chair or "—",
        "recorder": meeting.recorder or "—",
        "due": str(meeting.due),
        "present": str(meeting.present),
        "agree": str(case.votes_for),
        "against": str(case.votes_against),
        "abstain": str(case.abstained),
        "withdrew": case.recused,
        "result": "未通过" if quorum_problems(site.profile.quorum, vote) else "通过",
    }
    return Sheet("minutes_extract", values, {}, common.stamp(site, case.id, row.household.no))


def exit_request(site: Site, batch: Batch) -> Sheet:
    """The request to the township (请示) with the list behind it."""
    values = _noticed(batch) | {
        "basis": common.basis(site),
        "meeting": "".join(map(_meeting, batch.meetings)) or "评议会议另附记录。",
        "objections": _objections(batch),
        "date": common.chinese_date(site.today()),
    }
    rows = common.table("exit_request", "households", public_rows(batch.households, batch.notice.year))
    return Sheet("exit_request", values, {"households": rows}, common.stamp(site, batch.notice.id, batch.notice.no))


def notice_result(site: Site, batch: Batch) -> Sheet:
    """What came of a notice; nobody who objected is named, nor anybody objected to."""
    notice = batch.notice
    lines = [
        {
            "no": objection.no,
            "received": common.chinese_date(objection.received_on),
            "answered": common.chinese_date(objection.answered_on),
            "outcome": {True: "成立", False: "不成立", None: ""}[objection.upheld],
            "state": state,
        }
        for objection, state in batch.objections
    ]
    values = {
        "village": batch.village.name,
        "year": str(notice.year),
        "notice_title": batch.title,
        "notice_no": notice.no,
        "households": str(len(batch.households)),
        "place": notice.place or "—",
        "posted_by": notice.posted_by or "—",
        "posted_on": common.chinese_date(notice.posted_on) or "—",
        "start": common.chinese_date(notice.starts_on) or "—",
        "end": common.chinese_date(notice.ends_on) or "—",
        "days": str(notice.days),
        "received": str(len(batch.objections)),
        "settled": str(batch.settled),
        "upheld": str(batch.upheld),
        "result": notice.result or "尚未登记",
    }
    tables = {"objections": common.table("notice_result", "objections", lines)}
    return Sheet("notice_result", values, tables, common.stamp(site, notice.id, notice.no))


def no_objection(site: Site, batch: Batch) -> Sheet:
    """The certificate that nothing stands against the list any more."""
    values = _noticed(batch) | {
        "place": batch.notice.place,
        "finding": _objections(batch),
        "date": common.chinese_date(_after(site, batch.notice)),
    }
    return Sheet("no_objection", values, {}, common.stamp(site, batch.notice.id, batch.notice.no))


def _noticed(batch: Batch) -> dict[str, str]:
    notice = batch.notice
    return {
        "village": batch.village.name,
        "township": common.government(batch.village.township),
        "year": str(notice.year),
        "notice_no": notice.no,
        "start": common.chinese_date(notice.starts_on),
        "end": common.chinese_date(notice.ends_on),
        "households": str(len(batch.households)),
        "persons": str(sum(len(household.living) for household in batch.households)),
        "issuer": batch.village.issuer or batch.village.name,
    }


def _meeting(meeting: EvaluationDraft) -> str:
    held = common.chinese_date(meeting.held_on)
    return f"{held}召开村民代表会议评议，应到{meeting.due}人，实到{meeting.present}人，逐户表决。"


def _objections(batch: Batch) -> str:
    if not batch.objections:
        return "公示期内没有收到异议。"
    return f"公示期内收到异议{len(batch.objections)}件，均已办结答复，其中成立{batch.upheld}件。"


def _after(site: Site, notice: NoticeDraft) -> date:
    """The day after the notice ended, or today while it is not known."""
    return notice.closed_on or site.today()
