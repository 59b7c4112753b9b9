"""The households watched against return into poverty: the list with its timers, the chosen case beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QCheckBox

from ui.asking import Reading
from ui.beside import split
from ui.context import Context
from ui.exits.clockbar import ClockBar
from ui.monitoring.case import MonitoringCase
from ui.monitoring.clue import ClueDialog
from ui.page import Page, button, label, row, scrolled
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.services.monitoring_timers import MonitoringRow, Timer
from villagedesk.text import say, tr


class MonitoringPage(Page):
    """Clues, recognition, watch and end."""

    def __init__(self, context: Context) -> None:
        super().__init__(str(context.desk.profile.terms.monitored_household))
        self._context = context
        self._clock = ClockBar(context)
        self._rows: tuple[MonitoringRow, ...] = ()
        self._timers: dict[str, list[Timer]] = {}
        self._shown = self._wanted = ""
        self._reading = Reading(context, context.desk.profile.terms.monitored_household, self)
        self._reading.answered.connect(self._on_read)
        self._open_only = QCheckBox(tr("Open cases only"))
        self._open_only.setChecked(True)
        self._count = label("", "hint")
        self.model = PagedTable[MonitoringRow](self._columns(), self)
        self.table = TableView(self.model, context.desk.profile.terms.monitored_household)
        self.case = MonitoringCase(context)
        self._body = Sheets()
        self._clue = button(say("Write down a clue"), "add", self._on_clue, kind="primary")
        self._assemble()
        self._open_only.toggled.connect(self._ask)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.case.changed.connect(self._ask)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the list, the cursor on ``household_id`` or ``case_id``."""
        self._wanted = str(place.get("household_id") or "")
        self._shown = place.get("case_id", self._shown)
        self._ask()

    def _columns(self) -> Sequence[Column[MonitoringRow]]:
        codes = self._context.desk.profile.codes
        return (
            Column[MonitoringRow](say("Group"), lambda r: r.household.group, 4),
            Column[MonitoringRow](say("Head"), lambda r: r.household.head.name if r.household.head else "—", 5),
            Column[MonitoringRow](say("State"), lambda r: r.state_title, 6, tone=lambda r: "" if r.open else "muted"),
            Column[MonitoringRow](say("By"), self._due_on, 4, tone=self._due_tone),
            Column[MonitoringRow](say("Due next"), self._due, 10, tone=self._due_tone, tip=self._due),
            Column[MonitoringRow](say("Days"), _days, 4, right=True, tone=lambda r: "problem" if r.late else ""),
            Column[MonitoringRow](say("Class"), lambda r: codes.word("monitoring_class", r.case.kind), 7),
        )

    def _assemble(self) -> None:
        self.add_button(self._clue)
        self.column.addWidget(self._clock)
        self.column.addLayout(row(self._open_only, self._count))
        both = split((self.table, 44), (scrolled(self.case), 40))
        empty = EmptyState(
            tr(
                "No household is watched. A clue may come from the household itself, a visit, a department, "
                "the hotline or the press: write it down on the day it is heard, the days count from it."
            ),
            button(say("Write down a clue"), "add", self._on_clue, kind="primary"),
        )
        without = EmptyState(
            tr("The policy of this desk has no monitoring. A desk made with the overlay “post-2021” has it.")
        )
        for widget in (both, empty, without):
            self._body.addWidget(widget)
        self.column.addWidget(self._body, 1)

    def _ask(self) -> None:
        self._clock.look()
        monitoring = self._context.desk.monitoring
        has = self._context.desk.profile.monitoring is not None
        self._clue.setVisible(has)
        if not has:
            self._body.setCurrentIndex(2)
            return
        self._reading.ask(lambda: (monitoring.all(), monitoring.timers()))

    def _on_read(self, read: tuple[Sequence[MonitoringRow], Sequence[Timer]]) -> None:
        every, timers = read
        led = (each.case.id for each in reversed(every) if self._wanted and each.household.id == self._wanted)
        self._shown, self._wanted = next(led, self._shown), ""
        self._timers = {}
        for timer in timers:
            self._timers.setdefault(timer.case_id, []).append(timer)
        self._rows = tuple(each for each in every if each.open or not self._open_only.isChecked())
        self.model.show_rows(self._rows)
        late = sum(timer.late for timer in timers)
        self._count.setText(
            tr("{n} {n:case|cases}; {late} {late:thing is|things are} late", n=len(self._rows), late=late)
        )
        self._body.setCurrentIndex(0 if every else 1)
        if self._rows:
            number = next((n for n, each in enumerate(self._rows) if each.case.id == self._shown), 0)
            self.table.selectRow(number)
        else:
            self.case.show_case(None, ())

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        shown = self.model.row(current.row()) if current.isValid() else None
        if shown is not None:
            self._shown = shown.case.id
        self.case.show_case(shown, self._timers.get(shown.case.id, ()) if shown else ())

    def _on_clue(self) -> None:
        dialog = ClueDialog(self._context, self)
        if not self._context.messages.show_dialog(dialog):
            return
        with self._context.messages.telling():
            change = self._context.desk.monitoring.open(dialog.draft, tr("clue written down"))
            self._shown = change.records["monitoring"][0]
            self._ask()
            self._context.tell_change(change, self)
            self._context.messages.tell(say("Written down. The days count from the clue."), "ok")

    def _due_on(self, shown: MonitoringRow) -> str:
        timers = self._timers.get(shown.case.id)
        return f"{timers[0].due_on:%m-%d}" if timers else "—"

    def _due(self, shown: MonitoringRow) -> str:
        timers = self._timers.get(shown.case.id)
        return str(timers[0].text) if timers else "—"

    def _due_tone(self, shown: MonitoringRow) -> str:
        timers = self._timers.get(shown.case.id)
        return "problem" if timers and timers[0].late else ""

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._ask()


def _days(shown: MonitoringRow) -> str:
    if shown.months_watched is not None:
        return tr("{n} {n:month|months}", n=shown.months_watched)
    return tr("{n} {n:day|days}", n=shown.days_since_found or 0)
