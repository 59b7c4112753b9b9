"""The village at a glance: its charts, two beside each other, printable as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from ui import style
from ui.asking import Reading
from ui.context import Context
from ui.page import button, card, label, row, scrolled
from ui.village.charts import BarChart
from villagedesk.services.overview import Chart
from villagedesk.text import say, tr

_LARGE = 19  # pixels: from here on two charts beside each other leave no room for their words


class OverviewTab(QWidget):
    """Charts of one year."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.year = QComboBox()
        self.year.setAccessibleName(tr("Year"))
        self.charts: dict[str, BarChart] = {}
        self._reading = Reading(context, say("At a glance"), self)
        self._reading.answered.connect(self._on_read)
        self._grid = QGridLayout()
        self._grid.setSpacing(style.letters())
        inner = QWidget()
        inner.setLayout(self._grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addLayout(row(self.year, button(say("Print"), "print", self._on_print)))
        column.addWidget(scrolled(inner), 1)
        self.year.activated.connect(self._show)

    def show_year(self) -> None:
        """Show what is true now, of the year chosen before or the newest with data."""
        years, chosen = self._context.desk.overview.years(), self.year.currentData()
        self.year.clear()
        for each in years:
            self.year.addItem(str(each), each)
        self.year.setCurrentIndex(max(0, self.year.findData(chosen or years[0])))
        self._show()

    def _show(self) -> None:
        self._reading.ask(partial(self._context.desk.overview.charts, int(self.year.currentData())))

    def _on_read(self, charts: Sequence[Chart]) -> None:
        for number, chart in enumerate(charts):
            if chart.key not in self.charts:
                made = BarChart()
                self.charts[chart.key] = made
                inner = QVBoxLayout()
                inner.addWidget(made)
                inner.addWidget(label(str(chart.note), "hint", wrap=True))
                inner.addStretch(1)
                place = card(inner, heading=str(chart.title))
                beside = 2 if style.letters() < _LARGE else 1
                self._grid.addWidget(place, number // beside, number % beside)
            self.charts[chart.key].show_chart(chart)

    def _on_print(self) -> None:
        self._context.navigator.go("papers", kind="overview", year=self.year.currentData())
