"""Tabs that move closer together before any of them has to hide."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from ui import style

_LEVELS = ("", "true", "most")
"""How tight the tabs stand: with air, closer together, in smaller letters (ui.style)."""


class TightTabs(QTabWidget):
    """Tabs without a frame around what they show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measured: tuple[tuple[str, ...], int] = ((), 0)
        self._needed: list[int] = []
        self.setDocumentMode(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less room, less air between the names."""
        self._fit()
        super().resizeEvent(event)

    def tabInserted(self, index: int) -> None:
        """One more name has to find room."""
        super().tabInserted(index)
        if self.isVisible():
            self._fit()

    def _fit(self) -> None:
        """The loosest level at which every name is to be seen; measured once for the names, not at each resize."""
        names = tuple(self.tabText(number) for number in range(self.count()) if self.isTabVisible(number))
        if (names, style.letters()) != self._measured:
            self._measured = (names, style.letters())
            self._needed = [self._width_at(level) for level in _LEVELS]
        fits = (level for level, needed in zip(_LEVELS, self._needed, strict=True) if needed <= self.width())
        self._set(next(fits, _LEVELS[-1]))

    def _width_at(self, level: str) -> int:
        self._set(level)
        return self.tabBar().sizeHint().width()

    def _set(self, level: str) -> None:
        bar = self.tabBar()
        if (bar.property("tight") or "") != level:
            bar.setProperty("tight", level)
            bar.style().unpolish(bar)
            bar.style().polish(bar)
