"""This hub: what it is called, its digits, its backups, and proof that it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from ui.context import HubContext
from ui.page import button, card, label, row, scrolled
from ui.township.page import HubPage
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.services.audit import Audit
    from villagedesk.values import Step


class HubSettingsPage(HubPage):
    """Three cards."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(context, tr("This hub"))
        self._digits = label("", "figure")
        self._digits.setAccessibleName(tr("Digits to compare by telephone"))
        self._digits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said = label("", wrap=True)
        hint = label(
            tr("A village that opens your invitation reads these digits back by telephone. If hers are others, the "
               "invitation is not yours."),
            "hint", wrap=True,
        )  # fmt: skip
        safe = label(
            tr("The hub holds all villages. Back it up after every round; whoever restores it need do nothing more: "
               "the villages send again what it has forgotten."),
            "hint", wrap=True,
        )  # fmt: skip
        backup = button(say("Make a backup"), "stick", self._on_backup, kind="primary")
        verify = button(say("Check the hub"), "ok", self._on_verify)
        self.column.addWidget(
            scrolled(
                card(self._digits, hint, heading=tr("Digits to compare by telephone")),
                card(safe, row(backup, verify), self._said, heading=tr("Backup and check")),
            ),
            1,
        )

    def refresh(self) -> None:
        """Show name and digits."""
        township = self._context.hub.township
        self.retitle(township.name, tr("Township {code}", code=township.code))
        self._digits.setText(township.key.fingerprint)

    def _on_backup(self) -> None:
        folder = self._context.messages.pick_folder(say("Where shall the backup lie?"))
        if folder is not None:
            place = self._context.hub.place

            def work(step: Step) -> Path:
                from villagedesk.services.backups import backup

                return backup(place, folder, step)

            self._context.jobs.store(say("Writing the backup"), work, self._on_backed_up)

    def _on_backed_up(self, file: Any) -> None:
        self._context.messages.tell(say("Backup written and read back: “{file}”.", file=file.name), "ok")

    def _on_verify(self) -> None:
        place = self._context.hub.place

        def work(step: Step) -> Audit:
            from villagedesk.services.audit import audit

            return audit(place, step)

        self._context.jobs.store(say("Checking the hub"), work, self._on_verified)

    def _on_verified(self, audit: Audit) -> None:
        looked = tr(
            "{revisions} changes, {records} records, {files} attachments looked at.",
            revisions=audit.revisions,
            records=audit.records,
            files=audit.attachments,
        )
        faults = [f"•  {fault.where} {fault.text}" for fault in audit.faults]
        self._said.setText("\n".join([looked, *(faults or [tr("Everything is whole.")])]))
