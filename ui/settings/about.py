"""The program itself: its version, an update from a stick, a report of a problem, and whose work is in it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

import villagedesk
from ui import style
from ui.context import Context
from ui.page import button, card, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from villagedesk.errors import VillageDeskError
from villagedesk.licences import Part, parts, text_of, told
from villagedesk.text import say, tr
from villagedesk.values import Step

_UPDATES = "VillageDesk (*.vdupdate)"


class AboutTab(QWidget):
    """Three cards."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.parts = PagedTable[Part](
            (
                Column(say("Part"), lambda part: part.name, 14),
                Column(say("Version"), lambda part: part.version, 8),
                Column(say("Licence"), lambda part: part.licence, 20),
                Column(say("To be told"), told, 24),
            ),
            self,
        )
        self.table = TableView(self.parts, tr("Parts of others"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Text of the licence"))
        self._assemble()
        self.table.selectionModel().currentRowChanged.connect(self._on_part)

    def show_about(self) -> None:
        """Read the list of parts."""
        with self._context.messages.telling():
            self.parts.show_rows(parts())

    def _assemble(self) -> None:
        version = card(
            label(tr("VillageDesk {version}, free under the GNU GPL 3 or later.", version=villagedesk.__version__)),
            label(
                tr("An update comes on a stick. It is checked against the makers' key; the desk is copied first."),
                "hint", wrap=True,
            ),
            row(button(say("Open an update…"), "stick", self._on_update)), heading=tr("The program"),
        )  # fmt: skip
        problem = card(
            label(
                tr("Versions, machine and places in the program; no name, no number, no path. Nothing is sent."),
                "hint", wrap=True,
            ),
            row(button(say("Write a problem report…"), "export", self._on_report)), heading=tr("Something is wrong"),
        )  # fmt: skip
        for widget in (self.table, self.text):
            widget.setMinimumHeight(style.letters() * 11)
        whose = card(
            label(
                tr("Qt is used under the LGPL 3: its libraries lie in the program's folder and may be replaced."),
                "hint", wrap=True,
            ),
            self.table, self.text, heading=tr("Whose work is in it"),
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(scrolled(version, problem, whose))

    def _on_part(self) -> None:
        part: Part | None = self.table.current_row()
        if part is not None:
            try:
                self.text.setPlainText(text_of(part))
            except VillageDeskError as error:
                self._context.messages.tell_error(error)

    def _on_update(self) -> None:
        messages = self._context.messages
        file = messages.open_file(say("Choose the update"), _UPDATES)
        folder = messages.pick_folder(say("Where shall the installer lie?")) if file is not None else None
        if file is not None and folder is not None:
            self._context.jobs.papers(say("Checking the update"), partial(_take_out, file, folder), self._on_taken_out)

    def _on_taken_out(self, installer: Path) -> None:
        self._context.messages.tell(
            say("The update is genuine. Close the program, then open “{file}” to install it.", file=installer.name),
            "ok",
        )

    def _on_report(self) -> None:
        from villagedesk.durable import write_whole
        from villagedesk.services.report import report

        file = self._context.messages.save_file(
            say("Write a problem report"), "villagedesk-report.txt", f"{tr('Text')} (*.txt)"
        )
        if file is not None:
            try:
                write_whole(file, [report(self._context.messages.last_mistake, self._context.desk.place).encode()])
            except VillageDeskError as error:
                self._context.messages.tell_error(error)
                return
            self._context.messages.tell(say("Written. Read it, then hand it to the township."), "ok")


def _take_out(file: Path, folder: Path, _step: Step) -> Path:
    from villagedesk.update import take_out

    return take_out(file, folder)
