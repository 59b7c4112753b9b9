"""What a township prints of all its villages: the report, on paper and as a workbook, and a list of households."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import RenderedPaper, Sheet
from villagedesk.errors import Refused
from villagedesk.exchange.workbook import TextTable, characters, write_text_tables
from villagedesk.policy.codes import load_codes
from villagedesk.policy.profile import Profile
from villagedesk.policy.reports import Period, ReportKind, figure_rules, period_of, report_kinds
from villagedesk.services.across import names_of
from villagedesk.services.intake import village_site
from villagedesk.services.sheets import common, township
from villagedesk.services.site import CHINA
from villagedesk.services.township_figures import TownshipReport, township_report
from villagedesk.store import lists
from villagedesk.store.bulk import chunks
from villagedesk.store.lists import HouseholdRow
from villagedesk.store.place import Place
from villagedesk.text import say
from villagedesk.values import Step, no_step

_TABLES = {"figures": "合计", "villages": "各村情况", "notices": "没有办结的公示"}


class TownshipReports:
    """The reports of a hub."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def kinds(self) -> Mapping[str, ReportKind]:
        """The reports of which most figures add up, as the first village's policy names them; none before a file."""
        profile = self._profile()
        rules = figure_rules()
        return {
            key: kind
            for key, kind in (report_kinds(profile) if profile else {}).items()
            if 2 * sum(rules[line.figure].adds for line in kind.lines) > len(kind.lines)
        }

    def periods(self, key: str, count: int = 12) -> tuple[Period, ...]:
        """The running period of a report and those before it, newest first. Raises Refused for an unknown report."""
        kind, day, found = self._kind(key), self._today(), list[Period]()
        for _ in range(count):
            found.append(period_of(kind.per, day))
            day = found[-1].first - timedelta(days=1)
        return tuple(found)

    def fill(self, key: str, day: date, step: Step = no_step) -> TownshipReport:
        """The report of the period in which ``day`` lies, village after village (``step``).

        Raises Refused for an unknown report, and while no village has sent anything.
        """
        return township_report(self._place, self._kind(key), day, step)

    def paper(self, report: TownshipReport) -> RenderedPaper:
        """The report on paper."""
        profile = self._profile()
        return render(self._sheet(report), common.terms(profile) if profile else {})

    def households(self, ids: Sequence[str], chosen: str = "", step: Step = no_step) -> RenderedPaper:
        """A list of these households on paper, village after village, each in the order of ``ids``.

        ``chosen``: by what they were filtered, in words. Raises Refused when a character has no glyph.
        """
        found: list[HouseholdRow] = []
        with self._place.store.read() as connection:
            parts = list(chunks(ids))
            for done, part in enumerate(parts):
                step(done, len(parts) + 1)
                found += lists.household_rows(connection, part)
            names = names_of(connection)
        profile, area = self._profile(), str(self._place.store.setting("hub", {}).get("name", ""))
        listed = township.Listed(area, sorted(found, key=lambda one: one.village), names, chosen)
        sheet = township.township_list(listed, load_codes(), self._place.store.clock())
        step(len(parts), len(parts) + 1)
        return render(sheet, common.terms(profile) if profile else {})

    def write(self, report: TownshipReport, target: Path) -> None:
        """The lists of the paper as .xlsx, what each village adds to every figure, and the definitions (口径).

        Raises Unavailable when the place cannot be written.
        """
        sheet = self._sheet(report)
        notes = [("报表", report.kind.title), ("期间", report.period.title)]
        notes += [(line.title, line.figure.meaning) for line in report.lines]
        notes.append(("数据截至", common.chinese_date(self._today())))
        tables = [_of_paper(sheet, name) for name in _TABLES]
        write_text_tables(target, [*tables, _parts(report)], notes, self._place.store.clock())

    def _sheet(self, report: TownshipReport) -> Sheet:
        return township.township_report(report, self._place.store.clock())

    def _profile(self) -> Profile | None:
        """The policy of the first village that has sent something."""
        with self._place.store.read() as connection:
            first = next(iter(names_of(connection)), "")
            return village_site(self._place, connection, first).profile if first else None

    def _kind(self, key: str) -> ReportKind:
        kinds = self.kinds()
        if not kinds:
            raise Refused(say("No village has sent anything yet. Take the villages' files in first."))
        if key not in kinds:
            raise Refused(say("There is no report “{name}”.", name=key))
        return kinds[key]

    def _today(self) -> date:
        return self._place.store.clock().astimezone(CHINA).date()


def _of_paper(sheet: Sheet, name: str) -> TextTable:
    columns = load_papers()[sheet.paper].tables[name]
    widths = [characters(column.width) for column in columns]
    return TextTable(_TABLES[name], [column.heading for column in columns], widths, sheet.tables[name])


def _parts(report: TownshipReport) -> TextTable:
    """One row a village, one column a figure."""
    rows = [
        [one.counts.name, *(line.written(line.by_village[one.counts.village]) for line in report.lines)]
        for one in report.villages
    ]
    headings = ["村", *(f"{line.title}（{line.figure.unit}）" for line in report.lines)]
    total = ["合计", *(line.word for line in report.lines)]
    return TextTable("各村各项指标", headings, [18, *(14 for _ in report.lines)], rows, total)
