"""The village's figures year by year, each with its source (DOMAIN §4.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.village import IndicatorDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.indicators import COUNTS, HUNDREDTHS, MONEY, YES_NO, Indicator, IndicatorGroup
from villagedesk.policy.indicators import indicator_groups as groups
from villagedesk.policy.indicators import indicators as known
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, derived_id
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say
from villagedesk.values import yuan

_YEARS = range(2000, 2100)


@dataclass(frozen=True)
class IndicatorRow:
    """A figure with its years beside each other, newest first."""

    group: str
    indicator: Indicator
    years: Mapping[int, IndicatorDraft]


class Indicators:
    """The yearly figures of this desk's village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def groups(self) -> Mapping[str, IndicatorGroup]:
        """The figures there are, under their headings, in the order of the form."""
        return groups()

    def years(self) -> tuple[int, ...]:
        """The years with figures, newest first."""
        return tuple(sorted({each.year for each in self._all()}, reverse=True))

    def of_year(self, year: int) -> Mapping[str, IndicatorDraft]:
        """Key → figure of one year; only those that were entered."""
        return {each.name: each for each in self._all() if each.year == year}

    def rows(self, years: Sequence[int]) -> tuple[IndicatorRow, ...]:
        """Every figure of the form with what was entered in these years."""
        by_name: dict[str, dict[int, IndicatorDraft]] = {}
        for each in self._all():
            if each.year in years:
                by_name.setdefault(each.name, {})[each.year] = each
        return tuple(
            IndicatorRow(group.title, item, by_name.get(key, {}))
            for group in groups().values()
            for key, item in group.items.items()
        )

    def counted(self, year: int) -> Mapping[str, int]:
        """What the household files say of figures that can be counted from them; nothing for an earlier year."""
        if year != self._site.today().year:
            return {}
        exited = shipped_catalogue().groups.state_exited
        with self._site.store.read() as connection:
            table = RECORDS["household"].table
            households: list[HouseholdDraft] = list(
                load_where(connection, "household", table.c.village == self._site.village).values()
            )
        return {key: COUNTS[item.counted](households, exited) for key, item in known().items() if item.counted}

    def save(self, year: int, figures: Sequence[IndicatorDraft], reason: str) -> Change:
        """Enter figures of a year; a figure without value and source is taken away.

        Raises Refused for an unknown figure, a year that cannot be, a value that fits no yes-or-no, or no source; Stale
        when a figure was saved elsewhere since it was read.
        """
        problems = [problem for each in figures for problem in _problems(each)]
        if year not in _YEARS:
            problems.append(Problem(say("Enter the year of the figures."), "year"))
        if problems:
            raise Refused(problems)
        with self._site.store.work("indicator.save", reason) as work:
            for each in figures:
                self._put(work, year, each)
        return work.change

    def _put(self, work: Work, year: int, figure: IndicatorDraft) -> None:
        village = self._site.village
        record_id = figure.id or derived_id("indicator", village, year, figure.name)
        if figure.revision:
            work.demand_fresh("indicator", record_id, figure.revision)
        if figure.value is None and not figure.source.strip():
            work.remove("indicator", record_id)
            return
        values: dict[str, Any] = {name: getattr(figure, name) for name in ("name", "value", "source", "note")}
        work.put("indicator", village, {**values, "year": year}, record_id)

    def _all(self) -> tuple[IndicatorDraft, ...]:
        with self._site.store.read() as connection:
            return indicators_of(connection, self._site.village)


def indicators_of(connection: Connection, village: str) -> tuple[IndicatorDraft, ...]:
    """Every figure of a village, in order of entry."""
    return tuple(load_where(connection, "indicator", RECORDS["indicator"].table.c.village == village).values())


def figure_word(indicator: Indicator, value: int | None) -> str:
    """A figure as papers and screens show it, without its unit."""
    if value is None:
        return ""
    if indicator.unit == YES_NO:
        return "是" if value else "否"
    if indicator.unit == MONEY:
        return yuan(value)
    return yuan(value).rstrip("0").rstrip(".") if indicator.unit in HUNDREDTHS else str(value)


def _problems(figure: IndicatorDraft) -> Iterator[Problem]:
    indicator = known().get(figure.name)
    if indicator is None:
        yield Problem(say("The village file has no figure “{name}”.", name=figure.name), figure.name)
        return
    if figure.value is None:
        return
    if figure.value < 0:
        yield Problem(say("A figure is not below zero."), figure.name)
    if indicator.unit == YES_NO and figure.value not in (0, 1):
        yield Problem(say("Answer yes or no."), figure.name)
    if not figure.source.strip():
        yield Problem(say("Enter where the figure comes from."), figure.name)
