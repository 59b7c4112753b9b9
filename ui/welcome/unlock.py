"""The passphrase, asked for before anything of the desk is shown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui import style
from ui.icons import drawing
from ui.page import button, card, label
from villagedesk.text import say, tr

_FREE_TRIES = 3
_LONGEST_WAIT = 60  # seconds


def wait_after(failures: int) -> int:
    """Seconds to wait after that many wrong passphrases: none for slips, then doubling."""
    return 0 if failures < _FREE_TRIES else min(_LONGEST_WAIT, 2 ** (failures - _FREE_TRIES + 1))


class UnlockPage(QFrame):
    """Opens one desk."""

    topic = "passphrase"
    unlock_wanted = Signal(object, str, str)  # folder, author, passphrase
    other_wanted = Signal()
    forgotten = Signal(object)  # folder

    def __init__(self, folder: Path, parent: QWidget | None = None, *, again: bool = False) -> None:
        """``again``: the desk is open beneath, and only the person who opened it is asked."""
        super().__init__(parent)
        self._again = again
        self.setObjectName("page")
        self._folder = folder
        self._failures = 0
        self._left = 0
        self._author = _line(tr("Your name; it stands beside every change you make"), "")
        self._author_label = label(self._author.accessibleName(), "label", wrap=True)
        self._somebody = button(say("Somebody else is working today"), "person", self._on_somebody, kind="link")
        for widget in (self._author, self._author_label):
            widget.hide()
        self._secret = _line(tr("Passphrase"), "")
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._secret.returnPressed.connect(self._on_open)
        self._author.returnPressed.connect(self._secret.setFocus)
        self._said = label("", "problem", wrap=True)
        self._open = button(say("Open the desk"), "key", self._on_open, kind="primary")
        self._other = button(
            say("Somebody else is working today") if again else say("Another desk"), "", self.other_wanted.emit,
            kind="link",
        )  # fmt: skip
        self._lost = button(say("Passphrase forgotten"), "help", self._on_forgotten, kind="link")
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_second)
        self._assemble()
        self.setFocusProxy(self._secret)

    def refused(self, why: str) -> None:
        """The desk did not open: say why, and let the user try again, slower and slower."""
        self._failures += 1
        self._left = wait_after(self._failures)
        self._busy(False)
        self._said.setText(why)
        self._secret.selectAll()
        self._secret.setFocus()
        if self._left:
            self._open.setEnabled(False)
            self._timer.start()
            self._on_second(count=False)

    def _assemble(self) -> None:
        sign = QLabel()
        size = style.letters() * 3
        sign.setPixmap(drawing("lock", style.tokens().accent, size))
        where = label(str(self._folder.parent), "hint", wrap=True)
        buttons = QHBoxLayout()
        buttons.addWidget(self._open)
        buttons.addWidget(self._other)
        buttons.addStretch(1)
        ways = QHBoxLayout()
        for way in () if self._again else (self._somebody, self._lost):
            ways.addWidget(way)
        ways.addStretch(1)
        sheet = card(
            sign, label(self._folder.name, "title"), where,
            label(tr("Passphrase"), "label"), self._secret, self._author_label, self._author, self._said, buttons, ways,
        )  # fmt: skip
        sheet.setFixedWidth(style.letters() * 34)
        column = QVBoxLayout(self)
        column.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(sheet)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addStretch(3)

    def _on_open(self) -> None:
        author, secret = self._author.text().strip(), self._secret.text()
        if secret and self._open.isEnabled():
            self._busy(True)
            self._said.setText("")
            self.unlock_wanted.emit(self._folder, author, secret)

    def _on_somebody(self) -> None:
        for widget in (self._author, self._author_label):
            widget.show()
        self._somebody.hide()
        self._author.setFocus()

    def _on_forgotten(self) -> None:
        self.forgotten.emit(self._folder)

    def _on_second(self, *, count: bool = True) -> None:
        self._left -= 1 if count else 0
        if self._left > 0:
            self._open.setText(tr("Again in {n} s", n=self._left))
        else:
            self._timer.stop()
            self._open.setText(tr("Open the desk"))
            self._open.setEnabled(True)

    def _busy(self, busy: bool) -> None:
        self._open.setEnabled(not busy)
        self._open.setText(tr("Opening…") if busy else tr("Open the desk"))
        self._secret.setReadOnly(busy)


def _line(name: str, value: str) -> QLineEdit:
    made = QLineEdit(value)
    made.setAccessibleName(name)
    return made
