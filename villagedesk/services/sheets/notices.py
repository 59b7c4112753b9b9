"""The sheets of the notices about projects, money, shares, houses and the register (DOMAIN §6.1; GZ-14.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.money import AssetDraft, DistributionDraft, DonationDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.services.funds import FundRow
from villagedesk.services.projects import ProjectRow
from villagedesk.services.sheets import common
from villagedesk.services.sheets.exits import public_rows
from villagedesk.services.site import Site
from villagedesk.values import group_order, yuan


@dataclass(frozen=True)
class Board:
    """What every notice says of itself: the village, its phones, the notice with its days."""

    site: Site
    village: VillageDraft
    notice: NoticeDraft
    phones: Mapping[str, str]

    def sheet(self, paper: str, table: str, rows: Sequence[Mapping[str, str]], values: Mapping[str, str]) -> Sheet:
        """The sheet of a notice with one table, its rows numbered."""
        numbered = [{"no": str(place), **row} for place, row in enumerate(rows, 1)]
        stamp = common.stamp(self.site, self.notice.id, self.notice.no)
        tables = {table: common.table(paper, table, numbered)}
        return Sheet(paper, {**self._words(), **values}, tables, stamp)

    def announcement(self, paper: str, rows: Sequence[Mapping[str, str]], values: Mapping[str, str]) -> Sheet:
        """The sheet of an announcement (公告): it asks for nothing, so it names no days and no place to object."""
        words = self._words()
        kept = {name: words[name] for name in ("village", "year", "hotline_label", "hotline", "issuer", "date")}
        numbered = [{"no": str(place), **row} for place, row in enumerate(rows, 1)]
        told = {**kept, "phone": words["objection_phone"], **_issued(self), **values}
        tables = {"households": common.table(paper, "households", numbered)}
        return Sheet(paper, told, tables, common.stamp(self.site, self.notice.id, self.notice.no))

    def _words(self) -> dict[str, str]:
        village, notice, hotline = self.village, self.notice, self.site.profile.hotline
        days = {"end": common.chinese_date(notice.ends_on), "days": str(notice.days)} if notice.days else {}
        return {
            **days,
            "village": village.name,
            "year": str(notice.year),
            "start": common.chinese_date(notice.starts_on),
            "objection_place": village.notice_places.split("、")[0] or f"{village.name}便民服务室",
            "objection_phone": self.phones.get("office", "—"),
            "supervision_phone": self.phones.get("township", "—"),
            "hotline_label": hotline.label,
            "hotline": hotline.number,
            "issuer": village.issuer or village.name,
            "date": common.chinese_date(notice.starts_on),
        }


def project_notice(board: Board, rows: Sequence[ProjectRow]) -> Sheet:
    """What is planned."""
    lines = [_planned(board.site, row) for row in rows]
    values = {"projects": str(len(rows)), "amount": yuan(sum(row.project.amount for row in rows))}
    return board.sheet("project_notice", "projects", lines, values)


def _planned(site: Site, row: ProjectRow) -> dict[str, str]:
    project = row.project
    who = "，".join(filter(None, (project.unit, project.responsible)))
    ends = common.chinese_date(project.ends_on)
    return {
        "title": project.title,
        "place": project.place,
        "content": project.content,
        "amount": yuan(project.amount),
        "source": common.word(site, "fund_source", project.source),
        "period": f"{common.chinese_date(project.starts_on)}至{ends}",
        "unit": who,
        "benefit": project.benefit,
    }


def effect_notice(board: Board, rows: Sequence[ProjectRow]) -> Sheet:
    """What came of it."""
    lines = [
        {
            "title": row.project.title,
            "place": row.project.place,
            "amount": yuan(row.project.amount),
            "paid": yuan(row.paid),
            "finished": common.chinese_date(row.project.finished_on),
            "acceptance": row.project.acceptance or "待验收",
            "result": row.project.result or "—",
        }
        for row in rows
    ]
    values = {
        "projects": str(len(rows)),
        "amount": yuan(sum(row.project.amount for row in rows)),
        "paid": yuan(sum(row.paid for row in rows)),
    }
    return board.sheet("effect_notice", "projects", lines, values)


def fund_notice(board: Board, rows: Sequence[FundRow]) -> Sheet:
    """What came and went."""
    lines = [
        {
            "title": _fund_title(board.site, row),
            "source": common.word(board.site, "fund_source", row.fund.source) or row.fund.payer or "—",
            "amount": yuan(row.fund.amount),
            "arrived": yuan(row.arrived),
            "paid": yuan(row.paid),
            "left": yuan(row.left),
        }
        for row in rows
    ]
    values = {
        "amount": yuan(sum(row.fund.amount for row in rows)),
        "arrived": yuan(sum(row.arrived for row in rows)),
        "paid": yuan(sum(row.paid for row in rows)),
        "left": yuan(sum(row.left for row in rows)),
    }
    return board.sheet("fund_notice", "funds", lines, values)


def donation_notice(board: Board, gifts: Sequence[DonationDraft]) -> Sheet:
    """What was given, by whom and for what; a gift to one household names no household, an unwilling donor no name."""
    lines = [
        {
            "on": common.chinese_date(gift.on),
            "donor": "爱心人士" if gift.unnamed else gift.donor,
            "occasion": common.word(board.site, "donation_occasion", gift.occasion) or "—",
            "goods": gift.goods or "—",
            "amount": yuan(gift.amount) if gift.amount else "—",
            "use": gift.use or "—",
        }
        for gift in sorted(gifts, key=lambda gift: gift.on or date.min)
    ]
    values = {"count": str(len(gifts)), "amount": yuan(sum(gift.amount for gift in gifts))}
    return board.sheet("donation_notice", "donations", lines, values)


def _fund_title(site: Site, row: FundRow) -> str:
    rule = site.profile.funds.get(row.fund.rule)
    part = rule.parts.get(row.fund.part, "") if rule else ""
    return f"{row.fund.title}（{part}）" if part else row.fund.title


def share_notice(
    board: Board, asset: AssetDraft, shared: DistributionDraft, households: Mapping[str, HouseholdDraft]
) -> Sheet:
    """What each household gets; a household whose case is not published counts in the totals only."""
    lines = [(households[line.household_id], line) for line in shared.payouts if line.household_id in households]
    line_of = {home.id: line for home, line in lines}
    shown = _public([home for home, _ in lines], board.notice.year)
    rows = [
        {**row, "shares": str(line_of[home.id].shares), "amount": yuan(line_of[home.id].amount)} for home, row in shown
    ]
    agreed = f"分配方案已经{common.chinese_date(shared.decided_on)}{shared.decided_by}通过"
    values = {
        "asset": asset.title,
        "income": yuan(shared.income),
        "kept": yuan(shared.kept),
        "shared": yuan(sum(line.amount for line in shared.payouts)),
        "shares": str(sum(line.shares for line in shared.payouts)),
        "households": str(len(shared.payouts)),
        "decided": agreed if shared.decided_on else "分配方案待村民代表会议讨论",
        "leave_out_note": _left_out(len(lines) - len(shown)),
    }
    return board.sheet("share_notice", "shares", rows, values)


def dwelling_notice(board: Board, households: Sequence[HouseholdDraft], subsidies: Mapping[str, int]) -> Sheet:
    """Houses to be mended or mended, with what was paid for each."""
    shown = _public(households, board.notice.year)
    rows = [
        {
            **row,
            "grade": common.word(board.site, "housing", home.dwelling) or "—",
            "subsidy": yuan(subsidies.get(home.id, 0)),
            "completion": f"{home.dwelling_repaired_year}年已改造" if home.dwelling_repaired_year else "未完成",
        }
        for home, row in shown
    ]
    values = {
        "households": str(len(households)),
        "subsidy": yuan(sum(subsidies.get(home.id, 0) for home in households)),
        "leave_out_note": _left_out(len(households) - len(shown)),
    }
    return board.sheet("dwelling_notice", "households", rows, values)


def register_notice(board: Board, households: Sequence[HouseholdDraft]) -> Sheet:
    """The register as it stands."""
    shown = _public(households, board.notice.year)
    values = {
        "households": str(len(households)),
        "persons": str(sum(len(home.living) for home in households)),
        "leave_out_note": _left_out(len(households) - len(shown)),
    }
    return board.sheet("register_notice", "households", [row for _, row in shown], values)


def entry_notice(board: Board, households: Sequence[HouseholdDraft]) -> Sheet:
    """The shortlist of the village's meeting, or what the township made of it (second posting)."""
    shown = _public(households, board.notice.year)
    values = {"basis": common.basis(board.site), **_counted(households, len(shown)), **_issued(board)}
    paper = "entry_notice" if board.notice.kind == "entry_first" else "entry_second_notice"
    return board.sheet(paper, "households", [row for _, row in shown], values)


