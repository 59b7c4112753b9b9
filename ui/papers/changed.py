"""Papers that would print differently now: which, in what, then and now; and only those printed anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.page import button, label
from ui.tables import Column, PagedTable, TableView
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.reprints import Changed

Line = tuple[str, str, str, str, bool]
"""Printed on, what differs, then, now, and whether the paper came back signed."""


class ChangedCard(QFrame):
    """The list of differences, with the one thing to do about them."""

    reprint_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.model = PagedTable[Line](_columns(), self)
        self.table = TableView(self.model, tr("What changed since printing"))
        self._said = label("", wrap=True)
        self._again = button(say("Print these anew"), "print", self.reprint_wanted.emit, kind="primary")
        self._close = button(say("Close"), "", self.hide, kind="link")
        head = QHBoxLayout()
        head.addWidget(self._said, 1)
        head.addWidget(self._again)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        gap = style.letters()
        column.setContentsMargins(gap, gap // 2, gap, gap // 2)
        column.addLayout(head)
        column.addWidget(self.table)
        self.table.setMaximumHeight(gap * 14)
        self.hide()

    def show_changed(self, found: Sequence[Changed]) -> None:
        """Show what differs, paper by paper."""
        lines = [line for each in found for line in _lines(each)]
        self.model.show_rows(lines)
        self.table.setVisible(bool(lines))
        self._again.setVisible(bool(lines))
        signed = sum(each.signed for each in found)
        if not found:
            self._said.setText(tr("Every printed paper of this kind still says what the data say."))
        elif signed:
            self._said.setText(
                tr(
                    "{n} printed {n:paper|papers} would say something else now; {signed} of them came back "
                    "signed and {signed:has|have} to be signed anew.",
                    n=len(found),
                    signed=signed,
                )
            )
        else:
            self._said.setText(tr("{n} printed {n:paper|papers} would say something else now.", n=len(found)))
        self.show()


def _lines(changed: Changed) -> Sequence[Line]:
    day = changed.printed_on.isoformat() if changed.printed_on else ""
    return [(day, each.field, each.then, each.now, changed.signed) for each in changed.altered]


def _columns() -> Sequence[Column[Line]]:
    return (
        Column(say("Printed on"), lambda line: line[0], 7, tone=lambda line: "warn" if line[4] else ""),
        Column(say("What differs"), lambda line: line[1], 12, tip=lambda line: line[1]),
        Column(say("On the paper"), lambda line: line[2], 16, tip=lambda line: line[2]),
        Column(say("Now"), lambda line: line[3], 16, tip=lambda line: line[3]),
    )
