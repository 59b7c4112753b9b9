"""Reports: what the entries come to, each figure with the rows behind it; and who asked the village for which form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ui import style
from ui.beside import split
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.households.spec import FieldSpec as F
from ui.households.spec import Section
from ui.page import Page, button, label, row
from ui.pages import PAGES
from ui.register import RegisterKind, RegisterTab
from ui.tables import Column, PagedTable, TableView
from ui.tabs import Tabs
from villagedesk.drafts.request import DataRequestDraft
from villagedesk.services.report_facts import Behind
from villagedesk.services.reports import Report, ReportLine, reuse
from villagedesk.text import say, tr
from villagedesk.values import Step

PLACES = {
    "household": "household", "income": "household", "measure": "plan", "visit": "household", "exit": "household",
    "project": "projects", "payment": "money", "donation": "money", "distribution": "money", "notice": "notices",
    "activity": "village", "purchase": "village", "concern": "concerns",
}  # fmt: skip
"""Kind of record behind a figure → the page that shows it."""


class ReportsTab(QWidget):
    """One report of one period."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._report: Report | None = None
        self.kind, self.period = QComboBox(), QComboBox()
        self.kind.setAccessibleName(tr("Report"))
        self.period.setAccessibleName(tr("Days covered"))
        self._said = label("", "hint", wrap=True)
        self._meaning = label("", wrap=True)
        self.lines = PagedTable[ReportLine](_line_columns(), self)
        self.rows = PagedTable[Behind](_row_columns(), self)
        self.table = TableView(self.lines, tr("Figures"))
        self.behind = TableView(self.rows, tr("Rows behind the figure"))
        self._assemble()
        self.kind.activated.connect(self._on_kind)
        self.period.activated.connect(self._ask)
        self.table.selectionModel().currentRowChanged.connect(self._on_line)
        self.behind.opened.connect(self._on_opened)

    def show_reports(self) -> None:
        """Offer the reports of the scheme and fill in the one chosen."""
        if not self.kind.count():
            for key, kind in self._context.desk.reports.kinds.items():
                self.kind.addItem(kind.title, key)
            self._on_kind()
        else:
            self._ask()

    @property
    def key(self) -> str:
        """The report chosen."""
        return str(self.kind.currentData())

    @property
    def day(self) -> date:
        """A day of the period chosen."""
        chosen = self.period.currentData()
        return chosen if isinstance(chosen, date) else self._context.desk.site.today()

    def _assemble(self) -> None:
        for box in (self.kind, self.period):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(style.letters() // 2, 0, 0, 0)
        column.addWidget(self._meaning)
        column.addWidget(self.behind, 1)
        both = split((left, 34), (right, 46))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, style.letters() // 2, 0, 0)
        outer.addLayout(
            row(self.kind, self.period, button(say("Print"), "print", self._on_print),
                button(say("Save as a table"), "export", self._on_table))
        )  # fmt: skip
        outer.addWidget(self._said)
        outer.addWidget(both, 1)

    def _on_kind(self) -> None:
        self.period.clear()
        for period in self._context.desk.reports.periods(self.key):
            self.period.addItem(period.title, min(period.last, self._context.desk.site.today()))
        newest = next(iter(self._context.desk.overview.years()), 0)
        found = next((n for n in range(self.period.count()) if self.period.itemData(n).year == newest), 0)
        self.period.setCurrentIndex(found)
        self._ask()

    def _ask(self) -> None:
        key, day, reports = self.key, self.day, self._context.desk.reports

        def work(step: Step) -> Report:
            return reports.fill(key, day, step)

        self._context.jobs.store(say("Counting"), work, self._on_filled)

    def _on_filled(self, report: Report) -> None:
        self._report = report
        self.lines.show_rows(report.lines)
        self._said.setText(
            tr("{period}, for {who}. Every figure is counted from the entries; choose one to see its rows.",
               period=report.period.title, who="、".join(report.kind.to))
        )  # fmt: skip
        self.table.selectRow(0)

    def _on_line(self, current: QModelIndex, _before: QModelIndex) -> None:
        line = self.lines.row(current.row()) if current.isValid() else None
        self.rows.show_rows(line.rows if line else ())
        self._meaning.setText(
            tr("{title}: {meaning}. {n} {n:row|rows}.", title=line.title, meaning=line.figure.meaning, n=len(line.rows))
            if line
            else ""
        )

    def _on_opened(self, found: Behind) -> None:
        page = PLACES.get(found.kind, "")
        if page not in {each.key for each in PAGES}:
            return
        place: dict[str, Any] = {"household_id": found.household_id} if found.household_id else {}
        if page == "projects":
            place = {"project_id": found.record_id}
        self._context.navigator.go(page, **place)

    def _on_print(self) -> None:
        self._context.navigator.go("papers", kind="report_sheet", year=self.day.year)

    def _on_table(self) -> None:
        report = self._report
        if report is None:
            return
        name = f"{report.period.title}{report.kind.title}.xlsx"
        target = self._context.messages.save_file(say("Save the report"), name, "Excel (*.xlsx)")
        if target is not None:
            self._write(target)

    def _write(self, target: Path) -> None:
        key, day, reports = self.key, self.day, self._context.desk.reports

        def work(step: Step) -> Path:
            reports.write(key, day, target, step)
            return target

        self._context.jobs.store(say("Making the table"), work, self._context.messages.tell_saved)


def _line_columns() -> Sequence[Column[ReportLine]]:
    return (
        Column(say("Indicator"), lambda line: line.title, 14, tip=lambda line: line.figure.meaning),
        Column(say("Comes to"), lambda line: line.word, 10, right=True),
        Column(say("Unit"), lambda line: line.figure.unit, 4),
    )


def _row_columns() -> Sequence[Column[Behind]]:
    return (
        Column(say("Household or number"), lambda found: found.place, 18),
        Column(say("What it says"), lambda found: found.text, 20, tip=lambda found: found.text),
    )


class RequestsTab(QWidget):
    """Who asked for which form, and how much of it was there already."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._said = label("", wrap=True)
        self.register = RegisterTab(context, self._kind())
        self.answer = button(say("Answered with this report"), "ok", self._on_answered)
        self.register.extra.addWidget(self.answer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(self._said)
        column.addWidget(self.register, 1)
        self.register.saved.connect(self.show_requests)

    def show_requests(self) -> None:
        """Show the log and what it comes to."""
        self.register.show_all()
        requests = self._context.desk.reports.requests()
        asked, used = reuse(requests)
        self._said.setText(
            tr(
                "{n} {n:request|requests}, {asked} {asked:figure|figures} asked for, {used} of them came "
                "out of the desk as they were.",
                n=len(requests),
                asked=asked,
                used=used,
            )
        )

    def may_leave(self) -> bool:
        """Ask what shall happen to unsaved typing."""
        return self.register.may_leave()

    def _on_answered(self) -> None:
        desk, draft = self._context.desk, self.register.binder.draft
        if not draft.id or not draft.report:
            text = say("Save the request and choose the report that answers it; the figures are counted then.")
            self._context.messages.tell(text, "warn")
            return
        if self.register.may_leave():
            day = desk.site.today()
            self.register.do(lambda: desk.reports.answered(draft.report, day, draft.id, tr("answered with a report")))

    def _kind(self) -> RegisterKind:
        desk = self._context.desk
        offered = [Option(key, kind.title) for key, kind in desk.reports.kinds.items()]
        return RegisterKind(
            name=tr("Requests for figures"),
            empty=say("No request noted yet. Note who asks for which form: it shows how often, and what was there."),
            columns=(
                Column(say("Day"), lambda each: each.asked_on.isoformat() if each.asked_on else "", 8),
                Column(say("Who asked"), lambda each: each.asked_by, 10),
                Column(say("Form"), lambda each: each.form, 14, tip=lambda each: each.form),
                Column(say("Answered"), lambda each: each.answered_on.isoformat() if each.answered_on else "", 8),
            ),
            sections=(Section(say("Request"), (
                F("asked_on", say("Day"), "date"),
                F("asked_by", say("Who asked"), span=2),
                F("form", say("Form"), span=2),
                F("basis", say("Number of the paper"), hint=say("Empty: none was named.")),
                F("due_on", say("Due on"), "date"),
                F("figures", say("Figures asked for"), "whole"),
                F("reused", say("of them from the desk"), "whole"),
                F("answered_on", say("Answered on"), "date"),
                F("report", say("Answered with")),
                F("note", say("Note"), "note", span=3),
            )),),
            blank=lambda: DataRequestDraft(asked_on=desk.site.today()),
            load=desk.reports.requests,
            save=desk.reports.log,
            remove=lambda draft, reason: desk.reports.strike(draft.id, reason),
            editors={"report": lambda: CodeField(offered)},
        )  # fmt: skip


class ReportsPage(Page):
    """Reports and requests."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Reports"), tr("Entered once, counted for every form; nothing is ranked or scored."))
        self._context = context
        self.tabs = Tabs()
        self._reports = self.tabs.add(tr("Reports"), partial(ReportsTab, context), ReportsTab.show_reports)
        self._requests = self.tabs.add(
            tr("Requests for figures"), partial(RequestsTab, context), RequestsTab.show_requests
        )
        self.column.addWidget(self.tabs, 1)
        context.changes.changed.connect(self._on_changed)

    @property
    def reports(self) -> ReportsTab:
        """The forms, filled in."""
        return self._reports.widget

    @property
    def requests(self) -> RequestsTab:
        """Who asked for which form."""
        return self._requests.widget

    def show_place(self, **place: Any) -> None:
        """Fill in the report chosen, as the entries are now."""
        del place
        self.tabs.refresh()

    def may_leave(self) -> bool:
        """Ask what shall happen to unsaved typing."""
        return self.tabs.may_leave()

    def _on_changed(self, _change: object, initiator: object) -> None:
        requests = self._requests.made
        if self.isVisible() and (requests is None or initiator is not requests.register):
            self.tabs.refresh()
