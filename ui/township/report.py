"""A report over all villages: chosen by kind and period, shown as it will be printed, saved as PDF or as a workbook."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox

from ui.context import HubContext
from ui.page import button, label, row
from ui.papers.output import PaperOutput
from ui.pdfview import PdfView
from ui.stack import Sheets
from ui.tables import EmptyState
from ui.township.page import HubPage
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.hub import Hub
    from villagedesk.services.township_figures import TownshipReport
    from villagedesk.values import Step


class ReportPage(HubPage):
    """Two choices, the paper, and what can be done with it."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(
            context,
            tr("Report of all villages"),
            tr("Every figure is the sum of what the villages' own reports count; nothing is typed."),
        )
        self._report: TownshipReport | None = None
        self._pages = 0
        self.kind, self.period = QComboBox(), QComboBox()
        self.kind.setAccessibleName(tr("Report"))
        self.period.setAccessibleName(tr("Days covered"))
        for box in (self.kind, self.period):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._table = button(say("Save as a table"), "export", self._on_table)
        self.view = PdfView()
        self._output = PaperOutput(self, context.jobs, context.messages, context.remembered)
        self._body = Sheets()
        self._body.addWidget(self.view)
        self._body.addWidget(EmptyState(tr("No village has sent anything yet. Take the villages' files in first.")))
        self.column.addLayout(row(label(tr("Report"), "label"), self.kind, self.period, self._table))
        self.column.addWidget(self._body, 1)
        self.kind.activated.connect(self._on_kind)
        self.period.activated.connect(self._ask)
        self.view.print_wanted.connect(self._on_print)
        self.view.save_wanted.connect(self._on_save)

    def refresh(self) -> None:
        """Offer the reports, and count the one that was chosen."""
        kinds = self._context.hub.reports.kinds()
        for tool in (self.kind, self.period, self._table):
            tool.setEnabled(bool(kinds))
        self._body.setCurrentIndex(0 if kinds else 1)
        if not kinds:
            return
        if self.kind.count() != len(kinds):
            self.kind.clear()
            for key, kind in kinds.items():
                self.kind.addItem(kind.title, key)
            self._on_kind()
        else:
            self._ask()

    def _on_kind(self) -> None:
        self.period.clear()
        today = self._context.hub.review.today()
        for period in self._context.hub.reports.periods(str(self.kind.currentData())):
            self.period.addItem(period.title, min(period.last, today))
        self._ask()

    def _ask(self) -> None:
        day = self.period.currentData()
        if isinstance(day, date):
            work = partial(_made, self._context.hub, str(self.kind.currentData()), day)
            self._context.jobs.store(say("Counting"), work, self._on_made)

    def _on_made(self, made: tuple[TownshipReport, Any]) -> None:
        self._report, paper = made
        self._pages = paper.pages
        self.view.show_pdf(paper.pdf)

    def _on_print(self) -> None:
        self._output.print(self.view.pdf, self._pages)

    def _on_save(self) -> None:
        if self._report is not None:
            self._output.save(self.view.pdf, self._name(self._report))

    def _on_table(self) -> None:
        report = self._report
        if report is None:
            return
        name = f"{self._name(report)}.xlsx"
        target = self._context.messages.save_file(say("Save the report"), name, "Excel (*.xlsx)")
        if target is not None:
            work = partial(_written, self._context.hub, report, target)
            self._context.jobs.store(say("Making the table"), work, self._context.messages.tell_saved)

    def _name(self, report: TownshipReport) -> str:
        return f"{report.township}{report.period.title}{report.kind.title}"


def _made(hub: Hub, key: str, day: date, step: Step) -> tuple[TownshipReport, Any]:
    report = hub.reports.fill(key, day, step)
    return report, hub.reports.paper(report)


def _written(hub: Hub, report: TownshipReport, target: Path, _step: Step) -> Path:
    hub.reports.write(report, target)
    return target
