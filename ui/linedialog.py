"""One line asked for, a reason or a passphrase."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui import style
from villagedesk.text import tr


class LineDialog(QDialog):
    """Asks for one line, a reason or a passphrase."""

    def __init__(self, question: str, parent: QWidget | None = None, *, secret: bool = False, value: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("VillageDesk"))
        label = QLabel(question)
        label.setWordWrap(True)
        self._edit = QLineEdit(value)
        self._edit.setAccessibleName(question)
        if secret:
            self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        buttons = QDialogButtonBox()
        buttons.addButton(tr("OK"), QDialogButtonBox.ButtonRole.AcceptRole).setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(label)
        column.addWidget(self._edit)
        column.addWidget(buttons)
        self.setMinimumWidth(style.letters() * 30)

    @property
    def line(self) -> str:
        """What was typed, without outer blanks unless it is all there is."""
        return self._edit.text().strip()