def entry_announcement(board: Board, households: Sequence[HouseholdDraft], approval: str, earlier: str) -> Sheet:
    """Who was identified, by which approving paper, after which postings."""
    shown = _public(households, board.notice.year)
    values = {"approval_no": approval, "earlier": earlier, **_counted(households, len(shown))}
    return board.announcement("entry_announcement", [row for _, row in shown], values)


def removal_notice(board: Board, households: Sequence[HouseholdDraft]) -> Sheet:
    """Who is to leave the register after it was looked at again; never why (DOMAIN §5.2, §6.3)."""
    shown = _public(households, board.notice.year)
    values = {"basis": common.basis(board.site), **_counted(households, len(shown)), **_issued(board)}
    return board.sheet("removal_notice", "households", [row for _, row in shown], values)


def monitoring_notice(
    board: Board, cases: Sequence[MonitoringDraft], households: Mapping[str, HouseholdDraft]
) -> Sheet:
    """Who is to be monitored, with the class, or released, with the way; never why (DOMAIN §6.1)."""
    shown, rows = _watched(board, cases, households)
    values = {"monitored": _monitored(board.site), **_counted(list(households.values()), len(shown))}
    return board.sheet(f"{board.notice.kind}_notice", "households", rows, values)


def monitoring_announcement(
    board: Board, cases: Sequence[MonitoringDraft], households: Mapping[str, HouseholdDraft], earlier: str
) -> Sheet:
    """Who is monitored, or was released, after the posting."""
    shown, rows = _watched(board, cases, households)
    into = board.notice.kind == "monitoring_in_result"
    days = sorted({day for case in cases if (day := case.recognised_on if into else case.ended_on)})
    decided = (
        f"{'、'.join(map(common.chinese_date, days))}，经乡镇初审、县级审定，" if days else "经乡镇初审、县级审定，"
    )
    values = {
        "monitored": _monitored(board.site),
        "earlier": earlier,
        "approved": decided,
        **_counted(list(households.values()), len(shown)),
    }
    paper = "monitoring_in_announcement" if into else "monitoring_out_announcement"
    return board.announcement(paper, rows, values)


