"""Sheets of an exit: the record of the check, the sign-off sheet, the minutes of the meeting, the notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.policy.income import exit_line, reckon
from villagedesk.policy.quorum import quorum_problems
from villagedesk.policy.signoff import SignoffScheme
from villagedesk.services.evaluations import Subject
from villagedesk.services.exits import ExitRow
from villagedesk.services.sheets import common
from villagedesk.services.sheets.income import period_of
from villagedesk.services.site import Site
from villagedesk.values import group_order, yuan

_RESULTS = {"met": "达标", "unmet": "未达标", "unknown": "未核实"}
_ANSWERS = {"agrees": "认可", "disagrees": "不认可", "": "尚未征求"}
_DONE = "农户申请、入户核实、民主评议、村“两委”和驻村工作队核实、户主认可"


def exit_record(
    site: Site, village: str, row: ExitRow, income: IncomeDraft | None, notice: NoticeDraft | None
) -> Sheet:
    """The record of the exit check of one household (退出核查表)."""
    case, household = row.case, row.household
    values = common.head_fields(household, village) | {
        "phone": "",
        "identified_year": common.number(household.identified_year) or "—",
        "cause": common.word(site, "cause", household.main_cause) or "—",
        "year": str(case.year),
        "visited_on": common.chinese_date(case.verified_on) or "—",
        "visitors": case.verified_by or "—",
        "facts": _facts(site, household),
        "evaluated_on": common.chinese_date(case.evaluated_on) or "—",
        "evaluation": _evaluation(row),
        "evaluation_opinion": "通过" if case.votes_for > case.votes_against and case.evaluated_on else "",
        "answer": _ANSWERS[case.household_answer],
        "answer_on": common.chinese_date(case.answered_on) or "—",
        "notice_no": notice.no if notice else "",
        "notice_span": _span(notice),
        "township_opinion": "",
        "approved_on": common.chinese_date(case.replied_on),
        "approval_no": case.township_reply,
        "remarks": "",
        **_income(site, income, case.year),
    }
    checked = common.chinese_date(case.verified_on)
    found = [
        {
            "no": str(place),
            "criterion": one.text,
            "found": one.because.render("zh_CN"),
            "result": _RESULTS[one.result],
            "checked": checked,
        }
        for place, one in enumerate(row.assessments, 1)
    ]
    criteria = common.table("exit_record", "criteria", found)
    return Sheet("exit_record", values, {"criteria": criteria}, common.stamp(site, case.id, household.no))


def _facts(site: Site, household: HouseholdDraft) -> str:
    able = sum(member.labour in {"01", "02", "05"} for member in household.living)
    said = [f"全家{len(household.living)}人，有劳动能力{able}人"]
    if household.dwelling:
        said.append(f"住房{common.word(site, 'housing', household.dwelling)}")
    if household.water_safe is not None:
        said.append("饮水安全" if household.water_safe else "饮水不安全")
    return "；".join(said)


def _evaluation(row: ExitRow) -> str:
    case = row.case
    if case.evaluated_on is None:
        return "尚未评议"
    return f"同意{case.votes_for}票，不同意{case.votes_against}票，弃权{case.abstained}票"


def _span(notice: NoticeDraft | None) -> str:
    if notice is None or notice.starts_on is None or notice.ends_on is None:
        return ""
    return f"{common.chinese_date(notice.starts_on)}至{common.chinese_date(notice.ends_on)}"


def _income(site: Site, income: IncomeDraft | None, year: int) -> dict[str, str]:
    names = (
        "income_period",
        "income_total",
        "income_cost",
        "income_net",
        "income_head",
        "income_line",
        "income_result",
    )
    line = exit_line(site.profile, year, site.village[:2])
    if income is None:
        return {**dict.fromkeys(names, "—"), "income_note": ""}
    result = reckon(income, site.profile)
    concept = site.profile.income.concept
    head = result.per_head_net if concept == "net" else result.per_head_disposable
    met = line.reached(result.total(concept), income.persons) if line and income.persons else None
    said = (
        period_of(income),
        yuan(result.gross()),
        yuan(result.cost),
        yuan(result.total(concept)),
        yuan(head) if head is not None else "—",
        yuan(line.fen) if line else "—",
        {True: "达标", False: "未达标", None: "未核实"}[met],
    )
    return {**dict(zip(names, said, strict=True)), "income_note": income.note}


def signoff_sheet(site: Site, village: str, row: ExitRow, scheme: SignoffScheme) -> Sheet:
    """The sheet that the signers mark with ink (五签字五确认), two copies."""
    household, case = row.household, row.case
    values = common.head_fields(household, village) | {
        "year": str(case.year),
        "matter": f"{household.head.name if household.head else household.no}户{site.profile.terms.exit}",
        "in_place": _in_place(scheme),
        "items_note": "" if scheme.confirmed else "本表式样尚未经乡镇确认。",
    }
    preset = scheme.preset
    items = [
        {"no": str(place), "item": item.text, "basis": "、".join(scheme.evidence_of(item))}
        for place, item in enumerate(preset.items.values(), 1)
    ]
    signers = [
        {"role": role.title, "statement": _statement(scheme, place)} for place, role in enumerate(preset.roles.values())
    ]
    tables = {
        "items": common.table("signoff_sheet", "items", items),
        "signers": common.table("signoff_sheet", "signers", signers),
    }
    stamp = common.stamp(site, case.id, household.no)
    return Sheet("signoff_sheet", values, tables, stamp)


def _statement(scheme: SignoffScheme, place: int) -> str:
    """What the mark of a row confirms, and how it may be made."""
    items, role = list(scheme.preset.items.values()), list(scheme.preset.roles.values())[place]
    said = "以上各项均已核实" if scheme.preset.mode == "full" else items[place].text
    kinds = scheme.pack.signoff.mark_kinds
    return f"{said}\n（{'或'.join(kinds.get(mark, mark) for mark in role.marks)}）"


def _in_place(scheme: SignoffScheme) -> str:
    """Who may have somebody sign for him, and what is written beside it."""
    titles = "、".join(role.title for role in scheme.preset.roles.values() if role.substitute)
    if not titles:
        return "不得代签、补签、空签；"
    return f"{titles}本人不能签的，可以由他人代签，代签的写明代签人姓名和原因；其余不得代签、补签、空签；"


def minutes(site: Site, village: str, meeting: EvaluationDraft, matter: str, subjects: Sequence[Subject]) -> Sheet:
    """The minutes of the villagers' meeting with its vote on each household and room for signatures."""
    votes = [_vote_row(site, place, subject) for place, subject in enumerate(subjects, 1)]
    half = (meeting.present + 1) // 2
    places = [
        {"no1": str(place), "no2": str(place + half) if place + half <= meeting.present else ""}
        for place in range(1, half + 1)
    ]
    tables = {
        "votes": common.table("evaluation_minutes", "votes", votes),
        "attendance": common.table("evaluation_minutes", "attendance", places),
    }
    top, bottom = site.profile.quorum.present
    enough = meeting.present * bottom >= meeting.due * top
    values = {
        "village": village,
        "year": str(meeting.year),
        "matter": matter,
        "held_on": common.chinese_date(meeting.held_on) or "—",
        "place": meeting.place or "—",
        "chair": meeting.chair or "—",
        "recorder": meeting.recorder or "—",
        "due": str(meeting.due or ""),
        "present": str(meeting.present or ""),
        "quorum": f"到会人数{'达到' if enough else '未达到'}应到人数的{bottom}分之{top}" if meeting.held_on else "",
        "withdrew": "；".join(filter(None, map(_withdrew, subjects))),
        "minutes": meeting.minutes,
    }
    stamp = common.stamp(site, meeting.id)
    return Sheet("evaluation_minutes", values, tables, stamp)


