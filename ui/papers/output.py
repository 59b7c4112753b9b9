"""Finished papers to the printer or into a file; the same bytes as in the preview."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.jobs import Jobs
from ui.messages import Messages
from ui.remembered import Remembered
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr
from villagedesk.values import Step


class PaperOutput(QObject):
    """Sends papers out for one page of the window."""

    def __init__(self, owner: QWidget, jobs: Jobs, messages: Messages, remembered: Remembered) -> None:
        super().__init__(owner)
        self._owner = owner
        self._jobs = jobs
        self._messages = messages
        self._remembered = remembered
        self._waiting = (b"", 0)
        self._wanted: list[int] = []
        self._through = 0

    def print(self, pdf: bytes, pages: int, first: int = 1) -> None:
        """Ask for the printer and print, from page ``first`` where an earlier printing came so far."""
        from ui import printing

        self._waiting = (pdf, pages)
        names, standard = printing.printers()
        chosen = self._remembered.word("printer", standard)
        dialog = printing.PrintDialog(names, chosen, pages, self._owner, first=first)
        if not self._messages.show_dialog(dialog):
            return
        order = dialog.order
        self._remembered.keep("printer", order.printer)
        self._wanted = list(printing.pages_in(order.pages)) or list(range(1, pages + 1))
        self._through = 0
        self._jobs.papers(say("Printing"), partial(self._printing, pdf, order), self._on_printed, self._on_failed)

    def _printing(self, pdf: bytes, order: Any, step: Step) -> None:
        from ui import printing

        def counted(done: int, total: int) -> None:
            self._through = done
            step(done, total)

        printing.print_pdf(pdf, order, counted)

    def save(self, pdf: bytes, name: str) -> None:
        """Ask for a file and write the paper into it. ``name`` holds no name of a person (DOMAIN §6.3)."""
        path = self._messages.save_file(say("Save as PDF"), f"{name}.pdf", "PDF (*.pdf)")
        if path is not None and self._write([(path, pdf)]):
            self._messages.tell_saved(path)

    def save_text(self, path: Path, text: str) -> None:
        """Write the text of a paper's file."""
        if self._write([(path, text.encode())]):
            self._messages.tell_saved(path)

    def _write(self, files: Sequence[tuple[Path, bytes]]) -> bool:
        from villagedesk.durable import write_whole

        try:
            for path, pdf in files:
                write_whole(path, [pdf])
        except VillageDeskError as error:
            self._messages.tell_error(error)
            return False
        return True

    def _on_failed(self, error: Exception) -> None:
        """The paper is made and registered; only the printer is to blame, so the same bytes can go out again."""
        if not isinstance(error, VillageDeskError):
            self._messages.tell_error(error)
            return
        text = tr("{why} The papers are kept.", why=str(error))
        if 0 < self._through < len(self._wanted):
            text = tr(
                "{why} {n} of {count} {count:page is|pages are} printed; the papers are kept.",
                why=str(error),
                n=self._through,
                count=len(self._wanted),
            )
            self._messages.tell(text, "problem", say("Print the rest"), self._on_again)
        else:
            self._messages.tell(text, "problem", say("Print again"), self._on_again)

    def _on_again(self) -> None:
        rest = self._wanted[self._through :]
        self.print(*self._waiting, first=rest[0] if self._through and rest else 1)

    def _on_printed(self, _nothing: object) -> None:
        self._messages.tell(say("Handed to the printer."), "ok")
