"""Editors that choose from a list of codes: one of them, or several."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from ui.fields.flow import Flow
from ui.fields.initials import initials
from villagedesk.values import halfwidth

VEIL = "•••"
_PAUSE = 1.2  # seconds after which typing starts a new search


@dataclass(frozen=True)
class Option:
    """One value of a code list: the key that is stored, the word that is shown."""

    key: str
    word: str
    valid: bool = True


class CodeField(QComboBox):
    """A code list, found by typing its code, its pinyin initials or a part of its word.

    It is no text editor, so an input method never comes between the keys and the list, and no popup opens unless asked.
    """

    edited = Signal(object)

    def __init__(self, options: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = ""
        self._typed_at = 0.0
        self._keys: list[str] = []
        self._options: tuple[Option, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setMaxVisibleItems(18)
        self.setMinimumContentsLength(4)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.offer(options)
        self.activated.connect(self._on_chosen)

    def offer(self, options: Sequence[Option]) -> None:
        """Replace the list, keeping the value."""
        if tuple(options) == self._options and self._keys:
            return
        value = self.value()
        self._options = tuple(options)
        offered = [option for option in self._options if option.valid]
        self.clear()
        self._keys = ["", *(option.key for option in offered)]
        self.addItems(["", *(option.word for option in offered)])
        self.show_value(value)

    def value(self) -> str:
        """The key chosen, "" when nothing is."""
        index = self.currentIndex()
        return self._keys[index] if 0 <= index < len(self._keys) else ""

    def show_value(self, value: Any) -> None:
        """Choose ``value``; a code that is no longer offered is shown as it is, never changed."""
        key = value or ""
        if key not in self._keys:
            known = next((option for option in self._options if option.key == key), None)
            self._add(known or Option(key, key))
        self.setCurrentIndex(self._keys.index(key))

    def complaint(self) -> str:
        """A choice is always a value."""
        return ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What was typed for the person before is no beginning of what is typed now."""
        self._typed = ""
        super().focusInEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, never the value."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Find by code, initials or word; Delete and Backspace empty the field."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._typed = ""
            self._choose(0)
        elif event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._find(event.text())
        else:
            super().keyPressEvent(event)

    def _add(self, option: Option) -> None:
        self._keys.append(option.key)
        self.addItem(option.word)

    def _find(self, text: str) -> None:
        now = time.monotonic()
        text = halfwidth(text).casefold()
        self._typed = (self._typed if now - self._typed_at < _PAUSE else "") + text
        self._typed_at = now
        index = self._match(self._typed)
        if index is None and len(self._typed) > len(text):
            self._typed = text
            index = self._match(self._typed)
        if index is not None:
            self._choose(index)

    def _match(self, typed: str) -> int | None:
        found = match(self._keys[1:], [self.itemText(index) for index in range(1, self.count())], typed)
        return None if found is None else found + 1

    def _choose(self, index: int) -> None:
        if index != self.currentIndex():
            self.setCurrentIndex(index)
            self._on_chosen()

    def _on_chosen(self) -> None:
        self.edited.emit(self.value())


class VeiledCodeField(CodeField):
    """A code list whose value shows only while the cursor is in it (DOMAIN §8.2, tier 3)."""

    revealed = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the value to the person who works on it."""
        super().focusInEvent(event)
        if self.value():
            self.revealed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw dots in place of the value."""
        if self.hasFocus() or not self.value():
            super().paintEvent(event)
            return
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = VEIL
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


def match(keys: Sequence[str], words: Sequence[str], typed: str) -> int | None:
    """The place of the value that is meant: by its code, with or without leading zeros, its initials or its word."""
    tests: tuple[Callable[[str, str], bool], ...] = (
        lambda key, _: key.casefold() == typed,
        lambda key, _: key.lstrip("0").casefold() == typed.lstrip("0") != "",
        lambda _, word: initials(word).startswith(typed) or word.casefold().startswith(typed),
        lambda _, word: typed in initials(word) or typed in word.casefold(),
    )
    for accepts in tests:
        for place, (key, word) in enumerate(zip(keys, words, strict=True)):
            if accepts(key, word):
                return place
    return None


class CodesField(QWidget):
    """Several codes of one short list, as boxes in a row that wraps; a code or initials typed tick their box."""

    edited = Signal(object)

    def __init__(self, options: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = {option.key: QCheckBox(option.word, self) for option in options if option.valid}
        self._unknown: tuple[str, ...] = ()
        self._typed, self._typed_at, self._last = "", 0.0, ""
        self.setProperty("boxes", True)  # Enter leaves them together
        flow = Flow(self)
        for box in self._boxes.values():
            flow.addWidget(box)
            box.clicked.connect(self._on_clicked)
            box.installEventFilter(self)

    def show_value(self, value: Any) -> None:
        """Tick the boxes of ``value``; codes the list does not offer are kept aside."""
        self._unknown = tuple(key for key in value or () if key not in self._boxes)
        for key, box in self._boxes.items():
            box.setChecked(key in (value or ()))

    def complaint(self) -> str:
        """Any set of boxes is a value."""
        return ""

    def setAccessibleName(self, name: str) -> None:
        """Say the name of the list before each box."""
        super().setAccessibleName(name)
        for box in self._boxes.values():
            box.setAccessibleName(f"{name} {box.text()}")

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Focus the first box."""
        next(iter(self._boxes.values())).setFocus(reason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tick or untick by code or initials; the space bar stays with the box under the cursor."""
        if event.type() == QEvent.Type.FocusIn:
            self._typed = ""
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            text = halfwidth(event.text()).casefold()
            if text.isalnum() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._find(text)
                return True
        return super().eventFilter(watched, event)

    def _find(self, text: str) -> None:
        now = time.monotonic()
        going_on = now - self._typed_at < _PAUSE
        self._typed, self._typed_at = (self._typed if going_on else "") + text, now
        words = [box.text() for box in self._boxes.values()]
        place = match(list(self._boxes), words, self._typed)
        if place is None and self._typed != text:
            self._typed = text
            place = match(list(self._boxes), words, text)
        if self._typed == text:
            self._last = ""
        if place is not None:
            self._toggle(list(self._boxes)[place])

    def _toggle(self, key: str) -> None:
        """Tick or untick ``key``; what only the first letters seemed to mean is put back."""
        if key != self._last:
            for each in filter(None, (self._last, key)):
                self._boxes[each].toggle()
            self._last = key
            self._on_clicked()

    def _on_clicked(self) -> None:
        chosen = tuple(key for key, box in self._boxes.items() if box.isChecked())
        self.edited.emit(chosen + self._unknown)
