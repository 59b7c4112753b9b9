"""The village at a glance: a few bar charts whose every bar has its figure beside it (issue 3.9).

They count households, measures, money and visits of the village as a whole; none compares one household, person or
helper with another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from villagedesk.records.schema import RECORDS
from villagedesk.services.funds import fund_rows
from villagedesk.services.measures import lines_of, newest_plans
from villagedesk.services.site import Site
from villagedesk.text import Text, say
from villagedesk.values import yuan

_household, _income, _line = (RECORDS[kind].table for kind in ("household", "income", "income_line"))
_GROUPS = ("wage", "business", "property", "transfer")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is, how long (in the chart's own measure), what stands beside it."""

    label: str | Text  # a word of the policy or a year stays as it is
    value: int
    word: Text


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart. ``note`` says what is counted (口径); ``bars`` may be empty."""

    key: str
    title: Text
    note: Text
    bars: tuple[Bar, ...]

    @property
    def longest(self) -> int:
        """The value of the longest bar."""
        return max((bar.value for bar in self.bars), default=0)


class Overview:
    """The charts of this desk's village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def years(self) -> tuple[int, ...]:
        """The years that have something to show, newest first; this year while there is none."""
        with self._site.store.read() as connection:
            found = set(_years(connection, self._site.village))
        return tuple(sorted(found or {self._site.today().year}, reverse=True))

    def charts(self, year: int) -> tuple[Chart, ...]:
        """Every chart of a year: states and exits, income, measures, money, visits."""
        with self._site.store.read() as connection:
            return charts_of(self._site, connection, year)


def charts_of(site: Site, connection: Connection, year: int) -> tuple[Chart, ...]:
    """Every chart of a year, inside a transaction."""
    return (
        _states(site, connection),
        _exits(site, connection),
        _composition(site, connection, year),
        _measures(site, connection, year),
        _funds(site, connection, year),
        _visits(site, connection, year),
    )


def _states(site: Site, connection: Connection) -> Chart:
    query = (
        select(_household.c.state, func.count())
        .where(_household.c.village == site.village, _household.c.removed.is_(False), _household.c.removed_reason == "")
        .group_by(_household.c.state)
    )
    found = {str(key): int(count) for key, count in connection.execute(query)}
    order = [code for code, _ in site.codes.choices("poverty_state")]
    bars = [(site.codes.word("poverty_state", code) or "—", found[code]) for code in (*order, "") if code in found]
    note = say("Household files that are open, by their state today.")
    return Chart("states", say("Households by state"), note, _counted(bars, _households))


def _exits(site: Site, connection: Connection) -> Chart:
    query = (
        select(_household.c.exited_year, func.count())
        .where(_household.c.village == site.village, _household.c.removed.is_(False))
        .where(_household.c.exited_year.is_not(None))
        .group_by(_household.c.exited_year)
        .order_by(_household.c.exited_year)
    )
    bars = [(str(year), count) for year, count in connection.execute(query)]
    note = say("Households by the year in which their exit was marked.")
    return Chart("exits", say("Households that left, by year"), note, _counted(bars, _households))


def _composition(site: Site, connection: Connection, year: int) -> Chart:
    query = (
        select(_line.c.item, func.sum(_line.c.amount))
        .join_from(_line, _income, _line.c.income_id == _income.c.id)
        .where(_income.c.village == site.village, _income.c.year == year, _income.c.removed.is_(False))
        .where(_line.c.removed.is_(False))
        .group_by(_line.c.item)
    )
    sums: Counter[str] = Counter()
    for item, amount in connection.execute(query):
        sums[item.partition(".")[0]] += int(amount or 0)
    total = sum(sums[group] for group in _GROUPS)
    titles = site.profile.income.groups
    bars = tuple(Bar(titles[group], sums[group], _share(sums[group], total)) for group in _GROUPS if total)
    note = say("All income statements of the year added up, before costs.")
    return Chart("composition", say("Where the income comes from"), note, bars)


def _measures(site: Site, connection: Connection, year: int) -> Chart:
    plans = [plan for plan in newest_plans(connection, site.village) if plan.year == year]
    found = Counter(measure.category for _, measure in lines_of(plans))
    bars = [(kind.title, found[key]) for key, kind in site.profile.measures.items() if key in found]
    note = say("Measures of the plans of the year, without those not wanted.")
    return Chart("measures", say("Measures by kind"), note, _counted(bars, _pieces))


def _funds(site: Site, connection: Connection, year: int) -> Chart:
    rows = [row for row in fund_rows(connection, site.village) if row.fund.year == year]
    sums = (
        (say("promised"), sum(row.fund.amount for row in rows)),
        (say("arrived"), sum(row.arrived for row in rows)),
        (say("spent"), sum(row.paid for row in rows)),
    )
    bars = tuple(Bar(label, amount, say("{amount} yuan", amount=yuan(amount))) for label, amount in sums if rows)
    note = say("Funds of the year: promised, arrived, paid out less what came back.")
    return Chart("funds", say("Money"), note, bars)


def _visits(site: Site, connection: Connection, year: int) -> Chart:
    table = RECORDS["visit"].table
    days = connection.execute(
        select(table.c.visited_on).where(table.c.village == site.village, table.c.removed.is_(False))
    ).scalars()
    months = Counter(day.month for day in days if day is not None and day.year == year)
    bars = [(say("month {month}", month=month), months[month]) for month in range(1, 13)] if months else []
    note = say("Entries of the visit log, by month.")
    return Chart("visits", say("Visits"), note, _counted(bars, _times))


def _years(connection: Connection, village: str) -> Iterable[int]:
    for kind in ("income", "plan", "fund", "indicator"):
        table = RECORDS[kind].table
        yield from connection.execute(select(table.c.year).where(table.c.village == village).distinct()).scalars()


def _counted(bars: Iterable[tuple[str | Text, int]], unit: Callable[[int], Text]) -> tuple[Bar, ...]:
    return tuple(Bar(label, count, unit(count)) for label, count in bars)


def _households(count: int) -> Text:
    return say("{count} {count:household|households}", count=count)


def _pieces(count: int) -> Text:
    return say("{count} {count:measure|measures}", count=count)


def _times(count: int) -> Text:
    return say("{count} {count:visit|visits}", count=count)


def _share(part: int, total: int) -> Text:
    return say("{amount} yuan ({percent}%)", amount=yuan(part), percent=f"{part * 100 / total:.1f}")
