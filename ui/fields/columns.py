"""Widgets in columns of the same width, in fewer columns where there is less room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6 import QtCore
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QGridLayout, QWidget

from ui import style


class Columns(QGridLayout):
    """Widgets side by side in as many columns as there is room for, ``most`` at most; each with the columns it wants.

    ``narrowest`` is the width in letters below which a column is not worth having.
    """

    def __init__(self, parts: Sequence[tuple[QWidget, int]], most: int, narrowest: int = 9) -> None:
        super().__init__()
        self._parts = parts
        self._most = most
        self._narrowest = narrowest
        self._columns = 0
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(10)
        self._place(most)

    def setGeometry(self, rect: QRect) -> None:
        """Fill ``rect`` in the columns that its width allows."""
        fitting = next((n for n in range(self._most, 1, -1) if self._needed(n) <= rect.width()), 1)
        if fitting != self._columns:
            self._place(fitting)
        super().setGeometry(rect)

    def minimumSize(self) -> QSize:
        """As narrow as one column."""
        return QSize(self._needed(1), super().minimumSize().height())

    def _needed(self, columns: int) -> int:
        """The width that ``columns`` take when each is as wide as the one that needs most."""
        gap, cell = self.horizontalSpacing(), style.letters() * self._narrowest if columns > 1 else 0
        for part, wanted in self._parts:
            span = min(wanted, columns)
            if not part.isHidden():
                cell = max(cell, -(-(part.minimumSizeHint().width() - gap * (span - 1)) // span))
        return cell * columns + gap * (columns - 1)

    def _place(self, columns: int) -> None:
        while self.count():
            self.takeAt(0)
        line = place = 0
        for part, wanted in self._parts:
            span = min(wanted, columns)
            if place + span > columns:
                line, place = line + 1, 0
            self.addWidget(part, line, place, 1, span, QtCore.Qt.AlignmentFlag.AlignTop)
            place += span
        for column in range(self._most):
            self.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
