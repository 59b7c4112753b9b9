"""Set-up, last step: the recovery key, shown once. It opens the desk when the passphrase is forgotten."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.fields.wrapped import WrappedTick
from ui.page import button, card, label, row, scrolled
from villagedesk.text import say, tr


class RecoveryStep(QWidget):
    """Shows the key, prints the sheet, and goes on only when the user says that it is put away."""

    changed = Signal()
    print_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = label("", "title", wrap=True)
        self._key.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._key.setAccessibleName(tr("Recovery key"))
        self._done = WrappedTick(
            tr("The sheet is printed, or the key is written down, and locked away from the laptop.")
        )
        self._done.toggled.connect(self.changed)
        why = label(
            tr(
                "Passphrase forgotten and no recovery key means the desk is lost for good. Print this sheet, "
                "put it into a sealed envelope, and lock it up at the township."
            ),
            wrap=True,
        )
        printed = button(say("Print the sheet"), "print", self.print_wanted.emit, kind="primary")
        tools = row(printed, button(say("Save as PDF"), "save", self.save_wanted.emit))
        self.first = printed
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(card(why, self._key, tools, self._done, heading=tr("Recovery key"))))

    @property
    def complete(self) -> bool:
        """Whether the user said the key is safe."""
        return self._done.isChecked()

    def enter(self) -> None:
        """Enter before the key is put away: to the box that says so."""
        self._done.setFocus()

    def show_key(self, key: str) -> None:
        """Show the key of the desk just made."""
        self._key.setText(key)
        self._key.setAccessibleDescription(key)
        self.changed.emit()
