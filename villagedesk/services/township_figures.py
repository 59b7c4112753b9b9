"""The figures of a whole township: those of its villages' reports added up, each village, the notices not finished.

Nothing is typed: every figure is the sum of what the villages' own reports count (N-10.3, JS-9.6). Rates and averages
do not add up and are left out; the villages stand by their codes, never by a figure (DOMAIN §8.5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from villagedesk.policy.reports import FigureRule, Period, ReportKind, figure_rules, period_of
from villagedesk.services.across import Across, VillageFigures, VillageNotice, names_of
from villagedesk.services.intake import village_site
from villagedesk.services.report_facts import Facts
from villagedesk.services.report_figures import counts
from villagedesk.services.site import CHINA
from villagedesk.services.township import Township
from villagedesk.store.place import Place
from villagedesk.values import Step, each_told, yuan

COUNTED = ("households", "persons", "exited", "monitored", "plans", "exits", "hanging")
"""What the report says of every village: fields of :class:`~villagedesk.services.across.VillageFigures`."""


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """A figure of the whole township. ``by_village``: what each village's own report says, by code."""

    title: str
    figure: FigureRule
    by_village: Mapping[str, int]

    @property
    def word(self) -> str:
        """The sum as reports write it, without its unit."""
        return self.written(sum(self.by_village.values()))

    def written(self, value: int) -> str:
        """One of its values as reports write it."""
        return yuan(value) if self.figure.unit == "元" else str(value)


@dataclass(frozen=True, slots=True)
class ReportedVillage:
    """A village that has sent its files: its counts, and the day the last of them came (None: by way of another)."""

    counts: VillageFigures
    last_on: date | None


@dataclass(frozen=True, slots=True)
class TownshipReport:
    """A report of one period over all villages here.

    ``missing``: villages invited that have sent nothing yet; ``left_out``: figures that do not add up.
    """

    township: str
    of_county: bool
    kind: ReportKind
    period: Period
    lines: tuple[TownshipLine, ...]
    left_out: tuple[FigureRule, ...]
    villages: tuple[ReportedVillage, ...]
    missing: tuple[str, ...]
    notices: tuple[VillageNotice, ...]

    def counted(self, name: str) -> int:
        """One of :data:`COUNTED` over all villages."""
        return sum(getattr(one.counts, name) for one in self.villages)

    def name_of(self, village: str) -> str:
        """What a village is called, its code where it has no name."""
        return next((one.counts.name for one in self.villages if one.counts.village == village), "") or village


def township_report(place: Place, kind: ReportKind, day: date, step: Step) -> TownshipReport:
    """The report of the period in which ``day`` lies, counted village after village (``step``)."""
    rules, period, township, across = figure_rules(), period_of(kind.per, day), Township(place), Across(place)
    adding = [line for line in kind.lines if rules[line.figure].adds]
    found = _count(place, [line.figure for line in adding], period, step)
    rows, figures = township.villages(), across.figures()
    came = {row.village: row.last_at for row in rows}
    return TownshipReport(
        township=township.name,
        of_county=township.of_county,
        kind=kind,
        period=period,
        lines=tuple(
            TownshipLine(line.title or rules[line.figure].title, rules[line.figure],
                         {village: values[line.figure] for village, values in found.items()})
            for line in adding
        ),
        left_out=tuple(rules[line.figure] for line in kind.lines if not rules[line.figure].adds),
        villages=tuple(ReportedVillage(one, _day(came.get(one.village, ""))) for one in figures),
        missing=tuple(row.name or row.village for row in rows if row.village not in found),
        notices=across.notices(),
    )  # fmt: skip


def _count(place: Place, keys: Sequence[str], period: Period, step: Step) -> dict[str, dict[str, int]]:
    """Village → figure → what its own report says."""
    found: dict[str, dict[str, int]] = {}
    with place.store.read() as connection:
        for village in each_told(list(names_of(connection)), step):
            facts = Facts(village_site(place, connection, village), connection, period)
            found[village] = {key: each.value or 0 for key, each in counts(facts, keys).items()}
    return found


def _day(at: str) -> date | None:
    return datetime.fromisoformat(at).astimezone(CHINA).date() if at else None
