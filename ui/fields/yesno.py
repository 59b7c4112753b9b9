"""An editor that answers a question: yes, no, or not asked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from villagedesk.text import tr


class YesNoField(QWidget):
    """Yes, no, or not asked yet: three answers, because "no" and "nobody asked" are different facts."""

    edited = Signal(object)

    def __init__(self, *, asked: bool = True, words: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._answers: tuple[bool | None, ...] = (True, False, None)
        words = words or (tr("Yes"), tr("No"), tr("Not asked"))
        for number, word in enumerate(words if asked else words[:2]):
            button = QRadioButton(word)
            button.setProperty("segment", True)
            button.installEventFilter(self)
            self._group.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        if asked:
            self.show_value(None)
        self._group.idClicked.connect(self._on_clicked)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def value(self) -> bool | None:
        """The answer, None while nobody asked."""
        return self._answers[self._group.checkedId()]

    def show_value(self, value: Any) -> None:
        """Press the button of ``value``."""
        number = self._answers.index(value)
        if number < len(self._group.buttons()):
            self._group.button(number).setChecked(True)
            self._let_in(number)

    def complaint(self) -> str:
        """A choice is always a value."""
        return ""

    def setAccessibleName(self, name: str) -> None:
        """Say the question before each answer."""
        super().setAccessibleName(name)
        for button in self._group.buttons():
            button.setAccessibleName(f"{name} {button.text()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """1 / y / s(是) is yes, 2 / n / f(否) is no, 0 and Delete mean not asked."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            answer = _ANSWER_KEYS.get(event.key(), _ANSWER_DIGITS.get(event.text()))
            if answer is not None:
                self._answer(answer)
                return True
        return super().eventFilter(watched, event)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Focus the answer given now."""
        button = self._group.checkedButton()
        if button is not None:
            button.setFocus(reason)

    def _let_in(self, number: int) -> None:
        """Tab comes to the answer given now: Qt leaves it at the one that had the cursor last, and skips the field."""
        for other, button in enumerate(self._group.buttons()):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other == number else Qt.FocusPolicy.ClickFocus)

    def _answer(self, number: int) -> None:
        if number >= len(self._group.buttons()):
            return
        button = self._group.button(number)
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        if not button.isChecked():
            button.setChecked(True)
            self._on_clicked(number)

    def _on_clicked(self, number: int) -> None:
        self.edited.emit(self._answers[number])


_ANSWER_DIGITS = {"１": 0, "２": 1, "０": 2}
_ANSWER_KEYS: dict[int, int] = {
    Qt.Key.Key_1: 0, Qt.Key.Key_Y: 0, Qt.Key.Key_S: 0,
    Qt.Key.Key_2: 1, Qt.Key.Key_N: 1, Qt.Key.Key_F: 1,
    Qt.Key.Key_0: 2, Qt.Key.Key_Delete: 2, Qt.Key.Key_Backspace: 2,
}  # fmt: skip