def _watched(
    board: Board, cases: Sequence[MonitoringDraft], households: Mapping[str, HouseholdDraft]
) -> tuple[list[tuple[HouseholdDraft, dict[str, str]]], list[dict[str, str]]]:
    way_of = {case.household_id: "自然消除" if case.state == "ended_naturally" else "风险消除" for case in cases}
    class_of = {case.household_id: common.word(board.site, "monitoring_class", case.kind) for case in cases}
    shown = _public(list(households.values()), board.notice.year)
    return shown, [{**row, "class": class_of[home.id] or "—", "way": way_of[home.id]} for home, row in shown]


def _monitored(site: Site) -> str:
    return common.terms(site.profile).get("monitored_household_word") or "监测对象"


def _issued(board: Board) -> dict[str, str]:
    """Whose name stands below where the profile names another than the village: the township's or the county's."""
    village, stages = board.village, board.site.profile.notices[board.notice.kind].stages.values()
    issuer = next((stage.issuer for stage in stages), "")
    place = village.county if issuer.startswith("县") else village.township if "乡镇" in issuer else ""
    office = common.government(place)
    return {"issuer": office} if office else {}


def _counted(households: Sequence[HouseholdDraft], shown: int) -> dict[str, str]:
    return {
        "households": str(len(households)),
        "persons": str(sum(len(home.living) for home in households)),
        "leave_out_note": _left_out(len(households) - shown),
    }


def _public(households: Sequence[HouseholdDraft], year: int) -> list[tuple[HouseholdDraft, dict[str, str]]]:
    """The households that may be named with what a public list says of each, group by group."""
    shown = [home for home in households if home.published]
    ordered = sorted(shown, key=lambda home: (*group_order(home.group), home.no))
    return list(zip(ordered, public_rows(shown, year), strict=True))


def _left_out(count: int) -> str:
    return f"另有{count}户依照规定不公开姓名，已计入合计，其材料由乡镇存查。" if count else ""
