"""What happened to one household, and the events that may be entered for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.events.answers import KINDS
from ui.events.words import EventLine, event_lines
from ui.page import button, label, row
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.undoing import take_back
from villagedesk.services.event_words import kind_word
from villagedesk.text import say, tr

_KEYS = "123456789abcdef"


class EventsTab(QWidget):
    """The events of the household on the form."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._household_id = ""
        self.model = PagedTable[EventLine](_columns(), self)
        self.table = TableView(self.model, tr("Household events"))
        self._apart = button(say("Take apart again"), "", self._on_apart)
        self._back = button(say("Take the event back"), "undo", self._on_undo)
        self._body = Sheets()
        self._body.addWidget(self.table)
        self._body.addWidget(
            EmptyState(tr("Nothing has been entered for this household yet. Choose above what happened."))
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        about = tr("Birth, death, marriage, moves, division: entered once; relations, measures and pairing follow.")
        column.addLayout(row(event_button(context, self), self._apart, self._back))
        column.addWidget(label(about, "hint", wrap=True))
        column.addWidget(self._body, 1)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)

    @property
    def household_id(self) -> str:
        """The household whose events are shown."""
        return self._household_id

    def show_household(self, household_id: str) -> None:
        """Show the events of another household."""
        self._household_id = household_id
        desk = self._context.desk
        found = desk.events.of_household(self._household_id) if self._household_id else ()
        self.model.show_rows(event_lines(desk, found))
        self._body.setCurrentIndex(0 if found else 1)
        if found:
            self.table.selectRow(0)
        self._on_current()

    def _line(self) -> EventLine | None:
        number = self.table.currentIndex().row()
        return self.model.row(number) if number >= 0 else None

    def _on_current(self, *_: Any) -> None:
        line = self._line()
        self._back.setEnabled(line is not None)
        self._apart.setEnabled(line is not None and line.event.kind == "merge")

    def _on_apart(self) -> None:
        line = self._line()
        if line is None:
            return
        event = line.event
        self._context.navigator.go("event", household_id=event.other_id, kind="unmerge", merge_id=event.id,
                                    other_id=event.household_id)  # fmt: skip

    def _on_undo(self) -> None:
        line = self._line()
        if line is not None:
            undo(self._context, line, self.changed.emit, self)


def undo(context: Context, line: EventLine, after: Callable[[], object], initiator: QWidget) -> None:
    """Take an event back; the message offers it again."""
    text = say("Taken back: {what}, {when}.", what=line.what, when=line.day)
    with context.messages.telling():
        take_back(context, context.desk.history.act_of(line.event.id), after, initiator, text)


def event_button(context: Context, tab: EventsTab) -> QPushButton:
    """A button whose menu offers every event; each is one page. Ctrl+E, then its digit."""
    made = button(say("Enter an event"), "add", kind="primary", key="Ctrl+E")
    menu = QMenu(made)
    for key, kind in zip(_KEYS, KINDS, strict=True):
        action = menu.addAction(f"&{key}  {kind_word(kind)}")
        action.triggered.connect(partial(_open, context, tab, kind))
    made.clicked.connect(lambda: menu.popup(made.mapToGlobal(made.rect().bottomLeft())))
    made.setProperty("menu", menu)
    return made


def _open(context: Context, tab: EventsTab, kind: str) -> None:
    context.navigator.go("event", household_id=tab.household_id, kind=kind)


def _columns() -> tuple[Column[EventLine], ...]:
    return (
        Column(say("Day"), lambda line: line.day, 7),
        Column(say("What happened"), lambda line: line.what, 12),
        Column(say("Persons"), lambda line: line.persons, 16),
        Column(say("Household number"), lambda line: line.households, 14),
        Column(say("Paper and note"), lambda line: line.proof, 20, tip=lambda line: line.proof),
    )
