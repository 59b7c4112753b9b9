"""One of several answers to tick, with a second line that wraps: a radio button alone cuts what does not fit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from ui import style
from ui.page import label

_MOST = 36  # letters on the button; a longer answer stands whole in the second line


class Choice(QWidget):
    """``words`` on the button, ``more`` below it; a click on either ticks it."""

    def __init__(self, words: str, more: str = "") -> None:
        super().__init__()
        long = len(words) > _MOST
        self.button = QRadioButton(f"{words[:_MOST]}…" if long else words)
        self.button.setAccessibleName("  ".join(filter(None, (words, more))))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.button)
        told = "\n".join(filter(None, (words if long else "", more)))
        if told:
            second = label(told, "hint", wrap=True)
            second.setContentsMargins(round(style.letters() * 1.7), 0, 0, 0)
            column.addWidget(second)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick it by a click on the second line, too."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.button.setFocus(Qt.FocusReason.MouseFocusReason)
            self.button.click()
        super().mousePressEvent(event)