def _vote_row(site: Site, place: int, subject: Subject) -> dict[str, str]:
    """A line of votes, left open before the meeting has voted: the paper goes to the meeting as well."""
    said = {"no": str(place), "group": subject.household.group, "head": _name(subject.household)}
    if subject.ballot is None:
        return said
    vote = subject.ballot.vote
    return said | {
        "for": str(vote.agree),
        "against": str(vote.against),
        "abstain": str(vote.abstain),
        "result": "未通过" if quorum_problems(site.profile.quorum, vote) else "通过",
    }


def _withdrew(subject: Subject) -> str:
    names = subject.ballot.recused if subject.ballot else ""
    return f"{_name(subject.household)}户：{names}" if names else ""


def _name(household: HouseholdDraft) -> str:
    return household.head.name if household.head else household.no


def exit_notice(
    site: Site,
    village: VillageDraft,
    notice: NoticeDraft,
    households: Sequence[HouseholdDraft],
    phones: Mapping[str, str],
) -> Sheet:
    """The notice of intended exits (公示): both dates, the list, how to object."""
    shown = [household for household in households if household.published]
    values = {
        "village": village.name,
        "year": str(notice.year),
        "basis": common.basis(site),
        "procedure": _DONE,
        **_totals(shown),
        "start": common.chinese_date(notice.starts_on),
        "end": common.chinese_date(notice.ends_on),
        "days": str(notice.days),
        "objection_place": village.notice_places.split("、")[0] or f"{village.name}便民服务室",
        "objection_phone": phones.get("office", "—"),
        "supervision_phone": phones.get("township", "—"),
        "hotline_label": site.profile.hotline.label,
        "hotline": site.profile.hotline.number,
        "issuer": village.issuer or f"{village.name}",
        "date": common.chinese_date(notice.starts_on),
        "leave_out_note": _left_out(len(households) - len(shown)),
    }
    stamp = common.stamp(site, notice.id, notice.no)
    rows = common.table("exit_notice", "households", public_rows(shown, notice.year))
    return Sheet("exit_notice", values, {"households": rows}, stamp)


