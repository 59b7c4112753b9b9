"""This hub: what it is called, its digits, its backups, and proof that it is whole."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.context import HubContext
from ui.exchange.stick import is_the_stick
from ui.page import button, card, label, row, scrolled
from ui.safety.whole import found_words, look_whole
from ui.township.page import HubPage
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.services.audit import Audit
    from villagedesk.services.upward import Upward
    from villagedesk.values import Step


class HubSettingsPage(HubPage):
    """Three cards."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(context, tr("This hub"))
        self._digits = label("", "figure")
        self._digits.setAccessibleName(tr("Digits to compare by telephone"))
        self._digits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said = label("", wrap=True)
        self._county = label("", wrap=True)
        self._records = label("", wrap=True)
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
                self._county_card(),
                card(self._records, safe, row(backup, verify), self._said, heading=tr("Backup and check")),
            ),
            1,
        )

    def refresh(self) -> None:
        """Show name and digits."""
        township = self._context.hub.township
        self.retitle(township.name, tr("Township {code}", code=township.code))
        self._digits.setText(township.key.fingerprint)
        self._records.setText(
            tr("The records lie on the database server {address}. Back it up with pg_dump, and copy this folder.",
               address=township.server) if township.server else tr("The records lie in the hub's folder, encrypted.")
        )  # fmt: skip
        county = self._context.hub.upward.status()
        self._county.setText(
            tr(
                "Joined: {name}, digits {fingerprint}. {n} {n:change has|changes have} not arrived there.",
                name=county.name,
                fingerprint=county.fingerprint,
                n=county.unsent,
            )
            if county
            else tr("Not joined. The county makes an invitation file for this township; open it here.")
        )
        for tool in self._to_county:
            tool.setVisible(county is not None)

    def _county_card(self) -> QWidget:
        join = button(say("Open the county's invitation"), "key", self._on_join)
        send = button(say("Send to the county"), "export", self._on_send)
        take = button(say("Open the county's reply"), "import", self._on_take)
        again = button(say("Send everything once more"), "redo", partial(self._on_send, everything=True), kind="link")
        again.setToolTip(tr("Do this when the county has lost your files. Nothing is doubled there."))
        self._to_county = (send, take, again)
        return card(self._county, row(join, send, take, again), heading=tr("County"))

    def _on_join(self) -> None:
        file = self._context.messages.open_file(say("Open the invitation"), f"{tr('Invitations')} (*)")
        if file is not None:
            self._do(say("Joined. Compare the digits with the county by telephone."),
                     partial(self._context.hub.upward.join, file))  # fmt: skip

    def _on_send(self, *, everything: bool = False) -> None:
        folder = self._context.messages.pick_folder(say("Choose the stick or folder"))
        upward = self._context.hub.upward
        if folder is not None and is_the_stick(self._context.messages, upward.target(folder)):
            work = partial(_send, upward, folder, everything)
            self._context.jobs.store(say("Writing the file"), work, self._on_sent)

    def _on_sent(self, written: Any) -> None:
        self._context.messages.tell(
            say(
                "Written and read back: “{file}”, {n} {n:change|changes}. The stick may be removed; it "
                "counts as sent when the county's reply comes back.",
                file=written.path.name,
                n=written.lines,
            ),
            "ok",
        )

    def _on_take(self) -> None:
        file = self._context.messages.open_file(say("Open the county's reply"), f"{tr('Files of the exchange')} (*)")
        if file is not None:
            self._work(say("Reading the file"), partial(_taken, self._context.hub.upward, file), say("Taken in."))

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
        work = partial(look_whole, self._context)
        self._context.jobs.store(say("Checking the hub"), work, self._on_verified)

    def _on_verified(self, audit: Audit) -> None:
        self._said.setText(found_words(audit))


def _taken(upward: Upward, file: Path, step: Step) -> None:
    upward.receive(file, step=step)


def _send(upward: Upward, folder: Path, everything: bool, step: Step) -> Any:
    return upward.send(folder, everything=everything, step=step)
