"""The ledger of measures over all households: filter, sums by kind, and the facts of the line under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ui import style
from ui.asking import Reading
from ui.beside import split
from ui.context import Context
from ui.measures.facts import FactsForm
from ui.page import Page, button, label, row, scrolled
from ui.plans.measures import STATES
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.years import working_year, working_years
from villagedesk.services.measures import LedgerRow, LedgerSum, sums
from villagedesk.text import say, tr
from villagedesk.values import yuan


class MeasuresPage(Page):
    """Filters above, the lines on the left, sums and facts on the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Ledger of measures"), tr("Every line of every plan. Enter opens the plan it stands in."))
        self._context = context
        self._rows: tuple[LedgerRow, ...] = ()
        self._boxes = {name: QComboBox() for name in ("year", "category", "state", "group")}
        for box, name in zip(self._boxes.values(), (tr("Year"), tr("Kind"), tr("State"), tr("Group")), strict=True):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._show)
        self._reading = Reading(context, say("Ledger of measures"), self)
        self._reading.answered.connect(self._on_read)
        self._count = label("", "hint")
        self.model = PagedTable[LedgerRow](_COLUMNS, self)
        self.table = TableView(self.model, tr("Ledger of measures"))
        self.sums = PagedTable[LedgerSum](_SUMS, self)
        self.sum_table = TableView(self.sums, tr("Sums by kind"))
        self.facts = FactsForm(context)
        self._body = Sheets()
        self._assemble()
        self.table.opened.connect(self._on_opened)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.facts.saved.connect(self._on_saved)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the ledger of ``year``, of one ``category`` or ``state``."""
        self._fill()
        for name, box in self._boxes.items():
            at = box.findData(place[name]) if name in place else -1
            if at >= 0:
                box.setCurrentIndex(at)
        self._show()

    def _assemble(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(style.letters() // 2, 0, 0, 0)
        column.addWidget(self.sum_table, 2)
        column.addWidget(scrolled(self.facts), 3)
        both = split((self.table, 50), (right, 30))
        self._body.addWidget(both)
        self._body.addWidget(EmptyState(
            tr("No measure fits. Write a plan with its measures first, or choose another year."),
            button(say("Plans"), "plans", lambda: self._context.navigator.go("plans"), kind="primary"),
        ))  # fmt: skip
        self.column.addLayout(row(*self._boxes.values(), self._count))
        self.column.addWidget(self._body, 1)

    def _fill(self) -> None:
        desk, boxes = self._context.desk, self._boxes
        if not boxes["year"].count():
            boxes["year"].addItem(tr("All years"), 0)
            for year in working_years(desk):
                boxes["year"].addItem(str(year), year)
            boxes["year"].setCurrentIndex(max(0, boxes["year"].findData(working_year(desk))))
            boxes["category"].addItem(tr("All measures"), "")
            for key, category in desk.profile.measures.items():
                if category.for_household:
                    boxes["category"].addItem(category.title, key)
            boxes["state"].addItem(tr("All states"), "")
            for key in ("planned", "active", "done"):  # a list of who refused what is nowhere
                boxes["state"].addItem(str(STATES[key]), key)
        group = boxes["group"].currentData() or ""
        boxes["group"].clear()
        boxes["group"].addItem(tr("All groups"), "")
        for value, _count in desk.lists.values_of("group"):
            boxes["group"].addItem(value, value)
        boxes["group"].setCurrentIndex(max(0, boxes["group"].findData(group)))

    def _show(self) -> None:
        chosen = {name: box.currentData() for name, box in self._boxes.items()}
        self._reading.ask(partial(self._context.desk.measures.rows, **chosen))

    def _on_read(self, rows: tuple[LedgerRow, ...]) -> None:
        at = self.table.currentIndex().row()
        self._rows = rows
        self.model.show_rows(self._rows)
        self.sums.show_rows(sums(self._rows))
        self._count.setText(tr("{n} {n:line|lines}", n=len(self._rows)))
        self._body.setCurrentIndex(0 if self._rows else 1)
        if self._rows:
            self.table.selectRow(min(max(at, 0), len(self._rows) - 1))

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        line = self.model.row(current.row()) if current.isValid() else None
        if line is not None:
            self.facts.show_measure(line.measure, tr("{head}: {title}", head=line.household.head, title=line.title))

    def _on_opened(self, line: LedgerRow) -> None:
        place = {"household_id": line.household.id, "measure_id": line.measure.id}
        self._context.navigator.go("plan", **place)

    def _on_saved(self, change: Any) -> None:
        self._context.tell_change(change, self)
        self._show()

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._show()


_COLUMNS: Sequence[Column[LedgerRow]] = (
    Column(say("Group"), lambda line: line.household.group, 4),
    Column(say("Head"), lambda line: line.household.head, 4),
    Column(say("Kind"), lambda line: line.part or line.title, 8, tip=lambda line: line.title),
    Column(say("State"), lambda line: str(STATES.get(line.measure.state, line.measure.state)), 4),
    Column(say("Yuan"), lambda line: yuan(line.measure.amount) if line.measure.amount else "", 6, right=True),
    Column(say("Paid"), lambda line: yuan(line.measure.paid) if line.measure.paid else "", 6, right=True),
    Column(say("Person"), lambda line: line.person, 5),
    Column(say("What will be done"), lambda line: line.measure.content, 12, tip=lambda line: line.measure.content),
)

_SUMS: Sequence[Column[LedgerSum]] = (
    Column(say("Kind"), lambda line: line.title or tr("Together"), 9),
    Column(say("Lines"), lambda line: str(line.lines), 4, right=True),
    Column(say("Done"), lambda line: str(line.done), 4, right=True),
    Column(say("Planned (yuan)"), lambda line: yuan(line.planned), 8, right=True),
    Column(say("Paid (yuan)"), lambda line: yuan(line.paid), 8, right=True),
)
