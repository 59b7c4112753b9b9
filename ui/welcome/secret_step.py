"""Set-up, step 3: who works here, where the desk lies, and the passphrase that locks it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from ui.fields.rows import FieldRow, grid
from ui.messages import Messages
from ui.page import button, card, label, row, scrolled, set_tone
from villagedesk.text import say, tr

MIN_LENGTH = 8


def strength(secret: str) -> tuple[str, str]:
    """(tone, hint) of a passphrase. Length is what counts; a sentence is easier to keep than signs."""
    if len(secret) < MIN_LENGTH:
        return "problem", tr("Too short. Take at least {n} characters; a short sentence is best.", n=MIN_LENGTH)
    if secret.isdecimal() or len(set(secret)) < 5:
        return "problem", tr("Too easy to guess. Numbers alone, or few different signs, are not enough.")
    if len(secret) < 14 and secret.isascii():
        return "warn", tr("Fair. A whole sentence or four unconnected words would be stronger.")
    return "ok", tr("Good.")


class SecretStep(QWidget):
    """Name, folder, passphrase twice."""

    changed = Signal()

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._author = QLineEdit()
        self._folder = QLineEdit()
        self._first, self._second = QLineEdit(), QLineEdit()
        self._shown = QCheckBox(tr("Show what I type"))
        self._shown.toggled.connect(self._on_shown)
        self._hint = label("", "hint", wrap=True)
        for line in (self._author, self._folder, self._first, self._second):
            line.textChanged.connect(self._on_typed)
        self._on_shown(False)
        self._assemble()
        self.first = self._author
        self._second.setProperty("last", True)

    @property
    def author(self) -> str:
        """Whose name stands beside the changes."""
        return self._author.text().strip()

    @property
    def folder(self) -> Path:
        """Where the desk shall lie."""
        return Path(self._folder.text().strip())

    @property
    def passphrase(self) -> str:
        """What locks the desk, "" while the two lines differ or it is too weak."""
        secret = self._first.text()
        return secret if secret == self._second.text() and strength(secret)[0] != "problem" else ""

    @property
    def complete(self) -> bool:
        """Whether the set-up can go on."""
        return bool(self.author and self._folder.text().strip() and self.passphrase)

    def enter(self) -> None:
        """Enter before everything is answered: to the first line that is still wanting."""
        lines = (self._author, self._folder, self._first, self._second)
        next((line for line in lines if not line.text().strip()), self._first).setFocus()

    def propose(self, village: str) -> None:
        """Propose a folder named after the village."""
        if not self._folder.text():
            documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
            self._folder.setText(str(Path(documents) / tr("{village} desk", village=village)))

    def _assemble(self) -> None:
        browse = button(say("Choose…"), "folder", self._on_browse)
        who = FieldRow(tr("Your name"), self._author, tr("It stands beside every change you make."))
        where = FieldRow(tr("Folder of the desk"), self._folder)
        first = FieldRow(tr("Passphrase"), self._first)
        again = FieldRow(tr("The same once more"), self._second)
        warning = label(
            tr(
                "The desk is encrypted with this passphrase. Nobody can read it without, not even we. "
                "On the next page you get a recovery sheet to print and lock away."
            ),
            "hint",
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            scrolled(
                card(grid([who], 2)),
                card(grid([first, again], 2), self._hint, row(self._shown), warning),
                card(where, row(browse)),
            )
        )

    def _on_browse(self) -> None:
        folder = self._messages.pick_folder(say("Where shall the desk lie?"))
        if folder is not None:
            self._folder.setText(str(folder / Path(self._folder.text()).name))

    def _on_shown(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self._first.setEchoMode(mode)
        self._second.setEchoMode(mode)

    def _on_typed(self) -> None:
        tone, said = strength(self._first.text()) if self._first.text() else ("", "")
        if tone != "problem" and self._second.text() and self._first.text() != self._second.text():
            tone, said = "problem", tr("The two lines differ.")
        set_tone(self._hint, tone)
        self._hint.setText(said)
        self.changed.emit()
