"""A line of text that takes as many lines as its words need: where a figure comes from is often a long title."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.fields.lines import NoteField
from villagedesk.text import Text

_MOST = 4  # lines; what is longer is scrolled
_EDGE = 18  # pixels of frame and margins


class LongLineField(NoteField):
    """One value in a line; it wraps, and grows downwards while it is typed."""

    def __init__(self, hint: Text | str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(1, parent)
        if hint is not None:
            self.setPlaceholderText(str(hint))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)

    def value(self) -> str:
        """The text; breaks and outer blanks are dropped."""
        return " ".join(self.toPlainText().split())

    def show_value(self, value: Any) -> None:
        """Show ``value`` from its beginning."""
        super().show_value(value)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter breaks no line: it is left to the form."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _grow(self) -> None:
        wanted = max(1, round(self.document().size().height()))
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if wanted > _MOST else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(bar)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * min(_MOST, wanted) + _EDGE)
