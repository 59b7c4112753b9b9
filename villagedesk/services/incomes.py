"""Income statements beyond saving: a start from last year, monthly cards, last year beside it, sources of figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from villagedesk.drafts.household import IncomeDraft, IncomeLineDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy import statement
from villagedesk.policy.income import period_bounds
from villagedesk.policy.pack import Period
from villagedesk.policy.statement import Card, Difference
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.assets import Assets
from villagedesk.services.history import HistoryLine, of_records
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.text import say, tr


@dataclass(frozen=True)
class Source:
    """Where a figure comes from: who wrote it, when (ISO, UTC), by what evidence. ``old`` and ``new`` are fen."""

    at: str
    author: str
    reason: str
    month: int | None
    field: str  # amount, evidence, note, or removed
    old: object
    new: object
    evidence: str  # as the line says now


class Incomes:
    """The income statements of a village's households."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def start(self, household_id: str, year: int, period: Period | None = None) -> IncomeDraft:
        """A statement to begin with: last year's lines without evidence, today's head-count, the profile's period.

        Nothing is saved. Raises Refused when the year has a statement already.
        """
        chosen = period or self._site.profile.income.period
        first, last = period_bounds(self._site.profile, year, self._site.today(), chosen)
        with self._site.store.read() as connection:
            persons = len(one(connection, household_id).living)
        if self._of_year(household_id, year) is not None:
            raise Refused([Problem(say("This household has a statement of {year} already.", year=year), "year")])
        before = self._of_year(household_id, year - 1)
        lines = tuple(replace(line, evidence="") for line in before.lines) if before else ()
        return IncomeDraft(household_id=household_id, year=year, period=chosen, starts_on=first, ends_on=last,
                           persons=persons, lines=lines)  # fmt: skip

    def dated(self, income: IncomeDraft, before: IncomeDraft | None = None) -> IncomeDraft:
        """The statement with the days of its period, where it has none or its period is another than ``before``."""
        period = next((each for each in self._site.profile.income.periods if each == income.period), None)
        known = income.starts_on is not None and income.ends_on is not None
        if period is None or (known and (before is None or before.period == income.period)):
            return income
        first, last = period_bounds(self._site.profile, income.year, self._site.today(), period)
        return replace(income, starts_on=first, ends_on=last)

    def on_file(self, income: IncomeDraft) -> tuple[IncomeLineDraft, ...]:
        """Lines that other records of the desk already hold, with their source, to be taken over by whoever reckons.

        Today these are the dividends paid out within the statement's days (N-1.4); nothing is saved.
        """
        item = self._site.profile.income.dividend_item
        period = next((each for each in self._site.profile.income.periods if each == income.period), None)
        bounds = period_bounds(self._site.profile, income.year, self._site.today(), period)
        first, last = income.starts_on or bounds[0], income.ends_on or bounds[1]
        paid = Assets(self._site).of_household(income.household_id, first, last) if item else ()
        if not paid:
            return ()
        said = [
            tr("{asset}, income of {year}, paid on {day}", asset=one.asset, year=one.year, day=one.paid_on.isoformat())
            for one in paid
        ]
        return (IncomeLineDraft(item, sum(one.amount for one in paid), evidence="；".join(said)),)

    def check(self, income: IncomeDraft) -> tuple[Problem, ...]:
        """What keeps a statement from being saved, and from being signed."""
        with self._site.store.read() as connection:
            household = one(connection, income.household_id)
        count = statement.head_count_problem(income, household)
        return (*statement.statement_problems(income, self._site.profile), *([count] if count else []))

    def cards(self, income: IncomeDraft) -> tuple[Card, ...]:
        """The twelve months of a statement, in the order of its period."""
        return statement.cards(income)

    def compared(self, income: IncomeDraft) -> tuple[Difference, ...]:
        """Item by item beside the year before."""
        return statement.compare(self._of_year(income.household_id, income.year - 1), income)

    def figure_history(self, income_id: str, item: str) -> tuple[Source, ...]:
        """Who wrote a figure, when and by what evidence, newest first; of every month where it has monthly cards."""
        table = RECORDS["income_line"].table
        with self._site.store.read() as connection:
            query = table.select().where(table.c.income_id == income_id, table.c.item == item)
            rows = {row["id"]: row for row in connection.execute(query).mappings()}
            history = of_records(connection, list(rows))
        wanted = [line for line in history if line.field in {"amount", "evidence", "note", "removed"}]
        return tuple(_source(line, rows[line.record_id]["month"], rows[line.record_id]["evidence"]) for line in wanted)

    def _get(self, income_id: str) -> IncomeDraft:
        with self._site.store.read() as connection:
            found = load(connection, "income", [income_id])
        if not found:
            raise Refused(say("This income statement is not in the desk any more."))
        income: IncomeDraft = found[income_id]
        return income

    def _of_year(self, household_id: str, year: int) -> IncomeDraft | None:
        table = RECORDS["income"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "income", table.c.household_id == household_id, table.c.year == year)
        return next(iter(found.values()), None)


def _source(line: HistoryLine, month: int | None, evidence: str) -> Source:
    return Source(line.at, line.author, line.reason, month, line.field, line.old, line.new, evidence)
