"""The last steps done on this laptop; each can be taken back as long as nothing later rests on it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.households.words import time_word, verb_word
from ui.page import button, label, row
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.undoing import take_back
from villagedesk.services.history import Act
from villagedesk.text import say, tr


class ActsTab(QWidget):
    """The undo list."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.model = PagedTable[Act](
            (
                Column(say("When"), lambda act: time_word(act.at), 11),
                Column(say("Who"), lambda act: act.author or "—", 8),
                Column(say("What was done"), lambda act: verb_word(act.verb), 14),
                Column(say("Source"), lambda act: act.reason, 30),
            ),
            self,
        )
        self.table = TableView(self.model, tr("Last steps"))
        self.table.say_when_empty(tr("Nothing was done on this computer yet that could be taken back."))
        self._body = Sheets()
        self._body.addWidget(self.table)
        self._body.addWidget(EmptyState(tr("Nothing has been done on this laptop yet.")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addLayout(
            row(
                button(say("Take this step back"), "undo", self._on_undo),
                label(tr("The history keeps both steps."), "hint"),
            )
        )
        column.addWidget(self._body, 1)

    def show_acts(self) -> None:
        """Read the list."""
        acts = self._context.desk.history.recent()
        self.model.show_rows(acts)
        self._body.setCurrentIndex(0 if acts else 1)

    def _on_undo(self) -> None:
        act = self.table.current_row()
        if act is not None:
            text = say("Taken back: {what}, {when}.", what=verb_word(act.verb), when=time_word(act.at))
            take_back(self._context, act.act, self.show_acts, self, text)
