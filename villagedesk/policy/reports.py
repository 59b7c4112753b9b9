"""Reports as data: which figures a report has, how often it is due, what each figure means (``resources/reports``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from villagedesk import resources
from villagedesk.errors import Unreadable
from villagedesk.policy.pack import Pack
from villagedesk.policy.shape import Faults, build, parsed
from villagedesk.text import say

Per = Literal["week", "month", "quarter", "half", "year"]
FIGURES_FILE = "figures.toml"


@dataclass(frozen=True, slots=True)
class FigureRule:
    """What a figure is. ``unit`` 元 is kept in fen, % in hundredths; ``meaning`` stands beside it on every report.

    ``adds``: the figures of several villages add up to the township's, which a rate or an average does not.
    """

    key: str
    title: str
    unit: str
    meaning: str
    source: str
    adds: bool = True


@dataclass(frozen=True, slots=True)
class LineRule:
    """A line of a report; ``title`` where the receiver calls the figure otherwise."""

    figure: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report: its title, how often, to whom, its lines."""

    key: str
    title: str
    per: Per
    to: tuple[str, ...]
    source: str
    lines: tuple[LineRule, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The days a report covers, with their name."""

    first: date
    last: date
    title: str

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class _Figures:
    figures: Mapping[str, FigureRule]


@lru_cache
def figure_rules() -> Mapping[str, FigureRule]:
    """Key → what the figure is."""
    return read_figures(resources.path("reports", FIGURES_FILE))


@lru_cache
def shipped_reports() -> Mapping[str, ReportKind]:
    """The shipped reports by key. Raises Unreadable for a wrong file."""
    folder = resources.path("reports")
    files = [file for file in sorted(folder.glob("*.toml")) if file.name != FIGURES_FILE]
    return MappingProxyType({file.stem: read_report(file, figure_rules()) for file in files})


def report_kinds(pack: Pack) -> Mapping[str, ReportKind]:
    """The reports of a scheme: the shipped ones, named and addressed as the pack says, its own first."""
    kinds = dict(shipped_reports())
    for key, rule in pack.reports.items():
        if key in kinds:
            own = rule.per if rule.per != "once" else kinds[key].per
            kinds[key] = replace(kinds[key], title=rule.title, to=rule.to, per=own)
    first = [key for key in pack.reports if key in kinds]
    return {key: kinds[key] for key in (*first, *(key for key in kinds if key not in first))}


def read_figures(file: Path) -> Mapping[str, FigureRule]:
    """Read and check the list of figures. Raises Unreadable naming file, key and reason."""
    faults = Faults(file.name)
    sheet = build(_Figures, {"figures": parsed(file, faults)}, "", faults)
    if sheet is None or faults.problems:
        raise Unreadable(faults.problems[0].text)
    return sheet.figures


def read_report(file: Path, figures: Mapping[str, FigureRule]) -> ReportKind:
    """Read and check one report. Raises Unreadable naming file, key and reason."""
    faults = Faults(file.name)
    kind = build(ReportKind, {"key": file.stem, **parsed(file, faults)}, "", faults)
    for line in kind.lines if kind else ():
        if line.figure not in figures:
            faults.add("lines", say("“{name}” does not exist", name=line.figure))
    if kind is None or faults.problems:
        raise Unreadable(faults.problems[0].text)
    return kind


_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def period_of(per: Per, day: date) -> Period:
    """The period of this length in which a day lies; weeks run from Monday to Sunday."""
    if per == "week":
        first = day - timedelta(days=day.weekday())
        last = first + timedelta(days=6)
        return Period(first, last, f"{first.month}月{first.day}日至{last.month}月{last.day}日")
    length = _MONTHS[per]
    place = (day.month - 1) // length
    first = date(day.year, place * length + 1, 1)
    following = date(day.year + 1, 1, 1) if (place + 1) * length >= 12 else date(day.year, (place + 1) * length + 1, 1)
    return Period(first, following - timedelta(days=1), _named(per, day.year, place))


def _named(per: Per, year: int, place: int) -> str:
    """What a period is called; ``place`` counts from 0 within the year."""
    if per == "month":
        return f"{year}年{place + 1}月"
    if per == "quarter":
        return f"{year}年第{'一二三四'[place]}季度"
    return f"{year}年{'上下'[place]}半年" if per == "half" else f"{year}年度"
