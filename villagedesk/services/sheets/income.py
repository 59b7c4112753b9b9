"""The income sheet (收入测算表): every line with how it was reckoned, and the sums as read out to the household."""

from __future__ import annotations

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft
from villagedesk.policy.income import GROUPS, Line, exit_line, reckon
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.values import yuan


def income_sheet(site: Site, village: str, household: HouseholdDraft, income: IncomeDraft) -> Sheet:
    """The sheet of one statement, for the household to sign."""
    result = reckon(income, site.profile)
    concept = site.profile.income.concept
    head = result.per_head_net if concept == "net" else result.per_head_disposable
    line = exit_line(site.profile, income.year, site.village[:2])
    values = common.head_fields(household, village) | {
        "year": str(income.year),
        "period": period_of(income),
        "total": yuan(result.gross()),
        "cost": yuan(result.cost),
        "net": yuan(result.total(concept)),
        "head_amount": yuan(head) if head is not None else "—",
        "line": yuan(line.fen) if line else "—",
        "line_source": "",
        "comparison": _comparison(line, result.total(concept), income.persons),
        "note": _note(income),
    }
    rows = statement_rows(site, income)
    costs = [_row(site, line) for line in _lines(income, "cost")]
    tables = {
        "income": common.table("income_sheet", "income", rows),
        "costs": common.table("income_sheet", "costs", costs),
    }
    return Sheet("income_sheet", values, tables, common.stamp(site, income.id, household.no))


def statement_rows(site: Site, income: IncomeDraft) -> list[dict[str, str]]:
    """Every line of a statement but its costs, by group."""
    return [_row(site, line) for group in GROUPS[:-1] for line in _lines(income, group)]


def period_of(income: IncomeDraft) -> str:
    """The days the statement covers."""
    return f"{common.chinese_date(income.starts_on)}至{common.chinese_date(income.ends_on)}"


def _comparison(line: Line | None, total: int, persons: int) -> str:
    if line is None or not persons:
        return "本年度标准尚未录入"
    return "达到标准" if line.reached(total, persons) else "未达到标准"


def _note(income: IncomeDraft) -> str:
    taken = [
        f"{title}{yuan(amount)}元"
        for title, amount in (("扣除税费和社会保险费", income.taxes_and_dues), ("扣除赠送支出", income.gifts_out))
        if amount
    ]
    return "；".join([*taken, *([income.note] if income.note else [])])


def _lines(income: IncomeDraft, group: str) -> list[IncomeLineDraft]:
    return [line for line in income.lines if line.item.partition(".")[0] == group]


def _row(site: Site, line: IncomeLineDraft) -> dict[str, str]:
    rules = site.profile.income
    return {
        "kind": rules.groups[line.item.partition(".")[0]],
        "item": rules.items[line.item],
        "how": line.note,
        "seen": line.evidence,
        "amount": yuan(line.amount),
    }
