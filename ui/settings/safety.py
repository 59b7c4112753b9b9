"""Backup on a stick, and proof that the desk is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.page import button, card, label, row
from villagedesk.text import say, tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.services.audit import Audit


class SafetyTab(QWidget):
    """Two buttons and what they said."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._said = label("", wrap=True)
        backup = button(say("Make a backup"), "stick", self._on_backup, kind="primary")
        verify = button(say("Check the desk"), "ok", self._on_verify)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(
            card(
                label(
                    tr(
                        "A backup is one encrypted file with everything in it. "
                        "Keep it on a stick that does not lie beside the laptop."
                    ),
                    wrap=True,
                ),
                row(backup), heading=tr("Backup"),
            )
        )  # fmt: skip
        column.addWidget(
            card(
                label(
                    tr("Follows every change from the first to the last and holds it against what is stored."),
                    wrap=True,
                ),
                row(verify), self._said, heading=tr("Is everything whole?"),
            )
        )  # fmt: skip
        column.addStretch(1)

    def _on_backup(self) -> None:
        folder = self._context.messages.pick_folder(say("Where shall the backup lie?"))
        if folder is not None:
            place = self._context.desk.place

            def work(step: Step) -> Path:
                from villagedesk.services.backups import backup

                return backup(place, folder, step)

            self._context.jobs.store(say("Writing the backup"), work, self._on_backed_up)

    def _on_backed_up(self, file: Any) -> None:
        self._context.messages.tell(say("Backup written and read back: “{file}”.", file=file.name), "ok")

    def _on_verify(self) -> None:
        place = self._context.desk.place

        def work(step: Step) -> Audit:
            from villagedesk.services.audit import audit

            return audit(place, step)

        self._context.jobs.store(say("Checking the desk"), work, self._on_verified)

    def _on_verified(self, audit: Audit) -> None:
        looked = tr(
            "{revisions} changes, {records} records, {files} attachments looked at.",
            revisions=audit.revisions,
            records=audit.records,
            files=audit.attachments,
        )
        faults = [f"•  {fault.where} {fault.text}" for fault in audit.faults]
        self._said.setText("\n".join([looked, *(faults or [tr("Everything is whole.")])]))
