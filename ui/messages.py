"""What the program says to its user: a bar above the page; a dialog only where an answer is needed first.

No other module opens a dialog. Tests put their own answers here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6 import QtCore, QtWidgets  # by module: what only dialogs need is not made before the first frame
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ui import style
from ui.icons import drawing, icon
from villagedesk.errors import Cancelled, VillageDeskError
from villagedesk.text import Text, say, tr

TONES = ("info", "ok", "warn", "problem")

ACT_KEY = "Alt+Return"
DIALOG_GOES_AFTER = 100  # milliseconds
_READ_AFTER = 2.0  # seconds
_FADE_AFTER = 8_000  # milliseconds; good news goes by itself, bad news waits to be read


class MessageBar(QFrame):
    """One message above the page, with at most one thing to do about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._sign = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._act = QPushButton()
        self._close = QPushButton(icon("close"), "")
        self._close.setObjectName("link")
        self._close.clicked.connect(self.hide)
        self._act.clicked.connect(self._on_act)
        self._since = 0.0
        self._action: Callable[[], object] | None = None
        self._key: QShortcut | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self._act)
        row.addWidget(self._close)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Name the parts in the language in use now."""
        self._close.setAccessibleName(tr("Close this message"))

    @property
    def text(self) -> str:
        """The sentence shown now."""
        return self._text.text()

    def show_message(self, text: str, tone: str, label: str = "", action: Callable[[], object] | None = None) -> None:
        """Show ``text`` in ``tone`` with an optional button."""
        tokens = style.tokens()
        colours = {"ok": tokens.ok, "warn": tokens.warn, "problem": tokens.problem}
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        unit = round(style.letters() * 1.4)
        self._sign.setPixmap(drawing(tone, colours.get(tone, tokens.accent), unit))
        self._text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setText(text)
        self.setAccessibleName(text)
        self._action = action
        self._act.setText(label)
        self._act.setVisible(action is not None)
        if action is not None and self._key is None:
            self._key = QShortcut(QKeySequence(ACT_KEY), self)  # made late: it would cost the first frame
            self._key.activated.connect(self._on_act)
            self._act.setToolTip(self._key.key().toString(QKeySequence.SequenceFormat.NativeText))
        self.show()
        self._since = time.monotonic()
        if tone in {"ok", "info"} and action is None:
            self._timer.start(_FADE_AFTER)
        else:
            self._timer.stop()

    def grow_old(self) -> None:
        """The user went on: good news that was read already goes."""
        if self.property("tone") in {"ok", "info"} and time.monotonic() - self._since > _READ_AFTER:
            self.hide()

    def _on_act(self) -> None:
        action, self._action = self._action, None
        self.hide()
        if action is not None:
            action()


class Messages(QObject):
    """Tells and asks, in front of one window."""

    told = Signal(str, str)  # tone, text

    def __init__(self, window: QWidget, bar: MessageBar) -> None:
        super().__init__(window)
        self._window = window
        self._bar = bar
        self.last_mistake: BaseException | None = None  # for a problem report

    def tell(
        self,
        text: Text | str,
        tone: str = "info",
        label: Text | None = None,
        action: Callable[[], object] | None = None,
    ) -> None:
        """Say ``text`` in the bar; ``label`` and ``action`` offer the next step."""
        self._bar.show_message(str(text), tone, str(label) if label else "", action)
        self.told.emit(tone, str(text))

    def tell_saved(self, file: Path) -> None:
        """Say where a file was written."""
        self.tell(say("Saved as “{file}”.", file=file.name), "ok")

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Tell what is refused inside; the rest of the block is then left undone."""
        try:
            yield
        except VillageDeskError as error:
            self.tell_error(error)

    def tell_error(self, error: BaseException) -> None:
        """Say what went wrong and what to do. A mistake of the program itself is named as one."""
        if isinstance(error, Cancelled):
            self.tell(error.text)
        elif isinstance(error, VillageDeskError):
            self.tell(str(error), "problem")
        else:
            self.last_mistake = error
            self.tell(
                say(
                    "The program made a mistake ({kind}). What you saved is safe. Close this and try again; "
                    "if it comes back, write a problem report under Settings and hand it to the township.",
                    kind=type(error).__name__,
                ),
                "problem",
            )

    def ask(self, question: Text, yes: Text, *, detail: Text | None = None, danger: bool = False) -> bool:
        """Ask before a step that is hard to take back; True when the user chose ``yes``."""
        box = QtWidgets.QMessageBox(self._window)
        box.setWindowTitle(tr("VillageDesk"))
        box.setText(str(question))
        if detail is not None:
            box.setInformativeText(str(detail))
        agree = box.addButton(str(yes), QtWidgets.QMessageBox.ButtonRole.AcceptRole)
        leave = box.addButton(tr("Cancel"), QtWidgets.QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave if danger else agree)
        box.setEscapeButton(leave)
        box.exec()
        return box.clickedButton() is agree

    def ask_save(self, what: Text) -> str:
        """``save``, ``drop`` or ``stay``: what shall happen to the changes not saved yet."""
        box = QtWidgets.QMessageBox(self._window)
        box.setWindowTitle(tr("VillageDesk"))
        box.setText(str(what))
        save = box.addButton(tr("Save"), QtWidgets.QMessageBox.ButtonRole.AcceptRole)
        drop = box.addButton(tr("Do not save"), QtWidgets.QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(tr("Go on editing"), QtWidgets.QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.setEscapeButton(stay)
        box.exec()
        return "save" if box.clickedButton() is save else "drop" if box.clickedButton() is drop else "stay"

    def ask_line(self, question: Text, *, secret: bool = False, value: str = "") -> str | None:
        """One line of text, None when the user stepped back."""
        from ui.linedialog import LineDialog

        dialog = LineDialog(str(question), self._window, secret=secret, value=value)
        return dialog.line if dialog.exec() == QtWidgets.QDialog.DialogCode.Accepted else None

    def open_file(self, title: Text, kinds: str) -> Path | None:
        """A file to read; ``kinds`` as in ``Table (*.xlsx *.csv)``."""
        name, _ = QtWidgets.QFileDialog.getOpenFileName(self._window, str(title), _documents(), kinds)
        return Path(name) if name else None

    def open_files(self, title: Text, kinds: str) -> Sequence[Path]:
        """Several files to read."""
        names, _ = QtWidgets.QFileDialog.getOpenFileNames(self._window, str(title), _documents(), kinds)
        return [Path(name) for name in names]

    def save_file(self, title: Text, name: str, kinds: str) -> Path | None:
        """Where to write a file; ``name`` is the proposal."""
        chosen, _ = QtWidgets.QFileDialog.getSaveFileName(
            self._window, str(title), str(Path(_documents()) / name), kinds
        )
        return Path(chosen) if chosen else None

    def pick_folder(self, title: Text) -> Path | None:
        """A folder, a stick for instance."""
        name = QtWidgets.QFileDialog.getExistingDirectory(self._window, str(title), _documents())
        return Path(name) if name else None

    def show_dialog(self, dialog: QtWidgets.QDialog) -> bool:
        """Show a page's own dialog and wait for its answer, which is to be read at once.

        The dialog goes when what its answer brought is drawn.
        """
        accepted = dialog.exec() == QtWidgets.QDialog.DialogCode.Accepted
        QTimer.singleShot(DIALOG_GOES_AFTER, dialog.deleteLater)
        return accepted


def _documents() -> str:
    return QtCore.QStandardPaths.writableLocation(QtCore.QStandardPaths.StandardLocation.DocumentsLocation)
