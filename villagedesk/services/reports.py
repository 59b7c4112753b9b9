"""Reports from the entries that are there already, each figure with the rows behind it; and the log of requests.

One entry, many forms (N-10.3, JS-9.6): a figure is counted, never typed; its definition stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection

from villagedesk.drafts.request import DataRequestDraft
from villagedesk.errors import Problem, Refused
from villagedesk.exchange.workbook import TextTable, write_text_tables
from villagedesk.policy.reports import FigureRule, Period, ReportKind, figure_rules, period_of, report_kinds
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.report_facts import Behind, Facts
from villagedesk.services.report_figures import counts
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.store.work import Change
from villagedesk.text import say
from villagedesk.values import Step, no_step, yuan


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A figure of a report: what it is called there, what it is, how it is written, what it was counted from."""

    title: str
    figure: FigureRule
    value: int | None
    rows: tuple[Behind, ...]

    @property
    def word(self) -> str:
        """The figure as reports write it, without its unit."""
        if self.value is None:
            return "—"
        return yuan(self.value) if self.figure.unit in {"元", "%"} else str(self.value)


@dataclass(frozen=True, slots=True)
class Report:
    """A report of one period, filled in."""

    kind: ReportKind
    period: Period
    lines: tuple[ReportLine, ...]


class Reports:
    """The reports of this desk's village, and who asked for figures."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def kinds(self) -> Mapping[str, ReportKind]:
        """The reports of the scheme, its own first."""
        return report_kinds(self._site.profile)

    def periods(self, key: str, count: int = 12) -> tuple[Period, ...]:
        """The running period of a report and those before it, newest first. Raises Refused for an unknown report."""
        kind, day, found = self._kind(key), self._site.today(), list[Period]()
        for _ in range(count):
            found.append(period_of(kind.per, day))
            day = found[-1].first - timedelta(days=1)
        return tuple(found)

    def fill(self, key: str, day: date, step: Step = no_step) -> Report:
        """The report of the period in which ``day`` lies. Raises Refused for an unknown report."""
        kind = self._kind(key)
        with self._site.store.read() as connection:
            return filled(self._site, connection, kind, day, step)

    def write(self, key: str, day: date, target: Path, step: Step = no_step) -> None:
        """Write a report as .xlsx: the figures, the rows behind each, and their definitions (口径).

        Raises Unavailable when the place cannot be written.
        """
        report = self.fill(key, day, step)
        notes = [("报表", report.kind.title), ("期间", report.period.title), ("政策口径", self._site.profile.title)]
        notes += [(line.title, line.figure.meaning) for line in report.lines]
        notes.append(("数据截至", common.chinese_date(self._site.today())))
        write_text_tables(target, [_figures(report), _details(report)], notes, self._site.store.clock())

    def log(self, draft: DataRequestDraft, reason: str) -> Change:
        """Note who asked for which form. Raises Refused naming what is missing, Stale when it was saved elsewhere."""
        problems = list(_problems(draft, self._site.today()))
        if problems:
            raise Refused(problems)
        with self._site.store.work("data_request.save", reason) as work:
            work.put_draft("data_request", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def strike(self, request_id: str, reason: str) -> Change:
        """Take off a request that was noted by mistake."""
        with self._site.store.work("data_request.remove", reason) as work:
            work.remove("data_request", request_id)
        return work.change

    def answered(self, key: str, day: date, request_id: str, reason: str) -> Change:
        """A report answered a request: its figures came out of the desk as they were."""
        report = self.fill(key, day)
        request = next((each for each in self.requests() if each.id == request_id), None)
        if request is None:
            raise Refused(say("This record is not in the desk any more."))
        known = sum(line.value is not None for line in report.lines)
        asked = request.figures or len(report.lines)
        told = replace(request, report=key, answered_on=self._site.today(), figures=asked, reused=min(known, asked))
        return self.log(told, reason)

    def requests(self) -> tuple[DataRequestDraft, ...]:
        """Every request, newest first."""
        table = RECORDS["data_request"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "data_request", table.c.village == self._site.village).values()
        return tuple(sorted(found, key=lambda each: (each.asked_on is None, each.asked_on), reverse=True))

    def _kind(self, key: str) -> ReportKind:
        found = self.kinds.get(key)
        if found is None:
            raise Refused(say("There is no report “{name}”.", name=key))
        return found


def filled(site: Site, connection: Connection, kind: ReportKind, day: date, step: Step = no_step) -> Report:
    """A report filled in inside a transaction."""
    period, rules = period_of(kind.per, day), figure_rules()
    found = counts(Facts(site, connection, period), [line.figure for line in kind.lines], step)
    lines = (
        ReportLine(
            line.title or rules[line.figure].title,
            rules[line.figure],
            found[line.figure].value,
            found[line.figure].rows,
        )
        for line in kind.lines
    )
    return Report(kind, period, tuple(lines))


def _figures(report: Report) -> TextTable:
    rows = [[line.title, line.figure.unit, line.word, line.figure.meaning] for line in report.lines]
    return TextTable(
        f"{report.period.title}{report.kind.title}", ["指标", "单位", "数值", "口径"], [26, 8, 16, 60], rows
    )


def _details(report: Report) -> TextTable:
    rows = [[line.title, row.place, row.text] for line in report.lines for row in line.rows]
    return TextTable("明细", ["指标", "户或编号", "内容"], [26, 36, 50], rows)


def _problems(draft: DataRequestDraft, today: date) -> Iterator[Problem]:
    if draft.asked_on is None:
        yield Problem(say("Enter the day."), "asked_on")
    for field, given, text in (
        ("asked_by", draft.asked_by, say("Enter which office asked.")),
        ("form", draft.form, say("Enter which form it wants.")),
    ):
        if not given.strip():
            yield Problem(text, field)
    for field in ("asked_on", "answered_on"):
        day = getattr(draft, field)
        if day is not None and day > today:
            yield Problem(say("The day lies in the future. Correct the date."), field)
    if (draft.reused or 0) > (draft.figures or draft.reused or 0):
        yield Problem(say("No more figures can be reused than were asked for."), "reused")


def reuse(requests: Sequence[DataRequestDraft]) -> tuple[int, int]:
    """How many figures were asked for in all, and how many of them came out of the desk."""
    told = [each for each in requests if each.figures]
    return sum(each.figures or 0 for each in told), sum(each.reused or 0 for each in told)