def exit_announcement(
    site: Site,
    village: VillageDraft,
    notice: NoticeDraft,
    households: Sequence[HouseholdDraft],
    approval: tuple[str, date | None],
    phone: str,
) -> Sheet:
    """The announcement of decided exits (公告). ``approval``: number and day of the township's reply."""
    shown = [household for household in households if household.published]
    number, day = approval
    values = {
        "village": village.name,
        "year": str(notice.year),
        "notice_no": notice.no,
        "start": common.chinese_date(notice.starts_on),
        "end": common.chinese_date(notice.ends_on),
        "approval": common.government(village.township),
        "approval_no": number,
        "approval_date": common.chinese_date(day),
        **_totals(shown),
        "hotline_label": site.profile.hotline.label,
        "hotline": site.profile.hotline.number,
        "phone": phone,
        "issuer": common.government(village.township),
        "date": common.chinese_date(day),
        "leave_out_note": _left_out(len(households) - len(shown)),
    }
    stamp = common.stamp(site, notice.id, notice.no)
    rows = common.table("exit_announcement", "households", public_rows(shown, notice.year))
    return Sheet("exit_announcement", values, {"households": rows}, stamp)


def public_rows(households: Sequence[HouseholdDraft], year: int) -> list[dict[str, str]]:
    """The rows of a public list: serial, group, head, persons, year; namesakes of a group get an ordinal (§6.3)."""
    ordered = sorted(households, key=lambda household: (*group_order(household.group), household.no))
    seen: dict[tuple[str, str], int] = {}
    names = [(household.group, _public_head(household, year)) for household in ordered]
    rows = []
    for place, (household, (group, name)) in enumerate(zip(ordered, names, strict=True), 1):
        seen[(group, name)] = seen.get((group, name), 0) + 1
        shown = f"{name}（{seen[(group, name)]}）" if names.count((group, name)) > 1 else name
        persons = str(len(household.living))
        rows.append({"no": str(place), "group": group, "head": shown, "size": persons, "year": str(year)})
    return rows


def _public_head(household: HouseholdDraft, year: int) -> str:
    """The head's name; a head who is a minor is shown by the surname only."""
    head = household.head
    if head is None:
        return "—"
    young = head.birth is not None and year - head.birth.year < 18
    return f"{head.name[0]}某" if young else head.name


def _totals(households: Sequence[HouseholdDraft]) -> dict[str, str]:
    return {
        "households": str(len(households)),
        "persons": str(sum(len(household.living) for household in households)),
    }


def _left_out(count: int) -> str:
    return f"另有{count}户依照规定不公开姓名，其材料由乡镇存查。" if count else ""
