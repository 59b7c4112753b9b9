"""Tabs that move closer together before any of them has to hide."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from ui import style

_SPARE = 1.4  # letters that a tab gives up at both its edges together (ui.style)


class TightTabs(QTabWidget):
    """Tabs without a frame around what they show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less room, less air between the names."""
        self._fit()
        super().resizeEvent(event)

    def tabInserted(self, index: int) -> None:
        """One more name has to find room."""
        super().tabInserted(index)
        self._fit()

    def _fit(self) -> None:
        bar = self.tabBar()
        tight = bool(bar.property("tight"))
        shown = sum(self.isTabVisible(number) for number in range(self.count()))
        spread = bar.sizeHint().width() + (round(shown * style.letters() * _SPARE) if tight else 0)
        if (spread > self.width()) != tight:
            bar.setProperty("tight", not tight)
            bar.style().unpolish(bar)
            bar.style().polish(bar)
