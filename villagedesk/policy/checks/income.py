"""Rules I01–I03, I05, I08–I13: the income statement by itself (DOMAIN §4.3). Sums are fen, never divided to compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from villagedesk.drafts.household import IncomeDraft
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.text import say

_YUAN = 100


@rule("I01")
def sums_add_up(h: HouseholdView) -> Iterator[Found]:
    """Every item is given once: for the whole period or by monthly cards; the head-count divides the sum."""
    if h.income is None:
        return
    statement = h.income.draft
    if statement.persons <= 0:
        yield Found(
            "income.persons",
            say("The number of persons is missing, so no figure a head can be reckoned."),
            record=statement.id,
        )
    for item in _given_twice(statement):
        yield Found(
            "income.lines",
            say(
                "“{item}” is given both for the whole period and by month. Keep one.", item=h.ctx.items.get(item, item)
            ),
            record=statement.id,
        )


def _given_twice(statement: IncomeDraft) -> list[str]:
    months: dict[str, list[int | None]] = defaultdict(list)
    for line in statement.lines:
        months[line.item].append(line.month)
    return [item for item, given in months.items() if len(given) > 1 and None in given and set(given) != {None}]


@rule("I02")
def no_negative_items(h: HouseholdView, *, may_be_negative: tuple[str, ...]) -> Iterator[Found]:
    """No item is negative, except a net business result."""
    if h.income is None:
        return
    for line in h.income.draft.lines:
        if line.amount < 0 and not line.item.startswith(may_be_negative):
            yield Found(
                "income.lines",
                say("“{item}” is negative. Enter costs as costs.", item=h.ctx.items.get(line.item, line.item)),
                record=h.income.draft.id,
            )


@rule("I03")
def tiny_wages(h: HouseholdView, *, yuan: int) -> Iterator[Found]:
    """A year's wages are not a few yuan."""
    if h.income is not None and 0 < h.income.part("wage") < yuan * _YUAN:
        yield Found(
            "income.lines",
            say("Wages of less than {yuan} yuan a year. Check whether the unit is right.", yuan=yuan),
            record=h.income.draft.id,
        )


@rule("I05")
def costs_and_business(h: HouseholdView) -> Iterator[Found]:
    """Costs go with business income and do not exceed it."""
    if h.income is None or (cost := h.income.part("cost")) <= 0:
        return
    business = h.income.part("business")
    if business <= 0:
        yield Found(
            "income.lines",
            say("Business costs are given, but no business income. Fill it in, or clear the costs."),
            record=h.income.draft.id,
        )
    elif cost > business:
        yield Found(
            "income.lines",
            say("Business costs exceed business income. Check, or note the loss."),
            record=h.income.draft.id,
        )


@rule("I08")
def yearly_change(h: HouseholdView, *, percent: int) -> Iterator[Found]:
    """The figure a head does not jump from year to year."""
    if len(h.incomes) < 2 or h.incomes[0].draft.year != h.incomes[1].draft.year + 1:
        return
    newer, older = h.incomes[0], h.incomes[1]
    if newer.draft.persons <= 0 or older.draft.persons <= 0 or older.total <= 0:
        return
    now, before = newer.total * older.draft.persons, older.total * newer.draft.persons
    if abs(now - before) * 100 > before * percent:
        yield Found(
            "income.lines",
            say("Income a head changed by more than {percent} % in a year. Check, or note why.", percent=percent),
            record=newer.draft.id,
        )


@rule("I09")
def high_for_monitoring(h: HouseholdView, *, yuan: int) -> Iterator[Found]:
    """A household under monitoring has no high income a head."""
    if h.draft.monitoring_class and h.income is not None and h.income.total > yuan * _YUAN * h.income.draft.persons > 0:
        yield Found(
            "income.lines",
            say("More than {yuan} yuan a head, yet under monitoring. Check, or note the large expense.", yuan=yuan),
            record=h.income.draft.id,
        )


@rule("I10")
def invented_figures(h: HouseholdView, *, lines: int, multiple: int, above: int) -> Iterator[Found]:
    """Round figures throughout, or a sum just above the line, look made up (N-8.1); in yuan."""
    if h.income is None:
        return
    amounts = [line.amount for line in h.income.draft.lines if line.amount]
    if len(amounts) >= lines and all(amount % (multiple * _YUAN) == 0 for amount in amounts):
        yield Found(
            "income.lines",
            say("All figures are multiples of {multiple} yuan. Enter them as seen on the papers.", multiple=multiple),
            record=h.income.draft.id,
        )
    line, persons = h.ctx.line(h.income.draft.year), h.income.draft.persons
    if line is not None and persons > 0 and 0 < h.income.total - line.fen * persons <= above * _YUAN * persons:
        yield Found(
            "income.lines",
            say("The income a head lies just above the line. Keep the papers that prove it."),
            record=h.income.draft.id,
        )


@rule("I11")
def mostly_transfers(h: HouseholdView, *, percent: int) -> Iterator[Found]:
    """An able household that exits does not live on transfers."""
    if h.income is None or h.exit is None or not h.able:
        return
    if h.income.part("transfer") * 100 > h.income.gross * percent:
        yield Found(
            "income.lines",
            say("Transfers are more than {percent} % of the income of a household that can work.", percent=percent),
            record=h.income.draft.id,
        )


@rule("I12")
def income_period(h: HouseholdView) -> Iterator[Found]:
    """The statement counts the period that the profile prescribes for everybody."""
    if h.income is None:
        return
    statement = h.income.draft
    if h.ctx.period and statement.period != h.ctx.period:
        yield Found(
            "income.period",
            say("The statement counts another period than the scheme. Choose the scheme's period."),
            record=statement.id,
        )
    elif not _days_fit(statement):
        yield Found(
            "income.starts_on",
            say("First and last day do not fit the period of the statement. Correct them."),
            record=statement.id,
        )


def _days_fit(statement: IncomeDraft) -> bool:
    first, last, year = statement.starts_on, statement.ends_on, statement.year
    if first is None or last is None:
        return True
    if statement.period == "calendar":
        return (first.year, first.month, first.day, last.year, last.month, last.day) == (year, 1, 1, year, 12, 31)
    if statement.period == "october":
        return (first.year, first.month, first.day, last.year, last.month, last.day) == (year - 1, 10, 1, year, 9, 30)
    return first <= last


@rule("I13")
def last_month_missing(h: HouseholdView) -> Iterator[Found]:
    """Where monthly cards are kept, last month's card is there (P10)."""
    if h.income is None:
        return
    months = {line.month for line in h.income.draft.lines if line.month is not None}
    today, year = h.ctx.today, h.income.draft.year
    due = today.month - 1 if year == today.year else 12
    if months and year <= today.year and due and due not in months:
        yield Found(
            "income.lines",
            say("The card of month {month} is missing. Fill it in with the household.", month=due),
            record=h.income.draft.id,
        )
