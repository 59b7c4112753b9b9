"""Who changed what, when and why; and taking the last step of this laptop back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.asking import Reading
from ui.context import Context
from ui.households.words import label_of, time_word, value_word, verb_word
from ui.page import button, row
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.undoing import take_back
from villagedesk.services.history import HistoryLine
from villagedesk.text import say, tr


class HistoryTab(QWidget):
    """The history of one household."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._household_id = ""
        self._reading = Reading(context, say("History"), self)
        self._reading.answered.connect(self._on_read)
        self.model = PagedTable[HistoryLine](self._columns(), self)
        self.table = TableView(self.model, tr("History"))
        self._undo = button(say("Take the last change back"), "undo", self._on_undo)
        self._body = Sheets()
        self._body.addWidget(self.table)
        self._body.addWidget(EmptyState(tr("Nothing has been changed since the file was made.")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addLayout(row(self._undo))
        column.addWidget(self._body, 1)

    def show_household(self, household_id: str) -> None:
        """Show the history of another household."""
        self._household_id = household_id
        if household_id:
            self._reading.ask(partial(self._context.desk.households.history, household_id))
        else:
            self._on_read(())

    def _on_read(self, lines: Sequence[HistoryLine]) -> None:
        self.model.show_rows(lines)
        self._body.setCurrentIndex(0 if lines else 1)
        self._undo.setEnabled(bool(lines))

    def _columns(self) -> tuple[Column[HistoryLine], ...]:
        codes = self._context.desk.profile.codes
        return (
            Column(say("When"), lambda line: time_word(line.at), 11),
            Column(say("Who"), lambda line: line.author or "—", 6),
            Column(say("What was done"), lambda line: verb_word(line.verb), 10),
            Column(say("Field"), lambda line: label_of(line.field), 10),
            Column(say("Before"), lambda line: value_word(line.field, line.old, codes), 10, tone=lambda _: "muted"),
            Column(say("After"), lambda line: value_word(line.field, line.new, codes), 10),
            Column(say("Source"), lambda line: line.reason, 14, tip=lambda line: line.reason),
        )

    def _on_undo(self) -> None:
        line = self.model.row(0)
        if line is not None:
            text = say("Taken back: {what}, {when}.", what=verb_word(line.verb), when=time_word(line.at))
            take_back(self._context, line.act, self.changed.emit, self, text)
