"""The county's own papers: which there are, a file taken, a text to begin with, back to the program's text."""

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
    from villagedesk.services.own_papers import OwnPaper


class OwnPapersCard(QFrame):
    """The list with what can be done about it; a wrong file is refused with its line and reason."""

    add_wanted = Signal()
    text_wanted = Signal()
    drop_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.model = PagedTable["OwnPaper"](_columns(), self)
        self.table = TableView(self.model, tr("The county's own papers"))
        self._said = label("", wrap=True)
        self._add = button(say("Take a file…"), "add", self.add_wanted.emit, kind="primary")
        self._text = button(say("Save this paper's text…"), "save", self.text_wanted.emit)
        self._drop = button(say("Back to the program's text"), "", self._on_drop)
        self._close = button(say("Close"), "", self.hide, kind="link")
        head = QHBoxLayout()
        head.addWidget(self._said, 1)
        for widget in (self._add, self._text, self._drop, self._close):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        gap = style.letters()
        column.setContentsMargins(gap, gap // 2, gap, gap // 2)
        column.addLayout(head)
        column.addWidget(self.table)
        self.table.setMaximumHeight(gap * 10)
        self.hide()

    def show_papers(self, papers: Sequence[OwnPaper]) -> None:
        """Show the county's papers."""
        self.model.show_rows(papers)
        self.table.setVisible(bool(papers))
        self._drop.setVisible(bool(papers))
        if papers:
            self.table.selectRow(0)
            self._said.setText(
                tr(
                    "{n} {n:paper|papers} of the county's own; {n:it goes|they go} with the desk to the other laptops.",
                    n=len(papers),
                )
            )
        else:
            self._said.setText(
                tr("No paper of the county's own yet. Save the text of a paper, change it, and take the file.")
            )
        self.show()

    def _on_drop(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.drop_wanted.emit(row.paper.key)


def _columns() -> Sequence[Column[OwnPaper]]:
    return (
        Column(say("Paper"), lambda own: own.paper.title, 16, tip=lambda own: own.paper.title),
        Column(say("File"), lambda own: f"{own.paper.key}.toml", 12),
        Column(say("What it is"), lambda own: tr("changes the program's") if own.changes else tr("new"), 10),
    )
