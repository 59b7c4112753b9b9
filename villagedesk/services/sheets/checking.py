"""Papers of checking: findings before the lists go up, why one is in order, the second look, the question sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import ExemptionDraft
from villagedesk.policy.checks.run import CheckReport, Finding
from villagedesk.services.exits import ExitRow
from villagedesk.services.lookback import LookBackResult
from villagedesk.services.sheets import common
from villagedesk.services.site import Site

_CLASSES = {"E": "错误", "S": "疑点", "R": "提醒"}
_QUESTIONS = ("收入是否稳定达标", "住房是否安全", "饮水是否安全", "上学和看病有没有困难", "帮扶措施是否落实")
"""What is looked at where the profile has no list of its own."""
_ASKED = (
    "您知道村里来了驻村工作队吗",
    "工作队和帮扶责任人到您家来过吗",
    "您家的需求，他们听进去了吗",
    "答应您家的事办了吗",
    "名单公示您看到了吗",
    "您对村里的帮扶工作满意吗",
)
_ANSWERS = ("□知道　　□不知道", "□常来　□来过　□没有", "□是　□部分　□否", "□办了　□在办　□没办",
            "□看到　　□没看到", "□满意　□一般　□不满意")  # fmt: skip


def findings_report(site: Site, village: str, report: CheckReport, year: int) -> Sheet:
    """Every finding, the explained ones last."""
    rows = [_finding_row(finding, "") for finding in report.findings]
    rows += [_finding_row(finding, "已说明") for finding in report.exempted]
    numbered = [{"no": str(place), **row} for place, row in enumerate(rows, 1)]
    values = {
        "village": village,
        "year": str(year),
        "made_on": common.chinese_date(site.today()),
        "errors": str(sum(finding.class_ == "E" for finding in report.findings)),
        "suspicions": str(sum(finding.class_ == "S" for finding in report.findings)),
        "explained": str(len(report.exempted)),
    }
    tables = {"findings": common.table("findings_report", "findings", numbered)}
    return Sheet("findings_report", values, tables, common.stamp(site, str(year)))


def _finding_row(finding: Finding, explained: str) -> Mapping[str, str]:
    return {
        "class": _CLASSES[finding.class_],
        "rule": finding.rule,
        "number": finding.household_no,
        "name": finding.member_name,
        "text": finding.message.render("zh_CN"),
        "explained": explained,
    }


def exemption_note(site: Site, village: str, household: HouseholdDraft, note: ExemptionDraft, title: str) -> Sheet:
    """Why a finding is in order. ``title``: what its rule looks for."""
    names = {member.id: member.name for member in household.members}
    values = common.head_fields(household, village) | {
        "person": names.get(note.member_id, ""),
        "rule": note.rule,
        "finding": title,
        "reason": note.reason,
        "granted_by": note.granted_by,
        "granted_on": common.chinese_date(note.granted_on) or "—",
        "expires_on": common.chinese_date(note.expires_on),
    }
    for unused in ("group", "size"):
        del values[unused]
    return Sheet("exemption_note", values, {}, common.stamp(site, note.id, household.no))


def lookback_sheet(site: Site, village: str, row: ExitRow, helper: str, found: LookBackResult) -> Sheet:
    """An exit looked at again: each criterion then and by the data of now, then the profile's questions for ink."""
    lookback = site.profile.lookback
    questions: Sequence[str] = lookback.questions if lookback else _QUESTIONS
    values = common.head_fields(row.household, village) | {
        "year": str(row.case.year),
        "approval_no": row.case.township_reply,
        "helper": helper,
        "then_from": _then_from(found),
        "data_year": str(found.year),
    }
    tables = {
        "criteria": common.table("lookback_sheet", "criteria", _rechecked(found)),
        "questions": common.table(
            "lookback_sheet", "questions",
            ({"no": str(place), "question": question} for place, question in enumerate(questions, 1)),
        ),
    }  # fmt: skip
    return Sheet("lookback_sheet", values, tables, common.stamp(site, row.case.id, row.household.no))


def _then_from(found: LookBackResult) -> str:
    if found.record_on is None:
        return "退出时没有打印退出核查表，按入户核实的记录"
    return f"{common.chinese_date(found.record_on)}打印的退出核查表"


def _rechecked(found: LookBackResult) -> Iterator[Mapping[str, str]]:
    for place, each in enumerate(found.criteria, 1):
        then = _met(each.then) if each.then else "没有记录"
        said = each.because.render("zh_CN")
        yield {"no": str(place), "criterion": each.criterion, "then": then, "now": _met(each.now), "because": said}


def _met(result: str) -> str:
    return {"met": "达标", "unmet": "未达标"}.get(result, "未核实")


def satisfaction_form(site: Site, village: str) -> Sheet:
    """Questions without a name; the answers go into a box."""
    hotline = site.profile.hotline
    values = {
        "village": village,
        "year": str(site.today().year),
        "hotline_label": hotline.label,
        "hotline": hotline.number,
    }
    rows = [
        {"no": str(place), "question": question, "answer": answer}
        for place, (question, answer) in enumerate(zip(_ASKED, _ANSWERS, strict=True), 1)
    ]
    tables = {"questions": common.table("satisfaction_form", "questions", rows)}
    return Sheet("satisfaction_form", values, tables, common.stamp(site, "blank"))
